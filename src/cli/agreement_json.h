/* A sharing agreement as JSON. */
#ifndef CLI_AGREEMENT_JSON_H
#define CLI_AGREEMENT_JSON_H

#include "access/agreement.h"
#include "cli/json_values.h"

/* One object, with all that trefoil agreement show says. */
void tf_agreement_json_write(const tf_access_rules *rules, const tf_agreement *agreement,
                             tf_json *json);

#endif

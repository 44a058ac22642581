/* What lists say to programs (--format json): one object or array, a member a line.  Days and
 * instants are ISO 8601 in UTC, numbers are numbers, and what is not there is null. */
#ifndef CLI_JSON_VALUES_H
#define CLI_JSON_VALUES_H

#include "trefoil/base/date.h"
#include "trefoil/base/json.h"

void tf_json_put_bool(tf_json *json, const char *key, bool value);
void tf_json_put_day(tf_json *json, const char *key, int32_t day); /* null: TF_DAY_NONE, _FOREVER */
void tf_json_put_instant(tf_json *json, const char *key, int64_t instant); /* null: 0 */
void tf_json_put_number(tf_json *json, const char *key, int64_t number);   /* null: 0 */

#endif

/* One field: is what was sent a month, a number, a choice, and what to say if not. */
#ifndef WEB_HTTP_FIELD_INTERNAL_H
#define WEB_HTTP_FIELD_INTERNAL_H

#include "web/http/form.h"

/* Check value->text by the field's declaration and fill in the rest of the value; what is wrong
 * goes into value->error.  Errors: TF_NO_MEMORY. */
tf_status tf_field_check(const tf_field *field, tf_value *value, tf_arena *arena, tf_error *error);

/* Say what is wrong with a field that was not sent, cannot be read, or was sent twice. */
typedef enum tf_field_fault {
    TF_FIELD_MISSING,
    TF_FIELD_UNREADABLE,
    TF_FIELD_REPEATED,
} tf_field_fault;

tf_status tf_field_blame(const tf_field *field, tf_field_fault fault, tf_value *value,
                         tf_arena *arena, tf_error *error);

#endif

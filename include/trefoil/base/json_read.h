/* Reading JSON (RFC 8259) strictly: a tree of values, looked at through typed access. */
#ifndef TREFOIL_BASE_JSON_READ_H
#define TREFOIL_BASE_JSON_READ_H

#include "trefoil/base/text.h"

/* Arrays and objects within each other; what is deeper is refused before it is parsed. */
enum { TF_JSON_READ_MAX_DEPTH = 64 };

/* A value of a document, owned by it.  Every function below accepts NULL and answers as for a
 * value of no type, so that a path of members can be followed without a check at each step. */
typedef struct tf_json_value tf_json_value;

typedef enum tf_json_type {
    TF_JSON_NONE, /* there is no such value */
    TF_JSON_NULL,
    TF_JSON_BOOL,
    TF_JSON_NUMBER,
    TF_JSON_STRING,
    TF_JSON_ARRAY,
    TF_JSON_OBJECT,
} tf_json_type;

/* Parse the whole text, any value at its top.  A key given twice in one object, a text that is not
 * UTF-8, a NUL in a string and nesting beyond the bound are refused.  `what` names the text in
 * the message ("the settings"); `first_line` is the line of its first byte, 1 for a whole file.
 * `*value_out` is to be freed with tf_json_free; NULL on a fault.
 * Errors: TF_BAD_INPUT with the line, TF_NO_MEMORY.  Thread-safe.  O(length). */
TF_API tf_status tf_json_parse(tf_text text, int64_t first_line, const char *what,
                               tf_json_value **value_out, tf_error *error);
TF_API void tf_json_free(tf_json_value *root); /* what tf_json_parse gave; accepts NULL */

TF_API tf_json_type tf_json_type_of(const tf_json_value *value);
TF_API const char *tf_json_type_name(tf_json_type type); /* "a text", "a list": for messages */

/* The number of items or members; 0 for anything else. */
TF_API size_t tf_json_count(const tf_json_value *value);
TF_API const tf_json_value *tf_json_item(const tf_json_value *array, size_t index);
TF_API const tf_json_value *tf_json_member(const tf_json_value *object, const char *key);

/* The key at a place of an object, in the order of the text; NULL behind the last.  `*cursor` is
 * NULL for the first and is moved on to the next. */
TF_API const char *tf_json_next_key(const tf_json_value *object, void **cursor);

/* False, with `*…_out` untouched, if the value is of another type. */
TF_API bool tf_json_get_text(const tf_json_value *value, tf_text *text_out);
TF_API bool tf_json_get_number(const tf_json_value *value, double *number_out);
TF_API bool tf_json_get_int(const tf_json_value *value, int64_t *number_out); /* written as one */
TF_API bool tf_json_get_bool(const tf_json_value *value, bool *flag_out);

#endif

/* A streaming JSON writer: RFC 8259 text into a buffer, one call a token. */
#ifndef TREFOIL_BASE_JSON_H
#define TREFOIL_BASE_JSON_H

#include "trefoil/base/text.h"

enum { TF_JSON_MAX_DEPTH = 32 };

/* On the caller's stack.  Commas and quotes are the writer's business; the caller opens, names,
 * writes values and closes.  A key is given by tf_json_key before the value it names. */
typedef struct tf_json {
    tf_buffer *buffer;
    int depth;
    bool needs_comma[TF_JSON_MAX_DEPTH];
    bool indent; /* one value a line, for people and diffs */
    bool after_key;
} tf_json;

TF_API void tf_json_init(tf_json *json, tf_buffer *buffer, bool indent);
TF_API void tf_json_open_object(tf_json *json);
TF_API void tf_json_close_object(tf_json *json);
TF_API void tf_json_open_array(tf_json *json);
TF_API void tf_json_close_array(tf_json *json);
TF_API void tf_json_key(tf_json *json, const char *key);
TF_API void tf_json_null(tf_json *json);
TF_API void tf_json_bool(tf_json *json, bool value);
TF_API void tf_json_int(tf_json *json, int64_t value);
TF_API void tf_json_double(tf_json *json, double value);      /* shortest round trip; NaN is null */
TF_API void tf_json_text(tf_json *json, tf_text value);       /* bytes that are not UTF-8: U+FFFD */
TF_API void tf_json_string(tf_json *json, const char *value); /* NULL is null */

/* A value that is JSON already, as it stands. */
TF_API void tf_json_raw(tf_json *json, tf_text value);

/* A key and its value at once, as members of an object mostly are. */
TF_API void tf_json_put_int(tf_json *json, const char *key, int64_t value);
TF_API void tf_json_put_double(tf_json *json, const char *key, double value);
TF_API void tf_json_put_string(tf_json *json, const char *key, const char *value);

#endif

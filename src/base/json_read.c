#include "trefoil/base/json_read.h"

#include <jansson.h>

/* The opaque type is jansson's own; it is never looked into. */
static const json_t *inner(const tf_json_value *value) {
    return (const json_t *)(const void *)value;
}

static const tf_json_value *outer(const json_t *value) {
    return (const tf_json_value *)(const void *)value;
}

/* jansson recurses for each level, so that depth is bounded before it sees the text. */
static bool is_too_deep(tf_text text) {
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (in_string) {
            i += byte == '\\';
            in_string = byte != '"';
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '[' || byte == '{') {
            if (++depth > TF_JSON_READ_MAX_DEPTH) {
                return true;
            }
        } else if (byte == ']' || byte == '}') {
            depth--;
        }
    }
    return false;
}

tf_status tf_json_parse(tf_text text, int64_t first_line, const char *what,
                        tf_json_value **value_out, tf_error *error) {
    *value_out = NULL;
    if (is_too_deep(text)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, first_line,
                       "%s has more than %d lists and objects within each other; that is not a "
                       "file this program reads",
                       what, TF_JSON_READ_MAX_DEPTH);
    }
    json_error_t fault;
    json_t *root = json_loadb(text.data ? text.data : "", text.length,
                              JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &fault);
    if (root) {
        *value_out = (tf_json_value *)(void *)root;
        return TF_OK;
    }
    if (json_error_code(&fault) == json_error_out_of_memory) {
        return tf_fail_no_memory(error);
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, first_line + (fault.line > 0 ? fault.line - 1 : 0),
                   "%s is not well-formed JSON: %s; export or download the file again", what,
                   fault.text);
}

void tf_json_free(tf_json_value *root) {
    json_decref((json_t *)(void *)root);
}

tf_json_type tf_json_type_of(const tf_json_value *value) {
    if (!value) {
        return TF_JSON_NONE;
    }
    switch (json_typeof(inner(value))) {
    case JSON_OBJECT:
        return TF_JSON_OBJECT;
    case JSON_ARRAY:
        return TF_JSON_ARRAY;
    case JSON_STRING:
        return TF_JSON_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return TF_JSON_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return TF_JSON_BOOL;
    case JSON_NULL:
        break;
    }
    return TF_JSON_NULL;
}

const char *tf_json_type_name(tf_json_type type) {
    static const char *const names[] = {
        [TF_JSON_NONE] = "nothing",       [TF_JSON_NULL] = "null",
        [TF_JSON_BOOL] = "true or false", [TF_JSON_NUMBER] = "a number",
        [TF_JSON_STRING] = "a text",      [TF_JSON_ARRAY] = "a list",
        [TF_JSON_OBJECT] = "an object",
    };
    return names[type];
}

size_t tf_json_count(const tf_json_value *value) {
    return json_is_object(inner(value)) ? json_object_size(inner(value))
                                        : json_array_size(inner(value));
}

const tf_json_value *tf_json_item(const tf_json_value *array, size_t index) {
    return outer(json_array_get(inner(array), index));
}

const tf_json_value *tf_json_member(const tf_json_value *object, const char *key) {
    return outer(json_object_get(inner(object), key));
}

const char *tf_json_next_key(const tf_json_value *object, void **cursor) {
    json_t *members = (json_t *)(void *)inner(object);
    *cursor = *cursor ? json_object_iter_next(members, *cursor) : json_object_iter(members);
    return *cursor ? json_object_iter_key(*cursor) : NULL;
}

bool tf_json_get_text(const tf_json_value *value, tf_text *text_out) {
    if (!json_is_string(inner(value))) {
        return false;
    }
    *text_out = (tf_text){json_string_value(inner(value)), json_string_length(inner(value))};
    return true;
}

bool tf_json_get_number(const tf_json_value *value, double *number_out) {
    if (!json_is_number(inner(value))) {
        return false;
    }
    *number_out = json_number_value(inner(value));
    return true;
}

bool tf_json_get_int(const tf_json_value *value, int64_t *number_out) {
    if (!json_is_integer(inner(value))) {
        return false;
    }
    *number_out = json_integer_value(inner(value));
    return true;
}

bool tf_json_get_bool(const tf_json_value *value, bool *flag_out) {
    if (!json_is_boolean(inner(value))) {
        return false;
    }
    *flag_out = json_is_true(inner(value));
    return true;
}

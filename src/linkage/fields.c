#include "linkage/fields_internal.h"

static tf_status fail_type(const tf_link_fields *fields, const char *key, tf_json_type type,
                           tf_json_type wanted) {
    return tf_fail(fields->error, TF_BAD_INPUT, fields->place, 0,
                   "\"%.80s\" is %s where %s is needed; correct the settings", key,
                   tf_json_type_name(type), tf_json_type_name(wanted));
}

tf_status tf_link_field_fail(const tf_link_fields *fields, const char *key, const char *what) {
    return tf_fail(fields->error, TF_BAD_INPUT, fields->place, 0, "\"%.80s\" %s", key, what);
}

tf_status tf_link_fields_open(const tf_json_value *object, const char *place,
                              const char *const *known, tf_arena *arena, tf_link_fields *fields_out,
                              tf_error *error) {
    *fields_out = (tf_link_fields){object, place, arena, error};
    if (tf_json_type_of(object) != TF_JSON_OBJECT) {
        return tf_fail(error, TF_BAD_INPUT, place, 0,
                       "%s stands where an object of names and values is needed; correct the "
                       "settings",
                       tf_json_type_name(tf_json_type_of(object)));
    }
    void *cursor = NULL;
    const char *key;
    while (*known && (key = tf_json_next_key(object, &cursor)) != NULL) {
        const char *const *found = known;
        while (*found && strcmp(*found, key) != 0) {
            found++;
        }
        if (!*found) {
            return tf_link_field_fail(fields_out, key,
                                      "is no setting that this program knows; check its spelling");
        }
    }
    return TF_OK;
}

static const tf_json_value *member(const tf_link_fields *fields, const char *key,
                                   tf_json_type *type_out) {
    const tf_json_value *value = tf_json_member(fields->object, key);
    *type_out = tf_json_type_of(value);
    return *type_out == TF_JSON_NULL || *type_out == TF_JSON_NONE ? NULL : value;
}

static tf_status copy(const tf_link_fields *fields, tf_text text, const char **text_out) {
    const char *copied = tf_arena_copy_text(fields->arena, text.data, text.length);
    if (!copied) {
        return tf_fail_no_memory(fields->error);
    }
    *text_out = copied;
    return TF_OK;
}

tf_status tf_link_field_text(const tf_link_fields *fields, const char *key, const char **text_out) {
    tf_json_type type;
    tf_text text;
    const tf_json_value *value = member(fields, key, &type);
    if (!value) {
        return TF_OK;
    }
    return tf_json_get_text(value, &text) ? copy(fields, text, text_out)
                                          : fail_type(fields, key, type, TF_JSON_STRING);
}

tf_status tf_link_field_number(const tf_link_fields *fields, const char *key, double *number_out) {
    tf_json_type type;
    const tf_json_value *value = member(fields, key, &type);
    return !value || tf_json_get_number(value, number_out)
               ? TF_OK
               : fail_type(fields, key, type, TF_JSON_NUMBER);
}

tf_status tf_link_field_bool(const tf_link_fields *fields, const char *key, bool *flag_out) {
    tf_json_type type;
    const tf_json_value *value = member(fields, key, &type);
    return !value || tf_json_get_bool(value, flag_out) ? TF_OK
                                                       : fail_type(fields, key, type, TF_JSON_BOOL);
}

tf_status tf_link_field_list(const tf_link_fields *fields, const char *key, size_t most,
                             const tf_json_value **list_out, int *count_out) {
    tf_json_type type;
    *list_out = member(fields, key, &type);
    *count_out = 0;
    if (!*list_out) {
        return TF_OK;
    }
    if (type != TF_JSON_ARRAY) {
        return fail_type(fields, key, type, TF_JSON_ARRAY);
    }
    size_t count = tf_json_count(*list_out);
    if (count > most) {
        return tf_fail(fields->error, TF_BAD_INPUT, fields->place, 0,
                       "\"%.80s\" has %zu items, more than %zu; shorten the list", key, count,
                       most);
    }
    *count_out = (int)count;
    return TF_OK;
}

tf_status tf_link_field_texts(const tf_link_fields *fields, const char *key,
                              const char ***texts_out, int *count_out) {
    const tf_json_value *list;
    tf_status status = tf_link_field_list(fields, key, 1000, &list, count_out);
    if (status || *count_out == 0) {
        return status;
    }
    *texts_out = tf_arena_alloc(fields->arena, (size_t)*count_out, sizeof(char *));
    if (!*texts_out) {
        return tf_fail_no_memory(fields->error);
    }
    for (int i = 0; i < *count_out && !status; i++) {
        const tf_json_value *item = tf_json_item(list, (size_t)i);
        tf_text text;
        status = tf_json_get_text(item, &text)
                     ? copy(fields, text, &(*texts_out)[i])
                     : fail_type(fields, key, tf_json_type_of(item), TF_JSON_STRING);
    }
    return status;
}

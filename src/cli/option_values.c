#include "cli/option_values.h"

tf_status tf_option_whole(const char *text, const char *name, int64_t least, int64_t most,
                          int64_t *value_out, tf_error *error) {
    int64_t value;
    if (!text) {
        return TF_OK;
    }
    if (tf_parse_int64(tf_text_of(text), &value) && value >= least && value <= most) {
        *value_out = value;
        return TF_OK;
    }
    if (most == INT64_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "--%s is '%s'; it must be a whole number from %lld on", name, text,
                       (long long)least);
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "--%s is '%s'; it must be a whole number from %lld to %lld", name, text,
                   (long long)least, (long long)most);
}

tf_status tf_option_choice(const char *text, const char *name, const char *const *words,
                           int *choice_out, tf_error *error) {
    if (!text) {
        return TF_OK;
    }
    tf_buffer all;
    tf_buffer_init(&all);
    for (int i = 0; words[i]; i++) {
        if (strcmp(text, words[i]) == 0) {
            *choice_out = i;
            tf_buffer_deinit(&all);
            return TF_OK;
        }
        tf_buffer_format(&all, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    }
    tf_status status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "--%s is '%s'; it can be %s", name,
                               text, all.data ? all.data : "");
    tf_buffer_deinit(&all);
    return status;
}

tf_status tf_option_day(const char *text, const char *name, int32_t *day_out, tf_error *error) {
    return !text || tf_date_parse(tf_text_of(text), day_out)
               ? TF_OK
               : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "--%s is '%s', which is no day; write it as 2027-03-31", name, text);
}

tf_status tf_option_month(const char *text, const char *name, tf_month *month_out,
                          tf_error *error) {
    return !text || tf_month_parse(tf_text_of(text), month_out)
               ? TF_OK
               : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "--%s is '%s', which is no month; write it as 2023-05", name, text);
}

tf_status tf_option_format(const char *text, bool *is_json_out, tf_error *error) {
    static const char *const formats[] = {"text", "json", NULL};
    int format = 0;
    tf_status status = tf_option_choice(text, "format", formats, &format, error);
    *is_json_out = format == 1;
    return status;
}

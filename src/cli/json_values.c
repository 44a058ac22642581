#include "cli/json_values.h"

void tf_json_put_bool(tf_json *json, const char *key, bool value) {
    tf_json_key(json, key);
    tf_json_bool(json, value);
}

void tf_json_put_day(tf_json *json, const char *key, int32_t day) {
    char text[TF_DAY_TEXT_SIZE];
    bool is_one = day != TF_DAY_NONE && day != TF_DAY_FOREVER;
    tf_json_put_string(json, key, is_one ? tf_day_format(day, text) : NULL);
}

void tf_json_put_instant(tf_json *json, const char *key, int64_t instant) {
    char text[TF_INSTANT_TEXT_SIZE];
    tf_json_put_string(json, key, instant ? tf_instant_format(instant, text) : NULL);
}

void tf_json_put_number(tf_json *json, const char *key, int64_t number) {
    tf_json_key(json, key);
    if (number) {
        tf_json_int(json, number);
    } else {
        tf_json_null(json);
    }
}

#include "field_internal.h"

#include "percent_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { DEFAULT_TEXT_LENGTH = 200, MOST_LISTED_CHOICES = 8 };

/* The sentences follow the GOV.UK Design System's guidance for its error message component. */
static tf_status blame(tf_value *value, tf_arena *arena, tf_error *error, const char *format, ...)
    TF_PRINTF(4, 5);

static tf_status blame(tf_value *value, tf_arena *arena, tf_error *error, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    value->error = tf_arena_copy_text(arena, text, strlen(text));
    return value->error ? TF_OK : tf_fail_no_memory(error);
}

/* The label within a sentence: "First month" as "first month", but "LSOA code" as it is. */
static const char *label_inside(const tf_field *field, char *buffer, size_t size) {
    snprintf(buffer, size, "%s", field->label);
    bool is_capital = buffer[0] >= 'A' && buffer[0] <= 'Z';
    bool is_word = buffer[0] && (buffer[1] < 'A' || buffer[1] > 'Z');
    if (is_capital && is_word) {
        buffer[0] = (char)(buffer[0] - 'A' + 'a');
    }
    return buffer;
}

tf_status tf_field_blame(const tf_field *field, tf_field_fault fault, tf_value *value,
                         tf_arena *arena, tf_error *error) {
    char label[128];
    label_inside(field, label, sizeof label);
    bool is_selected = field->kind == TF_FIELD_CHOICE || field->kind == TF_FIELD_FILES ||
                       field->kind == TF_FIELD_FLAG;
    switch (fault) {
    case TF_FIELD_MISSING:
        return blame(value, arena, error, is_selected ? "Select the %s" : "Enter the %s", label);
    case TF_FIELD_REPEATED:
        return blame(value, arena, error, "Give the %s only once", label);
    case TF_FIELD_UNREADABLE:
        break;
    }
    return blame(value, arena, error, "%s must not include characters that cannot be read",
                 field->label);
}

static tf_status check_text(const tf_field *field, tf_value *value, tf_arena *arena,
                            tf_error *error) {
    int64_t length = (int64_t)tf_text_width(value->text);
    int64_t maximum = field->maximum ? field->maximum : DEFAULT_TEXT_LENGTH;
    if (length > maximum) {
        return blame(value, arena, error, "%s must be %" PRId64 " characters or fewer",
                     field->label, maximum);
    }
    if (length < field->minimum) {
        return blame(value, arena, error, "%s must be %" PRId64 " characters or more", field->label,
                     field->minimum);
    }
    return TF_OK;
}

static tf_status check_number(const tf_field *field, tf_value *value, tf_text sent, tf_arena *arena,
                              tf_error *error) {
    bool is_number = tf_parse_int64(sent, &value->number);
    bool is_bounded = field->minimum != 0 || field->maximum != 0;
    if (!is_number && field->example) {
        return blame(value, arena, error, "%s must be a whole number, such as %s", field->label,
                     field->example);
    }
    if (!is_number) {
        return blame(value, arena, error, "%s must be a whole number", field->label);
    }
    if (is_bounded && (value->number < field->minimum || value->number > field->maximum)) {
        return blame(value, arena, error, "%s must be between %" PRId64 " and %" PRId64,
                     field->label, field->minimum, field->maximum);
    }
    return TF_OK;
}

static tf_status check_choice(const tf_field *field, tf_value *value, tf_text sent, tf_arena *arena,
                              tf_error *error) {
    char list[320] = "";
    size_t used = 0;
    int count = 0;
    for (; field->choices[count]; count++) {
        if (tf_text_equal(sent, tf_text_of(field->choices[count]))) {
            value->number = count;
            return TF_OK;
        }
        if (used < sizeof list) {
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
                                     count ? (field->choices[count + 1] ? ", " : " or ") : "",
                                     field->choices[count]);
        }
    }
    if (count <= MOST_LISTED_CHOICES && used < sizeof list) {
        return blame(value, arena, error, "%s must be %s", field->label, list);
    }
    char label[128];
    return blame(value, arena, error, "Select the %s from the list",
                 label_inside(field, label, sizeof label));
}

static tf_status check_flag(const tf_field *field, tf_value *value, tf_text sent, tf_arena *arena,
                            tf_error *error) {
    static const char *const words[] = {"0", "1", "false", "true", "off", "on", "no", "yes"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (tf_text_equal_fold(sent, tf_text_of(words[i]))) {
            value->number = i % 2;
            return TF_OK;
        }
    }
    return blame(value, arena, error, "%s must be 1 or 0", field->label);
}

tf_status tf_field_check(const tf_field *field, tf_value *value, tf_arena *arena, tf_error *error) {
    if (!tf_text_is_utf8(value->text) || tf_has_control(value->text, "\t\r\n")) {
        return tf_field_blame(field, TF_FIELD_UNREADABLE, value, arena, error);
    }
    tf_text sent = tf_text_trim(value->text);
    switch (field->kind) {
    case TF_FIELD_TEXT:
        return check_text(field, value, arena, error);
    case TF_FIELD_INT:
        return check_number(field, value, sent, arena, error);
    case TF_FIELD_MONTH:
        if (tf_month_parse(sent, &value->month)) {
            return TF_OK;
        }
        return blame(value, arena, error, "%s must be a month, such as %s", field->label,
                     field->example ? field->example : "2023-02");
    case TF_FIELD_CHOICE:
        return check_choice(field, value, sent, arena, error);
    case TF_FIELD_FLAG:
        return check_flag(field, value, sent, arena, error);
    case TF_FIELD_FILES:
        break;
    }
    return TF_OK;
}

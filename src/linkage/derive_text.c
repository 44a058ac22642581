/* One value: its standard spelling, and the steps of a rule after it. */
#include "linkage/derive_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/linkage/phonetic.h"

void link_derive_scratch_init(link_derive_scratch *scratch) {
    tf_buffer_init(&scratch->buffers[0]);
    tf_buffer_init(&scratch->buffers[1]);
    tf_person_name_init(&scratch->name);
    tf_address_init(&scratch->address);
}

void link_derive_scratch_deinit(link_derive_scratch *scratch) {
    tf_buffer_deinit(&scratch->buffers[0]);
    tf_buffer_deinit(&scratch->buffers[1]);
    tf_person_name_deinit(&scratch->name);
    tf_address_deinit(&scratch->address);
}

static tf_person_field field_of(const tf_link_model *model, const char *column) {
    for (int i = 0; i < model->field_count; i++) {
        if (strcmp(model->fields[i].column, column) == 0) {
            return model->fields[i].field;
        }
    }
    return TF_PERSON_COUNT;
}

static inline bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static tf_text substring(tf_text text, int first, int length) {
    size_t at = 0;
    for (int skipped = 1; at < text.length && skipped < first; skipped++) {
        do {
            at++;
        } while (at < text.length && is_continuation(text.data[at]));
    }
    size_t end = at;
    for (int taken = 0; end < text.length && taken < length; taken++) {
        do {
            end++;
        } while (end < text.length && is_continuation(text.data[end]));
    }
    return (tf_text){text.data + at, end - at};
}

/* ASCII alone; standard spellings are folded already. */
static void change_case(tf_text text, bool to_upper, tf_buffer *out) {
    out->length = 0;
    tf_buffer_append(out, text.data, text.length);
    if (out->failed) {
        return;
    }
    for (size_t i = 0; i < out->length; i++) {
        char c = out->data[i];
        bool is_other = to_upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
        out->data[i] = (char)(is_other ? c ^ 0x20 : c);
    }
}

/* ---- dates ---- */

static bool read_digits(tf_text *rest, size_t most, int *value_out) {
    size_t count = 0;
    int value = 0;
    while (count < most && count < rest->length && rest->data[count] >= '0' &&
           rest->data[count] <= '9') {
        value = value * 10 + (rest->data[count++] - '0');
    }
    *rest = (tf_text){rest->data + count, rest->length - count};
    *value_out = value;
    return count > 0;
}

static bool read_month_name(tf_text *rest, bool is_full, int *month_out) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (int i = 0; i < 12; i++) {
        size_t length = is_full ? strlen(names[i]) : 3;
        tf_text name = {names[i], length};
        if (rest->length >= length && tf_text_equal_fold((tf_text){rest->data, length}, name)) {
            *rest = (tf_text){rest->data + length, rest->length - length};
            *month_out = i + 1;
            return true;
        }
    }
    return false;
}

typedef struct date_parts {
    int year;
    int month;
    int day;
    int passed; /* hours and the like */
} date_parts;

static bool read_conversion(char conversion, tf_text *rest, date_parts *parts) {
    switch (conversion) {
    case 'Y':
        return read_digits(rest, 4, &parts->year);
    case 'y':
        if (!read_digits(rest, 2, &parts->year)) {
            return false;
        }
        parts->year += parts->year < 69 ? 2000 : 1900; /* as POSIX has it */
        return true;
    case 'm':
        return read_digits(rest, 2, &parts->month);
    case 'd':
        return read_digits(rest, 2, &parts->day);
    case 'b':
    case 'B':
        return read_month_name(rest, conversion == 'B', &parts->month);
    case 'H':
        return read_digits(rest, 2, &parts->passed) && parts->passed < 24;
    case 'M':
    case 'S':
        return read_digits(rest, 2, &parts->passed) && parts->passed < 60;
    default:
        return false;
    }
}

/* A date by a pattern of strptime, whole or not at all; as DuckDB, without the spaces around it,
 * and several spaces for one. */
static bool parse_by_pattern(tf_text text, const char *pattern, date_parts *parts) {
    *parts = (date_parts){1900, 1, 1, 0};
    text = tf_text_trim(text);
    for (; *pattern; pattern++) {
        if (*pattern == '%' && pattern[1] != '%') {
            pattern++;
            if (!read_conversion(*pattern, &text, parts)) {
                return false;
            }
        } else if (*pattern == ' ' && text.length && *text.data == ' ') {
            while (text.length && *text.data == ' ') {
                text = (tf_text){text.data + 1, text.length - 1};
            }
        } else if (text.length && *text.data == *pattern) {
            text = (tf_text){text.data + 1, text.length - 1};
            pattern += *pattern == '%';
        } else {
            return false;
        }
    }
    return text.length == 0;
}

static void put_date(int year, int month, int day, tf_buffer *out) {
    out->length = 0;
    tf_buffer_format(out, "%04d-%02d-%02d", year, month, day);
}

static bool is_day(int year, int month, int day) {
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    int y, m, d;
    tf_days_split(tf_days_of(year, month, day), &y, &m, &d);
    return y == year && m == month && d == day;
}

/* A part of a date as 2023-02-01. */
static tf_text date_part(tf_text text, tf_link_step_kind kind) {
    int32_t days = link_read_days(text);
    if (days == INT32_MIN) {
        return (tf_text){NULL, 0};
    }
    switch (kind) {
    case TF_LINK_YEAR:
        return (tf_text){text.data, 4};
    case TF_LINK_MONTH:
        return (tf_text){text.data + 5, 2};
    default:
        return (tf_text){text.data + 8, 2};
    }
}

/* ---- parts of postcodes, addresses, names ---- */

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* By the patterns ^[A-Za-z]{1,2}, then [0-9][A-Za-z0-9]?, then a space and a digit. */
static tf_text postcode_part(tf_text text, tf_link_step_kind kind) {
    const tf_text none = {NULL, 0};
    size_t at = 0;
    while (at < 2 && at < text.length && is_letter(text.data[at])) {
        at++;
    }
    if (at == 0) {
        return none;
    }
    if (kind == TF_LINK_POSTCODE_AREA) {
        return (tf_text){text.data, at};
    }
    if (at == text.length || !is_digit(text.data[at])) {
        return none;
    }
    at++;
    at += at < text.length && (is_letter(text.data[at]) || is_digit(text.data[at]));
    if (kind == TF_LINK_POSTCODE_DISTRICT) {
        return (tf_text){text.data, at};
    }
    bool has_sector = at + 1 < text.length && text.data[at] == ' ' && is_digit(text.data[at + 1]);
    return has_sector ? (tf_text){text.data, at + 2} : none;
}

static tf_text edge_element(tf_text text, bool wants_last) {
    tf_text rest = text;
    tf_text element;
    tf_text found = {NULL, 0};
    while (link_next_element(&rest, &element)) {
        found = element;
        if (!wants_last) {
            break;
        }
    }
    return found;
}

/* What stands in a buffer must not be read from it while it is written. */
static tf_status settle(tf_text text, tf_buffer *out, tf_text *text_out, tf_error *error) {
    out->length = 0;
    tf_buffer_append(out, text.data, text.length);
    *text_out = (tf_text){out->data, out->length};
    return tf_buffer_check(out, error);
}

static tf_status derive_name_part(tf_text text, bool wants_given, tf_buffer *out,
                                  link_derive_scratch *scratch, tf_text *text_out,
                                  tf_error *error) {
    const tf_person_name *name = &scratch->name;
    tf_status status = tf_standardise_full_name(text, TF_FOLD_PLAIN, &scratch->name, error);
    return status ? status : settle(wants_given ? name->given : name->family, out, text_out, error);
}

static tf_status derive_address_part(tf_text text, bool wants_street, tf_buffer *out,
                                     link_derive_scratch *scratch, tf_text *text_out,
                                     tf_error *error) {
    const tf_address *address = &scratch->address;
    tf_status status = tf_standardise_address(text, &scratch->address, error);
    return status ? status
                  : settle(wants_street ? address->street : address->number, out, text_out, error);
}

static tf_status apply_step(const tf_link_step *step, tf_text text, tf_buffer *out,
                            link_derive_scratch *scratch, tf_text *text_out, tf_error *error) {
    char soundex[TF_SOUNDEX_SIZE];
    tf_double_metaphone metaphone;
    date_parts parts;
    *text_out = text;
    switch (step->kind) {
    case TF_LINK_LOWER:
    case TF_LINK_UPPER:
        change_case(text, step->kind == TF_LINK_UPPER, out);
        *text_out = (tf_text){out->data, out->length};
        return tf_buffer_check(out, error);
    case TF_LINK_TRIM:
        *text_out = tf_text_trim(text);
        return TF_OK;
    case TF_LINK_SUBSTRING:
        *text_out = substring(text, step->first, step->length);
        return TF_OK;
    case TF_LINK_SOUNDEX:
        tf_phonetic_soundex(text, soundex);
        return settle(tf_text_of(soundex), out, text_out, error);
    case TF_LINK_DOUBLE_METAPHONE:
        tf_phonetic_double_metaphone(text, TF_METAPHONE_USUAL_LENGTH, &metaphone);
        return settle(tf_text_of(metaphone.primary), out, text_out, error);
    case TF_LINK_YEAR:
    case TF_LINK_MONTH:
    case TF_LINK_DAY:
        *text_out = date_part(text, step->kind);
        return TF_OK;
    case TF_LINK_DATE:
        if (!parse_by_pattern(text, step->text, &parts) ||
            !is_day(parts.year, parts.month, parts.day)) {
            *text_out = (tf_text){NULL, 0};
            return TF_OK;
        }
        put_date(parts.year, parts.month, parts.day, out);
        *text_out = (tf_text){out->data, out->length};
        return tf_buffer_check(out, error);
    case TF_LINK_NULL_IF:
        *text_out = tf_text_equal(text, tf_text_of(step->text)) ? (tf_text){NULL, 0} : text;
        return TF_OK;
    case TF_LINK_POSTCODE_AREA:
    case TF_LINK_POSTCODE_DISTRICT:
    case TF_LINK_POSTCODE_SECTOR:
        *text_out = postcode_part(text, step->kind);
        return TF_OK;
    case TF_LINK_EMAIL_USER: {
        const char *at = memchr(text.data, '@', text.length);
        text_out->length = at ? (size_t)(at - text.data) : text.length;
        return TF_OK;
    }
    case TF_LINK_GIVEN_NAME:
    case TF_LINK_FAMILY_NAME:
        return derive_name_part(text, step->kind == TF_LINK_GIVEN_NAME, out, scratch, text_out,
                                error);
    case TF_LINK_HOUSE_NUMBER:
    case TF_LINK_STREET:
        return derive_address_part(text, step->kind == TF_LINK_STREET, out, scratch, text_out,
                                   error);
    case TF_LINK_FIRST:
    case TF_LINK_LAST:
        *text_out = edge_element(text, step->kind == TF_LINK_LAST);
        return TF_OK;
    case TF_LINK_ANY: /* a blocking rule takes the elements apart */
        return TF_OK;
    }
    return TF_OK;
}

static bool is_within(tf_text text, const tf_buffer *buffer) {
    return buffer->data && text.data >= buffer->data && text.data < buffer->data + buffer->length;
}

bool link_derive_reads_raw(const tf_link_value *value) {
    return value->step_count > 0 && (value->steps[0].kind == TF_LINK_GIVEN_NAME ||
                                     value->steps[0].kind == TF_LINK_FAMILY_NAME);
}

tf_status link_derive_steps(const tf_link_value *value, tf_text standard,
                            link_derive_scratch *scratch, tf_text *text_out, tf_error *error) {
    tf_text text = standard;
    tf_buffer *out = &scratch->buffers[0];
    tf_buffer *other = &scratch->buffers[1];
    for (int i = 0; i < value->step_count && text.length; i++) {
        /* A step that only narrows the text leaves it where it is, which is not to be written to
         * by the next. */
        if (is_within(text, out)) {
            tf_buffer *holding = out;
            out = other;
            other = holding;
        }
        tf_status status = apply_step(&value->steps[i], text, out, scratch, &text, error);
        if (status) {
            return status;
        }
    }
    *text_out = text;
    return TF_OK;
}

tf_status link_derive_text(const link_reading *reading, const tf_link_value *value, tf_text raw,
                           link_derive_scratch *scratch, tf_text *text_out, tf_error *error) {
    tf_text text = raw;
    tf_person_field field = field_of(reading->model, value->column);
    *text_out = (tf_text){NULL, 0};
    if (field != TF_PERSON_COUNT && !link_derive_reads_raw(value)) {
        tf_standard outcome;
        tf_buffer *out = &scratch->buffers[0];
        tf_status status =
            tf_standardise_value(reading->standardiser, field, raw, out, &outcome, NULL, error);
        if (status || outcome != TF_STANDARD_VALUE) {
            return status;
        }
        text = (tf_text){out->data, out->length};
    }
    return link_derive_steps(value, text, scratch, text_out, error);
}

tf_status link_derive_parts(const link_reading *reading, const tf_link_value *parts, int part_count,
                            const tf_text *raws, link_derive_scratch *scratch, tf_buffer *joined,
                            tf_error *error) {
    joined->length = 0;
    for (int i = 0; i < part_count; i++) {
        tf_text text;
        tf_status status = link_derive_text(reading, &parts[i], raws[i], scratch, &text, error);
        if (status) {
            return status;
        }
        if (text.length == 0) {
            joined->length = 0;
            return TF_OK;
        }
        if (i > 0) {
            tf_buffer_append_text(joined, "|");
        }
        tf_buffer_append(joined, text.data, text.length);
    }
    return tf_buffer_check(joined, error);
}

/* Values as measures read them: codes of letters, days, numbers, places, lists. */
#include "linkage/derive_internal.h"

#include "trefoil/base/date.h"

#include <math.h>
#include <stdlib.h>

static tf_status need_arena(link_derived *derived, tf_error *error) {
    if (!derived->arena) {
        derived->arena = tf_arena_new();
    }
    return derived->arena ? TF_OK : tf_fail_no_memory(error);
}

static bool is_ascii(const link_dictionary *values) {
    size_t size = (size_t)values->byte_units * LINK_TEXT_ALIGNMENT;
    for (size_t at = 0; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, values->bytes + at, sizeof word);
        if (word & 0x8080808080808080ULL) {
            return false;
        }
    }
    return true;
}

static tf_status prepare_all(const link_dictionary *values, tf_similarity_unit unit,
                             tf_arena *arena, tf_similarity_text **prepared_out, tf_error *error) {
    *prepared_out = tf_alloc_zeroed((size_t)values->count + 1, sizeof **prepared_out);
    if (!*prepared_out) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t code = 1; code <= values->count; code++) {
        tf_status status = tf_similarity_prepare(link_dictionary_text(values, code), unit, arena,
                                                 &(*prepared_out)[code], error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

tf_status link_derived_prepare(link_derived *derived, tf_similarity_unit unit, tf_error *error) {
    if (derived->prepared || unit == TF_SIMILARITY_BYTES || is_ascii(derived->values)) {
        return TF_OK;
    }
    tf_status status = need_arena(derived, error);
    return status ? status
                  : prepare_all(derived->values, unit, derived->arena, &derived->prepared, error);
}

tf_status link_derived_read_grams(link_derived *derived, tf_similarity_unit unit, tf_error *error) {
    if (derived->grams) {
        return TF_OK;
    }
    tf_status status = link_derived_prepare(derived, unit, error);
    if (!status) {
        status = need_arena(derived, error);
    }
    if (status) {
        return status;
    }
    derived->grams = tf_alloc_zeroed((size_t)derived->values->count + 1, sizeof *derived->grams);
    if (!derived->grams) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t code = 1; code <= derived->values->count && !status; code++) {
        tf_similarity_text text = link_derived_similarity(derived, code);
        status =
            tf_similarity_prepare_grams(&text, 1, derived->arena, &derived->grams[code], error);
    }
    return status;
}

static bool read_digits(const char *at, int count, int *value_out) {
    *value_out = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
        *value_out = *value_out * 10 + (at[i] - '0');
    }
    return true;
}

/* 1853-04-17: any year of four digits, for people of the past are linked as well. */
int32_t link_read_days(tf_text text) {
    int year, month, day, y, m, d;
    if (text.length != 10 || text.data[4] != '-' || text.data[7] != '-' ||
        !read_digits(text.data, 4, &year) || !read_digits(text.data + 5, 2, &month) ||
        !read_digits(text.data + 8, 2, &day) || month < 1 || month > 12 || day < 1 || day > 31) {
        return INT32_MIN;
    }
    int32_t days = tf_days_of(year, month, day);
    tf_days_split(days, &y, &m, &d);
    return m == month && d == day ? days : INT32_MIN;
}

double link_read_number(tf_text text) {
    double number;
    return tf_parse_double(tf_text_trim(text), &number) ? number : NAN;
}

link_place link_read_place(tf_text text) {
    const char *bar = memchr(text.data, '|', text.length);
    if (!bar) {
        return (link_place){NAN, NAN};
    }
    size_t first = (size_t)(bar - text.data);
    return (link_place){link_read_number((tf_text){text.data, first}),
                        link_read_number((tf_text){bar + 1, text.length - first - 1})};
}

tf_status link_derived_read_days(link_derived *derived, tf_error *error) {
    if (derived->days) {
        return TF_OK;
    }
    derived->days = tf_alloc((size_t)derived->values->count + 1, sizeof *derived->days);
    if (!derived->days) {
        return tf_fail_no_memory(error);
    }
    derived->days[0] = INT32_MIN;
    derived->has_all_days = true;
    for (uint32_t code = 1; code <= derived->values->count; code++) {
        derived->days[code] = link_read_days(link_dictionary_text(derived->values, code));
        derived->has_all_days = derived->has_all_days && derived->days[code] != INT32_MIN;
    }
    return TF_OK;
}

tf_status link_derived_read_numbers(link_derived *derived, tf_error *error) {
    if (derived->numbers) {
        return TF_OK;
    }
    derived->numbers = tf_alloc((size_t)derived->values->count + 1, sizeof *derived->numbers);
    if (!derived->numbers) {
        return tf_fail_no_memory(error);
    }
    derived->numbers[0] = NAN;
    for (uint32_t code = 1; code <= derived->values->count; code++) {
        derived->numbers[code] = link_read_number(link_dictionary_text(derived->values, code));
    }
    return TF_OK;
}

tf_status link_derived_read_places(link_derived *derived, tf_error *error) {
    if (derived->places) {
        return TF_OK;
    }
    derived->places = tf_alloc((size_t)derived->values->count + 1, sizeof *derived->places);
    if (!derived->places) {
        return tf_fail_no_memory(error);
    }
    derived->places[0] = (link_place){NAN, NAN};
    for (uint32_t code = 1; code <= derived->values->count; code++) {
        derived->places[code] = link_read_place(link_dictionary_text(derived->values, code));
    }
    return TF_OK;
}

/* ---- lists ---- */

static bool is_break(char c) {
    return c == '|' || c == ';';
}

/* An element in quotation marks is taken as it stands within them. */
static tf_text unquote(tf_text text) {
    text = tf_text_trim(text);
    bool is_quoted = text.length >= 2 && (text.data[0] == '"' || text.data[0] == '\'') &&
                     text.data[text.length - 1] == text.data[0];
    return is_quoted ? (tf_text){text.data + 1, text.length - 2} : text;
}

bool link_next_element(tf_text *rest, tf_text *element_out) {
    while (rest->length) {
        bool has_brackets = rest->data[0] == '[' || rest->data[0] == ',' || rest->data[0] == ']';
        size_t start = has_brackets || is_break(rest->data[0]);
        size_t at = start;
        char quote = '\0';
        for (; at < rest->length; at++) {
            char c = rest->data[at];
            if (quote) {
                quote = c == quote ? '\0' : quote;
            } else if (has_brackets && (c == '"' || c == '\'')) {
                quote = c;
            } else if (has_brackets ? c == ',' || c == ']' : is_break(c)) {
                break;
            }
        }
        tf_text element = unquote((tf_text){rest->data + start, at - start});
        *rest = (tf_text){rest->data + at, rest->length - at};
        if (rest->length == 1) {
            rest->length = 0;
        }
        if (element.length) {
            *element_out = element;
            return true;
        }
    }
    return false;
}

static int compare_codes(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

typedef struct list_room {
    size_t codes;
    size_t places;
} list_room;

static tf_status read_list(link_lists *lists, list_room *room, uint32_t code, tf_text text,
                           tf_error *error) {
    tf_text rest = text;
    tf_text element;
    uint32_t start = lists->place_starts[code];
    uint32_t end = start;
    while (link_next_element(&rest, &element)) {
        tf_status status =
            tf_reserve(&lists->places, &room->places, (size_t)end + 1, sizeof(uint32_t), error);
        if (!status) {
            status = link_dictionary_add(&lists->elements, element, link_text_hash(element),
                                         &lists->places[end], error);
        }
        if (status) {
            return status;
        }
        end++;
    }
    uint32_t first = lists->starts[code];
    tf_status status = tf_reserve(&lists->codes, &room->codes, (size_t)first + (end - start) + 1,
                                  sizeof(uint32_t), error);
    if (status) {
        return status;
    }
    uint32_t *codes = lists->codes + first;
    uint32_t count = 0;
    if (end > start) {
        memcpy(codes, lists->places + start, (end - start) * sizeof *codes);
        qsort(codes, end - start, sizeof *codes, compare_codes);
    }
    for (uint32_t i = 0; i < end - start; i++) {
        if (count == 0 || codes[i] != codes[count - 1]) {
            codes[count++] = codes[i];
        }
    }
    lists->place_starts[code + 1] = end;
    lists->starts[code + 1] = first + count;
    return TF_OK;
}

tf_status link_derived_read_lists(link_derived *derived, tf_similarity_unit unit, tf_error *error) {
    if (derived->lists) {
        return TF_OK;
    }
    size_t room_for = (size_t)derived->values->count + 2;
    link_lists *lists = derived->lists = tf_alloc_zeroed(1, sizeof *lists);
    if (!lists) {
        return tf_fail_no_memory(error);
    }
    lists->starts = tf_alloc_zeroed(room_for, sizeof *lists->starts);
    lists->place_starts = tf_alloc_zeroed(room_for, sizeof *lists->place_starts);
    if (!lists->starts || !lists->place_starts || link_dictionary_init(&lists->elements, error)) {
        return tf_fail_no_memory(error);
    }
    list_room room = {0};
    tf_status status = TF_OK;
    for (uint32_t code = 1; code <= derived->values->count && !status; code++) {
        status = read_list(lists, &room, code, link_dictionary_text(derived->values, code), error);
    }
    if (!status) {
        status = need_arena(derived, error);
    }
    if (status || unit == TF_SIMILARITY_BYTES || is_ascii(&lists->elements)) {
        return status;
    }
    return prepare_all(&lists->elements, unit, derived->arena, &lists->prepared, error);
}

#include "linkage/derive_internal.h"

#include "trefoil/base/thread.h"

#include <stdatomic.h>

void link_derived_drop_codes(link_derived *derived) {
    if (derived->right_codes != derived->left_codes) {
        tf_free(derived->right_codes);
    }
    tf_free(derived->left_codes);
    derived->left_codes = derived->right_codes = NULL;
}

static void derived_free(link_derived *derived) {
    if (!derived) {
        return;
    }
    link_dictionary_deinit(&derived->own_values);
    link_derived_drop_codes(derived);
    tf_free(derived->prepared);
    tf_free(derived->grams);
    tf_free(derived->days);
    tf_free(derived->numbers);
    tf_free(derived->places);
    tf_free(derived->signatures);
    if (derived->lists) {
        link_dictionary_deinit(&derived->lists->elements);
        tf_free(derived->lists->starts);
        tf_free(derived->lists->codes);
        tf_free(derived->lists->place_starts);
        tf_free(derived->lists->places);
        tf_free(derived->lists->prepared);
        tf_free(derived->lists);
    }
    tf_arena_free(derived->arena);
    tf_free(derived);
}

void link_derivation_deinit(link_derivation *derivation) {
    for (size_t i = 0; i < derivation->count; i++) {
        derived_free(derivation->items[i]);
    }
    tf_free(derivation->items);
    derivation->items = NULL;
    derivation->count = 0;
}

static bool are_same(const tf_link_value *a, const tf_link_value *b, int count) {
    for (int i = 0; i < count; i++) {
        if (!tf_link_value_equal(&a[i], &b[i])) {
            return false;
        }
    }
    return true;
}

/* The column's name in the records that is most like the one asked for; empty if none is. */
static tf_text nearest_column(const tf_link_records *records, tf_text name) {
    tf_text nearest = {"", 0};
    double best = 0.75;
    tf_arena *arena = tf_arena_new();
    tf_similarity_text wanted, had;
    if (arena && name.length <= TF_SIMILARITY_WORD &&
        tf_similarity_prepare(name, TF_SIMILARITY_BYTES, arena, &wanted, NULL) == TF_OK) {
        for (uint32_t i = 0; i < records->column_count; i++) {
            tf_text column = tf_link_records_column_name(records, i);
            if (column.length <= TF_SIMILARITY_WORD &&
                tf_similarity_prepare(column, TF_SIMILARITY_BYTES, arena, &had, NULL) == TF_OK) {
                double likeness = tf_similarity_jaro_winkler(&wanted, &had, NULL);
                if (likeness > best) {
                    best = likeness;
                    nearest = column;
                }
            }
        }
    }
    tf_arena_free(arena);
    return nearest;
}

static tf_status check_column(const tf_link_records *records, const char *name, tf_error *error) {
    if (tf_link_records_column(records, tf_text_of(name)) != UINT32_MAX) {
        return TF_OK;
    }
    tf_text nearest = nearest_column(records, tf_text_of(name));
    if (nearest.length) {
        return tf_fail(
            error, TF_BAD_INPUT, NULL, 0,
            "the settings use a column \"%.80s\", which the records do not have; did you "
            "mean \"%.*s\"?",
            name, TF_TEXT_ARG(nearest));
    }
    return tf_fail(
        error, TF_BAD_INPUT, NULL, 0,
        "the settings use a column \"%.80s\", which the records do not have; correct its "
        "name, or leave it out",
        name);
}

tf_status link_derivation_want(link_derivation *derivation, const tf_link_value *left,
                               const tf_link_value *right, int part_count,
                               link_derived **derived_out, tf_error *error) {
    for (size_t i = 0; i < derivation->count; i++) {
        link_derived *item = derivation->items[i];
        if (item->part_count == part_count && are_same(item->left, left, part_count) &&
            are_same(item->right, right, part_count)) {
            *derived_out = item;
            return TF_OK;
        }
    }
    for (int i = 0; i < part_count; i++) {
        tf_status status = check_column(derivation->records, left[i].column, error);
        if (!status) {
            status = check_column(derivation->records, right[i].column, error);
        }
        if (status) {
            return status;
        }
    }
    tf_status status = tf_reserve(&derivation->items, &derivation->capacity, derivation->count + 1,
                                  sizeof *derivation->items, error);
    if (status) {
        return status;
    }
    link_derived *item = tf_alloc_zeroed(1, sizeof *item);
    if (!item) {
        return tf_fail_no_memory(error);
    }
    memcpy(item->left, left, (size_t)part_count * sizeof *left);
    memcpy(item->right, right, (size_t)part_count * sizeof *right);
    item->part_count = part_count;
    item->is_across = !are_same(left, right, part_count);
    derivation->items[derivation->count++] = item;
    *derived_out = item;
    return TF_OK;
}

/* ---- deriving ---- */

static bool is_raw(const link_reading *reading, const link_derived *derived) {
    if (derived->part_count != 1 || derived->is_across || derived->left[0].step_count) {
        return false;
    }
    for (int i = 0; i < reading->model->field_count; i++) {
        if (strcmp(reading->model->fields[i].column, derived->left[0].column) == 0) {
            return false;
        }
    }
    return true;
}

static const link_column *column_of(const tf_link_records *records, const tf_link_value *value) {
    return &records->columns[tf_link_records_column(records, tf_text_of(value->column))];
}

/* The value's column in its standard spelling, derived before; NULL if it was not. */
static const link_derived *find_basis(const link_reading *reading, const tf_link_value *value,
                                      uint32_t *slot_out) {
    const link_basis *basis = reading->basis;
    *slot_out = 0;
    if (!basis || link_derive_reads_raw(value)) {
        return NULL;
    }
    for (size_t i = 0; i < basis->derivation->count; i++) {
        const link_derived *item = basis->derivation->items[i];
        if (item->part_count == 1 && !item->is_across && item->left[0].step_count == 0 &&
            strcmp(item->left[0].column, value->column) == 0) {
            return item;
        }
        *slot_out += item->is_across ? 2 : 1;
    }
    return NULL;
}

/* Codes of every value of a dictionary: of raw texts, or of those in their standard spelling. */
static tf_status map_values(const link_derivation *derivation, const tf_link_value *value,
                            const link_dictionary *from, bool is_standard,
                            link_derive_scratch *scratch, link_dictionary *values, uint32_t *map,
                            tf_error *error) {
    map[0] = 0;
    for (uint32_t code = 1; code <= from->count; code++) {
        tf_text text = link_dictionary_text(from, code);
        tf_status status = is_standard ? link_derive_steps(value, text, scratch, &text, error)
                                       : link_derive_text(&derivation->reading, value, text,
                                                          scratch, &text, error);
        map[code] = 0;
        if (!status && text.length) {
            status = link_dictionary_add(values, text, link_text_hash(text), &map[code], error);
        }
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static tf_status derive_one_part(const link_derivation *derivation, const tf_link_value *value,
                                 link_derive_scratch *scratch, link_dictionary *values,
                                 uint32_t *codes, tf_error *error) {
    uint32_t slot;
    const link_derived *basis = find_basis(&derivation->reading, value, &slot);
    const link_column *column = column_of(derivation->records, value);
    const link_dictionary *from = basis ? basis->values : &column->values;
    uint32_t *map = tf_alloc((size_t)from->count + 1, sizeof *map);
    if (!map) {
        return tf_fail_no_memory(error);
    }
    tf_status status =
        map_values(derivation, value, from, basis != NULL, scratch, values, map, error);
    const link_basis *rows = derivation->reading.basis;
    for (uint32_t i = 0; i < derivation->records->count && !status; i++) {
        codes[i] = map[basis ? rows->rows[(size_t)i * rows->stride + slot] : column->codes[i]];
    }
    tf_free(map);
    return status;
}

static tf_status derive_joined(const link_derivation *derivation, const tf_link_value *parts,
                               int part_count, link_derive_scratch *scratch,
                               link_dictionary *values, uint32_t *codes, tf_error *error) {
    tf_buffer joined;
    tf_buffer_init(&joined);
    tf_status status = TF_OK;
    for (uint32_t i = 0; i < derivation->records->count && !status; i++) {
        tf_text raws[LINK_MOST_PARTS];
        for (int p = 0; p < part_count; p++) {
            const link_column *column = column_of(derivation->records, &parts[p]);
            uint32_t code = column->codes[i];
            raws[p] = code ? link_dictionary_text(&column->values, code) : (tf_text){NULL, 0};
        }
        status = link_derive_parts(&derivation->reading, parts, part_count, raws, scratch, &joined,
                                   error);
        codes[i] = 0;
        if (!status && joined.length) {
            tf_text text = {joined.data, joined.length};
            status = link_dictionary_add(values, text, link_text_hash(text), &codes[i], error);
        }
    }
    tf_buffer_deinit(&joined);
    return status;
}

static tf_status derive_side(const link_derivation *derivation, link_derived *derived,
                             const tf_link_value *parts, link_derive_scratch *scratch,
                             uint32_t **codes_out, tf_error *error) {
    *codes_out = tf_alloc((size_t)derivation->records->count, sizeof **codes_out);
    if (!*codes_out) {
        return tf_fail_no_memory(error);
    }
    if (derived->part_count == 1) {
        return derive_one_part(derivation, parts, scratch, &derived->own_values, *codes_out, error);
    }
    return derive_joined(derivation, parts, derived->part_count, scratch, &derived->own_values,
                         *codes_out, error);
}

/* A value as it was derived before, or as it stands in the file, is not kept twice. */
static tf_status borrow_values(const link_derivation *derivation, link_derived *derived,
                               tf_error *error) {
    uint32_t slot;
    uint32_t count = derivation->records->count;
    const link_basis *rows = derivation->reading.basis;
    const link_derived *basis = find_basis(&derivation->reading, &derived->left[0], &slot);
    const link_column *column = column_of(derivation->records, &derived->left[0]);
    derived->values = basis ? basis->values : &column->values;
    derived->left_codes = tf_alloc(count, sizeof *derived->left_codes);
    derived->right_codes = derived->left_codes;
    if (!derived->left_codes) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        derived->left_codes[i] =
            basis ? rows->rows[(size_t)i * rows->stride + slot] : column->codes[i];
    }
    return TF_OK;
}

static bool is_borrowed(const link_reading *reading, const link_derived *derived) {
    uint32_t slot;
    return derived->part_count == 1 && !derived->is_across && derived->left[0].step_count == 0 &&
           (is_raw(reading, derived) || find_basis(reading, &derived->left[0], &slot));
}

static tf_status derive(const link_derivation *derivation, link_derived *derived,
                        link_derive_scratch *scratch, tf_error *error) {
    if (is_borrowed(&derivation->reading, derived)) {
        return borrow_values(derivation, derived, error);
    }
    derived->values = &derived->own_values;
    tf_status status = link_dictionary_init(&derived->own_values, error);
    if (!status) {
        status =
            derive_side(derivation, derived, derived->left, scratch, &derived->left_codes, error);
    }
    derived->right_codes = derived->left_codes;
    if (!status && derived->is_across) {
        derived->right_codes = NULL;
        status =
            derive_side(derivation, derived, derived->right, scratch, &derived->right_codes, error);
    }
    return status;
}

typedef struct derive_work {
    link_derivation *derivation;
    uint32_t *order; /* the dearest first */
    atomic_size_t next;
    atomic_int failed; /* claims the error */
    tf_status status;
    tf_error *error;
} derive_work;

static void derive_next(void *context, int thread) {
    (void)thread;
    derive_work *work = context;
    link_derive_scratch scratch;
    link_derive_scratch_init(&scratch);
    for (;;) {
        size_t i = atomic_fetch_add(&work->next, 1);
        if (i >= work->derivation->count || atomic_load(&work->failed)) {
            break;
        }
        link_derived *derived = work->derivation->items[work->order[i]];
        if (derived->values) {
            continue;
        }
        tf_error error = {0};
        tf_status status = derive(work->derivation, derived, &scratch, &error);
        int expected = 0;
        if (status && atomic_compare_exchange_strong(&work->failed, &expected, 1)) {
            work->status = status;
            if (work->error) {
                *work->error = error;
            }
        }
    }
    link_derive_scratch_deinit(&scratch);
}

static uint64_t cost_of(const link_derivation *derivation, const link_derived *derived) {
    if (derived->part_count > 1) {
        return derivation->records->count;
    }
    return column_of(derivation->records, &derived->left[0])->values.count;
}

tf_status link_derivation_run(link_derivation *derivation, int thread_count, tf_error *error) {
    size_t count = derivation->count;
    uint32_t *order = tf_alloc(count, sizeof *order);
    if (!order) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        uint64_t cost = cost_of(derivation, derivation->items[i]);
        for (; at > 0 && cost_of(derivation, derivation->items[order[at - 1]]) < cost; at--) {
            order[at] = order[at - 1];
        }
        order[at] = (uint32_t)i;
    }
    derive_work work = {.derivation = derivation, .order = order, .error = error};
    tf_parallel(thread_count, derive_next, &work);
    tf_free(order);
    return work.status;
}

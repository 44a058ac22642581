/* A new record in the terms of records that are known: codes where it shares values with them,
 * operands where it does not. */
#include "linkage/lookup_internal.h"

#include <stdlib.h>

tf_status lookup_guest_init(lookup_guest *guest, const tf_link_matcher *matcher, tf_error *error) {
    *guest = (lookup_guest){.matcher = matcher};
    link_derive_scratch_init(&guest->scratch);
    tf_buffer_init(&guest->joined);
    guest->raws = tf_alloc_zeroed((size_t)matcher->records->column_count + 1, sizeof *guest->raws);
    guest->codes = tf_alloc_zeroed((size_t)matcher->evidence->stride + 1, sizeof *guest->codes);
    guest->known = tf_alloc_zeroed((size_t)matcher->evidence->stride + 1, sizeof *guest->known);
    guest->arena = tf_arena_new();
    return guest->raws && guest->codes && guest->known && guest->arena ? TF_OK
                                                                       : tf_fail_no_memory(error);
}

void lookup_guest_deinit(lookup_guest *guest) {
    link_derive_scratch_deinit(&guest->scratch);
    tf_buffer_deinit(&guest->joined);
    tf_free(guest->raws);
    tf_free(guest->codes);
    tf_free(guest->known);
    tf_arena_free(guest->arena);
}

static tf_similarity_unit unit_of(const lookup_guest *guest) {
    return guest->matcher->model->compares_bytes ? TF_SIMILARITY_BYTES : TF_SIMILARITY_CODE_POINTS;
}

/* ---- what measures read of a value that no record has ---- */

static int compare_codes(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t count_elements(tf_text text) {
    uint32_t count = 0;
    tf_text element;
    while (link_next_element(&text, &element)) {
        count++;
    }
    return count;
}

static tf_status read_list(lookup_guest *guest, const link_lists *lists, link_operand *operand,
                           tf_error *error) {
    uint32_t count = count_elements(operand->text);
    tf_text *elements = tf_arena_alloc(guest->arena, (size_t)count + 1, sizeof *elements);
    uint32_t *codes = tf_arena_alloc(guest->arena, (size_t)count + 1, sizeof *codes);
    tf_similarity_text *prepared =
        tf_arena_alloc(guest->arena, (size_t)count + 1, sizeof *prepared);
    if (!elements || !codes || !prepared) {
        return tf_fail_no_memory(error);
    }
    tf_text rest = operand->text;
    tf_status status = TF_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        link_next_element(&rest, &elements[i]);
        uint32_t code = link_dictionary_find(&lists->elements, elements[i]);
        codes[i] = code ? code : lists->elements.count + 1; /* which no list has */
        status =
            tf_similarity_prepare(elements[i], unit_of(guest), guest->arena, &prepared[i], error);
    }
    if (status) {
        return status;
    }
    qsort(codes, count, sizeof *codes, compare_codes);
    uint32_t different = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || codes[i] != codes[i - 1]) {
            codes[different++] = codes[i];
        }
    }
    operand->list = codes;
    operand->list_count = different;
    operand->elements = prepared;
    operand->places = NULL;
    operand->element_count = count;
    return TF_OK;
}

static tf_status read_operand(lookup_guest *guest, int f, tf_text text, tf_error *error) {
    const link_factor *factor = &guest->matcher->evidence->factors[f].factor;
    link_operand *operand = &guest->operands[f];
    *operand = (link_operand){.code = LOOKUP_NEW, .text = text, .signature = &guest->signatures[f]};
    tf_status status =
        tf_similarity_prepare(text, unit_of(guest), guest->arena, &operand->similarity, error);
    if (!status && (factor->needs & LINK_NEEDS_GRAMS)) {
        tf_similarity_grams *grams = tf_arena_alloc(guest->arena, 1, sizeof *grams);
        operand->grams = grams;
        status =
            grams ? tf_similarity_prepare_grams(&operand->similarity, 1, guest->arena, grams, error)
                  : tf_fail_no_memory(error);
    }
    if (factor->needs & LINK_NEEDS_DAYS) {
        operand->days = link_read_days(text);
    }
    if (factor->needs & LINK_NEEDS_NUMBER) {
        operand->number = link_read_number(text);
    }
    if (factor->needs & LINK_NEEDS_PLACE) {
        operand->place = link_read_place(text);
    }
    if (!status && (factor->needs & LINK_NEEDS_LIST)) {
        status = read_list(guest, factor->derived->lists, operand, error);
    }
    if (!status) {
        link_signature_make(text, &operand->similarity, factor->nicknames, &guest->signatures[f]);
    }
    return status;
}

/* ---- all values ---- */

/* The raw values of what is derived, as of the right record. */
static tf_status derive(lookup_guest *guest, const link_derived *derived, tf_text *text_out,
                        tf_error *error) {
    const tf_link_records *records = guest->matcher->records;
    tf_text raws[LINK_MOST_PARTS];
    for (int p = 0; p < derived->part_count; p++) {
        raws[p] =
            guest->raws[tf_link_records_column(records, tf_text_of(derived->right[p].column))];
        if (raws[p].length == 0) {
            *text_out = (tf_text){NULL, 0};
            return TF_OK;
        }
    }
    tf_status status =
        link_derive_parts(&guest->matcher->reading, derived->right, derived->part_count, raws,
                          &guest->scratch, &guest->joined, error);
    *text_out = (tf_text){NULL, 0};
    if (status || guest->joined.length == 0) {
        return status;
    }
    const char *copy = tf_arena_copy_text(guest->arena, guest->joined.data, guest->joined.length);
    *text_out = (tf_text){copy, guest->joined.length};
    return copy ? TF_OK : tf_fail_no_memory(error);
}

/* The value's code, and the operands of the factors that read it if it is new. */
static tf_status take_derived(lookup_guest *guest, const link_derived *derived, uint32_t slot,
                              tf_error *error) {
    const link_evidence *evidence = guest->matcher->evidence;
    tf_text text;
    tf_status status = derive(guest, derived, &text, error);
    if (status) {
        return status;
    }
    guest->known[slot] = text.length ? link_dictionary_find(derived->values, text) : 0;
    guest->codes[slot] = text.length && !guest->known[slot] ? LOOKUP_NEW : guest->known[slot];
    if (guest->codes[slot] != LOOKUP_NEW) {
        return TF_OK;
    }
    for (int f = 0; f < evidence->factor_count && !status; f++) {
        if (evidence->factors[f].factor.derived == derived) {
            guest->news |= 1ULL << f;
            status = read_operand(guest, f, text, error);
        }
    }
    return status;
}

tf_status lookup_guest_take(lookup_guest *guest, const tf_link_given *given, size_t given_count,
                            tf_error *error) {
    const tf_link_records *records = guest->matcher->records;
    const link_derivation *derivation = &guest->matcher->evidence->derivation;
    memset(guest->raws, 0, records->column_count * sizeof *guest->raws);
    for (size_t i = given_count; i-- > 0;) { /* so that the first of a column counts */
        uint32_t column = tf_link_records_column(records, given[i].column);
        if (column != UINT32_MAX) {
            guest->raws[column] = given[i].value;
        }
    }
    tf_arena_reset(guest->arena);
    guest->news = 0;
    uint32_t slot = 0;
    tf_status status = TF_OK;
    for (size_t i = 0; i < derivation->count && !status; i++) {
        slot += derivation->items[i]->is_across ? 1 : 0;
        status = take_derived(guest, derivation->items[i], slot, error);
        slot++;
    }
    return status;
}

/* ---- keys ---- */

static tf_status hash_value(lookup_guest *guest, const lookup_value *value, tf_text text,
                            lookup_hashes *hashes_out, tf_error *error) {
    uint32_t count = value->takes_elements ? count_elements(text) : 1;
    uint64_t *items = tf_arena_alloc(guest->arena, (size_t)count + 1, sizeof *items);
    if (!items) {
        return tf_fail_no_memory(error);
    }
    tf_text element = text;
    for (uint32_t i = 0; i < count; i++) {
        if (value->takes_elements) {
            link_next_element(&text, &element);
        }
        items[i] = link_text_hash(element);
    }
    *hashes_out = (lookup_hashes){items, count};
    return TF_OK;
}

tf_status lookup_guest_hash(lookup_guest *guest, const lookup_index *index,
                            lookup_hashes *hashes_out, tf_error *error) {
    const tf_link_records *records = guest->matcher->records;
    for (int i = 0; i < index->value_count; i++) {
        const lookup_value *value = &index->values[i];
        tf_text raw = guest->raws[tf_link_records_column(records, tf_text_of(value->value.column))];
        tf_text text = {NULL, 0};
        tf_status status = TF_OK;
        hashes_out[i] = (lookup_hashes){NULL, 0};
        if (raw.length) {
            status = link_derive_text(&guest->matcher->reading, &value->value, raw, &guest->scratch,
                                      &text, error);
        }
        if (!status && text.length) {
            status = hash_value(guest, value, text, &hashes_out[i], error);
        }
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

#include "evaluate_internal.h"

#include "trefoil/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 16, DIGIT_COUNT = 1 << DIGIT_BITS };

/* counters: label_count + 1 of them. */
static void sort_by_label(const uint32_t *labels, uint32_t label_count, const uint32_t *order,
                          uint32_t *order_out, uint32_t count, uint32_t *counters) {
    memset(counters, 0, ((size_t)label_count + 1) * sizeof *counters);
    for (uint32_t i = 0; i < count; i++) {
        counters[labels[i] + 1]++;
    }
    for (uint32_t label = 0; label < label_count; label++) {
        counters[label + 1] += counters[label];
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t item = order[i];
        order_out[counters[labels[item]]++] = item;
    }
}

void tf_evaluate_sort(evaluate_records *records, const uint32_t *labels, uint32_t label_count) {
    sort_by_label(labels, label_count, records->order, records->spare, records->count,
                  records->counters);
    uint32_t *sorted = records->spare;
    records->spare = records->order;
    records->order = sorted;
}

/* Labels spread far apart are sorted by their halves; work has 3 * count + DIGIT_COUNT + 1. */
static uint32_t number_by_sorting(const uint32_t *labels, uint32_t count, uint32_t *dense_out,
                                  uint32_t *work) {
    uint32_t *order = work, *sorted = work + count, *digits = sorted + count;
    uint32_t *counters = digits + count;
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (int shift = 0; shift < 32; shift += DIGIT_BITS) {
        for (uint32_t i = 0; i < count; i++) {
            digits[i] = (labels[i] >> shift) & (DIGIT_COUNT - 1);
        }
        sort_by_label(digits, DIGIT_COUNT, order, sorted, count, counters);
        uint32_t *other = order;
        order = sorted;
        sorted = other;
    }
    uint32_t last = 0, label_before = count > 0 ? labels[order[0]] : 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t label = labels[order[i]]; /* dense_out may be labels */
        last += label != label_before;
        label_before = label;
        dense_out[order[i]] = last;
    }
    return count > 0 ? last + 1 : 0;
}

static uint32_t number_by_table(const uint32_t *labels, uint32_t count, uint32_t *dense_out,
                                uint32_t *table, size_t table_size) {
    memset(table, 0, table_size * sizeof *table);
    for (uint32_t i = 0; i < count; i++) {
        table[labels[i]] = 1;
    }
    uint32_t next = 0;
    for (size_t label = 0; label < table_size; label++) {
        if (table[label]) {
            table[label] = next++;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        dense_out[i] = table[labels[i]];
    }
    return next;
}

tf_status tf_evaluate_dense(const uint32_t *labels, uint32_t count, uint32_t *dense_out,
                            uint32_t *label_count_out, tf_error *error) {
    uint32_t highest = 0;
    for (uint32_t i = 0; i < count; i++) {
        highest = labels[i] > highest ? labels[i] : highest;
    }
    bool is_compact = highest / 2 <= count;
    size_t size = is_compact ? (size_t)highest + 1 : 3 * (size_t)count + DIGIT_COUNT + 1;
    uint32_t *work = tf_alloc(size, sizeof *work);
    if (!work) {
        return tf_fail_no_memory(error);
    }
    *label_count_out = is_compact ? number_by_table(labels, count, dense_out, work, size)
                                  : number_by_sorting(labels, count, dense_out, work);
    tf_free(work);
    return TF_OK;
}

void tf_evaluate_records_deinit(evaluate_records *records) {
    tf_free(records->place);
    tf_free(records->entity);
    tf_free(records->source);
    tf_free(records->group);
    tf_free(records->order);
    tf_free(records->spare);
    tf_free(records->partners);
    tf_free(records->source_size);
    tf_free(records->counters);
    *records = (evaluate_records){0};
}

static tf_status check_truth(const tf_evaluate_truth *truth, tf_error *error) {
    if (truth->group && truth->group_count > TF_EVALUATE_MOST_GROUPS) {
        return tf_fail(
            error, TF_BAD_INPUT, NULL, 0,
            "the column for subgroups has %u values, more than %d; choose one with fewer",
            truth->group_count, TF_EVALUATE_MOST_GROUPS);
    }
    for (uint32_t i = 0; truth->group && i < truth->record_count; i++) {
        uint32_t group = truth->group[i];
        if (group >= truth->group_count && group != TF_EVALUATE_UNKNOWN) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "record %u is in subgroup %u, but there are %u subgroups", i, group,
                           truth->group_count);
        }
    }
    return TF_OK;
}

/* Keep what is known, in the order of the input. */
static tf_status keep_known(evaluate_records *records, const tf_evaluate_truth *truth,
                            tf_error *error) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < truth->record_count; i++) {
        bool is_known = truth->entity[i] != TF_EVALUATE_UNKNOWN;
        records->place[i] = is_known ? count : TF_EVALUATE_UNKNOWN;
        if (is_known) {
            records->entity[count] = truth->entity[i];
            if (records->source) {
                records->source[count] = truth->source[i];
            }
            uint32_t group = truth->group ? truth->group[i] : TF_EVALUATE_UNKNOWN;
            records->group[count] = group == TF_EVALUATE_UNKNOWN ? records->group_count : group;
            records->order[count] = count;
            count++;
        }
    }
    records->count = count;
    records->left = truth->record_count - count;
    if (count == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "no record has a known entity; the truth column is empty");
    }
    tf_status status =
        tf_evaluate_dense(records->entity, count, records->entity, &records->entity_count, error);
    if (status == TF_OK && records->source) {
        status = tf_evaluate_dense(records->source, count, records->source, &records->source_count,
                                   error);
    }
    return status;
}

/* records->order is by entity and source: a record pairs with those of its entity that are not in
 * its own run of one source. */
static void count_partners(evaluate_records *records) {
    const uint32_t *order = records->order;
    for (uint32_t start = 0, end; start < records->count; start = end) {
        uint32_t entity = records->entity[order[start]];
        for (end = start; end < records->count && records->entity[order[end]] == entity;) {
            end++;
        }
        for (uint32_t from = start, to; from < end; from = to) {
            for (to = from + 1; records->source && to < end &&
                                records->source[order[to]] == records->source[order[from]];) {
                to++;
            }
            uint32_t partners = end - start - (to - from);
            for (uint32_t i = from; i < to; i++) {
                records->partners[order[i]] = partners;
            }
            records->true_pairs += (uint64_t)partners * (to - from);
        }
    }
    records->true_pairs /= 2;
    records->all_pairs = (uint64_t)records->count * (records->count - 1) / 2;
    for (uint32_t source = 0; source < records->source_count; source++) {
        uint64_t size = records->source_size[source];
        records->all_pairs -= size * (size - (size > 0)) / 2;
    }
}

tf_status tf_evaluate_records_init(evaluate_records *records, const tf_evaluate_truth *truth,
                                   tf_error *error) {
    *records = (evaluate_records){.group_count = truth->group ? truth->group_count : 0};
    tf_status status = check_truth(truth, error);
    if (status != TF_OK) {
        return status;
    }
    size_t room = truth->record_count;
    size_t counters = room > TF_EVALUATE_MOST_GROUPS ? room : TF_EVALUATE_MOST_GROUPS;
    records->place = tf_alloc(room, sizeof *records->place);
    records->entity = tf_alloc(room, sizeof *records->entity);
    records->source = truth->source ? tf_alloc(room, sizeof *records->source) : NULL;
    records->group = tf_alloc(room, sizeof *records->group);
    records->order = tf_alloc(room, sizeof *records->order);
    records->spare = tf_alloc(room, sizeof *records->spare);
    records->partners = tf_alloc(room, sizeof *records->partners);
    records->source_size = tf_alloc_zeroed(room, sizeof *records->source_size);
    records->counters = tf_alloc(counters + 2, sizeof *records->counters);
    bool has_memory = records->place && records->entity && records->group && records->order &&
                      records->spare && records->partners && records->source_size &&
                      records->counters && (records->source || !truth->source);
    status = has_memory ? keep_known(records, truth, error) : tf_fail_no_memory(error);
    if (status != TF_OK) {
        tf_evaluate_records_deinit(records);
        return status;
    }
    if (records->group_count > 0) {
        tf_evaluate_sort(records, records->group, records->group_count + 1);
    }
    if (records->source) {
        for (uint32_t i = 0; i < records->count; i++) {
            records->source_size[records->source[i]]++;
        }
        tf_evaluate_sort(records, records->source, records->source_count);
    }
    tf_evaluate_sort(records, records->entity, records->entity_count);
    count_partners(records);
    return TF_OK;
}

uint32_t tf_evaluate_paired_entities(const evaluate_records *records) {
    uint32_t paired = 0, last = TF_EVALUATE_UNKNOWN;
    for (uint32_t i = 0; i < records->count; i++) {
        uint32_t record = records->order[i];
        if (records->partners[record] > 0 && records->entity[record] != last) {
            last = records->entity[record];
            paired++;
        }
    }
    return paired;
}

#include "evaluate_internal.h"

#include "trefoil/base/memory.h"

#include <math.h>

/* Records that agree in cluster, source, entity and group. */
typedef struct evaluate_cell {
    uint32_t cluster;
    uint32_t source;
    uint32_t entity;
    uint32_t group;
    uint32_t count;
    uint32_t correct_partners; /* of each: in its cluster and its entity */
    uint32_t true_partners;    /* of each: in its entity */
} evaluate_cell;

typedef struct cluster_state {
    evaluate_records records;
    uint32_t *cluster; /* of each record that is known */
    uint32_t cluster_count;
    uint32_t *correct_partners; /* of each record */
    uint32_t *cluster_size;
    uint32_t *entity_size;
    uint32_t *entity_largest; /* records of the entity in the cluster that has most of them */
    evaluate_cell *cells;     /* by cluster, source, entity, group */
    size_t cell_count;
} cluster_state;

static void deinit_state(cluster_state *state) {
    tf_evaluate_records_deinit(&state->records);
    tf_free(state->cluster);
    tf_free(state->correct_partners);
    tf_free(state->cluster_size);
    tf_free(state->entity_size);
    tf_free(state->entity_largest);
    tf_free(state->cells);
}

static tf_status init_state(cluster_state *state, const tf_evaluate_truth *truth,
                            const uint32_t *cluster, tf_error *error) {
    tf_status status = tf_evaluate_records_init(&state->records, truth, error);
    if (status != TF_OK) {
        return status;
    }
    uint32_t count = state->records.count, entities = state->records.entity_count;
    state->cluster = tf_alloc(count, sizeof *state->cluster);
    state->correct_partners = tf_alloc(count, sizeof *state->correct_partners);
    state->entity_size = tf_alloc_zeroed(entities, sizeof *state->entity_size);
    state->entity_largest = tf_alloc_zeroed(entities, sizeof *state->entity_largest);
    if (!state->cluster || !state->correct_partners || !state->entity_size ||
        !state->entity_largest) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < truth->record_count; i++) {
        if (state->records.place[i] != TF_EVALUATE_UNKNOWN) {
            state->cluster[state->records.place[i]] = cluster[i];
        }
    }
    status = tf_evaluate_dense(state->cluster, count, state->cluster, &state->cluster_count, error);
    if (status != TF_OK) {
        return status;
    }
    state->cluster_size = tf_alloc_zeroed(state->cluster_count, sizeof *state->cluster_size);
    if (!state->cluster_size) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        state->cluster_size[state->cluster[i]]++;
        state->entity_size[state->records.entity[i]]++;
    }
    return TF_OK;
}

/* Of one cluster and one entity: order[start .. end), by source. */
static void count_correct(cluster_state *state, uint32_t start, uint32_t end) {
    const evaluate_records *records = &state->records;
    for (uint32_t from = start, to; from < end; from = to) {
        for (to = from + 1;
             records->source && to < end &&
             records->source[records->order[to]] == records->source[records->order[from]];) {
            to++;
        }
        for (uint32_t i = from; i < to; i++) {
            state->correct_partners[records->order[i]] = end - start - (to - from);
        }
    }
}

typedef struct partition_sums {
    double b_cubed_precision, b_cubed_recall;
    double entity_given_cluster, cluster_given_entity; /* bits times records */
    uint64_t largest_entities;                         /* records of their cluster's largest */
} partition_sums;

static void add_overlap(cluster_state *state, partition_sums *sums, uint32_t cluster,
                        uint32_t entity, uint32_t overlap) {
    double n = overlap, in_cluster = state->cluster_size[cluster];
    double in_entity = state->entity_size[entity];
    sums->b_cubed_precision += n * n / in_cluster;
    sums->b_cubed_recall += n * n / in_entity;
    if (n < in_cluster) {
        sums->entity_given_cluster += n * log2(in_cluster / n);
    }
    if (n < in_entity) {
        sums->cluster_given_entity += n * log2(in_entity / n);
    }
    if (overlap > state->entity_largest[entity]) {
        state->entity_largest[entity] = overlap;
    }
}

/* Walk the overlaps of clusters and entities; records->order is by cluster, entity and source. */
static partition_sums walk_overlaps(cluster_state *state, tf_evaluate_clusters *result) {
    const evaluate_records *records = &state->records;
    const uint32_t *order = records->order;
    partition_sums sums = {0};
    for (uint32_t start = 0; start < records->count;) {
        uint32_t cluster = state->cluster[order[start]];
        uint32_t stop = start + state->cluster_size[cluster], largest = 0;
        bool is_merged = false;
        for (uint32_t end; start < stop; start = end) {
            uint32_t entity = records->entity[order[start]];
            for (end = start + 1; end < stop && records->entity[order[end]] == entity;) {
                end++;
            }
            uint32_t overlap = end - start;
            count_correct(state, start, end);
            add_overlap(state, &sums, cluster, entity, overlap);
            largest = overlap > largest ? overlap : largest;
            bool is_whole = overlap == state->cluster_size[cluster];
            is_merged |= !is_whole;
            result->exact_clusters += is_whole && overlap == state->entity_size[entity];
        }
        result->merged_clusters += is_merged;
        sums.largest_entities += largest;
    }
    return sums;
}

static double entropy_of(const uint32_t *sizes, uint32_t count, double total) {
    double bits = 0;
    for (uint32_t i = 0; i < count; i++) {
        bits += sizes[i] * log2(total / sizes[i]);
    }
    return bits;
}

static double harmonic_mean(double a, double b) {
    return a + b > 0 ? 2 * a * b / (a + b) : 0;
}

static void compare_partitions(cluster_state *state, tf_evaluate_clusters *result) {
    const evaluate_records *records = &state->records;
    double total = records->count;
    partition_sums sums = walk_overlaps(state, result);
    uint64_t largest_clusters = 0;
    for (uint32_t entity = 0; entity < records->entity_count; entity++) {
        largest_clusters += state->entity_largest[entity];
        result->split_entities += state->entity_largest[entity] < state->entity_size[entity];
    }
    result->records = records->count;
    result->records_left = records->left;
    result->entities = records->entity_count;
    result->clusters = state->cluster_count;
    result->cluster_precision = (double)result->exact_clusters / result->clusters;
    result->cluster_recall = (double)result->exact_clusters / result->entities;
    result->b_cubed_precision = sums.b_cubed_precision / total;
    result->b_cubed_recall = sums.b_cubed_recall / total;
    result->b_cubed_f1 = harmonic_mean(result->b_cubed_precision, result->b_cubed_recall);
    result->purity = (double)sums.largest_entities / total;
    result->inverse_purity = (double)largest_clusters / total;
    double entities = entropy_of(state->entity_size, records->entity_count, total);
    double clusters = entropy_of(state->cluster_size, state->cluster_count, total);
    result->homogeneity = entities > 0 ? 1 - sums.entity_given_cluster / entities : 1;
    result->completeness = clusters > 0 ? 1 - sums.cluster_given_entity / clusters : 1;
    result->v_measure = harmonic_mean(result->homogeneity, result->completeness);
    result->information_lost = (sums.entity_given_cluster + sums.cluster_given_entity) / total;
}

static evaluate_cell cell_of(const cluster_state *state, uint32_t record) {
    const evaluate_records *records = &state->records;
    return (evaluate_cell){
        .cluster = state->cluster[record],
        .source = records->source ? records->source[record] : 0,
        .entity = records->entity[record],
        .group = records->group[record],
        .count = 1,
        .correct_partners = state->correct_partners[record],
        .true_partners = records->partners[record],
    };
}

static bool is_same_cell(const evaluate_cell *a, const evaluate_cell *b) {
    return a->cluster == b->cluster && a->source == b->source && a->entity == b->entity &&
           a->group == b->group;
}

/* records->order is by cluster, source, entity and group. */
static tf_status make_cells(cluster_state *state, tf_error *error) {
    const evaluate_records *records = &state->records;
    state->cells = tf_alloc(records->count, sizeof *state->cells);
    if (!state->cells) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < records->count; i++) {
        evaluate_cell cell = cell_of(state, records->order[i]);
        evaluate_cell *last = &state->cells[state->cell_count - (state->cell_count > 0)];
        if (state->cell_count > 0 && is_same_cell(last, &cell)) {
            last->count++;
        } else {
            state->cells[state->cell_count++] = cell;
        }
    }
    return TF_OK;
}

/* A record is linked wrongly to what its cluster holds of other entities: all but its own source's
 * records (or, where pairs within a source count, itself) and its correct partners. */
static void add_source(const cluster_state *state, size_t start, size_t end, double cluster_weight,
                       const uint8_t *weights, evaluate_sums *sums) {
    double source_weight = 0;
    for (size_t i = start; state->records.source && i < end; i++) {
        source_weight += (double)weights[state->cells[i].entity] * state->cells[i].count;
    }
    for (size_t i = start; i < end; i++) {
        const evaluate_cell *cell = &state->cells[i];
        double weight = weights[cell->entity], half = 0.5 * weight * cell->count;
        double beside = state->records.source ? source_weight : weight;
        evaluate_sums *sum = &sums[cell->group];
        sum->correct += half * cell->correct_partners;
        sum->truth += half * cell->true_partners;
        sum->wrong += half * (cluster_weight - beside - weight * cell->correct_partners);
    }
}

static void add_clusters(const void *context, const uint8_t *weights, evaluate_sums *sums) {
    const cluster_state *state = context;
    const evaluate_cell *cells = state->cells;
    for (size_t start = 0, end; start < state->cell_count; start = end) {
        double weight = 0;
        for (end = start; end < state->cell_count && cells[end].cluster == cells[start].cluster;
             end++) {
            weight += (double)weights[cells[end].entity] * cells[end].count;
        }
        for (size_t from = start, to; from < end; from = to) {
            for (to = from + 1; to < end && cells[to].source == cells[from].source;) {
                to++;
            }
            add_source(state, from, to, weight, weights, sums);
        }
    }
    uint32_t whole = state->records.group_count + 1;
    for (uint32_t group = 0; group < whole; group++) {
        sums[whole].correct += sums[group].correct;
        sums[whole].wrong += sums[group].wrong;
        sums[whole].truth += sums[group].truth;
    }
}

static tf_status measure_pairs(const cluster_state *state, const tf_evaluate_options *options,
                               tf_evaluate_clusters *result, tf_error *error) {
    const evaluate_records *records = &state->records;
    evaluate_sums *sums = NULL;
    evaluate_design design = {add_clusters, state, records->entity_count,
                              records->group_count + (size_t)2};
    tf_status status = tf_evaluate_draw(&design, options, &sums, error);
    if (status != TF_OK) {
        return status;
    }
    evaluate_slot whole = {sums, design.slot_count, design.slot_count - 1,
                           (double)records->all_pairs, tf_evaluate_paired_entities(records)};
    status = tf_evaluate_quality_of(&whole, options, &result->pairs, error);
    if (status == TF_OK && records->group_count > 0) {
        result->group_count = records->group_count;
        result->groups = tf_alloc_zeroed(records->group_count, sizeof *result->groups);
        status = result->groups ? tf_evaluate_groups_of(records, sums, design.slot_count, 0,
                                                        whole.slot, options, result->groups, error)
                                : tf_fail_no_memory(error);
    }
    tf_free(sums);
    return status;
}

tf_status tf_evaluate_clusters_of(const tf_evaluate_truth *truth, const uint32_t *cluster,
                                  const tf_evaluate_options *options,
                                  tf_evaluate_clusters *result_out, tf_error *error) {
    *result_out = (tf_evaluate_clusters){0};
    cluster_state state = {0};
    tf_evaluate_options checked;
    tf_status status = tf_evaluate_check_options(options, &checked, error);
    if (status == TF_OK) {
        status = init_state(&state, truth, cluster, error);
    }
    if (status == TF_OK) {
        tf_evaluate_sort(&state.records, state.cluster, state.cluster_count);
        compare_partitions(&state, result_out);
        if (state.records.source) {
            tf_evaluate_sort(&state.records, state.records.source, state.records.source_count);
            tf_evaluate_sort(&state.records, state.cluster, state.cluster_count);
        }
        status = make_cells(&state, error);
    }
    if (status == TF_OK) {
        /* Runs of an entity in order, which tells entities apart; the cells hold the clusters. */
        tf_evaluate_sort(&state.records, state.records.entity, state.records.entity_count);
        status = measure_pairs(&state, &checked, result_out, error);
    }
    if (status != TF_OK) {
        tf_evaluate_clusters_deinit(result_out);
    }
    deinit_state(&state);
    return status;
}

void tf_evaluate_clusters_deinit(tf_evaluate_clusters *result) {
    tf_free(result->groups);
    *result = (tf_evaluate_clusters){0};
}

#include "cluster_internal.h"

#include "trefoil/base/memory.h"
#include "trefoil/base/thread.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_A_TASK = 4096, INSERTION_MOST = 24 };

typedef struct keyed_record {
    tf_cluster_key key;
    uint32_t record;
} keyed_record;

static int compare_keyed(const void *left, const void *right) {
    const keyed_record *a = left;
    const keyed_record *b = right;
    if (a->key.high != b->key.high) {
        return a->key.high < b->key.high ? -1 : 1;
    }
    return (a->key.low > b->key.low) - (a->key.low < b->key.low);
}

static tf_status rank_by_key(cluster_graph *graph, const tf_cluster_key *keys, tf_error *error) {
    keyed_record *sorted = tf_alloc(graph->count, sizeof *sorted);
    if (!sorted) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        sorted[i] = (keyed_record){keys[i], i};
    }
    qsort(sorted, graph->count, sizeof *sorted, compare_keyed);
    tf_status status = TF_OK;
    for (uint32_t i = 0; i < graph->count; i++) {
        if (i && compare_keyed(&sorted[i - 1], &sorted[i]) == 0) {
            status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "records %lu and %lu have the same key; give each its own",
                             (unsigned long)sorted[i - 1].record, (unsigned long)sorted[i].record);
            break;
        }
        graph->record_of[i] = sorted[i].record;
        graph->rank_of[sorted[i].record] = i;
    }
    tf_free(sorted);
    return status;
}

static tf_status check_pairs(const tf_cluster_input *input, tf_error *error) {
    for (size_t i = 0; i < input->pair_count; i++) {
        tf_cluster_pair pair = input->pairs[i];
        if (pair.left >= input->record_count || pair.right >= input->record_count) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "pair %zu is of records %lu and %lu, but there are %lu", i,
                           (unsigned long)pair.left, (unsigned long)pair.right,
                           (unsigned long)input->record_count);
        }
        if (pair.left == pair.right) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "pair %zu is of record %lu with itself; leave it out", i,
                           (unsigned long)pair.left);
        }
        if (!isfinite(pair.weight)) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "the weight of records %lu and %lu is not a finite number",
                           (unsigned long)pair.left, (unsigned long)pair.right);
        }
    }
    return TF_OK;
}

/* Place each edge in its row; the rows are sorted afterwards. */
static tf_status scatter_pairs(cluster_graph *graph, const tf_cluster_input *input,
                               tf_error *error) {
    graph->offsets = tf_alloc_zeroed((size_t)graph->count + 2, sizeof *graph->offsets);
    graph->edges = tf_alloc(input->pair_count, sizeof *graph->edges);
    if (!graph->offsets || !graph->edges) {
        return tf_fail_no_memory(error);
    }
    /* Two places ahead, so that after placing each start has become the row's own. */
    uint64_t *ends = graph->offsets + 2;
    for (size_t i = 0; i < input->pair_count; i++) {
        uint32_t a = graph->rank_of[input->pairs[i].left];
        uint32_t b = graph->rank_of[input->pairs[i].right];
        uint32_t low = a < b ? a : b;
        ends[low]++;
    }
    for (uint32_t i = 1; i < graph->count; i++) {
        graph->offsets[i + 1] += graph->offsets[i];
    }
    for (size_t i = 0; i < input->pair_count; i++) {
        uint32_t a = graph->rank_of[input->pairs[i].left];
        uint32_t b = graph->rank_of[input->pairs[i].right];
        uint32_t low = a < b ? a : b;
        graph->edges[graph->offsets[low + 1]++] =
            (cluster_edge){a < b ? b : a, input->pairs[i].weight};
    }
    return TF_OK;
}

static int compare_edges(const void *left, const void *right) {
    uint32_t a = ((const cluster_edge *)left)->other;
    uint32_t b = ((const cluster_edge *)right)->other;
    return (a > b) - (a < b);
}

static void sort_row(cluster_edge *row, size_t count) {
    if (count > INSERTION_MOST) {
        qsort(row, count, sizeof *row, compare_edges);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        cluster_edge edge = row[i];
        size_t j = i;
        for (; j > 0 && row[j - 1].other > edge.other; j--) {
            row[j] = row[j - 1];
        }
        row[j] = edge;
    }
}

typedef struct sorting {
    cluster_graph *graph;
    atomic_uint_fast64_t next;
    atomic_bool has_double;
} sorting;

static void sort_rows(void *context, int thread) {
    (void)thread;
    sorting *all = context;
    cluster_graph *graph = all->graph;
    for (;;) {
        uint64_t start = atomic_fetch_add(&all->next, ROWS_A_TASK);
        for (uint64_t i = start; i < start + ROWS_A_TASK && i < graph->count; i++) {
            cluster_edge *row = graph->edges + graph->offsets[i];
            size_t count = graph->offsets[i + 1] - graph->offsets[i];
            sort_row(row, count);
            for (size_t k = 1; k < count; k++) {
                if (row[k].other == row[k - 1].other) {
                    atomic_store(&all->has_double, true);
                }
            }
        }
        if (start >= graph->count) {
            return;
        }
    }
}

static tf_status refuse_double(const cluster_graph *graph, tf_error *error) {
    for (uint32_t i = 0; i < graph->count; i++) {
        for (uint64_t k = graph->offsets[i] + 1; k < graph->offsets[i + 1]; k++) {
            if (graph->edges[k].other == graph->edges[k - 1].other) {
                return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                               "records %lu and %lu are paired more than once; give each pair once",
                               (unsigned long)graph->record_of[i],
                               (unsigned long)graph->record_of[graph->edges[k].other]);
            }
        }
    }
    return TF_OK;
}

static uint32_t find_root(uint32_t *parent, uint32_t i) {
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* Components of the links; the lowest rank is the root, so that they are numbered by it. */
static tf_status find_components(cluster_graph *graph, double threshold, tf_error *error) {
    size_t count = graph->count;
    graph->component = tf_alloc(count, sizeof(uint32_t));
    graph->local = tf_alloc(count, sizeof(uint32_t));
    graph->component_offsets = tf_alloc_zeroed(count + 2, sizeof(uint64_t));
    graph->component_ranks = tf_alloc(count, sizeof(uint32_t));
    if (!graph->component || !graph->local || !graph->component_offsets ||
        !graph->component_ranks) {
        return tf_fail_no_memory(error);
    }
    uint32_t *parent = graph->component;
    for (uint32_t i = 0; i < count; i++) {
        parent[i] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint64_t k = graph->offsets[i]; k < graph->offsets[i + 1]; k++) {
            if (graph->edges[k].weight >= threshold) {
                uint32_t a = find_root(parent, i), b = find_root(parent, graph->edges[k].other);
                parent[a < b ? b : a] = a < b ? a : b;
            }
        }
    }
    /* A root comes before all it leads, and what precedes a rank has its number already. */
    for (uint32_t i = 0; i < count; i++) {
        graph->component[i] =
            parent[i] == i ? graph->component_count++ : graph->component[parent[i]];
        graph->local[i] = (uint32_t)graph->component_offsets[graph->component[i] + 1]++;
    }
    for (uint32_t c = 0; c < graph->component_count; c++) {
        graph->component_offsets[c + 1] += graph->component_offsets[c];
    }
    for (uint32_t i = 0; i < count; i++) {
        graph->component_ranks[graph->component_offsets[graph->component[i]] + graph->local[i]] = i;
    }
    return TF_OK;
}

tf_status cluster_graph_init(cluster_graph *graph, const tf_cluster_input *input, double threshold,
                             int thread_count, tf_error *error) {
    *graph = (cluster_graph){.count = input->record_count,
                             .record_of = tf_alloc(input->record_count, sizeof(uint32_t)),
                             .rank_of = tf_alloc(input->record_count, sizeof(uint32_t))};
    if (!graph->record_of || !graph->rank_of) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        graph->record_of[i] = graph->rank_of[i] = i;
    }
    tf_status status = check_pairs(input, error);
    if (status == TF_OK && input->keys) {
        status = rank_by_key(graph, input->keys, error);
    }
    if (status == TF_OK) {
        status = scatter_pairs(graph, input, error);
    }
    if (status != TF_OK) {
        return status;
    }
    sorting all = {.graph = graph};
    tf_parallel(thread_count, sort_rows, &all);
    if (atomic_load(&all.has_double)) {
        return refuse_double(graph, error);
    }
    return find_components(graph, threshold, error);
}

void cluster_graph_deinit(cluster_graph *graph) {
    tf_free(graph->record_of);
    tf_free(graph->rank_of);
    tf_free(graph->offsets);
    tf_free(graph->edges);
    tf_free(graph->component);
    tf_free(graph->local);
    tf_free(graph->component_offsets);
    tf_free(graph->component_ranks);
}

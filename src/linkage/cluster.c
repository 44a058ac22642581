#include "cluster_internal.h"

#include "trefoil/base/memory.h"
#include "trefoil/base/thread.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { COMPONENTS_A_TASK = 64 };

void tf_cluster_options_init(tf_cluster_options *options) {
    *options = (tf_cluster_options){.method = TF_CLUSTER_CORRELATION,
                                    .missing_weight = -0.25,
                                    .exact_limit = TF_CLUSTER_EXACT_DEFAULT};
}

static tf_status check_options(const tf_cluster_input *input, const tf_cluster_options *options,
                               tf_error *error) {
    if (!isfinite(options->threshold)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the threshold is not a finite number");
    }
    if (!(options->missing_weight <= 0) || !isfinite(options->missing_weight)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the weight of missing pairs is %g; give 0 or less",
                       options->missing_weight);
    }
    if (options->exact_limit > TF_CLUSTER_EXACT_MOST) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "components of %u records cannot be solved exactly; give %d at most",
                       options->exact_limit, (int)TF_CLUSTER_EXACT_MOST);
    }
    if (input->record_count == UINT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "there are too many records");
    }
    if (options->method == TF_CLUSTER_BEST_LINK && !input->sources) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the best link is between sources; say which source each record is of");
    }
    if (input->evidence && input->evidence->number_kind_count > UINT16_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "there are more than %d kinds of numbers",
                       UINT16_MAX);
    }
    return TF_OK;
}

/* ---- components, side by side ---- */

typedef struct solving {
    const cluster_graph *graph;
    const cluster_constraints *constraints;
    const tf_cluster_options *options;
    uint8_t *tied;
    uint32_t *lowest; /* out: by rank, the lowest rank of its cluster */
    atomic_uint_fast32_t next;
    atomic_bool has_failed;
} solving;

/* A thread's copy of one component. */
typedef struct component_room {
    uint32_t *records, *labels, *parent;
    uint8_t *is_constrained;
    cluster_local_edge *edges;
    size_t record_capacity, label_capacity, parent_capacity, flag_capacity, edge_capacity;
    cluster_work *work;
} component_room;

static tf_status read_component(const solving *all, component_room *room, uint32_t component,
                                cluster_problem *problem) {
    const cluster_graph *graph = all->graph;
    const uint32_t *ranks = graph->component_ranks + graph->component_offsets[component];
    uint32_t count =
        (uint32_t)(graph->component_offsets[component + 1] - graph->component_offsets[component]);
    if (tf_reserve(&room->records, &room->record_capacity, count, sizeof(uint32_t), NULL) ||
        tf_reserve(&room->labels, &room->label_capacity, count, sizeof(uint32_t), NULL) ||
        tf_reserve(&room->parent, &room->parent_capacity, count, sizeof(uint32_t), NULL) ||
        tf_reserve(&room->is_constrained, &room->flag_capacity, count, 1, NULL)) {
        return TF_NO_MEMORY;
    }
    size_t edge_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t start = graph->offsets[ranks[i]], end = graph->offsets[ranks[i] + 1];
        room->records[i] = graph->record_of[ranks[i]];
        room->is_constrained[i] = cluster_is_constrained(all->constraints, room->records[i]);
        if (tf_reserve(&room->edges, &room->edge_capacity, edge_count + (end - start),
                       sizeof *room->edges, NULL)) {
            return TF_NO_MEMORY;
        }
        for (uint64_t k = start; k < end; k++) {
            uint32_t other = graph->edges[k].other;
            if (graph->component[other] == component) {
                room->edges[edge_count++] = (cluster_local_edge){
                    i, graph->local[other], graph->edges[k].weight - all->options->threshold, k};
            }
        }
    }
    *problem = (cluster_problem){all->options,  all->constraints,     count,
                                 room->records, room->is_constrained, edge_count,
                                 room->edges,   room->labels,         all->tied};
    return TF_OK;
}

/* A cluster is what links hold together within one label: dividing one that has come apart loses
 * nothing, for no missing pair is worth more than none. */
static void write_clusters(const solving *all, component_room *room, uint32_t component,
                           const cluster_problem *problem) {
    const uint32_t *ranks = all->graph->component_ranks + all->graph->component_offsets[component];
    uint32_t *parent = room->parent;
    for (uint32_t i = 0; i < problem->count; i++) {
        parent[i] = i;
    }
    for (size_t e = 0; e < problem->edge_count; e++) {
        uint32_t a = problem->edges[e].a, b = problem->edges[e].b;
        if (problem->edges[e].value >= 0 && problem->labels[a] == problem->labels[b]) {
            while (parent[a] != a) {
                a = parent[a] = parent[parent[a]];
            }
            while (parent[b] != b) {
                b = parent[b] = parent[parent[b]];
            }
            parent[a < b ? b : a] = a < b ? a : b;
        }
    }
    for (uint32_t i = 0; i < problem->count; i++) {
        parent[i] = parent[parent[i]];
        all->lowest[ranks[i]] = ranks[parent[i]];
    }
}

static tf_status solve_component(solving *all, component_room *room, uint32_t component) {
    const cluster_graph *graph = all->graph;
    uint64_t start = graph->component_offsets[component];
    uint64_t end = graph->component_offsets[component + 1];
    if (end - start == 1 || all->options->method == TF_CLUSTER_CONNECTED) {
        for (uint64_t i = start; i < end; i++) {
            all->lowest[graph->component_ranks[i]] = graph->component_ranks[start];
        }
        return TF_OK;
    }
    cluster_problem problem;
    if (read_component(all, room, component, &problem)) {
        return TF_NO_MEMORY;
    }
    tf_status status =
        all->options->method == TF_CLUSTER_BEST_LINK ? cluster_solve_best_link(&problem)
        : problem.count <= all->options->exact_limit ? cluster_solve_exact(&problem)
                                                     : cluster_solve_greedy(room->work, &problem);
    if (status == TF_OK) {
        write_clusters(all, room, component, &problem);
    }
    return status;
}

static void solve_components(void *context, int thread) {
    (void)thread;
    solving *all = context;
    component_room room = {.work = cluster_work_new()};
    uint32_t count = all->graph->component_count;
    if (!room.work) {
        atomic_store(&all->has_failed, true);
    }
    while (!atomic_load(&all->has_failed)) {
        uint32_t start = (uint32_t)atomic_fetch_add(&all->next, COMPONENTS_A_TASK);
        if (start >= count) {
            break;
        }
        uint32_t end = count - start < COMPONENTS_A_TASK ? count : start + COMPONENTS_A_TASK;
        for (uint32_t i = start; i < end; i++) {
            if (solve_component(all, &room, i)) {
                atomic_store(&all->has_failed, true);
                break;
            }
        }
    }
    cluster_work_free(room.work);
    tf_free(room.records);
    tf_free(room.labels);
    tf_free(room.parent);
    tf_free(room.is_constrained);
    tf_free(room.edges);
}

/* ---- the answer ---- */

static tf_status number_clusters(tf_clusters *clusters, const cluster_graph *graph,
                                 const uint32_t *lowest, const tf_cluster_input *input,
                                 tf_error *error) {
    uint32_t count = input->record_count;
    uint32_t *number = tf_alloc(count, sizeof *number);
    clusters->cluster_of = tf_alloc(count, sizeof(uint32_t));
    clusters->members = tf_alloc(count, sizeof(uint32_t));
    clusters->offsets = tf_alloc_zeroed((size_t)count + 2, sizeof(uint64_t));
    clusters->ids = tf_alloc(count, sizeof(tf_cluster_key));
    if (!number || !clusters->cluster_of || !clusters->members || !clusters->offsets ||
        !clusters->ids) {
        tf_free(number);
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        number[i] = UINT32_MAX;
    }
    for (uint32_t record = 0; record < count; record++) {
        uint32_t low = lowest[graph->rank_of[record]];
        if (number[low] == UINT32_MAX) {
            uint32_t named = graph->record_of[low];
            clusters->ids[clusters->cluster_count] =
                input->keys ? input->keys[named] : (tf_cluster_key){0, named};
            number[low] = clusters->cluster_count++;
        }
        clusters->cluster_of[record] = number[low];
        clusters->offsets[number[low] + 2]++;
    }
    for (uint32_t c = 0; c < clusters->cluster_count; c++) {
        clusters->offsets[c + 1] += clusters->offsets[c];
    }
    for (uint32_t record = 0; record < count; record++) {
        clusters->members[clusters->offsets[clusters->cluster_of[record] + 1]++] = record;
    }
    tf_free(number);
    return TF_OK;
}

static tf_status make_clusters(tf_clusters *clusters, const cluster_graph *graph,
                               const cluster_constraints *constraints,
                               const tf_cluster_options *options, tf_error *error) {
    const tf_cluster_input *input = constraints->input;
    solving all = {.graph = graph,
                   .constraints = constraints,
                   .options = options,
                   .lowest = tf_alloc(input->record_count, sizeof(uint32_t))};
    tf_status status = TF_OK;
    if (options->method == TF_CLUSTER_BEST_LINK) {
        all.tied = tf_alloc_zeroed(input->pair_count, 1);
    }
    if (!all.lowest || (options->method == TF_CLUSTER_BEST_LINK && !all.tied)) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    tf_parallel(options->thread_count, solve_components, &all);
    if (atomic_load(&all.has_failed)) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    status = number_clusters(clusters, graph, all.lowest, input, error);
    if (status == TF_OK) {
        status = cluster_measure(clusters, graph, options, options->thread_count, error);
    }
    if (status == TF_OK) {
        status = cluster_explain(clusters, graph, constraints, options, all.tied, error);
    }
done:
    tf_free(all.lowest);
    tf_free(all.tied);
    return status;
}

tf_status tf_cluster_records(const tf_cluster_input *input, const tf_cluster_options *options,
                             tf_clusters **clusters_out, tf_error *error) {
    *clusters_out = NULL;
    cluster_graph graph = {0};
    cluster_constraints constraints = {0};
    tf_clusters *clusters = NULL;
    tf_status status = check_options(input, options, error);
    if (status != TF_OK) {
        return status;
    }
    status = cluster_graph_init(&graph, input, options->threshold, options->thread_count, error);
    if (status == TF_OK) {
        status = cluster_constraints_init(&constraints, input, options, error);
    }
    if (status != TF_OK) {
        goto done;
    }
    clusters = tf_alloc_zeroed(1, sizeof *clusters);
    if (!clusters) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    clusters->record_count = input->record_count;
    status = make_clusters(clusters, &graph, &constraints, options, error);
done:
    cluster_graph_deinit(&graph);
    cluster_constraints_deinit(&constraints);
    if (status == TF_OK) {
        *clusters_out = clusters;
    } else {
        tf_clusters_free(clusters);
    }
    return status;
}

void tf_clusters_free(tf_clusters *clusters) {
    if (clusters) {
        tf_free(clusters->cluster_of);
        tf_free(clusters->offsets);
        tf_free(clusters->members);
        tf_free(clusters->ids);
        tf_free(clusters->metrics);
        tf_free(clusters->articulations);
        tf_free(clusters->bridges);
        tf_free(clusters->cuts);
        tf_free(clusters);
    }
}

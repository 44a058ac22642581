#include "cluster_internal.h"

#include "trefoil/base/memory.h"
#include "trefoil/base/thread.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CLUSTERS_A_TASK = 256 };

#define NONE UINT32_MAX

typedef struct inner_link {
    uint32_t end[2]; /* places in the cluster */
    float weight;
} inner_link;

/* A thread's own. */
typedef struct measuring_room {
    inner_link *links;
    size_t link_capacity, link_count;
    uint32_t *rows; /* links of each place */
    size_t row_capacity;
    uint32_t *numbers;
    size_t number_capacity;
    uint32_t *offsets, *at, *order, *low, *from; /* by place, within `numbers` */
    tf_cluster_bridge *bridges;
    size_t bridge_capacity, bridge_count;
} measuring_room;

typedef struct measuring {
    tf_clusters *clusters;
    const cluster_graph *graph;
    const tf_cluster_options *options;
    uint32_t *places;   /* of each record in its cluster */
    double *objectives; /* of each cluster */
    pthread_mutex_t *lock;
    tf_cluster_bridge *bridges;
    size_t bridge_capacity, bridge_count;
    atomic_uint_fast32_t next;
    atomic_bool has_failed;
} measuring;

/* Sums over the pairs inside, and the links among them. */
static tf_status measure_pairs(const measuring *all, measuring_room *room, uint32_t c) {
    const tf_clusters *clusters = all->clusters;
    const cluster_graph *graph = all->graph;
    tf_cluster_metrics *metrics = &clusters->metrics[c];
    double sum = 0;
    room->link_count = 0;
    for (uint64_t m = clusters->offsets[c]; m < clusters->offsets[c + 1]; m++) {
        uint32_t a = clusters->members[m], rank = graph->rank_of[a];
        for (uint64_t k = graph->offsets[rank]; k < graph->offsets[rank + 1]; k++) {
            uint32_t b = graph->record_of[graph->edges[k].other];
            float weight = graph->edges[k].weight;
            if (clusters->cluster_of[b] != c) {
                continue;
            }
            metrics->pair_count++;
            sum += weight;
            if (weight < all->options->threshold) {
                continue;
            }
            if (tf_reserve(&room->links, &room->link_capacity, room->link_count + 1,
                           sizeof *room->links, NULL)) {
                return TF_NO_MEMORY;
            }
            room->links[room->link_count++] =
                (inner_link){{all->places[a], all->places[b]}, weight};
            if (!(weight >= metrics->weakest_weight)) {
                metrics->weakest_weight = weight;
                metrics->weakest_left = a < b ? a : b;
                metrics->weakest_right = a < b ? b : a;
            }
        }
    }
    double possible = (double)metrics->size * (metrics->size - 1.0) / 2;
    metrics->link_count = room->link_count;
    metrics->density = possible > 0 ? (double)metrics->link_count / possible : 1;
    metrics->mean_weight = metrics->pair_count ? sum / (double)metrics->pair_count : NAN;
    all->objectives[c] = sum - all->options->threshold * (double)metrics->pair_count;
    if (all->options->missing_weight < 0) {
        all->objectives[c] +=
            all->options->missing_weight * (possible - (double)metrics->pair_count);
    }
    return TF_OK;
}

static tf_status make_rows(measuring_room *room, uint32_t size) {
    if (tf_reserve(&room->numbers, &room->number_capacity, 5 * (size_t)size + 1, sizeof(uint32_t),
                   NULL) ||
        tf_reserve(&room->rows, &room->row_capacity, 2 * room->link_count, sizeof(uint32_t),
                   NULL)) {
        return TF_NO_MEMORY;
    }
    uint32_t **arrays[] = {&room->at, &room->order, &room->low, &room->from};
    room->offsets = room->numbers;
    for (size_t i = 0; i < 4; i++) {
        *arrays[i] = room->numbers + size + 1 + i * size;
    }
    memset(room->numbers, 0, (5 * (size_t)size + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < room->link_count; i++) {
        room->offsets[room->links[i].end[0]]++;
        room->offsets[room->links[i].end[1]]++;
    }
    for (uint32_t i = 0; i < size; i++) {
        room->offsets[i + 1] += room->offsets[i];
    }
    for (size_t i = 0; i < room->link_count; i++) {
        room->rows[--room->offsets[room->links[i].end[0]]] = (uint32_t)i;
        room->rows[--room->offsets[room->links[i].end[1]]] = (uint32_t)i;
    }
    return TF_OK;
}

static tf_status keep_bridge(const measuring *all, measuring_room *room, uint32_t c,
                             const inner_link *link) {
    const uint32_t *members = all->clusters->members + all->clusters->offsets[c];
    uint32_t a = members[link->end[0]], b = members[link->end[1]];
    if (tf_reserve(&room->bridges, &room->bridge_capacity, room->bridge_count + 1,
                   sizeof *room->bridges, NULL)) {
        return TF_NO_MEMORY;
    }
    room->bridges[room->bridge_count++] =
        (tf_cluster_bridge){a < b ? a : b, a < b ? b : a, link->weight, c};
    all->clusters->metrics[c].bridge_count++;
    return TF_OK;
}

/* The search goes back from `child` to `parent` over a link. */
static tf_status leave_place(const measuring *all, measuring_room *room, uint32_t c, uint32_t child,
                             uint32_t parent) {
    uint8_t *cuts = all->clusters->articulations;
    const uint32_t *members = all->clusters->members + all->clusters->offsets[c];
    if (room->low[child] < room->low[parent]) {
        room->low[parent] = room->low[child];
    }
    /* The first place is judged by its children, at the end. */
    if (parent != 0 && room->low[child] >= room->order[parent]) {
        cuts[members[parent]] = 1;
    }
    return room->low[child] > room->order[parent]
               ? keep_bridge(all, room, c, &room->links[room->from[child]])
               : TF_OK;
}

/* Depth first from place 0, without recursion; `order` counts from 1.  Links connect a cluster. */
static tf_status find_bridges(const measuring *all, measuring_room *room, uint32_t c,
                              uint32_t size) {
    if (make_rows(room, size)) {
        return TF_NO_MEMORY;
    }
    const uint32_t *members = all->clusters->members + all->clusters->offsets[c];
    uint32_t current = 0, visited = 1, children = 0;
    memcpy(room->at, room->offsets, size * sizeof(uint32_t));
    room->order[0] = room->low[0] = 1;
    room->from[0] = NONE;
    for (;;) {
        if (room->at[current] < room->offsets[current + 1]) {
            uint32_t link = room->rows[room->at[current]++];
            const uint32_t *end = room->links[link].end;
            uint32_t other = end[0] == current ? end[1] : end[0];
            if (link == room->from[current]) {
                continue;
            }
            if (!room->order[other]) {
                room->order[other] = room->low[other] = ++visited;
                room->from[other] = link;
                children += current == 0;
                current = other;
            } else if (room->order[other] < room->low[current]) {
                room->low[current] = room->order[other];
            }
            continue;
        }
        if (current == 0) {
            break;
        }
        const uint32_t *end = room->links[room->from[current]].end;
        uint32_t parent = end[0] == current ? end[1] : end[0];
        if (leave_place(all, room, c, current, parent)) {
            return TF_NO_MEMORY;
        }
        current = parent;
    }
    all->clusters->articulations[members[0]] = children > 1;
    for (uint32_t i = 0; i < size; i++) {
        all->clusters->metrics[c].articulation_count += all->clusters->articulations[members[i]];
    }
    return TF_OK;
}

static tf_status measure_cluster(const measuring *all, measuring_room *room, uint32_t c) {
    tf_cluster_metrics *metrics = &all->clusters->metrics[c];
    uint32_t size = (uint32_t)(all->clusters->offsets[c + 1] - all->clusters->offsets[c]);
    *metrics =
        (tf_cluster_metrics){.size = size, .density = 1, .mean_weight = NAN, .weakest_weight = NAN};
    all->objectives[c] = 0;
    if (size == 1) {
        return TF_OK;
    }
    tf_status status = measure_pairs(all, room, c);
    return status == TF_OK && size > 2 ? find_bridges(all, room, c, size) : status;
}

static tf_status hand_over_bridges(measuring *all, const measuring_room *room) {
    pthread_mutex_lock(all->lock);
    tf_status status =
        tf_reserve(&all->bridges, &all->bridge_capacity, all->bridge_count + room->bridge_count,
                   sizeof *all->bridges, NULL);
    if (status == TF_OK && room->bridge_count) {
        memcpy(all->bridges + all->bridge_count, room->bridges,
               room->bridge_count * sizeof *room->bridges);
        all->bridge_count += room->bridge_count;
    }
    pthread_mutex_unlock(all->lock);
    return status;
}

static void measure_clusters(void *context, int thread) {
    (void)thread;
    measuring *all = context;
    measuring_room room = {0};
    uint32_t count = all->clusters->cluster_count;
    while (!atomic_load(&all->has_failed)) {
        uint32_t start = (uint32_t)atomic_fetch_add(&all->next, CLUSTERS_A_TASK);
        if (start >= count) {
            break;
        }
        uint32_t end = count - start < CLUSTERS_A_TASK ? count : start + CLUSTERS_A_TASK;
        for (uint32_t c = start; c < end; c++) {
            if (measure_cluster(all, &room, c)) {
                atomic_store(&all->has_failed, true);
                break;
            }
        }
    }
    if (hand_over_bridges(all, &room)) {
        atomic_store(&all->has_failed, true);
    }
    tf_free(room.links);
    tf_free(room.rows);
    tf_free(room.numbers);
    tf_free(room.bridges);
}

static int compare_bridges(const void *left, const void *right) {
    const tf_cluster_bridge *a = left;
    const tf_cluster_bridge *b = right;
    if (a->cluster != b->cluster) {
        return a->cluster < b->cluster ? -1 : 1;
    }
    if (a->left != b->left) {
        return a->left < b->left ? -1 : 1;
    }
    return (a->right > b->right) - (a->right < b->right);
}

tf_status cluster_measure(tf_clusters *clusters, const cluster_graph *graph,
                          const tf_cluster_options *options, int thread_count, tf_error *error) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    measuring all = {.clusters = clusters,
                     .graph = graph,
                     .options = options,
                     .places = tf_alloc(clusters->record_count, sizeof(uint32_t)),
                     .objectives = tf_alloc(clusters->cluster_count, sizeof(double)),
                     .lock = &lock};
    clusters->metrics = tf_alloc(clusters->cluster_count, sizeof *clusters->metrics);
    clusters->articulations = tf_alloc_zeroed(clusters->record_count, 1);
    tf_status status = TF_OK;
    if (!all.places || !all.objectives || !clusters->metrics || !clusters->articulations) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    for (uint32_t c = 0; c < clusters->cluster_count; c++) {
        for (uint64_t m = clusters->offsets[c]; m < clusters->offsets[c + 1]; m++) {
            all.places[clusters->members[m]] = (uint32_t)(m - clusters->offsets[c]);
        }
    }
    tf_parallel(thread_count, measure_clusters, &all);
    clusters->bridges = all.bridges;
    clusters->bridge_count = all.bridge_count;
    if (atomic_load(&all.has_failed)) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    if (all.bridge_count) {
        qsort(all.bridges, all.bridge_count, sizeof *all.bridges, compare_bridges);
    }
    for (uint32_t c = 0; c < clusters->cluster_count; c++) {
        clusters->objective += all.objectives[c];
    }
done:
    tf_free(all.places);
    tf_free(all.objectives);
    return status;
}

typedef struct reviewed {
    double density, weakest;
    uint32_t size, cluster;
} reviewed;

static int compare_reviewed(const void *left, const void *right) {
    const reviewed *a = left;
    const reviewed *b = right;
    if (a->density != b->density) {
        return a->density < b->density ? -1 : 1;
    }
    if (a->weakest != b->weakest) {
        return a->weakest < b->weakest ? -1 : 1;
    }
    if (a->size != b->size) {
        return a->size > b->size ? -1 : 1;
    }
    return (a->cluster > b->cluster) - (a->cluster < b->cluster);
}

tf_status tf_clusters_worst(const tf_clusters *clusters, size_t most, uint32_t *clusters_out,
                            size_t *count_out, tf_error *error) {
    reviewed *all = tf_alloc(clusters->cluster_count, sizeof *all);
    size_t count = 0;
    *count_out = 0;
    if (!all) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t c = 0; c < clusters->cluster_count; c++) {
        const tf_cluster_metrics *metrics = &clusters->metrics[c];
        if (metrics->size > 1) {
            all[count++] = (reviewed){metrics->density, metrics->weakest_weight, metrics->size, c};
        }
    }
    qsort(all, count, sizeof *all, compare_reviewed);
    *count_out = count < most ? count : most;
    for (size_t i = 0; i < *count_out; i++) {
        clusters_out[i] = all[i].cluster;
    }
    tf_free(all);
    return TF_OK;
}

/* Greedy additive edge contraction, then moves of single records, in turns. */
#include "cluster_internal.h"

#include "trefoil/base/memory.h"

#include <math.h>
#include <string.h>

enum { ROUNDS_MOST = 8, VISITS_A_RECORD = 10 };

/* Gains below this are the rounding of sums. */
static const double least_gain = 1e-9;

#define NONE UINT32_MAX

typedef struct heap_entry {
    double gain;
    uint64_t tie; /* the two clusters' names: of equal gains the lowest first */
    size_t edge;
} heap_entry;

typedef struct contracted_edge {
    uint32_t end[2];
    size_t next[2]; /* half-edges of either end: edge * 2 + side */
    double sum;     /* above missing pairs; -infinity: forbidden; NaN: gone */
    double queued;  /* the gain of its valid entry in the heap */
} contracted_edge;

struct cluster_work {
    contracted_edge *edges;
    size_t edge_capacity, edge_count;
    heap_entry *heap;
    size_t heap_capacity, heap_count;
    size_t *slots; /* of a hash table of edges by their ends; edge + 1, 0 is free */
    size_t slot_capacity, slot_mask;
    uint32_t *numbers; /* room of all arrays below */
    size_t number_capacity;
    double *sums; /* to each cluster */
    size_t sum_capacity;
    size_t *places; /* offsets of rows, and first half-edges of clusters */
    size_t place_capacity;
    uint64_t *row; /* neighbours and edges, for moves */
    size_t row_capacity;
    /* by place or cluster, within `numbers` */
    uint32_t *parent, *size, *degree, *first, *last, *next, *previous, *touched, *queue;
    uint8_t *is_waiting;
    size_t waiting_capacity;
    size_t *half; /* within `places` */
};

cluster_work *cluster_work_new(void) {
    return tf_alloc_zeroed(1, sizeof(cluster_work));
}

void cluster_work_free(cluster_work *work) {
    if (work) {
        tf_free(work->edges);
        tf_free(work->heap);
        tf_free(work->slots);
        tf_free(work->numbers);
        tf_free(work->sums);
        tf_free(work->places);
        tf_free(work->row);
        tf_free(work->is_waiting);
        tf_free(work);
    }
}

static tf_status make_room(cluster_work *work, const cluster_problem *problem) {
    size_t n = problem->count, m = problem->edge_count, slots = 8;
    while (slots < 2 * m) {
        slots *= 2;
    }
    if (tf_reserve(&work->edges, &work->edge_capacity, m, sizeof *work->edges, NULL) ||
        tf_reserve(&work->heap, &work->heap_capacity, m, sizeof *work->heap, NULL) ||
        tf_reserve(&work->slots, &work->slot_capacity, slots, sizeof *work->slots, NULL) ||
        tf_reserve(&work->numbers, &work->number_capacity, 9 * n, sizeof(uint32_t), NULL) ||
        tf_reserve(&work->sums, &work->sum_capacity, n, sizeof(double), NULL) ||
        tf_reserve(&work->places, &work->place_capacity, 2 * n + 1, sizeof(size_t), NULL) ||
        tf_reserve(&work->row, &work->row_capacity, 2 * m, sizeof *work->row, NULL) ||
        tf_reserve(&work->is_waiting, &work->waiting_capacity, n, 1, NULL)) {
        return TF_NO_MEMORY;
    }
    uint32_t **arrays[] = {&work->parent,   &work->size,    &work->degree,
                           &work->first,    &work->last,    &work->next,
                           &work->previous, &work->touched, &work->queue};
    for (size_t i = 0; i < 9; i++) {
        *arrays[i] = work->numbers + i * n;
    }
    work->half = work->places + n + 1;
    work->slot_mask = slots - 1;
    return TF_OK;
}

/* ---- the table of edges by their ends ---- */

static size_t slot_of(const cluster_work *work, uint32_t a, uint32_t b) {
    uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    key *= 0x9e3779b97f4a7c15U;
    return (key ^ key >> 32) & work->slot_mask;
}

static bool is_between(const contracted_edge *edge, uint32_t a, uint32_t b) {
    return (edge->end[0] == a && edge->end[1] == b) || (edge->end[0] == b && edge->end[1] == a);
}

/* The slot of the edge between two clusters, or the free one where it would stand. */
static size_t find_slot(const cluster_work *work, uint32_t a, uint32_t b) {
    size_t slot = slot_of(work, a, b);
    while (work->slots[slot] && !is_between(&work->edges[work->slots[slot] - 1], a, b)) {
        slot = (slot + 1) & work->slot_mask;
    }
    return slot;
}

/* Linear probing without marks: what stood behind moves up (Knuth, volume 3, 6.4, algorithm R). */
static void remove_slot(cluster_work *work, size_t slot) {
    size_t hole = slot;
    for (;;) {
        slot = (slot + 1) & work->slot_mask;
        if (!work->slots[slot]) {
            break;
        }
        const contracted_edge *edge = &work->edges[work->slots[slot] - 1];
        size_t wanted = slot_of(work, edge->end[0], edge->end[1]);
        if (((slot - wanted) & work->slot_mask) >= ((slot - hole) & work->slot_mask)) {
            work->slots[hole] = work->slots[slot];
            hole = slot;
        }
    }
    work->slots[hole] = 0;
}

/* ---- the heap ---- */

static bool is_before(heap_entry a, heap_entry b) {
    if (a.gain != b.gain) {
        return a.gain > b.gain;
    }
    return a.tie != b.tie ? a.tie < b.tie : a.edge < b.edge;
}

static tf_status push(cluster_work *work, size_t edge, double gain) {
    if (tf_reserve(&work->heap, &work->heap_capacity, work->heap_count + 1, sizeof *work->heap,
                   NULL)) {
        return TF_NO_MEMORY;
    }
    uint32_t a = work->edges[edge].end[0], b = work->edges[edge].end[1];
    heap_entry entry = {gain, a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a, edge};
    work->edges[edge].queued = gain;
    size_t i = work->heap_count++;
    for (; i > 0 && is_before(entry, work->heap[(i - 1) / 2]); i = (i - 1) / 2) {
        work->heap[i] = work->heap[(i - 1) / 2];
    }
    work->heap[i] = entry;
    return TF_OK;
}

static heap_entry pop(cluster_work *work) {
    heap_entry top = work->heap[0], moved = work->heap[--work->heap_count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < work->heap_count; i = child) {
        if (child + 1 < work->heap_count && is_before(work->heap[child + 1], work->heap[child])) {
            child++;
        }
        if (!is_before(work->heap[child], moved)) {
            break;
        }
        work->heap[i] = work->heap[child];
    }
    work->heap[i] = moved;
    return top;
}

/* ---- contraction ---- */

static double gain_of(const cluster_work *work, const cluster_problem *problem, size_t edge) {
    const contracted_edge *e = &work->edges[edge];
    return e->sum + problem->options->missing_weight * (double)work->size[e->end[0]] *
                        (double)work->size[e->end[1]];
}

static void add_half(cluster_work *work, size_t edge, int side) {
    uint32_t end = work->edges[edge].end[side];
    work->edges[edge].next[side] = work->half[end];
    work->half[end] = edge * 2 + (size_t)side;
    work->degree[end]++;
}

/* Clusters as the labels have them, with the sums between them. */
static tf_status contract_labels(cluster_work *work, const cluster_problem *problem) {
    uint32_t n = problem->count;
    memset(work->slots, 0, (work->slot_mask + 1) * sizeof *work->slots);
    work->edge_count = work->heap_count = 0;
    for (uint32_t i = 0; i < n; i++) {
        work->parent[i] = i;
        work->size[i] = work->degree[i] = 0;
        work->first[i] = work->last[i] = work->next[i] = NONE;
        work->half[i] = SIZE_MAX;
    }
    for (uint32_t i = n; i-- > 0;) {
        uint32_t c = problem->labels[i];
        work->size[c]++;
        if (problem->is_constrained[i]) {
            work->next[i] = work->first[c];
            work->last[c] = work->first[c] == NONE ? i : work->last[c];
            work->first[c] = i;
        }
    }
    for (size_t i = 0; i < problem->edge_count; i++) {
        uint32_t a = problem->labels[problem->edges[i].a], b = problem->labels[problem->edges[i].b];
        if (a == b) {
            continue;
        }
        size_t slot = find_slot(work, a, b);
        double value = problem->edges[i].value - problem->options->missing_weight;
        if (work->slots[slot]) {
            work->edges[work->slots[slot] - 1].sum += value;
            continue;
        }
        size_t e = work->edge_count++;
        work->edges[e] = (contracted_edge){{a, b}, {0, 0}, value, NAN};
        work->slots[slot] = e + 1;
        add_half(work, e, 0);
        add_half(work, e, 1);
    }
    for (size_t e = 0; e < work->edge_count; e++) {
        double gain = gain_of(work, problem, e);
        if (gain >= 0 && push(work, e, gain)) {
            return TF_NO_MEMORY;
        }
    }
    return TF_OK;
}

/* Cluster `from` becomes part of `into`: its edges are renamed, or added to those there are. */
static tf_status merge(cluster_work *work, const cluster_problem *problem, uint32_t into,
                       uint32_t from) {
    work->parent[from] = into;
    work->size[into] += work->size[from];
    if (work->first[from] != NONE) {
        if (work->first[into] == NONE) {
            work->first[into] = work->first[from];
        } else {
            work->next[work->last[into]] = work->first[from];
        }
        work->last[into] = work->last[from];
    }
    for (size_t half = work->half[from], next; half != SIZE_MAX; half = next) {
        size_t e = half / 2;
        contracted_edge *edge = &work->edges[e];
        int side = (int)(half % 2);
        next = edge->next[side];
        if (isnan(edge->sum)) {
            continue;
        }
        uint32_t other = edge->end[1 - side];
        remove_slot(work, find_slot(work, from, other));
        size_t slot = other == into ? SIZE_MAX : find_slot(work, into, other);
        if (other == into) {
            edge->sum = NAN;
        } else if (!work->slots[slot]) {
            edge->end[side] = into;
            work->slots[slot] = e + 1;
            add_half(work, e, side);
        } else {
            size_t kept = work->slots[slot] - 1;
            double added = edge->sum;
            work->edges[kept].sum += added;
            edge->sum = NAN;
            double gain = gain_of(work, problem, kept);
            if (added > 0 && gain >= 0 && push(work, kept, gain)) {
                return TF_NO_MEMORY;
            }
        }
    }
    return TF_OK;
}

static tf_status contract(cluster_work *work, cluster_problem *problem) {
    if (contract_labels(work, problem)) {
        return TF_NO_MEMORY;
    }
    while (work->heap_count) {
        heap_entry top = pop(work);
        contracted_edge *edge = &work->edges[top.edge];
        if (isnan(edge->sum) || top.gain != edge->queued) {
            continue;
        }
        double gain = gain_of(work, problem, top.edge);
        uint32_t a = edge->end[0], b = edge->end[1];
        if (gain != top.gain) {
            /* The clusters have grown since; what was queued is the most it can be. */
            edge->queued = NAN;
            if (gain >= 0 && push(work, top.edge, gain)) {
                return TF_NO_MEMORY;
            }
        } else if (!cluster_chains_agree(problem, work->next, work->first[a], work->first[b])) {
            edge->sum = -INFINITY;
        } else {
            bool is_a =
                work->degree[a] != work->degree[b] ? work->degree[a] > work->degree[b] : a < b;
            if (merge(work, problem, is_a ? a : b, is_a ? b : a)) {
                return TF_NO_MEMORY;
            }
        }
    }
    for (uint32_t i = 0; i < problem->count; i++) {
        uint32_t c = problem->labels[i];
        while (work->parent[c] != c) {
            c = work->parent[c] = work->parent[work->parent[c]];
        }
        problem->labels[i] = c;
    }
    return TF_OK;
}

/* ---- moves of single records ---- */

/* Rows of neighbours: the edge in the upper half of a number, the neighbour in the lower. */
static void make_rows(cluster_work *work, const cluster_problem *problem) {
    size_t *offsets = work->places;
    memset(offsets, 0, (problem->count + 1) * sizeof *offsets);
    for (size_t i = 0; i < problem->edge_count; i++) {
        offsets[problem->edges[i].a]++;
        offsets[problem->edges[i].b]++;
    }
    for (uint32_t i = 0; i < problem->count; i++) {
        offsets[i + 1] += offsets[i];
    }
    for (size_t i = problem->edge_count; i-- > 0;) {
        work->row[--offsets[problem->edges[i].a]] = (uint64_t)i << 32 | problem->edges[i].b;
        work->row[--offsets[problem->edges[i].b]] = (uint64_t)i << 32 | problem->edges[i].a;
    }
}

static void chain_add(cluster_work *work, uint32_t cluster, uint32_t i) {
    work->previous[i] = NONE;
    work->next[i] = work->first[cluster];
    if (work->first[cluster] != NONE) {
        work->previous[work->first[cluster]] = i;
    }
    work->first[cluster] = i;
}

static void chain_remove(cluster_work *work, uint32_t cluster, uint32_t i) {
    if (work->previous[i] == NONE) {
        work->first[cluster] = work->next[i];
    } else {
        work->next[work->previous[i]] = work->next[i];
    }
    if (work->next[i] != NONE) {
        work->previous[work->next[i]] = work->previous[i];
    }
}

static bool may_join(cluster_work *work, const cluster_problem *problem, uint32_t i,
                     uint32_t cluster) {
    if (!problem->is_constrained[i]) {
        return true;
    }
    uint32_t kept = work->next[i];
    work->next[i] = NONE; /* a chain of itself */
    bool agrees = cluster_chains_agree(problem, work->next, i, work->first[cluster]);
    work->next[i] = kept;
    return agrees;
}

/* An empty cluster; there is one, since a record that moves is not alone. */
static uint32_t find_empty(const cluster_work *work, uint32_t *hint, uint32_t count) {
    while (work->size[*hint]) {
        *hint = *hint + 1 < count ? *hint + 1 : 0;
    }
    return *hint;
}

static uint32_t best_cluster(cluster_work *work, const cluster_problem *problem, uint32_t i,
                             uint32_t *hint) {
    double missing = problem->options->missing_weight;
    uint32_t own = problem->labels[i], touched = 0, best = own;
    for (size_t k = work->places[i]; k < work->places[i + 1]; k++) {
        uint32_t c = problem->labels[(uint32_t)work->row[k]];
        if (isnan(work->sums[c])) {
            work->sums[c] = 0;
            work->touched[touched++] = c;
        }
        work->sums[c] += problem->edges[work->row[k] >> 32].value - missing;
    }
    double here =
        (isnan(work->sums[own]) ? 0 : work->sums[own]) + missing * (double)(work->size[own] - 1);
    double most = here + least_gain;
    if (0 > most) {
        most = 0;
        best = NONE;
    }
    for (uint32_t k = 0; k < touched; k++) {
        uint32_t c = work->touched[k];
        double there = work->sums[c] + missing * (double)work->size[c];
        if (c != own && there > most && may_join(work, problem, i, c)) {
            most = there;
            best = c;
        }
        work->sums[c] = NAN;
    }
    return best == NONE ? find_empty(work, hint, problem->count) : best;
}

static void start_moves(cluster_work *work, const cluster_problem *problem) {
    make_rows(work, problem);
    for (uint32_t i = 0; i < problem->count; i++) {
        work->size[i] = 0;
        work->first[i] = NONE;
        work->sums[i] = NAN;
        work->queue[i] = i;
        work->is_waiting[i] = 1;
    }
    for (uint32_t i = 0; i < problem->count; i++) {
        work->size[problem->labels[i]]++;
        if (problem->is_constrained[i]) {
            chain_add(work, problem->labels[i], i);
        }
    }
}

/* Whether any record has moved. */
static bool move_records(cluster_work *work, cluster_problem *problem) {
    uint32_t n = problem->count, head = 0, waiting = n, hint = 0;
    bool has_moved = false;
    start_moves(work, problem);
    for (uint64_t visits = (uint64_t)n * VISITS_A_RECORD; visits && waiting; visits--) {
        uint32_t i = work->queue[head];
        head = head + 1 < n ? head + 1 : 0;
        waiting--;
        work->is_waiting[i] = 0;
        uint32_t own = problem->labels[i], best = best_cluster(work, problem, i, &hint);
        if (best == own) {
            continue;
        }
        has_moved = true;
        problem->labels[i] = best;
        work->size[own]--;
        work->size[best]++;
        if (problem->is_constrained[i]) {
            chain_remove(work, own, i);
            chain_add(work, best, i);
        }
        for (size_t k = work->places[i]; k < work->places[i + 1]; k++) {
            uint32_t other = (uint32_t)work->row[k];
            if (!work->is_waiting[other]) {
                work->is_waiting[other] = 1;
                work->queue[(uint32_t)(((uint64_t)head + waiting++) % n)] = other;
            }
        }
    }
    return has_moved;
}

tf_status cluster_solve_greedy(cluster_work *work, cluster_problem *problem) {
    if (make_room(work, problem)) {
        return TF_NO_MEMORY;
    }
    for (uint32_t i = 0; i < problem->count; i++) {
        problem->labels[i] = i;
    }
    for (int round = 0; round < ROUNDS_MOST; round++) {
        if (contract(work, problem)) {
            return TF_NO_MEMORY;
        }
        if (!move_records(work, problem)) {
            break;
        }
    }
    return TF_OK;
}

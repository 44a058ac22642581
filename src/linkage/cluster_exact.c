/* The best division of a few records, over their subsets. */
#include "cluster_internal.h"

#include "trefoil/base/memory.h"

typedef struct subsets {
    double values[TF_CLUSTER_EXACT_MOST][TF_CLUSTER_EXACT_MOST];
    uint32_t conflicts[TF_CLUSTER_EXACT_MOST];
    uint32_t same_source[TF_CLUSTER_EXACT_MOST];
    uint32_t limits[TF_CLUSTER_EXACT_MOST];
    double value[1 << TF_CLUSTER_EXACT_MOST];   /* of a subset as one cluster */
    double best[1 << TF_CLUSTER_EXACT_MOST];    /* of its best division */
    uint16_t first[1 << TF_CLUSTER_EXACT_MOST]; /* the cluster of its lowest record in that */
    bool is_possible[1 << TF_CLUSTER_EXACT_MOST];
} subsets;

/* Returns whether all records together are possible and no pair of them speaks against it. */
static bool read_pairs(subsets *all, const cluster_problem *problem) {
    const cluster_constraints *constraints = problem->constraints;
    double missing = problem->options->missing_weight;
    size_t against = (size_t)problem->count * (problem->count - 1) / 2 - problem->edge_count;
    bool is_plain = missing >= 0 || against == 0;
    for (uint32_t i = 0; i < problem->count; i++) {
        all->conflicts[i] = all->same_source[i] = 0;
        all->limits[i] = cluster_limit(constraints, problem->records[i]);
        is_plain = is_plain && !problem->is_constrained[i];
        for (uint32_t k = 0; k < problem->count; k++) {
            all->values[i][k] = missing;
            if (problem->is_constrained[i] && problem->is_constrained[k] && i != k) {
                uint32_t a = problem->records[i], b = problem->records[k];
                bool is_conflict = cluster_find_conflict(constraints, a, b, NULL);
                all->conflicts[i] |= (uint32_t)is_conflict << k;
                bool is_same = cluster_source(constraints, a) == cluster_source(constraints, b);
                all->same_source[i] |= (uint32_t)is_same << k;
            }
        }
    }
    for (size_t e = 0; e < problem->edge_count; e++) {
        cluster_local_edge edge = problem->edges[e];
        all->values[edge.a][edge.b] = all->values[edge.b][edge.a] = edge.value;
        is_plain = is_plain && edge.value >= 0;
    }
    return is_plain;
}

static void rate_subset(subsets *all, uint32_t set) {
    uint32_t low = (uint32_t)__builtin_ctz(set);
    uint32_t rest = set & (set - 1);
    double value = rest ? all->value[rest] : 0;
    for (uint32_t left = rest; left; left &= left - 1) {
        value += all->values[low][__builtin_ctz(left)];
    }
    bool is_over =
        all->limits[low] &&
        (uint32_t)__builtin_popcount(rest & all->same_source[low]) + 1 > all->limits[low];
    all->value[set] = value;
    all->is_possible[set] =
        (!rest || all->is_possible[rest]) && !(all->conflicts[low] & rest) && !is_over;
}

/* Of equal divisions the one whose first cluster is larger: a link of no value is still a link. */
static void divide_subset(subsets *all, uint32_t set) {
    uint32_t low = set & (~set + 1);
    uint32_t rest = set & ~low;
    bool is_first = true;
    for (uint32_t others = rest;; others = (others - 1) & rest) {
        uint32_t cluster = low | others;
        if (all->is_possible[cluster]) {
            uint32_t remaining = set & ~cluster;
            double value = all->value[cluster] + (remaining ? all->best[remaining] : 0);
            if (is_first || value > all->best[set] ||
                (value == all->best[set] &&
                 __builtin_popcount(cluster) > __builtin_popcount(all->first[set]))) {
                all->best[set] = value;
                all->first[set] = (uint16_t)cluster;
                is_first = false;
            }
        }
        if (!others) {
            return;
        }
    }
}

tf_status cluster_solve_exact(cluster_problem *problem) {
    uint32_t everything = (1U << problem->count) - 1;
    subsets *all = tf_alloc(1, sizeof *all);
    if (!all) {
        return TF_NO_MEMORY;
    }
    if (read_pairs(all, problem)) {
        for (uint32_t i = 0; i < problem->count; i++) {
            problem->labels[i] = 0;
        }
        tf_free(all);
        return TF_OK;
    }
    for (uint32_t set = 1; set <= everything; set++) {
        rate_subset(all, set);
        divide_subset(all, set);
    }
    uint32_t label = 0;
    for (uint32_t set = everything; set; label++) {
        uint32_t cluster = all->first[set];
        for (uint32_t left = cluster; left; left &= left - 1) {
            problem->labels[__builtin_ctz(left)] = label;
        }
        set &= ~cluster;
    }
    tf_free(all);
    return TF_OK;
}

/* The heaviest link first, one record of each source in an entity. */
#include "cluster_internal.h"

#include "trefoil/base/memory.h"

#include <stdlib.h>

/* An end of a link among those of one weight: what it would join, and what it would bring. */
typedef struct claim {
    uint64_t wanted; /* the cluster wanted, and the source that wants it */
    uint32_t wanting;
    size_t link;
} claim;

typedef struct linking {
    cluster_problem *problem;
    cluster_local_edge *links;
    claim *claims;
    uint32_t *next; /* chains of places, as cluster_chains_agree reads them */
    uint32_t *last;
} linking;

static int compare_links(const void *left, const void *right) {
    const cluster_local_edge *a = left;
    const cluster_local_edge *b = right;
    if (a->value != b->value) {
        return a->value > b->value ? -1 : 1;
    }
    return (a->position > b->position) - (a->position < b->position);
}

static int compare_claims(const void *left, const void *right) {
    const claim *a = left;
    const claim *b = right;
    if (a->wanted != b->wanted) {
        return a->wanted < b->wanted ? -1 : 1;
    }
    if (a->wanting != b->wanting) {
        return a->wanting < b->wanting ? -1 : 1;
    }
    return (a->link > b->link) - (a->link < b->link);
}

static bool is_possible(const linking *all, cluster_local_edge link) {
    const uint32_t *labels = all->problem->labels;
    return labels[link.a] != labels[link.b] &&
           cluster_chains_agree(all->problem, all->next, labels[link.a], labels[link.b]);
}

/* Mark the links of one weight that want the same cluster for different ones of one source. */
static void mark_ties(linking *all, size_t start, size_t end) {
    const cluster_problem *problem = all->problem;
    size_t count = 0;
    for (size_t i = start; i < end; i++) {
        uint32_t ends[2] = {all->links[i].a, all->links[i].b};
        if (!is_possible(all, all->links[i])) {
            continue;
        }
        for (int side = 0; side < 2; side++) {
            uint16_t source =
                cluster_source(problem->constraints, problem->records[ends[1 - side]]);
            all->claims[count++] = (claim){(uint64_t)problem->labels[ends[side]] << 16 | source,
                                           problem->labels[ends[1 - side]], i};
        }
    }
    qsort(all->claims, count, sizeof *all->claims, compare_claims);
    for (size_t first = 0, end_of; first < count; first = end_of) {
        for (end_of = first + 1;
             end_of < count && all->claims[end_of].wanted == all->claims[first].wanted;) {
            end_of++;
        }
        bool is_tie = all->claims[first].wanting != all->claims[end_of - 1].wanting;
        for (size_t i = first; is_tie && i < end_of; i++) {
            problem->tied[all->links[all->claims[i].link].position] = 1;
        }
    }
}

static void join(linking *all, cluster_local_edge link) {
    uint32_t *labels = all->problem->labels;
    uint32_t a = labels[link.a], b = labels[link.b];
    uint32_t into = a < b ? a : b, from = a < b ? b : a;
    for (uint32_t i = from; i != UINT32_MAX; i = all->next[i]) {
        labels[i] = into;
    }
    all->next[all->last[into]] = from;
    all->last[into] = all->last[from];
}

static void link_all(linking *all, size_t count) {
    cluster_problem *problem = all->problem;
    bool drops = problem->options->ties == TF_CLUSTER_TIES_DROP;
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && all->links[end].value == all->links[start].value;) {
            end++;
        }
        if (end - start > 1) {
            mark_ties(all, start, end);
        }
        for (size_t i = start; i < end; i++) {
            bool is_dropped = drops && problem->tied[all->links[i].position];
            if (!is_dropped && is_possible(all, all->links[i])) {
                join(all, all->links[i]);
            }
        }
    }
}

tf_status cluster_solve_best_link(cluster_problem *problem) {
    linking all = {problem, tf_alloc(problem->edge_count, sizeof(cluster_local_edge)),
                   tf_alloc(2 * problem->edge_count, sizeof(claim)),
                   tf_alloc(problem->count, sizeof(uint32_t)),
                   tf_alloc(problem->count, sizeof(uint32_t))};
    tf_status status = TF_NO_MEMORY;
    if (!all.links || !all.claims || !all.next || !all.last) {
        goto done;
    }
    for (uint32_t i = 0; i < problem->count; i++) {
        problem->labels[i] = all.last[i] = i;
        all.next[i] = UINT32_MAX;
    }
    /* Chains start with the label, which is the lowest place; every place has a limit here. */
    size_t count = 0;
    for (size_t i = 0; i < problem->edge_count; i++) {
        if (problem->edges[i].value >= 0) {
            all.links[count++] = problem->edges[i];
        }
    }
    qsort(all.links, count, sizeof *all.links, compare_links);
    link_all(&all, count);
    status = TF_OK;
done:
    tf_free(all.links);
    tf_free(all.claims);
    tf_free(all.next);
    tf_free(all.last);
    return status;
}

/* What the files of clustering share.  Records are known by their ranks: their places in the order
 * of keys, so that nothing depends on the order in which they came. */
#ifndef TREFOIL_LINKAGE_CLUSTER_INTERNAL_H
#define TREFOIL_LINKAGE_CLUSTER_INTERNAL_H

#include "trefoil/linkage/cluster.h"

/* ---- pairs by rank (cluster_graph.c) ---- */

typedef struct cluster_edge {
    uint32_t other; /* the higher rank */
    float weight;
} cluster_edge;

typedef struct cluster_graph {
    uint32_t count;
    uint32_t *record_of; /* by rank */
    uint32_t *rank_of;   /* by record */
    uint64_t *offsets;   /* count + 1; edges of the lower rank, ascending */
    cluster_edge *edges;
    uint32_t *component; /* by rank: the number of its component */
    uint32_t *local;     /* by rank: its place within the component */
    uint32_t component_count;
    uint64_t *component_offsets; /* component_count + 1 */
    uint32_t *component_ranks;   /* ascending within each */
} cluster_graph;

tf_status cluster_graph_init(cluster_graph *graph, const tf_cluster_input *input, double threshold,
                             int thread_count, tf_error *error);
void cluster_graph_deinit(cluster_graph *graph);

/* ---- what must not be together (cluster_constraints.c), by record ---- */

typedef struct cluster_constraints {
    const tf_cluster_input *input;
    const uint32_t *limits; /* by source */
    size_t limit_count;
    uint32_t every_limit;   /* of all sources, if not 0 */
    uint64_t *link_offsets; /* record_count + 1, or NULL without cannot-links */
    uint32_t *links;        /* ascending within each record */
} cluster_constraints;

typedef struct cluster_conflict {
    tf_cluster_reason reason;
    uint32_t first;
    uint32_t second;
    uint16_t detail;
} cluster_conflict;

tf_status cluster_constraints_init(cluster_constraints *constraints, const tf_cluster_input *input,
                                   const tf_cluster_options *options, tf_error *error);
void cluster_constraints_deinit(cluster_constraints *constraints);

uint32_t cluster_limit(const cluster_constraints *constraints, uint32_t record); /* 0: none */
uint16_t cluster_source(const cluster_constraints *constraints, uint32_t record);

/* Whether a record can be in conflict with any other. */
bool cluster_is_constrained(const cluster_constraints *constraints, uint32_t record);

/* Whether two records can never be one; limits above one are not looked at.  `conflict_out` may be
 * NULL. */
bool cluster_find_conflict(const cluster_constraints *constraints, uint32_t a, uint32_t b,
                           cluster_conflict *conflict_out);

/* ---- one component (cluster_solve.c, cluster_exact.c, cluster_best_link.c) ---- */

typedef struct cluster_local_edge {
    uint32_t a; /* below b */
    uint32_t b;
    double value;      /* weight less threshold: of a link 0 or more */
    uint64_t position; /* in the graph's edges */
} cluster_local_edge;

typedef struct cluster_work cluster_work; /* a thread's own, kept from component to component */

/* One component with its records by place. */
typedef struct cluster_problem {
    const tf_cluster_options *options;
    const cluster_constraints *constraints;
    uint32_t count;
    const uint32_t *records; /* by place */
    const uint8_t *is_constrained;
    size_t edge_count;
    const cluster_local_edge *edges; /* by a, then b */
    uint32_t *labels;                /* out: the cluster of each place, numbered below `count` */
    uint8_t *tied;                   /* out: by position */
} cluster_problem;

cluster_work *cluster_work_new(void);
void cluster_work_free(cluster_work *work);
tf_status cluster_solve_greedy(cluster_work *work, cluster_problem *problem);

/* For up to TF_CLUSTER_EXACT_MOST records. */
tf_status cluster_solve_exact(cluster_problem *problem);

tf_status cluster_solve_best_link(cluster_problem *problem);

/* Whether the two chains of places can be one cluster.  A chain is `next` from its first place to
 * UINT32_MAX and holds constrained places only. */
bool cluster_chains_agree(const cluster_problem *problem, const uint32_t *next, uint32_t a,
                          uint32_t b);

/* ---- what came of it (cluster_metrics.c) ---- */

/* Fills metrics, bridges, articulations and the objective of clusters that have their members. */
tf_status cluster_measure(tf_clusters *clusters, const cluster_graph *graph,
                          const tf_cluster_options *options, int thread_count, tf_error *error);

/* Fills the cuts. */
tf_status cluster_explain(tf_clusters *clusters, const cluster_graph *graph,
                          const cluster_constraints *constraints, const tf_cluster_options *options,
                          const uint8_t *tied, tf_error *error);

#endif

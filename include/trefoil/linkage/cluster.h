/* From scored pairs of records to entities: which records are one person.
 *
 * A pair's value is its match weight less the threshold.  The default method looks for the division
 * of the records into clusters with the greatest sum of the values inside them (correlation
 * clustering; Bansal, Blum & Chawla 2004, Machine Learning 56:89-113), among the divisions that
 * break no constraint.  The problem is NP-hard.  Records that links connect are a component; one of
 * few records is solved exactly, over its subsets.  A larger one is solved by greedy additive edge
 * contraction followed by moves of single records and contraction of what they left (after Keuper
 * et al. 2015, "Efficient decomposition of image and mesh graphs by lifted multicuts", ICCV),
 * bounded by counted work and never by a clock: that is a good division, not always the best. */
#ifndef TREFOIL_LINKAGE_CLUSTER_H
#define TREFOIL_LINKAGE_CLUSTER_H

#include "trefoil/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two records and the log2 Bayes factor of their being one entity. */
typedef struct tf_cluster_pair {
    uint32_t left;
    uint32_t right;
    float weight;
} tf_cluster_pair;

/* 128 bits that name a record in every run, such as a hash of its source and unique id. */
typedef struct tf_cluster_key {
    uint64_t high;
    uint64_t low;
} tf_cluster_key;

#define TF_CLUSTER_NO_DAY INT32_MIN

/* Days as in base/date.h, both included; an end that has not come is INT32_MAX. */
typedef struct tf_cluster_custody {
    int32_t from_day;
    int32_t to_day;
    uint32_t place;
} tf_cluster_custody;

/* What makes it impossible that two records are one person.  Each array may be NULL.
 * - A death before a day on which the other was alive: its last event, or an arrival in custody.
 * - Two custodies at once in different places.  One may end on the day on which the other begins:
 *   that is a transfer.
 * - Different numbers of one kind (a prison number, a health service number). */
typedef struct tf_cluster_evidence {
    const int32_t *death_days;            /* of each record, or TF_CLUSTER_NO_DAY */
    const int32_t *last_event_days;       /* likewise */
    const uint64_t *custody_offsets;      /* record_count + 1: where each one's custodies start */
    const tf_cluster_custody *custodies;  /* all of them, by record */
    const uint64_t *numbers;              /* number_kind_count for each record; 0 is none */
    size_t number_kind_count;             /* at most 65535 */
    const char *const *number_kind_names; /* for the words */
} tf_cluster_evidence;

typedef struct tf_cluster_input {
    uint32_t record_count; /* below UINT32_MAX */
    size_t pair_count;
    const tf_cluster_pair *pairs; /* each two records once, in any order */
    const tf_cluster_key *keys;   /* of each record, all different; NULL: numbers stand for them */
    const uint16_t *sources;      /* of each record; NULL: all are of source 0 */
    const tf_cluster_pair *cannot_links; /* known to be different; their weight is not read */
    size_t cannot_link_count;
    const tf_cluster_evidence *evidence; /* or NULL */
} tf_cluster_input;

typedef enum tf_cluster_method {
    TF_CLUSTER_CORRELATION,
    /* Whatever a chain of links connects; limits, cannot-links and evidence are not looked at. */
    TF_CLUSTER_CONNECTED,
    /* The heaviest link first, each entity with one record of each source at most.  Needs sources;
     * cannot-links and evidence hold. */
    TF_CLUSTER_BEST_LINK,
} tf_cluster_method;

/* Two links of one weight that compete for one record, in TF_CLUSTER_BEST_LINK. */
typedef enum tf_cluster_ties {
    TF_CLUSTER_TIES_LOWEST, /* the records of the lowest keys are linked, or of the lowest numbers
                             */
    TF_CLUSTER_TIES_DROP,   /* none of them is */
} tf_cluster_ties;

enum { TF_CLUSTER_EXACT_MOST = 12, TF_CLUSTER_EXACT_DEFAULT = 8 };

typedef struct tf_cluster_options {
    tf_cluster_method method;
    double threshold;      /* a pair of this weight or more is a link; default 0 */
    double missing_weight; /* value of a pair in a cluster that was not scored, 0 or below; -0.25 */
    tf_cluster_ties ties;
    const uint32_t *source_limits; /* records of each source in an entity; 0: any number; or NULL */
    size_t source_limit_count;     /* sources from here on have no limit */
    uint32_t exact_limit; /* components of up to so many records are solved exactly; 0: none */
    int thread_count;     /* 0: as many as there are processors */
} tf_cluster_options;

/* Why a link is not within an entity. */
typedef enum tf_cluster_reason {
    TF_CLUSTER_CUT_NONE,
    TF_CLUSTER_CUT_CANNOT_LINK,
    TF_CLUSTER_CUT_DEATH,
    TF_CLUSTER_CUT_CUSTODY,
    TF_CLUSTER_CUT_NUMBER,
    TF_CLUSTER_CUT_LIMIT,  /* together they would hold too many records of one source */
    TF_CLUSTER_CUT_TIE,    /* another link of the same weight competed with it */
    TF_CLUSTER_CUT_WEIGHT, /* the other pairs speak against it more than it speaks for */
    TF_CLUSTER_REASON_COUNT,
} tf_cluster_reason;

typedef struct tf_cluster_cut {
    uint32_t left; /* the lower record of the link that was cut */
    uint32_t right;
    float weight;
    tf_cluster_reason reason;
    uint32_t first;  /* the two records that cannot be one: those above, or others of their */
    uint32_t second; /* clusters; of a death, `first` died; of a limit, one of each cluster */
    uint16_t detail; /* the kind of number, or the source whose limit it is */
} tf_cluster_cut;

/* A link without which its cluster falls apart (Tarjan 1974, "A note on finding the bridges of a
 * graph", Information Processing Letters 2:160-161). */
typedef struct tf_cluster_bridge {
    uint32_t left;
    uint32_t right;
    float weight;
    uint32_t cluster;
} tf_cluster_bridge;

typedef struct tf_cluster_metrics {
    uint32_t size;
    uint32_t bridge_count;
    uint32_t articulation_count; /* records without which the cluster falls apart */
    uint64_t pair_count;         /* scored pairs inside */
    uint64_t link_count;         /* of these, with the threshold's weight or more */
    double density;              /* links over possible pairs; 1 for a single record */
    double mean_weight;          /* of the scored pairs; NaN without any */
    double weakest_weight;       /* of the links; NaN without any */
    uint32_t weakest_left;       /* the link that has it, the first if there are several */
    uint32_t weakest_right;
} tf_cluster_metrics;

typedef struct tf_clusters {
    uint32_t record_count;
    uint32_t cluster_count;
    uint32_t *cluster_of; /* of each record; numbered from 0 by their lowest records */
    uint64_t *offsets;    /* cluster_count + 1: where each cluster's records start */
    uint32_t *members;    /* the records, ascending within each cluster */
    tf_cluster_key *ids;  /* of each cluster: the lowest key of its records, see below */
    tf_cluster_metrics *metrics;
    uint8_t *articulations;     /* of each record, 1 if its cluster falls apart without it */
    tf_cluster_bridge *bridges; /* by cluster */
    size_t bridge_count;
    tf_cluster_cut *cuts; /* every link between two clusters */
    size_t cut_count;
    size_t cut_counts[TF_CLUSTER_REASON_COUNT];
    double objective; /* the sum of the values inside, pairs that were not scored included */
} tf_clusters;

TF_API void tf_cluster_options_init(tf_cluster_options *options);

/* The entities, to be freed with tf_clusters_free.  The same for any order of the pairs and any
 * number of threads; with keys, for any order of the records too (numbers apart).
 *
 * Identifiers: a cluster is named by the lowest key of its records.  A run that adds records keeps
 * the name unless the newcomer has a lower key, which for hashed keys and a cluster of n happens
 * once in n + 1 times; two clusters that become one keep the lower name, and of one that is divided
 * the part with the lowest key keeps it.
 *
 * A pair that is given twice is refused and not summed, for the same evidence would count twice.
 * Errors: TF_BAD_INPUT for a record paired with itself or out of range, a pair given twice, a
 * weight that is not a number, keys that are not different, or an option out of range;
 * TF_NO_MEMORY. Thread-safe.  O(pairs log pairs) plus the square of the records with constraints in
 * a cluster; about 20 bytes a pair and 60 a record. */
TF_API tf_status tf_cluster_records(const tf_cluster_input *input,
                                    const tf_cluster_options *options, tf_clusters **clusters_out,
                                    tf_error *error);

TF_API void tf_clusters_free(tf_clusters *clusters); /* accepts NULL */

/* One sentence on why a link was cut, appended to `out`; records are named by their numbers.
 * `input` is what the clusters were made of.  Thread-safe.  O(custodies of the two). */
TF_API void tf_cluster_cut_describe(const tf_cluster_input *input, const tf_cluster_cut *cut,
                                    tf_buffer *out);

/* The clusters most in need of a look, worst first, up to `most` of them in `clusters_out`, which
 * has room for so many: those of two records or more, by density from the sparsest, then by weakest
 * link, then the larger first, then by number.  Returns how many there are.
 * Errors: TF_NO_MEMORY.  Thread-safe.  O(clusters log clusters). */
TF_API tf_status tf_clusters_worst(const tf_clusters *clusters, size_t most, uint32_t *clusters_out,
                                   size_t *count_out, tf_error *error);

#endif

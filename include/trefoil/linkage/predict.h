/* Scoring pairs of records: exhaustively where that is affordable, else those that blocking rules
 * find; and what blocking may have missed. */
#ifndef TREFOIL_LINKAGE_PREDICT_H
#define TREFOIL_LINKAGE_PREDICT_H

#include "trefoil/linkage/model.h"
#include "trefoil/linkage/records.h"
#include "trefoil/stats/interval.h"

/* How a long computation is watched and stopped.  `on_progress` may be called from any thread, one
 * at a time, with a step ("pairs") and how much of it is done, 0 to 1; when it returns false the
 * computation ends soon with TF_IO. */
typedef struct tf_link_watch {
    bool (*on_progress)(void *context, const char *step, double done);
    void *context;
} tf_link_watch;

/* How the work is done; all zero is usual.  What it points to is borrowed. */
typedef struct tf_link_work {
    const tf_standardiser *standardiser; /* NULL: only what is empty is missing */
    const tf_nicknames *nicknames;       /* NULL: nobody has any */
    const tf_link_watch *watch;          /* or NULL */
    int thread_count;                    /* 0: one for each processor */
    size_t memory_limit;                 /* of what predicted pairs may take; 0: none */
    uint64_t seed;                       /* of whatever is drawn at random */
} tf_link_work;

/* A model at work on records: their values in standard spelling, distinct ones numbered, and what
 * was learnt about pairs of them.  Borrows model and records, which must not change but for the
 * model's m, u and prior.  A matcher is for one caller at a time; its functions use threads. */
typedef struct tf_link_matcher tf_link_matcher;

/* Errors: TF_BAD_INPUT for a column that the records lack, TF_UNSUPPORTED for a comparison of too
 * many conditions, TF_NO_MEMORY.  O(values + records * columns). */
TF_API tf_status tf_link_matcher_new(const tf_link_model *model, const tf_link_records *records,
                                     const tf_link_work *work, tf_link_matcher **matcher_out,
                                     tf_error *error);
TF_API void tf_link_matcher_free(tf_link_matcher *matcher); /* accepts NULL */

/* The level of each comparison (model->comparison_count of them).  O(comparisons). */
TF_API tf_status tf_link_matcher_levels(tf_link_matcher *matcher, uint32_t left, uint32_t right,
                                        uint8_t *levels_out, tf_error *error);

/* A pair's evidence, for whoever asks why: weights add up to the pair's with the prior's. */
typedef struct tf_link_reason {
    uint8_t level;
    double weight;         /* log2(m / u) of the level */
    double term_frequency; /* what the frequency of the values adds */
} tf_link_reason;

/* One reason for each comparison.  Errors: as tf_link_predict for a model that is not trained. */
TF_API tf_status tf_link_matcher_explain(tf_link_matcher *matcher, uint32_t left, uint32_t right,
                                         tf_link_reason *reasons_out, double *weight_out,
                                         tf_error *error);

typedef struct tf_link_pair {
    uint32_t left; /* below right */
    uint32_t right;
    double weight;
    int32_t rule; /* that found it, -1 where all pairs were scored */
} tf_link_pair;

/* The levels of many pairs, on several threads: `levels_out` has room for
 * model->comparison_count of each, pair after pair.  Errors: as tf_link_matcher_levels.
 * O(pairs * comparisons). */
TF_API tf_status tf_link_matcher_levels_of(tf_link_matcher *matcher, const tf_link_pair *pairs,
                                           size_t pair_count, uint8_t *levels_out, tf_error *error);

/* What a blocking rule did. */
typedef struct tf_link_rule_report {
    uint32_t blocks;
    uint32_t largest;           /* members of the largest that was used */
    uint64_t pairs;             /* in its blocks, of the type that is linked */
    uint64_t new_pairs;         /* of these, not found by a rule before; 0 until predicted */
    uint32_t set_aside;         /* blocks with too many members */
    uint64_t set_aside_pairs;   /* in them, that only other rules can find */
    uint32_t set_aside_largest; /* members of the largest */
} tf_link_rule_report;

typedef enum tf_link_method {
    TF_LINK_BY_SIZE, /* exhaustive if there are at most TF_LINK_EXHAUSTIVE_PAIRS, or no rules */
    TF_LINK_EXHAUSTIVE,
    TF_LINK_BLOCKED,
} tf_link_method;

#define TF_LINK_EXHAUSTIVE_PAIRS 1.5e9

typedef struct tf_link_predict_options {
    tf_link_method method;
    double threshold;       /* match weight; pairs of less are not kept */
    uint32_t most_a_record; /* keep a pair only if it is among so many best of either; 0: all */
    uint32_t most_members;  /* of a block; 0: TF_LINK_MEMBERS_USUAL */
    uint32_t probe_records; /* records compared with all others to see what blocking misses; 0: as
                             * many as 10 million pairs allow, 10 at least and 1,000 at most */
    bool is_uncertified;    /* nothing is probed */
} tf_link_predict_options;

enum { TF_LINK_MEMBERS_USUAL = 5000 };

/* Of the matches that exist, the share that blocking finds: records drawn at random are compared
 * with all others, and the match probabilities (of 1% or more) of what they find are added up.  The
 * 95% interval is a bootstrap's over the records drawn (Efron & Tibshirani 1993), or Wilson's
 * (1927) for so many matches where that is wider. */
typedef struct tf_link_certificate {
    uint32_t records;   /* drawn; 0: nothing was probed, and nothing below is valid */
    double matches;     /* expected among their pairs */
    double found;       /* of these, by the blocking rules */
    tf_interval recall; /* found by matches */
    double missed;      /* expected matches among all pairs that blocking did not give */
} tf_link_certificate;

typedef struct tf_link_prediction {
    tf_link_pair *pairs; /* by left, then right */
    size_t pair_count;
    bool is_exhaustive;
    double allowed_pairs;    /* that the link type allows */
    uint64_t compared_pairs; /* that were looked at */
    tf_link_rule_report *rules;
    int rule_count;
    tf_link_certificate certificate;
} tf_link_prediction;

/* Score pairs and keep those of the threshold or more.  Free with tf_link_prediction_deinit.
 * The same pairs and weights with any number of threads.
 * Errors: TF_BAD_INPUT for a model that is not trained; TF_NO_MEMORY, also beyond the memory limit;
 * TF_IO if the watch stopped it.
 * O(pairs compared), a few nanoseconds each where values were compared before. */
TF_API tf_status tf_link_predict(tf_link_matcher *matcher, const tf_link_predict_options *options,
                                 tf_link_prediction *prediction_out, tf_error *error);
TF_API void tf_link_prediction_deinit(tf_link_prediction *prediction);

#endif

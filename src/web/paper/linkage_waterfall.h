/* Why two records are one person, or are not: a pair's evidence as a waterfall chart, from the
 * chance before anything was compared to the weight at the end. */
#ifndef WEB_PAPER_LINKAGE_WATERFALL_H
#define WEB_PAPER_LINKAGE_WATERFALL_H

#include "trefoil/linkage/predict.h"
#include "web/chart/chart.h"

typedef struct tf_linkage_pair {
    const tf_link_records *records;
    const tf_link_model *model; /* trained */
    tf_link_matcher *matcher;   /* of both */
    uint32_t left;
    uint32_t right;
    double threshold; /* match weight, drawn across; NaN for none */
} tf_linkage_pair;

/* What one comparison of a pair came to. */
typedef struct tf_linkage_evidence {
    const char *name;    /* of the comparison */
    const char *left;    /* the values, as they stood in the files; a dash where missing */
    const char *right;   /**/
    const char *meaning; /* of the level: "the same", with what the values' frequency adds */
    double weight;       /* that and the level's */
} tf_linkage_evidence;

typedef struct tf_linkage_explanation {
    tf_linkage_evidence *evidence; /* one of each comparison */
    int count;
    double prior;  /* match weight before anything was compared */
    double weight; /* of the pair */
    double probability;
    const char *left; /* the records' names: "prison 1234"; without a source where there is one */
    const char *right;
    tf_chart chart; /* a waterfall; its `id` and `source` are the caller's to set */
} tf_linkage_explanation;

/* Explain a pair; all texts are in the arena.  Errors: as tf_link_matcher_explain; TF_NO_MEMORY. */
tf_status tf_linkage_explain(const tf_linkage_pair *pair, tf_arena *arena,
                             tf_linkage_explanation *explanation_out, tf_error *error);

#endif

/* How good a linkage was, between the command that finds it out and what says it. */
#ifndef CLI_LINK_EVALUATE_H
#define CLI_LINK_EVALUATE_H

#include "cli/link_finished.h"
#include "cli/text_numbers.h"
#include "trefoil/base/json.h"
#include "trefoil/linkage/evaluate.h"

enum { TF_LINK_THRESHOLDS_MOST = 16 };

/* Labelled pairs at a threshold: those linked, and those that are a match. */
typedef struct tf_link_labelled {
    double threshold; /* NaN: as clusters.csv has it */
    uint64_t correct;
    uint64_t wrong;
    uint64_t missed;
    tf_interval precision; /* NaN: of nothing */
    tf_interval recall;
    tf_interval f1;
} tf_link_labelled;

typedef struct tf_link_evaluation {
    tf_link_settings settings;
    const char *folder;
    const char *truth_column;
    const char *by_column; /* or NULL */
    const char *labels_path;
    double thresholds[TF_LINK_THRESHOLDS_MOST];
    size_t threshold_count;

    tf_link_tables tables;
    tf_link_progress progress;
    tf_link_input input; /* the files of the records, if any were named */
    tf_link_finished finished;
    const tf_link_records *records;
    uint32_t truth; /* its column */
    tf_text_numbers groups;
    uint32_t *entity;
    uint32_t *source;
    uint32_t *group;

    bool has_clusters;
    tf_evaluate_clusters clusters;
    bool has_scores;
    tf_evaluate_scores scores;
    uint64_t label_count;
    uint64_t label_matches;
    tf_link_labelled labelled[TF_LINK_THRESHOLDS_MOST + 1];
    size_t labelled_count;
} tf_link_evaluation;

void tf_link_evaluation_say(const tf_link_evaluation *evaluation, tf_buffer *out);
void tf_link_evaluation_json(const tf_link_evaluation *evaluation, tf_buffer *out);

#endif

/* A linkage that was run before, read back from its folder. */
#ifndef CLI_LINK_FINISHED_H
#define CLI_LINK_FINISHED_H

#include "cli/link.h"

typedef struct tf_link_finished {
    const char *folder; /* borrowed */
    tf_link_type type;
    double threshold;
    tf_link_input input; /* clusters.csv; no records where the run made no clusters */
    uint32_t *clusters;  /* the number of each record's cluster, or NULL */
    tf_evaluate_pair *pairs;
    size_t pair_count;
    bool has_pairs; /* pairs.csv is there and was read */
} tf_link_finished;

/* Read manifest.json and, where they are there, clusters.csv and pairs.csv.  `records` are those
 * of the run, or NULL where clusters.csv is to say which there were.
 * Errors: TF_BAD_INPUT for a folder that no run wrote, and for records that are not the run's. */
tf_status tf_link_finished_read(const char *folder, const tf_link_records *records, int threads,
                                tf_link_finished *finished_out, tf_error *error);
void tf_link_finished_deinit(tf_link_finished *finished);

/* The weight of a pair, -infinity where the run did not keep it.  O(log pairs). */
double tf_link_finished_weight(const tf_link_finished *finished, uint32_t left, uint32_t right);

#endif

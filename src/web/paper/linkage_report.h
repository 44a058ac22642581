/* The report of a record linkage: one HTML document that needs no other file and no script.  It
 * says what was read and how it was understood, what the evidence is worth, what was linked, and
 * which decisions deserve a look, for an analyst who has to answer for the result.
 *
 * It shows values of the records as they stood in the files: whoever may read those may read it. */
#ifndef WEB_PAPER_LINKAGE_REPORT_H
#define WEB_PAPER_LINKAGE_REPORT_H

#include "trefoil/linkage/entities.h"
#include "trefoil/linkage/learn.h"
#include "trefoil/linkage/recognise.h"

/* A file that records came from. */
typedef struct tf_linkage_file {
    const char *path;   /* shown without its folder */
    const char *sha256; /* NULL: not known */
    int64_t rows;
    int64_t rejected; /* rows that were no records */
} tf_linkage_file;

/* What is reported on.  Everything is borrowed; what is NULL is left out, unless it is said to be
 * needed. */
typedef struct tf_linkage_report {
    const char *title; /* NULL: "Record linkage report" */
    const tf_linkage_file *files;
    size_t file_count;
    const tf_link_records *records;            /* needed, as the next four */
    const tf_link_model *model;                /* trained */
    tf_link_matcher *matcher;                  /* of this model and these records */
    const tf_link_prediction *prediction;      /* by this matcher */
    const tf_clusters *clusters;               /* of this prediction */
    const tf_recognised *recognised;           /* one of each column; NULL: a model said it */
    const tf_link_learning *learning;          /* NULL: the model came trained */
    const tf_link_rule *learning_rules;        /* that its sessions name; NULL: the model's */
    const tf_cluster_options *cluster_options; /* NULL: the defaults */
    const char *model_name;                    /* the file that the model was read from */
    const char *version;                       /* of the program */
    double threshold;                          /* match weight from which two records are linked */
    double kept_threshold;                     /* match weight from which pairs were kept */
    double seconds; /* that the linkage took; 0 is not said, so that the same inputs give the same
                     * bytes */
    uint64_t seed;
} tf_linkage_report;

/* Append the document to `html`.  It depends on the input alone.
 * Errors: TF_NO_MEMORY, and what tf_link_matcher_explain fails with.  One caller at a time for a
 * matcher.  O(pairs + records), and the explaining of 100,000 records at most. */
tf_status tf_linkage_report_write(const tf_linkage_report *report, tf_buffer *html,
                                  tf_error *error);

#endif

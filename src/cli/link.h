/* What the linkage commands share: their options, the records they read, the linkage they run. */
#ifndef CLI_LINK_H
#define CLI_LINK_H

#include "cli/command.h"
#include "pack/pack.h"
#include "trefoil/linkage/entities.h"
#include "trefoil/linkage/learn.h"
#include "trefoil/linkage/recognise.h"
#include "trefoil/linkage/records.h"
#include "trefoil/table/source.h"

/* The options that every command on records has, first in its table. */
enum {
    TF_LINK_OPTION_ID,
    TF_LINK_OPTION_SOURCE,
    TF_LINK_OPTION_THREADS,
    TF_LINK_OPTION_MEMORY,
    TF_LINK_OPTION_SEED,
    TF_LINK_OPTION_SHARED
};

#define TF_LINK_SHARED_OPTIONS                                                                     \
    [TF_LINK_OPTION_ID] = {"id", "COLUMN",                                                         \
                           "the column that names each record; recognised, or the row's number, "  \
                           "if nothing is said",                                                   \
                           false},                                                                 \
    [TF_LINK_OPTION_SOURCE] = {"source", "COLUMN",                                                 \
                               "the column that says which service a record is from; the file's "  \
                               "name if there is none",                                            \
                               false},                                                             \
    [TF_LINK_OPTION_THREADS] = {"threads", "N", "one for each processor if nothing is said",       \
                                false},                                                            \
    [TF_LINK_OPTION_MEMORY] = {"memory", "MB",                                                     \
                               "stop with a word rather than take more memory for records, or "    \
                               "for pairs; no limit if nothing is said",                           \
                               false},                                                             \
    [TF_LINK_OPTION_SEED] = {"seed", "S", "for what is drawn at random; 1 if nothing is said",     \
                             false}

/* The tables of the pack that standardising needs. */
typedef struct tf_link_tables {
    tf_pack *pack;
    tf_missing *missing;
    tf_nicknames *nicknames;
    tf_standardiser standardiser;
} tf_link_tables;

tf_status tf_link_tables_open(tf_link_tables *tables, tf_error *error);
void tf_link_tables_close(tf_link_tables *tables);

/* A file that was read, for the manifest. */
typedef struct tf_link_file {
    const char *path; /* borrowed */
    char sha256[TF_SHA256_TEXT_SIZE];
    int64_t rows;
    int64_t rejected;
} tf_link_file;

/* Rows that were no records, as lines of CSV: file,line,reason,text. */
typedef struct tf_link_input {
    tf_link_records *records;
    tf_link_file *files;
    size_t file_count;
    char *id_column;     /* NULL: rows are numbered */
    char *source_column; /* NULL: files are the sources */
    tf_buffer rejects;
    int64_t reject_count;
} tf_link_input;

/* How records are read and worked on, from the shared options. */
typedef struct tf_link_settings {
    const char *id_column;
    const char *source_column;
    int threads;
    size_t memory_limit;
    uint64_t seed;
} tf_link_settings;

tf_status tf_link_read_options(const tf_arguments *arguments, tf_link_settings *settings_out,
                               tf_error *error);

/* Read CSV files (plain, gzip) and Arrow streams into records.  What neither `settings` nor a
 * model names, the id and the source, is recognised from the first file. */
tf_status tf_link_read(char **paths, size_t path_count, const tf_link_settings *settings,
                       const tf_link_tables *tables, const tf_link_model *model,
                       tf_link_input *input_out, tf_error *error);
void tf_link_input_deinit(tf_link_input *input);

/* A whole linkage. */
typedef struct tf_link_run {
    tf_link_settings settings;
    tf_link_tables tables;
    tf_link_input input;
    tf_recognised *recognised; /* of each column; NULL where a model was given */
    tf_link_model *model;
    tf_link_matcher *matcher;
    tf_link_learning learning;
    bool was_trained; /* here, and not before */
    tf_link_predict_options predict;
    tf_link_prediction prediction;
    tf_cluster_options cluster;
    tf_clusters *clusters;
    double seconds[8]; /* of each step, see tf_link_stage */
} tf_link_run;

typedef enum tf_link_stage {
    TF_LINK_STAGE_READ,
    TF_LINK_STAGE_SETTINGS,
    TF_LINK_STAGE_PREPARE,
    TF_LINK_STAGE_TRAIN,
    TF_LINK_STAGE_PREDICT,
    TF_LINK_STAGE_CLUSTER,
    TF_LINK_STAGE_WRITE,
} tf_link_stage;

void tf_link_run_deinit(tf_link_run *run);

/* Write clusters.csv, pairs.csv (or pairs.arrow), model.json, manifest.json into a folder, all of
 * them or none. */
tf_status tf_link_write(tf_link_run *run, const char *folder, bool wants_arrow, tf_error *error);

#endif

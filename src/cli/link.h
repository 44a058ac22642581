/* What the linkage commands share: their options, the records they read, the linkage they run, and
 * what they leave behind. */
#ifndef CLI_LINK_H
#define CLI_LINK_H

#include "cli/command.h"
#include "cli/output_folder.h"
#include "pack/pack.h"
#include "trefoil/linkage/entities.h"
#include "trefoil/linkage/evaluate.h"
#include "trefoil/linkage/learn.h"
#include "trefoil/linkage/recognise.h"
#include "trefoil/linkage/records.h"
#include "trefoil/table/source.h"

/* ---- options ---- */

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
                           "the column that names each record, or row-number; recognised, or the " \
                           "row's number, if nothing is said",                                     \
                           false},                                                                 \
    [TF_LINK_OPTION_SOURCE] = {"source", "COLUMN",                                                 \
                               "the column that says which service a record is from; recognised, " \
                               "or the file's name, if nothing is said",                           \
                               false},                                                             \
    [TF_LINK_OPTION_THREADS] = {"threads", "N", "one for each processor if nothing is said",       \
                                false},                                                            \
    [TF_LINK_OPTION_MEMORY] = {"memory", "MB",                                                     \
                               "stop with a word rather than take more memory for records, or "    \
                               "for pairs; no limit if nothing is said",                           \
                               false},                                                             \
    [TF_LINK_OPTION_SEED] = {"seed", "S", "for what is drawn at random; 1 if nothing is said",     \
                             false}

/* The options of commands that make people of pairs, in this order from the number `first` on. */
enum {
    TF_LINK_PEOPLE_THRESHOLD,
    TF_LINK_PEOPLE_PROBABILITY,
    TF_LINK_PEOPLE_CLUSTERS,
    TF_LINK_PEOPLE_LIMIT,
    TF_LINK_PEOPLE_CANNOT_LINK,
    TF_LINK_PEOPLE_COUNT
};

#define TF_LINK_PEOPLE_OPTIONS(first)                                                              \
    [(first) +                                                                                     \
        TF_LINK_PEOPLE_THRESHOLD] = {"threshold", "WEIGHT",                                        \
                                     "the match weight from which two records are linked; "        \
                                     "0 if nothing is said",                                       \
                                     false},                                                       \
        [(first) + TF_LINK_PEOPLE_PROBABILITY] = {"probability", "P",                              \
                                                  "the same as a match probability, such as 0.95", \
                                                  false},                                          \
        [(first) +                                                                                 \
            TF_LINK_PEOPLE_CLUSTERS] = {"clusters", "METHOD",                                      \
                                        "how links become people: correlation (if nothing is "     \
                                        "said), connected or best-link",                           \
                                        false},                                                    \
        [(first) +                                                                                 \
            TF_LINK_PEOPLE_LIMIT] = {"limit-per-source", "N",                                      \
                                     "so many records of one source are one person at most",       \
                                     false},                                                       \
        [(first) + TF_LINK_PEOPLE_CANNOT_LINK] = {                                                 \
            "cannot-link", "FILE",                                                                 \
            "pairs that are known to be different people: CSV with the columns source_l, "         \
            "unique_id_l, source_r, unique_id_r",                                                  \
            false}

typedef struct tf_link_people {
    double threshold; /* match weight */
    tf_cluster_method method;
    int64_t limit_per_source;     /* 0: none */
    const char *cannot_link_path; /* NULL: none */
} tf_link_people;

/* `values` are those from the first of these options on.  Errors: TF_BAD_INPUT, a fault of the
 * command line. */
tf_status tf_link_read_people(const char *const *values, tf_link_people *people_out,
                              tf_error *error);

/* How records are read and worked on, from the shared options. */
typedef struct tf_link_settings {
    const char *id_column;
    const char *source_column;
    int threads;
    size_t memory_limit;
    uint64_t seed;
} tf_link_settings;

/* Errors of these: TF_BAD_INPUT, a fault of the command line.  A value is untouched where `text` is
 * NULL; `name` is the option's. */
tf_status tf_link_read_options(const tf_arguments *arguments, tf_link_settings *settings_out,
                               tf_error *error);

/* Of --threshold and --probability, at most one of which is said. */
tf_status tf_link_option_threshold(const char *weight, const char *probability,
                                   double *threshold_out, tf_error *error);

/* Rising numbers with commas between them.  Returns how many in `*count_out`, at most `most`. */
tf_status tf_link_option_numbers(const char *text, const char *name, size_t most,
                                 double *values_out, size_t *count_out, tf_error *error);

extern const char *const tf_link_cluster_words[]; /* by tf_cluster_method */
extern const char *const tf_link_method_words[];  /* by tf_link_method */
extern const char *const tf_link_type_words[];    /* by tf_link_type */

/* ---- the pack's tables that standardising needs ---- */

typedef struct tf_link_tables {
    tf_pack *pack;
    tf_missing *missing;
    tf_nicknames *nicknames;
    tf_standardiser standardiser;
} tf_link_tables;

tf_status tf_link_tables_open(tf_link_tables *tables, tf_error *error);
void tf_link_tables_close(tf_link_tables *tables);

/* ---- progress ---- */

/* One line on a terminal, written again and again. */
typedef struct tf_link_progress {
    bool is_live;
    double last_said;
} tf_link_progress;

void tf_link_progress_start(tf_link_progress *progress);
bool tf_link_progress_say(void *context, const char *step, double done); /* a watch's */
void tf_link_progress_clear(tf_link_progress *progress);

/* ---- records ---- */

/* A file that was read, for the manifest. */
typedef struct tf_link_file {
    const char *path; /* borrowed */
    char sha256[TF_SHA256_TEXT_SIZE];
    int64_t rows;
    int64_t rejected;
} tf_link_file;

typedef struct tf_link_input {
    tf_link_records *records;
    tf_link_file *files;
    size_t file_count;
    char *id_column;     /* NULL: rows are numbered */
    char *source_column; /* NULL: files are the sources */
    tf_buffer rejects;   /* rows that were no records, as lines of CSV: file,line,reason,text */
    int64_t reject_count;
    tf_buffer first_reject; /* "people.csv, line 7: the reason" */
} tf_link_input;

/* Read CSV files (plain, gzip) and Arrow streams into records.  What neither `settings` nor a
 * model (or NULL) names, the id and the source, is recognised from the first file. */
tf_status tf_link_read(char **paths, size_t path_count, const tf_link_settings *settings,
                       const tf_link_tables *tables, const tf_link_model *model,
                       tf_link_progress *progress, tf_link_input *input_out, tf_error *error);
void tf_link_input_deinit(tf_link_input *input);

/* A whole file, plain or gzip, appended to `buffer`. */
tf_status tf_link_read_bytes(const char *path, tf_buffer *buffer, tf_error *error);

/* ---- pairs of records in a CSV file ---- */

/* What rows are read for, beside source_l, unique_id_l, source_r, unique_id_r (Splink's
 * source_dataset_l as well; sources may be left out where there is one). */
typedef enum tf_link_pair_value {
    TF_LINK_PAIR_ALONE,
    TF_LINK_PAIR_WEIGHT, /* match_weight */
    TF_LINK_PAIR_LABEL,  /* clerical_match_score, or match: 0.5 or more, or yes, is a match */
} tf_link_pair_value;

/* The pairs of the file at `path` by number of record; `*pairs_out` is to be freed with tf_free.
 * `weight` is the value, NaN where none was asked for.  Errors: TF_BAD_INPUT with the line for a
 * record that is not there, a pair of a record with itself, a value that is no number. */
tf_status tf_link_read_pairs(const char *path, tf_link_pair_value value,
                             const tf_link_records *records, int threads,
                             tf_evaluate_pair **pairs_out, size_t *count_out, tf_error *error);

/* The records that the pairs of a file are of, each once. */
tf_status tf_link_read_paired(const char *path, int threads, tf_link_records **records_out,
                              tf_error *error);

/* ---- a linkage ---- */

typedef enum tf_link_stage {
    TF_LINK_STAGE_READ,
    TF_LINK_STAGE_SETTINGS,
    TF_LINK_STAGE_TRAIN,
    TF_LINK_STAGE_PREDICT,
    TF_LINK_STAGE_CLUSTER,
    TF_LINK_STAGE_WRITE,
    TF_LINK_STAGE_COUNT
} tf_link_stage;

typedef struct tf_link_run {
    /* What was asked for. */
    const char *command; /* "link dedupe" */
    tf_link_settings settings;
    const char *settings_path; /* or NULL: settings are suggested */
    const char *cannot_link_path;
    const char *labels_path; /* pairs whose truth is known, to learn m from as well; or NULL */
    bool always_trains;
    tf_link_type type;
    tf_link_predict_options predict;
    tf_cluster_options cluster;
    uint32_t limit_per_source; /* 0: none */

    /* What came of it, step by step. */
    tf_link_tables tables;
    tf_link_progress progress;
    tf_link_watch watch;
    tf_link_input input;
    char settings_sha256[TF_SHA256_TEXT_SIZE];
    char cannot_link_sha256[TF_SHA256_TEXT_SIZE];
    tf_recognised *recognised; /* of each column; NULL where settings were given */
    tf_person_field *fields;   /* what each column is used as; likewise */
    tf_link_model *model;
    tf_link_matcher *matcher;
    bool was_trained; /* here, and not before */
    tf_link_learning learning;
    size_t label_count;
    tf_link_prediction prediction;
    uint32_t *source_limits;
    tf_cluster_pair *cannot_links;
    size_t cannot_link_count;
    tf_clusters *clusters; /* NULL where none were asked for */
    double started;
    double seconds[TF_LINK_STAGE_COUNT];
} tf_link_run;

/* A run that nothing was asked of yet; to be given to tf_link_run_deinit. */
void tf_link_run_init(tf_link_run *run, const char *command);
void tf_link_run_deinit(tf_link_run *run);

/* Read settings and records, or records and settings that fit them.  `run->type` becomes the
 * model's. */
tf_status tf_link_run_read(tf_link_run *run, char **paths, size_t path_count, tf_error *error);

/* Learn what the model lacks; nothing if it lacks nothing. */
tf_status tf_link_run_train(tf_link_run *run, tf_error *error);

tf_status tf_link_run_predict(tf_link_run *run, tf_error *error);
tf_status tf_link_run_cluster(tf_link_run *run, tf_error *error);

/* Whether it has every m, every u and the prior. */
bool tf_link_model_is_trained(const tf_link_model *model);

/* ---- what a linkage leaves behind ---- */

typedef enum tf_link_pairs_form {
    TF_LINK_PAIRS_CSV,
    TF_LINK_PAIRS_ARROW,
    TF_LINK_PAIRS_NONE
} tf_link_pairs_form;
extern const char *const tf_link_pairs_words[];

/* Write clusters.csv, pairs.csv or pairs.arrow, model.json, rejects.csv if there are any, and
 * manifest.json into a folder: all of them or none.  Other files of these names, from an earlier
 * run, are removed. */
tf_status tf_link_write(tf_link_run *run, const char *path, tf_link_pairs_form form,
                        tf_error *error);

/* "source,unique_id,cluster_id" and a line for each record. */
tf_status tf_link_write_clusters(const tf_link_records *records, const tf_clusters *clusters,
                                 int threads, tf_output_folder *folder, const char *name,
                                 tf_error *error);
tf_status tf_link_write_pairs_csv(tf_link_run *run, tf_output_folder *folder, tf_error *error);
tf_status tf_link_write_pairs_arrow(tf_link_run *run, tf_output_folder *folder, tf_error *error);

/* What was done, from which files, and the hashes of what is in the folder so far.  Nothing in it
 * depends on the clock or on the number of threads. */
tf_status tf_link_manifest_write(const tf_link_run *run, const tf_output_folder *folder,
                                 tf_buffer *out, tf_error *error);

/* ---- what is said of it ---- */

/* A paragraph in the page's width. */
void tf_link_say(tf_buffer *out, const char *format, ...) TF_PRINTF(2, 3);

void tf_link_say_input(const tf_link_run *run, tf_buffer *out);
void tf_link_say_settings(const tf_link_run *run, tf_buffer *out);
void tf_link_say_training(const tf_link_run *run, tf_buffer *out);
void tf_link_say_pairs(const tf_link_run *run, tf_buffer *out);
void tf_link_say_seconds(const tf_link_run *run, tf_buffer *out); /* that the steps took */
void tf_link_say_clusters(const tf_link_records *records, const tf_clusters *clusters,
                          tf_buffer *out);

#endif

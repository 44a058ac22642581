/* A linkage, step by step. */
#include "cli/link.h"

#include "trefoil/base/date.h"
#include "trefoil/linkage/model_json.h"
#include "trefoil/linkage/suggest.h"

#include <math.h>

static const double SAFE_SCORE = 0.5; /* of what a column was recognised as */

void tf_link_run_init(tf_link_run *run, const char *command) {
    *run = (tf_link_run){.command = command, .started = tf_seconds_monotonic()};
    tf_cluster_options_init(&run->cluster);
    tf_buffer_init(&run->input.rejects);
    tf_buffer_init(&run->input.first_reject);
    tf_link_progress_start(&run->progress);
}

void tf_link_run_deinit(tf_link_run *run) {
    tf_link_progress_clear(&run->progress);
    tf_clusters_free(run->clusters);
    tf_free(run->cannot_links);
    tf_free(run->source_limits);
    tf_link_prediction_deinit(&run->prediction);
    tf_link_matcher_free(run->matcher);
    tf_link_model_free(run->model);
    tf_free(run->fields);
    tf_free(run->recognised);
    tf_link_input_deinit(&run->input);
    tf_link_tables_close(&run->tables);
}

static void end_stage(tf_link_run *run, tf_link_stage stage, double since) {
    run->seconds[stage] += tf_seconds_monotonic() - since;
}

bool tf_link_model_is_trained(const tf_link_model *model) {
    bool is_trained = !isnan(model->prior);
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            const tf_link_level *level = &model->comparisons[c].levels[i];
            is_trained = is_trained && (level->is_null || !(isnan(level->m) || isnan(level->u)));
        }
    }
    return is_trained;
}

/* ---- settings ---- */

static tf_status read_settings(tf_link_run *run, tf_error *error) {
    tf_buffer json;
    tf_buffer_init(&json);
    tf_status status = tf_link_read_bytes(run->settings_path, &json, error);
    if (!status) {
        status = tf_link_model_read((tf_text){json.data, json.length}, &run->model, error);
        tf_error_set_place(status ? error : NULL, run->settings_path);
    }
    tf_buffer_deinit(&json);
    return status ? status : tf_file_sha256(run->settings_path, run->settings_sha256, error);
}

/* So that the model finds id and source again where it is used next. */
static tf_status name_columns(tf_link_run *run, tf_error *error) {
    const char *id = run->input.id_column;
    const char *source = run->input.source_column;
    tf_link_model *model = run->model;
    if (id) {
        model->id_column = tf_arena_copy_text(model->arena, id, strlen(id));
    }
    if (source) {
        model->source_column = tf_arena_copy_text(model->arena, source, strlen(source));
    }
    return model->id_column && model->source_column ? TF_OK : tf_fail_no_memory(error);
}

static tf_status suggest(tf_link_run *run, tf_error *error) {
    const tf_link_records *records = run->input.records;
    uint32_t columns = tf_link_records_column_count(records);
    run->recognised = tf_alloc_zeroed(columns, sizeof *run->recognised);
    run->fields = tf_alloc(columns, sizeof *run->fields);
    if (!run->recognised || !run->fields) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_link_recognise(records, run->tables.missing, run->recognised, error);
    for (uint32_t c = 0; c < columns && !status; c++) {
        run->fields[c] =
            run->recognised[c].score >= SAFE_SCORE ? run->recognised[c].field : TF_PERSON_COUNT;
    }
    if (!status) {
        status = tf_link_suggest(records, run->fields, run->type, &run->tables.standardiser, 0,
                                 &run->model, error);
    }
    return status ? status : name_columns(run, error);
}

/* The type that was asked for, if the sources allow it. */
static tf_status choose_type(tf_link_run *run, tf_error *error) {
    uint16_t sources = tf_link_records_source_count(run->input.records);
    tf_text first = tf_link_records_source_name(run->input.records, 0);
    if (run->settings_path && run->type == TF_LINK_BETWEEN && run->model->type == TF_LINK_DEDUPE) {
        return tf_fail(error, TF_BAD_INPUT, run->settings_path, 0,
                       "these settings are for records of one source; to link between sources, "
                       "write \"link_type\": \"between\" in them");
    }
    if (run->settings_path) {
        run->type = run->model->type;
    }
    if (sources == 1 && run->type == TF_LINK_BETWEEN) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "all records are of one source, %.*s, so that there is nothing to link it "
                       "with; give another file, or name the column that tells sources apart with "
                       "--source",
                       TF_TEXT_ARG(first));
    }
    if (sources == 1) {
        run->type = TF_LINK_DEDUPE;
    }
    if (run->model) {
        run->model->type = run->type;
    }
    return TF_OK;
}

/* ---- whether there is something to learn from ---- */

/* A comparison of which every column is empty teaches nothing. */
static tf_status check_filled(const tf_link_run *run, const tf_link_comparison *comparison,
                              tf_error *error) {
    const tf_link_records *records = run->input.records;
    const char *empty = NULL;
    bool is_filled = false;
    for (uint32_t column = 0; column < tf_link_records_column_count(records); column++) {
        const char *name = tf_link_records_column_name(records, column).data;
        if (tf_link_comparison_reads(comparison, name)) {
            bool has_none = tf_link_records_filled(records, column) <= 0;
            empty = has_none ? name : empty;
            is_filled = is_filled || !has_none;
        }
    }
    return !empty || is_filled
               ? TF_OK
               : tf_fail(error, TF_BAD_INPUT, run->settings_path, 0,
                         "the comparison %.80s reads the column %.80s, which is empty in every "
                         "record; leave the comparison out",
                         comparison->name, empty);
}

/* Whether a column has the same value, or none, in every record. */
static bool is_constant(const tf_link_records *records, uint32_t column) {
    double filled = tf_link_records_filled(records, column);
    return tf_link_records_distinct(records, column) == 0 ||
           (tf_link_records_distinct(records, column) == 1 && filled >= 1);
}

/* Records that are all alike could be one person, or nothing could have been written down. */
static tf_status check_differ(const tf_link_run *run, tf_error *error) {
    const tf_link_records *records = run->input.records;
    uint32_t count = tf_link_records_count(records);
    if (count < 2) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "there is one record alone, and so no pair to compare; give two records or "
                       "more");
    }
    for (uint32_t column = 0; column < tf_link_records_column_count(records); column++) {
        bool is_read = !run->model; /* before there are settings, all are */
        for (int c = 0; run->model && c < run->model->comparison_count; c++) {
            is_read = is_read ||
                      tf_link_comparison_reads(&run->model->comparisons[c],
                                               tf_link_records_column_name(records, column).data);
        }
        if (is_read && !is_constant(records, column)) {
            return TF_OK;
        }
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "all %u records are alike in every column that is compared, so that nothing can "
                   "be learnt from them; give records that differ, or a model that is trained "
                   "already",
                   count);
}

static tf_status check_teaches(const tf_link_run *run, tf_error *error) {
    tf_status status = check_differ(run, error);
    for (int c = 0; c < run->model->comparison_count && !status; c++) {
        status = check_filled(run, &run->model->comparisons[c], error);
    }
    return status;
}

/* ---- steps ---- */

tf_status tf_link_run_read(tf_link_run *run, char **paths, size_t path_count, tf_error *error) {
    double since = tf_seconds_monotonic();
    run->watch = (tf_link_watch){tf_link_progress_say, &run->progress};
    tf_status status = tf_link_tables_open(&run->tables, error);
    if (!status && run->settings_path) {
        status = read_settings(run, error);
    }
    if (!status) {
        status = tf_link_read(paths, path_count, &run->settings, &run->tables, run->model,
                              &run->progress, &run->input, error);
    }
    end_stage(run, TF_LINK_STAGE_READ, since);
    since = tf_seconds_monotonic();
    if (!status) {
        tf_link_progress_say(&run->progress, "settings", 0);
        status = choose_type(run, error);
    }
    if (!status && !run->model) {
        status = check_differ(run, error);
    }
    if (!status && !run->model) {
        status = suggest(run, error);
    }
    end_stage(run, TF_LINK_STAGE_SETTINGS, since);
    return status;
}

static tf_status prepare(tf_link_run *run, tf_error *error) {
    tf_link_work work = {.standardiser = &run->tables.standardiser,
                         .nicknames = run->tables.nicknames,
                         .watch = &run->watch,
                         .thread_count = run->settings.threads,
                         .memory_limit = run->settings.memory_limit,
                         .seed = run->settings.seed};
    tf_status status =
        tf_link_matcher_new(run->model, run->input.records, &work, &run->matcher, error);
    if (status && run->settings_path) {
        tf_error_set_place(error, run->settings_path);
    }
    return status;
}

static tf_status learn_labels(tf_link_run *run, tf_error *error) {
    tf_evaluate_pair *pairs = NULL;
    int unseen = 0;
    tf_status status = tf_link_read_pairs(run->labels_path, TF_LINK_PAIR_LABEL, run->input.records,
                                          run->settings.threads, &pairs, &run->label_count, error);
    tf_link_label *labels = status ? NULL : tf_alloc(run->label_count, sizeof *labels);
    if (!status && !labels) {
        status = tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < run->label_count && !status; i++) {
        labels[i] = (tf_link_label){pairs[i].left, pairs[i].right, pairs[i].weight >= 0.5};
    }
    if (!status) {
        status = tf_link_learn_labels(run->matcher, run->model, labels, run->label_count, &unseen,
                                      error);
        tf_error_set_place(status ? error : NULL, run->labels_path);
    }
    tf_free(labels);
    tf_free(pairs);
    return status;
}

tf_status tf_link_run_train(tf_link_run *run, tf_error *error) {
    double since = tf_seconds_monotonic();
    tf_link_progress_say(&run->progress, "comparing values", 0);
    tf_status status = prepare(run, error);
    if (!status && (run->always_trains || !tf_link_model_is_trained(run->model))) {
        tf_link_learn_options options = {.method = run->predict.method};
        run->was_trained = true;
        status = check_teaches(run, error);
        if (!status) {
            status = tf_link_learn(run->matcher, run->model, &options, &run->learning, error);
        }
    }
    if (!status && run->labels_path) {
        status = learn_labels(run, error);
    }
    end_stage(run, TF_LINK_STAGE_TRAIN, since);
    return status;
}

tf_status tf_link_run_predict(tf_link_run *run, tf_error *error) {
    double since = tf_seconds_monotonic();
    tf_status status = tf_link_predict(run->matcher, &run->predict, &run->prediction, error);
    end_stage(run, TF_LINK_STAGE_PREDICT, since);
    return status;
}

/* ---- entities ---- */

static tf_status read_cannot_links(tf_link_run *run, tf_error *error) {
    tf_evaluate_pair *pairs = NULL;
    size_t count = 0;
    tf_status status =
        tf_link_read_pairs(run->cannot_link_path, TF_LINK_PAIR_ALONE, run->input.records,
                           run->settings.threads, &pairs, &count, error);
    run->cannot_links = status ? NULL : tf_alloc(count, sizeof *run->cannot_links);
    if (!status && !run->cannot_links) {
        status = tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count && !status; i++) {
        run->cannot_links[i] = (tf_cluster_pair){pairs[i].left, pairs[i].right, 0};
    }
    run->cannot_link_count = status ? 0 : count;
    tf_free(pairs);
    return status ? status : tf_file_sha256(run->cannot_link_path, run->cannot_link_sha256, error);
}

static tf_status set_limits(tf_link_run *run, tf_error *error) {
    uint16_t sources = tf_link_records_source_count(run->input.records);
    run->source_limits = tf_alloc(sources, sizeof *run->source_limits);
    if (!run->source_limits) {
        return tf_fail_no_memory(error);
    }
    for (uint16_t i = 0; i < sources; i++) {
        run->source_limits[i] = run->limit_per_source;
    }
    run->cluster.source_limits = run->source_limits;
    run->cluster.source_limit_count = sources;
    return TF_OK;
}

tf_status tf_link_run_cluster(tf_link_run *run, tf_error *error) {
    double since = tf_seconds_monotonic();
    tf_status status = TF_OK;
    if (run->cluster.method == TF_CLUSTER_BEST_LINK && run->type == TF_LINK_DEDUPE) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "--clusters best-link takes one record of each source at most, and only "
                       "records of one source are linked; leave it out");
    }
    if (run->limit_per_source) {
        status = set_limits(run, error);
    }
    if (!status && run->cannot_link_path) {
        status = read_cannot_links(run, error);
    }
    run->cluster.thread_count = run->settings.threads;
    run->cluster.threshold = run->predict.threshold;
    if (!status) {
        status = tf_link_cluster(run->matcher, &run->prediction, &run->cluster, run->cannot_links,
                                 run->cannot_link_count, NULL, &run->clusters, error);
    }
    end_stage(run, TF_LINK_STAGE_CLUSTER, since);
    return status;
}

/* trefoil link dedupe, trefoil link between */
#include "cli/link.h"
#include "cli/report.h"

#include "insight/profile_words.h"
#include "trefoil/base/date.h"
#include "trefoil/linkage/model_json.h"
#include "trefoil/linkage/suggest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SETTINGS = TF_LINK_OPTION_SHARED,
    OUT,
    THRESHOLD,
    OPTION_COUNT,
};

void tf_link_run_deinit(tf_link_run *run) {
    tf_clusters_free(run->clusters);
    tf_link_prediction_deinit(&run->prediction);
    tf_link_matcher_free(run->matcher);
    tf_link_model_free(run->model);
    tf_free(run->recognised);
    tf_link_input_deinit(&run->input);
    tf_link_tables_close(&run->tables);
    *run = (tf_link_run){0};
}

static tf_status suggest(tf_link_run *run, tf_link_type type, tf_error *error) {
    const tf_link_records *records = run->input.records;
    uint32_t columns = tf_link_records_column_count(records);
    run->recognised = tf_alloc_zeroed(columns, sizeof *run->recognised);
    tf_person_field *fields = tf_alloc(columns, sizeof *fields);
    tf_status status = run->recognised && fields
                           ? tf_link_recognise(records, run->tables.missing, run->recognised, error)
                           : tf_fail_no_memory(error);
    for (uint32_t c = 0; c < columns && !status; c++) {
        fields[c] = run->recognised[c].score >= 0.5 ? run->recognised[c].field : TF_PERSON_COUNT;
        if (getenv("TFDEBUG"))
            fprintf(stderr, "%.*s: %s %.2f\n", TF_TEXT_ARG(tf_link_records_column_name(records, c)),
                    tf_person_field_name(run->recognised[c].field), run->recognised[c].score);
    }
    if (!status) {
        status = tf_link_suggest(records, fields, type, &run->tables.standardiser, 0, &run->model,
                                 error);
    }
    tf_free(fields);
    return status;
}

static void tick(tf_link_run *run, tf_link_stage step, double *since) {
    double now = tf_seconds_monotonic();
    run->seconds[step] = now - *since;
    if (getenv("TFDEBUG"))
        fprintf(stderr, "step %d: %.2f s\n", step, now - *since);
    *since = now;
}

static tf_status link_all(tf_link_run *run, char **paths, size_t count, tf_link_type type,
                          tf_error *error) {
    double since = tf_seconds_monotonic();
    tf_status status = tf_link_tables_open(&run->tables, error);
    if (!status) {
        status = tf_link_read(paths, count, &run->settings, &run->tables, NULL, &run->input, error);
    }
    tick(run, TF_LINK_STAGE_READ, &since);
    if (!status) {
        uint16_t sources = tf_link_records_source_count(run->input.records);
        status = suggest(run, type == TF_LINK_BOTH && sources == 1 ? TF_LINK_DEDUPE : type, error);
    }
    tick(run, TF_LINK_STAGE_SETTINGS, &since);
    tf_link_work work = {.standardiser = &run->tables.standardiser,
                         .nicknames = run->tables.nicknames,
                         .thread_count = run->settings.threads,
                         .memory_limit = run->settings.memory_limit,
                         .seed = run->settings.seed};
    if (!status) {
        status = tf_link_matcher_new(run->model, run->input.records, &work, &run->matcher, error);
    }
    tick(run, TF_LINK_STAGE_PREPARE, &since);
    if (!status) {
        tf_link_learn_options options = {0};
        status = tf_link_learn(run->matcher, run->model, &options, &run->learning, error);
    }
    tick(run, TF_LINK_STAGE_TRAIN, &since);
    if (!status) {
        status = tf_link_predict(run->matcher, &run->predict, &run->prediction, error);
    }
    tick(run, TF_LINK_STAGE_PREDICT, &since);
    if (!status) {
        run->cluster.thread_count = run->settings.threads;
        status = tf_link_cluster(run->matcher, &run->prediction, &run->cluster, NULL, 0, NULL,
                                 &run->clusters, error);
    }
    tick(run, TF_LINK_STAGE_CLUSTER, &since);
    return status;
}

static tf_exit run_type(const tf_arguments *arguments, tf_link_type type) {
    tf_error error;
    tf_link_run run = {0};
    tf_cluster_options_init(&run.cluster);
    tf_buffer words;
    tf_buffer_init(&words);
    tf_status status = tf_link_read_options(arguments, &run.settings, &error);
    if (!status) {
        status = link_all(&run, arguments->operands, arguments->operand_count, type, &error);
    }
    double since = tf_seconds_monotonic();
    if (!status) {
        status = tf_link_write(&run, arguments->values[OUT], false, &error);
    }
    tick(&run, TF_LINK_STAGE_WRITE, &since);
    if (!status) {
        tf_buffer_format(
            &words, "records %u compared %llu kept %zu clusters %u prior %g matches %g\n",
            tf_link_records_count(run.input.records),
            (unsigned long long)run.prediction.compared_pairs, run.prediction.pair_count,
            run.clusters->cluster_count, run.model->prior, run.learning.expected_matches);
        for (int i = 0; i < run.learning.session_count; i++) {
            tf_link_session *s = &run.learning.sessions[i];
            tf_buffer_format(
                &words, "session rule %d pairs %g matches %g iterations %d converged %d used %d\n",
                s->rule, s->pairs, s->matches, s->iterations, s->has_converged, s->was_used);
        }
        for (int i = 0; i < run.prediction.rule_count; i++) {
            tf_link_rule_report *r = &run.prediction.rules[i];
            tf_buffer_format(&words, "rule %d pairs %llu new %llu aside %u\n", i,
                             (unsigned long long)r->pairs, (unsigned long long)r->new_pairs,
                             r->set_aside);
        }
    }
    tf_link_run_deinit(&run);
    return tf_report_end(status, &words, &error);
}

static tf_exit run_dedupe(const tf_arguments *arguments) {
    return run_type(arguments, TF_LINK_BOTH);
}

static tf_exit run_between(const tf_arguments *arguments) {
    return run_type(arguments, TF_LINK_BETWEEN);
}

static const tf_option options[OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [SETTINGS] = {"settings", "FILE", "settings or a model, ours or Splink's, as JSON", false},
    [OUT] = {"out", "DIR", "the folder for what comes of it; made if it is not there", true},
    [THRESHOLD] = {"threshold", "WEIGHT", "the match weight from which two records are linked",
                   false},
};

const tf_command tf_command_link_dedupe = {
    .name = "link dedupe",
    .summary = "find the records that are one person",
    .details = "",
    .example = "",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run_dedupe,
};

const tf_command tf_command_link_between = {
    .name = "link between",
    .summary = "find the records of different files that are one person",
    .details = "",
    .example = "",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run_between,
};

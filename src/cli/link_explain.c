/* trefoil link explain */
#include "cli/link.h"
#include "cli/link_explain_text.h"
#include "cli/report.h"

#include <math.h>
#include <stdio.h>

enum { RECORDS = TF_LINK_OPTION_SHARED, MODEL, SVG, OPTION_COUNT };

enum { FILES_MOST = 64 };

/* ---- the two records ---- */

/* What follows "SOURCE:" in a word; false if it does not start so. */
static bool id_within(tf_text source, const char *word, tf_text *id_out) {
    if (strncmp(word, source.data, source.length) != 0 || word[source.length] != ':') {
        return false;
    }
    *id_out = tf_text_of(word + source.length + 1);
    return true;
}

/* The one record that a word names: its id, or its source and its id. */
static tf_status find_record(const tf_link_records *records, const char *word, uint32_t *record_out,
                             tf_error *error) {
    uint16_t sources = tf_link_records_source_count(records);
    int found = 0;
    for (uint16_t s = 0; s < sources; s++) {
        tf_text id;
        if (id_within(tf_link_records_source_name(records, s), word, &id) &&
            tf_link_records_find(records, s, id, record_out)) {
            return TF_OK;
        }
    }
    for (uint16_t s = 0; s < sources; s++) {
        uint32_t record;
        if (tf_link_records_find(records, s, tf_text_of(word), &record)) {
            *record_out = record;
            found++;
        }
    }
    if (found == 1) {
        return TF_OK;
    }
    if (found > 1) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "%d sources have a record '%s'; write SOURCE:%s", found, word, word);
    }
    tf_text first = tf_link_records_id(records, 0);
    int length = first.length < 40 ? (int)first.length : 40;
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "there is no record '%s'; records are named by their id, such as '%.*s', or by "
                   "SOURCE:ID",
                   word, length, first.data);
}

/* ---- the command ---- */

static tf_status write_svg(const char *path, tf_chart *chart, tf_error *error) {
    tf_buffer svg;
    tf_buffer_init(&svg);
    tf_status status = tf_chart_write_svg(chart, TF_CHART_FILE, &svg, error);
    return tf_report_end_in(status, path, &svg, error) == TF_EXIT_DONE ? TF_OK : TF_IO;
}

static tf_status explain(tf_link_run *run, char **words, tf_arena *arena,
                         tf_linkage_explanation *explanation_out, tf_error *error) {
    tf_linkage_pair pair = {.records = run->input.records,
                            .model = run->model,
                            .matcher = run->matcher,
                            .threshold = NAN};
    tf_status status = find_record(pair.records, words[0], &pair.left, error);
    if (!status) {
        status = find_record(pair.records, words[1], &pair.right, error);
    }
    if (!status && pair.left == pair.right) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "'%s' and '%s' are the same record; name two", words[0], words[1]);
    }
    return status ? status : tf_linkage_explain(&pair, arena, explanation_out, error);
}

static tf_exit run_explain(const tf_arguments *arguments) {
    tf_error error;
    tf_link_run run;
    char *paths[FILES_MOST + 1];
    size_t path_count = 0;
    char first[4096];
    snprintf(first, sizeof first, "%s", arguments->values[RECORDS]);
    paths[path_count++] = first;
    for (size_t i = 2; i < arguments->operand_count && path_count < FILES_MOST; i++) {
        paths[path_count++] = arguments->operands[i];
    }
    tf_link_run_init(&run, "link explain");
    run.settings_path = arguments->values[MODEL];
    run.type = TF_LINK_BOTH;
    tf_arena *arena = tf_arena_new();
    tf_linkage_explanation explanation;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status =
        arena ? tf_link_read_options(arguments, &run.settings, &error) : tf_fail_no_memory(&error);
    if (!status) {
        status = tf_link_run_read(&run, paths, path_count, &error);
    }
    if (!status) {
        status = tf_link_run_train(&run, &error);
    }
    if (!status) {
        status = explain(&run, arguments->operands, arena, &explanation, &error);
    }
    tf_exit exit = TF_EXIT_DONE;
    if (!status) {
        tf_terminal page = tf_terminal_for_output(&out);
        tf_link_explain_text_write(&page, &explanation);
        if (arguments->values[SVG] &&
            write_svg(arguments->values[SVG], &explanation.chart, &error)) {
            exit = TF_EXIT_BAD_INPUT; /* it has said why */
        }
    }
    tf_link_run_deinit(&run);
    tf_arena_free(arena);
    tf_exit shown = tf_report_end(status, &out, &error);
    return shown != TF_EXIT_DONE ? shown : exit;
}

static const tf_option options[OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [RECORDS] = {"records", "FILE",
                 "the file that the records are in; name further files after A and B", true},
    [MODEL] = {"model", "FILE",
               "a trained model, ours or Splink's, as JSON; learnt from the records if there is "
               "none",
               false},
    [SVG] = {"svg", "FILE", "write the chart there as well", false},
};

const tf_command tf_command_link_explain = {
    .name = "link explain",
    .summary = "show why two records are one person, or are not",
    .details =
        "A and B are ids of records, or SOURCE:ID where several sources have that id.  Shows both "
        "records' values, what each comparison of them means, and how it moves the match weight "
        "from the chance of any two records to that of these: a waterfall.\n\n"
        "Without a model, one is learnt from the records as trefoil link dedupe would.",
    .example = "  trefoil link explain 1041 2280 --records people.csv --model out/model.json\n"
               "  trefoil link explain prison:7 drugs:7 --records prison.csv drugs.csv\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "A B [FILE]",
                .least_operands = 2,
                .most_operands = FILES_MOST},
    .run = run_explain,
};

/* trefoil link dedupe, trefoil link between */
#include "cli/link.h"
#include "cli/option_values.h"
#include "cli/report.h"

enum {
    SETTINGS = TF_LINK_OPTION_SHARED,
    OUT,
    PEOPLE,
    METHOD = PEOPLE + TF_LINK_PEOPLE_COUNT,
    PAIRS,
    TOP,
    PROBE,
    OPTION_COUNT
};

static tf_status read_options(const tf_arguments *arguments, tf_link_run *run,
                              tf_link_pairs_form *form_out, tf_error *error) {
    const char *const *values = arguments->values;
    int method = TF_LINK_BY_SIZE, form = TF_LINK_PAIRS_CSV;
    int64_t top = 0, probe = 0;
    tf_link_people people = {0};
    tf_status status = tf_link_read_options(arguments, &run->settings, error);
    if (!status) {
        status = tf_link_read_people(values + PEOPLE, &people, error);
    }
    if (!status) {
        status = tf_option_choice(values[METHOD], "method", tf_link_method_words, &method, error);
    }
    if (!status) {
        status = tf_option_choice(values[PAIRS], "pairs", tf_link_pairs_words, &form, error);
    }
    if (!status) {
        status = tf_option_whole(values[TOP], "top", 1, UINT32_MAX, &top, error);
    }
    if (!status) {
        status = tf_option_whole(values[PROBE], "probe", 0, UINT32_MAX, &probe, error);
    }
    run->settings_path = values[SETTINGS];
    run->cannot_link_path = people.cannot_link_path;
    run->predict.threshold = people.threshold;
    run->predict.method = (tf_link_method)method;
    run->predict.most_a_record = (uint32_t)top;
    run->predict.probe_records = (uint32_t)probe;
    run->predict.is_uncertified = values[PROBE] && probe == 0;
    run->cluster.method = people.method;
    run->limit_per_source = (uint32_t)people.limit_per_source;
    *form_out = (tf_link_pairs_form)form;
    return status;
}

static tf_status link_records(tf_link_run *run, const tf_arguments *arguments,
                              tf_link_pairs_form form, tf_error *error) {
    const char *folder = arguments->values[OUT];
    tf_status status = tf_output_folder_check(folder, error);
    if (!status) {
        status = tf_link_run_read(run, arguments->operands, arguments->operand_count, error);
    }
    if (!status) {
        status = tf_link_run_train(run, error);
    }
    if (!status) {
        status = tf_link_run_predict(run, error);
    }
    if (!status) {
        status = tf_link_run_cluster(run, error);
    }
    if (!status) {
        status = tf_link_write(run, folder, form, error);
    }
    tf_link_progress_clear(&run->progress);
    return status;
}

/* Whatever was not said. */
static void say_usual(const tf_arguments *arguments, tf_buffer *out) {
    static const struct {
        size_t option, other; /* either of which says it */
        const char *words;
    } usual[] = {
        {SETTINGS, SETTINGS, "settings suggested from the columns"},
        {PEOPLE + TF_LINK_PEOPLE_THRESHOLD, PEOPLE + TF_LINK_PEOPLE_PROBABILITY, "threshold 0"},
        {PEOPLE + TF_LINK_PEOPLE_CLUSTERS, PEOPLE + TF_LINK_PEOPLE_CLUSTERS,
         "correlation clusters"},
        {TF_LINK_OPTION_SEED, TF_LINK_OPTION_SEED, "seed 1"},
    };
    const char *before = "Usual choices, as nothing else was said: ";
    tf_buffer words;
    tf_buffer_init(&words);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (!arguments->values[usual[i].option] && !arguments->values[usual[i].other]) {
            tf_buffer_format(&words, "%s%s", before, usual[i].words);
            before = ", ";
        }
    }
    if (words.length) {
        tf_link_say(out, "%s.", words.data);
    }
    out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

static void say_all(const tf_link_run *run, const tf_arguments *arguments, tf_link_pairs_form form,
                    tf_buffer *out) {
    static const char *const pairs[] = {"pairs.csv, ", "pairs.arrow, ", ""};
    tf_link_say_input(run, out);
    tf_link_say_settings(run, out);
    tf_link_say_training(run, out);
    tf_link_say_pairs(run, out);
    tf_link_say_clusters(run->input.records, run->clusters, out);
    say_usual(arguments, out);
    tf_link_say(out, "In %s: clusters.csv, %smodel.json%s, manifest.json and report.html.",
                arguments->values[OUT], pairs[form],
                run->input.reject_count ? ", rejects.csv" : "");
    tf_link_say_seconds(run, out);
}

static tf_exit run_type(const tf_command *command, const tf_arguments *arguments,
                        tf_link_type type) {
    tf_error error;
    tf_link_run run;
    tf_link_pairs_form form;
    tf_link_run_init(&run, command->name);
    run.type = type;
    if (read_options(arguments, &run, &form, &error)) {
        tf_link_run_deinit(&run);
        return tf_report_usage(command, "%s", error.message);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    tf_status status = link_records(&run, arguments, form, &error);
    if (!status) {
        say_all(&run, arguments, form, &words);
    }
    tf_link_run_deinit(&run);
    return tf_report_end(status, &words, &error);
}

static tf_exit run_dedupe(const tf_arguments *arguments) {
    return run_type(&tf_command_link_dedupe, arguments, TF_LINK_BOTH);
}

static tf_exit run_between(const tf_arguments *arguments) {
    return run_type(&tf_command_link_between, arguments, TF_LINK_BETWEEN);
}

static const tf_option options[OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [SETTINGS] = {"settings", "FILE",
                  "settings or a trained model, ours or Splink's, as JSON; suggested from the "
                  "columns if nothing is said",
                  false},
    [OUT] = {"out", "DIR",
             "the folder for what comes of it, made if it is not there; what an earlier run left "
             "in it is replaced",
             true},
    TF_LINK_PEOPLE_OPTIONS(PEOPLE),
    [METHOD] = {"method", "METHOD",
                "exhaustive compares all pairs, blocked those that a blocking rule finds; by-size "
                "if nothing is said",
                false},
    [PAIRS] = {"pairs", "FORM", "csv (if nothing is said), arrow or none", false},
    [TOP] = {"top", "K", "keep a pair only if it is among the K best of either record", false},
    [PROBE] = {"probe", "N",
               "records compared with all others to estimate what blocking rules miss; 0 for none, "
               "as many as cost little if nothing is said",
               false},
};

#define OUTPUT_WORDS                                                                               \
    "What is left in the folder: clusters.csv (source, unique_id, cluster_id), a line for each "   \
    "record; pairs.csv (source_l, unique_id_l, source_r, unique_id_r, match_weight, "              \
    "match_probability and the gamma of each comparison), a line for each linked pair; "           \
    "model.json, which --settings reads; report.html, to be read, also on paper; manifest.json, "  \
    "with "                                                                                        \
    "the hashes of all files; and "                                                                \
    "rejects.csv, if rows could not be read.  All of them are written, or none."                   \
    "\n\n"                                                                                         \
    "The same files and options give the same bytes, with any number of threads."

const tf_command tf_command_link_dedupe = {
    .name = "link dedupe",
    .summary = "find the records that are one person",
    .details =
        "Reads CSV files (plain or gzip) and Arrow streams, and finds which of their records are "
        "of one person, within each source and between sources.  Columns are recognised, "
        "comparisons and blocking rules chosen, and weights learnt from the records themselves, "
        "unless --settings says how; what was a default is said."
        "\n\n" OUTPUT_WORDS,
    .example = "  trefoil link dedupe people.csv --out linked\n"
               "  trefoil link dedupe people.csv --out linked --settings linked/model.json \\\n"
               "      --probability 0.95 --limit-per-source 1\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run_dedupe,
};

const tf_command tf_command_link_between = {
    .name = "link between",
    .summary = "find the records of different sources that are one person",
    .details =
        "As link dedupe, but pairs within a source are not compared: each file is a source of its "
        "own, or a column tells sources apart (--source), also in one file alone."
        "\n\n" OUTPUT_WORDS,
    .example = "  trefoil link between prison.csv treatment.csv --out linked\n"
               "  trefoil link between prison.csv treatment.csv --out linked \\\n"
               "      --clusters best-link\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run_between,
};

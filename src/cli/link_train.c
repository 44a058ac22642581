/* trefoil link train */
#include "cli/link.h"
#include "cli/option_values.h"
#include "cli/report.h"

#include "trefoil/linkage/model_json.h"

enum { SETTINGS = TF_LINK_OPTION_SHARED, OUT, LABELS, METHOD, TYPE, OPTION_COUNT };

static tf_status read_options(const tf_arguments *arguments, tf_link_run *run, tf_error *error) {
    const char *const *values = arguments->values;
    int method = TF_LINK_BY_SIZE;
    int type = arguments->operand_count > 1 ? TF_LINK_BETWEEN : TF_LINK_BOTH;
    tf_status status = tf_link_read_options(arguments, &run->settings, error);
    if (!status) {
        status = tf_option_choice(values[METHOD], "method", tf_link_method_words, &method, error);
    }
    if (!status) {
        status = tf_option_choice(values[TYPE], "type", tf_link_type_words, &type, error);
    }
    run->predict.method = (tf_link_method)method;
    run->type = (tf_link_type)type;
    run->settings_path = values[SETTINGS];
    run->labels_path = values[LABELS];
    run->always_trains = true;
    return status;
}

static tf_status train(tf_link_run *run, const tf_arguments *arguments, tf_error *error) {
    tf_buffer json;
    tf_buffer_init(&json);
    tf_status status = tf_link_run_read(run, arguments->operands, arguments->operand_count, error);
    if (!status) {
        status = tf_link_run_train(run, error);
    }
    if (!status) {
        status = tf_link_model_write(run->model, &json, error);
    }
    tf_link_progress_clear(&run->progress);
    if (!status) {
        status = tf_output_file_put(arguments->values[OUT], &json, error);
    }
    tf_buffer_deinit(&json);
    return status;
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    tf_link_run run;
    tf_link_run_init(&run, "link train");
    if (read_options(arguments, &run, &error)) {
        tf_link_run_deinit(&run);
        return tf_report_usage(&tf_command_link_train, "%s", error.message);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    tf_status status = train(&run, arguments, &error);
    if (!status) {
        tf_link_say_input(&run, &words);
        tf_link_say_settings(&run, &words);
        tf_link_say_training(&run, &words);
        tf_link_say(&words, "The model is in %s.", arguments->values[OUT]);
        tf_link_say_seconds(&run, &words);
    }
    tf_link_run_deinit(&run);
    return tf_report_end(status, &words, &error);
}

static const tf_option options[OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [SETTINGS] = {"settings", "FILE",
                  "settings or a model to go on from, ours or Splink's, as JSON; suggested from "
                  "the columns if nothing is said",
                  false},
    [OUT] = {"out", "FILE", "the model, as JSON; one of that name is replaced", true},
    [LABELS] = {"labels", "FILE",
                "pairs whose truth is known, to learn m from in the end: CSV with the columns "
                "source_l, unique_id_l, source_r, unique_id_r, clerical_match_score",
                false},
    [METHOD] = {"method", "METHOD",
                "exhaustive learns from all pairs, or a sample of them, blocked from those that a "
                "blocking rule finds; by-size if nothing is said",
                false},
    [TYPE] = {"type", "TYPE",
              "dedupe, between or both; of one file both, of several between, if nothing is said",
              false},
};

const tf_command tf_command_link_train = {
    .name = "link train",
    .summary = "learn how much each agreement of two records is worth",
    .details =
        "Learns m, u and the prior from the records themselves, by expectation maximisation, and "
        "writes the model.  link predict and link dedupe read it.  What could not be learnt, and "
        "whether learning converged, is said.",
    .example = "  trefoil link train people.csv --out model.json\n"
               "  trefoil link train people.csv --settings settings.json --out model.json\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run,
};

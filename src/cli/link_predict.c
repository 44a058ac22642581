/* trefoil link predict */
#include "cli/link.h"
#include "cli/option_values.h"
#include "cli/report.h"

enum {
    MODEL = TF_LINK_OPTION_SHARED,
    OUT,
    THRESHOLD,
    PROBABILITY,
    METHOD,
    PAIRS,
    TOP,
    OPTION_COUNT
};

static tf_status read_options(const tf_arguments *arguments, tf_link_run *run,
                              tf_link_pairs_form *form_out, tf_error *error) {
    static const char *const forms[] = {"csv", "arrow", NULL};
    const char *const *values = arguments->values;
    int method = TF_LINK_BY_SIZE, form = TF_LINK_PAIRS_CSV;
    int64_t top = 0;
    tf_status status = tf_link_read_options(arguments, &run->settings, error);
    if (!status) {
        status = tf_link_option_threshold(values[THRESHOLD], values[PROBABILITY],
                                          &run->predict.threshold, error);
    }
    if (!status) {
        status = tf_option_choice(values[METHOD], "method", tf_link_method_words, &method, error);
    }
    if (!status) {
        status = tf_option_choice(values[PAIRS], "pairs", forms, &form, error);
    }
    if (!status) {
        status = tf_option_whole(values[TOP], "top", 1, UINT32_MAX, &top, error);
    }
    run->settings_path = values[MODEL];
    run->predict.method = (tf_link_method)method;
    run->predict.most_a_record = (uint32_t)top;
    run->type = TF_LINK_BOTH;
    *form_out = (tf_link_pairs_form)form;
    return status;
}

static tf_status predict(tf_link_run *run, const tf_arguments *arguments, tf_link_pairs_form form,
                         tf_error *error) {
    const char *folder = arguments->values[OUT];
    tf_status status = tf_output_folder_check(folder, error);
    if (!status) {
        status = tf_link_run_read(run, arguments->operands, arguments->operand_count, error);
    }
    if (!status && !tf_link_model_is_trained(run->model)) {
        status = tf_fail(error, TF_BAD_INPUT, run->settings_path, 0,
                         "lacks some m, u or the prior, without which nothing can be scored; learn "
                         "them with trefoil link train");
    }
    if (!status) {
        status = tf_link_run_train(run, error);
    }
    if (!status) {
        status = tf_link_run_predict(run, error);
    }
    if (!status) {
        status = tf_link_write(run, folder, form, error);
    }
    tf_link_progress_clear(&run->progress);
    return status;
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    tf_link_run run;
    tf_link_pairs_form form;
    tf_link_run_init(&run, "link predict");
    if (read_options(arguments, &run, &form, &error)) {
        tf_link_run_deinit(&run);
        return tf_report_usage(&tf_command_link_predict, "%s", error.message);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    tf_status status = predict(&run, arguments, form, &error);
    if (!status) {
        tf_link_say_input(&run, &words);
        tf_link_say_settings(&run, &words);
        tf_link_say_training(&run, &words);
        tf_link_say_pairs(&run, &words);
        tf_link_say(&words, "In %s: pairs.%s, model.json%s and manifest.json.",
                    arguments->values[OUT], tf_link_pairs_words[form],
                    run.input.reject_count ? ", rejects.csv" : "");
        tf_link_say_seconds(&run, &words);
    }
    tf_link_run_deinit(&run);
    return tf_report_end(status, &words, &error);
}

static const tf_option options[OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [MODEL] = {"model", "FILE", "the trained model, ours or Splink's, as JSON", true},
    [OUT] = {"out", "DIR",
             "the folder for what comes of it, made if it is not there; what an earlier run left "
             "in it is replaced",
             true},
    [THRESHOLD] = {"threshold", "WEIGHT",
                   "keep pairs of this match weight or more; 0 if nothing is said", false},
    [PROBABILITY] = {"probability", "P", "the same as a match probability, such as 0.95", false},
    [METHOD] = {"method", "METHOD",
                "exhaustive compares all pairs, blocked those that a blocking rule finds; by-size "
                "if nothing is said",
                false},
    [PAIRS] = {"pairs", "FORM", "csv (if nothing is said) or arrow", false},
    [TOP] = {"top", "K", "keep a pair only if it is among the K best of either record", false},
};

const tf_command tf_command_link_predict = {
    .name = "link predict",
    .summary = "score pairs of records by a trained model",
    .details = "Writes pairs.csv (source_l, unique_id_l, source_r, unique_id_r, match_weight, "
               "match_probability and the gamma of each comparison), model.json and manifest.json "
               "into a folder: all of them, or none.  Nothing is learnt, and pairs are not made "
               "into people: link cluster does that.",
    .example = "  trefoil link predict people.csv --model model.json --out scored\n"
               "  trefoil link predict new.csv old.csv --model model.json --out scored \\\n"
               "      --threshold -5 --top 3\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run,
};

/* trefoil link settings */
#include "cli/link.h"
#include "cli/option_values.h"
#include "cli/report.h"

#include "trefoil/linkage/model_json.h"

/* ---- settings ---- */

enum { TYPE = TF_LINK_OPTION_SHARED, SETTINGS_OPTION_COUNT };

static tf_exit run_settings(const tf_arguments *arguments) {
    tf_error error;
    tf_link_run run;
    int type = arguments->operand_count > 1 ? TF_LINK_BETWEEN : TF_LINK_BOTH;
    tf_link_run_init(&run, "link settings");
    tf_status status = tf_link_read_options(arguments, &run.settings, &error);
    if (!status) {
        status =
            tf_option_choice(arguments->values[TYPE], "type", tf_link_type_words, &type, &error);
    }
    if (status) {
        tf_link_run_deinit(&run);
        return tf_report_usage(&tf_command_link_settings, "%s", error.message);
    }
    tf_buffer json;
    tf_buffer_init(&json);
    run.type = (tf_link_type)type;
    status = tf_link_run_read(&run, arguments->operands, arguments->operand_count, &error);
    if (!status) {
        status = tf_link_model_write(run.model, &json, &error);
    }
    tf_link_run_deinit(&run);
    return tf_report_end(status, &json, &error);
}

static const tf_option settings_options[SETTINGS_OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [TYPE] = {"type", "TYPE",
              "dedupe, between or both; of one file both, of several between, if nothing is said",
              false},
};

const tf_command tf_command_link_settings = {
    .name = "link settings",
    .summary = "print the settings that a linkage would use",
    .details =
        "Recognises the columns, chooses comparisons and blocking rules, and prints them as JSON, "
        "to be edited and given to --settings.  Nothing is learnt and nothing is compared."
        "\n\n"
        "What a column holds is under fields, what is compared under comparisons, which pairs are "
        "looked at under blocking.  docs/linkage.md tells what conditions there are.",
    .example = "  trefoil link settings people.csv > settings.json\n"
               "  trefoil link dedupe people.csv --settings settings.json --out linked\n",
    .options = {.options = settings_options,
                .option_count = SETTINGS_OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run_settings,
};

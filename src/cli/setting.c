/* What the installation is set to. */
#include "access/setting.h"
#include "cli/json_values.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/workplace.h"

/* ---- list ---- */

enum { LIST_DB, LIST_FORMAT, LIST_COUNT };

static const tf_option list_options[LIST_COUNT] = {
    [LIST_DB] = TF_WORKPLACE_DB,
    [LIST_FORMAT] = TF_OPTION_FORMAT,
};

static void say_settings(const tf_setting *settings, size_t count, tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    for (size_t i = 0; i < count; i++) {
        tf_terminal_left(&page, TF_INK_PLAIN, settings[i].name, 30);
        tf_terminal_count_right(&page, settings[i].is_set ? TF_INK_MARK : TF_INK_PLAIN,
                                settings[i].value, 9);
        tf_terminal_put(&page, TF_INK_FAINT, settings[i].is_set ? "  set       " : "  as usual  ");
        tf_terminal_put(&page, TF_INK_PLAIN, settings[i].help);
        tf_terminal_end_line(&page);
    }
}

static void write_settings(const tf_setting *settings, size_t count, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_array(&json);
    for (size_t i = 0; i < count; i++) {
        tf_json_open_object(&json);
        tf_json_put_string(&json, "name", settings[i].name);
        tf_json_put_int(&json, "value", settings[i].value);
        tf_json_put_bool(&json, "is_set", settings[i].is_set);
        tf_json_put_int(&json, "usual", settings[i].usual);
        tf_json_put_int(&json, "least", settings[i].least);
        tf_json_put_int(&json, "most", settings[i].most);
        tf_json_put_string(&json, "help", settings[i].help);
        tf_json_close_object(&json);
    }
    tf_json_close_array(&json);
    tf_buffer_append_text(out, "\n");
}

static tf_exit run_list(const tf_arguments *arguments) {
    tf_workplace place;
    tf_setting *settings = NULL;
    size_t count = 0;
    bool is_json;
    if (tf_option_format(arguments->values[LIST_FORMAT], &is_json, &place.error)) {
        return tf_report_usage(&tf_command_setting_list, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[LIST_DB]);
    if (!status) {
        status = tf_setting_list(place.access, &place.actor, place.arena, &settings, &count,
                                 &place.error);
    }
    if (!status) {
        (is_json ? write_settings : say_settings)(settings, count, &place.out);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_setting_list = {
    .name = "setting list",
    .summary = "list what the installation is set to",
    .details = "With what each setting means, and whether it was set or is as usual.\n\n"
               "--format json gives an array of objects: name, value, is_set, usual, least, most "
               "and help.",
    .example = "  trefoil setting list --db county.db\n",
    .options = {.options = list_options, .option_count = LIST_COUNT},
    .run = run_list,
};

/* ---- set ---- */

enum { SET_DB, SET_COUNT };

static const tf_option set_options[SET_COUNT] = {[SET_DB] = TF_WORKPLACE_DB};

static tf_exit run_set(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t value = 0;
    bool is_usual = strcmp(arguments->operands[1], "usual") == 0;
    tf_status status = tf_workplace_enter(&place, arguments->values[SET_DB]);
    if (!status && !is_usual && !tf_parse_int64(tf_text_of(arguments->operands[1]), &value)) {
        status = tf_fail(&place.error, TF_BAD_INPUT, NULL, 0,
                         "'%s' is no whole number; write one, or 'usual'", arguments->operands[1]);
    }
    if (!status) {
        status = tf_setting_change(place.access, &place.actor, arguments->operands[0],
                                   is_usual ? NULL : &value, &place.error);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_setting_set = {
    .name = "setting set",
    .summary = "change what the installation is set to",
    .details = "A value of 'usual' takes a setting back.  A change holds from the next session, "
               "passphrase or response on, and is entered in the audit.",
    .example = "  trefoil setting set session-idle-minutes 15 --db county.db\n"
               "  trefoil setting set session-idle-minutes usual --db county.db\n",
    .options = {.options = set_options,
                .option_count = SET_COUNT,
                .operand = "NAME VALUE",
                .least_operands = 2,
                .most_operands = 2},
    .run = run_set,
};

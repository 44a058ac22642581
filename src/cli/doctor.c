/* trefoil doctor */
#include "access/self_check.h"
#include "cli/command.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "intake/response.h"
#include "trefoil/base/date.h"
#include "trefoil/base/json.h"

enum { DB, FORMAT, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    [DB] = {"db", "FILE", "the database file", true},
    [FORMAT] = TF_OPTION_FORMAT,
};

static void write_json(const tf_self_check *check, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "worst", tf_severity_name(check->worst));
    tf_json_key(&json, "findings");
    tf_json_open_array(&json);
    for (size_t i = 0; i < check->count; i++) {
        const tf_finding *finding = &check->findings[i];
        tf_json_open_object(&json);
        tf_json_put_string(&json, "name", finding->name);
        tf_json_put_string(&json, "severity", tf_severity_name(finding->severity));
        tf_json_put_string(&json, "what", finding->what);
        tf_json_put_string(&json, "why", finding->why);
        tf_json_put_string(&json, "action", finding->action);
        tf_json_close_object(&json);
    }
    tf_json_close_array(&json);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

enum { INDENT = 9 };

static void write_finding(tf_terminal *page, const tf_finding *finding) {
    tf_terminal_left(page, finding->severity > TF_SEVERITY_NOTICE ? TF_INK_MARK : TF_INK_FAINT,
                     tf_severity_name(finding->severity), INDENT);
    tf_terminal_paragraph(page, NULL, INDENT, finding->what);
    tf_terminal_paragraph(page, "", INDENT, finding->why);
    tf_terminal_paragraph(page, "", INDENT, finding->action);
    tf_terminal_end_line(page);
}

/* The names alone of what is in order. */
static void write_fine(const tf_self_check *check, tf_terminal *page) {
    tf_buffer names;
    tf_buffer_init(&names);
    for (size_t i = 0; i < check->count; i++) {
        if (check->findings[i].severity == TF_SEVERITY_OK) {
            tf_buffer_format(&names, "%s%s", names.length ? ", " : "", check->findings[i].name);
        }
    }
    if (names.length) {
        tf_terminal_left(page, TF_INK_FAINT, tf_severity_name(TF_SEVERITY_OK), INDENT);
        tf_terminal_paragraph(page, NULL, INDENT, names.data);
    }
    page->out->failed |= names.failed;
    tf_buffer_deinit(&names);
}

/* What is worst comes first. */
static void write_text(const tf_self_check *check, const char *db_path, tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    size_t counts[TF_SEVERITY_COUNT] = {0};
    for (int severity = TF_SEVERITY_COUNT - 1; severity >= 0; severity--) {
        for (size_t i = 0; i < check->count; i++) {
            if ((int)check->findings[i].severity == severity) {
                counts[severity]++;
                if (severity != TF_SEVERITY_OK) {
                    write_finding(&page, &check->findings[i]);
                }
            }
        }
    }
    write_fine(check, &page);
    tf_terminal_end_line(&page);
    tf_terminal_format(&page, TF_INK_STRONG, "%s: ", db_path);
    tf_terminal_format(&page, TF_INK_STRONG,
                       "%zu in danger, %zu to be mended soon, %zu to be "
                       "known, %zu in order",
                       counts[TF_SEVERITY_DANGER], counts[TF_SEVERITY_WARNING],
                       counts[TF_SEVERITY_NOTICE], counts[TF_SEVERITY_OK]);
    tf_terminal_end_line(&page);
}

static tf_status check(const char *db_path, tf_arena *arena, tf_self_check *check_out,
                       tf_error *error) {
    tf_pack *pack = NULL;
    tf_db *db = NULL;
    tf_status status = tf_db_open(db_path, TF_DB_READ, &db, error);
    tf_db_close(db);
    if (status == TF_NOT_FOUND) {
        return status; /* what is not there cannot be looked at; what does not open is a finding */
    }
    status = tf_pack_open(NULL, &pack, error);
    if (!status) {
        const tf_self_check_subject subject = {.db_path = db_path,
                                               .pack = pack,
                                               .count_readers = tf_response_count_readers,
                                               .now = tf_instant_now()};
        status = tf_self_check_make(&subject, arena, check_out, error);
    }
    tf_pack_free(pack);
    return status;
}

static tf_exit run(const tf_arguments *arguments) {
    const char *db_path = arguments->values[DB];
    tf_error error;
    bool is_json;
    if (tf_option_format(arguments->values[FORMAT], &is_json, &error)) {
        return tf_report_usage(&tf_command_doctor, "%s", error.message);
    }
    tf_self_check found = {0};
    tf_buffer out;
    tf_buffer_init(&out);
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? check(db_path, arena, &found, &error) : tf_fail_no_memory(&error);
    if (!status && is_json) {
        write_json(&found, &out);
    } else if (!status) {
        write_text(&found, db_path, &out);
    }
    tf_exit code = tf_report_end(status, &out, &error);
    if (code == TF_EXIT_DONE && found.worst >= TF_SEVERITY_WARNING) {
        code = TF_EXIT_BAD_INPUT;
    }
    tf_arena_free(arena);
    return code;
}

const tf_command tf_command_doctor = {
    .name = "doctor",
    .summary = "check that the installation is safe and sound",
    .details =
        "Looks at the site key and the permissions of the files, the database and its audit chain, "
        "backups, accounts and sharing agreements, and says what is not in order, the worst first, "
        "why it matters and what to do.  Changes nothing; the server may run meanwhile."
        "\n\n"
        "--format json gives {worst, findings}, in the order in which they were looked for; each "
        "finding "
        "has the same name in every run, a severity (ok, notice, warning, danger), and the "
        "sentences what, why and action, of which the last two are empty where all is well.\n\n"
        "The exit code is 1 where something is in danger or is to be mended soon, so that a timer "
        "can tell.",
    .example = "  trefoil doctor --db trefoil.db\n"
               "  trefoil doctor --db trefoil.db --format json | jq -r '.findings[].what'\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run,
};

/* trefoil audit export */
#include "access/audit_export.h"
#include "cli/at_access.h"
#include "cli/audit_filter.h"
#include "cli/report.h"

#include <errno.h>
#include <stdio.h>

enum { DB = TF_AUDIT_FILTER_COUNT, FOR, FORMAT, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    TF_AUDIT_FILTER_OPTIONS,
    [DB] = {"db", "FILE", "the database file, with its key beside it", true},
    [FOR] = {"for", "WHOM", "who is given it, which is entered", true},
    [FORMAT] = {"format", "FORMAT", "csv, which it is if nothing is said, or jsonl", false},
};

static tf_status write_out(void *context, tf_text bytes, tf_error *error) {
    (void)context;
    if (fwrite(bytes.data, 1, bytes.length, stdout) != bytes.length) {
        return tf_fail(error, TF_IO, "standard output", 0, "could not be written: %s",
                       strerror(errno));
    }
    return TF_OK;
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    tf_audit_filter filter;
    const char *format = arguments->values[FORMAT] ? arguments->values[FORMAT] : "csv";
    bool is_csv = strcmp(format, "csv") == 0;
    if (tf_audit_filter_read(arguments, &filter, &error)) {
        return tf_report_usage(&tf_command_audit_export, "%s", error.message);
    }
    if (!is_csv && strcmp(format, "jsonl") != 0) {
        return tf_report_usage(&tf_command_audit_export, "--format takes csv or jsonl, not '%s'",
                               format);
    }
    tf_cli_access opened;
    tf_status status = tf_cli_access_open(arguments->values[DB], &opened, &error);
    if (!status) {
        status = tf_audit_export(opened.access, &opened.actor, &filter,
                                 is_csv ? TF_AUDIT_CSV : TF_AUDIT_JSONL, arguments->values[FOR],
                                 write_out, NULL, &error);
    }
    tf_cli_access_close(&opened);
    if (fflush(stdout) != 0 && !status) {
        status = tf_fail(&error, TF_IO, "standard output", 0, "could not be written: %s",
                         strerror(errno));
    }
    return tf_report_status(status, &error);
}

const tf_command tf_command_audit_export = {
    .name = "audit export",
    .summary = "write entries of the audit for somebody, as CSV or JSON",
    .details =
        "All entries, oldest first, or those that the options choose, on standard output. The "
        "export is itself an entry: a disclosure of the audit, to the recipients that --for "
        "names. JSON has one object a line and is exact: with it and docs/audit.md the chain can "
        "be verified by another program. In CSV a text that a spreadsheet would run is preceded "
        "by an apostrophe.",
    .example = "  trefoil audit export --db county.db --person 12 \\\n"
               "      --for \"the person herself, subject access 17\" > person-12.csv\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run,
};

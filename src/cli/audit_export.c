/* trefoil audit export */
#include "access/audit_export.h"
#include "cli/audit_filter.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/workplace.h"

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
    static const char *const formats[] = {[TF_AUDIT_CSV] = "csv", [TF_AUDIT_JSONL] = "jsonl", NULL};
    tf_workplace place;
    tf_audit_filter filter;
    int format = TF_AUDIT_CSV;
    if (tf_audit_filter_read(arguments, &filter, &place.error) ||
        tf_option_choice(arguments->values[FORMAT], "format", formats, &format, &place.error)) {
        return tf_report_usage(&tf_command_audit_export, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[DB]);
    if (!status) {
        status = tf_audit_export(place.access, &place.actor, &filter, (tf_audit_format)format,
                                 arguments->values[FOR], write_out, NULL, &place.error);
    }
    return tf_workplace_leave(&place, status);
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

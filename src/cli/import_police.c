/* trefoil import police */
#include "cli/import.h"
#include "cli/import_progress.h"
#include "cli/option_values.h"
#include "cli/report.h"

#include <unistd.h>

enum { MEMORY = TF_IMPORT_OPTION_COUNT, THREADS, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    TF_IMPORT_OPTIONS,
    [MEMORY] = {"memory", "MB", "how much memory to use at most, in megabytes (512)", false},
    [THREADS] = {"threads", "N", "how many threads to use (one for each processor)", false},
};

static tf_status write_rejects(tf_db *db, const tf_import_progress *progress, tf_rejects *rejects,
                               tf_error *error) {
    tf_status status = progress->status;
    if (status) {
        return tf_fail(error, status, "standard output", 0,
                       "what was imported could not be reported; trefoil sources shows it");
    }
    for (size_t i = 0; i < progress->batch_count && !status; i++) {
        status = tf_rejects_append(rejects, db, progress->batch_ids[i], error);
    }
    return status;
}

static void say_rejected(const tf_police_summary *summary, const tf_rejects *rejects,
                         tf_buffer *out) {
    if (summary->rows_rejected > 0) {
        tf_buffer_format(out, "  %lld rows could not be used; %s%s.\n",
                         (long long)summary->rows_rejected,
                         rejects->path ? "they are in " : "--rejects FILE writes them out",
                         rejects->path ? rejects->path : "");
    }
}

static tf_status import(const tf_arguments *arguments, const tf_police_options *police_options,
                        tf_import_progress *progress, tf_police_summary *summary,
                        tf_rejects *rejects, tf_error *error) {
    tf_pack *pack = NULL;
    tf_db *db = NULL;
    tf_status status = tf_rejects_open(arguments->values[TF_IMPORT_REJECTS], rejects, error);
    if (!status) {
        status = tf_pack_open(NULL, &pack, error);
    }
    if (!status) {
        status = tf_db_open(arguments->values[TF_IMPORT_DB], TF_DB_WRITE, &db, error);
    }
    if (!status) {
        status = tf_police_import(db, pack, (const char *const *)arguments->operands,
                                  arguments->operand_count, police_options, summary, error);
    }
    if (!status) {
        status = write_rejects(db, progress, rejects, error);
    }
    tf_status closing = tf_rejects_close(rejects, status ? NULL : error);
    tf_db_close(db);
    tf_pack_free(pack);
    return status ? status : closing;
}

static tf_exit run(const tf_arguments *arguments) {
    int64_t megabytes = 0, threads = 0;
    tf_error error;
    if (tf_option_whole(arguments->values[MEMORY], "memory", 16, 1 << 20, &megabytes, &error) ||
        tf_option_whole(arguments->values[THREADS], "threads", 1, 1024, &threads, &error)) {
        return tf_report_usage(&tf_command_import_police, "%s", error.message);
    }
    tf_import_progress progress = {
        .is_live = isatty(STDERR_FILENO) && isatty(STDOUT_FILENO),
        .is_json = arguments->values[TF_IMPORT_JSON],
        .started = tf_seconds_monotonic(),
    };
    const tf_police_options police_options = {
        .thread_count = (int)threads,
        .memory_limit = (size_t)megabytes << 20,
        .context = &progress,
        .on_file = tf_import_on_file,
        .on_progress = tf_import_on_progress,
    };
    tf_police_summary summary = {0};
    tf_rejects rejects;
    tf_status status = import(arguments, &police_options, &progress, &summary, &rejects, &error);
    tf_buffer out;
    tf_buffer_init(&out);
    tf_import_progress_summary(&progress, &summary, &out);
    if (!progress.is_json) {
        say_rejected(&summary, &rejects, &out);
    }
    tf_import_progress_end(&progress);
    tf_exit code = tf_report_end(status, &out, &error);
    bool is_useless = summary.rows_read > 0 && summary.rows_accepted == 0;
    return code == TF_EXIT_DONE && (summary.files_failed > 0 || is_useless) ? TF_EXIT_BAD_INPUT
                                                                            : code;
}

const tf_command tf_command_import_police = {
    .name = "import police",
    .summary = "add crimes, outcomes and searches of data.police.uk",
    .details =
        "PATH is a .csv or .csv.gz file, the publisher's .zip of many months, or a folder that "
        "holds such files at any depth.  Its header shows what a file is.  A month of a force and "
        "feed takes the place of the one there was, whole or not at all; a file that cannot be "
        "used does not stop the others and makes the exit code 1, as does an import without a row "
        "that can be used."
        "\n\n"
        "On a terminal a line shows how far the import is; otherwise there is a line for each "
        "file.  With --json each file is an object on a line of its own (file, status, feed, "
        "force, first_month, last_month, sha256, bytes, rows_read, rows_accepted, rows_rejected, "
        "partitions_new, partitions_replaced, warnings; or error, place and line), and the last "
        "line is {\"summary\": {...}}.",
    .example = "  trefoil import police downloads/ --db county.db --rejects rejects.csv\n"
               "  trefoil import police 2024-04.zip --db county.db\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "PATH",
                .least_operands = 1,
                .most_operands = SIZE_MAX},
    .run = run,
};

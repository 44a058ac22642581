#include "cli/import_progress.h"

#include "cli/report.h"
#include "cli/terminal.h"
#include "insight/profile_words.h"

#include <stdio.h>

enum { BAR_WIDTH = 24 };

static const double bytes_a_megabyte = 1e6;

/* ---- while it runs ---- */

/* Time in words that do not jump about: "8 s", "2 min 10 s", "1 h 5 min". */
static void say_duration(double seconds, bool with_tenths, char *text, size_t size) {
    long whole = seconds < 1e7 ? (long)(seconds + 0.5) : 10000000L;
    if (seconds < 10 && with_tenths) {
        snprintf(text, size, "%.1f s", seconds);
    } else if (whole < 60) {
        snprintf(text, size, "%ld s", whole);
    } else if (whole < 3600) {
        snprintf(text, size, "%ld min %ld s", whole / 60, whole % 60);
    } else {
        snprintf(text, size, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
    }
}

/* "[=====     ]  48%  35.1 MB/s  152,113 rows  2 s left" */
static void say_progress(const tf_police_progress *progress, double seconds, char *text,
                         size_t size) {
    double share =
        progress->byte_count > 0 ? (double)progress->bytes_done / (double)progress->byte_count : 0;
    share = share > 1 ? 1 : share;
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++) {
        bar[i] = i < (int)(share * BAR_WIDTH) ? '=' : ' ';
    }
    bar[BAR_WIDTH] = '\0';
    char rows[TF_COUNT_TEXT_SIZE], left[48] = "";
    double rate = seconds > 0 ? (double)progress->bytes_done / bytes_a_megabyte / seconds : 0;
    /* The first moments say nothing about the rest. */
    if (seconds > 0.5 && share > 0.01) {
        say_duration(seconds / share * (1 - share), false, left, sizeof left);
    }
    snprintf(text, size, "[%s] %3.0f%%  %.1f MB/s  %s rows%s%s%s", bar, 100 * share, rate,
             tf_words_count(progress->rows_read, rows), *left ? "  " : "", left,
             *left ? " left" : "");
}

void tf_import_on_progress(void *context, const tf_police_progress *progress) {
    const tf_import_progress *report = context;
    if (report->is_live) {
        char line[160];
        say_progress(progress, tf_seconds_monotonic() - report->started, line, sizeof line);
        fprintf(stderr, "\r%.79s\x1b[K", line);
        (void)fflush(stderr);
    }
}

/* ---- one file ---- */

static void put_month(tf_json *json, const char *key, tf_month month, bool is_known) {
    char text[TF_MONTH_TEXT_SIZE];
    tf_json_put_string(json, key, is_known ? tf_month_format(month, text) : NULL);
}

static void put_warnings(tf_json *json, const int64_t *warnings) {
    tf_json_key(json, "warnings");
    tf_json_open_array(json);
    for (int i = 0; i < TF_POLICE_WARNING_COUNT; i++) {
        if (warnings[i] > 0) {
            tf_json_open_object(json);
            tf_json_put_string(json, "kind", tf_police_warning_text((tf_police_warning)i));
            tf_json_put_int(json, "count", warnings[i]);
            tf_json_close_object(json);
        }
    }
    tf_json_close_array(json);
}

static void write_file_json(const tf_police_file *file, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, false);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "file", file->name);
    tf_json_put_string(&json, "status", file->status ? "failed" : "imported");
    if (file->status) {
        tf_json_put_string(&json, "error", file->error->message);
        tf_json_put_string(&json, "place", file->error->place);
        tf_json_put_int(&json, "line", file->error->line);
    } else {
        tf_json_put_int(&json, "batch", file->batch_id);
        tf_json_put_string(&json, "feed", tf_police_feed_name(file->feed));
        tf_json_put_string(&json, "force", file->force);
        put_month(&json, "first_month", file->first_month, file->rows_accepted > 0);
        put_month(&json, "last_month", file->last_month, file->rows_accepted > 0);
        tf_json_put_string(&json, "sha256", file->sha256);
        tf_json_put_int(&json, "bytes", (int64_t)file->byte_count);
        tf_json_put_int(&json, "rows_read", file->rows_read);
        tf_json_put_int(&json, "rows_accepted", file->rows_accepted);
        tf_json_put_int(&json, "rows_rejected", file->rows_rejected);
        tf_json_put_int(&json, "partitions_new", file->partitions_new);
        tf_json_put_int(&json, "partitions_replaced", file->partitions_replaced);
        put_warnings(&json, file->warnings);
    }
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

static void write_file_line(const tf_police_file *file, tf_buffer *out) {
    char count[TF_COUNT_TEXT_SIZE];
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_format(&words, "%s: %s rows", file->name, tf_words_count(file->rows_accepted, count));
    if (file->partitions_replaced > 0) {
        tf_buffer_append_text(&words, ", in the place of older ones");
    }
    if (file->rows_rejected > 0) {
        tf_buffer_format(&words, ", %s rejected%s line %lld: %s",
                         tf_words_count(file->rows_rejected, count),
                         file->rows_rejected > 1 ? ", the first on" : ", on",
                         (long long)file->reject_line, file->reject_reason);
    }
    /* The name and the reason come from outside, and could steer the terminal. */
    tf_terminal page = tf_terminal_for_output(out);
    tf_terminal_put(&page, TF_INK_PLAIN, words.data ? words.data : "");
    tf_terminal_end_line(&page);
    out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

static void clear_live_line(const tf_import_progress *report) {
    if (report->is_live) {
        fputs("\r\x1b[K", stderr);
    }
}

void tf_import_on_file(void *context, const tf_police_file *file) {
    tf_import_progress *report = context;
    report->byte_count += file->byte_count;
    if (file->status) {
        clear_live_line(report);
        (void)tf_report_status(file->status, file->error);
    } else {
        if (!report->status) {
            report->status = tf_reserve(&report->batch_ids, &report->batch_capacity,
                                        report->batch_count + 1, sizeof *report->batch_ids, NULL);
        }
        if (!report->status) {
            report->batch_ids[report->batch_count++] = file->batch_id;
        }
        for (int i = 0; i < TF_POLICE_WARNING_COUNT; i++) {
            report->warnings[i] += file->warnings[i];
        }
    }
    tf_buffer out;
    tf_buffer_init(&out);
    if (report->is_json) {
        write_file_json(file, &out);
    } else if (!file->status && (!report->is_live || file->rows_rejected > 0)) {
        clear_live_line(report);
        write_file_line(file, &out);
    }
    tf_status status = tf_report_output(&out, NULL);
    report->status = report->status ? report->status : status;
    tf_buffer_deinit(&out);
}

/* ---- at the end ---- */

static void write_summary_json(const tf_import_progress *progress, const tf_police_summary *summary,
                               double seconds, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, false);
    tf_json_open_object(&json);
    tf_json_key(&json, "summary");
    tf_json_open_object(&json);
    tf_json_put_int(&json, "files", (int64_t)summary->file_count);
    tf_json_put_int(&json, "files_failed", (int64_t)summary->files_failed);
    tf_json_put_int(&json, "bytes", (int64_t)progress->byte_count);
    tf_json_put_int(&json, "rows_read", summary->rows_read);
    tf_json_put_int(&json, "rows_accepted", summary->rows_accepted);
    tf_json_put_int(&json, "rows_rejected", summary->rows_rejected);
    tf_json_put_int(&json, "partitions_new", summary->partitions_new);
    tf_json_put_int(&json, "partitions_replaced", summary->partitions_replaced);
    put_warnings(&json, progress->warnings);
    tf_json_key(&json, "seconds");
    tf_json_double(&json, seconds);
    tf_json_close_object(&json);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

void tf_import_progress_summary(const tf_import_progress *progress,
                                const tf_police_summary *summary, tf_buffer *out) {
    double seconds = tf_seconds_monotonic() - progress->started;
    if (progress->is_json) {
        write_summary_json(progress, summary, seconds, out);
        return;
    }
    clear_live_line(progress);
    char count[TF_COUNT_TEXT_SIZE], duration[48];
    say_duration(seconds, true, duration, sizeof duration);
    size_t imported = summary->file_count - summary->files_failed;
    tf_buffer_format(out, "%zu file%s with %s rows imported in %s (%.1f MB/s).\n", imported,
                     imported == 1 ? "" : "s", tf_words_count(summary->rows_accepted, count),
                     duration,
                     seconds > 0 ? (double)progress->byte_count / bytes_a_megabyte / seconds : 0);
    if (summary->partitions_replaced > 0) {
        tf_buffer_format(out, "  %s months of a force were there before and are replaced.\n",
                         tf_words_count(summary->partitions_replaced, count));
    }
    for (int i = 0; i < TF_POLICE_WARNING_COUNT; i++) {
        if (progress->warnings[i] > 0) {
            tf_buffer_format(out, "  %s rows %s.\n", tf_words_count(progress->warnings[i], count),
                             tf_police_warning_text((tf_police_warning)i));
        }
    }
    if (summary->files_failed > 0) {
        tf_buffer_format(out, "  %zu file%s could not be imported; see above.\n",
                         summary->files_failed, summary->files_failed == 1 ? "" : "s");
    }
}

void tf_import_progress_end(tf_import_progress *progress) {
    tf_free(progress->batch_ids);
    *progress = (tf_import_progress){0};
}

#include "cli/import.h"

#include "cli/report.h"
#include "cli/terminal.h"
#include "insight/profile_words.h"
#include "intake/batch.h"
#include "trefoil/table/csv.h"

#include <errno.h>
#include <sys/stat.h>

/* ---- rejects ---- */

static const char header[] = "file,line,reason,text\n";

static tf_status fail_write(const tf_rejects *rejects, tf_error *error) {
    return tf_fail(error, TF_IO, rejects->path, 0,
                   "the rejected rows could not be written: %s; what was imported is kept",
                   strerror(errno));
}

/* Refuse to write over anything but rejects of an earlier import: a slip of the hand would
 * otherwise empty the database, or the file to import. */
static tf_status check_target(const char *path, tf_error *error) {
    struct stat about;
    char start[sizeof header];
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0) {
        return TF_OK;
    }
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(start, 1, sizeof header - 1, file) : 0;
    if (file) {
        (void)fclose(file);
    }
    if (length == sizeof header - 1 && memcmp(start, header, length) == 0) {
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, path, 0,
                   "there is a file of that name that holds no rejected rows; name another file "
                   "for --rejects, or remove it");
}

tf_status tf_rejects_open(const char *path, tf_rejects *rejects_out, tf_error *error) {
    *rejects_out = (tf_rejects){.path = path};
    if (!path) {
        return TF_OK;
    }
    tf_status status = check_target(path, error);
    if (status) {
        return status;
    }
    rejects_out->file = fopen(path, "wb");
    if (!rejects_out->file || fputs(header, rejects_out->file) == EOF) {
        return tf_fail(error, TF_IO, path, 0, "could not be written: %s", strerror(errno));
    }
    return TF_OK;
}

static tf_status append_reject(void *context, const char *file, int64_t line, tf_text reason,
                               tf_text text, tf_error *error) {
    tf_rejects *rejects = context;
    tf_buffer record;
    tf_buffer_init(&record);
    tf_csv_append_field(&record, tf_text_of(file));
    tf_buffer_format(&record, ",%lld,", (long long)line);
    tf_csv_append_field(&record, reason);
    tf_buffer_append_text(&record, ",");
    tf_csv_append_field(&record, text);
    tf_buffer_append_text(&record, "\n");
    tf_status status = tf_buffer_check(&record, error);
    if (!status && fwrite(record.data, 1, record.length, rejects->file) != record.length) {
        status = fail_write(rejects, error);
    }
    tf_buffer_deinit(&record);
    return status;
}

tf_status tf_rejects_append(tf_rejects *rejects, tf_db *db, int64_t batch_id, tf_error *error) {
    if (!rejects->file) {
        return TF_OK;
    }
    return tf_batch_each_reject(db, batch_id, append_reject, rejects, error);
}

tf_status tf_rejects_close(tf_rejects *rejects, tf_error *error) {
    FILE *file = rejects->file;
    rejects->file = NULL;
    if (file && fclose(file) != 0) {
        return fail_write(rejects, error);
    }
    return TF_OK;
}

/* ---- one file ---- */

static void say_rejected(const tf_import_result *result, const tf_rejects *rejects,
                         tf_buffer *words) {
    if (result->rows_rejected == 0) {
        return;
    }
    char rejected[TF_COUNT_TEXT_SIZE], read[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(words, "  %s of %s rows could not be used; ",
                     tf_words_count(result->rows_rejected, rejected),
                     tf_words_count(result->rows_read, read));
    if (rejects->path) {
        tf_buffer_format(words, "they are in %s\n", rejects->path);
    } else {
        tf_buffer_append_text(words, "--rejects FILE writes them out\n");
    }
}

static void put_result(const tf_import_result *result, tf_json *json) {
    const struct {
        const char *key;
        int64_t value;
    } counts[] = {{"batch", result->batch_id},
                  {"rows_read", result->rows_read},
                  {"rows_accepted", result->rows_accepted},
                  {"rows_rejected", result->rows_rejected}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        tf_json_key(json, counts[i].key);
        tf_json_int(json, counts[i].value);
    }
}

tf_exit tf_import_run(const tf_arguments *arguments, tf_import_work *work) {
    const char *path = arguments->operands[0];
    tf_buffer words, object; /* for people, for programs */
    tf_buffer_init(&words);
    tf_buffer_init(&object);
    tf_json json;
    tf_json_init(&json, &object, false);
    tf_json_open_object(&json);
    tf_json_key(&json, "file");
    tf_json_string(&json, path);
    tf_db *db = NULL;
    tf_import_result result = {0};
    tf_rejects rejects;
    tf_error error;
    tf_status status = tf_rejects_open(arguments->values[TF_IMPORT_REJECTS], &rejects, &error);
    if (!status) {
        status = tf_db_open(arguments->values[TF_IMPORT_DB], TF_DB_WRITE, &db, &error);
    }
    if (!status) {
        status = work(db, path, arguments, &result, &words, &json, &error);
    }
    if (!status) {
        status = tf_rejects_append(&rejects, db, result.batch_id, &error);
    }
    tf_db_close(db);
    tf_status closing = tf_rejects_close(&rejects, status ? NULL : &error);
    status = status ? status : closing;
    put_result(&result, &json);
    tf_json_close_object(&json);
    tf_buffer_append_text(&object, "\n");
    if (!arguments->values[TF_IMPORT_JSON]) {
        object.length = 0;
        tf_terminal page = tf_terminal_for_output(&object);
        tf_terminal_paragraph(&page, "", 0, words.data ? words.data : "");
        say_rejected(&result, &rejects, &object);
        object.failed |= words.failed;
    }
    tf_buffer_deinit(&words);
    return tf_report_end(status, &object, &error);
}

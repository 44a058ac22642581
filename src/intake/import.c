#include "import_internal.h"

#include <stdarg.h>
#include <stdio.h>

tf_status tf_import_begin(tf_import *import, tf_db *db, const char *path, const char *feed,
                          const char *publisher, tf_error *error) {
    *import = (tf_import){.db = db, .path = path};
    tf_status status = tf_db_begin(db, error);
    if (status) {
        return status;
    }
    const char *slash = strrchr(path, '/');
    tf_batch_start start = {.feed = feed,
                            .month = TF_MONTH_NONE,
                            .file = slash ? slash + 1 : path,
                            .publisher = publisher,
                            .started_at = tf_instant_now()};
    status = tf_batch_begin(db, &start, &import->batch_id, error);
    if (status) {
        tf_db_rollback(db);
    }
    return status;
}

tf_status tf_import_reject(tf_import *import, int64_t line, tf_text text, tf_error *error,
                           const char *reason_format, ...) {
    char reason[TF_REJECT_REASON_SIZE];
    va_list arguments;
    va_start(arguments, reason_format);
    vsnprintf(reason, sizeof reason, reason_format, arguments);
    va_end(arguments);
    import->rows_rejected++;
    return tf_batch_reject(import->db, import->batch_id, line, reason, text, error);
}

tf_status tf_import_warn(tf_import *import, const char *kind, int64_t count, int64_t example_line,
                         tf_error *error) {
    return count ? tf_batch_warn(import->db, import->batch_id, kind, count, example_line, error)
                 : TF_OK;
}

tf_status tf_import_end(tf_import *import, const char *sha256, tf_status status, tf_error *error) {
    if (!status) {
        tf_batch_end end = {.sha256 = sha256,
                            .rows_read = import->rows_read,
                            .rows_accepted = import->rows_read - import->rows_rejected,
                            .rows_rejected = import->rows_rejected,
                            .first_month = TF_MONTH_NONE,
                            .last_month = TF_MONTH_NONE};
        status = tf_batch_finish(import->db, import->batch_id, &end, error);
    }
    if (!status) {
        status = tf_db_commit(import->db, error);
    }
    if (status) {
        tf_db_rollback(import->db);
        tf_error_set_place(error, import->path);
    }
    return status;
}

static bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool tf_is_ons_column(tf_text text, const char *prefix, const char *suffix) {
    tf_text end = tf_text_of(suffix);
    if (text.length < end.length + 2) {
        return false;
    }
    tf_text start = {text.data, text.length - end.length - 2};
    const char *year = text.data + start.length;
    if (!is_digit(year[0]) || !is_digit(year[1]) ||
        !tf_text_equal_fold((tf_text){year + 2, end.length}, end)) {
        return false;
    }
    if (prefix) {
        return tf_text_equal_fold(start, tf_text_of(prefix));
    }
    for (size_t i = 0; i < start.length; i++) {
        if (!is_letter(start.data[i])) {
            return false;
        }
    }
    return start.length >= 3 && start.length <= 5;
}

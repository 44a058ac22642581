#include "intake/batch.h"

/* Null for a month that is not known. */
static void bind_month(tf_statement *statement, int parameter, tf_month month) {
    if (month == TF_MONTH_NONE) {
        tf_bind_null(statement, parameter);
    } else {
        tf_bind_int(statement, parameter, month);
    }
}

static tf_month month_at(tf_statement *statement, int column) {
    int64_t month = tf_column_at_int(statement, column);
    bool is_known =
        !tf_column_at_is_null(statement, column) && month > TF_MONTH_NONE && month <= INT32_MAX;
    return is_known ? (tf_month)month : TF_MONTH_NONE;
}

/* To the system a file's name is any bytes; here it is text.  NULL when out of memory. */
static char *name_as_text(const char *file) {
    size_t length = strlen(file);
    char *name = tf_copy_text(file, length);
    bool is_text = tf_text_is_utf8((tf_text){file, length});
    for (size_t i = 0; name && !is_text && i < length; i++) {
        name[i] = (unsigned char)name[i] < 0x80 ? name[i] : '?';
    }
    return name;
}

tf_status tf_batch_begin(tf_db *db, const tf_batch_start *start, int64_t *batch_id_out,
                         tf_error *error) {
    if (!tf_db_is_in_transaction(db)) {
        return tf_fail(error, TF_INTERNAL, start->file, 0, "a batch begins within a transaction");
    }
    tf_statement *statement = NULL;
    char *name = name_as_text(start->file);
    if (!name) {
        return tf_fail_no_memory(error);
    }
    tf_status status =
        tf_db_prepare(db,
                      "INSERT INTO batch (feed, force, month, file, sha256, publisher, started_at)"
                      " VALUES (?1, ?2, ?3, ?4, '', ?5, ?6)",
                      &statement, error);
    if (status) {
        tf_free(name);
        return status;
    }
    tf_bind_text(statement, 1, tf_text_of(start->feed));
    tf_bind_text(statement, 2, tf_text_of(start->force));
    bind_month(statement, 3, start->month);
    tf_bind_text(statement, 4, tf_text_of(name));
    tf_bind_text(statement, 5, tf_text_of(start->publisher));
    tf_bind_int(statement, 6, start->started_at);
    status = tf_statement_run(statement, error);
    tf_statement_free(statement);
    tf_free(name);
    if (!status) {
        *batch_id_out = tf_db_last_key(db);
    }
    return status;
}

tf_status tf_batch_finish(tf_db *db, int64_t batch_id, const tf_batch_end *end, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "UPDATE batch SET sha256 = ?2, finished_at = ?3,"
                                     " rows_read = ?4, rows_accepted = ?5, rows_rejected = ?6,"
                                     " first_month = ?7, last_month = ?8 WHERE id = ?1",
                                     &statement, error);
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, batch_id);
    tf_bind_text(statement, 2, tf_text_of(end->sha256));
    tf_bind_int(statement, 3, tf_instant_now());
    tf_bind_int(statement, 4, end->rows_read);
    tf_bind_int(statement, 5, end->rows_accepted);
    tf_bind_int(statement, 6, end->rows_rejected);
    bind_month(statement, 7, end->first_month);
    bind_month(statement, 8, end->last_month);
    status = tf_statement_run(statement, error);
    tf_statement_free(statement);
    if (!status && tf_db_changes(db) != 1) {
        return tf_fail(error, TF_INTERNAL, tf_db_path(db), 0, "there is no batch %lld to finish",
                       (long long)batch_id);
    }
    return status;
}

tf_status tf_batch_warn(tf_db *db, int64_t batch_id, const char *kind, int64_t count,
                        int64_t example_line, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(db,
                      "INSERT INTO batch_warning (batch_id, kind, count, example_line)"
                      " VALUES (?1, ?2, ?3, NULLIF(?4, 0)) ON CONFLICT (batch_id, kind) DO UPDATE"
                      " SET count = count + excluded.count,"
                      " example_line = COALESCE(example_line, excluded.example_line)",
                      &statement, error);
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, batch_id);
    tf_bind_text(statement, 2, tf_text_of(kind));
    tf_bind_int(statement, 3, count);
    tf_bind_int(statement, 4, example_line);
    status = tf_statement_run(statement, error);
    tf_statement_free(statement);
    return status;
}

tf_status tf_batch_reject(tf_db *db, int64_t batch_id, int64_t line, const char *reason,
                          tf_text text, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db, "INSERT INTO batch_reject (batch_id, line, reason, text) VALUES (?1, ?2, ?3, ?4)",
        &statement, error);
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, batch_id);
    tf_bind_int(statement, 2, line);
    tf_bind_text(statement, 3, tf_text_of(reason));
    tf_bind_text(statement, 4, text.data ? text : tf_text_of(""));
    status = tf_statement_run(statement, error);
    tf_statement_free(statement);
    return status;
}

/* ---- reading back ---- */

/* What grows while the rows are read, before it is laid into the caller's arena. */
typedef struct batch_list {
    tf_arena *arena;
    tf_batch *batches;
    size_t *first_warnings; /* of each batch, in `warnings` */
    tf_batch_warning *warnings;
    size_t batch_count;
    size_t warning_count;
    size_t batch_capacity;
    size_t first_capacity;
    size_t warning_capacity;
} batch_list;

/* A copy in the arena; *copy_out is NULL for null. */
static tf_status copy_column(tf_arena *arena, tf_statement *statement, int column, char **copy_out,
                             tf_error *error) {
    *copy_out = NULL;
    if (tf_column_at_is_null(statement, column)) {
        return TF_OK;
    }
    tf_text text = tf_column_at_text(statement, column);
    *copy_out = text.data ? tf_arena_copy_text(arena, text.data, text.length) : NULL;
    return *copy_out ? TF_OK : tf_fail_no_memory(error);
}

static tf_status add_batch(batch_list *list, tf_statement *statement, tf_error *error) {
    tf_status status = tf_reserve(&list->batches, &list->batch_capacity, list->batch_count + 1,
                                  sizeof *list->batches, error);
    if (!status) {
        status = tf_reserve(&list->first_warnings, &list->first_capacity, list->batch_count + 1,
                            sizeof *list->first_warnings, error);
    }
    if (status) {
        return status;
    }
    list->first_warnings[list->batch_count] = list->warning_count;
    tf_batch *batch = &list->batches[list->batch_count++];
    *batch = (tf_batch){.id = tf_column_at_int(statement, 0),
                        .month = month_at(statement, 3),
                        .started_at = tf_column_at_int(statement, 7),
                        .finished_at = tf_column_at_int(statement, 8),
                        .rows_read = tf_column_at_int(statement, 9),
                        .rows_accepted = tf_column_at_int(statement, 10),
                        .rows_rejected = tf_column_at_int(statement, 11),
                        .first_month = month_at(statement, 12),
                        .last_month = month_at(statement, 13),
                        .is_current = tf_column_at_int(statement, 14)};
    const struct {
        int column;
        char **copy;
    } texts[] = {{1, &batch->feed},
                 {2, &batch->force},
                 {4, &batch->file},
                 {5, &batch->sha256},
                 {6, &batch->publisher}};
    for (size_t i = 0; !status && i < sizeof texts / sizeof *texts; i++) {
        status = copy_column(list->arena, statement, texts[i].column, texts[i].copy, error);
    }
    return status;
}

static tf_status add_warning(batch_list *list, tf_statement *statement, tf_error *error) {
    tf_status status = tf_reserve(&list->warnings, &list->warning_capacity, list->warning_count + 1,
                                  sizeof *list->warnings, error);
    if (status) {
        return status;
    }
    tf_batch_warning *warning = &list->warnings[list->warning_count++];
    *warning = (tf_batch_warning){.count = tf_column_at_int(statement, 16),
                                  .example_line = tf_column_at_int(statement, 17)};
    list->batches[list->batch_count - 1].warning_count++;
    return copy_column(list->arena, statement, 15, &warning->kind, error);
}

/* Which batches are read. */
typedef struct batch_choice {
    int64_t id; /* 0: all */
    bool is_newest_first;
    int64_t first;
    int64_t most; /* -1: all */
} batch_choice;

/* One row for each warning, and one for a batch without any. */
static tf_status read_list(tf_db *db, const batch_choice *choice, batch_list *list,
                           tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db,
        "SELECT b.id, feed, force, month, file, sha256, publisher, started_at, finished_at,"
        " rows_read, rows_accepted, rows_rejected, first_month, last_month,"
        " b.id IN (SELECT batch_id FROM partition UNION SELECT batch_id FROM area"
        " UNION SELECT batch_id FROM population UNION SELECT batch_id FROM area_lookup),"
        " kind, count, example_line"
        " FROM (SELECT * FROM batch WHERE ?1 = 0 OR id = ?1 ORDER BY id * ?2 LIMIT ?3 OFFSET ?4) b"
        " LEFT JOIN batch_warning w ON w.batch_id = b.id ORDER BY b.id * ?2, kind",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, choice->id);
        tf_bind_int(statement, 2, choice->is_newest_first ? -1 : 1);
        tf_bind_int(statement, 3, choice->most);
        tf_bind_int(statement, 4, choice->first);
    }
    while (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        bool is_new = list->batch_count == 0 ||
                      list->batches[list->batch_count - 1].id != tf_column_at_int(statement, 0);
        if (is_new) {
            status = add_batch(list, statement, error);
        }
        if (!status && !tf_column_at_is_null(statement, 15)) {
            status = add_warning(list, statement, error);
        }
    }
    tf_statement_free(statement);
    return status;
}

static tf_status list_batches(tf_db *db, const batch_choice *choice, tf_arena *arena,
                              tf_batch **batches_out, size_t *count_out, tf_error *error) {
    batch_list list = {.arena = arena};
    *batches_out = NULL;
    *count_out = 0;
    tf_status status = read_list(db, choice, &list, error);
    if (status) {
        goto done;
    }
    tf_batch *batches = tf_arena_alloc(arena, list.batch_count, sizeof *batches);
    tf_batch_warning *warnings = tf_arena_alloc(arena, list.warning_count, sizeof *warnings);
    if (!batches || !warnings) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    if (list.warning_count) {
        memcpy(warnings, list.warnings, list.warning_count * sizeof *warnings);
    }
    for (size_t i = 0; i < list.batch_count; i++) {
        batches[i] = list.batches[i];
        batches[i].warnings = warnings + list.first_warnings[i];
    }
    *batches_out = batches;
    *count_out = list.batch_count;
done:
    tf_free(list.batches);
    tf_free(list.first_warnings);
    tf_free(list.warnings);
    return status;
}

tf_status tf_batch_list(tf_db *db, tf_arena *arena, tf_batch **batches_out, size_t *count_out,
                        tf_error *error) {
    return list_batches(db, &(batch_choice){.most = -1}, arena, batches_out, count_out, error);
}

/* The one number that a query gives; ?1 is `id`. */
static tf_status read_number(tf_db *db, const char *sql, int64_t id, int64_t *number_out,
                             tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    *number_out = 0;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        *number_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_batch_page(tf_db *db, int64_t first, int64_t most, tf_arena *arena,
                        tf_batch **batches_out, size_t *count_out, int64_t *total_out,
                        tf_error *error) {
    batch_choice choice = {.is_newest_first = true, .first = first, .most = most};
    tf_status status =
        read_number(db, "SELECT COUNT(*) FROM batch WHERE ?1 = 0", 0, total_out, error);
    return status ? status : list_batches(db, &choice, arena, batches_out, count_out, error);
}

tf_status tf_batch_get(tf_db *db, int64_t batch_id, tf_arena *arena, tf_batch *batch_out,
                       tf_error *error) {
    tf_batch *batches = NULL;
    size_t count = 0;
    tf_status status = TF_OK;
    if (batch_id > 0) {
        status = list_batches(db, &(batch_choice){.id = batch_id, .most = -1}, arena, &batches,
                              &count, error);
    }
    if (!status && count == 0) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0,
                         "there is no batch %lld; the list of the imported files has all of them",
                         (long long)batch_id);
    }
    if (!status) {
        *batch_out = batches[0];
    }
    return status;
}

/* Visit every row of a query of file, line, reason and text, and free it. */
static tf_status visit_rejects(tf_statement *statement, tf_batch_reject_visit *visit, void *context,
                               tf_error *error) {
    tf_status status = TF_OK;
    while (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        tf_text file = tf_column_at_text(statement, 0);
        tf_text reason = tf_column_at_text(statement, 2);
        tf_text text = tf_column_at_text(statement, 3);
        status =
            file.data && reason.data && text.data
                ? visit(context, file.data, tf_column_at_int(statement, 1), reason, text, error)
                : tf_fail_no_memory(error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_batch_each_reject(tf_db *db, int64_t batch_id, tf_batch_reject_visit *visit,
                               void *context, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     batch_id ? "SELECT file, line, reason, text FROM batch_reject"
                                                " JOIN batch ON id = batch_id WHERE batch_id = ?1"
                                                " ORDER BY line, batch_reject.rowid"
                                              : "SELECT file, line, reason, text FROM batch_reject"
                                                " JOIN batch ON id = batch_id"
                                                " ORDER BY batch_id, line, batch_reject.rowid",
                                     &statement, error);
    if (!status && batch_id) {
        tf_bind_int(statement, 1, batch_id);
    }
    return status ? status : visit_rejects(statement, visit, context, error);
}

tf_status tf_batch_page_of_rejects(tf_db *db, int64_t batch_id, int64_t first, int64_t most,
                                   tf_batch_reject_visit *visit, void *context, int64_t *total_out,
                                   tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = read_number(db, "SELECT COUNT(*) FROM batch_reject WHERE batch_id = ?1",
                                   batch_id, total_out, error);
    if (!status) {
        status = tf_db_prepare(db,
                               "SELECT file, line, reason, text FROM batch_reject"
                               " JOIN batch ON id = batch_id WHERE batch_id = ?1"
                               " ORDER BY line, batch_reject.rowid LIMIT ?2 OFFSET ?3",
                               &statement, error);
    }
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, batch_id);
    tf_bind_int(statement, 2, most);
    tf_bind_int(statement, 3, first);
    return visit_rejects(statement, visit, context, error);
}

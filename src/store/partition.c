#include "store/partition.h"

/* A row's key columns and facts come first, then what a statement adds. */
#define INFO_COLUMNS "feed, force, month, batch_id, row_count"

enum { MAX_STREAM_BYTES = 1000000000 };

static tf_status check_key(const tf_partition_key *key, tf_error *error) {
    size_t feed_length = strlen(key->feed);
    size_t force_length = strlen(key->force);
    if (feed_length == 0 || feed_length >= sizeof((tf_partition_info *)0)->feed) {
        return tf_fail(error, TF_BAD_INPUT, key->feed, 0,
                       "the name of a feed has 1 to %zu letters; choose another",
                       sizeof((tf_partition_info *)0)->feed - 1);
    }
    if (force_length == 0 || force_length >= sizeof((tf_partition_info *)0)->force) {
        return tf_fail(error, TF_BAD_INPUT, key->force, 0,
                       "the name of a force has 1 to %zu letters; rename the file",
                       sizeof((tf_partition_info *)0)->force - 1);
    }
    return TF_OK;
}

/* The rows now in the partition, or -1 if there is none. */
static tf_status find_row_count(tf_db *db, const tf_partition_key *key, int64_t *row_count_out,
                                tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db, "SELECT row_count FROM partition WHERE feed = ?1 AND force = ?2 AND month = ?3",
        &statement, error);
    if (status) {
        return status;
    }
    tf_bind_text(statement, 1, tf_text_of(key->feed));
    tf_bind_text(statement, 2, tf_text_of(key->force));
    tf_bind_int(statement, 3, key->month);
    bool has_row = false;
    status = tf_statement_step(statement, &has_row, error);
    *row_count_out = has_row ? tf_column_at_int(statement, 0) : -1;
    tf_statement_free(statement);
    return status;
}

static tf_status put_info(tf_db *db, const tf_partition_key *key, int64_t batch_id,
                          int64_t row_count, int64_t *partition_id_out, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db,
        "INSERT INTO partition (" INFO_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (feed, force, month) DO UPDATE"
        " SET batch_id = excluded.batch_id, row_count = excluded.row_count RETURNING id",
        &statement, error);
    if (status) {
        return status;
    }
    tf_bind_text(statement, 1, tf_text_of(key->feed));
    tf_bind_text(statement, 2, tf_text_of(key->force));
    tf_bind_int(statement, 3, key->month);
    tf_bind_int(statement, 4, batch_id);
    tf_bind_int(statement, 5, row_count);
    status = tf_statement_step(statement, NULL, error);
    if (!status) {
        *partition_id_out = tf_column_at_int(statement, 0);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status put_stream(tf_db *db, int64_t partition_id, const void *stream, size_t length,
                            tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(db,
                      "INSERT INTO partition_stream (partition_id, stream) VALUES (?1, ?2)"
                      " ON CONFLICT (partition_id) DO UPDATE SET stream = excluded.stream",
                      &statement, error);
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, partition_id);
    tf_bind_bytes(statement, 2, stream, length);
    status = tf_statement_run(statement, error);
    tf_statement_free(statement);
    return status;
}

tf_status tf_partition_put(tf_db *db, const tf_partition_key *key, int64_t batch_id,
                           int64_t row_count, const void *stream, size_t length,
                           int64_t *replaced_out, tf_error *error) {
    if (!tf_db_is_in_transaction(db)) {
        return tf_fail(error, TF_INTERNAL, tf_db_path(db), 0,
                       "a partition is put within a transaction");
    }
    if (length > MAX_STREAM_BYTES) {
        return tf_fail(error, TF_BAD_INPUT, key->force, 0,
                       "one month of one force is more than 1,000,000,000 bytes; check the file");
    }
    int64_t replaced = -1;
    int64_t partition_id = 0;
    tf_status status = check_key(key, error);
    if (!status) {
        status = find_row_count(db, key, &replaced, error);
    }
    if (!status) {
        status = put_info(db, key, batch_id, row_count, &partition_id, error);
    }
    if (!status) {
        status = put_stream(db, partition_id, stream, length, error);
    }
    if (!status && replaced_out) {
        *replaced_out = replaced;
    }
    return status;
}

static tf_status fail_damaged(tf_db *db, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, tf_db_path(db), 0,
                   "a partition in the database is damaged; restore it from a copy, or import its "
                   "files into a new one");
}

static bool copy_name(tf_text name, char *out, size_t size) {
    if (!name.data || name.length >= size || memchr(name.data, '\0', name.length)) {
        return false;
    }
    memcpy(out, name.data, name.length);
    out[name.length] = '\0';
    return true;
}

/* The INFO_COLUMNS of the current row. */
static tf_status read_info(tf_db *db, tf_statement *statement, tf_partition_info *info_out,
                           tf_error *error) {
    int64_t month = tf_column_at_int(statement, 2);
    *info_out = (tf_partition_info){.month = (tf_month)month,
                                    .batch_id = tf_column_at_int(statement, 3),
                                    .row_count = tf_column_at_int(statement, 4)};
    if (!copy_name(tf_column_at_text(statement, 0), info_out->feed, sizeof info_out->feed) ||
        !copy_name(tf_column_at_text(statement, 1), info_out->force, sizeof info_out->force) ||
        month < 0 || month > INT32_MAX || info_out->row_count < 0) {
        return fail_damaged(db, error);
    }
    return TF_OK;
}

/* Prepare `sql` with the four limits that both ways of reading take. */
static tf_status prepare_range(tf_db *db, const char *sql, const char *feed, const char *force,
                               tf_month from, tf_month to, tf_statement **statement_out,
                               tf_error *error) {
    tf_status status = tf_db_prepare(db, sql, statement_out, error);
    if (!status) {
        tf_bind_text(*statement_out, 1, tf_text_of(feed));
        tf_bind_text(*statement_out, 2, tf_text_of(force));
        tf_bind_int(*statement_out, 3, from);
        tf_bind_int(*statement_out, 4, to);
    }
    return status;
}

tf_status tf_partition_list(tf_db *db, const char *feed, const char *force, tf_month from,
                            tf_month to, tf_partition_info **infos_out, size_t *count_out,
                            tf_error *error) {
    tf_partition_info *infos = NULL;
    size_t count = 0;
    size_t capacity = 0;
    tf_statement *statement = NULL;
    tf_status status =
        prepare_range(db,
                      "SELECT " INFO_COLUMNS " FROM partition"
                      " WHERE (?1 IS NULL OR feed = ?1) AND (?2 IS NULL OR force = ?2)"
                      " AND month BETWEEN ?3 AND ?4 ORDER BY feed, force, month",
                      feed, force, from, to, &statement, error);
    while (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = tf_reserve(&infos, &capacity, count + 1, sizeof *infos, error);
        if (!status) {
            status = read_info(db, statement, &infos[count++], error);
        }
    }
    tf_statement_free(statement);
    if (status) {
        tf_free(infos);
        infos = NULL;
        count = 0;
    }
    *infos_out = infos;
    *count_out = count;
    return status;
}

tf_status tf_partition_each(tf_db *db, const char *feed, const char *force, tf_month from,
                            tf_month to, tf_partition_visit *on_stream, void *context,
                            tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status =
        prepare_range(db,
                      "SELECT " INFO_COLUMNS ", stream FROM partition"
                      " LEFT JOIN partition_stream ON partition_id = id"
                      " WHERE feed = ?1 AND (?2 IS NULL OR force = ?2) AND month BETWEEN ?3 AND ?4"
                      " ORDER BY feed, force, month",
                      feed, force, from, to, &statement, error);
    while (!status) {
        tf_partition_info info;
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = read_info(db, statement, &info, error);
        if (!status && tf_column_at_is_null(statement, 5)) {
            status = fail_damaged(db, error);
        }
        if (!status) {
            size_t length = 0;
            const void *stream = tf_column_at_bytes(statement, 5, &length);
            status = stream ? on_stream(context, &info, stream, length, error)
                            : tf_fail_no_memory(error);
        }
    }
    tf_statement_free(statement);
    return status;
}

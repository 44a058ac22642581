#include "db_internal.h"

#include <assert.h>

bool tf_db_start_log(tf_db *db) {
    return tf_db_execute(db, "PRAGMA journal_mode = WAL", NULL) == TF_OK;
}

void tf_db_after_commit(tf_db *db, tf_db_after *after, const void *facts, size_t size) {
    assert(size <= sizeof db->after_facts && tf_db_is_in_transaction(db));
    db->after = after;
    memcpy(db->after_facts, facts, size);
}

static void forget_after(tf_db *db) {
    db->after = NULL;
    memset(db->after_facts, 0, sizeof db->after_facts);
}

tf_status tf_db_begin(tf_db *db, tf_error *error) {
    if (db->mode != TF_DB_WRITE) {
        return tf_fail(error, TF_INTERNAL, db->path, 0,
                       "the database was opened for reading and cannot be written to");
    }
    forget_after(db); /* of a transaction that SQLite itself has taken back */
    return tf_db_execute(db, "BEGIN IMMEDIATE", error);
}

/* SQLite takes this setting between transactions only. */
static void end_durable(tf_db *db) {
    if (db->is_durable && !tf_db_is_in_transaction(db)) {
        db->is_durable = tf_db_execute(db, "PRAGMA synchronous = NORMAL", NULL) != TF_OK;
    }
}

tf_status tf_db_begin_durable(tf_db *db, tf_error *error) {
    tf_status status = tf_db_execute(db, "PRAGMA synchronous = FULL", error);
    db->is_durable = !status;
    if (!status) {
        status = tf_db_begin(db, error);
    }
    if (status) {
        end_durable(db);
    }
    return status;
}

tf_status tf_db_begin_reading(tf_db *db, tf_error *error) {
    return tf_db_execute(db, "BEGIN DEFERRED", error);
}

tf_status tf_db_commit(tf_db *db, tf_error *error) {
    tf_status status = tf_db_execute(db, "COMMIT", error);
    if (status) {
        tf_db_rollback(db);
    } else if (db->lacks_log) {
        db->lacks_log = !tf_db_start_log(db);
    }
    if (!status && db->after) {
        db->after(db, db->after_facts, db->is_durable);
    }
    forget_after(db);
    end_durable(db);
    return status;
}

void tf_db_rollback(tf_db *db) {
    /* A rollback that fails leaves a log that the next one to open the file ignores. */
    if (tf_db_is_in_transaction(db)) {
        (void)tf_db_execute(db, "ROLLBACK", NULL);
    }
    forget_after(db);
    end_durable(db);
}

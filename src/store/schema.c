#include "schema_internal.h"

#include <stdio.h>

/* In every database of ours, at bytes 68 to 71: "TREF". */
static const int64_t application_id = 0x54524546;

typedef struct identity {
    int64_t application_id;
    int64_t version;
    int64_t entry_count; /* tables, indexes and the like */
} identity;

/* All in one statement, so that another process that initialises the file at this moment is seen
 * either before or after. */
static tf_status read_identity(tf_db *db, identity *identity_out, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "SELECT application_id, user_version,"
                                     " (SELECT count(*) FROM sqlite_schema)"
                                     " FROM pragma_application_id, pragma_user_version",
                                     &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        identity_out->application_id = tf_column_at_int(statement, 0);
        identity_out->version = tf_column_at_int(statement, 1);
        identity_out->entry_count = tf_column_at_int(statement, 2);
    }
    tf_statement_free(statement);
    return status;
}

/* The schema version of the file, 0 when it is empty; refuses what this program must not touch. */
static tf_status judge(tf_db *db, tf_db_mode mode, int64_t newest, int64_t *version_out,
                       tf_error *error) {
    const char *path = tf_db_path(db);
    identity found = {0};
    tf_status status = read_identity(db, &found, error);
    if (status) {
        return status;
    }
    if (found.application_id != application_id) {
        if (found.entry_count > 0) {
            return tf_fail(error, TF_BAD_INPUT, path, 0,
                           "the database belongs to another program; name another file");
        }
        if (mode != TF_DB_WRITE) {
            return tf_fail(error, TF_BAD_INPUT, path, 0,
                           "the database is empty; import data into it first");
        }
        *version_out = 0;
        return TF_OK;
    }
    if (found.version > newest) {
        return tf_fail(error, TF_BAD_INPUT, path, 0,
                       "the database was written by a newer Trefoil (schema %lld, and this one "
                       "knows %lld); use that program",
                       (long long)found.version, (long long)newest);
    }
    if (found.version < 1) {
        return tf_fail(error, TF_BAD_INPUT, path, 0,
                       "the database says it has schema %lld, which there never was; restore it "
                       "from a copy",
                       (long long)found.version);
    }
    if (found.version < newest && mode == TF_DB_READ) {
        return tf_fail(error, TF_BAD_INPUT, path, 0,
                       "the database was written by an older Trefoil (schema %lld, and this one "
                       "reads %lld); open it once for writing, as an import does, to bring it up "
                       "to date",
                       (long long)found.version, (long long)newest);
    }
    *version_out = found.version;
    return TF_OK;
}

/* The next migration.  Judges anew within the transaction, for another process may have been
 * faster. */
static tf_status migrate_once(tf_db *db, const tf_embedded_folder *migrations, tf_error *error) {
    const int64_t newest = (int64_t)migrations->count;
    tf_status status = tf_db_begin(db, error);
    if (status) {
        return status;
    }
    int64_t version = 0;
    status = judge(db, TF_DB_WRITE, newest, &version, error);
    if (!status && version < newest) {
        char marks[96];
        snprintf(marks, sizeof marks, "PRAGMA application_id = %lld; PRAGMA user_version = %lld",
                 (long long)application_id, (long long)version + 1);
        status = tf_db_execute(db, (const char *)migrations->files[version].bytes, error);
        if (!status) {
            status = tf_db_execute(db, marks, error);
        }
    }
    if (!status) {
        status = tf_db_commit(db, error);
    }
    tf_db_rollback(db);
    return status;
}

tf_status tf_schema_prepare(tf_db *db, tf_db_mode mode, const tf_embedded_folder *migrations,
                            bool *is_new_out, tf_error *error) {
    const int64_t newest = (int64_t)migrations->count;
    int64_t version = 0;
    tf_status status = judge(db, mode, newest, &version, error);
    *is_new_out = !status && version == 0;
    if (status || mode != TF_DB_WRITE) {
        return status;
    }
    if (version == 0) {
        /* A partition's stream is some 200 KB: with pages of 16 KB instead of 4 it is written and
         * read a third faster; 64 KB gain no more. */
        status = tf_db_execute(db, "PRAGMA page_size = 16384", error);
    }
    while (!status && version < newest) {
        status = migrate_once(db, migrations, error);
        if (!status) {
            status = judge(db, mode, newest, &version, error);
        }
    }
    return status;
}

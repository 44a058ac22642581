#include "store/db.h"

#include "copy_internal.h"
#include "db_internal.h"
#include "path_internal.h"
#include "schema_internal.h"

#include <sqlite3.h>

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum {
    BUSY_TIMEOUT_MS = 5000,
    SMALLEST_DATABASE = 512, /* bytes: one page of the smallest size */
};

extern const tf_embedded_folder tf_migrations; /* the files of src/store/migrations */

struct tf_statement {
    tf_db *db;
    sqlite3_stmt *handle;
    int failure; /* SQLite's code of the first failed bind or column, SQLITE_OK if none */
};

static tf_status fail_no_database(const char *path, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, path, 0,
                   "the file is not a database of Trefoil; name another file");
}

static tf_status fail_io(const tf_db *db, int code, tf_error *error) {
    int system_code = sqlite3_system_errno(db->handle);
    if (code == SQLITE_FULL || system_code == ENOSPC || system_code == EDQUOT ||
        system_code == EFBIG) {
        return tf_fail(error, TF_IO, db->path, 0,
                       "there is no room left on the disk for the database; free some space and "
                       "try again");
    }
    return tf_fail(error, TF_IO, db->path, 0,
                   "the database cannot be read or written (%s: %s); check the disk and the "
                   "permissions of the file and its folder",
                   sqlite3_errstr(code), system_code ? strerror(system_code) : "no more is known");
}

/* Report SQLite's result `code`, which is not success. */
static tf_status fail(const tf_db *db, int code, tf_error *error) {
    if (code == SQLITE_IOERR_NOMEM) {
        return tf_fail_no_memory(error);
    }
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return tf_fail_no_memory(error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return tf_fail(
            error, TF_BUSY, db->path, 0,
            "another Trefoil is writing to the database; try again when it has finished");
    case SQLITE_NOTADB:
        return fail_no_database(db->path, error);
    case SQLITE_CORRUPT:
        return tf_fail(error, TF_BAD_INPUT, db->path, 0,
                       "the database is damaged; restore it from a copy, or import the files into "
                       "a new one");
    case SQLITE_TOOBIG:
        return tf_fail(error, TF_BAD_INPUT, db->path, 0,
                       "a value is larger than the 1,000,000,000 bytes a row may hold; import "
                       "less at once");
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOLFS:
        return fail_io(db, code, error);
    case SQLITE_READONLY:
        if (db->mode == TF_DB_WRITE) {
            return tf_fail(error, TF_IO, db->path, 0,
                           "the database may not be written to; check the permissions of the file "
                           "and its folder");
        }
        if (code != SQLITE_READONLY) {
            return tf_fail(error, TF_IO, db->path, 0,
                           "the database was not closed when it was last used, and its folder is "
                           "write-protected; copy the file and its -wal file to another folder");
        }
        break;
    default:
        break;
    }
    return tf_fail(error, TF_INTERNAL, db->path, 0,
                   "the database refused a statement (%s); if no other program changed the file, "
                   "this is a defect of Trefoil: please report it",
                   sqlite3_errmsg(db->handle));
}

/* Refuse what is there but no file, and what is not there but should be. */
static tf_status check_path(const char *path, tf_db_mode mode, tf_error *error) {
    struct stat file;
    if (path[0] == '\0') {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the name of the database is empty; name one");
    }
    if (stat(path, &file) != 0) {
        if (mode == TF_DB_READ && (errno == ENOENT || errno == ENOTDIR)) {
            return tf_fail(error, TF_NOT_FOUND, path, 0,
                           "there is no such database; check the name, or import data first");
        }
        return TF_OK; /* to be created, or for SQLite to complain about */
    }
    if (!S_ISREG(file.st_mode)) {
        return tf_fail(error, TF_BAD_INPUT, path, 0,
                       "this is a folder or a device, not a file; name another file");
    }
    if (file.st_size > 0 && file.st_size < SMALLEST_DATABASE) {
        /* SQLite takes less than 100 bytes for an empty database, and would write over them. */
        return fail_no_database(path, error);
    }
    return TF_OK;
}

/* Settings of a connection.  Views and triggers are off because we make none: those in a file
 * come from somebody else. */
static tf_status configure(tf_db *db, tf_error *error) {
    static const struct {
        int option;
        int value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        sqlite3_db_config(db->handle, options[i].option, options[i].value, NULL);
    }
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    /* With a write-ahead log, NORMAL loses nothing when the program is killed; when the power
     * fails it may lose the last transactions, never a part of one.  The log is cut back after a
     * large import.  No mmap_size: a file cut short by others would then end the program. */
    tf_status status = tf_db_execute(db,
                                     "PRAGMA synchronous = NORMAL;"
                                     "PRAGMA secure_delete = ON;" /* what is deleted is gone */
                                     "PRAGMA foreign_keys = ON;"
                                     "PRAGMA cell_size_check = ON;"
                                     "PRAGMA cache_size = -16384;" /* KiB */
                                     "PRAGMA journal_size_limit = 67108864",
                                     error);
    if (!status && db->mode != TF_DB_WRITE) {
        status = tf_db_execute(db, "PRAGMA query_only = ON", error);
    }
    return status;
}

static tf_status open_handle(tf_db *db, tf_error *error) {
    /* A reader opens for writing too where it may: it then takes away the log it leaves behind. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_EXRESCODE | (db->mode == TF_DB_WRITE ? SQLITE_OPEN_CREATE : 0);
    tf_buffer uri;
    tf_buffer_init(&uri);
    tf_path_append_uri(db->path, db->mode == TF_DB_READ && tf_path_is_immutable(db->path), &uri);
    tf_status status = tf_buffer_check(&uri, error);
    if (!status) {
        int code = sqlite3_open_v2(uri.data, &db->handle, flags, NULL);
        if (code != SQLITE_OK) {
            status = db->handle ? fail(db, code, error) : tf_fail_no_memory(error);
        }
    }
    tf_buffer_deinit(&uri);
    if (!status && db->mode == TF_DB_WRITE && sqlite3_db_readonly(db->handle, "main") == 1) {
        status = fail(db, SQLITE_READONLY, error);
    }
    return status;
}

/* A connection without a handle yet; NULL when out of memory. */
static tf_db *new_db(const char *path, tf_db_mode mode) {
    tf_db *db = tf_alloc_zeroed(1, sizeof *db);
    if (!db || !(db->path = tf_copy_text(path, strlen(path)))) {
        tf_free(db);
        return NULL;
    }
    db->mode = mode;
    return db;
}

tf_status tf_db_open(const char *path, tf_db_mode mode, tf_db **db_out, tf_error *error) {
    *db_out = NULL;
    tf_status status = check_path(path, mode, error);
    if (status) {
        return status;
    }
    tf_db *db = new_db(path, mode);
    if (!db) {
        return tf_fail_no_memory(error);
    }
    bool is_new = false;
    status = open_handle(db, error);
    if (!status) {
        status = configure(db, error);
    }
    if (!status) {
        status = tf_schema_prepare(db, mode, &tf_migrations, &is_new, error);
    }
    db->lacks_log = !status && mode == TF_DB_WRITE && (is_new || !tf_db_start_log(db));
    if (status) {
        tf_db_close(db);
        return status;
    }
    *db_out = db;
    return TF_OK;
}

/* A connection to a database that stands in memory, or comes to stand there. */
static tf_status open_memory(tf_db *db, void *image, size_t size, size_t room, unsigned flags,
                             tf_error *error) {
    int code =
        sqlite3_open_v2(":memory:", &db->handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_deserialize(db->handle, "main", image, (sqlite3_int64)size,
                                   (sqlite3_int64)room, flags);
    }
    if (code == SQLITE_OK) {
        return TF_OK;
    }
    return db->handle ? fail(db, code, error) : tf_fail_no_memory(error);
}

tf_status tf_image_write(tf_db *db, void *image, size_t size, tf_error *error) {
    tf_db *copy = new_db(db->path, TF_DB_COPY);
    if (!copy) {
        return tf_fail_no_memory(error);
    }
    tf_status status = open_memory(copy, image, 0, size, 0, error);
    if (!status) {
        status = tf_db_execute(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", error);
    }
    if (!status) {
        sqlite3_backup *backup = sqlite3_backup_init(copy->handle, "main", db->handle, "main");
        int code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(copy->handle);
        (void)sqlite3_backup_finish(backup);
        status = code == SQLITE_DONE ? TF_OK : fail(db, code, error);
    }
    tf_db_close(copy);
    return status;
}

tf_status tf_image_open(const char *name, void *image, size_t size, tf_db **db_out,
                        tf_error *error) {
    *db_out = NULL;
    tf_db *db = new_db(name, TF_DB_COPY);
    if (!db) {
        tf_image_unmap(image, size);
        return tf_fail_no_memory(error);
    }
    db->image = image;
    db->image_size = size;
    bool is_new;
    tf_status status = open_memory(db, image, size, size, SQLITE_DESERIALIZE_READONLY, error);
    if (!status) {
        status = configure(db, error);
    }
    if (!status) {
        status = tf_schema_prepare(db, TF_DB_COPY, &tf_migrations, &is_new, error);
    }
    if (status) {
        tf_db_close(db);
        return status;
    }
    *db_out = db;
    return TF_OK;
}

void tf_db_close(tf_db *db) {
    if (!db) {
        return;
    }
    tf_statement_free(db->version);
    for (size_t i = 0; i < KEPT_STATEMENTS; i++) {
        sqlite3_finalize(db->kept[i].handle);
    }
    assert((!db->handle || !sqlite3_next_stmt(db->handle, NULL)) &&
           "every statement is freed before its database");
    tf_db_rollback(db);
    sqlite3_close_v2(db->handle);
    tf_image_unmap(db->image, db->image_size);
    tf_free(db->path);
    tf_free(db);
}

const char *tf_db_path(const tf_db *db) {
    return db->path;
}

bool tf_db_is_copy(const tf_db *db) {
    return db->mode == TF_DB_COPY;
}

tf_status tf_db_clear_log(tf_db *db, tf_error *error) {
    return tf_db_execute(db, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

bool tf_db_is_in_transaction(const tf_db *db) {
    return db->handle && !sqlite3_get_autocommit(db->handle);
}

tf_status tf_db_execute(tf_db *db, const char *sql, tf_error *error) {
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? TF_OK : fail(db, code, error);
}

/* The statement kept for this text, which is kept no longer; NULL: there is none.  Many begin
 * alike: their lengths tell most of them apart. */
static sqlite3_stmt *take_kept(tf_db *db, const char *sql) {
    size_t length = strlen(sql);
    for (size_t i = 0; i < KEPT_STATEMENTS; i++) {
        struct kept_statement *kept = &db->kept[i];
        if (kept->handle && kept->length == length &&
            memcmp(sqlite3_sql(kept->handle), sql, length) == 0) {
            sqlite3_stmt *handle = kept->handle;
            kept->handle = NULL;
            return handle;
        }
    }
    return NULL;
}

/* In a free place, or in that of the statement that was kept longest ago. */
static void keep(tf_db *db, sqlite3_stmt *handle) {
    (void)sqlite3_reset(handle);
    (void)sqlite3_clear_bindings(handle);
    struct kept_statement *place = NULL;
    for (size_t i = 0; i < KEPT_STATEMENTS && !place; i++) {
        place = db->kept[i].handle ? NULL : &db->kept[i];
    }
    if (!place) {
        place = &db->kept[db->next_kept++ % KEPT_STATEMENTS];
        sqlite3_finalize(place->handle);
    }
    *place = (struct kept_statement){handle, strlen(sqlite3_sql(handle))};
}

tf_status tf_db_prepare(tf_db *db, const char *sql, tf_statement **statement_out, tf_error *error) {
    *statement_out = NULL;
    tf_statement *statement = tf_alloc_zeroed(1, sizeof *statement);
    if (!statement) {
        return tf_fail_no_memory(error);
    }
    statement->db = db;
    statement->handle = take_kept(db, sql);
    int code = statement->handle
                   ? SQLITE_OK
                   : sqlite3_prepare_v2(db->handle, sql, -1, &statement->handle, NULL);
    if (code != SQLITE_OK) {
        tf_free(statement);
        return fail(db, code, error);
    }
    assert(statement->handle && "the text holds a statement");
    *statement_out = statement;
    return TF_OK;
}

void tf_statement_free(tf_statement *statement) {
    if (statement) {
        keep(statement->db, statement->handle);
        tf_free(statement);
    }
}

/* Keep the first fault of a bind or a column for the next step. */
static void note(tf_statement *statement, int code) {
    if (code != SQLITE_OK && statement->failure == SQLITE_OK) {
        statement->failure = code;
    }
}

void tf_bind_null(tf_statement *statement, int parameter) {
    note(statement, sqlite3_bind_null(statement->handle, parameter));
}

void tf_bind_int(tf_statement *statement, int parameter, int64_t value) {
    note(statement, sqlite3_bind_int64(statement->handle, parameter, value));
}

void tf_bind_double(tf_statement *statement, int parameter, double value) {
    note(statement, sqlite3_bind_double(statement->handle, parameter, value));
}

void tf_bind_text(tf_statement *statement, int parameter, tf_text value) {
    note(statement, sqlite3_bind_text64(statement->handle, parameter, value.data, value.length,
                                        SQLITE_STATIC, SQLITE_UTF8));
}

void tf_bind_bytes(tf_statement *statement, int parameter, const void *bytes, size_t length) {
    note(statement,
         sqlite3_bind_blob64(statement->handle, parameter, bytes, length, SQLITE_STATIC));
}

tf_status tf_statement_step(tf_statement *statement, bool *has_row_out, tf_error *error) {
    if (has_row_out) {
        *has_row_out = false;
    }
    int code = statement->failure;
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement->handle);
    }
    if (code == SQLITE_ROW) {
        if (has_row_out) {
            *has_row_out = true;
        }
        return TF_OK;
    }
    return code == SQLITE_DONE ? TF_OK : fail(statement->db, code, error);
}

void tf_statement_reset(tf_statement *statement) {
    /* The result of a reset repeats the fault of the last step, which was reported then. */
    sqlite3_reset(statement->handle);
    sqlite3_clear_bindings(statement->handle);
    statement->failure = SQLITE_OK;
}

tf_status tf_statement_run(tf_statement *statement, tf_error *error) {
    bool has_row = true;
    tf_status status = TF_OK;
    while (!status && has_row) {
        status = tf_statement_step(statement, &has_row, error);
    }
    tf_statement_reset(statement);
    return status;
}

bool tf_column_at_is_null(tf_statement *statement, int column) {
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

tf_column_type tf_column_at_type(tf_statement *statement, int column) {
    switch (sqlite3_column_type(statement->handle, column)) {
    case SQLITE_INTEGER:
        return TF_COLUMN_INT;
    case SQLITE_FLOAT:
        return TF_COLUMN_DOUBLE;
    case SQLITE_TEXT:
        return TF_COLUMN_TEXT;
    case SQLITE_BLOB:
        return TF_COLUMN_BYTES;
    default:
        return TF_COLUMN_NULL;
    }
}

int64_t tf_column_at_int(tf_statement *statement, int column) {
    return sqlite3_column_int64(statement->handle, column);
}

double tf_column_at_double(tf_statement *statement, int column) {
    return sqlite3_column_double(statement->handle, column);
}

tf_text tf_column_at_text(tf_statement *statement, int column) {
    if (tf_column_at_is_null(statement, column)) {
        return (tf_text){NULL, 0};
    }
    const char *data = (const char *)sqlite3_column_text(statement->handle, column);
    if (!data) {
        note(statement, SQLITE_NOMEM);
        return (tf_text){NULL, 0};
    }
    return (tf_text){data, (size_t)sqlite3_column_bytes(statement->handle, column)};
}

const void *tf_column_at_bytes(tf_statement *statement, int column, size_t *length_out) {
    *length_out = 0;
    if (tf_column_at_is_null(statement, column)) {
        return NULL;
    }
    const void *bytes = sqlite3_column_blob(statement->handle, column);
    if (!bytes) {
        /* SQLite gives NULL for no bytes, too. */
        if (sqlite3_errcode(statement->db->handle) == SQLITE_NOMEM) {
            note(statement, SQLITE_NOMEM);
            return NULL;
        }
        return "";
    }
    *length_out = (size_t)sqlite3_column_bytes(statement->handle, column);
    return bytes;
}

tf_status tf_db_version(tf_db *db, int64_t *version_out, tf_error *error) {
    tf_status status = TF_OK;
    if (!db->version) {
        status = tf_db_prepare(db, "PRAGMA data_version", &db->version, error);
    }
    if (status || !db->version) {
        return status;
    }
    bool has_row = false;
    status = tf_statement_step(db->version, &has_row, error);
    if (!status) {
        *version_out = tf_column_at_int(db->version, 0);
    }
    tf_statement_reset(db->version);
    return status;
}

int64_t tf_db_last_key(tf_db *db) {
    return sqlite3_last_insert_rowid(db->handle);
}

int64_t tf_db_changes(tf_db *db) {
    return sqlite3_changes64(db->handle);
}

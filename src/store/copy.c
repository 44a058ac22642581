#include "copy_internal.h"

#include "base/embedded.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum {
    SMALLEST_IMAGE = 512, /* bytes: one page of the smallest size */

    /* sqlite.org/fileformat2.html: whether a write-ahead log belongs to the file.  None belongs to
     * a copy. */
    WRITE_VERSION_OFFSET = 18,
    READ_VERSION_OFFSET = 19,
    WITHOUT_LOG = 1,
};

extern const tf_embedded_folder tf_migrations; /* the files of src/store/migrations */

void tf_image_unmap(void *image, size_t size) {
    if (image) {
        (void)munmap(image, size);
    }
}

static tf_status ask(tf_db *db, const char *sql, int64_t *value_out, tf_error *error) {
    *value_out = 0;
    tf_statement *statement;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        *value_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

/* Map a file of `size` bytes whose room on the disk is taken before: writing to a map that the disk
 * has no room for would end the program. */
static tf_status map_new(tf_db *db, int file, size_t size, void **image_out, tf_error *error) {
    int fault = posix_fallocate(file, 0, (off_t)size);
    if (fault == 0) {
        void *image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (image != MAP_FAILED) {
            *image_out = image;
            return TF_OK;
        }
        fault = errno;
    }
    return tf_fail(error, TF_IO, tf_db_path(db), 0,
                   "there is no room for a copy of the database, %lld bytes: %s; free some space "
                   "and try again",
                   (long long)size, strerror(fault));
}

static tf_status copy(tf_db *db, int file, tf_error *error) {
    int64_t size;
    /* The first statement of the transaction: it fixes what is seen. */
    tf_status status = ask(
        db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &size, error);
    void *image = NULL;
    if (!status) {
        status = map_new(db, file, (size_t)size, &image, error);
    }
    if (!status) {
        status = tf_image_write(db, image, (size_t)size, error);
    }
    if (!status && image) {
        ((char *)image)[WRITE_VERSION_OFFSET] = WITHOUT_LOG;
        ((char *)image)[READ_VERSION_OFFSET] = WITHOUT_LOG;
    }
    tf_image_unmap(image, (size_t)size);
    return status;
}

tf_status tf_db_copy(tf_db *db, int file, tf_error *error) {
    bool has_own = !tf_db_is_in_transaction(db);
    tf_status status = has_own ? tf_db_begin_reading(db, error) : TF_OK;
    if (!status) {
        status = copy(db, file, error);
    }
    if (has_own) {
        tf_db_rollback(db);
    }
    return status;
}

tf_status tf_db_open_copy(int file, const char *name, tf_db **db_out, tf_error *error) {
    *db_out = NULL;
    struct stat facts;
    if (fstat(file, &facts) != 0) {
        return tf_fail(error, TF_IO, name, 0, "the copy cannot be read: %s", strerror(errno));
    }
    if (facts.st_size < SMALLEST_IMAGE) {
        return tf_fail(error, TF_BAD_INPUT, name, 0, "what it holds is no database of Trefoil");
    }
    void *image = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (image == MAP_FAILED) {
        return tf_fail(error, TF_IO, name, 0, "the copy cannot be read: %s", strerror(errno));
    }
    return tf_image_open(name, image, (size_t)facts.st_size, db_out, error);
}

/* ---- checking ---- */

static tf_status check_by(tf_db *db, const char *pragma, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db, pragma, &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        tf_text answer = tf_column_at_text(statement, 0);
        if (!tf_text_equal(answer, tf_text_of("ok"))) {
            status = tf_fail(error, TF_BAD_INPUT, tf_db_path(db), 0,
                             "the database is damaged (%.*s); restore it from a backup",
                             TF_TEXT_ARG(answer));
        }
    }
    tf_statement_free(statement);
    return status;
}

static tf_status check_references(tf_db *db, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db, "PRAGMA foreign_key_check", &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        tf_text table = tf_column_at_text(statement, 0);
        status = tf_fail(error, TF_BAD_INPUT, tf_db_path(db), 0,
                         "row %lld of the table %.*s names a row that is not there; restore the "
                         "database from a backup",
                         (long long)tf_column_at_int(statement, 1), TF_TEXT_ARG(table));
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_db_check(tf_db *db, bool is_quick, tf_error *error) {
    tf_status status =
        check_by(db, is_quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)", error);
    return status || is_quick ? status : check_references(db, error);
}

tf_status tf_db_check_table(tf_db *db, const char *table, tf_error *error) {
    char pragma[96];
    snprintf(pragma, sizeof pragma, "PRAGMA integrity_check(%s)", table);
    return check_by(db, pragma, error);
}

tf_status tf_db_schema(tf_db *db, int64_t *schema_out, tf_error *error) {
    return ask(db, "PRAGMA user_version", schema_out, error);
}

int64_t tf_db_schema_newest(void) {
    return (int64_t)tf_migrations.count;
}

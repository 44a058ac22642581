/* The one database interface.  SQLite stands behind it; nothing above this folder knows that. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef struct tf_db tf_db;
typedef struct tf_statement tf_statement;

typedef enum tf_db_mode {
    TF_DB_READ,  /* the file must exist and be ours; what it holds is not changed */
    TF_DB_WRITE, /* created if absent, brought to the newest schema */
    TF_DB_COPY,  /* of tf_db_open_copy alone: not changed, and may have an older schema */
} tf_db_mode;

/* Open the database file at `path`.  A connection serves one thread at a time.  Beside an open
 * database stand `path`-wal and `path`-shm; the last one to close it takes them away.
 * Errors: TF_NOT_FOUND (READ only); TF_BAD_INPUT for a file that is no database, belongs to
 * another program, was written by a newer Trefoil or, when reading, by an older one; TF_BUSY;
 * TF_IO. */
tf_status tf_db_open(const char *path, tf_db_mode mode, tf_db **db_out, tf_error *error);
void tf_db_close(tf_db *db); /* rolls back an open transaction; accepts NULL */
const char *tf_db_path(const tf_db *db);
bool tf_db_is_copy(const tf_db *db); /* opened by tf_db_open_copy; its path is a mere name */

/* A write transaction.  tf_db_begin waits up to five seconds for another writer, then TF_BUSY.
 * They do not nest.  What was committed survives the end of the program, however it ends.  A
 * commit that fails has been rolled back. */
tf_status tf_db_begin(tf_db *db, tf_error *error);

/* The same, and its commit returns only when the disk has it: what was committed then survives a
 * power cut too. */
tf_status tf_db_begin_durable(tf_db *db, tf_error *error);
tf_status tf_db_commit(tf_db *db, tf_error *error);
void tf_db_rollback(tf_db *db); /* does nothing outside a transaction */
bool tf_db_is_in_transaction(const tf_db *db);

/* Call `after` once, right after the open transaction has been committed, and never if it is rolled
 * back: for what must not be told of before it holds.  `facts` are copied and given to it, and then
 * forgotten; a later call in the same transaction takes the place of the earlier one. */
enum { TF_DB_FACTS_MOST = 128 };
typedef void tf_db_after(tf_db *db, const void *facts, bool is_durable);
void tf_db_after_commit(tf_db *db, tf_db_after *after, const void *facts, size_t size);

/* Write what the log holds into the database and empty it, so that nothing that was deleted is left
 * in it.  Where somebody else is reading, the log is left as it is; the next to do so empties it.
 */
tf_status tf_db_clear_log(tf_db *db, tf_error *error);

/* From the first read on see one state of the database, whatever others commit, until
 * tf_db_rollback.  Errors: TF_BUSY; TF_IO. */
tf_status tf_db_begin_reading(tf_db *db, tf_error *error);

/* Run statements, separated by semicolons, whose rows are of no interest.
 * Errors, here and in tf_db_prepare and tf_statement_step: TF_IO when the disk is full or fails;
 * TF_BUSY; TF_BAD_INPUT for a damaged file; TF_NO_MEMORY; TF_INTERNAL for a statement that is
 * wrong or breaks a constraint. */
tf_status tf_db_execute(tf_db *db, const char *sql, tf_error *error);

/* A statement with parameters ?1, ?2, ... bound from 1 and result columns counted from 0. */
tf_status tf_db_prepare(tf_db *db, const char *sql, tf_statement **statement_out, tf_error *error);
void tf_statement_free(tf_statement *statement); /* accepts NULL */

/* Text and bytes are borrowed until the statement is reset or freed.  After a reset, all
 * parameters are null. */
void tf_bind_null(tf_statement *statement, int parameter);
void tf_bind_int(tf_statement *statement, int parameter, int64_t value);
void tf_bind_double(tf_statement *statement, int parameter, double value);
void tf_bind_text(tf_statement *statement, int parameter, tf_text value); /* data NULL: null */
void tf_bind_bytes(tf_statement *statement, int parameter, const void *bytes,
                   size_t length); /* bytes NULL: null */

/* The next row; *has_row_out is false at the end, and may be NULL where no row is expected.
 * A fault of an earlier bind is reported here. */
tf_status tf_statement_step(tf_statement *statement, bool *has_row_out, tf_error *error);
void tf_statement_reset(tf_statement *statement); /* ready to bind and step anew */

/* Step to the end and reset: for inserts, updates and deletes in a loop. */
tf_status tf_statement_run(tf_statement *statement, tf_error *error);

/* Values of the current row; text and bytes are borrowed until the next step, or until another
 * of these functions reads the same column.  Text and bytes have data NULL when they are null, or
 * when memory ran out: the next step then reports it. */
bool tf_column_at_is_null(tf_statement *statement, int column);

typedef enum tf_column_type {
    TF_COLUMN_NULL,
    TF_COLUMN_INT,
    TF_COLUMN_DOUBLE,
    TF_COLUMN_TEXT,
    TF_COLUMN_BYTES,
} tf_column_type;

/* As what the value is stored, to be asked before it is read. */
tf_column_type tf_column_at_type(tf_statement *statement, int column);
int64_t tf_column_at_int(tf_statement *statement, int column);
double tf_column_at_double(tf_statement *statement, int column);
tf_text tf_column_at_text(tf_statement *statement, int column);
const void *tf_column_at_bytes(tf_statement *statement, int column, size_t *length_out);

/* Write the whole database as one transaction sees it - the one that is open, or its own - to
 * `file`, which is empty and open for reading and writing.  Others may write to the database
 * meanwhile; what is copied does not depend on them, and the time it takes is that of its size.
 * Errors: TF_IO when the disk is full or fails; TF_BAD_INPUT for a damaged database; TF_BUSY. */
tf_status tf_db_copy(tf_db *db, int file, tf_error *error);

/* Open what tf_db_copy wrote, from a file that needs no name and that nobody changes meanwhile;
 * `name` is what messages call it.  `file` may be closed at once.
 * Errors: as tf_db_open for reading, but that an older schema is accepted. */
tf_status tf_db_open_copy(int file, const char *name, tf_db **db_out, tf_error *error);

/* Read all of it, and make sure that no page is damaged, that every index agrees with its table
 * and every reference leads somewhere.  The quick check leaves out indexes and references.
 * Errors: TF_BAD_INPUT with the first fault that was found.  O(size). */
tf_status tf_db_check(tf_db *db, bool is_quick, tf_error *error);

/* The same for one table: its pages, and that its indexes name every row of it and no other. */
tf_status tf_db_check_table(tf_db *db, const char *table, tf_error *error);

/* The number of migrations that made the tables of the open file, and of a new one. */
tf_status tf_db_schema(tf_db *db, int64_t *schema_out, tf_error *error);
int64_t tf_db_schema_newest(void);

/* A number that changes whenever another connection commits: while it stays, what was read still
 * holds.  Cheap enough to ask at every request. */
tf_status tf_db_version(tf_db *db, int64_t *version_out, tf_error *error);

/* The key of the row inserted last, and the rows the last statement changed. */
int64_t tf_db_last_key(tf_db *db);
int64_t tf_db_changes(tf_db *db);

#endif

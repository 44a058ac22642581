/* What a connection holds, for what reads and writes (db.c) and for transactions (transaction.c).
 */
#ifndef STORE_DB_INTERNAL_H
#define STORE_DB_INTERNAL_H

#include "db.h"

enum { KEPT_STATEMENTS = 64 }; /* compiling one takes longer than most take to run */

struct tf_db {
    struct sqlite3 *handle;
    tf_db_mode mode;
    bool lacks_log;  /* new, and not yet committed to */
    bool is_durable; /* this transaction waits for the disk */
    char *path;
    tf_db_after *after; /* to be called when this transaction has been committed; NULL: nothing */
    _Alignas(max_align_t) uint8_t after_facts[TF_DB_FACTS_MOST];
    void *image; /* of a copy: what it is mapped to; NULL for a file that SQLite opened */
    size_t image_size;
    tf_statement *version; /* asks for the version; NULL until that is asked for */
    /* Statements that their users have freed, ready for the next who ask the same. */
    struct kept_statement {
        struct sqlite3_stmt *handle; /* NULL: this place is free */
        size_t length;               /* of its text */
    } kept[KEPT_STATEMENTS];
    size_t next_kept; /* the place that is used next */
};

/* Keep a write-ahead log from now on, so that readers and the writer do not wait for each other;
 * false if that cannot be now, because somebody else is at the file: the next commit tries again.
 * Without a log, and where the file system cannot share memory, SQLite keeps its rollback
 * journal, which is as safe.
 *
 * A new database is filled by its first transaction without the log: there is nobody to read it
 * yet, and a large first import then writes its pages once, not twice (a tenth of the whole time
 * of a 1 GB import).  Killed in the middle, the next to open the file rolls it back. */
bool tf_db_start_log(tf_db *db);

#endif

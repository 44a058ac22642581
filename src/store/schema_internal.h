/* What the tables are, and how an older file gets them. */
#ifndef STORE_SCHEMA_INTERNAL_H
#define STORE_SCHEMA_INTERNAL_H

#include "base/embedded.h"
#include "store/db.h"

/* Whether the open file is ours and of the newest schema.  `migrations` are SQL scripts in order:
 * the first makes schema version 1 of an empty file, and so on; PRAGMA user_version says how many
 * a file has seen.  In WRITE mode an empty file is made ours and an older one brought up to date,
 * each migration in a transaction of its own; *is_new_out says whether it was empty.
 * Errors: as tf_db_open. */
tf_status tf_schema_prepare(tf_db *db, tf_db_mode mode, const tf_embedded_folder *migrations,
                            bool *is_new_out, tf_error *error);

#endif

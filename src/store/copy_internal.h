/* Databases as bytes in memory that is mapped to a file: what is SQLite's part in copying. */
#ifndef STORE_COPY_INTERNAL_H
#define STORE_COPY_INTERNAL_H

#include "store/db.h"

/* Write the database, as its open transaction sees it, to `size` bytes of memory: its number of
 * pages times their size. */
tf_status tf_image_write(tf_db *db, void *image, size_t size, tf_error *error);

/* Open the database that memory holds.  The memory belongs to the database from here on, also where
 * this fails. */
tf_status tf_image_open(const char *name, void *image, size_t size, tf_db **db_out,
                        tf_error *error);

void tf_image_unmap(void *image, size_t size); /* accepts NULL */

#endif

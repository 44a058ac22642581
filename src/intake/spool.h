/* Bytes set aside while a file is read: in memory while they are few, in a temporary file that has
 * no name when they are many. */
#ifndef INTAKE_SPOOL_H
#define INTAKE_SPOOL_H

#include "trefoil/base/text.h"

typedef struct tf_spool tf_spool;

/* `folder` is where the temporary file goes, and `memory_limit` how many bytes stay in memory.
 * NULL when out of memory. */
tf_spool *tf_spool_new(const char *folder, size_t memory_limit);
void tf_spool_free(tf_spool *spool); /* accepts NULL */

/* Append bytes; they can be read back at *offset_out.  Errors: TF_NO_MEMORY; TF_IO. */
tf_status tf_spool_append(tf_spool *spool, const void *bytes, size_t length, uint64_t *offset_out,
                          tf_error *error);

/* Copy `length` bytes from `offset` on, which were appended before. */
tf_status tf_spool_read(tf_spool *spool, uint64_t offset, void *bytes, size_t length,
                        tf_error *error);

#endif

/* Gzip (RFC 1952) decoded as it is read. */
#ifndef TREFOIL_TABLE_GZIP_INTERNAL_H
#define TREFOIL_TABLE_GZIP_INTERNAL_H

#include "source_internal.h"

typedef struct tf_gzip tf_gzip;

/* Decode `stored`, which stays the caller's.  NULL when out of memory. */
tf_gzip *tf_gzip_new(tf_stream stored);
void tf_gzip_free(tf_gzip *gzip); /* accepts NULL */

/* Up to `capacity` decoded bytes, fewer only at the end of the last member.
 * Errors: TF_BAD_INPUT for data that is cut off, damaged, followed by anything but zeros, or a
 * decompression bomb; those of `stored`. */
tf_status tf_gzip_read(tf_gzip *gzip, void *buffer, size_t capacity, size_t *length_out,
                       tf_error *error);

#endif

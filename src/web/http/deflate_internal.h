/* Gzip (RFC 1952) of a whole body at once. */
#ifndef WEB_HTTP_DEFLATE_INTERNAL_H
#define WEB_HTTP_DEFLATE_INTERNAL_H

#include <stddef.h>

/* Compress into memory of tf_alloc.  NULL when out of memory or when it would not get smaller.
 * Thread-safe.  O(length). */
char *tf_deflate_gzip(const char *bytes, size_t length, size_t *packed_length_out);

#endif

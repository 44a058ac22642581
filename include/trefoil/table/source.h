/* A stream of bytes from a file: plain, gzip (by its first bytes, not its name), or one member of
 * a ZIP archive; decompressed as it is read and hashed on the way. */
#ifndef TREFOIL_TABLE_SOURCE_H
#define TREFOIL_TABLE_SOURCE_H

#include "trefoil/base/status.h"

#include <stddef.h>

enum { TF_SHA256_SIZE = 32, TF_SHA256_TEXT_SIZE = 65 };

/* Not thread-safe: one reader at a time.  Memory is a few hundred kilobytes, whatever the size of
 * the file. */
typedef struct tf_source tf_source;

/* Open a plain or gzip file (several gzip members one after another are one stream).
 * Errors: TF_NOT_FOUND; TF_IO; TF_BAD_INPUT for a directory or for a ZIP archive, whose members
 * are opened through tf_archive. */
TF_API tf_status tf_source_open(const char *path, tf_source **source_out, tf_error *error);

/* Bytes that the caller keeps alive while the source is open; `name` is used in messages. */
TF_API tf_status tf_source_open_memory(const void *bytes, size_t length, const char *name,
                                       tf_source **source_out, tf_error *error);

TF_API void tf_source_close(tf_source *source); /* accepts NULL */

/* Up to `capacity` bytes; fewer only at the end, where *length_out becomes less than asked.
 * Errors: TF_IO; TF_BAD_INPUT for compressed data that is cut off, damaged, or expands beyond
 * 200 times after its first 64 MiB (a decompression bomb). */
TF_API tf_status tf_source_read(tf_source *source, void *buffer, size_t capacity,
                                size_t *length_out, tf_error *error);

/* The name for messages: the path, or "archive.zip/member.csv".  Borrowed. */
TF_API const char *tf_source_name(const tf_source *source);

/* Progress: bytes consumed as stored, and how many there are in all; 0 when that is not known.  May
 * be called while another thread reads. */
TF_API void tf_source_progress(const tf_source *source, uint64_t *consumed_out,
                               uint64_t *total_out);

/* SHA-256 in lower-case hexadecimal of the file as stored (for a ZIP member: of its decompressed
 * bytes).  Valid once the end has been read; before that TF_INTERNAL. */
TF_API tf_status tf_source_sha256(tf_source *source, char text_out[TF_SHA256_TEXT_SIZE],
                                  tf_error *error);

/* The same of the file at `path` whatever is in it, also of a ZIP archive as a whole.
 * Errors: TF_NOT_FOUND, TF_IO, TF_BAD_INPUT for a directory. */
TF_API tf_status tf_file_sha256(const char *path, char text_out[TF_SHA256_TEXT_SIZE],
                                tf_error *error);

/* Spare the hashing, where nobody will ask for it.  Call before the first read. */
TF_API void tf_source_skip_hashing(tf_source *source);

#endif

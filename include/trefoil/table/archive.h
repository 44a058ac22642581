/* The members of a ZIP archive. */
#ifndef TREFOIL_TABLE_ARCHIVE_H
#define TREFOIL_TABLE_ARCHIVE_H

#include "trefoil/table/source.h"

#include <stdbool.h>

typedef struct tf_archive tf_archive;

/* Whether the file starts as a ZIP archive does; false too when it cannot be read. */
TF_API bool tf_archive_is_zip(const char *path);

/* Not thread-safe; several archives may be used at once.
 * Errors: TF_NOT_FOUND, TF_IO, TF_BAD_INPUT (no archive, damaged, more than 1,000,000 members). */
TF_API tf_status tf_archive_open(const char *path, tf_archive **archive_out, tf_error *error);

/* The same over bytes that the caller keeps alive. */
TF_API tf_status tf_archive_open_memory(const void *bytes, size_t length, const char *name,
                                        tf_archive **archive_out, tf_error *error);

TF_API void tf_archive_close(tf_archive *archive); /* after its sources; accepts NULL */

TF_API size_t tf_archive_member_count(const tf_archive *archive);

/* The member's path inside the archive, ending in "/" for a folder.  Borrowed; valid UTF-8, bytes
 * that are not being replaced; never to be used as a path on disk. */
TF_API const char *tf_archive_member_name(const tf_archive *archive, size_t index);

/* Open one member; at most one source of an archive is open at a time.  Its length and CRC are
 * checked as it is read; its progress counts decompressed bytes, and the total is the archive's
 * word.
 * Errors: TF_UNSUPPORTED for an encrypted member and for methods other than Stored and Deflate;
 * those of tf_source_open and tf_source_read. */
TF_API tf_status tf_archive_open_member(tf_archive *archive, size_t index, tf_source **source_out,
                                        tf_error *error);

#endif

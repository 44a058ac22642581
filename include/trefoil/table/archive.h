/* The members of a ZIP archive. */
#ifndef TREFOIL_TABLE_ARCHIVE_H
#define TREFOIL_TABLE_ARCHIVE_H

#include "trefoil/table/source.h"

#include <stdbool.h>

typedef struct tf_archive tf_archive;

/* Whether the file starts as a ZIP archive does; false too when it cannot be read. */
TF_API bool tf_archive_is_zip(const char *path);

/* Errors: TF_NOT_FOUND, TF_IO, TF_BAD_INPUT (damaged, encrypted, more than 1,000,000 members). */
TF_API tf_status tf_archive_open(const char *path, tf_archive **archive_out, tf_error *error);

/* The same over bytes that the caller keeps alive. */
TF_API tf_status tf_archive_open_memory(const void *bytes, size_t length, const char *name,
                                        tf_archive **archive_out, tf_error *error);

TF_API void tf_archive_close(tf_archive *archive); /* after its sources; accepts NULL */

TF_API size_t tf_archive_member_count(const tf_archive *archive);

/* Member's path inside the archive, borrowed; valid UTF-8, and never used as a path on disk. */
TF_API const char *tf_archive_member_name(const tf_archive *archive, size_t index);

/* Open one member; at most one source of an archive is open at a time. */
TF_API tf_status tf_archive_open_member(tf_archive *archive, size_t index, tf_source **source_out,
                                        tf_error *error);

#endif

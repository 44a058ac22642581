/* Which files there are to import. */
#ifndef INTAKE_POLICE_PATHS_H
#define INTAKE_POLICE_PATHS_H

#include "trefoil/table/archive.h"

/* One file on disk, or one member of a ZIP archive. */
typedef struct tf_police_entry {
    char *path;
    bool is_member;
    size_t member; /* of the archive at `path` */
    uint64_t size; /* as stored; 0 if not known */
} tf_police_entry;

typedef struct tf_police_entries {
    tf_police_entry *items;
    size_t count;
    size_t capacity;
} tf_police_entries;

/* Find the files that `paths` stand for (see tf_police_import).  A ZIP archive that cannot be
 * opened is an entry too, so that opening it reports why.
 * Errors: TF_NOT_FOUND, TF_IO, TF_NO_MEMORY; the entries are then empty. */
tf_status tf_police_entries_find(const char *const *paths, size_t path_count,
                                 tf_police_entries *entries_out, tf_error *error);
void tf_police_entries_deinit(tf_police_entries *entries);

#endif

/* The path of a database as SQLite is to read it. */
#ifndef STORE_PATH_INTERNAL_H
#define STORE_PATH_INTERNAL_H

#include "trefoil/base/text.h"

/* Whether nobody can be writing to `path`: its file system is mounted read-only, and no change
 * waits in a write-ahead log.  SQLite must then be told, since it cannot make the files that it
 * shares with other processes. */
bool tf_path_is_immutable(const char *path);

/* Append `path` as a URI, so that no name of a file has a special meaning to SQLite. */
void tf_path_append_uri(const char *path, bool is_immutable, tf_buffer *uri);

#endif

/* A file that is there whole or not at all, that only its owner may read, and that takes no other's
 * place.  Until it is kept it has no name: nothing is left of it, however the program ends. */
#ifndef ACCESS_NEW_FILE_H
#define ACCESS_NEW_FILE_H

#include "trefoil/base/text.h"

typedef struct tf_new_file {
    const char *path; /* borrowed */
    int file;         /* open for reading and writing; -1: there is none */
} tf_new_file;

/* Nothing to be ended yet. */
#define TF_NEW_FILE_NONE ((tf_new_file){.file = -1})

/* Begin the file that is to stand at `path`.
 * Errors: TF_BUSY where something stands there already; TF_IO. */
tf_status tf_new_file_begin(const char *path, tf_new_file *file_out, tf_error *error);

tf_status tf_new_file_write(tf_new_file *file, const void *bytes, size_t length, tf_error *error);

/* Give it its name, durably.  Errors: those of tf_new_file_begin. */
tf_status tf_new_file_keep(tf_new_file *file, tf_error *error);

/* Close it; unless it was kept it is gone. */
void tf_new_file_end(tf_new_file *file);

/* Append the folder that a path is in: "." for a bare name. */
void tf_folder_of_path(const char *path, tf_buffer *folder_out);

#endif

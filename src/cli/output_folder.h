/* Files that come to a folder together: all of them, or none.
 *
 * Each grows under its name with ".unfinished" behind it and gets its own name when all are whole.
 * Signals that would end the program wait meanwhile, see interrupt.h. */
#ifndef CLI_OUTPUT_FOLDER_H
#define CLI_OUTPUT_FOLDER_H

#include "trefoil/base/text.h"
#include "trefoil/table/source.h"

#include <signal.h>
#include <stdio.h>

enum { TF_OUTPUT_FILES_MOST = 8, TF_OUTPUT_PATH_SIZE = 4096 };

typedef struct tf_output_file {
    const char *name; /* borrowed */
    FILE *file;       /* NULL once it is closed */
    char sha256[TF_SHA256_TEXT_SIZE];
} tf_output_file;

typedef struct tf_output_folder {
    char path[TF_OUTPUT_PATH_SIZE];
    bool was_made;
    sigset_t before;
    tf_output_file files[TF_OUTPUT_FILES_MOST];
    size_t file_count;
} tf_output_folder;

/* Whether files can be written there, before long work is done for them.  Changes nothing.
 * Errors: TF_IO. */
tf_status tf_output_folder_check(const char *path, tf_error *error);

/* Start; the folder is made if it is not there.  After success tf_output_folder_end must follow.
 * Errors: TF_IO. */
tf_status tf_output_folder_begin(const char *path, tf_output_folder *folder_out, tf_error *error);

/* The same for one file alone, whose folder must be there.  `*name_out` is what it is called in the
 * folder, part of `path`. */
tf_status tf_output_folder_begin_file(const char *path, tf_output_folder *folder_out,
                                      const char **name_out, tf_error *error);

/* One file whose bytes are all there, from begin to end. */
tf_status tf_output_file_put(const char *path, const tf_buffer *bytes, tf_error *error);

/* A new file, open for writing.  Errors: TF_IO, TF_BAD_INPUT for a path that is too long. */
tf_status tf_output_folder_open(tf_output_folder *folder, const char *name,
                                tf_output_file **file_out, tf_error *error);

/* Append to a file.  Errors: TF_IO if the system refuses, or if a signal waits. */
tf_status tf_output_folder_write(tf_output_folder *folder, tf_output_file *file, const void *bytes,
                                 size_t length, tf_error *error);

/* Close a file; its hash is then known. */
tf_status tf_output_folder_close(tf_output_folder *folder, tf_output_file *file, tf_error *error);

/* The three steps for a file whose bytes are all there.  Errors: also TF_NO_MEMORY, if the buffer
 * ran out of it. */
tf_status tf_output_folder_put(tf_output_folder *folder, const char *name, const tf_buffer *bytes,
                               tf_error *error);

/* Where `status` is TF_OK every file gets its name and those among `older` (NULL ends them) that
 * were not written are removed; else all that was written is.  Signals act again. */
tf_status tf_output_folder_end(tf_output_folder *folder, tf_status status, const char *const *older,
                               tf_error *error);

#endif

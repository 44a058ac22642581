/* Files that tools/embed.py put into the program when it was built. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

typedef struct tf_embedded_file {
    const char *name;           /* its path below the folder, such as "uk/forces.yaml" */
    const unsigned char *bytes; /* followed by a zero that `length` does not count */
    size_t length;
} tf_embedded_file;

typedef struct tf_embedded_folder {
    const tf_embedded_file *files; /* in order of their names */
    size_t count;
} tf_embedded_folder;

#endif

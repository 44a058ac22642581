/* The parts of a body of multipart/form-data (RFC 7578). */
#ifndef WEB_HTTP_MULTIPART_INTERNAL_H
#define WEB_HTTP_MULTIPART_INTERNAL_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef struct tf_multipart {
    tf_text left;
    char delimiter[76]; /* CR LF, two hyphens, and the boundary */
    size_t delimiter_length;
    int part_count;
} tf_multipart;

typedef struct tf_part {
    tf_text name;
    tf_text file_name; /* its last component, without control characters; data NULL: no file */
    tf_text content;   /* borrowed */
} tf_part;

/* Errors: TF_BAD_INPUT for a Content-Type without a usable boundary, or a body that does not start
 * with it. */
tf_status tf_multipart_begin(tf_multipart *multipart, tf_text content_type, tf_text body,
                             tf_error *error);

/* The next part; false in *has_part_out behind the last.  Names are the arena's.
 * Errors: TF_BAD_INPUT; TF_NO_MEMORY.  O(length of the part). */
tf_status tf_multipart_next(tf_multipart *multipart, tf_arena *arena, tf_part *part_out,
                            bool *has_part_out, tf_error *error);

#endif

/* The fields of a form whose names no route declares, because they are data. */
#ifndef WEB_HTTP_PAIRS_H
#define WEB_HTTP_PAIRS_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef struct tf_pair {
    tf_text name;
    tf_text value;
} tf_pair;

/* The pairs of a form of application/x-www-form-urlencoded, decoded, in their order and any number
 * of a name; the bytes are as they were sent, UTF-8 or not.  A pair with a percent sign without two
 * hexadecimal digits stands there as it was sent.
 * Errors: TF_BAD_INPUT for more than 200 pairs; TF_NO_MEMORY.  O(length). */
tf_status tf_pairs_parse(tf_text sent, tf_arena *arena, tf_pair **pairs_out, size_t *count_out,
                         tf_error *error);

#endif

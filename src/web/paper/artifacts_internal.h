/* Marks what a page draws outside of its structure as an artifact: decoration that is not read
 * aloud (ISO 32000-1, 14.8.2.2). */
#ifndef WEB_PAPER_ARTIFACTS_INTERNAL_H
#define WEB_PAPER_ARTIFACTS_INTERNAL_H

#include "trefoil/base/text.h"

/* Append the content stream of a page with every path, text and object outside of marked content
 * put into an artifact; those after the last marked content are the foot of the page.
 * A failed allocation is left in `out`.  Errors: TF_INTERNAL for content that cairo does not write
 * (an inline image, marks that do not match).  O(length). */
tf_status tf_artifacts_mark(tf_text content, tf_buffer *out, tf_error *error);

#endif

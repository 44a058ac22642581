/* A profile as a document made to be read on paper (pdf.h). */
#ifndef WEB_PAPER_PROFILE_PAPER_H
#define WEB_PAPER_PROFILE_PAPER_H

#include "insight/profile.h"

/* Append the whole profile as a PDF: what it says at a glance, months, small areas, outcomes,
 * searches, harm, notes, how to read it, sources, and every month and small area as tables.  It is
 * dated with the last day of the profile's period.  The same profile gives the same bytes on the
 * same system (its fonts are drawn in).
 * Errors: TF_NO_MEMORY, `out` then unchanged or with its failure set.  Thread-safe for distinct
 * buffers.  O(months + areas + sources). */
tf_status tf_profile_paper_write(const tf_profile *profile, tf_buffer *out, tf_error *error);

#endif

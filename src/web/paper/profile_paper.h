/* A profile as a document made to be read on paper (pdf.h). */
#ifndef WEB_PAPER_PROFILE_PAPER_H
#define WEB_PAPER_PROFILE_PAPER_H

#include "insight/profile.h"

/* Append the whole profile as a PDF: what it says at a glance, months, small areas with a map,
 * outcomes, searches, harm, notes, how to read it, every month and small area as tables, sources.
 * It is dated with the last day of the profile's period.  The same profile gives the same bytes on
 * the same system (its fonts are drawn in).  `data`, where the outlines for the map are, is that of
 * the profile; there is no map if it is NULL or has none.
 * Errors: TF_NO_MEMORY, `out` then unchanged or with its failure set; those of
 * tf_boundaries_make but TF_NOT_FOUND.
 * Thread-safe for distinct data and buffers.  O(months + areas + sources + points of the map). */
tf_status tf_profile_paper_write(tf_crime_data *data, const tf_profile *profile, tf_buffer *out,
                                 tf_error *error);

#endif

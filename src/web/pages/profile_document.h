/* A profile as one HTML file: to be mailed, kept and printed, with nothing to fetch. */
#ifndef WEB_PAGES_PROFILE_DOCUMENT_H
#define WEB_PAGES_PROFILE_DOCUMENT_H

#include "insight/profile.h"

/* Append the profile with its charts, tables and map, and the styles that dress them; what it says
 * is what the page says, but without links into the site.  `data` is the one it was made from.
 * Errors: TF_NO_MEMORY; those of tf_boundaries_make. */
tf_status tf_profile_document_write(tf_crime_data *data, const tf_pack *pack,
                                    const tf_profile *profile, tf_buffer *out, tf_error *error);

#endif

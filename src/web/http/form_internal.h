/* A form that is filled from several places: the path, the query and the body. */
#ifndef WEB_HTTP_FORM_INTERNAL_H
#define WEB_HTTP_FORM_INTERNAL_H

#include "web/http/form.h"

/* Begin an empty form; then put, then finish. */
tf_status tf_form_begin(const tf_field *fields, size_t field_count, tf_arena *arena,
                        tf_form *form_out, tf_error *error);

/* Put what was sent under a name, decoded; `is_readable` is false if that did not go well.  The
 * bytes live as long as the form.  What was not declared is ignored. */
void tf_form_put(tf_form *form, tf_text name, tf_text sent, bool is_readable);

/* Put the pairs of a query string or an urlencoded form. */
tf_status tf_form_take_pairs(tf_form *form, tf_text sent, tf_arena *arena, tf_error *error);

/* Put the parts of multipart/form-data. */
tf_status tf_form_take_multipart(tf_form *form, tf_text content_type, tf_text sent, tf_arena *arena,
                                 tf_error *error);

/* Check every field and fill in what was not sent. */
tf_status tf_form_finish(tf_form *form, tf_arena *arena, tf_error *error);

/* The declared field of that name, or NULL. */
const tf_field *tf_form_field(const tf_form *form, tf_text name);

#endif

#ifndef WEB_HTML_TEXT_INPUTS_INTERNAL_H
#define WEB_HTML_TEXT_INPUTS_INTERNAL_H

#include "form_parts_internal.h"
#include "web/html/text_inputs.h"

/* An input inside another component, which adds to it; `extras` may be NULL. */
void tf_input_write(tf_html *html, const tf_input *input, const tf_control_extras *extras);

#endif

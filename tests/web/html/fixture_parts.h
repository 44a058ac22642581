/* The options that the fixtures of all controls share. */
#ifndef TREFOIL_TESTS_WEB_HTML_FIXTURE_PARTS_H
#define TREFOIL_TESTS_WEB_HTML_FIXTURE_PARTS_H

#include "fixtures.h"

#include "web/html/form_parts.h"

/* The parts among a control's options: `label`, `hint`, `errorMessage`, `formGroup`, of which the
 * content around the input is called `beforeInput` or `beforeInputs`. */
tf_label options_label(options given);
tf_hint options_hint(options given);
tf_error_message options_error_message(options given);
tf_form_group options_form_group(options given);

/* NULL if `fieldset` is not there. */
const tf_fieldset *options_fieldset(options given);

/* The same parts, the object being all of one. */
tf_label read_label(options given);
tf_hint read_hint(options given);
tf_error_message read_error_message(options given);
tf_fieldset read_fieldset(options given);

#endif

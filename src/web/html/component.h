/* What the GOV.UK components (govuk-frontend 6, MIT) have in common.
 *
 * A component is a struct and a function that writes it, named after the Design System's own:
 *
 *     tf_govuk_button(html, &(tf_button){.content.text = "Show", .href = "/profile"});
 *
 * A zeroed member means the component's default, and a text that is NULL or "" is not there,
 * unless its member says otherwise.  Nothing is kept after the call; a call takes time in
 * proportion to what it writes, and threads may write into buffers of their own.  Each component
 * is held against every fixture that the npm package ships (tests/web/html). */
#ifndef WEB_HTML_COMPONENT_H
#define WEB_HTML_COMPONENT_H

#include "web/html/html.h"

enum { TF_MAX_ATTRIBUTES = 4 };

/* One more attribute of an element, `name` a literal of the program; a NULL value writes the name
 * alone. */
typedef struct tf_attribute {
    const char *name;
    const char *value;
} tf_attribute;

/* `.attributes = {{"data-area", code}, {"hidden", NULL}}`; the first without a name ends them. */
typedef tf_attribute tf_attributes[TF_MAX_ATTRIBUTES];

/* Yes or no, where saying nothing is a third answer. */
typedef enum tf_answer { TF_UNSAID, TF_YES, TF_NO } tf_answer;

/* A text for one and a text for more; %{count} stands for the number. */
typedef struct tf_counted_text {
    const char *one;
    const char *other;
} tf_counted_text;

#endif

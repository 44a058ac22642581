/* What every control of a form is surrounded by. */
#ifndef WEB_HTML_FORM_PARTS_INTERNAL_H
#define WEB_HTML_FORM_PARTS_INTERNAL_H

#include "component_internal.h"
#include "web/html/form_parts.h"

/* What a component adds to a control that it wraps.  Zeroed: nothing. */
typedef struct tf_control_extras {
    const char *group_class;
    const char *control_classes[3];
    void (*write_group_attributes)(tf_html *html, const void *data);
    const void *data;
} tf_control_extras;

/* The surroundings of a control; `label` may be NULL. */
typedef struct tf_surroundings {
    const char *id; /* of the control; those of its parts begin with it */
    const char *described_by;
    const tf_label *label;
    const tf_hint *hint;
    const tf_error_message *error_message;
    const tf_form_group *group;
    const tf_control_extras *extras; /* or NULL */
} tf_surroundings;

static inline bool has_error(const tf_surroundings *around) {
    return !tf_content_is_empty(around->error_message->content);
}

/* `<div class="govuk-form-group">`, to be closed by the caller. */
void tf_form_group_open(tf_html *html, const tf_surroundings *around);

/* The ids of what describes the control, for aria-describedby; nothing if nothing does. */
void tf_describe(const tf_surroundings *around, tf_buffer *ids_out);

/* Label, hint and error message, as far as they are given. */
void tf_form_parts_write(tf_html *html, const tf_surroundings *around);

/* One part, with an id of two pieces and a class before its own; either may be NULL. */
void tf_label_write(tf_html *html, const tf_label *label, const char *class_before,
                    const char *for_id);
void tf_hint_write(tf_html *html, const tf_hint *hint, const char *class_before, const char *id,
                   const char *id_end);

/* A fieldset, its content to be written and the element closed by the caller. */
void tf_fieldset_open(tf_html *html, const tf_fieldset *fieldset, const char *role,
                      const char *described_by);

#endif

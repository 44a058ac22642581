#include "form_parts_internal.h"

static void write_id(tf_html *html, const char *id, const char *id_end) {
    if (is_given(id)) {
        tf_html_attribute_format(html, "id", "%s%s", id, text_or(id_end, ""));
    }
}

/* ---- label ---- */

void tf_label_write(tf_html *html, const tf_label *label, const char *class_before,
                    const char *for_id) {
    if (tf_content_is_empty(label->content)) {
        return;
    }
    if (label->is_page_heading) {
        tf_html_open(html, "h1");
        tf_html_attribute(html, "class", "govuk-label-wrapper");
    }
    tf_html_open(html, "label");
    WRITE_WORDS(html, "class", "govuk-label", class_before, label->classes);
    write_attributes(html, label->attributes);
    tf_html_attribute(html, "for", given(for_id));
    tf_html_content(html, label->content);
    tf_html_close(html, "label");
    if (label->is_page_heading) {
        tf_html_close(html, "h1");
    }
}

void tf_govuk_label(tf_html *html, const tf_label *label) {
    tf_label_write(html, label, NULL, label->for_id);
}

/* ---- hint ---- */

void tf_hint_write(tf_html *html, const tf_hint *hint, const char *class_before, const char *id,
                   const char *id_end) {
    tf_html_open(html, "div");
    write_id(html, id, id_end);
    WRITE_WORDS(html, "class", "govuk-hint", class_before, hint->classes);
    write_attributes(html, hint->attributes);
    tf_html_content(html, hint->content);
    tf_html_close(html, "div");
}

void tf_govuk_hint(tf_html *html, const tf_hint *hint) {
    tf_hint_write(html, hint, NULL, hint->id, NULL);
}

/* ---- error message ---- */

static void write_error_message(tf_html *html, const tf_error_message *message, const char *id,
                                const char *id_end) {
    const char *hidden_text = message->hidden_text ? message->hidden_text : "Error";
    tf_html_open(html, "p");
    write_id(html, id, id_end);
    write_class(html, "govuk-error-message", message->classes);
    write_attributes(html, message->attributes);
    if (is_given(hidden_text)) {
        tf_html_open(html, "span");
        tf_html_attribute(html, "class", "govuk-visually-hidden");
        tf_html_format(html, "%s:", hidden_text);
        tf_html_close(html, "span");
        tf_html_text(html, " ");
    }
    tf_html_content(html, message->content);
    tf_html_close(html, "p");
}

void tf_govuk_error_message(tf_html *html, const tf_error_message *message) {
    write_error_message(html, message, message->id, NULL);
}

/* ---- fieldset ---- */

static void write_legend(tf_html *html, const tf_legend *legend) {
    if (tf_content_is_empty(legend->content)) {
        return;
    }
    open_with_class(html, "legend", "govuk-fieldset__legend", legend->classes);
    if (legend->is_page_heading) {
        tf_html_open(html, "h1");
        tf_html_attribute(html, "class", "govuk-fieldset__heading");
    }
    tf_html_content(html, legend->content);
    if (legend->is_page_heading) {
        tf_html_close(html, "h1");
    }
    tf_html_close(html, "legend");
}

void tf_fieldset_open(tf_html *html, const tf_fieldset *fieldset, const char *role,
                      const char *described_by) {
    open_with_class(html, "fieldset", "govuk-fieldset", fieldset->classes);
    tf_html_attribute(html, "role", given(role));
    tf_html_attribute(html, "aria-describedby", given(described_by));
    write_attributes(html, fieldset->attributes);
    write_legend(html, &fieldset->legend);
}

void tf_govuk_fieldset(tf_html *html, const tf_fieldset *fieldset) {
    tf_fieldset_open(html, fieldset, fieldset->role, fieldset->described_by);
    tf_html_content(html, fieldset->content);
    tf_html_close(html, "fieldset");
}

/* ---- what is around a control ---- */

void tf_form_group_open(tf_html *html, const tf_surroundings *around) {
    const tf_control_extras *extras = around->extras;
    tf_html_open(html, "div");
    WRITE_WORDS(html, "class", "govuk-form-group",
                has_error(around) ? "govuk-form-group--error" : NULL,
                extras ? extras->group_class : NULL, around->group->classes);
    if (extras && extras->write_group_attributes) {
        extras->write_group_attributes(html, extras->data);
    }
    write_attributes(html, around->group->attributes);
}

void tf_describe(const tf_surroundings *around, tf_buffer *ids_out) {
    tf_buffer_append_text(ids_out, text_or(around->described_by, ""));
    if (!tf_content_is_empty(around->hint->content)) {
        tf_buffer_format(ids_out, "%s%s-hint", ids_out->length ? " " : "", around->id);
    }
    if (has_error(around)) {
        tf_buffer_format(ids_out, "%s%s-error", ids_out->length ? " " : "", around->id);
    }
}

void tf_form_parts_write(tf_html *html, const tf_surroundings *around) {
    if (around->label) {
        tf_label_write(html, around->label, NULL, around->id);
    }
    if (!tf_content_is_empty(around->hint->content)) {
        tf_hint_write(html, around->hint, NULL, around->id, "-hint");
    }
    if (has_error(around)) {
        write_error_message(html, around->error_message, around->id, "-error");
    }
}

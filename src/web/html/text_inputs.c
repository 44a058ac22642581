#include "text_inputs_internal.h"

#include "web/html/buttons.h"

/* ---- input ---- */

static void write_element(tf_html *html, const tf_input *input, const tf_surroundings *around,
                          const char *described_by) {
    static const tf_control_extras none;
    const tf_control_extras *extras = around->extras ? around->extras : &none;
    tf_html_open(html, "input");
    WRITE_WORDS(html, "class", "govuk-input", extras->control_classes[0],
                extras->control_classes[1], extras->control_classes[2], input->classes,
                has_error(around) ? "govuk-input--error" : NULL);
    tf_html_attribute(html, "id", around->id);
    tf_html_attribute(html, "name", text_or(input->name, ""));
    tf_html_attribute(html, "type", text_or(input->type, "text"));
    write_answer(html, "spellcheck", input->spellcheck);
    tf_html_attribute(html, "value", input->value);
    tf_html_flag(html, "disabled", input->is_disabled);
    tf_html_attribute(html, "aria-describedby", given(described_by));
    tf_html_attribute(html, "autocomplete", given(input->autocomplete));
    tf_html_attribute(html, "autocapitalize", given(input->autocapitalize));
    tf_html_attribute(html, "pattern", given(input->pattern));
    tf_html_attribute(html, "inputmode", given(input->inputmode));
    write_attributes(html, input->attributes);
    tf_html_close(html, "input");
}

static void write_affix(tf_html *html, const tf_affix *affix, const char *base) {
    if (tf_content_is_empty(affix->content)) {
        return;
    }
    open_with_class(html, "div", base, affix->classes);
    tf_html_attribute(html, "aria-hidden", "true");
    write_attributes(html, affix->attributes);
    tf_html_content(html, affix->content);
    tf_html_close(html, "div");
}

static bool has_company(const tf_input *input) {
    return !tf_content_is_empty(input->prefix.content) ||
           !tf_content_is_empty(input->suffix.content) ||
           !tf_content_is_empty(input->form_group.before_input) ||
           !tf_content_is_empty(input->form_group.after_input);
}

void tf_input_write(tf_html *html, const tf_input *input, const tf_control_extras *extras) {
    tf_surroundings around = {.id = text_or(input->id, text_or(input->name, "")),
                              .described_by = input->described_by,
                              .label = &input->label,
                              .hint = &input->hint,
                              .error_message = &input->error_message,
                              .group = &input->form_group,
                              .extras = extras};
    tf_buffer described_by;
    tf_buffer_init(&described_by);
    tf_describe(&around, &described_by);
    tf_form_group_open(html, &around);
    tf_form_parts_write(html, &around);
    if (has_company(input)) {
        open_with_class(html, "div", "govuk-input__wrapper", input->wrapper_classes);
        write_attributes(html, input->wrapper_attributes);
        tf_html_content(html, input->form_group.before_input);
        write_affix(html, &input->prefix, "govuk-input__prefix");
        write_element(html, input, &around, described_by.data);
        write_affix(html, &input->suffix, "govuk-input__suffix");
        tf_html_content(html, input->form_group.after_input);
        tf_html_close(html, "div");
    } else {
        write_element(html, input, &around, described_by.data);
    }
    tf_html_close(html, "div");
    finish_buffer(html, &described_by);
}

void tf_govuk_input(tf_html *html, const tf_input *input) {
    tf_input_write(html, input, NULL);
}

/* ---- password input ---- */

static void write_password_attributes(tf_html *html, const void *data) {
    const tf_password_input *input = data;
    tf_html_attribute(html, "data-module", "govuk-password-input");
    tf_html_attribute(html, "data-i18n.show-password", given(input->show_text));
    tf_html_attribute(html, "data-i18n.hide-password", given(input->hide_text));
    tf_html_attribute(html, "data-i18n.show-password-aria-label", given(input->show_label));
    tf_html_attribute(html, "data-i18n.hide-password-aria-label", given(input->hide_label));
    tf_html_attribute(html, "data-i18n.password-shown-announcement",
                      given(input->shown_announcement));
    tf_html_attribute(html, "data-i18n.password-hidden-announcement",
                      given(input->hidden_announcement));
}

static void write_toggle(tf_html *html, const void *data) {
    const tf_password_input *input = data;
    tf_govuk_button(
        html, &(tf_button){
                  .content.text = text_or(input->show_text, "Show"),
                  .type = "button",
                  .classes = "govuk-button--secondary govuk-password-input__toggle "
                             "govuk-js-password-input-toggle",
                  .attributes = {{"aria-controls", text_or(input->id, text_or(input->name, ""))},
                                 {"aria-label", text_or(input->show_label, "Show password")},
                                 {"hidden", NULL}},
              });
    tf_html_content(html, input->form_group.after_input);
}

void tf_govuk_password_input(tf_html *html, const tf_password_input *input) {
    tf_control_extras extras = {
        .group_class = "govuk-password-input",
        .control_classes = {"govuk-password-input__input", "govuk-js-password-input-input"},
        .write_group_attributes = write_password_attributes,
        .data = input};
    tf_input inner = {.name = input->name,
                      .id = input->id,
                      .value = input->value,
                      .type = "password",
                      .label = input->label,
                      .hint = input->hint,
                      .error_message = input->error_message,
                      .described_by = input->described_by,
                      .autocomplete = text_or(input->autocomplete, "current-password"),
                      .autocapitalize = "none",
                      .form_group = input->form_group,
                      .wrapper_classes = "govuk-password-input__wrapper",
                      .classes = input->classes,
                      .spellcheck = TF_NO,
                      .is_disabled = input->is_disabled};
    memcpy(inner.attributes, input->attributes, sizeof inner.attributes);
    inner.form_group.after_input = (tf_content){.write = write_toggle, .data = input};
    tf_input_write(html, &inner, &extras);
}

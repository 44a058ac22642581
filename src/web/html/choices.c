#include "web/html/choices.h"

#include "form_parts_internal.h"

#include <stdint.h>

/* ---- radios and checkboxes ---- */

/* How the two are called. */
typedef struct choice_kind {
    const char *type, *list, *item, *input, *label, *hint, *divider, *conditional, *hidden;
    bool is_radio;
} choice_kind;

static const choice_kind radio_kind = {.type = "radio",
                                       .list = "govuk-radios",
                                       .item = "govuk-radios__item",
                                       .input = "govuk-radios__input",
                                       .label = "govuk-radios__label",
                                       .hint = "govuk-radios__hint",
                                       .divider = "govuk-radios__divider",
                                       .conditional = "govuk-radios__conditional",
                                       .hidden = "govuk-radios__conditional--hidden",
                                       .is_radio = true};

static const choice_kind checkbox_kind = {.type = "checkbox",
                                          .list = "govuk-checkboxes",
                                          .item = "govuk-checkboxes__item",
                                          .input = "govuk-checkboxes__input",
                                          .label = "govuk-checkboxes__label",
                                          .hint = "govuk-checkboxes__hint",
                                          .divider = "govuk-checkboxes__divider",
                                          .conditional = "govuk-checkboxes__conditional",
                                          .hidden = "govuk-checkboxes__conditional--hidden"};

static bool is_among_values(const tf_choices *choices, const char *value) {
    if (!value) {
        return false;
    }
    if (is_given(choices->value) && strcmp(choices->value, value) == 0) {
        return true;
    }
    for (size_t i = 0; i < choices->value_count; i++) {
        if (strcmp(choices->values[i], value) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_checked(const tf_choices *choices, const tf_choice *item) {
    return item->is_checked == TF_YES ||
           (item->is_checked == TF_UNSAID && is_among_values(choices, item->value));
}

static void write_input(tf_html *html, const choice_kind *kind, const tf_choices *choices,
                        const tf_choice *item, const char *id, const char *described_by) {
    tf_html_open(html, "input");
    tf_html_attribute(html, "class", kind->input);
    tf_html_attribute(html, "id", id);
    tf_html_attribute(html, "name",
                      text_or(kind->is_radio ? NULL : item->name, text_or(choices->name, "")));
    tf_html_attribute(html, "type", kind->type);
    tf_html_attribute(html, "value", text_or(item->value, ""));
    tf_html_flag(html, "checked", is_checked(choices, item));
    tf_html_flag(html, "disabled", item->is_disabled);
    if (!tf_content_is_empty(item->conditional)) {
        tf_html_attribute_format(html, "data-aria-controls", "conditional-%s", id);
    }
    tf_html_attribute(html, "data-behaviour",
                      item->is_exclusive && !kind->is_radio ? "exclusive" : NULL);
    bool has_hint = !tf_content_is_empty(item->hint.content);
    if (*described_by || has_hint) {
        tf_html_attribute_format(html, "aria-describedby", "%s%s%s%s", described_by,
                                 *described_by && has_hint ? " " : "", has_hint ? id : "",
                                 has_hint ? "-item-hint" : "");
    }
    write_attributes(html, item->attributes);
    tf_html_close(html, "input");
}

static void write_choice(tf_html *html, const choice_kind *kind, const tf_choices *choices,
                         const tf_choice *item, const char *id, const char *described_by) {
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", kind->item);
    write_input(html, kind, choices, item, id, described_by);
    tf_label label = {.content = item->content, .classes = item->label_classes};
    memcpy(label.attributes, item->label_attributes, sizeof label.attributes);
    tf_label_write(html, &label, kind->label, id);
    if (!tf_content_is_empty(item->hint.content)) {
        tf_hint_write(html, &item->hint, kind->hint, id, "-item-hint");
    }
    tf_html_close(html, "div");
    if (!tf_content_is_empty(item->conditional)) {
        tf_html_open(html, "div");
        write_class(html, kind->conditional, is_checked(choices, item) ? NULL : kind->hidden);
        tf_html_attribute_format(html, "id", "conditional-%s", id);
        tf_html_content(html, item->conditional);
        tf_html_close(html, "div");
    }
}

static bool is_left_out(const tf_choice *item) {
    return tf_content_is_empty(item->content) && !item->value && !item->divider;
}

static void write_choices(tf_html *html, const choice_kind *kind, const tf_choices *choices,
                          const char *id_prefix, const char *described_by) {
    tf_buffer numbered_id;
    tf_buffer_init(&numbered_id);
    open_with_class(html, "div", kind->list, choices->classes);
    write_attributes(html, choices->attributes);
    tf_html_attribute(html, "data-module", kind->list);
    tf_html_content(html, choices->form_group.before_input);
    for (size_t i = 0; i < choices->count; i++) {
        const tf_choice *item = &choices->items[i];
        if (is_left_out(item)) {
            continue;
        }
        if (is_given(item->divider)) {
            tf_html_element(html, "div", kind->divider, item->divider);
            continue;
        }
        numbered_id.length = 0;
        tf_buffer_format(&numbered_id, "%s-%zu", id_prefix, i + 1);
        const char *own_id = i == 0 ? id_prefix : text_or(numbered_id.data, "");
        write_choice(html, kind, choices, item, text_or(item->id, own_id), described_by);
    }
    tf_html_content(html, choices->form_group.after_input);
    tf_html_close(html, "div");
    finish_buffer(html, &numbered_id);
}

static void write_group(tf_html *html, const choice_kind *kind, const tf_choices *choices) {
    const tf_fieldset *fieldset = choices->fieldset;
    const char *described_by = kind->is_radio ? NULL : choices->described_by;
    tf_surroundings around = {.id = text_or(choices->id_prefix, text_or(choices->name, "")),
                              .described_by =
                                  text_or(fieldset ? fieldset->described_by : NULL, described_by),
                              .hint = &choices->hint,
                              .error_message = &choices->error_message,
                              .group = &choices->form_group};
    tf_buffer ids;
    tf_buffer_init(&ids);
    tf_describe(&around, &ids);
    tf_form_group_open(html, &around);
    if (fieldset) {
        tf_fieldset_open(html, fieldset, NULL, ids.data);
    }
    tf_form_parts_write(html, &around);
    /* What describes them all is said of the fieldset, or else of each checkbox. */
    bool is_alone = !kind->is_radio && !fieldset;
    write_choices(html, kind, choices, around.id, is_alone ? text_or(ids.data, "") : "");
    if (fieldset) {
        tf_html_close(html, "fieldset");
    }
    tf_html_close(html, "div");
    finish_buffer(html, &ids);
}

void tf_govuk_radios(tf_html *html, const tf_radios *radios) {
    write_group(html, &radio_kind, radios);
}

void tf_govuk_checkboxes(tf_html *html, const tf_checkboxes *checkboxes) {
    write_group(html, &checkbox_kind, checkboxes);
}

/* ---- select ---- */

static void write_option(tf_html *html, const tf_select *select, const tf_select_item *item) {
    const char *value = item->value ? item->value : item->text;
    bool is_value = is_given(select->value) && strcmp(select->value, value) == 0;
    tf_html_open(html, "option");
    tf_html_attribute(html, "value", item->value);
    tf_html_flag(html, "selected",
                 item->is_selected == TF_YES || (item->is_selected == TF_UNSAID && is_value));
    tf_html_flag(html, "disabled", item->is_disabled);
    write_attributes(html, item->attributes);
    tf_html_text(html, item->text);
    tf_html_close(html, "option");
}

void tf_govuk_select(tf_html *html, const tf_select *select) {
    tf_surroundings around = {.id = text_or(select->id, text_or(select->name, "")),
                              .described_by = select->described_by,
                              .label = &select->label,
                              .hint = &select->hint,
                              .error_message = &select->error_message,
                              .group = &select->form_group};
    tf_buffer described_by;
    tf_buffer_init(&described_by);
    tf_describe(&around, &described_by);
    tf_form_group_open(html, &around);
    tf_form_parts_write(html, &around);
    tf_html_content(html, select->form_group.before_input);
    tf_html_open(html, "select");
    WRITE_WORDS(html, "class", "govuk-select", select->classes,
                has_error(&around) ? "govuk-select--error" : NULL);
    tf_html_attribute(html, "id", around.id);
    tf_html_attribute(html, "name", text_or(select->name, ""));
    tf_html_flag(html, "disabled", select->is_disabled);
    tf_html_attribute(html, "aria-describedby", given(described_by.data));
    write_attributes(html, select->attributes);
    for (size_t i = 0; i < select->count; i++) {
        if (select->items[i].text || select->items[i].value) {
            write_option(html, select, &select->items[i]);
        }
    }
    tf_html_close(html, "select");
    tf_html_content(html, select->form_group.after_input);
    tf_html_close(html, "div");
    finish_buffer(html, &described_by);
}

#include "web/html/date_input.h"

#include "text_inputs_internal.h"

typedef struct part_place {
    const tf_date_input *date;
    const tf_date_part *part;
    const char *name;
    const char *width_class;
    bool has_error;
} part_place;

static bool has_class(const tf_date_part *part, const char *start) {
    return part->classes && strstr(part->classes, start);
}

static bool is_at_fault(const tf_date_part *part) {
    return part->has_error == TF_YES || has_class(part, "govuk-input--error");
}

static void write_capitalised(tf_html *html, const void *data) {
    tf_text name = tf_text_of(data);
    if (name.length > 0) {
        bool is_lower = name.data[0] >= 'a' && name.data[0] <= 'z';
        char first = is_lower ? (char)(name.data[0] - 'a' + 'A') : name.data[0];
        tf_html_format(html, "%c%s", first, name.data + 1);
    }
}

static void write_part(tf_html *html, const part_place *place) {
    const tf_date_part *part = place->part;
    const char *prefix = text_or(place->date->name_prefix, "");
    tf_buffer id, name;
    tf_buffer_init(&id);
    tf_buffer_init(&name);
    tf_buffer_format(&id, "%s-%s", text_or(place->date->id, ""), place->name);
    tf_buffer_format(&name, "%s%s%s", prefix, *prefix ? "-" : "", place->name);
    tf_control_extras extras = {
        .control_classes = {"govuk-date-input__input",
                            place->has_error && !has_class(part, "govuk-input--error")
                                ? "govuk-input--error"
                                : NULL,
                            has_class(part, "govuk-input--width-") ? NULL : place->width_class}};
    tf_input input = {.name = name.data,
                      .id = text_or(part->id, id.data),
                      .value = part->value,
                      .inputmode = text_or(part->inputmode, "numeric"),
                      .autocomplete = part->autocomplete,
                      .pattern = part->pattern,
                      .classes = part->classes,
                      .label = {.classes = "govuk-date-input__label"}};
    if (is_given(part->label)) {
        input.label.content.text = part->label;
    } else {
        input.label.content = (tf_content){.write = write_capitalised, .data = place->name};
    }
    memcpy(input.attributes, part->attributes, sizeof input.attributes);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-date-input__item");
    tf_input_write(html, &input, &extras);
    tf_html_close(html, "div");
    finish_buffer(html, &id);
    finish_buffer(html, &name);
}

static void write_parts(tf_html *html, const tf_date_input *date) {
    const tf_date_part *parts[] = {&date->day, &date->month, &date->year};
    static const char *const names[] = {"day", "month", "year"};
    static const char *const widths[] = {"govuk-input--width-2", "govuk-input--width-2",
                                         "govuk-input--width-4"};
    bool any_is_at_fault = false;
    for (size_t i = 0; i < 3; i++) {
        any_is_at_fault = any_is_at_fault || (!parts[i]->is_left_out && is_at_fault(parts[i]));
    }
    bool all_are_at_fault = !tf_content_is_empty(date->error_message.content) && !any_is_at_fault;
    open_with_class(html, "div", "govuk-date-input", date->classes);
    write_attributes(html, date->attributes);
    tf_html_attribute(html, "id", given(date->id));
    tf_html_content(html, date->form_group.before_input);
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i]->is_left_out) {
            bool has_error =
                is_at_fault(parts[i]) || (all_are_at_fault && parts[i]->has_error != TF_NO);
            write_part(html, &(part_place){.date = date,
                                           .part = parts[i],
                                           .name = text_or(parts[i]->name, names[i]),
                                           .width_class = widths[i],
                                           .has_error = has_error});
        }
    }
    tf_html_content(html, date->form_group.after_input);
    tf_html_close(html, "div");
}

void tf_govuk_date_input(tf_html *html, const tf_date_input *date) {
    tf_surroundings around = {.id = text_or(date->id, ""),
                              .described_by = date->fieldset ? date->fieldset->described_by : NULL,
                              .hint = &date->hint,
                              .error_message = &date->error_message,
                              .group = &date->form_group};
    tf_buffer described_by;
    tf_buffer_init(&described_by);
    tf_describe(&around, &described_by);
    tf_form_group_open(html, &around);
    if (date->fieldset) {
        /* Some screen readers do not say what describes a fieldset of text inputs unless it has
         * the role that it has anyway. */
        tf_fieldset_open(html, date->fieldset, "group", described_by.data);
    }
    tf_form_parts_write(html, &around);
    write_parts(html, date);
    if (date->fieldset) {
        tf_html_close(html, "fieldset");
    }
    tf_html_close(html, "div");
    finish_buffer(html, &described_by);
}

/* The controls to choose with, and dates, against the fixtures of govuk-frontend. */
#include "fixture_parts.h"

#include "web/html/choices.h"
#include "web/html/date_input.h"

#include <stdio.h>
#include <string.h>

/* ---- radios and checkboxes ---- */

static tf_choice read_choice(options given) {
    options label = options_object(given, "label");
    const char *behaviour = options_text(given, "behaviour");
    tf_choice choice = {
        .content = options_content(given, "text", "html"),
        .value = options_text(given, "value"),
        .id = options_text(given, "id"),
        .name = options_text(given, "name"),
        .hint = options_hint(given),
        .conditional = options_content(options_object(given, "conditional"), NULL, "html"),
        .divider = options_text(given, "divider"),
        .label_classes = options_text(label, "classes"),
        .is_checked = options_answer(given, "checked"),
        .is_disabled = options_flag(given, "disabled"),
        .is_exclusive = behaviour && strcmp(behaviour, "exclusive") == 0,
    };
    options_attributes(label, "attributes", choice.label_attributes);
    options_attributes(given, "attributes", choice.attributes);
    return choice;
}

static tf_choices read_choices(options given) {
    size_t count = options_count(given, "items");
    tf_choice *items = options_alloc(count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = read_choice(options_item(given, "items", i));
    }
    size_t value_count = options_count(given, "values");
    const char **values = options_alloc(value_count, sizeof *values);
    for (size_t i = 0; i < value_count; i++) {
        values[i] = options_item_text(given, "values", i);
    }
    tf_choices choices = {
        .name = options_text(given, "name"),
        .id_prefix = options_text(given, "idPrefix"),
        .items = items,
        .count = count,
        .value = options_text(given, "value"),
        .values = values,
        .value_count = value_count,
        .fieldset = options_fieldset(given),
        .hint = options_hint(given),
        .error_message = options_error_message(given),
        .described_by = options_text(given, "describedBy"),
        .form_group = options_form_group(given),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", choices.attributes);
    return choices;
}

static void write_radios(tf_html *html, options given) {
    tf_radios radios = read_choices(given);
    tf_govuk_radios(html, &radios);
}

static void write_checkboxes(tf_html *html, options given) {
    tf_checkboxes checkboxes = read_choices(given);
    tf_govuk_checkboxes(html, &checkboxes);
}

/* ---- select ---- */

static void write_select(tf_html *html, options given) {
    size_t count = options_count(given, "items");
    tf_select_item *items = options_alloc(count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        options item = options_item(given, "items", i);
        items[i].text = options_text(item, "text");
        items[i].value = options_text(item, "value");
        items[i].is_selected = options_answer(item, "selected");
        items[i].is_disabled = options_flag(item, "disabled");
        options_attributes(item, "attributes", items[i].attributes);
    }
    tf_select select = {
        .name = options_text(given, "name"),
        .id = options_text(given, "id"),
        .items = items,
        .count = count,
        .value = options_text(given, "value"),
        .label = options_label(given),
        .hint = options_hint(given),
        .error_message = options_error_message(given),
        .described_by = options_text(given, "describedBy"),
        .form_group = options_form_group(given),
        .classes = options_text(given, "classes"),
        .is_disabled = options_flag(given, "disabled"),
    };
    options_attributes(given, "attributes", select.attributes);
    tf_govuk_select(html, &select);
}

/* ---- date input ---- */

static tf_date_part read_part(options part) {
    tf_date_part read = {
        .value = options_text(part, "value"),
        .name = options_text(part, "name"),
        .label = options_text(part, "label"),
        .id = options_text(part, "id"),
        .autocomplete = options_text(part, "autocomplete"),
        .inputmode = options_text(part, "inputmode"),
        .pattern = options_text(part, "pattern"),
        .classes = options_text(part, "classes"),
        .has_error = options_answer(part, "error"),
    };
    options_attributes(part, "attributes", read.attributes);
    return read;
}

/* The list of the reference may hold a part of any name, and has a value for it: its own, that of
 * the option for day, month or year, or that of the list of values.  A part that has not the very
 * name of a year has the width of a day. */
static tf_date_part read_listed_part(options item, const tf_date_part *part, const char *own_name) {
    tf_date_part read = read_part(item);
    bool is_own = strcmp(read.name, own_name) == 0;
    read.value = read.value || !is_own ? read.value : part->value;
    read.classes = read.classes || is_own ? read.classes : "govuk-input--width-2";
    return read;
}

/* The reference takes values from a list by the whole name, ours with each part. */
static const char *listed_value(options values, const char *prefix, const char *name) {
    char *whole_name = options_alloc(200, 1);
    snprintf(whole_name, 200, "%s%s%s", prefix ? prefix : "", prefix ? "-" : "", name);
    return options_text(values, whole_name);
}

/* Day, month and year each under its name, or a list of those that there are. */
static void read_parts(options given, const char *prefix, tf_date_input *date) {
    static const char *const names[] = {"day", "month", "year"};
    tf_date_part *parts[] = {&date->day, &date->month, &date->year};
    options values = options_object(given, "values");
    size_t count = options_count(given, "items");
    for (size_t i = 0; i < 3; i++) {
        options object = options_object(given, names[i]);
        tf_date_part part = read_part(object);
        const char *plain_value = options_text(values, names[i]);
        if (!options_is_object(object)) {
            part.value = plain_value;
        }
        part.is_left_out =
            count > 0 || (options_has(given, names[i]) && !options_is_object(object));
        *parts[i] = part;
        for (size_t j = 0; j < count; j++) {
            options item = options_item(given, "items", j);
            const char *name = options_text(item, "name");
            if (name && strncmp(name, names[i], strlen(names[i])) == 0) {
                *parts[i] = read_listed_part(item, &part, names[i]);
            }
        }
        if (!parts[i]->value) {
            const char *name = parts[i]->name ? parts[i]->name : names[i];
            parts[i]->value = listed_value(values, prefix, name);
        }
    }
}

static void write_date_input(tf_html *html, options given) {
    const char *prefix = options_text(given, "namePrefix");
    tf_date_input date = {
        .id = options_text(given, "id"),
        .name_prefix = prefix,
        .fieldset = options_fieldset(given),
        .hint = options_hint(given),
        .error_message = options_error_message(given),
        .form_group = options_form_group(given),
        .classes = options_text(given, "classes"),
    };
    read_parts(given, prefix, &date);
    options_attributes(given, "attributes", date.attributes);
    tf_govuk_date_input(html, &date);
}

int main(void) {
    static const fixture_component components[] = {
        {"radios", write_radios},
        {"checkboxes", write_checkboxes},
        {"select", write_select},
        {"date-input", write_date_input},
    };
    return RUN_FIXTURES(components);
}

#include "fixture_parts.h"

tf_label read_label(options given) {
    tf_label label = {.content = options_content(given, "text", "html"),
                      .for_id = options_text(given, "for"),
                      .classes = options_text(given, "classes"),
                      .is_page_heading = options_flag(given, "isPageHeading")};
    options_attributes(given, "attributes", label.attributes);
    return label;
}

tf_hint read_hint(options given) {
    tf_hint hint = {.content = options_content(given, "text", "html"),
                    .id = options_text(given, "id"),
                    .classes = options_text(given, "classes")};
    options_attributes(given, "attributes", hint.attributes);
    return hint;
}

tf_error_message read_error_message(options given) {
    tf_error_message message = {.content = options_content(given, "text", "html"),
                                .hidden_text = options_text(given, "visuallyHiddenText"),
                                .id = options_text(given, "id"),
                                .classes = options_text(given, "classes")};
    options_attributes(given, "attributes", message.attributes);
    return message;
}

tf_fieldset read_fieldset(options given) {
    options legend = options_object(given, "legend");
    tf_fieldset fieldset = {
        .legend = {.content = options_content(legend, "text", "html"),
                   .classes = options_text(legend, "classes"),
                   .is_page_heading = options_flag(legend, "isPageHeading")},
        .content = options_content(given, NULL, "html"),
        .described_by = options_text(given, "describedBy"),
        .role = options_text(given, "role"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", fieldset.attributes);
    return fieldset;
}

tf_label options_label(options given) {
    return read_label(options_object(given, "label"));
}

tf_hint options_hint(options given) {
    return read_hint(options_object(given, "hint"));
}

tf_error_message options_error_message(options given) {
    return read_error_message(options_object(given, "errorMessage"));
}

const tf_fieldset *options_fieldset(options given) {
    options object = options_object(given, "fieldset");
    if (!options_is_object(object)) {
        return NULL;
    }
    tf_fieldset *fieldset = options_alloc(1, sizeof *fieldset);
    *fieldset = read_fieldset(object);
    return fieldset;
}

static tf_content read_around(options group, const char *key_of_one, const char *key_of_many) {
    const char *key = options_has(group, key_of_many) ? key_of_many : key_of_one;
    return options_content(options_object(group, key), "text", "html");
}

tf_form_group options_form_group(options given) {
    options object = options_object(given, "formGroup");
    tf_form_group group = {.before_input = read_around(object, "beforeInput", "beforeInputs"),
                           .after_input = read_around(object, "afterInput", "afterInputs"),
                           .classes = options_text(object, "classes")};
    options_attributes(object, "attributes", group.attributes);
    return group;
}

#include "web/html/buttons.h"

#include "component_internal.h"

static void write_common(tf_html *html, const tf_button *button) {
    WRITE_WORDS(html, "class", "govuk-button", button->classes,
                button->is_start ? "govuk-button--start" : NULL);
    tf_html_attribute(html, "data-module", "govuk-button");
    write_attributes(html, button->attributes);
    tf_html_attribute(html, "id", given(button->id));
}

static void write_arrow(tf_html *html) {
    tf_html_open(html, "svg");
    tf_html_attribute(html, "class", "govuk-button__start-icon");
    tf_html_attribute(html, "xmlns", "http://www.w3.org/2000/svg");
    tf_html_attribute(html, "width", "17.5");
    tf_html_attribute(html, "height", "19");
    tf_html_attribute(html, "viewBox", "0 0 33 40");
    tf_html_attribute(html, "aria-hidden", "true");
    tf_html_attribute(html, "focusable", "false");
    tf_html_open(html, "path");
    tf_html_attribute(html, "fill", "currentColor");
    tf_html_attribute(html, "d", "M0 0h13l20 20-20 20H0l20-20z");
    tf_html_close(html, "path");
    tf_html_close(html, "svg");
}

static void write_content(tf_html *html, const tf_button *button) {
    /* A start button is laid out as boxes: its pieces need one around them to stay a sentence. */
    bool is_wrapped = button->is_start && button->content.write;
    if (is_wrapped) {
        tf_html_open(html, "span");
    }
    tf_html_content(html, button->content);
    if (is_wrapped) {
        tf_html_close(html, "span");
    }
    if (button->is_start) {
        write_arrow(html);
    }
}

static void write_link(tf_html *html, const tf_button *button) {
    tf_html_open(html, "a");
    tf_html_attribute(html, "href", button->href);
    tf_html_attribute(html, "role", "button");
    tf_html_attribute(html, "draggable", "false");
    write_common(html, button);
    write_content(html, button);
    tf_html_close(html, "a");
}

void tf_govuk_button(tf_html *html, const tf_button *button) {
    if (is_given(button->href)) {
        write_link(html, button);
        return;
    }
    tf_html_open(html, "button");
    tf_html_attribute(html, "type", text_or(button->type, "submit"));
    tf_html_attribute(html, "value", given(button->value));
    tf_html_attribute(html, "name", given(button->name));
    tf_html_flag(html, "disabled", button->is_disabled);
    tf_html_attribute(html, "aria-disabled", button->is_disabled ? "true" : NULL);
    write_answer(html, "data-prevent-double-click", button->prevents_double_click);
    write_common(html, button);
    write_content(html, button);
    tf_html_close(html, "button");
}

/* The buttons against the fixtures of govuk-frontend. */
#include "fixtures.h"

#include "web/html/buttons.h"

static void write_button(tf_html *html, options given) {
    tf_button button = {
        .content = options_content(given, "text", "html"),
        .href = options_text(given, "href"),
        .type = options_text(given, "type"),
        .name = options_text(given, "name"),
        .value = options_text(given, "value"),
        .id = options_text(given, "id"),
        .classes = options_text(given, "classes"),
        .prevents_double_click = options_answer(given, "preventDoubleClick"),
        .is_disabled = options_flag(given, "disabled"),
        .is_start = options_flag(given, "isStartButton"),
    };
    options_attributes(given, "attributes", button.attributes);
    tf_govuk_button(html, &button);
}

int main(void) {
    static const fixture_component components[] = {
        {"button", write_button},
    };
    return RUN_FIXTURES(components);
}

/* What stands around a page against the fixtures of govuk-frontend. */
#include "fixtures.h"

#include "web/html/furniture.h"

static void write_generic_header(tf_html *html, options given) {
    tf_generic_header header = {
        .logo = options_content(given, "logoText", "logoHtml"),
        .url = options_text(given, "url"),
        .container_classes = options_text(given, "containerClasses"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", header.attributes);
    tf_govuk_generic_header(html, &header);
}

static tf_cookie_action read_action(options given) {
    tf_cookie_action action = {
        .text = options_text(given, "text"),
        .type = options_text(given, "type"),
        .name = options_text(given, "name"),
        .value = options_text(given, "value"),
        .href = options_text(given, "href"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", action.attributes);
    return action;
}

static tf_cookie_message read_message(options given) {
    tf_cookie_message message = {
        .heading = options_content(given, "headingText", "headingHtml"),
        .content = options_content(given, "text", "html"),
        .action_count = options_count(given, "actions"),
        .role = options_text(given, "role"),
        .is_hidden = options_flag(given, "hidden"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", message.attributes);
    tf_cookie_action *actions = options_alloc(message.action_count, sizeof *actions);
    for (size_t i = 0; i < message.action_count; i++) {
        actions[i] = read_action(options_item(given, "actions", i));
    }
    message.actions = options_has(given, "actions") ? actions : NULL;
    return message;
}

static void write_cookie_banner(tf_html *html, options given) {
    tf_cookie_banner banner = {
        .count = options_count(given, "messages"),
        .aria_label = options_text(given, "ariaLabel"),
        .is_hidden = options_flag(given, "hidden"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", banner.attributes);
    tf_cookie_message *messages = options_alloc(banner.count, sizeof *messages);
    for (size_t i = 0; i < banner.count; i++) {
        messages[i] = read_message(options_item(given, "messages", i));
    }
    banner.messages = messages;
    tf_govuk_cookie_banner(html, &banner);
}

static void write_exit_this_page(tf_html *html, options given) {
    tf_exit_this_page exit = {
        .content = options_content(given, "text", "html"),
        .redirect_url = options_text(given, "redirectUrl"),
        .activated_text = options_text(given, "activatedText"),
        .timed_out_text = options_text(given, "timedOutText"),
        .press_two_more_times_text = options_text(given, "pressTwoMoreTimesText"),
        .press_one_more_time_text = options_text(given, "pressOneMoreTimeText"),
        .id = options_text(given, "id"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", exit.attributes);
    tf_govuk_exit_this_page(html, &exit);
}

static void write_feedback(tf_html *html, options given) {
    tf_feedback feedback = {
        .title = options_content(given, "titleText", "titleHtml"),
        .heading_level = options_int(given, "headingLevel"),
        .content = options_content(given, "text", "html"),
        .classes = options_text(given, "classes"),
    };
    options_attributes(given, "attributes", feedback.attributes);
    tf_govuk_feedback(html, &feedback);
}

int main(void) {
    static const fixture_component components[] = {
        {"generic-header", write_generic_header},
        {"cookie-banner", write_cookie_banner},
        {"exit-this-page", write_exit_this_page},
        {"feedback", write_feedback},
    };
    return RUN_FIXTURES(components);
}

#include "web/html/furniture.h"

#include "component_internal.h"
#include "web/html/buttons.h"

void tf_govuk_generic_header(tf_html *html, const tf_generic_header *header) {
    open_with_class(html, "div", "govuk-generic-header", header->classes);
    write_attributes(html, header->attributes);
    tf_html_open(html, "div");
    write_class(html, "govuk-generic-header__container",
                text_or(header->container_classes, "govuk-width-container"));
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-generic-header__logo");
    tf_html_open(html, "a");
    tf_html_attribute(html, "href", text_or(header->url, "/"));
    tf_html_attribute(html, "class", "govuk-generic-header__homepage-link");
    tf_html_content(html, header->logo);
    tf_html_close(html, "a");
    tf_html_close(html, "div");
    tf_html_close(html, "div");
    tf_html_close(html, "div");
}

/* ---- cookie banner ---- */

static void write_action(tf_html *html, const tf_cookie_action *action) {
    bool is_button = is_given(action->type) && strcmp(action->type, "button") == 0;
    if (is_given(action->href) && !is_button) {
        open_with_class(html, "a", "govuk-link", action->classes);
        tf_html_attribute(html, "href", action->href);
        write_attributes(html, action->attributes);
        tf_html_text(html, action->text);
        tf_html_close(html, "a");
        return;
    }
    tf_button button = {
        .content.text = action->text,
        .type = text_or(action->type, "button"),
        .name = action->name,
        .value = action->value,
        .href = action->href,
        .classes = action->classes,
    };
    memcpy(button.attributes, action->attributes, sizeof button.attributes);
    tf_govuk_button(html, &button);
}

static void write_message_text(tf_html *html, const tf_cookie_message *message) {
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-grid-row");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-grid-column-two-thirds");
    if (!tf_content_is_empty(message->heading)) {
        tf_html_open(html, "h2");
        tf_html_attribute(html, "class", "govuk-cookie-banner__heading govuk-heading-m");
        tf_html_content(html, message->heading);
        tf_html_close(html, "h2");
    }
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-cookie-banner__content");
    write_blocks(html, message->content);
    tf_html_close(html, "div");
    tf_html_close(html, "div");
    tf_html_close(html, "div");
}

static void write_message(tf_html *html, const tf_cookie_message *message) {
    tf_html_open(html, "div");
    WRITE_WORDS(html, "class", "govuk-cookie-banner__message", message->classes,
                "govuk-width-container");
    tf_html_attribute(html, "role", given(message->role));
    write_attributes(html, message->attributes);
    tf_html_flag(html, "hidden", message->is_hidden);
    write_message_text(html, message);
    if (message->actions) {
        tf_html_open(html, "div");
        tf_html_attribute(html, "class", "govuk-button-group");
        for (size_t i = 0; i < message->action_count; i++) {
            tf_html_text(html, i ? " " : NULL);
            write_action(html, &message->actions[i]);
        }
        tf_html_close(html, "div");
    }
    tf_html_close(html, "div");
}

void tf_govuk_cookie_banner(tf_html *html, const tf_cookie_banner *banner) {
    open_with_class(html, "div", "govuk-cookie-banner", banner->classes);
    tf_html_flag(html, "data-nosnippet", true);
    tf_html_attribute(html, "role", "region");
    tf_html_attribute(html, "aria-label", text_or(banner->aria_label, "Cookie banner"));
    tf_html_flag(html, "hidden", banner->is_hidden);
    write_attributes(html, banner->attributes);
    for (size_t i = 0; i < banner->count; i++) {
        write_message(html, &banner->messages[i]);
    }
    tf_html_close(html, "div");
}

/* ---- exit this page ---- */

static void write_exit_text(tf_html *html, const void *data) {
    (void)data;
    tf_html_element(html, "span", "govuk-visually-hidden", "Emergency");
    tf_html_text(html, " Exit this page");
}

void tf_govuk_exit_this_page(tf_html *html, const tf_exit_this_page *exit) {
    tf_html_open(html, "div");
    tf_html_attribute(html, "id", given(exit->id));
    write_class(html, "govuk-exit-this-page", exit->classes);
    tf_html_attribute(html, "data-module", "govuk-exit-this-page");
    write_attributes(html, exit->attributes);
    tf_html_attribute(html, "data-i18n.activated", given(exit->activated_text));
    tf_html_attribute(html, "data-i18n.timed-out", given(exit->timed_out_text));
    tf_html_attribute(html, "data-i18n.press-two-more-times",
                      given(exit->press_two_more_times_text));
    tf_html_attribute(html, "data-i18n.press-one-more-time", given(exit->press_one_more_time_text));
    bool is_default = tf_content_is_empty(exit->content);
    tf_govuk_button(
        html, &(tf_button){
                  .content = is_default ? (tf_content){.write = write_exit_text} : exit->content,
                  .href = text_or(exit->redirect_url, "https://www.bbc.co.uk/weather"),
                  .classes = "govuk-button--warning govuk-exit-this-page__button "
                             "govuk-js-exit-this-page-button",
                  .attributes = {{"rel", "nofollow noreferrer"}},
              });
    tf_html_close(html, "div");
}

/* ---- feedback ---- */

void tf_govuk_feedback(tf_html *html, const tf_feedback *feedback) {
    const char *heading = heading_name(feedback->heading_level, 2);
    open_with_class(html, "div", "govuk-feedback govuk-width-container", feedback->classes);
    write_attributes(html, feedback->attributes);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-grid-row");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-grid-column-two-thirds");
    tf_html_open(html, heading);
    tf_html_attribute(html, "class", "govuk-feedback__title");
    tf_html_content(html, feedback->title);
    tf_html_close(html, heading);
    if (!tf_content_is_empty(feedback->content)) {
        tf_html_open(html, "div");
        tf_html_attribute(html, "class", "govuk-feedback__body");
        write_blocks(html, feedback->content);
        tf_html_close(html, "div");
    }
    tf_html_close(html, "div");
    tf_html_close(html, "div");
    tf_html_close(html, "div");
}

#include "web/html/messages.h"

#include "component_internal.h"

/* ---- error summary ---- */

static void write_error(tf_html *html, const tf_error_link *error) {
    tf_html_open(html, "li");
    if (is_given(error->href)) {
        tf_html_open(html, "a");
        tf_html_attribute(html, "href", error->href);
        write_attributes(html, error->attributes);
        tf_html_content(html, error->content);
        tf_html_close(html, "a");
    } else {
        tf_html_content(html, error->content);
    }
    tf_html_close(html, "li");
}

static void write_summary_body(tf_html *html, const tf_error_summary *summary) {
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-error-summary__body");
    if (!tf_content_is_empty(summary->description)) {
        tf_html_open(html, "p");
        tf_html_content(html, summary->description);
        tf_html_close(html, "p");
    }
    if (summary->count > 0) {
        tf_html_open(html, "ul");
        tf_html_attribute(html, "class", "govuk-list govuk-error-summary__list");
        for (size_t i = 0; i < summary->count; i++) {
            write_error(html, &summary->errors[i]);
        }
        tf_html_close(html, "ul");
    }
    tf_html_close(html, "div");
}

void tf_govuk_error_summary(tf_html *html, const tf_error_summary *summary) {
    open_with_class(html, "div", "govuk-error-summary", summary->classes);
    write_answer(html, "data-disable-auto-focus", summary->disables_auto_focus);
    write_attributes(html, summary->attributes);
    tf_html_attribute(html, "data-module", "govuk-error-summary");
    /* The script focuses the outer element; an alert that is focused is not read out whole. */
    tf_html_open(html, "div");
    tf_html_attribute(html, "role", "alert");
    tf_html_open(html, "h2");
    tf_html_attribute(html, "class", "govuk-error-summary__title");
    tf_html_content(html, content_or(summary->title, "There is a problem"));
    tf_html_close(html, "h2");
    write_summary_body(html, summary);
    tf_html_close(html, "div");
    tf_html_close(html, "div");
}

/* ---- notification banner ---- */

static void write_banner_header(tf_html *html, const tf_notification_banner *banner,
                                const char *title_id) {
    const char *heading = heading_name(banner->title_heading_level, 2);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-notification-banner__header");
    tf_html_open(html, heading);
    tf_html_attribute(html, "class", "govuk-notification-banner__title");
    tf_html_attribute(html, "id", title_id);
    tf_html_content(html, content_or(banner->title, banner->is_success ? "Success" : "Important"));
    tf_html_close(html, heading);
    tf_html_close(html, "div");
}

static void write_banner_content(tf_html *html, const tf_notification_banner *banner) {
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-notification-banner__content");
    if (banner->content.write) {
        tf_html_content(html, banner->content);
    } else if (is_given(banner->content.text)) {
        tf_html_element(html, "p", "govuk-notification-banner__heading", banner->content.text);
    }
    tf_html_close(html, "div");
}

void tf_govuk_notification_banner(tf_html *html, const tf_notification_banner *banner) {
    const char *title_id = text_or(banner->title_id, "govuk-notification-banner-title");
    tf_html_open(html, "div");
    WRITE_WORDS(html, "class", "govuk-notification-banner",
                banner->is_success ? "govuk-notification-banner--success" : NULL, banner->classes);
    tf_html_attribute(html, "role", text_or(banner->role, banner->is_success ? "alert" : "region"));
    tf_html_attribute(html, "aria-labelledby", title_id);
    tf_html_attribute(html, "data-module", "govuk-notification-banner");
    write_answer(html, "data-disable-auto-focus", banner->disables_auto_focus);
    write_attributes(html, banner->attributes);
    write_banner_header(html, banner, title_id);
    write_banner_content(html, banner);
    tf_html_close(html, "div");
}

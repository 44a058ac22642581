/* What leads, tells and explains, against the fixtures of govuk-frontend. */
#include "fixtures.h"

#include "web/html/links.h"
#include "web/html/messages.h"
#include "web/html/text_blocks.h"

#include <string.h>

static void write_back_link(tf_html *html, options given) {
    tf_back_link link = {.content = options_content(given, "text", "html"),
                         .href = options_text(given, "href"),
                         .classes = options_text(given, "classes")};
    options_attributes(given, "attributes", link.attributes);
    tf_govuk_back_link(html, &link);
}

static void write_breadcrumbs(tf_html *html, options given) {
    size_t count = options_count(given, "items");
    tf_breadcrumb *items = options_alloc(count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        options item = options_item(given, "items", i);
        items[i].content = options_content(item, "text", "html");
        items[i].href = options_text(item, "href");
        options_attributes(item, "attributes", items[i].attributes);
    }
    tf_breadcrumbs breadcrumbs = {.items = items,
                                  .count = count,
                                  .label = options_text(given, "labelText"),
                                  .classes = options_text(given, "classes"),
                                  .collapses_on_mobile = options_flag(given, "collapseOnMobile")};
    options_attributes(given, "attributes", breadcrumbs.attributes);
    tf_govuk_breadcrumbs(html, &breadcrumbs);
}

static void write_details(tf_html *html, options given) {
    tf_details details = {.summary = options_content(given, "summaryText", "summaryHtml"),
                          .content = options_content(given, "text", "html"),
                          .id = options_text(given, "id"),
                          .classes = options_text(given, "classes"),
                          .is_open = options_flag(given, "open")};
    options_attributes(given, "attributes", details.attributes);
    tf_govuk_details(html, &details);
}

static void write_inset_text(tf_html *html, options given) {
    tf_inset_text inset = {.content = options_content(given, "text", "html"),
                           .id = options_text(given, "id"),
                           .classes = options_text(given, "classes")};
    options_attributes(given, "attributes", inset.attributes);
    tf_govuk_inset_text(html, &inset);
}

static void write_error_summary(tf_html *html, options given) {
    size_t count = options_count(given, "errorList");
    tf_error_link *errors = options_alloc(count, sizeof *errors);
    for (size_t i = 0; i < count; i++) {
        options item = options_item(given, "errorList", i);
        errors[i].content = options_content(item, "text", "html");
        errors[i].href = options_text(item, "href");
        options_attributes(item, "attributes", errors[i].attributes);
    }
    tf_error_summary summary = {
        .title = options_content(given, "titleText", "titleHtml"),
        .description = options_content(given, "descriptionText", "descriptionHtml"),
        .errors = errors,
        .count = count,
        .classes = options_text(given, "classes"),
        .disables_auto_focus = options_answer(given, "disableAutoFocus"),
    };
    options_attributes(given, "attributes", summary.attributes);
    tf_govuk_error_summary(html, &summary);
}

static void write_notification_banner(tf_html *html, options given) {
    const char *type = options_text(given, "type");
    tf_notification_banner banner = {
        .content = options_content(given, "text", "html"),
        .title = options_content(given, "titleText", "titleHtml"),
        .title_id = options_text(given, "titleId"),
        .title_heading_level = options_int(given, "titleHeadingLevel"),
        .role = options_text(given, "role"),
        .classes = options_text(given, "classes"),
        .disables_auto_focus = options_answer(given, "disableAutoFocus"),
        .is_success = type && strcmp(type, "success") == 0,
    };
    options_attributes(given, "attributes", banner.attributes);
    tf_govuk_notification_banner(html, &banner);
}

int main(void) {
    static const fixture_component components[] = {
        {"back-link", write_back_link},
        {"breadcrumbs", write_breadcrumbs},
        {"details", write_details},
        {"inset-text", write_inset_text},
        {"error-summary", write_error_summary},
        {"notification-banner", write_notification_banner},
    };
    return RUN_FIXTURES(components);
}

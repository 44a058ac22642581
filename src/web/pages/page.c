#include "page_internal.h"

#include "insight/profile_words.h"
#include "web/html/document.h"
#include "web/html/moments.h"
#include "web/pages/pages.h"
#include "web/site/assets.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

tf_visit tf_visit_of(void *context, const tf_request *request, tf_response *response) {
    tf_visit visit = {
        .site = context,
        .request = request,
        .response = response,
        .arena = response->arena,
        .visitor = tf_site_visitor(request),
        .actor = tf_site_actor(request),
    };
    return visit;
}

tf_status tf_visit_at_desk(void *context, const tf_request *request, tf_response *response,
                           tf_visit_work *work, tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_html_init(&visit.html, &response->body);
    tf_status status = tf_site_borrow(visit.site, &visit.desk, error);
    if (!status) {
        status = tf_site_judge(visit.site, work(&visit, error), error);
    }
    tf_site_return(visit.site, visit.desk);
    return status ? status : tf_buffer_check(&response->body, error);
}

tf_status tf_visit_at_access(tf_visit *visit, tf_access_work *work, void *data, tf_error *error) {
    tf_status status = tf_site_borrow_access(visit->site, &visit->access, error);
    if (!status) {
        status = work(visit, data, error);
    }
    tf_site_return_access(visit->site, visit->access);
    visit->access = NULL;
    return status;
}

const char *tf_page_format(tf_visit *visit, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *made = NULL;
    int length = vasprintf(&made, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : tf_arena_copy_text(visit->arena, made, (size_t)length);
    if (length >= 0) {
        free(made);
    }
    visit->response->body.failed |= !text;
    return text ? text : "";
}

const char *tf_page_sentence(tf_visit *visit, const char *message) {
    char first = message[0];
    bool is_small = first >= 'a' && first <= 'z';
    return is_small ? tf_page_format(visit, "%c%s", first - 'a' + 'A', message + 1)
                    : tf_page_format(visit, "%s", message);
}

const char *tf_page_instant(tf_visit *visit, int64_t instant) {
    char text[TF_MOMENT_TEXT_SIZE];
    return tf_page_format(visit, "%s", tf_moment_instant(instant, text));
}

const char *tf_page_day(tf_visit *visit, int32_t day) {
    char text[TF_MOMENT_TEXT_SIZE];
    return tf_page_format(visit, "%s", tf_moment_day(day, text));
}

const char *tf_page_roles(tf_visit *visit, uint32_t roles) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    tf_buffer words = {0};
    for (size_t i = 0; i < rules->role_count; i++) {
        if (roles & (UINT32_C(1) << i)) {
            tf_buffer_format(&words, "%s%s", words.length ? ", " : "", rules->roles[i].title);
        }
    }
    const char *text = tf_page_words(visit, &words);
    tf_buffer_deinit(&words);
    return *text ? text : "None";
}

const char *tf_page_words(tf_visit *visit, tf_buffer *words) {
    const char *text = words->length ? tf_page_format(visit, "%s", words->data) : "";
    visit->response->body.failed |= words->failed;
    words->length = 0;
    return text;
}

/* ---- the frame ---- */

/* What is not for everybody, and who may see it. */
static const struct {
    unsigned may; /* any of these (or'ed tf_may) */
    tf_site_link link;
} own_sections[] = {
    {TF_MAY_TRIAGE, {"/concerns", "Concerns"}},
    {TF_MAY_READ_INTELLIGENCE, {"/intelligence", "Intelligence"}},
    {TF_MAY_READ_AGREEMENTS, {"/agreements", "Agreements"}},
    {TF_MAY_READ_AUDIT, {"/audit", "Audit"}},
    {TF_MAY_ADMINISTER | TF_MAY_READ_AUDIT, {"/admin", "Administration"}},
};
enum { OWN_SECTION_COUNT = sizeof own_sections / sizeof *own_sections };

static void take_visitor(tf_visit *visit, tf_document *document,
                         tf_site_link sections[OWN_SECTION_COUNT + 1]) {
    const tf_visitor *visitor = visit->visitor;
    const char *allowed;
    if (tf_site_has_accounts(visit->site)) {
        sections[document->own_section_count++] = (tf_site_link){"/report", "Report a concern"};
    }
    for (size_t i = 0; i < OWN_SECTION_COUNT; i++) {
        const tf_site_link *link = &own_sections[i].link;
        if ((visitor->may & own_sections[i].may) &&
            tf_route_find(&tf_pages_routes, tf_text_of("GET"), tf_text_of(link->href), &allowed)) {
            sections[document->own_section_count++] = *link;
        }
    }
    document->own_sections = sections;
    document->visitor = visitor->is_known ? visitor->session.name : NULL;
    document->form_token = visitor->session.form_token;
    document->has_sign_in = tf_site_has_accounts(visit->site);
}

void tf_page_begin(tf_visit *visit, const tf_page_head *head) {
    tf_html_init(&visit->html, &visit->response->body);
    size_t crumb_count = 0;
    tf_breadcrumb crumbs[sizeof head->crumbs / sizeof *head->crumbs];
    while (crumb_count < sizeof crumbs / sizeof *crumbs && head->crumbs[crumb_count].text) {
        const tf_crumb *crumb = &head->crumbs[crumb_count];
        crumbs[crumb_count++] = (tf_breadcrumb){.content.text = crumb->text, .href = crumb->href};
    }
    const char *scripts[] = {tf_asset_path("site.js"), tf_asset_path("map.js")};
    const char *styles[] = {tf_asset_path("site.css"), tf_asset_path("map.css")};
    tf_document document = {
        .title = head->title,
        .is_error = head->has_errors,
        .styles = styles,
        .style_count = head->has_map ? 2 : 1,
        .scripts = scripts,
        .script_count = head->has_map ? 2 : 1,
        .current_section = head->section,
        .icon = tf_asset_path("icon.svg"),
        .breadcrumbs = {.items = crumbs, .count = crumb_count, .collapses_on_mobile = true},
    };
    tf_site_link sections[OWN_SECTION_COUNT + 1];
    take_visitor(visit, &document, sections);
    tf_document_begin(&visit->html, &document);
}

void tf_page_end(tf_visit *visit) {
    tf_document_end(&visit->html);
}

/* ---- pieces ---- */

void tf_page_title(tf_visit *visit, const char *caption, const char *title) {
    tf_html *html = &visit->html;
    if (caption) {
        tf_html_element(html, "span", "govuk-caption-xl", caption);
    }
    tf_html_element(html, "h1", "govuk-heading-xl", title);
}

static void write_heading(tf_visit *visit, const char *classes, const char *id, const char *text) {
    tf_html *html = &visit->html;
    tf_html_open(html, "h2");
    tf_html_attribute(html, "class", classes);
    tf_html_attribute(html, "id", id);
    tf_html_text(html, text);
    tf_html_close(html, "h2");
}

void tf_page_heading(tf_visit *visit, const char *id, const char *text) {
    write_heading(visit, "govuk-heading-l", id, text);
}

void tf_page_deed_heading(tf_visit *visit, const char *id, const char *text) {
    write_heading(visit, "govuk-heading-m", id, text);
}

void tf_page_paragraph(tf_visit *visit, const char *text) {
    tf_html_element(&visit->html, "p", "govuk-body", text);
}

void tf_page_link(tf_visit *visit, const char *href, const char *text) {
    tf_html *html = &visit->html;
    tf_html_open(html, "a");
    tf_html_attribute(html, "class", "govuk-link");
    tf_html_attribute(html, "href", href);
    tf_html_text(html, text);
    tf_html_close(html, "a");
}

void tf_page_list(tf_visit *visit, const tf_buffer *lines) {
    visit->response->body.failed |= lines->failed;
    if (!lines->length) {
        return;
    }
    tf_html *html = &visit->html;
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list govuk-list--bullet");
    const char *end = lines->data + lines->length;
    for (const char *line = lines->data; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop ? stop : end;
        tf_html_open(html, "li");
        tf_html_text_of(html, (tf_text){line, (size_t)(stop - line)});
        tf_html_close(html, "li");
        line = stop + 1;
    }
    tf_html_close(html, "ul");
}

void tf_page_figures_begin(tf_visit *visit) {
    tf_html_open(&visit->html, "dl");
    tf_html_attribute(&visit->html, "class", "app-key-figures");
}

void tf_page_figure(tf_visit *visit, const char *label, const char *number, const char *remark) {
    tf_html *html = &visit->html;
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-key-figure");
    tf_html_element(html, "dt", "app-key-figure__label", label);
    tf_html_element(html, "dd", "app-key-figure__value", number);
    if (remark && *remark) {
        tf_html_element(html, "dd", "app-key-figure__note", remark);
    }
    tf_html_close(html, "div");
}

void tf_page_figures_end(tf_visit *visit) {
    tf_html_close(&visit->html, "dl");
}

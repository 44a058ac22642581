/* The frame of a form's pages: what to do in an emergency, the way out, the other language. */
#include "form_internal.h"

#include "web/html/document.h"
#include "web/html/furniture.h"
#include "web/html/links.h"
#include "web/html/messages.h"
#include "web/html/navigation.h"
#include "web/site/assets.h"

static const char way_out[] = "https://www.bbc.co.uk/weather";

const char *tf_form_say(const tf_form_visit *own, tf_frame_word word) {
    return tf_pack_say(own->pack, word, own->language);
}

const char *tf_form_say_of(tf_form_visit *own, tf_frame_word word, const char *const *places) {
    const char *text = tf_pack_say_of(own->pack, word, own->language, own->visit.arena, places);
    own->visit.response->body.failed |= !text;
    return text ? text : "";
}

const char *tf_form_words(const tf_form_visit *own, const tf_words *words) {
    return tf_words_in(words, own->language);
}

static const char *address_in(tf_form_visit *own, tf_language language, const char *page,
                              const char *changed) {
    tf_buffer address = {0};
    tf_buffer_format(&address, "%s%s%s", own->base, *page ? "/" : "", page);
    if (language != TF_ENGLISH) {
        tf_query_append(&address, "language", tf_text_of(tf_language_codes[language]));
    }
    if (changed) {
        tf_query_append(&address, "change", tf_text_of(changed));
    }
    const char *text = tf_page_words(&own->visit, &address);
    tf_buffer_deinit(&address);
    return text;
}

const char *tf_form_address(tf_form_visit *own, const char *page, const char *changed) {
    return address_in(own, own->language, page, changed);
}

/* ---- the way out ---- */

static void write_exit_text(tf_html *html, const void *data) {
    const tf_form_visit *own = data;
    tf_html_element(html, "span", "govuk-visually-hidden", tf_form_say(own, TF_WORD_EXIT_HIDDEN));
    tf_html_text(html, " ");
    tf_html_text(html, tf_form_say(own, TF_WORD_EXIT));
}

/* The first that the keyboard reaches, after the skip link. */
static void write_exit_link(tf_html *html, const void *data) {
    const tf_form_visit *own = data;
    tf_html_open(html, "nav");
    tf_html_attribute(html, "aria-label", tf_form_say(own, TF_WORD_EXIT));
    tf_html_open(html, "a");
    tf_html_attribute(html, "class", "govuk-skip-link govuk-js-exit-this-page-skiplink");
    tf_html_attribute(html, "href", way_out);
    tf_html_attribute(html, "rel", "nofollow noreferrer");
    tf_html_text(html, tf_form_say(own, TF_WORD_EXIT_LINK));
    tf_html_close(html, "a");
    tf_html_close(html, "nav");
}

static void write_exit(tf_html *html, const tf_form_visit *own) {
    tf_govuk_exit_this_page(
        html, &(tf_exit_this_page){
                  .content = {.write = write_exit_text, .data = own},
                  .redirect_url = way_out,
                  .activated_text = tf_form_say(own, TF_WORD_EXIT_ACTIVATED),
                  .timed_out_text = tf_form_say(own, TF_WORD_EXIT_TIMED_OUT),
                  .press_two_more_times_text = tf_form_say(own, TF_WORD_EXIT_TWO_MORE),
                  .press_one_more_time_text = tf_form_say(own, TF_WORD_EXIT_ONE_MORE),
              });
}

/* ---- the other language ---- */

static const char *const language_names[TF_LANGUAGE_COUNT] = {"English", "Cymraeg"};
static const char *const language_changes[TF_LANGUAGE_COUNT] = {"Change the language to English",
                                                                "Newid yr iaith i'r Gymraeg"};

/* The receipt in another language. */
static void write_language_button(tf_html *html, tf_form_visit *own, tf_language language) {
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", address_in(own, language, own->page_name, NULL));
    tf_html_attribute(html, "method", "post");
    tf_html_open(html, "input");
    tf_html_attribute(html, "type", "hidden");
    tf_html_attribute(html, "name", "code");
    tf_html_attribute(html, "value", own->code);
    tf_html_close(html, "input");
    tf_html_open(html, "button");
    tf_html_attribute(html, "class", "govuk-button govuk-button--secondary govuk-!-margin-top-3");
    tf_html_attribute(html, "lang", tf_language_codes[language]);
    tf_html_text(html, language_names[language]);
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-visually-hidden");
    tf_html_text(html, ": ");
    tf_html_text(html, language_changes[language]);
    tf_html_close(html, "span");
    tf_html_close(html, "button");
    tf_html_close(html, "form");
}

static void write_language_buttons(tf_html *html, tf_form_visit *own) {
    tf_html_open(html, "nav");
    tf_html_attribute(html, "aria-label", tf_form_say(own, TF_WORD_LANGUAGE));
    for (size_t i = 0; i < TF_LANGUAGE_COUNT; i++) {
        if (own->form->speaks[i] && i != (size_t)own->language) {
            write_language_button(html, own, (tf_language)i);
        }
    }
    tf_html_close(html, "nav");
}

static void write_languages(tf_html *html, tf_form_visit *own) {
    tf_language_link items[TF_LANGUAGE_COUNT] = {{0}};
    size_t count = 0;
    for (size_t i = 0; i < TF_LANGUAGE_COUNT; i++) {
        bool is_current = i == (size_t)own->language;
        if (own->form->speaks[i]) {
            items[count++] = (tf_language_link){
                .href = is_current ? NULL
                                   : address_in(own, (tf_language)i, own->page_name, own->changed),
                .content.text = language_names[i],
                .lang = tf_language_codes[i],
                .description = is_current ? NULL : language_changes[i],
                .is_current = is_current,
            };
        }
    }
    if (count > 1) {
        tf_govuk_language_navigation(
            html,
            &(tf_language_navigation){.items = items,
                                      .count = count,
                                      .aria_label = tf_form_say(own, TF_WORD_LANGUAGE),
                                      .classes = "govuk-!-margin-top-3 govuk-!-margin-bottom-0"});
    }
}

/* ---- emergencies ---- */

/* A sentence with a number in it that a telephone can call. */
static void write_call(tf_html *html, const tf_form_visit *own, tf_frame_word word,
                       const char *class_name, const char *link_class, const char *number) {
    const char *text = tf_form_say(own, word);
    const char *mark = strstr(text, "%{number}");
    size_t before = mark ? (size_t)(mark - text) : strlen(text);
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", class_name);
    tf_html_text_of(html, (tf_text){text, before});
    if (mark) {
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", link_class);
        tf_html_attribute(html, "href", strcmp(number, "999") == 0 ? "tel:999" : "tel:101");
        tf_html_text(html, number);
        tf_html_close(html, "a");
        tf_html_text(html, mark + strlen("%{number}"));
    }
    tf_html_close(html, "p");
}

static void write_calls(tf_html *html, const void *data) {
    const tf_form_visit *own = data;
    write_call(html, own, TF_WORD_EMERGENCY_CALL, "govuk-notification-banner__heading",
               "govuk-notification-banner__link", "999");
    write_call(html, own, TF_WORD_NO_EMERGENCY_CALL, "govuk-body",
               "govuk-notification-banner__link", "101");
}

static void write_emergency(tf_form_visit *own) {
    tf_govuk_notification_banner(&own->visit.html,
                                 &(tf_notification_banner){
                                     .title.text = tf_form_say(own, TF_WORD_EMERGENCY),
                                     .title_id = "emergency",
                                     .content = {.write = write_calls, .data = own},
                                 });
}

/* On pages that ask for something, whose question is to be seen at once. */
static void write_emergency_line(tf_html *html, const tf_form_visit *own) {
    tf_html_open(html, "aside");
    tf_html_attribute(html, "aria-label", tf_form_say(own, TF_WORD_EMERGENCY));
    write_call(html, own, TF_WORD_EMERGENCY_SHORT, "app-above__call", "govuk-link", "999");
    tf_html_close(html, "aside");
}

/* ---- above the main part ---- */

typedef struct top {
    tf_form_visit *own;
    const char *back; /* or NULL */
} top;

static void write_back(tf_html *html, const tf_form_visit *own, const char *back) {
    tf_html_open(html, "nav");
    tf_html_attribute(html, "aria-label", tf_form_say(own, TF_WORD_BACK));
    tf_govuk_back_link(
        html, &(tf_back_link){.content.text = tf_form_say(own, TF_WORD_BACK), .href = back});
    tf_html_close(html, "nav");
}

static void write_top(tf_html *html, const void *data) {
    const top *above = data;
    tf_form_visit *own = above->own;
    bool has_line = own->form->has_emergency && !own->has_emergency;
    if (own->form->has_emergency) {
        write_exit(html, own);
    }
    if (own->code) {
        write_language_buttons(html, own);
    } else {
        write_languages(html, own);
    }
    if (!above->back && !has_line) {
        return;
    }
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-above");
    if (above->back) {
        write_back(html, own, above->back);
    }
    if (has_line) {
        write_emergency_line(html, own);
    }
    tf_html_close(html, "div");
}

/* ---- errors ---- */

static bool has_error(const tf_form_visit *own) {
    return own->problem || own->check.fault_count;
}

static void write_errors(tf_form_visit *own) {
    size_t count = 0;
    tf_error_link *items =
        tf_arena_alloc(own->visit.arena, own->check.fault_count + 1, sizeof *items);
    if (!items) {
        own->visit.response->body.failed = true;
        return;
    }
    if (own->problem) {
        items[count++] = (tf_error_link){.content.text = own->problem};
    }
    for (size_t i = 0; i < own->check.fault_count; i++) {
        items[count++] = (tf_error_link){
            .content.text = own->check.faults[i].message,
            .href = tf_page_format(&own->visit, "#%s", own->check.faults[i].control),
        };
    }
    tf_govuk_error_summary(&own->visit.html,
                           &(tf_error_summary){.title.text = tf_form_say(own, TF_WORD_PROBLEM),
                                               .errors = items,
                                               .count = count});
}

/* ---- the frame ---- */

void tf_form_page_begin(tf_form_visit *own, const char *title, const char *back) {
    tf_visit *visit = &own->visit;
    const char *script = tf_asset_path("site.js");
    const char *style = tf_asset_path("site.css");
    top above = {own, back};
    tf_html_init(&visit->html, &visit->response->body);
    tf_document document = {
        .title = has_error(own)
                     ? tf_page_format(visit, "%s: %s", tf_form_say(own, TF_WORD_ERROR), title)
                     : title,
        .language = tf_language_codes[own->language],
        .service_name = tf_form_words(own, &own->form->title),
        .styles = &style,
        .style_count = 1,
        .scripts = &script,
        .script_count = 1,
        .icon = tf_asset_path("icon.svg"),
        .stands_alone = true,
        .service_url = tf_form_address(own, "", NULL),
        .service_label = tf_form_say(own, TF_WORD_SERVICE_LABEL),
        .skip_text = tf_form_say(own, TF_WORD_SKIP),
        .before_main = {.write = write_top, .data = &above},
    };
    if (own->form->has_emergency) {
        document.after_skip = (tf_content){.write = write_exit_link, .data = own};
    }
    tf_document_begin(&visit->html, &document);
    tf_html_open(&visit->html, "div");
    tf_html_attribute(&visit->html, "class", "govuk-grid-row");
    tf_html_open(&visit->html, "div");
    tf_html_attribute(&visit->html, "class", "govuk-grid-column-two-thirds");
    if (has_error(own)) {
        write_errors(own);
    }
    if (own->form->has_emergency && own->has_emergency) {
        write_emergency(own);
    }
}

void tf_form_page_end(tf_form_visit *own) {
    tf_html *html = &own->visit.html;
    tf_site_link links[] = {{"/accessibility", tf_form_say(own, TF_WORD_ACCESSIBILITY)}};
    tf_html_close(html, "div");
    tf_html_close(html, "div");
    tf_document_end_alone(
        html,
        &(tf_site_footer){.title = tf_form_say(own, TF_WORD_ABOUT), .links = links, .count = 1});
}

void tf_form_receipt_link(tf_form_visit *own) {
    if (own->form->has_receipt) {
        tf_html_open(&own->visit.html, "p");
        tf_html_attribute(&own->visit.html, "class", "govuk-body");
        tf_page_link(&own->visit,
                     own->language == TF_ENGLISH
                         ? "/report/receipt"
                         : tf_page_format(&own->visit, "/report/receipt?language=%s",
                                          tf_language_codes[own->language]),
                     tf_form_say(own, TF_WORD_RECEIPT_BACK));
        tf_html_close(&own->visit.html, "p");
    }
}

void tf_form_paragraphs(tf_form_visit *own, const char *text) {
    tf_html *html = &own->visit.html;
    for (const char *at = text; at && *at;) {
        const char *end = strstr(at, "\n\n");
        size_t length = end ? (size_t)(end - at) : strlen(at);
        tf_html_open(html, "p");
        tf_html_attribute(html, "class", "govuk-body");
        tf_html_text_of(html, tf_text_trim((tf_text){at, length}));
        tf_html_close(html, "p");
        at += length;
        at += strspn(at, "\n");
    }
}

/* Pieces of the officers' pages. */
#include "concern_internal.h"

#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/notices.h"

#include <stdio.h>

void tf_urgency_write(tf_html *html, const void *data) {
    static const char *const classes[] = {"govuk-tag--red", "govuk-tag--orange",
                                          "govuk-tag--yellow"};
    const tf_report_line *line = data;
    int level = line->urgency - 1;
    char words[160];
    snprintf(words, sizeof words, "%d%s%s", line->urgency, *line->urgency_title ? ": " : "",
             line->urgency_title);
    tf_govuk_tag(
        html, &(tf_tag){.content.text = words,
                        .classes = level >= 0 && level < 3 ? classes[level] : "govuk-tag--grey"});
}

void tf_prose_write(tf_html *html, const void *data) {
    const tf_text *text = data;
    const char *end = text->data + text->length;
    for (const char *at = text->data; at && at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        size_t shown = length && at[length - 1] == '\r' ? length - 1 : length;
        tf_html_text_of(html, (tf_text){at, shown});
        if (stop) {
            tf_html_open(html, "br");
            tf_html_close(html, "br");
        }
        at += length + 1;
    }
}

void tf_page_prose(tf_visit *visit, tf_text text) {
    tf_html_open(&visit->html, "p");
    tf_html_attribute(&visit->html, "class", "govuk-body app-break");
    tf_prose_write(&visit->html, &text);
    tf_html_close(&visit->html, "p");
}

tf_text tf_page_sent_text(const tf_visit *visit, const char *field) {
    return tf_form_value(&visit->request->form, field)->text;
}

const char *tf_page_sent_string(tf_visit *visit, const char *field) {
    return tf_page_format(visit, "%.*s", TF_TEXT_ARG(tf_page_sent_text(visit, field)));
}

void tf_page_deed(tf_visit *visit, const char *action, const char *what, const char *text,
                  const char *classes) {
    tf_page_form_begin(visit, action);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = text,
                                               .name = "do",
                                               .value = what,
                                               .classes = classes,
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

void tf_page_purposes(tf_visit *visit, const char *category, const char *label, const char *hint,
                      const char *chosen) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    tf_select_item items[TF_MOST_PURPOSES + 1] = {{.text = "Choose a purpose", .value = ""}};
    size_t count = 1;
    int index = tf_access_category(rules, category);
    for (size_t i = 0; index >= 0 && i < rules->purpose_count; i++) {
        if (rules->categories[index].purposes >> i & 1) {
            items[count++] = (tf_select_item){.text = rules->purposes[i].title,
                                              .value = rules->purposes[i].name};
        }
    }
    tf_govuk_select(&visit->html, &(tf_select){.name = "purpose",
                                               .items = items,
                                               .count = count,
                                               .value = chosen,
                                               .label.content.text = label,
                                               .hint.content.text = hint});
}

int tf_page_purpose(const tf_visit *visit, const char *field) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    char name[64];
    tf_text sent = tf_page_sent_text(visit, field);
    if (sent.length >= sizeof name) {
        return -1;
    }
    memcpy(name, sent.data ? sent.data : "", sent.length);
    name[sent.length] = '\0';
    return tf_access_purpose(rules, name);
}

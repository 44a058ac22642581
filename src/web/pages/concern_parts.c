/* Pieces of the officers' pages. */
#include "concern_internal.h"

#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/notices.h"
#include "web/html/tables.h"

#include <stdio.h>

void tf_urgency_write(tf_html *html, const void *data) {
    static const char *const classes[] = {"govuk-tag--red", "govuk-tag--orange",
                                          "govuk-tag--yellow"};
    const tf_report_line *line = data;
    int level = line->urgency - 1;
    char clock[40] = "";
    char words[200];
    if (line->due_at) { /* levels of one number have clocks of their own */
        long long hours = (line->due_at - line->received_at) / TF_MICROSECONDS_AN_HOUR;
        snprintf(clock, sizeof clock, ", within %lld hour%s", hours, hours == 1 ? "" : "s");
    }
    snprintf(words, sizeof words, "%d%s%s%s", line->urgency, clock,
             *line->urgency_title ? ": " : "", line->urgency_title);
    tf_govuk_tag(
        html, &(tf_tag){.content.text = words,
                        .classes = level >= 0 && level < 3 ? classes[level] : "govuk-tag--grey"});
}

void tf_due_write(tf_html *html, const void *data) {
    const tf_due *due = data;
    tf_html_text(html, due->when);
    if (due->line->is_overdue) {
        tf_html_text(html, " ");
        tf_govuk_tag(html, &(tf_tag){.content.text = "Overdue", .classes = "govuk-tag--red"});
    }
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

bool tf_page_is_seen(const tf_visit *visit) {
    const tf_request *request = visit->request;
    return !tf_text_equal(request->method, tf_text_of("HEAD")) &&
           !tf_text_equal(tf_request_header(request, "sec-fetch-site"), tf_text_of("cross-site"));
}

void tf_page_answers(tf_visit *visit, const tf_report *report) {
    tf_summary_row *rows = tf_arena_alloc(visit->arena, report->answer_count, sizeof *rows);
    tf_text *texts = tf_arena_alloc(visit->arena, report->answer_count, sizeof *texts);
    if (!rows || !texts) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < report->answer_count; i++) {
        texts[i] = tf_text_of(report->answers[i].text);
        rows[i] = (tf_summary_row){.key.text = report->answers[i].label,
                                   .value = {.write = tf_prose_write, .data = &texts[i]},
                                   .value_classes = "app-break"};
    }
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = report->answer_count});
    if (report->hidden_count) {
        tf_page_paragraph(visit, "Some answers are not shown to your role.");
    }
}

static const char *heading_of(tf_visit *visit, const tf_report_entry *entry) {
    const char *when = tf_page_instant(visit, entry->at);
    if (entry->is_note) {
        return tf_page_format(visit, "Note by %s, %s", entry->author, when);
    }
    if (entry->is_from_sender) {
        return tf_page_format(visit, "The sender, %s%s", when, entry->is_new ? " (new)" : "");
    }
    return tf_page_format(visit, "%s to the sender, %s%s", entry->author, when,
                          entry->is_read ? " (seen)" : " (not seen yet)");
}

void tf_page_entries(tf_visit *visit, const tf_report *report) {
    if (!report->shows_messages) {
        tf_page_paragraph(visit, "Messages of the sender and notes of others are not shown to your "
                                 "role.");
    } else if (report->entry_count == 0) {
        tf_page_paragraph(visit, "There are none.");
    }
    for (size_t i = 0; i < report->entry_count; i++) {
        tf_html_element(&visit->html, "h3", "govuk-heading-s",
                        heading_of(visit, &report->entries[i]));
        tf_page_prose(visit, report->entries[i].text);
    }
}

void tf_page_shares(tf_visit *visit, const tf_intelligence *report) {
    static const tf_page_column columns[] = {{"Shared with", false},
                                             {"Purpose", false},
                                             {"Agreement", true},
                                             {"When", false},
                                             {"They can open it until", false}};
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    if (report->share_count == 0) {
        return;
    }
    tf_page_records_begin(visit, "Shared with", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < report->share_count; i++) {
        const tf_intelligence_share_line *share = &report->shares[i];
        int purpose = tf_access_purpose(rules, share->purpose);
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, share->organisation);
        tf_page_cell(visit, purpose < 0 ? share->purpose : rules->purposes[purpose].title);
        tf_page_count(visit, share->agreement_id);
        tf_page_cell(visit, tf_page_instant(visit, share->at));
        tf_page_cell(visit, tf_page_instant(visit, share->until));
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

void tf_page_purposes(tf_visit *visit, const char *category, const char *label, const char *hint,
                      const char *chosen, const char *problem) {
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
                                               .hint.content.text = hint,
                                               .error_message.content.text = problem});
}

void tf_page_colleagues(tf_visit *visit, const tf_colleague *colleagues, size_t count,
                        const char *id, const char *label, const char *problem) {
    tf_select_item *items = tf_arena_alloc(visit->arena, count + 1, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    items[0] = (tf_select_item){.text = "Choose a colleague", .value = ""};
    for (size_t i = 0; i < count; i++) {
        items[i + 1] = (tf_select_item){
            .text = colleagues[i].name,
            .value = tf_page_format(visit, "%lld", (long long)colleagues[i].account_id)};
    }
    tf_govuk_select(&visit->html, &(tf_select){.name = "colleague",
                                               .id = id,
                                               .items = items,
                                               .count = count + 1,
                                               .label.content.text = label,
                                               .error_message.content.text = problem});
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

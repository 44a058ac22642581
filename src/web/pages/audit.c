/* The record of who did what with personal data: its entries, and whether it is whole. */
#include "audit_table_internal.h"
#include "routes_internal.h"

#include "access/audit_verify.h"
#include "insight/profile_words.h"
#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/messages.h"
#include "web/html/navigation.h"
#include "web/html/notices.h"
#include "web/html/tables.h"
#include "web/html/text_inputs.h"

enum { ENTRIES_SHOWN = 50 };

static const char title[] = "Audit";
static const char section[] = "/audit";

static const char *const outcomes[] = {"any", "done", "refused", "emergency", NULL};

static const tf_field fields[] = {
    {.name = "from",
     .label = "First day",
     .help = "The first day of entries, such as 2026-11-30.",
     .kind = TF_FIELD_TEXT},
    {.name = "to",
     .label = "Last day",
     .help = "The last day of entries, such as 2026-11-30.",
     .kind = TF_FIELD_TEXT},
    {.name = "person",
     .label = "Person",
     .help = "The number of whom the data is about.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "account",
     .label = "Account",
     .help = "The number of the account that did it.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "category",
     .label = "Kind of data",
     .help = "A category of the pack.",
     .kind = TF_FIELD_TEXT},
    {.name = "object",
     .label = "Number",
     .help = "Which one of the category.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "outcome",
     .label = "Outcome",
     .help = "What came of it.",
     .kind = TF_FIELD_CHOICE,
     .choices = outcomes,
     .fallback = "any"},
    {.name = "older",
     .label = "Entries before",
     .help = "The number of an entry: only those before it.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
};

/* ---- what was asked for ---- */

typedef struct audit_look {
    tf_audit_filter filter;
    int64_t older_than;
    int64_t reach;
    tf_audit_page found;
    const char *problem; /* of a day, or of a category */
    const char *problem_id;
} audit_look;

static const tf_value *value_of(tf_visit *visit, const char *name) {
    return tf_form_value(&visit->request->form, name);
}

static const char *text_of(tf_visit *visit, const char *name) {
    tf_text text = value_of(visit, name)->text;
    return tf_page_format(visit, "%.*s", TF_TEXT_ARG(text));
}

static void read_day(tf_visit *visit, const char *name, const char *label, audit_look *look,
                     int32_t *day_out) {
    const tf_value *value = value_of(visit, name);
    if (value->is_given && !look->problem && !tf_date_parse(value->text, day_out)) {
        look->problem = tf_page_format(visit, "%s must be a day such as 2026-11-30", label);
        look->problem_id = name;
    }
}

static void read_look(tf_visit *visit, audit_look *look) {
    *look = (audit_look){
        .filter = {.person_id = value_of(visit, "person")->number,
                   .account_id = value_of(visit, "account")->number,
                   .object_id = value_of(visit, "object")->number},
        .older_than = value_of(visit, "older")->number,
    };
    const tf_value *category = value_of(visit, "category");
    const tf_value *outcome = value_of(visit, "outcome");
    if (category->is_given) {
        look->filter.category = text_of(visit, "category");
    }
    if (outcome->number > 0) {
        look->filter.outcome = outcomes[outcome->number];
    }
    read_day(visit, "from", "First day", look, &look->filter.from_day);
    read_day(visit, "to", "Last day", look, &look->filter.to_day);
    if (!look->problem && look->filter.object_id && !look->filter.category) {
        look->problem = "Choose the kind of data that the number is of";
        look->problem_id = "category";
    }
}

/* Whoever reads no others' sees those that concern their own organisation. */
static tf_status find_entries(tf_visit *visit, void *data, tf_error *error) {
    audit_look *look = data;
    look->reach = tf_audit_reach(visit->access, visit->actor);
    look->filter.reach = look->reach > 0 ? look->reach : 0;
    return tf_audit_list(visit->access, visit->actor, &look->filter, look->older_than,
                         ENTRIES_SHOWN, visit->arena, &look->found, error);
}

static tf_status find_reach(tf_visit *visit, void *data, tf_error *error) {
    (void)error;
    audit_look *look = data;
    look->reach = tf_audit_reach(visit->access, visit->actor);
    return TF_OK;
}

/* ---- the form ---- */

static const char *error_of(tf_visit *visit, const audit_look *look, const char *name) {
    const char *sent = value_of(visit, name)->error;
    return sent || !look->problem || strcmp(look->problem_id, name) != 0 ? sent : look->problem;
}

static void write_input(tf_visit *visit, const audit_look *look, const char *name,
                        const char *label, const char *hint, bool is_number) {
    tf_govuk_input(&visit->html, &(tf_input){
                                     .id = name,
                                     .name = name,
                                     .label.content.text = label,
                                     .hint.content.text = hint,
                                     .value = text_of(visit, name),
                                     .error_message.content.text = error_of(visit, look, name),
                                     .inputmode = is_number ? "numeric" : NULL,
                                     .autocomplete = "off",
                                     .spellcheck = TF_NO,
                                     .classes = "govuk-input--width-10",
                                 });
}

static void write_categories(tf_visit *visit, const audit_look *look) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    tf_select_item items[TF_MOST_CATEGORIES + 1] = {{.text = "Any", .value = ""}};
    for (size_t i = 0; i < rules->category_count; i++) {
        items[i + 1] = (tf_select_item){.text = rules->categories[i].title,
                                        .value = rules->categories[i].name};
    }
    tf_govuk_select(&visit->html,
                    &(tf_select){.id = "category",
                                 .name = "category",
                                 .label.content.text = "Kind of data",
                                 .items = items,
                                 .count = rules->category_count + 1,
                                 .value = text_of(visit, "category"),
                                 .error_message.content.text = error_of(visit, look, "category")});
}

static void write_outcomes(tf_visit *visit, const audit_look *look) {
    static const tf_select_item items[] = {{.text = "Any", .value = "any"},
                                           {.text = "Done", .value = "done"},
                                           {.text = "Refused", .value = "refused"},
                                           {.text = "Emergency", .value = "emergency"}};
    const tf_value *value = value_of(visit, "outcome");
    tf_govuk_select(&visit->html,
                    &(tf_select){.id = "outcome",
                                 .name = "outcome",
                                 .label.content.text = "Outcome",
                                 .items = items,
                                 .count = sizeof items / sizeof *items,
                                 .value = value->error ? "any" : outcomes[value->number],
                                 .error_message.content.text = error_of(visit, look, "outcome")});
}

static void write_form(tf_visit *visit, const audit_look *look) {
    tf_html *html = &visit->html;
    tf_html_open(html, "form");
    tf_html_attribute(html, "class", "app-filter");
    tf_html_attribute(html, "action", section);
    tf_html_attribute(html, "method", "get");
    tf_html_attribute(html, "aria-label", "Which entries to show");
    tf_html_flag(html, "novalidate", true);
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-filter__fields");
    write_input(visit, look, "from", "First day", "Such as 2026-11-30", false);
    write_input(visit, look, "to", "Last day", "Days are in UTC", false);
    write_input(visit, look, "person", "Person number", NULL, true);
    write_input(visit, look, "account", "Account number", "Or choose a name below", true);
    write_categories(visit, look);
    write_input(visit, look, "object", "Number of that kind", NULL, true);
    write_outcomes(visit, look);
    tf_html_close(html, "div");
    tf_govuk_button(html, &(tf_button){.content.text = "Show"});
    tf_html_close(html, "form");
}

/* ---- the page ---- */

static void write_older(tf_visit *visit, const audit_look *look) {
    if (!look->found.older_than) {
        return;
    }
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, section);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const tf_value *value = value_of(visit, fields[i].name);
        if (value->is_given && strcmp(fields[i].name, "older") != 0) {
            tf_query_append(&address, fields[i].name, value->text);
        }
    }
    const char *number = tf_page_format(visit, "%lld", (long long)look->found.older_than);
    tf_query_append(&address, "older", tf_text_of(number));
    tf_govuk_pagination(&visit->html,
                        &(tf_pagination){.next = {.href = tf_page_words(visit, &address),
                                                  .content.text = "Older entries"}});
    tf_buffer_deinit(&address);
}

static void write_page(tf_visit *visit, const audit_look *look) {
    const tf_form *form = &visit->request->form;
    bool has_errors = form->error_count || look->problem;
    tf_page_begin(visit,
                  &(tf_page_head){.title = title, .section = section, .has_errors = has_errors});
    if (form->error_count) {
        tf_page_error_summary(visit, form);
    } else {
        tf_page_error(visit, look->problem, look->problem_id);
    }
    tf_page_title(visit, NULL, title);
    tf_page_paragraph(visit, "Who did what with personal data, and who was refused. Every look at "
                             "it is entered too, this one included.");
    if (look->reach == 0) {
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "Verify that it is whole",
                                                   .href = "/audit/verification",
                                                   .classes = "govuk-button--secondary"});
    } else {
        tf_page_paragraph(visit,
                          "You see what people of your own organisation did, and what anybody "
                          "did with what belongs to it.");
    }
    write_form(visit, look);
    if (!has_errors) {
        tf_page_audit_table(visit, "Entries, newest first", &look->found, true);
        write_older(visit, look);
    }
    tf_page_end(visit);
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    audit_look look;
    read_look(&visit, &look);
    bool has_errors = request->form.error_count || look.problem;
    tf_status status =
        tf_visit_at_access(&visit, has_errors ? find_reach : find_entries, &look, error);
    if ((!status || status == TF_REFUSED) && look.reach < 0) {
        status = tf_fail(error, TF_REFUSED, NULL, 0,
                         "your role shows you only entries about your own account; an auditor or a "
                         "data lead can read the rest");
    }
    if (status) {
        return status;
    }
    response->status = has_errors ? 400 : response->status;
    write_page(&visit, &look);
    return tf_buffer_check(&response->body, error);
}

const tf_route tf_route_audit = {
    .method = "GET",
    .path = "/audit",
    .title = "Audit",
    .help = "Who did what with personal data, newest first.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .answers_errors = true,
    .is_volatile = true,
    .fields = fields,
    .field_count = sizeof fields / sizeof *fields,
    .handle = handle,
};

/* ---- whether it is whole ---- */

/* What of a sound chain is not proved. */
static void write_limits(tf_visit *visit, const tf_audit_report *report) {
    if (!report->is_mark_checked) {
        tf_page_paragraph(visit, "There is no mark beside the database, so entries may have been "
                                 "cut off at the end. The next entry makes one.");
    }
    if (report->lost_count) {
        tf_page_paragraph(
            visit, tf_page_format(visit,
                                  "The last entries are gone since the machine was started anew: "
                                  "%lld. After a power cut they had not come to the disk. If there "
                                  "was none, they have been cut off.",
                                  (long long)report->lost_count));
    }
}

static void write_report(tf_visit *visit, const tf_audit_report *report) {
    const char *heading = report->fault ? "The audit is not whole" : "The audit is whole";
    char count[TF_COUNT_TEXT_SIZE];
    tf_page_begin(
        visit, &(tf_page_head){.title = heading, .section = section, .crumbs = {{title, section}}});
    tf_page_title(visit, NULL, heading);
    if (report->fault) {
        tf_govuk_warning_text(&visit->html, &(tf_warning_text){.content.text = report->message,
                                                               .icon_fallback_text = "Warning"});
        tf_page_paragraph(visit, "The entries before it are sound.");
    } else {
        tf_page_paragraph(visit, "No entry was changed, removed or added by anybody who does not "
                                 "have the site's key.");
        write_limits(visit, report);
    }
    char signed_days[TF_COUNT_TEXT_SIZE];
    const tf_summary_row rows[] = {
        {.key.text = "Sound entries", .value.text = tf_words_count(report->entry_count, count)},
        {.key.text = "Signed days", .value.text = tf_words_count(report->head_count, signed_days)},
        {.key.text = "First entry",
         .value.text =
             tf_page_format(visit, "%s UTC", tf_page_audit_instant(visit, report->first_at))},
        {.key.text = "Last sound entry",
         .value.text =
             tf_page_format(visit, "%s UTC", tf_page_audit_instant(visit, report->last_at))},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = report->entry_count ? 4 : 2});
    tf_page_paragraph(visit, "Somebody with both the database and the site's key could forge an "
                             "audit that is whole. A signed head that is kept elsewhere gives them "
                             "away: \"trefoil audit head\" writes one, and \"trefoil audit verify "
                             "--head\" holds it against the audit.");
    tf_page_end(visit);
}

static tf_status verify(tf_visit *visit, tf_error *error) {
    tf_site_key key;
    tf_audit_report report;
    tf_status status = tf_site_key_load(tf_db_path(visit->desk->db), &key, error);
    if (!status) {
        status = tf_audit_verify(visit->desk->db, &key, NULL, 0, &report, error);
    }
    tf_secret_forget(&key, sizeof key);
    if (!status) {
        write_report(visit, &report);
    }
    return status;
}

static tf_status handle_verification(void *context, const tf_request *request,
                                     tf_response *response, tf_error *error) {
    tf_status status = tf_site_enter(context, request, TF_ACTION_CONSULT, "audit", error);
    return status ? status : tf_visit_at_desk(context, request, response, verify, error);
}

const tf_route tf_route_audit_verification = {
    .method = "GET",
    .path = "/audit/verification",
    .title = "Whether the audit is whole",
    .help = "Walks the chain of entries and says the first fault, if there is one.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .is_volatile = true,
    .handle = handle_verification,
};

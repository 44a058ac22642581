/* The sharing agreements: all of them, one with who has signed it, signing, and ending. */
#include "admin_internal.h"
#include "agreement_internal.h"
#include "routes_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/messages.h"
#include "web/html/notices.h"
#include "web/html/tables.h"
#include "web/html/textareas.h"

static const char title[] = "Sharing agreements";
static const char section[] = "/agreements";

typedef struct agreement_visit {
    int64_t id;
    tf_agreement *all;
    size_t count;
    tf_agreement one;
    bool may_draft;
    bool may_sign; /* for the visitor's organisation, which has not */
    bool may_end;
    bool may_change;
} agreement_visit;

static void write_state(tf_html *html, const void *data) {
    static const char *const classes[TF_AGREEMENT_STATE_COUNT] = {
        [TF_AGREEMENT_DRAFT] = "govuk-tag--yellow",   [TF_AGREEMENT_SIGNED] = "govuk-tag--blue",
        [TF_AGREEMENT_IN_FORCE] = "govuk-tag--green", [TF_AGREEMENT_EXPIRED] = "govuk-tag--grey",
        [TF_AGREEMENT_ENDED] = "govuk-tag--grey",
    };
    static const char *const words[TF_AGREEMENT_STATE_COUNT] = {
        [TF_AGREEMENT_DRAFT] = "Draft",       [TF_AGREEMENT_SIGNED] = "Signed",
        [TF_AGREEMENT_IN_FORCE] = "In force", [TF_AGREEMENT_EXPIRED] = "Expired",
        [TF_AGREEMENT_ENDED] = "Ended",
    };
    const tf_agreement *agreement = data;
    tf_govuk_tag(html, &(tf_tag){.content.text = words[agreement->state],
                                 .classes = classes[agreement->state]});
    if (agreement->is_review_due) {
        tf_html_text(html, " ");
        tf_govuk_tag(html, &(tf_tag){.content.text = "Review due", .classes = "govuk-tag--orange"});
    }
}

/* ---- the list ---- */

static tf_status get_all(tf_visit *visit, void *data, tf_error *error) {
    agreement_visit *own = data;
    own->may_draft = tf_agreement_may_draft(visit);
    return tf_agreement_list(visit->access, visit->actor, visit->arena, &own->all, &own->count,
                             error);
}

/* What the state does not say already. */
static void write_attention(tf_visit *visit, const tf_agreement *agreement) {
    static const char *const words[] = {
        [TF_ATTENTION_ENDS] = "ends soon", [TF_ATTENTION_SIGN] = "for you to sign"};
    tf_agreement_attention attention =
        tf_agreement_attention_of(agreement, visit->actor->organisation_id, tf_instant_now());
    if (attention >= TF_ATTENTION_ENDS) {
        tf_html_text(&visit->html, " ");
        tf_govuk_tag(&visit->html,
                     &(tf_tag){.content.text = words[attention], .classes = "govuk-tag--orange"});
    }
}

/* "Arden Police, Arden Council" */
static const char *party_names(tf_visit *visit, const tf_agreement *agreement) {
    const char *names = "";
    for (size_t i = 0; i < agreement->terms.party_count; i++) {
        names =
            tf_page_format(visit, "%s%s%s", names, i ? ", " : "", agreement->terms.parties[i].name);
    }
    return names;
}

static void write_row(tf_visit *visit, const tf_agreement *agreement) {
    tf_page_row_begin(visit);
    tf_page_row_header(visit, tf_page_format(visit, "/agreements/%lld", (long long)agreement->id),
                       agreement->terms.title);
    tf_page_cell_begin(visit);
    write_state(&visit->html, agreement);
    write_attention(visit, agreement);
    tf_page_cell_end(visit);
    tf_page_cell(visit, party_names(visit, agreement));
    tf_page_cell(visit, tf_page_day(visit, agreement->terms.review_on));
    tf_page_row_end(visit);
}

static tf_status handle_list(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    static const tf_page_column columns[] = {
        {"Agreement", false}, {"State", false}, {"Parties", false}, {"Review by", false}};
    tf_visit visit = tf_visit_of(context, request, response);
    agreement_visit own = {0};
    tf_status status = tf_visit_at_access(&visit, get_all, &own, error);
    if (status) {
        return status;
    }
    tf_page_begin(&visit, &(tf_page_head){.title = title, .section = section});
    tf_page_title(&visit, NULL, title);
    tf_page_paragraph(&visit, "What belongs to another organisation is seen only under an "
                              "agreement in force that covers it, for its purpose.");
    if (own.may_draft) {
        tf_govuk_button(&visit.html, &(tf_button){.content.text = "Draft an agreement",
                                                  .href = "/agreements/new"});
    }
    tf_agreement_sort(own.all, own.count, visit.actor->organisation_id, tf_instant_now());
    if (own.count) {
        tf_page_records_begin(&visit, "Who shares data with whom", columns, 4);
        for (size_t i = 0; i < own.count; i++) {
            write_row(&visit, &own.all[i]);
        }
        tf_page_table_end(&visit);
    } else {
        tf_page_paragraph(&visit, "There is no agreement yet.");
    }
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

/* ---- one ---- */

static bool has_to_sign(const tf_agreement *agreement, int64_t organisation_id) {
    for (size_t i = 0; i < agreement->terms.party_count; i++) {
        const tf_agreement_party *party = &agreement->terms.parties[i];
        if (party->organisation_id == organisation_id && !party->signed_at) {
            return agreement->state == TF_AGREEMENT_DRAFT;
        }
    }
    return false;
}

static tf_status get_one(tf_visit *visit, void *data, tf_error *error) {
    agreement_visit *own = data;
    tf_status status =
        tf_agreement_get(visit->access, visit->actor, own->id, visit->arena, &own->one, error);
    if (!status) {
        bool may = tf_agreement_may_change(visit->access, visit->actor, &own->one);
        own->may_draft = tf_agreement_may_draft(visit);
        own->may_change = may && tf_agreement_is_open(&own->one);
        own->may_sign = may && has_to_sign(&own->one, visit->actor->organisation_id);
        own->may_end = may && own->one.state != TF_AGREEMENT_ENDED;
    }
    return status;
}

/* A line for each purpose, or each category with its fields. */
typedef struct term_lines {
    const tf_access_rules *rules;
    const tf_agreement_terms *terms;
} term_lines;

static void write_purposes(tf_html *html, const void *data) {
    const term_lines *lines = data;
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list");
    for (size_t i = 0; i < lines->rules->purpose_count; i++) {
        if (lines->terms->purposes >> i & 1) {
            tf_html_element(html, "li", NULL, lines->rules->purposes[i].title);
        }
    }
    tf_html_close(html, "ul");
}

static void write_shares(tf_html *html, const void *data) {
    const term_lines *lines = data;
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list");
    for (size_t i = 0; i < lines->terms->share_count; i++) {
        const tf_agreement_share *share = &lines->terms->shares[i];
        const tf_category *category = &lines->rules->categories[share->category];
        const char *between = ": ";
        tf_html_open(html, "li");
        tf_html_text(html, category->title);
        for (size_t j = 0; j < category->field_count; j++) {
            if (share->fields >> j & 1) {
                tf_html_text(html, between);
                tf_html_text(html, category->fields[j].title);
                between = "; ";
            }
        }
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
}

static void write_terms(tf_visit *visit, const tf_agreement *agreement) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    const tf_agreement_terms *terms = &agreement->terms;
    const term_lines lines = {rules, terms};
    const char *ends = terms->ends_on == TF_DAY_FOREVER ? "When a party ends it"
                                                        : tf_page_day(visit, terms->ends_on);
    const char *end =
        agreement->ended_at
            ? tf_page_format(visit, "%s, by %s: %s", tf_page_instant(visit, agreement->ended_at),
                             agreement->ended_by, agreement->end_reason)
            : NULL;
    const tf_summary_row rows[] = {
        {.key.text = "State", .value = {.write = write_state, .data = agreement}},
        {.key.text = end ? "Ended" : NULL, .value.text = end},
        {.key.text = "What is shared", .value = {.write = write_shares, .data = &lines}},
        {.key.text = "What for", .value = {.write = write_purposes, .data = &lines}},
        {.key.text = "Lawful basis",
         .value.text = terms->lawful_basis < 0 ? "One that is not known any more"
                                               : rules->lawful_bases[terms->lawful_basis].title},
        {.key.text = *terms->condition ? "Condition" : NULL, .value.text = terms->condition},
        {.key.text = "Impact assessment", .value.text = terms->assessment},
        {.key.text = "Kept for",
         .value.text = tf_page_format(visit, "%lld days", (long long)terms->retention_days)},
        {.key.text = "Starts", .value.text = tf_page_day(visit, terms->starts_on)},
        /* Of what was ended before, the last two would speak as if it went on. */
        {.key.text = "Review by", .value.text = tf_page_day(visit, terms->review_on)},
        {.key.text = "Ends", .value.text = ends},
    };
    size_t count = sizeof rows / sizeof *rows - (end ? 2 : 0);
    tf_govuk_summary_list(&visit->html, &(tf_summary_list){.rows = rows, .count = count});
}

static void write_parties(tf_visit *visit, const tf_agreement *agreement) {
    static const tf_page_column columns[] = {
        {"Organisation", false}, {"Part", false}, {"Signed by", false}, {"Signed at", false}};
    tf_page_records_begin(visit, "Parties", columns, 4);
    for (size_t i = 0; i < agreement->terms.party_count; i++) {
        const tf_agreement_party *party = &agreement->terms.parties[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, party->name);
        tf_page_cell(visit, !party->receives ? "Gives"
                            : !party->gives  ? "Receives"
                                             : "Gives and receives");
        tf_page_cell(visit, party->signed_by ? party->signed_by : "Nobody yet");
        tf_page_cell(visit, party->signed_at ? tf_page_instant(visit, party->signed_at) : "");
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static void write_drafting(tf_visit *visit, const agreement_visit *own) {
    if (own->may_change) {
        tf_govuk_button(&visit->html,
                        &(tf_button){.content.text = "Change the draft",
                                     .href = tf_page_format(visit, "/agreements/%lld/change",
                                                            (long long)own->id),
                                     .classes = "govuk-button--secondary"});
    } else if (own->may_draft) {
        tf_govuk_button(&visit->html,
                        &(tf_button){.content.text = "Draft one like it",
                                     .href = tf_page_format(visit, "/agreements/new?like=%lld",
                                                            (long long)own->id),
                                     .classes = "govuk-button--secondary"});
    }
}

static void write_deeds(tf_visit *visit, const agreement_visit *own, const char *problem) {
    if (own->may_sign) {
        tf_page_deed_heading(visit, NULL, "Sign it");
        tf_page_paragraph(visit, tf_page_format(visit,
                                                "You sign as %s, for your organisation. What you "
                                                "sign cannot be changed any more.",
                                                visit->actor->name));
        tf_page_form_begin(visit,
                           tf_page_format(visit, "/agreements/%lld/sign", (long long)own->id));
        tf_page_hidden(&visit->html, "revision",
                       tf_page_format(visit, "%lld", (long long)own->one.revision));
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "Sign for your organisation",
                                                   .prevents_double_click = TF_YES});
        tf_page_form_end(visit);
    }
    if (own->may_end) {
        tf_page_deed_heading(visit, NULL, "End it");
        tf_page_form_begin(visit,
                           tf_page_format(visit, "/agreements/%lld/end", (long long)own->id));
        tf_govuk_textarea(&visit->html,
                          &(tf_textarea){.id = "reason",
                                         .name = "reason",
                                         .value = problem ? tf_page_sent(visit, "reason") : "",
                                         .label.content.text = "Why it ends",
                                         .hint.content.text =
                                             "Nothing is shared under it any more, from now on. "
                                             "This cannot be taken back.",
                                         .error_message.content.text = problem});
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "End the agreement",
                                                   .classes = "govuk-button--warning",
                                                   .prevents_double_click = TF_YES});
        tf_page_form_end(visit);
    }
}

static const tf_done done[] = {
    {"drafted", "The draft is saved. It is in force when each party has signed it."},
    {"changed", "The draft is changed"},
    {"signed", "You have signed for your organisation"},
    {"ended", "The agreement has ended"},
};

/* `problem` is what is wrong with the reason for an end, or, where there is no form for one, with
 * what was asked for; NULL for nothing. */
static tf_status write_page(tf_visit *visit, agreement_visit *own, const char *problem,
                            bool is_of_reason, tf_error *error) {
    tf_status status = tf_visit_at_access(visit, get_one, own, error);
    if (status) {
        return status;
    }
    is_of_reason = is_of_reason && own->may_end;
    tf_page_begin(visit, &(tf_page_head){.title = own->one.terms.title,
                                         .section = section,
                                         .crumbs = {{title, "/agreements"}},
                                         .has_errors = problem != NULL});
    tf_page_error(visit, problem, is_of_reason ? "reason" : "main-content");
    if (!problem) {
        tf_page_done(visit, done, sizeof done / sizeof *done);
    }
    tf_page_title(visit, tf_page_format(visit, "Agreement %lld", (long long)own->id),
                  own->one.terms.title);
    write_terms(visit, &own->one);
    write_parties(visit, &own->one);
    write_drafting(visit, own);
    write_deeds(visit, own, is_of_reason ? problem : NULL);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_one(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    agreement_visit own = {.id = tf_form_value(&request->form, "id")->number};
    return write_page(&visit, &own, NULL, false, error);
}

/* ---- signing and ending ---- */

static tf_status sign(tf_visit *visit, void *data, tf_error *error) {
    const agreement_visit *own = data;
    int64_t revision = tf_form_value(&visit->request->form, "revision")->number;
    return tf_agreement_sign(visit->access, visit->actor, own->id, visit->actor->organisation_id,
                             NULL, revision ? revision : -1, error);
}

static tf_status end(tf_visit *visit, void *data, tf_error *error) {
    const agreement_visit *own = data;
    return tf_agreement_end(visit->access, visit->actor, own->id, tf_page_sent(visit, "reason"),
                            error);
}

/* Do the work and show the agreement, or say on its page what was wrong. */
static tf_status finish(tf_visit *visit, tf_access_work *work, bool is_end, tf_error *error) {
    agreement_visit own = {.id = tf_form_value(&visit->request->form, "id")->number};
    tf_error fault;
    tf_status status = tf_visit_at_access(visit, work, &own, &fault);
    if (!status) {
        tf_response_redirect(visit->response,
                             tf_page_format(visit, "/agreements/%lld?done=%s", (long long)own.id,
                                            is_end ? "ended" : "signed"));
        return TF_OK;
    }
    tf_admin_problem problem;
    if (!tf_admin_takes_fault(visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_page(visit, &own, problem.sentence, is_end, error);
}

/* Whoever may not sign learns so when it is done. */
static tf_status ask_before_signing(tf_visit *visit, tf_error *error) {
    agreement_visit own = {.id = tf_form_value(&visit->request->form, "id")->number};
    tf_status status = tf_visit_at_access(visit, get_one, &own, error);
    if (status || !own.may_sign) {
        return status ? status : finish(visit, sign, false, error);
    }
    const char *back = tf_page_format(visit, "/agreements/%lld", (long long)own.id);
    tf_page_confirm(
        visit,
        &(tf_confirmation){
            .head = {.title = "Do you want to sign for your organisation?",
                     .section = section,
                     .crumbs = {{title, "/agreements"}, {own.one.terms.title, back}}},
            .consequences = tf_page_format(visit,
                                           "You sign \"%s\" as %s. When each party has signed, it "
                                           "cannot be changed any more, only ended.",
                                           own.one.terms.title, visit->actor->name),
            .action = tf_page_format(visit, "%s/sign", back),
            .name = "revision",
            .value = tf_page_sent(visit, "revision"),
            .button = "Sign for your organisation",
            .back = back});
    return tf_buffer_check(&visit->response->body, error);
}

/* Whoever may not end it, or says not why, learns so when it is done. */
static tf_status ask_before_ending(tf_visit *visit, tf_error *error) {
    agreement_visit own = {.id = tf_form_value(&visit->request->form, "id")->number};
    const char *reason = tf_page_sent(visit, "reason");
    tf_status status = tf_visit_at_access(visit, get_one, &own, error);
    if (status || !own.may_end || tf_text_trim(tf_text_of(reason)).length == 0) {
        return status ? status : finish(visit, end, true, error);
    }
    const char *back = tf_page_format(visit, "/agreements/%lld", (long long)own.id);
    tf_page_confirm(
        visit, &(tf_confirmation){
                   .head = {.title = "Do you want to end this agreement?",
                            .section = section,
                            .crumbs = {{title, "/agreements"}, {own.one.terms.title, back}}},
                   .consequences = tf_page_format(visit,
                                                  "Nothing is shared under \"%s\" any more, from "
                                                  "now on. This cannot be taken back.",
                                                  own.one.terms.title),
                   .action = tf_page_format(visit, "%s/end", back),
                   .name = "reason",
                   .value = reason,
                   .button = "End the agreement",
                   .back = back});
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_sign(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    return tf_page_is_sure(&visit) ? finish(&visit, sign, false, error)
                                   : ask_before_signing(&visit, error);
}

static tf_status handle_end(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    return tf_page_is_sure(&visit) ? finish(&visit, end, true, error)
                                   : ask_before_ending(&visit, error);
}

/* ---- routes ---- */

static const tf_field fields[] = {
    {.name = "id",
     .label = "Agreement",
     .help = "The number of the agreement.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    TF_DONE_FIELD,
    TF_SURE_FIELD,
    {.name = "revision",
     .label = "Revision",
     .help = "Of the terms that were read.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "reason", .label = "Why it ends", .help = "Is kept with it.", .maximum = 2000},
};

const tf_route tf_route_agreements = {
    .method = "GET",
    .path = "/agreements",
    .title = title,
    .help = "Who shares what with whom, and what for.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .handle = handle_list,
};

const tf_route tf_route_agreement = {
    .method = "GET",
    .path = "/agreements/{id}",
    .title = "A sharing agreement",
    .help = "Its terms, and who has signed it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = fields,
    .field_count = 2,
    .handle = handle_one,
};

const tf_route tf_route_agreement_sign = {
    .method = "POST",
    .path = "/agreements/{id}/sign",
    .title = "Sign a sharing agreement",
    .help = "For the visitor's own organisation.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .fields = fields,
    .field_count = 4,
    .handle = handle_sign,
};

const tf_route tf_route_agreement_end = {
    .method = "POST",
    .path = "/agreements/{id}/end",
    .title = "End a sharing agreement",
    .help = "At once, for a reason.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .fields = fields,
    .field_count = sizeof fields / sizeof *fields,
    .handle = handle_end,
};

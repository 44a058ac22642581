/* Forms of the pack, page by page. */
#include "form_internal.h"
#include "routes_internal.h"

#include "intake/response.h"
#include "trefoil/base/date.h"
#include "trefoil/base/log.h"
#include "web/html/buttons.h"
#include "web/http/cookie.h"
#include "web/http/pairs.h"

static const char report_name[] = "report";

/* ---- a visit ---- */

/* Whether the path is that of the form itself, not one below /forms. */
static bool is_short(const tf_request *request) {
    return !tf_text_starts_with(request->path, "/forms/");
}

/* The text of a field that may be left out; "" where it was. */
static const char *field_text(tf_form_visit *own, const char *name) {
    const tf_value *value = tf_form_value(&own->visit.request->form, name);
    return value->is_given && !value->error
               ? tf_page_format(&own->visit, "%.*s", TF_TEXT_ARG(value->text))
               : "";
}

static tf_status find_form(tf_form_visit *own, tf_error *error) {
    const tf_request *request = own->visit.request;
    tf_text name = is_short(request) ? tf_text_of(report_name)
                                     : tf_form_value(&request->form, "form-name")->text;
    own->pack = tf_site_pack(own->visit.site);
    own->form = tf_pack_form_find(own->pack, name);
    if (!own->form) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no such form");
    }
    own->base = tf_text_equal(name, tf_text_of(report_name))
                    ? "/report"
                    : tf_page_format(&own->visit, "/forms/%s", own->form->name);
    own->language = tf_language_of(tf_text_of(field_text(own, "language")));
    if (!own->form->speaks[own->language]) {
        own->language = TF_ENGLISH;
    }
    own->cookie_name = tf_page_format(&own->visit, "draft-%s", own->form->name);
    tf_text token = tf_request_cookie(request, own->cookie_name);
    if (token.length == TF_TOKEN_TEXT_SIZE - 1) {
        memcpy(own->token, token.data, token.length);
    }
    return TF_OK;
}

/* Whether this visitor may fill the form in, and somebody could open what they send. */
static tf_status admit(tf_visit *visit, void *data, tf_error *error) {
    tf_form_visit *own = data;
    return tf_response_admit(visit->access, visit->actor, own->form, &own->why_not, error);
}

/* Begin a visit of a page below a form; `page_field` says whether the route has one. */
static tf_status begin(tf_form_visit *own, void *context, const tf_request *request,
                       tf_response *response, bool has_page, tf_error *error) {
    *own = (tf_form_visit){.visit = tf_visit_of(context, request, response), .page = -1};
    response->caching = TF_CACHE_NEVER;
    tf_status status = find_form(own, error);
    if (status) {
        return status;
    }
    own->page_name = has_page ? field_text(own, "page-name") : "";
    own->page = tf_form_page_of(own->form, tf_text_of(own->page_name));
    const char *changed = has_page ? field_text(own, "change") : "";
    own->changed = tf_form_page_of(own->form, tf_text_of(changed)) >= 0 ? changed : NULL;
    if (!own->form->is_public) {
        status = tf_visit_at_access(&own->visit, admit, own, error);
    }
    return status;
}

/* What a page came to, with its fault worded. */
static tf_status finish(tf_form_visit *own, tf_status status, const tf_error *fault,
                        tf_error *error) {
    if (!status) {
        return TF_OK;
    }
    /* Without a form there is no frame to say it in. */
    return own->form ? tf_form_answer_fault(own, status, fault, error)
                     : tf_fail(error, status, fault->place, fault->line, "%s", fault->message);
}

static bool is_open(const tf_form_visit *own) {
    int32_t today = tf_day_of_instant(tf_instant_now());
    return own->form->opens_on <= today && today <= own->form->closes_on &&
           tf_site_has_accounts(own->visit.site);
}

tf_status tf_form_redirect(tf_form_visit *own, const char *page, const char *changed) {
    tf_response_redirect(own->visit.response, tf_form_address(own, page, changed));
    return TF_OK;
}

/* ---- the draft ---- */

static tf_status open_draft(tf_visit *visit, void *data, tf_error *error) {
    tf_form_visit *own = data;
    return tf_draft_open(tf_access_db(visit->access), own->pack, own->form, tf_text_of(own->token),
                         own->language, tf_instant_now(), visit->arena, &own->draft, error);
}

tf_status tf_form_open_draft(tf_form_visit *own, tf_error *error) {
    return tf_visit_at_access(&own->visit, open_draft, own, error);
}

/* ---- the start ---- */

static tf_status handle_start(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_form_visit own;
    tf_error fault;
    tf_status status = begin(&own, context, request, response, false, &fault);
    if (status) {
        return finish(&own, status, &fault, error);
    }
    if (!is_open(&own)) {
        return tf_form_answer_closed(&own, error);
    }
    /* Nobody writes pages that cannot be sent then. */
    if (own.form->is_public) {
        status = tf_visit_at_access(&own.visit, admit, &own, &fault);
    }
    if (status) {
        return finish(&own, status, &fault, error);
    }
    const char *title = tf_form_words(&own, &own.form->title);
    own.has_emergency = true;
    tf_form_page_begin(&own, title, NULL);
    tf_html_element(&own.visit.html, "h1", "govuk-heading-xl", title);
    tf_form_paragraphs(&own, tf_form_words(&own, &own.form->before));
    tf_govuk_button(&own.visit.html,
                    &(tf_button){.content.text = tf_form_say(&own, TF_WORD_START),
                                 .href = tf_form_address(&own, own.form->pages[0].name, NULL),
                                 .is_start = true});
    tf_form_receipt_link(&own);
    tf_form_page_end(&own);
    return tf_buffer_check(&response->body, error);
}

/* ---- one page ---- */

/* Where a page leads back to: the check that sent here, the page before, or the start. */
static const char *back_of(tf_form_visit *own) {
    if (own->changed) {
        return tf_form_address(own, "check", NULL);
    }
    int before = tf_answers_previous_page(&own->draft.answers, (size_t)own->page);
    return tf_form_address(own, before < 0 ? "" : own->form->pages[before].name, NULL);
}

static tf_status write_page(tf_form_visit *own, tf_error *error) {
    const tf_form_page *page = &own->form->pages[own->page];
    tf_html *html = &own->visit.html;
    const char *title = tf_form_words(own, &page->title);
    bool is_titled = title != NULL;
    if (!is_titled) {
        title = tf_form_words(own, &own->form->questions[page->first_question].label);
    }
    own->has_emergency |= page->has_emergency;
    tf_form_page_begin(own, title, back_of(own));
    if (is_titled) {
        tf_html_element(html, "h1", "govuk-heading-l", title);
        tf_form_paragraphs(own, tf_form_words(own, &page->text));
    }
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", tf_form_address(own, own->page_name, own->changed));
    tf_html_attribute(html, "method", "post");
    tf_html_flag(html, "novalidate", true);
    for (size_t i = 0; i < page->question_count; i++) {
        if (tf_answers_ask(&own->draft.answers, page->first_question + i)) {
            tf_form_question_write(own, page->first_question + i, !is_titled);
        }
    }
    if (!is_titled) {
        /* The question is the heading, and what is said besides comes after it. */
        tf_form_paragraphs(own, tf_form_words(own, &page->text));
    }
    tf_govuk_button(html, &(tf_button){.content.text = tf_form_say(own, TF_WORD_CONTINUE)});
    tf_html_close(html, "form");
    tf_form_page_end(own);
    return tf_buffer_check(&own->visit.response->body, error);
}

/* Whether the page is to be shown now.  If not, the answer is where to go instead. */
static bool is_due(tf_form_visit *own, tf_error *error, tf_status *status_out) {
    *status_out = TF_OK;
    const tf_answers *answers = &own->draft.answers;
    size_t open = tf_answers_first_open_page(answers);
    bool is_first = (size_t)own->page == tf_answers_next_page(answers, -1);
    if (own->draft.receipt[0]) {
        *status_out = tf_form_redirect(own, "done", NULL);
    } else if (!own->draft.is_there && !is_first) {
        *status_out = tf_form_answer_gone(own, error);
    } else if ((size_t)own->page > open || !tf_answers_ask_page(answers, (size_t)own->page)) {
        *status_out = tf_form_redirect(
            own, open < own->form->page_count ? own->form->pages[open].name : "check", NULL);
    } else {
        return true;
    }
    return false;
}

static tf_status answer_page(tf_form_visit *own, tf_error *error) {
    tf_status status = tf_form_open_draft(own, error);
    if (status || !is_due(own, error, &status)) {
        return status;
    }
    status = tf_form_type_page(&own->draft.answers, (size_t)own->page, own->visit.arena,
                               &own->typed, error);
    return status ? status : write_page(own, error);
}

/* The page that was asked for, one of those that every form has, or none there is. */
static tf_status dispatch(tf_form_visit *own, tf_status (*answer)(tf_form_visit *, tf_error *),
                          tf_status (*check)(tf_form_visit *, tf_error *),
                          tf_status (*done)(tf_form_visit *, tf_error *), tf_error *error) {
    bool is_done = done && strcmp(own->page_name, "done") == 0;
    /* Who sent it before the form closed still gets the receipt. */
    if (!is_open(own) && !(is_done && tf_site_has_accounts(own->visit.site))) {
        return tf_form_answer_closed(own, error);
    }
    if (own->page >= 0) {
        return answer(own, error);
    }
    if (strcmp(own->page_name, "check") == 0) {
        return check(own, error);
    }
    if (is_done) {
        return done(own, error);
    }
    return tf_fail(error, TF_NOT_FOUND, NULL, 0, "the form has no such page");
}

static tf_status handle_page(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_form_visit own;
    tf_error fault;
    tf_status status = begin(&own, context, request, response, true, &fault);
    if (!status) {
        status = dispatch(&own, answer_page, tf_form_answer_check, tf_form_answer_done, &fault);
    }
    return finish(&own, status, &fault, error);
}

/* ---- answering it ---- */

/* A page of the form whose conditions ask for a question of an earlier one. */
static bool depends_on(const tf_form_definition *form, size_t page, int earlier) {
    const tf_form_page *origin = &form->pages[earlier];
    const tf_form_conditions *when = &form->pages[page].when;
    for (size_t i = 0; i < when->count; i++) {
        size_t question = when->items[i].question;
        if (question >= origin->first_question &&
            question < origin->first_question + origin->question_count) {
            return true;
        }
    }
    return false;
}

/* What only says something is news once more. */
static bool is_answered(const tf_answers *answers, size_t index) {
    const tf_form_page *page = &answers->form->pages[index];
    for (size_t i = 0; i < page->question_count; i++) {
        if (answers->values[page->first_question + i].count) {
            return true;
        }
    }
    return false;
}

/* Where to go on.  After a change that is what must be answered now, what the change has newly
 * asked for, and then the check again. */
static tf_status go_on(tf_form_visit *own) {
    const tf_answers *answers = &own->draft.answers;
    const tf_form_definition *form = own->form;
    size_t next = tf_answers_next_page(answers, own->page);
    int origin = own->changed ? tf_form_page_of(form, tf_text_of(own->changed)) : -1;
    while (own->changed && next < form->page_count &&
           (is_answered(answers, next) ||
            !(depends_on(form, next, origin) || depends_on(form, next, own->page)))) {
        next = tf_answers_next_page(answers, (int)next);
    }
    size_t open = tf_answers_first_open_page(answers);
    next = open < next ? open : next;
    return tf_form_redirect(own, next < form->page_count ? form->pages[next].name : "check",
                            next < form->page_count ? own->changed : NULL);
}

/* Check what was typed and keep it, at the writing desk. */
static tf_status take_page(tf_visit *visit, void *data, tf_error *error) {
    tf_form_visit *own = data;
    int64_t now = tf_instant_now();
    tf_db *db = tf_access_db(visit->access);
    tf_checking checking = {
        .pack = own->pack,
        .db = db,
        .today = tf_day_of_instant(now),
        .arena = visit->arena,
    };
    tf_status status = tf_form_check_page(&checking, (size_t)own->page, own->typed,
                                          &own->draft.answers, &own->check, error);
    if (status || own->check.fault_count || own->check.place_count) {
        return status;
    }
    if (!own->draft.is_there) {
        /* A token of the server's own making for each draft, so that nobody can have planted it. */
        char once[TF_TOKEN_TEXT_SIZE];
        tf_answers answers = own->draft.answers;
        memcpy(once, own->draft.once, sizeof once);
        tf_token_new(own->token);
        status = tf_draft_open(db, own->pack, own->form, tf_text_of(own->token), own->language, now,
                               visit->arena, &own->draft, error);
        own->draft.answers = answers;
        memcpy(own->draft.once, once, sizeof once);
    }
    return status ? status : tf_draft_save(db, &own->draft, now, error);
}

/* The page once more, with what was typed. */
static tf_status write_again(tf_form_visit *own, int http_status, tf_error *error) {
    own->visit.response->status = http_status;
    return write_page(own, error);
}

static tf_status take_pairs(tf_form_visit *own, tf_error *error) {
    tf_pair *pairs = NULL;
    size_t count = 0;
    tf_status status =
        tf_pairs_parse(own->visit.request->body, own->visit.arena, &pairs, &count, error);
    if (status) {
        return status;
    }
    tf_typed *typed = tf_arena_alloc(own->visit.arena, count + 1, sizeof *typed);
    if (!typed) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        typed[i] = (tf_typed){pairs[i].name, pairs[i].value};
    }
    own->typed = (tf_typed_list){typed, count};
    return TF_OK;
}

static tf_status take_answers(tf_form_visit *own, tf_error *error) {
    tf_status status = tf_form_open_draft(own, error);
    if (status || !is_due(own, error, &status)) {
        return status;
    }
    status = take_pairs(own, error);
    if (status) {
        return status;
    }
    bool is_new = !own->draft.is_there;
    tf_error fault;
    status = tf_visit_at_access(&own->visit, take_page, own, &fault);
    if (status) {
        tf_log(TF_LOG_ERROR, "answers to the form \"%s\" could not be kept: %s", own->form->name,
               fault.message);
        own->problem = tf_form_say(own, TF_WORD_NOT_STORED);
        own->has_emergency = true;
        return write_again(own, 503, error);
    }
    if (own->check.fault_count) {
        return write_again(own, 400, error);
    }
    if (own->check.place_count) {
        return write_again(own, 200, error);
    }
    if (is_new) {
        tf_response_set_cookie(own->visit.response, own->visit.request, own->cookie_name,
                               own->token, 0);
    }
    return go_on(own);
}

static tf_status handle_answers(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    tf_form_visit own;
    tf_error fault;
    tf_status status = begin(&own, context, request, response, true, &fault);
    if (!status) {
        status = dispatch(&own, take_answers, tf_form_answer_send, NULL, &fault);
    }
    return finish(&own, status, &fault, error);
}

/* ---- routes ---- */

#define LANGUAGE_FIELD                                                                             \
    { .name = "language", .label = "Language", .help = "en or cy.", .maximum = 2 }
#define FORM_FIELD                                                                                 \
    {                                                                                              \
        .name = "form-name", .label = "Form", .help = "The name of the form.",                     \
        .is_required = true, .maximum = 40                                                         \
    }
#define PAGE_FIELDS                                                                                \
    {.name = "page-name",                                                                          \
     .label = "Page",                                                                              \
     .help = "The name of the page; check and done are those of every form.",                      \
     .is_required = true,                                                                          \
     .maximum = 40},                                                                               \
    {                                                                                              \
        .name = "change", .label = "Change", .help = "The page whose answers are changed.",        \
        .maximum = 40                                                                              \
    }

static const tf_field report_fields[] = {LANGUAGE_FIELD};
static const tf_field report_page_fields[] = {LANGUAGE_FIELD, PAGE_FIELDS};
static const tf_field form_fields[] = {LANGUAGE_FIELD, FORM_FIELD};
static const tf_field form_page_fields[] = {LANGUAGE_FIELD, FORM_FIELD, PAGE_FIELDS};

#define FIELDS(list) .fields = (list), .field_count = sizeof(list) / sizeof *(list)

const tf_route tf_route_report = {
    .method = "GET",
    .path = "/report",
    .title = "Report a concern",
    .help = "Where a report of a concern begins.",
    .is_volatile = true,
    FIELDS(report_fields),
    .handle = handle_start,
};

const tf_route tf_route_report_page = {
    .method = "GET",
    .path = "/report/{page-name}",
    .title = "A page of the report",
    .help = "One question of the report, the check of the answers, or the receipt.",
    .is_volatile = true,
    FIELDS(report_page_fields),
    .handle = handle_page,
};

const tf_route tf_route_report_answers = {
    .method = "POST",
    .path = "/report/{page-name}",
    .title = "Answer a page of the report",
    .help = "Keep the answers of one page, or send the report.",
    .body = TF_BODY_FORM,
    .is_volatile = true,
    FIELDS(report_page_fields),
    .handle = handle_answers,
};

const tf_route tf_route_form = {
    .method = "GET",
    .path = "/forms/{form-name}",
    .title = "A form",
    .help = "Where a form begins.",
    .is_volatile = true,
    FIELDS(form_fields),
    .handle = handle_start,
};

const tf_route tf_route_form_page = {
    .method = "GET",
    .path = "/forms/{form-name}/{page-name}",
    .title = "A page of a form",
    .help = "One question of the form, the check of the answers, or the receipt.",
    .is_volatile = true,
    FIELDS(form_page_fields),
    .handle = handle_page,
};

const tf_route tf_route_form_answers = {
    .method = "POST",
    .path = "/forms/{form-name}/{page-name}",
    .title = "Answer a page of a form",
    .help = "Keep the answers of one page, or send the form.",
    .body = TF_BODY_FORM,
    .is_volatile = true,
    FIELDS(form_page_fields),
    .handle = handle_answers,
};

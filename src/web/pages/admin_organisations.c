/* The organisations: whom the partnership consists of, and who carries on for whom. */
#include "admin_internal.h"
#include "routes_internal.h"

#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/text_inputs.h"

#include <stdlib.h>

static const char title[] = "Organisations";

typedef struct organisation_visit {
    int64_t id; /* 0: a new one */
    tf_organisation *all;
    size_t count;
    tf_organisation one;
} organisation_visit;

static const char *day_as_typed(tf_visit *visit, int32_t day) {
    char text[TF_DAY_TEXT_SIZE];
    return day == TF_DAY_NONE ? "" : tf_page_format(visit, "%s", tf_day_format(day, text));
}

/* ---- the list ---- */

static tf_status list(tf_visit *visit, void *data, tf_error *error) {
    organisation_visit *own = data;
    return tf_organisation_list(visit->access, visit->arena, &own->all, &own->count, error);
}

static void write_row(tf_visit *visit, const tf_organisation *organisation) {
    const tf_organisation_kind *kind = tf_organisation_kind_find(tf_text_of(organisation->kind));
    tf_page_row_begin(visit);
    tf_page_row_header(
        visit, tf_page_format(visit, "/admin/organisations/%lld", (long long)organisation->id),
        organisation->name);
    tf_page_cell(visit, kind ? kind->title : organisation->kind);
    tf_page_cell(visit, organisation->contact);
    tf_page_cell(visit, organisation->ended_on == TF_DAY_NONE
                            ? ""
                            : tf_page_day(visit, organisation->ended_on));
    tf_page_count(visit, organisation->account_count);
    tf_page_row_end(visit);
}

static tf_status handle_list(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    static const tf_page_column columns[] = {{"Name", false},
                                             {"Kind", false},
                                             {"Whom to ask about its data", false},
                                             {"Last day", false},
                                             {"Accounts", true}};
    static const tf_done saved = {"saved", "The organisation is saved"};
    tf_visit visit = tf_visit_of(context, request, response);
    organisation_visit own = {0};
    tf_status status = tf_admin_check(&visit, TF_MAY_ADMINISTER, error);
    if (!status) {
        status = tf_visit_at_access(&visit, list, &own, error);
    }
    if (status) {
        return status;
    }
    tf_page_begin(&visit,
                  &(tf_page_head){.title = title, .section = "/admin", .crumbs = {TF_ADMIN_CRUMB}});
    tf_page_done(&visit, &saved, 1);
    tf_page_title(&visit, NULL, title);
    tf_govuk_button(&visit.html, &(tf_button){.content.text = "Add an organisation",
                                              .href = "/admin/organisations/new"});
    tf_page_records_begin(&visit, "Members of the partnership, and whoever shares data with it",
                          columns, 5);
    for (size_t i = 0; i < own.count; i++) {
        write_row(&visit, &own.all[i]);
    }
    tf_page_table_end(&visit);
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

/* ---- the form of one ---- */

/* `form`: what was sent of these fields; NULL for nothing. */
static const char *problem_of(const tf_form *form, const tf_admin_problem *problem,
                              const char *field) {
    const char *sentence = tf_admin_problem_at(problem, field);
    return sentence || !form ? sentence : tf_form_value(form, field)->error;
}

static void write_kinds(tf_visit *visit, const char *value, const char *problem) {
    tf_select_item *items = tf_arena_alloc(visit->arena, tf_organisation_kind_count, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < tf_organisation_kind_count; i++) {
        items[i] = (tf_select_item){.text = tf_organisation_kinds[i].title,
                                    .value = tf_organisation_kinds[i].name};
    }
    tf_govuk_select(&visit->html, &(tf_select){.id = "kind",
                                               .name = "kind",
                                               .items = items,
                                               .count = tf_organisation_kind_count,
                                               .value = value,
                                               .label.content.text = "Kind",
                                               .error_message.content.text = problem});
}

static void write_inputs(tf_visit *visit, const tf_organisation *shown, const tf_form *form,
                         const tf_admin_problem *problem) {
    tf_govuk_input(&visit->html,
                   &(tf_input){.id = "name",
                               .name = "name",
                               .value = shown->name,
                               .label.content.text = "Name",
                               .error_message.content.text = problem_of(form, problem, "name"),
                               .classes = "govuk-!-width-two-thirds"});
    write_kinds(visit, shown->kind, problem_of(form, problem, "kind"));
    tf_govuk_input(&visit->html,
                   &(tf_input){.id = "contact",
                               .name = "contact",
                               .value = shown->contact,
                               .label.content.text = "Whom to ask about its data",
                               .hint.content.text =
                                   "A team and how to reach it. People who may not see "
                                   "something are told to ask there.",
                               .error_message.content.text = problem_of(form, problem, "contact"),
                               .classes = "govuk-!-width-two-thirds"});
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Save"});
}

static void write_end(tf_visit *visit, const organisation_visit *own,
                      const tf_admin_problem *problem) {
    tf_select_item *items = tf_arena_alloc(visit->arena, own->count + 1, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    items[0] = (tf_select_item){.text = "Nobody", .value = "0"};
    size_t count = 1;
    for (size_t i = 0; i < own->count; i++) {
        if (own->all[i].id != own->id) {
            items[count++] =
                (tf_select_item){.text = own->all[i].name,
                                 .value = tf_page_format(visit, "%lld", (long long)own->all[i].id)};
        }
    }
    tf_page_deed_heading(visit, NULL, "End it");
    tf_page_paragraph(visit, "After its last day none of its accounts can do anything any more. "
                             "Leave the day empty where it goes on.");
    tf_page_form_begin(visit,
                       tf_page_format(visit, "/admin/organisations/%lld/end", (long long)own->id));
    tf_govuk_input(&visit->html,
                   &(tf_input){.id = "day",
                               .name = "day",
                               .value = day_as_typed(visit, own->one.ended_on),
                               .label.content.text = "Last day",
                               .hint.content.text = "For example, 2027-03-31",
                               .error_message.content.text = tf_admin_problem_at(problem, "day"),
                               .classes = "govuk-input--width-10"});
    tf_govuk_select(&visit->html, &(tf_select){.id = "successor",
                                               .name = "successor",
                                               .items = items,
                                               .count = count,
                                               .value = tf_page_format(
                                                   visit, "%lld", (long long)own->one.successor_id),
                                               .label.content.text = "Who carries on for it"});
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Save the last day",
                                               .classes = "govuk-button--secondary"});
    tf_page_form_end(visit);
}

static tf_status get(tf_visit *visit, void *data, tf_error *error) {
    organisation_visit *own = data;
    tf_status status = list(visit, own, error);
    return status || own->id == 0
               ? status
               : tf_organisation_get(visit->access, own->id, visit->arena, &own->one, error);
}

static tf_organisation sent(tf_visit *visit, const organisation_visit *own) {
    return (tf_organisation){.id = own->id,
                             .name = tf_page_sent(visit, "name"),
                             .kind = tf_page_sent(visit, "kind"),
                             .contact = tf_page_sent(visit, "contact"),
                             .started_on = own->id ? own->one.started_on : TF_DAY_NONE,
                             .ended_on = TF_DAY_NONE};
}

/* `shown`: what is in the form; NULL for what is stored.  Refused to whoever may not send it, also
 * where it would be shown again. */
static tf_status write_form(tf_visit *visit, organisation_visit *own, const tf_organisation *shown,
                            const tf_admin_problem *problem, tf_error *error) {
    tf_status status = tf_admin_check(visit, TF_MAY_ADMINISTER, error);
    if (!status) {
        status = tf_visit_at_access(visit, get, own, error);
    }
    if (status) {
        return status;
    }
    const char *heading = own->id ? own->one.name : "Add an organisation";
    tf_page_begin(visit,
                  &(tf_page_head){.title = heading,
                                  .section = "/admin",
                                  .crumbs = {TF_ADMIN_CRUMB, {title, "/admin/organisations"}},
                                  .has_errors = visit->response->status == 400});
    if (problem->sentence) {
        tf_page_error(visit, problem->sentence, problem->id);
    } else if (visit->response->status == 400) {
        tf_page_error_summary(visit, &visit->request->form);
    }
    tf_page_title(visit, own->id ? "Organisation" : NULL, heading);
    tf_page_form_begin(
        visit, own->id ? tf_page_format(visit, "/admin/organisations/%lld", (long long)own->id)
                       : "/admin/organisations/new");
    write_inputs(visit, shown ? shown : &own->one, shown ? &visit->request->form : NULL, problem);
    tf_page_form_end(visit);
    if (own->id) {
        write_end(visit, own, problem);
    }
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_form(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    organisation_visit own = {.id = tf_form_value(&request->form, "id")->number};
    return write_form(&visit, &own, NULL, &(tf_admin_problem){0}, error);
}

/* ---- saving ---- */

static tf_status save(tf_visit *visit, void *data, tf_error *error) {
    organisation_visit *own = data;
    tf_status status = get(visit, own, error);
    if (status) {
        return status;
    }
    tf_organisation changed = sent(visit, own);
    return own->id ? tf_organisation_change(visit->access, visit->actor, &changed, error)
                   : tf_organisation_add(visit->access, visit->actor, &changed, &changed.id, error);
}

static tf_status end(tf_visit *visit, void *data, tf_error *error) {
    const organisation_visit *own = data;
    const tf_form *form = &visit->request->form;
    tf_text day = tf_text_trim(tf_form_value(form, "day")->text);
    int32_t last_day = TF_DAY_NONE;
    if (day.length && !tf_date_parse(day, &last_day)) {
        return tf_fail(error, TF_BAD_INPUT, "day", 0,
                       "the last day must be a date, such as 2027-03-31");
    }
    return tf_organisation_end(visit->access, visit->actor, own->id, last_day,
                               tf_form_value(form, "successor")->number, error);
}

/* Do the work and lead to the list, or show the form again with what was sent. */
static tf_status finish(tf_visit *visit, tf_access_work *work, bool is_form, tf_error *error) {
    organisation_visit own = {.id = tf_form_value(&visit->request->form, "id")->number};
    tf_admin_problem problem = {0};
    tf_error fault;
    tf_status status = TF_BAD_INPUT;
    if (visit->request->form.error_count) {
        visit->response->status = 400;
    } else {
        status = tf_visit_at_access(visit, work, &own, &fault);
        if (!status) {
            tf_response_redirect(visit->response, "/admin/organisations?done=saved");
            return TF_OK;
        }
        if (!tf_admin_takes_fault(visit, status, &fault, &problem)) {
            return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
        }
    }
    tf_organisation shown = {0};
    if (is_form) {
        shown = sent(visit, &own);
    } else {
        problem.id = "day";
    }
    return write_form(visit, &own, is_form ? &shown : NULL, &problem, error);
}

static tf_status handle_save(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    return finish(&visit, save, true, error);
}

static tf_status handle_end(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    return finish(&visit, end, false, error);
}

/* ---- routes ---- */

static const tf_field list_fields[] = {TF_DONE_FIELD};

const tf_route tf_route_admin_organisations = {
    .method = "GET",
    .path = "/admin/organisations",
    .title = title,
    .help = "Whom the partnership consists of.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = list_fields,
    .field_count = 1,
    .handle = handle_list,
};

#define ID_FIELD                                                                                   \
    {                                                                                              \
        .name = "id", .label = "Organisation", .help = "The number of the organisation.",          \
        .kind = TF_FIELD_INT, .minimum = 1, .maximum = INT64_MAX                                   \
    }

static const tf_field fields[] = {
    ID_FIELD,
    {.name = "name",
     .label = "Name",
     .help = "Of the organisation.",
     .is_required = true,
     .maximum = TF_ORGANISATION_NAME_MOST},
    {.name = "kind", .label = "Kind", .help = "What it is.", .is_required = true, .maximum = 60},
    {.name = "contact", .label = "Whom to ask", .help = "About its data.", .maximum = 300},
};

const tf_route tf_route_admin_organisation_new = {
    .method = "GET",
    .path = "/admin/organisations/new",
    .title = "Add an organisation",
    .help = "The form for a new one.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = fields,
    .field_count = 1,
    .handle = handle_form,
};

const tf_route tf_route_admin_organisation_add = {
    .method = "POST",
    .path = "/admin/organisations/new",
    .title = "Add an organisation",
    .help = "Add it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields,
    .field_count = 4,
    .handle = handle_save,
};

const tf_route tf_route_admin_organisation = {
    .method = "GET",
    .path = "/admin/organisations/{id}",
    .title = "An organisation",
    .help = "The form to change it, and to end it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = fields,
    .field_count = 1,
    .handle = handle_form,
};

const tf_route tf_route_admin_organisation_change = {
    .method = "POST",
    .path = "/admin/organisations/{id}",
    .title = "An organisation",
    .help = "Change it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields,
    .field_count = 4,
    .handle = handle_save,
};

static const tf_field end_fields[] = {
    ID_FIELD,
    {.name = "day", .label = "Last day", .help = "Its last; empty: it goes on.", .maximum = 20},
    {.name = "successor",
     .label = "Who carries on for it",
     .help = "The number of the organisation, or 0.",
     .kind = TF_FIELD_INT,
     .maximum = INT64_MAX},
};

const tf_route tf_route_admin_organisation_end = {
    .method = "POST",
    .path = "/admin/organisations/{id}/end",
    .title = "The end of an organisation",
    .help = "Say its last day and who carries on for it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .fields = end_fields,
    .field_count = 3,
    .handle = handle_end,
};

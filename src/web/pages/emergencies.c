/* What was read beyond any agreement, in an emergency: each waits here, for both sides to see,
 * until the owner or an auditor has looked at it. */
#include "admin_internal.h"
#include "routes_internal.h"

#include "access/emergency.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/tables.h"
#include "web/html/textareas.h"

static const char title[] = "Emergency access";
static const char address[] = "/admin/emergency-access";

typedef struct emergency_visit {
    int64_t id;
    tf_emergency *all;
    size_t count;
} emergency_visit;

static tf_status get_all(tf_visit *visit, void *data, tf_error *error) {
    emergency_visit *own = data;
    return tf_emergency_list(visit->access, visit->actor, visit->arena, &own->all, &own->count,
                             error);
}

static const char *data_of(tf_visit *visit, const tf_emergency *emergency) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    int category = tf_access_category(rules, emergency->category);
    return tf_page_format(visit, "%s, number %lld, of %s",
                          category < 0 ? emergency->category : rules->categories[category].title,
                          (long long)emergency->object_id, emergency->owner);
}

static const char *who_of(tf_visit *visit, const tf_emergency *emergency) {
    return tf_page_format(visit, "%s, %s", emergency->actor, emergency->organisation);
}

static const char *reviewer_of(tf_visit *visit, const tf_emergency *emergency) {
    return emergency->may_review ? "You"
           : emergency->owner_id ? tf_page_format(visit, "%s, or an auditor", emergency->owner)
                                 : "An auditor";
}

/* ---- the list ---- */

static tf_status handle_list(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    static const tf_page_column columns[] = {{"When", false},
                                             {"Who", false},
                                             {"What", false},
                                             {"Why, in their words", false},
                                             {"Reviewed by", false}};
    static const tf_done reviewed = {"reviewed", "The review is saved"};
    tf_visit visit = tf_visit_of(context, request, response);
    emergency_visit own = {0};
    tf_status status = tf_visit_at_access(&visit, get_all, &own, error);
    if (status) {
        return status;
    }
    tf_page_begin(&visit,
                  &(tf_page_head){.title = title, .section = "/admin", .crumbs = {TF_ADMIN_CRUMB}});
    tf_page_done(&visit, &reviewed, 1);
    tf_page_title(&visit, NULL, title);
    tf_page_paragraph(&visit, "In an emergency somebody may read what no agreement opens, and says "
                              "why. Whom it belongs to, or an auditor, looks at it afterwards and "
                              "says whether it was right: never the organisation that read it.");
    if (!own.count) {
        tf_page_paragraph(&visit, "Nothing waits to be reviewed.");
    } else {
        tf_page_records_begin(&visit, "Read without an agreement, and not reviewed yet", columns,
                              sizeof columns / sizeof *columns);
    }
    for (size_t i = 0; i < own.count; i++) {
        const tf_emergency *emergency = &own.all[i];
        tf_page_row_begin(&visit);
        tf_page_row_header(
            &visit, tf_page_format(&visit, "%s/%lld", address, (long long)emergency->entry_id),
            tf_page_instant(&visit, emergency->at));
        tf_page_cell(&visit, who_of(&visit, emergency));
        tf_page_cell(&visit, data_of(&visit, emergency));
        tf_page_cell(&visit, emergency->justification ? emergency->justification : "");
        tf_page_cell(&visit, reviewer_of(&visit, emergency));
        tf_page_row_end(&visit);
    }
    if (own.count) {
        tf_page_table_end(&visit);
    }
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

/* ---- one ---- */

static const char *const verdicts[] = {"right", "wrong", NULL};

static void write_review(tf_visit *visit, const emergency_visit *own, const tf_form *sent,
                         const tf_admin_problem *problem) {
    const tf_value *verdict = sent ? tf_form_value(sent, "verdict") : NULL;
    bool is_chosen = verdict && verdict->is_given && !verdict->error;
    const tf_choice choices[] = {
        {.content.text = "It was right",
         .value = "right",
         .is_checked = is_chosen && verdict->number == 0 ? TF_YES : TF_NO},
        {.content.text = "It was wrong",
         .value = "wrong",
         .is_checked = is_chosen && verdict->number == 1 ? TF_YES : TF_NO},
    };
    tf_fieldset fieldset = {.legend = {.content.text = "Was it right to look?",
                                       .classes = "govuk-fieldset__legend--m"}};
    tf_page_form_begin(visit, tf_page_format(visit, "%s/%lld", address, (long long)own->id));
    tf_govuk_radios(&visit->html,
                    &(tf_radios){.name = "verdict",
                                 .id_prefix = "verdict",
                                 .items = choices,
                                 .count = 2,
                                 .fieldset = &fieldset,
                                 .error_message.content.text = verdict ? verdict->error : NULL});
    const char *fault = tf_admin_problem_at(problem, "finding");
    tf_govuk_textarea(
        &visit->html,
        &(tf_textarea){.id = "finding",
                       .name = "finding",
                       .value = sent ? tf_page_sent(visit, "finding") : "",
                       .label.content.text = "What you found, and what follows",
                       .error_message.content.text =
                           fault || !sent ? fault : tf_form_value(sent, "finding")->error});
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Save the review",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

static tf_status write_page(tf_visit *visit, emergency_visit *own, const tf_form *sent,
                            const tf_admin_problem *problem, tf_error *error) {
    tf_status status = tf_visit_at_access(visit, get_all, own, error);
    const tf_emergency *one = NULL;
    for (size_t i = 0; !status && i < own->count; i++) {
        one = own->all[i].entry_id == own->id ? &own->all[i] : one;
    }
    if (status || !one) {
        return status ? status
                      : tf_fail(error, TF_NOT_FOUND, NULL, 0,
                                "no access in an emergency with this number waits for a review");
    }
    const char *heading =
        tf_page_format(visit, "%s, %s", one->actor, tf_page_instant(visit, one->at));
    const tf_summary_row rows[] = {
        {.key.text = "Who read it", .value.text = who_of(visit, one)},
        {.key.text = "What was read", .value.text = data_of(visit, one)},
        {.key.text = "Why, in their words", .value.text = one->justification},
        {.key.text = "Entry of the audit",
         .value.text = tf_page_format(visit, "%lld", (long long)one->entry_id)},
    };
    tf_page_begin(visit, &(tf_page_head){.title = heading,
                                         .section = "/admin",
                                         .crumbs = {TF_ADMIN_CRUMB, {title, address}},
                                         .has_errors = visit->response->status == 400});
    if (problem->sentence) {
        tf_page_error(visit, problem->sentence, problem->id);
    } else if (sent) {
        tf_page_error_summary(visit, sent);
    }
    tf_page_title(visit, title, heading);
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
    if (one->may_review) {
        write_review(visit, own, sent, problem);
    } else {
        tf_page_paragraph(visit,
                          tf_page_format(visit,
                                         "Your own side read this, so that somebody else has to "
                                         "review it: %s.",
                                         one->owner_id
                                             ? tf_page_format(visit,
                                                              "a data lead of %s, or an auditor of "
                                                              "another organisation than yours",
                                                              one->owner)
                                             : "an auditor of another organisation than yours"));
    }
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_one(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    emergency_visit own = {.id = tf_form_value(&request->form, "id")->number};
    return write_page(&visit, &own, NULL, &(tf_admin_problem){0}, error);
}

/* ---- reviewing ---- */

static tf_status review(tf_visit *visit, void *data, tf_error *error) {
    const emergency_visit *own = data;
    bool was_right = tf_form_value(&visit->request->form, "verdict")->number == 0;
    return tf_emergency_review(visit->access, visit->actor, own->id, was_right,
                               tf_page_sent(visit, "finding"), error);
}

static tf_status handle_review(void *context, const tf_request *request, tf_response *response,
                               tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    emergency_visit own = {.id = tf_form_value(&request->form, "id")->number};
    tf_admin_problem problem = {0};
    if (request->form.error_count) {
        response->status = 400;
        return write_page(&visit, &own, &request->form, &problem, error);
    }
    tf_error fault;
    tf_status status = tf_visit_at_access(&visit, review, &own, &fault);
    if (!status) {
        tf_response_redirect(response, tf_page_format(&visit, "%s?done=reviewed", address));
        return TF_OK;
    }
    if (!tf_admin_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    problem.id = "finding";
    return write_page(&visit, &own, &request->form, &problem, error);
}

/* ---- routes ---- */

static const tf_field fields[] = {
    {.name = "id",
     .label = "Entry",
     .help = "The number of the audit's entry.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "verdict",
     .label = "Whether it was right",
     .help = "What the review comes to.",
     .kind = TF_FIELD_CHOICE,
     .is_required = true,
     .choices = verdicts},
    {.name = "finding",
     .label = "What you found",
     .help = "Is kept with the review.",
     .is_required = true,
     .maximum = 2000},
};

static const tf_field list_fields[] = {TF_DONE_FIELD};

const tf_route tf_route_emergencies = {
    .method = "GET",
    .path = "/admin/emergency-access",
    .title = title,
    .help = "What was read without an agreement and waits to be reviewed.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = list_fields,
    .field_count = 1,
    .handle = handle_list,
};

const tf_route tf_route_emergency = {
    .method = "GET",
    .path = "/admin/emergency-access/{id}",
    .title = "An access in an emergency",
    .help = "The form to review it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = fields,
    .field_count = 1,
    .handle = handle_one,
};

const tf_route tf_route_emergency_review = {
    .method = "POST",
    .path = "/admin/emergency-access/{id}",
    .title = "An access in an emergency",
    .help = "Save what was found of it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields,
    .field_count = 3,
    .handle = handle_review,
};

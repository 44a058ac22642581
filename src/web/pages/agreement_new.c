/* The form to draft a sharing agreement. */
#include "admin_internal.h"
#include "routes_internal.h"

#include "access/agreement.h"
#include "access/organisation.h"
#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/text_inputs.h"

#include <stdio.h>

static const char title[] = "Draft an agreement";
static const char address[] = "/agreements/new";

/* What a form can say without growing without bound; a larger agreement is drafted at the command
 * line. */
enum { MOST_PARTIES = 64, MOST_SHARES = 64, MOST_PURPOSES = 32 };

static const char *const parts[] = {"none", "gives", "receives", "both", NULL};

#define PARTY(n)                                                                                   \
    {                                                                                              \
        .name = "party-" #n, .label = "Part", .help = "What the organisation does.",               \
        .kind = TF_FIELD_CHOICE, .choices = parts, .fallback = "none"                              \
    }
#define SHARE(n)                                                                                   \
    { .name = "share-" #n, .label = "Field", .help = "Is shared.", .kind = TF_FIELD_FLAG }
#define PURPOSE(n)                                                                                 \
    { .name = "purpose-" #n, .label = "Purpose", .help = "What for.", .kind = TF_FIELD_FLAG }
#define TEN(field, tens)                                                                           \
    field(tens##0), field(tens##1), field(tens##2), field(tens##3), field(tens##4),                \
        field(tens##5), field(tens##6), field(tens##7), field(tens##8), field(tens##9)
#define TO_NINE(field)                                                                             \
    field(0), field(1), field(2), field(3), field(4), field(5), field(6), field(7), field(8),      \
        field(9)
#define TO_FIFTY_NINE(field)                                                                       \
    TO_NINE(field), TEN(field, 1), TEN(field, 2), TEN(field, 3), TEN(field, 4), TEN(field, 5)
#define TO_SIXTY_THREE(field) TO_FIFTY_NINE(field), field(60), field(61), field(62), field(63)

#define TEXT(field_name, words, sentence, most)                                                    \
    { .name = (field_name), .label = (words), .help = (sentence), .maximum = (most) }

static const tf_field fields[] = {
    TEXT("title", "Title", "What it is called.", 200),
    TEXT("basis", "Lawful basis", "A lawful basis of the pack.", 64),
    TEXT("condition", "Condition", "Of UK GDPR Article 9 or 10.", 2000),
    TEXT("assessment", "Impact assessment", "Its reference.", 2000),
    TEXT("retention", "Kept for", "How many days.", 10),
    TEXT("starts", "First day", "Such as 2027-03-31.", 20),
    TEXT("review", "Review by", "Such as 2027-03-31.", 20),
    TEXT("ends", "Last day", "Such as 2027-03-31; empty: until a party ends it.", 20),
    TO_SIXTY_THREE(PARTY),
    TO_SIXTY_THREE(SHARE),
    TO_NINE(PURPOSE),
    TEN(PURPOSE, 1),
    TEN(PURPOSE, 2),
    PURPOSE(30),
    PURPOSE(31),
};

typedef struct draft_visit {
    tf_organisation *organisations;
    size_t organisation_count;
    int64_t id; /* of the draft that was made */
} draft_visit;

static const tf_access_rules *rules_of(const tf_visit *visit) {
    return tf_pack_access_rules(tf_site_pack(visit->site));
}

static const tf_value *numbered(const tf_visit *visit, const char *name, int64_t number) {
    char text[24];
    snprintf(text, sizeof text, "%s-%d", name, (int)number);
    return tf_form_value(&visit->request->form, text);
}

static bool is_set(const tf_visit *visit, const char *name, size_t number) {
    const tf_value *value = numbered(visit, name, (int64_t)number);
    return !value->error && value->number;
}

/* ---- what was sent ---- */

static tf_status read_day(tf_visit *visit, const char *field, bool may_be_empty, int32_t *day_out,
                          tf_error *error) {
    tf_text text = tf_text_trim(tf_form_value(&visit->request->form, field)->text);
    if (tf_date_parse(text, day_out) || (may_be_empty && text.length == 0)) {
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, field, 0, "a day is written as 2027-03-31");
}

static void read_parties(const tf_visit *visit, const draft_visit *own,
                         tf_agreement_party parties[MOST_PARTIES], tf_agreement_terms *terms) {
    for (size_t i = 0; i < own->organisation_count; i++) {
        int64_t id = own->organisations[i].id;
        const tf_value *part = id < MOST_PARTIES ? numbered(visit, "party", id) : NULL;
        if (part && !part->error && part->number > 0) {
            parties[terms->party_count++] = (tf_agreement_party){
                .organisation_id = id, .gives = part->number != 2, .receives = part->number != 1};
        }
    }
    terms->parties = parties;
}

/* Each field of personal data has the next number, and so has a category without fields. */
static void read_shares(const tf_visit *visit, tf_agreement_share shares[TF_MOST_CATEGORIES],
                        tf_agreement_terms *terms) {
    const tf_access_rules *rules = rules_of(visit);
    size_t number = 0;
    for (size_t i = 0; i < rules->category_count; i++) {
        const tf_category *category = &rules->categories[i];
        tf_agreement_share share = {.category = (int)i};
        size_t count = category->field_count ? category->field_count : 1;
        for (size_t j = 0; category->is_personal && j < count && number < MOST_SHARES; j++) {
            bool is_sent = is_set(visit, "share", number++);
            share.fields |= is_sent ? (category->field_count ? UINT32_C(1) << j : UINT32_MAX) : 0;
        }
        if (share.fields) {
            shares[terms->share_count++] = share;
        }
    }
    terms->shares = shares;
}

static tf_status get_organisations(tf_visit *visit, void *data, tf_error *error) {
    draft_visit *own = data;
    tf_object object = {.category = tf_access_category_of(visit->access, "agreement"),
                        .organisation_id = visit->actor->organisation_id};
    if (!tf_access_ask(visit->access, visit->actor, TF_ACTION_COLLECT, &object, NULL).is_allowed) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "your roles do not include drafting agreements; ask the data lead of your "
                       "organisation");
    }
    return tf_organisation_list(visit->access, visit->arena, &own->organisations,
                                &own->organisation_count, error);
}

static tf_status make_draft(tf_visit *visit, void *data, tf_error *error) {
    draft_visit *own = data;
    const tf_access_rules *rules = rules_of(visit);
    tf_agreement_party parties[MOST_PARTIES];
    tf_agreement_share shares[TF_MOST_CATEGORIES];
    tf_agreement_terms terms = {
        .title = tf_page_sent(visit, "title"),
        .lawful_basis = tf_access_lawful_basis(rules, tf_page_sent(visit, "basis")),
        .condition = tf_page_sent(visit, "condition"),
        .assessment = tf_page_sent(visit, "assessment"),
        .ends_on = TF_DAY_FOREVER,
    };
    tf_status status = get_organisations(visit, own, error);
    if (!status) {
        status = read_day(visit, "starts", false, &terms.starts_on, error);
    }
    if (!status) {
        status = read_day(visit, "review", false, &terms.review_on, error);
    }
    if (!status) {
        status = read_day(visit, "ends", true, &terms.ends_on, error);
    }
    if (status) {
        return status;
    }
    tf_text days = tf_text_trim(tf_form_value(&visit->request->form, "retention")->text);
    if (!tf_parse_int64(days, &terms.retention_days)) {
        terms.retention_days = 0; /* refused with the words for any number that will not do */
    }
    for (size_t i = 0; i < rules->purpose_count && i < MOST_PURPOSES; i++) {
        terms.purposes |= is_set(visit, "purpose", i) ? UINT64_C(1) << i : 0;
    }
    read_parties(visit, own, parties, &terms);
    read_shares(visit, shares, &terms);
    return tf_agreement_create(visit->access, visit->actor, &terms, &own->id, error);
}

/* ---- the form ---- */

static const char *problem_of(const tf_visit *visit, const tf_admin_problem *problem,
                              const char *field) {
    const char *sentence = tf_admin_problem_at(problem, field);
    return sentence || !visit->request->form.error_count
               ? sentence
               : tf_form_value(&visit->request->form, field)->error;
}

static void write_input(tf_visit *visit, const char *name, const char *label, const char *hint,
                        const char *classes, const tf_admin_problem *problem) {
    tf_govuk_input(&visit->html,
                   &(tf_input){.id = name,
                               .name = name,
                               .value = tf_page_sent(visit, name),
                               .label.content.text = label,
                               .hint.content.text = hint,
                               .error_message.content.text = problem_of(visit, problem, name),
                               .classes = classes});
}

static void write_parties(tf_visit *visit, const draft_visit *own) {
    static const tf_select_item items[] = {{.text = "Not a party", .value = "none"},
                                           {.text = "Gives", .value = "gives"},
                                           {.text = "Receives", .value = "receives"},
                                           {.text = "Gives and receives", .value = "both"}};
    tf_page_heading(visit, "parties", "Parties");
    for (size_t i = 0; i < own->organisation_count; i++) {
        const tf_organisation *organisation = &own->organisations[i];
        if (organisation->id >= MOST_PARTIES) {
            continue;
        }
        const tf_value *part = numbered(visit, "party", organisation->id);
        const char *name = tf_page_format(visit, "party-%d", (int)organisation->id);
        tf_govuk_select(&visit->html,
                        &(tf_select){.id = name,
                                     .name = name,
                                     .items = items,
                                     .count = 4,
                                     .value = part->error ? "none" : items[part->number].value,
                                     .label.content.text = organisation->name});
    }
}

static void write_checkboxes(tf_visit *visit, const char *id, const char *legend,
                             const tf_choice *items, size_t count) {
    tf_fieldset fieldset = {
        .legend = {.content.text = legend, .classes = "govuk-fieldset__legend--s"}};
    tf_govuk_checkboxes(&visit->html, &(tf_checkboxes){.name = id,
                                                       .id_prefix = id,
                                                       .items = items,
                                                       .count = count,
                                                       .fieldset = &fieldset,
                                                       .classes = "govuk-checkboxes--small"});
}

static void write_shares(tf_visit *visit) {
    const tf_access_rules *rules = rules_of(visit);
    size_t number = 0;
    tf_page_heading(visit, "data", "What is shared");
    for (size_t i = 0; i < rules->category_count; i++) {
        const tf_category *category = &rules->categories[i];
        tf_choice items[TF_MOST_FIELDS] = {{.value = NULL}};
        size_t count = category->field_count ? category->field_count : 1;
        size_t offered = 0;
        for (; category->is_personal && offered < count && number < MOST_SHARES; offered++) {
            items[offered] = (tf_choice){
                .content.text =
                    category->field_count ? category->fields[offered].title : "All of it",
                .name = tf_page_format(visit, "share-%zu", number),
                .value = "1",
                .is_checked = is_set(visit, "share", number) ? TF_YES : TF_NO,
            };
            number++;
        }
        if (offered) {
            write_checkboxes(visit, tf_page_format(visit, "data-%s", category->name),
                             category->title, items, offered);
        }
    }
}

static void write_purposes(tf_visit *visit) {
    const tf_access_rules *rules = rules_of(visit);
    tf_choice items[MOST_PURPOSES] = {{.value = NULL}};
    size_t count = 0;
    for (; count < rules->purpose_count && count < MOST_PURPOSES; count++) {
        items[count] = (tf_choice){
            .content.text = rules->purposes[count].title,
            .name = tf_page_format(visit, "purpose-%zu", count),
            .value = "1",
            .is_checked = is_set(visit, "purpose", count) ? TF_YES : TF_NO,
        };
    }
    write_checkboxes(visit, "purposes", "What for", items, count);
}

static void write_basis(tf_visit *visit, const tf_admin_problem *problem) {
    const tf_access_rules *rules = rules_of(visit);
    tf_select_item *items =
        tf_arena_alloc(visit->arena, rules->lawful_basis_count + 1, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    items[0] = (tf_select_item){.text = "Choose one", .value = ""};
    for (size_t i = 0; i < rules->lawful_basis_count; i++) {
        items[i + 1] = (tf_select_item){.text = rules->lawful_bases[i].title,
                                        .value = rules->lawful_bases[i].name};
    }
    tf_govuk_select(&visit->html, &(tf_select){.id = "basis",
                                               .name = "basis",
                                               .items = items,
                                               .count = rules->lawful_basis_count + 1,
                                               .value = tf_page_sent(visit, "basis"),
                                               .label.content.text = "Lawful basis",
                                               .error_message.content.text =
                                                   problem_of(visit, problem, "basis")});
}

static void write_fields(tf_visit *visit, const draft_visit *own, const tf_admin_problem *problem) {
    static const char day_hint[] = "For example, 2027-03-31";
    static const char wide[] = "govuk-!-width-two-thirds";
    static const char narrow[] = "govuk-input--width-10";
    tf_page_form_begin(visit, address);
    write_input(visit, "title", "Title", NULL, wide, problem);
    write_parties(visit, own);
    write_shares(visit);
    write_purposes(visit);
    write_basis(visit, problem);
    write_input(visit, "condition", "Condition of UK GDPR Article 9 or 10",
                "Needed for data on health or offences. For example, Article 9(2)(g), safeguarding "
                "of children",
                wide, problem);
    write_input(visit, "assessment", "Reference of the impact assessment", NULL, wide, problem);
    write_input(visit, "retention", "For how many days what is given may be kept", NULL,
                "govuk-input--width-5", problem);
    write_input(visit, "starts", "First day", day_hint, narrow, problem);
    write_input(visit, "review", "Review by", day_hint, narrow, problem);
    write_input(visit, "ends", "Last day", "Leave it empty where it goes on until a party ends it",
                narrow, problem);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Save the draft",
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

static tf_status write_page(tf_visit *visit, const tf_admin_problem *problem, tf_error *error) {
    draft_visit own = {0};
    tf_status status = tf_visit_at_access(visit, get_organisations, &own, error);
    if (status) {
        return status;
    }
    tf_page_begin(visit, &(tf_page_head){.title = title,
                                         .section = "/agreements",
                                         .crumbs = {{"Sharing agreements", "/agreements"}},
                                         .has_errors = visit->response->status == 400});
    if (problem->sentence) {
        tf_page_error(visit, problem->sentence, problem->id);
    } else if (visit->response->status == 400) {
        tf_page_error_summary(visit, &visit->request->form);
    }
    tf_page_title(visit, NULL, title);
    tf_page_paragraph(visit, "It is in force when each party has signed it. Until somebody has "
                             "signed, it can be ended and drafted anew.");
    write_fields(visit, &own, problem);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_form(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    return write_page(&visit, &(tf_admin_problem){0}, error);
}

static tf_status handle_save(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    draft_visit own = {0};
    tf_admin_problem problem = {0};
    tf_error fault;
    if (request->form.error_count) {
        response->status = 400;
        return write_page(&visit, &problem, error);
    }
    tf_status status = tf_visit_at_access(&visit, make_draft, &own, &fault);
    if (!status) {
        tf_response_redirect(
            response, tf_page_format(&visit, "/agreements/%lld?done=drafted", (long long)own.id));
        return TF_OK;
    }
    if (!tf_admin_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_page(&visit, &problem, error);
}

/* ---- routes ---- */

const tf_route tf_route_agreement_new = {
    .method = "GET",
    .path = "/agreements/new",
    .title = title,
    .help = "The form for a new one.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = fields,
    .field_count = sizeof fields / sizeof *fields,
    .handle = handle_form,
};

const tf_route tf_route_agreement_draft = {
    .method = "POST",
    .path = "/agreements/new",
    .title = title,
    .help = "Draft it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields,
    .field_count = sizeof fields / sizeof *fields,
    .handle = handle_save,
};

/* The form to draft a sharing agreement, anew or like another, and to change a draft. */
#include "admin_internal.h"
#include "agreement_internal.h"
#include "page_day_internal.h"
#include "routes_internal.h"

#include "access/organisation.h"
#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/text_inputs.h"

static const char title[] = "Draft an agreement";
static const char change_title[] = "Change a draft";
static const char *const parts[TF_PART_COUNT + 1] = {[TF_PART_NONE] = "none",
                                                     [TF_PART_GIVES] = "gives",
                                                     [TF_PART_RECEIVES] = "receives",
                                                     [TF_PART_BOTH] = "both"};

static const tf_day_question first_day = {.name = "starts",
                                          .label = "First day",
                                          .subject = "first day",
                                          .hint = "For example, 31 3 2027"};
static const tf_day_question review_day = {.name = "review",
                                           .label = "Review by",
                                           .subject = "review date",
                                           .hint = "For example, 31 3 2027"};
static const tf_day_question last_day = {
    .name = "ends",
    .label = "Last day",
    .subject = "last day",
    .hint = "Leave it empty where it goes on until a party ends it",
    .may_be_empty = true};

#define PARTY(n)                                                                                   \
    {                                                                                              \
        .name = "party-" #n, .label = "Party", .help = "The number of an organisation.",           \
        .kind = TF_FIELD_INT, .minimum = 1, .maximum = INT64_MAX                                   \
    }
#define PART(n)                                                                                    \
    {                                                                                              \
        .name = "part-" #n, .label = "Part", .help = "What that party does.",                      \
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
#define TO_THIRTY_NINE(field) TO_NINE(field), TEN(field, 1), TEN(field, 2), TEN(field, 3)
#define TO_SIXTY_THREE(field)                                                                      \
    TO_THIRTY_NINE(field), TEN(field, 4), TEN(field, 5), field(60), field(61), field(62), field(63)

#define TEXT(field_name, words, sentence, most)                                                    \
    { .name = (field_name), .label = (words), .help = (sentence), .maximum = (most) }

enum { DEED_SAVE, DEED_MORE, DEED_COUNT };

static const char *const deeds[DEED_COUNT + 1] = {[DEED_SAVE] = "save", [DEED_MORE] = "more"};

/* The first is the draft's that is changed. */
static const tf_field fields[] = {
    {.name = "id",
     .label = "Agreement",
     .help = "The number of the draft.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "like",
     .label = "Like",
     .help = "The number of an agreement whose terms to begin with.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "do",
     .label = "Action",
     .help = "Save it, or show room for another party.",
     .kind = TF_FIELD_CHOICE,
     .choices = deeds,
     .fallback = "save"},
    TEXT("title", "Title", "What it is called.", 200),
    TEXT("basis", "Lawful basis", "A lawful basis of the pack.", 64),
    TEXT("condition", "Condition", "Of UK GDPR Article 9 or 10.", 2000),
    TEXT("assessment", "Impact assessment", "Its reference.", 2000),
    TEXT("retention", "Kept for", "How many days.", 10),
    TF_DAY_FIELDS("starts-day", "starts-month", "starts-year", "First day"),
    TF_DAY_FIELDS("review-day", "review-month", "review-year", "Review by"),
    TF_DAY_FIELDS("ends-day", "ends-month", "ends-year", "Last day"),
    TO_THIRTY_NINE(PARTY),
    TO_THIRTY_NINE(PART),
    TO_SIXTY_THREE(SHARE),
    TO_NINE(PURPOSE),
    TEN(PURPOSE, 1),
    TEN(PURPOSE, 2),
    PURPOSE(30),
    PURPOSE(31),
};

typedef struct draft_visit {
    int64_t id;   /* of the draft that is changed, or was made; 0: none yet */
    int64_t like; /* of the agreement that a new one begins like; 0: none */
    bool fills;   /* the form shows the terms of `id` or `like` */
    tf_organisation *organisations;
    size_t organisation_count;
} draft_visit;

static const tf_access_rules *rules_of(const tf_visit *visit) {
    return tf_pack_access_rules(tf_site_pack(visit->site));
}

static bool is_set(const tf_visit *visit, const char *name, size_t number) {
    const tf_value *value = tf_agreement_numbered(visit, name, number);
    return !value->error && value->number;
}

/* ---- what was sent ---- */

static void read_parties(const tf_visit *visit, tf_agreement_party parties[TF_FORM_PARTIES],
                         tf_agreement_terms *terms) {
    for (size_t i = 0; i < TF_FORM_PARTIES; i++) {
        const tf_value *organisation = tf_agreement_numbered(visit, "party", i);
        const tf_value *part = tf_agreement_numbered(visit, "part", i);
        if (organisation->number > 0) {
            parties[terms->party_count++] = (tf_agreement_party){
                .organisation_id = organisation->number,
                .gives = part->number == TF_PART_GIVES || part->number == TF_PART_BOTH,
                .receives = part->number == TF_PART_RECEIVES || part->number == TF_PART_BOTH,
            };
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
        for (size_t j = 0; category->is_personal && j < count && number < TF_FORM_SHARES; j++) {
            bool is_sent = is_set(visit, "share", number++);
            share.fields |= is_sent ? (category->field_count ? UINT32_C(1) << j : UINT32_MAX) : 0;
        }
        if (share.fields) {
            shares[terms->share_count++] = share;
        }
    }
    terms->shares = shares;
}

/* Fill the form with the terms of the draft, or of what a new one begins like. */
static tf_status fill(tf_visit *visit, const draft_visit *own, tf_error *error) {
    tf_agreement agreement;
    int64_t id = own->id ? own->id : own->like;
    tf_status status =
        tf_agreement_get(visit->access, visit->actor, id, visit->arena, &agreement, error);
    if (!status && own->id && !tf_agreement_may_change(visit->access, visit->actor, &agreement)) {
        status = tf_fail(error, TF_REFUSED, NULL, 0,
                         "your roles do not include changing this agreement; ask the data lead of "
                         "your organisation");
    } else if (!status && own->id && !tf_agreement_is_open(&agreement)) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "only a draft that nobody has signed can be changed; end this agreement "
                         "and draft another");
    }
    if (status) {
        return status;
    }
    if (own->like) {
        agreement.terms = tf_agreement_renewal(&agreement, tf_day_of_instant(tf_instant_now()));
    }
    return tf_agreement_fill(visit, &agreement.terms, error);
}

static tf_status prepare(tf_visit *visit, void *data, tf_error *error) {
    draft_visit *own = data;
    if (!own->id && !tf_agreement_may_draft(visit)) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "your roles do not include drafting agreements; ask the data lead of your "
                       "organisation");
    }
    tf_status status = own->fills ? fill(visit, own, error) : TF_OK;
    return status ? status
                  : tf_organisation_list(visit->access, visit->arena, &own->organisations,
                                         &own->organisation_count, error);
}

static tf_status save(tf_visit *visit, void *data, tf_error *error) {
    draft_visit *own = data;
    const tf_access_rules *rules = rules_of(visit);
    tf_agreement_party parties[TF_FORM_PARTIES];
    tf_agreement_share shares[TF_MOST_CATEGORIES];
    tf_agreement_terms terms = {
        .title = tf_page_sent(visit, "title"),
        .lawful_basis = tf_access_lawful_basis(rules, tf_page_sent(visit, "basis")),
        .condition = tf_page_sent(visit, "condition"),
        .assessment = tf_page_sent(visit, "assessment"),
        .ends_on = TF_DAY_FOREVER,
    };
    tf_status status = tf_page_day_read(visit, &first_day, TF_DAY_NONE, &terms.starts_on, error);
    if (!status) {
        status = tf_page_day_read(visit, &review_day, TF_DAY_NONE, &terms.review_on, error);
    }
    if (!status) {
        status = tf_page_day_read(visit, &last_day, TF_DAY_FOREVER, &terms.ends_on, error);
    }
    if (status) {
        return status;
    }
    tf_text days = tf_text_trim(tf_form_value(&visit->request->form, "retention")->text);
    if (!tf_parse_int64(days, &terms.retention_days)) {
        terms.retention_days = 0; /* refused with the words for any number that will not do */
    }
    for (size_t i = 0; i < rules->purpose_count && i < TF_FORM_PURPOSES; i++) {
        terms.purposes |= is_set(visit, "purpose", i) ? UINT64_C(1) << i : 0;
    }
    read_parties(visit, parties, &terms);
    read_shares(visit, shares, &terms);
    return own->id ? tf_agreement_change(visit->access, visit->actor, own->id, &terms, error)
                   : tf_agreement_create(visit->access, visit->actor, &terms, &own->id, error);
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

static bool wants_more(const tf_visit *visit) {
    return tf_form_value(&visit->request->form, "do")->number == DEED_MORE;
}

/* How many parties there is room for: the two that there are at least, those that were there, and
 * another where it was asked for. */
static size_t slots_of(const tf_visit *visit) {
    enum { LEAST_PARTIES = 2 };
    size_t slots = LEAST_PARTIES;
    for (size_t i = LEAST_PARTIES; i < TF_FORM_PARTIES; i++) {
        slots = tf_agreement_numbered(visit, "party", i)->is_given ? i + 1 : slots;
    }
    slots += wants_more(visit);
    return slots < TF_FORM_PARTIES ? slots : TF_FORM_PARTIES;
}

static void write_party(tf_visit *visit, size_t slot, const tf_select_item *items, size_t count) {
    static const tf_select_item what[TF_PART_COUNT] = {
        [TF_PART_NONE] = {.text = "Choose one", .value = "none"},
        [TF_PART_GIVES] = {.text = "Gives", .value = "gives"},
        [TF_PART_RECEIVES] = {.text = "Receives", .value = "receives"},
        [TF_PART_BOTH] = {.text = "Gives and receives", .value = "both"}};
    const tf_value *party = tf_agreement_numbered(visit, "party", slot);
    const tf_value *part = tf_agreement_numbered(visit, "part", slot);
    tf_govuk_select(&visit->html,
                    &(tf_select){.name = tf_page_format(visit, "party-%zu", slot),
                                 .items = items,
                                 .count = count,
                                 .value = tf_page_format(visit, "%.*s", TF_TEXT_ARG(party->text)),
                                 .label.content.text = tf_page_format(visit, "Party %zu", slot + 1),
                                 .error_message.content.text = party->error});
    tf_govuk_select(&visit->html,
                    &(tf_select){.name = tf_page_format(visit, "part-%zu", slot),
                                 .items = what,
                                 .count = TF_PART_COUNT,
                                 .value = part->error ? "none" : what[part->number].value,
                                 .label.content.text = tf_page_format(
                                     visit, "Whether party %zu gives or receives", slot + 1)});
}

static void write_parties(tf_visit *visit, const draft_visit *own) {
    tf_select_item *items =
        tf_arena_alloc(visit->arena, own->organisation_count + 1, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    items[0] = (tf_select_item){.text = "Nobody", .value = ""};
    for (size_t i = 0; i < own->organisation_count; i++) {
        items[i + 1] = (tf_select_item){
            .text = own->organisations[i].name,
            .value = tf_page_format(visit, "%lld", (long long)own->organisations[i].id)};
    }
    tf_page_heading(visit, "parties", "Parties");
    size_t slots = slots_of(visit);
    for (size_t i = 0; i < slots; i++) {
        write_party(visit, i, items, own->organisation_count + 1);
    }
    if (slots < TF_FORM_PARTIES) {
        tf_govuk_button(&visit->html, &(tf_button){.content.text = "Add another party",
                                                   .name = "do",
                                                   .value = deeds[DEED_MORE],
                                                   .classes = "govuk-button--secondary"});
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
        for (; category->is_personal && offered < count && number < TF_FORM_SHARES; offered++) {
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
    tf_choice items[TF_FORM_PURPOSES] = {{.value = NULL}};
    size_t count = 0;
    for (; count < rules->purpose_count && count < TF_FORM_PURPOSES; count++) {
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

static const char *address_of(tf_visit *visit, const draft_visit *own) {
    return own->id ? tf_page_format(visit, "/agreements/%lld/change", (long long)own->id)
                   : "/agreements/new";
}

/* Enter in a field presses a form's first button, which must not be the one for another party. */
static void write_what_enter_does(tf_html *html) {
    tf_html_open(html, "button");
    tf_html_attribute(html, "class", "govuk-visually-hidden");
    tf_html_attribute(html, "name", "do");
    tf_html_attribute(html, "value", deeds[DEED_SAVE]);
    tf_html_attribute(html, "tabindex", "-1");
    tf_html_attribute(html, "aria-hidden", "true");
    tf_html_text(html, "Save the draft");
    tf_html_close(html, "button");
}

static void write_fields(tf_visit *visit, const draft_visit *own, const tf_admin_problem *problem) {
    static const char wide[] = "govuk-!-width-two-thirds";
    tf_page_form_begin(visit, address_of(visit, own));
    write_what_enter_does(&visit->html);
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
    tf_page_day_write(visit, &first_day, problem->sentence, problem->id);
    tf_page_day_write(visit, &review_day, problem->sentence, problem->id);
    tf_page_day_write(visit, &last_day, problem->sentence, problem->id);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Save the draft",
                                               .name = "do",
                                               .value = deeds[DEED_SAVE],
                                               .prevents_double_click = TF_YES});
    tf_page_form_end(visit);
}

static tf_status write_page(tf_visit *visit, draft_visit *own, const tf_admin_problem *problem,
                            tf_error *error) {
    tf_status status = tf_visit_at_access(visit, prepare, own, error);
    if (status) {
        return status;
    }
    const char *heading = own->id ? change_title : title;
    const char *crumb = tf_page_format(visit, "Agreement %lld", (long long)own->id);
    const char *crumb_address = tf_page_format(visit, "/agreements/%lld", (long long)own->id);
    tf_page_begin(visit, &(tf_page_head){.title = heading,
                                         .section = "/agreements",
                                         .crumbs = {{"Sharing agreements", "/agreements"},
                                                    {own->id ? crumb : NULL, crumb_address}},
                                         .has_errors = visit->response->status == 400});
    if (problem->sentence) {
        tf_page_error(visit, problem->sentence, problem->id);
    } else if (visit->response->status == 400) {
        tf_page_error_summary(visit, &visit->request->form);
    }
    tf_page_title(visit, NULL, heading);
    tf_page_paragraph(visit, "It is in force when each party has signed it. Until somebody has "
                             "signed, it can be changed.");
    write_fields(visit, own, problem);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status show(tf_visit *visit, draft_visit *own, tf_error *error) {
    own->fills = own->id || own->like;
    return write_page(visit, own, &(tf_admin_problem){0}, error);
}

static tf_status store(tf_visit *visit, draft_visit *own, tf_error *error) {
    const tf_form *form = &visit->request->form;
    tf_admin_problem problem = {0};
    tf_error fault;
    if (form->error_count) {
        visit->response->status = 400;
        return write_page(visit, own, &problem, error);
    }
    if (wants_more(visit)) {
        return write_page(visit, own, &problem, error);
    }
    const char *done = own->id ? "changed" : "drafted";
    tf_status status = tf_visit_at_access(visit, save, own, &fault);
    if (!status) {
        tf_response_redirect(visit->response, tf_page_format(visit, "/agreements/%lld?done=%s",
                                                             (long long)own->id, done));
        return TF_OK;
    }
    if (!tf_admin_takes_fault(visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    /* Terms that contradict each other are told of a day, and a link leads to its first box. */
    if (strcmp(problem.id, review_day.name) == 0 || strcmp(problem.id, last_day.name) == 0) {
        problem.id = tf_page_format(visit, "%s-day", problem.id);
    }
    return write_page(visit, own, &problem, error);
}

static tf_status handle_new(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    draft_visit own = {.like = tf_form_value(&request->form, "like")->number};
    return show(&visit, &own, error);
}

static tf_status handle_draft(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    return store(&visit, &(draft_visit){.id = 0}, error);
}

static tf_status handle_change_form(void *context, const tf_request *request, tf_response *response,
                                    tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    draft_visit own = {.id = tf_form_value(&request->form, "id")->number};
    return show(&visit, &own, error);
}

static tf_status handle_change(void *context, const tf_request *request, tf_response *response,
                               tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    draft_visit own = {.id = tf_form_value(&request->form, "id")->number};
    return store(&visit, &own, error);
}

/* ---- routes ---- */

const tf_route tf_route_agreement_new = {
    .method = "GET",
    .path = "/agreements/new",
    .title = title,
    .help = "The form for a new one, or for one like another.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = fields + 1,
    .field_count = sizeof fields / sizeof *fields - 1,
    .handle = handle_new,
};

const tf_route tf_route_agreement_draft = {
    .method = "POST",
    .path = "/agreements/new",
    .title = title,
    .help = "Draft it.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields + 1,
    .field_count = sizeof fields / sizeof *fields - 1,
    .handle = handle_draft,
};

const tf_route tf_route_agreement_change = {
    .method = "GET",
    .path = "/agreements/{id}/change",
    .title = change_title,
    .help = "The form with the terms of a draft.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .fields = fields,
    .field_count = sizeof fields / sizeof *fields,
    .handle = handle_change_form,
};

const tf_route tf_route_agreement_change_send = {
    .method = "POST",
    .path = "/agreements/{id}/change",
    .title = change_title,
    .help = "Change a draft that nobody has signed.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields,
    .field_count = sizeof fields / sizeof *fields,
    .handle = handle_change,
};

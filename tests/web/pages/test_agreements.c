/* Sharing agreements and emergencies in the browser. */
#include "partnership.h"

#include "web/pages/agreement_internal.h"

/* The police, whose reports the council receives under a draft, are organisation 2. */
static int64_t draft(partnership *own, const char *title) {
    tf_error error;
    int64_t police = 2, id = 0;
    tf_organisation organisation = {.name = "Larkenshire Police",
                                    .kind = "police-force",
                                    .contact = "data desk",
                                    .started_on = TF_DAY_NONE,
                                    .ended_on = TF_DAY_NONE};
    tf_organisation found;
    tf_arena *arena = tf_arena_new();
    if (tf_organisation_get(own->access, police, arena, &found, &error)) {
        assert_ok(tf_organisation_add(own->access, &own->operator, & organisation, &police, &error),
                  &error);
    }
    tf_arena_free(arena);
    const tf_access_rules *rules = tf_access_get_rules(own->access);
    const tf_agreement_party parties[] = {
        {.organisation_id = own->organisation_id, .receives = true},
        {.organisation_id = police, .gives = true},
    };
    const tf_agreement_share share = {.category = tf_access_category(rules, "concern"),
                                      .fields = 3};
    int32_t today = (int32_t)(tf_instant_now() / INT64_C(86400000000));
    const tf_agreement_terms terms = {
        .title = title,
        .lawful_basis = tf_access_lawful_basis(rules, "public-task"),
        .condition = "Article 9(2)(g) & more",
        .assessment = "DPIA-2026-14",
        .retention_days = 365,
        .starts_on = today,
        .review_on = today,
        .ends_on = TF_DAY_FOREVER,
        .purposes = UINT64_C(1) << tf_access_purpose(rules, "safeguard"),
        .shares = &share,
        .share_count = 1,
        .parties = parties,
        .party_count = 2,
    };
    assert_ok(tf_agreement_create(own->access, &own->operator, & terms, &id, &error), &error);
    return id;
}

static void an_agreement_is_read_signed_and_ended(void **state) {
    browser lea = {.home = *state};
    app codes;
    tf_error error;
    partnership *home = *state;
    join(&lea, &codes, invite(home, "Lea Marsh", "lea@example.org", "data-lead"));
    assert_int_equal(look(&lea, "/agreements"), 200);
    assert_true(says(&lea, "There is no agreement yet."));
    int64_t id = draft(home, "Children <at> risk");
    assert_int_equal(look(&lea, "/agreements"), 200);
    assert_true(says(&lea, "Children &lt;at&gt; risk"));
    assert_true(says(&lea, "Larkenshire Council, Larkenshire Police"));
    assert_int_equal(look(&lea, "/agreements/1"), 200);
    assert_true(says(&lea, "What is happening; Where"));
    assert_true(says(&lea, "To protect children and adults at risk"));
    assert_true(says(&lea, "UK GDPR Article 6(1)(e): a public task"));
    assert_true(says(&lea, "Article 9(2)(g) &amp; more"));
    assert_true(says(&lea, "You sign as Lea Marsh"));
    assert_int_equal(send_form(&lea, "/agreements/1/sign", ""), 200);
    assert_true(says(&lea, "Do you want to sign for your organisation?"));
    assert_int_equal(send_form(&lea, "/agreements/1/sign", "sure=1"), 400); /* of what? */
    assert_int_equal(send_form(&lea, "/agreements/1/sign", "sure=1&revision=2"), 400);
    assert_true(says(&lea, "changed since you read them"));
    assert_int_equal(send_form(&lea, "/agreements/1/sign", "revision=1"), 200);
    assert_true(says(&lea, "name=\"revision\" value=\"1\""));
    assert_int_equal(send_form(&lea, "/agreements/1/sign", "sure=1&revision=1"), 303);
    assert_true(leads_done(&lea, "/agreements/1", "signed"));
    look(&lea, "/agreements/1");
    assert_false(says(&lea, "You sign as"));
    assert_true(says(&lea, "Nobody yet"));
    assert_int_equal(send_form(&lea, "/agreements/1/sign", "sure=1"), 400);
    assert_true(says(&lea, "has signed agreement 1 already"));
    assert_ok(tf_agreement_sign(home->access, &home->operator, id, 2, "Sam Lee", 0, &error),
              &error);
    look(&lea, "/agreements/1");
    assert_true(says(&lea, "In force"));
    assert_true(says(&lea, "Review due"));
    assert_true(says(&lea, "Sam Lee"));
    assert_int_equal(send_form(&lea, "/agreements/1/end", "reason=+"), 400);
    assert_true(says(&lea, "href=\"#reason\""));
    assert_int_equal(send_form(&lea, "/agreements/1/end", "reason=The+project+is+over."), 200);
    assert_true(says(&lea, "Do you want to end this agreement?"));
    assert_true(says(&lea, "name=\"reason\" value=\"The project is over.\""));
    assert_int_equal(send_form(&lea, "/agreements/1/end", "sure=1&reason=+"), 400);
    look(&lea, "/agreements/1");
    assert_true(says(&lea, "In force"));
    assert_true(says(&lea, "When a party ends it"));
    assert_true(says(&lea, "Review by"));
    assert_int_equal(send_form(&lea, "/agreements/1/end", "sure=1&reason=The+project+is+over."),
                     303);
    look(&lea, "/agreements/1");
    assert_true(says(&lea, "by Lea Marsh: The project is over."));
    assert_false(says(&lea, "End the agreement"));
    assert_false(says(&lea, "When a party ends it"));
    assert_false(says(&lea, "Review by"));
    assert_int_equal(send_form(&lea, "/agreements/1/end", "reason=Again."), 400);
    assert_int_equal(look(&lea, "/agreements/2"), 404);
    browser_close(&lea);
}

static void who_only_reads_agreements_is_offered_no_more(void **state) {
    browser nobody = {.home = *state};
    browser bea = {.home = *state};
    app codes;
    (void)draft(*state, "Children at risk");
    assert_int_equal(look(&nobody, "/agreements"), 303);
    assert_int_equal(look(&nobody, "/agreements/1"), 303);
    join(&bea, &codes, invite(*state, "Bea Holt", "bea@example.org", "practitioner"));
    assert_int_equal(look(&bea, "/agreements/1"), 200);
    assert_false(says(&bea, "You sign as"));
    assert_false(says(&bea, "End the agreement"));
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/agreements/1/sign", "sure=1"), 403);
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/agreements/1/end", "reason=Mine."), 403);
    assert_int_equal(look(&bea, "/admin/emergency-access"), 403);
    browser_close(&bea);
    browser_close(&nobody);
}

static void an_agreement_is_drafted(void **state) {
    browser lea = {.home = *state};
    browser bea = {.home = *state};
    app codes;
    partnership *home = *state;
    (void)draft(home, "Children at risk");
    join(&lea, &codes, invite(home, "Lea Marsh", "lea@example.org", "data-lead"));
    assert_int_equal(look(&lea, "/agreements"), 200);
    assert_true(says(&lea, "href=\"/agreements/new\""));
    assert_int_equal(look(&lea, "/agreements/new"), 200);
    assert_false(says(&lea, "There is a problem"));
    assert_true(says(&lea, "Larkenshire Police"));
    assert_true(says(&lea, "Reports of concern"));
    assert_false(says(&lea, "Backups"));
#define DAY(name, day, month, year)                                                                \
    "&" name "-day=" #day "&" name "-month=" #month "&" name "-year=" #year
#define STARTS DAY("starts", 1, 1, 2027)
#define DAYS   STARTS DAY("review", 1, 6, 2027) DAY("ends", 31, 12, 2027)
#define REST   "&basis=public-task&assessment=DPIA-2&retention=90" DAYS
    static const char *const faults[][3] = {
        {"", "#starts-day", "Enter the first day"},
        {STARTS, "#review-day", "Enter the review date"},
        {STARTS "&review-day=soon", "#review-month", "Review date must include a month and year"},
        {STARTS "&review-month=6&review-year=2027", "#review-day", "must include a day"},
        {STARTS DAY("review", soon, 6, 2027), "#review-day", "must be a real date"},
        {STARTS DAY("review", 1, 6, 27), "#review-year", "must include 4 numbers"},
        {STARTS DAY("review", 1, 6, 2027) DAY("ends", 30, 2, 2027), "#ends-day",
         "Last day must be a real date"},
        {STARTS DAY("review", 1, 6, 2027) "&ends-year=+", "#title", "a title"},
        {"title=T" DAYS, "#basis", "lawful basis"},
        {"title=T&basis=public-task" DAYS, "#assessment", "impact assessment"},
        {"title=T&basis=public-task&assessment=D" DAYS, "#purposes", "shared for"},
        {"title=T&purpose-1=1&basis=public-task&assessment=D&retention=x&share-0=1" DAYS,
         "#retention", "how many days"},
        {"title=T&purpose-1=1&share-0=1&basis=public-task&assessment=D&retention=90" STARTS DAY(
             "review", 31, 12, 2026),
         "#review-day", "reviewed after it starts"},
        {"title=T&purpose-1=1" REST, "#data", "which categories"},
        {"title=T&purpose-1=1&share-0=1" REST, "#parties", "between one organisation"},
        {"title=T&purpose-1=1&share-0=1&party-0=1&part-0=receives&party-9=2" REST, "#parties",
         "gives, receives, or both"},
        {"title=T&purpose-1=1&share-0=1&party-0=1&part-0=receives&party-1=2&part-1=gives" REST,
         "#condition", "Article 9"},
    };
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        char link[40];
        snprintf(link, sizeof link, "href=\"%s\"", faults[i][1]);
        if (send_form(&lea, "/agreements/new", faults[i][0]) != 400 || !says(&lea, link) ||
            !says(&lea, faults[i][2])) {
            fail_msg("%s: %d, not 400 with %s and \"%s\"", faults[i][0], lea.page.status, link,
                     faults[i][2]);
        }
        /* There is something for the link to lead to. */
        snprintf(link, sizeof link, "id=\"%s\"", faults[i][1] + 1);
        assert_true(says(&lea, link));
    }
    assert_true(says(&lea, "value=\"receives\" selected"));
    assert_int_equal(send_form(&lea, "/agreements/new",
                               "title=Second&purpose-1=1&share-0=1&share-2=1&share-28=1"
                               "&purpose-5=1&party-0=1&part-0=receives&party-7=2&part-7=both"
                               "&condition=Art+10" REST),
                     303);
    assert_true(leads_done(&lea, "/agreements/2", "drafted"));
    look(&lea, "/agreements/2");
    assert_true(says(&lea, "What is happening; When<"));
    assert_true(says(&lea, "The record of who did what<"));
    assert_true(says(&lea, "Gives and receives"));
    assert_true(says(&lea, "90 days"));
    assert_true(says(&lea, "31 December 2027"));
    join(&bea, &codes, invite(home, "Bea Holt", "bea@example.org", "practitioner"));
    assert_int_equal(look(&bea, "/agreements"), 200);
    assert_false(says(&bea, "href=\"/agreements/new\""));
    assert_int_equal(look(&bea, "/agreements/new"), 403);
    browser_close(&bea);
    browser_close(&lea);
}

static int64_t entries_of(partnership *home, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(home->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t number = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return number;
}

static void a_draft_is_changed_until_it_is_signed(void **state) {
    browser lea = {.home = *state};
    browser bea = {.home = *state};
    app codes;
    tf_error error;
    partnership *home = *state;
    int64_t id = draft(home, "Children <at> risk");
    join(&lea, &codes, invite(home, "Lea Marsh", "lea@example.org", "data-lead"));
    join(&bea, &codes, invite(home, "Bea Holt", "bea@example.org", "practitioner"));
    look(&bea, "/agreements/1");
    assert_false(says(&bea, "/agreements/1/change"));
    assert_int_equal(look(&bea, "/agreements/1/change"), 403);
    assert_int_equal(look(&lea, "/agreements/1"), 200);
    assert_true(says(&lea, "href=\"/agreements/1/change\""));
    assert_int_equal(look(&lea, "/agreements/1/change"), 200);
    /* The form says what the draft says. */
    assert_true(says(&lea, "value=\"Children &lt;at&gt; risk\""));
    assert_true(says(&lea, "value=\"Article 9(2)(g) &amp; more\""));
    assert_true(says(&lea, "value=\"365\""));
    assert_true(says(&lea, "<option value=\"2\" selected>Larkenshire Police"));
    assert_true(says(&lea, "<option value=\"gives\" selected>"));
    assert_true(says(&lea, "<option value=\"public-task\" selected>"));
    /* Room for another party keeps what was typed, and stores nothing. */
    assert_true(says(&lea, "Party 2"));
    assert_false(says(&lea, "Party 3"));
    assert_int_equal(send_form(&lea, "/agreements/1/change",
                               "do=more&title=Typed&party-0=2&party-1=1&starts-day=7"),
                     200);
    assert_true(says(&lea, "Party 3"));
    assert_false(says(&lea, "Party 4"));
    assert_true(says(&lea, "value=\"Typed\""));
    assert_true(says(&lea, "id=\"starts-day\" name=\"starts-day\" type=\"text\" value=\"7\""));
    assert_int_equal(send_form(&lea, "/agreements/1/change", "do=more&title=T&party-2=1"), 200);
    assert_true(says(&lea, "Party 4"));
    assert_false(says(&lea, "Party 5"));
    assert_int_equal(send_form(&lea, "/agreements/1/change", "title=" DAYS), 400);
    assert_int_equal(send_form(&lea, "/agreements/1/change",
                               "title=Changed&purpose-1=1&share-0=1&party-0=1&part-0=both"
                               "&party-1=2&part-1=gives&condition=Art+10" REST),
                     303);
    assert_true(leads_to(&lea, "/agreements/1?done=changed"));
    look(&lea, "/agreements/1?done=changed");
    assert_true(says(&lea, "The draft is changed"));
    assert_true(says(&lea, "Changed"));
    assert_true(says(&lea, "90 days"));
    assert_ok(tf_agreement_sign(home->access, &home->operator, id, 2, "Sam Lee", 0, &error),
              &error);
    look(&lea, "/agreements/1");
    assert_false(says(&lea, "/agreements/1/change"));
    assert_int_equal(look(&lea, "/agreements/1/change"), 400);
    /* One like it begins with its terms, and is another. */
    assert_int_equal(look(&lea, "/agreements/new?like=1"), 200);
    assert_true(says(&lea, "value=\"Changed\""));
    /* From the day after its last. */
    assert_true(says(&lea, "name=\"starts-year\" type=\"text\" value=\"2028\""));
    assert_true(says(&lea, "name=\"starts-month\" type=\"text\" value=\"1\""));
    assert_int_equal(look(&lea, "/agreements/new?like=77"), 404);
    assert_int_equal(entries_of(home, "SELECT count(*) FROM agreement"), 1);
    browser_close(&bea);
    browser_close(&lea);
}

static void terms_that_no_form_holds_are_not_cut(void **state) {
    (void)state;
    /* 30, 30 and 5 fields, and a category without, which are numbered in this order. */
    static const tf_category categories[] = {{.is_personal = true, .field_count = 30},
                                             {.is_personal = false, .field_count = 9},
                                             {.is_personal = true, .field_count = 30},
                                             {.is_personal = true, .field_count = 4},
                                             {.is_personal = true}};
    static const tf_access_rules rules = {.categories = categories,
                                          .category_count = COUNT_OF(categories)};
    tf_agreement_share shares[] = {{.category = 2, .fields = 1}, {.category = 3, .fields = 1}};
    tf_agreement_terms terms = {
        .purposes = UINT32_MAX, .party_count = TF_FORM_PARTIES, .shares = shares, .share_count = 2};
    assert_true(tf_agreement_fits_form(&rules, &terms));
    terms.purposes = UINT64_C(1) << TF_FORM_PURPOSES;
    assert_false(tf_agreement_fits_form(&rules, &terms));
    terms.purposes = 1;
    terms.party_count++;
    assert_false(tf_agreement_fits_form(&rules, &terms));
    terms.party_count = 2;
    shares[1].category = 4;
    assert_false(tf_agreement_fits_form(&rules, &terms));
}

static void what_needs_attention_stands_first(void **state) {
    browser lea = {.home = *state};
    app codes;
    tf_error error;
    partnership *home = *state;
    int64_t first = draft(home, "Reviewed already");
    (void)draft(home, "Not signed yet");
    join(&lea, &codes, invite(home, "Lea Marsh", "lea@example.org", "data-lead"));
    for (int64_t party = 1; party <= 2; party++) {
        assert_ok(tf_agreement_sign(home->access, &home->operator, first, party, "X", 0, &error),
                  &error);
    }
    look(&lea, "/agreements");
    assert_true(strstr(lea.page.body, "Not signed yet") <
                strstr(lea.page.body, "Reviewed already"));
    assert_true(says(&lea, "for you to sign"));
    assert_false(says(&lea, "ends soon"));
    assert_ok(tf_db_execute(home->db, "UPDATE agreement SET ends_on = review_on + 59 WHERE id = 1",
                            &error),
              &error);
    look(&lea, "/agreements");
    assert_true(says(&lea, "ends soon"));
    browser_close(&lea);
}

static void read_in_an_emergency(partnership *own, int64_t account_id) {
    const tf_access_rules *rules = tf_access_get_rules(own->access);
    tf_error error;
    tf_actor officer = {.account_id = account_id,
                        .organisation_id = 2,
                        .roles = UINT32_C(1) << tf_access_role(rules, "intake-officer"),
                        .name = "Kim Brook"};
    tf_object object = {
        .category = tf_access_category(rules, "concern"), .id = 5, .organisation_id = 1};
    tf_intent intent = {.purpose = tf_access_purpose(rules, "safeguard"),
                        .justification = "A child is in danger tonight."};
    tf_status status = tf_access_begin(own->access, &error);
    if (!status) {
        status = tf_access_enter(own->access, &officer, TF_ACTION_CONSULT, &object, &intent, NULL,
                                 NULL, &error);
    }
    assert_ok(tf_access_end(own->access, status, &error), &error);
}

static int64_t last_entry(const partnership *own) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(own->db, "SELECT max(id) FROM audit_entry WHERE outcome = 'emergency'",
                            &statement, &error),
              &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t id = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return id;
}

static void an_emergency_is_reviewed(void **state) {
    browser uma = {.home = *state};
    app codes;
    char path[80];
    partnership *home = *state;
    (void)draft(home, "Children at risk");
    join(&uma, &codes, invite(home, "Uma Field", "uma@example.org", "auditor"));
    assert_int_equal(look(&uma, "/admin"), 200);
    assert_true(says(&uma, "href=\"/admin/emergency-access\""));
    assert_int_equal(look(&uma, "/admin/emergency-access"), 200);
    assert_true(says(&uma, "href=\"/admin\""));
    assert_true(says(&uma, "Nothing waits"));
    tf_error error;
    assert_ok(tf_db_execute(home->db,
                            "INSERT INTO response (id, form, version, category, organisation_id, "
                            "received_at, urgency, urgency_title, retention_days, state) "
                            "VALUES (5, 'x', 1, 'concern', 1, 0, 1, 'x', 1, 'new')",
                            &error),
              &error);
    read_in_an_emergency(home, 77);
    snprintf(path, sizeof path, "/admin/emergency-access/%lld", (long long)last_entry(home));
    assert_int_equal(look(&uma, "/admin/emergency-access"), 200);
    assert_true(says(&uma, path));
    assert_true(says(&uma, "A child is in danger tonight."));
    assert_true(says(&uma, "Reports of concern, number 5, of Larkenshire Council"));
    assert_int_equal(look(&uma, path), 200);
    assert_false(says(&uma, "There is a problem"));
    assert_int_equal(send_form(&uma, path, "finding=It+could+wait."), 400);
    assert_true(says(&uma, "href=\"#verdict\""));
    assert_true(says(&uma, "It could wait."));
    assert_int_equal(send_form(&uma, path, "verdict=wrong&finding="), 400);
    assert_true(says(&uma, "href=\"#finding\""));
    assert_int_equal(send_form(&uma, path, "verdict=wrong&finding=It+could+wait."), 303);
    assert_true(leads_done(&uma, "/admin/emergency-access", "reviewed"));
    assert_int_equal(look(&uma, "/admin/emergency-access"), 200);
    assert_true(says(&uma, "Nothing waits"));
    assert_int_equal(look(&uma, path), 404);
    /* The owner's data lead is told too, and may say. */
    browser dora = {.home = home};
    join(&dora, &codes, invite(home, "Dora Lake", "dora@example.org", "data-lead"));
    read_in_an_emergency(home, 77);
    snprintf(path, sizeof path, "/admin/emergency-access/%lld", (long long)last_entry(home));
    assert_int_equal(look(&dora, "/admin/emergency-access"), 200);
    assert_true(says(&dora, path));
    assert_true(says(&dora, "Kim Brook, "));
    assert_int_equal(send_form(&dora, path, "verdict=right&finding=Fine."), 303);
    /* One's own is for somebody else. */
    read_in_an_emergency(home, 1);
    snprintf(path, sizeof path, "/admin/emergency-access/%lld", (long long)last_entry(home));
    assert_int_equal(look(&uma, path), 200);
    assert_true(says(&uma, "somebody else has to review it"));
    assert_int_equal(send_form(&uma, path, "verdict=right&finding=Fine."), 403);
    browser_close(&dora);
    browser_close(&uma);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(an_agreement_is_read_signed_and_ended),
        partnership_test(who_only_reads_agreements_is_offered_no_more),
        partnership_test(an_agreement_is_drafted),
        partnership_test(a_draft_is_changed_until_it_is_signed),
        cmocka_unit_test(terms_that_no_form_holds_are_not_cut),
        partnership_test(what_needs_attention_stands_first),
        partnership_test(an_emergency_is_reviewed),
    };
    return cmocka_run_group_tests_name("web-pages-agreements", tests, NULL, NULL);
}

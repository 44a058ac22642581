#include "scene.h"

#include "trefoil/base/date.h"

static int32_t today(void) {
    return (int32_t)(tf_instant_now() / (INT64_C(24) * 3600 * 1000000));
}

/* The police give the council what and where of reports, to safeguard; in force when signed. */
static tf_agreement_terms example(const access_scene *scene) {
    static const tf_agreement_party parties[] = {
        {.organisation_id = POLICE, .gives = true},
        {.organisation_id = COUNCIL, .receives = true},
    };
    static tf_agreement_share share;
    share =
        (tf_agreement_share){.category = tf_access_category(scene->rules, "concern"), .fields = 3};
    return (tf_agreement_terms){
        .title = "Children at risk",
        .lawful_basis = tf_access_lawful_basis(scene->rules, "public-task"),
        .condition = "Article 9(2)(g), safeguarding of children",
        .assessment = "DPIA-2026-14",
        .retention_days = 365,
        .starts_on = today(),
        .review_on = today() + 300,
        .ends_on = TF_DAY_FOREVER,
        .purposes = UINT64_C(1) << tf_access_purpose(scene->rules, "safeguard"),
        .shares = &share,
        .share_count = 1,
        .parties = parties,
        .party_count = 2,
    };
}

static int64_t create(const access_scene *scene, const tf_actor *actor,
                      const tf_agreement_terms *terms) {
    tf_error error;
    int64_t id = 0;
    assert_ok(tf_agreement_create(scene->access, actor, terms, &id, &error), &error);
    return id;
}

static void sign(const access_scene *scene, const tf_actor *actor, int64_t id, int64_t party) {
    tf_error error;
    assert_ok(tf_agreement_sign(scene->access, actor, id, party, NULL, 0, &error), &error);
}

static tf_agreement_state state_of(const access_scene *scene, const tf_actor *actor, int64_t id) {
    tf_error error;
    tf_arena *arena = tf_arena_new();
    tf_agreement agreement;
    assert_ok(tf_agreement_get(scene->access, actor, id, arena, &agreement, &error), &error);
    tf_agreement_state state = agreement.state;
    tf_arena_free(arena);
    return state;
}

/* What an intake officer of the council sees of the police's reports. */
static tf_decision ask(const access_scene *scene, const char *purpose) {
    tf_actor officer = actor_of(scene, 9, COUNCIL, "intake-officer");
    tf_object object = {.category = tf_access_category(scene->rules, "concern"),
                        .id = 5,
                        .organisation_id = POLICE};
    tf_intent intent = {.purpose = tf_access_purpose(scene->rules, purpose)};
    return tf_access_ask(scene->access, &officer, TF_ACTION_CONSULT, &object, &intent);
}

static void an_agreement_is_in_force_when_every_party_has_signed(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &police, &terms);
    assert_int_equal(state_of(&scene, &police, id), TF_AGREEMENT_DRAFT);
    sign(&scene, &police, id, POLICE);
    assert_int_equal(state_of(&scene, &police, id), TF_AGREEMENT_DRAFT);
    assert_int_equal(ask(&scene, "safeguard").reason, TF_REASON_NO_AGREEMENT);
    sign(&scene, &council, id, COUNCIL);
    assert_int_equal(state_of(&scene, &police, id), TF_AGREEMENT_IN_FORCE);
    tf_decision decision = ask(&scene, "safeguard");
    assert_true(decision.is_allowed);
    assert_int_equal(decision.reason, TF_REASON_AGREEMENT);
    assert_int_equal(decision.agreement_id, id);
    assert_int_equal(decision.fields, 3);
    assert_int_equal(ask(&scene, "prevent-crime").reason, TF_REASON_OUTSIDE_PURPOSE);
    close_access_scene(&scene);
}

static void a_party_ends_it_at_once(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    tf_actor school = actor_of(&scene, 3, SCHOOL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &police, &terms);
    sign(&scene, &police, id, POLICE);
    sign(&scene, &council, id, COUNCIL);
    assert_true(ask(&scene, "safeguard").is_allowed);
    assert_int_equal(tf_agreement_end(scene.access, &school, id, "Not ours.", &error), TF_REFUSED);
    assert_int_equal(tf_agreement_end(scene.access, &council, id, "  ", &error), TF_BAD_INPUT);
    assert_true(ask(&scene, "safeguard").is_allowed);
    assert_ok(tf_agreement_end(scene.access, &council, id, "The project is over.", &error), &error);
    assert_int_equal(ask(&scene, "safeguard").reason, TF_REASON_NO_AGREEMENT);
    assert_int_equal(state_of(&scene, &police, id), TF_AGREEMENT_ENDED);
    assert_int_equal(tf_agreement_end(scene.access, &council, id, "Again.", &error), TF_BAD_INPUT);
    close_access_scene(&scene);
}

static void only_the_own_organisation_is_signed_for(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor practitioner = actor_of(&scene, 4, COUNCIL, "practitioner");
    tf_actor administrator = actor_of(&scene, 5, COUNCIL, "administrator");
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor at_machine = tf_actor_operator(name);
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &police, &terms);
    assert_int_equal(tf_agreement_sign(scene.access, &police, id, COUNCIL, NULL, 0, &error),
                     TF_REFUSED);
    assert_int_equal(tf_agreement_sign(scene.access, &practitioner, id, COUNCIL, NULL, 0, &error),
                     TF_REFUSED);
    assert_int_equal(tf_agreement_sign(scene.access, &administrator, id, COUNCIL, NULL, 0, &error),
                     TF_REFUSED);
    assert_int_equal(tf_agreement_sign(scene.access, &at_machine, id, SCHOOL, "A", 0, &error),
                     TF_BAD_INPUT);
    assert_ok(tf_agreement_sign(scene.access, &at_machine, id, COUNCIL, "Jo Marsh", 0, &error),
              &error);
    assert_int_equal(
        tf_agreement_sign(scene.access, &at_machine, id, COUNCIL, "Jo Marsh", 0, &error),
        TF_BAD_INPUT);
    assert_int_equal(tf_agreement_sign(scene.access, &police, 77, POLICE, NULL, 0, &error),
                     TF_NOT_FOUND);
    static const char *const nobodies[] = {"", "  ", "\xFF"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(
            tf_agreement_sign(scene.access, &at_machine, id, POLICE, nobodies[i], 0, &error),
            TF_BAD_INPUT);
    }
    char long_name[202];
    memset(long_name, 'x', 201);
    long_name[201] = '\0';
    assert_int_equal(tf_agreement_sign(scene.access, &at_machine, id, POLICE, long_name, 0, &error),
                     TF_BAD_INPUT);
    tf_arena *arena = tf_arena_new();
    tf_agreement agreement;
    assert_ok(tf_agreement_get(scene.access, &police, id, arena, &agreement, &error), &error);
    assert_null(agreement.terms.parties[0].signed_by);
    assert_string_equal(agreement.terms.parties[1].signed_by, "Jo Marsh");
    assert_string_equal(agreement.terms.parties[1].entered_by, name);
    assert_string_equal(agreement.terms.parties[1].name, "Arden Council");
    tf_arena_free(arena);
    close_access_scene(&scene);
}

static void a_draft_belongs_to_whoever_drafts_it(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    tf_actor school = actor_of(&scene, 3, SCHOOL, "data-lead");
    tf_actor at_machine = tf_actor_operator(name);
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &council, &terms);
    assert_int_equal(create(&scene, &at_machine, &terms), 2);
    assert_int_equal(number_of(&scene, "SELECT drafted_by FROM agreement WHERE id = 1"), COUNCIL);
    /* Whoever runs the program belongs to no organisation: it is the first party's. */
    assert_int_equal(number_of(&scene, "SELECT drafted_by FROM agreement WHERE id = 2"), POLICE);
    assert_int_equal(tf_agreement_end(scene.access, &school, id, "Not ours.", &error), TF_REFUSED);
    terms.party_count = 0;
    assert_int_equal(tf_agreement_create(scene.access, &at_machine, &terms, &id, &error),
                     TF_BAD_INPUT);
    close_access_scene(&scene);
}

static void once_somebody_has_signed_it_is_the_parties_alone(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    tf_actor school = actor_of(&scene, 3, SCHOOL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &school, &terms);
    assert_ok(tf_agreement_change(scene.access, &school, id, &terms, &error), &error);
    sign(&scene, &police, id, POLICE);
    assert_int_equal(tf_agreement_end(scene.access, &school, id, "Mine.", &error), TF_REFUSED);
    sign(&scene, &council, id, COUNCIL);
    assert_int_equal(tf_agreement_end(scene.access, &school, id, "Mine.", &error), TF_REFUSED);
    assert_true(ask(&scene, "safeguard").is_allowed);
    assert_ok(tf_agreement_end(scene.access, &police, id, "Over.", &error), &error);
    close_access_scene(&scene);
}

static void an_entry_tells_what_was_done_with_which_revision(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor at_machine = tf_actor_operator(name);
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &police, &terms);
    assert_ok(tf_agreement_change(scene.access, &police, id, &terms, &error), &error);
    assert_ok(tf_agreement_sign(scene.access, &at_machine, id, COUNCIL, "Jo Marsh", 2, &error),
              &error);
    assert_ok(tf_agreement_end(scene.access, &police, id, "Over.", &error), &error);
    static const char *const details[] = {"revision 1: terms replaced",
                                          "revision 2: signature of organisation 2 by Jo Marsh",
                                          "revision 2: end"};
    for (size_t i = 0; i < 3; i++) {
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM audit_entry WHERE detail = '%s'",
                 details[i]);
        assert_int_equal(number_of(&scene, sql), 1);
    }
    close_access_scene(&scene);
}

static void a_draft_is_read_as_it_was_written(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_agreement_terms terms = example(&scene);
    terms.title = "  Children at risk, and adults ";
    terms.retention_days = 90;
    int64_t id = create(&scene, &police, &terms);
    tf_arena *arena = tf_arena_new();
    tf_agreement read;
    assert_ok(tf_agreement_get(scene.access, &police, id, arena, &read, &error), &error);
    assert_string_equal(read.terms.title, "Children at risk, and adults");
    assert_int_equal(read.terms.retention_days, 90);
    assert_int_equal(read.terms.lawful_basis, terms.lawful_basis);
    assert_string_equal(read.terms.condition, terms.condition);
    assert_string_equal(read.terms.assessment, terms.assessment);
    assert_int_equal(read.terms.starts_on, terms.starts_on);
    assert_int_equal(read.terms.review_on, terms.review_on);
    assert_int_equal(read.terms.ends_on, TF_DAY_FOREVER);
    assert_int_equal(read.terms.purposes, terms.purposes);
    assert_int_equal(read.terms.share_count, 1);
    assert_int_equal(read.terms.shares[0].category, terms.shares[0].category);
    assert_int_equal(read.terms.shares[0].fields, 3);
    assert_int_equal(read.terms.party_count, 2);
    assert_true(read.terms.parties[0].gives && !read.terms.parties[0].receives);
    assert_true(!read.terms.parties[1].gives && read.terms.parties[1].receives);
    assert_int_equal(read.drafted_by, POLICE);
    tf_arena_free(arena);
    close_access_scene(&scene);
}

static void its_days_decide_from_when_to_when(void **state) {
    (void)state;
    const int64_t day = INT64_C(24) * 3600 * 1000000;
    tf_agreement_party parties[] = {{.signed_at = 1}, {.signed_at = 1}};
    tf_agreement agreement = {
        .terms = {.starts_on = 10, .ends_on = 20, .parties = parties, .party_count = 2}};
    assert_int_equal(tf_agreement_state_at(&agreement, 10 * day - 1), TF_AGREEMENT_SIGNED);
    assert_int_equal(tf_agreement_state_at(&agreement, 10 * day), TF_AGREEMENT_IN_FORCE);
    assert_int_equal(tf_agreement_state_at(&agreement, 21 * day - 1), TF_AGREEMENT_IN_FORCE);
    assert_int_equal(tf_agreement_state_at(&agreement, 21 * day), TF_AGREEMENT_EXPIRED);
    agreement.terms.ends_on = TF_DAY_FOREVER;
    assert_int_equal(tf_agreement_state_at(&agreement, 100000 * day), TF_AGREEMENT_IN_FORCE);
    parties[1].signed_at = 0;
    assert_int_equal(tf_agreement_state_at(&agreement, 15 * day), TF_AGREEMENT_DRAFT);
    agreement.terms.ends_on = 20;
    assert_int_equal(tf_agreement_state_at(&agreement, 21 * day), TF_AGREEMENT_EXPIRED);
    agreement.ended_at = 1;
    assert_int_equal(tf_agreement_state_at(&agreement, 15 * day), TF_AGREEMENT_ENDED);
}

static void the_policy_says_until_when_it_holds(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    const int64_t day = INT64_C(24) * 3600 * 1000000;
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    terms.starts_on = 30000;
    terms.review_on = 30000;
    terms.ends_on = 30009;
    int64_t id = create(&scene, &police, &terms);
    sign(&scene, &police, id, POLICE);
    sign(&scene, &council, id, COUNCIL);
    static const int64_t nows[] = {29999, 30000, 30010};
    const int64_t holds[] = {30000 * day, 30010 * day, INT64_MAX};
    static const bool allowed[] = {false, true, false};
    tf_actor officer = actor_of(&scene, 9, COUNCIL, "intake-officer");
    tf_object object = {.category = terms.shares[0].category, .organisation_id = POLICE};
    tf_intent intent = {.purpose = tf_access_purpose(scene.rules, "safeguard")};
    for (size_t i = 0; i < 3; i++) {
        tf_policy *policy = NULL;
        assert_ok(tf_policy_load(scene.db, scene.rules, nows[i] * day, &policy, &error), &error);
        assert_int_equal(tf_policy_holds_until(policy), holds[i]);
        assert_int_equal(
            tf_policy_decide(policy, &officer, TF_ACTION_CONSULT, &object, &intent).is_allowed,
            allowed[i]);
        tf_policy_free(policy);
    }
    close_access_scene(&scene);
}

/* Terms with one fault are refused with these words, and nothing is stored. */
static void expect_fault(const access_scene *scene, const tf_agreement_terms *terms,
                         const char *words) {
    tf_error error = {.message = ""};
    int64_t id = 5;
    tf_actor police = actor_of(scene, 1, POLICE, "data-lead");
    int64_t entries = number_of(scene, "SELECT count(*) FROM audit_entry");
    assert_int_equal(tf_agreement_create(scene->access, &police, terms, &id, &error), TF_BAD_INPUT);
    if (!strstr(error.message, words)) {
        fail_msg("\"%s\", not \"%s\"", error.message, words);
    }
    assert_int_equal(id, 0);
    assert_int_equal(number_of(scene, "SELECT count(*) FROM agreement"), 0);
    assert_int_equal(number_of(scene, "SELECT count(*) FROM audit_entry"), entries);
}

static void terms_that_say_too_little_are_told(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    const tf_agreement_terms good = example(&scene);
    tf_agreement_terms terms = good;
#define FAULT(field, value, words)                                                                 \
    terms = good;                                                                                  \
    terms.field = (value);                                                                         \
    expect_fault(&scene, &terms, words)
    FAULT(title, "  ", "a title");
    FAULT(title, NULL, "a title");
    FAULT(lawful_basis, -1, "lawful basis");
    FAULT(lawful_basis, 7, "lawful basis");
    FAULT(assessment, "", "impact assessment");
    FAULT(condition, NULL, "Article 9");
    FAULT(retention_days, 0, "how many days");
    FAULT(retention_days, 40000, "how many days");
    FAULT(review_on, good.starts_on - 1, "reviewed after it starts");
    FAULT(ends_on, good.starts_on - 1, "ends after it starts");
    FAULT(purposes, 0, "shared for");
    FAULT(purposes, UINT64_C(1) << 63, "shared for");
    FAULT(purposes, UINT64_C(1) << tf_access_purpose(scene.rules, "treat"), "none of the purposes");
    FAULT(share_count, 0, "which categories");
    FAULT(party_count, 1, "between one organisation");
#undef FAULT
    static const tf_agreement_party parties[][2] = {
        {{.organisation_id = POLICE, .gives = true}, {.organisation_id = COUNCIL}},
        {{.organisation_id = POLICE, .gives = true}, {.organisation_id = COUNCIL, .gives = true}},
        {{.organisation_id = POLICE, .gives = true}, {.organisation_id = POLICE, .receives = true}},
        {{.organisation_id = POLICE, .gives = true}, {.organisation_id = 44, .receives = true}},
    };
    static const char *const party_words[] = {"gives, receives", "between one organisation",
                                              "only once", "no organisation 44"};
    for (size_t i = 0; i < 4; i++) {
        terms = good;
        terms.parties = parties[i];
        expect_fault(&scene, &terms, party_words[i]);
    }
    tf_agreement_share shares[2] = {good.shares[0], good.shares[0]};
    terms = good;
    terms.shares = shares;
    terms.share_count = 2;
    expect_fault(&scene, &terms, "stands twice");
    terms.share_count = 1;
    shares[0].fields = 0;
    expect_fault(&scene, &terms, "which fields");
    shares[0] = (tf_agreement_share){tf_access_category(scene.rules, "statistics"), UINT32_MAX};
    expect_fault(&scene, &terms, "no personal data");
    shares[0].category = -1;
    expect_fault(&scene, &terms, "no such category");
    close_access_scene(&scene);
}

static void terms_at_their_bounds_are_accepted(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_agreement_terms terms = example(&scene);
    char title[203];
    memset(title, 'x', sizeof title);
    title[200] = '\0';
    terms.title = title;
    terms.retention_days = 1;
    terms.lawful_basis = 0;
    terms.ends_on = terms.review_on = terms.starts_on;
    terms.purposes = (UINT64_C(1) << scene.rules->purpose_count) - 1;
    assert_int_equal(create(&scene, &police, &terms), 1);
    terms.retention_days = 36525;
    assert_int_equal(create(&scene, &police, &terms), 2);
    title[200] = 'x';
    title[201] = '\0';
    tf_error error;
    int64_t id;
    assert_int_equal(tf_agreement_create(scene.access, &police, &terms, &id, &error), TF_BAD_INPUT);
    terms.title = "\xFF";
    assert_int_equal(tf_agreement_create(scene.access, &police, &terms, &id, &error), TF_BAD_INPUT);
    terms.title = "x";
    terms.purposes <<= 1;
    assert_int_equal(tf_agreement_create(scene.access, &police, &terms, &id, &error), TF_BAD_INPUT);
    close_access_scene(&scene);
}

static void every_change_is_in_the_audit_and_counts_the_policy_up(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    static const char *const entry =
        "SELECT count(*) FROM audit_entry WHERE category = 'agreement' AND object_id = 1"
        " AND outcome = 'done' AND action <> 'consult'";
    int64_t version = number_of(&scene, "SELECT version FROM policy_version");
    int64_t id = create(&scene, &police, &terms);
    assert_int_equal(id, 1);
    for (int step = 1; step <= 3; step++) {
        assert_int_equal(number_of(&scene, entry), step);
        int64_t next = number_of(&scene, "SELECT version FROM policy_version");
        assert_true(next > version);
        version = next;
        if (step == 1) {
            sign(&scene, &council, id, COUNCIL);
        } else if (step == 2) {
            assert_ok(tf_agreement_end(scene.access, &police, id, "Enough.", &error), &error);
        }
    }
    /* A refusal is entered too, and changes nothing. */
    tf_actor member = actor_of(&scene, 4, COUNCIL, "board-member");
    assert_int_equal(tf_agreement_create(scene.access, &member, &terms, &id, &error), TF_REFUSED);
    assert_int_equal(
        number_of(&scene, "SELECT count(*) FROM audit_entry WHERE outcome = 'refused'"), 1);
    assert_int_equal(number_of(&scene, "SELECT version FROM policy_version"), version);
    close_access_scene(&scene);
}

static void a_field_that_is_new_in_the_pack_is_not_shared_by_what_was_signed(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    tf_agreement_share all = {.category = terms.shares[0].category, .fields = UINT32_MAX};
    terms.shares = &all;
    int64_t id = create(&scene, &police, &terms);
    sign(&scene, &police, id, POLICE);
    sign(&scene, &council, id, COUNCIL);
    assert_int_equal(ask(&scene, "safeguard").fields, 63);
    execute(&scene, "DELETE FROM agreement_field WHERE field = 'who'");
    count_change(&scene);
    assert_int_equal(ask(&scene, "safeguard").fields, 63 - 8);
    execute(&scene, "UPDATE agreement_field SET field = 'gone' WHERE field = 'what'");
    count_change(&scene);
    assert_int_equal(ask(&scene, "safeguard").fields, 63 - 8 - 1);
    execute(&scene, "UPDATE agreement_field SET field = '' WHERE field = 'gone'");
    count_change(&scene);
    assert_int_equal(ask(&scene, "safeguard").fields, 63 - 8 - 1);
    execute(&scene, "UPDATE agreement_field SET category = 'a category of another pack'");
    count_change(&scene);
    assert_int_equal(ask(&scene, "safeguard").reason, TF_REASON_NO_AGREEMENT);
    close_access_scene(&scene);
}

static void the_list_shows_all_in_their_order_and_is_for_staff(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor police = actor_of(&scene, 1, POLICE, "data-lead");
    tf_agreement_terms terms = example(&scene);
    tf_arena *arena = tf_arena_new();
    tf_agreement *list = NULL;
    size_t count = 9;
    assert_ok(tf_agreement_list(scene.access, &police, arena, &list, &count, &error), &error);
    assert_int_equal(count, 0);
    create(&scene, &police, &terms);
    terms.review_on = terms.starts_on;
    int64_t id = create(&scene, &police, &terms);
    tf_actor council = actor_of(&scene, 2, COUNCIL, "data-lead");
    sign(&scene, &police, id, POLICE);
    sign(&scene, &council, id, COUNCIL);
    assert_ok(tf_agreement_list(scene.access, &police, arena, &list, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].id, 1);
    assert_int_equal(list[1].id, 2);
    assert_false(list[0].is_review_due);
    assert_true(list[1].is_review_due);
    tf_actor public = tf_actor_public();
    assert_int_equal(tf_agreement_list(scene.access, &public, arena, &list, &count, &error),
                     TF_REFUSED);
    assert_int_equal(count, 0);
    tf_arena_free(arena);
    close_access_scene(&scene);
}

static void who_signs_has_read_the_terms_as_they_are(void **state) {
    access_scene scene;
    tf_error error;
    open_access_scene(state, &scene);
    tf_actor police = actor_of(&scene, 8, POLICE, "data-lead");
    tf_actor school = actor_of(&scene, 9, SCHOOL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &police, &terms);
    terms.retention_days = 30;
    assert_int_equal(tf_agreement_change(scene.access, &school, id, &terms, &error), TF_REFUSED);
    assert_ok(tf_agreement_change(scene.access, &police, id, &terms, &error), &error);
    assert_int_equal(tf_agreement_sign(scene.access, &police, id, POLICE, NULL, 1, &error),
                     TF_BAD_INPUT);
    assert_ok(tf_agreement_sign(scene.access, &police, id, POLICE, NULL, 2, &error), &error);
    assert_int_equal(tf_agreement_change(scene.access, &police, id, &terms, &error), TF_BAD_INPUT);
    assert_int_equal(number_of(&scene, "SELECT retention_days FROM agreement"), 30);
    assert_int_equal(number_of(&scene, "SELECT revision FROM agreement"), 2);
    close_access_scene(&scene);
}

static void an_agreement_of_an_organisation_that_has_ended_is_its_successors(void **state) {
    access_scene scene;
    tf_error error;
    open_access_scene(state, &scene);
    tf_actor council = actor_of(&scene, 7, COUNCIL, "data-lead");
    tf_actor police = actor_of(&scene, 8, POLICE, "data-lead");
    tf_actor school = actor_of(&scene, 9, SCHOOL, "data-lead");
    tf_agreement_terms terms = example(&scene);
    int64_t id = create(&scene, &police, &terms);
    sign(&scene, &police, id, POLICE);
    sign(&scene, &council, id, COUNCIL);
    assert_int_equal(tf_agreement_end(scene.access, &school, id, "Not ours.", &error), TF_REFUSED);
    execute(&scene, "UPDATE organisation SET ended_on = 99, successor_id = 3 WHERE id = 2");
    count_change(&scene);
    assert_int_equal(tf_agreement_end(scene.access, &council, id, "Gone.", &error), TF_REFUSED);
    assert_ok(tf_agreement_end(scene.access, &school, id, "We do not need it.", &error), &error);
    assert_int_equal(state_of(&scene, &police, id), TF_AGREEMENT_ENDED);
    close_access_scene(&scene);
}

static void what_needs_attention_depends_on_the_day_and_on_who_asks(void **state) {
    static const int64_t day = INT64_C(86400000000);
    (void)state;
    const tf_agreement_party unsigned_yet[] = {
        {.organisation_id = POLICE, .gives = true},
        {.organisation_id = COUNCIL, .receives = true, .signed_at = 1}};
    tf_agreement draft = {.id = 1, .terms = {.parties = unsigned_yet, .party_count = 2}};
    tf_agreement held = {.id = 2,
                         .state = TF_AGREEMENT_IN_FORCE,
                         .terms = {.ends_on = 1060, .parties = unsigned_yet, .party_count = 2}};
    tf_agreement reviewed = {.id = 3,
                             .state = TF_AGREEMENT_IN_FORCE,
                             .is_review_due = true,
                             .terms = {.ends_on = TF_DAY_FOREVER}};
    assert_int_equal(tf_agreement_attention_of(&draft, POLICE, 0), TF_ATTENTION_SIGN);
    assert_int_equal(tf_agreement_attention_of(&draft, COUNCIL, 0), TF_ATTENTION_NONE);
    assert_int_equal(tf_agreement_attention_of(&draft, 0, 0), TF_ATTENTION_NONE);
    assert_int_equal(tf_agreement_attention_of(&held, POLICE, 1000 * day), TF_ATTENTION_ENDS);
    assert_int_equal(tf_agreement_attention_of(&held, POLICE, 1000 * day - 1), TF_ATTENTION_NONE);
    assert_int_equal(tf_agreement_attention_of(&reviewed, POLICE, 0), TF_ATTENTION_REVIEW);
    tf_agreement list[] = {{.id = 9, .state = TF_AGREEMENT_ENDED},
                           reviewed,
                           {.id = 8, .state = TF_AGREEMENT_ENDED},
                           draft,
                           held};
    static const int64_t sorted[] = {1, 2, 3, 9, 8};
    tf_agreement_sort(list, 5, POLICE, 1000 * day);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(list[i].id, sorted[i]);
    }
}

static void a_renewal_is_as_long_as_what_it_renews(void **state) {
    (void)state;
    tf_agreement agreement = {.terms = {.starts_on = 100, .review_on = 150, .ends_on = 199}};
    tf_agreement_terms terms = tf_agreement_renewal(&agreement, 120);
    assert_int_equal(terms.starts_on, 200); /* it goes on until then */
    assert_int_equal(terms.review_on, 250);
    assert_int_equal(terms.ends_on, 299);
    terms = tf_agreement_renewal(&agreement, 500); /* it is over */
    assert_int_equal(terms.starts_on, 500);
    assert_int_equal(terms.ends_on, 599);
    agreement.terms.ends_on = TF_DAY_FOREVER;
    terms = tf_agreement_renewal(&agreement, 500);
    assert_int_equal(terms.starts_on, 500);
    assert_int_equal(terms.review_on, 550);
    assert_int_equal(terms.ends_on, TF_DAY_FOREVER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_agreement_is_in_force_when_every_party_has_signed),
        temporary_test(a_party_ends_it_at_once),
        temporary_test(only_the_own_organisation_is_signed_for),
        temporary_test(a_draft_belongs_to_whoever_drafts_it),
        temporary_test(once_somebody_has_signed_it_is_the_parties_alone),
        temporary_test(an_entry_tells_what_was_done_with_which_revision),
        temporary_test(a_draft_is_read_as_it_was_written),
        temporary_test(its_days_decide_from_when_to_when),
        temporary_test(the_policy_says_until_when_it_holds),
        temporary_test(terms_that_say_too_little_are_told),
        temporary_test(terms_at_their_bounds_are_accepted),
        temporary_test(every_change_is_in_the_audit_and_counts_the_policy_up),
        temporary_test(a_field_that_is_new_in_the_pack_is_not_shared_by_what_was_signed),
        temporary_test(the_list_shows_all_in_their_order_and_is_for_staff),
        temporary_test(who_signs_has_read_the_terms_as_they_are),
        temporary_test(an_agreement_of_an_organisation_that_has_ended_is_its_successors),
        cmocka_unit_test(what_needs_attention_depends_on_the_day_and_on_who_asks),
        cmocka_unit_test(a_renewal_is_as_long_as_what_it_renews),
    };
    return cmocka_run_group_tests_name("access-agreement", tests, NULL, NULL);
}

#include "scene.h"

#include "access/policy_internal.h"

/* The policy of a scene on day 100, after what a test has done to it. */
static tf_policy *load(const access_scene *scene) {
    tf_error error;
    tf_policy *policy = NULL;
    assert_ok(tf_policy_load(scene->db, scene->rules, INT64_C(100) * 24 * 3600 * 1000000, &policy,
                             &error),
              &error);
    return policy;
}

static tf_decision decide_for(const access_scene *scene, const tf_policy *policy,
                              const tf_actor *actor, tf_action action, const char *category,
                              int64_t organisation_id, const tf_intent *intent) {
    tf_object object = {.category = tf_access_category(scene->rules, category),
                        .organisation_id = organisation_id};
    return tf_policy_decide(policy, actor, action, &object, intent);
}

static tf_decision decide(const access_scene *scene, const tf_policy *policy, const tf_actor *actor,
                          tf_action action, const char *category, int64_t organisation_id) {
    tf_intent intent = {.purpose = -1};
    return decide_for(scene, policy, actor, action, category, organisation_id, &intent);
}

/* `giver` shares fields of reports of concern with `receiver`, to safeguard. */
static void share(const access_scene *scene, int id, int giver, int receiver, const char *fields) {
    char sql[1024];
    snprintf(sql, sizeof sql,
             "INSERT INTO agreement (id, title, drafted_by, lawful_basis, condition, assessment,"
             " retention_days, starts_on, review_on, created_at)"
             " VALUES (%d, 'x', 1, 'public-task', 'x', 'x', 1, 10, 10, 0);"
             "INSERT INTO agreement_party (agreement_id, organisation_id, gives, receives, "
             "signed_at) VALUES (%d, %d, 1, 0, 1), (%d, %d, 0, 1, 1);"
             "INSERT INTO agreement_purpose VALUES (%d, 'safeguard');"
             "INSERT INTO agreement_field SELECT %d, 'concern', value FROM json_each('%s')",
             id, id, giver, id, receiver, id, id, fields);
    execute(scene, sql);
}

static void the_public_may_report_and_read_what_is_open_and_nothing_else(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_policy *policy = load(&scene);
    tf_actor public = tf_actor_public();
    for (size_t i = 0; i < scene.rules->category_count; i++) {
        const char *name = scene.rules->categories[i].name;
        for (int action = 0; action < TF_ACTION_COUNT; action++) {
            bool is_open = strcmp(name, "open-data") == 0 || strcmp(name, "statistics") == 0 ||
                           strcmp(name, "form") == 0;
            bool expected = (is_open && action == TF_ACTION_CONSULT) ||
                            (strcmp(name, "concern") == 0 && action == TF_ACTION_COLLECT);
            assert_int_equal(decide(&scene, policy, &public, (tf_action)action, name, 1).is_allowed,
                             expected);
        }
    }
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void whoever_runs_the_program_reads_no_content(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_policy *policy = load(&scene);
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor at_machine = tf_actor_operator(name);
    assert_true(decide(&scene, policy, &at_machine, TF_ACTION_ALTER, "account", 2).is_allowed);
    assert_true(decide(&scene, policy, &at_machine, TF_ACTION_CONSULT, "audit", 2).is_allowed);
    assert_true(decide(&scene, policy, &at_machine, TF_ACTION_ALTER, "agreement", 2).is_allowed);
    static const char *const content[] = {"concern", "intelligence", "case", "treatment"};
    for (size_t i = 0; i < 4; i++) {
        for (int action = TF_ACTION_CONSULT; action < TF_ACTION_COUNT; action++) {
            assert_int_equal(
                decide(&scene, policy, &at_machine, (tf_action)action, content[i], 1).is_allowed,
                action == TF_ACTION_ERASE);
        }
    }
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void people_of_an_organisation_that_has_ended_are_the_public(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    /* The last day is the day before; the successor begins on the day itself. */
    execute(&scene, "UPDATE organisation SET ended_on = 99, successor_id = 2 WHERE id = 1;"
                    "UPDATE organisation SET started_on = 100, ended_on = 100 WHERE id = 2;"
                    "UPDATE organisation SET started_on = 101 WHERE id = 3");
    tf_policy *policy = load(&scene);
    tf_actor officer = actor_of(&scene, 9, 1, "intake-officer");
    tf_decision decision = decide(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", 1);
    assert_false(decision.is_allowed);
    assert_int_equal(decision.reason, TF_REASON_ENDED);
    assert_true(decide(&scene, policy, &officer, TF_ACTION_CONSULT, "form", 1).is_allowed);
    assert_true(decide(&scene, policy, &officer, TF_ACTION_COLLECT, "concern", 2).is_allowed);
    /* Its data is the successor's. */
    officer.organisation_id = 2;
    assert_true(decide(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", 1).is_allowed);
    /* One that begins tomorrow, and one that is not known. */
    officer.organisation_id = 3;
    assert_int_equal(decide(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", 3).reason,
                     TF_REASON_ENDED);
    officer.organisation_id = 33;
    assert_int_equal(decide(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", 33).reason,
                     TF_REASON_ENDED);
    assert_int_equal(tf_policy_holds_until(policy), INT64_C(101) * 24 * 3600 * 1000000);
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void data_goes_to_a_successor_only_when_its_organisation_has_ended(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    execute(&scene, "UPDATE organisation SET ended_on = 100, successor_id = 1 WHERE id = 2;"
                    "UPDATE organisation SET ended_on = 99, successor_id = 1 WHERE id = 3");
    share(&scene, 1, COUNCIL, POLICE, "[\"what\"]");
    tf_policy *policy = load(&scene);
    tf_actor officer = actor_of(&scene, 9, POLICE, "intake-officer");
    tf_intent intent = {.purpose = tf_access_purpose(scene.rules, "safeguard")};
    const tf_reason reasons[] = {TF_REASON_GRANTED, TF_REASON_AGREEMENT, TF_REASON_GRANTED};
    for (int id = 1; id <= 3; id++) {
        assert_int_equal(
            decide_for(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", id, &intent).reason,
            reasons[id - 1]);
    }
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void successors_in_a_circle_come_to_an_end(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    execute(&scene, "UPDATE organisation SET ended_on = 5, successor_id = 3 - id WHERE id < 3");
    tf_policy *policy = load(&scene);
    tf_actor officer = actor_of(&scene, 9, SCHOOL, "intake-officer");
    assert_false(decide(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", 1).is_allowed);
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void several_roles_give_the_furthest_reach_and_all_their_fields(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    share(&scene, 1, POLICE, COUNCIL, "[\"what\",\"who\",\"contact\"]");
    tf_policy *policy = load(&scene);
    tf_actor both = actor_of(&scene, 9, COUNCIL, "auditor");
    both.roles |= actor_of(&scene, 9, COUNCIL, "practitioner").roles;
    /* An auditor sees name, roles and activity of all accounts; a practitioner name and contact of
     * the own organisation's. */
    assert_int_equal(decide(&scene, policy, &both, TF_ACTION_CONSULT, "account", 2).fields, 15);
    assert_int_equal(decide(&scene, policy, &both, TF_ACTION_CONSULT, "account", 1).fields, 13);
    /* Only the roles that go as far as the object count: a practitioner's assigned report. */
    both.roles |= actor_of(&scene, 9, COUNCIL, "intake-officer").roles;
    tf_intent intent = {.purpose = tf_access_purpose(scene.rules, "safeguard")};
    tf_decision decision =
        decide_for(&scene, policy, &both, TF_ACTION_CONSULT, "concern", 1, &intent);
    assert_int_equal(decision.reason, TF_REASON_AGREEMENT);
    assert_int_equal(decision.fields, 1 | 8 | 16);
    /* And so it is with an agreement, or in an emergency. */
    execute(&scene, "INSERT INTO agreement_field SELECT 1, 'case', value FROM"
                    " json_each('[\"summary\",\"needs\",\"score\"]')");
    tf_policy_free(policy);
    policy = load(&scene);
    tf_actor two = actor_of(&scene, 9, COUNCIL, "practitioner");
    two.roles |= actor_of(&scene, 9, COUNCIL, "school-safeguarding-lead").roles;
    assert_int_equal(decide_for(&scene, policy, &two, TF_ACTION_CONSULT, "case", 1, &intent).fields,
                     1 | 2 | 32);
    intent.justification = "A child is in danger tonight.";
    assert_int_equal(decide_for(&scene, policy, &two, TF_ACTION_CONSULT, "case", 3, &intent).fields,
                     63);
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void what_an_organisation_is_given_needs_an_agreement_with_it(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    share(&scene, 1, POLICE, COUNCIL, "[\"what\",\"when\"]");
    tf_policy *policy = load(&scene);
    tf_actor officer = actor_of(&scene, 9, POLICE, "intake-officer");
    int safeguard = tf_access_purpose(scene.rules, "safeguard");
    int prevent = tf_access_purpose(scene.rules, "prevent-crime");
    const struct {
        int64_t recipient;
        int purpose;
        tf_reason reason;
        uint32_t fields;
    } cases[] = {
        {0, -1, TF_REASON_GRANTED, 63},
        {POLICE, -1, TF_REASON_GRANTED, 63},
        {COUNCIL, safeguard, TF_REASON_AGREEMENT, 5},
        {COUNCIL, -1, TF_REASON_NO_PURPOSE, 0},
        {COUNCIL, prevent, TF_REASON_OUTSIDE_PURPOSE, 0},
        {SCHOOL, safeguard, TF_REASON_NO_AGREEMENT, 0},
        {44, safeguard, TF_REASON_NO_AGREEMENT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_intent intent = {.purpose = cases[i].purpose, .recipient_id = cases[i].recipient};
        tf_decision decision =
            decide_for(&scene, policy, &officer, TF_ACTION_DISCLOSE, "concern", 1, &intent);
        assert_int_equal(decision.reason, cases[i].reason);
        assert_int_equal(decision.fields, cases[i].fields);
        assert_int_equal(decision.is_allowed, cases[i].fields != 0);
        assert_int_equal(decision.agreement_id, cases[i].reason == TF_REASON_AGREEMENT);
        /* A recipient matters to giving only, and no role gives what it may not see. */
        assert_int_equal(
            decide_for(&scene, policy, &officer, TF_ACTION_ALTER, "concern", 1, &intent).reason,
            TF_REASON_GRANTED);
        assert_int_equal(
            decide_for(&scene, policy, &officer, TF_ACTION_DISCLOSE, "concern", 2, &intent).reason,
            TF_REASON_OTHER_OWNER);
    }
    /* What belongs to the installation as a whole is not given to an organisation that is none. */
    tf_actor administrator = actor_of(&scene, 9, POLICE, "administrator");
    tf_intent nowhere = {.purpose = -1, .recipient_id = 44};
    assert_int_equal(
        decide_for(&scene, policy, &administrator, TF_ACTION_DISCLOSE, "account", 0, &nowhere)
            .reason,
        TF_REASON_NO_AGREEMENT);
    /* Statistics are no personal data. */
    tf_intent intent = {.purpose = -1, .recipient_id = SCHOOL};
    tf_actor member = actor_of(&scene, 9, POLICE, "board-member");
    assert_true(decide_for(&scene, policy, &member, TF_ACTION_DISCLOSE, "statistics", 1, &intent)
                    .is_allowed);
    tf_policy_free(policy);
    close_access_scene(&scene);
}

/* ---- words ---- */

static void expect_words(const tf_policy *policy, const tf_actor *actor, tf_action action,
                         const tf_object *object, const tf_intent *intent, const char *words) {
    tf_decision decision = tf_policy_decide(policy, actor, action, object, intent);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_policy_explain(policy, &decision, actor, action, object, intent, &text);
    assert_string_equal(text.data, words);
    tf_buffer_deinit(&text);
}

static void a_decision_says_why_and_whom_to_ask(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    share(&scene, 1, POLICE, COUNCIL, "[\"what\"]");
    share(&scene, 2, POLICE, SCHOOL, "[\"contact\"]");
    execute(&scene, "INSERT INTO agreement_field VALUES (2, 'case', 'score');"
                    "UPDATE organisation SET ended_on = 5 WHERE id = 3");
    tf_policy *policy = load(&scene);
    tf_actor officer = actor_of(&scene, 9, COUNCIL, "intake-officer");
    tf_actor practitioner = actor_of(&scene, 9, POLICE, "practitioner");
    tf_actor school = actor_of(&scene, 9, SCHOOL, "school-safeguarding-lead");
    tf_actor analyst = actor_of(&scene, 9, COUNCIL, "analyst");
    tf_object report = {.category = tf_access_category(scene.rules, "concern"),
                        .organisation_id = POLICE};
    tf_object account = {.category = tf_access_category(scene.rules, "account"),
                         .organisation_id = POLICE};
    tf_object person = {.category = tf_access_category(scene.rules, "person"),
                        .organisation_id = POLICE};
    tf_intent none = {.purpose = -1};
    tf_intent safeguard = {.purpose = tf_access_purpose(scene.rules, "safeguard")};
    tf_intent prevent = {.purpose = tf_access_purpose(scene.rules, "prevent-crime")};
    tf_intent treat = {.purpose = tf_access_purpose(scene.rules, "treat")};
    tf_intent emergency = {.purpose = safeguard.purpose,
                           .justification = "A child is in danger tonight."};
    tf_intent without = {.purpose = -1, .justification = emergency.justification};
    none.can_justify = prevent.can_justify = treat.can_justify = true;
#define ASK "  Ask Arden Police: data desk, 01632 960001."
#define EMERGENCY                                                                                  \
    "  In an emergency you may see it at once: say what for, and why in at least 20 characters; "  \
    "it will be reviewed."
    expect_words(policy, &officer, TF_ACTION_CONSULT, &report, &none,
                 "This belongs to Arden Police; say what you need it for." ASK EMERGENCY);
    /* Nobody is told of an emergency where no form follows that could declare it. */
    expect_words(policy, &officer, TF_ACTION_CONSULT, &report, &without,
                 "This belongs to Arden Police; say what you need it for." ASK);
    expect_words(policy, &officer, TF_ACTION_CONSULT, &report, &safeguard,
                 "Agreement 1 lets you see reports of concern for the purpose \"To protect "
                 "children and adults at risk\".");
    expect_words(policy, &officer, TF_ACTION_CONSULT, &report, &prevent,
                 "The agreement with Arden Police is not for the purpose \"To prevent and detect "
                 "crime\"." ASK EMERGENCY);
    expect_words(policy, &officer, TF_ACTION_CONSULT, &report, &treat,
                 "You may not see reports of concern for the purpose \"To treat and support people "
                 "who use drugs\"." ASK);
    expect_words(policy, &officer, TF_ACTION_CONSULT, &report, &emergency,
                 "An emergency lets you see reports of concern; it will be reviewed.");
    expect_words(policy, &officer, TF_ACTION_ALTER, &report, &none,
                 "This belongs to Arden Police.  Your role lets you change reports of concern of "
                 "your own organisation alone." ASK);
    expect_words(policy, &officer, TF_ACTION_CONSULT, &account, &none,
                 "This belongs to Arden Police.  Your role lets you see accounts of your own "
                 "organisation alone." ASK);
    account.organisation_id = 0;
    expect_words(policy, &officer, TF_ACTION_CONSULT, &account, &none,
                 "Your role lets you see accounts of your own organisation alone."
                 "  Ask an administrator.");
    expect_words(policy, &analyst, TF_ACTION_CONSULT, &person, &safeguard,
                 "No agreement in force with Arden Police covers people." ASK);
    expect_words(policy, &analyst, TF_ACTION_CONSULT, &report, &none,
                 "None of your roles lets you see reports of concern.  Ask an administrator.");
    expect_words(
        policy, &practitioner, TF_ACTION_CONSULT, &report, &none,
        "Your role lets you see, of reports of concern, only what is assigned to you." ASK);
    expect_words(policy, &school, TF_ACTION_CONSULT, &person, &none,
                 "Your organisation, Arden School, does not belong to the partnership today."
                 "  Ask an administrator.");
    tf_policy_free(policy);
    execute(&scene, "UPDATE organisation SET ended_on = NULL, contact = ''");
    policy = load(&scene);
    report.category = tf_access_category(scene.rules, "case");
    safeguard.can_justify = true;
    expect_words(policy, &school, TF_ACTION_CONSULT, &report, &safeguard,
                 "The agreement with Arden Police shares nothing that your role may see."
                 "  Ask Arden Police." EMERGENCY);
    expect_words(policy, &practitioner, TF_ACTION_CONSULT, &report, &none,
                 "Your role lets you see cases.");
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void who_may_not_give_something_is_sent_to_the_own_data_lead(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    share(&scene, 1, POLICE, COUNCIL, "[\"what\"]");
    tf_policy *policy = load(&scene);
    tf_actor officer = actor_of(&scene, 9, POLICE, "intake-officer");
    tf_object report = {.category = tf_access_category(scene.rules, "concern"),
                        .organisation_id = POLICE};
    int safeguard = tf_access_purpose(scene.rules, "safeguard");
    const struct {
        int64_t recipient;
        int purpose;
        const char *words;
    } cases[] = {
        {COUNCIL, -1, "Say what Arden Council is to have this for."},
        {COUNCIL, tf_access_purpose(scene.rules, "prevent-crime"),
         "The agreement with Arden Council is not for the purpose \"To prevent and detect crime\"."
         "  Ask your data lead, who can draft another."},
        {SCHOOL, safeguard,
         "No agreement in force lets Arden School have this.  Ask your data lead, who can draft "
         "one."},
        {44, safeguard,
         "No agreement in force lets another organisation have this.  Ask your data lead, who can "
         "draft one."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_intent intent = {.purpose = cases[i].purpose, .recipient_id = cases[i].recipient};
        expect_words(policy, &officer, TF_ACTION_DISCLOSE, &report, &intent, cases[i].words);
    }
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void an_emergency_adds_to_an_agreement_and_is_for_reading_alone(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    share(&scene, 1, POLICE, COUNCIL, "[\"what\",\"when\"]");
    tf_policy *policy = load(&scene);
    tf_actor officer = actor_of(&scene, 9, COUNCIL, "intake-officer");
    tf_intent stated = {.purpose = tf_access_purpose(scene.rules, "safeguard")};
    tf_intent justified = stated, unstated = {.purpose = -1};
    justified.justification = unstated.justification = "A child is in danger tonight.";
    tf_decision decision =
        decide_for(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", POLICE, &stated);
    assert_int_equal(decision.reason, TF_REASON_AGREEMENT);
    assert_int_equal(decision.fields, 5);
    decision =
        decide_for(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", POLICE, &justified);
    assert_true(decision.is_allowed);
    assert_int_equal(decision.reason, TF_REASON_EMERGENCY);
    assert_int_equal(decision.fields, 63);
    assert_int_equal(decision.agreement_id, 1);
    decision =
        decide_for(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", POLICE, &unstated);
    assert_false(decision.is_allowed);
    assert_int_equal(decision.reason, TF_REASON_NO_PURPOSE);
    /* Where the agreement shares all that the role sees, there was no emergency to enter. */
    execute(&scene, "INSERT INTO agreement_field SELECT 1, 'concern', value FROM "
                    "json_each('[\"where\",\"who\",\"contact\",\"messages\"]')");
    tf_policy_free(policy);
    policy = load(&scene);
    decision =
        decide_for(&scene, policy, &officer, TF_ACTION_CONSULT, "concern", POLICE, &justified);
    assert_int_equal(decision.reason, TF_REASON_AGREEMENT);
    assert_int_equal(decision.fields, 63);
    tf_policy_free(policy);
    /* Linking is no reading, though the role were for emergencies. */
    tf_role roles[32];
    tf_access_rules rules = *scene.rules;
    memcpy(roles, rules.roles, rules.role_count * sizeof *roles);
    rules.roles = roles;
    roles[tf_access_role(scene.rules, "analyst")].in_emergencies = true;
    scene.rules = &rules;
    policy = load(&scene);
    tf_actor analyst = actor_of(&scene, 9, COUNCIL, "analyst");
    assert_int_equal(
        decide_for(&scene, policy, &analyst, TF_ACTION_CONSULT, "person", POLICE, &justified)
            .reason,
        TF_REASON_EMERGENCY);
    assert_int_equal(
        decide_for(&scene, policy, &analyst, TF_ACTION_COMBINE, "person", POLICE, &justified)
            .reason,
        TF_REASON_NO_AGREEMENT);
    tf_policy_free(policy);
    close_access_scene(&scene);
}

/* ---- properties ---- */

/* A small generator of its own, so that a failure can be repeated (Marsaglia 2003, xorshift). */
static uint32_t drawn(uint32_t *seed, uint32_t below) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed % below;
}

enum { DRAWN_AGREEMENTS = 6, DRAWN_FIELDS = 5 };

/* Agreements on reports of concern drawn at random; those whose bit is in `left_out` are not
 * made.  Their numbers count up from 1 in the order given, or down to it. */
static void draw_agreements(const access_scene *scene, uint32_t seed, uint32_t left_out,
                            bool is_backwards) {
    static const char *const fields[DRAWN_FIELDS] = {"what", "where", "when", "who", "contact"};
    execute(scene, "BEGIN; DELETE FROM agreement_party; DELETE FROM agreement_purpose;"
                   "DELETE FROM agreement_field; DELETE FROM agreement");
    for (int i = 0; i < DRAWN_AGREEMENTS; i++) {
        char list[128] = "[";
        int giver = 1 + (int)drawn(&seed, 3);
        int receiver = 1 + (giver + (int)drawn(&seed, 2)) % 3;
        for (int j = 0; j < DRAWN_FIELDS; j++) {
            if (drawn(&seed, 3) == 0) {
                snprintf(list + strlen(list), sizeof list - strlen(list), "%s\"%s\"",
                         list[1] ? "," : "", fields[j]);
            }
        }
        strcat(list, "]");
        bool is_other = drawn(&seed, 2) == 0;
        if (!(left_out >> i & 1)) {
            int id = is_backwards ? DRAWN_AGREEMENTS - i : 1 + i;
            char sql[128];
            share(scene, id, giver, receiver, list);
            snprintf(sql, sizeof sql,
                     "UPDATE agreement_purpose SET purpose = '%s' WHERE agreement_id = %d",
                     is_other ? "prevent-crime" : "safeguard", id);
            execute(scene, sql);
        }
    }
    execute(scene, "COMMIT");
}

enum { QUESTIONS = 3 * 3 * 3 };

static void decide_all(const access_scene *scene, tf_decision decisions_out[QUESTIONS]) {
    tf_policy *policy = load(scene);
    for (int i = 0; i < QUESTIONS; i++) {
        tf_actor actor = actor_of(scene, 9, 1 + i % 3, "intake-officer");
        tf_intent intent = {.purpose = i / 9 == 0 ? -1
                                       : i / 9 == 1
                                           ? tf_access_purpose(scene->rules, "safeguard")
                                           : tf_access_purpose(scene->rules, "prevent-crime")};
        decisions_out[i] =
            decide_for(scene, policy, &actor, TF_ACTION_CONSULT, "concern", 1 + i / 3 % 3, &intent);
    }
    tf_policy_free(policy);
}

static void to_take_an_agreement_away_never_allows_more(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    size_t less = 0;
    for (uint32_t seed = 1; seed <= 25; seed++) {
        tf_decision with[QUESTIONS], without[QUESTIONS];
        draw_agreements(&scene, seed * 7919, 0, false);
        decide_all(&scene, with);
        for (int i = 0; i < DRAWN_AGREEMENTS; i++) {
            draw_agreements(&scene, seed * 7919, UINT32_C(1) << i, false);
            decide_all(&scene, without);
            for (int j = 0; j < QUESTIONS; j++) {
                assert_true(with[j].is_allowed || !without[j].is_allowed);
                assert_int_equal(without[j].fields & ~with[j].fields, 0);
                less += without[j].fields != with[j].fields;
            }
        }
    }
    assert_true(less > 50);
    close_access_scene(&scene);
}

static void the_order_of_agreements_does_not_matter(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    size_t shared = 0;
    for (uint32_t seed = 1; seed <= 50; seed++) {
        tf_decision forwards[QUESTIONS], backwards[QUESTIONS];
        draw_agreements(&scene, seed * 104729, 0, false);
        decide_all(&scene, forwards);
        draw_agreements(&scene, seed * 104729, 0, true);
        decide_all(&scene, backwards);
        for (int i = 0; i < QUESTIONS; i++) {
            assert_int_equal(forwards[i].is_allowed, backwards[i].is_allowed);
            assert_int_equal(forwards[i].reason, backwards[i].reason);
            assert_int_equal(forwards[i].fields, backwards[i].fields);
            shared += forwards[i].reason == TF_REASON_AGREEMENT;
        }
    }
    assert_true(shared > 50);
    close_access_scene(&scene);
}

/* Whatever is asked, for whatever reason, what no role grants is refused. */
static void nothing_is_allowed_without_a_grant(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    share(&scene, 1, POLICE, COUNCIL, "[\"what\"]");
    tf_policy *policy = load(&scene);
    uint32_t seed = 2463534242;
    size_t refused = 0;
    for (int i = 0; i < 200000; i++) {
        tf_actor actor = {.account_id = drawn(&seed, 3),
                          .organisation_id = drawn(&seed, 5),
                          .roles = drawn(&seed, UINT32_C(1) << 9),
                          .is_operator = drawn(&seed, 8) == 0};
        tf_object object = {.category = (int)drawn(&seed, (uint32_t)scene.rules->category_count),
                            .id = drawn(&seed, 2),
                            .organisation_id = drawn(&seed, 5),
                            .assigned_to = drawn(&seed, 3)};
        tf_action action = (tf_action)drawn(&seed, TF_ACTION_COUNT);
        tf_intent intent = {.purpose = (int)drawn(&seed, 7) - 1,
                            .justification = drawn(&seed, 2) ? "A child is in danger." : NULL,
                            .recipient_id = drawn(&seed, 5)};
        uint32_t granted = 0;
        for (size_t j = 0; j < scene.rules->role_count; j++) {
            const tf_role *role = &scene.rules->roles[j];
            if ((actor.roles >> j & 1) || role->is_everyones ||
                (actor.is_operator && role->is_operators)) {
                granted |= role->grants[object.category][action].fields;
            }
        }
        tf_decision decision = tf_policy_decide(policy, &actor, action, &object, &intent);
        assert_int_equal(decision.is_allowed, decision.fields != 0);
        assert_int_equal(decision.fields & ~granted, 0);
        assert_int_equal(decision.is_allowed, decision.reason <= TF_REASON_EMERGENCY);
        refused += !decision.is_allowed;
    }
    assert_true(refused > 50000);
    tf_policy_free(policy);
    close_access_scene(&scene);
}

static void nothing_is_given_to_an_organisation_that_has_ended(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    share(&scene, 1, POLICE, COUNCIL, "[\"what\"]");
    tf_actor officer = actor_of(&scene, 1, POLICE, "intake-officer");
    tf_intent intent = {.purpose = tf_access_purpose(scene.rules, "safeguard"),
                        .recipient_id = COUNCIL};
    tf_policy *policy = load(&scene);
    assert_true(decide_for(&scene, policy, &officer, TF_ACTION_DISCLOSE, "concern", POLICE, &intent)
                    .is_allowed);
    tf_policy_free(policy);
    execute(&scene, "UPDATE organisation SET ended_on = 99 WHERE id = 2");
    policy = load(&scene);
    assert_false(
        decide_for(&scene, policy, &officer, TF_ACTION_DISCLOSE, "concern", POLICE, &intent)
            .is_allowed);
    tf_policy_free(policy);
    close_access_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(the_public_may_report_and_read_what_is_open_and_nothing_else),
        temporary_test(whoever_runs_the_program_reads_no_content),
        temporary_test(people_of_an_organisation_that_has_ended_are_the_public),
        temporary_test(data_goes_to_a_successor_only_when_its_organisation_has_ended),
        temporary_test(successors_in_a_circle_come_to_an_end),
        temporary_test(several_roles_give_the_furthest_reach_and_all_their_fields),
        temporary_test(what_an_organisation_is_given_needs_an_agreement_with_it),
        temporary_test(a_decision_says_why_and_whom_to_ask),
        temporary_test(who_may_not_give_something_is_sent_to_the_own_data_lead),
        temporary_test(an_emergency_adds_to_an_agreement_and_is_for_reading_alone),
        temporary_test(to_take_an_agreement_away_never_allows_more),
        temporary_test(the_order_of_agreements_does_not_matter),
        temporary_test(nothing_is_allowed_without_a_grant),
        temporary_test(nothing_is_given_to_an_organisation_that_has_ended),
    };
    return cmocka_run_group_tests_name("access-policy", tests, NULL, NULL);
}

#include "temporary.h"

#include "access/access.h"

/* What a test decides with: a database, the program's own pack, and the policy of both. */
typedef struct policy_scene {
    tf_db *db;
    tf_pack *pack;
    const tf_access_rules *rules;
    tf_policy *policy;
} policy_scene;

static void execute(tf_db *db, const char *sql) {
    tf_error error;
    assert_ok(tf_db_execute(db, sql, &error), &error);
}

static policy_scene open_scene(void **state, const char *sql) {
    policy_scene scene = {0};
    tf_error error;
    assert_ok(tf_db_open(temporary_path(state, "t.db"), TF_DB_WRITE, &scene.db, &error), &error);
    assert_ok(tf_pack_open(NULL, &scene.pack, &error), &error);
    scene.rules = tf_pack_access_rules(scene.pack);
    execute(scene.db,
            "INSERT INTO organisation (id, name, kind, contact, started_on, ended_on, "
            "successor_id, created_at) VALUES "
            "(1, 'Arden Police', 'police', 'data desk, 01632 960001', NULL, NULL, NULL, 0),"
            "(2, 'Arden Council', 'council', '', NULL, NULL, NULL, 0)");
    execute(scene.db, sql);
    assert_ok(tf_policy_load(scene.db, scene.rules, 1000000, &scene.policy, &error), &error);
    return scene;
}

static void close_scene(policy_scene *scene) {
    tf_policy_free(scene->policy);
    tf_pack_free(scene->pack);
    tf_db_close(scene->db);
}

static tf_decision decide(const policy_scene *scene, const tf_actor *actor, tf_action action,
                          const char *category, int64_t organisation_id) {
    tf_object object = {.category = tf_access_category(scene->rules, category),
                        .organisation_id = organisation_id};
    tf_intent intent = {.purpose = -1};
    return tf_policy_decide(scene->policy, actor, action, &object, &intent);
}

static tf_actor actor_of(const policy_scene *scene, const char *role, int64_t organisation_id) {
    return (tf_actor){.account_id = 7,
                      .organisation_id = organisation_id,
                      .roles = UINT32_C(1) << tf_access_role(scene->rules, role)};
}

static void the_public_may_report_and_read_what_is_open_and_nothing_else(void **state) {
    policy_scene scene = open_scene(state, "");
    tf_actor public = tf_actor_public();
    for (size_t i = 0; i < scene.rules->category_count; i++) {
        const char *name = scene.rules->categories[i].name;
        for (int action = 0; action < TF_ACTION_COUNT; action++) {
            bool is_open = strcmp(name, "open-data") == 0 || strcmp(name, "statistics") == 0 ||
                           strcmp(name, "form") == 0;
            bool expected = (is_open && action == TF_ACTION_CONSULT) ||
                            (strcmp(name, "concern") == 0 && action == TF_ACTION_COLLECT);
            assert_int_equal(decide(&scene, &public, (tf_action)action, name, 1).is_allowed,
                             expected);
        }
    }
    close_scene(&scene);
}

static void whoever_runs_the_program_reads_no_content(void **state) {
    policy_scene scene = open_scene(state, "");
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor operator= tf_actor_operator(name);
    assert_true(decide(&scene, &operator, TF_ACTION_ALTER, "account", 2).is_allowed);
    assert_true(decide(&scene, &operator, TF_ACTION_CONSULT, "audit", 2).is_allowed);
    assert_true(decide(&scene, &operator, TF_ACTION_ALTER, "agreement", 2).is_allowed);
    static const char *const content[] = {"concern", "intelligence", "case", "treatment"};
    for (size_t i = 0; i < 4; i++) {
        for (int action = TF_ACTION_CONSULT; action < TF_ACTION_COUNT; action++) {
            assert_int_equal(decide(&scene, &operator,(tf_action) action, content[i], 1).is_allowed,
                             action == TF_ACTION_ERASE);
        }
    }
    close_scene(&scene);
}

static void people_of_an_organisation_that_has_ended_are_the_public(void **state) {
    policy_scene scene =
        open_scene(state, "UPDATE organisation SET ended_on = -1, successor_id = 2 "
                          "WHERE id = 1");
    tf_actor officer = actor_of(&scene, "intake-officer", 1);
    tf_decision decision = decide(&scene, &officer, TF_ACTION_CONSULT, "concern", 1);
    assert_false(decision.is_allowed);
    assert_int_equal(decision.reason, TF_REASON_ENDED);
    assert_true(decide(&scene, &officer, TF_ACTION_CONSULT, "form", 1).is_allowed);
    /* Its data is the successor's. */
    officer.organisation_id = 2;
    assert_true(decide(&scene, &officer, TF_ACTION_CONSULT, "concern", 1).is_allowed);
    close_scene(&scene);
}

static void a_refusal_says_why_and_whom_to_ask(void **state) {
    policy_scene scene = open_scene(state, "");
    tf_actor officer = actor_of(&scene, "intake-officer", 2);
    tf_object object = {.category = tf_access_category(scene.rules, "concern"),
                        .organisation_id = 1};
    tf_intent intent = {.purpose = -1};
    tf_decision decision =
        tf_policy_decide(scene.policy, &officer, TF_ACTION_CONSULT, &object, &intent);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_policy_explain(scene.policy, &decision, &officer, TF_ACTION_CONSULT, &object, &intent,
                      &text);
    assert_string_equal(text.data,
                        "Reports of concern: no agreement in force with Arden Police covers this."
                        "  Ask Arden Police: data desk, 01632 960001."
                        "  In an emergency you may see it at once: say why, in at least 20 "
                        "characters; it will be reviewed.");
    tf_buffer_deinit(&text);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(the_public_may_report_and_read_what_is_open_and_nothing_else),
        temporary_test(whoever_runs_the_program_reads_no_content),
        temporary_test(people_of_an_organisation_that_has_ended_are_the_public),
        temporary_test(a_refusal_says_why_and_whom_to_ask),
    };
    return cmocka_run_group_tests_name("access-policy", tests, NULL, NULL);
}

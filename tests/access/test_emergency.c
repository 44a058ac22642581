#include "scene.h"

#include "access/emergency.h"

/* Report 5 belongs to the police. */
static void open_emergency_scene(void **state, access_scene *scene) {
    open_access_scene(state, scene);
    execute(scene, "INSERT INTO response (id, form, version, category, organisation_id, "
                   "received_at, urgency, urgency_title, retention_days, state) "
                   "VALUES (5, 'x', 1, 'concern', 1, 0, 1, 'x', 1, 'new')");
}

/* An officer of the council reads a report of the police. */
static tf_status read_report(const access_scene *scene, const tf_actor *actor,
                             const char *justification, tf_decision *decision_out) {
    tf_object object = {.category = tf_access_category(scene->rules, "concern"),
                        .id = 5,
                        .organisation_id = POLICE};
    tf_intent intent = {.purpose = tf_access_purpose(scene->rules, "safeguard"),
                        .justification = justification};
    tf_audit_note note = {.person_id = 12};
    tf_status status = tf_access_begin(scene->access, NULL);
    if (!status) {
        status = tf_access_enter(scene->access, actor, TF_ACTION_CONSULT, &object, &intent, &note,
                                 decision_out, NULL);
    }
    return tf_access_end(scene->access, status, NULL);
}

static const char why[] = "A child is in danger tonight.";

static void an_emergency_needs_a_role_for_it_and_twenty_characters(void **state) {
    access_scene scene;
    open_emergency_scene(state, &scene);
    tf_actor officer = actor_of(&scene, 9, COUNCIL, "intake-officer");
    tf_actor analyst = actor_of(&scene, 8, COUNCIL, "analyst");
    tf_decision decision;
    assert_int_equal(read_report(&scene, &officer, NULL, &decision), TF_REFUSED);
    assert_int_equal(read_report(&scene, &officer, "", &decision), TF_REFUSED);
    assert_int_equal(read_report(&scene, &officer, "nineteen characters", &decision), TF_REFUSED);
    /* White space around it does not count, and a letter counts once, whatever its bytes. */
    assert_int_equal(read_report(&scene, &officer, "  nineteen characters   ", &decision),
                     TF_REFUSED);
    assert_int_equal(read_report(&scene, &officer, "pl\xC3\xA9ntyn mewn perygl ", &decision),
                     TF_REFUSED);
    assert_int_equal(read_report(&scene, &officer, "is twenty characters", &decision), TF_OK);
    assert_int_equal(decision.reason, TF_REASON_EMERGENCY);
    assert_int_equal(decision.fields, 63);
    assert_int_equal(read_report(&scene, &analyst, why, &decision), TF_REFUSED);
    assert_int_equal(number_of(&scene,
                               "SELECT count(*) FROM audit_entry WHERE outcome = 'emergency'"
                               " AND detail = 'is twenty characters' AND person_id = 12"),
                     1);
    close_access_scene(&scene);
}

static void
what_was_read_in_an_emergency_is_listed_to_both_until_the_owner_reviews_it(void **state) {
    access_scene scene;
    open_emergency_scene(state, &scene);
    tf_error error;
    tf_actor officer = actor_of(&scene, 9, COUNCIL, "intake-officer");
    tf_actor auditor = actor_of(&scene, 3, SCHOOL, "auditor");
    tf_actor council = actor_of(&scene, 4, COUNCIL, "data-lead");
    tf_actor police = actor_of(&scene, 6, POLICE, "data-lead");
    tf_actor school = actor_of(&scene, 5, SCHOOL, "data-lead");
    tf_arena *arena = tf_arena_new();
    tf_emergency *list = NULL;
    size_t count = 0;
    assert_int_equal(read_report(&scene, &officer, why, NULL), TF_OK);
    assert_ok(tf_emergency_list(scene.access, &auditor, arena, &list, &count, &error), &error);
    assert_int_equal(count, 1);
    int64_t entry = list[0].entry_id;
    assert_int_equal(list[0].account_id, 9);
    assert_int_equal(list[0].organisation_id, COUNCIL);
    assert_string_equal(list[0].organisation, "Arden Council");
    assert_int_equal(list[0].owner_id, POLICE);
    assert_string_equal(list[0].owner, "Arden Police");
    assert_int_equal(list[0].object_id, 5);
    assert_int_equal(list[0].person_id, 12);
    assert_true(list[0].at > 0);
    assert_string_equal(list[0].actor, "Asha Patel");
    assert_string_equal(list[0].category, "concern");
    assert_string_equal(list[0].justification, why);
    assert_string_equal(list[0].purpose, "safeguard");
    assert_true(list[0].may_review);
    /* The data leads of both sides see it, and that of the owner reviews it. */
    assert_ok(tf_emergency_list(scene.access, &council, arena, &list, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_false(list[0].may_review);
    assert_ok(tf_emergency_list(scene.access, &police, arena, &list, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_true(list[0].may_review);
    assert_ok(tf_emergency_list(scene.access, &school, arena, &list, &count, &error), &error);
    assert_int_equal(count, 0);
    assert_int_equal(tf_emergency_list(scene.access, &officer, arena, &list, &count, &error),
                     TF_REFUSED);
    assert_int_equal(tf_emergency_review(scene.access, &school, entry, true, "Right.", &error),
                     TF_REFUSED);
    assert_int_equal(tf_emergency_review(scene.access, &council, entry, true, "Right.", &error),
                     TF_REFUSED);
    assert_int_equal(tf_emergency_review(scene.access, &police, entry, true, " ", &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_emergency_review(scene.access, &police, entry, true, "\xFF", &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_emergency_review(scene.access, &police, entry - 1, true, "Right.", &error),
                     TF_NOT_FOUND);
    assert_ok(tf_emergency_review(scene.access, &police, entry, false, "It could wait.", &error),
              &error);
    assert_int_equal(tf_emergency_review(scene.access, &auditor, entry, true, "Right.", &error),
                     TF_BAD_INPUT);
    assert_ok(tf_emergency_list(scene.access, &auditor, arena, &list, &count, &error), &error);
    assert_int_equal(count, 0);
    assert_int_equal(number_of(&scene, "SELECT count(*) FROM emergency_review WHERE account_id = 6"
                                       " AND reviewer = 'Asha Patel' AND was_right = 0"
                                       " AND finding = 'It could wait.' AND reviewed_at > 0"),
                     1);
    assert_int_equal(number_of(&scene, "SELECT count(*) FROM audit_entry WHERE category = 'audit'"
                                       " AND action = 'collect' AND outcome = 'done'"
                                       " AND detail = 'review: wrong'"),
                     1);
    tf_arena_free(arena);
    close_access_scene(&scene);
}

static void the_readers_side_reviews_nothing_and_that_it_tried_is_entered(void **state) {
    access_scene scene;
    open_emergency_scene(state, &scene);
    tf_error error;
    tf_actor both = actor_of(&scene, 9, COUNCIL, "intake-officer");
    both.roles |= actor_of(&scene, 9, COUNCIL, "auditor").roles;
    assert_int_equal(read_report(&scene, &both, why, NULL), TF_OK);
    int64_t entry = number_of(&scene, "SELECT id FROM audit_entry WHERE outcome = 'emergency'");
    assert_int_equal(tf_emergency_review(scene.access, &both, entry, true, "Right.", &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "somebody else"));
    both.account_id = 10; /* a colleague */
    assert_int_equal(tf_emergency_review(scene.access, &both, entry, true, "Right.", &error),
                     TF_REFUSED);
    both.account_id = 9; /* the reader, who has changed sides since */
    both.organisation_id = POLICE;
    assert_int_equal(tf_emergency_review(scene.access, &both, entry, true, "Right.", &error),
                     TF_REFUSED);
    assert_int_equal(number_of(&scene, "SELECT count(*) FROM audit_entry WHERE category = 'audit'"
                                       " AND action = 'collect' AND outcome = 'refused'"
                                       " AND detail LIKE '%somebody else%'"),
                     3);
    assert_int_equal(number_of(&scene, "SELECT count(*) FROM emergency_review"), 0);
    both.account_id = 10;
    assert_ok(tf_emergency_review(scene.access, &both, entry, true, "Right.", &error), &error);
    close_access_scene(&scene);
}

/* The work that follows fails, and nothing of it is kept but what was declared. */
static tf_status fail_after_emergency(const access_scene *scene, const tf_actor *actor,
                                      tf_status fault) {
    tf_error error;
    tf_object object = {.category = tf_access_category(scene->rules, "concern"),
                        .id = 5,
                        .organisation_id = POLICE};
    char words[] = "A child is in danger tonight.";
    tf_intent intent = {.purpose = tf_access_purpose(scene->rules, "safeguard"),
                        .justification = words};
    assert_ok(tf_access_begin(scene->access, &error), &error);
    assert_ok(tf_access_enter(scene->access, actor, TF_ACTION_CONSULT, &object, &intent, NULL, NULL,
                              &error),
              &error);
    memset(words, '?', sizeof words - 1); /* they are of whoever asked, and may be gone by then */
    execute(scene, "UPDATE response SET urgency = 4");
    return tf_access_end(scene->access, tf_fail(&error, fault, NULL, 0, "no key opens it"), &error);
}

static void an_emergency_that_opens_nothing_stays_entered(void **state) {
    access_scene scene;
    open_emergency_scene(state, &scene);
    tf_actor officer = actor_of(&scene, 9, COUNCIL, "intake-officer");
    assert_int_equal(fail_after_emergency(&scene, &officer, TF_REFUSED), TF_REFUSED);
    static const char kept[] = "SELECT count(*) FROM audit_entry WHERE outcome = 'emergency' AND "
                               "detail = 'A child is in danger tonight.' AND account_id = 9 AND "
                               "object_id = 5 AND purpose = 'safeguard'";
    static const char refused[] = "SELECT count(*) FROM audit_entry WHERE outcome = 'refused' AND "
                                  "detail = 'no key opens it' AND object_id = 5";
    assert_int_equal(number_of(&scene, kept), 1);
    assert_int_equal(number_of(&scene, refused), 1);
    assert_int_equal(fail_after_emergency(&scene, &officer, TF_BAD_INPUT), TF_BAD_INPUT);
    assert_int_equal(number_of(&scene, kept), 2);
    assert_int_equal(number_of(&scene, refused), 1);
    assert_int_equal(number_of(&scene, "SELECT urgency FROM response"), 1);
    /* The next transaction has nothing of it. */
    tf_error error;
    assert_ok(tf_access_begin(scene.access, &error), &error);
    assert_int_equal(
        tf_access_end(scene.access, tf_fail(&error, TF_BAD_INPUT, NULL, 0, "x"), &error),
        TF_BAD_INPUT);
    assert_int_equal(number_of(&scene, kept), 2);
    close_access_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_emergency_needs_a_role_for_it_and_twenty_characters),
        temporary_test(what_was_read_in_an_emergency_is_listed_to_both_until_the_owner_reviews_it),
        temporary_test(the_readers_side_reviews_nothing_and_that_it_tried_is_entered),
        temporary_test(an_emergency_that_opens_nothing_stays_entered),
    };
    return cmocka_run_group_tests_name("access-emergency", tests, NULL, NULL);
}

#include "scene.h"

#include "access/emergency.h"

/* An officer of the council reads a report of the police. */
static tf_status read_report(const access_scene *scene, const tf_actor *actor,
                             const char *justification, tf_decision *decision_out) {
    tf_object object = {.category = tf_access_category(scene->rules, "concern"),
                        .id = 5,
                        .organisation_id = POLICE};
    tf_intent intent = {.purpose = -1, .justification = justification};
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
    open_access_scene(state, &scene);
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
    assert_int_equal(decision.fields, 31);
    assert_int_equal(read_report(&scene, &analyst, why, &decision), TF_REFUSED);
    assert_int_equal(number_of(&scene,
                               "SELECT count(*) FROM audit_entry WHERE outcome = 'emergency'"
                               " AND detail = 'is twenty characters' AND person_id = 12"),
                     1);
    close_access_scene(&scene);
}

static void what_was_read_in_an_emergency_stays_listed_until_it_is_reviewed(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor officer = actor_of(&scene, 9, COUNCIL, "intake-officer");
    tf_actor auditor = actor_of(&scene, 3, POLICE, "auditor");
    tf_actor council = actor_of(&scene, 4, COUNCIL, "data-lead");
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
    assert_int_equal(list[0].object_id, 5);
    assert_int_equal(list[0].person_id, 12);
    assert_true(list[0].at > 0);
    assert_string_equal(list[0].actor, "Asha Patel");
    assert_string_equal(list[0].category, "concern");
    assert_string_equal(list[0].justification, why);
    assert_null(list[0].purpose);
    /* A data lead sees the own organisation's. */
    assert_ok(tf_emergency_list(scene.access, &council, arena, &list, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_ok(tf_emergency_list(scene.access, &school, arena, &list, &count, &error), &error);
    assert_int_equal(count, 0);
    assert_int_equal(tf_emergency_list(scene.access, &officer, arena, &list, &count, &error),
                     TF_REFUSED);
    /* And reviews them. */
    assert_int_equal(tf_emergency_review(scene.access, &school, entry, true, "Right.", &error),
                     TF_REFUSED);
    assert_int_equal(tf_emergency_review(scene.access, &council, entry, true, " ", &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_emergency_review(scene.access, &council, entry, true, "\xFF", &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_emergency_review(scene.access, &council, entry - 1, true, "Right.", &error),
                     TF_NOT_FOUND);
    assert_ok(tf_emergency_review(scene.access, &council, entry, false, "It could wait.", &error),
              &error);
    assert_int_equal(tf_emergency_review(scene.access, &auditor, entry, true, "Right.", &error),
                     TF_BAD_INPUT);
    assert_ok(tf_emergency_list(scene.access, &auditor, arena, &list, &count, &error), &error);
    assert_int_equal(count, 0);
    assert_int_equal(number_of(&scene, "SELECT count(*) FROM emergency_review WHERE account_id = 4"
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

static void nobody_reviews_what_they_did_themselves(void **state) {
    access_scene scene;
    open_access_scene(state, &scene);
    tf_error error;
    tf_actor both = actor_of(&scene, 9, COUNCIL, "intake-officer");
    both.roles |= actor_of(&scene, 9, COUNCIL, "auditor").roles;
    assert_int_equal(read_report(&scene, &both, why, NULL), TF_OK);
    int64_t entry = number_of(&scene, "SELECT id FROM audit_entry WHERE outcome = 'emergency'");
    assert_int_equal(tf_emergency_review(scene.access, &both, entry, true, "Right.", &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "somebody else"));
    both.account_id = 10;
    assert_ok(tf_emergency_review(scene.access, &both, entry, true, "Right.", &error), &error);
    close_access_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_emergency_needs_a_role_for_it_and_twenty_characters),
        temporary_test(what_was_read_in_an_emergency_stays_listed_until_it_is_reviewed),
        temporary_test(nobody_reviews_what_they_did_themselves),
    };
    return cmocka_run_group_tests_name("access-emergency", tests, NULL, NULL);
}

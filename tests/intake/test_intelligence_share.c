#include "intelligence_scene.h"

static void sharing_needs_an_agreement_and_then_the_other_side_reads_what_it_covers(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence report;
    tf_actor *asha = &scene.actors[ASHA];
    tf_intent intent = {.purpose = prevent(&scene)};
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_ok(tf_intelligence_submit(scene.access, asha, id, &error), &error);
    assert_int_equal(tf_intelligence_share(scene.access, asha, id, 2, &intent, &error), TF_REFUSED);
    assert_int_equal(tf_intelligence_share(scene.access, asha, id, 1, &intent, &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_intelligence_share(scene.access, asha, id, 77, &intent, &error),
                     TF_NOT_FOUND);
    add_agreement(&scene);
    tf_intent without = {.purpose = -1};
    assert_int_equal(tf_intelligence_share(scene.access, asha, id, 2, &without, &error),
                     TF_REFUSED);
    assert_int_equal(
        tf_intelligence_share(scene.access, &scene.actors[PRAVIN], id, 2, &intent, &error),
        TF_REFUSED);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM sealed_key WHERE account_id >= 4"), 0);
    /* Not shared yet: an agreement alone opens nothing. */
    assert_int_equal(tf_intelligence_read(scene.access, &scene.actors[CERYS], &intent, id,
                                          scene.arena, &report, &error),
                     TF_REFUSED);
    assert_ok(tf_intelligence_share(scene.access, asha, id, 2, &intent, &error), &error);
    expect_rows(scene.db,
                "SELECT recipients || ' ' || purpose || ' ' || agreement_id FROM audit_entry "
                "WHERE action = 'disclose' AND outcome = 'done'",
                "Arden Council prevent-crime 5;");
    report = read_as(&scene, CERYS, prevent(&scene), id);
    assert_true(tf_text_equal(report.text, tf_text_of(sanitised)));
    assert_null(report.provenance.data); /* the agreement leaves it out */
    assert_string_equal(report.line.author, "");
    assert_string_equal(report.line.source, "2");
    assert_int_equal(report.share_count, 0);
    assert_int_equal(tf_intelligence_read(scene.access, &scene.actors[CERYS], &without, id,
                                          scene.arena, &report, &error),
                     TF_REFUSED); /* no purpose */
    report = read_as(&scene, ASHA, -1, id);
    assert_int_equal(report.share_count, 1);
    assert_string_equal(report.shares[0].organisation, "Arden Council");
    close_scene(&scene);
}

/* Whoever lost its key must leave no half of a sharing behind, and an entry that says so. */
static void what_cannot_be_opened_is_not_shared_and_the_record_says_so(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    add_agreement(&scene);
    tf_intent intent = {.purpose = prevent(&scene)};
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[TOM], id, &error), &error);
    execute(scene.db, "DELETE FROM sealed_key WHERE account_id = 2");
    assert_int_equal(
        tf_intelligence_share(scene.access, &scene.actors[TOM], id, 2, &intent, &error),
        TF_REFUSED);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM intelligence_share"), 0);
    expect_rows(scene.db,
                "SELECT actor || '|' || outcome || '|' || purpose || '|' || agreement_id || '|' || "
                "substr(detail, 1, 15) "
                "FROM audit_entry WHERE action = 'disclose'",
                "Tom Hughes|refused|prevent-crime|0|this was sealed;");
    assert_ok(tf_intelligence_share(scene.access, &scene.actors[ASHA], id, 2, &intent, &error),
              &error);
    close_scene(&scene);
}

static void what_was_shared_leaves_the_list_with_its_agreement(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence_line *lines;
    size_t count;
    add_agreement(&scene);
    tf_intent intent = {.purpose = prevent(&scene)};
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], id, &error), &error);
    assert_ok(tf_intelligence_share(scene.access, &scene.actors[ASHA], id, 2, &intent, &error),
              &error);
    execute(scene.db, "UPDATE agreement SET ended_at = 1;"
                      "UPDATE policy_version SET version = version + 1");
    assert_ok(tf_intelligence_list(scene.access, &scene.actors[CERYS], 0, scene.arena, &lines,
                                   &count, &error),
              &error);
    assert_int_equal(count, 0);
    close_scene(&scene);
}

/* The report of an organisation that has ended belongs to its successor, to whom it need not be
 * given. */
static void a_successor_is_asked_for_the_purpose_of_giving_itself_a_report(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], id, &error), &error);
    execute(scene.db, "UPDATE organisation SET ended_on = 1, successor_id = 2 WHERE id = 1;"
                      "UPDATE policy_version SET version = version + 1");
    assert_int_equal(tf_intelligence_share(scene.access, &scene.actors[CERYS], id, 2, NULL, &error),
                     TF_BAD_INPUT);
    close_scene(&scene);
}

static void share(report_scene *scene, int64_t id) {
    tf_error error;
    tf_intent intent = {.purpose = prevent(scene)};
    assert_ok(tf_intelligence_share(scene->access, &scene->actors[ASHA], id, 2, &intent, &error),
              &error);
}

static void who_may_not_share_learns_nothing_of_its_state_and_the_attempt_is_entered(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    add_agreement(&scene);
    tf_intent intent = {.purpose = prevent(&scene)};
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_int_equal(
        tf_intelligence_share(scene.access, &scene.actors[PRAVIN], id, 2, &intent, &error),
        TF_REFUSED);
    expect_rows(scene.db,
                "SELECT account_id || ' ' || outcome FROM audit_entry WHERE action = 'disclose'",
                "3 refused;");
    assert_int_equal(
        tf_intelligence_share(scene.access, &scene.actors[ASHA], id, 2, &intent, &error),
        TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "is a draft"));
    close_scene(&scene);
}

static void without_the_grading_neither_grades_nor_conditions_are_shared(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence_line *lines;
    size_t count;
    add_agreement(&scene);
    int64_t id = submitted_of(&scene, sanitised);
    int64_t conditional = draft_of(&scene, 0, 0, sanitised);
    tf_intelligence_form form = form_of(sanitised);
    form.handling = tf_text_of("C");
    form.conditions = tf_text_of("Not to be shown to the person named");
    assert_ok(tf_intelligence_change(scene.access, &scene.actors[ASHA], conditional, &form, &error),
              &error);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], conditional, &error),
              &error);
    execute(scene.db, "DELETE FROM agreement_field WHERE field = 'grading';"
                      "UPDATE policy_version SET version = version + 1");
    share(&scene, id);
    tf_intelligence report = read_as(&scene, CERYS, prevent(&scene), id);
    assert_true(tf_text_equal(report.text, tf_text_of(sanitised)));
    assert_string_equal(report.line.source, "");
    assert_string_equal(report.line.information, "");
    assert_string_equal(report.line.handling, "");
    assert_ok(tf_intelligence_list(scene.access, &scene.actors[CERYS], 0, scene.arena, &lines,
                                   &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_string_equal(lines[0].source, "");
    assert_string_equal(lines[0].handling, "");
    tf_intent intent = {.purpose = prevent(&scene)};
    assert_int_equal(
        tf_intelligence_share(scene.access, &scene.actors[ASHA], conditional, 2, &intent, &error),
        TF_REFUSED);
    assert_non_null(strstr(error.message, "code C"));
    assert_int_equal(
        ask_int(scene.db, "SELECT count(*) FROM intelligence_share WHERE intelligence_id = 2"), 0);
    close_scene(&scene);
}

/* An agreement ended, another came; somebody joined, somebody lost their key. */
static void sharing_again_is_under_the_agreement_and_for_the_readers_of_today(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence report;
    add_agreement(&scene);
    int64_t id = submitted_of(&scene, sanitised);
    share(&scene, id);
    int64_t before = ask_int(scene.db, "SELECT at FROM intelligence_share");
    execute(scene.db,
            "UPDATE agreement SET ended_at = 1;"
            "INSERT INTO agreement (id, title, drafted_by, lawful_basis, condition, assessment, "
            "retention_days, starts_on, review_on, created_at) VALUES (6, 'Again', 1, "
            "'law-enforcement', '', 'DPIA 8', 30, 0, 99999, 0);"
            "INSERT INTO agreement_party (agreement_id, organisation_id, gives, receives, "
            "signed_at, signed_by) VALUES (6, 1, 1, 1, 1, 'A'), (6, 2, 1, 1, 1, 'B');"
            "INSERT INTO agreement_purpose VALUES (6, 'safeguard');"
            "INSERT INTO agreement_field VALUES (6, 'intelligence', 'text');"
            "UPDATE account_role SET role = 'board-member' WHERE account_id = 5;"
            "UPDATE policy_version SET version = version + 1");
    add_account(&scene, LATER, 2, "Huw Rees", "practitioner");
    tf_intent intent = {.purpose =
                            tf_access_purpose(tf_access_get_rules(scene.access), "safeguard")};
    assert_int_equal(tf_intelligence_read(scene.access, &scene.actors[LATER], &intent, id,
                                          scene.arena, &report, &error),
                     TF_REFUSED);
    assert_ok(tf_intelligence_share(scene.access, &scene.actors[ASHA], id, 2, &intent, &error),
              &error);
    report = read_as(&scene, LATER, intent.purpose, id);
    assert_true(tf_text_equal(report.text, tf_text_of(sanitised)));
    read_as(&scene, CERYS, intent.purpose, id);
    expect_rows(scene.db, "SELECT agreement_id || ' ' || purpose FROM intelligence_share",
                "6 safeguard;");
    report = read_as(&scene, ASHA, -1, id);
    assert_int_equal(report.share_count, 1);
    assert_true(report.shares[0].at > before);
    assert_int_equal(report.shares[0].until, report.shares[0].at + 30 * INT64_C(86400000000));
    /* Nia's role reads no intelligence any more. */
    assert_int_equal(ask_int(scene.db,
                             "SELECT count(*) FROM sealed_key WHERE kind = 'intelligence' "
                             "AND account_id = 5"),
                     0);
    close_scene(&scene);
}

static void receivers_keep_it_for_as_long_as_the_agreement_says(void **state) {
    static const int64_t day = INT64_C(86400000000);
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence report;
    tf_intelligence_line *lines;
    size_t count;
    int64_t erased, due;
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor machine = tf_actor_operator(name);
    tf_intent intent = {.purpose = prevent(&scene)};
    add_agreement(&scene);
    int64_t id = submitted_of(&scene, sanitised);
    share(&scene, id);
    int64_t now = tf_instant_now();
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, now + 364 * day, &erased,
                                              &due, &error),
              &error);
    read_as(&scene, CERYS, intent.purpose, id);
    /* Opened no more from that day on, purged or not. */
    execute(scene.db, "UPDATE intelligence_share SET at = at - 366 * 86400000000");
    assert_int_equal(tf_intelligence_read(scene.access, &scene.actors[CERYS], &intent, id,
                                          scene.arena, &report, &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "kept for 365 days, and these are over"));
    assert_null(report.text.data);
    assert_ok(tf_intelligence_list(scene.access, &scene.actors[CERYS], 0, scene.arena, &lines,
                                   &count, &error),
              &error);
    assert_int_equal(count, 0);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM sealed_key WHERE account_id >= 4"), 2);
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, now, &erased, &due, &error),
              &error);
    assert_int_equal(erased, 0); /* the report itself stays its owner's */
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM sealed_key WHERE account_id >= 4"), 0);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry WHERE action = 'erase' "
                                       "AND object_id = 1 AND outcome = 'done'"),
                     1);
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, now, &erased, &due, &error),
              &error);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry WHERE action = 'erase'"),
                     1); /* once is enough */
    read_as(&scene, TOM, -1, id);
    share(&scene, id);
    read_as(&scene, CERYS, intent.purpose, id);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(sharing_needs_an_agreement_and_then_the_other_side_reads_what_it_covers),
        temporary_test(what_cannot_be_opened_is_not_shared_and_the_record_says_so),
        temporary_test(what_was_shared_leaves_the_list_with_its_agreement),
        temporary_test(a_successor_is_asked_for_the_purpose_of_giving_itself_a_report),
        temporary_test(who_may_not_share_learns_nothing_of_its_state_and_the_attempt_is_entered),
        temporary_test(without_the_grading_neither_grades_nor_conditions_are_shared),
        temporary_test(sharing_again_is_under_the_agreement_and_for_the_readers_of_today),
        temporary_test(receivers_keep_it_for_as_long_as_the_agreement_says),
    };
    return cmocka_run_group_tests_name("intelligence shared", tests, NULL, NULL);
}

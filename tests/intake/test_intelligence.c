#include "intelligence_scene.h"

static void a_draft_is_changed_submitted_and_then_stays(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_actor *asha = &scene.actors[ASHA];
    int64_t response = send_full(&scene);
    int64_t id = draft_of(&scene, response, 0, "first words");
    tf_intelligence_form form = form_of(sanitised);
    form.handling = tf_text_of("C");
    assert_int_equal(tf_intelligence_change(scene.access, asha, id, &form, &error), TF_BAD_INPUT);
    form.conditions = tf_text_of("Not to be shown to the person named");
    assert_ok(tf_intelligence_change(scene.access, asha, id, &form, &error), &error);
    assert_ok(tf_intelligence_submit(scene.access, asha, id, &error), &error);
    assert_int_equal(tf_intelligence_change(scene.access, asha, id, &form, &error), TF_BAD_INPUT);
    assert_int_equal(tf_intelligence_submit(scene.access, asha, id, &error), TF_BAD_INPUT);
    tf_intelligence report = read_as(&scene, TOM, -1, id);
    assert_true(tf_text_equal(report.text, tf_text_of(sanitised)));
    assert_true(tf_text_equal(report.conditions, form.conditions));
    assert_string_equal(report.line.handling, "C");
    assert_string_equal(report.line.author, "Asha Patel");
    assert_int_equal(report.line.response_id, response);
    assert_true(report.line.is_submitted);
    assert_false(disk_holds(state, "boathouse"));
    assert_false(disk_holds(state, "first words"));
    assert_false(disk_holds(state, "Seen in passing"));
    execute(scene.db, "VACUUM");
    assert_false(disk_holds(state, "boathouse"));
    close_scene(&scene);
}

static void a_correction_is_a_later_report_and_the_earlier_one_says_so(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence_form form = form_of("again");
    int64_t ignored;
    int64_t first = draft_of(&scene, 0, 0, "first");
    assert_int_equal(
        tf_intelligence_draft(scene.access, &scene.actors[ASHA], 0, first, &form, &ignored, &error),
        TF_BAD_INPUT); /* of a draft */
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], first, &error), &error);
    int64_t second = draft_of(&scene, 0, first, "second");
    assert_int_equal(read_as(&scene, ASHA, -1, first).line.corrected_by_id, 0);
    assert_int_equal(
        tf_intelligence_draft(scene.access, &scene.actors[ASHA], 0, first, &form, &ignored, &error),
        TF_BAD_INPUT); /* twice */
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], second, &error), &error);
    assert_int_equal(read_as(&scene, ASHA, -1, first).line.corrected_by_id, second);
    tf_intelligence report = read_as(&scene, ASHA, -1, second);
    assert_int_equal(report.line.corrects_id, first);
    assert_int_equal(report.line.version, 2);
    close_scene(&scene);
}

static void grades_and_texts_are_checked(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t id;
    tf_intelligence_form good = form_of("x");
    tf_intelligence_form bad[5];
    for (size_t i = 0; i < 5; i++) {
        bad[i] = good;
    }
    bad[0].source = tf_text_of("4");
    bad[1].information = tf_text_of("F");
    bad[2].handling = tf_text_of("");
    bad[3].text = tf_text_of(" \n");
    bad[4].provenance = tf_text_of("\xFF");
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(
            tf_intelligence_draft(scene.access, &scene.actors[ASHA], 0, 0, &bad[i], &id, &error),
            TF_BAD_INPUT);
    }
    assert_int_equal(
        tf_intelligence_draft(scene.access, &scene.actors[0], 0, 0, &good, &id, &error),
        TF_REFUSED);
    assert_int_equal(
        tf_intelligence_draft(scene.access, &scene.actors[ASHA], 99, 0, &good, &id, &error),
        TF_NOT_FOUND);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM intelligence"), 0);
    close_scene(&scene);
}

static void what_tells_who_the_sender_is_is_found(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t response = send_full(&scene);
    tf_intelligence_form form =
        form_of("Mrs PRENDERGAST, on +44 (0)1632-960-987, or wilma@example.org, says so; ask "
                "Prendergastson or desk@example.com.");
    form.provenance = tf_text_of("told by Wilhelmina");
    tf_identity_check check;
    assert_ok(tf_intelligence_check(scene.access, &scene.actors[ASHA], response, &form, scene.arena,
                                    &check, &error),
              &error);
    static const char *const expected[] = {"the sender's name|the text|PRENDERGAST",
                                           "the sender's telephone number|the text|1632-960-987",
                                           "the sender's e-mail address|the text|wilma@example.org",
                                           "an e-mail address|the text|desk@example.com",
                                           "the sender's name|the provenance|by Wilhelmina"};
    assert_int_equal(check.count, 5);
    assert_false(check.needs_officer);
    for (size_t i = 0; i < 5; i++) {
        char what[64];
        char where[64];
        char excerpt[64];
        assert_int_equal(sscanf(expected[i], "%63[^|]|%63[^|]|%63[^|]", what, where, excerpt), 3);
        assert_string_equal(check.warnings[i].what, what);
        assert_string_equal(check.warnings[i].where, where);
        assert_non_null(strstr(check.warnings[i].excerpt, excerpt));
    }
    form = form_of(sanitised);
    assert_ok(tf_intelligence_check(scene.access, &scene.actors[ASHA], response, &form, scene.arena,
                                    &check, &error),
              &error);
    assert_int_equal(check.count, 0);
    close_scene(&scene);
}

static void a_list_has_the_own_and_what_was_shared(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t response = send_full(&scene);
    int64_t first = draft_of(&scene, response, 0, "one");
    int64_t second = draft_of(&scene, 0, 0, "two");
    tf_intelligence_line *lines;
    size_t count;
    tf_actor *cerys = &scene.actors[CERYS];
    assert_ok(tf_intelligence_list(scene.access, cerys, 0, scene.arena, &lines, &count, &error),
              &error);
    assert_int_equal(count, 0);
    add_agreement(&scene);
    tf_intent intent = {.purpose = prevent(&scene)};
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], first, &error), &error);
    assert_ok(tf_intelligence_share(scene.access, &scene.actors[ASHA], first, 2, &intent, &error),
              &error);
    assert_ok(tf_intelligence_list(scene.access, cerys, 0, scene.arena, &lines, &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_int_equal(lines[0].id, first);
    assert_int_equal(lines[0].response_id, 0);
    assert_ok(tf_intelligence_list(scene.access, &scene.actors[TOM], 0, scene.arena, &lines, &count,
                                   &error),
              &error);
    assert_int_equal(count, 2);
    assert_int_equal(lines[0].id, second);
    assert_ok(tf_intelligence_list(scene.access, &scene.actors[TOM], response, scene.arena, &lines,
                                   &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_int_equal(lines[0].id, first);
    close_scene(&scene);
}

static void what_a_review_does_not_keep_is_erased_and_leaves_a_tombstone(void **state) {
    static const int64_t day = INT64_C(86400000000);
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence report;
    tf_intelligence_line *lines;
    size_t count;
    int64_t erased, due;
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor machine = tf_actor_operator(name);
    tf_actor *asha = &scene.actors[ASHA];
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_int_equal(tf_intelligence_keep(scene.access, asha, id, "other", &error), TF_BAD_INPUT);
    assert_ok(tf_intelligence_submit(scene.access, asha, id, &error), &error);
    report = read_as(&scene, ASHA, -1, id);
    int64_t submitted = report.line.submitted_at;
    assert_string_equal(report.line.retention, "other");
    assert_int_equal(report.line.review_at, submitted + 2192 * day); /* six years */
    assert_false(tf_intelligence_is_due(&report.line, submitted + 2192 * day - 1));
    assert_true(tf_intelligence_is_due(&report.line, submitted + 2192 * day));
    /* What is due is told, and not erased by itself. */
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, submitted + 2192 * day,
                                              &erased, &due, &error),
              &error);
    assert_int_equal(erased, 0);
    assert_int_equal(due, 1);
    assert_int_equal(tf_intelligence_keep(scene.access, asha, id, "never", &error), TF_BAD_INPUT);
    assert_int_equal(tf_intelligence_dispose(scene.access, &scene.actors[CERYS], id, &error),
                     TF_REFUSED);
    /* Not kept, kept after all for ten years, and in the end not. */
    assert_ok(tf_intelligence_dispose(scene.access, asha, id, &error), &error);
    assert_ok(tf_intelligence_keep(scene.access, asha, id, "serious", &error), &error);
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, submitted + 2192 * day,
                                              &erased, &due, &error),
              &error);
    assert_int_equal(erased, 0);
    assert_int_equal(due, 0);
    assert_ok(tf_intelligence_dispose(scene.access, asha, id, &error), &error);
    assert_int_equal(tf_retention_purge_intelligence(scene.access, &scene.actors[PRAVIN], submitted,
                                                     &erased, &due, &error),
                     TF_REFUSED);
    assert_int_equal(erased, 0);
    assert_ok(
        tf_retention_purge_intelligence(scene.access, &machine, submitted, &erased, &due, &error),
        &error);
    assert_int_equal(erased, 1);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM sealed_key"), 0);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM intelligence WHERE content IS NULL"),
                     1);
    report = read_as(&scene, ASHA, -1, id);
    assert_int_equal(report.line.erased_at, submitted);
    assert_null(report.text.data);
    assert_ok(tf_intelligence_list(scene.access, asha, 0, scene.arena, &lines, &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_int_equal(tf_intelligence_keep(scene.access, asha, id, "other", &error), TF_BAD_INPUT);
    expect_rows(scene.db,
                "SELECT account_id || ' ' || detail FROM audit_entry WHERE action = 'erase' "
                "AND category = 'intelligence' AND outcome = 'done' ORDER BY id",
                "1 review: not kept;1 review: not kept;0 retention;");
    close_scene(&scene);
}

static void a_successor_lists_what_its_predecessor_wrote(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence_line *lines;
    size_t count;
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], id, &error), &error);
    execute(scene.db, "UPDATE organisation SET ended_on = 99, successor_id = 2 WHERE id = 1;"
                      "UPDATE policy_version SET version = version + 1");
    assert_ok(tf_intelligence_list(scene.access, &scene.actors[CERYS], 0, scene.arena, &lines,
                                   &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_string_equal(lines[0].author, "Asha Patel"); /* as of its own */
    close_scene(&scene);
}

/* ---- what is shown of one ---- */

static void provenance_is_seen_by_who_drafts_or_corrects_and_nobody_else(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence report;
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_non_null(read_as(&scene, TOM, -1, id).provenance.data);
    assert_null(read_as(&scene, PRAVIN, -1, id).provenance.data);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[ASHA], id, &error), &error);
    assert_null(read_as(&scene, ASHA, -1, id).provenance.data);
    assert_ok(
        tf_intelligence_start(scene.access, &scene.actors[ASHA], id, scene.arena, &report, &error),
        &error);
    assert_true(tf_text_equal(report.provenance, tf_text_of("Seen in passing by a resident")));
    expect_rows(scene.db,
                "SELECT detail FROM audit_entry WHERE action = 'consult' AND object_id = 1 "
                "ORDER BY id DESC LIMIT 1",
                "to correct it;");
    assert_int_equal(tf_intelligence_start(scene.access, &scene.actors[PRAVIN], id, scene.arena,
                                           &report, &error),
                     TF_REFUSED);
    assert_null(report.text.data);
    close_scene(&scene);
}

/* ---- drafts ---- */

static const int64_t day = INT64_C(86400000000);

/* A report that was handed to Pravin, and his draft of it. */
static int64_t draft_of_a_practitioner(report_scene *scene, int64_t response, const char *text) {
    tf_error error;
    int64_t id;
    tf_intelligence_form form = form_of(text);
    assert_ok(tf_triage_hand_over(scene->access, &scene->actors[ASHA], response, PRAVIN, &error),
              &error);
    assert_ok(tf_intelligence_draft(scene->access, &scene->actors[PRAVIN], response, 0, &form, &id,
                                    &error),
              &error);
    return id;
}

/* What somebody who may not see the sender tries tells them nothing, whatever it holds. */
static void no_text_tells_by_trial_who_the_sender_is(void **state) {
    static const char *const tries[] = {"Wilhelmina Prendergast, 01632 960987", "Somebody Else"};
    report_scene scene = open_scene(state);
    tf_error error;
    tf_actor *pravin = &scene.actors[PRAVIN];
    int64_t response = send_full(&scene);
    int64_t id = draft_of_a_practitioner(&scene, response, sanitised);
    for (size_t i = 0; i < 2; i++) {
        tf_intelligence_form form = form_of(tries[i]);
        tf_identity_check check;
        assert_ok(tf_intelligence_check(scene.access, pravin, response, &form, scene.arena, &check,
                                        &error),
                  &error);
        assert_int_equal(check.count, 0);
        assert_true(check.needs_officer);
        assert_ok(tf_intelligence_change(scene.access, pravin, id, &form, &error), &error);
        assert_int_equal(tf_intelligence_submit(scene.access, pravin, id, &error), TF_REFUSED);
    }
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry WHERE detail LIKE "
                                       "'to check%'"),
                     0);
    /* An address of anybody is found in the text itself. */
    tf_intelligence_form form = form_of("write to desk@example.com");
    tf_identity_check check;
    assert_ok(
        tf_intelligence_check(scene.access, pravin, response, &form, scene.arena, &check, &error),
        &error);
    assert_int_equal(check.count, 1);
    assert_string_equal(check.warnings[0].what, "an e-mail address");
    close_scene(&scene);
}

/* An analyst may submit, but not what nobody has compared with its sender. */
static void a_draft_of_a_report_is_submitted_by_who_may_see_its_sender(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    add_account(&scene, LATER, 1, "Lena Ortiz", "analyst");
    int64_t response = send_full(&scene);
    int64_t id = draft_of_a_practitioner(&scene, response, "Wilhelmina saw it");
    assert_int_equal(tf_intelligence_submit(scene.access, &scene.actors[LATER], id, &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "ask an intake officer"));
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[TOM], id, &error), &error);
    int64_t other = draft_of(&scene, 0, 0, sanitised);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[LATER], other, &error), &error);
    /* Nor is that so of a correction, which is of the same report. */
    tf_intelligence_form form = form_of(sanitised);
    int64_t correction;
    assert_ok(tf_intelligence_draft(scene.access, &scene.actors[LATER], 0, id, &form, &correction,
                                    &error),
              &error);
    assert_int_equal(read_as(&scene, LATER, -1, correction).line.response_id, response);
    assert_int_equal(tf_intelligence_submit(scene.access, &scene.actors[LATER], correction, &error),
                     TF_REFUSED);
    /* Without the key of the report it cannot be compared either. */
    int64_t third = draft_of(&scene, response, 0, sanitised);
    execute(scene.db, "DELETE FROM sealed_key WHERE kind = 'response' AND account_id = 2");
    assert_int_equal(tf_intelligence_submit(scene.access, &scene.actors[TOM], third, &error),
                     TF_REFUSED);
    close_scene(&scene);
}

static void an_author_works_on_the_own_draft_and_leaves_submitting_to_others(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence report;
    tf_intelligence_line *lines;
    size_t count;
    int64_t id;
    add_account(&scene, LATER, 1, "Maya Lindqvist", "school-safeguarding-lead");
    tf_actor *maya = &scene.actors[LATER];
    tf_intelligence_form form = form_of("first");
    int64_t others = draft_of(&scene, 0, 0, sanitised);
    assert_ok(tf_intelligence_draft(scene.access, maya, 0, 0, &form, &id, &error), &error);
    form = form_of("second");
    assert_ok(tf_intelligence_change(scene.access, maya, id, &form, &error), &error);
    report = read_as(&scene, LATER, -1, id);
    assert_true(tf_text_equal(report.text, tf_text_of("second")));
    assert_non_null(report.provenance.data);
    assert_int_equal(report.line.author_id, LATER);
    assert_int_equal(tf_intelligence_change(scene.access, maya, others, &form, &error), TF_REFUSED);
    assert_int_equal(tf_intelligence_dispose(scene.access, maya, others, &error), TF_REFUSED);
    assert_ok(tf_intelligence_list(scene.access, maya, 0, scene.arena, &lines, &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_int_equal(lines[0].id, id);
    assert_int_equal(tf_intelligence_submit(scene.access, maya, id, &error), TF_REFUSED);
    assert_ok(tf_intelligence_submit(scene.access, &scene.actors[TOM], id, &error), &error);
    assert_int_equal(
        tf_intelligence_read(scene.access, maya, NULL, id, scene.arena, &report, &error),
        TF_REFUSED); /* it is the organisation's now */
    assert_int_equal(tf_intelligence_draft(scene.access, maya, 0, id, &form, &id, &error),
                     TF_REFUSED); /* and to be corrected by others */
    close_scene(&scene);
}

static void a_draft_that_nobody_could_submit_is_not_taken(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t id;
    tf_intelligence_form form = form_of(sanitised);
    execute(scene.db, "UPDATE account SET state = 'suspended' WHERE id = 4"); /* Cerys */
    assert_int_equal(
        tf_intelligence_draft(scene.access, &scene.actors[NIA], 0, 0, &form, &id, &error),
        TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "submit it"));
    close_scene(&scene);
}

static void a_draft_is_discarded_and_one_that_nobody_submits_does_not_stay(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t erased, due;
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor machine = tf_actor_operator(name);
    tf_actor *asha = &scene.actors[ASHA];
    tf_intelligence_form form = form_of("third");
    int64_t kept = submitted_of(&scene, sanitised);
    int64_t discarded = draft_of(&scene, 0, 0, "first");
    int64_t taken_up = draft_of(&scene, 0, 0, "second");
    int64_t correction = draft_of(&scene, 0, kept, "fourth");
    assert_ok(tf_intelligence_dispose(scene.access, asha, discarded, &error), &error);
    assert_ok(tf_intelligence_dispose(scene.access, asha, taken_up, &error), &error);
    assert_ok(tf_intelligence_change(scene.access, asha, taken_up, &form, &error), &error);
    expect_rows(scene.db,
                "SELECT DISTINCT action || ' ' || detail FROM audit_entry WHERE detail = "
                "'draft discarded'",
                "erase draft discarded;");
    int64_t now = tf_instant_now();
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, now, &erased, &due, &error),
              &error);
    assert_int_equal(erased, 1);
    assert_true(read_as(&scene, ASHA, -1, discarded).line.erased_at > 0);
    assert_int_equal(tf_intelligence_change(scene.access, asha, discarded, &form, &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_intelligence_submit(scene.access, asha, discarded, &error), TF_BAD_INPUT);
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, now + 89 * day, &erased, &due,
                                              &error),
              &error);
    assert_int_equal(erased, 0);
    assert_ok(tf_retention_purge_intelligence(scene.access, &machine, now + 90 * day, &erased, &due,
                                              &error),
              &error);
    assert_int_equal(erased, 2);
    assert_true(read_as(&scene, ASHA, -1, correction).line.erased_at > 0);
    assert_int_equal(read_as(&scene, ASHA, -1, kept).line.erased_at, 0);
    draft_of(&scene, 0, kept, "a correction can be made anew");
    close_scene(&scene);
}

static void all_that_is_wrong_with_a_form_is_found_at_once(void **state) {
    report_scene scene = open_scene(state);
    tf_intelligence_faults faults;
    tf_intelligence_form form = {.handling = tf_text_of("C"), .provenance = tf_text_of("\xFF")};
    assert_true(tf_intelligence_find_faults(scene.access, &form, &faults));
    assert_non_null(faults.source);
    assert_non_null(faults.information);
    assert_null(faults.handling);
    assert_non_null(faults.text);
    assert_non_null(faults.conditions);
    assert_non_null(faults.provenance);
    form = form_of("x");
    assert_false(tf_intelligence_find_faults(scene.access, &form, &faults));
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_draft_is_changed_submitted_and_then_stays),
        temporary_test(a_correction_is_a_later_report_and_the_earlier_one_says_so),
        temporary_test(grades_and_texts_are_checked),
        temporary_test(what_tells_who_the_sender_is_is_found),
        temporary_test(a_list_has_the_own_and_what_was_shared),
        temporary_test(what_a_review_does_not_keep_is_erased_and_leaves_a_tombstone),
        temporary_test(a_successor_lists_what_its_predecessor_wrote),
        temporary_test(provenance_is_seen_by_who_drafts_or_corrects_and_nobody_else),
        temporary_test(no_text_tells_by_trial_who_the_sender_is),
        temporary_test(a_draft_of_a_report_is_submitted_by_who_may_see_its_sender),
        temporary_test(an_author_works_on_the_own_draft_and_leaves_submitting_to_others),
        temporary_test(a_draft_that_nobody_could_submit_is_not_taken),
        temporary_test(a_draft_is_discarded_and_one_that_nobody_submits_does_not_stay),
        temporary_test(all_that_is_wrong_with_a_form_is_found_at_once),
    };
    return cmocka_run_group_tests_name("intelligence", tests, NULL, NULL);
}

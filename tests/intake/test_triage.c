#include "report_scene.h"

static tf_queue queue_of(report_scene *scene, int account, tf_queue_part part) {
    tf_error error;
    tf_queue queue;
    assert_ok(tf_triage_queue(scene->access, &scene->actors[account], NULL, 0, part, 0, 50,
                              scene->arena, &queue, &error),
              &error);
    return queue;
}

static int64_t send_about(report_scene *scene, const char *what, const char *details,
                          const char *where) {
    tf_answers answers = new_answers(scene);
    char code[TF_RECEIPT_SIZE];
    ANSWER(scene, &answers, "what", what);
    if (strcmp(what, "child") == 0) {
        ANSWER(scene, &answers, "child_danger", "now");
    }
    ANSWER(scene, &answers, "details", details);
    if (where) {
        ANSWER(scene, &answers, "where", where, "", "", "coarse");
    }
    ANSWER(scene, &answers, "when", "unsure");
    ANSWER(scene, &answers, "safe", "no");
    return send_report(scene, &answers, code);
}

static void the_most_urgent_comes_first_then_the_oldest(void **state) {
    report_scene scene = open_scene(state);
    int64_t other = send_about(&scene, "other", "a", NULL);
    int64_t first_line = send_about(&scene, "line", "b", NULL);
    int64_t child = send_about(&scene, "child", "c", NULL);
    int64_t second_line = send_about(&scene, "line", "d", NULL);
    tf_queue queue = queue_of(&scene, ASHA, TF_QUEUE_OPEN);
    assert_int_equal(queue.total, 4);
    assert_int_equal(queue.count, 4);
    assert_int_equal(queue.lines[0].id, child);
    assert_string_equal(queue.lines[0].urgency_title, "A child in danger now");
    assert_string_equal(queue.lines[0].kinds, "A child or young person is at risk");
    assert_true(queue.lines[0].can_open);
    assert_int_equal(queue.lines[1].id, first_line);
    assert_int_equal(queue.lines[2].id, second_line);
    assert_int_equal(queue.lines[3].id, other);
    assert_int_equal(queue_of(&scene, TOM, TF_QUEUE_MINE).total, 0);
    close_scene(&scene);
}

static void a_clock_runs_until_somebody_has_looked(void **state) {
    report_scene scene = open_scene(state);
    int64_t id = send_about(&scene, "child", "c", NULL);
    assert_false(queue_of(&scene, ASHA, TF_QUEUE_OPEN).lines[0].is_overdue);
    execute(scene.db, "UPDATE response SET due_at = received_at - 1");
    tf_queue queue = queue_of(&scene, ASHA, TF_QUEUE_OPEN);
    assert_true(queue.lines[0].is_overdue);
    assert_int_equal(queue.overdue_count, 1);
    open_report(&scene, ASHA, id);
    queue = queue_of(&scene, ASHA, TF_QUEUE_OPEN);
    assert_false(queue.lines[0].is_overdue);
    assert_int_equal(queue.overdue_count, 0);
    close_scene(&scene);
}

static void pages_of_the_queue_cover_it(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    for (int i = 0; i < 7; i++) {
        send_about(&scene, "line", "x", NULL);
    }
    int64_t expected = 1;
    for (int64_t first = 0; first < 9; first += 3) {
        tf_queue queue;
        assert_ok(tf_triage_queue(scene.access, &scene.actors[ASHA], NULL, 0, TF_QUEUE_OPEN, first,
                                  3, scene.arena, &queue, &error),
                  &error);
        assert_int_equal(queue.total, 7);
        for (size_t i = 0; i < queue.count; i++) {
            assert_int_equal(queue.lines[i].id, expected++);
        }
    }
    assert_int_equal(expected, 8);
    close_scene(&scene);
}

static void claiming_handing_over_and_closing_follow_one_another(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t id = send_about(&scene, "line", "x", NULL);
    tf_actor *asha = &scene.actors[ASHA];
    tf_actor *tom = &scene.actors[TOM];
    assert_ok(tf_triage_claim(scene.access, asha, id, &error), &error);
    assert_ok(tf_triage_claim(scene.access, asha, id, &error), &error);
    assert_int_equal(tf_triage_claim(scene.access, tom, id, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "hand it over"));
    assert_int_equal(queue_of(&scene, ASHA, TF_QUEUE_MINE).total, 1);
    assert_ok(tf_triage_hand_over(scene.access, asha, id, TOM, &error), &error);
    assert_int_equal(queue_of(&scene, ASHA, TF_QUEUE_MINE).total, 0);
    tf_queue queue = queue_of(&scene, TOM, TF_QUEUE_MINE);
    assert_string_equal(queue.lines[0].claimed_name, "Tom Hughes");
    assert_int_equal(queue.lines[0].state, TF_REPORT_CLAIMED);
    assert_int_equal(tf_triage_close(scene.access, tom, id, tf_text_of("bored"), &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_triage_reopen(scene.access, tom, id, &error), TF_BAD_INPUT);
    assert_ok(tf_triage_close(scene.access, tom, id, tf_text_of("too-little"), &error), &error);
    assert_int_equal(tf_triage_close(scene.access, tom, id, tf_text_of("too-little"), &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_triage_claim(scene.access, tom, id, &error), TF_BAD_INPUT);
    assert_int_equal(tf_triage_ask(scene.access, tom, id, tf_text_of("?"), &error), TF_BAD_INPUT);
    assert_string_equal(open_report(&scene, ASHA, id).outcome, "Not enough to act on");
    assert_int_equal(queue_of(&scene, ASHA, TF_QUEUE_CLOSED).total, 1);
    assert_ok(tf_triage_reopen(scene.access, asha, id, &error), &error);
    assert_int_equal(queue_of(&scene, ASHA, TF_QUEUE_MINE).total, 1);
    assert_int_equal(tf_triage_claim(scene.access, asha, 99, &error), TF_NOT_FOUND);
    close_scene(&scene);
}

static void a_practitioner_sees_what_was_handed_over_but_not_who_sent_it(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_report report;
    tf_answers answers = full_answers(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    tf_actor *pravin = &scene.actors[PRAVIN];
    assert_int_equal(
        tf_triage_open(scene.access, pravin, NULL, id, true, scene.arena, &report, &error),
        TF_REFUSED);
    assert_ok(tf_triage_hand_over(scene.access, &scene.actors[ASHA], id, PRAVIN, &error), &error);
    report = open_report(&scene, PRAVIN, id);
    assert_string_equal(answer_of(&report, "What have you seen or heard?"), secret_details);
    assert_null(answer_of(&report, "How can we contact you?"));
    assert_int_equal(report.hidden_count, 2);
    assert_int_equal(report.hint_count, 0);
    assert_false(report.shows_messages);
    assert_int_equal(queue_of(&scene, PRAVIN, TF_QUEUE_MINE).total, 1);
    tf_queue queue;
    assert_int_equal(tf_triage_queue(scene.access, pravin, NULL, 0, TF_QUEUE_OPEN, 0, 10,
                                     scene.arena, &queue, &error),
                     TF_REFUSED);
    close_scene(&scene);
}

/* Both may name the sender, and a message that nobody has seen stays new. */
static void messages_and_notes_are_not_shown_to_who_does_not_see_the_sender(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_answers answers = full_answers(&scene);
    char code[TF_RECEIPT_SIZE];
    tf_letter_fault fault;
    int64_t id = send_report(&scene, &answers, code);
    tf_actor *asha = &scene.actors[ASHA];
    tf_actor *pravin = &scene.actors[PRAVIN];
    assert_ok(tf_triage_note(scene.access, asha, id, tf_text_of("caller is Wilhelmina"), &error),
              &error);
    assert_ok(tf_receipt_write(scene.access, tf_text_of(code), tf_text_of("Ring me, Wilma"), &fault,
                               &error),
              &error);
    assert_ok(tf_triage_hand_over(scene.access, asha, id, PRAVIN, &error), &error);
    tf_report report = open_report(&scene, PRAVIN, id);
    assert_int_equal(report.entry_count, 0);
    assert_int_equal(report.line.new_letters, 1);
    assert_int_equal(tf_triage_ask(scene.access, pravin, id, tf_text_of("Who?"), &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "ask an intake officer"));
    assert_ok(tf_triage_note(scene.access, pravin, id, tf_text_of("went there"), &error), &error);
    report = open_report(&scene, PRAVIN, id);
    assert_int_equal(report.entry_count, 1);
    assert_true(tf_text_equal(report.entries[0].text, tf_text_of("went there")));
    report = open_report(&scene, TOM, id);
    assert_true(report.shows_messages);
    assert_int_equal(report.entry_count, 3);
    assert_true(report.entries[1].is_new);
    close_scene(&scene);
}

static void another_organisation_sees_nothing_without_an_agreement(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_report report;
    tf_answers answers = full_answers(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    tf_actor *cerys = &scene.actors[CERYS];
    assert_int_equal(
        tf_triage_open(scene.access, cerys, NULL, id, true, scene.arena, &report, &error),
        TF_REFUSED);
    assert_non_null(strstr(error.message, "Arden Police"));
    assert_int_equal(tf_triage_claim(scene.access, cerys, id, &error), TF_REFUSED);
    assert_int_equal(tf_triage_note(scene.access, cerys, id, tf_text_of("x"), &error), TF_REFUSED);
    assert_int_equal(tf_triage_hand_over(scene.access, &scene.actors[ASHA], id, CERYS, &error),
                     TF_REFUSED);
    assert_int_equal(tf_triage_add_reader(scene.access, &scene.actors[ASHA], id, CERYS, &error),
                     TF_REFUSED);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM sealed_key WHERE account_id = 4"), 0);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry WHERE account_id = 4 "
                                       "AND outcome = 'refused'"),
                     3);
    /* The public, of course, neither. */
    assert_int_equal(tf_triage_open(scene.access, &scene.actors[0], NULL, id, true, scene.arena,
                                    &report, &error),
                     TF_REFUSED);
    close_scene(&scene);
}

enum { GWEN = 5 };

static void a_new_colleague_is_told_whom_to_ask_and_can_be_added_to_all(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_report report;
    int64_t first = send_about(&scene, "line", "x", NULL);
    int64_t second = send_about(&scene, "line", "y", NULL);
    int64_t closed = send_about(&scene, "line", "z", NULL);
    tf_actor *asha = &scene.actors[ASHA];
    assert_ok(tf_triage_close(scene.access, asha, closed, tf_text_of("known"), &error), &error);
    execute(scene.db, "DELETE FROM account_role WHERE account_id = 5;"
                      "DELETE FROM account WHERE id = 5");
    add_account(&scene, GWEN, 1, "Gwen Moss", "intake-officer");
    assert_int_equal(tf_triage_open(scene.access, &scene.actors[GWEN], NULL, first, true,
                                    scene.arena, &report, &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "ask Asha Patel or Tom Hughes to add you"));
    expect_rows(scene.db, "SELECT outcome || ' ' || detail FROM audit_entry WHERE account_id = 5",
                "refused this was sealed before you were among its readers, so your key does not "
                "open it; ask Asha Patel or Tom Hughes to add you;");
    assert_int_equal(tf_triage_claim(scene.access, &scene.actors[GWEN], first, &error), TF_REFUSED);
    assert_false(queue_of(&scene, GWEN, TF_QUEUE_OPEN).lines[0].can_open);

    assert_ok(tf_triage_add_reader(scene.access, asha, first, GWEN, &error), &error);
    open_report(&scene, GWEN, first);
    int64_t count;
    assert_ok(tf_triage_count_missing(scene.access, asha, GWEN, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_ok(tf_triage_share_all(scene.access, asha, GWEN, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_int_equal(
        tf_triage_count_missing(scene.access, &scene.actors[PRAVIN], GWEN, &count, &error),
        TF_REFUSED);
    open_report(&scene, GWEN, second);
    assert_ok(tf_triage_share_all(scene.access, asha, GWEN, &count, &error), &error);
    assert_int_equal(count, 0);
    assert_int_equal(tf_triage_open(scene.access, &scene.actors[GWEN], NULL, closed, true,
                                    scene.arena, &report, &error),
                     TF_REFUSED);
    expect_rows(scene.db,
                "SELECT object_id || ' ' || recipients FROM audit_entry "
                "WHERE action = 'disclose'",
                "1 Gwen Moss;0 Gwen Moss;2 Gwen Moss;0 Gwen Moss;");
    tf_colleague *colleagues;
    size_t colleague_count;
    assert_ok(tf_triage_colleagues(scene.access, asha, scene.arena, &colleagues, &colleague_count,
                                   &error),
              &error);
    assert_int_equal(colleague_count, 2);
    close_scene(&scene);
}

static void what_was_moved_to_another_row_is_not_taken_for_it(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_report report;
    int64_t first = send_about(&scene, "line", "x", NULL);
    send_about(&scene, "line", "y", NULL);
    execute(scene.db, "UPDATE response SET content = (SELECT content FROM response WHERE id = 2) "
                      "WHERE id = 1");
    assert_int_equal(tf_triage_open(scene.access, &scene.actors[ASHA], NULL, first, true,
                                    scene.arena, &report, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "changed"));
    close_scene(&scene);
}

/* ---- hints ---- */

static void a_hint_says_why_and_is_not_stored(void **state) {
    report_scene scene = open_scene(state);
    int64_t telephone = send_about(&scene, "other", "he answers on 07700-900123 at night", NULL);
    int64_t plate = send_about(&scene, "other", "a grey van ab12cde", NULL);
    int64_t place = send_about(&scene, "line", "noise", "the Old Dairy");
    send_about(&scene, "other", "nothing to do with it, 01632 960999", "Elsewhere");
    int64_t id =
        send_about(&scene, "line", "call +44 7700 900123, drives AB12 CDE", "The old  dairy!");
    tf_report report = open_report(&scene, ASHA, id);
    assert_int_equal(report.hint_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const tf_report_hint *hint = &report.hints[i];
        assert_string_equal(hint->why, hint->id == telephone ? "the same telephone number"
                                       : hint->id == plate   ? "the same number plate"
                                       : hint->id == place
                                           ? "the same kind, near the same place, within 30 days"
                                           : "");
    }
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry WHERE action = 'combine' "
                                       "AND object_id = 5"),
                     1);
    assert_false(disk_holds(state, "same telephone"));
    close_scene(&scene);
}

static void what_the_officer_cannot_open_gives_no_hint(void **state) {
    report_scene scene = open_scene(state);
    send_about(&scene, "other", "07700 900123", NULL);
    int64_t id = send_about(&scene, "other", "07700 900123", NULL);
    assert_int_equal(open_report(&scene, ASHA, id).hint_count, 1);
    execute(scene.db, "DELETE FROM sealed_key WHERE account_id = 1 AND object_id = 1");
    assert_int_equal(open_report(&scene, ASHA, id).hint_count, 0);
    close_scene(&scene);
}

/* "what" is not among the fields that are shared, so the queue does not tell it either. */
static void the_queue_of_others_shows_what_the_agreement_covers(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_queue queue;
    add_agreement(&scene);
    execute(scene.db, "INSERT INTO agreement_field VALUES (5, 'concern', 'where')");
    send_about(&scene, "line", "x", NULL);
    tf_intent intent = {.purpose =
                            tf_access_purpose(tf_access_get_rules(scene.access), "prevent-crime")};
    assert_ok(tf_triage_queue(scene.access, &scene.actors[CERYS], &intent, 1, TF_QUEUE_OPEN, 0, 10,
                              scene.arena, &queue, &error),
              &error);
    assert_int_equal(queue.count, 1);
    assert_string_equal(queue.lines[0].kinds, "");
    assert_true(strlen(queue_of(&scene, ASHA, TF_QUEUE_OPEN).lines[0].kinds) > 0);
    close_scene(&scene);
}

static void a_refusal_after_the_decision_is_entered_as_one(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    int64_t id = send_about(&scene, "line", "x", NULL);
    assert_int_equal(tf_triage_hand_over(scene.access, &scene.actors[ASHA], id, CERYS, &error),
                     TF_REFUSED);
    assert_int_equal(tf_triage_hand_over(scene.access, &scene.actors[CERYS], id, TOM, &error),
                     TF_REFUSED);
    execute(scene.db, "DELETE FROM sealed_key WHERE account_id = 2");
    assert_int_equal(tf_triage_claim(scene.access, &scene.actors[TOM], id, &error), TF_REFUSED);
    expect_rows(
        scene.db,
        "SELECT account_id || '|' || outcome FROM audit_entry WHERE action = 'alter' ORDER BY id",
        "1|refused;4|refused;2|refused;");
    close_scene(&scene);
}

static void who_asks_for_colleagues_is_asked_who_they_are(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_colleague *colleagues;
    size_t count;
    assert_ok(tf_triage_colleagues(scene.access, &scene.actors[ASHA], scene.arena, &colleagues,
                                   &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_int_equal(tf_triage_colleagues(scene.access, &scene.actors[0], scene.arena, &colleagues,
                                          &count, &error),
                     TF_REFUSED);
    expect_rows(scene.db,
                "SELECT account_id || '|' || outcome FROM audit_entry WHERE category = 'account' "
                "ORDER BY id",
                "1|done;0|refused;");
    close_scene(&scene);
}

static void reports_go_to_the_successor_when_their_organisation_ends(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_report report;
    tf_queue queue;
    tf_colleague *colleagues;
    size_t count;
    int64_t shared = 0;
    char code[TF_RECEIPT_SIZE];
    execute(scene.db, "INSERT INTO setting VALUES ('report-organisation', '2')");
    tf_answers answers = full_answers(&scene);
    int64_t id = send_report(&scene, &answers, code); /* the council's, and sealed to Cerys */
    assert_ok(tf_triage_colleagues(scene.access, &scene.actors[CERYS], scene.arena, &colleagues,
                                   &count, &error),
              &error);
    assert_int_equal(count, 0);
    assert_int_equal(tf_triage_share_all(scene.access, &scene.actors[CERYS], ASHA, &shared, &error),
                     TF_REFUSED);
    /* It is going to end, and the police are going to carry on. */
    execute(scene.db, "UPDATE organisation SET ended_on = 99999, successor_id = 1 WHERE id = 2;"
                      "UPDATE policy_version SET version = version + 1");
    assert_ok(tf_triage_colleagues(scene.access, &scene.actors[CERYS], scene.arena, &colleagues,
                                   &count, &error),
              &error);
    assert_int_equal(count, 2);
    assert_ok(tf_triage_share_all(scene.access, &scene.actors[CERYS], ASHA, &shared, &error),
              &error);
    assert_int_equal(shared, 1);
    assert_int_equal(tf_triage_hand_over(scene.access, &scene.actors[CERYS], id, ASHA, &error),
                     TF_REFUSED);
    assert_int_equal(tf_triage_open(scene.access, &scene.actors[ASHA], NULL, id, true, scene.arena,
                                    &report, &error),
                     TF_REFUSED); /* not before the day */
    assert_ok(tf_triage_queue(scene.access, &scene.actors[ASHA], NULL, 0, TF_QUEUE_OPEN, 0, 9,
                              scene.arena, &queue, &error),
              &error);
    assert_int_equal(queue.total, 0);
    execute(scene.db, "UPDATE organisation SET ended_on = 99 WHERE id = 2;"
                      "UPDATE policy_version SET version = version + 1");
    assert_ok(tf_triage_queue(scene.access, &scene.actors[ASHA], NULL, 0, TF_QUEUE_OPEN, 0, 9,
                              scene.arena, &queue, &error),
              &error);
    assert_int_equal(queue.total, 1);
    assert_int_equal(queue.count, 1);
    assert_int_equal(queue.lines[0].id, id);
    assert_true(queue.lines[0].can_open);
    report = open_report(&scene, ASHA, id);
    assert_string_equal(report.organisation, "Arden Council");
    assert_ok(tf_triage_share_all(scene.access, &scene.actors[ASHA], TOM, &shared, &error), &error);
    assert_int_equal(shared, 1);
    assert_ok(tf_triage_claim(scene.access, &scene.actors[TOM], id, &error), &error);
    assert_ok(tf_triage_queue(scene.access, &scene.actors[TOM], NULL, 0, TF_QUEUE_MINE, 0, 9,
                              scene.arena, &queue, &error),
              &error);
    assert_int_equal(queue.total, 1);
    assert_int_equal(tf_triage_open(scene.access, &scene.actors[CERYS], NULL, id, true, scene.arena,
                                    &report, &error),
                     TF_REFUSED);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(the_most_urgent_comes_first_then_the_oldest),
        temporary_test(a_clock_runs_until_somebody_has_looked),
        temporary_test(pages_of_the_queue_cover_it),
        temporary_test(claiming_handing_over_and_closing_follow_one_another),
        temporary_test(a_practitioner_sees_what_was_handed_over_but_not_who_sent_it),
        temporary_test(messages_and_notes_are_not_shown_to_who_does_not_see_the_sender),
        temporary_test(another_organisation_sees_nothing_without_an_agreement),
        temporary_test(a_new_colleague_is_told_whom_to_ask_and_can_be_added_to_all),
        temporary_test(what_was_moved_to_another_row_is_not_taken_for_it),
        temporary_test(a_hint_says_why_and_is_not_stored),
        temporary_test(what_the_officer_cannot_open_gives_no_hint),
        temporary_test(the_queue_of_others_shows_what_the_agreement_covers),
        temporary_test(a_refusal_after_the_decision_is_entered_as_one),
        temporary_test(who_asks_for_colleagues_is_asked_who_they_are),
        temporary_test(reports_go_to_the_successor_when_their_organisation_ends),
    };
    return cmocka_run_group_tests_name("triage", tests, NULL, NULL);
}

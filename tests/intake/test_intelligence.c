#include "report_scene.h"

#include "intake/intelligence.h"

static const char sanitised[] = "A grey estate delivers to the boathouse on Thursdays.";

static tf_intelligence_form form_of(const char *text) {
    return (tf_intelligence_form){.source = tf_text_of("2"),
                                  .information = tf_text_of("B"),
                                  .handling = tf_text_of("P"),
                                  .text = tf_text_of(text),
                                  .conditions = tf_text_of(""),
                                  .provenance = tf_text_of("Seen in passing by a resident")};
}

static int64_t draft_of(report_scene *scene, int64_t response_id, int64_t corrects_id,
                        const char *text) {
    tf_error error;
    int64_t id;
    tf_intelligence_form form = form_of(text);
    assert_ok(tf_intelligence_draft(scene->access, &scene->actors[ASHA], response_id, corrects_id,
                                    &form, &id, &error),
              &error);
    return id;
}

static tf_intelligence read_as(report_scene *scene, int account, int purpose, int64_t id) {
    tf_error error;
    tf_intelligence report;
    tf_intent intent = {.purpose = purpose};
    assert_ok(tf_intelligence_read(scene->access, &scene->actors[account], &intent, id,
                                   scene->arena, &report, &error),
              &error);
    return report;
}

static int64_t send_full(report_scene *scene) {
    tf_answers answers = full_answers(scene);
    char code[TF_RECEIPT_SIZE];
    return send_report(scene, &answers, code);
}

static int prevent(report_scene *scene) {
    return tf_access_purpose(tf_access_get_rules(scene->access), "prevent-crime");
}

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
    tf_identity_warning *warnings;
    size_t count;
    assert_ok(tf_intelligence_check(scene.access, &scene.actors[ASHA], response, &form, scene.arena,
                                    &warnings, &count, &error),
              &error);
    static const char *const expected[] = {"the sender's name|the text|PRENDERGAST",
                                           "the sender's telephone number|the text|1632-960-987",
                                           "the sender's e-mail address|the text|wilma@example.org",
                                           "an e-mail address|the text|desk@example.com",
                                           "the sender's name|the provenance|by Wilhelmina"};
    assert_int_equal(count, 5);
    for (size_t i = 0; i < 5; i++) {
        char what[64];
        char where[64];
        char excerpt[64];
        assert_int_equal(sscanf(expected[i], "%63[^|]|%63[^|]|%63[^|]", what, where, excerpt), 3);
        assert_string_equal(warnings[i].what, what);
        assert_string_equal(warnings[i].where, where);
        assert_non_null(strstr(warnings[i].excerpt, excerpt));
    }
    form = form_of(sanitised);
    assert_ok(tf_intelligence_check(scene.access, &scene.actors[ASHA], response, &form, scene.arena,
                                    &warnings, &count, &error),
              &error);
    assert_int_equal(count, 0);
    assert_int_equal(tf_intelligence_check(scene.access, &scene.actors[CERYS], response, &form,
                                           scene.arena, &warnings, &count, &error),
                     TF_REFUSED);
    close_scene(&scene);
}

static void sharing_needs_an_agreement_and_then_the_other_side_reads_what_it_covers(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_intelligence report;
    tf_actor *asha = &scene.actors[ASHA];
    tf_intent intent = {.purpose = prevent(&scene)};
    int64_t id = draft_of(&scene, 0, 0, sanitised);
    assert_int_equal(tf_intelligence_share(scene.access, asha, id, 2, &intent, &error),
                     TF_BAD_INPUT); /* a draft */
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
    assert_int_equal(tf_intelligence_share(scene.access, asha, id, 2, &intent, &error),
                     TF_BAD_INPUT);
    expect_rows(scene.db,
                "SELECT recipients || ' ' || purpose || ' ' || agreement_id FROM audit_entry "
                "WHERE action = 'disclose' AND outcome = 'done'",
                "Arden Council prevent-crime 5;");
    report = read_as(&scene, CERYS, prevent(&scene), id);
    assert_true(tf_text_equal(report.text, tf_text_of(sanitised)));
    assert_null(report.provenance.data); /* the agreement leaves it out */
    assert_string_equal(report.line.author, "");
    assert_int_equal(report.share_count, 0);
    assert_int_equal(tf_intelligence_read(scene.access, &scene.actors[CERYS], &without, id,
                                          scene.arena, &report, &error),
                     TF_REFUSED); /* no purpose */
    report = read_as(&scene, ASHA, -1, id);
    assert_true(tf_text_equal(report.provenance, tf_text_of("Seen in passing by a resident")));
    assert_int_equal(report.share_count, 1);
    assert_string_equal(report.shares[0].organisation, "Arden Council");
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

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_draft_is_changed_submitted_and_then_stays),
        temporary_test(a_correction_is_a_later_report_and_the_earlier_one_says_so),
        temporary_test(grades_and_texts_are_checked),
        temporary_test(what_tells_who_the_sender_is_is_found),
        temporary_test(sharing_needs_an_agreement_and_then_the_other_side_reads_what_it_covers),
        temporary_test(a_list_has_the_own_and_what_was_shared),
        temporary_test(what_cannot_be_opened_is_not_shared_and_the_record_says_so),
        temporary_test(what_was_shared_leaves_the_list_with_its_agreement),
        temporary_test(a_successor_is_asked_for_the_purpose_of_giving_itself_a_report),
    };
    return cmocka_run_group_tests_name("intelligence", tests, NULL, NULL);
}

#include "report_scene.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void what_was_sent_is_read_by_its_readers_and_lies_nowhere_in_the_clear(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    tf_report report = open_report(&scene, TOM, id);
    assert_string_equal(answer_of(&report, "What have you seen or heard?"), secret_details);
    assert_string_equal(answer_of(&report, "How can we contact you?"),
                        "Name: Wilhelmina Prendergast\nTelephone: 01632 960987\n"
                        "E-mail: wilma@example.org");
    assert_string_equal(answer_of(&report, "Where does it happen?"),
                        "Gallowglass Passage 17\n52.0123, -1.2345 (kept coarse)");
    const char *const secrets[] = {secret_details, secret_name, secret_telephone, secret_place,
                                   "Quillfeather", "52.0123",   "wilma@",         code};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
            assert_false(disk_holds(state, secrets[i]));
        }
        execute(scene.db, "VACUUM");
    }
    assert_true(disk_holds(state, "Arden Police")); /* what is in the clear is found this way */
    close_scene(&scene);
}

static void what_is_counted_and_how_urgent_it_is_stand_in_the_clear(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    char code[TF_RECEIPT_SIZE];
    send_report(&scene, &answers, code);
    expect_rows(scene.db, "SELECT question || '|' || value FROM response_counted ORDER BY 1",
                "child_danger|not-now;what|child;what|dealing;when|regularly;");
    expect_rows(
        scene.db,
        "SELECT form || '|' || category || '|' || organisation_id || '|' || urgency || '|' || "
        "urgency_title || '|' || (due_at - received_at) || '|' || state || '|' || "
        "retention_days FROM response",
        "report|concern|1|1|A child at risk|14400000000|new|365;");
    expect_rows(scene.db, "SELECT action || category || object_id || account_id FROM audit_entry",
                "collectconcern10;");
    close_scene(&scene);
}

static void an_answer_that_is_not_asked_any_more_is_not_counted(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    ANSWER(&scene, &answers, "what", "dealing");
    char code[TF_RECEIPT_SIZE];
    send_report(&scene, &answers, code);
    assert_int_equal(
        ask_int(scene.db, "SELECT count(*) FROM response_counted WHERE question = 'child_danger'"),
        0);
    close_scene(&scene);
}

static void one_draft_becomes_one_report(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    assert_ok(submit(&scene, &answers, "draft a", code, &error), &error);
    assert_int_equal(strlen(code), TF_RECEIPT_SIZE - 1);
    assert_int_equal(scene.why, TF_NOT_TAKEN_FAULT);
    assert_int_equal(submit(&scene, &answers, "draft a", code, &error), TF_BUSY);
    assert_int_equal(scene.why, TF_NOT_TAKEN_AGAIN);
    assert_string_equal(code, "");
    assert_ok(submit(&scene, &answers, "draft b", code, &error), &error);
    assert_ok(submit(&scene, &answers, NULL, code, &error), &error);
    assert_ok(submit(&scene, &answers, NULL, code, &error), &error);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response"), 4);
    close_scene(&scene);
}

static void what_nobody_could_open_is_refused_and_not_stored(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    execute(scene.db, "UPDATE account SET state = 'closed' WHERE organisation_id = 1");
    assert_int_equal(
        tf_response_admit(scene.access, &scene.actors[0], answers.form, &scene.why, &error),
        TF_REFUSED);
    assert_int_equal(scene.why, TF_NOT_TAKEN_UNREAD);
    scene.why = TF_NOT_TAKEN_FAULT;
    assert_int_equal(submit(&scene, &answers, NULL, code, &error), TF_REFUSED);
    assert_int_equal(scene.why, TF_NOT_TAKEN_UNREAD);
    assert_non_null(strstr(error.message, "101"));
    assert_non_null(strstr(error.message, "999"));
    assert_string_equal(code, "");
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response"), 0);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM recent_count"), 0);
    /* The form may be another organisation's. */
    execute(scene.db, "INSERT INTO setting VALUES ('report-organisation', '2')");
    assert_ok(tf_response_admit(scene.access, &scene.actors[0], answers.form, &scene.why, &error),
              &error);
    assert_int_equal(scene.why, TF_NOT_TAKEN_FAULT);
    assert_ok(submit(&scene, &answers, NULL, code, &error), &error);
    assert_int_equal(ask_int(scene.db, "SELECT organisation_id FROM response"), 2);
    /* And before there is a lead, nobody's. */
    execute(scene.db, "DELETE FROM setting");
    assert_int_equal(submit(&scene, &answers, NULL, code, &error), TF_REFUSED);
    close_scene(&scene);
}

static void readers_are_those_of_whom_the_form_belongs_to(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    const tf_form_definition *form = tf_pack_form_find(scene.pack, tf_text_of("report"));
    /* What is done, and who can open it then: Asha and Tom, Cerys, nobody. */
    static const struct {
        const char *sql;
        int64_t count;
    } steps[] = {
        {"SELECT 1", 2},
        {"UPDATE account SET public_key = NULL WHERE id = 1", 1},
        {"INSERT INTO setting VALUES ('report-organisation', '2')", 1},
        {"UPDATE account_role SET role = 'practitioner' WHERE account_id = 4", 0},
        {"UPDATE setting SET value = '1' WHERE name = 'report-organisation'", 1},
        {"DELETE FROM setting", 0},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t count = -1;
        execute(scene.db, steps[i].sql);
        assert_ok(tf_response_count_readers(scene.access, form, &count, &error), &error);
        assert_int_equal(count, steps[i].count);
    }
    close_scene(&scene);
}

/* A form like that of the pack, but for what a test changes. */
static tf_answers answers_to(report_scene *scene, tf_form_definition *form) {
    tf_answers answers = full_answers(scene);
    *form = *answers.form;
    answers.form = form;
    return answers;
}

static void a_flood_ends_at_the_limit_of_the_hour(void **state) {
    report_scene scene = open_scene(state);
    tf_form_definition form;
    tf_answers answers = answers_to(&scene, &form);
    form.most_per_hour = 3;
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    for (int i = 0; i < 3; i++) {
        assert_ok(submit(&scene, &answers, NULL, code, &error), &error);
    }
    assert_int_equal(submit(&scene, &answers, NULL, code, &error), TF_REFUSED);
    assert_int_equal(scene.why, TF_NOT_TAKEN_MANY);
    assert_non_null(strstr(error.message, "within the last hour"));
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response"), 3);
    /* An hour later, or an hour earlier where the clock goes backwards. */
    execute(scene.db, "UPDATE recent_count SET period = period - 1");
    assert_ok(submit(&scene, &answers, NULL, code, &error), &error);
    execute(scene.db, "UPDATE recent_count SET period = period + 1, count = 3");
    assert_ok(submit(&scene, &answers, NULL, code, &error), &error);
    close_scene(&scene);
}

/* Of the hour's limit a quarter is for the most urgent alone, of a form that knows any. */
static void a_flood_leaves_room_for_the_most_urgent(void **state) {
    report_scene scene = open_scene(state);
    tf_form_definition form;
    tf_answers urgent = answers_to(&scene, &form);
    tf_answers other = full_answers(&scene);
    other.form = &form;
    form.most_per_hour = 8;
    ANSWER(&scene, &other, "what", "dealing");
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    for (int i = 0; i < 6; i++) {
        assert_ok(submit(&scene, &other, NULL, code, &error), &error);
    }
    assert_int_equal(submit(&scene, &other, NULL, code, &error), TF_REFUSED);
    assert_int_equal(scene.why, TF_NOT_TAKEN_MANY);
    assert_ok(submit(&scene, &urgent, NULL, code, &error), &error);
    assert_ok(submit(&scene, &urgent, NULL, code, &error), &error);
    assert_int_equal(submit(&scene, &urgent, NULL, code, &error), TF_REFUSED);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response WHERE urgency = 1"), 2);
    form.urgency_count = 0;
    execute(scene.db, "UPDATE recent_count SET count = 6");
    assert_ok(submit(&scene, &other, NULL, code, &error), &error);
    close_scene(&scene);
}

static void a_form_takes_answers_only_while_it_is_open(void **state) {
    report_scene scene = open_scene(state);
    tf_form_definition form;
    tf_answers answers = answers_to(&scene, &form);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    form.closes_on = 100;
    assert_int_equal(submit(&scene, &answers, NULL, code, &error), TF_REFUSED);
    assert_int_equal(scene.why, TF_NOT_TAKEN_CLOSED);
    form.closes_on = INT32_MAX;
    form.opens_on = 1000000;
    assert_int_equal(submit(&scene, &answers, NULL, code, &error), TF_REFUSED);
    assert_int_equal(scene.why, TF_NOT_TAKEN_EARLY);
    form.opens_on = INT32_MIN;
    form.has_receipt = false;
    assert_ok(submit(&scene, &answers, NULL, code, &error), &error);
    assert_string_equal(code, "");
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response WHERE receipt IS NULL"), 1);
    close_scene(&scene);
}

static void a_form_that_is_not_public_needs_a_role(void **state) {
    report_scene scene = open_scene(state);
    tf_form_definition form;
    tf_answers answers = answers_to(&scene, &form);
    form.is_public = false;
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    /* Even of a category that the public may tell of by another form. */
    assert_int_equal(submit(&scene, &answers, NULL, code, &error), TF_REFUSED);
    assert_int_equal(tf_response_admit(scene.access, &scene.actors[0], &form, NULL, &error),
                     TF_REFUSED);
    form.category = tf_access_category_of(scene.access, "intelligence");
    assert_int_equal(submit(&scene, &answers, NULL, code, &error), TF_REFUSED);
    assert_ok(tf_response_admit(scene.access, &scene.actors[PRAVIN], &form, NULL, &error), &error);
    /* What is sent belongs to the organisation that leads, so that nobody of another may. */
    assert_int_equal(tf_response_admit(scene.access, &scene.actors[NIA], &form, NULL, &error),
                     TF_REFUSED);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response"), 0);
    expect_rows(scene.db, "SELECT action || outcome FROM audit_entry",
                "collectrefused;collectrefused;");
    assert_ok(tf_response_submit(scene.access, &scene.actors[PRAVIN], &answers, (tf_text){0}, code,
                                 NULL, &error),
              &error);
    close_scene(&scene);
}

/* In a child whose files may not grow: as on a full disk. */
static int submit_on_a_full_disk(report_scene *scene, const char *path) {
    tf_error error;
    tf_db *db;
    tf_access *access;
    signal(SIGXFSZ, SIG_IGN);
    if (tf_db_open(path, TF_DB_WRITE, &db, &error) ||
        tf_access_new(db, scene->pack, scene->key, &access, &error)) {
        return 10;
    }
    scene->access = access;
    tf_answers answers = full_answers(scene);
    char code[TF_RECEIPT_SIZE];
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
    tf_status status = submit(scene, &answers, "draft", code, &error);
    int result = status != TF_IO ? 11 : strstr(error.message, "room") ? code[0] ? 12 : 0 : 13;
    tf_access_free(access);
    tf_db_close(db);
    return result;
}

static void on_a_full_disk_nothing_is_stored_and_the_sender_is_told(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    char path[256];
    snprintf(path, sizeof path, "%s", temporary_path(state, "t.db"));
    tf_access_free(scene.access);
    tf_db_close(scene.db);
    pid_t child = fork();
    if (child == 0) {
        _exit(submit_on_a_full_disk(&scene, path));
    }
    int ended;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 0);
    open_access(&scene, path);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response"), 0);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry"), 0);
    /* The same draft goes through once there is room. */
    assert_ok(submit(&scene, &answers, "draft", code, &error), &error);
    close_scene(&scene);
}

/* ---- kill -9 ---- */

/* Submit until killed; every receipt that was given is written to the pipe. */
static void submit_for_ever(report_scene *scene, const char *path, int out) {
    tf_error error;
    if (tf_db_open(path, TF_DB_WRITE, &scene->db, &error) ||
        tf_access_new(scene->db, scene->pack, scene->key, &scene->access, &error)) {
        _exit(1);
    }
    tf_form_definition form;
    tf_answers answers = answers_to(scene, &form);
    form.most_per_hour = 1000000;
    for (;;) {
        char code[TF_RECEIPT_SIZE];
        if (submit(scene, &answers, NULL, code, &error) ||
            write(out, code, sizeof code) != sizeof code) {
            _exit(2);
        }
    }
}

static size_t check_receipts(report_scene *scene, int in) {
    tf_error error;
    size_t count = 0;
    char code[TF_RECEIPT_SIZE];
    while (read(in, code, sizeof code) == sizeof code) {
        tf_receipt receipt;
        assert_ok(tf_receipt_look(scene->access, tf_text_of(code), scene->arena, &receipt, &error),
                  &error);
        count++;
    }
    return count;
}

static void expect_whole_chain(report_scene *scene) {
    /* Numbers without gaps, and an end that is the last entry's, where there is one yet. */
    assert_int_equal(
        ask_int(scene->db,
                "SELECT coalesce(max(id) - count(*) + (SELECT (entry_id = (SELECT max(id) FROM "
                "audit_entry)) + (hash = (SELECT hash FROM audit_entry ORDER BY id DESC "
                "LIMIT 1)) FROM audit_end), 2) FROM audit_entry"),
        2);
    assert_int_equal(ask_int(scene->db,
                             "SELECT count(*) FROM response AS r WHERE (SELECT count(*) FROM "
                             "audit_entry AS e WHERE e.category = 'concern' AND e.object_id = r.id "
                             "AND e.action = 'collect') <> 1"),
                     0);
    assert_int_equal(ask_int(scene->db,
                             "SELECT count(*) FROM response AS r WHERE (SELECT count(*) FROM "
                             "sealed_key AS k WHERE k.object_id = r.id) <> 2"),
                     0);
}

static void killed_at_any_moment_every_receipt_given_has_its_report(void **state) {
    report_scene scene = open_scene(state);
    char path[256];
    snprintf(path, sizeof path, "%s", temporary_path(state, "t.db"));
    tf_access_free(scene.access);
    tf_db_close(scene.db);
    size_t acknowledged = 0;
    for (unsigned round = 0; round < 12; round++) {
        int ends[2];
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        /* Room for all that a round can write, so that the child never waits for us. */
        (void)fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        pid_t child = fork();
        if (child == 0) {
            submit_for_ever(&scene, path, ends[1]);
        }
        usleep(30000 + round * 17389 % 90000);
        assert_int_equal(kill(child, SIGKILL), 0);
        int ended;
        assert_int_equal(waitpid(child, &ended, 0), child);
        assert_true(WIFSIGNALED(ended));
        close(ends[1]);
        open_access(&scene, path);
        acknowledged += check_receipts(&scene, ends[0]);
        expect_whole_chain(&scene);
        close(ends[0]);
        /* At most the one that was under way is there without a receipt that was given. */
        size_t stored = (size_t)ask_int(scene.db, "SELECT count(*) FROM response");
        assert_true(stored >= acknowledged && stored <= acknowledged + round + 1);
        tf_access_free(scene.access);
        tf_db_close(scene.db);
    }
    print_message("# %zu reports were acknowledged\n", acknowledged);
    assert_true(acknowledged > 12);
    open_access(&scene, path);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(what_was_sent_is_read_by_its_readers_and_lies_nowhere_in_the_clear),
        temporary_test(what_is_counted_and_how_urgent_it_is_stand_in_the_clear),
        temporary_test(an_answer_that_is_not_asked_any_more_is_not_counted),
        temporary_test(one_draft_becomes_one_report),
        temporary_test(what_nobody_could_open_is_refused_and_not_stored),
        temporary_test(readers_are_those_of_whom_the_form_belongs_to),
        temporary_test(a_flood_ends_at_the_limit_of_the_hour),
        temporary_test(a_flood_leaves_room_for_the_most_urgent),
        temporary_test(a_form_takes_answers_only_while_it_is_open),
        temporary_test(a_form_that_is_not_public_needs_a_role),
        temporary_test(on_a_full_disk_nothing_is_stored_and_the_sender_is_told),
        temporary_test(killed_at_any_moment_every_receipt_given_has_its_report),
    };
    return cmocka_run_group_tests_name("response", tests, NULL, NULL);
}

#include "report_scene.h"

#include "intake/report_statistics.h"
#include "intake/retention.h"

#include "trefoil/base/date.h"

#include <pthread.h>
#include <unistd.h>

static const int64_t day = (int64_t)24 * 3600 * 1000000;

static tf_actor operator_of(report_scene *scene) {
    char *name = tf_arena_alloc(scene->arena, TF_ACTOR_NAME_SIZE, 1);
    return tf_actor_operator(name);
}

/* The bytes of a column of the first row, to be looked for on the disk. */
static tf_text bytes_of(report_scene *scene, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(scene->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    size_t length = 0;
    const void *bytes = tf_column_at_bytes(statement, 0, &length);
    assert_true(length >= 32);
    tf_text copy = {tf_arena_copy_text(scene->arena, bytes, length), length};
    tf_statement_free(statement);
    return copy;
}

/* Whether the middle of some bytes lies in any file. */
static bool disk_has_bytes(void **state, tf_text bytes) {
    DIR *folder = opendir(*state);
    bool found = false;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        snprintf(path, sizeof path, "%.200s/%.255s", (char *)*state, entry->d_name);
        FILE *file = entry->d_type == DT_REG ? fopen(path, "rb") : NULL;
        if (file) {
            char *content = malloc(1 << 24);
            size_t size = fread(content, 1, 1 << 24, file);
            found |= memmem(content, size, bytes.data + 8, 24) != NULL;
            free(content);
            fclose(file);
        }
    }
    closedir(folder);
    return found;
}

static void after_its_time_content_and_keys_are_gone_from_the_disk(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    tf_actor *asha = &scene.actors[ASHA];
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(tf_triage_note(scene.access, asha, id, tf_text_of("a note"), &error), &error);
    assert_ok(tf_triage_close(scene.access, asha, id, tf_text_of("known"), &error), &error);
    int64_t closed = ask_int(scene.db, "SELECT closed_at FROM response");
    tf_text parts[] = {bytes_of(&scene, "SELECT content FROM response"),
                       bytes_of(&scene, "SELECT sealed FROM sealed_key WHERE account_id = 1"),
                       bytes_of(&scene, "SELECT sealed FROM sealed_key WHERE account_id = 2"),
                       bytes_of(&scene, "SELECT for_readers FROM response_entry")};
    int64_t erased;
    assert_ok(tf_retention_purge(scene.access, &machine, closed + 365 * day - 1, &erased, &error),
              &error);
    assert_int_equal(erased, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_true(disk_has_bytes(state, parts[i]));
    }
    assert_ok(tf_retention_purge(scene.access, &machine, closed + 365 * day, &erased, &error),
              &error);
    assert_int_equal(erased, 1);
    for (size_t i = 0; i < 4; i++) {
        assert_false(disk_has_bytes(state, parts[i]));
    }
    close_scene(&scene);
}

static void a_tombstone_stays_that_tells_the_sender_and_opens_no_more(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(tf_triage_close(scene.access, &scene.actors[ASHA], id, tf_text_of("known"), &error),
              &error);
    int64_t erased;
    int64_t later = tf_instant_now() + 366 * day;
    assert_ok(tf_retention_purge(scene.access, &machine, later, &erased, &error), &error);
    assert_ok(tf_retention_purge(scene.access, &machine, later, &erased, &error), &error);
    assert_int_equal(erased, 0); /* once */
    tf_report report = open_report(&scene, ASHA, id);
    assert_int_equal(report.line.state, TF_REPORT_ERASED);
    assert_int_equal(report.answer_count, 0);
    assert_string_equal(report.outcome, "Known already, or reported twice");
    assert_string_equal(report.line.urgency_title, "A child at risk");
    assert_true(strlen(report.line.kinds) > 0);
    assert_int_equal(tf_triage_reopen(scene.access, &scene.actors[ASHA], id, &error), TF_BAD_INPUT);
    tf_receipt receipt;
    assert_ok(tf_receipt_look(scene.access, tf_text_of(code), scene.arena, &receipt, &error),
              &error);
    assert_int_equal(receipt.state, TF_RECEIPT_ERASED);
    assert_int_equal(receipt.erased_at, later);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry WHERE action = 'erase' "
                                       "AND object_id = 1 AND outcome = 'done'"),
                     1);
    close_scene(&scene);
}

static void what_is_open_is_never_erased_and_not_by_anybody(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    int64_t erased;
    int64_t later = tf_instant_now() + 9999 * day;
    assert_ok(tf_retention_purge(scene.access, &machine, later, &erased, &error), &error);
    assert_int_equal(erased, 0);
    assert_ok(tf_triage_close(scene.access, &scene.actors[ASHA], id, tf_text_of("known"), &error),
              &error);
    assert_int_equal(tf_retention_purge(scene.access, &scene.actors[ASHA], later, &erased, &error),
                     TF_REFUSED);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response WHERE content IS NULL"), 0);
    close_scene(&scene);
}

/* Opens the report again while the purge, which has found it to be due, waits. */
static void *reopen_late(void *context) {
    report_scene *other = context;
    tf_error error;
    usleep(300 * 1000);
    assert_ok(tf_db_execute(other->db,
                            "UPDATE response SET state = 'claimed', closed_at = NULL; COMMIT",
                            &error),
              &error);
    return NULL;
}

static void what_is_opened_again_at_the_last_moment_is_not_erased(void **state) {
    report_scene scene = open_scene(state);
    report_scene other = {.pack = scene.pack, .key = scene.key};
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(tf_triage_close(scene.access, &scene.actors[ASHA], id, tf_text_of("known"), &error),
              &error);
    open_access(&other, tf_db_path(scene.db));
    assert_ok(tf_db_begin(other.db, &error), &error);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, reopen_late, &other), 0);
    int64_t erased = -1;
    assert_ok(
        tf_retention_purge(scene.access, &machine, tf_instant_now() + 9999 * day, &erased, &error),
        &error);
    pthread_join(thread, NULL);
    assert_int_equal(erased, 0);
    open_report(&scene, ASHA, id);
    tf_access_free(other.access);
    tf_db_close(other.db);
    close_scene(&scene);
}

/* ---- statistics ---- */

static const tf_counted_table *table_of(const tf_report_statistics *statistics, const char *title) {
    size_t found = 0;
    while (found + 1 < statistics->table_count &&
           strcmp(statistics->tables[found].title, title) != 0) {
        found++;
    }
    assert_string_equal(statistics->tables[found].title, title);
    return &statistics->tables[found];
}

static void send_many(report_scene *scene, int count, const char *what, const char *when) {
    for (int i = 0; i < count; i++) {
        tf_answers answers = new_answers(scene);
        char code[TF_RECEIPT_SIZE];
        ANSWER(scene, &answers, "what", what);
        ANSWER(scene, &answers, "details", "x");
        ANSWER(scene, &answers, "when", when);
        send_report(scene, &answers, code);
    }
}

static tf_report_statistics statistics_of(report_scene *scene, tf_month first, tf_month last) {
    tf_report_statistics statistics;
    tf_error error;
    tf_actor public = tf_actor_public();
    assert_ok(tf_report_statistics_make(scene->access, &public, 1, first, last, scene->arena,
                                        &statistics, &error),
              &error);
    return statistics;
}

static void statistics_count_and_hide_what_is_few(void **state) {
    report_scene scene = open_scene(state);
    send_many(&scene, 12, "line", "now");
    send_many(&scene, 3, "cuckooing", "once");
    send_many(&scene, 7, "line", "regularly");
    execute(scene.db, "UPDATE response SET received_at = unixepoch('2026-03-10') * 1000000, "
                      "due_at = unixepoch('2026-03-11') * 1000000");
    execute(scene.db, "UPDATE response SET first_seen_at = due_at - 1 WHERE id <= 6");
    execute(scene.db, "UPDATE response SET first_seen_at = due_at + 1 WHERE id > 6 AND id < 13");
    tf_month february = tf_month_of(2026, 2);
    tf_report_statistics statistics = statistics_of(&scene, february, february + 1);
    assert_string_equal(statistics.organisation, "Arden Police");
    assert_int_equal(statistics.first_month, february - 1);
    assert_int_equal(statistics.last_month, february + 1);
    const tf_counted_table *months = table_of(&statistics, "Reports by the month they came in");
    assert_int_equal(months->count, 3);
    assert_int_equal(months->lines[2].count, -1); /* or the months without any would be known */
    const tf_counted_table *when = table_of(&statistics, "When does it happen?");
    assert_int_equal(when->lines[0].count, 12);
    assert_int_equal(when->lines[1].count, -1); /* 7: else the 3 could be found */
    assert_int_equal(when->lines[2].count, -1);
    assert_int_equal(when->lines[3].count, -1);
    assert_int_equal(when->total, 22);
    const tf_counted_table *looks = table_of(&statistics, "When somebody first looked");
    assert_int_equal(looks->total, 22);
    const tf_counted_table *what = table_of(&statistics, "What is happening?");
    assert_int_equal(what->total, -1);
    assert_true(statistics.hides_any);
    for (size_t i = 0; i < statistics.table_count; i++) {
        assert_string_not_equal(statistics.tables[i].title, "Is the child in danger now?");
    }
    close_scene(&scene);
}

/* What is shown of a longer time is what its quarters show, so nothing follows from both. */
static void no_hidden_count_is_found_from_times_that_overlap(void **state) {
    report_scene scene = open_scene(state);
    static const int counts[] = {21, 3, 9, 8}; /* of "now", each in a quarter */
    for (int i = 0; i < 4; i++) {
        char sql[160];
        send_many(&scene, counts[i], "line", "now");
        send_many(&scene, 12, "line", "regularly");
        snprintf(sql, sizeof sql,
                 "UPDATE response SET received_at = unixepoch('2025-%02d-15') * 1000000"
                 " WHERE received_at > unixepoch('2026-01-01') * 1000000",
                 3 * i + 2);
        execute(scene.db, sql);
    }
    tf_month start = tf_month_of(2025, 1);
    for (int from = 0; from < 12; from++) {
        for (int to = from; to < 12; to++) {
            tf_report_statistics statistics = statistics_of(&scene, start + from, start + to);
            int64_t now = 0, all = 0;
            for (int quarter = from / 3; quarter <= to / 3; quarter++) {
                now = now < 0 || counts[quarter] < 5 ? -1 : now + counts[quarter];
                all += counts[quarter] + 12;
            }
            const tf_counted_table *when = table_of(&statistics, "When does it happen?");
            assert_int_equal(statistics.first_month, start + from - from % 3);
            assert_int_equal(statistics.last_month, start + to - to % 3 + 2);
            assert_int_equal(when->total, all);
            assert_true(now < 0 ? when->lines[0].count == -1
                                : when->lines[0].count == now || when->lines[0].count == -1);
            const tf_counted_table *months =
                table_of(&statistics, "Reports by the month they came in");
            assert_int_equal(months->count, 3 * (to / 3 - from / 3 + 1));
        }
    }
    tf_report_statistics first = statistics_of(&scene, start, start);
    assert_int_equal(table_of(&first, "When does it happen?")->lines[0].count, 21);
    tf_report_statistics half = statistics_of(&scene, start, start + 5);
    assert_int_equal(table_of(&half, "When does it happen?")->lines[0].count, -1);
    close_scene(&scene);
}

static void statistics_are_of_whole_quarters_that_are_over(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    send_many(&scene, 9, "line", "now");
    tf_actor public = tf_actor_public();
    tf_report_statistics statistics;
    tf_month now = tf_month_of_days((int32_t)(tf_instant_now() / day));
    assert_int_equal(tf_report_statistics_make(scene.access, &public, 1, now, now, scene.arena,
                                               &statistics, &error),
                     TF_BAD_INPUT);
    statistics = statistics_of(&scene, now - 3, now);
    assert_int_equal(statistics.last_month - statistics.first_month, 2);
    assert_true(statistics.last_month < now && statistics.last_month >= now - 3);
    assert_int_equal(table_of(&statistics, "Urgency")->total, -1);
    assert_int_equal(tf_report_statistics_make(scene.access, &public, 1, now - 70, now, scene.arena,
                                               &statistics, &error),
                     TF_BAD_INPUT);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(after_its_time_content_and_keys_are_gone_from_the_disk),
        temporary_test(a_tombstone_stays_that_tells_the_sender_and_opens_no_more),
        temporary_test(what_is_open_is_never_erased_and_not_by_anybody),
        temporary_test(what_is_opened_again_at_the_last_moment_is_not_erased),
        temporary_test(statistics_count_and_hide_what_is_few),
        temporary_test(no_hidden_count_is_found_from_times_that_overlap),
        temporary_test(statistics_are_of_whole_quarters_that_are_over),
    };
    return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}

#include "report_scene.h"

#include "intake/report_statistics.h"
#include "trefoil/base/date.h"

static const int64_t day = INT64_C(86400000000);

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
    assert_string_equal(months->head, "Month");
    assert_string_equal(what->head, "Answer");
    assert_string_equal(table_of(&statistics, "What became of them")->head, "Reason");
    assert_false(tf_counted_table_is_hidden(when)); /* of which two counts are hidden */
    assert_false(tf_counted_table_is_hidden(looks));
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

/* With a handful of reports nothing is shown, and a table says no more than that. */
static void a_table_of_which_nothing_is_shown_is_hidden(void **state) {
    report_scene scene = open_scene(state);
    send_many(&scene, 3, "line", "now");
    execute(scene.db, "UPDATE response SET received_at = unixepoch('2026-03-10') * 1000000");
    tf_month march = tf_month_of(2026, 3);
    tf_report_statistics statistics = statistics_of(&scene, march, march);
    for (size_t i = 0; i < statistics.table_count; i++) {
        assert_true(tf_counted_table_is_hidden(&statistics.tables[i]));
    }
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(statistics_count_and_hide_what_is_few),
        temporary_test(no_hidden_count_is_found_from_times_that_overlap),
        temporary_test(statistics_are_of_whole_quarters_that_are_over),
        temporary_test(a_table_of_which_nothing_is_shown_is_hidden),
    };
    return cmocka_run_group_tests_name("report statistics", tests, NULL, NULL);
}

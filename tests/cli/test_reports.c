/* trefoil reports, from the outside. */
#include "program.h"

#include "../store/temporary.h"

#define INIT                                                                                       \
    "init --db %s --organisation 'Northshire Council' --name 'Asha Patel' "                        \
    "--email asha@northshire.example "

static void nothing_is_erased_where_there_is_nothing(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run("reports purge --db %s", db), 1);
    assert_true(says("trefoil init"));
    assert_int_equal(run(INIT, db), 0);
    assert_int_equal(run("reports purge --db %s", db), 0);
    assert_true(says("The content of 0 reports was erased, and that of 0 intelligence reports."));
    assert_int_equal(run("reports purge --db %s extra", db), 2);
}

static void statistics_are_said_and_small_numbers_are_not(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run(INIT, db), 0);
    assert_int_equal(run("reports statistics --db %s", db), 0);
    assert_true(says("Reports of concern, Northshire Council"));
    assert_true(says("What became of them"));
    assert_true(says("[c]"));
    assert_int_equal(run("reports statistics --db %s --from 2026-13", db), 2);
    assert_true(says("--from is '2026-13', which is no month; write it as 2023-05"));
    assert_int_equal(run("reports statistics --db %s --from 2090-01", db), 1);
    assert_true(says("no quarter of these months is over"));
    assert_int_equal(run("reports statistics --db %s --organisation Elsewhere", db), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(nothing_is_erased_where_there_is_nothing),
        temporary_test(statistics_are_said_and_small_numbers_are_not),
    };
    return cmocka_run_group_tests_name("reports", tests, NULL, NULL);
}

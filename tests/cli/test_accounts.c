/* trefoil init, org and user, from the outside. */
#include "program.h"

#include "../store/temporary.h"

#include <sys/stat.h>

#define INIT                                                                                       \
    "init --db %s --organisation 'Northshire Council' --name 'Asha Patel' "                        \
    "--email asha@northshire.example "

static void an_installation_is_set_up_once(void **state) {
    const char *db = path_of(state, "a.db"), *key = path_of(state, "a.db.key");
    assert_int_equal(run(INIT "--site https://trefoil.example/", db), 0);
    assert_true(says("https://trefoil.example/invitation/"));
    struct stat facts;
    assert_int_equal(stat(key, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(stat(db, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    char *before = strdup(read_file(key));
    assert_int_equal(run(INIT, db), 1);
    assert_true(says("has been set up already"));
    assert_string_equal(read_file(key), before);
    free(before);
    assert_int_equal(run("user list --db %s", db), 0);
    assert_true(says("Asha Patel"));
    assert_true(says("Northshire Council: administrator"));
}

static void a_set_up_that_was_wrong_can_be_done_again(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run("init --db %s --organisation 'Northshire Council' --name 'Asha Patel' "
                         "--email nonsense",
                         db),
                     1);
    assert_true(says("e-mail address"));
    assert_int_equal(run(INIT "--kind circus", db), 0); /* the organisation is there already */
    assert_int_equal(run("org list --db %s", db), 0);
    assert_int_equal(line_count(), 3);
}

static void a_database_of_open_data_becomes_its_owners_alone(void **state) {
    const char *db = path_of(state, "a.db");
    struct stat facts;
    umask(022);
    assert_int_equal(run("demo-data %s/county", (char *)*state), 0);
    assert_int_equal(run("import lookup %s/county/lookup.csv --db %s", (char *)*state, db), 0);
    assert_int_equal(stat(db, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0644);
    assert_int_equal(run(INIT, db), 0);
    assert_int_equal(stat(db, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void nothing_is_done_without_a_key(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run("user list --db %s", db), 1);
    assert_true(says("trefoil init"));
    assert_int_equal(access(db, F_OK), -1);
}

static void organisations_are_added_changed_and_ended(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run(INIT, db), 0);
    assert_int_equal(run("org add 'Harbour Recovery' --kind treatment-provider --db %s", db), 0);
    assert_true(says("Harbour Recovery is organisation 2."));
    assert_int_equal(run("org add 'harbour recovery' --kind charity --db %s", db), 1);
    assert_int_equal(run("org change 2 --name 'Harbour Trust' --from 2026-01-01 --db %s", db), 0);
    assert_int_equal(run("org end 'harbour trust' --on 2025-12-31 --db %s", db), 1);
    assert_int_equal(run("org end 'harbour trust' --on 2026-01-02 --db %s", db), 1);
    assert_true(says("cannot be in the past"));
    assert_int_equal(run("org end 'harbour trust' --on 2025-13-31 --db %s", db), 2);
    assert_int_equal(run("org end 'harbour trust' --db %s", db), 2);
    assert_int_equal(run("org end 'harbour trust' --on 2099-03-31 --successor 1 --db %s", db), 0);
    assert_true(says("Harbour Trust ends after 2099-03-31."));
    assert_int_equal(run("org list --db %s", db), 0);
    assert_true(says("2026-01-01  2099-03-31"));
    assert_int_equal(run("org change 2 --lead --db %s", db), 1);
    assert_int_equal(run("org end 2 --take-back --db %s", db), 0);
    assert_int_equal(run("org change 2 --lead --db %s", db), 0);
    assert_int_equal(run("org end 2 --on 2099-03-31 --db %s", db), 1);
    assert_true(says("leads this installation"));
}

static void accounts_go_through_their_life(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run(INIT, db), 0);
    assert_int_equal(
        run("user invite ben@example.org --name 'Ben Okoro' --roles practitioner --db %s", db), 0);
    assert_true(says("http://127.0.0.1:8080/invitation/"));
    assert_int_equal(
        run("user invite BEN@example.org --name 'Ben Okoro' --roles practitioner --db %s", db), 1);
    assert_true(says("has an account already"));
    assert_int_equal(run("user invite c@example.org --name C --roles wizard --db %s", db), 1);
    assert_true(says("there is no role \"wizard\"; there are public, practitioner"));
    assert_int_equal(run("user roles ben@example.org analyst,auditor --db %s", db), 0);
    assert_true(says("Ben Okoro is analyst, auditor"));
    assert_int_equal(run("user confirm ben@example.org --db %s", db), 1);
    assert_true(says("has no keys to confirm"));
    assert_int_equal(run("user suspend ben@example.org --db %s", db), 0);
    assert_int_equal(run("user reset ben@example.org --db %s", db), 1);
    assert_true(says("suspended"));
    assert_int_equal(run("user resume 2 --db %s", db), 0);
    assert_int_equal(run("user reset 2 --site http://x.example --db %s", db), 0);
    assert_true(says("http://x.example/invitation/")); /* it was not activated yet */
    assert_int_equal(run("user reset 2 --codes --db %s", db), 0);
    assert_int_equal(run("user reset 2 --codes --browser --db %s", db), 2);
    assert_int_equal(run("user close 2 --db %s", db), 0);
    assert_int_equal(run("user resume 2 --db %s", db), 1);
    assert_int_equal(run("user list --db %s", db), 0);
    assert_null(strstr(output, "Ben Okoro"));
    assert_int_equal(run("user list --closed --db %s", db), 0);
    assert_true(says("Ben Okoro"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_installation_is_set_up_once),
        temporary_test(a_set_up_that_was_wrong_can_be_done_again),
        temporary_test(a_database_of_open_data_becomes_its_owners_alone),
        temporary_test(nothing_is_done_without_a_key),
        temporary_test(organisations_are_added_changed_and_ended),
        temporary_test(accounts_go_through_their_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

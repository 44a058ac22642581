/* Lists for programs: --format json, from the outside. */
#include "program.h"

#include "../store/temporary.h"

#include "trefoil/base/date.h"

#include <jansson.h>

#define INIT                                                                                       \
    "init --db %s --organisation 'Northshire Council' --name 'Asha Patel' "                        \
    "--email asha@northshire.example "

static const char *set_up(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run(INIT, db), 0);
    assert_int_equal(run("org add 'Northshire Police' --kind police-force --from 2026-03-01 "
                         "--contact 'Data \"desk\"' --db %s",
                         db),
                     0);
    assert_int_equal(run("agreement add 'Children at risk' --db %s --gives 2 --receives 1 "
                         "--data concern:what+where --purposes safeguard --basis public-task "
                         "--condition 'Article 9(2)(g)' --assessment DPIA-2026-14 "
                         "--retention 365 --from 2026-01-01 --review 2026-02-01",
                         db),
                     0);
    assert_int_equal(run("agreement sign 1 --db %s --organisation 2 --by 'Sam \\ Lee'", db), 0);
    return db;
}

/* What a command says with --format json, which is one value and nothing else. */
static json_t *list_of(const char *command, const char *db) {
    json_error_t fault;
    run("%s --db %s --format json", command, db);
    json_t *value = json_loads(output, JSON_REJECT_DUPLICATES, &fault);
    if (!value) {
        fprintf(stderr, "%s: %s\n%s\n", command, fault.text, output);
    }
    assert_non_null(value);
    return value;
}

static const char *text(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_string(value));
    return json_string_value(value);
}

static long long number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static bool truth(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_boolean(value));
    return json_is_true(value);
}

static void assert_nothing(const json_t *object, const char *key) {
    assert_true(json_is_null(json_object_get(object, key)));
}

static void assert_instant(const json_t *object, const char *key) {
    int64_t instant;
    assert_int_equal(strlen(text(object, key)), strlen("2026-11-30T12:00:00Z"));
    assert_true(tf_instant_parse(tf_text_of(text(object, key)), &instant));
}

static void organisations_are_an_array(void **state) {
    json_t *list = list_of("org list", set_up(state));
    assert_int_equal(json_array_size(list), 2);
    const json_t *council = json_array_get(list, 0), *police = json_array_get(list, 1);
    assert_string_equal(text(council, "name"), "Northshire Council");
    assert_true(truth(council, "is_lead"));
    assert_int_equal(number(council, "account_count"), 1);
    assert_nothing(council, "started_on");
    assert_int_equal(number(police, "id"), 2);
    assert_string_equal(text(police, "kind"), "police-force");
    assert_string_equal(text(police, "contact"), "Data \"desk\"");
    assert_string_equal(text(police, "started_on"), "2026-03-01");
    assert_nothing(police, "ended_on");
    assert_nothing(police, "successor_id");
    assert_false(truth(police, "is_lead"));
    json_decref(list);
}

static void accounts_are_an_array(void **state) {
    json_t *list = list_of("user list", set_up(state));
    assert_int_equal(json_array_size(list), 1);
    const json_t *account = json_array_get(list, 0);
    assert_string_equal(text(account, "email"), "asha@northshire.example");
    assert_string_equal(text(account, "state"), "invited");
    assert_string_equal(text(account, "organisation"), "Northshire Council");
    assert_int_equal(number(account, "organisation_id"), 1);
    assert_string_equal(json_string_value(json_array_get(json_object_get(account, "roles"), 0)),
                        "administrator");
    assert_false(truth(account, "has_codes"));
    assert_instant(account, "created_at");
    assert_instant(account, "link_ends_at");
    assert_nothing(account, "signed_in_at");
    json_decref(list);
}

static void an_agreement_is_the_same_object_alone_and_in_the_list(void **state) {
    const char *db = set_up(state);
    json_t *list = list_of("agreement list", db);
    json_t *one = list_of("agreement show 1", db);
    assert_int_equal(json_array_size(list), 1);
    assert_true(json_equal(json_array_get(list, 0), one));
    assert_string_equal(text(one, "title"), "Children at risk");
    assert_string_equal(text(one, "state"), "draft");
    assert_string_equal(text(one, "starts_on"), "2026-01-01");
    assert_string_equal(text(one, "review_on"), "2026-02-01");
    assert_nothing(one, "ends_on");
    assert_int_equal(number(one, "retention_days"), 365);
    assert_string_equal(text(one, "lawful_basis"), "public-task");
    assert_instant(one, "created_at");
    const json_t *share = json_array_get(json_object_get(one, "shares"), 0);
    assert_string_equal(text(share, "category"), "concern");
    assert_int_equal(json_array_size(json_object_get(share, "fields")), 2);
    assert_string_equal(json_string_value(json_array_get(json_object_get(one, "purposes"), 0)),
                        "safeguard");
    const json_t *parties = json_object_get(one, "parties");
    assert_int_equal(json_array_size(parties), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *party = json_array_get(parties, i);
        bool is_police = number(party, "organisation_id") == 2;
        assert_int_equal(truth(party, "gives"), is_police);
        assert_int_equal(truth(party, "receives"), !is_police);
        if (is_police) {
            assert_string_equal(text(party, "signed_by"), "Sam \\ Lee");
            assert_instant(party, "signed_at");
        } else {
            assert_nothing(party, "signed_at");
        }
    }
    json_decref(list);
    json_decref(one);
}

static void settings_are_an_array(void **state) {
    const char *db = set_up(state);
    assert_int_equal(run("setting set session-idle-minutes 15 --db %s", db), 0);
    json_t *list = list_of("setting list", db);
    bool is_found = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *setting = json_array_get(list, i);
        if (strcmp(text(setting, "name"), "session-idle-minutes") == 0) {
            is_found = true;
            assert_int_equal(number(setting, "value"), 15);
            assert_true(truth(setting, "is_set"));
            assert_true(number(setting, "least") < number(setting, "usual"));
        } else {
            assert_false(truth(setting, "is_set"));
            assert_int_equal(number(setting, "value"), number(setting, "usual"));
        }
    }
    assert_true(is_found);
    json_decref(list);
}

static void entries_of_the_audit_are_read_page_by_page(void **state) {
    const char *db = set_up(state);
    json_t *page = list_of("audit list --limit 1", db);
    const json_t *entry = json_array_get(json_object_get(page, "entries"), 0);
    assert_string_equal(text(entry, "action"), "consult");
    assert_string_equal(text(entry, "category"), "audit");
    assert_string_equal(text(entry, "outcome"), "done");
    assert_instant(entry, "time");
    assert_int_equal(number(page, "older_than"), number(entry, "entry"));
    json_decref(page);
    page = list_of("audit list --category backup", db);
    assert_int_equal(json_array_size(json_object_get(page, "entries")), 0);
    assert_nothing(page, "older_than");
    json_decref(page);
}

static void hidden_counts_are_null(void **state) {
    json_t *statistics = list_of("reports statistics --from 2024-01 --to 2024-05", set_up(state));
    assert_string_equal(text(statistics, "organisation"), "Northshire Council");
    assert_string_equal(text(statistics, "from"), "2024-01");
    assert_string_equal(text(statistics, "to"), "2024-06");
    const json_t *table = json_array_get(json_object_get(statistics, "tables"), 0);
    assert_true(*text(table, "title"));
    assert_nothing(json_array_get(json_object_get(table, "lines"), 0), "count");
    json_decref(statistics);
}

static void what_is_looked_at_is_an_object(void **state) {
    const char *db = set_up(state);
    json_t *found = list_of("doctor", db);
    assert_true(json_array_size(json_object_get(found, "findings")) > 0);
    assert_true(*text(found, "worst"));
    json_decref(found);
    found = list_of("sources", db);
    assert_int_equal(json_array_size(json_object_get(found, "police")), 0);
    json_decref(found);
}

static void another_format_is_refused_alike(void **state) {
    static const char *const commands[] = {
        "org list",   "user list", "agreement list", "agreement show 1",   "setting list",
        "audit list", "sources",   "doctor",         "reports statistics",
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *db = path_of(state, "absent.db");
        assert_int_equal(run("%s --db %s --format xml", commands[i], db), 2);
        assert_true(says("--format is 'xml'; it can be text or json"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(organisations_are_an_array),
        temporary_test(accounts_are_an_array),
        temporary_test(an_agreement_is_the_same_object_alone_and_in_the_list),
        temporary_test(settings_are_an_array),
        temporary_test(entries_of_the_audit_are_read_page_by_page),
        temporary_test(hidden_counts_are_null),
        temporary_test(what_is_looked_at_is_an_object),
        temporary_test(another_format_is_refused_alike),
    };
    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}

/* trefoil agreement, from the outside. */
#include "program.h"

#include "../store/temporary.h"

static const char *set_up(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run("init --db %s --organisation 'Northshire Council' --name 'Asha Patel' "
                         "--email asha@northshire.example",
                         db),
                     0);
    assert_int_equal(run("org add 'Northshire Police' --kind police-force --db %s", db), 0);
    return db;
}

#define TERMS                                                                                      \
    "--gives 'northshire police' --receives 1 --basis public-task --assessment DPIA-2026-14 "      \
    "--retention 365 "

static void an_agreement_goes_from_draft_to_its_end(void **state) {
    const char *db = set_up(state);
    assert_int_equal(run("agreement list --db %s", db), 0);
    assert_true(says("There is no agreement."));
    assert_int_equal(run("agreement add 'Children at risk' --db %s " TERMS
                         "--data concern:what+where,person --purposes safeguard,prevent-crime "
                         "--condition 'Article 9(2)(g)' --from 2026-01-01 --until 2199-12-31 "
                         "--review 2026-02-01",
                         db),
                     0);
    assert_true(says("Agreement 1 is a draft"));
    assert_int_equal(
        run("agreement sign 1 --db %s --organisation 'Northshire Council' --by 'Jo Marsh'", db), 0);
    assert_true(says("Signed for Northshire Council; agreement 1 is still a draft."));
    assert_int_equal(run("agreement sign 1 --db %s --organisation 2 --by 'Sam Lee'", db), 0);
    assert_true(says("Signed for Northshire Police; agreement 1 is in force."));
    assert_int_equal(run("agreement list --db %s", db), 0);
    assert_true(says("    1  in force  2026-02-01 due  Children at risk\n"));
    assert_int_equal(run("agreement show 1 --db %s", db), 0);
    assert_true(says("Agreement 1: Children at risk\n"));
    assert_true(says("in force; its review is due\n"));
    assert_true(says("Northshire Council receives; signed by Jo Marsh at"));
    assert_true(says("Northshire Police gives; signed by Sam Lee at"));
    assert_true(says("entered by operator "));
    assert_true(says("Reports of concern: what, where\n"));
    assert_true(says("People: names, born, address, identifiers, links\n"));
    assert_true(says("To prevent and detect crime\n"));
    assert_true(says("To protect children and adults at risk\n"));
    assert_true(says("UK GDPR Article 6(1)(e): a public task\n"));
    assert_true(says("Article 9(2)(g)\n"));
    assert_true(says("DPIA-2026-14\n"));
    assert_true(says("from 2026-01-01 to 2199-12-31; reviewed by 2026-02-01;"));
    assert_int_equal(run("agreement end 1 --db %s --reason 'The project is over.'", db), 0);
    assert_true(says("Agreement 1 has ended"));
    assert_int_equal(run("agreement show 1 --db %s", db), 0);
    assert_true(says("The project is over."));
    assert_int_equal(run("agreement sign 1 --db %s --organisation 1 --by X", db), 1);
}

static void a_draft_is_changed_and_an_agreement_renewed(void **state) {
    const char *db = set_up(state);
    assert_int_equal(run("agreement add 'Children at risk' --db %s " TERMS
                         "--data concern:what --purposes safeguard --condition 'Article 9(2)(g)' "
                         "--from 2098-01-01 --until 2098-12-31 --review 2098-07-01",
                         db),
                     0);
    assert_int_equal(run("agreement change 1 --db %s --title 'Young people' --retention 30 "
                         "--data concern:what+where --gives 1 --receives 2",
                         db),
                     0);
    assert_true(says("Agreement 1 is changed, and still a draft."));
    assert_int_equal(run("agreement show 1 --db %s", db), 0);
    assert_true(says("Agreement 1: Young people\n"));
    assert_true(says("Reports of concern: what, where\n"));
    assert_true(says("Northshire Council gives; has not signed"));
    assert_true(says("Article 9(2)(g)\n")); /* what was not said stays */
    assert_true(says("from 2098-01-01 to 2098-12-31; reviewed by 2098-07-01;"));
    assert_true(says("30 days"));
    assert_int_equal(run("agreement change 1 --db %s --gives 1", db), 2);
    assert_int_equal(run("agreement change 1 --db %s --until 2097-01-01", db), 1);
    assert_int_equal(run("agreement change 1 --db %s --until never", db), 0);
    assert_int_equal(run("agreement show 1 --db %s", db), 0);
    assert_true(says("from 2098-01-01 until a party ends it"));
    assert_int_equal(run("agreement change 1 --db %s --until 2098-12-31", db), 0);
    assert_int_equal(
        run("agreement sign 1 --db %s --organisation 1 --by 'Jo Marsh' --revision 1", db), 1);
    assert_true(says("were changed since"));
    assert_int_equal(
        run("agreement sign 1 --db %s --organisation 1 --by 'Jo Marsh' --revision 4", db), 0);
    assert_int_equal(run("agreement change 1 --db %s --title Other", db), 1);
    assert_true(says("only a draft that nobody has signed"));
    assert_int_equal(run("agreement renew 1 --db %s --assessment DPIA-2", db), 0);
    assert_true(says("Agreement 2 is a draft like 1;"));
    assert_int_equal(run("agreement show 2 --db %s", db), 0);
    assert_true(says("Agreement 2: Young people\n"));
    assert_true(says("DPIA-2\n"));
    assert_true(says("from 2099-01-01 to 2099-12-31; reviewed by 2099-07-01"));
    assert_true(says("Northshire Council gives; has not signed"));
}

static void what_is_wrong_is_said_in_one_line(void **state) {
    const char *db = set_up(state);
    static const struct {
        const char *words;
        int code;
        const char *answer;
    } cases[] = {
        {"agreement add A " TERMS "--data treatmentt --purposes treat", 1,
         "'treatmentt' is no category"},
        {"agreement add A " TERMS "--data person:shoe --purposes treat", 1,
         "person has no field 'shoe'"},
        {"agreement add A " TERMS "--data person: --purposes treat", 1, "has no field ''"},
        {"agreement add A " TERMS "--data person --purposes fun", 1, "'fun' is no purpose"},
        {"agreement add A " TERMS "--data treatment --purposes treat", 1, "Article 9"},
        {"agreement add A " TERMS "--data person --purposes treat --from 2026-13-01", 2,
         "--from is '2026-13-01'"},
        {"agreement add A " TERMS "--data person --purposes treat --until 2020-01-01", 1,
         "ends after it starts"},
        {"agreement add A --gives 1 --receives 1 --basis public-task --assessment D --retention 1 "
         "--data person --purposes treat",
         1, "between one organisation"},
        {"agreement add A --gives 1 --receives 2 --basis whim --assessment D --retention 1 "
         "--data person --purposes treat",
         1, "'whim' is no lawful basis"},
        {"agreement add A --gives 1 --receives 2 --basis consent --assessment D --retention long "
         "--data person --purposes treat",
         2, "--retention is 'long'"},
        {"agreement add A --gives 1 --receives Nobody --basis consent --assessment D "
         "--retention 1 --data person --purposes treat",
         1, "Nobody"},
        {"agreement show 1", 1, "there is no agreement 1"},
        {"agreement show one", 1, "'one' is no number"},
        {"agreement sign 1 --organisation 1 --by X", 1, "there is no agreement 1"},
        {"agreement end 1 --reason X", 1, "there is no agreement 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(run("%s --db %s", cases[i].words, db), cases[i].code);
        assert_true(says(cases[i].answer));
        assert_int_equal(line_count(), 1);
    }
    assert_int_equal(run("agreement list --db %s", db), 0);
    assert_true(says("There is no agreement."));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_agreement_goes_from_draft_to_its_end),
        temporary_test(a_draft_is_changed_and_an_agreement_renewed),
        temporary_test(what_is_wrong_is_said_in_one_line),
    };
    return cmocka_run_group_tests_name("cli-agreements", tests, NULL, NULL);
}

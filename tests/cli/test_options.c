#include "check.h"

#include "cli/options.h"

enum { DB, FORMAT, JSON, OPTION_COUNT };

static const tf_option table[OPTION_COUNT] = {
    [DB] = {"db", "FILE", "the database", true},
    [FORMAT] = {"format", "FORMAT", "the format", false},
    [JSON] = {"json", NULL, "as JSON", false},
};

static const tf_options options = {.options = table,
                                   .option_count = OPTION_COUNT,
                                   .operand = "PATH",
                                   .least_operands = 1,
                                   .most_operands = 2};

/* Words of a command line on the stack of the test. */
#define PARSE(arguments, error, ...)                                                               \
    tf_options_parse(&options, (char *[]){__VA_ARGS__},                                            \
                     sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), (arguments), (error))

static void a_value_follows_its_option_or_an_equals_sign(void **state) {
    (void)state;
    tf_arguments arguments;
    tf_error error;
    assert_ok(PARSE(&arguments, &error, "--db", "a.db", "--format=json", "--json", "path"), &error);
    assert_string_equal(arguments.values[DB], "a.db");
    assert_string_equal(arguments.values[FORMAT], "json");
    assert_non_null(arguments.values[JSON]);
    assert_ok(PARSE(&arguments, &error, "path", "--db=a=b"), &error);
    assert_string_equal(arguments.values[DB], "a=b");
    assert_null(arguments.values[FORMAT]);
    assert_null(arguments.values[JSON]);
}

static void operands_may_stand_anywhere(void **state) {
    (void)state;
    char *words[] = {"one", "--db", "a.db", "two"};
    tf_arguments arguments;
    tf_error error;
    assert_ok(tf_options_parse(&options, words, 4, &arguments, &error), &error);
    assert_int_equal(arguments.operand_count, 2);
    assert_string_equal(arguments.operands[0], "one");
    assert_string_equal(arguments.operands[1], "two");
}

static void the_values_of_a_repeated_option_are_operands(void **state) {
    (void)state;
    const tf_options heads = {
        .options = table, .option_count = OPTION_COUNT, .most_operands = 3, .repeated = "format"};
    char *words[] = {"--format", "one", "--db", "a.db", "--format=two", "three"};
    tf_arguments arguments;
    tf_error error;
    assert_ok(tf_options_parse(&heads, words, 6, &arguments, &error), &error);
    assert_string_equal(arguments.values[DB], "a.db");
    assert_null(arguments.values[FORMAT]);
    assert_int_equal(arguments.operand_count, 3);
    assert_string_equal(arguments.operands[0], "one");
    assert_string_equal(arguments.operands[1], "two");
    assert_string_equal(arguments.operands[2], "three");
    char *twice[] = {"--db", "a.db", "--format", "one", "--db", "b.db"};
    assert_int_equal(tf_options_parse(&heads, twice, 6, &arguments, &error), TF_BAD_INPUT);
    char *lacking[] = {"--db", "a.db", "--format"};
    assert_int_equal(tf_options_parse(&heads, lacking, 3, &arguments, &error), TF_BAD_INPUT);
    char *many[] = {"--db=a.db", "--format=1", "--format=2", "--format=3", "--format=4"};
    assert_int_equal(tf_options_parse(&heads, many, 5, &arguments, &error), TF_BAD_INPUT);
}

static void after_two_hyphens_all_is_operands(void **state) {
    (void)state;
    char *words[] = {"--db", "a.db", "--", "--json", "-"};
    tf_arguments arguments;
    tf_error error;
    assert_ok(tf_options_parse(&options, words, 5, &arguments, &error), &error);
    assert_int_equal(arguments.operand_count, 2);
    assert_string_equal(arguments.operands[0], "--json");
    assert_string_equal(arguments.operands[1], "-");
    assert_null(arguments.values[JSON]);
}

static void help_is_given_whatever_else_is_wrong(void **state) {
    (void)state;
    tf_arguments arguments;
    tf_error error;
    assert_ok(PARSE(&arguments, &error, "--help"), &error);
    assert_true(arguments.wants_help);
    assert_ok(PARSE(&arguments, &error, "x", "y", "z", "-h"), &error);
    assert_true(arguments.wants_help);
}

static void what_is_wrong_is_said(void **state) {
    (void)state;
    tf_arguments arguments;
    tf_error error;
#define CHECK(expected, ...)                                                                       \
    do {                                                                                           \
        assert_int_equal(PARSE(&arguments, &error, __VA_ARGS__), TF_BAD_INPUT);                    \
        assert_string_equal(error.message, expected);                                              \
    } while (0)
    CHECK("--db FILE is missing", "path");
    CHECK("PATH is missing", "--db", "a.db");
    CHECK("'three' is one word too many", "--db", "a.db", "one", "two", "three");
    CHECK("--db lacks its value; write --db FILE", "path", "--db");
    CHECK("--db lacks its value; write --db FILE", "--db", "--json", "path");
    CHECK("the value of --db is empty; write --db FILE", "--db=", "path");
    CHECK("--db is given twice; give it once", "--db", "a", "--db", "b", "path");
    CHECK("--json takes no value; leave '=yes' out", "--json=yes");
    CHECK("there is no option --fromat; did you mean --format?", "--fromat", "json");
    CHECK("there is no option --fromat; did you mean --format?", "--fromat=json");
    CHECK("there is no option --form; did you mean --format?", "--form", "json");
    CHECK("there is no option --hlep; did you mean --help?", "--hlep");
    CHECK("there is no option --colour", "--colour");
    CHECK("there is no option -v", "-v");
    CHECK("there is no option -db; did you mean --db?", "-db", "x");
    CHECK("there is no option --", "--=x");
#undef CHECK
}

static void a_very_long_option_is_refused_like_any(void **state) {
    (void)state;
    char word[5000] = "--";
    memset(word + 2, 'a', sizeof word - 3);
    tf_arguments arguments;
    tf_error error;
    assert_int_equal(PARSE(&arguments, &error, word), TF_BAD_INPUT);
}

static void the_distance_of_words_counts_slips(void **state) {
    (void)state;
    assert_int_equal(tf_word_distance("", ""), 0);
    assert_int_equal(tf_word_distance("abc", ""), 3);
    assert_int_equal(tf_word_distance("", "abc"), 3);
    assert_int_equal(tf_word_distance("kitten", "sitting"), 3); /* Levenshtein's textbook pair */
    assert_int_equal(tf_word_distance("from", "form"), 1);      /* neighbours exchanged */
    assert_int_equal(tf_word_distance("ca", "abc"), 3); /* the known limit of this alignment */
    assert_int_equal(tf_word_distance("profile", "profiles"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_follows_its_option_or_an_equals_sign),
        cmocka_unit_test(operands_may_stand_anywhere),
        cmocka_unit_test(the_values_of_a_repeated_option_are_operands),
        cmocka_unit_test(after_two_hyphens_all_is_operands),
        cmocka_unit_test(help_is_given_whatever_else_is_wrong),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(a_very_long_option_is_refused_like_any),
        cmocka_unit_test(the_distance_of_words_counts_slips),
    };
    return cmocka_run_group_tests_name("cli/options", tests, NULL, NULL);
}

/* Whether a condition holds for two values, by way of a matcher: the level that a comparison of
 * that condition and "else" finds. */
#include "link_fixture.h"

#define SETTINGS(text, levels)                                                                     \
    "{\"format\": \"trefoil-link\", \"prior\": 0.1, \"text\": \"" text                             \
    "\", \"comparisons\": [{\"name\": \"c\", \"levels\": [" levels "{\"when\": \"else\"}]}]}"

typedef struct measure_case {
    const char *condition;
    const char *left; /* the columns a and b */
    const char *right;
    bool holds;
} measure_case;

static int level_of(const char *settings, const char *left, const char *right) {
    char csv[4000];
    uint8_t level;
    tf_error error;
    snprintf(csv, sizeof csv, "id,a,b\n1,%s\n2,%s\n", left, right);
    tf_link_model *model = model_of(settings);
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_matcher *matcher = matcher_of(model, records, 1);
    assert_ok(tf_link_matcher_levels(matcher, 0, 1, &level, &error), &error);
    tf_link_matcher_free(matcher);
    tf_link_records_free(records);
    tf_link_model_free(model);
    return level;
}

static void expect_condition(const char *unit, const measure_case *item) {
    char settings[2000];
    snprintf(settings, sizeof settings, SETTINGS("%s", "{\"when\": \"%s\"},"), unit,
             item->condition);
    bool holds = level_of(settings, item->left, item->right) == 0;
    if (holds != item->holds) {
        fail_msg("%s of (%s) and (%s) %s", item->condition, item->left, item->right,
                 holds ? "holds" : "does not hold");
    }
}

static void expect_all(const char *unit, const measure_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        expect_condition(unit, &cases[i]);
    }
}

#define EXPECT_ALL(unit, cases) expect_all(unit, cases, sizeof cases / sizeof *cases)

static void a_condition_holds_for_the_values_that_meet_it(void **state) {
    (void)state;
    static const measure_case cases[] = {
        {"exact(a)", "x,", "x,", true},
        {"exact(a)", "x,", "X,", false},
        {"exact(lower(a))", "x,", "X,", true},
        {"literal(a, 'x')", "x,", "x,", true},
        {"literal(a, 'x')", "x,", "y,", false},
        {"literal_left(a, 'x')", "x,", "y,", true},
        {"literal_right(a, 'x')", "x,", "y,", false},
        {"levenshtein(a) <= 2", "kitten,", "sitting,", false}, /* 3: Wagner and Fischer's example */
        {"levenshtein(a) <= 3", "kitten,", "sitting,", true},
        {"osa(a) <= 2", "ca,", "abc,", false}, /* 3 and 2: see similarity.h */
        {"damerau_levenshtein(a) <= 2", "ca,", "abc,", true},
        {"jaro(a) >= 0.944", "MARTHA,", "MARHTA,", true}, /* 0.9444: Winkler 1990 */
        {"jaro(a) >= 0.945", "MARTHA,", "MARHTA,", false},
        {"jaro_winkler(a) >= 0.961", "MARTHA,", "MARHTA,", true}, /* 0.9611 */
        {"jaro_winkler(a) >= 0.962", "MARTHA,", "MARHTA,", false},
        {"jaccard(a) >= 0.5", "abc,", "bcd,", true}, /* 2 of 4 */
        {"jaccard(a) >= 0.51", "abc,", "bcd,", false},
        {"days(a) <= 28", "2001-02-01,", "2001-03-01,", true},
        {"days(a) <= 27", "2001-02-01,", "2001-03-01,", false},
        {"days(a) <= 1", "1853-04-17,", "1853-04-18,", true},
        {"day_month_swapped(a)", "1853-04-07,", "1853-07-04,", true},
        {"months(a) <= 1", "2001-01-31,", "2001-02-28,", true},
        {"months(a) <= 1", "2001-01-15,", "2001-02-16,", false},
        {"years(a) <= 1", "2001-01-15,", "2002-01-15,", true},
        {"years(a) <= 1", "2001-01-15,", "2002-01-16,", false},
        {"day_month_swapped(a)", "2001-02-03,", "2001-03-02,", true},
        {"day_month_swapped(a)", "2001-02-02,", "2001-02-02,", false},
        {"day_month_swapped(a)", "2001-02-03,", "2002-03-02,", false},
        {"difference(a) <= 0.5", "1.5,", " 2.0 ,", true},
        {"difference(a) <= 0.5", "1.5,", "2.01,", false},
        {"percentage(a) < 0.5", "1,", "2,", false}, /* below the threshold, not at it */
        {"percentage(a) < 0.5", "1.1,", "2,", true},
        {"percentage(a) < 0.5", "0,", "0,", false},
        /* Paris and London: 343.6 km on a sphere of 6371 km. */
        {"km(a, b) <= 343", "48.8566,2.3522", "51.5074,-0.1278", false},
        {"km(a, b) <= 344", "48.8566,2.3522", "51.5074,-0.1278", true},
        {"km(a, b) <= 0", "48.8566,2.3522", "48.8566,2.3522", true},
        {"intersection(a) >= 2", "x|y|y,", "y|x,", true},
        {"intersection(a) >= 2", "y|y,", "y|y,", false}, /* DuckDB's list_intersect: a set */
        {"exact(any(a))", "x|y,", "z|y,", true},
        {"exact(any(a))", "x|y,", "z,", false},
        {"best_pair(a, levenshtein) <= 1", "abc|xyz,", "q|xyy,", true},
        {"best_pair(a, levenshtein) <= 1", "abc|xyz,", "q|xqq,", false},
        {"best_pair(a, jaccard) >= 0.66", "abc|xyz,", "q|xyy,", true}, /* 2 of 3 */
        {"best_pair(a, jaccard) >= 0.67", "abc|xyz,", "q|xyy,", false},
        {"best_pair(a, jaccard) >= 1", "aab|c,", "q|bba,", true},
        {"reversed(a, b)", "x,y", "y,x", true},
        {"reversed(a, b)", "x,y", "y,z", false},
        {"reversed_left(a, b)", "x,y", "z,x", true},
        {"reversed_left(a, b)", "x,y", "y,z", false},
        {"nickname(a)", "robert,", "bob,", false}, /* no table was given */
    };
    EXPECT_ALL("letters", cases);
}

static void what_is_asked_about_a_missing_value_is_not_known(void **state) {
    (void)state;
    static const measure_case cases[] = {
        {"missing(a)", ",", "x,", true},
        {"missing(a)", "x,", "x,", false},
        {"not missing(a)", "x,", "x,", true},
        {"not missing(a)", ",", "x,", false},
        {"exact(a)", ",", ",", false},
        {"not exact(a)", ",", "x,", false},
        {"not exact(a)", "y,", "x,", true},
        {"not not exact(a)", "x,", "x,", true},
        {"not levenshtein(a) <= 1", ",", "x,", false},
        {"exact(a) or exact(b)", ",x", ",x", true},
        {"not (exact(a) and exact(b))", ",x", ",y", true}, /* unknown and false is false */
        {"not (exact(a) and exact(b))", ",x", ",x", false},
        {"not (exact(a) or exact(b))", ",x", ",y", false},
        {"missing(a) and missing(b)", ",", "x,y", true},
        {"missing(a) and missing(b)", ",y", "x,y", false},
        {"days(a) <= 1", "2001-02-30,", "2001-03-01,", false}, /* no such day */
        {"not days(a) <= 1", "2001-02-30,", "2001-03-01,", false},
        {"not difference(a) <= 1", "x,", "1,", false},
        {"not km(a, b) <= 1", "1,x", "80,2", false},
        {"not reversed(a, b)", "x,", "y,z", true}, /* x is not z */
        {"not reversed(a, b)", "x,", "y,x", false},
        {"not literal(a, 'x')", ",", "y,", false},
        {"not intersection(a) >= 1", ",", "y,", false},
    };
    EXPECT_ALL("letters", cases);
}

static void text_measures_count_letters_or_bytes_as_the_model_says(void **state) {
    (void)state;
    static const measure_case letters[] = {
        {"levenshtein(a) <= 1", "M\xC3\xBCller,", "Muller,", true},
        {"jaro_winkler(a) >= 0.9", "M\xC3\xBCller,", "Muller,", true}, /* DuckDB 2.0.1: 0.9 */
        {"jaccard(a) >= 0.66", "M\xC3\xBCller,", "Muller,", true},
        {"best_pair(a, levenshtein) <= 1", "q|M\xC3\xBCller,", "Muller,", true},
    };
    static const measure_case bytes[] = {
        {"levenshtein(a) <= 1", "M\xC3\xBCller,", "Muller,", false},
        {"levenshtein(a) <= 2", "M\xC3\xBCller,", "Muller,", true},
        {"jaro_winkler(a) >= 0.9", "M\xC3\xBCller,", "Muller,", false}, /* 2.0.0: 0.8643 */
        {"jaro_winkler(a) >= 0.864", "M\xC3\xBCller,", "Muller,", true},
        {"jaccard(a) >= 0.572", "M\xC3\xBCller,", "Muller,", false}, /* 0.5714 */
        {"jaccard(a) >= 0.571", "M\xC3\xBCller,", "Muller,", true},
        {"best_pair(a, levenshtein) <= 1", "q|M\xC3\xBCller,", "Muller,", false},
    };
    EXPECT_ALL("letters", letters);
    EXPECT_ALL("bytes", bytes);
}

static void of_texts_too_long_to_be_compared_only_the_same_are_alike(void **state) {
    (void)state;
    char left[800];
    char right[800];
    memset(left, 'x', sizeof left);
    memset(right, 'x', sizeof right);
    strcpy(left + 700, ",");
    strcpy(right + 700, ",");
    const measure_case same[] = {{"levenshtein(a) <= 0", left, right, true},
                                 {"jaro(a) >= 1", left, right, true}};
    EXPECT_ALL("letters", same);
    right[0] = 'y';
    const measure_case other[] = {{"levenshtein(a) <= 1", left, right, false},
                                  {"jaro_winkler(a) >= 0.5", left, right, false}};
    EXPECT_ALL("letters", other);
}

static void the_first_level_that_holds_is_the_pairs(void **state) {
    (void)state;
    static const char settings[] =
        SETTINGS("letters", "{\"when\": \"missing(a)\", \"null\": true},"
                            "{\"when\": \"exact(a)\"},"
                            "{\"when\": \"levenshtein(a) <= 1\"},"
                            "{\"when\": \"levenshtein(a) <= 3 and exact(b)\"},"
                            "{\"when\": \"jaro_winkler(a) >= 0.7 or exact(b)\"},");
    assert_int_equal(level_of(settings, ",x", "abc,x"), 0);
    assert_int_equal(level_of(settings, "abc,x", "abc,x"), 1);
    assert_int_equal(level_of(settings, "abc,x", "abd,x"), 2);
    assert_int_equal(level_of(settings, "abc,x", "add,x"), 3);
    assert_int_equal(level_of(settings, "abcde,x", "abcdxyz,y"), 4);
    assert_int_equal(level_of(settings, "abcdefgh,x", "stuvwxyz,x"), 4);
    assert_int_equal(level_of(settings, "abcdefgh,x", "stuvwxyz,y"), 5);
}

static void a_comparison_of_too_many_conditions_is_refused(void **state) {
    (void)state;
    char settings[20000] =
        "{\"format\": \"trefoil-link\", \"prior\": 0.1, \"comparisons\": [{\"name\": "
        "\"c\", \"levels\": [";
    for (int i = 0; i < 60; i++) {
        char level[200];
        snprintf(level, sizeof level,
                 "{\"when\": \"exact(substring(a, 1, %d)) and exact(substring(b, 1, %d))\"},",
                 i + 1, i + 1);
        strcat(settings, level);
    }
    strcat(settings, "{\"when\": \"else\"}]}]}");
    tf_link_model *model = model_of(settings);
    tf_link_records *records = records_of("id,a,b\n1,x,y\n2,x,y\n", "id", NULL);
    tf_link_work work = {0};
    tf_link_matcher *matcher;
    tf_error error;
    assert_int_equal(tf_link_matcher_new(model, records, &work, &matcher, &error), TF_UNSUPPORTED);
    assert_null(matcher);
    assert_non_null(strstr(error.message, "comparison c"));
    tf_link_records_free(records);
    tf_link_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_holds_for_the_values_that_meet_it),
        cmocka_unit_test(what_is_asked_about_a_missing_value_is_not_known),
        cmocka_unit_test(text_measures_count_letters_or_bytes_as_the_model_says),
        cmocka_unit_test(of_texts_too_long_to_be_compared_only_the_same_are_alike),
        cmocka_unit_test(the_first_level_that_holds_is_the_pairs),
        cmocka_unit_test(a_comparison_of_too_many_conditions_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

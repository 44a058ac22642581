#include "check.h"

#include "fail_allocations.h"

#include "trefoil/base/hash.h"
#include "trefoil/linkage/similarity.h"

enum { LONGEST = 200, PAIRS = 1000000, TEXTS = 4000 };

typedef struct fixture {
    tf_arena *arena;
    tf_similarity_scratch scratch;
} fixture;

static int set_up(void **state) {
    static fixture made;
    tf_error error;
    made.arena = tf_arena_new();
    assert_non_null(made.arena);
    assert_ok(tf_similarity_scratch_init(&made.scratch, LONGEST, &error), &error);
    *state = &made;
    return 0;
}

static int tear_down(void **state) {
    fixture *made = *state;
    tf_arena_free(made->arena);
    tf_similarity_scratch_deinit(&made->scratch);
    return 0;
}

static tf_similarity_text prepare_bytes(fixture *made, tf_text text, tf_similarity_unit unit) {
    tf_similarity_text prepared;
    tf_error error;
    assert_ok(tf_similarity_prepare(text, unit, made->arena, &prepared, &error), &error);
    return prepared;
}

static tf_similarity_text prepare(fixture *made, const char *text) {
    return prepare_bytes(made, tf_text_of(text), TF_SIMILARITY_CODE_POINTS);
}

static tf_similarity_grams grams_of(fixture *made, const char *text, uint32_t length) {
    tf_similarity_text prepared = prepare(made, text);
    tf_similarity_grams grams;
    tf_error error;
    assert_ok(tf_similarity_prepare_grams(&prepared, length, made->arena, &grams, &error), &error);
    return grams;
}

static uint32_t code_at(const tf_similarity_text *text, uint32_t i) {
    return text->narrow ? text->narrow[i] : text->wide[i];
}

/* Winkler 2006, "Overview of Record Linkage and Current Research Directions" (US Bureau of the
 * Census, RRS2006-02), comparison of string comparators, in three decimals. */
static void names_of_winklers_table_are_as_alike_as_he_says(void **state) {
    fixture *made = *state;
    static const struct {
        const char *a, *b;
        double jaro, winkler;
    } table[] = {
        {"SHACKLEFORD", "SHACKELFORD", 0.970, 0.982},
        {"DUNNINGHAM", "CUNNIGHAM", 0.896, 0.896},
        {"NICHLESON", "NICHULSON", 0.926, 0.956},
        {"JONES", "JOHNSON", 0.790, 0.832},
        {"MASSEY", "MASSIE", 0.889, 0.933},
        {"ABROMS", "ABRAMS", 0.889, 0.922},
        {"JERALDINE", "GERALDINE", 0.926, 0.926},
        {"MARHTA", "MARTHA", 0.944, 0.961},
        {"MICHELLE", "MICHAEL", 0.869, 0.921},
        {"JULIES", "JULIUS", 0.889, 0.933},
        {"TANYA", "TONYA", 0.867, 0.880},
        {"DWAYNE", "DUANE", 0.822, 0.840},
        {"SEAN", "SUSAN", 0.783, 0.805},
        {"JON", "JOHN", 0.917, 0.933},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tf_similarity_text a = prepare(made, table[i].a), b = prepare(made, table[i].b);
        assert_near(tf_similarity_jaro(&a, &b, NULL), table[i].jaro, 0.00051);
        assert_near(tf_similarity_jaro_winkler(&a, &b, NULL), table[i].winkler, 0.00051);
    }
}

/* The usual worked examples of Jaro (1989) and Winkler (1990). */
static void the_published_examples_hold(void **state) {
    fixture *made = *state;
    tf_similarity_text martha = prepare(made, "MARTHA"), marhta = prepare(made, "MARHTA");
    tf_similarity_text dixon = prepare(made, "DIXON"), dicksonx = prepare(made, "DICKSONX");
    assert_near(tf_similarity_jaro(&martha, &marhta, NULL), 17.0 / 18, 1e-12);
    assert_near(tf_similarity_jaro_winkler(&martha, &marhta, NULL), 0.9611, 0.00005);
    assert_near(tf_similarity_jaro(&dixon, &dicksonx, NULL), 0.7667, 0.00005);
    assert_near(tf_similarity_jaro_winkler(&dixon, &dicksonx, NULL), 0.8133, 0.00005);
}

/* The usual example of the difference; rapidfuzz 3.14.6 gives these three. */
static void only_the_unrestricted_distance_inserts_between_what_it_swapped(void **state) {
    fixture *made = *state;
    tf_similarity_text ca = prepare(made, "CA"), abc = prepare(made, "ABC");
    assert_int_equal(tf_similarity_levenshtein(&ca, &abc, TF_SIMILARITY_ANY, NULL), 3);
    assert_int_equal(tf_similarity_alignment(&ca, &abc, TF_SIMILARITY_ANY, NULL), 3);
    assert_int_equal(tf_similarity_damerau(&ca, &abc, TF_SIMILARITY_ANY, NULL), 2);
}

/* rapidfuzz 3.14.6 and DuckDB 2.0.0: both raise above 0.7 only. */
static void a_prefix_counts_only_where_the_rest_is_alike(void **state) {
    fixture *made = *state;
    tf_similarity_text a = prepare(made, "abcdefgh"), b = prepare(made, "abcdijkl");
    assert_near(tf_similarity_jaro_winkler(&a, &b, NULL), 0.6666666666666666, 1e-15);
    a = prepare(made, "abcdxx");
    b = prepare(made, "abcdyyzz");
    assert_near(tf_similarity_jaro_winkler(&a, &b, NULL), 0.8333333333333334, 1e-15);
}

/* DuckDB 2.0.0 for bytes, rapidfuzz 3.14.6 for code points. */
static void an_accent_is_one_code_point_and_two_bytes(void **state) {
    fixture *made = *state;
    static const double winkler[] = {0.9, 0.8642857142857143};
    for (int unit = TF_SIMILARITY_CODE_POINTS; unit <= TF_SIMILARITY_BYTES; unit++) {
        tf_similarity_text a = prepare_bytes(made, tf_text_of("M\u00fcller"), unit);
        tf_similarity_text b = prepare_bytes(made, tf_text_of("Muller"), unit);
        assert_int_equal(tf_similarity_levenshtein(&a, &b, TF_SIMILARITY_ANY, NULL), unit + 1);
        assert_near(tf_similarity_jaro_winkler(&a, &b, NULL), winkler[unit], 1e-12);
    }
}

/* Unicode 6, section 3.9, table 3-8; no byte of a surrogate can be part of a character. */
static void bytes_that_are_no_character_become_replacements(void **state) {
    fixture *made = *state;
    static const char table_8[] = "\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64";
    static const uint32_t codes[] = {0x61,   0xFFFD, 0xFFFD, 0xFFFD, 0x62,
                                     0xFFFD, 0x63,   0xFFFD, 0xFFFD, 0x64};
    tf_similarity_text prepared =
        prepare_bytes(made, (tf_text){table_8, sizeof table_8 - 1}, TF_SIMILARITY_CODE_POINTS);
    assert_int_equal(prepared.length, sizeof codes / sizeof *codes);
    for (uint32_t i = 0; i < prepared.length; i++) {
        assert_int_equal(code_at(&prepared, i), codes[i]);
    }
    prepared = prepare(made, "\xED\xA0\x80\xED\xBF\xBF");
    assert_int_equal(prepared.length, 6);
}

/* DuckDB 2.0.0: jaccard('DIXON', 'DICKSONX') and jaccard('CA', 'ABC'). */
static void jaccard_counts_distinct_characters(void **state) {
    fixture *made = *state;
    tf_similarity_grams a = grams_of(made, "DIXON", 1), b = grams_of(made, "DICKSONX", 1);
    assert_near(tf_similarity_jaccard(&a, &b), 0.625, 1e-15);
    a = grams_of(made, "CA", 1);
    b = grams_of(made, "ABC", 1);
    assert_near(tf_similarity_jaccard(&a, &b), 2.0 / 3, 1e-15);
}

/* night and nacht share ht of {ni ig gh ht} and {na ac ch ht}: the usual example of bigrams. */
static void jaccard_counts_pieces_of_more_than_one(void **state) {
    fixture *made = *state;
    tf_similarity_grams a = grams_of(made, "night", 2), b = grams_of(made, "nacht", 2);
    assert_near(tf_similarity_jaccard(&a, &b), 1.0 / 7, 1e-15);
    a = grams_of(made, "ab", 3);
    b = grams_of(made, "abc", 3);
    assert_near(tf_similarity_jaccard(&a, &b), 0, 0);
    assert_near(tf_similarity_jaccard(&a, &a), 1, 0);
    a = grams_of(made, "", 2);
    assert_int_equal(a.count, 0);
    assert_near(tf_similarity_jaccard(&a, &b), 0, 0);
    assert_near(tf_similarity_jaccard(&a, &a), 1, 0);
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* The textbook tables, whole. */
static uint32_t plain_edits(const tf_similarity_text *a, const tf_similarity_text *b,
                            bool with_swaps) {
    static uint32_t cell[LONGEST + 1][LONGEST + 1];
    for (uint32_t i = 0; i <= a->length; i++) {
        for (uint32_t j = 0; j <= b->length; j++) {
            if (i == 0 || j == 0) {
                cell[i][j] = i + j;
                continue;
            }
            bool differ = code_at(a, i - 1) != code_at(b, j - 1);
            cell[i][j] =
                smaller(smaller(cell[i - 1][j], cell[i][j - 1]) + 1, cell[i - 1][j - 1] + differ);
            if (with_swaps && i > 1 && j > 1 && code_at(a, i - 1) == code_at(b, j - 2) &&
                code_at(a, i - 2) == code_at(b, j - 1)) {
                cell[i][j] = smaller(cell[i][j], cell[i - 2][j - 2] + 1);
            }
        }
    }
    return cell[a->length][b->length];
}

/* Lowrance and Wagner's recurrence as it is written: any earlier pair of rows and columns may be
 * the two that are swapped. */
static uint32_t plain_damerau(const tf_similarity_text *a, const tf_similarity_text *b) {
    static uint32_t cell[LONGEST + 1][LONGEST + 1];
    for (uint32_t i = 0; i <= a->length; i++) {
        uint32_t met_column = 0;
        for (uint32_t j = 0; j <= b->length; j++) {
            if (i == 0 || j == 0) {
                cell[i][j] = i + j;
                continue;
            }
            bool differ = code_at(a, i - 1) != code_at(b, j - 1);
            cell[i][j] =
                smaller(smaller(cell[i - 1][j], cell[i][j - 1]) + 1, cell[i - 1][j - 1] + differ);
            uint32_t met_row = i - 1;
            while (met_row && code_at(a, met_row - 1) != code_at(b, j - 1)) {
                met_row--;
            }
            if (met_row && met_column) {
                cell[i][j] = smaller(cell[i][j], cell[met_row - 1][met_column - 1] + (i - met_row) +
                                                     (j - met_column) - 1);
            }
            met_column = differ ? met_column : j;
        }
    }
    return cell[a->length][b->length];
}

static double plain_jaro(const tf_similarity_text *a, const tf_similarity_text *b) {
    bool of_a[LONGEST] = {false};
    uint32_t taken[LONGEST], common = 0, wrong = 0;
    int reach = (int)(a->length > b->length ? a->length : b->length) / 2 - 1;
    reach = reach < 0 ? 0 : reach;
    for (int j = 0; j < (int)b->length; j++) {
        for (int i = 0; i < (int)a->length; i++) {
            if (abs(i - j) <= reach && !of_a[i] && code_at(a, i) == code_at(b, j)) {
                of_a[i] = true;
                taken[common++] = code_at(b, j);
                break;
            }
        }
    }
    for (uint32_t i = 0, k = 0; i < a->length; i++) {
        if (of_a[i]) {
            wrong += code_at(a, i) != taken[k++];
        }
    }
    if (common == 0) {
        return a->length == 0 && b->length == 0;
    }
    double c = common;
    return (c / a->length + c / b->length + (c - wrong / 2) / c) / 3;
}

/* UTF-8 of random code points below 0x10000; NUL among them. */
static tf_similarity_text random_text(fixture *made, tf_random *random) {
    static const uint32_t letters[][8] = {{'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'},
                                          {'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'},
                                          {'a', 'e', 0xE9, 0xFC, 'n', 0xF1, 0, 'u'},
                                          {'a', 0x151, 0x416, 0x65E5, 'b', 0xE9, 0x672C, 0}};
    const uint32_t *alphabet = letters[tf_random_below(random, 4)];
    uint32_t kind = tf_random_below(random, 50);
    uint32_t length = tf_random_below(random, kind == 0 ? LONGEST + 1 : kind < 3 ? 70 : 14);
    char bytes[3 * LONGEST];
    size_t size = 0;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t code = alphabet[tf_random_below(random, 8)];
        if (code < 0x80) {
            bytes[size++] = (char)code;
        } else if (code < 0x800) {
            bytes[size++] = (char)(0xC0 | code >> 6);
            bytes[size++] = (char)(0x80 | (code & 0x3F));
        } else {
            bytes[size++] = (char)(0xE0 | code >> 12);
            bytes[size++] = (char)(0x80 | (code >> 6 & 0x3F));
            bytes[size++] = (char)(0x80 | (code & 0x3F));
        }
    }
    tf_similarity_text text =
        prepare_bytes(made, (tf_text){bytes, size}, TF_SIMILARITY_CODE_POINTS);
    assert_int_equal(text.length, length);
    return text;
}

static void check_edits(fixture *made, const tf_similarity_text *a, const tf_similarity_text *b,
                        uint32_t bound) {
    uint32_t expected[] = {plain_edits(a, b, false), plain_edits(a, b, true), plain_damerau(a, b)};
    uint32_t (*const functions[])(const tf_similarity_text *, const tf_similarity_text *, uint32_t,
                                  tf_similarity_scratch *) = {
        tf_similarity_levenshtein, tf_similarity_alignment, tf_similarity_damerau};
    for (int k = 0; k < 3; k++) {
        assert_int_equal(functions[k](a, b, TF_SIMILARITY_ANY, &made->scratch), expected[k]);
        assert_int_equal(functions[k](b, a, TF_SIMILARITY_ANY, &made->scratch), expected[k]);
        assert_int_equal(functions[k](a, b, bound, &made->scratch),
                         smaller(expected[k], bound + 1));
    }
}

static void a_million_random_pairs_are_as_in_the_textbook(void **state) {
    fixture *made = *state;
    static tf_similarity_text texts[TEXTS];
    tf_random random;
    tf_random_init(&random, 20, 4);
    for (size_t i = 0; i < TEXTS; i++) {
        texts[i] = random_text(made, &random);
    }
    for (size_t pair = 0; pair < PAIRS; pair++) {
        const tf_similarity_text *a = &texts[tf_random_below(&random, TEXTS)];
        const tf_similarity_text *b = &texts[tf_random_below(&random, TEXTS)];
        double jaro = plain_jaro(a, b);
        assert_near(tf_similarity_jaro(a, b, &made->scratch), jaro, 1e-15);
        double winkler = tf_similarity_jaro_winkler(a, b, &made->scratch);
        assert_true(winkler >= jaro && winkler <= 1);
        check_edits(made, a, b, tf_random_below(&random, 12));
        assert_int_equal(tf_similarity_equal(a, b),
                         tf_similarity_levenshtein(a, b, 0, &made->scratch) == 0);
    }
}

static void a_text_is_wholly_like_itself(void **state) {
    fixture *made = *state;
    static const char *const texts[] = {"", "a", "\u65e5\u672c\u8a9e", "an ordinary name"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tf_similarity_text a = prepare(made, texts[i]), b = prepare(made, texts[i]);
        assert_true(tf_similarity_equal(&a, &b));
        assert_near(tf_similarity_jaro_winkler(&a, &b, NULL), 1, 0);
        assert_int_equal(tf_similarity_damerau(&a, &b, 0, NULL), 0);
    }
}

static void a_text_of_more_than_two_gigabytes_is_refused(void **state) {
    fixture *made = *state;
    tf_similarity_text prepared;
    tf_error error;
    assert_int_equal(tf_similarity_prepare((tf_text){"", (size_t)INT32_MAX + 1},
                                           TF_SIMILARITY_BYTES, made->arena, &prepared, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "too long"));
}

static void running_out_of_memory_is_told(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_arena *arena = tf_arena_new();
        tf_similarity_text text;
        tf_similarity_grams grams;
        tf_similarity_scratch scratch = {0};
        static char much[100000];
        memset(much, 'a', sizeof much);
        fail_allocation(n);
        tf_status status = tf_similarity_prepare((tf_text){much, sizeof much},
                                                 TF_SIMILARITY_CODE_POINTS, arena, &text, NULL);
        status = status ? status : tf_similarity_prepare_grams(&text, 2, arena, &grams, NULL);
        status = status ? status : tf_similarity_scratch_init(&scratch, 100, NULL);
        bool was_reached = stop_failing_allocations();
        tf_similarity_scratch_deinit(&scratch);
        tf_arena_free(arena);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n >= 3);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_winklers_table_are_as_alike_as_he_says),
        cmocka_unit_test(the_published_examples_hold),
        cmocka_unit_test(only_the_unrestricted_distance_inserts_between_what_it_swapped),
        cmocka_unit_test(a_prefix_counts_only_where_the_rest_is_alike),
        cmocka_unit_test(an_accent_is_one_code_point_and_two_bytes),
        cmocka_unit_test(bytes_that_are_no_character_become_replacements),
        cmocka_unit_test(jaccard_counts_distinct_characters),
        cmocka_unit_test(jaccard_counts_pieces_of_more_than_one),
        cmocka_unit_test(a_million_random_pairs_are_as_in_the_textbook),
        cmocka_unit_test(a_text_is_wholly_like_itself),
        cmocka_unit_test(a_text_of_more_than_two_gigabytes_is_refused),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#include "check.h"
#include "fail_allocations.h"

#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"
#include "trefoil/linkage/review_sample.h"

enum { LOW = 1000, HIGH = 200, PAIRS = LOW + HIGH };

static const double BOUNDS[] = {0};
static const tf_review_options OPTIONS = {BOUNDS, 1, 40, 11};

/* Pairs (i, i + 1), the first LOW of them with weights below 0. */
static void fill_pairs(tf_evaluate_pair *pairs) {
    for (uint32_t i = 0; i < PAIRS; i++) {
        pairs[i] = (tf_evaluate_pair){i, i + 1, i < LOW ? -1.0 - i : i};
    }
}

static tf_review_sample draw(const tf_evaluate_pair *pairs, size_t count,
                             const tf_review_options *options) {
    tf_review_sample sample;
    tf_error error;
    assert_ok(tf_review_draw(pairs, count, options, &sample, &error), &error);
    return sample;
}

static void each_stratum_gives_as_many_and_the_order_of_pairs_does_not_matter(void **state) {
    (void)state;
    tf_evaluate_pair pairs[PAIRS], turned[PAIRS];
    fill_pairs(pairs);
    for (uint32_t i = 0; i < PAIRS; i++) {
        const tf_evaluate_pair *pair = &pairs[PAIRS - 1 - i];
        turned[i] = (tf_evaluate_pair){pair->right, pair->left, pair->weight};
    }
    tf_review_sample a = draw(pairs, PAIRS, &OPTIONS), b = draw(turned, PAIRS, &OPTIONS);
    assert_int_equal(a.row_count, 40);
    assert_int_equal(a.strata[0].pairs, LOW);
    assert_int_equal(a.strata[0].drawn, 20);
    assert_int_equal(a.strata[1].drawn, 20);
    for (size_t i = 0; i < a.row_count; i++) {
        assert_int_equal(a.rows[i].code, b.rows[i].code);
        assert_int_equal(a.rows[i].left, b.rows[i].left);
        assert_int_equal(a.rows[i].stratum, a.rows[i].left >= LOW);
        assert_true(i == 0 || a.rows[i - 1].code < a.rows[i].code);
    }
    tf_review_options other = OPTIONS;
    other.seed++;
    tf_review_sample c = draw(pairs, PAIRS, &other);
    assert_int_not_equal(a.rows[0].code, c.rows[0].code);
    tf_review_deinit(&a);
    tf_review_deinit(&b);
    tf_review_deinit(&c);
}

static void what_a_small_stratum_lacks_the_others_give(void **state) {
    (void)state;
    tf_evaluate_pair pairs[PAIRS];
    fill_pairs(pairs);
    tf_review_sample sample = draw(pairs, LOW + 3, &OPTIONS);
    assert_int_equal(sample.strata[0].drawn, 37);
    assert_int_equal(sample.strata[1].drawn, 3);
    tf_review_deinit(&sample);
    sample = draw(pairs + LOW - 2, 5, &OPTIONS);
    assert_int_equal(sample.row_count, 5);
    tf_review_deinit(&sample);
}

/* Over many seeds each of 200 pairs is drawn with probability 20 / 200: of 2,000 draws 200, with a
 * standard deviation of 13.4; and its place in the sheet does not tell the stratum. */
static void every_pair_of_a_stratum_is_as_likely_and_its_place_tells_nothing(void **state) {
    (void)state;
    enum { DRAWS = 2000 };
    tf_evaluate_pair pairs[PAIRS];
    fill_pairs(pairs);
    int drawn[PAIRS] = {0}, low_in_front = 0;
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        tf_review_options options = {BOUNDS, 1, 40, seed};
        tf_review_sample sample = draw(pairs, PAIRS, &options);
        for (size_t i = 0; i < sample.row_count; i++) {
            drawn[sample.rows[i].left]++;
            low_in_front += i < 20 && sample.rows[i].stratum == 0;
        }
        tf_review_deinit(&sample);
    }
    for (uint32_t i = LOW; i < PAIRS; i++) {
        assert_in_range(drawn[i], 200 - 60, 200 + 60);
    }
    assert_in_range(low_in_front, DRAWS * 10 - 300, DRAWS * 10 + 300);
}

static tf_text name_of(const void *context, uint32_t record, size_t field) {
    (void)context;
    static const char *const names[] = {"Ann, \"A\"", "Bob"};
    return field == 0 ? tf_text_of(names[record % 2]) : tf_text_of("LK1");
}

static const char *const FIELD_NAMES[] = {"name", "postcode"};
static const tf_review_fields FIELDS = {FIELD_NAMES, 2, name_of, NULL};

static void the_sheet_shows_records_and_neither_weight_nor_stratum(void **state) {
    (void)state;
    tf_evaluate_pair pairs[] = {{6, 5, -3}, {8, 9, 4}};
    tf_review_sample sample = draw(pairs, 2, &OPTIONS);
    tf_buffer csv;
    tf_buffer_init(&csv);
    tf_error error;
    assert_ok(tf_review_write(&sample, &FIELDS, &csv, &error), &error);
    char expected[400];
    const char *five = "Bob,\"Ann, \"\"A\"\"\",LK1,LK1", *eight = "\"Ann, \"\"A\"\"\",Bob,LK1,LK1";
    snprintf(expected, sizeof expected,
             "pair,name_l,name_r,postcode_l,postcode_r,answer\np%016llx,%s,\np%016llx,%s,\n",
             (unsigned long long)sample.rows[0].code, sample.rows[0].left == 5 ? five : eight,
             (unsigned long long)sample.rows[1].code, sample.rows[1].left == 5 ? five : eight);
    assert_string_equal(csv.data, expected);
    tf_buffer_deinit(&csv);
    tf_review_deinit(&sample);
}

static void answers_come_back_in_any_order_and_case(void **state) {
    (void)state;
    tf_evaluate_pair pairs[PAIRS];
    fill_pairs(pairs);
    tf_review_options options = {BOUNDS, 1, 4, 3};
    tf_review_sample sample = draw(pairs, PAIRS, &options);
    char sheet[400];
    snprintf(sheet, sizeof sheet,
             "note,answer,pair\r\nx, Match ,p%016llx\r\n,NO,p%016llx\r\n,?,p%016llx\r\n",
             (unsigned long long)sample.rows[3].code, (unsigned long long)sample.rows[0].code,
             (unsigned long long)sample.rows[2].code);
    tf_review_answer answers[4];
    tf_error error;
    assert_ok(tf_review_read(&sample, sheet, strlen(sheet), answers, &error), &error);
    assert_int_equal(answers[0], TF_REVIEW_NO_MATCH);
    assert_int_equal(answers[1], TF_REVIEW_BLANK);
    assert_int_equal(answers[2], TF_REVIEW_UNSURE);
    assert_int_equal(answers[3], TF_REVIEW_MATCH);
    tf_review_deinit(&sample);
}

static void a_sheet_that_does_not_fit_is_refused_with_its_line(void **state) {
    (void)state;
    tf_evaluate_pair pairs[] = {{6, 5, -3}, {8, 9, 4}};
    tf_review_sample sample = draw(pairs, 2, &OPTIONS);
    unsigned long long code = sample.rows[0].code;
    static const struct {
        const char *rows, *says;
        int64_t line;
    } cases[] = {
        {"pair,answer\np%016llx,perhaps\n", "\"perhaps\" is not known", 2},
        {"pair,answer\np%016llx,y\np%016llx,n\n", "twice", 3},
        {"pair,answer\nq%016llx,y\n", "not in this sample", 2},
        {"pair,answer\np0%016llx,y\n", "not in this sample", 2},
        {"pair,answer\n,y\n", "not in this sample", 2},
        {"pair,answer\np%016llx,y,z\n", "cannot be read", 2},
        {"pair,reply\np%016llx,y\n", "answer", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char sheet[200], number[20];
        snprintf(number, sizeof number, "%016llx", code);
        size_t length = 0;
        for (const char *c = cases[i].rows; *c;) {
            bool is_code = *c == '%';
            length += (size_t)snprintf(sheet + length, sizeof sheet - length, "%.*s",
                                       is_code ? 16 : 1, is_code ? number : c);
            c += is_code ? strcspn(c, "x") + 1 : 1;
        }
        tf_review_answer answers[2];
        tf_error error;
        assert_int_equal(tf_review_read(&sample, sheet, length, answers, &error), TF_BAD_INPUT);
        if (!strstr(error.message, cases[i].says) ||
            (cases[i].line && error.line != cases[i].line)) {
            fail_msg("\"%s\" in line %d does not say \"%s\"", error.message, (int)error.line,
                     cases[i].says);
        }
    }
    tf_review_deinit(&sample);
}

/* Answer the first `matches` rows of each stratum match, and others no match, up to `answered`. */
static void answer_rows(const tf_review_sample *sample, const uint32_t matches[2],
                        const uint32_t answered[2], tf_review_answer *answers) {
    uint32_t seen[2] = {0};
    for (size_t i = 0; i < sample->row_count; i++) {
        uint32_t stratum = sample->rows[i].stratum, number = seen[stratum]++;
        answers[i] = number < matches[stratum]    ? TF_REVIEW_MATCH
                     : number < answered[stratum] ? TF_REVIEW_NO_MATCH
                                                  : TF_REVIEW_UNSURE;
    }
}

/* By hand, and the formulas of the header in Python: of 1,000 pairs below the bound 1 of 10
 * answered matches and stands for 100; of 200 above 18 of 20 stand for 180. */
static void answers_stand_for_the_pairs_of_their_stratum(void **state) {
    (void)state;
    tf_evaluate_pair pairs[PAIRS];
    fill_pairs(pairs);
    tf_review_sample sample = draw(pairs, PAIRS, &OPTIONS);
    tf_review_answer answers[40];
    answer_rows(&sample, (uint32_t[]){1, 18}, (uint32_t[]){10, 20}, answers);
    tf_review_estimate estimate;
    tf_review_count counts[2];
    tf_error error;
    assert_ok(tf_review_estimates_of(&sample, answers, 0.95, &estimate, counts, &error), &error);
    assert_near(estimate.threshold, 0, 0);
    assert_int_equal(estimate.linked, 200);
    assert_near(estimate.matches, 180, 1e-12);
    assert_near(estimate.missed, 100, 1e-12);
    assert_near(estimate.precision.value, 0.9, 1e-15);
    assert_near(estimate.precision.lower, 0.7055753482787896, 1e-12);
    assert_near(estimate.precision.upper, 0.9712643093214419, 1e-12);
    assert_near(estimate.recall.value, 180.0 / 280, 1e-15);
    assert_near(estimate.recall.lower, 0.24173564195954705, 1e-12);
    assert_near(estimate.recall.upper, 0.9104189170007544, 1e-12);
    assert_int_equal(counts[0].unsure, 10);
    assert_int_equal(counts[1].no_matches, 2);
    tf_review_deinit(&sample);
}

static void all_answers_alike_are_no_certainty_unless_all_pairs_were_seen(void **state) {
    (void)state;
    tf_evaluate_pair pairs[PAIRS];
    fill_pairs(pairs);
    tf_review_sample sample = draw(pairs, PAIRS, &OPTIONS);
    tf_review_answer answers[40];
    answer_rows(&sample, (uint32_t[]){0, 20}, (uint32_t[]){20, 20}, answers);
    tf_review_estimate estimate;
    tf_error error;
    assert_ok(tf_review_estimates_of(&sample, answers, 0.95, &estimate, NULL, &error), &error);
    assert_near(estimate.precision.value, 1, 0);
    assert_in_range((int)(estimate.precision.lower * 100), 75, 90);
    assert_near(estimate.recall.value, 1, 0);
    assert_true(estimate.recall.lower < 0.8);
    tf_review_deinit(&sample);

    sample = draw(pairs + LOW - 10, 20, &OPTIONS);
    answer_rows(&sample, (uint32_t[]){0, 10}, (uint32_t[]){10, 10}, answers);
    assert_ok(tf_review_estimates_of(&sample, answers, 0.95, &estimate, NULL, &error), &error);
    assert_near(estimate.precision.lower, 1, 0);
    assert_near(estimate.recall.lower, 1, 0);
    for (size_t i = 0; i < sample.row_count; i++) {
        answers[i] = sample.rows[i].stratum ? answers[i] : TF_REVIEW_BLANK;
    }
    assert_int_equal(tf_review_estimates_of(&sample, answers, 0.95, &estimate, NULL, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "answer some of each stratum"));
    tf_review_deinit(&sample);
}

/* Draws of a file whose truth is known: the limits hold it about as often as they say, and the mean
 * of the estimates is it, as Horvitz and Thompson promise. */
static void estimates_are_unbiased_and_their_limits_cover(void **state) {
    (void)state;
    enum { DRAWS = 1000 };
    static const double bounds[] = {-500, 0};
    tf_evaluate_pair pairs[PAIRS];
    fill_pairs(pairs);
    bool is_match[PAIRS];
    double above = 0, all = 0, sum = 0;
    for (uint32_t i = 0; i < PAIRS; i++) {
        is_match[i] = i >= LOW ? i % 10 != 0 : i < 499 && i % 7 == 0;
        above += i >= LOW && is_match[i];
        all += is_match[i];
    }
    int precise = 0, recalled = 0;
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        tf_review_options options = {bounds, 2, 150, seed};
        tf_review_sample sample = draw(pairs, PAIRS, &options);
        tf_review_answer answers[150];
        for (size_t i = 0; i < sample.row_count; i++) {
            answers[i] = is_match[sample.rows[i].left] ? TF_REVIEW_MATCH : TF_REVIEW_NO_MATCH;
        }
        tf_review_estimate at[2];
        tf_error error;
        assert_ok(tf_review_estimates_of(&sample, answers, 0.95, at, NULL, &error), &error);
        double precision = above / HIGH, recall = above / all;
        precise += at[1].precision.lower <= precision && precision <= at[1].precision.upper;
        recalled += at[1].recall.lower <= recall && recall <= at[1].recall.upper;
        sum += at[1].matches + at[1].missed;
        tf_review_deinit(&sample);
    }
    print_message("# of %d: precision %d, recall %d, matches %g of %g\n", DRAWS, precise, recalled,
                  sum / DRAWS, all);
    assert_near(sum / DRAWS, all, 3);
    assert_in_range(precise, DRAWS * 93 / 100, DRAWS * 99 / 100);
    assert_in_range(recalled, DRAWS * 93 / 100, DRAWS);
}

static void a_draw_that_makes_no_sense_is_refused(void **state) {
    (void)state;
    static const tf_evaluate_pair pair = {0, 1, 2}, unweighed = {0, 1, NAN};
    const struct {
        tf_review_options options;
        const tf_evaluate_pair *pair;
        size_t count;
        const char *says;
    } cases[] = {
        {{(const double[]){0, 0}, 2, 10, 1}, &pair, 1, "must rise"},
        {{(const double[]){NAN}, 1, 10, 1}, &pair, 1, "must rise"},
        {{(const double[]){1, 2}, 2, 2, 1}, &pair, 1, "too small"},
        {{(const double[]){1}, 1, 10, 1}, &pair, 0, "no pair"},
        {{(const double[]){1}, 1, 10, 1}, &unweighed, 1, "not a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_review_sample sample;
        tf_error error;
        assert_int_equal(
            tf_review_draw(cases[i].pair, cases[i].count, &cases[i].options, &sample, &error),
            TF_BAD_INPUT);
        assert_non_null(strstr(error.message, cases[i].says));
        assert_null(sample.rows);
    }
}

static void running_out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    tf_evaluate_pair pairs[] = {{6, 5, -3}, {8, 9, 4}};
    for (long n = 0;; n++) {
        tf_review_sample sample;
        tf_review_answer answers[2];
        tf_buffer csv;
        tf_buffer_init(&csv);
        fail_allocation(n);
        tf_status status = tf_review_draw(pairs, 2, &OPTIONS, &sample, NULL);
        if (status == TF_OK) {
            status = tf_review_write(&sample, &FIELDS, &csv, NULL);
        }
        if (status == TF_OK) {
            status = tf_review_read(&sample, csv.data, csv.length, answers, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_buffer_deinit(&csv);
        tf_review_deinit(&sample);
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stratum_gives_as_many_and_the_order_of_pairs_does_not_matter),
        cmocka_unit_test(what_a_small_stratum_lacks_the_others_give),
        cmocka_unit_test(every_pair_of_a_stratum_is_as_likely_and_its_place_tells_nothing),
        cmocka_unit_test(the_sheet_shows_records_and_neither_weight_nor_stratum),
        cmocka_unit_test(answers_come_back_in_any_order_and_case),
        cmocka_unit_test(a_sheet_that_does_not_fit_is_refused_with_its_line),
        cmocka_unit_test(answers_stand_for_the_pairs_of_their_stratum),
        cmocka_unit_test(all_answers_alike_are_no_certainty_unless_all_pairs_were_seen),
        cmocka_unit_test(estimates_are_unbiased_and_their_limits_cover),
        cmocka_unit_test(a_draw_that_makes_no_sense_is_refused),
        cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

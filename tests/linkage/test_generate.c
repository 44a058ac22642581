#include "trefoil/linkage/generate.h"

#include "check.h"
#include "fail_allocations.h"
#include "trefoil/base/date.h"

/* record_id, source, the ten columns, truth */
enum { FIELDS = TF_GENERATE_COLUMN_COUNT + 3, TRUTH = FIELDS - 1 };

typedef struct row {
    tf_text fields[FIELDS];
} row;

typedef struct population {
    tf_buffer text;
    row *rows; /* without the header */
    size_t count;
} population;

static const tf_generate_options usual = {.record_count = 30000,
                                          .seed = 7,
                                          .duplicate_share = 0.2,
                                          .source_count = 3,
                                          .errors = TF_GENERATE_MEDIUM,
                                          .thread_count = 2};

static tf_status keep(void *context, tf_text rows, tf_error *error) {
    tf_buffer *text = context;
    tf_buffer_append(text, rows.data, rows.length);
    return tf_buffer_check(text, error);
}

/* A row as RFC 4180 has it; what follows it, NULL if it is none of FIELDS fields. */
static const char *read_row(const char *at, const char *end, row *row_out) {
    for (int i = 0; i < FIELDS; i++) {
        bool is_quoted = at < end && *at == '"';
        const char *start = at + is_quoted;
        const char *stop = start;
        while (stop < end && *stop != '"' && (is_quoted || (*stop != ',' && *stop != '\n'))) {
            stop++;
        }
        row_out->fields[i] = (tf_text){start, (size_t)(stop - start)};
        at = stop + is_quoted;
        if (at >= end || *at++ != (i == FIELDS - 1 ? '\n' : ',')) {
            return NULL;
        }
    }
    return at;
}

static population generate(tf_generate_options options) {
    population people = {0};
    tf_error error;
    tf_buffer_init(&people.text);
    assert_ok(tf_generate_people(&options, keep, &people.text, &error), &error);
    people.rows = calloc(options.record_count, sizeof *people.rows);
    const char *end = people.text.data + people.text.length;
    row header;
    const char *at = read_row(people.text.data, end, &header);
    assert_non_null(at);
    while (at < end) {
        assert_in_range(people.count, 0, options.record_count - 1);
        at = read_row(at, end, &people.rows[people.count++]);
        assert_non_null(at);
    }
    assert_int_equal(people.count, options.record_count);
    return people;
}

static void forget(population *people) {
    tf_buffer_deinit(&people->text);
    free(people->rows);
}

static tf_text field(const population *people, size_t i, tf_generate_column column) {
    return people->rows[i].fields[2 + column];
}

/* Whether a count is one that chance alone gives once in 15,000 times at most: 4 deviations. */
static void check_share(size_t count, size_t total, double share, const char *what) {
    double deviation = sqrt((double)total * share * (1 - share));
    if (fabs((double)count - (double)total * share) > 4 * deviation + 1) {
        fail_msg("%s: %zu of %zu is not %g%%", what, count, total, 100 * share);
    }
}

static void the_same_seed_gives_the_same_bytes_with_any_number_of_threads(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.thread_count = 1;
    population one = generate(options);
    for (int threads = 2; threads <= 4; threads += 2) {
        options.thread_count = threads;
        population more = generate(options);
        assert_int_equal(more.text.length, one.text.length);
        assert_memory_equal(more.text.data, one.text.data, one.text.length);
        forget(&more);
    }
    options.seed++;
    population other = generate(options);
    assert_false(tf_text_equal((tf_text){other.text.data, other.text.length},
                               (tf_text){one.text.data, one.text.length}));
    forget(&other);
    forget(&one);
}

static void populations_of_other_sizes_share_their_whole_blocks(void **state) {
    (void)state;
    tf_generate_options options = usual;
    population more = generate(options);
    options.record_count = 3 * TF_GENERATE_BLOCK_ROWS + 17;
    population fewer = generate(options);
    size_t shared_rows = (size_t)3 * TF_GENERATE_BLOCK_ROWS;
    size_t shared = (size_t)(fewer.rows[shared_rows].fields[0].data - fewer.text.data);
    assert_memory_equal(fewer.text.data, more.text.data, shared);
    forget(&fewer);
    forget(&more);
}

static int compare_truths(const void *a, const void *b) {
    return tf_text_compare(((const row *)a)->fields[TRUTH], ((const row *)b)->fields[TRUTH]);
}

/* Without errors the records of a person are alike, and errors leave truth and order as they are:
 * so every record of a group descends from one person. */
static void every_truth_group_descends_from_one_person(void **state) {
    (void)state;
    tf_generate_options options = usual;
    population spoilt = generate(options);
    options.errors = TF_GENERATE_NONE;
    population clean = generate(options);
    for (size_t i = 0; i < clean.count; i++) {
        const row *a = &clean.rows[i], *b = &spoilt.rows[i];
        assert_true(tf_text_equal(a->fields[0], b->fields[0]));
        assert_true(tf_text_equal(a->fields[1], b->fields[1]));
        assert_true(tf_text_equal(a->fields[TRUTH], b->fields[TRUTH]));
    }
    qsort(clean.rows, clean.count, sizeof *clean.rows, compare_truths);
    size_t persons = 1;
    for (size_t i = 1; i < clean.count; i++) {
        if (!tf_text_equal(clean.rows[i].fields[TRUTH], clean.rows[i - 1].fields[TRUTH])) {
            persons++;
            continue;
        }
        for (int j = 2; j < TRUTH; j++) {
            assert_true(tf_text_equal(clean.rows[i].fields[j], clean.rows[i - 1].fields[j]));
        }
    }
    check_share(clean.count - persons, clean.count, options.duplicate_share, "duplicates");
    forget(&clean);
    forget(&spoilt);
}

static void values_are_missing_as_often_as_their_source_says(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.record_count = 100000;
    options.source_count = TF_GENERATE_SOURCES_MOST;
    population people = generate(options);
    static const tf_generate_column columns[] = {
        TF_GENERATE_SEX,  TF_GENERATE_DATE_OF_BIRTH, TF_GENERATE_ADDRESS,
        TF_GENERATE_CITY, TF_GENERATE_PHONE,         TF_GENERATE_EMAIL,
    };
    for (int source = 0; source < options.source_count; source++) {
        tf_text name = tf_text_of(tf_generate_source_name(source));
        size_t total = 0, missing[TF_GENERATE_COLUMN_COUNT] = {0};
        for (size_t i = 0; i < people.count; i++) {
            if (tf_text_equal(people.rows[i].fields[1], name)) {
                total++;
                for (int column = 0; column < TF_GENERATE_COLUMN_COUNT; column++) {
                    missing[column] += field(&people, i, column).length == 0;
                }
            }
        }
        check_share(total, people.count, 1.0 / options.source_count, "source");
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            check_share(missing[columns[i]], total,
                        tf_generate_missing_percent(source, columns[i]) / 100,
                        tf_generate_source_name(source));
        }
    }
    forget(&people);
}

/* Of a person's only record, the date of birth differs by mistakes alone. */
static void errors_come_in_the_stated_number(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.record_count = 100000;
    options.duplicate_share = 0;
    options.errors = TF_GENERATE_HIGH;
    population spoilt = generate(options);
    options.errors = TF_GENERATE_NONE;
    population clean = generate(options);
    size_t known = 0, wrong = 0;
    for (size_t i = 0; i < clean.count; i++) {
        tf_text is = field(&spoilt, i, TF_GENERATE_DATE_OF_BIRTH);
        if (is.length > 0) {
            known++;
            wrong += !tf_text_equal(is, field(&clean, i, TF_GENERATE_DATE_OF_BIRTH));
        }
    }
    /* 14 of 100 mistakes are made with the date: with k of them it is right in .86^k of records,
     * but for the few that a second mistake undoes. */
    double right = .5 + .28 * .86 + .13 * pow(.86, 2) + .06 * pow(.86, 3) + .03 * pow(.86, 4);
    assert_near((double)wrong / (double)known, 1 - right, 0.005);
    forget(&clean);
    forget(&spoilt);
}

static void the_commonest_names_are_common_and_most_are_rare(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.errors = TF_GENERATE_NONE;
    options.duplicate_share = 0;
    population people = generate(options);
    size_t smiths = 0, women = 0;
    for (size_t i = 0; i < people.count; i++) {
        smiths += tf_text_equal(field(&people, i, TF_GENERATE_FAMILY_NAME), tf_text_of("Smith"));
        women += tf_text_equal(field(&people, i, TF_GENERATE_SEX), tf_text_of("F"));
    }
    assert_in_range(smiths, people.count / 200, people.count / 50);
    assert_in_range(women, people.count * 45 / 100, people.count * 55 / 100);
    forget(&people);
}

static bool starts_with_any(tf_text text, const char *const *starts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (tf_text_starts_with(text, starts[i])) {
            return true;
        }
    }
    return false;
}

/* Ofcom, "Telephone numbers for drama use (TV, radio)". */
static const char *const drama[] = {
    "07700 900",  "020 7946 0", "0113 496 0", "0114 496 0", "0115 496 0",
    "0116 496 0", "0117 496 0", "0121 496 0", "0131 496 0", "0141 496 0",
    "0151 496 0", "0161 496 0", "0191 498 0",
};

/* The two letters of postcode areas in use that those of the population must not be (Office for
 * National Statistics, "Postcode products"). */
static const char in_use[] = "AB AL BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD "
                             "DE DG DH DL DN DT DY EC EH "
                             "EN EX FK FY GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW "
                             "KY LA LD LE LL LN LS LU ME "
                             "MK ML NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM SA SE SG SK "
                             "SL SM SN SO SP SR SS ST SW "
                             "SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV YO ZE";

static void nothing_of_it_reaches_anybody(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.errors = TF_GENERATE_HIGH;
    population people = generate(options);
    for (size_t i = 0; i < people.count; i++) {
        tf_text phone = field(&people, i, TF_GENERATE_PHONE);
        if (phone.length > 0) {
            assert_true(starts_with_any(phone, drama, sizeof drama / sizeof *drama));
            size_t digits = 0;
            for (size_t j = 0; j < phone.length; j++) {
                digits += phone.data[j] >= '0' && phone.data[j] <= '9';
            }
            assert_int_equal(digits, 11);
        }
        tf_text email = field(&people, i, TF_GENERATE_EMAIL);
        assert_true(email.length == 0 || tf_text_ends_with(email, "@example.org"));
        tf_text postcode = field(&people, i, TF_GENERATE_POSTCODE);
        if (postcode.length > 0) {
            char area[] = {postcode.data[0], postcode.data[1], '\0'};
            assert_true(area[0] >= 'A' && area[0] <= 'Z' && area[1] >= 'A' && area[1] <= 'Z');
            assert_null(strstr(in_use, area));
        }
    }
    forget(&people);
}

static void dates_exist_whatever_the_errors(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.errors = TF_GENERATE_HIGH;
    population people = generate(options);
    for (size_t i = 0; i < people.count; i++) {
        tf_text date = field(&people, i, TF_GENERATE_DATE_OF_BIRTH);
        int32_t days;
        assert_true(date.length == 0 || tf_date_parse(date, &days));
    }
    forget(&people);
}

static void twins_share_household_family_name_and_birthday(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.errors = TF_GENERATE_NONE;
    options.duplicate_share = 0;
    population people = generate(options);
    qsort(people.rows, people.count, sizeof *people.rows, compare_truths);
    size_t twins = 0;
    for (size_t i = 1; i < people.count; i++) {
        static const tf_generate_column shared[] = {TF_GENERATE_DATE_OF_BIRTH,
                                                    TF_GENERATE_FAMILY_NAME, TF_GENERATE_ADDRESS,
                                                    TF_GENERATE_POSTCODE};
        bool are_twins = true;
        for (size_t j = 0; j < 4; j++) {
            are_twins = are_twins && tf_text_equal(field(&people, i, shared[j]),
                                                   field(&people, i - 1, shared[j]));
        }
        twins += are_twins;
    }
    /* About 1.7 maternities in 3 of 10 households of 2.2 persons, 15 in 1000 of them of twins. */
    assert_in_range(twins, people.count / 600, people.count / 200);
    forget(&people);
}

static void options_out_of_range_are_refused(void **state) {
    (void)state;
    tf_generate_options wrong[6] = {usual, usual, usual, usual, usual, usual};
    wrong[0].record_count = 0;
    wrong[1].record_count = UINT64_C(1) << 32;
    wrong[2].duplicate_share = 0.95;
    wrong[3].duplicate_share = (double)NAN;
    wrong[4].source_count = 9;
    wrong[5].errors = TF_GENERATE_ERRORS_COUNT;
    for (size_t i = 0; i < 6; i++) {
        tf_buffer text;
        tf_buffer_init(&text);
        tf_error error;
        assert_int_equal(tf_generate_people(&wrong[i], keep, &text, &error), TF_BAD_INPUT);
        assert_int_equal(text.length, 0);
    }
}

static tf_status refuse_after(void *context, tf_text rows, tf_error *error) {
    int *left = context;
    (void)rows;
    return (*left)-- > 0 ? TF_OK : tf_fail(error, TF_IO, "people.csv", 0, "the disk is full");
}

static void a_sink_that_fails_ends_it(void **state) {
    (void)state;
    for (int good = 0; good < 4; good++) {
        int left = good;
        tf_error error;
        assert_int_equal(tf_generate_people(&usual, refuse_after, &left, &error), TF_IO);
        assert_string_equal(error.message, "the disk is full");
        assert_int_equal(left, -1);
    }
}

static tf_status ignore(void *context, tf_text rows, tf_error *error) {
    (void)error;
    *(size_t *)context += rows.length;
    return TF_OK;
}

static void running_out_of_memory_is_an_answer(void **state) {
    (void)state;
    tf_generate_options options = usual;
    options.record_count = 10;
    options.thread_count = 1;
    for (long n = 0;; n++) {
        size_t length = 0;
        fail_allocation(n);
        tf_status status = tf_generate_people(&options, ignore, &length, NULL);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 10);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes_with_any_number_of_threads),
        cmocka_unit_test(populations_of_other_sizes_share_their_whole_blocks),
        cmocka_unit_test(every_truth_group_descends_from_one_person),
        cmocka_unit_test(values_are_missing_as_often_as_their_source_says),
        cmocka_unit_test(errors_come_in_the_stated_number),
        cmocka_unit_test(the_commonest_names_are_common_and_most_are_rare),
        cmocka_unit_test(nothing_of_it_reaches_anybody),
        cmocka_unit_test(dates_exist_whatever_the_errors),
        cmocka_unit_test(twins_share_household_family_name_and_birthday),
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(a_sink_that_fails_ends_it),
        cmocka_unit_test(running_out_of_memory_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "check.h"

#include "trefoil/base/hash.h"
#include "trefoil/stats/disclosure.h"

enum { THRESHOLD = 5, MOST = 5 };

static void expect(size_t count, const int64_t *counts, const char *hidden, bool total_hidden) {
    bool found[8];
    bool total;
    tf_disclosure_suppress(counts, count, THRESHOLD, found, &total);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i], hidden[i] == 'x');
    }
    assert_int_equal(total, total_hidden);
}

static void small_counts_are_hidden_and_one_more_with_a_single_one(void **state) {
    (void)state;
    expect(3, (int64_t[]){5, 6, 100}, "...", false);
    expect(3, (int64_t[]){2, 7, 19}, "xx.", false);
    expect(4, (int64_t[]){2, 40, 4, 19}, "x.xx", false);
    expect(4, (int64_t[]){0, 0, 9, 20}, "xxx.", false);      /* two zeros are known by their sum */
    expect(4, (int64_t[]){4, 4, 4, 20}, "xxxx", false);      /* and so are as many fours */
    expect(5, (int64_t[]){1, 9, 9, 30, 40}, "xxx..", false); /* equal ones together */
    expect(2, (int64_t[]){1, 3}, "xx", true);
    expect(1, (int64_t[]){4}, "x", true);
    expect(1, (int64_t[]){5}, ".", false);
    expect(2, (int64_t[]){4, 4}, "xx", true);
}

typedef struct published {
    size_t count;
    int64_t shown[MOST]; /* -1: hidden */
    int64_t total;       /* -1: hidden */
} published;

static published publish(const int64_t *counts, size_t count) {
    published table = {.count = count};
    bool hidden[MOST];
    bool total_hidden;
    tf_disclosure_suppress(counts, count, THRESHOLD, hidden, &total_hidden);
    for (size_t i = 0; i < count; i++) {
        table.shown[i] = hidden[i] ? -1 : counts[i];
        table.total += counts[i];
    }
    table.total = total_hidden ? -1 : table.total;
    return table;
}

static bool same(const published *a, const published *b) {
    return a->total == b->total && memcmp(a->shown, b->shown, sizeof a->shown) == 0;
}

/* All tables that would be published like this one, as somebody would try them who knows the rule:
 * the least and the greatest that each hidden count can be. */
static void try_tables(const published *table, int64_t *counts, size_t at, int64_t left,
                       int64_t *least, int64_t *greatest) {
    if (at == table->count) {
        published other = publish(counts, table->count);
        for (size_t i = 0; left == 0 && same(table, &other) && i < table->count; i++) {
            least[i] = counts[i] < least[i] ? counts[i] : least[i];
            greatest[i] = counts[i] > greatest[i] ? counts[i] : greatest[i];
        }
        return;
    }
    bool is_shown = table->shown[at] >= 0;
    int64_t from = is_shown ? table->shown[at] : at + 1 == table->count ? left : 0;
    int64_t to = is_shown ? from : left;
    for (int64_t value = from; value <= to && value <= left; value++) {
        counts[at] = value;
        try_tables(table, counts, at + 1, left - value, least, greatest);
    }
}

/* In how many ways at the least a hidden count can be, less one. */
static int64_t narrowest(const int64_t *counts, size_t count) {
    published table = publish(counts, count);
    int64_t tried[MOST] = {0};
    int64_t least[MOST] = {999, 999, 999, 999, 999};
    int64_t greatest[MOST] = {-1, -1, -1, -1, -1};
    int64_t narrow = INT64_MAX;
    if (table.total < 0) {
        return narrow; /* nothing was published */
    }
    try_tables(&table, tried, 0, table.total, least, greatest);
    for (size_t i = 0; i < count; i++) {
        assert_true(table.shown[i] < 0 || table.shown[i] >= THRESHOLD);
        if (table.shown[i] < 0 && greatest[i] - least[i] < narrow) {
            narrow = greatest[i] - least[i];
        }
    }
    return narrow;
}

static void no_hidden_count_of_a_small_table_can_be_found(void **state) {
    (void)state;
    for (int64_t a = 0; a <= 12; a++) {
        assert_true(narrowest(&a, 1) >= THRESHOLD - 1);
        for (int64_t b = 0; b <= 12; b++) {
            assert_true(narrowest((int64_t[]){a, b}, 2) >= THRESHOLD - 1);
            for (int64_t c = 0; c <= 12; c++) {
                assert_true(narrowest((int64_t[]){a, b, c}, 3) >= THRESHOLD - 1);
            }
        }
    }
}

static void no_hidden_count_of_any_table_can_be_found(void **state) {
    (void)state;
    tf_random random;
    tf_random_init(&random, 7, 1);
    for (int round = 0; round < 400; round++) {
        size_t count = 4 + tf_random_below(&random, MOST - 3);
        int64_t counts[MOST] = {0};
        for (size_t i = 0; i < count; i++) {
            counts[i] = tf_random_below(&random, round % 3 ? 7 : 12);
        }
        assert_true(narrowest(counts, count) >= THRESHOLD - 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_counts_are_hidden_and_one_more_with_a_single_one),
        cmocka_unit_test(no_hidden_count_of_a_small_table_can_be_found),
        cmocka_unit_test(no_hidden_count_of_any_table_can_be_found),
    };
    return cmocka_run_group_tests_name("disclosure", tests, NULL, NULL);
}

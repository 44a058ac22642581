#include "check.h"

#include "intake/police_feed.h"

static void a_file_name_says_month_and_force(void **state) {
    (void)state;
    static const struct {
        const char *path;
        const char *force; /* NULL: not the publisher's form */
    } cases[] = {
        {"2023-02-bedfordshire-street.csv", "bedfordshire"},
        {"a/2023-02/2023-02-avon-and-somerset-outcomes.csv.gz", "avon-and-somerset"},
        {"archive.zip/2023-02/2023-02-btp-stop-and-search.csv", "btp"},
        {"2023-13-bedfordshire-street.csv", NULL},
        {"2023-02-street.csv", NULL},
        {"2023-02--street.csv", NULL},
        {"2023-02-Bedfordshire-street.csv", NULL},
        {"2023-02-\x1b[31mred-street.csv", NULL},
        {"2023-02-\xff-street.csv", NULL},
        {"2023-02-bedfordshire-street.txt", NULL},
        {"2023-02/street.csv", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_police_file_name name;
        bool is_ours = tf_police_file_name_parse(cases[i].path, &name);
        assert_int_equal(is_ours, cases[i].force != NULL);
        if (is_ours) {
            assert_string_equal(name.force, cases[i].force);
            assert_int_equal(name.month, tf_month_of(2023, 2));
        }
    }
}

static void a_force_too_long_for_a_name_is_not_cut(void **state) {
    (void)state;
    char path[200];
    tf_police_file_name name;
    snprintf(path, sizeof path, "2023-02-%0100d-street.csv", 0);
    assert_false(tf_police_file_name_parse(path, &name));
}

/* The header with the columns of `feed`, reversed, and one that we do not read. */
static void a_feed_is_recognised_in_any_order_of_columns(void **state) {
    (void)state;
    for (int feed = 0; feed < TF_FEED_COUNT; feed++) {
        size_t count;
        const tf_csv_field *fields = tf_police_feed_fields((tf_police_feed)feed, &count);
        char *names[32];
        for (size_t i = 0; i < count; i++) {
            names[count - 1 - i] = (char *)fields[i].header;
        }
        names[count] = "Context";
        tf_police_feed found;
        tf_error error;
        assert_ok(tf_police_feed_recognise(names, count + 1, &found, &error), &error);
        assert_int_equal(found, feed);
        names[0] = "Something else";
        assert_int_equal(tf_police_feed_recognise(names, count + 1, &found, &error), TF_BAD_INPUT);
        assert_non_null(strstr(error.message, fields[count - 1].header));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_name_says_month_and_force),
        cmocka_unit_test(a_force_too_long_for_a_name_is_not_cut),
        cmocka_unit_test(a_feed_is_recognised_in_any_order_of_columns),
    };
    return cmocka_run_group_tests_name("police_feed", tests, NULL, NULL);
}

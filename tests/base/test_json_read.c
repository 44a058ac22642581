#include "check.h"

#include "trefoil/base/json_read.h"

static tf_json_value *parse(const char *text) {
    tf_json_value *root;
    tf_error error;
    assert_ok(tf_json_parse(tf_text_of(text), 1, "the text", &root, &error), &error);
    return root;
}

static void values_are_what_was_written(void **state) {
    (void)state;
    tf_json_value *root = parse("{\"a\": [1, 2.5, \"x\\u00e9\", true, null], \"b\": {}}");
    const tf_json_value *list = tf_json_member(root, "a");
    double number;
    int64_t whole;
    tf_text text;
    bool flag;
    assert_int_equal(tf_json_type_of(root), TF_JSON_OBJECT);
    assert_int_equal(tf_json_count(root), 2);
    assert_int_equal(tf_json_count(list), 5);
    assert_true(tf_json_get_int(tf_json_item(list, 0), &whole) && whole == 1);
    assert_true(tf_json_get_number(tf_json_item(list, 1), &number) && number == 2.5);
    assert_false(tf_json_get_int(tf_json_item(list, 1), &whole));
    assert_true(tf_json_get_text(tf_json_item(list, 2), &text));
    assert_true(tf_text_equal(text, tf_text_of("xé")));
    assert_true(tf_json_get_bool(tf_json_item(list, 3), &flag) && flag);
    assert_int_equal(tf_json_type_of(tf_json_item(list, 4)), TF_JSON_NULL);
    tf_json_free(root);
}

static void a_value_that_is_not_there_has_no_type_and_nothing_in_it(void **state) {
    (void)state;
    tf_json_value *root = parse("[]");
    const tf_json_value *none = tf_json_member(tf_json_item(root, 3), "a");
    double number = 7;
    assert_int_equal(tf_json_type_of(none), TF_JSON_NONE);
    assert_int_equal(tf_json_count(none), 0);
    assert_false(tf_json_get_number(none, &number));
    assert_true(number == 7);
    tf_json_free(root);
}

static void keys_come_in_the_order_of_the_text(void **state) {
    (void)state;
    tf_json_value *root = parse("{\"z\": 1, \"a\": 2, \"m\": 3}");
    void *cursor = NULL;
    assert_string_equal(tf_json_next_key(root, &cursor), "z");
    assert_string_equal(tf_json_next_key(root, &cursor), "a");
    assert_string_equal(tf_json_next_key(root, &cursor), "m");
    assert_null(tf_json_next_key(root, &cursor));
    tf_json_free(root);
}

static void what_is_not_strict_json_is_refused(void **state) {
    (void)state;
    static const char *const refused[] = {
        "",      "{\"a\": 1, \"a\": 2}", "[1,]",    "[1] 2", "{'a': 1}", "\"\xff\"", "nul",
        "[NaN]", "\"a\\u0000b\"",        "[\"\n\"]"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        tf_json_value *root;
        tf_error error;
        assert_int_equal(tf_json_parse(tf_text_of(refused[i]), 1, "the text", &root, &error),
                         TF_BAD_INPUT);
        assert_null(root);
        assert_non_null(strstr(error.message, "the text"));
    }
}

static void nesting_has_a_bound_that_brackets_in_texts_do_not_count_for(void **state) {
    (void)state;
    char text[2 * TF_JSON_READ_MAX_DEPTH + 3] = {0};
    tf_json_value *root;
    memset(text, '[', TF_JSON_READ_MAX_DEPTH);
    memset(text + TF_JSON_READ_MAX_DEPTH, ']', TF_JSON_READ_MAX_DEPTH);
    tf_json_free(parse(text));
    memset(text, '[', TF_JSON_READ_MAX_DEPTH + 1);
    memset(text + TF_JSON_READ_MAX_DEPTH + 1, ']', TF_JSON_READ_MAX_DEPTH + 1);
    assert_int_equal(tf_json_parse(tf_text_of(text), 1, "the text", &root, NULL), TF_BAD_INPUT);
    char quoted[200] = "\"";
    memset(quoted + 1, '[', 190);
    strcat(quoted, "\"");
    tf_json_free(parse(quoted));
}

static void a_fault_is_told_with_its_line(void **state) {
    (void)state;
    tf_json_value *root;
    tf_error error;
    assert_int_equal(tf_json_parse(tf_text_of("{\n\"a\": 1,\n\"b\": x}"), 10, "x", &root, &error),
                     TF_BAD_INPUT);
    assert_int_equal(error.line, 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_what_was_written),
        cmocka_unit_test(a_value_that_is_not_there_has_no_type_and_nothing_in_it),
        cmocka_unit_test(keys_come_in_the_order_of_the_text),
        cmocka_unit_test(what_is_not_strict_json_is_refused),
        cmocka_unit_test(nesting_has_a_bound_that_brackets_in_texts_do_not_count_for),
        cmocka_unit_test(a_fault_is_told_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

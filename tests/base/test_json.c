#include "check.h"

#include "trefoil/base/json.h"

static void a_document_has_its_commas_where_they_belong(void **state) {
    (void)state;
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_json json;
    tf_json_init(&json, &buffer, false);
    tf_json_open_object(&json);
    tf_json_key(&json, "empty");
    tf_json_open_array(&json);
    tf_json_close_array(&json);
    tf_json_key(&json, "values");
    tf_json_open_array(&json);
    tf_json_int(&json, -1);
    tf_json_double(&json, 0.1);
    tf_json_double(&json, NAN);
    tf_json_bool(&json, true);
    tf_json_string(&json, NULL);
    tf_json_close_array(&json);
    tf_json_close_object(&json);
    assert_string_equal(buffer.data, "{\"empty\":[],\"values\":[-1,0.1,null,true,null]}");
    tf_buffer_deinit(&buffer);
}

static void text_is_escaped_and_broken_bytes_are_replaced(void **state) {
    (void)state;
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_json json;
    tf_json_init(&json, &buffer, false);
    tf_json_open_array(&json);
    tf_json_string(&json, "a\"b\\c\nd\x01");
    tf_json_string(&json, "caf\xE9");
    tf_json_string(&json, "\xE2\x82\xAC");
    tf_json_close_array(&json);
    assert_string_equal(buffer.data, "[\"a\\\"b\\\\c\\nd\\u0001\",\"caf\xEF\xBF\xBD\","
                                     "\"\xE2\x82\xAC\"]");
    tf_buffer_deinit(&buffer);
}

static void numbers_come_back_as_they_were(void **state) {
    (void)state;
    const double values[] = {1.0 / 3.0, 50.163187710459454, 1e300, 5e-324, 123456789.0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        tf_buffer buffer;
        tf_buffer_init(&buffer);
        tf_json json;
        tf_json_init(&json, &buffer, false);
        tf_json_double(&json, values[i]);
        assert_true(strtod(buffer.data, NULL) == values[i]);
        tf_buffer_deinit(&buffer);
    }
}

static void a_member_is_put_at_once(void **state) {
    (void)state;
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_json json;
    tf_json_init(&json, &buffer, false);
    tf_json_open_object(&json);
    tf_json_put_int(&json, "whole", 7);
    tf_json_put_double(&json, "part", 0.5);
    tf_json_put_double(&json, "unknown", NAN);
    tf_json_put_string(&json, "word", "a");
    tf_json_put_string(&json, "none", NULL);
    tf_json_close_object(&json);
    assert_string_equal(buffer.data, "{\"whole\":7,\"part\":0.5,\"unknown\":null,"
                                     "\"word\":\"a\",\"none\":null}");
    tf_buffer_deinit(&buffer);
}

static void json_that_is_there_already_is_put_as_it_stands(void **state) {
    (void)state;
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_json json;
    tf_json_init(&json, &buffer, false);
    tf_json_open_object(&json);
    tf_json_key(&json, "a");
    tf_json_raw(&json, tf_text_of("{\"b\": [1]}"));
    tf_json_put_int(&json, "c", 2);
    tf_json_close_object(&json);
    assert_string_equal(buffer.data, "{\"a\":{\"b\": [1]},\"c\":2}");
    tf_buffer_deinit(&buffer);
}

static void indented_text_has_one_value_a_line(void **state) {
    (void)state;
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_json json;
    tf_json_init(&json, &buffer, true);
    tf_json_open_object(&json);
    tf_json_key(&json, "a");
    tf_json_int(&json, 1);
    tf_json_key(&json, "b");
    tf_json_open_object(&json);
    tf_json_close_object(&json);
    tf_json_close_object(&json);
    assert_string_equal(buffer.data, "{\n  \"a\": 1,\n  \"b\": {}\n}");
    tf_buffer_deinit(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_has_its_commas_where_they_belong),
        cmocka_unit_test(text_is_escaped_and_broken_bytes_are_replaced),
        cmocka_unit_test(numbers_come_back_as_they_were),
        cmocka_unit_test(a_member_is_put_at_once),
        cmocka_unit_test(json_that_is_there_already_is_put_as_it_stands),
        cmocka_unit_test(indented_text_has_one_value_a_line),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}

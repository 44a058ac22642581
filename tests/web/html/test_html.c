#include "check.h"

#include "web/html/html.h"

#include <signal.h>
#include <sys/wait.h>

static tf_buffer buffer;
static tf_html html;

static int begin(void **state) {
    (void)state;
    tf_buffer_init(&buffer);
    tf_html_init(&html, &buffer);
    return 0;
}

static int end(void **state) {
    (void)state;
    tf_buffer_deinit(&buffer);
    return 0;
}

static void elements_nest_and_void_ones_need_no_end(void **state) {
    (void)state;
    tf_html_open(&html, "p");
    tf_html_attribute(&html, "class", "a");
    tf_html_text(&html, "one");
    tf_html_open(&html, "br");
    tf_html_text(&html, "two");
    tf_html_element(&html, "b", NULL, "three");
    tf_html_close(&html, "p");
    assert_string_equal(buffer.data, "<p class=\"a\">one<br>two<b>three</b></p>");
}

static void text_and_attributes_are_escaped_alike(void **state) {
    (void)state;
    tf_html_open(&html, "a");
    tf_html_attribute(&html, "title", "\"><script>alert('1')</script>&");
    tf_html_text(&html, "\"><script>alert('1')</script>&");
    tf_html_close(&html, "a");
    const char *escaped = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;";
    char expected[400];
    snprintf(expected, sizeof expected, "<a title=\"%s\">%s</a>", escaped, escaped);
    assert_string_equal(buffer.data, expected);
}

static void bytes_that_are_no_text_are_replaced(void **state) {
    (void)state;
    tf_html_element(&html, "p", NULL, "caf\xE9 \x01 \xE2\x82\xAC");
    assert_string_equal(buffer.data,
                        "<p>caf\xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD</p>");
}

static void characters_that_xml_lacks_are_replaced(void **state) {
    (void)state;
    tf_html_element(&html, "p", NULL, "a\xEF\xBF\xBE b\xEF\xBF\xBF c\xEF\xBF\xBD d\xEF\xBF");
    assert_string_equal(buffer.data,
                        "<p>a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD b\xEF\xBF\xBD"
                        "\xEF\xBF\xBD\xEF\xBF\xBD c\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                        " d\xEF\xBF\xBD\xEF\xBF\xBD</p>");
    buffer.length = 0;
    tf_html_element(&html, "p", NULL, "a\xEF\xBF\xBE b\xEF\xBF\xBF");
    assert_string_equal(buffer.data, "<p>a\xEF\xBF\xBD b\xEF\xBF\xBD</p>");
}

static void an_address_cannot_run(void **state) {
    (void)state;
    static const char *const refused[] = {
        "javascript:alert(1)",  "JavaScript:alert(1)",
        " javascript:alert(1)", "java\tscript:alert(1)",
        "data:text/html,x",     "vbscript:x",
        "//elsewhere.example",  "/\\elsewhere.example",
        "\x01javascript:x",     "blob:x",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        buffer.length = 0;
        tf_html_open(&html, "a");
        tf_html_attribute(&html, "href", refused[i]);
        tf_html_close(&html, "a");
        assert_string_equal(buffer.data, "<a href=\"#\"></a>");
    }
    static const char *const kept[] = {
        "/areas/E06000032?from=2023-01#map",
        "#main",
        "?page=2",
        "https://www.example.org/",
        "mailto:a@example.org",
        "tel:101",
        "areas/a:b",
        "/",
    };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        buffer.length = 0;
        tf_html_open(&html, "a");
        tf_html_attribute(&html, "href", kept[i]);
        tf_html_close(&html, "a");
        assert_non_null(strstr(buffer.data, kept[i]));
    }
}

static void json_cannot_end_its_element(void **state) {
    (void)state;
    tf_html_json(&html, "data", tf_text_of("[\"</script><script>x\"]"));
    assert_string_equal(buffer.data, "<script type=\"application/json\" id=\"data\">"
                                     "[\"\\u003c/script>\\u003cscript>x\"]</script>");
}

static void numbers_have_two_decimals_at_most(void **state) {
    (void)state;
    tf_html_open(&html, "rect");
    tf_html_attribute_number(&html, "x", 10);
    tf_html_attribute_number(&html, "y", -0.001);
    tf_html_attribute_number(&html, "width", 1.255);
    tf_html_attribute_number(&html, "height", 2.5);
    tf_html_close(&html, "rect");
    assert_string_equal(buffer.data,
                        "<rect x=\"10\" y=\"0\" width=\"1.25\" height=\"2.5\"></rect>");
}

static void absent_attributes_are_left_out(void **state) {
    (void)state;
    tf_html_open(&html, "input");
    tf_html_attribute(&html, "id", NULL);
    tf_html_attribute(&html, "value", "");
    tf_html_flag(&html, "checked", true);
    tf_html_flag(&html, "disabled", false);
    tf_html_open(&html, "br");
    tf_html_text(&html, ".");
    assert_string_equal(buffer.data, "<input value=\"\" checked><br>.");
}

static void write_handler(void) {
    tf_html_open(&html, "a");
    tf_html_attribute(&html, "onclick", "x()");
}

static void write_style(void) {
    tf_html_open(&html, "a");
    tf_html_attribute(&html, "style", "x");
}

static void write_script_text(void) {
    tf_html_open(&html, "script");
    tf_html_text(&html, "x");
}

static void write_odd_name(void) {
    tf_html_open(&html, "a b");
}

static void close_another(void) {
    tf_html_open(&html, "a");
    tf_html_close(&html, "b");
}

static void write_late_attribute(void) {
    tf_html_open(&html, "a");
    tf_html_text(&html, "x");
    tf_html_attribute(&html, "id", "x");
}

static void breaking_a_rule_ends_the_program(void **state) {
    (void)state;
    static void (*const broken[])(void) = {write_handler,  write_style,   write_script_text,
                                           write_odd_name, close_another, write_late_attribute};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        pid_t child = fork();
        if (child == 0) {
            signal(SIGABRT, SIG_DFL);
            fclose(stderr);
            broken[i]();
            _exit(0);
        }
        int outcome = 0;
        assert_int_equal(waitpid(child, &outcome, 0), child);
        assert_true(WIFSIGNALED(outcome));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(elements_nest_and_void_ones_need_no_end, begin, end),
        cmocka_unit_test_setup_teardown(text_and_attributes_are_escaped_alike, begin, end),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_text_are_replaced, begin, end),
        cmocka_unit_test_setup_teardown(characters_that_xml_lacks_are_replaced, begin, end),
        cmocka_unit_test_setup_teardown(an_address_cannot_run, begin, end),
        cmocka_unit_test_setup_teardown(json_cannot_end_its_element, begin, end),
        cmocka_unit_test_setup_teardown(numbers_have_two_decimals_at_most, begin, end),
        cmocka_unit_test_setup_teardown(absent_attributes_are_left_out, begin, end),
        cmocka_unit_test_setup_teardown(breaking_a_rule_ends_the_program, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

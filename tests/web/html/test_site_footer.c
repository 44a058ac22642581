#include "check.h"

#include "web/html/site_footer.h"

static tf_buffer buffer;

static int begin(void **state) {
    (void)state;
    tf_buffer_init(&buffer);
    return 0;
}

static int end(void **state) {
    (void)state;
    tf_buffer_deinit(&buffer);
    return 0;
}

static void write_footer(const tf_site_footer *footer) {
    tf_html html;
    tf_html_init(&html, &buffer);
    tf_site_footer_write(&html, footer);
    assert_int_equal(html.depth, 0);
}

static const tf_site_link links[] = {{"/methods", "Methods"}, {"/api", "API"}};

static void links_are_a_list_with_a_heading(void **state) {
    (void)state;
    write_footer(&(tf_site_footer){.links = links, .count = 2});
    assert_string_equal(
        buffer.data, "<footer class=\"app-footer\"><div class=\"govuk-width-container\">"
                     "<h2 class=\"govuk-visually-hidden\">About this service</h2>"
                     "<ul class=\"app-footer__list\">"
                     "<li><a class=\"govuk-link\" href=\"/methods\">Methods</a></li>"
                     "<li><a class=\"govuk-link\" href=\"/api\">API</a></li></ul></div></footer>");
}

static void the_licence_is_a_link_that_says_it_is_one(void **state) {
    (void)state;
    write_footer(&(tf_site_footer){.attribution = "Licensed under the",
                                   .licence_name = "Open Government Licence v3.0",
                                   .licence_href = "https://example.org/licence"});
    assert_string_equal(buffer.data,
                        "<footer class=\"app-footer\"><div class=\"govuk-width-container\">"
                        "<p class=\"app-footer__text\">Licensed under the "
                        "<a class=\"govuk-link\" href=\"https://example.org/licence\" "
                        "rel=\"license\">Open Government Licence v3.0</a>.</p></div></footer>");
}

static void hostile_text_in_each_member_stays_text(void **state) {
    (void)state;
    static const char hostile[] = "\"><script>alert(1)</script>";
    const tf_site_link link = {hostile, hostile};
    write_footer(&(tf_site_footer){.links = &link,
                                   .count = 1,
                                   .attribution = hostile,
                                   .licence_name = hostile,
                                   .licence_href = hostile});
    assert_null(strstr(buffer.data, "<script"));
    int count = 0;
    for (const char *at = buffer.data; (at = strstr(at, "&lt;script&gt;alert(1)")) != NULL; at++) {
        count++;
    }
    assert_int_equal(count, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(links_are_a_list_with_a_heading, begin, end),
        cmocka_unit_test_setup_teardown(the_licence_is_a_link_that_says_it_is_one, begin, end),
        cmocka_unit_test_setup_teardown(hostile_text_in_each_member_stays_text, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The comparison of trees sees what a browser would show differently, and nothing else. */
#include "check.h"
#include "html_tree.h"

static bool is_same(const char *a, const char *b) {
    return html_tree_is_same(tf_text_of(a), tf_text_of(b));
}

static void the_order_and_spelling_of_attributes_do_not_matter(void **state) {
    (void)state;
    assert_true(is_same("<a id=x class=\" b  c\" hidden>", "<a hidden='' class='b c' id=\"x\">"));
    assert_true(is_same("<p title='&#39;&lt;&eacute;'>", "<p title=\"'&lt;&eacute;\">"));
    assert_true(is_same("<p title='&#x27;'></p>", "<p title=\"&apos;\"></p>"));
}

static void another_attribute_or_value_is_a_difference(void **state) {
    (void)state;
    assert_false(is_same("<p id=a></p>", "<p id=b></p>"));
    assert_false(is_same("<p id=a></p>", "<p id='a '></p>"));
    assert_false(is_same("<p id=a></p>", "<p></p>"));
    assert_false(is_same("<p class='a b'></p>", "<p class='b a'></p>"));
}

static void another_element_or_place_is_a_difference(void **state) {
    (void)state;
    assert_false(is_same("<p></p>", "<div></div>"));
    assert_false(is_same("<p><b></b></p>", "<p></p><b></b>"));
    assert_false(is_same("<p><br></p>", "<p></p>"));
    assert_false(is_same("<p></p>", "<p>"));
    assert_false(is_same("<p></p>", "<p></p></p>"));
    assert_true(is_same("<svg><path d='M0'/></svg>", "<svg><path d='M0'></path></svg>"));
}

static void text_is_compared_decoded(void **state) {
    (void)state;
    assert_true(is_same("<p>a &gt; b &amp;lt;</p>", "<p>a > b &#38;lt;</p>"));
    assert_false(is_same("<p>&lt;b&gt;</p>", "<p><b></b></p>"));
    assert_false(is_same("<p>a</p>", "<p>b</p>"));
}

static void white_space_counts_where_it_shows(void **state) {
    (void)state;
    assert_true(is_same("<div>\n  <p> a\n b </p>\n</div>", "<div><p>a b</p></div>"));
    assert_true(is_same("<p>\n<b>a</b> c</p>", "<p><b>a</b>\n c</p>"));
    assert_false(is_same("<p><b>a</b> c</p>", "<p><b>a</b>c</p>"));
    assert_false(is_same("<p>a <b>c</b></p>", "<p>a<b>c</b></p>"));
    assert_false(is_same("<p>ab</p>", "<p>a b</p>"));
}

static void every_character_of_a_textarea_counts(void **state) {
    (void)state;
    assert_true(is_same("<textarea>\na &amp;</textarea>", "<textarea>a &</textarea>"));
    assert_true(is_same("<textarea><b></textarea>", "<textarea>&lt;b></textarea>"));
    assert_false(is_same("<textarea>a</textarea>", "<textarea>a </textarea>"));
    assert_false(is_same("<textarea>\n\na</textarea>", "<textarea>a</textarea>"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_and_spelling_of_attributes_do_not_matter),
        cmocka_unit_test(another_attribute_or_value_is_a_difference),
        cmocka_unit_test(another_element_or_place_is_a_difference),
        cmocka_unit_test(text_is_compared_decoded),
        cmocka_unit_test(white_space_counts_where_it_shows),
        cmocka_unit_test(every_character_of_a_textarea_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

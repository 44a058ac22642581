#include "page.h"

#include "web/html/textareas.h"

#define COUNT_START                                                                                \
    "<div class='govuk-form-group govuk-character-count' data-module='govuk-character-count'"
#define COUNT_TEXTAREA                                                                             \
    "<textarea class='govuk-textarea govuk-js-character-count' id='t' name='t' rows='5' "          \
    "aria-describedby='t-info'></textarea>"                                                        \
    "<div id='t-info' class='govuk-hint govuk-character-count__message'>"

/* "A single newline may be placed immediately after the start tag", which is then left out: HTML
 * Standard, 13.1.2.5 Restrictions on content models. */
static void a_line_break_at_the_start_is_kept(void **state) {
    (void)state;
    tf_govuk_textarea(&html, &(tf_textarea){.name = "t", .value = "\nb\n"});
    assert_non_null(strstr(buffer.data, ">\n\nb\n</textarea>"));
    buffer.length = 0;
    tf_govuk_textarea(&html, &(tf_textarea){.name = "t", .value = "a\nb\n"});
    assert_non_null(strstr(buffer.data, ">a\nb\n</textarea>"));
}

static void a_value_cannot_end_the_textarea(void **state) {
    (void)state;
    tf_govuk_textarea(&html, &(tf_textarea){.name = "t", .value = "</textarea><script>"});
    assert_written("<div class='govuk-form-group'><textarea class='govuk-textarea' id='t' name='t' "
                   "rows='5'>&lt;/textarea>&lt;script></textarea></div>");
}

static void what_stands_around_a_textarea_is_in_its_group(void **state) {
    (void)state;
    tf_govuk_textarea(&html, &(tf_textarea){.name = "t",
                                            .form_group.before_input.text = "before",
                                            .form_group.after_input.text = "after"});
    assert_written("<div class='govuk-form-group'>before<textarea class='govuk-textarea' id='t' "
                   "name='t' rows='5'></textarea>after</div>");
}

static void the_limit_stands_in_the_text_where_its_mark_was(void **state) {
    (void)state;
    tf_govuk_character_count(&html, &(tf_character_count){.textarea.name = "t",
                                                          .max_length = 40,
                                                          .limit_text = "%{count} at most: %s"});
    assert_written(COUNT_START " data-maxlength='40'>" COUNT_TEXTAREA "40 at most: %s</div></div>");
    tf_govuk_character_count(
        &html,
        &(tf_character_count){.textarea.name = "t", .max_words = 7, .limit_text = "Be short"});
    assert_written(COUNT_START " data-maxwords='7' data-count-type='words'>" COUNT_TEXTAREA
                               "Be short</div></div>");
}

static void what_follows_a_count_comes_after_its_message(void **state) {
    (void)state;
    tf_govuk_character_count(&html,
                             &(tf_character_count){
                                 .textarea = {.name = "t", .form_group.after_input.text = "after"},
                                 .max_length = 9,
                             });
    assert_written(COUNT_START " data-maxlength='9'>" COUNT_TEXTAREA
                               "You can enter up to 9 characters</div>after</div>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAGE_TEST(a_line_break_at_the_start_is_kept),
        PAGE_TEST(a_value_cannot_end_the_textarea),
        PAGE_TEST(what_stands_around_a_textarea_is_in_its_group),
        PAGE_TEST(the_limit_stands_in_the_text_where_its_mark_was),
        PAGE_TEST(what_follows_a_count_comes_after_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

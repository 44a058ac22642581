#include "page.h"

#include "web/html/text_inputs.h"

static void what_stands_around_an_input_shares_its_wrapper(void **state) {
    (void)state;
    tf_govuk_input(
        &html, &(tf_input){.name = "q",
                           .form_group.before_input.text = "before",
                           .prefix.content.text = "£",
                           .form_group.after_input = {.write = write_emphasis, .data = "after"}});
    assert_written("<div class='govuk-form-group'><div class='govuk-input__wrapper'>before"
                   "<div class='govuk-input__prefix' aria-hidden='true'>£</div>"
                   "<input class='govuk-input' id='q' name='q' type='text'>"
                   "<em>after</em></div></div>");
}

static void an_empty_value_is_written_and_an_absent_one_is_not(void **state) {
    (void)state;
    tf_govuk_input(&html, &(tf_input){.name = "q", .value = ""});
    assert_written("<div class='govuk-form-group'>"
                   "<input class='govuk-input' id='q' name='q' type='text' value=''></div>");
    tf_govuk_input(&html, &(tf_input){.name = "q"});
    assert_written("<div class='govuk-form-group'>"
                   "<input class='govuk-input' id='q' name='q' type='text'></div>");
}

static void what_follows_a_password_comes_after_its_button(void **state) {
    (void)state;
    tf_govuk_password_input(
        &html, &(tf_password_input){
                   .name = "p",
                   .form_group = {.after_input.text = "after", .attributes = {{"data-a", "1"}}},
               });
    assert_written(
        "<div class='govuk-form-group govuk-password-input' data-module='govuk-password-input' "
        "data-a='1'><div class='govuk-input__wrapper govuk-password-input__wrapper'>"
        "<input class='govuk-input govuk-password-input__input govuk-js-password-input-input' "
        "id='p' name='p' type='password' spellcheck='false' autocomplete='current-password' "
        "autocapitalize='none'><button type='button' class='govuk-button govuk-button--secondary "
        "govuk-password-input__toggle govuk-js-password-input-toggle' data-module='govuk-button' "
        "aria-controls='p' aria-label='Show password' hidden>Show</button>after</div></div>");
}

static void an_input_without_a_name_is_still_well_formed(void **state) {
    (void)state;
    tf_govuk_input(&html, &(tf_input){.hint.content.text = "x"});
    assert_written("<div class='govuk-form-group'><div class='govuk-hint'>x</div>"
                   "<input class='govuk-input' id='' name='' type='text' "
                   "aria-describedby='-hint'></div>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAGE_TEST(what_stands_around_an_input_shares_its_wrapper),
        PAGE_TEST(an_empty_value_is_written_and_an_absent_one_is_not),
        PAGE_TEST(what_follows_a_password_comes_after_its_button),
        PAGE_TEST(an_input_without_a_name_is_still_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "page.h"

#include "web/html/form_parts.h"

static void parts_without_content_or_id_have_no_empty_attributes(void **state) {
    (void)state;
    tf_govuk_hint(&html, &(tf_hint){0});
    assert_written("<div class='govuk-hint'></div>");
    tf_govuk_label(&html, &(tf_label){.content.text = "Place", .for_id = "", .classes = ""});
    assert_written("<label class='govuk-label'>Place</label>");
    tf_govuk_fieldset(&html, &(tf_fieldset){.role = "", .described_by = ""});
    assert_written("<fieldset class='govuk-fieldset'></fieldset>");
}

static void a_label_without_content_is_not_written(void **state) {
    (void)state;
    tf_govuk_label(&html, &(tf_label){.for_id = "a", .is_page_heading = true});
    assert_int_equal(buffer.length, 0);
}

static void content_may_be_written_by_a_function(void **state) {
    (void)state;
    tf_govuk_error_message(&html, &(tf_error_message){
                                      .content = {.write = write_emphasis, .data = "<b>"},
                                  });
    assert_written("<p class='govuk-error-message'><span class='govuk-visually-hidden'>Error:"
                   "</span> <em>&lt;b&gt;</em></p>");
}

static void attributes_end_with_the_first_without_a_name(void **state) {
    (void)state;
    tf_govuk_hint(&html, &(tf_hint){.attributes = {{"data-a", "1"}, {"hidden", NULL}}});
    assert_written("<div class='govuk-hint' data-a='1' hidden></div>");
    tf_govuk_hint(
        &html, &(tf_hint){.attributes = {
                              {"data-a", "1"}, {"data-b", "2"}, {"data-c", "3"}, {"data-d", ""}}});
    assert_written("<div class='govuk-hint' data-a='1' data-b='2' data-c='3' data-d=''></div>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAGE_TEST(parts_without_content_or_id_have_no_empty_attributes),
        PAGE_TEST(a_label_without_content_is_not_written),
        PAGE_TEST(content_may_be_written_by_a_function),
        PAGE_TEST(attributes_end_with_the_first_without_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "page.h"

#include "web/html/date_input.h"

#define PART(name, capital, classes)                                                               \
    "<div class='govuk-date-input__item'><div class='govuk-form-group'>"                           \
    "<label class='govuk-label govuk-date-input__label' for='d-" name "'>" capital "</label>"      \
    "<input class='govuk-input govuk-date-input__input " classes "' id='d-" name "' name='" name   \
    "' type='text' inputmode='numeric'></div></div>"
#define MONTH_AND_YEAR                                                                             \
    PART("month", "Month", "govuk-input--width-2") PART("year", "Year", "govuk-input--width-4")

static void a_month_is_a_date_without_a_day(void **state) {
    (void)state;
    tf_govuk_date_input(&html, &(tf_date_input){.id = "d",
                                                .day.is_left_out = true,
                                                .form_group.before_input.text = "before",
                                                .form_group.after_input.text = "after"});
    assert_written("<div class='govuk-form-group'><div class='govuk-date-input' id='d'>before" //
                   MONTH_AND_YEAR "after</div></div>");
}

static void a_part_that_is_left_out_has_no_error(void **state) {
    (void)state;
    tf_govuk_date_input(
        &html, &(tf_date_input){.id = "d",
                                .day = {.is_left_out = true, .has_error = TF_YES},
                                .month.has_error = TF_NO,
                                .error_message = {.content.text = "Wrong", .hidden_text = ""}});
    assert_written(
        "<div class='govuk-form-group govuk-form-group--error'>"
        "<p id='d-error' class='govuk-error-message'>Wrong</p>"
        "<div class='govuk-date-input' id='d'>" PART("month", "Month", "govuk-input--width-2")
            PART("year", "Year", "govuk-input--error govuk-input--width-4") //
        "</div></div>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAGE_TEST(a_month_is_a_date_without_a_day),
        PAGE_TEST(a_part_that_is_left_out_has_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

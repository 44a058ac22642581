#include "page.h"

#include "fail_allocations.h"

#include "web/html/choices.h"
#include "web/html/date_input.h"

#define RADIO(attributes, id)                                                                      \
    "<div class='govuk-radios__item'><input class='govuk-radios__input' id='" id                   \
    "' name='r' type='radio' " attributes "></div>"

static void what_stands_around_radios_is_in_their_list(void **state) {
    (void)state;
    tf_govuk_radios(&html, &(tf_radios){.name = "r",
                                        .items = (tf_choice[]){{.value = "a"}, {.value = "b"}},
                                        .count = 2,
                                        .value = "b",
                                        .form_group.before_input.text = "before",
                                        .form_group.after_input.text = "after"});
    assert_written("<div class='govuk-form-group'>"
                   "<div class='govuk-radios' data-module='govuk-radios'>before" RADIO(
                       "value='a'", "r") RADIO("value='b' checked", "r-2") "after</div></div>");
}

static void an_item_that_is_left_out_keeps_its_number(void **state) {
    (void)state;
    const tf_choice items[] = {{.value = "a"}, {.value = NULL}, {.value = "c"}};
    tf_govuk_radios(&html, &(tf_radios){.name = "r", .items = items, .count = 3});
    assert_written("<div class='govuk-form-group'><div class='govuk-radios' "
                   "data-module='govuk-radios'>" RADIO("value='a'", "r")
                       RADIO("value='c'", "r-3") "</div></div>");
}

static void an_item_said_to_be_unchecked_is_unchecked_whatever_the_value(void **state) {
    (void)state;
    const tf_choice items[] = {{.value = "a", .is_checked = TF_NO},
                               {.value = "b", .is_checked = TF_YES}};
    tf_govuk_radios(&html, &(tf_radios){.name = "r", .items = items, .count = 2, .value = "a"});
    assert_written("<div class='govuk-form-group'><div class='govuk-radios' "
                   "data-module='govuk-radios'>" RADIO("value='a'", "r")
                       RADIO("value='b' checked", "r-2") "</div></div>");
}

static void an_option_without_a_value_is_selected_by_its_text(void **state) {
    (void)state;
    const tf_select_item items[] = {
        {.text = "Any", .value = ""}, {.text = NULL}, {.text = "Larkenshire"}};
    tf_govuk_select(&html, &(tf_select){.name = "s",
                                        .items = items,
                                        .count = 3,
                                        .value = "Larkenshire",
                                        .form_group.before_input.text = "before",
                                        .form_group.after_input.text = "after"});
    assert_written("<div class='govuk-form-group'>before<select class='govuk-select' id='s' "
                   "name='s'><option value=''>Any</option><option selected>Larkenshire</option>"
                   "</select>after</div>");
}

static void an_empty_value_selects_nothing(void **state) {
    (void)state;
    const tf_select_item items[] = {{.text = "Any", .value = ""}};
    tf_govuk_select(&html, &(tf_select){.name = "s", .items = items, .count = 1, .value = ""});
    assert_written("<div class='govuk-form-group'><select class='govuk-select' id='s' name='s'>"
                   "<option value=''>Any</option></select></div>");
}

/* Ids of thousands of bytes are no defect: they may come from a name that somebody sent. */
static void a_very_long_name_is_written_whole(void **state) {
    (void)state;
    char name[5000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    tf_govuk_select(&html, &(tf_select){.name = name, .hint.content.text = "x"});
    char *described = strstr(buffer.data, "aria-describedby=\"nnn");
    assert_non_null(described);
    assert_int_equal(strspn(strchr(described, 'n'), "n"), sizeof name - 1);
}

static void write_a_form(void) {
    static const tf_choice items[] = {
        {.value = "a", .hint.content.text = "x", .conditional.text = "y"}, {.value = "b"}};
    tf_govuk_checkboxes(&html, &(tf_checkboxes){.name = "c",
                                                .items = items,
                                                .count = 2,
                                                .hint.content.text = "h",
                                                .error_message.content.text = "e"});
    tf_govuk_date_input(&html, &(tf_date_input){.id = "d",
                                                .name_prefix = "d",
                                                .fieldset = &(tf_fieldset){.role = NULL},
                                                .hint.content.text = "h"});
}

static void without_memory_the_page_has_failed(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        buffer.length = 0;
        buffer.failed = false;
        html.in_tag = false;
        fail_allocation(n);
        write_a_form();
        bool was_reached = stop_failing_allocations();
        assert_int_equal(buffer.failed, was_reached);
        if (!was_reached) {
            assert_true(n > 10);
            break;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PAGE_TEST(what_stands_around_radios_is_in_their_list),
        PAGE_TEST(an_item_that_is_left_out_keeps_its_number),
        PAGE_TEST(an_item_said_to_be_unchecked_is_unchecked_whatever_the_value),
        PAGE_TEST(an_option_without_a_value_is_selected_by_its_text),
        PAGE_TEST(an_empty_value_selects_nothing),
        PAGE_TEST(a_very_long_name_is_written_whole),
        PAGE_TEST(without_memory_the_page_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

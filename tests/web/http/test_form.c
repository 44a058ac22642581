#include "check.h"
#include "fail_allocations.h"

#include "web/http/form.h"
#include "web/http/pairs.h"

static const char *const kinds[] = {"drugs", "theft", "other", NULL};
static const char *const many[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", NULL};

static const tf_field fields[] = {
    {.name = "from", .label = "First month", .kind = TF_FIELD_MONTH},
    {.name = "area", .label = "LSOA code", .is_required = true, .maximum = 9, .minimum = 2},
    {.name = "size",
     .label = "Size",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = 100,
     .fallback = "20"},
    {.name = "type", .label = "Type", .kind = TF_FIELD_CHOICE, .choices = kinds},
    {.name = "all", .label = "All areas", .kind = TF_FIELD_FLAG},
    {.name = "letter", .label = "Letter", .kind = TF_FIELD_CHOICE, .choices = many},
    {.name = "count", .label = "Count", .kind = TF_FIELD_INT, .example = "30"},
    {.name = "note", .label = "Note"},
};

static tf_arena *arena;
static tf_form form;

static int open_arena(void **state) {
    (void)state;
    arena = tf_arena_new();
    return arena ? 0 : -1;
}

static int close_arena(void **state) {
    (void)state;
    tf_arena_free(arena);
    return 0;
}

static tf_status parse_text(tf_text sent, tf_error *error) {
    return tf_form_parse(fields, sizeof fields / sizeof *fields, sent, arena, &form, error);
}

static void parse(const char *sent) {
    tf_error error;
    assert_ok(parse_text(tf_text_of(sent), &error), &error);
}

static const tf_value *value_of(const char *name) {
    return tf_form_value(&form, name);
}

static void assert_sent(const char *name, const char *expected) {
    tf_text text = value_of(name)->text;
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.data, expected, text.length);
}

/* One field is sent and this is said of it. */
static void assert_said(const char *sent, const char *name, const char *expected) {
    parse(sent);
    assert_non_null(value_of(name)->error);
    assert_string_equal(value_of(name)->error, expected);
}

static void fields_are_decoded_and_typed(void **state) {
    (void)state;
    parse("from=2023-02&area=E0+1%26&size=7&type=theft&all=on&unknown=1&note=a%0D%0Ab");
    assert_int_equal(form.error_count, 0);
    assert_int_equal(value_of("from")->month, tf_month_of(2023, 2));
    assert_sent("area", "E0 1&");
    assert_int_equal(value_of("size")->number, 7);
    assert_int_equal(value_of("type")->number, 1);
    assert_int_equal(value_of("all")->number, 1);
    assert_sent("note", "a\r\nb");
    assert_true(value_of("note")->is_given);
    assert_false(value_of("count")->is_given);
}

static void an_absent_field_takes_its_fallback(void **state) {
    (void)state;
    parse("area=ab");
    assert_int_equal(form.error_count, 0);
    assert_int_equal(value_of("size")->number, 20);
    assert_false(value_of("size")->is_given);
    assert_int_equal(value_of("all")->number, 0);
    assert_sent("from", "");
}

static void what_is_empty_was_not_given(void **state) {
    (void)state;
    parse("area=ab&size=&from=+&all&&note=");
    assert_int_equal(form.error_count, 0);
    assert_int_equal(value_of("size")->number, 20);
    assert_false(value_of("from")->is_given);
}

static void spaces_around_a_value_do_not_matter(void **state) {
    (void)state;
    parse("area=ab&size=+7+&from=2023-02%20&type=+drugs");
    assert_int_equal(form.error_count, 0);
    assert_int_equal(value_of("size")->number, 7);
}

static void a_flag_has_several_words(void **state) {
    (void)state;
    static const char *const set[] = {"1", "true", "on", "yes", "TRUE"};
    static const char *const unset[] = {"0", "false", "off", "no"};
    char sent[64];
    for (size_t i = 0; i < sizeof set / sizeof *set; i++) {
        snprintf(sent, sizeof sent, "area=ab&all=%s", set[i]);
        parse(sent);
        assert_int_equal(value_of("all")->number, 1);
    }
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++) {
        snprintf(sent, sizeof sent, "area=ab&all=%s", unset[i]);
        parse(sent);
        assert_int_equal(value_of("all")->number, 0);
        assert_int_equal(form.error_count, 0);
    }
}

/* As the GOV.UK Design System's error message component words them. */
static void an_error_says_what_to_do(void **state) {
    (void)state;
    assert_said("", "area", "Enter the LSOA code");
    assert_said("area=a", "area", "LSOA code must be 2 characters or more");
    assert_said("area=1234567890", "area", "LSOA code must be 9 characters or fewer");
    assert_said("from=march", "from", "First month must be a month, such as 2023-02");
    assert_said("size=x", "size", "Size must be a whole number");
    assert_said("count=1.5", "count", "Count must be a whole number, such as 30");
    assert_said("size=101", "size", "Size must be between 1 and 100");
    assert_said("size=0", "size", "Size must be between 1 and 100");
    assert_said("type=arson", "type", "Type must be drugs, theft or other");
    assert_said("letter=z", "letter", "Select the letter from the list");
    assert_said("all=perhaps", "all", "All areas must be 1 or 0");
    assert_said("from=2023-01&from=2023-02", "from", "Give the first month only once");
}

static void characters_count_and_not_bytes(void **state) {
    (void)state;
    parse("area=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9");
    assert_int_equal(form.error_count, 0);
    assert_said("area=%C3%A9", "area", "LSOA code must be 2 characters or more");
}

static void what_cannot_be_read_is_an_error_of_its_field(void **state) {
    (void)state;
    static const char *const bad[] = {"%",   "%4",        "%zz", "%C3",    "%C0%AF", "a%00b",
                                      "%1B", "%ED%A0%80", "%7F", "%80%80", "ab%"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char sent[64];
        snprintf(sent, sizeof sent, "area=ab&note=%s", bad[i]);
        assert_said(sent, "note", "Note must not include characters that cannot be read");
        assert_int_equal(form.error_count, 1);
        assert_true(tf_text_is_utf8(value_of("note")->text));
        assert_null(memchr(value_of("note")->text.data, 0, value_of("note")->text.length));
    }
}

static void what_was_sent_is_there_to_be_shown_again(void **state) {
    (void)state;
    parse("area=ab&from=march&size=many");
    assert_int_equal(form.error_count, 2);
    assert_sent("from", "march");
    assert_sent("size", "many");
}

static void more_than_200_pairs_are_refused(void **state) {
    (void)state;
    char sent[2048] = "area=ab";
    for (int i = 1; i < 200; i++) {
        strcat(sent, "&x=1");
    }
    parse(sent);
    strcat(sent, "&x=1");
    tf_error error;
    assert_int_equal(parse_text(tf_text_of(sent), &error), TF_BAD_INPUT);
}

static void an_address_that_was_built_reads_back_the_same(void **state) {
    (void)state;
    tf_buffer address = {0};
    tf_buffer_append_text(&address, "/areas/");
    tf_path_append(&address, tf_text_of("a/b c"));
    tf_query_append(&address, "area", tf_text_of("a&b=c+%"));
    tf_query_append(&address, "note", tf_text_of("\xC3\xA9\n?"));
    tf_query_append(&address, "from", (tf_text){NULL, 0});
    assert_string_equal(address.data, "/areas/a%2Fb%20c?area=a%26b%3Dc%2B%25&note=%C3%A9%0A%3F");
    parse(strchr(address.data, '?') + 1);
    assert_int_equal(form.error_count, 0);
    assert_sent("area", "a&b=c+%");
    assert_sent("note", "\xC3\xA9\n?");
    tf_buffer_deinit(&address);
}

/* URL Standard, section 5.1: application/x-www-form-urlencoded parsing. */
static void pairs_of_any_name_come_in_their_order(void **state) {
    (void)state;
    static const char *const wanted[][2] = {{"a", "1"}, {"a", "2 3"},     {"", "x"},
                                            {"b", ""},  {"c d", "=\xFF"}, {"e", "%zz"}};
    tf_arena *own = tf_arena_new();
    tf_pair *pairs;
    size_t count;
    tf_error error;
    assert_ok(
        tf_pairs_parse(tf_text_of("a=1&a=2+3&&=x&b&c%20d==%FF&e=%zz"), own, &pairs, &count, &error),
        &error);
    assert_int_equal(count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < count; i++) {
        assert_true(tf_text_equal(pairs[i].name, tf_text_of(wanted[i][0])));
        assert_true(tf_text_equal(pairs[i].value, tf_text_of(wanted[i][1])));
    }
    char too_many[801];
    memset(too_many, 'a', 800);
    for (size_t i = 1; i < 800; i += 2) {
        too_many[i] = '&';
    }
    too_many[800] = '\0';
    assert_int_equal(tf_pairs_parse(tf_text_of(too_many), own, &pairs, &count, &error),
                     TF_BAD_INPUT);
    assert_ok(tf_pairs_parse((tf_text){NULL, 0}, own, &pairs, &count, &error), &error);
    assert_int_equal(count, 0);
    tf_arena_free(own);
}

static void a_failed_allocation_is_told(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        /* Large enough that the arena asks for more than once. */
        static char sent[200 * 1024];
        memset(sent, 'a', sizeof sent - 1);
        memcpy(sent, "area=ab&from=x&note=", 20);
        tf_arena *own = tf_arena_new();
        assert_non_null(own);
        fail_allocation(n);
        tf_status status = tf_form_parse(fields, sizeof fields / sizeof *fields, tf_text_of(sent),
                                         own, &form, NULL);
        bool was_reached = stop_failing_allocations();
        tf_arena_free(own);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 1);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_decoded_and_typed),
        cmocka_unit_test(an_absent_field_takes_its_fallback),
        cmocka_unit_test(what_is_empty_was_not_given),
        cmocka_unit_test(spaces_around_a_value_do_not_matter),
        cmocka_unit_test(a_flag_has_several_words),
        cmocka_unit_test(an_error_says_what_to_do),
        cmocka_unit_test(characters_count_and_not_bytes),
        cmocka_unit_test(what_cannot_be_read_is_an_error_of_its_field),
        cmocka_unit_test(what_was_sent_is_there_to_be_shown_again),
        cmocka_unit_test(more_than_200_pairs_are_refused),
        cmocka_unit_test(an_address_that_was_built_reads_back_the_same),
        cmocka_unit_test(pairs_of_any_name_come_in_their_order),
        cmocka_unit_test(a_failed_allocation_is_told),
    };
    return cmocka_run_group_tests_name("web/http/form", tests, open_arena, close_arena);
}

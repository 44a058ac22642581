#include "form_fixture.h"

enum { TODAY = 20787 }; /* 2026-11-30 */

static tf_page_check last;
static tf_db *places;

/* Check a page with what was typed, "control=value" each, up to a NULL. */
static void type_in(form_desk *own, size_t page, const char *const *pairs) {
    tf_typed typed[16];
    size_t count = 0;
    for (; pairs[count]; count++) {
        size_t name = strcspn(pairs[count], "=");
        typed[count] = (tf_typed){{pairs[count], name}, tf_text_of(pairs[count] + name + 1)};
    }
    tf_checking checking = {.pack = own->pack, .db = places, .today = TODAY, .arena = own->arena};
    tf_error error;
    assert_ok(tf_form_check_page(&checking, page, (tf_typed_list){typed, count}, &own->answers,
                                 &last, &error),
              &error);
}

#define TYPE(own, page, ...) type_in((own), (page), (const char *const[]){__VA_ARGS__, NULL})

/* The only fault is about that control, in these words. */
static void expect_fault(const char *control, const char *message) {
    if (last.fault_count != 1 || strcmp(last.faults[0].control, control) != 0 ||
        strcmp(last.faults[0].message, message) != 0) {
        fail_msg("%zu faults, the first at %s: %s", last.fault_count,
                 last.fault_count ? last.faults[0].control : "",
                 last.fault_count ? last.faults[0].message : "");
    }
}

static void choices_are_taken_in_the_order_of_the_options(void **state) {
    form_desk *own = *state;
    TYPE(own, WHAT, "what=two", "what=one", "what=two", "other=x");
    assert_int_equal(last.fault_count, 0);
    assert_string_equal(answer_of(own, "what"), "one|two");
    TYPE(own, WHAT, "other=x");
    expect_fault("what", "Select an answer");
    assert_string_equal(answer_of(own, "what"), "");
    TYPE(own, WHAT, "what=three");
    expect_fault("what", "Select an answer from the list");
    TYPE(own, WHAT, "what=none", "what=one");
    expect_fault("what", "Select what applies, or select “None of these”");
    TYPE(own, WHAT, "what=none");
    assert_string_equal(answer_of(own, "what"), "none");
}

static void text_is_measured_in_characters(void **state) {
    form_desk *own = *state;
    put_answer(own, "what", "one", NULL);
    TYPE(own, TEXTS, "line= \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xF0\x9F\x8D\x80 ");
    assert_int_equal(last.fault_count, 0);
    assert_string_equal(answer_of(own, "line"), "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xF0\x9F\x8D\x80");
    TYPE(own, TEXTS, "line=abcdef");
    expect_fault("line", "The line must be 5 characters or less");
    TYPE(own, TEXTS, "line=a");
    expect_fault("line", "The line must be 2 characters or more");
    own->answers.language = TF_WELSH;
    TYPE(own, TEXTS, "line=abcdef");
    expect_fault("line", "Y llinell: rhowch 5 o nodau neu lai");
    TYPE(own, TEXTS, "line=  ");
    assert_int_equal(last.fault_count, 0);
    assert_string_equal(answer_of(own, "line"), "");
}

static void what_was_not_asked_is_not_taken(void **state) {
    form_desk *own = *state;
    put_answer(own, "what", "one", NULL);
    TYPE(own, TEXTS, "line=abc", "lines=x");
    assert_string_equal(answer_of(own, "lines"), "");
}

/* An answer that was kept goes when its question is not asked any more. */
static void a_change_prunes(void **state) {
    form_desk *own = *state;
    put_answer(own, "what", "one", NULL);
    put_answer(own, "line", "abc", NULL);
    TYPE(own, WHAT, "what=two");
    assert_string_equal(answer_of(own, "line"), "");
}

static void expect_clean(const char *given, size_t length, bool keeps_lines, const char *wanted) {
    tf_arena *arena = tf_arena_new();
    tf_text clean = tf_form_clean((tf_text){given, length}, keeps_lines, arena);
    if (!tf_text_equal(clean, tf_text_of(wanted))) {
        fail_msg("\"%.*s\", not \"%s\"", TF_TEXT_ARG(clean), wanted);
    }
    assert_true(tf_text_is_utf8(clean));
    tf_arena_free(arena);
}

static void text_loses_what_cannot_be_seen(void **state) {
    (void)state;
    expect_clean("a\0b\x07\x7F"
                 "c",
                 6, true, "abc");
    expect_clean("a\r\nb\rc\nd\te", 10, true, "a\nb\nc\nd e");
    expect_clean("a\r\nb\rc", 6, false, "a b c");
    expect_clean(" \n x \r\n", 7, true, "x");
    expect_clean("a\xC2\x85"
                 "b\xC2\xA3",
                 6, true, "ab\xC2\xA3");
    expect_clean("a\xE2\x80\xAE"
                 "b\xE2\x81\xA6"
                 "c\xE2\x80\x9C",
                 12, true, "abc\xE2\x80\x9C");
    expect_clean("\xFF"
                 "a\xE2\x82",
                 4, true,
                 "\xEF\xBF\xBD"
                 "a\xEF\xBF\xBD\xEF\xBF\xBD");
    expect_clean("\xED\xA0\x80", 3, true, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); /* a surrogate */
    expect_clean("", 0, true, "");
}

static void numbers_are_whole_and_within_bounds(void **state) {
    form_desk *own = *state;
    put_answer(own, "what", "one", NULL);
    put_answer(own, "line", "abc", NULL);
    TYPE(own, CHOICE, "sure=yes", "count= 1,234 ");
    assert_int_equal(last.fault_count, 0);
    assert_string_equal(answer_of(own, "count"), "1234");
    TYPE(own, CHOICE, "sure=yes", "count=1.5");
    expect_fault("count", "Your answer must be a whole number");
    TYPE(own, CHOICE, "sure=yes", "count=99999999999999999999999999");
    expect_fault("count", "Your answer must be a whole number");
    TYPE(own, CHOICE, "sure=yes", "count=-2");
    expect_fault("count", "Your answer must be -1 or more");
    TYPE(own, CHOICE, "sure=yes", "count=1501");
    expect_fault("count", "Your answer must be 1,500 or less");
    TYPE(own, CHOICE, "sure=yes", "count=+7", "one=b");
    assert_string_equal(answer_of(own, "count"), "7");
    assert_string_equal(answer_of(own, "one"), "b");
    TYPE(own, CHOICE, "one=a");
    expect_fault("sure", "Select an answer");
    TYPE(own, CHOICE, "sure=perhaps");
    expect_fault("sure", "Select an answer from the list");
}

static void a_date_is_a_day_there_is(void **state) {
    form_desk *own = *state;
    TYPE(own, DAY, "day-day= 29 ", "day-month=2", "day-year=2024");
    assert_int_equal(last.fault_count, 0);
    assert_string_equal(answer_of(own, "day"), "2024-02-29");
    static const char *const months[] = {"3", "03", "mar", "March", "MAWRTH"};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        char month[40];
        snprintf(month, sizeof month, "day-month=%s", months[i]);
        TYPE(own, DAY, "day-day=01", month, "day-year=2026");
        assert_string_equal(answer_of(own, "day"), "2026-03-01");
    }
    TYPE(own, DAY, "day-day=29", "day-month=2", "day-year=2026");
    expect_fault("day-day", "The day must be a real date");
    TYPE(own, DAY, "day-day=1", "day-month=13", "day-year=2026");
    expect_fault("day-day", "The day must be a real date");
    TYPE(own, DAY, "day-day=1", "day-month=1", "day-year=26");
    expect_fault("day-day", "The day must be a real date");
    TYPE(own, DAY, "day-day=1", "day-year=2026");
    expect_fault("day-month", "The day must include a month");
    TYPE(own, DAY, "day-year=2026");
    expect_fault("day-day", "The day must include a day");
    TYPE(own, DAY, "day-day=30", "day-month=11", "day-year=2026");
    assert_int_equal(last.fault_count, 0);
    TYPE(own, DAY, "day-day=1", "day-month=12", "day-year=2026");
    expect_fault("day-day", "The day must be today or in the past");
    TYPE(own, DAY, "x=");
    assert_int_equal(last.fault_count, 0);
    assert_string_equal(answer_of(own, "day"), "");
}

static void a_point_is_coarse_unless_the_sender_wants_it_exact(void **state) {
    form_desk *own = *state;
    TYPE(own, PLACE, "place=The bridge");
    assert_string_equal(answer_of(own, "place"), "The bridge|||coarse");
    TYPE(own, PLACE, "place=The bridge", "place-latitude=52.13567", "place-longitude=-0.46849");
    assert_string_equal(answer_of(own, "place"), "The bridge|52.14|-0.47|coarse");
    TYPE(own, PLACE, "place-latitude=52.135678", "place-longitude=-0.001", "place-exact=yes");
    assert_string_equal(answer_of(own, "place"), "|52.13568|-0.00100|exact");
    TYPE(own, PLACE, "place-latitude=52.135678", "place-longitude=-0.001");
    assert_string_equal(answer_of(own, "place"), "|52.14|0.00|coarse");
    TYPE(own, PLACE, "place=x", "place-latitude=52");
    expect_fault("place-latitude", "Enter a latitude and a longitude in Great Britain or Northern "
                                   "Ireland, like 52.14 and -0.47");
    TYPE(own, PLACE, "place-latitude=-0.47", "place-longitude=52.14");
    assert_int_equal(last.fault_count, 1);
    TYPE(own, PLACE, "place-latitude=nan", "place-longitude=1e999");
    assert_int_equal(last.fault_count, 1);
    TYPE(own, PLACE, "place=");
    expect_fault("place", "Enter an answer");
}

static void a_contact_may_be_left_out_but_not_be_nonsense(void **state) {
    form_desk *own = *state;
    TYPE(own, CONTACT, "contact-name=Sam", "contact-telephone=+44 (0)7700 900-982");
    assert_string_equal(answer_of(own, "contact"), "Sam|+44 (0)7700 900-982|");
    TYPE(own, CONTACT, "contact-email=sam@example.org");
    assert_string_equal(answer_of(own, "contact"), "||sam@example.org");
    static const char *const telephones[] = {"12345", "call me", "1234567890123456",
                                             "07700x900982"};
    for (size_t i = 0; i < sizeof telephones / sizeof *telephones; i++) {
        char pair[60];
        snprintf(pair, sizeof pair, "contact-telephone=%s", telephones[i]);
        TYPE(own, CONTACT, pair);
        expect_fault("contact-telephone",
                     "Enter a telephone number, like 01632 960 001 or 07700 900 982");
    }
    static const char *const emails[] = {"sam",     "@example.org", "sam@",     "sam@org",
                                         "a b@c.d", "a@b@c.d",      "sam@.org", "sam@a.org."};
    for (size_t i = 0; i < sizeof emails / sizeof *emails; i++) {
        char pair[60];
        snprintf(pair, sizeof pair, "contact-email=%s", emails[i]);
        TYPE(own, CONTACT, pair);
        expect_fault("contact-email",
                     "Enter an email address in the correct format, like name@example.com");
    }
    TYPE(own, CONTACT, "contact-name=");
    assert_int_equal(last.fault_count, 0);
    assert_string_equal(answer_of(own, "contact"), "");
}

static void answers_that_are_typed_again_are_the_same(void **state) {
    form_desk *own = *state;
    TYPE(own, WHAT, "what=one", "what=two");
    TYPE(own, TEXTS, "line=abc", "lines=x\r\ny");
    TYPE(own, CHOICE, "one=b", "sure=yes", "count=1,000");
    TYPE(own, DAY, "day-day=7", "day-month=6", "day-year=2026");
    TYPE(own, PLACE, "place=Here", "place-latitude=52.5", "place-longitude=-1.25",
         "place-exact=yes");
    TYPE(own, CONTACT, "contact-name=Sam", "contact-email=a@b.c");
    tf_buffer before = {0};
    tf_buffer after = {0};
    tf_answers_write(&own->answers, &before);
    for (size_t page = 0; page < PAGE_COUNT; page++) {
        tf_typed_list typed;
        tf_error error;
        tf_checking checking = {.pack = own->pack, .today = TODAY, .arena = own->arena};
        assert_ok(tf_form_type_page(&own->answers, page, own->arena, &typed, &error), &error);
        assert_ok(tf_form_check_page(&checking, page, typed, &own->answers, &last, &error), &error);
        assert_int_equal(last.fault_count, 0);
    }
    tf_answers_write(&own->answers, &after);
    assert_string_equal(after.data, before.data);
    assert_non_null(strstr(before.data, "\"day\":[\"2026-06-07\"]"));
    tf_buffer_deinit(&before);
    tf_buffer_deinit(&after);
}

/* ---- places that the database knows ---- */

static int open_places(void **state) {
    tf_error error;
    int result = form_desk_set_up(state);
    form_desk *own = *state;
    assert_ok(tf_db_open(temporary_path(&own->folder, "db"), TF_DB_WRITE, &places, &error), &error);
    assert_ok(
        tf_db_execute(places,
                      "INSERT INTO batch (id, feed, file, sha256, publisher, started_at) VALUES"
                      " (1, 'areas', 'a', '', 'b', 0);"
                      "INSERT INTO layer (name, title) VALUES ('lad', 'Authorities'),"
                      " ('lsoa', 'Small areas');"
                      "INSERT INTO area (layer, code, label, centroid_longitude,"
                      " centroid_latitude, batch_id) VALUES"
                      " ('lad', 'E1', 'Larken', -0.123456, 52.987654, 1),"
                      " ('lsoa', 'E2', 'Larken 001A', -0.2, 52.2, 1),"
                      " ('lsoa', 'E3', 'North Larken', -0.3, 52.3, 1),"
                      " ('lsoa', 'E4', 'Clarkenwell', -0.4, 52.4, 1),"
                      " ('lsoa', 'E5', '50%_off', -0.5, 52.5, 1),"
                      " ('lsoa', 'E6', 'Larken without a middle', NULL, NULL, 1)",
                      &error),
        &error);
    return result;
}

static int close_places(void **state) {
    tf_db_close(places);
    places = NULL;
    return form_desk_tear_down(state);
}

static void a_name_that_the_database_knows_is_offered_to_choose_from(void **state) {
    form_desk *own = *state;
    TYPE(own, PLACE, "place=larken");
    assert_int_equal(last.fault_count, 0);
    assert_int_equal(last.place_count, 3);
    assert_string_equal(last.places[0].name, "Larken");
    assert_int_equal(last.places[0].kind, TF_PLACE_COUNCIL);
    assert_int_equal(last.places[1].kind, TF_PLACE_NEIGHBOURHOOD);
    assert_string_equal(last.places[1].code, "E2");
    assert_string_equal(last.places[2].name, "North Larken");
    assert_string_equal(answer_of(own, "place"), "");
    /* Passed over. */
    TYPE(own, PLACE, "place=larken", "place-found=larken");
    expect_fault("place-choice", "Choose the place, or “None of these”");
    assert_int_equal(last.place_count, 3);
    TYPE(own, PLACE, "place=larken", "place-found=larken", "place-choice=nowhere");
    expect_fault("place-choice", "Choose the place, or “None of these”");
    TYPE(own, PLACE, "place=larken", "place-found=larken", "place-choice=E1");
    assert_int_equal(last.place_count + last.fault_count, 0);
    assert_string_equal(answer_of(own, "place"), "Larken|52.99|-0.12|coarse");
    /* Sent again as it stands it is settled; with another name its point is left behind. */
    TYPE(own, PLACE, "place=Larken", "place-latitude=52.99", "place-longitude=-0.12");
    assert_string_equal(answer_of(own, "place"), "Larken|52.99|-0.12|coarse");
    TYPE(own, PLACE, "place=High Street", "place-latitude=52.99", "place-longitude=-0.12");
    assert_string_equal(answer_of(own, "place"), "High Street|||coarse");
    TYPE(own, PLACE, "place=larken", "place-found=larken", "place-choice=typed");
    assert_string_equal(answer_of(own, "place"), "larken|||coarse");
    /* A name that was changed is looked for anew, whatever was chosen for the other. */
    TYPE(own, PLACE, "place=north", "place-found=larken", "place-choice=typed");
    assert_int_equal(last.place_count, 1);
}

/* Whatever is short: a place that more people mean comes first. */
static void larger_places_are_offered_first(void **state) {
    form_desk *own = *state;
    tf_error error;
    assert_ok(tf_db_execute(places,
                            "INSERT INTO layer (name, title) VALUES ('bua22', 'bua22'),"
                            " ('pfa', 'pfa'), ('parks', 'parks'), ('wd24', 'wd24');"
                            "INSERT INTO area (layer, code, label, centroid_longitude,"
                            " centroid_latitude, batch_id) VALUES"
                            " ('wd24', 'W1', 'Moor', -0.1, 52.1, 1),"
                            " ('parks', 'P1', 'Moor Park', -0.1, 52.1, 1),"
                            " ('pfa', 'F1', 'Moor and Dale', -0.1, 52.1, 1),"
                            " ('lad', 'C1', 'Moor and Larken', -0.1, 52.1, 1),"
                            " ('wd24', 'T1', 'Moor upon the River', -0.1, 52.1, 1),"
                            " ('bua22', 'T1', 'Moor upon the River', -0.1, 52.1, 1)",
                            &error),
              &error);
    static const struct {
        const char *code;
        tf_place_kind kind;
    } wanted[] = {{"T1", TF_PLACE_TOWN},
                  {"C1", TF_PLACE_COUNCIL},
                  {"F1", TF_PLACE_POLICE},
                  {"P1", TF_PLACE_OTHER},
                  {"W1", TF_PLACE_NEIGHBOURHOOD}};
    TYPE(own, PLACE, "place=moor");
    assert_int_equal(last.place_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(last.places[i].code, wanted[i].code);
        assert_int_equal(last.places[i].kind, wanted[i].kind);
    }
}

static void a_search_knows_postcodes_and_takes_signs_as_they_are(void **state) {
    form_desk *own = *state;
    static const char *const postcodes[] = {"LU1", "LU1 2", "lu1 2ab", "LU12AB", "EC1A 1BB", "M1"};
    for (size_t i = 0; i < sizeof postcodes / sizeof *postcodes; i++) {
        assert_true(tf_place_is_postcode(tf_text_of(postcodes[i])));
    }
    static const char *const others[] = {"",         "Luton",  "LU",       "1LU",
                                         "LU1 2ABC", "LU1 AB", "High St 1"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(tf_place_is_postcode(tf_text_of(others[i])));
    }
    TYPE(own, PLACE, "place=50%");
    assert_int_equal(last.place_count, 1);
    TYPE(own, PLACE, "place=%%%");
    assert_int_equal(last.place_count, 0);
    TYPE(own, PLACE, "place=la");
    assert_int_equal(last.place_count, 0);
    TYPE(own, PLACE, "place='; DROP TABLE area; --");
    assert_int_equal(last.place_count, 0);
    TYPE(own, PLACE, "place=larken");
    assert_int_equal(last.place_count, 3);
}

#define place_test(test) cmocka_unit_test_setup_teardown(test, open_places, close_places)

int main(void) {
    const struct CMUnitTest tests[] = {
        form_test(choices_are_taken_in_the_order_of_the_options),
        form_test(text_is_measured_in_characters),
        form_test(what_was_not_asked_is_not_taken),
        form_test(a_change_prunes),
        cmocka_unit_test(text_loses_what_cannot_be_seen),
        form_test(numbers_are_whole_and_within_bounds),
        form_test(a_date_is_a_day_there_is),
        form_test(a_point_is_coarse_unless_the_sender_wants_it_exact),
        form_test(a_contact_may_be_left_out_but_not_be_nonsense),
        form_test(answers_that_are_typed_again_are_the_same),
        place_test(a_name_that_the_database_knows_is_offered_to_choose_from),
        place_test(larger_places_are_offered_first),
        place_test(a_search_knows_postcodes_and_takes_signs_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

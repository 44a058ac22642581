#include "form_fixture.h"

static bool asks(const form_desk *own, const char *question) {
    return tf_answers_ask(&own->answers, (size_t)tf_form_question(own->form, question));
}

static void a_page_is_asked_when_its_conditions_hold(void **state) {
    form_desk *own = *state;
    assert_int_equal(tf_answers_next_page(&own->answers, -1), WHAT);
    assert_int_equal(tf_answers_next_page(&own->answers, WHAT), DAY);
    put_answer(own, "what", "one", NULL);
    assert_int_equal(tf_answers_next_page(&own->answers, WHAT), TEXTS);
    assert_true(asks(own, "line"));
    assert_false(asks(own, "lines"));
    put_answer(own, "what", "one", "two");
    assert_true(asks(own, "lines"));
    assert_int_equal(tf_answers_next_page(&own->answers, TEXTS), DAY);
    put_answer(own, "line", "abc", NULL);
    assert_int_equal(tf_answers_next_page(&own->answers, TEXTS), CHOICE);
    put_answer(own, "sure", "no", NULL);
    assert_int_equal(tf_answers_next_page(&own->answers, CHOICE), NOTE);
    assert_int_equal(tf_answers_previous_page(&own->answers, NOTE), CHOICE);
    put_answer(own, "what", "none", NULL);
    assert_int_equal(tf_answers_next_page(&own->answers, WHAT), DAY);
    assert_int_equal(tf_answers_next_page(&own->answers, DAY), PLACE);
    assert_int_equal(tf_answers_previous_page(&own->answers, PLACE), DAY);
    assert_int_equal(tf_answers_previous_page(&own->answers, WHAT), -1);
    assert_int_equal(tf_answers_next_page(&own->answers, CONTACT), PAGE_COUNT);
}

static void an_answer_to_what_is_not_asked_counts_for_nothing(void **state) {
    form_desk *own = *state;
    put_answer(own, "what", "two", NULL);
    /* Left from when "one" was chosen. */
    put_answer(own, "line", "abc", NULL);
    put_answer(own, "sure", "yes", NULL);
    assert_false(asks(own, "sure"));
    assert_string_equal(tf_answers_urgency(&own->answers)->title, "Two");
    tf_answers_prune(&own->answers);
    assert_string_equal(answer_of(own, "line"), "");
    assert_string_equal(answer_of(own, "sure"), "");
    assert_string_equal(answer_of(own, "what"), "two");
}

static void the_first_open_page_lacks_a_required_answer(void **state) {
    form_desk *own = *state;
    assert_int_equal(tf_answers_first_open_page(&own->answers), WHAT);
    put_answer(own, "what", "one", NULL);
    assert_int_equal(tf_answers_first_open_page(&own->answers), PLACE);
    put_answer(own, "line", "abc", NULL);
    assert_int_equal(tf_answers_first_open_page(&own->answers), CHOICE);
    put_answer(own, "sure", "no", NULL);
    put_answer(own, "place", "here", NULL);
    assert_int_equal(tf_answers_first_open_page(&own->answers), PAGE_COUNT);
}

static void the_first_rule_that_holds_says_how_urgent_it_is(void **state) {
    form_desk *own = *state;
    assert_null(tf_answers_urgency(&own->answers));
    put_answer(own, "what", "one", "two");
    assert_int_equal(tf_answers_urgency(&own->answers)->level, 2);
    put_answer(own, "line", "abc", NULL);
    put_answer(own, "sure", "yes", NULL);
    assert_int_equal(tf_answers_urgency(&own->answers)->level, 1);
}

static void a_child_at_risk_comes_first_whatever_else_is_reported(void **state) {
    form_desk *own = *state;
    tf_error error;
    own->form = tf_pack_form_find(own->pack, tf_text_of("report"));
    static const struct {
        const char *first, *second;
        int level;
        int64_t hours;
    } cases[] = {
        {"dealing", NULL, 4, 120}, {"place", "other", 4, 120},     {"line", "dealing", 3, 48},
        {"travel", "line", 3, 48}, {"cuckooing", "travel", 2, 24}, {"cuckooing", "child", 1, 4},
        {"child", "other", 1, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(tf_answers_new(own->form, TF_ENGLISH, own->arena, &own->answers, &error), &error);
        put_answer(own, "what", cases[i].first, cases[i].second);
        const tf_form_urgency *urgency = tf_answers_urgency(&own->answers);
        assert_int_equal(urgency->level, cases[i].level);
        assert_int_equal(urgency->within_hours, cases[i].hours);
    }
    put_answer(own, "child_danger", "now", NULL);
    assert_int_equal(tf_answers_urgency(&own->answers)->within_hours, 1);
}

static void answers_are_read_as_they_were_written(void **state) {
    form_desk *own = *state;
    put_answer(own, "what", "one", "two");
    put_answer(own, "line", "\"\\\xC3\xA9", NULL);
    put_answer(own, "lines", "a\nb\tc", NULL);
    put_answer(own, "day", "2026-02-28", NULL);
    own->answers.language = TF_WELSH;
    tf_buffer json = {0};
    tf_answers_write(&own->answers, &json);
    tf_answers before = own->answers;
    tf_error error;
    assert_ok(tf_answers_read((tf_text){json.data, json.length}, own->pack, own->arena,
                              &own->answers, &error),
              &error);
    assert_ptr_equal(own->answers.form, own->form);
    assert_int_equal(own->answers.language, TF_WELSH);
    for (size_t i = 0; i < own->form->question_count; i++) {
        assert_int_equal(own->answers.values[i].count, before.values[i].count);
        for (size_t j = 0; j < before.values[i].count; j++) {
            assert_true(tf_text_equal(own->answers.values[i].texts[j], before.values[i].texts[j]));
        }
    }
    tf_buffer_deinit(&json);
}

static void what_the_form_of_today_does_not_know_is_kept_out(void **state) {
    form_desk *own = *state;
    tf_error error;
    const char *json = "{\"form\":\"all\",\"version\":1,\"language\":\"xx\",\"answers\":{"
                       "\"what\":[\"one\",\"three\"],\"one\":[\"z\"],\"sure\":[\"maybe\"],"
                       "\"day\":[\"2026-02-30\"],\"count\":[\"many\"],\"place\":[\"a\"],"
                       "\"contact\":\"a\",\"line\":[1],\"gone\":[\"x\"],\"lines\":[\"kept\"]}}";
    assert_ok(tf_answers_read(tf_text_of(json), own->pack, own->arena, &own->answers, &error),
              &error);
    assert_string_equal(answer_of(own, "what"), "one");
    assert_string_equal(answer_of(own, "lines"), "kept");
    static const char *const none[] = {"one", "sure", "day", "count", "place", "contact", "line"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_string_equal(answer_of(own, none[i]), "");
    }
    assert_int_equal(own->answers.language, TF_ENGLISH);
}

static void what_is_no_answers_is_refused(void **state) {
    form_desk *own = *state;
    static const char *const bad[] = {"",
                                      "[]",
                                      "{",
                                      "{\"form\":\"none\",\"answers\":{}}",
                                      "{\"form\":\"all\",\"answers\":[]}",
                                      "{}",
                                      "{\"answers\":{}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tf_error error;
        assert_int_equal(
            tf_answers_read(tf_text_of(bad[i]), own->pack, own->arena, &own->answers, &error),
            TF_BAD_INPUT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        form_test(a_page_is_asked_when_its_conditions_hold),
        form_test(an_answer_to_what_is_not_asked_counts_for_nothing),
        form_test(the_first_open_page_lacks_a_required_answer),
        form_test(the_first_rule_that_holds_says_how_urgent_it_is),
        form_test(a_child_at_risk_comes_first_whatever_else_is_reported),
        form_test(answers_are_read_as_they_were_written),
        form_test(what_the_form_of_today_does_not_know_is_kept_out),
        form_test(what_is_no_answers_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "access/setting.h"

#include "at_accounts.h"

#include "trefoil/base/date.h"

static tf_setting find(at_accounts *at, const char *name) {
    tf_error error;
    tf_setting *settings;
    size_t count;
    assert_ok(tf_setting_list(at->access, &at->operator, at->arena, &settings, &count, &error),
              &error);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return settings[i];
        }
    }
    fail_msg("there is no setting %s", name);
    return (tf_setting){0};
}

static void change(at_accounts *at, const char *name, int64_t value) {
    tf_error error;
    assert_ok(tf_setting_change(at->access, &at->operator, name, &value, &error), &error);
}

static void what_is_not_set_is_as_usual_and_can_be_taken_back(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error;
    int64_t value = 0;
    assert_false(find(&at, "session-idle-minutes").is_set);
    change(&at, "session-idle-minutes", 15);
    tf_setting setting = find(&at, "session-idle-minutes");
    assert_true(setting.is_set);
    assert_int_equal(setting.value, 15);
    assert_ok(tf_setting_value(at.db, "session-idle-minutes", &value, &error), &error);
    assert_int_equal(value, 15);
    assert_ok(tf_setting_change(at.access, &at.operator, "session-idle-minutes", NULL, &error),
              &error);
    setting = find(&at, "session-idle-minutes");
    assert_false(setting.is_set);
    assert_int_equal(setting.value, setting.usual);
    at_close(&at);
}

static void the_limit_of_a_form_is_the_form_s_own_until_it_is_set(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error;
    int64_t most = 0;
    const tf_form_definition *form = tf_pack_form_find(at.pack, tf_text_of("report"));
    assert_ok(tf_setting_most_per_hour(at.db, form, &most, &error), &error);
    assert_int_equal(most, form->most_per_hour);
    change(&at, "report-most-per-hour", 7);
    assert_ok(tf_setting_most_per_hour(at.db, form, &most, &error), &error);
    assert_int_equal(most, 7);
    at_close(&at);
}

static void a_name_or_a_value_that_is_none_changes_nothing(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error;
    int64_t value = 0;
    assert_int_equal(tf_setting_change(at.access, &at.operator, "session-hours", &value, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "from 1 to 168, and usually is 12"));
    assert_int_equal(
        tf_setting_change(at.access, &at.operator, "lead-organisation", &value, &error),
        TF_NOT_FOUND);
    assert_non_null(strstr(error.message, "session-hours"));
    assert_false(find(&at, "session-hours").is_set);
    at_close(&at);
}

static void a_form_is_given_only_to_an_organisation_that_is_there(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error;
    int64_t nobody = 999, own = at.organisation_id, lead = 0;
    static const char name[] = "report-organisation";
    assert_int_equal(tf_setting_change(at.access, &at.operator, name, &nobody, &error),
                     TF_NOT_FOUND);
    assert_non_null(strstr(error.message, "trefoil org list"));
    assert_false(find(&at, name).is_set);
    change(&at, name, own);
    at_end_organisation(&at);
    assert_int_equal(tf_setting_change(at.access, &at.operator, name, &own, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "not there today"));
    assert_int_equal(find(&at, name).value, own);
    change(&at, name, lead);
    /* Numbers of other things are no organisations. */
    change(&at, "report-most-per-hour", 999);
    at_close(&at);
}

static void who_may_not_changes_nothing_and_the_refusal_is_entered(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error;
    int64_t value = 1;
    tf_actor stranger = tf_actor_public();
    tf_setting *settings;
    size_t count;
    assert_int_equal(tf_setting_change(at.access, &stranger, "session-hours", &value, &error),
                     TF_REFUSED);
    assert_int_equal(tf_setting_list(at.access, &stranger, at.arena, &settings, &count, &error),
                     TF_REFUSED);
    assert_false(find(&at, "session-hours").is_set);
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(at.db,
                            "SELECT count(*) FROM audit_entry WHERE category = 'setting' AND "
                            "outcome = 'refused'",
                            &statement, &error),
              &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    assert_int_equal(tf_column_at_int(statement, 0), 2);
    tf_statement_free(statement);
    at_close(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(what_is_not_set_is_as_usual_and_can_be_taken_back),
        temporary_test(the_limit_of_a_form_is_the_form_s_own_until_it_is_set),
        temporary_test(a_name_or_a_value_that_is_none_changes_nothing),
        temporary_test(a_form_is_given_only_to_an_organisation_that_is_there),
        temporary_test(who_may_not_changes_nothing_and_the_refusal_is_entered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

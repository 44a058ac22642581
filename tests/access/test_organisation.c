#include "access/organisation.h"

#include "at_accounts.h"

static tf_organisation of(const char *name) {
    return (tf_organisation){.name = name,
                             .kind = "charity",
                             .contact = "Data team, data@example.org",
                             .started_on = TF_DAY_NONE,
                             .ended_on = TF_DAY_NONE};
}

static int64_t add(at_accounts *at, const char *name) {
    int64_t id = 0;
    tf_error error = {0};
    tf_organisation organisation = of(name);
    assert_ok(tf_organisation_add(at->access, &at->operator, & organisation, &id, &error), &error);
    return id;
}

static void what_was_added_is_found_by_name_and_by_number(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    int64_t id = add(&at, "Harbour Recovery");
    tf_organisation found;
    tf_error error = {0};
    assert_ok(
        tf_organisation_find(at.access, tf_text_of(" harbour recovery "), at.arena, &found, &error),
        &error);
    assert_int_equal(found.id, id);
    assert_string_equal(found.name, "Harbour Recovery");
    assert_string_equal(found.kind, "charity");
    assert_string_equal(found.contact, "Data team, data@example.org");
    assert_int_equal(found.started_on, TF_DAY_NONE);
    assert_int_equal(found.account_count, 0);
    char number[16];
    snprintf(number, sizeof number, "%d", (int)id);
    assert_ok(tf_organisation_find(at.access, tf_text_of(number), at.arena, &found, &error),
              &error);
    assert_int_equal(found.id, id);
    assert_int_equal(
        tf_organisation_find(at.access, tf_text_of("Nobody"), at.arena, &found, &error),
        TF_NOT_FOUND);
    assert_int_equal(tf_organisation_get(at.access, 99, at.arena, &found, &error), TF_NOT_FOUND);
    tf_organisation *list;
    size_t count;
    assert_ok(tf_organisation_list(at.access, at.arena, &list, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].name, "Harbour Recovery");
    assert_string_equal(list[1].name, "Northshire Council");
    at_close(&at);
}

static void a_name_is_used_once_and_a_kind_is_known(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    add(&at, "Harbour Recovery");
    int64_t id;
    tf_error error = {0};
    tf_organisation wrong = of("HARBOUR recovery");
    assert_int_equal(tf_organisation_add(at.access, &at.operator, & wrong, &id, &error),
                     TF_BAD_INPUT);
    wrong = of("");
    assert_int_equal(tf_organisation_add(at.access, &at.operator, & wrong, &id, &error),
                     TF_BAD_INPUT);
    wrong = of("two\nlines");
    assert_int_equal(tf_organisation_add(at.access, &at.operator, & wrong, &id, &error),
                     TF_BAD_INPUT);
    wrong = of("New");
    wrong.kind = "circus";
    assert_int_equal(tf_organisation_add(at.access, &at.operator, & wrong, &id, &error),
                     TF_BAD_INPUT);
    wrong = of("New");
    wrong.started_on = 20000;
    wrong.ended_on = 19999;
    assert_int_equal(tf_organisation_add(at.access, &at.operator, & wrong, &id, &error),
                     TF_BAD_INPUT);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM organisation"), 2);
    at_close(&at);
}

static void a_change_keeps_the_number_and_is_entered(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    int64_t id = add(&at, "Harbour Recovery");
    tf_organisation changed = of("Harbour Recovery Trust"), found;
    tf_error error = {0};
    changed.id = id;
    changed.started_on = 19000;
    assert_ok(tf_organisation_change(at.access, &at.operator, & changed, &error), &error);
    changed.name = "HARBOUR Recovery Trust"; /* its own name in other letters is free */
    assert_ok(tf_organisation_change(at.access, &at.operator, & changed, &error), &error);
    assert_ok(tf_organisation_get(at.access, id, at.arena, &found, &error), &error);
    assert_string_equal(found.name, "HARBOUR Recovery Trust");
    assert_int_equal(found.started_on, 19000);
    changed.name = "Northshire Council";
    assert_int_equal(tf_organisation_change(at.access, &at.operator, & changed, &error),
                     TF_BAD_INPUT);
    changed = of("Nobody");
    changed.id = 99;
    assert_int_equal(tf_organisation_change(at.access, &at.operator, & changed, &error),
                     TF_NOT_FOUND);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE action = 'alter' AND "
                                   "category = 'organisation' AND object_id = 2"),
                     2);
    at_close(&at);
}

static void an_end_names_a_successor_that_goes_on(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    int64_t old = add(&at, "Harbour Recovery"), new = add(&at, "Coastal Recovery");
    int64_t gone = add(&at, "Gone");
    const int32_t today = (int32_t)(at.now / day), last = today + 20;
    assert_ok(tf_organisation_end(at.access, &at.operator, gone, today + 10, 0, &error), &error);
    assert_int_equal(tf_organisation_end(at.access, &at.operator, old, last, old, &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_organisation_end(at.access, &at.operator, old, last, gone, &error),
                     TF_BAD_INPUT);
    assert_int_equal(tf_organisation_end(at.access, &at.operator, old, last, 77, &error),
                     TF_NOT_FOUND);
    assert_ok(tf_organisation_end(at.access, &at.operator, old, last, new, &error), &error);
    tf_organisation found;
    assert_ok(tf_organisation_get(at.access, old, at.arena, &found, &error), &error);
    assert_int_equal(found.successor_id, new);
    assert_true(tf_organisation_is_on(&found, last));
    assert_false(tf_organisation_is_on(&found, last + 1));
    assert_ok(tf_organisation_end(at.access, &at.operator, old, TF_DAY_NONE, 0, &error), &error);
    assert_ok(tf_organisation_get(at.access, old, at.arena, &found, &error), &error);
    assert_int_equal(found.successor_id, 0);
    assert_true(tf_organisation_is_on(&found, last + 1));
    at_close(&at);
}

static void an_end_is_never_in_the_past(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    int64_t old = add(&at, "Harbour Recovery"), new = add(&at, "Coastal Recovery");
    const int32_t today = (int32_t)(tf_instant_now() / day);
    assert_int_equal(tf_organisation_end(at.access, &at.operator, old, today - 1, new, &error),
                     TF_BAD_INPUT);
    assert_string_equal(error.place, "ended-on");
    assert_int_equal(at_count(&at, "SELECT count(*) FROM organisation WHERE ended_on IS NULL"), 3);
    assert_ok(tf_organisation_end(at.access, &at.operator, old, today, new, &error), &error);
    at_close(&at);
}

static tf_actor of_role(at_accounts *at, int64_t organisation, const char *role) {
    return (tf_actor){.account_id = 50,
                      .organisation_id = organisation,
                      .name = "Asha",
                      .roles = at_roles(at, role)};
}

static void a_data_lead_does_not_hand_the_own_organisation_to_another(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    int64_t own = add(&at, "Harbour Recovery"), other = add(&at, "Coastal Recovery");
    const int32_t today = (int32_t)(at.now / day);
    tf_actor lead = of_role(&at, own, "data-lead");
    tf_actor administrator = of_role(&at, other, "administrator");
    tf_organisation changed = of("Coastal Recovery (Harbour)");
    changed.id = own;
    assert_int_equal(tf_organisation_end(at.access, &lead, own, today, other, &error), TF_REFUSED);
    assert_int_equal(tf_organisation_end(at.access, &lead, own, TF_DAY_NONE, 0, &error),
                     TF_REFUSED);
    assert_int_equal(tf_organisation_change(at.access, &lead, &changed, &error), TF_REFUSED);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM organisation WHERE ended_on IS NULL AND "
                                   "name NOT LIKE '%(%'"),
                     3);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE outcome = 'refused' AND "
                                   "action = 'erase' AND object_id = 2"),
                     2);
    assert_ok(tf_organisation_end(at.access, &administrator, own, today, other, &error), &error);
    at_close(&at);
}

static void an_entry_says_what_was_changed_and_who_carries_on(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    int64_t old = add(&at, "Harbour Recovery"), new = add(&at, "Coastal Recovery");
    int32_t last;
    assert_true(tf_date_parse(tf_text_of("2099-03-31"), &last));
    tf_organisation changed = of("Harbour Trust");
    changed.id = old;
    changed.contact = "The office";
    assert_true(tf_date_parse(tf_text_of("2026-01-02"), &changed.started_on));
    assert_ok(tf_organisation_change(at.access, &at.operator, & changed, &error), &error);
    assert_ok(tf_organisation_end(at.access, &at.operator, old, last, new, &error), &error);
    assert_ok(tf_organisation_end(at.access, &at.operator, old, last, 0, &error), &error);
    assert_ok(tf_organisation_end(at.access, &at.operator, old, TF_DAY_NONE, new, &error), &error);
#define ENTRIES "SELECT count(*) FROM audit_entry WHERE object_id = 2 AND detail = "
    assert_int_equal(at_count(&at, ENTRIES "'name, contact, first day 2026-01-02'"), 1);
    assert_int_equal(at_count(&at, ENTRIES "'last day 2099-03-31, successor 3' AND "
                                           "recipients = 'Coastal Recovery'"),
                     1);
    assert_int_equal(at_count(&at, ENTRIES "'last day 2099-03-31, no successor' AND "
                                           "recipients IS NULL"),
                     1);
    assert_int_equal(at_count(&at, ENTRIES "'end taken back' AND recipients IS NULL"), 1);
    at_close(&at);
}

static void the_lead_organisation_cannot_end(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    int64_t lead;
    assert_ok(tf_organisation_lead(at.access, &lead, &error), &error);
    assert_int_equal(lead, 0);
    assert_int_equal(tf_organisation_set_lead(at.access, &at.operator, 77, &error), TF_NOT_FOUND);
    assert_ok(tf_organisation_set_lead(at.access, &at.operator, 1, &error), &error);
    assert_ok(tf_organisation_lead(at.access, &lead, &error), &error);
    assert_int_equal(lead, 1);
    assert_int_equal(
        tf_organisation_end(at.access, &at.operator, 1, (int32_t)(at.now / day), 0, &error),
        TF_BAD_INPUT);
    /* It can when another leads, which then cannot be one that has an end. */
    int64_t other = add(&at, "Harbour Recovery");
    assert_ok(tf_organisation_set_lead(at.access, &at.operator, other, &error), &error);
    assert_ok(
        tf_organisation_end(at.access, &at.operator, 1, (int32_t)(at.now / day), other, &error),
        &error);
    assert_int_equal(tf_organisation_set_lead(at.access, &at.operator, 1, &error), TF_BAD_INPUT);
    at_close(&at);
}

static void the_public_changes_nothing_and_the_attempt_is_entered(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    tf_actor nobody = tf_actor_public();
    tf_organisation organisation = of("Mine");
    int64_t id;
    assert_int_equal(tf_organisation_add(at.access, &nobody, &organisation, &id, &error),
                     TF_REFUSED);
    organisation.id = at.organisation_id;
    assert_int_equal(tf_organisation_change(at.access, &nobody, &organisation, &error), TF_REFUSED);
    assert_int_equal(tf_organisation_end(at.access, &nobody, at.organisation_id, 20000, 0, &error),
                     TF_REFUSED);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM organisation WHERE ended_on IS NULL AND "
                                   "name = 'Northshire Council'"),
                     1);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM organisation"), 1);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE outcome = 'refused'"),
                     3);
    at_close(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(what_was_added_is_found_by_name_and_by_number),
        temporary_test(a_name_is_used_once_and_a_kind_is_known),
        temporary_test(a_change_keeps_the_number_and_is_entered),
        temporary_test(an_end_names_a_successor_that_goes_on),
        temporary_test(an_end_is_never_in_the_past),
        temporary_test(a_data_lead_does_not_hand_the_own_organisation_to_another),
        temporary_test(an_entry_says_what_was_changed_and_who_carries_on),
        temporary_test(the_lead_organisation_cannot_end),
        temporary_test(the_public_changes_nothing_and_the_attempt_is_entered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

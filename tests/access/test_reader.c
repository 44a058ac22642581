#include "at_accounts.h"

#include "access/proof_internal.h"
#include "access/reader.h"

static size_t count_readers(at_accounts *at) {
    tf_error error = {0};
    tf_reader *readers;
    size_t count = 0;
    assert_ok(tf_readers(at->access, 0, 0, at->arena, &readers, &count, &error), &error);
    return count;
}

static bool is_reader(at_accounts *at, int64_t id) {
    tf_error error = {0};
    tf_reader *readers;
    size_t count = 0;
    assert_ok(tf_readers(at->access, 0, id, at->arena, &readers, &count, &error), &error);
    return count == 1;
}

/* Confirm, as whoever is signed in in that browser. */
static tf_status confirm_as(at_accounts *at, const at_person *who, int64_t id, tf_error *error) {
    tf_session session;
    assert_ok(
        tf_sign_in_resolve(at->access, tf_text_of(who->browser.token), at->now, &session, error),
        error);
    tf_status status = tf_reader_confirm(at->access, &session.actor, id, error);
    tf_session_forget(&session);
    return status;
}

static void the_first_reader_of_an_organisation_is_taken_without(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person ada = at_join(&at, AT_EMAIL, "administrator");
    assert_false(is_reader(&at, ada.id)); /* reads nothing that is sealed, and is not the first */
    at_person ben = at_join(&at, "ben@northshire.example", "intake-officer");
    at_person cai = at_join(&at, "cai@northshire.example", "intake-officer");
    assert_true(is_reader(&at, ben.id));
    assert_false(is_reader(&at, cai.id));
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE object_id = 2 AND"
                                   " detail LIKE 'keys taken as confirmed: the first%'"),
                     1);
    at_close(&at);
}

static void a_reader_confirms_a_colleague_and_nobody_else_does(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    at_person ada = at_join(&at, AT_EMAIL, "administrator");
    at_person ben = at_join(&at, "ben@northshire.example", "intake-officer");
    at_person cai = at_join(&at, "cai@northshire.example", "intake-officer");
    at_person dee = at_join(&at, "dee@northshire.example", "intake-officer");
    assert_int_equal(confirm_as(&at, &ada, cai.id, &error), TF_REFUSED);
    assert_int_equal(confirm_as(&at, &cai, cai.id, &error), TF_REFUSED);
    assert_int_equal(confirm_as(&at, &dee, cai.id, &error), TF_REFUSED);
    assert_int_equal(count_readers(&at), 1);
    assert_ok(confirm_as(&at, &ben, cai.id, &error), &error);
    assert_true(is_reader(&at, cai.id));
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE account_id = 2 AND"
                                   " object_id = 3 AND detail = 'keys confirmed'"),
                     1);
    assert_int_equal(confirm_as(&at, &ben, cai.id, &error), TF_BAD_INPUT);
    assert_int_equal(confirm_as(&at, &ben, ada.id, &error),
                     TF_BAD_INPUT); /* is meant to read none */
    assert_int_equal(confirm_as(&at, &ben, 99, &error), TF_REFUSED);
    assert_ok(confirm_as(&at, &cai, dee.id, &error), &error);
    at_close(&at);
}

static void a_reader_of_another_organisation_confirms_nobody(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    at_person ben = at_join(&at, AT_EMAIL, "intake-officer");
    tf_organisation other = {.name = "Northshire Police",
                             .kind = "police-force",
                             .contact = "",
                             .started_on = TF_DAY_NONE,
                             .ended_on = TF_DAY_NONE};
    assert_ok(tf_organisation_add(at.access, &at.operator, & other, &at.organisation_id, &error),
              &error);
    at_person cai = at_join(&at, "cai@northshire.example", "intake-officer");
    at_person dee = at_join(&at, "dee@northshire.example", "intake-officer");
    assert_true(is_reader(&at, cai.id)); /* the first there */
    assert_int_equal(confirm_as(&at, &ben, dee.id, &error), TF_REFUSED);
    assert_false(is_reader(&at, dee.id));
    assert_ok(confirm_as(&at, &cai, dee.id, &error), &error);
    at_close(&at);
}

static void
a_link_gives_a_pair_that_is_not_confirmed_and_a_changed_passphrase_keeps_it(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    tf_account_link_kind kind;
    char token[TF_TOKEN_TEXT_SIZE];
    at_person ben = at_join(&at, AT_EMAIL, "intake-officer");
    assert_ok(tf_sign_in_change_passphrase(at.access, at.derivations, tf_text_of(ben.browser.token),
                                           tf_text_of(AT_PASSPHRASE),
                                           tf_text_of("granite otter lamps"), at.now, &ben.browser,
                                           &error),
              &error);
    assert_true(is_reader(&at, ben.id));
    assert_ok(tf_account_make_link(at.access, &at.operator, ben.id, TF_ACCOUNT_LINK_RESET, at.now,
                                   &kind, token, &error),
              &error);
    assert_ok(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_RESET,
                                  tf_text_of(token), tf_text_of("another lantern tides"), at.now,
                                  &ben.browser, &error),
              &error);
    /* Though the organisation has no reader now, it had one. */
    assert_int_equal(count_readers(&at), 0);
    at_person cai = at_join(&at, "cai@northshire.example", "intake-officer");
    assert_int_equal(count_readers(&at), 0);
    assert_int_equal(confirm_as(&at, &cai, ben.id, &error), TF_REFUSED);
    assert_ok(tf_reader_confirm(at.access, &at.operator, ben.id, &error), &error);
    assert_true(is_reader(&at, ben.id));
    assert_ok(tf_account_close(at.access, &at.operator, ben.id, &error), &error);
    at_join(&at, "dee@northshire.example", "intake-officer");
    assert_int_equal(count_readers(&at), 0);
    at_close(&at);
}

static void a_role_that_is_given_later_is_confirmed_too(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    at_person ben = at_join(&at, AT_EMAIL, "board-member");
    at_person cai = at_join(&at, "cai@northshire.example", "board-member");
    assert_ok(tf_account_set_roles(at.access, &at.operator, ben.id, at_roles(&at, "intake-officer"),
                                   &error),
              &error);
    assert_true(is_reader(&at, ben.id));
    assert_ok(tf_account_set_roles(at.access, &at.operator, cai.id, at_roles(&at, "intake-officer"),
                                   &error),
              &error);
    assert_false(is_reader(&at, cai.id));
    /* Who reads no more confirms no more. */
    assert_ok(tf_account_set_roles(at.access, &at.operator, ben.id, at_roles(&at, "administrator"),
                                   &error),
              &error);
    at_set_up(&at, &ben);
    assert_int_equal(confirm_as(&at, &ben, cai.id, &error), TF_REFUSED);
    at_close(&at);
}

static void what_is_told_says_who_waits_and_who_can_confirm(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    at_person ben = at_join(&at, AT_EMAIL, "intake-officer");
    at_person cai = at_join(&at, "cai@northshire.example", "intake-officer");
    tf_session session;
    tf_confirmations told;
    assert_ok(at_resolve(&at, ben.browser.token, &session), &error);
    assert_ok(tf_confirmations_get(at.access, &session.actor, at.arena, &told, &error), &error);
    assert_true(told.may);
    assert_false(told.is_missing);
    assert_int_equal(told.waiting_count, 1);
    assert_int_equal(told.waiting[0].account_id, cai.id);
    assert_false(told.waiting[0].is_reset);
    assert_string_equal(told.waiting[0].by, at.operator_name);
    assert_true(told.waiting[0].at > 0);
    assert_string_equal(told.first, "Asha Patel");
    assert_true(told.first_at > 0);
    assert_ok(at_resolve(&at, cai.browser.token, &session), &error);
    assert_ok(tf_confirmations_get(at.access, &session.actor, at.arena, &told, &error), &error);
    assert_false(told.may);
    assert_true(told.is_missing);
    assert_int_equal(told.confirmer_count, 1);
    at_close(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(the_first_reader_of_an_organisation_is_taken_without),
        temporary_test(a_reader_confirms_a_colleague_and_nobody_else_does),
        temporary_test(a_reader_of_another_organisation_confirms_nobody),
        temporary_test(a_link_gives_a_pair_that_is_not_confirmed_and_a_changed_passphrase_keeps_it),
        temporary_test(a_role_that_is_given_later_is_confirmed_too),
        temporary_test(what_is_told_says_who_waits_and_who_can_confirm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

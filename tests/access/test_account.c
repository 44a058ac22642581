#include "access/account.h"

#include "at_accounts.h"

static tf_account get(at_accounts *at, int64_t id) {
    tf_account account;
    tf_error error = {0};
    assert_ok(tf_account_get(at->access, &at->operator, id, at->arena, &account, &error), &error);
    return account;
}

static void an_invitation_makes_an_account_that_waits(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    int64_t id = at_invite(&at, "asha@northshire.example", "practitioner, analyst", token);
    tf_account account = get(&at, id);
    assert_string_equal(account.name, "Asha Patel");
    assert_string_equal(account.organisation, "Northshire Council");
    assert_int_equal(account.state, TF_ACCOUNT_INVITED);
    assert_int_equal(account.roles, at_roles(&at, "analyst,practitioner"));
    assert_int_equal(account.key_generation, 0);
    assert_int_equal(account.link_ends_at, at.now + 7 * day);
    tf_account found;
    tf_error error = {0};
    assert_ok(tf_account_find(at.access, &at.operator, tf_text_of("ASHA@NorthShire.example"),
                              at.arena, &found, &error),
              &error);
    assert_int_equal(found.id, id);
    assert_int_equal(tf_account_find(at.access, &at.operator, tf_text_of("x@example.org"), at.arena,
                                     &found, &error),
                     TF_NOT_FOUND);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE action = 'collect' AND "
                                   "category = 'account' AND object_id = 1 AND "
                                   "detail = 'roles: practitioner, analyst'"),
                     1);
    at_close(&at);
}

static void an_invitation_that_cannot_be_used_is_refused_with_the_field(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    at_invite(&at, "asha@northshire.example", "analyst", token);
    static const struct {
        const char *name, *email, *field;
        bool has_roles;
    } wrong[] = {
        {"", "a@example.org", "name", true},
        {"Two\nLines", "a@example.org", "name", true},
        {"Asha", "", "email", true},
        {"Asha", "asha", "email", true},
        {"Asha", "@example.org", "email", true},
        {"Asha", "asha@", "email", true},
        {"Asha", "a@b@example.org", "email", true},
        {"Asha", "a b@example.org", "email", true},
        {"Asha", "<a@example.org>", "email", true},
        {"Asha", "a@example.org\r\nBcc: b@example.org", "email", true},
        {"Asha", "Asha@NORTHSHIRE.example", "email", true}, /* taken */
        {"Asha", "b@example.org", "roles", false},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        tf_invitation invitation = {.organisation_id = at.organisation_id,
                                    .name = wrong[i].name,
                                    .email = wrong[i].email,
                                    .roles = wrong[i].has_roles ? 2 : 0};
        int64_t id;
        tf_error error = {0};
        assert_int_equal(
            tf_account_invite(at.access, &at.operator, & invitation, at.now, &id, token, &error),
            TF_BAD_INPUT);
        assert_string_equal(error.place, wrong[i].field);
    }
    assert_int_equal(at_count(&at, "SELECT count(*) FROM account"), 1);
    uint32_t roles;
    tf_error error = {0};
    assert_int_equal(tf_account_roles_parse(tf_access_get_rules(at.access),
                                            tf_text_of("analyst,wizard"), &roles, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "practitioner"));
    at_close(&at);
}

static void nobody_is_invited_for_an_organisation_that_has_ended(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    tf_invitation invitation = {
        .organisation_id = 44, .name = "Asha", .email = "a@example.org", .roles = 2};
    int64_t id;
    char token[TF_TOKEN_TEXT_SIZE];
    assert_int_equal(
        tf_account_invite(at.access, &at.operator, & invitation, at.now, &id, token, &error),
        TF_NOT_FOUND);
    at_end_organisation(&at);
    invitation.organisation_id = at.organisation_id;
    assert_int_equal(
        tf_account_invite(at.access, &at.operator, & invitation, at.now, &id, token, &error),
        TF_BAD_INPUT);
    at_close(&at);
}

/* Who must have a second factor: every role but those that see nobody's data. */
static void a_code_is_needed_for_every_role_but_the_public_and_the_board(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    const tf_access_rules *rules = tf_access_get_rules(at.access);
    for (size_t i = 0; i < rules->role_count; i++) {
        const char *name = rules->roles[i].name;
        bool is_open = strcmp(name, "public") == 0 || strcmp(name, "board-member") == 0;
        assert_int_equal(tf_account_needs_code(rules, UINT32_C(1) << i), !is_open);
    }
    assert_false(tf_account_needs_code(rules, 0));
    assert_true(tf_account_needs_code(rules, at_roles(&at, "board-member,analyst")));
    at_close(&at);
}

static void nobody_changes_their_own_account(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    int64_t id = at_invite(&at, "asha@northshire.example", "administrator", token);
    tf_actor self = {.account_id = id,
                     .organisation_id = at.organisation_id,
                     .roles = at_roles(&at, "administrator"),
                     .name = "Asha Patel"};
    tf_account_link_kind kind;
    tf_error error = {0};
    assert_int_equal(
        tf_account_set_roles(at.access, &self, id, at_roles(&at, "intake-officer"), &error),
        TF_REFUSED);
    assert_int_equal(tf_account_suspend(at.access, &self, id, &error), TF_REFUSED);
    assert_int_equal(tf_account_close(at.access, &self, id, &error), TF_REFUSED);
    assert_int_equal(tf_account_remove_codes(at.access, &self, id, &error), TF_REFUSED);
    assert_int_equal(tf_account_make_link(at.access, &self, id, TF_ACCOUNT_LINK_DEVICE, at.now,
                                          &kind, token, &error),
                     TF_REFUSED);
    assert_int_equal(get(&at, id).roles, at_roles(&at, "administrator"));
    assert_int_equal(get(&at, id).state, TF_ACCOUNT_INVITED);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE outcome = 'refused' "
                                   "AND detail = 'the own account'"),
                     5);
    /* Another's is theirs to change. */
    int64_t other = at_invite(&at, "ben@northshire.example", "analyst", token);
    assert_ok(tf_account_suspend(at.access, &self, other, &error), &error);
    at_close(&at);
}

static void only_who_may_changes_accounts(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    int64_t id = at_invite(&at, "asha@northshire.example", "analyst", token);
    static const char *const roles[] = {"public",        "practitioner", "analyst",
                                        "board-member",  "data-lead",    "auditor",
                                        "intake-officer"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        tf_actor actor = {.account_id = 99,
                          .organisation_id = at.organisation_id,
                          .roles = at_roles(&at, roles[i]),
                          .name = roles[i]};
        tf_invitation invitation = {.organisation_id = at.organisation_id,
                                    .name = "Ben",
                                    .email = "ben@northshire.example",
                                    .roles = 2};
        int64_t new_id;
        tf_error error = {0};
        assert_int_equal(
            tf_account_invite(at.access, &actor, &invitation, at.now, &new_id, token, &error),
            TF_REFUSED);
        assert_int_equal(tf_account_set_roles(at.access, &actor, id, 2, &error), TF_REFUSED);
        assert_int_equal(tf_account_close(at.access, &actor, id, &error), TF_REFUSED);
    }
    assert_int_equal(at_count(&at, "SELECT count(*) FROM account"), 1);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE outcome = 'refused'"),
                     21);
    at_close(&at);
}

static void fields_that_a_role_does_not_see_are_not_there(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, "asha@northshire.example", "analyst");
    tf_error error = {0};
    tf_account account;
    tf_actor auditor = {.account_id = 99,
                        .organisation_id = at.organisation_id,
                        .roles = at_roles(&at, "auditor"),
                        .name = "auditor"};
    assert_ok(tf_account_get(at.access, &auditor, person.id, at.arena, &account, &error), &error);
    assert_string_equal(account.name, "Asha Patel");
    assert_string_equal(account.email, ""); /* name, roles and activity are what it sees */
    assert_true(account.has_codes);
    tf_actor practitioner = {.account_id = 98,
                             .organisation_id = at.organisation_id,
                             .roles = at_roles(&at, "practitioner"),
                             .name = "practitioner"};
    tf_account *list;
    size_t count;
    assert_ok(tf_account_list(at.access, &practitioner, at.organisation_id, false, at.arena, &list,
                              &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_string_equal(list[0].email, "asha@northshire.example");
    assert_int_equal(list[0].roles, 0);
    assert_int_equal(list[0].activated_at, 0);
    assert_false(list[0].has_codes);
    at_close(&at);
}

static void an_account_goes_through_its_states_and_no_others(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    tf_account_link_kind kind;
    tf_error error = {0};
    int64_t id = at_invite(&at, "asha@northshire.example", "analyst", token);
    assert_int_equal(tf_account_resume(at.access, &at.operator, id, &error), TF_BAD_INPUT);
    assert_ok(tf_account_suspend(at.access, &at.operator, id, &error), &error);
    assert_int_equal(tf_account_make_link(at.access, &at.operator, id, TF_ACCOUNT_LINK_RESET,
                                          at.now, &kind, token, &error),
                     TF_BAD_INPUT);
    assert_ok(tf_account_resume(at.access, &at.operator, id, &error), &error);
    assert_int_equal(get(&at, id).state, TF_ACCOUNT_INVITED); /* had no passphrase yet */
    assert_ok(tf_account_make_link(at.access, &at.operator, id, TF_ACCOUNT_LINK_RESET, at.now,
                                   &kind, token, &error),
              &error);
    assert_int_equal(kind, TF_ACCOUNT_LINK_INVITATION);

    at_person person = at_join(&at, "ben@northshire.example", "analyst");
    assert_ok(tf_account_suspend(at.access, &at.operator, person.id, &error), &error);
    assert_ok(tf_account_resume(at.access, &at.operator, person.id, &error), &error);
    assert_int_equal(get(&at, person.id).state, TF_ACCOUNT_ACTIVE);
    assert_ok(tf_account_close(at.access, &at.operator, person.id, &error), &error);
    assert_int_equal(tf_account_resume(at.access, &at.operator, person.id, &error), TF_BAD_INPUT);
    assert_int_equal(tf_account_close(at.access, &at.operator, person.id, &error), TF_BAD_INPUT);
    assert_int_equal(tf_account_set_roles(at.access, &at.operator, person.id, 2, &error),
                     TF_BAD_INPUT);
    /* The e-mail is free again, and is a new account. */
    int64_t again = at_invite(&at, "BEN@northshire.example", "analyst", token);
    assert_int_not_equal(again, person.id);
    tf_account *list;
    size_t count;
    assert_ok(tf_account_list(at.access, &at.operator, 0, false, at.arena, &list, &count, &error),
              &error);
    assert_int_equal(count, 2);
    assert_ok(tf_account_list(at.access, &at.operator, 0, true, at.arena, &list, &count, &error),
              &error);
    assert_int_equal(count, 3);
    at_close(&at);
}

static void who_may_not_see_accounts_is_not_told_which_there_are(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_join(&at, AT_EMAIL, "analyst");
    tf_actor public = tf_actor_public();
    static const char *const emails[] = {AT_EMAIL, "nobody@example.org"};
    char messages[2][TF_ERROR_MESSAGE_SIZE];
    for (size_t i = 0; i < 2; i++) {
        tf_account found;
        tf_error error = {0};
        assert_int_equal(
            tf_account_find(at.access, &public, tf_text_of(emails[i]), at.arena, &found, &error),
            TF_REFUSED);
        memcpy(messages[i], error.message, sizeof messages[i]);
    }
    assert_string_equal(messages[0], messages[1]);
    at_close(&at);
}

static void the_last_administrator_stays(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    at_person ada = at_join(&at, AT_EMAIL, "administrator");
    uint32_t analyst = at_roles(&at, "analyst");
    assert_int_equal(tf_account_set_roles(at.access, &at.operator, ada.id, analyst, &error),
                     TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "only active administrator"));
    assert_int_equal(tf_account_suspend(at.access, &at.operator, ada.id, &error), TF_BAD_INPUT);
    assert_int_equal(tf_account_close(at.access, &at.operator, ada.id, &error), TF_BAD_INPUT);
    assert_signed_in(&at, ada.browser.token);
    assert_int_equal(
        at_count(&at, "SELECT count(*) FROM account_role WHERE role = 'administrator'"), 1);
    /* Another who is only invited, or suspended, is none yet. */
    char token[TF_TOKEN_TEXT_SIZE];
    at_invite(&at, "ben@northshire.example", "administrator", token);
    assert_int_equal(tf_account_suspend(at.access, &at.operator, ada.id, &error), TF_BAD_INPUT);
    at_join(&at, "cai@northshire.example", "administrator");
    assert_ok(tf_account_set_roles(at.access, &at.operator, ada.id, analyst, &error), &error);
    at_close(&at);
}

static void of_two_administrators_who_demote_each_other_one_stays(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    at_person people[2] = {at_join(&at, AT_EMAIL, "administrator"),
                           at_join(&at, "ben@northshire.example", "administrator")};
    tf_session sessions[2];
    for (size_t i = 0; i < 2; i++) { /* both requests have come in before either is carried out */
        assert_ok(at_resolve(&at, people[i].browser.token, &sessions[i]), &error);
    }
    uint32_t analyst = at_roles(&at, "analyst");
    assert_ok(tf_account_set_roles(at.access, &sessions[0].actor, people[1].id, analyst, &error),
              &error);
    assert_int_not_equal(
        tf_account_set_roles(at.access, &sessions[1].actor, people[0].id, analyst, &error), TF_OK);
    assert_int_equal(
        at_count(&at, "SELECT count(*) FROM account_role WHERE role = 'administrator'"), 1);
    at_close(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_invitation_makes_an_account_that_waits),
        temporary_test(an_invitation_that_cannot_be_used_is_refused_with_the_field),
        temporary_test(nobody_is_invited_for_an_organisation_that_has_ended),
        temporary_test(a_code_is_needed_for_every_role_but_the_public_and_the_board),
        temporary_test(nobody_changes_their_own_account),
        temporary_test(only_who_may_changes_accounts),
        temporary_test(the_last_administrator_stays),
        temporary_test(of_two_administrators_who_demote_each_other_one_stays),
        temporary_test(fields_that_a_role_does_not_see_are_not_there),
        temporary_test(an_account_goes_through_its_states_and_no_others),
        temporary_test(who_may_not_see_accounts_is_not_told_which_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

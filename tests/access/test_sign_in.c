#include "access/sign_in.h"

#include "access/sign_in_internal.h"

#include "at_accounts.h"

/* ---- the whole way ---- */

static void an_invitation_leads_to_a_full_session_that_opens_what_is_sealed(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    tf_error error = {0};
    at_person person = {.id = at_invite(&at, AT_EMAIL, "intake-officer", token)};
    tf_account_link_owner owner;
    assert_ok(tf_sign_in_link_owner(at.access, TF_ACCOUNT_LINK_INVITATION, tf_text_of(token),
                                    at.now, at.arena, &owner, &error),
              &error);
    assert_string_equal(owner.name, "Asha Patel");
    assert_string_equal(owner.organisation, "Northshire Council");
    assert_true(owner.needs_code);
    assert_false(owner.loses_sealed);
    assert_ok(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_INVITATION,
                                  tf_text_of(token), tf_text_of(AT_PASSPHRASE), at.now,
                                  &person.browser, &error),
              &error);
    assert_int_equal(person.browser.stage, TF_STAGE_SET_UP);
    tf_session session;
    assert_ok(at_resolve(&at, person.browser.token, &session), &error);
    assert_int_equal(session.actor.roles, 0); /* nothing before the codes are set up */
    assert_false(session.actor.can_open);
    char before[TF_TOKEN_TEXT_SIZE];
    memcpy(before, person.browser.token, sizeof before);
    at_set_up(&at, &person);
    assert_signed_out(&at, before);

    assert_ok(at_resolve(&at, person.browser.token, &session), &error);
    assert_int_equal(session.stage, TF_STAGE_FULL);
    assert_int_equal(session.actor.account_id, person.id);
    assert_int_equal(session.actor.organisation_id, at.organisation_id);
    assert_int_equal(session.actor.roles, at_roles(&at, "intake-officer"));
    assert_string_equal(session.actor.name, "Asha Patel");
    assert_true(session.actor.can_open);
    tf_buffer sealed, opened;
    tf_buffer_init(&sealed);
    tf_buffer_init(&opened);
    tf_account account;
    assert_ok(tf_account_get(at.access, &at.operator, person.id, at.arena, &account, &error),
              &error);
    tf_secret_seal(account.public_key, tf_text_of("seen at the pier"), &sealed);
    assert_true(tf_secret_open(session.actor.public_key, session.actor.secret_key,
                               (tf_text){sealed.data, sealed.length}, &opened));
    assert_string_equal(opened.data, "seen at the pier");
    tf_buffer_deinit(&sealed);
    tf_buffer_deinit(&opened);
    at_close(&at);
}

static void a_link_works_once_for_its_kind_and_its_time(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE], other[TF_TOKEN_TEXT_SIZE];
    tf_signed_in browser;
    tf_error error = {0};
    int64_t id = at_invite(&at, AT_EMAIL, "analyst", token);
    int64_t start = at.now;
    const struct {
        tf_account_link_kind kind;
        int64_t at;
    } wrong[] = {
        {TF_ACCOUNT_LINK_RESET, start},
        {TF_ACCOUNT_LINK_DEVICE, start},
        {TF_ACCOUNT_LINK_INVITATION, start + 7 * day},
        {TF_ACCOUNT_LINK_INVITATION, start - day}, /* a clock that was set back */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(tf_sign_in_activate(at.access, at.derivations, wrong[i].kind,
                                             tf_text_of(token), tf_text_of(AT_PASSPHRASE),
                                             wrong[i].at, &browser, &error),
                         TF_NOT_FOUND);
    }
    /* A passphrase that may not be chosen does not use the link up. */
    assert_int_equal(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_INVITATION,
                                         tf_text_of(token), tf_text_of("password1234"), at.now,
                                         &browser, &error),
                     TF_BAD_INPUT);
    /* A newer link takes the place of the older. */
    tf_account_link_kind kind;
    assert_ok(tf_account_make_link(at.access, &at.operator, id, TF_ACCOUNT_LINK_INVITATION, at.now,
                                   &kind, other, &error),
              &error);
    assert_int_equal(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_INVITATION,
                                         tf_text_of(token), tf_text_of(AT_PASSPHRASE), at.now,
                                         &browser, &error),
                     TF_NOT_FOUND);
    assert_ok(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_INVITATION,
                                  tf_text_of(other), tf_text_of(AT_PASSPHRASE), at.now, &browser,
                                  &error),
              &error);
    assert_int_equal(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_INVITATION,
                                         tf_text_of(other), tf_text_of(AT_PASSPHRASE), at.now,
                                         &browser, &error),
                     TF_NOT_FOUND);
    at_close(&at);
}

static void a_role_that_sees_nobody_needs_no_code(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "board-member");
    assert_int_equal(person.browser.stage, TF_STAGE_FULL);
    tf_signed_in browser;
    tf_error error = {0};
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
    assert_int_equal(browser.stage, TF_STAGE_FULL);
    assert_int_not_equal(browser.device[0], 0);
    /* From the request after a role was given that does, a code is asked for. */
    assert_ok(
        tf_account_set_roles(at.access, &at.operator, person.id, at_roles(&at, "analyst"), &error),
        &error);
    tf_session session;
    assert_ok(at_resolve(&at, browser.token, &session), &error);
    assert_int_equal(session.stage, TF_STAGE_SET_UP);
    assert_int_equal(session.actor.roles, 0);
    assert_false(session.actor.can_open);
    at_close(&at);
}

/* ---- codes ---- */

static void a_code_is_used_once(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in browser;
    /* The step that confirmed the set-up is used up too. */
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
    assert_int_equal(tf_sign_in_code(at.access, tf_text_of(browser.token),
                                     tf_text_of(at_code(person.seed, at.now)), at.now, &browser,
                                     &error),
                     TF_BAD_INPUT);
    at.now += 30 * a_second;
    at_sign_in_fully(&at, &person, "");
    tf_signed_in second_browser;
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &second_browser, &error), &error);
    char token[TF_TOKEN_TEXT_SIZE];
    memcpy(token, second_browser.token, sizeof token);
    assert_int_equal(tf_sign_in_code(at.access, tf_text_of(token),
                                     tf_text_of(at_code(person.seed, at.now)), at.now,
                                     &second_browser, &error),
                     TF_BAD_INPUT);
    /* Nor does the one before it work any more, though its step is within the window. */
    assert_int_equal(tf_sign_in_code(at.access, tf_text_of(token),
                                     tf_text_of(at_code(person.seed, at.now - 30 * a_second)),
                                     at.now, &second_browser, &error),
                     TF_BAD_INPUT);
    at.now += 30 * a_second;
    assert_ok(tf_sign_in_code(at.access, tf_text_of(token),
                              tf_text_of(at_code(person.seed, at.now)), at.now, &second_browser,
                              &error),
              &error);
    at_close(&at);
}

static void five_wrong_codes_end_the_session(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in browser, ignored;
    at.now += minute;
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
    for (int i = 1; i <= 5; i++) {
        assert_int_equal(tf_sign_in_code(at.access, tf_text_of(browser.token),
                                         tf_text_of("ABCDE-00000"), at.now, &ignored, &error),
                         i < 5 ? TF_BAD_INPUT : TF_REFUSED);
    }
    assert_int_equal(tf_sign_in_code(at.access, tf_text_of(browser.token),
                                     tf_text_of(at_code(person.seed, at.now)), at.now, &ignored,
                                     &error),
                     TF_REFUSED);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE detail = 'wrong code' "
                                   "AND outcome = 'refused' AND account_id = 1"),
                     5);
    at_close(&at);
}

/* Sessions begun one after another with a stolen passphrase give no more guesses than ten. */
static void many_sessions_give_no_more_guesses_at_the_code(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in browsers[4], ignored;
    at.now += minute;
    for (int i = 0; i < 4; i++) {
        assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browsers[i], &error), &error);
    }
    int wrong = 0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 5; j++) {
            tf_status status = tf_sign_in_code(at.access, tf_text_of(browsers[i].token),
                                               tf_text_of("ABCDE-00000"), at.now, &ignored, &error);
            assert_int_not_equal(status, TF_OK);
        }
    }
    wrong = (int)at_count(&at, "SELECT count(*) FROM audit_entry WHERE detail = 'wrong code'");
    assert_int_equal(wrong, 10);
    assert_int_equal(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &ignored, &error), TF_REFUSED);
    /* The owner's browser, which is known, is let in meanwhile. */
    at_sign_in_fully(&at, &person, person.browser.device);
    at_close(&at);
}

static void each_recovery_code_lets_in_once(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in browser;
    for (int i = 0; i < TF_RECOVERY_CODE_COUNT; i++) {
        assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
        assert_ok(tf_sign_in_code(at.access, tf_text_of(browser.token),
                                  tf_text_of(person.recovery[i]), at.now, &browser, &error),
                  &error);
        assert_int_equal(browser.stage, TF_STAGE_FULL);
    }
    tf_signed_in ignored;
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
    assert_int_equal(tf_sign_in_code(at.access, tf_text_of(browser.token),
                                     tf_text_of(person.recovery[3]), at.now, &ignored, &error),
                     TF_BAD_INPUT);
    at_close(&at);
}

static void changing_codes_asks_for_one(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    char seed[TF_CODE_SEED_TEXT_SIZE];
    char codes[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE];
    tf_error error = {0};
    tf_text token = tf_text_of(person.browser.token);
    tf_buffer address;
    tf_buffer_init(&address);
    assert_int_equal(tf_sign_in_begin_codes(at.access, token, tf_text_of(""), tf_text_of("Trefoil"),
                                            at.now, seed, &address, &error),
                     TF_BAD_INPUT);
    assert_int_equal(seed[0], 0);
    assert_int_equal(tf_sign_in_new_recovery_codes(at.access, token, tf_text_of("ABCDE-00000"),
                                                   at.now, codes, &error),
                     TF_BAD_INPUT);
    assert_ok(tf_sign_in_new_recovery_codes(at.access, token, tf_text_of(person.recovery[0]),
                                            at.now, codes, &error),
              &error);
    /* The earlier ones are gone. */
    assert_int_equal(tf_sign_in_begin_codes(at.access, token, tf_text_of(person.recovery[1]),
                                            tf_text_of("Trefoil"), at.now, seed, &address, &error),
                     TF_BAD_INPUT);
    at.now += 30 * a_second;
    assert_ok(tf_sign_in_begin_codes(at.access, token, tf_text_of(at_code(person.seed, at.now)),
                                     tf_text_of("Trefoil"), at.now, seed, &address, &error),
              &error);
    uint8_t other[TF_CODE_SEED_SIZE];
    at_read_seed(seed, other);
    assert_memory_not_equal(other, person.seed, sizeof other);
    tf_buffer_deinit(&address);
    at_close(&at);
}

/* ---- who is not let in ---- */

static void all_refusals_are_alike_in_words_and_in_cost(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    char token[TF_TOKEN_TEXT_SIZE];
    tf_error error = {0}, first = {0};
    tf_signed_in browser;
    at_join(&at, AT_EMAIL, "analyst");
    at_invite(&at, "invited@northshire.example", "analyst", token);
    at_person gone = at_join(&at, "suspended@northshire.example", "analyst");
    assert_ok(tf_account_suspend(at.access, &at.operator, gone.id, &error), &error);
    const struct {
        const char *email, *passphrase;
    } attempts[] = {
        {"nobody@northshire.example", AT_PASSPHRASE},
        {AT_EMAIL, "wrong"},
        {AT_EMAIL, ""},
        {"", ""},
        {"invited@northshire.example", ""},
        {"suspended@northshire.example", AT_PASSPHRASE},
        {"suspended@northshire.example", "wrong"},
        {"' OR 1=1 --", "' OR 1=1 --"},
    };
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        int64_t before = tf_derivations_count(at.derivations);
        assert_int_equal(
            at_sign_in(&at, attempts[i].email, attempts[i].passphrase, "", &browser, &error),
            TF_REFUSED);
        assert_int_equal(tf_derivations_count(at.derivations) - before, 1);
        assert_int_equal(browser.token[0], 0);
        if (i == 0) {
            first = error;
        }
        assert_string_equal(error.message, first.message);
    }
    /* A locked account is no different, even with the right passphrase. */
    for (int i = 0; i < 12; i++) {
        assert_int_equal(at_sign_in(&at, AT_EMAIL, "wrong", "", &browser, &error), TF_REFUSED);
    }
    int64_t before = tf_derivations_count(at.derivations);
    assert_int_equal(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), TF_REFUSED);
    assert_int_equal(tf_derivations_count(at.derivations) - before, 1);
    assert_string_equal(error.message, first.message);
    /* What was typed is in no entry. */
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE action = 'sign-in' AND "
                                   "outcome = 'refused'"),
                     21);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE actor LIKE '%nobody%' "
                                   "OR detail LIKE '%nobody%' OR detail LIKE '%1=1%'"),
                     0);
    at_close(&at);
}

static void nobody_comes_in_for_an_organisation_that_has_ended(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in begun, ignored;
    at.now += minute;
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &begun, &error), &error);
    at_end_organisation(&at);
    assert_int_equal(tf_sign_in_code(at.access, tf_text_of(begun.token),
                                     tf_text_of(at_code(person.seed, at.now)), at.now, &ignored,
                                     &error),
                     TF_REFUSED);
    assert_int_equal(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &ignored, &error), TF_REFUSED);
    at_close(&at);
}

static void strangers_do_not_lock_out_a_known_browser(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in browser;
    at.now += minute;
    for (int i = 0; i < 30; i++) {
        at.now += a_second;
        assert_int_equal(at_sign_in(&at, AT_EMAIL, "wrong", "", &browser, &error), TF_REFUSED);
    }
    assert_int_equal(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), TF_REFUSED);
    browser = at_sign_in_fully(&at, &person, person.browser.device);
    /* The device has a new token, and the one before is no longer known. */
    assert_string_not_equal(browser.device, person.browser.device);
    at.now += 30 * a_second;
    tf_signed_in ignored;
    assert_int_equal(
        at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, person.browser.device, &ignored, &error),
        TF_REFUSED);
    at_sign_in_fully(&at, &person, browser.device);
    /* Strangers are let in again when the time is over, if they know the passphrase. */
    at.now += 15 * minute;
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &ignored, &error), &error);
    at_close(&at);
}

static void a_known_browser_has_a_count_of_its_own(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    at_person other = at_join(&at, "ben@northshire.example", "analyst");
    tf_error error = {0};
    tf_signed_in ignored;
    at.now += minute;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(
            at_sign_in(&at, AT_EMAIL, "wrong", person.browser.device, &ignored, &error),
            TF_REFUSED);
    }
    assert_int_equal(
        at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, person.browser.device, &ignored, &error),
        TF_REFUSED);
    /* Other browsers of the account are not concerned, and a device is known to one account. */
    at_sign_in_fully(&at, &person, "");
    for (int i = 0; i < 10; i++) {
        assert_int_equal(at_sign_in(&at, AT_EMAIL, "wrong", other.browser.device, &ignored, &error),
                         TF_REFUSED);
    }
    assert_int_equal(
        at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, other.browser.device, &ignored, &error),
        TF_REFUSED);
    at_close(&at);
}

static void nine_failures_then_a_pause_lock_nothing(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in browser;
    for (int round = 0; round < 2; round++) {
        at.now += 15 * minute + a_second;
        for (int i = 0; i < 9; i++) {
            assert_int_equal(at_sign_in(&at, AT_EMAIL, "wrong", "", &browser, &error), TF_REFUSED);
        }
    }
    assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
    at_close(&at);
}

static void a_link_of_an_administrator_makes_a_browser_known(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    tf_signed_in browser;
    char token[TF_TOKEN_TEXT_SIZE], device[TF_TOKEN_TEXT_SIZE];
    tf_account_link_kind kind;
    at.now += minute;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(at_sign_in(&at, AT_EMAIL, "wrong", "", &browser, &error), TF_REFUSED);
    }
    assert_ok(tf_account_make_link(at.access, &at.operator, person.id, TF_ACCOUNT_LINK_DEVICE,
                                   at.now, &kind, token, &error),
              &error);
    assert_ok(tf_sign_in_know_device(at.access, tf_text_of(token), at.now, device, &error), &error);
    assert_int_equal(tf_sign_in_know_device(at.access, tf_text_of(token), at.now, device, NULL),
                     TF_NOT_FOUND);
    /* It lets nobody in by itself: the passphrase and the code are asked for. */
    assert_int_equal(at_sign_in(&at, AT_EMAIL, "wrong", device, &browser, &error), TF_REFUSED);
    at_sign_in_fully(&at, &person, device);
    at_close(&at);
}

/* The seconds that a refusal takes are those of the derivation. */
static void nobodys_passphrase_costs_what_somebodys_does(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_passphrase_cost cost;
    tf_error error = {0};
    at_join(&at, AT_EMAIL, "analyst");
    at_join(&at, "tom@northshire.example", "analyst");
    assert_ok(tf_db_execute(at.db,
                            "UPDATE setting SET value = '3' WHERE name = 'passphrase-passes';"
                            "UPDATE account SET passes = 2 WHERE id = 2",
                            &error),
              &error);
    int seen[4] = {0};
    for (int i = 0; i < 200; i++) {
        char email[40];
        snprintf(email, sizeof email, "nobody%d@example.org", i);
        assert_ok(tf_sign_in_cost_of_nobody(at.access, tf_text_of(email), &cost, &error), &error);
        int64_t first = cost.passes;
        seen[first]++;
        email[0] = 'N';
        assert_ok(tf_sign_in_cost_of_nobody(at.access, tf_text_of(email), &cost, &error), &error);
        assert_int_equal(cost.passes, first);
    }
    assert_int_equal(seen[1] + seen[2], 200); /* those of accounts, not the one that is set */
    assert_in_range(seen[1], 60, 140);
    at_close(&at);
}

static void a_passphrase_is_kept_at_the_cost_that_is_set_from_the_next_sign_in_on(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    tf_session before, after;
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    assert_ok(at_resolve(&at, person.browser.token, &before), &error);
    assert_ok(tf_db_execute(
                  at.db, "UPDATE setting SET value = '3' WHERE name = 'passphrase-passes'", &error),
              &error);
    at.now += minute;
    tf_signed_in browser;
    assert_int_equal(at_sign_in(&at, AT_EMAIL, "wrong", "", &browser, &error), TF_REFUSED);
    assert_int_equal(at_count(&at, "SELECT passes FROM account WHERE id = 1"), 1);
    for (int i = 0; i < 2; i++) {
        int64_t count = tf_derivations_count(at.derivations);
        at.now += minute;
        browser = at_sign_in_fully(&at, &person, "");
        assert_int_equal(tf_derivations_count(at.derivations) - count, i == 0 ? 2 : 1);
        assert_int_equal(at_count(&at, "SELECT passes FROM account WHERE id = 1"), 3);
    }
    assert_ok(at_resolve(&at, browser.token, &after), &error);
    assert_true(after.actor.can_open);
    assert_memory_equal(before.actor.secret_key, after.actor.secret_key, TF_KEY_SIZE);
    assert_int_equal(at_count(&at, "SELECT count(*) FROM audit_entry WHERE action = 'alter'"
                                   " AND detail LIKE 'passphrase kept%'"),
                     1);
    at_close(&at);
}

static void begin_codes(at_accounts *at, const char *token, char seed_out[TF_CODE_SEED_TEXT_SIZE]) {
    tf_error error = {0};
    tf_buffer address;
    tf_buffer_init(&address);
    assert_ok(tf_sign_in_begin_codes(at->access, tf_text_of(token), tf_text_of(""),
                                     tf_text_of("Trefoil"), at->now, seed_out, &address, &error),
              &error);
    tf_buffer_deinit(&address);
}

/* Who stole the passphrase may have begun to set up codes and kept the seed. */
static void a_new_passphrase_leaves_nothing_to_whoever_knew_the_old_one(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_error error = {0};
    tf_signed_in browser;
    tf_account_link_kind kind;
    char token[TF_TOKEN_TEXT_SIZE], first[TF_CODE_SEED_TEXT_SIZE], again[TF_CODE_SEED_TEXT_SIZE];
    int64_t id = at_invite(&at, AT_EMAIL, "practitioner", token);
    assert_ok(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_INVITATION,
                                  tf_text_of(token), tf_text_of(AT_PASSPHRASE), at.now, &browser,
                                  &error),
              &error);
    begin_codes(&at, browser.token, first);
    begin_codes(&at, browser.token, again);
    assert_string_equal(first, again);
    assert_ok(tf_account_make_link(at.access, &at.operator, id, TF_ACCOUNT_LINK_RESET, at.now,
                                   &kind, token, &error),
              &error);
    assert_ok(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_RESET,
                                  tf_text_of(token), tf_text_of("seven quiet herons"), at.now,
                                  &browser, &error),
              &error);
    begin_codes(&at, browser.token, again);
    assert_string_not_equal(first, again);

    at_person tom = at_join(&at, "tom@northshire.example", "analyst");
    assert_ok(tf_account_make_link(at.access, &at.operator, tom.id, TF_ACCOUNT_LINK_RESET, at.now,
                                   &kind, token, &error),
              &error);
    assert_ok(tf_sign_in_change_passphrase(at.access, at.derivations, tf_text_of(tom.browser.token),
                                           tf_text_of(AT_PASSPHRASE),
                                           tf_text_of("seven quiet herons"), at.now, &browser,
                                           &error),
              &error);
    assert_int_equal(tf_sign_in_activate(at.access, at.derivations, TF_ACCOUNT_LINK_RESET,
                                         tf_text_of(token), tf_text_of("eight quiet herons"),
                                         at.now, &browser, &error),
                     TF_NOT_FOUND);
    at_close(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(an_invitation_leads_to_a_full_session_that_opens_what_is_sealed),
        temporary_test(a_link_works_once_for_its_kind_and_its_time),
        temporary_test(a_role_that_sees_nobody_needs_no_code),
        temporary_test(a_code_is_used_once),
        temporary_test(five_wrong_codes_end_the_session),
        temporary_test(many_sessions_give_no_more_guesses_at_the_code),
        temporary_test(each_recovery_code_lets_in_once),
        temporary_test(changing_codes_asks_for_one),
        temporary_test(all_refusals_are_alike_in_words_and_in_cost),
        temporary_test(nobody_comes_in_for_an_organisation_that_has_ended),
        temporary_test(strangers_do_not_lock_out_a_known_browser),
        temporary_test(a_known_browser_has_a_count_of_its_own),
        temporary_test(nine_failures_then_a_pause_lock_nothing),
        temporary_test(a_link_of_an_administrator_makes_a_browser_known),
        temporary_test(nobodys_passphrase_costs_what_somebodys_does),
        temporary_test(a_passphrase_is_kept_at_the_cost_that_is_set_from_the_next_sign_in_on),
        temporary_test(a_new_passphrase_leaves_nothing_to_whoever_knew_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

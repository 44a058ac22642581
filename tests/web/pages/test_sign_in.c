/* Signing in as people do it, over a socket. */
#include "partnership.h"

#define ADA "ada@example.org"

static void an_invitation_leads_to_a_session(void **state) {
    browser ada = {.home = *state};
    app codes;
    char link[100];
    snprintf(link, sizeof link, "%s", invite(*state, "Ada Moss", ADA, "administrator"));
    assert_int_equal(look(&ada, link), 200);
    assert_true(says(&ada, "Ada Moss"));
    assert_true(says(&ada, "Larkenshire Council"));
    assert_true(reply_says(&ada.page, "Cache-Control", "no-store"));
    assert_int_equal(look(&ada, link), 200); /* looking uses nothing up */
    /* A passphrase that everybody guesses is not taken, and the link still holds. */
    assert_int_equal(send_form(&ada, link, "passphrase=passwordpassword"), 400);
    assert_true(says(&ada, "There is a problem"));
    assert_int_equal(send_form(&ada, link, ""), 400);
    assert_true(says(&ada, "Enter the passphrase"));
    send_form(&ada, link, "passphrase=" PASSPHRASE);
    assert_true(leads_to(&ada, "/sign-in/set-up"));
    assert_true(ada.session[0] != '\0');
    /* It is used up. */
    browser eve = {.home = *state};
    assert_int_equal(look(&eve, link), 404);
    assert_true(says(&eve, "This link does not work any more"));
    /* Half signed in is not signed in. */
    assert_int_equal(look(&ada, "/account"), 303);
    assert_true(leads_to(&ada, "/sign-in?to=%2Faccount"));
    look(&ada, "/sign-in?to=%2Faccount");
    assert_true(leads_to(&ada, "/sign-in/set-up?to=%2Faccount"));
    assert_int_equal(look(&ada, "/sign-in/set-up?to=%2Faccount"), 200);
    assert_true(says(&ada, "<svg class=\"app-qr-code\""));
    scan(&codes, ada.page.body);
    assert_int_equal(send_form(&ada, "/sign-in/set-up", "code=123"), 400);
    assert_int_equal(send_form(&ada, "/sign-in/set-up?to=%2Faccount", next_code(&codes)), 200);
    assert_true(says(&ada, "Keep your recovery codes"));
    assert_true(says(&ada, "href=\"/account\""));
    assert_int_equal(look(&ada, "/account"), 200);
    assert_true(says(&ada, "Administrator"));
    assert_true(reply_says(&ada.page, "Cache-Control", "no-store"));
    browser_close(&eve);
    browser_close(&ada);
}

static void a_page_says_who_is_signed_in_and_only_to_them(void **state) {
    browser ada = {.home = *state};
    browser other = {.home = *state};
    app codes;
    assert_int_equal(look(&other, "/methods"), 200);
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "administrator"));
    assert_int_equal(look(&ada, "/methods"), 200);
    assert_true(says(&ada, "Ada Moss"));
    assert_true(says(&ada, "Sign out"));
    assert_int_equal(look(&other, "/methods"), 200);
    assert_false(says(&other, "Ada Moss"));
    assert_true(says(&other, "href=\"/sign-in\""));
    assert_int_equal(look(&ada, "/no-such-page"), 404);
    assert_true(says(&ada, "Ada Moss"));
    browser_close(&other);
    browser_close(&ada);
}

static void signing_in_takes_passphrase_and_code(void **state) {
    browser ada = {.home = *state};
    app codes;
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "administrator"));
    look(&ada, "/account");
    send_form(&ada, "/sign-out", "");
    assert_true(leads_to(&ada, "/"));
    assert_string_equal(ada.session, "");
    assert_true(ada.device[0] != '\0');
    assert_int_equal(look(&ada, "/sign-in?to=%2Faccount%3Fdone%3Dpassphrase"), 200);
    assert_true(says(&ada, "Crime figures and the report form need no account."));
    assert_true(says(&ada, "value=\"/account?done=passphrase\""));
    assert_int_equal(sign_in_as(&ada, ADA, "wrong wrong wrong"), 403);
    assert_true(says(&ada, "There is a problem"));
    assert_int_equal(sign_in_as(&ada, "", ""), 400);
    assert_true(says(&ada, "Enter the email address"));
    assert_true(says(&ada, "Enter the passphrase"));
    sign_in_as(&ada, "%20ADA@example.org", PASSPHRASE "&to=%2Faccount");
    assert_true(leads_to(&ada, "/sign-in/code?to=%2Faccount"));
    assert_int_equal(look(&ada, "/sign-in/code?to=%2Faccount"), 200);
    assert_int_equal(send_form(&ada, "/sign-in/code", "code=000000"), 400);
    assert_int_equal(send_form(&ada, "/sign-in/code", ""), 400);
    char code[40];
    snprintf(code, sizeof code, "%s&to=%%2Faccount", next_code(&codes));
    send_form(&ada, "/sign-in/code", code);
    assert_true(leads_to(&ada, "/account"));
    assert_int_equal(look(&ada, "/account"), 200);
    browser_close(&ada);
}

static void a_recovery_code_stands_in_for_the_device_once(void **state) {
    browser ada = {.home = *state};
    app codes;
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "administrator"));
    char recovery[60] = "code=";
    const char *list = strstr(ada.page.body, "app-codes");
    assert_non_null(list);
    snprintf(recovery + 5, sizeof recovery - 5, "%.11s", strstr(list, "<li>") + 4);
    for (int turn = 0; turn < 2; turn++) {
        look(&ada, "/account");
        send_form(&ada, "/sign-out", "");
        sign_in_as(&ada, ADA, PASSPHRASE);
        look(&ada, "/sign-in/code");
        assert_int_equal(send_form(&ada, "/sign-in/code", recovery), turn ? 400 : 303);
        if (turn) {
            assert_int_equal(send_form(&ada, "/sign-in/code", next_code(&codes)), 303);
        }
    }
    browser_close(&ada);
}

static void a_new_passphrase_ends_other_sessions(void **state) {
    browser ada = {.home = *state};
    browser laptop = {.home = *state};
    app codes;
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "administrator"));
    sign_in_as(&laptop, ADA, PASSPHRASE);
    look(&laptop, "/sign-in/code");
    send_form(&laptop, "/sign-in/code", next_code(&codes));
    assert_int_equal(look(&laptop, "/account"), 200);
    look(&ada, "/account");
    assert_true(says(&ada, "In one other browser"));
    assert_int_equal(look(&ada, "/account/passphrase"), 200);
    assert_int_equal(
        send_form(&ada, "/account/passphrase", "old=wrong&passphrase=four+words+by+pure+chance"),
        400);
    assert_true(says(&ada, "href=\"#old\""));
    assert_int_equal(send_form(&ada, "/account/passphrase", "old=" PASSPHRASE "&passphrase=short"),
                     400);
    assert_true(says(&ada, "href=\"#passphrase\""));
    char before[80];
    snprintf(before, sizeof before, "%s", ada.session);
    send_form(&ada, "/account/passphrase",
              "old=" PASSPHRASE "&passphrase=four+words+by+pure+chance");
    assert_true(leads_to(&ada, "/account?done=passphrase"));
    assert_string_not_equal(ada.session, before);
    assert_int_equal(look(&ada, "/account?done=passphrase"), 200);
    assert_true(says(&ada, "Your passphrase is changed"));
    look(&laptop, "/account");
    assert_true(leads_to(&laptop, "/sign-in?to=%2Faccount"));
    assert_string_equal(laptop.session, ""); /* taken away with the answer */
    assert_int_equal(sign_in_as(&laptop, ADA, PASSPHRASE), 403);
    assert_int_equal(sign_in_as(&laptop, ADA, "four+words+by+pure+chance"), 303);
    browser_close(&laptop);
    browser_close(&ada);
}

static void codes_are_made_anew_with_the_device_so_far(void **state) {
    browser ada = {.home = *state};
    app codes;
    app other;
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "administrator"));
    assert_int_equal(look(&ada, "/account/recovery-codes"), 200);
    assert_int_equal(send_form(&ada, "/account/recovery-codes", "code=000000"), 400);
    assert_int_equal(send_form(&ada, "/account/recovery-codes", next_code(&codes)), 200);
    char recovery[60] = "code=";
    snprintf(recovery + 5, sizeof recovery - 5, "%.11s",
             strstr(strstr(ada.page.body, "app-codes"), "<li>") + 4);
    assert_int_equal(look(&ada, "/sign-in/set-up"), 200);
    assert_null(strstr(ada.page.body, "app-seed"));
    assert_int_equal(send_form(&ada, "/sign-in/set-up/begin", "code=000000"), 400);
    assert_int_equal(send_form(&ada, "/sign-in/set-up/begin", recovery), 200);
    scan(&other, ada.page.body);
    assert_int_equal(send_form(&ada, "/sign-in/set-up", "code=1"), 400);
    assert_int_equal(send_form(&ada, "/sign-in/set-up", next_code(&other)), 200);
    /* The page that shows the codes has the marks of the session that has just begun. */
    send_form(&ada, "/sign-out", "");
    assert_true(leads_to(&ada, "/"));
    browser_close(&ada);
}

static void signing_out_everywhere_ends_all(void **state) {
    browser ada = {.home = *state};
    browser laptop = {.home = *state};
    app codes;
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "administrator"));
    sign_in_as(&laptop, ADA, PASSPHRASE);
    look(&laptop, "/sign-in/code");
    send_form(&laptop, "/sign-in/code", next_code(&codes));
    look(&ada, "/account");
    char before[80];
    snprintf(before, sizeof before, "%s", ada.session);
    send_form(&ada, "/account/sign-out-everywhere", "");
    assert_true(leads_to(&ada, "/sign-in"));
    assert_int_equal(look(&laptop, "/account"), 303);
    snprintf(ada.session, sizeof ada.session, "%s", before);
    assert_int_equal(look(&ada, "/account"), 303);
    browser_close(&laptop);
    browser_close(&ada);
}

static void importing_needs_an_account_that_may(void **state) {
    browser nobody = {.home = *state};
    browser bea = {.home = *state};
    browser ada = {.home = *state};
    app codes;
    look(&nobody, "/import");
    assert_true(leads_to(&nobody, "/sign-in?to=%2Fimport"));
    look(&nobody, "/sources");
    assert_false(says(&nobody, "href=\"/import\""));
    join(&bea, &codes, invite(*state, "Bea Holt", "bea@example.org", "practitioner"));
    assert_int_equal(look(&bea, "/import"), 403);
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "data-lead"));
    assert_int_equal(look(&ada, "/import"), 200);
    look(&ada, "/sources");
    assert_true(says(&ada, "href=\"/import\""));
    browser_close(&ada);
    browser_close(&bea);
    browser_close(&nobody);
}

static void a_suspended_account_is_signed_out_with_its_next_request(void **state) {
    partnership *home = *state;
    browser ada = {.home = home};
    app codes;
    tf_error error;
    join(&ada, &codes, invite(home, "Ada Moss", ADA, "analyst"));
    assert_int_equal(look(&ada, "/account"), 200);
    assert_ok(tf_account_suspend(home->access, &home->operator, 1, &error), &error);
    look(&ada, "/account");
    assert_true(leads_to(&ada, "/sign-in?to=%2Faccount"));
    browser_close(&ada);
}

static void work_in_accounts_keeps_what_was_answered_to_all(void **state) {
    partnership *home = *state;
    uint64_t before = tf_site_version(home->home);
    browser ada = {.home = home};
    app codes;
    join(&ada, &codes, invite(home, "Ada Moss", ADA, "administrator"));
    assert_int_equal(tf_site_version(home->home), before);
    tf_error error;
    assert_ok(tf_db_execute(home->db,
                            "INSERT INTO batch (feed, file, sha256, publisher, started_at) "
                            "VALUES ('street', 'a', 'b', 'c', 0)",
                            &error),
              &error);
    assert_int_not_equal(tf_site_version(home->home), before);
    browser_close(&ada);
}

static void a_program_is_told_that_it_has_to_sign_in(void **state) {
    browser nobody = {.home = *state};
    browser ada = {.home = *state};
    app codes;
    assert_int_equal(look(&nobody, "/api/v1/own-figures"), 401);
    assert_true(reply_says(&nobody.page, "Content-Type", "application/problem+json"));
    assert_true(reply_says(&nobody.page, "WWW-Authenticate", "Cookie"));
    assert_true(says(&nobody, "\"status\":401"));
    join(&ada, &codes, invite(*state, "Ada Moss", ADA, "administrator"));
    assert_int_equal(look(&ada, "/api/v1/own-figures"), 200);
    assert_true(says(&ada, "{\"name\":\"Ada Moss\"}"));
    assert_true(reply_says(&ada.page, "Cache-Control", "no-store"));
    browser_close(&ada);
    browser_close(&nobody);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(an_invitation_leads_to_a_session),
        partnership_test(a_page_says_who_is_signed_in_and_only_to_them),
        partnership_test(signing_in_takes_passphrase_and_code),
        partnership_test(a_recovery_code_stands_in_for_the_device_once),
        partnership_test(a_new_passphrase_ends_other_sessions),
        partnership_test(codes_are_made_anew_with_the_device_so_far),
        partnership_test(signing_out_everywhere_ends_all),
        partnership_test(importing_needs_an_account_that_may),
        partnership_test(a_program_is_told_that_it_has_to_sign_in),
        partnership_test(a_suspended_account_is_signed_out_with_its_next_request),
        partnership_test(work_in_accounts_keeps_what_was_answered_to_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

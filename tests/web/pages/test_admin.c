/* Administration in the browser: people and organisations. */
#include "partnership.h"

#define ADA "ada@example.org"

static void sign_in_ada(partnership *home, browser *ada) {
    app codes;
    *ada = (browser){.home = home};
    join(ada, &codes, invite(home, "Ada Moss", ADA, "administrator"));
    assert_int_equal(look(ada, "/admin"), 200);
}

/* The field of a role, as the form has it. */
static const char *role_field(partnership *own, const char *role) {
    static char text[40];
    snprintf(text, sizeof text, "role-%d=1",
             tf_access_role(tf_access_get_rules(own->access), role));
    return text;
}

/* The path of the link that a page shows. */
static void read_link(const browser *own, const char *kind, char *path, size_t size) {
    char start[60];
    snprintf(start, sizeof start, "http://localhost/%s/", kind);
    const char *found = strstr(own->page.body, start);
    assert_non_null(found);
    found += strlen("http://localhost");
    snprintf(path, size, "%.*s", (int)strcspn(found, "<"), found);
}

static void only_administrators_get_in(void **state) {
    browser nobody = {.home = *state};
    browser bea = {.home = *state};
    app codes;
    static const char *const paths[] = {"/admin",
                                        "/admin/accounts",
                                        "/admin/accounts/new",
                                        "/admin/accounts/1",
                                        "/admin/accounts/1/roles",
                                        "/admin/organisations",
                                        "/admin/organisations/new",
                                        "/admin/organisations/1",
                                        "/admin/self-check"};
    join(&bea, &codes, invite(*state, "Bea Holt", "bea@example.org", "practitioner"));
    look(&bea, "/account");
    assert_false(says(&bea, "href=\"/admin\""));
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        assert_int_equal(look(&nobody, paths[i]), 303);
        assert_int_equal(look(&bea, paths[i]), 403);
    }
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/admin/accounts/new",
                               "name=Eve&email=eve@example.org&organisation=1&role-1=1"),
                     403);
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/admin/accounts/1", "do=codes&sure=1"), 403);
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/admin/accounts/1/roles", "role-8=1"), 403);
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/admin/organisations/new", "name=Eve&kind=council"), 403);
    browser_close(&bea);
    browser_close(&nobody);
}

static void somebody_is_invited_and_comes(void **state) {
    browser ada;
    browser bea = {.home = *state};
    app codes;
    char fields[300];
    char link[100];
    sign_in_ada(*state, &ada);
    assert_true(says(&ada, "href=\"/admin/accounts\""));
    assert_int_equal(look(&ada, "/admin/accounts/new"), 200);
    assert_false(says(&ada, "There is a problem"));
    assert_int_equal(send_form(&ada, "/admin/accounts/new", ""), 400);
    assert_true(says(&ada, "Enter the full name"));
    assert_int_equal(send_form(&ada, "/admin/accounts/new",
                               "name=Bea+Holt&email=bea@example.org&organisation=1"),
                     400);
    assert_true(says(&ada, "href=\"#roles\""));
    assert_true(says(&ada, "value=\"Bea Holt\""));
    assert_int_equal(send_form(&ada, "/admin/accounts/new",
                               "name=Bea+Holt&email=" ADA "&organisation=1&role-1=1"),
                     400);
    assert_true(says(&ada, "href=\"#email\""));
    snprintf(fields, sizeof fields, "name=Bea+Holt&email=bea@example.org&organisation=1&%s",
             role_field(*state, "analyst"));
    assert_int_equal(send_form(&ada, "/admin/accounts/new", fields), 200);
    read_link(&ada, "invitation", link, sizeof link);
    assert_int_equal(look(&ada, "/admin/accounts"), 200);
    assert_true(says(&ada, "Bea Holt"));
    assert_true(says(&ada, "Invited"));
    join(&bea, &codes, link);
    look(&bea, "/account");
    assert_true(says(&bea, "Analyst"));
    assert_int_equal(look(&ada, "/admin/accounts/2"), 200);
    assert_true(says(&ada, "Active"));
    assert_false(says(&ada, "Resume"));
    browser_close(&bea);
    browser_close(&ada);
}

static void the_self_check_says_what_to_do(void **state) {
    browser ada;
    sign_in_ada(*state, &ada);
    assert_true(says(&ada, "href=\"/admin/self-check\""));
    assert_int_equal(look(&ada, "/admin/self-check"), 200);
    assert_true(says(&ada, "There has never been a backup."));
    assert_true(says(&ada, "systemctl enable --now trefoil-backup.timer"));
    assert_true(says(&ada, "The audit chain is whole"));
    /* What is mended in the browser is a link away, for whoever may. */
    assert_true(says(&ada, "one active administrator alone"));
    assert_true(says(&ada, "href=\"/admin/accounts/new\""));
    browser otto = {.home = *state};
    app codes;
    join(&otto, &codes, invite(*state, "Otto Reed", "otto@example.org", "auditor,analyst"));
    assert_int_equal(look(&otto, "/admin/self-check"), 200);
    assert_true(says(&otto, "one active administrator alone"));
    assert_false(says(&otto, "href=\"/admin/accounts/new\""));
    assert_true(says(&otto, "Whoever reviews what was done should not be the one who did it."));
    browser_close(&otto);
    browser_close(&ada);
}

static void an_account_is_changed_suspended_and_closed(void **state) {
    browser ada;
    browser bea = {.home = *state};
    app codes;
    char path[100];
    sign_in_ada(*state, &ada);
    join(&bea, &codes, invite(*state, "Bea Holt", "bea@example.org", "analyst"));
    assert_int_equal(look(&ada, "/admin/accounts/2/roles"), 200);
    assert_int_equal(send_form(&ada, "/admin/accounts/2/roles", ""), 400);
    send_form(&ada, "/admin/accounts/2/roles", role_field(*state, "data-lead"));
    assert_true(leads_done(&ada, "/admin/accounts/2", "roles"));
    look(&bea, "/account");
    assert_true(says(&bea, "Data lead"));
    assert_true(says(&bea, "Who has seen or changed your account"));
    assert_true(says(&bea, "Ada Moss, Larkenshire Council"));
    look(&ada, "/account");
    assert_false(says(&ada, "Bea Holt"));
    look(&ada, "/admin/accounts/2"); /* who runs accounts does not read the audit of others */
    assert_false(says(&ada, "Who has seen or changed"));
    look(&ada, "/admin/accounts/2");
    send_form(&ada, "/admin/accounts/2", "do=suspend");
    assert_int_equal(look(&bea, "/account"), 303);
    look(&ada, "/admin/accounts/2");
    assert_true(says(&ada, "Suspended"));
    assert_int_equal(send_form(&ada, "/admin/accounts/2", "do=link"), 400);
    assert_true(says(&ada, "There is a problem"));
    send_form(&ada, "/admin/accounts/2", "do=resume");
    assert_true(leads_done(&ada, "/admin/accounts/2", "resume"));
    look(&ada, "/admin/accounts/2");
    assert_int_equal(send_form(&ada, "/admin/accounts/2", "do=link"), 200);
    read_link(&ada, "reset", path, sizeof path);
    assert_int_equal(look(&bea, path), 200);
    send_form(&bea, path, "passphrase=four+words+by+pure+chance");
    assert_true(leads_to(&bea, "/sign-in/code"));
    look(&ada, "/admin/accounts/2");
    assert_int_equal(send_form(&ada, "/admin/accounts/2", "do=device"), 200);
    read_link(&ada, "device", path, sizeof path);
    browser tablet = {.home = *state};
    assert_int_equal(look(&tablet, path), 200);
    send_form(&tablet, path, "");
    assert_true(leads_to(&tablet, "/sign-in"));
    assert_true(tablet.device[0] != '\0');
    look(&ada, "/admin/accounts/2");
    send_form(&ada, "/admin/accounts/2", "do=codes&sure=1");
    look(&ada, "/admin/accounts/2");
    assert_true(says(&ada, "Not set up"));
    send_form(&ada, "/admin/accounts/2", "do=suspend");
    look(&ada, "/admin/accounts/2");
    assert_int_equal(send_form(&ada, "/admin/accounts/2", "do=close"), 200);
    assert_true(says(&ada, "Do you want to close this account for good?"));
    look(&ada, "/admin/accounts");
    assert_true(says(&ada, "Bea Holt"));
    look(&ada, "/admin/accounts/2?done=suspend");
    assert_true(says(&ada, "The account is suspended, and they are signed out"));
    send_form(&ada, "/admin/accounts/2", "do=close&sure=1");
    look(&ada, "/admin/accounts");
    assert_false(says(&ada, "Bea Holt"));
    look(&ada, "/admin/accounts?closed=1");
    assert_true(says(&ada, "Bea Holt"));
    assert_int_equal(look(&ada, "/admin/accounts/77"), 404);
    browser_close(&tablet);
    browser_close(&bea);
    browser_close(&ada);
}

static void nobody_changes_their_own_account(void **state) {
    browser ada;
    sign_in_ada(*state, &ada);
    assert_int_equal(look(&ada, "/admin/accounts/1"), 200);
    assert_true(says(&ada, "your own account"));
    assert_false(says(&ada, "Suspend"));
    int status = send_form(&ada, "/admin/accounts/1", "do=suspend");
    assert_true(status == 400 || status == 403);
    assert_int_equal(look(&ada, "/admin/accounts/1"), 200);
    browser_close(&ada);
}

static void organisations_come_change_and_end(void **state) {
    browser ada;
    sign_in_ada(*state, &ada);
    assert_int_equal(look(&ada, "/admin/organisations/new"), 200);
    assert_int_equal(send_form(&ada, "/admin/organisations/new", "kind=charity"), 400);
    assert_true(says(&ada, "Enter the name"));
    send_form(&ada, "/admin/organisations/new",
              "name=Turning+Leaf&kind=treatment-provider&contact=the+office");
    assert_true(leads_done(&ada, "/admin/organisations", "saved"));
    assert_int_equal(look(&ada, "/admin/organisations"), 200);
    assert_true(says(&ada, "Turning Leaf"));
    assert_true(says(&ada, "Treatment provider"));
    assert_int_equal(look(&ada, "/admin/organisations/2"), 200);
    assert_int_equal(send_form(&ada, "/admin/organisations/2",
                               "name=larkenshire+council&kind=treatment-provider"),
                     400); /* taken */
    assert_true(says(&ada, "href=\"#name\""));
    send_form(&ada, "/admin/organisations/2", "name=New+Leaf&kind=charity&contact=the+office");
    assert_true(leads_done(&ada, "/admin/organisations", "saved"));
    look(&ada, "/admin/organisations/2");
    assert_true(says(&ada, "New Leaf"));
    assert_int_equal(send_form(&ada, "/admin/organisations/2/end", "day=tomorrow&successor=1"),
                     400);
    assert_true(says(&ada, "href=\"#day\""));
    send_form(&ada, "/admin/organisations/2/end", "day=2099-03-31&successor=1");
    assert_true(leads_done(&ada, "/admin/organisations", "saved"));
    look(&ada, "/admin/organisations");
    assert_true(says(&ada, "31 March 2099"));
    assert_int_equal(look(&ada, "/admin/organisations/1"), 200);
    assert_int_equal(send_form(&ada, "/admin/organisations/1/end", "day=2099-03-31&successor=0"),
                     400); /* the one that leads */
    browser_close(&ada);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(only_administrators_get_in),
        partnership_test(somebody_is_invited_and_comes),
        partnership_test(the_self_check_says_what_to_do),
        partnership_test(an_account_is_changed_suspended_and_closed),
        partnership_test(nobody_changes_their_own_account),
        partnership_test(organisations_come_change_and_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The pages of the audit, over a socket, as an auditor and as others see them. */
#include "partnership.h"

static void join_as(browser *own, const char *name, const char *email, const char *roles) {
    app codes;
    char link[100];
    snprintf(link, sizeof link, "%s", invite(own->home, name, email, roles));
    join(own, &codes, link);
}

static void enter(partnership *own, int64_t person_id, const char *actor_name, const char *detail) {
    tf_error error;
    tf_actor actor = {.account_id = 90, .organisation_id = 1, .name = actor_name};
    tf_audit_note note = {.action = "consult",
                          .category = "case",
                          .object_id = 12,
                          .person_id = person_id,
                          .purpose = "safeguard",
                          .detail = detail};
    assert_ok(tf_access_begin(own->access, &error), &error);
    assert_ok(
        tf_access_end(own->access, tf_access_note(own->access, &actor, &note, &error), &error),
        &error);
}

static void an_auditor_sees_who_did_what(void **state) {
    browser ada = {.home = *state};
    enter(*state, 4001, "Ewan <Price>", NULL);
    join_as(&ada, "Ada Moss", "ada@example.org", "auditor");
    assert_int_equal(look(&ada, "/audit"), 200);
    assert_true(says(&ada, "Ewan &lt;Price&gt;, Larkenshire Council"));
    assert_true(
        says(&ada, "<a class=\"govuk-link\" href=\"/audit?account=90\">Ewan &lt;Price&gt;"));
    assert_true(says(&ada, "Read case 12, about person 4001"));
    assert_true(says(&ada, "Read the audit")); /* this look */
    assert_true(says(&ada, "href=\"/audit/verification\""));
    assert_true(reply_says(&ada.page, "Cache-Control", "no-store"));
    assert_int_equal(look(&ada, "/audit?person=4001"), 200);
    assert_true(says(&ada, "Read case 12, about person 4001"));
    assert_false(says(&ada, "Signed in"));
    assert_int_equal(look(&ada, "/audit?person=4002&outcome=done&category=case&object=1"), 200);
    assert_true(says(&ada, "There is no such entry."));
    browser_close(&ada);
}

static void older_entries_are_on_the_next_page(void **state) {
    browser ada = {.home = *state};
    join_as(&ada, "Ada Moss", "ada@example.org", "auditor");
    enter(*state, 0, "Ewan Price", "the oldest of them");
    for (int i = 0; i < 51; i++) {
        enter(*state, 0, "Ewan Price", "a look");
    }
    assert_int_equal(look(&ada, "/audit?account=90"), 200);
    assert_false(says(&ada, "the oldest of them"));
    const char *next = strstr(ada.page.body, "/audit?account=90&amp;older=");
    assert_non_null(next);
    char path[100];
    snprintf(path, sizeof path, "/audit?account=90&older=%ld",
             strtol(next + strlen("/audit?account=90&amp;older="), NULL, 10));
    assert_int_equal(look(&ada, path), 200);
    assert_true(says(&ada, "the oldest of them"));
    assert_null(strstr(ada.page.body, "older="));
    browser_close(&ada);
}

static void what_cannot_be_asked_is_shown_with_the_form(void **state) {
    browser ada = {.home = *state};
    join_as(&ada, "Ada Moss", "ada@example.org", "auditor");
    static const char *const wrong[] = {
        "/audit?from=2026-02-30", "/audit?to=yesterday",  "/audit?person=none",
        "/audit?object=3",        "/audit?outcome=worse", "/audit?older=0",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(look(&ada, wrong[i]), 400);
        assert_true(says(&ada, "There is a problem"));
        assert_true(says(&ada, "action=\"/audit\""));
    }
    assert_int_equal(look(&ada, "/audit?from=2026-02-%3Cb%3E"), 400);
    assert_true(says(&ada, "value=\"2026-02-&lt;b&gt;\""));
    browser_close(&ada);
}

static void others_are_refused_and_a_data_lead_sees_the_own_organisation(void **state) {
    browser eve = {.home = *state}, ewan = {.home = *state}, lead = {.home = *state};
    assert_int_equal(look(&eve, "/audit"), 303);
    assert_int_equal(look(&eve, "/audit/verification"), 303);
    join_as(&ewan, "Ewan Price", "ewan@example.org", "practitioner");
    assert_int_equal(look(&ewan, "/audit"), 403);
    assert_true(says(&ewan, "Your role shows you only entries about your own account; an auditor "
                            "or a data lead can read the rest.</p>"));
    assert_int_equal(look(&ewan, "/audit?from=never"), 403);
    assert_int_equal(look(&ewan, "/audit/verification"), 403);
    assert_true(says(&ewan, "Ask an administrator.</p>"));
    join_as(&lead, "Lena Hart", "lena@example.org", "data-lead");
    assert_int_equal(look(&lead, "/audit"), 200);
    assert_true(says(&lead, "people of your own organisation"));
    assert_true(says(&lead, "Ewan Price, Larkenshire Council"));
    assert_true(says(&lead, "Tried to read the audit"));
    assert_true(says(&lead, "Signed in to account "));
    /* Of what others did, what was done with what is the own: its accounts. */
    assert_true(says(&lead, "Added account "));
    assert_false(says(&lead, "Added organisation"));
    assert_int_equal(look(&lead, "/audit/verification"), 403);
    browser_close(&eve);
    browser_close(&ewan);
    browser_close(&lead);
}

static void the_chain_is_verified_on_a_page(void **state) {
    partnership *home = *state;
    browser ada = {.home = home};
    tf_error error;
    join_as(&ada, "Ada Moss", "ada@example.org", "auditor");
    assert_int_equal(look(&ada, "/audit/verification"), 200);
    assert_true(says(&ada, "The audit is whole"));
    assert_ok(tf_db_execute(home->db, "UPDATE audit_entry SET detail = 'x' WHERE id = 2", &error),
              &error);
    assert_int_equal(look(&ada, "/audit/verification"), 200);
    assert_false(says(&ada, "The audit is whole"));
    assert_true(says(&ada, "Entry 2 of "));
    assert_true(says(&ada, "is not what was entered"));
    /* Without an end that is ours nothing is entered, so nothing is shown; nobody is to blame. */
    assert_ok(tf_db_execute(home->db, "DELETE FROM audit_end", &error), &error);
    assert_int_equal(look(&ada, "/audit"), 500);
    assert_false(says(&ada, "Read the audit"));
    browser_close(&ada);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(an_auditor_sees_who_did_what),
        partnership_test(older_entries_are_on_the_next_page),
        partnership_test(what_cannot_be_asked_is_shown_with_the_form),
        partnership_test(others_are_refused_and_a_data_lead_sees_the_own_organisation),
        partnership_test(the_chain_is_verified_on_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

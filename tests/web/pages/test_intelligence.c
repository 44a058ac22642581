/* Intelligence in the browser: drafted of a report or of nothing, submitted, shared, kept or not.
 */
#include "reports.h"

#define GRADES "source=2&information=B&handling=P&"

static void intelligence_is_drafted_checked_submitted_and_corrected(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(*state, code);
    see(&asha, "/concerns/1");
    assert_true(says(&asha, "href=\"/concerns/1/intelligence\""));
    see(&asha, "/concerns/1/intelligence");
    assert_int_equal(send_form(&asha, "/concerns/1/intelligence", "text=x"), 400);
    check_page(&asha);
    assert_true(says(&asha, "href=\"#source\""));
    assert_int_equal(send_form(&asha, "/concerns/1/intelligence",
                               GRADES "text=Quill+saw+parcels%2C+01632+960123"),
                     400);
    check_page(&asha);
    assert_true(says(&asha, "This may tell who the source is"));
    assert_true(says(&asha, "The sender&#39;s name is in the text") ||
                says(&asha, "The sender's name is in the text"));
    assert_true(says(&asha, "telephone number is in the text"));
    send_form(&asha, "/concerns/1/intelligence", GRADES "text=Parcels+are+left+there");
    assert_true(leads_done(&asha, "/intelligence/1", "saved"));
    see(&asha, "/intelligence/1");
    assert_true(says(&asha, "Parcels are left there"));
    assert_true(says(&asha, "href=\"/concerns/1\""));
    see(&asha, "/intelligence/1/change");
    assert_true(says(&asha, "Parcels are left there"));
    send_form(&asha, "/intelligence/1/change", GRADES "text=Quill+Lane+has+them&checked=1");
    assert_true(leads_done(&asha, "/intelligence/1", "saved"));
    see(&asha, "/intelligence/1");
    assert_int_equal(send_form(&asha, "/intelligence/1", "do=submit"), 200);
    assert_true(says(&asha, "Do you want to submit this report?"));
    send_form(&asha, "/intelligence/1", "do=submit&sure=1");
    assert_true(leads_done(&asha, "/intelligence/1", "submit"));
    see(&asha, "/intelligence/1");
    assert_false(says(&asha, "Change the draft"));
    assert_int_equal(send_form(&asha, "/intelligence/1/change", GRADES "text=Late+words"), 400);
    check_page(&asha);
    assert_true(says(&asha, ">Late words</textarea>")); /* not lost by it */
    see(&asha, "/intelligence/1/correct");
    send_form(&asha, "/intelligence/1/correct", GRADES "text=Other+parcels");
    assert_true(leads_done(&asha, "/intelligence/2", "saved"));
    see(&asha, "/intelligence/new");
    send_form(&asha, "/intelligence/new", GRADES "text=Something+else");
    assert_true(leads_done(&asha, "/intelligence/3", "saved"));
    see(&asha, "/intelligence");
    assert_true(says(&asha, "href=\"/intelligence/3\""));
    assert_int_equal(look(&asha, "/intelligence/9"), 404);
    browser_close(&asha);
}

static void intelligence_whose_time_is_over_is_reviewed(void **state) {
    partnership *own = *state;
    tf_error error;
    browser asha;
    join_as(own, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    see(&asha, "/intelligence/new");
    send_form(&asha, "/intelligence/new", GRADES "text=Parcels+are+left+there");
    see(&asha, "/intelligence/1");
    assert_false(says(&asha, "id=\"review\"")); /* a draft is not kept yet */
    assert_true(says(&asha, "unless it is submitted before"));
    send_form(&asha, "/intelligence/1", "do=submit&sure=1");
    see(&asha, "/intelligence");
    assert_false(says(&asha, "Due for review"));
    assert_ok(tf_db_execute(own->db, "UPDATE intelligence SET review_at = 1", &error), &error);
    see(&asha, "/intelligence");
    assert_true(says(&asha, "Due for review"));
    assert_true(says(&asha, "href=\"/intelligence/1#review\""));
    see(&asha, "/intelligence/1");
    assert_true(says(&asha, "id=\"review\""));
    assert_true(says(&asha, "(group 3): 6 years"));
    send_form(&asha, "/intelligence/1", "do=keep&group=serious");
    assert_true(leads_done(&asha, "/intelligence/1", "keep"));
    see(&asha, "/intelligence");
    assert_false(says(&asha, "Due for review"));
    see(&asha, "/intelligence/1");
    assert_true(says(&asha, "<option value=\"serious\" selected>"));
    assert_int_equal(send_form(&asha, "/intelligence/1", "do=keep&group=for-ever"), 400);
    see(&asha, "/intelligence/1");
    send_form(&asha, "/intelligence/1", "do=dispose");
    assert_true(leads_done(&asha, "/intelligence/1", "dispose"));
    see(&asha, "/intelligence/1");
    assert_true(says(&asha, "erased in the next night"));
    assert_false(says(&asha, "Have it erased"));
    browser_close(&asha);
}

/* That Cerys, of another organisation, read report 1, with an agreement and without. */
static void expect_giver_to_know(partnership *own, int64_t giver, browser *asha, browser *cerys) {
    see(asha, "/intelligence/1");
    assert_true(says(asha, "Who has seen or changed it"));
    assert_true(says(asha, "Cerys Vaughan, Larkenshire Police"));
    assert_true(says(asha, "Done in an emergency: A child was taken from the station"));
    see(cerys, "/intelligence/1?purpose=prevent-crime");
    assert_false(says(cerys, "Who has seen"));
    int64_t receiver = own->organisation_id;
    const struct {
        int64_t organisation_id;
        const char *email;
        bool is_giver;
    } leads[] = {{giver, "dora@example.org", true}, {receiver, "dylan@example.org", false}};
    for (size_t i = 0; i < COUNT_OF(leads); i++) {
        browser lead;
        own->organisation_id = leads[i].organisation_id;
        join_as(own, &lead, "Dora Lake", leads[i].email, "data-lead");
        see(&lead, "/audit?category=intelligence&object=1");
        assert_true(says(&lead, "Cerys Vaughan, Larkenshire Police"));
        assert_int_equal(says(&lead, "Asha Patel"), leads[i].is_giver);
        see(&lead, "/admin/emergency-access");
        assert_true(says(&lead, "Cerys Vaughan, Larkenshire Police"));
        assert_int_equal(says(&lead, ">You<"), leads[i].is_giver);
        browser_close(&lead);
    }
    own->organisation_id = receiver;
}

/* What no key opens is to be asked for, of an organisation, and no emergency opens it. */
static void expect_no_names(partnership *own, browser *asha, browser *cerys) {
    tf_error error;
    see(asha, "/intelligence/new");
    send_form(asha, "/intelligence/new", GRADES "text=Parcels+are+left+there");
    see(asha, "/intelligence/2");
    send_form(asha, "/intelligence/2", "do=submit&sure=1");
    static const char ask[] = "This is sealed to people of Larkenshire Council.  Ask Larkenshire "
                              "Council to share it";
    static const char *const paths[] = {"/intelligence/2", "/intelligence/2?purpose=prevent-crime"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        assert_int_equal(look(cerys, paths[i]), 403);
        assert_true(says(cerys, ask));
        assert_false(says(cerys, "mergency"));
        assert_false(says(cerys, "What do you open it for?"));
        assert_false(says(cerys, "Asha"));
    }
    assert_int_equal(look(cerys, "/intelligence/2?purpose=safeguard"), 403);
    assert_false(says(cerys, "mergency"));
    /* An emergency that is declared all the same opens nothing, and is known of. */
    see(cerys, "/intelligence");
    look(cerys, "/intelligence/1");
    int64_t before = count_of(own, "SELECT count(*) FROM audit_entry WHERE outcome = 'emergency'");
    assert_int_equal(send_form(cerys, "/intelligence/2",
                               "do=open&purpose=safeguard"
                               "&justification=A+child+was+taken+from+the+station"),
                     403);
    assert_true(says(cerys, ask));
    assert_int_equal(count_of(own, "SELECT count(*) FROM audit_entry WHERE outcome = 'emergency'"),
                     before + 1);
    assert_int_equal(count_of(own, "SELECT count(*) FROM audit_entry WHERE outcome = 'emergency' "
                                   "AND object_id = 2 AND purpose = 'safeguard' AND detail = "
                                   "'A child was taken from the station'"),
                     1);
    /* A report of concern that an agreement covers is sealed too. */
    assert_ok(tf_db_execute(own->db,
                            "INSERT INTO agreement_field VALUES (5, 'concern', 'what');"
                            "UPDATE policy_version SET version = version + 1",
                            &error),
              &error);
    assert_int_equal(look(cerys, "/concerns/1"), 403);
    assert_true(says(cerys, "Ask Larkenshire Council to share an intelligence report"));
    assert_false(says(cerys, "Asha"));
}

static void intelligence_is_shared_under_an_agreement_and_opened_for_a_purpose(void **state) {
    partnership *own = *state;
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser cerys;
    join_as(own, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    tf_organisation other = {.name = "Larkenshire Police",
                             .kind = "police-force",
                             .contact = "",
                             .started_on = TF_DAY_NONE,
                             .ended_on = TF_DAY_NONE};
    int64_t lead = own->organisation_id;
    assert_ok(
        tf_organisation_add(own->access, &own->operator, & other, &own->organisation_id, &error),
        &error);
    join_as(own, &cerys, "Cerys Vaughan", "cerys@example.org", "intake-officer");
    browser anwen;
    join_as(own, &anwen, "Anwen Rees", "anwen@example.org", "analyst");
    send_report(own, code);
    see(&asha, "/intelligence/new");
    send_form(&asha, "/intelligence/new", GRADES "text=Parcels+are+left+there");
    see(&asha, "/intelligence/1");
    send_form(&asha, "/intelligence/1", "do=submit&sure=1");
    see(&asha, "/intelligence/1");
    char share[100];
    snprintf(share, sizeof share, "do=share&organisation=%d&purpose=prevent-crime",
             (int)own->organisation_id);
    assert_int_equal(send_form(&asha, "/intelligence/1", share), 403);
    check_page(&asha);
    assert_true(says(&asha, "There is a problem"));
    char sql[900];
    snprintf(sql, sizeof sql,
             "INSERT INTO agreement (id, title, drafted_by, lawful_basis, condition, assessment, "
             "retention_days, starts_on, review_on, created_at) VALUES (5, 'Intelligence', %d, "
             "'law-enforcement', '', 'DPIA 7', 365, 0, 99999, 0);"
             "INSERT INTO agreement_party (agreement_id, organisation_id, gives, receives, "
             "signed_at, signed_by) VALUES (5, %d, 1, 1, 1, 'A'), (5, %d, 1, 1, 1, 'B');"
             "INSERT INTO agreement_purpose VALUES (5, 'prevent-crime');"
             "INSERT INTO agreement_field VALUES (5, 'intelligence', 'text'),"
             "(5, 'intelligence', 'grading');"
             "UPDATE policy_version SET version = version + 1",
             (int)lead, (int)lead, (int)own->organisation_id);
    assert_ok(tf_db_execute(own->db, sql, &error), &error);
    send_form(&asha, "/intelligence/1", share);
    assert_true(leads_done(&asha, "/intelligence/1", "share"));
    see(&asha, "/intelligence/1");
    assert_true(says(&asha, "To prevent and detect crime"));
    assert_true(says(&asha, "They can open it until"));
    assert_false(says(&asha, "Larkenshire Police (no agreement)"));
    see(&cerys, "/intelligence");
    assert_true(says(&cerys, "Larkenshire Council"));
    assert_int_equal(look(&cerys, "/intelligence/1"), 403);
    assert_false(says(&cerys, "Parcels"));
    assert_true(says(&cerys, "What do you open it for?"));
    assert_true(says(&cerys, "In an emergency you may see it at once"));
    assert_true(says(&cerys, "name=\"justification\""));
    assert_int_equal(look(&anwen, "/intelligence/1"), 403);
    assert_true(says(&anwen, "What do you open it for?"));
    assert_false(says(&anwen, "mergency")); /* the role has none */
    assert_false(says(&anwen, "justification"));
    browser_close(&anwen);
    see(&cerys, "/intelligence/1?purpose=prevent-crime");
    assert_true(says(&cerys, "Parcels are left there"));
    assert_false(says(&cerys, "Asha"));
    assert_int_equal(look(&cerys, "/intelligence/1?purpose=safeguard"), 403);
    assert_int_equal(
        send_form(&cerys, "/intelligence/1", "do=open&purpose=safeguard&justification=Just+so"),
        403);
    assert_false(says(&cerys, "Parcels are left there"));
    assert_int_equal(send_form(&cerys, "/intelligence/1",
                               "do=open&purpose=safeguard"
                               "&justification=A+child+was+taken+from+the+station"),
                     200);
    assert_true(says(&cerys, "Parcels are left there"));
    assert_int_equal(look(&cerys, "/concerns/1"), 403);
    expect_giver_to_know(own, lead, &asha, &cerys);
    expect_no_names(own, &asha, &cerys);
    /* Under an agreement without the grading the codes are not told. */
    assert_ok(tf_db_execute(own->db,
                            "DELETE FROM agreement_field WHERE field = 'grading';"
                            "UPDATE policy_version SET version = version + 1",
                            &error),
              &error);
    see(&cerys, "/intelligence/1?purpose=prevent-crime");
    assert_true(says(&cerys, "Parcels are left there"));
    assert_true(says(&cerys, "Not shared"));
    assert_false(says(&cerys, "Untested"));
    see(&cerys, "/intelligence");
    assert_true(says(&cerys, "Not shared"));
    /* And after the agreement's days it is opened no more. */
    assert_ok(tf_db_execute(own->db, "UPDATE intelligence_share SET at = 1", &error), &error);
    assert_int_equal(look(&cerys, "/intelligence/1?purpose=prevent-crime"), 403);
    assert_true(says(&cerys, "kept for 365 days, and these are over"));
    browser_close(&cerys);
    browser_close(&asha);
}

static void a_form_tells_all_that_is_wrong_and_shows_what_was_reported(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(*state, code);
    see(&asha, "/concerns/1/intelligence");
    assert_true(says(&asha, "What was reported"));
    assert_true(says(&asha, "Parcels &lt;b&gt;behind"));
    assert_int_equal(send_form(&asha, "/concerns/1/intelligence", "handling=C&text=Hettie"), 400);
    check_page(&asha);
    assert_true(says(&asha, "href=\"#source\""));
    assert_true(says(&asha, "href=\"#information\""));
    assert_true(says(&asha, "href=\"#conditions\""));
    assert_false(says(&asha, "href=\"#handling\""));
    assert_true(says(&asha, "name is in the text"));
    assert_true(says(&asha, "Parcels &lt;b&gt;behind"));
    browser_close(&asha);
}

static void an_author_who_may_not_submit_writes_changes_and_discards(void **state) {
    partnership *own = *state;
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser maya;
    join_as(own, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    join_as(own, &maya, "Maya Lindqvist", "maya@example.org", "school-safeguarding-lead");
    send_report(own, code);
    see(&maya, "/intelligence/new");
    send_form(&maya, "/intelligence/new", GRADES "text=A+car+at+the+gate");
    assert_true(leads_done(&maya, "/intelligence/1", "saved"));
    see(&maya, "/intelligence/1");
    assert_true(says(&maya, "A car at the gate"));
    assert_true(says(&maya, "A colleague whose role may submit reports submits it."));
    assert_false(says(&maya, "value=\"submit\""));
    see(&maya, "/intelligence/1/change");
    send_form(&maya, "/intelligence/1/change", GRADES "text=Two+cars");
    assert_true(leads_done(&maya, "/intelligence/1", "saved"));
    see(&maya, "/intelligence");
    assert_true(says(&maya, "href=\"/intelligence/1\""));
    see(&maya, "/intelligence/1");
    assert_int_equal(send_form(&maya, "/intelligence/1", "do=submit&sure=1"), 403);
    see(&maya, "/intelligence/1");
    send_form(&maya, "/intelligence/1", "do=dispose");
    assert_true(leads_done(&maya, "/intelligence/1", "dispose"));
    see(&maya, "/intelligence/1");
    assert_true(says(&maya, "erased in the next night"));
    assert_ok(
        tf_db_execute(own->db, "UPDATE intelligence SET erased_at = 1, content = NULL", &error),
        &error);
    see(&asha, "/intelligence");
    assert_true(says(&asha, "Erased"));
    assert_false(says(&asha, "Draft"));
    browser_close(&maya);
    browser_close(&asha);
}

/* A practitioner is told the same whatever the text holds; who submits it is told what it does. */
static void a_practitioner_learns_nothing_of_the_sender_and_an_officer_is_warned(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser pravin;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    join_as(*state, &pravin, "Pravin Shah", "pravin@example.org", "practitioner");
    send_report(*state, code);
    see(&asha, "/concerns/1");
    send_form(&asha, "/concerns/1", "do=hand-over&colleague=2");
    see(&pravin, "/concerns/1");
    see(&pravin, "/concerns/1/intelligence");
    assert_false(says(&pravin, "Hettie"));
    send_form(&pravin, "/concerns/1/intelligence", GRADES "text=Quill+saw+it");
    assert_true(leads_done(&pravin, "/intelligence/1", "saved"));
    see(&pravin, "/intelligence/1");
    assert_true(says(&pravin, "An intake officer submits it, and checks first"));
    see(&asha, "/intelligence/1");
    assert_int_equal(send_form(&asha, "/intelligence/1", "do=submit"), 200);
    check_page(&asha);
    assert_true(says(&asha, "name is in the text: Quill saw it"));
    send_form(&asha, "/intelligence/1", "do=submit&sure=1");
    assert_true(leads_done(&asha, "/intelligence/1", "submit"));
    browser_close(&pravin);
    browser_close(&asha);
}

static void sharing_asks_for_what_was_not_chosen(void **state) {
    partnership *own = *state;
    tf_error error;
    browser asha;
    join_as(own, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    tf_organisation other = {.name = "Arden School",
                             .kind = "school",
                             .contact = "",
                             .started_on = TF_DAY_NONE,
                             .ended_on = TF_DAY_NONE};
    int64_t added;
    assert_ok(tf_organisation_add(own->access, &own->operator, & other, &added, &error), &error);
    see(&asha, "/intelligence/new");
    send_form(&asha, "/intelligence/new", GRADES "text=Parcels+are+left+there");
    see(&asha, "/intelligence/1");
    send_form(&asha, "/intelligence/1", "do=submit&sure=1");
    see(&asha, "/intelligence/1");
    assert_true(says(&asha, "<option value=\"\">Choose an organisation</option>"));
    assert_true(says(&asha, "Arden School (no agreement)"));
    assert_int_equal(send_form(&asha, "/intelligence/1", "do=share&organisation=&purpose="), 400);
    check_page(&asha);
    assert_true(says(&asha, "href=\"#organisation\""));
    assert_true(says(&asha, "href=\"#purpose\""));
    assert_false(says(&asha, "agreement in force between"));
    browser_close(&asha);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(intelligence_is_drafted_checked_submitted_and_corrected),
        partnership_test(intelligence_whose_time_is_over_is_reviewed),
        partnership_test(intelligence_is_shared_under_an_agreement_and_opened_for_a_purpose),
        partnership_test(a_form_tells_all_that_is_wrong_and_shows_what_was_reported),
        partnership_test(an_author_who_may_not_submit_writes_changes_and_discards),
        partnership_test(a_practitioner_learns_nothing_of_the_sender_and_an_officer_is_warned),
        partnership_test(sharing_asks_for_what_was_not_chosen),
    };
    return cmocka_run_group_tests_name("intelligence", tests, NULL, NULL);
}

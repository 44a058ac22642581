/* What becomes of a report in the browser: its sender with the receipt code, the officers with the
 * queue. */
#include "reports.h"

static void an_officer_works_a_report_through(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser tom;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    join_as(*state, &tom, "Tom Hughes", "tom@example.org", "intake-officer");
    send_report(*state, code);
    see(&asha, "/concerns");
    assert_true(says(&asha, "A child in danger now"));
    assert_true(says(&asha, "href=\"/concerns/1\""));
    assert_false(says(&asha, "chapel")); /* the queue opens nothing */
    see(&asha, "/concerns/1");
    assert_true(says(&asha, "Parcels &lt;b&gt;behind&lt;/b&gt; the chapel &amp; "));
    assert_true(says(&asha, "Hettie Quill"));
    send_form(&asha, "/concerns/1", "do=claim");
    assert_true(leads_done(&asha, "/concerns/1", "claim"));
    see(&asha, "/concerns/1");
    assert_true(says(&asha, "Claimed by Asha Patel"));
    send_form(&asha, "/concerns/1", "do=note&note=Rang+the+school");
    assert_true(leads_done(&asha, "/concerns/1", "note"));
    see(&asha, "/concerns/1");
    assert_true(says(&asha, "Rang the school"));
    assert_int_equal(send_form(&asha, "/concerns/1", "do=note&note=+"), 400);
    check_page(&asha);
    assert_true(says(&asha, "href=\"#note\""));
    assert_true(says(&asha, "Nothing was written"));
    assert_int_equal(send_form(&asha, "/concerns/1", "do=close"), 400);
    assert_true(says(&asha, "href=\"#close\""));
    assert_int_equal(send_form(&asha, "/concerns/1", "do=burn"), 400);
    see(&asha, "/concerns/1");
    send_form(&asha, "/concerns/1", "do=hand-over&colleague=2");
    assert_true(leads_done(&asha, "/concerns", "hand-over"));
    see(&tom, "/concerns?part=mine");
    assert_true(says(&tom, "href=\"/concerns/1\""));
    see(&tom, "/concerns/1");
    send_form(&tom, "/concerns/1", "do=close&reason=safeguarding");
    assert_true(leads_done(&tom, "/concerns/1", "close"));
    see(&tom, "/concerns/1");
    assert_true(says(&tom, "Safeguarding referral made"));
    see(&tom, "/concerns?part=closed");
    assert_true(says(&tom, "href=\"/concerns/1\""));
    see(&tom, "/concerns/1");
    send_form(&tom, "/concerns/1", "do=reopen");
    assert_true(leads_done(&tom, "/concerns/1", "reopen"));
    assert_int_equal(look(&tom, "/concerns/99"), 404);
    see(&tom, "/concerns/statistics");
    see(&tom, "/concerns/statistics?from=2020-01&to=2020-06");
    assert_true(says(&tom, "[c]"));
    assert_int_equal(look(&tom, "/concerns/statistics?from=2090-01"), 400);
    assert_int_equal(look(&tom, "/concerns/statistics?from=x"), 400);
    browser_close(&tom);
    browser_close(&asha);
}

static void a_report_says_who_has_seen_it_to_whoever_may_know(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser tom;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    join_as(*state, &tom, "Tom Hughes", "tom@example.org", "intake-officer");
    send_report(*state, code);
    see(&asha, "/concerns/1");
    see(&tom, "/concerns/1");
    assert_true(says(&tom, "Who has seen or changed it"));
    assert_true(says(&tom, "Asha Patel, Larkenshire Council"));
    assert_true(says(&tom, "Read report of concern 1"));
    assert_null(strstr(tom.page.body, "href=\"/audit?account="));
    see(&tom, "/concerns/1"); /* a look at the audit is no look at the report */
    assert_false(says(&tom, "Read the audit"));
    browser_close(&tom);
    browser_close(&asha);
}

/* A request of a method, with a header more. */
static int request_by(browser *own, const char *method, const char *path, const char *header) {
    char request[1000];
    snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n", method, path,
             header, cookie_lines(own));
    take_page(own, ask(own->home->served, request));
    return own->page.status;
}

/* A report is seen by whoever looks at it, and not by a program that follows a link. */
static void a_report_that_nobody_looked_at_stays_unseen(void **state) {
    partnership *home = *state;
    static const char unseen[] = "SELECT count(*) FROM response WHERE first_seen_at IS NULL";
    char code[TF_RECEIPT_SIZE];
    browser asha;
    join_as(home, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(home, code);
    assert_int_equal(request_by(&asha, "HEAD", "/concerns/1", ""), 200);
    assert_int_equal(count_of(home, unseen), 1);
    assert_int_equal(request_by(&asha, "GET", "/concerns/1", "Sec-Fetch-Site: cross-site\r\n"),
                     200);
    assert_true(says(&asha, "What was reported"));
    assert_int_equal(count_of(home, unseen), 1);
    assert_int_equal(request_by(&asha, "GET", "/concerns/1", "Sec-Fetch-Site: same-origin\r\n"),
                     200);
    assert_int_equal(count_of(home, unseen), 0);
    browser_close(&asha);
}

static void sender_and_officer_write_to_each_other(void **state) {
    char code[TF_RECEIPT_SIZE];
    char body[300];
    browser asha;
    browser sender = {.home = *state};
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(*state, code);
    see(&asha, "/concerns/1");
    send_form(&asha, "/concerns/1", "do=ask&ask=Which+chapel%3F%0ANorth+or+south%3F");
    assert_true(leads_done(&asha, "/concerns/1", "ask"));
    see(&sender, "/report");
    assert_true(says(&sender, "href=\"/report/receipt\""));
    see(&sender, "/report/receipt");
    assert_true(says(&sender, "href=\"tel:999\""));
    snprintf(body, sizeof body, "code=%s", code);
    assert_int_equal(post(&sender, "/report/receipt", body), 200);
    check_page(&sender);
    assert_true(says(&sender, "An officer has read it"));
    assert_true(says(&sender, "Which chapel?<br>North or south?"));
    assert_false(says(&sender, "Asha"));
    assert_false(says(&sender, "chapel &amp;")); /* what was reported is not shown again */
    snprintf(body, sizeof body, "code=%s&do=write&text=", code);
    assert_int_equal(post(&sender, "/report/receipt", body), 400);
    check_page(&sender);
    assert_true(says(&sender, "Enter what you want to say"));
    snprintf(body, sizeof body, "code=%s&do=write&text=The+%%3Cb%%3Enorth+one", code);
    assert_int_equal(post(&sender, "/report/receipt", body), 200);
    assert_int_equal(post(&sender, "/report/receipt", body), 200); /* as a reload does */
    assert_true(says(&sender, "Your message was sent"));
    see(&asha, "/concerns");
    assert_true(says(&asha, "Message"));
    see(&asha, "/concerns/1");
    const char *first = strstr(asha.page.body, "The &lt;b&gt;north one");
    assert_non_null(first);
    assert_null(strstr(first + 30, "north one"));
    /* Nothing was put into a cookie or an address. */
    assert_string_equal(sender.session, "");
    assert_string_equal(sender.draft, "");
    assert_null(strstr(sender.page.head, "Location"));
    browser_close(&sender);
    browser_close(&asha);
}

static void a_receipt_is_welsh_where_welsh_was_chosen(void **state) {
    static const char path[] = "/report/receipt?language=cy";
    char code[TF_RECEIPT_SIZE];
    char body[300];
    browser asha;
    browser sender = {.home = *state};
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(*state, code);
    see(&sender, path);
    assert_true(says(&sender, "<html lang=\"cy\""));
    assert_true(says(&sender, "Cod derbynneb"));
    assert_true(says(&sender, "action=\"/report/receipt?language=cy\""));
    assert_true(says(&sender, "href=\"/report/receipt\""));
    assert_int_equal(post(&sender, path, "code=x"), 400);
    check_page(&sender);
    assert_true(says(&sender, "<title>Gwall: Dod yn"));
    assert_true(says(&sender, "Nid oes adroddiad gyda"));
    snprintf(body, sizeof body, "code=%s", code);
    assert_int_equal(post(&sender, path, body), 200);
    check_page(&sender);
    assert_true(says(&sender, "Yn aros i gael ei ddarllen gan swyddog"));
    /* The other language asks with the code again, which stands in no address. */
    assert_true(says(&sender, "<form action=\"/report/receipt\" method=\"post\">"));
    assert_true(says(&sender, "lang=\"en\">English<"));
    snprintf(body, sizeof body, "code=%s&do=write&text=", code);
    assert_int_equal(post(&sender, path, body), 400);
    assert_true(says(&sender, "Rhowch yr hyn rydych am ei ddweud"));
    snprintf(body, sizeof body, "code=%s&do=write&text=Dyna+fo", code);
    assert_int_equal(post(&sender, path, body), 200);
    assert_true(says(&sender, "Anfonwyd eich neges"));
    assert_true(says(&sender, "Llwyddiant"));
    assert_false(says(&sender, "Success"));
    see(&asha, "/concerns/1");
    send_form(&asha, "/concerns/1", "do=close&reason=not-genuine");
    snprintf(body, sizeof body, "code=%s", code);
    assert_int_equal(post(&sender, path, body), 200);
    check_page(&sender);
    assert_true(says(&sender, "Edrychom ar eich adroddiad a"));
    assert_true(says(&sender, "Ni ellir ychwanegu dim ato mwyach"));
    assert_false(says(&sender, "We looked"));
    assert_int_equal(post(&sender, "/report/receipt", body), 200);
    assert_true(says(&sender, "We looked at your report and closed it."));
    browser_close(&sender);
    browser_close(&asha);
}

static void codes_that_are_wrong_are_all_answered_alike(void **state) {
    static const char *const bodies[] = {"",
                                         "code=",
                                         "code=0000-0000-0000-0000",
                                         "code=x",
                                         "code=0000-0000-0000-0000&do=write&text=hello",
                                         "code=%27+OR+1=1",
                                         "code=0000-0000-0000-0000-0000-0000-0000-0000-0000-0000"};
    browser sender = {.home = *state};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        assert_int_equal(post(&sender, "/report/receipt", bodies[i]), 400);
        check_page(&sender);
        assert_true(says(&sender, "There is no report with this code"));
        assert_true(says(&sender, "There is a problem"));
    }
    int busy = 0;
    for (int i = 0; i < 150; i++) {
        busy += post(&sender, "/report/receipt", "code=0000-0000-0000-0000") == 503;
    }
    assert_true(busy > 0);
    browser_close(&sender);
}

static void only_officers_see_reports(void **state) {
    static const char *const paths[] = {"/concerns", "/concerns/1", "/concerns/1/intelligence",
                                        "/intelligence", "/intelligence/1"};
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser bea;
    browser nobody = {.home = *state};
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    join_as(*state, &bea, "Bea Holt", "bea@example.org", "data-lead");
    send_report(*state, code);
    look(&bea, "/account");
    assert_false(says(&bea, "href=\"/concerns\""));
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        assert_int_equal(look(&nobody, paths[i]), 303);
        int status = look(&bea, paths[i]);
        assert_true(status == 403 || status == 404);
    }
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/concerns/1", "do=claim"), 403);
    look(&bea, "/account");
    assert_int_equal(send_form(&bea, "/concerns", "colleague=1"), 403);
    look(&bea, "/account");
    assert_int_equal(
        send_form(&bea, "/concerns/1/intelligence", "source=1&information=A&handling=P&text=x"),
        403);
    /* And a form without its mark is taken from nobody. */
    look(&asha, "/concerns/1");
    assert_int_equal(post(&asha, "/concerns/1", "do=claim"), 403);
    browser_close(&nobody);
    browser_close(&bea);
    browser_close(&asha);
}

static void what_is_written_in_one_text_is_there_when_the_other_was_sent(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(*state, code);
    see(&asha, "/concerns/1");
    assert_int_equal(send_form(&asha, "/concerns/1", "do=ask&ask=Which+chapel&note=Half+a+note"),
                     200);
    check_page(&asha);
    assert_true(says(&asha, "Your message is kept for the sender"));
    assert_true(says(&asha, ">Half a note</textarea>"));
    assert_false(says(&asha, ">Which chapel</textarea>"));
    assert_int_equal(send_form(&asha, "/concerns/1", "do=note&ask=Half+a+question&note=+"), 400);
    check_page(&asha);
    assert_true(says(&asha, ">Half a question</textarea>"));
    send_form(&asha, "/concerns/1", "do=note&ask=+&note=Half+a+note");
    assert_true(leads_done(&asha, "/concerns/1", "note"));
    browser_close(&asha);
}

static void nobody_is_chosen_until_somebody_chooses(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser tom;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(*state, code);
    join_as(*state, &tom, "Tom Hughes", "tom@example.org", "intake-officer");
    see(&asha, "/concerns/1");
    assert_true(says(&asha, "<option value=\"\">Choose a colleague</option>"));
    assert_int_equal(send_form(&asha, "/concerns/1", "do=hand-over&colleague="), 400);
    check_page(&asha);
    assert_true(says(&asha, "href=\"#hand-over\""));
    assert_int_equal(send_form(&asha, "/concerns/1", "do=add-reader"), 400);
    assert_true(says(&asha, "href=\"#add-reader\""));
    see(&asha, "/concerns");
    assert_int_equal(send_form(&asha, "/concerns", "colleague="), 400);
    check_page(&asha);
    assert_true(says(&asha, "href=\"#colleague\""));
    /* Once more, with the name and the number. */
    assert_int_equal(send_form(&asha, "/concerns", "colleague=2"), 200);
    check_page(&asha);
    assert_true(says(&asha, "Do you want to add Tom Hughes to 1 open report?"));
    assert_int_equal(look(&tom, "/concerns/1"), 403);
    assert_int_equal(send_form(&asha, "/concerns", "colleague=2&sure=1"), 303);
    see(&tom, "/concerns/1");
    see(&asha, "/concerns");
    assert_int_equal(send_form(&asha, "/concerns", "colleague=2"), 400);
    assert_true(says(&asha, "Tom Hughes can open all open reports that you can open"));
    browser_close(&tom);
    browser_close(&asha);
}

static void clocks_are_told_apart_and_one_that_has_run_out_says_so(void **state) {
    partnership *own = *state;
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    browser asha;
    join_as(own, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(own, code);
    see(&asha, "/concerns");
    assert_true(says(&asha, "1, within 1 hour: A child in danger now"));
    assert_false(says(&asha, "Overdue"));
    assert_ok(tf_db_execute(own->db,
                            "UPDATE response SET received_at = received_at - 18000000000, "
                            "due_at = received_at - 3600000000",
                            &error),
              &error);
    see(&asha, "/concerns");
    assert_true(says(&asha, "1, within 4 hours"));
    assert_true(says(&asha, "Overdue"));
    assert_true(says(&asha, "New")); /* beside the state */
    see(&asha, "/concerns/1");
    assert_true(says(&asha, "Overdue"));
    see(&asha, "/concerns/1"); /* now somebody has looked */
    assert_false(says(&asha, "Overdue"));
    browser_close(&asha);
}

static void a_practitioner_is_told_what_is_not_shown(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    browser pravin;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    join_as(*state, &pravin, "Pravin Shah", "pravin@example.org", "practitioner");
    send_report(*state, code);
    see(&asha, "/concerns/1");
    send_form(&asha, "/concerns/1", "do=note&note=Caller+is+Hettie");
    see(&asha, "/concerns/1");
    send_form(&asha, "/concerns/1", "do=hand-over&colleague=2");
    see(&pravin, "/concerns/1");
    assert_false(says(&pravin, "Hettie"));
    assert_true(says(&pravin, "Messages of the sender and notes of others are not shown"));
    assert_false(says(&pravin, "Ask or tell the sender"));
    assert_true(says(&pravin, "Note for officers"));
    browser_close(&pravin);
    browser_close(&asha);
}

static void statistics_of_a_few_reports_are_a_few_sentences(void **state) {
    char code[TF_RECEIPT_SIZE];
    browser asha;
    join_as(*state, &asha, "Asha Patel", "asha@example.org", "intake-officer");
    send_report(*state, code);
    see(&asha, "/concerns/statistics?from=2020-01&to=2020-03");
    assert_true(says(&asha, "All numbers of this table are hidden."));
    assert_false(says(&asha, "<table"));
    assert_true(says(&asha, "These are the reports of January 2020 to March 2020"));
    assert_true(says(&asha, "is not in yet"));
    browser_close(&asha);
}

static void a_new_colleague_opens_nothing_until_they_are_confirmed(void **state) {
    partnership *home = *state;
    browser ines, omar = {.home = home};
    app codes;
    char code[TF_RECEIPT_SIZE];
    join_as(home, &ines, "Ines Okoro", "ines@example.org", "intake-officer");
    join_unconfirmed(&omar, &codes,
                     invite(home, "Omar <b>Reed</b>", "omar@example.org", "intake-officer"));
    send_report(home, code);
    assert_int_equal(look(&omar, "/concerns"), 200);
    assert_true(says(&omar, "Nothing is sealed to you yet"));
    assert_true(says(&omar, "Ask Ines Okoro."));
    assert_false(says(&omar, "/colleagues/confirm"));
    assert_int_equal(look(&omar, "/concerns/1"), 403);
    assert_int_equal(look(&ines, "/concerns"), 200);
    assert_false(says(&ines, "Omar <b>"));
    assert_true(says(&ines, "is not confirmed yet"));
    assert_true(says(&ines, "by operator "));
    assert_true(says(&ines, "first of your organisation"));
    assert_int_equal(send_form(&ines, "/concerns", "colleague=2"), 404); /* not before */
    assert_true(says(&ines, "not confirmed"));
    assert_int_equal(send_form(&ines, "/colleagues/confirm", "colleague=2"), 200);
    assert_true(says(&ines, "Do you know that this is"));
    assert_int_equal(look(&omar, "/concerns"), 200);
    assert_int_equal(send_form(&omar, "/colleagues/confirm", "colleague=2&sure=1"), 403);
    assert_int_equal(look(&ines, "/concerns"), 200);
    assert_int_equal(send_form(&ines, "/colleagues/confirm", "colleague=9"), 404);
    assert_int_equal(send_form(&ines, "/colleagues/confirm", "colleague=2&sure=1"), 303);
    assert_true(leads_done(&ines, "/concerns", "confirm"));
    assert_int_equal(look(&ines, "/concerns?done=confirm"), 200);
    assert_true(says(&ines, "Your colleague is confirmed"));
    assert_false(says(&ines, "/colleagues/confirm"));
    assert_int_equal(send_form(&ines, "/concerns", "colleague=2&sure=1"), 303);
    assert_int_equal(look(&omar, "/concerns/1"), 200);
    browser_close(&ines);
    browser_close(&omar);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(an_officer_works_a_report_through),
        partnership_test(a_report_says_who_has_seen_it_to_whoever_may_know),
        partnership_test(a_report_that_nobody_looked_at_stays_unseen),
        partnership_test(a_new_colleague_opens_nothing_until_they_are_confirmed),
        partnership_test(sender_and_officer_write_to_each_other),
        partnership_test(a_receipt_is_welsh_where_welsh_was_chosen),
        partnership_test(codes_that_are_wrong_are_all_answered_alike),
        partnership_test(only_officers_see_reports),
        partnership_test(what_is_written_in_one_text_is_there_when_the_other_was_sent),
        partnership_test(nobody_is_chosen_until_somebody_chooses),
        partnership_test(clocks_are_told_apart_and_one_that_has_run_out_says_so),
        partnership_test(a_practitioner_is_told_what_is_not_shown),
        partnership_test(statistics_of_a_few_reports_are_a_few_sentences),
    };
    return cmocka_run_group_tests_name("concerns", tests, NULL, NULL);
}

/* What becomes of a report in the browser: its sender with the receipt code, the officers with the
 * queue, intelligence made of it. */
#include "partnership.h"

#include "html_tree.h"

#include "intake/answers.h"
#include "intake/response.h"

static const char details[] = "Parcels <b>behind</b> the chapel & \"more\"";

/* A report that somebody sent; gives its receipt code. */
static void send_report(partnership *own, char code[TF_RECEIPT_SIZE]) {
    tf_error error;
    tf_answers answers;
    tf_arena *arena = tf_arena_new();
    const tf_form_definition *form = tf_pack_form_find(own->pack, tf_text_of("report"));
    assert_ok(tf_answers_new(form, TF_ENGLISH, arena, &answers, &error), &error);
    const tf_text what = tf_text_of("child");
    const tf_text danger = tf_text_of("now");
    const tf_text told = tf_text_of(details);
    const tf_text contact[] = {tf_text_of("Hettie Quill"), tf_text_of("01632 960123"),
                               tf_text_of("")};
    const tf_text yes = tf_text_of("yes");
    const struct {
        const char *name;
        tf_answer_texts texts;
    } given[] = {{"what", {&what, 1}},
                 {"child_danger", {&danger, 1}},
                 {"details", {&told, 1}},
                 {"safe", {&yes, 1}},
                 {"contact", {contact, 3}}};
    for (size_t i = 0; i < COUNT_OF(given); i++) {
        answers.values[tf_form_question(form, given[i].name)] = given[i].texts;
    }
    tf_actor public = tf_actor_public();
    assert_ok(tf_response_submit(own->access, &public, &answers, (tf_text){0}, code, NULL, &error),
              &error);
    tf_arena_free(arena);
}

static void join_as(partnership *home, browser *own, const char *name, const char *email,
                    const char *role) {
    app codes;
    *own = (browser){.home = home};
    join(own, &codes, invite(home, name, email, role));
}

static int post(browser *own, const char *path, const char *body) {
    return send_raw(own, path, "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", body);
}

/* A page is whole, kept by nobody, and nothing within it runs. */
static void check_page(const browser *own) {
    assert_null(strstr(own->page.body, "<b>behind</b>"));
    assert_null(strstr(own->page.body, " style="));
    assert_true(reply_says(&own->page, "Cache-Control", "no-store"));
    tf_buffer tree;
    tf_buffer_init(&tree);
    html_tree_append((tf_text){own->page.body, own->page.length}, &tree);
    if (strstr(tree.data, "not well-formed") || strstr(tree.data, "without its")) {
        fail_msg("the page is not well-formed:\n%s", tree.data);
    }
    tf_buffer_deinit(&tree);
}

static void see(browser *own, const char *path) {
    if (look(own, path) != 200) {
        fail_msg("%s answers %d, to %s", path, own->page.status, own->page.head);
    }
    check_page(own);
}

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
    send_form(&asha, "/concerns/1", "do=note&text=Rang+the+school");
    assert_true(leads_done(&asha, "/concerns/1", "note"));
    see(&asha, "/concerns/1");
    assert_true(says(&asha, "Rang the school"));
    assert_int_equal(send_form(&asha, "/concerns/1", "do=note&text=+"), 400);
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

static int64_t count_of(const partnership *own, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(own->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t count = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return count;
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
    send_form(&asha, "/concerns/1", "do=ask&text=Which+chapel%3F%0ANorth+or+south%3F");
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
        /* The empty form of a draft holds nothing; saving it is refused. */
        assert_true(status == 403 || status == 404 || i == 2);
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
    assert_int_equal(send_form(&asha, "/intelligence/1/change", GRADES "text=y"), 400);
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
    browser_close(&cerys);
    browser_close(&asha);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(an_officer_works_a_report_through),
        partnership_test(a_report_says_who_has_seen_it_to_whoever_may_know),
        partnership_test(a_report_that_nobody_looked_at_stays_unseen),
        partnership_test(sender_and_officer_write_to_each_other),
        partnership_test(a_receipt_is_welsh_where_welsh_was_chosen),
        partnership_test(codes_that_are_wrong_are_all_answered_alike),
        partnership_test(only_officers_see_reports),
        partnership_test(intelligence_is_drafted_checked_submitted_and_corrected),
        partnership_test(intelligence_whose_time_is_over_is_reviewed),
        partnership_test(intelligence_is_shared_under_an_agreement_and_opened_for_a_purpose),
    };
    return cmocka_run_group_tests_name("concerns", tests, NULL, NULL);
}

/* The form to report a concern, filled in over a socket as people do, and as attackers do. */
#include "partnership.h"

#include "html_tree.h"

#include "intake/draft.h"

#define SCRIPT "%3Cscript%3Ealert(1)%3C/script%3E"

/* Somebody of the intake officers, without whom no report can be sent. */
static void let_an_officer_join(partnership *own) {
    browser officer = {.home = own};
    app codes;
    join(&officer, &codes, invite(own, "Ines Okoro", "ines@example.org", "intake-officer"));
    browser_close(&officer);
}

static int post(browser *own, const char *path, const char *body) {
    return send_raw(own, path, "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", body);
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at++) {
        count++;
    }
    return count;
}

/* A page is whole, has one h1, the number to call and the way out, and nothing within it runs. */
static void check_page(const browser *own) {
    const char *body = own->page.body;
    assert_int_equal(count_of(body, "<h1"), 1);
    assert_int_equal(count_of(body, "<main"), 1);
    assert_int_equal(count_of(body, "href=\"tel:999\""), 1);
    assert_int_equal(count_of(body, "govuk-exit-this-page__button"), 1);
    assert_int_equal(count_of(body, " style="), 0);
    assert_int_equal(count_of(body, "<script"),
                     count_of(body, "<script type=\"module\" src=\"/assets/"));
    assert_true(strstr(body, "tel:999") < strstr(body, "<h1"));
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

/* Answer a page that leads to another. */
static void answer(browser *own, const char *page, const char *body, const char *next) {
    char path[100];
    char wanted[100];
    snprintf(path, sizeof path, "/report/%s", page);
    snprintf(wanted, sizeof wanted, "/report/%s", next);
    see(own, path);
    post(own, path, body);
    if (!leads_to(own, wanted)) {
        fail_msg("%s leads not to %s: %s", path, wanted, own->page.head);
    }
}

static void fill_in(browser *own, const char *details) {
    answer(own, "what", "what=dealing", "details");
    answer(own, "details", details, "where");
    answer(own, "where", "where=High+Street", "when");
    answer(own, "when", "when=now", "who");
    answer(own, "who", "who=Two+men&vehicles=A+red+van", "safe");
    answer(own, "safe", "safe=no", "check");
}

static int64_t count_rows(partnership *own, const char *table) {
    char sql[100];
    tf_error error;
    tf_statement *statement;
    bool has_row;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    assert_ok(tf_db_prepare(own->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t count = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return count;
}

static void a_report_is_filled_in_checked_and_sent_once(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    let_an_officer_join(own);
    see(&anyone, "/report");
    assert_true(says(&anyone, "href=\"/report/what\""));
    fill_in(&anyone, "details=They+sell+at+night");
    see(&anyone, "/report/check");
    assert_true(says(&anyone, "They sell at night"));
    assert_true(says(&anyone, "Someone is selling drugs"));
    assert_true(says(&anyone, "href=\"/report/where?change=where\""));
    assert_int_equal(count_rows(own, "response"), 0);
    char draft[80];
    snprintf(draft, sizeof draft, "%s", anyone.draft);
    post(&anyone, "/report/check", "");
    assert_true(leads_to(&anyone, "/report/done"));
    assert_int_equal(count_rows(own, "response"), 1);
    see(&anyone, "/report/done");
    assert_true(says(&anyone, "Your receipt code"));
    const char *code = strstr(anyone.page.body, "<strong>");
    assert_non_null(code);
    assert_int_equal(strcspn(code + 8, "<"), TF_RECEIPT_SIZE - 1);
    assert_string_equal(anyone.draft, "");
    /* It is shown once, and kept nowhere after that. */
    assert_int_equal(count_rows(own, "form_draft"), 0);
    see(&anyone, "/report/done");
    assert_false(says(&anyone, "Your receipt code"));
    snprintf(anyone.draft, sizeof anyone.draft, "%s", draft);
    see(&anyone, "/report/done");
    assert_false(says(&anyone, "Your receipt code"));
    assert_int_equal(post(&anyone, "/report/check", ""), 410);
    assert_int_equal(count_rows(own, "response"), 1);
    browser_close(&anyone);
}

static void what_is_not_asked_cannot_be_reached(void **state) {
    browser anyone = {.home = *state};
    assert_int_equal(look(&anyone, "/report/check"), 410);
    check_page(&anyone);
    assert_int_equal(look(&anyone, "/report/where"), 410);
    assert_int_equal(look(&anyone, "/report/nothing"), 404);
    assert_int_equal(look(&anyone, "/forms/nothing"), 404);
    assert_int_equal(look(&anyone, "/forms/report"), 200);
    answer(&anyone, "what", "what=line&what=child", "child");
    look(&anyone, "/report/travel");
    assert_true(leads_to(&anyone, "/report/child"));
    look(&anyone, "/report/check");
    assert_true(leads_to(&anyone, "/report/child"));
    answer(&anyone, "child", "child_danger=unsure", "child-about");
    answer(&anyone, "child-about", "child_about=Sam,+about+12", "line");
    answer(&anyone, "line", "line_number=07700+900", "details");
    browser_close(&anyone);
}

/* Of 999 and 101 in full, where somebody may be in danger; elsewhere a line says 999, so that the
 * question is to be seen at once. */
static bool has_emergency_in_full(const browser *own) {
    return count_of(own->page.body, "href=\"tel:101\"") == 1;
}

static void danger_is_told_in_full_where_it_is_asked_about(void **state) {
    browser anyone = {.home = *state};
    let_an_officer_join(*state);
    see(&anyone, "/report");
    assert_true(has_emergency_in_full(&anyone));
    see(&anyone, "/report/what");
    assert_false(has_emergency_in_full(&anyone));
    assert_true(says(&anyone, "In danger? Call "));
    answer(&anyone, "what", "what=child", "child");
    see(&anyone, "/report/child");
    assert_true(has_emergency_in_full(&anyone));
    /* What is wrong comes before all else in the main part. */
    assert_int_equal(post(&anyone, "/report/child", ""), 400);
    assert_true(strstr(anyone.page.body, "govuk-error-summary") >
                strstr(anyone.page.body, "<main"));
    assert_true(strstr(anyone.page.body, "govuk-error-summary") <
                strstr(anyone.page.body, "tel:999"));
    /* A danger now leads to what to do now, in both languages, and then on. */
    answer(&anyone, "child", "child_danger=now", "child-now");
    see(&anyone, "/report/child-now");
    assert_true(has_emergency_in_full(&anyone));
    assert_true(says(&anyone, "<h1 class=\"govuk-heading-l\">Call 999 now</h1>"));
    assert_true(says(&anyone, "This form is not watched round the clock."));
    see(&anyone, "/report/child-now?language=cy");
    assert_true(says(&anyone, ">Ffoniwch 999 nawr</h1>"));
    answer(&anyone, "child-now", "", "child-about");
    see(&anyone, "/report/child-about");
    assert_true(strstr(anyone.page.body, "0800 1111") > strstr(anyone.page.body, "<h1"));
    answer(&anyone, "child", "child_danger=not-now", "child-about");
    browser_close(&anyone);
}

static void a_place_is_chosen_and_shown_in_words(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    tf_error error;
    assert_ok(tf_db_execute(own->db,
                            "INSERT INTO batch (id, feed, file, sha256, publisher, started_at)"
                            " VALUES (1, 'areas', 'a', '', 'b', 0);"
                            "INSERT INTO layer (name, title) VALUES ('small-area', 'small-area');"
                            "INSERT INTO area (layer, code, label, centroid_longitude,"
                            " centroid_latitude, batch_id) VALUES"
                            " ('small-area', 'X1', 'Larken 001A', -2.39, 53.6, 1)",
                            &error),
              &error);
    answer(&anyone, "what", "what=dealing", "details");
    answer(&anyone, "details", "details=x", "where");
    assert_int_equal(post(&anyone, "/report/where", "where=Larken"), 200);
    check_page(&anyone);
    assert_true(says(&anyone, ">neighbourhood</div>"));
    assert_false(says(&anyone, ">small-area<"));
    assert_int_equal(post(&anyone, "/report/where?language=cy", "where=Larken"), 200);
    assert_true(says(&anyone, ">cymdogaeth</div>"));
    answer(&anyone, "where", "where=Larken&where-found=Larken&where-choice=X1", "when");
    answer(&anyone, "when", "when=now", "who");
    answer(&anyone, "who", "", "safe");
    answer(&anyone, "safe", "safe=no", "check");
    see(&anyone, "/report/check");
    assert_true(says(&anyone, "on the map, to about 1 kilometre"));
    assert_false(says(&anyone, "53.60"));
    answer(&anyone, "where", "where=&where-latitude=53.6&where-longitude=-2.39", "when");
    see(&anyone, "/report/check");
    assert_true(says(&anyone, "near 53.60, -2.39"));
    browser_close(&anyone);
}

static void the_report_is_named_once_and_found_from_the_first_page(void **state) {
    browser anyone = {.home = *state};
    let_an_officer_join(*state);
    see(&anyone, "/report");
    assert_true(says(&anyone, "<title>Report a concern about drugs \xE2\x80\x93 Trefoil</title>"));
    assert_int_equal(look(&anyone, "/"), 200);
    const char *way = strstr(anyone.page.body, "href=\"/report\" role=\"button\"");
    const char *setting_up = strstr(anyone.page.body, "If you set this site up");
    assert_true(way && setting_up && way < setting_up);
    browser_close(&anyone);
}

static void errors_are_told_above_and_beside_with_what_was_typed(void **state) {
    browser anyone = {.home = *state};
    assert_int_equal(post(&anyone, "/report/what", ""), 400);
    check_page(&anyone);
    assert_true(says(&anyone, "<title>Error: What is happening?"));
    assert_true(says(&anyone, "<a href=\"#what\">Select what is happening</a>"));
    assert_string_equal(anyone.draft, "");
    assert_int_equal(post(&anyone, "/report/what", "what=%3Cb%3E"), 400);
    assert_true(says(&anyone, "Select an answer from the list"));
    answer(&anyone, "what", "what=other", "details");
    answer(&anyone, "details", "details=x", "where");
    answer(&anyone, "where", "", "when");
    answer(&anyone, "when", "when=once", "last");
    assert_int_equal(post(&anyone, "/report/last", "last-day=31&last-month=2&last-year=2026"), 400);
    check_page(&anyone);
    assert_true(says(&anyone, "The date you last saw it must be a real date"));
    assert_true(says(&anyone, "value=\"31\""));
    assert_int_equal(post(&anyone, "/report/last", "last-day=&last-month=2&last-year=2026"), 400);
    assert_true(says(&anyone, "must include a day"));
    assert_int_equal(post(&anyone, "/report/last", "last-day=1&last-month=Feb&last-year=2199"),
                     400);
    assert_true(says(&anyone, "must be today or in the past"));
    answer(&anyone, "last", "last-day=1&last-month=February&last-year=2026", "who");
    answer(&anyone, "who", "", "safe");
    answer(&anyone, "safe", "safe=yes", "contact");
    assert_int_equal(post(&anyone, "/report/contact", "contact-email=nobody&contact-name=A"), 400);
    assert_true(says(&anyone, "<a href=\"#contact-email\">Enter an email address"));
    assert_true(says(&anyone, "value=\"nobody\""));
    answer(&anyone, "contact", "contact-telephone=07700+900982", "check");
    see(&anyone, "/report/check");
    assert_true(says(&anyone, "1 February 2026"));
    assert_true(says(&anyone, "07700 900982"));
    browser_close(&anyone);
}

static void a_change_comes_back_to_the_check(void **state) {
    browser anyone = {.home = *state};
    fill_in(&anyone, "details=x");
    see(&anyone, "/report/who?change=who");
    assert_true(says(&anyone, "Two men"));
    assert_true(says(&anyone, "action=\"/report/who?change=who\""));
    assert_true(says(&anyone, "href=\"/report/check\""));
    post(&anyone, "/report/who?change=who", "who=One+man");
    assert_true(leads_to(&anyone, "/report/check"));
    /* What a change newly asks for comes before the check. */
    post(&anyone, "/report/what?change=what", "what=child&what=line&what=travel");
    assert_true(leads_to(&anyone, "/report/child?change=what"));
    post(&anyone, "/report/child?change=what", "child_danger=now");
    assert_true(leads_to(&anyone, "/report/child-now?change=what"));
    post(&anyone, "/report/child-now?change=what", "");
    assert_true(leads_to(&anyone, "/report/child-about?change=what"));
    post(&anyone, "/report/child-about?change=what", "");
    assert_true(leads_to(&anyone, "/report/line?change=what"));
    post(&anyone, "/report/line?change=what", "line_number=07700");
    assert_true(leads_to(&anyone, "/report/travel?change=what"));
    post(&anyone, "/report/travel?change=what", "travel_how=train");
    assert_true(leads_to(&anyone, "/report/check"));
    see(&anyone, "/report/check");
    assert_true(says(&anyone, "One man"));
    assert_true(says(&anyone, "By train"));
    /* What it does not ask any more is gone. */
    post(&anyone, "/report/what?change=what", "what=line");
    assert_true(leads_to(&anyone, "/report/check"));
    see(&anyone, "/report/check");
    assert_false(says(&anyone, "By train"));
    browser_close(&anyone);
}

static void a_script_in_any_text_is_shown_as_text(void **state) {
    browser anyone = {.home = *state};
    let_an_officer_join(*state);
    answer(&anyone, "what", "what=child&what=line", "child");
    answer(&anyone, "child", "child_danger=unsure", "child-about");
    answer(&anyone, "child-about", "child_about=" SCRIPT, "line");
    answer(&anyone, "line", "line_number=" SCRIPT, "details");
    answer(&anyone, "details", "details=" SCRIPT, "where");
    answer(&anyone, "where", "where=" SCRIPT, "when");
    answer(&anyone, "when", "when=now", "who");
    answer(&anyone, "who", "who=" SCRIPT "&vehicles=" SCRIPT, "safe");
    answer(&anyone, "safe", "safe=yes", "contact");
    assert_int_equal(
        post(&anyone, "/report/contact", "contact-name=" SCRIPT "&contact-email=" SCRIPT), 400);
    check_page(&anyone);
    assert_int_equal(count_of(anyone.page.body, "alert(1)"), 2);
    answer(&anyone, "contact", "contact-name=" SCRIPT, "check");
    see(&anyone, "/report/check");
    assert_int_equal(count_of(anyone.page.body, "&lt;script&gt;alert(1)&lt;/script&gt;"), 7);
    see(&anyone, "/report/who");
    see(&anyone, "/report/where");
    browser_close(&anyone);
}

static void the_frame_speaks_welsh_where_the_form_does(void **state) {
    browser anyone = {.home = *state};
    let_an_officer_join(*state);
    see(&anyone, "/report?language=cy");
    assert_true(says(&anyone, "<html lang=\"cy\""));
    assert_true(says(&anyone, "href=\"/report/what?language=cy\""));
    assert_true(says(&anyone, "Neidio i&#39;r prif gynnwys") ||
                says(&anyone, "Neidio i'r prif gynnwys"));
    assert_true(says(&anyone, "Gadael y dudalen hon"));
    assert_false(says(&anyone, "Skip to main"));
    assert_int_equal(post(&anyone, "/report/what?language=cy", ""), 400);
    assert_true(says(&anyone, "<title>Gwall: Beth sy"));
    assert_true(says(&anyone, "Dewiswch beth sy"));
    assert_true(says(&anyone, "Mae problem"));
    post(&anyone, "/report/what?language=cy", "what=dealing");
    assert_true(leads_to(&anyone, "/report/details?language=cy"));
    look(&anyone, "/report/what?language=xx");
    assert_true(says(&anyone, "<html lang=\"en\""));
    browser_close(&anyone);
}

/* None of the frame's English words, wherever the visit leads. */
static void check_welsh(const browser *own) {
    static const char *const english[] = {
        "Continue",        "Skip to",    "Back",     "Error:",
        "There is a",      "Sent",       "Send",     "Accessibility",
        "Page not found",  "report",     "The form", "Call ",
        "In an emergency", "About this", "stored",   "minute"};
    /* Of what stands within elements, not of addresses and classes. */
    const char *at = strstr(own->page.body, "<body");
    assert_true(says(own, "<html lang=\"cy\""));
    assert_non_null(at);
    while ((at = strchr(at, '>'))) {
        at++;
        size_t length = strcspn(at, "<");
        for (size_t i = 0; i < COUNT_OF(english); i++) {
            if (memmem(at, length, english[i], strlen(english[i]))) {
                fail_msg("the page says \"%.*s\"", (int)length, at);
            }
        }
    }
}

static void refusals_and_faults_speak_the_language_of_the_form(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    assert_int_equal(look(&anyone, "/report/nothing?language=cy"), 404);
    check_page(&anyone);
    check_welsh(&anyone);
    assert_int_equal(look(&anyone, "/report/check?language=cy"), 410);
    check_page(&anyone);
    check_welsh(&anyone);
    fill_in(&anyone, "details=x");
    assert_int_equal(post(&anyone, "/report/check?language=cy", ""), 503);
    check_page(&anyone);
    check_welsh(&anyone);
    assert_true(says(&anyone, "Ni all neb yma agor adroddiadau"));
    let_an_officer_join(own);
    tf_error error;
    assert_ok(tf_db_execute(own->db,
                            "INSERT INTO setting VALUES ('report-most-per-hour', '1');"
                            "INSERT INTO recent_count (name, period, count) VALUES"
                            " ('form:report', unixepoch() / 3600, 1)",
                            &error),
              &error);
    assert_int_equal(post(&anyone, "/report/check?language=cy", ""), 503);
    check_welsh(&anyone);
    assert_true(says(&anyone, "Mae gormod o adroddiadau"));
    assert_ok(tf_db_execute(own->db, "DELETE FROM recent_count", &error), &error);
    post(&anyone, "/report/check?language=cy", "");
    assert_true(leads_to(&anyone, "/report/done?language=cy"));
    see(&anyone, "/report/done?language=cy");
    check_welsh(&anyone);
    assert_true(says(&anyone, "href=\"/report/receipt?language=cy\""));
    browser_close(&anyone);
}

static void nobody_else_sees_the_answers_so_far(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    browser other = {.home = own};
    fill_in(&anyone, "details=purple+elephant");
    assert_int_equal(look(&other, "/report/check"), 410);
    snprintf(other.draft, sizeof other.draft, "%s", anyone.draft);
    other.draft[10] = other.draft[10] == 'A' ? 'B' : 'A';
    assert_int_equal(look(&other, "/report/check"), 410);
    /* A cookie that somebody planted is not taken for a new draft. */
    char planted[80];
    snprintf(planted, sizeof planted, "%s", other.draft);
    post(&other, "/report/what", "what=dealing");
    assert_true(leads_to(&other, "/report/details"));
    assert_string_not_equal(other.draft, planted);
    /* Nothing of it stands in any file of the database. */
    static const char *const files[] = {"db", "db-wal", "db-shm"};
    for (size_t i = 0; i < 3; i++) {
        FILE *file = fopen(temporary_path(&own->folder, files[i]), "rb");
        assert_non_null(file);
        char *bytes = malloc(1 << 25);
        size_t length = fread(bytes, 1, 1 << 25, file);
        assert_null(memmem(bytes, length, "purple", 6));
        assert_null(memmem(bytes, length, "High Street", 11));
        free(bytes);
        (void)fclose(file);
    }
    browser_close(&other);
    browser_close(&anyone);
}

static void a_form_from_another_site_is_refused(void **state) {
    browser anyone = {.home = *state};
    assert_int_equal(
        send_raw(&anyone, "/report/what", "Origin: https://evil.example\r\n", "what=dealing"), 403);
    assert_int_equal(
        send_raw(&anyone, "/report/what", "Sec-Fetch-Site: cross-site\r\n", "what=dealing"), 403);
    assert_string_equal(anyone.draft, "");
    browser_close(&anyone);
}

static void nobody_begins_what_nobody_could_open(void **state) {
    browser anyone = {.home = *state};
    see(&anyone, "/report");
    assert_false(says(&anyone, "Start now"));
    assert_true(says(&anyone, "Nobody here can open reports at the moment"));
    assert_true(says(&anyone, "999 in an emergency."));
    assert_true(says(&anyone, "href=\"/report/receipt\""));
    see(&anyone, "/report?language=cy");
    assert_true(says(&anyone, "Ni all neb yma agor adroddiadau"));
    let_an_officer_join(*state);
    see(&anyone, "/report");
    assert_true(says(&anyone, "Start now"));
    browser_close(&anyone);
}

static void a_report_that_nobody_could_open_is_not_taken(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    fill_in(&anyone, "details=x");
    assert_int_equal(post(&anyone, "/report/check", ""), 503);
    check_page(&anyone);
    assert_true(says(&anyone, "Nobody here can open reports"));
    assert_true(says(&anyone, "Two men"));
    assert_int_equal(count_rows(own, "response"), 0);
    /* And once somebody can, the same answers are sent. */
    let_an_officer_join(own);
    post(&anyone, "/report/check", "");
    assert_true(leads_to(&anyone, "/report/done"));
    browser_close(&anyone);
}

static void when_nothing_can_be_stored_the_page_keeps_what_was_typed(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    tf_error error;
    answer(&anyone, "what", "what=dealing", "details");
    /* Somebody else writes for as long as the page waits. */
    assert_ok(tf_db_begin(own->db, &error), &error);
    assert_int_equal(post(&anyone, "/report/details", "details=They+sell+at+night"), 503);
    check_page(&anyone);
    assert_true(says(&anyone, "Nothing was stored. Your answers are still on this page."));
    assert_true(says(&anyone, "They sell at night"));
    tf_db_rollback(own->db);
    answer(&anyone, "details", "details=They+sell+at+night", "where");
    browser_close(&anyone);
}

static void no_answer_is_in_the_access_log(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    fill_in(&anyone, "details=purple+elephant");
    char log[20000] = "";
    ssize_t length = pread(own->served->log, log, sizeof log - 1, 0);
    assert_true(length > 0);
    assert_non_null(strstr(log, "/report/{page-name}"));
    assert_null(strstr(log, "purple"));
    assert_null(strstr(log, "High"));
    assert_null(strstr(log, "127.0.0.1"));
    browser_close(&anyone);
}

/* A head has no body to show the code in, so that the code stays. */
static void asking_for_the_head_of_the_receipt_uses_it_not_up(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    let_an_officer_join(own);
    fill_in(&anyone, "details=x");
    post(&anyone, "/report/check", "");
    char request[400];
    snprintf(request, sizeof request, "HEAD /report/done HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
             cookie_lines(&anyone));
    assert_int_equal(status_of(own->served, request), 200);
    see(&anyone, "/report/done");
    assert_true(says(&anyone, "Your receipt code"));
    browser_close(&anyone);
}

/* Two at once from two windows: one report, and both are told. */
static void two_who_send_one_draft_make_one_report(void **state) {
    partnership *own = *state;
    browser anyone = {.home = own};
    browser again = {.home = own};
    let_an_officer_join(own);
    fill_in(&anyone, "details=x");
    snprintf(again.draft, sizeof again.draft, "%s", anyone.draft);
    /* The draft as it was before it was sent, as one who sends at the same moment has it. */
    tf_error error;
    assert_ok(tf_db_execute(own->db, "CREATE TEMP TABLE kept AS SELECT * FROM form_draft", &error),
              &error);
    post(&anyone, "/report/check", "");
    assert_true(leads_to(&anyone, "/report/done"));
    assert_ok(
        tf_db_execute(own->db, "INSERT OR REPLACE INTO form_draft SELECT * FROM kept", &error),
        &error);
    post(&again, "/report/check", "");
    assert_true(leads_to(&again, "/report/done"));
    assert_int_equal(count_rows(own, "response"), 1);
    see(&again, "/report/done");
    assert_true(says(&again, "Your answers were sent."));
    browser_close(&again);
    browser_close(&anyone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        partnership_test(a_report_is_filled_in_checked_and_sent_once),
        partnership_test(what_is_not_asked_cannot_be_reached),
        partnership_test(danger_is_told_in_full_where_it_is_asked_about),
        partnership_test(a_place_is_chosen_and_shown_in_words),
        partnership_test(the_report_is_named_once_and_found_from_the_first_page),
        partnership_test(errors_are_told_above_and_beside_with_what_was_typed),
        partnership_test(a_change_comes_back_to_the_check),
        partnership_test(a_script_in_any_text_is_shown_as_text),
        partnership_test(the_frame_speaks_welsh_where_the_form_does),
        partnership_test(refusals_and_faults_speak_the_language_of_the_form),
        partnership_test(nobody_else_sees_the_answers_so_far),
        partnership_test(a_form_from_another_site_is_refused),
        partnership_test(nobody_begins_what_nobody_could_open),
        partnership_test(a_report_that_nobody_could_open_is_not_taken),
        partnership_test(when_nothing_can_be_stored_the_page_keeps_what_was_typed),
        partnership_test(no_answer_is_in_the_access_log),
        partnership_test(asking_for_the_head_of_the_receipt_uses_it_not_up),
        partnership_test(two_who_send_one_draft_make_one_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

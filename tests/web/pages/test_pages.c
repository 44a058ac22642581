/* The pages over a real socket, on a small county one of whose areas has an attack for a name. */
#include "../api/county.h"
#include "html_tree.h"

#include "web/pages/pages.h"
#include "web/pages/profile_document.h"
#include "web/site/visitor.h"

#include <time.h>

#define YEAR "from=2023-04&to=2024-03"

/* Open the county's database again as a site of pages. */
static int begin_with(void **state, bool allows_imports) {
    assert_int_equal(county_set_up(state), 0);
    county *own = *state;
    site_close(own->served);
    tf_site_free(own->home);
    static char path[256];
    snprintf(path, sizeof path, "%s/db", (char *)own->folder);
    tf_site_options options = {.db_path = path,
                               .desk_count = 2,
                               .upload_folder = own->folder,
                               .allows_imports = allows_imports};
    tf_error error;
    assert_ok(tf_site_open(&options, &own->home, &error), &error);
    own->served = site_new();
    own->served->options.routes = tf_pages_routes;
    own->served->options.answer_error = tf_pages_answer_error;
    tf_site_serve(own->home, &own->served->options);
    site_start(own->served);
    return 0;
}

static int begin(void **state) {
    return begin_with(state, true);
}

static int begin_read_only(void **state) {
    return begin_with(state, false);
}

#define page_test(test) cmocka_unit_test_setup_teardown(test, begin, county_tear_down)

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at++) {
        count++;
    }
    return count;
}

static void expect_words(const reply *got, const char *words) {
    if (!strstr(got->body, words)) {
        fprintf(stderr, "the page does not say: %s\n", words);
        fail();
    }
}

/* One h1, a main part, nothing inline, well-formed, and nobody's name as markup. */
static void check_page(const char *target, const reply *got) {
    if (!reply_says(got, "Content-Type", "text/html; charset=utf-8")) {
        fail_msg("%s is no page: %d", target, got->status);
    }
    assert_int_equal(count_of(got->body, "<h1"), 1);
    assert_int_equal(count_of(got->body, "<main"), 1);
    assert_int_equal(count_of(got->body, " style="), 0);
    assert_int_equal(count_of(got->body, "<style"), 0);
    assert_int_equal(count_of(got->body, " onclick"), 0);
    assert_int_equal(count_of(got->body, HOSTILE_NAME), 0);
    assert_int_equal(count_of(got->body, "<script"),
                     count_of(got->body, "<script type=\"module\" src=\"/assets/") +
                         count_of(got->body, "<script type=\"application/json\""));
    tf_buffer tree;
    tf_buffer_init(&tree);
    html_tree_append((tf_text){got->body, got->length}, &tree);
    if (strstr(tree.data, "not well-formed") || strstr(tree.data, "without its")) {
        fail_msg("%s is not well-formed:\n%s", target, tree.data);
    }
    tf_buffer_deinit(&tree);
}

static void every_page_is_whole_and_runs_nothing(void **state) {
    static const char *const targets[] = {
        "/",
        "/profile",
        "/profile?area=larkenshire&type=drugs&" YEAR,
        "/profile?area=E06900001&type=Shoplifting&" YEAR,
        "/profile?area=E01900002&" YEAR,
        "/areas",
        "/areas?name=script",
        "/areas/E01900002",
        "/areas/larkenshire",
        "/compare",
        "/compare?layer=authority",
        "/compare?layer=force",
        "/compare?area=E01900001",
        "/sources",
        "/sources/1",
        "/import",
        "/methods",
        "/api",
        "/accessibility",
        "/report",
        "/report/what",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        reply got = get(state, targets[i]);
        if (got.status != 200) {
            fail_msg("%s: %d", targets[i], got.status);
        }
        check_page(targets[i], &got);
        reply_free(&got);
    }
}

/* Of a partnership that was not set up nobody could read a report. */
static void without_accounts_no_report_is_taken(void **state) {
    reply got = get(state, "/report/what");
    expect_words(&got, "This form is closed");
    expect_words(&got, "tel:999");
    reply_free(&got);
    got = get(state, "/");
    assert_null(strstr(got.body, "href=\"/report\""));
    reply_free(&got);
}

static void an_attack_for_a_name_is_shown_as_it_is(void **state) {
    reply got = get(state, "/areas/E01900002");
    expect_words(&got, "&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</h1>");
    reply_free(&got);
    /* A wrong area is said again, in the form and in words. */
    got = get(state, "/profile?area=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
    assert_int_equal(got.status, 400);
    check_page("hostile area", &got);
    expect_words(&got, "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"");
    reply_free(&got);
}

static void the_profile_has_the_counts_of_the_files(void **state) {
    reply got = get(state, "/profile?area=larkenshire&type=drugs&" YEAR);
    /* Area N has N drug offences a month: 10 in the county, 120 in twelve months. */
    expect_words(&got, "<dt class=\"app-key-figure__label\">Offences</dt>"
                       "<dd class=\"app-key-figure__value\">120</dd>");
    expect_words(&got, "April 2023 to March 2024");
    expect_words(&got, "/api/v1/profile?area=E23900001&amp;type=drugs&amp;from=2023-04&amp;"
                       "to=2024-03&amp;figure=trend&amp;format=csv");
    reply_free(&got);
}

static void what_is_not_said_has_a_default(void **state) {
    reply whole = get(state, "/profile?area=larkenshire&type=drugs&" YEAR);
    reply bare = get(state, "/profile");
    assert_string_equal(whole.body, bare.body);
    reply_free(&whole);
    reply_free(&bare);
    bare = get(state, "/profile?to=2023-12");
    expect_words(&bare, "January to December 2023");
    reply_free(&bare);
}

static void bad_values_show_the_form_again_with_what_is_wrong(void **state) {
    static const struct {
        const char *target;
        const char *words;
    } cases[] = {
        {"/profile?from=2024-13", "#from\">First month “2024-13” is not known; choose one"},
        {"/profile?from=2024-03&to=2023-03", "Last month must be the same as or after the first"},
        {"/profile?from=1900-01&to=2199-12", "less than 50 years"},
        {"/profile?type=witchcraft", "witchcraft"},
        {"/profile?from=2024-13", "<option value=\"\">Choose a month</option>"},
        {"/profile?type=witchcraft&from=2023-06&to=2023-08", "value=\"2023-08\" selected"},
        {"/profile?area=larkenshrie", "#area\">No area is called"},
        {"/profile?area=a&area=b", "#area\">"},
        {"/profile?area=%FF", "#area\">"},
        {"/profile?area=%", "#area\">"},
        {"/areas/larkenshire?from=x", "#from\">"},
        {"/areas?name=a&name=b", "#name\">Give the small area only once"},
        {"/areas?name=%FF", "#name\">"},
        {"/compare?from=x&layer=force", "action=\"/compare\""},
        {"/compare?from=x&layer=force", "name=\"layer\" value=\"force\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reply got = get(state, cases[i].target);
        if (got.status != 400 || !strstr(got.body, cases[i].words)) {
            fail_msg("%s: %d, and does not say %s", cases[i].target, got.status, cases[i].words);
        }
        check_page(cases[i].target, &got);
        expect_words(&got, "<title>Error: ");
        expect_words(&got, "There is a problem");
        expect_words(&got, "<form");
        reply_free(&got);
    }
}

/* Of every element that begins so, the first letter of its text. */
static void expect_capitals(const char *target, const reply *got, const char *begins) {
    for (const char *at = got->body; (at = strstr(at, begins)); at++) {
        const char *text = strchr(at, '>') + 1;
        if (*text >= 'a' && *text <= 'z') {
            fail_msg("%s begins with a small letter: %.40s", target, text);
        }
    }
}

static void cells_and_captions_begin_with_a_capital(void **state) {
    static const char *const targets[] = {"/",        "/profile", "/areas/E01900002",
                                          "/compare", "/sources", "/sources/1"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        reply got = get(state, targets[i]);
        expect_capitals(targets[i], &got, "<td class=\"govuk-table__cell\"");
        expect_capitals(targets[i], &got, "<th scope=\"row\"");
        expect_capitals(targets[i], &got, "<span class=\"govuk-caption-xl\"");
        reply_free(&got);
    }
}

static void a_table_is_named_by_what_stands_above_it(void **state) {
    reply got = get(state, "/compare");
    expect_words(&got, "<div class=\"app-caption\" id=\"table-1\">");
    expect_words(&got, "<table class=\"govuk-table\" aria-labelledby=\"table-1\">");
    reply_free(&got);
}

static void few_and_none_are_said_as_people_say_them(void **state) {
    reply got = get(state, "/areas?name=zzzz");
    expect_words(&got, "No small area has “zzzz” in its name or code.");
    assert_null(strstr(got.body, "app-columns\"></ul>"));
    reply_free(&got);
    got = get(state, "/compare?layer=force");
    expect_words(&got, "Of 1 area, 0 lie above");
    reply_free(&got);
}

static void a_month_far_from_the_data_makes_no_long_list(void **state) {
    reply got = get(state, "/profile?from=2199-11&to=2199-12");
    assert_int_equal(got.status, 200);
    /* Twice the months with data and the chosen one, and the kinds of offence. */
    assert_int_equal(count_of(got.body, "<option value=\"20"), 2 * MONTH_COUNT);
    expect_words(&got, "<option value=\"2199-11\" selected>November 2199</option>");
    reply_free(&got);
}

static void a_layer_that_is_none_is_told(void **state) {
    reply got = get(state, "/compare?layer=planet");
    assert_int_equal(got.status, 400);
    check_page("/compare", &got);
    expect_words(&got, "Areas compared");
    reply_free(&got);
}

static void what_is_not_there_is_a_page_of_its_own(void **state) {
    static const char *const targets[] = {"/nowhere", "/areas/E0", "/sources/99",
                                          "/imports/00000000000000000000000000000000",
                                          "/assets/nothing.css"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        reply got = get(state, targets[i]);
        assert_int_equal(got.status, 404);
        check_page(targets[i], &got);
        expect_words(&got, "Page not found");
        reply_free(&got);
    }
}

static void files_of_the_program_are_kept_for_ever(void **state) {
    reply page = get(state, "/");
    char name[64];
    const char *found = strstr(page.body, "/assets/site-");
    assert_non_null(found);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(found, "\""), found);
    reply_free(&page);
    reply got = get(state, name);
    assert_int_equal(got.status, 200);
    char header[128];
    assert_non_null(reply_header(&got, "Cache-Control", header, sizeof header));
    assert_non_null(strstr(header, "immutable"));
    reply_free(&got);
}

static void the_pdf_is_a_document_to_be_saved(void **state) {
    reply got = get(state, "/profile.pdf?area=larkenshire&type=drugs&" YEAR);
    assert_int_equal(got.status, 200);
    assert_true(reply_says(&got, "Content-Type", "application/pdf"));
    assert_memory_equal(got.body, "%PDF-", 5);
    char header[256];
    assert_non_null(reply_header(&got, "Content-Disposition", header, sizeof header));
    assert_non_null(strstr(header, "attachment"));
    assert_non_null(strstr(header, ".pdf"));
    reply_free(&got);
}

static void rejected_rows_are_shown_as_they_are(void **state) {
    reply got = get(state, "/sources/1");
    expect_words(&got, "Rows that could not be used");
    expect_words(&got, "=cmd|&#39;/C calc&#39;!A0,&quot;x&quot;");
    reply_free(&got);
}

static void a_profile_as_a_file_needs_nothing_else(void **state) {
    county *own = *state;
    tf_error error;
    tf_desk *desk = NULL;
    tf_profile *profile = NULL;
    assert_ok(tf_site_borrow(own->home, &desk, &error), &error);
    tf_profile_request request = {"larkenshire", "drugs", tf_month_of(2023, 4),
                                  tf_month_of(2024, 3)};
    assert_ok(tf_profile_make(desk->data, &request, &profile, &error), &error);
    tf_buffer out;
    tf_buffer_init(&out);
    assert_ok(tf_profile_document_write(desk->data, desk->pack, profile, &out, &error), &error);
    assert_non_null(strstr(out.data, "<dd class=\"app-key-figure__value\">120</dd>"));
    assert_non_null(strstr(out.data, "<style>"));
    assert_int_equal(count_of(out.data, "<h1"), 1);
    static const char *const absent[] = {"href=\"/", "src=",       "<script",        "<link",
                                         "url(http", HOSTILE_NAME, "data-boundaries"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        if (strstr(out.data, absent[i])) {
            fail_msg("the file has %s", absent[i]);
        }
    }
    tf_buffer_deinit(&out);
    tf_profile_free(profile);
    tf_site_return(own->home, desk);
}

/* Nobody can mend the address they asked for, and nobody is told what the machine holds. */
static void a_damaged_database_is_not_the_visitors_fault(void **state) {
    static const char *const targets[] = {"/sources", "/profile?type=all", "/compare"};
    county *own = *state;
    char path[256];
    char noise[4096];
    reply whole = get(state, "/areas"); /* a connection that has found nothing wrong yet */
    assert_int_equal(whole.status, 200);
    reply_free(&whole);
    memset(noise, 0xA5, sizeof noise);
    snprintf(path, sizeof path, "%s/db", (char *)own->folder);
    int file = open(path, O_WRONLY);
    assert_true(file >= 0);
    off_t end = lseek(file, 0, SEEK_END);
    for (off_t at = 4096; at < end; at += (off_t)sizeof noise) {
        assert_int_equal(pwrite(file, noise, sizeof noise, at), sizeof noise);
    }
    close(file);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        reply got = get(state, targets[i]);
        assert_int_equal(got.status, 500);
        check_page(targets[i], &got);
        assert_null(strstr(got.body, "damaged"));
        reply_free(&got);
    }
}

/* ---- importing ---- */

static const char row[] =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\r\n"
    ",2024-04,Larkenshire Police,Larkenshire Police,0.03,52.01,On or near High Street,E01900001,"
    "Larken 001A,Anti-social behaviour,,\r\n";

static reply send_file(void **state, const char *name, const char *content, const char *headers) {
    static const char form[] = "--b\r\nContent-Disposition: form-data; name=\"files\"; "
                               "filename=\"%s\"\r\nContent-Type: text/csv\r\n\r\n%s\r\n--b--\r\n";
    char body[2048];
    char request[4096];
    int length = snprintf(body, sizeof body, form, name, content);
    snprintf(request, sizeof request,
             "POST /import HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; "
             "boundary=b\r\nContent-Length: %d\r\n%s\r\n%s",
             length, headers, body);
    return ask(((county *)*state)->served, request);
}

/* The page of an import when it is over. */
static reply await_import(void **state, const char *address) {
    for (;;) {
        reply got = get(state, address);
        assert_int_equal(got.status, 200);
        if (!strstr(got.body, "data-import=")) {
            return got;
        }
        reply_free(&got);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

static void a_file_is_imported_in_the_browser(void **state) {
    reply before = get(state, "/sources");
    reply got = send_file(state, "2024-04-larkenshire-street.csv", row, "");
    assert_int_equal(got.status, 303);
    char address[128];
    assert_non_null(reply_header(&got, "Location", address, sizeof address));
    reply_free(&got);
    got = await_import(state, address);
    check_page(address, &got);
    expect_words(&got, "Done</h1>");
    expect_words(&got, ">2024-04-larkenshire-street.csv</a>");
    reply_free(&got);
    reply after = get(state, "/sources");
    assert_null(strstr(before.body, "2024-04-larkenshire-street.csv"));
    expect_words(&after, "2024-04-larkenshire-street.csv");
    reply_free(&before);
    reply_free(&after);
    char progress[160];
    snprintf(progress, sizeof progress, "%s/progress", address);
    got = get(state, progress);
    assert_true(reply_says(&got, "Content-Type", "application/json"));
    expect_words(&got, "\"state\":\"over\"");
    reply_free(&got);
}

static void a_file_that_is_none_is_told_with_its_name_as_text(void **state) {
    reply got = send_file(state, "<img src=x>.csv", "no header\r\n", "");
    assert_int_equal(got.status, 303);
    char address[128];
    assert_non_null(reply_header(&got, "Location", address, sizeof address));
    reply_free(&got);
    got = await_import(state, address);
    check_page(address, &got);
    expect_words(&got, "&lt;img src=x&gt;.csv");
    assert_null(strstr(got.body, "<img"));
    reply_free(&got);
}

static void nothing_chosen_is_said_at_the_field(void **state) {
    reply got = send_file(state, "", "", "");
    assert_int_equal(got.status, 400);
    check_page("/import", &got);
    expect_words(&got, "Select a file");
    reply_free(&got);
    got = send_file(state, "holiday.jpg", "x", "");
    assert_int_equal(got.status, 400);
    expect_words(&got, "holiday.jpg is not a file");
    reply_free(&got);
}

static void whoever_comes_through_a_proxy_does_not_import(void **state) {
    reply got = send_file(state, "a.csv", row, "X-Forwarded-For: 203.0.113.9\r\n");
    assert_int_equal(got.status, 403);
    reply_free(&got);
    got = ask_for(((county *)*state)->served, "/import", "Forwarded: for=203.0.113.9\r\n");
    assert_int_equal(got.status, 403);
    check_page("/import", &got);
    reply_free(&got);
}

static void a_site_to_read_takes_no_files(void **state) {
    reply got = send_file(state, "2024-04-larkenshire-street.csv", row, "");
    assert_int_equal(got.status, 403);
    reply_free(&got);
    got = get(state, "/import");
    assert_int_equal(got.status, 403);
    reply_free(&got);
    got = get(state, "/sources");
    assert_null(strstr(got.body, "href=\"/import\""));
    reply_free(&got);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        page_test(every_page_is_whole_and_runs_nothing),
        page_test(without_accounts_no_report_is_taken),
        page_test(an_attack_for_a_name_is_shown_as_it_is),
        page_test(the_profile_has_the_counts_of_the_files),
        page_test(what_is_not_said_has_a_default),
        page_test(bad_values_show_the_form_again_with_what_is_wrong),
        page_test(few_and_none_are_said_as_people_say_them),
        page_test(cells_and_captions_begin_with_a_capital),
        page_test(a_table_is_named_by_what_stands_above_it),
        page_test(a_month_far_from_the_data_makes_no_long_list),
        page_test(a_layer_that_is_none_is_told),
        page_test(what_is_not_there_is_a_page_of_its_own),
        page_test(files_of_the_program_are_kept_for_ever),
        page_test(the_pdf_is_a_document_to_be_saved),
        page_test(a_profile_as_a_file_needs_nothing_else),
        page_test(rejected_rows_are_shown_as_they_are),
        page_test(a_damaged_database_is_not_the_visitors_fault),
        page_test(a_file_is_imported_in_the_browser),
        page_test(a_file_that_is_none_is_told_with_its_name_as_text),
        page_test(nothing_chosen_is_said_at_the_field),
        page_test(whoever_comes_through_a_proxy_does_not_import),
        cmocka_unit_test_setup_teardown(a_site_to_read_takes_no_files, begin_read_only,
                                        county_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

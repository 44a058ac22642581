#include "check.h"
#include "html_tree.h"

#include "web/html/document.h"

#define HOSTILE "\"'></title><script>alert(1)</script>"

static tf_buffer buffer, tree;

static int begin(void **state) {
    (void)state;
    tf_buffer_init(&buffer);
    tf_buffer_init(&tree);
    return 0;
}

static int end(void **state) {
    (void)state;
    tf_buffer_deinit(&buffer);
    tf_buffer_deinit(&tree);
    return 0;
}

/* The page, and its tree. */
static void write_page(const tf_document *document) {
    tf_html html;
    tf_html_init(&html, &buffer);
    tf_document_begin(&html, document);
    tf_html_element(&html, "h1", "govuk-heading-xl", "Here");
    tf_document_end(&html);
    assert_int_equal(html.depth, 0);
    assert_false(buffer.failed);
    html_tree_append((tf_text){buffer.data, buffer.length}, &tree);
    assert_null(strstr(tree.data, "!!"));
}

/* How many lines of the tree are this one, whatever their indent. */
static int count_lines(const char *line) {
    int count = 0;
    size_t length = strlen(line);
    for (const char *at = tree.data; *at;) {
        at += strspn(at, " ");
        count += strncmp(at, line, length) == 0 && at[length] == '\n';
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    return count;
}

static bool has(const char *text) {
    return strstr(buffer.data, text) != NULL;
}

static const char *const styles[] = {"/assets/site-0a1b2c3d4e.css"};
static const char *const scripts[] = {"/assets/site-0a1b2c3d4e.js", "/assets/map-0a1b2c3d4e.js"};
static const tf_document_alternate alternates[] = {
    {"/profile.csv", "text/csv", "The figures as CSV"},
    {"/profile.json", "application/json", "The figures as JSON"},
};
static const tf_breadcrumb crumbs[] = {
    {.content.text = "Overview", .href = "/"},
    {.content.text = "Areas", .href = "/areas"},
};

static const tf_document full = {
    .title = "Beeston",
    .service_name = "Larkenshire drugs partnership",
    .description = "Recorded crime in Beeston",
    .canonical = "/areas/E01000001",
    .current_section = "/areas",
    .icon = "/assets/icon-0a1b2c3d4e.svg",
    .styles = styles,
    .style_count = 1,
    .scripts = scripts,
    .script_count = 2,
    .alternates = alternates,
    .alternate_count = 2,
    .phase = "Beta",
    .phase_text.text = "This is a new service.",
    .breadcrumbs = {.items = crumbs, .count = 2},
};

static void each_landmark_is_there_once(void **state) {
    (void)state;
    write_page(&full);
    assert_int_equal(count_lines("header"), 1);
    assert_int_equal(count_lines("main"), 1);
    assert_int_equal(count_lines("footer"), 1);
    /* Two of a kind are told apart by their names. */
    assert_int_equal(count_lines("nav"), 2);
    assert_int_equal(count_lines("@aria-label = \"Menu\""), 1);
    assert_int_equal(count_lines("@aria-label = \"Breadcrumb\""), 1);
    assert_int_equal(count_lines("section"), 1);
    assert_int_equal(count_lines("@aria-label = \"Service information\""), 1);
}

static void the_only_h1_is_the_page_s_own(void **state) {
    (void)state;
    write_page(&full);
    assert_int_equal(count_lines("h1"), 1);
    assert_true(has("<main class=\"govuk-main-wrapper\" id=\"main-content\">"
                    "<h1 class=\"govuk-heading-xl\">Here</h1></main>"));
}

static void the_first_link_leads_to_the_content(void **state) {
    (void)state;
    write_page(&full);
    const char *first = strstr(buffer.data, "<a ");
    const char *skip = strstr(buffer.data, "href=\"#main-content\"");
    assert_non_null(first);
    assert_non_null(skip);
    assert_true(skip > first);
    assert_null(memchr(first, '>', (size_t)(skip - first)));
    assert_int_equal(count_lines("@id = \"main-content\""), 1);
}

static void no_script_or_style_is_inline(void **state) {
    (void)state;
    write_page(&full);
    assert_int_equal(count_lines("style"), 0);
    assert_int_equal(count_lines("script"), 2);
    assert_true(has("<script type=\"module\" src=\"/assets/site-0a1b2c3d4e.js\"></script>"));
    assert_true(has("<script type=\"module\" src=\"/assets/map-0a1b2c3d4e.js\"></script>"));
    assert_true(has("<link rel=\"stylesheet\" href=\"/assets/site-0a1b2c3d4e.css\">"));
    assert_false(has("js-enabled"));
}

static void the_head_says_what_the_page_is(void **state) {
    (void)state;
    write_page(&full);
    assert_memory_equal(buffer.data, "<!DOCTYPE html>\n<html lang=\"en\"", 30);
    assert_true(has("<head><meta charset=\"utf-8\">"));
    assert_true(has("<title>Beeston \xE2\x80\x93 Larkenshire drugs partnership \xE2\x80\x93 Trefoil"
                    "</title>"));
    assert_true(has("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1"));
    assert_true(has("<meta name=\"theme-color\" content=\"#1d5c46\">"));
    assert_true(has("<meta name=\"description\" content=\"Recorded crime in Beeston\">"));
    assert_true(has("<link rel=\"canonical\" href=\"/areas/E01000001\">"));
    assert_true(has("<link rel=\"icon\" type=\"image/svg+xml\" "
                    "href=\"/assets/icon-0a1b2c3d4e.svg\">"));
}

static void downloads_are_named_with_their_kind(void **state) {
    (void)state;
    write_page(&full);
    assert_true(has("<link rel=\"alternate\" type=\"text/csv\" title=\"The figures as CSV\" "
                    "href=\"/profile.csv\">"));
    assert_true(has("<link rel=\"alternate\" type=\"application/json\" "
                    "title=\"The figures as JSON\" href=\"/profile.json\">"));
}

static void an_error_says_so_first(void **state) {
    (void)state;
    write_page(&(tf_document){.title = "Profile", .is_error = true});
    assert_true(has("<title>Error: Profile \xE2\x80\x93 Trefoil</title>"));
}

static void a_section_is_marked_for_its_pages(void **state) {
    (void)state;
    write_page(&full);
    assert_true(has("href=\"/areas\" aria-current=\"true\"><strong"));
    assert_int_equal(count_lines("@aria-current = \"page\""), 0);
}

static void a_section_s_own_page_is_the_current_one(void **state) {
    (void)state;
    write_page(&(tf_document){.canonical = "/areas", .current_section = "/areas"});
    assert_true(has("href=\"/areas\" aria-current=\"page\"><strong"));
    assert_int_equal(count_lines("@aria-current = \"true\""), 0);
}

static void every_section_is_one_click_away(void **state) {
    (void)state;
    static const char *const addresses[] = {"/",        "/profile", "/areas", "/compare",
                                            "/sources", "/methods", "/api"};
    write_page(&(tf_document){.title = "Overview"});
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char link[100];
        snprintf(link, sizeof link, "<a class=\"govuk-service-navigation__link\" href=\"%s\">",
                 addresses[i]);
        assert_true(has(link));
    }
}

static void a_back_link_stands_where_there_are_no_breadcrumbs(void **state) {
    (void)state;
    write_page(&(tf_document){.back_link.href = "/areas"});
    assert_true(has("<a href=\"/areas\" class=\"govuk-back-link\">Back</a><main"));
}

static void what_is_not_given_is_left_out(void **state) {
    (void)state;
    write_page(&(tf_document){0});
    assert_true(has("<title>Trefoil</title>"));
    assert_int_equal(count_lines("link"), 0);
    assert_int_equal(count_lines("script"), 0);
    assert_int_equal(count_lines("section"), 0);
    assert_int_equal(count_lines("nav"), 1);
    assert_false(has("phase-banner"));
    assert_false(has("back-link"));
    assert_false(has("description"));
}

static void the_language_is_the_given_one(void **state) {
    (void)state;
    write_page(&(tf_document){.language = "cy"});
    assert_true(has("<html lang=\"cy\""));
}

static void write_nothing_more(tf_html *html, const void *data) {
    tf_html_element(html, "p", NULL, data);
}

static void a_service_that_stands_alone_says_nothing_of_the_site(void **state) {
    (void)state;
    tf_html html;
    tf_html_init(&html, &buffer);
    tf_document_begin(&html, &(tf_document){
                                 .stands_alone = true,
                                 .service_name = "Dweud",
                                 .service_url = "/report?language=cy",
                                 .service_label = "Gwasanaeth",
                                 .skip_text = "Neidio",
                                 .after_skip = {.write = write_nothing_more, .data = "after skip"},
                                 .before_main = {.write = write_nothing_more, .data = "before"},
                                 .has_sign_in = true,
                             });
    tf_document_end_alone(&html, &(tf_site_footer){.title = "Amdanom",
                                                   .links = &(tf_site_link){"/x", "Hygyrchedd"},
                                                   .count = 1});
    assert_int_equal(html.depth, 0);
    html_tree_append((tf_text){buffer.data, buffer.length}, &tree);
    assert_true(has("href=\"/report?language=cy\""));
    assert_true(has("aria-label=\"Gwasanaeth\""));
    assert_true(strstr(buffer.data, "Neidio") < strstr(buffer.data, "after skip"));
    assert_true(strstr(buffer.data, "before") < strstr(buffer.data, "<main"));
    static const char *const english[] = {"Skip",    "Overview", "Profile", "Sign in",
                                          "Methods", "About",    "licence", "Service information"};
    for (size_t i = 0; i < sizeof english / sizeof *english; i++) {
        assert_false(has(english[i]));
    }
}

/* The mark is our own; crown and crest are GOV.UK's. */
static void there_is_no_crown(void **state) {
    (void)state;
    write_page(&full);
    assert_int_equal(count_lines("svg"), 1);
    assert_int_equal(count_lines("circle"), 3);
    assert_false(has("rown"));
    assert_false(has("GOV.UK"));
}

static void a_page_that_is_called_as_its_service_says_it_once(void **state) {
    (void)state;
    write_page(&(tf_document){.title = "Report", .service_name = "Report"});
    assert_true(has("<title>Report \xE2\x80\x93 Trefoil</title>"));
}

static void hostile_text_in_each_member_stays_text(void **state) {
    (void)state;
    static const char *const hostile_paths[] = {HOSTILE};
    static const tf_document_alternate hostile_alternates[] = {{HOSTILE, HOSTILE, HOSTILE}};
    static const tf_breadcrumb hostile_crumbs[] = {{.content.text = HOSTILE, .href = HOSTILE}};
    write_page(&(tf_document){
        .title = HOSTILE,
        .service_name = "Service " HOSTILE, /* a name that the title has is not said twice */
        .language = HOSTILE,
        .description = HOSTILE,
        .canonical = HOSTILE,
        .current_section = HOSTILE,
        .icon = HOSTILE,
        .styles = hostile_paths,
        .style_count = 1,
        .scripts = hostile_paths,
        .script_count = 1,
        .alternates = hostile_alternates,
        .alternate_count = 1,
        .phase = HOSTILE,
        .phase_text.text = HOSTILE,
        .breadcrumbs = {.items = hostile_crumbs, .count = 1},
    });
    assert_int_equal(count_lines("script"), 1);
    assert_int_equal(count_lines("alert(1)"), 0);
    assert_false(has("alert(1)</script>"));
    /* title: page and service; meta and link: 7; script: 1; language: 1; the name in the
     * navigation, the phase and its text, the crumb and its address: 5. */
    int count = 0;
    for (const char *at = tree.data; (at = strstr(at, HOSTILE)) != NULL; at++) {
        count++;
    }
    assert_int_equal(count, 2 + 7 + 1 + 1 + 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_landmark_is_there_once, begin, end),
        cmocka_unit_test_setup_teardown(the_only_h1_is_the_page_s_own, begin, end),
        cmocka_unit_test_setup_teardown(the_first_link_leads_to_the_content, begin, end),
        cmocka_unit_test_setup_teardown(no_script_or_style_is_inline, begin, end),
        cmocka_unit_test_setup_teardown(the_head_says_what_the_page_is, begin, end),
        cmocka_unit_test_setup_teardown(downloads_are_named_with_their_kind, begin, end),
        cmocka_unit_test_setup_teardown(an_error_says_so_first, begin, end),
        cmocka_unit_test_setup_teardown(a_section_is_marked_for_its_pages, begin, end),
        cmocka_unit_test_setup_teardown(a_section_s_own_page_is_the_current_one, begin, end),
        cmocka_unit_test_setup_teardown(every_section_is_one_click_away, begin, end),
        cmocka_unit_test_setup_teardown(a_back_link_stands_where_there_are_no_breadcrumbs, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_is_not_given_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(the_language_is_the_given_one, begin, end),
        cmocka_unit_test_setup_teardown(a_service_that_stands_alone_says_nothing_of_the_site, begin,
                                        end),
        cmocka_unit_test_setup_teardown(there_is_no_crown, begin, end),
        cmocka_unit_test_setup_teardown(a_page_that_is_called_as_its_service_says_it_once, begin,
                                        end),
        cmocka_unit_test_setup_teardown(hostile_text_in_each_member_stays_text, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

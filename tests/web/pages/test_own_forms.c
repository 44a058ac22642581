/* Forms of a partnership's own pack: for people with accounts, and for a while. */
#include "partnership.h"

#include "pack/pack_internal.h"

#include <fcntl.h>
#include <unistd.h>

#define FORM(name, category, more)                                                                 \
    "version: 1\ndate: 2026-11-30\nsource: Made for a test.\nname: " name "\n"                     \
    "title: {en: A note, cy: Nodyn}\ncategory: " category "\nlanguages: [en, cy]\n"                \
    "retention_days: 30\nmost_per_hour: 100\n" more                                                \
    "pages:\n  - name: what\n    questions:\n      - name: what\n        type: text\n"             \
    "        required: true\n        label: {en: What is it?, cy: Beth ydyw?}\n"

static void write_file(const char *folder, const char *name, const void *bytes, size_t length) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, length), length);
    close(file);
}

static void write_form(const partnership *own, const char *name, const char *text) {
    write_file(own->pack_folder, name, text, strlen(text));
}

static void write_dated_form(const partnership *own, const char *name, int64_t opens,
                             int64_t closes) {
    char text[1000];
    char days[2][TF_INSTANT_TEXT_SIZE];
    const int64_t day = (int64_t)86400 * 1000000;
    tf_instant_format(tf_instant_now() + opens * day, days[0]);
    tf_instant_format(tf_instant_now() + closes * day, days[1]);
    snprintf(text, sizeof text,
             FORM("%s", "concern", "public: true\nopens: %.10s\ncloses: %.10s\n"), name, days[0],
             days[1]);
    char file[100];
    snprintf(file, sizeof file, "forms/%s.yaml", name);
    write_form(own, file, text);
}

/* The pack of the program, and forms beside that of the public. */
static void write_pack(partnership *own) {
    char forms[300];
    snprintf(own->pack_folder, sizeof own->pack_folder, "%s/pack", (char *)own->folder);
    snprintf(forms, sizeof forms, "%s/forms", own->pack_folder);
    assert_int_equal(mkdir(own->pack_folder, 0700), 0);
    assert_int_equal(mkdir(forms, 0700), 0);
    for (size_t i = 0; i < tf_packs.count; i++) {
        const tf_embedded_file *file = &tf_packs.files[i];
        write_file(own->pack_folder, file->name + strlen("uk/"), file->bytes, file->length);
    }
    write_form(own, "forms/sighting.yaml", FORM("sighting", "intelligence", ""));
    write_form(own, "forms/colleague.yaml", FORM("colleague", "concern", ""));
    write_dated_form(own, "early", 2, 9);
    write_dated_form(own, "late", -9, -2);
    write_dated_form(own, "present", -1, 1);
}

static int set_up(void **state) {
    partnership *own = partnership_new();
    write_pack(own);
    make_partnership(own);
    serve_partnership(own);
    *state = own;
    return 0;
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

static int64_t ask_number(partnership *own, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(own->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t number = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return number;
}

static void who_has_not_signed_in_is_led_there_and_back(void **state) {
    /* The public may collect concerns, and still not by a form that is not public. */
    static const char *const forms[] = {"sighting", "colleague"};
    browser anyone = {.home = *state};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char path[100];
        char wanted[200];
        snprintf(path, sizeof path, "/forms/%s/what?language=cy", forms[i]);
        snprintf(wanted, sizeof wanted, "/sign-in?to=%%2Fforms%%2F%s%%2Fwhat%%3Flanguage%%3Dcy",
                 forms[i]);
        look(&anyone, path);
        if (!leads_to(&anyone, wanted)) {
            fail_msg("%s leads not to %s: %s", path, wanted, anyone.page.head);
        }
        assert_int_equal(post(&anyone, path, "what=x"), 403);
        assert_true(says(&anyone, "<html lang=\"cy\""));
        assert_true(says(&anyone, "ffurflen hon ar eich cyfer chi"));
        assert_string_equal(anyone.draft, "");
    }
    browser_close(&anyone);
}

static void only_a_role_that_collects_fills_in_a_form_that_is_not_public(void **state) {
    partnership *own = *state;
    browser ines;
    browser bea;
    browser max;
    join_as(own, &ines, "Ines Okoro", "ines@example.org", "intake-officer");
    join_as(own, &bea, "Bea Novak", "bea@example.org", "practitioner");
    join_as(own, &max, "Max Osei", "max@example.org", "administrator");
    assert_int_equal(look(&max, "/forms/sighting"), 403);
    assert_true(says(&max, "This form is not for you"));
    assert_int_equal(post(&max, "/forms/sighting/what", "what=x"), 403);

    bea.draft_name = "draft-sighting";
    assert_int_equal(look(&bea, "/forms/sighting"), 200);
    assert_true(says(&bea, "href=\"/forms/sighting/what\""));
    post(&bea, "/forms/sighting/what", "what=A+grey+van");
    assert_true(leads_to(&bea, "/forms/sighting/check"));
    /* The draft is no way in for somebody else. */
    snprintf(max.draft, sizeof max.draft, "%s", bea.draft);
    max.draft_name = bea.draft_name;
    assert_int_equal(look(&max, "/forms/sighting/check"), 403);
    assert_false(says(&max, "grey"));
    post(&bea, "/forms/sighting/check", "");
    assert_true(leads_to(&bea, "/forms/sighting/done"));
    assert_int_equal(look(&bea, "/forms/sighting/done"), 200);
    assert_true(says(&bea, "<title>Sent"));
    assert_false(says(&bea, "receipt code"));
    assert_string_equal(bea.draft, "");
    assert_int_equal(ask_number(own, "SELECT count(*) FROM response WHERE form = 'sighting' AND"
                                     " receipt IS NULL"),
                     1);
    /* It stands in the audit under her name. */
    assert_int_equal(ask_number(own, "SELECT count(*) FROM audit_entry WHERE action = 'collect' AND"
                                     " category = 'intelligence' AND actor = 'Bea Novak'"),
                     1);
    browser_close(&max);
    browser_close(&bea);
    browser_close(&ines);
}

static void a_form_takes_answers_between_its_days(void **state) {
    static const char *const closed[] = {"early", "late"};
    browser anyone = {.home = *state, .draft_name = "draft-present"};
    for (size_t i = 0; i < COUNT_OF(closed); i++) {
        char path[100];
        snprintf(path, sizeof path, "/forms/%s?language=cy", closed[i]);
        assert_int_equal(look(&anyone, path), 200);
        assert_true(says(&anyone, "<html lang=\"cy\""));
        assert_true(says(&anyone, "Mae'r ffurflen hon ar gau") ||
                    says(&anyone, "Mae&#39;r ffurflen hon ar gau"));
        assert_false(says(&anyone, "/what"));
        snprintf(path, sizeof path, "/forms/%s/what", closed[i]);
        post(&anyone, path, "what=x");
        assert_true(says(&anyone, "This form is closed"));
        assert_string_equal(anyone.draft, "");
    }
    assert_int_equal(look(&anyone, "/forms/present"), 200);
    post(&anyone, "/forms/present/what?language=cy", "what=x");
    assert_true(leads_to(&anyone, "/forms/present/check?language=cy"));
    assert_int_equal(look(&anyone, "/forms/present/check?language=cy"), 200);
    assert_true(says(&anyone, "Beth ydyw?"));
    browser_close(&anyone);
}

#define own_forms_test(test) cmocka_unit_test_setup_teardown(test, set_up, partnership_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        own_forms_test(who_has_not_signed_in_is_led_there_and_back),
        own_forms_test(only_a_role_that_collects_fills_in_a_form_that_is_not_public),
        own_forms_test(a_form_takes_answers_between_its_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

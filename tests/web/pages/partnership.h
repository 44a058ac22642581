/* A partnership with accounts, made by the domain's own functions, its site on a socket, and
 * browsers that keep cookies as real ones do.  Passphrases cost next to nothing here. */
#ifndef TREFOIL_TESTS_WEB_PAGES_PARTNERSHIP_H
#define TREFOIL_TESTS_WEB_PAGES_PARTNERSHIP_H

#include "../http/site.h"
#include "temporary.h"

#include "access/reader.h"
#include "access/sign_in.h"
#include "trefoil/base/date.h"
#include "web/api/api.h"
#include "web/pages/pages.h"
#include "web/site/visitor.h"

#define PASSPHRASE "correct horse battery staple"

typedef struct partnership {
    void *folder; /* as temporary.h has it */
    char path[256];
    char pack_folder[256]; /* "": the pack in the program */
    tf_site *home;
    site *served;
    /* The operator's way into the same database. */
    tf_pack *pack;
    tf_db *db;
    tf_site_key key;
    tf_access *access;
    char operator_name[TF_ACTOR_NAME_SIZE];
    tf_actor operator;
    int64_t organisation_id;
    const tf_route *routes[200];
} partnership;

static void answer_partnership_error(void *context, const tf_request *request, int status,
                                     const char *message, tf_response *response) {
    if (tf_api_has_path(request->path)) {
        tf_api_answer_error(context, request, status, message, response);
    } else {
        tf_pages_answer_error(context, request, status, message, response);
    }
}

/* An answer for programs that have signed in, as there is none in the program itself. */
static tf_status answer_own_figures(void *context, const tf_request *request, tf_response *response,
                                    tf_error *error) {
    (void)context;
    (void)error;
    tf_buffer_format(&response->body, "{\"name\":\"%s\"}", tf_site_actor(request)->name);
    return TF_OK;
}

static const tf_route own_figures_route = {.method = "GET",
                                           .path = "/api/v1/own-figures",
                                           .permission = TF_PERMISSION_SIGNED_IN,
                                           .handle = answer_own_figures};

static inline void make_partnership(partnership *own) {
    tf_error error;
    const char *folder = own->pack_folder[0] ? own->pack_folder : NULL;
    assert_ok(tf_pack_open(folder, &own->pack, &error), &error);
    assert_ok(tf_db_open(own->path, TF_DB_WRITE, &own->db, &error), &error);
    assert_ok(tf_site_key_create(own->path, &own->key, &error), &error);
    assert_ok(tf_access_new(own->db, own->pack, &own->key, &own->access, &error), &error);
    own->operator= tf_actor_operator(own->operator_name);
    tf_organisation organisation = {.name = "Larkenshire Council",
                                    .kind = "council",
                                    .contact = "drugs team, 01234 567890",
                                    .started_on = TF_DAY_NONE,
                                    .ended_on = TF_DAY_NONE};
    assert_ok(tf_organisation_add(own->access, &own->operator, & organisation,
                                  &own->organisation_id, &error),
              &error);
    assert_ok(tf_db_execute(own->db,
                            "INSERT INTO setting VALUES ('lead-organisation', '1'),"
                            " ('passphrase-passes', '1'), ('passphrase-memory-kib', '8')",
                            &error),
              &error);
}

static inline void serve_partnership(partnership *own) {
    tf_error error;
    tf_site_options options = {.db_path = own->path,
                               .pack_folder = own->pack_folder[0] ? own->pack_folder : NULL,
                               .desk_count = 2,
                               .upload_folder = own->folder};
    assert_ok(tf_site_open(&options, &own->home, &error), &error);
    own->served = site_new();
    size_t count = 0;
    for (size_t i = 0; i < tf_pages_routes.count; i++) {
        own->routes[count++] = tf_pages_routes.routes[i];
    }
    for (size_t i = 0; i < tf_api_routes.count; i++) {
        own->routes[count++] = tf_api_routes.routes[i];
    }
    own->routes[count++] = &own_figures_route;
    assert_true(count <= COUNT_OF(own->routes));
    own->served->options.routes = (tf_routes){own->routes, count};
    own->served->options.answer_error = answer_partnership_error;
    tf_site_serve(own->home, &own->served->options);
    site_start(own->served);
}

/* A partnership that is not made yet, so that a test may give it a pack of its own. */
static inline partnership *partnership_new(void) {
    partnership *own = calloc(1, sizeof *own);
    assert_non_null(own);
    assert_int_equal(temporary_set_up(&own->folder), 0);
    snprintf(own->path, sizeof own->path, "%s/db", (char *)own->folder);
    return own;
}

static inline int partnership_set_up(void **state) {
    partnership *own = partnership_new();
    make_partnership(own);
    serve_partnership(own);
    *state = own;
    return 0;
}

static inline int partnership_tear_down(void **state) {
    partnership *own = *state;
    site_close(own->served);
    tf_site_free(own->home);
    tf_access_free(own->access);
    tf_db_close(own->db);
    tf_pack_free(own->pack);
    int result = temporary_tear_down(&own->folder);
    free(own);
    return result;
}

#define partnership_test(test)                                                                     \
    cmocka_unit_test_setup_teardown(test, partnership_set_up, partnership_tear_down)

/* Invite somebody, by the operator; the path of their link. */
static inline const char *invite(partnership *own, const char *name, const char *email,
                                 const char *roles) {
    static char path[80];
    char token[TF_TOKEN_TEXT_SIZE];
    tf_error error;
    int64_t id;
    tf_invitation invitation = {
        .organisation_id = own->organisation_id, .name = name, .email = email};
    assert_ok(tf_account_roles_parse(tf_access_get_rules(own->access), tf_text_of(roles),
                                     &invitation.roles, &error),
              &error);
    assert_ok(tf_account_invite(own->access, &own->operator, & invitation, tf_instant_now(), &id,
                                token, &error),
              &error);
    snprintf(path, sizeof path, "%s%s", tf_account_link_path(TF_ACCOUNT_LINK_INVITATION), token);
    return path;
}

/* ---- a browser ---- */

typedef struct browser {
    partnership *home;
    char session[80]; /* "": none */
    char device[80];
    char draft[80];         /* of the form that is being filled in */
    const char *draft_name; /* NULL: "draft-report" */
    char token[80];         /* of the forms of the page that was looked at last */
    reply page;
} browser;

static inline void keep_cookies(browser *own) {
    const char *line = own->page.head;
    while ((line = strstr(line, "\r\nSet-Cookie: "))) {
        line += strlen("\r\nSet-Cookie: ");
        char *value = strncmp(line, "trefoil=", 8) == 0           ? own->session
                      : strncmp(line, "trefoil-device=", 15) == 0 ? own->device
                      : strncmp(line, "draft-", 6) == 0           ? own->draft
                                                                  : NULL;
        assert_non_null(value);
        snprintf(value, sizeof own->session, "%.*s", (int)strcspn(strchr(line, '=') + 1, ";"),
                 strchr(line, '=') + 1);
    }
}

static inline void take_page(browser *own, reply page) {
    static const char mark[] = "name=\"form-token\" value=\"";
    reply_free(&own->page);
    own->page = page;
    keep_cookies(own);
    const char *found = strstr(own->page.body, mark);
    if (found) {
        found += strlen(mark);
        snprintf(own->token, sizeof own->token, "%.*s", (int)strcspn(found, "\""), found);
    }
}

static inline const char *cookie_lines(const browser *own) {
    static char lines[400];
    const char *const names[] = {"trefoil", "trefoil-device",
                                 own->draft_name ? own->draft_name : "draft-report"};
    const char *const values[] = {own->session, own->device, own->draft};
    size_t length = 0;
    lines[0] = '\0';
    for (size_t i = 0; i < 3; i++) {
        if (values[i][0]) {
            length += (size_t)snprintf(lines + length, sizeof lines - length, "%s%s=%s",
                                       length ? "; " : "Cookie: ", names[i], values[i]);
        }
    }
    if (length) {
        snprintf(lines + length, sizeof lines - length, "\r\n");
    }
    return lines;
}

static inline int look(browser *own, const char *path) {
    take_page(own, ask_for(own->home->served, path, cookie_lines(own)));
    return own->page.status;
}

/* Send a form as it is, with more headers. */
static inline int send_raw(browser *own, const char *path, const char *headers, const char *body) {
    char request[8192];
    snprintf(request, sizeof request,
             "POST %s HTTP/1.1\r\nHost: localhost\r\n%s%s"
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
             path, cookie_lines(own), headers, strlen(body), body);
    take_page(own, ask(own->home->served, request));
    return own->page.status;
}

/* Send a form of the page that was looked at. */
static inline int send_form(browser *own, const char *path, const char *fields) {
    char body[4096];
    snprintf(body, sizeof body, "%s%sform-token=%s", fields, *fields ? "&" : "", own->token);
    return send_raw(own, path, "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", body);
}

static inline bool leads_to(const browser *own, const char *path) {
    return own->page.status == 303 && reply_says(&own->page, "Location", path);
}

/* The same where the page that it leads to says what was done. */
static inline bool leads_done(const browser *own, const char *path, const char *done) {
    char address[400];
    snprintf(address, sizeof address, "%s?done=%s", path, done);
    return leads_to(own, address);
}

static inline bool says(const browser *own, const char *words) {
    return strstr(own->page.body, words) != NULL;
}

static inline void browser_close(browser *own) {
    reply_free(&own->page);
}

/* ---- somebody's app ---- */

typedef struct app {
    uint8_t seed[TF_CODE_SEED_SIZE];
    int64_t last_step; /* for each code is good once */
} app;

/* Read what a page shows of the seed (RFC 4648 base32, in groups). */
static inline void scan(app *own, const char *page) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const char *at = strstr(page, "app-seed\">");
    assert_non_null(at);
    uint64_t bits = 0;
    int bit_count = 0;
    size_t length = 0;
    for (at += strlen("app-seed\">"); *at != '<'; at++) {
        if (*at == ' ') {
            continue;
        }
        const char *letter = strchr(letters, *at);
        assert_non_null(letter);
        bits = bits << 5 | (uint64_t)(letter - letters);
        bit_count += 5;
        if (bit_count >= 8) {
            assert_true(length < sizeof own->seed);
            own->seed[length++] = (uint8_t)(bits >> (bit_count -= 8));
        }
    }
    assert_int_equal(length, TF_CODE_SEED_SIZE);
    own->last_step = 0;
}

/* A code that was not used yet: of this step, or of the next, which is good already. */
static inline const char *next_code(app *own) {
    static char text[20];
    int64_t step = tf_code_step(tf_instant_now());
    step = step > own->last_step ? step : own->last_step + 1;
    own->last_step = step;
    snprintf(text, sizeof text, "code=%06u",
             (unsigned)tf_code_of(own->seed, sizeof own->seed, step, TF_CODE_DIGITS));
    return text;
}

/* What a colleague says of whoever joins, here by the operator, of all who wait for it. */
static inline void confirm_readers(partnership *own) {
    int64_t ids[50];
    size_t count = 0;
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(own->db,
                            "SELECT id FROM account WHERE state = 'active'"
                            " AND confirmed_generation < key_generation",
                            &statement, &error),
              &error);
    while (!tf_statement_step(statement, &has_row, &error) && has_row && count < COUNT_OF(ids)) {
        ids[count++] = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    for (size_t i = 0; i < count; i++) {
        tf_status status = tf_reader_confirm(own->access, &own->operator, ids[i], &error);
        assert_true(status == TF_OK || status == TF_BAD_INPUT); /* has no role that reads */
    }
}

/* Use a link and set up codes: the account is signed in afterwards, and nobody has confirmed it. */
static inline void join_unconfirmed(browser *own, app *codes, const char *link) {
    char path[100];
    snprintf(path, sizeof path, "%s", link);
    assert_int_equal(look(own, path), 200);
    send_form(own, path, "passphrase=" PASSPHRASE);
    assert_true(leads_to(own, "/sign-in/set-up"));
    assert_int_equal(look(own, "/sign-in/set-up"), 200);
    scan(codes, own->page.body);
    assert_int_equal(send_form(own, "/sign-in/set-up", next_code(codes)), 200);
}

static inline void join(browser *own, app *codes, const char *link) {
    join_unconfirmed(own, codes, link);
    confirm_readers(own->home);
}

static inline int sign_in_as(browser *own, const char *email, const char *passphrase) {
    char fields[600];
    snprintf(fields, sizeof fields, "email=%s&passphrase=%s", email, passphrase);
    return send_raw(own, "/sign-in", "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n",
                    fields);
}

#endif

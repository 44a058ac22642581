/* What the tests of reports in the browser share: a report that was sent, people who join, and
 * pages that are whole. */
#ifndef TREFOIL_TESTS_WEB_PAGES_REPORTS_H
#define TREFOIL_TESTS_WEB_PAGES_REPORTS_H

#include "partnership.h"

#include "html_tree.h"

#include "intake/answers.h"
#include "intake/response.h"

static const char details[] = "Parcels <b>behind</b> the chapel & \"more\"";

/* A report that somebody sent; gives its receipt code. */
static inline void send_report(partnership *own, char code[TF_RECEIPT_SIZE]) {
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

static inline void join_as(partnership *home, browser *own, const char *name, const char *email,
                           const char *role) {
    app codes;
    *own = (browser){.home = home};
    join(own, &codes, invite(home, name, email, role));
}

static inline int post(browser *own, const char *path, const char *body) {
    return send_raw(own, path, "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", body);
}

/* A page is whole, kept by nobody, and nothing within it runs. */
static inline void check_page(const browser *own) {
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

static inline void see(browser *own, const char *path) {
    if (look(own, path) != 200) {
        fail_msg("%s answers %d, to %s", path, own->page.status, own->page.head);
    }
    check_page(own);
}

static inline int64_t count_of(const partnership *own, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(own->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t count = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return count;
}

#endif

#include "form_fixture.h"

#include "intake/draft.h"

static const int64_t second = 1000000;
static const int64_t now = (int64_t)1796000000 * 1000000;

static tf_db *open_db(form_desk *own) {
    tf_db *db;
    tf_error error;
    assert_ok(tf_secret_begin(&error), &error);
    assert_ok(tf_db_open(temporary_path(&own->folder, "db"), TF_DB_WRITE, &db, &error), &error);
    return db;
}

static tf_draft open_at(form_desk *own, tf_db *db, const char *token, int64_t at) {
    tf_draft draft;
    tf_error error;
    assert_ok(tf_draft_open(db, own->pack, own->form, tf_text_of(token), TF_ENGLISH, at, own->arena,
                            &draft, &error),
              &error);
    return draft;
}

static void save_at(form_desk *own, tf_db *db, const char *token, int64_t at, const char *line) {
    tf_error error;
    tf_draft draft = open_at(own, db, token, at);
    own->answers = draft.answers;
    put_answer(own, "what", "one", NULL);
    put_answer(own, "line", line, NULL);
    assert_ok(tf_draft_save(db, &draft, at, &error), &error);
}

static int64_t count_drafts(tf_db *db) {
    tf_statement *statement;
    tf_error error;
    bool has_row;
    assert_ok(tf_db_prepare(db, "SELECT count(*) FROM form_draft", &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t count = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return count;
}

static void answers_are_there_for_whoever_has_the_token(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    char token[TF_TOKEN_TEXT_SIZE];
    char other[TF_TOKEN_TEXT_SIZE];
    tf_token_new(token);
    tf_token_new(other);
    tf_draft draft = open_at(own, db, token, now);
    assert_false(draft.is_there);
    assert_int_equal(draft.answers.values[0].count, 0);
    save_at(own, db, token, now, "purple");
    draft = open_at(own, db, token, now + second);
    assert_true(draft.is_there);
    assert_int_equal(draft.started_at, now);
    own->answers = draft.answers;
    assert_string_equal(answer_of(own, "line"), "purple");
    assert_int_equal(strlen(draft.once), TF_TOKEN_TEXT_SIZE - 1);
    /* It stays the same draft while it is saved. */
    char once[TF_TOKEN_TEXT_SIZE];
    memcpy(once, draft.once, sizeof once);
    save_at(own, db, token, now + 2 * second, "violet");
    draft = open_at(own, db, token, now + 3 * second);
    assert_string_equal(draft.once, once);
    assert_false(open_at(own, db, other, now).is_there);
    assert_false(open_at(own, db, "", now).is_there);
    assert_false(open_at(own, db, "no token", now).is_there);
    tf_error error;
    draft = open_at(own, db, "no token", now);
    assert_int_equal(tf_draft_save(db, &draft, now, &error), TF_BAD_INPUT);
    tf_db_close(db);
}

static void a_draft_ends_an_hour_after_the_last_answer_and_after_twelve(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    char token[TF_TOKEN_TEXT_SIZE];
    tf_token_new(token);
    save_at(own, db, token, now, "x");
    assert_true(open_at(own, db, token, now + 3599 * second).is_there);
    assert_false(open_at(own, db, token, now + 3600 * second).is_there);
    int64_t at = now;
    for (int i = 0; i < 14; i++) {
        at = now + i * 3500 * second;
        save_at(own, db, token, at, "x");
    }
    /* Twelve hours after it began another begins. */
    assert_int_equal(open_at(own, db, token, at).started_at, at);
    tf_db_close(db);
}

static void what_is_gone_is_taken_away(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    char token[TF_TOKEN_TEXT_SIZE];
    for (int i = 0; i < 5; i++) {
        tf_token_new(token);
        save_at(own, db, token, now + i * 1000 * second, "x");
    }
    assert_int_equal(count_drafts(db), 4); /* the first is older than an hour */
    tf_draft draft = open_at(own, db, token, now + 4001 * second);
    tf_error error;
    assert_ok(tf_draft_remove(db, &draft, &error), &error);
    assert_ok(tf_draft_remove(db, &draft, &error), &error);
    assert_int_equal(count_drafts(db), 3);
    assert_false(open_at(own, db, token, now + 4001 * second).is_there);
    tf_db_close(db);
}

static void too_many_drafts_push_the_oldest_out(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    tf_error error;
    char sql[300];
    char token[TF_TOKEN_TEXT_SIZE];
    char first[TF_TOKEN_TEXT_SIZE];
    tf_token_new(first);
    save_at(own, db, first, now, "x");
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT "
             "INTO form_draft SELECT randomblob(32), %lld, %lld + i, randomblob(9) FROM n",
             TF_MOST_DRAFTS - 1, (long long)(now - 120 * second), (long long)now);
    assert_ok(tf_db_execute(db, sql, &error), &error);
    assert_int_equal(count_drafts(db), TF_MOST_DRAFTS);
    /* One that is there already takes no more room. */
    save_at(own, db, first, now + second, "y");
    assert_int_equal(count_drafts(db), TF_MOST_DRAFTS);
    tf_token_new(token);
    save_at(own, db, token, now + 2 * second, "z");
    assert_int_equal(count_drafts(db), TF_MOST_DRAFTS);
    assert_true(open_at(own, db, first, now + 2 * second).is_there);
    assert_true(open_at(own, db, token, now + 2 * second).is_there);
    tf_db_close(db);
}

static void a_flood_of_new_drafts_leaves_those_that_are_there(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    tf_error error;
    char sql[300];
    char begun[TF_TOKEN_TEXT_SIZE];
    char token[TF_TOKEN_TEXT_SIZE];
    tf_token_new(begun);
    tf_token_new(token);
    save_at(own, db, begun, now - 120 * second, "x");
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT "
             "INTO form_draft SELECT randomblob(32), %lld, %lld, randomblob(9) FROM n",
             TF_MOST_DRAFTS_A_MINUTE, (long long)now, (long long)now);
    assert_ok(tf_db_execute(db, sql, &error), &error);
    tf_draft draft = open_at(own, db, token, now);
    assert_int_equal(tf_draft_save(db, &draft, now, &error), TF_BUSY);
    assert_false(open_at(own, db, token, now).is_there);
    save_at(own, db, begun, now, "y");
    save_at(own, db, token, now + 61 * second, "z");
    assert_true(open_at(own, db, token, now + 61 * second).is_there);
    tf_db_close(db);
}

/* A row that was changed, or moved to the place of another, is no draft. */
static void nothing_but_the_own_row_is_read(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    tf_error error;
    char a[TF_TOKEN_TEXT_SIZE];
    char b[TF_TOKEN_TEXT_SIZE];
    tf_token_new(a);
    tf_token_new(b);
    save_at(own, db, a, now, "a's");
    save_at(own, db, b, now + second, "b's");
    assert_ok(tf_db_execute(db,
                            "UPDATE form_draft SET content = (SELECT content FROM form_draft"
                            " ORDER BY touched_at LIMIT 1)",
                            &error),
              &error);
    assert_true(open_at(own, db, a, now + second).is_there);
    assert_false(open_at(own, db, b, now + second).is_there);
    assert_ok(
        tf_db_execute(db, "UPDATE form_draft SET content = substr(content, 1, length(content) - 1)",
                      &error),
        &error);
    assert_false(open_at(own, db, a, now + second).is_there);
    tf_db_close(db);
}

static void a_receipt_waits_in_the_place_of_the_answers(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    tf_error error;
    char token[TF_TOKEN_TEXT_SIZE];
    tf_token_new(token);
    save_at(own, db, token, now, "purple");
    tf_draft draft = open_at(own, db, token, now);
    snprintf(draft.receipt, sizeof draft.receipt, "7KQ2-M9XD-4RTN-C8WP");
    assert_ok(tf_draft_save(db, &draft, now, &error), &error);
    draft = open_at(own, db, token, now);
    assert_true(draft.is_there);
    assert_string_equal(draft.receipt, "7KQ2-M9XD-4RTN-C8WP");
    assert_int_equal(draft.answers.values[0].count, 0);
    tf_db_close(db);
}

/* Neither answers nor code nor token stand in any file, while it is open and after. */
static void a_copy_of_the_database_reads_nothing(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    char token[TF_TOKEN_TEXT_SIZE];
    tf_token_new(token);
    save_at(own, db, token, now, "purple elephant");
    for (int i = 0; i < 2; i++) {
        static const char *const names[] = {"db", "db-wal", "db-shm"};
        for (size_t n = 0; n < 3; n++) {
            static char bytes[1 << 22];
            FILE *file = fopen(temporary_path(&own->folder, names[n]), "rb");
            size_t length = file ? fread(bytes, 1, sizeof bytes, file) : 0;
            assert_true(file || n > 0);
            assert_null(memmem(bytes, length, "purple", 6));
            assert_null(memmem(bytes, length, token, 20));
            if (file) {
                (void)fclose(file);
            }
        }
        tf_db_close(db);
        db = NULL;
    }
}

static void a_clock_that_is_set_back_keeps_no_draft_for_longer(void **state) {
    form_desk *own = *state;
    tf_db *db = open_db(own);
    char token[TF_TOKEN_TEXT_SIZE], other[TF_TOKEN_TEXT_SIZE];
    tf_token_new(token);
    tf_token_new(other);
    save_at(own, db, token, now, "purple");
    assert_true(
        open_at(own, db, token, now - 30 * 60 * second).is_there); /* put right by a little */
    int64_t before = now - (int64_t)24 * 60 * 60 * second;
    assert_false(open_at(own, db, token, before).is_there);
    save_at(own, db, other, before, "green");
    assert_int_equal(count_drafts(db), 1);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        form_test(answers_are_there_for_whoever_has_the_token),
        form_test(a_draft_ends_an_hour_after_the_last_answer_and_after_twelve),
        form_test(what_is_gone_is_taken_away),
        form_test(too_many_drafts_push_the_oldest_out),
        form_test(a_flood_of_new_drafts_leaves_those_that_are_there),
        form_test(nothing_but_the_own_row_is_read),
        form_test(a_receipt_waits_in_the_place_of_the_answers),
        form_test(a_copy_of_the_database_reads_nothing),
        form_test(a_clock_that_is_set_back_keeps_no_draft_for_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

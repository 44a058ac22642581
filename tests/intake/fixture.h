/* What the tests of the imports share: a new database, small made-up files, and its rows as text.
 */
#ifndef TREFOIL_TESTS_INTAKE_FIXTURE_H
#define TREFOIL_TESTS_INTAKE_FIXTURE_H

#include "temporary.h"

#include "store/db.h"

static inline tf_db *open_new(void **state) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(temporary_path(state, "db"), TF_DB_WRITE, &db, &error), &error);
    return db;
}

/* Write a file into the test's folder; gives its path. */
static inline const char *write_file(void **state, const char *name, const char *text) {
    const char *path = temporary_path(state, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return path;
}

/* The rows of a query, "a|b;c|d;", are as expected; null is written as nothing. */
static inline void expect_rows(tf_db *db, const char *sql, const char *expected) {
    tf_error error;
    tf_statement *statement;
    tf_buffer seen;
    tf_buffer_init(&seen);
    tf_buffer_append_text(&seen, "");
    assert_ok(tf_db_prepare(db, sql, &statement, &error), &error);
    for (;;) {
        bool has_row;
        assert_ok(tf_statement_step(statement, &has_row, &error), &error);
        if (!has_row) {
            break;
        }
        tf_text row = tf_column_at_text(statement, 0);
        tf_buffer_append(&seen, row.data ? row.data : "", row.length);
        tf_buffer_append_text(&seen, ";");
    }
    tf_statement_free(statement);
    assert_string_equal(seen.data, expected);
    tf_buffer_deinit(&seen);
}

#define EXPECT_NOTHING_KEPT(db)                                                                    \
    expect_rows((db),                                                                              \
                "SELECT (SELECT COUNT(*) FROM batch) + (SELECT COUNT(*) FROM area)"                \
                " + (SELECT COUNT(*) FROM layer) + (SELECT COUNT(*) FROM population)"              \
                " + (SELECT COUNT(*) FROM area_lookup) + (SELECT COUNT(*) FROM batch_reject)",     \
                "0;")

#endif

#include "intake/lookup.h"

#include "import_internal.h"
#include "rows_internal.h"

enum {
    AUTHORITY_CODE,
    AUTHORITY_NAME,
    PARTNERSHIP_CODE,
    PARTNERSHIP_NAME,
    FORCE_CODE,
    FORCE_NAME,
    COLUMN_COUNT
};

static const struct {
    const char *prefix;
    const char *suffix;
} columns[COLUMN_COUNT] = {
    {"LAD", "CD"}, {"LAD", "NM"}, {"CSP", "CD"}, {"CSP", "NM"}, {"PFA", "CD"}, {"PFA", "NM"},
};

typedef struct lookup_import {
    tf_import import;
    tf_statement *find;
    tf_statement *put;
} lookup_import;

static tf_status choose(void *context, const tf_text *names, size_t count, const char *title,
                        tf_rows_columns *chosen_out, tf_error *error) {
    (void)context;
    (void)title;
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const char *prefix = columns[column].prefix;
        const char *suffix = columns[column].suffix;
        size_t found = 0;
        for (size_t i = 0; i < count; i++) {
            if (tf_is_ons_column(tf_text_trim(names[i]), prefix, suffix)) {
                chosen_out->places[column] = i;
                found++;
            }
        }
        if (found != 1) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 1,
                           "the header has %s column such as %s23%s; give the lookup from local "
                           "authorities to community safety partnerships to police force areas, "
                           "with LADnnCD, LADnnNM, CSPnnCD, CSPnnNM, PFAnnCD and PFAnnNM of one "
                           "year",
                           found ? "more than one" : "no", prefix, suffix);
        }
    }
    chosen_out->count = COLUMN_COUNT;
    return TF_OK;
}

/* What an earlier line said of the authority: another force, or this very partnership. */
static tf_status find_earlier(lookup_import *lookup, const tf_text *cells, bool *has_other_force,
                              bool *is_repeated, tf_error *error) {
    tf_statement *find = lookup->find;
    tf_bind_text(find, 1, cells[AUTHORITY_CODE]);
    tf_bind_text(find, 2, cells[PARTNERSHIP_CODE]);
    tf_bind_text(find, 3, cells[FORCE_CODE]);
    tf_status status = tf_statement_step(find, NULL, error);
    *has_other_force = !status && tf_column_at_int(find, 0) > 0;
    *is_repeated = !status && tf_column_at_int(find, 1) > 0;
    tf_statement_reset(find);
    return status;
}

static tf_status on_row(void *context, int64_t line, const tf_text *cells, tf_text record,
                        tf_error *error) {
    lookup_import *lookup = context;
    tf_text values[COLUMN_COUNT];
    lookup->import.rows_read++;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        values[i] = tf_text_trim(cells[i]);
        if (!values[i].length) {
            return tf_import_reject(&lookup->import, line, record, error,
                                    "the %s of the %s is empty", i % 2 ? "name" : "code",
                                    i < PARTNERSHIP_CODE ? "local authority"
                                    : i < FORCE_CODE     ? "community safety partnership"
                                                         : "police force area");
        }
    }
    bool has_other_force = false;
    bool is_repeated = false;
    tf_status status = find_earlier(lookup, values, &has_other_force, &is_repeated, error);
    if (!status && has_other_force) {
        return tf_import_reject(&lookup->import, line, record, error,
                                "an earlier line has %.*s in another police force area",
                                TF_TEXT_ARG(values[AUTHORITY_CODE]));
    }
    if (!status && is_repeated) {
        return tf_import_reject(
            &lookup->import, line, record, error, "an earlier line has %.*s in %.*s too",
            TF_TEXT_ARG(values[AUTHORITY_CODE]), TF_TEXT_ARG(values[PARTNERSHIP_CODE]));
    }
    if (status) {
        return status;
    }
    for (int i = 0; i < COLUMN_COUNT; i++) {
        tf_bind_text(lookup->put, i + 1, values[i]);
    }
    tf_bind_int(lookup->put, COLUMN_COUNT + 1, lookup->import.batch_id);
    return tf_statement_run(lookup->put, error);
}

static tf_status on_reject(void *context, int64_t line, const char *reason, tf_text record,
                           tf_error *error) {
    lookup_import *lookup = context;
    lookup->import.rows_read++;
    return tf_import_reject(&lookup->import, line, record, error, "%s", reason);
}

static tf_status prepare(lookup_import *lookup, tf_error *error) {
    tf_db *db = lookup->import.db;
    tf_status status = tf_db_execute(db, "DELETE FROM area_lookup", error);
    if (!status) {
        status = tf_db_prepare(
            db,
            "SELECT SUM(force_code <> ?3), SUM(partnership_code = ?2) FROM area_lookup"
            " WHERE authority_code = ?1",
            &lookup->find, error);
    }
    if (!status) {
        status = tf_db_prepare(db, "INSERT INTO area_lookup VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                               &lookup->put, error);
    }
    return status;
}

static tf_status count(tf_db *db, tf_lookup_summary *summary, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "SELECT COUNT(DISTINCT authority_code),"
                                     " COUNT(DISTINCT partnership_code),"
                                     " COUNT(DISTINCT force_code) FROM area_lookup",
                                     &statement, error);
    if (!status) {
        status = tf_statement_step(statement, NULL, error);
    }
    if (!status) {
        summary->authorities = tf_column_at_int(statement, 0);
        summary->partnerships = tf_column_at_int(statement, 1);
        summary->forces = tf_column_at_int(statement, 2);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_lookup_import(tf_db *db, const char *path, tf_lookup_summary *summary_out,
                           tf_error *error) {
    *summary_out = (tf_lookup_summary){0};
    lookup_import lookup = {0};
    char sha256[TF_SHA256_TEXT_SIZE] = "";
    tf_status status = tf_import_begin(&lookup.import, db, path, "lookup", "ONS", error);
    if (status) {
        return status;
    }
    status = prepare(&lookup, error);
    if (!status) {
        status = tf_rows_read_csv(path, &(tf_rows_reader){choose, on_row, on_reject, &lookup},
                                  sha256, error);
    }
    if (!status) {
        status = count(db, summary_out, error);
    }
    if (!status && summary_out->authorities == 0) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "the file has no row that can be used; download the lookup again");
    }
    tf_statement_free(lookup.find);
    tf_statement_free(lookup.put);
    summary_out->batch_id = lookup.import.batch_id;
    summary_out->rows_read = lookup.import.rows_read;
    summary_out->rejected = lookup.import.rows_rejected;
    summary_out->accepted = lookup.import.rows_read - lookup.import.rows_rejected;
    return tf_import_end(&lookup.import, sha256, status, error);
}

#include "intake/place.h"

#include <math.h>
#include <stdio.h>

/* Layers are named by whoever imports them, mostly after the field of the publisher's code (BUA22CD
 * gives "bua22"), so that the beginning tells.  The numbers are tf_place_kind's. */
#define PLACE_COLUMNS                                                                              \
    "SELECT area.code, area.label, coalesce(min(known.column2), 3) AS kind,"                       \
    " area.centroid_latitude, area.centroid_longitude FROM area LEFT JOIN (VALUES"                 \
    " ('bua', 0), ('town', 0), ('lad', 1), ('local-auth', 1), ('authorit', 1), ('cty', 1),"        \
    " ('utla', 1), ('ltla', 1), ('pfa', 2), ('force', 2), ('small-area', 4), ('lsoa', 4),"         \
    " ('msoa', 4), ('oa', 4), ('wd', 4), ('ward', 4)) AS known"                                    \
    " ON area.layer LIKE known.column1 || '%'"                                                     \
    " WHERE area.centroid_latitude IS NOT NULL AND area.centroid_longitude IS NOT NULL AND "

static const char *copy_column(tf_statement *statement, int column, tf_arena *arena) {
    tf_text text = tf_column_at_text(statement, column);
    return text.data ? tf_arena_copy_text(arena, text.data, text.length) : NULL;
}

static tf_status take_place(tf_statement *statement, tf_arena *arena, tf_place *place_out,
                            tf_error *error) {
    *place_out = (tf_place){
        .code = copy_column(statement, 0, arena),
        .name = copy_column(statement, 1, arena),
        .kind = (tf_place_kind)tf_column_at_int(statement, 2),
        .latitude = tf_column_at_double(statement, 3),
        .longitude = tf_column_at_double(statement, 4),
    };
    bool is_whole = place_out->code && place_out->name;
    return is_whole ? TF_OK : tf_fail_no_memory(error);
}

/* A pattern of LIKE for texts that begin so, or of which a word does. */
static void append_pattern(tf_buffer *pattern, const char *before, tf_text name) {
    tf_buffer_append_text(pattern, before);
    for (size_t i = 0; i < name.length; i++) {
        if (strchr("%_\\", name.data[i])) {
            tf_buffer_append_text(pattern, "\\");
        }
        tf_buffer_append(pattern, &name.data[i], 1);
    }
    tf_buffer_append_text(pattern, "%");
}

static tf_status run_search(tf_statement *statement, tf_arena *arena,
                            tf_place places_out[TF_MOST_PLACES], size_t *count_out,
                            tf_error *error) {
    bool has_row = false;
    tf_status status = tf_statement_step(statement, &has_row, error);
    while (!status && has_row && *count_out < TF_MOST_PLACES) {
        status = take_place(statement, arena, &places_out[(*count_out)++], error);
        if (!status) {
            status = tf_statement_step(statement, &has_row, error);
        }
    }
    return status;
}

tf_status tf_place_search(tf_db *db, tf_text name, tf_arena *arena,
                          tf_place places_out[TF_MOST_PLACES], size_t *count_out, tf_error *error) {
    tf_text asked = tf_text_trim(name);
    *count_out = 0;
    if (asked.length < 3 || asked.length > 100 || tf_place_is_postcode(asked)) {
        return TF_OK;
    }
    tf_buffer first;
    tf_buffer later;
    tf_buffer_init(&first);
    tf_buffer_init(&later);
    append_pattern(&first, "", asked);
    append_pattern(&later, "% ", asked);
    tf_statement *statement = NULL;
    tf_status status = tf_buffer_check(&first, error);
    if (!status) {
        status = tf_buffer_check(&later, error);
    }
    if (!status) {
        /* Layers of two censuses have areas of one name; one of each code is enough. */
        status =
            tf_db_prepare(db,
                          PLACE_COLUMNS "(area.label LIKE ?1 ESCAPE '\\' OR"
                                        " area.label LIKE ?2 ESCAPE '\\')"
                                        " GROUP BY area.code"
                                        " ORDER BY kind, length(area.label), area.label, area.code"
                                        " LIMIT 8",
                          &statement, error);
    }
    if (!status) {
        tf_bind_text(statement, 1, (tf_text){first.data, first.length});
        tf_bind_text(statement, 2, (tf_text){later.data, later.length});
        status = run_search(statement, arena, places_out, count_out, error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&first);
    tf_buffer_deinit(&later);
    return status;
}

tf_status tf_place_get(tf_db *db, tf_text code, tf_arena *arena, tf_place *place_out,
                       tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(db, PLACE_COLUMNS "area.code = ?1 GROUP BY area.code", &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, code);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status) {
        status = has_row ? take_place(statement, arena, place_out, error)
                         : tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no such place");
    }
    tf_statement_free(statement);
    return status;
}

/* ---- shapes ---- */

static bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* One or two letters, one or two digits, perhaps a letter; how many characters, or 0. */
static size_t outward_length(tf_text text) {
    size_t at = 0;
    while (at < text.length && at < 2 && is_letter(text.data[at])) {
        at++;
    }
    size_t letters = at;
    while (at < text.length && at - letters < 2 && is_digit(text.data[at])) {
        at++;
    }
    if (letters == 0 || at == letters) {
        return 0;
    }
    bool has_letter = at < text.length && at - letters == 1 && is_letter(text.data[at]);
    return at + has_letter;
}

/* A digit, or a digit and two letters. */
static bool is_inward(tf_text text) {
    return (text.length == 1 || text.length == 3) && is_digit(text.data[0]) &&
           (text.length == 1 || (is_letter(text.data[1]) && is_letter(text.data[2])));
}

bool tf_place_is_postcode(tf_text text) {
    tf_text trimmed = tf_text_trim(text);
    /* Without a space the last three characters are the second half. */
    for (size_t split = trimmed.length; split > 0; split--) {
        tf_text first = {trimmed.data, split};
        tf_text second = {trimmed.data + split, trimmed.length - split};
        if (outward_length(tf_text_trim(first)) == tf_text_trim(first).length &&
            tf_text_trim(first).length > 0 &&
            (second.length == 0 || is_inward(tf_text_trim(second)))) {
            return true;
        }
    }
    return false;
}

bool tf_place_is_near(double latitude, double longitude) {
    return latitude >= 49.5 && latitude <= 61.5 && longitude >= -11 && longitude <= 2.5;
}

char *tf_place_format(double degrees, bool is_exact, char text_out[TF_DEGREES_TEXT_SIZE]) {
    /* Adding zero makes of a negative zero a plain one. */
    double rounded = is_exact ? round(degrees * 1e5) / 1e5 : round(degrees * 100) / 100;
    snprintf(text_out, TF_DEGREES_TEXT_SIZE, is_exact ? "%.5f" : "%.2f", rounded + 0.0);
    return text_out;
}

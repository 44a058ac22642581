/* Small databases made by hand: a few rows of each feed, put as partitions the way an import does,
 * and a made-up county to count them in. */
#ifndef TREFOIL_TESTS_INSIGHT_POLICE_DB_H
#define TREFOIL_TESTS_INSIGHT_POLICE_DB_H

#include "temporary.h"

#include "insight/profile.h"
#include "store/partition.h"
#include "trefoil/space/wkb.h"
#include "trefoil/table/builder.h"

#define MONTH(year, number) ((year)*12 + (number)-1)

enum { LAST_BATCH = 200 }; /* batches 1 to this are there to be named */

/* `id` is 0 for a row without a Crime ID; a text that is NULL is null. */
typedef struct street_row {
    int id;
    const char *area;
    const char *area_name;
    const char *type;
    const char *outcome;
    bool has_no_place;
} street_row;

typedef struct outcome_row {
    int id;
    const char *outcome;
    tf_month month; /* 0: that of the file */
} outcome_row;

typedef struct search_row {
    const char *object;
    const char *outcome;
    char linked;                /* 't', 'f', or 0 for null */
    double longitude, latitude; /* both 0: null */
} search_row;

static inline tf_db *make_db(void **state, const char *name) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_db_open(temporary_path(state, name), TF_DB_WRITE, &db, &error), &error);
    assert_ok(tf_db_begin(db, &error), &error);
    for (int i = 1; i <= LAST_BATCH; i++) {
        char sql[256];
        snprintf(sql, sizeof sql,
                 "INSERT INTO batch (id, feed, file, sha256, publisher, started_at)"
                 " VALUES (%d, 'test', 'file %d', 'hash %d', 'p', 0)",
                 i, i, i);
        assert_ok(tf_db_execute(db, sql, &error), &error);
    }
    assert_ok(tf_db_commit(db, &error), &error);
    return db;
}

static inline void execute(tf_db *db, const char *sql) {
    tf_error error;
    assert_ok(tf_db_execute(db, sql, &error), &error);
}

static inline void append_text(tf_builder *builder, size_t field, const char *text) {
    if (text) {
        tf_builder_append_text(builder, field, tf_text_of(text));
    } else {
        tf_builder_append_null(builder, field);
    }
}

static inline void append_id(tf_builder *builder, size_t field, int id) {
    if (id) {
        char bytes[32] = {0};
        memcpy(bytes + 7, &id, sizeof id);
        tf_builder_append_bytes(builder, field, bytes);
    } else {
        tf_builder_append_null(builder, field);
    }
}

static inline void append_double(tf_builder *builder, size_t field, double value, bool is_null) {
    if (is_null) {
        tf_builder_append_null(builder, field);
    } else {
        tf_builder_append_double(builder, field, value);
    }
}

/* Finish the table and put it; frees the builder. */
static inline void put_table(tf_db *db, tf_builder *builder, const char *feed, const char *force,
                             tf_month month, int64_t batch_id) {
    tf_error error;
    tf_table *table;
    tf_buffer stream;
    tf_buffer_init(&stream);
    assert_ok(tf_builder_finish(builder, &table, &error), &error);
    assert_ok(tf_arrow_write(table, 3, &stream, &error), &error);
    assert_ok(tf_db_begin(db, &error), &error);
    assert_ok(tf_partition_put(db, &(tf_partition_key){feed, force, month}, batch_id,
                               table->row_count, stream.data, stream.length, NULL, &error),
              &error);
    assert_ok(tf_db_commit(db, &error), &error);
    tf_buffer_deinit(&stream);
    tf_table_free(table);
    tf_builder_free(builder);
}

static inline void put_street(tf_db *db, const char *force, tf_month month, int64_t batch_id,
                              const street_row *rows, size_t count) {
    static const tf_builder_field fields[] = {
        {"crime_id", TF_TYPE_FIXED_BINARY, 32}, {"month", TF_TYPE_DATE, 0},
        {"longitude", TF_TYPE_FLOAT64, 0},      {"latitude", TF_TYPE_FLOAT64, 0},
        {"lsoa_code", TF_TYPE_DICTIONARY, 0},   {"lsoa_name", TF_TYPE_DICTIONARY, 0},
        {"crime_type", TF_TYPE_DICTIONARY, 0},  {"outcome", TF_TYPE_DICTIONARY, 0},
    };
    tf_builder *builder = tf_builder_new(fields, 8, NULL);
    assert_non_null(builder);
    for (size_t i = 0; i < count; i++) {
        append_id(builder, 0, rows[i].id);
        tf_builder_append_int(builder, 1, tf_month_first_day(month));
        append_double(builder, 2, -0.4, rows[i].has_no_place);
        append_double(builder, 3, 52, rows[i].has_no_place);
        append_text(builder, 4, rows[i].area);
        append_text(builder, 5, rows[i].area_name);
        append_text(builder, 6, rows[i].type);
        append_text(builder, 7, rows[i].outcome);
    }
    put_table(db, builder, "street", force, month, batch_id);
}

static inline void put_outcomes(tf_db *db, const char *force, tf_month month, int64_t batch_id,
                                const outcome_row *rows, size_t count) {
    static const tf_builder_field fields[] = {{"crime_id", TF_TYPE_FIXED_BINARY, 32},
                                              {"month", TF_TYPE_DATE, 0},
                                              {"outcome", TF_TYPE_DICTIONARY, 0}};
    tf_builder *builder = tf_builder_new(fields, 3, NULL);
    assert_non_null(builder);
    for (size_t i = 0; i < count; i++) {
        append_id(builder, 0, rows[i].id);
        tf_builder_append_int(builder, 1,
                              tf_month_first_day(rows[i].month ? rows[i].month : month));
        append_text(builder, 2, rows[i].outcome);
    }
    put_table(db, builder, "outcomes", force, month, batch_id);
}

static inline void put_searches(tf_db *db, const char *force, tf_month month, int64_t batch_id,
                                const search_row *rows, size_t count) {
    static const tf_builder_field fields[] = {{"latitude", TF_TYPE_FLOAT64, 0},
                                              {"longitude", TF_TYPE_FLOAT64, 0},
                                              {"object_of_search", TF_TYPE_DICTIONARY, 0},
                                              {"outcome", TF_TYPE_DICTIONARY, 0},
                                              {"outcome_is_linked", TF_TYPE_BOOL, 0}};
    tf_builder *builder = tf_builder_new(fields, 5, NULL);
    assert_non_null(builder);
    for (size_t i = 0; i < count; i++) {
        bool has_no_place = rows[i].longitude == 0 && rows[i].latitude == 0;
        append_double(builder, 0, rows[i].latitude, has_no_place);
        append_double(builder, 1, rows[i].longitude, has_no_place);
        append_text(builder, 2, rows[i].object);
        append_text(builder, 3, rows[i].outcome);
        if (rows[i].linked) {
            tf_builder_append_bool(builder, 4, rows[i].linked == 't');
        } else {
            tf_builder_append_null(builder, 4);
        }
    }
    put_table(db, builder, "stop-and-search", force, month, batch_id);
}

/* `count` rows of one type in one area, with IDs first_id, first_id + 1, ... */
static inline void put_many(tf_db *db, const char *force, tf_month month, int64_t batch_id,
                            size_t count, const char *area, const char *area_name) {
    street_row rows[512];
    assert_true(count <= 512);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (street_row){0, area, area_name, "Drugs", NULL, false};
    }
    put_street(db, force, month, batch_id, rows, count);
}

/* A square of a hundredth of a degree as an area of layer "small"; its western edge is at
 * -1 + number / 100, so that successive numbers touch. */
static inline void add_square(tf_db *db, int number, const char *code, const char *label) {
    tf_error error;
    tf_polygons square = {0};
    tf_buffer bytes;
    tf_statement *statement;
    double west = -1 + number / 100.0, south = 52;
    const tf_point points[] = {{west, south},
                               {west + 0.01, south},
                               {west + 0.01, south + 0.01},
                               {west, south + 0.01},
                               {west, south}};
    for (size_t i = 0; i < 5; i++) {
        assert_ok(tf_polygons_add_point(&square, points[i], &error), &error);
    }
    assert_ok(tf_polygons_end_ring(&square, &error), &error);
    assert_ok(tf_polygons_end_part(&square, &error), &error);
    tf_buffer_init(&bytes);
    assert_ok(tf_wkb_write(&square, &bytes, &error), &error);
    execute(db, "INSERT OR IGNORE INTO layer VALUES ('small', 'Small areas')");
    assert_ok(tf_db_prepare(db,
                            "INSERT INTO area (id, layer, code, label, batch_id)"
                            " VALUES (?1, 'small', ?2, ?3, 1)",
                            &statement, &error),
              &error);
    tf_bind_int(statement, 1, number);
    tf_bind_text(statement, 2, tf_text_of(code));
    tf_bind_text(statement, 3, tf_text_of(label));
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
    assert_ok(tf_db_prepare(db, "INSERT INTO area_boundary VALUES (?1, ?2)", &statement, &error),
              &error);
    tf_bind_int(statement, 1, number);
    tf_bind_bytes(statement, 2, bytes.data, bytes.length);
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
    execute(db, "DELETE FROM area_neighbour");
    execute(db, "INSERT INTO area_neighbour SELECT a.id, b.id FROM area a JOIN area b"
                " ON abs(a.id - b.id) = 1");
    tf_buffer_deinit(&bytes);
    tf_polygons_deinit(&square);
}

/* The county of Avalon: the authorities Alphaton (five small areas in a row, A1 to A5, numbers 1 to
 * 5) and Betaby (B1, number 7), one partnership each, all policed by the force "avalon". */
static inline void add_county(tf_db *db) {
    execute(db, "INSERT INTO area_lookup VALUES"
                " ('E1', 'Alphaton', 'P1', 'Alphaton partnership', 'F1', 'Avalon', 1),"
                " ('E2', 'Betaby', 'P2', 'Betaby partnership', 'F1', 'Avalon', 1)");
    add_square(db, 1, "A1", "Alphaton 001A");
    add_square(db, 2, "A2", "Alphaton 001B");
    add_square(db, 3, "A3", "Alphaton 001C");
    add_square(db, 4, "A4", "Alphaton 001D");
    add_square(db, 5, "A5", "Alphaton 001E");
    add_square(db, 7, "B1", "Betaby 001A");
}

/* Profiles of one database. */
typedef struct profile_maker {
    tf_pack *pack;
    tf_crime_data *data;
} profile_maker;

static inline profile_maker open_profiler(tf_db *db) {
    tf_error error;
    profile_maker profiler;
    assert_ok(tf_pack_open(NULL, &profiler.pack, &error), &error);
    assert_ok(tf_crime_data_new(db, profiler.pack, &profiler.data, &error), &error);
    return profiler;
}

static inline void close_profiler(profile_maker *profiler) {
    tf_crime_data_free(profiler->data);
    tf_pack_free(profiler->pack);
}

static inline tf_profile *make_profile(profile_maker *profiler, const char *area, const char *type,
                                       tf_month from, tf_month to) {
    tf_error error;
    tf_profile *profile = NULL;
    assert_ok(tf_profile_make(profiler->data, &(tf_profile_request){area, type, from, to}, &profile,
                              &error),
              &error);
    return profile;
}

/* Whether some note has `part` in it. */
static inline bool has_note(const tf_profile *profile, const char *part) {
    for (size_t i = 0; i < profile->note_count; i++) {
        if (strstr(profile->notes[i], part)) {
            return true;
        }
    }
    return false;
}

static inline int64_t share_of(const tf_profile_share *shares, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(shares[i].name, name) == 0) {
            return shares[i].count;
        }
    }
    return -1;
}

/* The small area of that code, which must be there. */
static inline tf_profile_area area_of(const tf_profile *profile, const char *code) {
    for (size_t i = 0; i < profile->area_count; i++) {
        if (strcmp(profile->areas[i].code, code) == 0) {
            return profile->areas[i];
        }
    }
    fail_msg("there is no area %s", code);
    return (tf_profile_area){0};
}

#endif

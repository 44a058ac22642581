/* A small county, imported from files as a real one is, and a server for its API.
 *
 * Larkenshire has two authorities with two small areas each, whose populations are 1,000 to 4,000.
 * From January 2023 to March 2024 area N has N drug offences a month, and the first one case of
 * shoplifting.  Three rows of January 2023 are rejects, and one name is an attack. */
#ifndef TREFOIL_TESTS_WEB_API_COUNTY_H
#define TREFOIL_TESTS_WEB_API_COUNTY_H

#include "../http/site.h"
#include "temporary.h"

#include "intake/areas.h"
#include "intake/lookup.h"
#include "intake/police.h"
#include "intake/population.h"
#include "web/api/api.h"
#include "web/site/site.h"

#include <jansson.h>

enum { MONTH_COUNT = 15, AREA_COUNT = 4 };

#define HOSTILE_NAME "</script><script>alert(\"1\")</script>"
#define HOSTILE_ROW  "=cmd|'/C calc'!A0,\"x\""

typedef struct county {
    void *folder;   /* as temporary.h has it */
    char path[256]; /* of the database */
    tf_site *home;
    site *served;
} county;

static inline void write_county_file(county *own, const char *name, const char *text) {
    FILE *file = fopen(temporary_path(&own->folder, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static inline void append_month(tf_buffer *out, int year, int month) {
    static int id;
    tf_buffer_append_text(out, "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,"
                               "Location,LSOA code,LSOA name,Crime type,Last outcome category,"
                               "Context\n");
    for (int area = 1; area <= AREA_COUNT; area++) {
        for (int i = 0; i < area + (area == 1); i++) {
            tf_buffer_format(out,
                             "%064x,%d-%02d,Larkenshire Police,Larkenshire Police,%.3f,52.01,On or "
                             "near High Street,E0190000%d,Larken 001A,%s,Under investigation,\n",
                             ++id, year, month, 0.01 + 0.02 * area, area,
                             i == area ? "Shoplifting" : "Drugs");
        }
    }
    if (year == 2023 && month == 1) {
        tf_buffer_append_text(out, HOSTILE_ROW "\nshort\n\"also,short\"\n");
    }
}

static inline void write_police(county *own) {
    for (int m = 0; m < MONTH_COUNT; m++) {
        char name[64];
        int year = 2023 + m / 12;
        int month = m % 12 + 1;
        tf_buffer text;
        tf_buffer_init(&text);
        append_month(&text, year, month);
        snprintf(name, sizeof name, "%d-%02d-larkenshire-street.csv", year, month);
        write_county_file(own, name, text.data);
        tf_buffer_deinit(&text);
    }
}

/* Squares of 0.02 degrees side by side, each with a corner that a simplification takes away. */
static inline void write_areas(county *own) {
    static const char *const names[AREA_COUNT] = {
        "Larken 001A", "</script><script>alert(\\\"1\\\")</script>", "Wold 001A", "Wold 001B"};
    tf_buffer text;
    tf_buffer_init(&text);
    tf_buffer_append_text(&text, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (int i = 0; i < AREA_COUNT; i++) {
        double west = 0.02 * i, east = west + 0.02;
        tf_buffer_format(&text,
                         "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"E0190000%d\","
                         "\"label\":\"%s\",\"parent\":\"E0690000%d\"},\"geometry\":{\"type\":"
                         "\"Polygon\",\"coordinates\":[[[%.3f,52],[%.3f,52],[%.3f,52.02],"
                         "[%.3f,52.02001],[%.3f,52.02],[%.3f,52]]]}}",
                         i ? "," : "", i + 1, names[i], i / 2 + 1, west, east, east, west + 0.01,
                         west, west);
    }
    tf_buffer_append_text(&text, "]}");
    write_county_file(own, "areas.geojson", text.data);
    tf_buffer_deinit(&text);
}

static inline void import_county(county *own) {
    tf_error error;
    tf_db *db;
    tf_pack *pack;
    assert_ok(tf_db_open(temporary_path(&own->folder, "db"), TF_DB_WRITE, &db, &error), &error);
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    write_police(own);
    const char *folder = temporary_path(&own->folder, "");
    tf_police_summary police;
    assert_ok(tf_police_import(db, pack, &folder, 1, &(tf_police_options){.thread_count = 1},
                               &police, &error),
              &error);
    assert_int_equal(police.rows_rejected, 3);
    write_areas(own);
    tf_areas_summary areas;
    assert_ok(tf_areas_import(db, temporary_path(&own->folder, "areas.geojson"),
                              &(tf_areas_options){.layer = "small", .parent_property = "parent"},
                              &areas, &error),
              &error);
    assert_int_equal(areas.accepted, AREA_COUNT);
    write_county_file(own, "lookup.csv",
                      "LAD23CD,LAD23NM,CSP23CD,CSP23NM,PFA23CD,PFA23NM\n"
                      "E06900001,Larken,E22900001,Larken,E23900001,Larkenshire\n"
                      "E06900002,Wold & Marsh,E22900002,\"Wold, and Marsh\",E23900001,"
                      "Larkenshire\n");
    tf_lookup_summary lookup;
    assert_ok(tf_lookup_import(db, temporary_path(&own->folder, "lookup.csv"), &lookup, &error),
              &error);
    write_county_file(own, "people.csv",
                      "code,year,people\nE01900001,2023,1000\nE01900002,2023,2000\n"
                      "E01900003,2023,3000\nE01900004,2023,4000\n");
    tf_population_summary people;
    assert_ok(tf_population_import(db, temporary_path(&own->folder, "people.csv"),
                                   &(tf_population_options){0}, &people, &error),
              &error);
    tf_pack_free(pack);
    tf_db_close(db);
}

static uint64_t version_of_county(void *context) {
    return tf_site_version(context);
}

static inline int county_set_up_with(void **state, void (*fill)(county *own)) {
    county *own = calloc(1, sizeof *own);
    assert_non_null(own);
    assert_int_equal(temporary_set_up(&own->folder), 0);
    fill(own);
    snprintf(own->path, sizeof own->path, "%s/db", (char *)own->folder);
    tf_site_options options = {.db_path = own->path, .desk_count = 2};
    tf_error error;
    assert_ok(tf_site_open(&options, &own->home, &error), &error);
    own->served = site_new();
    own->served->options.routes = tf_api_routes;
    own->served->options.context = own->home;
    own->served->options.permits = NULL;
    own->served->options.answer_error = tf_api_answer_error;
    own->served->options.version = version_of_county;
    site_start(own->served);
    *state = own;
    return 0;
}

static inline int county_set_up(void **state) {
    return county_set_up_with(state, import_county);
}

static inline int county_tear_down(void **state) {
    county *own = *state;
    site_close(own->served);
    tf_site_free(own->home);
    int result = temporary_tear_down(&own->folder);
    free(own);
    return result;
}

/* ---- asking ---- */

static inline reply get(void **state, const char *target) {
    return ask_for(((county *)*state)->served, target, "");
}

/* The JSON of an answer with that status and media type. */
static inline json_t *get_json_of(void **state, const char *target, int status, const char *type) {
    reply got = get(state, target);
    if (got.status != status) {
        fprintf(stderr, "%s: %d %s\n", target, got.status, got.body);
    }
    assert_int_equal(got.status, status);
    assert_true(reply_says(&got, "Content-Type", type));
    json_error_t fault;
    json_t *json = json_loads(got.body, JSON_REJECT_DUPLICATES, &fault);
    if (!json) {
        fprintf(stderr, "%s: %s\n", target, fault.text);
    }
    assert_non_null(json);
    reply_free(&got);
    return json;
}

static inline json_t *get_json(void **state, const char *target) {
    return get_json_of(state, target, 200, "application/json");
}

static inline json_t *get_problem(void **state, const char *target, int status) {
    return get_json_of(state, target, status, "application/problem+json");
}

/* Members along a path of names and indices: "areas.0.code".  Borrowed. */
static inline json_t *at(json_t *json, const char *path) {
    while (json && *path) {
        char name[64];
        size_t length = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(name))
                                   : json_object_get(json, name);
        path += length + (path[length] == '.');
    }
    return json;
}

static inline long long int_at(json_t *json, const char *path) {
    json_t *found = at(json, path);
    assert_true(found && json_is_integer(found));
    return json_integer_value(found);
}

static inline const char *text_at(json_t *json, const char *path) {
    json_t *found = at(json, path);
    assert_true(found && json_is_string(found));
    return json_string_value(found);
}

/* The URL of the field "NAME" of an answer's Link header: between < and > before rel="NAME". */
static inline const char *link_of(const reply *got, const char *relation, char *buffer,
                                  size_t size) {
    char links[4096], mark[32];
    if (!reply_header(got, "Link", links, sizeof links)) {
        return NULL;
    }
    snprintf(mark, sizeof mark, ">; rel=\"%s\"", relation);
    char *end = strstr(links, mark);
    if (!end) {
        return NULL;
    }
    *end = '\0';
    snprintf(buffer, size, "%s", strrchr(links, '<') + 1);
    return buffer;
}

#endif

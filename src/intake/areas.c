#include "intake/areas.h"

#include "areas_internal.h"
#include "import_internal.h"
#include "trefoil/space/geojson.h"
#include "trefoil/space/geometry.h"
#include "trefoil/space/wkb.h"

#include <stdio.h>

enum { MAX_CODE_LENGTH = 64, PROPERTY_SIZE = 64 };

/* The properties in use; "" for none.  Copied, as the features they were found in go away. */
typedef struct area_properties {
    char code[PROPERTY_SIZE];
    char label[PROPERTY_SIZE];
    char parent[PROPERTY_SIZE];
} area_properties;

typedef struct area_import {
    tf_import import;
    const tf_areas_options *options;
    tf_areas_summary *summary;
    area_properties properties;
    tf_projection *projection;
    tf_statement *find;
    tf_statement *put;
    tf_statement *put_boundary;
    tf_buffer wkb;
    int64_t first_repaired; /* numbers of features, for the warnings */
    int64_t first_without_outline;
    int64_t first_without_label;
    int64_t without_label;
} area_import;

/* ---- which property is what ---- */

static bool has_property(const tf_feature *feature, const char *name) {
    const char *other;
    for (size_t i = 0; (other = tf_feature_property_name(feature, i)); i++) {
        if (strcmp(other, name) == 0) {
            return true;
        }
    }
    return false;
}

/* "LSOA21NM" for "LSOA21CD", if the feature has it. */
static bool find_partner(const tf_feature *feature, const char *code, char *partner_out) {
    if (!tf_is_ons_column(tf_text_of(code), NULL, "CD")) {
        return false;
    }
    size_t length = strlen(code);
    bool is_lower = code[length - 1] == 'd';
    snprintf(partner_out, PROPERTY_SIZE, "%.*s%s", (int)(length - 2), code, is_lower ? "nm" : "NM");
    return has_property(feature, partner_out);
}

static tf_status fail_guess(const tf_feature *feature, const char *what, tf_error *error) {
    char names[400] = "";
    size_t length = 0;
    const char *name;
    for (size_t i = 0; (name = tf_feature_property_name(feature, i)); i++) {
        int written =
            snprintf(names + length, sizeof names - length, "%s%s", length ? ", " : "", name);
        if (written < 0 || (size_t)written >= sizeof names - length) {
            names[length] = '\0';
            break;
        }
        length += (size_t)written;
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "it is not clear which property holds the %s of an area; name it with --%s "
                   "(there are: %s)",
                   what, what, length ? names : "none");
}

static tf_status guess_code(const tf_feature *feature, char *code_out, tf_error *error) {
    size_t found = 0;
    const char *name;
    char partner[PROPERTY_SIZE];
    for (size_t i = 0; (name = tf_feature_property_name(feature, i)); i++) {
        if (find_partner(feature, name, partner)) {
            snprintf(code_out, PROPERTY_SIZE, "%s", name);
            found++;
        }
    }
    if (found == 0 && has_property(feature, "code")) {
        snprintf(code_out, PROPERTY_SIZE, "code");
        found = 1;
    }
    return found == 1 ? TF_OK : fail_guess(feature, "code", error);
}

static tf_status guess_label(const tf_feature *feature, const char *code, char *label_out,
                             tf_error *error) {
    static const char *const plain[] = {"label", "name"};
    if (find_partner(feature, code, label_out)) {
        return TF_OK;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (has_property(feature, plain[i])) {
            snprintf(label_out, PROPERTY_SIZE, "%s", plain[i]);
            return TF_OK;
        }
    }
    return fail_guess(feature, "label", error);
}

/* No parent is no fault: small areas also know their authority by their label. */
static void guess_parent(const tf_feature *feature, const char *code, char *parent_out) {
    size_t found = 0;
    const char *name;
    for (size_t i = 0; (name = tf_feature_property_name(feature, i)); i++) {
        bool is_parent = strcmp(name, "parent") == 0 || strcmp(name, "parent_code") == 0 ||
                         strcmp(name, "LADCD_ACTIVE") == 0 ||
                         tf_is_ons_column(tf_text_of(name), "LAD", "CD");
        if (is_parent && strcmp(name, code) != 0 && strlen(name) < PROPERTY_SIZE) {
            strcpy(parent_out, name);
            found++;
        }
    }
    if (found != 1) {
        parent_out[0] = '\0';
    }
}

static tf_status take_named(tf_feature *feature, const char *name, char *name_out,
                            tf_error *error) {
    tf_text value;
    if (!has_property(feature, name) || strlen(name) >= PROPERTY_SIZE) {
        tf_status status = tf_feature_require_property(feature, name, &value, error);
        return status ? status
                      : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                                "the name of a property has less than %d letters; rename it",
                                (int)PROPERTY_SIZE);
    }
    strcpy(name_out, name);
    return TF_OK;
}

static tf_status choose_properties(area_import *areas, tf_feature *feature, tf_error *error) {
    const tf_areas_options *options = areas->options;
    area_properties *names = &areas->properties;
    tf_status status = options->code_property
                           ? take_named(feature, options->code_property, names->code, error)
                           : guess_code(feature, names->code, error);
    if (!status) {
        status = options->label_property
                     ? take_named(feature, options->label_property, names->label, error)
                     : guess_label(feature, names->code, names->label, error);
    }
    if (!status && options->parent_property) {
        status = take_named(feature, options->parent_property, names->parent, error);
    } else if (!status) {
        guess_parent(feature, names->code, names->parent);
    }
    return status;
}

static tf_status choose_layer(area_import *areas, tf_error *error) {
    tf_text name = tf_text_of(areas->options->layer);
    const char *code = areas->properties.code;
    if (!name.data && tf_is_ons_column(tf_text_of(code), NULL, "CD")) {
        name = (tf_text){code, strlen(code) - 2};
    }
    char *layer = areas->summary->layer;
    tf_text_slug(name, layer, sizeof areas->summary->layer);
    if (!layer[0]) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the layer these areas belong to has no name; name it with --layer");
    }
    const char *title = areas->options->title;
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(areas->import.db,
                      "INSERT INTO layer (name, title) VALUES (?1, COALESCE(?2, ?1))"
                      " ON CONFLICT (name) DO UPDATE SET title = COALESCE(?2, title)",
                      &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(layer));
        tf_bind_text(statement, 2, tf_text_of(title));
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- one feature ---- */

typedef struct area_record {
    tf_text code;
    tf_text label;
    tf_text parent;
    tf_polygons outline; /* to be freed */
    tf_point centroid;
    double area_km2;
} area_record;

static tf_status read_property(tf_feature *feature, const char *name, tf_text *value_out,
                               tf_error *error) {
    *value_out = (tf_text){NULL, 0};
    tf_status status = name[0] ? tf_feature_property(feature, name, value_out, error) : TF_OK;
    if (!status && value_out->data) {
        *value_out = tf_text_trim(*value_out);
    }
    return status;
}

/* An outline that crosses itself is replaced by a valid one. */
static tf_status repair_outline(area_import *areas, int64_t number, tf_polygons *outline,
                                tf_error *error) {
    tf_status status = tf_geometry_check(outline, error);
    if (status != TF_BAD_INPUT) {
        return status;
    }
    tf_polygons repaired;
    status = tf_geometry_repair(outline, &repaired, error);
    if (!status) {
        tf_polygons_deinit(outline);
        *outline = repaired;
        if (areas->summary->repaired++ == 0) {
            areas->first_repaired = number;
        }
    }
    return status;
}

static tf_status measure(area_import *areas, int64_t number, area_record *record, tf_error *error) {
    tf_error detail;
    tf_status status =
        tf_geometry_centroid(areas->projection, &record->outline, &record->centroid, &detail);
    if (!status) {
        status =
            tf_geometry_area_km2(areas->projection, &record->outline, &record->area_km2, &detail);
    }
    return status ? tf_fail(error, status, NULL, 0, "feature %lld (%.*s): %s", (long long)number,
                            TF_TEXT_ARG(record->code), detail.message)
                  : TF_OK;
}

/* Whether the layer has the code, and whether from this very file. */
static tf_status find_area(area_import *areas, tf_text code, bool *is_there_out,
                           bool *is_of_this_file_out, tf_error *error) {
    tf_statement *find = areas->find;
    tf_bind_text(find, 1, tf_text_of(areas->summary->layer));
    tf_bind_text(find, 2, code);
    tf_status status = tf_statement_step(find, is_there_out, error);
    *is_of_this_file_out =
        !status && *is_there_out && tf_column_at_int(find, 0) == areas->import.batch_id;
    tf_statement_reset(find);
    return status;
}

static tf_status put_boundary(area_import *areas, int64_t area_id, const tf_polygons *outline,
                              tf_error *error) {
    areas->wkb.length = 0;
    if (outline->part_count) {
        tf_status status = tf_wkb_write(outline, &areas->wkb, error);
        if (status) {
            return status;
        }
        tf_bind_bytes(areas->put_boundary, 2, areas->wkb.data, areas->wkb.length);
    }
    tf_bind_int(areas->put_boundary, 1, area_id);
    return tf_statement_run(areas->put_boundary, error);
}

static tf_status put_area(area_import *areas, const area_record *record, tf_error *error) {
    tf_statement *put = areas->put;
    tf_bind_text(put, 1, tf_text_of(areas->summary->layer));
    tf_bind_text(put, 2, record->code);
    tf_bind_text(put, 3, record->label);
    tf_bind_text(put, 4, record->parent.length ? record->parent : (tf_text){NULL, 0});
    if (record->outline.part_count) {
        tf_bind_double(put, 5, record->centroid.x);
        tf_bind_double(put, 6, record->centroid.y);
        tf_bind_double(put, 7, record->area_km2);
    }
    tf_bind_int(put, 8, areas->import.batch_id);
    tf_status status = tf_statement_step(put, NULL, error);
    int64_t area_id = status ? 0 : tf_column_at_int(put, 0);
    if (!status) {
        status = tf_statement_run(put, error);
    }
    return status ? status : put_boundary(areas, area_id, &record->outline, error);
}

/* What is odd about an accepted area, for the warnings. */
static void note_oddities(area_import *areas, int64_t number, area_record *record) {
    if (record->outline.part_count == 0 && areas->summary->no_outline++ == 0) {
        areas->first_without_outline = number;
    }
    if (!record->label.length) {
        record->label = record->code;
        if (areas->without_label++ == 0) {
            areas->first_without_label = number;
        }
    }
}

static tf_status take_area(area_import *areas, tf_feature *feature, area_record *record,
                           tf_error *error) {
    int64_t number = tf_feature_number(feature);
    bool is_there = false;
    bool is_repeated = false;
    tf_status status = find_area(areas, record->code, &is_there, &is_repeated, error);
    if (!status && is_repeated) {
        return tf_import_reject(&areas->import, number, record->code, error,
                                "the code %.*s belongs to an earlier feature too",
                                TF_TEXT_ARG(record->code));
    }
    record->outline = tf_feature_take_polygons(feature);
    if (!status && record->outline.part_count) {
        status = repair_outline(areas, number, &record->outline, error);
    }
    if (!status && record->outline.part_count) {
        status = measure(areas, number, record, error);
    }
    if (!status) {
        note_oddities(areas, number, record);
        status = put_area(areas, record, error);
    }
    areas->summary->replaced += is_there;
    tf_polygons_deinit(&record->outline);
    return status;
}

static tf_status on_feature(void *context, tf_feature *feature, tf_error *error) {
    area_import *areas = context;
    int64_t number = tf_feature_number(feature);
    tf_status status = TF_OK;
    if (number == 1) {
        status = choose_properties(areas, feature, error);
        if (!status) {
            status = choose_layer(areas, error);
        }
    }
    areas->import.rows_read++;
    area_record record = {0};
    if (!status) {
        status = read_property(feature, areas->properties.code, &record.code, error);
    }
    if (!status) {
        status = read_property(feature, areas->properties.label, &record.label, error);
    }
    if (!status) {
        status = read_property(feature, areas->properties.parent, &record.parent, error);
    }
    if (status) {
        return status;
    }
    if (!record.code.length) {
        return tf_import_reject(&areas->import, number, record.label, error,
                                "the property %s is empty", areas->properties.code);
    }
    if (record.code.length > MAX_CODE_LENGTH) {
        return tf_import_reject(&areas->import, number, record.code, error,
                                "the code is longer than %d bytes", (int)MAX_CODE_LENGTH);
    }
    return take_area(areas, feature, &record, error);
}

/* ---- the file ---- */

static tf_status prepare(area_import *areas, tf_error *error) {
    tf_db *db = areas->import.db;
    tf_status status = tf_db_prepare(db, "SELECT batch_id FROM area WHERE layer = ?1 AND code = ?2",
                                     &areas->find, error);
    if (!status) {
        status = tf_db_prepare(
            db,
            "INSERT INTO area (layer, code, label, parent_code, centroid_longitude,"
            " centroid_latitude, area_km2, batch_id)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (layer, code) DO UPDATE SET"
            " label = excluded.label, parent_code = excluded.parent_code,"
            " centroid_longitude = excluded.centroid_longitude,"
            " centroid_latitude = excluded.centroid_latitude, area_km2 = excluded.area_km2,"
            " batch_id = excluded.batch_id RETURNING id",
            &areas->put, error);
    }
    if (!status) {
        status = tf_db_prepare(
            db, "INSERT OR REPLACE INTO area_boundary (area_id, boundary) VALUES (?1, ?2)",
            &areas->put_boundary, error);
    }
    if (!status) {
        status = tf_projection_new(&areas->projection, error);
    }
    return status;
}

static tf_status read_file(area_import *areas, char *sha256_out, tf_error *error) {
    tf_source *source = NULL;
    tf_status status = tf_source_open(areas->import.path, &source, error);
    if (!status) {
        status = tf_geojson_read(source, on_feature, areas, error);
    }
    if (!status) {
        status = tf_source_sha256(source, sha256_out, error);
    }
    tf_source_close(source);
    if (!status && areas->import.rows_read == 0) {
        status = tf_fail(error, TF_BAD_INPUT, areas->import.path, 0,
                         "the file has no features; export or download it again");
    }
    return status;
}

static tf_status warn(area_import *areas, tf_error *error) {
    const tf_areas_summary *summary = areas->summary;
    tf_status status =
        tf_import_warn(&areas->import, "had an outline that crosses itself and was repaired",
                       summary->repaired, areas->first_repaired, error);
    if (!status) {
        status = tf_import_warn(&areas->import, "have no outline", summary->no_outline,
                                areas->first_without_outline, error);
    }
    if (!status) {
        status = tf_import_warn(&areas->import, "have no name and go by their code",
                                areas->without_label, areas->first_without_label, error);
    }
    return status;
}

tf_status tf_areas_import(tf_db *db, const char *path, const tf_areas_options *options,
                          tf_areas_summary *summary_out, tf_error *error) {
    *summary_out = (tf_areas_summary){0};
    area_import areas = {.options = options, .summary = summary_out};
    const char *publisher = options->publisher ? options->publisher : "ONS";
    tf_status status = tf_import_begin(&areas.import, db, path, "areas", publisher, error);
    if (status) {
        return status;
    }
    char sha256[TF_SHA256_TEXT_SIZE] = "";
    tf_buffer_init(&areas.wkb);
    status = prepare(&areas, error);
    if (!status) {
        status = read_file(&areas, sha256, error);
    }
    if (!status) {
        status = warn(&areas, error);
    }
    if (!status) {
        status =
            tf_areas_find_neighbours(db, areas.projection, summary_out->layer,
                                     &summary_out->layer_count, &summary_out->pair_count, error);
    }
    tf_statement_free(areas.find);
    tf_statement_free(areas.put);
    tf_statement_free(areas.put_boundary);
    tf_projection_free(areas.projection);
    tf_buffer_deinit(&areas.wkb);
    summary_out->batch_id = areas.import.batch_id;
    summary_out->features_read = areas.import.rows_read;
    summary_out->rejected = areas.import.rows_rejected;
    summary_out->accepted = areas.import.rows_read - areas.import.rows_rejected;
    return tf_import_end(&areas.import, sha256, status, error);
}

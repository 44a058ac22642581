#include "trefoil/space/geojson.h"

#include "space/feature_scanner_internal.h"
#include "trefoil/base/json.h"
#include "trefoil/base/json_read.h"
#include "trefoil/base/memory.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { CHUNK_SIZE = 64 * 1024, MAX_NAMES_LENGTH = 400 };

struct tf_feature {
    int64_t number;
    int64_t line;
    const tf_json_value
        *properties; /* borrowed from the parsed feature; NULL when there are none */
    tf_polygons polygons;
    tf_arena *arena; /* numbers as text */
};

typedef struct collection_reader {
    tf_feature_handler *handler;
    void *handler_context;
    tf_arena *arena;
    bool is_collection;
} collection_reader;

static tf_status fail_feature(const tf_feature *feature, tf_error *error, const char *format, ...)
    TF_PRINTF(3, 4);

static tf_status fail_feature(const tf_feature *feature, tf_error *error, const char *format, ...) {
    char detail[TF_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return tf_fail(error, TF_BAD_INPUT, NULL, feature->line, "feature %lld %s",
                   (long long)feature->number, detail);
}

static const char *type_of(const tf_json_value *object) {
    tf_text type;
    return tf_json_get_text(tf_json_member(object, "type"), &type) ? type.data : "(no type)";
}

static tf_status add_position(tf_feature *feature, const tf_json_value *position, tf_error *error) {
    tf_point point;
    if (!tf_json_get_number(tf_json_item(position, 0), &point.x) ||
        !tf_json_get_number(tf_json_item(position, 1), &point.y)) {
        return fail_feature(feature, error,
                            "has a position that is not a longitude and a latitude; export the "
                            "file again");
    }
    if (!(fabs(point.x) <= 180) || !(fabs(point.y) <= 90)) {
        return fail_feature(feature, error,
                            "has the position %.10g, %.10g, which is no longitude and latitude; "
                            "export the file in WGS84 (EPSG:4326)",
                            point.x, point.y);
    }
    return tf_polygons_add_point(&feature->polygons, point, error);
}

static tf_status add_ring(tf_feature *feature, const tf_json_value *ring, tf_error *error) {
    size_t count = tf_json_type_of(ring) == TF_JSON_ARRAY ? tf_json_count(ring) : 0;
    if (count < 4) {
        return fail_feature(feature, error,
                            "has a ring of %zu positions, where four or more are needed; repair "
                            "the boundary in a mapping program",
                            count);
    }
    tf_polygons *polygons = &feature->polygons;
    int32_t first = polygons->point_count;
    for (size_t i = 0; i < count; i++) {
        tf_status status = add_position(feature, tf_json_item(ring, i), error);
        if (status) {
            return status;
        }
    }
    tf_point start = polygons->points[first];
    tf_point end = polygons->points[polygons->point_count - 1];
    if (start.x != end.x || start.y != end.y) {
        return fail_feature(feature, error,
                            "has a ring that does not end where it began (%.10g, %.10g); repair "
                            "the boundary in a mapping program",
                            start.x, start.y);
    }
    return tf_polygons_end_ring(polygons, error);
}

static tf_status add_part(tf_feature *feature, const tf_json_value *rings, tf_error *error) {
    size_t count = tf_json_count(rings);
    if (tf_json_type_of(rings) != TF_JSON_ARRAY) {
        return fail_feature(feature, error, "has no list of rings; export the file again");
    }
    for (size_t i = 0; i < count; i++) {
        tf_status status = add_ring(feature, tf_json_item(rings, i), error);
        if (status) {
            return status;
        }
    }
    return count ? tf_polygons_end_part(&feature->polygons, error) : TF_OK;
}

static tf_status read_geometry(tf_feature *feature, const tf_json_value *geometry,
                               tf_error *error) {
    if (tf_json_type_of(geometry) <= TF_JSON_NULL) {
        return TF_OK;
    }
    const char *type = type_of(geometry);
    const tf_json_value *coordinates = tf_json_member(geometry, "coordinates");
    if (strcmp(type, "Polygon") == 0) {
        return add_part(feature, coordinates, error);
    }
    if (strcmp(type, "MultiPolygon") != 0) {
        return fail_feature(feature, error,
                            "has a geometry of type %.40s; only areas can be read, as Polygon or "
                            "MultiPolygon",
                            type);
    }
    if (tf_json_type_of(coordinates) != TF_JSON_ARRAY) {
        return fail_feature(feature, error, "has no list of polygons; export the file again");
    }
    for (size_t i = 0; i < tf_json_count(coordinates); i++) {
        tf_status status = add_part(feature, tf_json_item(coordinates, i), error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static tf_status read_feature(tf_feature *feature, const tf_json_value *root, tf_error *error) {
    if (strcmp(type_of(root), "Feature") != 0) {
        return fail_feature(feature, error, "has the type %.40s instead of Feature", type_of(root));
    }
    const tf_json_value *properties = tf_json_member(root, "properties");
    if (tf_json_type_of(properties) == TF_JSON_OBJECT) {
        feature->properties = properties;
    } else if (tf_json_type_of(properties) > TF_JSON_NULL) {
        return fail_feature(feature, error,
                            "has properties that are no object of names and values");
    }
    return read_geometry(feature, tf_json_member(root, "geometry"), error);
}

static tf_status on_feature(void *context, int64_t number, tf_text text, int64_t line,
                            tf_error *error) {
    collection_reader *reader = context;
    char what[40];
    snprintf(what, sizeof what, "feature %lld", (long long)number);
    tf_json_value *root;
    tf_status status = tf_json_parse(text, line, what, &root, error);
    if (status) {
        return status;
    }
    tf_feature feature = {.number = number, .line = line, .arena = reader->arena};
    status = read_feature(&feature, root, error);
    if (!status) {
        status = reader->handler(reader->handler_context, &feature, error);
    }
    tf_polygons_deinit(&feature.polygons);
    tf_arena_reset(reader->arena);
    tf_json_free(root);
    return status;
}

/* Whether a named coordinate reference system is longitude and latitude of WGS84, in any of the
 * spellings that programs write: "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326",
 * "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84". */
static bool is_wgs84(tf_text text) {
    return tf_text_ends_with(text, ":CRS84") || tf_text_ends_with(text, "/CRS84") ||
           tf_text_ends_with(text, ":4326") || tf_text_ends_with(text, "/4326");
}

static tf_status check_crs(const tf_json_value *crs, int64_t line, tf_error *error) {
    if (tf_json_type_of(crs) == TF_JSON_NULL) {
        return TF_OK;
    }
    tf_text name = {0};
    tf_json_get_text(tf_json_member(tf_json_member(crs, "properties"), "name"), &name);
    if (name.data && is_wgs84(name)) {
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, line,
                   "the coordinates are in %.100s, not in longitude and latitude; export or "
                   "download the file in WGS84 (EPSG:4326)",
                   name.data ? name.data : "a coordinate reference system without a name");
}

static tf_status on_member(void *context, tf_text name, tf_text text, int64_t line,
                           tf_error *error) {
    collection_reader *reader = context;
    tf_json_value *value;
    tf_text type = {0};
    tf_status status = tf_json_parse(text, line, "the collection", &value, error);
    if (status) {
        return status;
    }
    if (tf_text_equal(name, tf_text_of("crs"))) {
        status = check_crs(value, line, error);
    } else if (tf_json_get_text(value, &type) &&
               tf_text_equal(type, tf_text_of("FeatureCollection"))) {
        reader->is_collection = true;
    } else {
        status = tf_fail(error, TF_BAD_INPUT, NULL, line,
                         "this is a JSON file of type %.40s; give a GeoJSON FeatureCollection of "
                         "areas",
                         type.data ? type.data : "(no text)");
    }
    tf_json_free(value);
    return status;
}

/* Where bytes come from: a source, or memory. */
typedef tf_status byte_reader(void *context, void *buffer, size_t capacity, size_t *length_out,
                              tf_error *error);

static tf_status feed_all(tf_feature_scanner *scanner, byte_reader *read, void *read_context,
                          tf_error *error) {
    char *chunk = tf_alloc(CHUNK_SIZE, 1);
    if (!chunk) {
        return tf_fail_no_memory(error);
    }
    tf_status status;
    size_t length;
    do {
        status = read(read_context, chunk, CHUNK_SIZE, &length, error);
        if (!status) {
            status = tf_feature_scanner_feed(scanner, chunk, length, error);
        }
    } while (!status && length == CHUNK_SIZE);
    tf_free(chunk);
    return status ? status : tf_feature_scanner_finish(scanner, error);
}

static tf_status read_collection(byte_reader *read, void *read_context, const char *name,
                                 tf_feature_handler *handler, void *context, tf_error *error) {
    collection_reader reader = {.handler = handler, .handler_context = context};
    tf_feature_scanner *scanner = NULL;
    reader.arena = tf_arena_new();
    tf_status status =
        reader.arena
            ? tf_feature_scanner_new(&(tf_feature_scanner_handler){&reader, on_member, on_feature},
                                     &scanner, error)
            : tf_fail_no_memory(error);
    if (!status) {
        status = feed_all(scanner, read, read_context, error);
    }
    if (!status && !reader.is_collection) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "this is JSON but does not say that it is GeoJSON; give a GeoJSON "
                         "FeatureCollection of areas");
    }
    tf_feature_scanner_free(scanner);
    tf_arena_free(reader.arena);
    if (status) {
        tf_error_set_place(error, name);
    }
    return status;
}

static tf_status read_source(void *context, void *buffer, size_t capacity, size_t *length_out,
                             tf_error *error) {
    return tf_source_read(context, buffer, capacity, length_out, error);
}

tf_status tf_geojson_read(tf_source *source, tf_feature_handler *handler, void *context,
                          tf_error *error) {
    return read_collection(read_source, source, tf_source_name(source), handler, context, error);
}

static tf_status read_memory(void *context, void *buffer, size_t capacity, size_t *length_out,
                             tf_error *error) {
    (void)error;
    tf_text *rest = context;
    size_t length = rest->length < capacity ? rest->length : capacity;
    if (length) {
        memcpy(buffer, rest->data, length);
        *rest = (tf_text){rest->data + length, rest->length - length};
    }
    *length_out = length;
    return TF_OK;
}

tf_status tf_geojson_read_memory(const void *bytes, size_t length, const char *name,
                                 tf_feature_handler *handler, void *context, tf_error *error) {
    tf_text rest = {bytes, length};
    return read_collection(read_memory, &rest, name, handler, context, error);
}

int64_t tf_feature_number(const tf_feature *feature) {
    return feature->number;
}

/* A number as a person would write it: 14900 and not 1.49e4. */
static tf_status number_text(tf_feature *feature, const tf_json_value *value, tf_text *text_out,
                             tf_error *error) {
    char *text = NULL;
    double number = 0;
    int64_t whole;
    tf_json_get_number(value, &number);
    if (tf_json_get_int(value, &whole)) {
        text = tf_arena_format(feature->arena, "%lld", (long long)whole);
    } else if (number == floor(number) && fabs(number) < 1e15) {
        text = tf_arena_format(feature->arena, "%lld", (long long)number);
    } else {
        tf_buffer buffer;
        tf_json json;
        tf_buffer_init(&buffer);
        tf_json_init(&json, &buffer, false);
        tf_json_double(&json, number);
        if (!buffer.failed) {
            text = tf_arena_copy_text(feature->arena, buffer.data, buffer.length);
        }
        tf_buffer_deinit(&buffer);
    }
    *text_out = tf_text_of(text);
    return text ? TF_OK : tf_fail_no_memory(error);
}

tf_status tf_feature_property(tf_feature *feature, const char *name, tf_text *value_out,
                              tf_error *error) {
    *value_out = (tf_text){NULL, 0};
    const tf_json_value *value = tf_json_member(feature->properties, name);
    tf_json_type type = tf_json_type_of(value);
    bool flag;
    if (type <= TF_JSON_NULL || tf_json_get_text(value, value_out)) {
        return TF_OK;
    }
    if (tf_json_get_bool(value, &flag)) {
        *value_out = tf_text_of(flag ? "true" : "false");
        return TF_OK;
    }
    if (type == TF_JSON_NUMBER) {
        return number_text(feature, value, value_out, error);
    }
    return fail_feature(feature, error,
                        "has the property %.60s as a list or an object; text or a number is "
                        "needed",
                        name);
}

tf_status tf_feature_require_property(tf_feature *feature, const char *name, tf_text *value_out,
                                      tf_error *error) {
    tf_status status = tf_feature_property(feature, name, value_out, error);
    if (status || value_out->length) {
        return status;
    }
    char names[MAX_NAMES_LENGTH] = "";
    size_t length = 0;
    const char *key;
    void *place = NULL;
    while ((key = tf_json_next_key(feature->properties, &place)) != NULL) {
        int written =
            snprintf(names + length, sizeof names - length, "%s%s", length ? ", " : "", key);
        if (written < 0 || (size_t)written >= sizeof names - length) {
            names[length] = '\0';
            break;
        }
        length += (size_t)written;
    }
    return fail_feature(feature, error,
                        "has no property %.60s; name one that every feature has (this one: %s)",
                        name, length ? names : "none");
}

const char *tf_feature_property_name(const tf_feature *feature, size_t index) {
    void *place = NULL;
    const char *key = tf_json_next_key(feature->properties, &place);
    while (key && index-- > 0) {
        key = tf_json_next_key(feature->properties, &place);
    }
    return key;
}

const tf_polygons *tf_feature_polygons(const tf_feature *feature) {
    return feature->polygons.part_count ? &feature->polygons : NULL;
}

tf_polygons tf_feature_take_polygons(tf_feature *feature) {
    tf_polygons polygons = feature->polygons;
    feature->polygons = (tf_polygons){0};
    return polygons;
}

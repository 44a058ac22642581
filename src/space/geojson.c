#include "trefoil/space/geojson.h"

#include "space/feature_scanner_internal.h"
#include "trefoil/base/json.h"
#include "trefoil/base/memory.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { CHUNK_SIZE = 64 * 1024, MAX_NAMES_LENGTH = 400 };

struct tf_feature {
    int64_t number;
    int64_t line;
    json_t *properties; /* borrowed from the parsed feature; NULL when there are none */
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

static const char *type_of(const json_t *object) {
    const char *type = json_string_value(json_object_get(object, "type"));
    return type ? type : "(no type)";
}

/* `*value_out` is to be released with json_decref; NULL on a fault. */
static tf_status parse(tf_text text, int64_t line, const char *what, json_t **value_out,
                       tf_error *error) {
    json_error_t fault;
    *value_out = json_loadb(text.data, text.length, JSON_DECODE_ANY, &fault);
    if (*value_out) {
        return TF_OK;
    }
    if (json_error_code(&fault) == json_error_out_of_memory) {
        return tf_fail_no_memory(error);
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, line + (fault.line > 0 ? fault.line - 1 : 0),
                   "%s is not well-formed JSON: %s; export or download the file again", what,
                   fault.text);
}

static tf_status add_position(tf_feature *feature, const json_t *position, tf_error *error) {
    const json_t *longitude = json_array_get(position, 0);
    const json_t *latitude = json_array_get(position, 1);
    if (!json_is_number(longitude) || !json_is_number(latitude)) {
        return fail_feature(feature, error,
                            "has a position that is not a longitude and a latitude; export the "
                            "file again");
    }
    tf_point point = {json_number_value(longitude), json_number_value(latitude)};
    if (!(fabs(point.x) <= 180) || !(fabs(point.y) <= 90)) {
        return fail_feature(feature, error,
                            "has the position %.10g, %.10g, which is no longitude and latitude; "
                            "export the file in WGS84 (EPSG:4326)",
                            point.x, point.y);
    }
    return tf_polygons_add_point(&feature->polygons, point, error);
}

static tf_status add_ring(tf_feature *feature, const json_t *ring, tf_error *error) {
    size_t count = json_array_size(ring);
    if (count < 4) {
        return fail_feature(feature, error,
                            "has a ring of %zu positions, where four or more are needed; repair "
                            "the boundary in a mapping program",
                            count);
    }
    tf_polygons *polygons = &feature->polygons;
    int32_t first = polygons->point_count;
    for (size_t i = 0; i < count; i++) {
        tf_status status = add_position(feature, json_array_get(ring, i), error);
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

static tf_status add_part(tf_feature *feature, const json_t *rings, tf_error *error) {
    size_t count = json_array_size(rings);
    if (!json_is_array(rings)) {
        return fail_feature(feature, error, "has no list of rings; export the file again");
    }
    for (size_t i = 0; i < count; i++) {
        tf_status status = add_ring(feature, json_array_get(rings, i), error);
        if (status) {
            return status;
        }
    }
    return count ? tf_polygons_end_part(&feature->polygons, error) : TF_OK;
}

static tf_status read_geometry(tf_feature *feature, const json_t *geometry, tf_error *error) {
    if (!geometry || json_is_null(geometry)) {
        return TF_OK;
    }
    const char *type = type_of(geometry);
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    if (strcmp(type, "Polygon") == 0) {
        return add_part(feature, coordinates, error);
    }
    if (strcmp(type, "MultiPolygon") != 0) {
        return fail_feature(feature, error,
                            "has a geometry of type %.40s; only areas can be read, as Polygon or "
                            "MultiPolygon",
                            type);
    }
    if (!json_is_array(coordinates)) {
        return fail_feature(feature, error, "has no list of polygons; export the file again");
    }
    for (size_t i = 0; i < json_array_size(coordinates); i++) {
        tf_status status = add_part(feature, json_array_get(coordinates, i), error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static tf_status read_feature(tf_feature *feature, const json_t *root, tf_error *error) {
    if (strcmp(type_of(root), "Feature") != 0) {
        return fail_feature(feature, error, "has the type %.40s instead of Feature", type_of(root));
    }
    json_t *properties = json_object_get(root, "properties");
    if (json_is_object(properties)) {
        feature->properties = properties;
    } else if (properties && !json_is_null(properties)) {
        return fail_feature(feature, error,
                            "has properties that are no object of names and values");
    }
    return read_geometry(feature, json_object_get(root, "geometry"), error);
}

static tf_status on_feature(void *context, int64_t number, tf_text text, int64_t line,
                            tf_error *error) {
    collection_reader *reader = context;
    char what[40];
    snprintf(what, sizeof what, "feature %lld", (long long)number);
    json_t *root;
    tf_status status = parse(text, line, what, &root, error);
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
    json_decref(root);
    return status;
}

/* Whether a named coordinate reference system is longitude and latitude of WGS84, in any of the
 * spellings that programs write: "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326",
 * "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84". */
static bool is_wgs84(const char *name) {
    tf_text text = tf_text_of(name);
    return tf_text_ends_with(text, ":CRS84") || tf_text_ends_with(text, "/CRS84") ||
           tf_text_ends_with(text, ":4326") || tf_text_ends_with(text, "/4326");
}

static tf_status check_crs(const json_t *crs, int64_t line, tf_error *error) {
    if (json_is_null(crs)) {
        return TF_OK;
    }
    const char *name =
        json_string_value(json_object_get(json_object_get(crs, "properties"), "name"));
    if (name && is_wgs84(name)) {
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, line,
                   "the coordinates are in %.100s, not in longitude and latitude; export or "
                   "download the file in WGS84 (EPSG:4326)",
                   name ? name : "a coordinate reference system without a name");
}

static tf_status on_member(void *context, tf_text name, tf_text text, int64_t line,
                           tf_error *error) {
    collection_reader *reader = context;
    json_t *value;
    tf_status status = parse(text, line, "the collection", &value, error);
    if (status) {
        return status;
    }
    if (tf_text_equal(name, tf_text_of("crs"))) {
        status = check_crs(value, line, error);
    } else if (json_is_string(value) &&
               strcmp(json_string_value(value), "FeatureCollection") == 0) {
        reader->is_collection = true;
    } else {
        const char *type = json_string_value(value);
        status = tf_fail(error, TF_BAD_INPUT, NULL, line,
                         "this is a JSON file of type %.40s; give a GeoJSON FeatureCollection of "
                         "areas",
                         type ? type : "(no text)");
    }
    json_decref(value);
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
static tf_status number_text(tf_feature *feature, const json_t *value, tf_text *text_out,
                             tf_error *error) {
    char *text = NULL;
    double number = json_number_value(value);
    if (json_is_integer(value)) {
        text = tf_arena_format(feature->arena, "%lld", (long long)json_integer_value(value));
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
    const json_t *value = json_object_get(feature->properties, name);
    if (!value || json_is_null(value)) {
        return TF_OK;
    }
    if (json_is_string(value)) {
        *value_out = (tf_text){json_string_value(value), json_string_length(value)};
        return TF_OK;
    }
    if (json_is_boolean(value)) {
        *value_out = tf_text_of(json_is_true(value) ? "true" : "false");
        return TF_OK;
    }
    if (json_is_number(value)) {
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
    json_t *value;
    json_object_foreach(feature->properties, key, value) {
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
    void *place = json_object_iter(feature->properties);
    while (place && index > 0) {
        place = json_object_iter_next(feature->properties, place);
        index--;
    }
    return place ? json_object_iter_key(place) : NULL;
}

const tf_polygons *tf_feature_polygons(const tf_feature *feature) {
    return feature->polygons.part_count ? &feature->polygons : NULL;
}

tf_polygons tf_feature_take_polygons(tf_feature *feature) {
    tf_polygons polygons = feature->polygons;
    feature->polygons = (tf_polygons){0};
    return polygons;
}

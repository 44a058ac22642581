/* The files that stand for what the ONS publishes: outlines, populations, and who belongs where. */
#include "demo/demo_internal.h"

const char tf_demo_readme[] =
    "Larkenshire, the fictional county of Trefoil\n"
    "============================================\n"
    "\n"
    "The county, its streets, its crimes and everybody in them are fictional.  It lies in the\n"
    "North Sea.  Codes begin with X, which no official code does.  Any likeness to a real place\n"
    "or event is chance.\n"
    "\n"
    "police/          36 months, April 2021 to March 2024, in the format of data.police.uk:\n"
    "                 street-level crimes, outcomes, stops and searches\n"
    "areas/           outlines of 240 small areas, 3 authorities and the force area, WGS84\n"
    "population.csv   people at mid-year, by small area and by authority\n"
    "lookup.csv       local authority, community safety partnership, police force area\n"
    "\n"
    "Four things are planted to be found: a drugs market that grows, a deal line that closes, a\n"
    "robbery hot spot that moves next door, and shoplifting before each Christmas.\n";

void tf_demo_append_point(tf_buffer *buffer, tf_demo_point point, bool latitude_first) {
    int32_t first = latitude_first ? point.latitude : point.longitude;
    int32_t second = latitude_first ? point.longitude : point.latitude;
    tf_buffer_format(buffer, "%d.%06d,%d.%06d", first / 1000000, first % 1000000, second / 1000000,
                     second % 1000000);
}

typedef struct area_feature {
    const char *code;
    const char *label;
    const char *parent;
} area_feature;

/* One GeoJSON feature (RFC 7946), its ring closed by repeating the first point. */
static void append_feature(tf_buffer *buffer, const area_feature *feature,
                           const tf_demo_ring *ring) {
    tf_buffer_format(buffer,
                     "{ \"type\": \"Feature\", \"properties\": { \"code\": \"%s\", \"label\": "
                     "\"%s\", \"parent\": \"%s\" }, \"geometry\": { \"type\": \"Polygon\", "
                     "\"coordinates\": [ [ ",
                     feature->code, feature->label, feature->parent);
    for (size_t i = 0; i <= ring->count; i++) {
        tf_buffer_append_text(buffer, i ? ", [ " : "[ ");
        tf_demo_append_point(buffer, ring->points[i % ring->count], false);
        tf_buffer_append_text(buffer, " ]");
    }
    tf_buffer_append_text(buffer, " ] ] } }");
}

/* Write the outlines of `count` groups of areas. */
static tf_status write_outlines(const tf_demo_county *county, const char *directory,
                                const char *path, const int *group_of_area,
                                const area_feature *features, int count, tf_error *error) {
    tf_status status = TF_OK;
    tf_demo_ring ring = {0};
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_buffer_append_text(&buffer, "{\n\"type\": \"FeatureCollection\",\n\"features\": [\n");
    for (int i = 0; !status && i < count; i++) {
        status = tf_demo_outline_trace(county->area_of_cell, county->vertices, group_of_area, i,
                                       &ring, error);
        if (!status) {
            append_feature(&buffer, &features[i], &ring);
            tf_buffer_append_text(&buffer, i + 1 < count ? ",\n" : "\n");
        }
    }
    tf_buffer_append_text(&buffer, "]\n}\n");
    if (!status) {
        status = tf_demo_file_write(directory, path, &buffer, error);
    }
    tf_free(ring.points);
    tf_buffer_deinit(&buffer);
    return status;
}

static tf_status write_all_outlines(const tf_demo_county *county, const char *directory,
                                    tf_error *error) {
    int own_group[TF_DEMO_AREA_COUNT];
    int authority_group[TF_DEMO_AREA_COUNT];
    const int force_group[TF_DEMO_AREA_COUNT] = {0};
    area_feature areas[TF_DEMO_AREA_COUNT];
    area_feature authorities[AUTHORITY_COUNT];
    const area_feature force = {TF_DEMO_FORCE_AREA_CODE, TF_DEMO_COUNTY, ""};
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        const tf_demo_area_record *area = &county->areas[i];
        own_group[i] = i;
        authority_group[i] = area->authority;
        areas[i] =
            (area_feature){area->code, area->label, tf_demo_authorities[area->authority].code};
    }
    for (int i = 0; i < AUTHORITY_COUNT; i++) {
        authorities[i] = (area_feature){tf_demo_authorities[i].code, tf_demo_authorities[i].name,
                                        TF_DEMO_FORCE_AREA_CODE};
    }
    tf_status status = write_outlines(county, directory, "areas/small-areas.geojson", own_group,
                                      areas, TF_DEMO_AREA_COUNT, error);
    if (!status) {
        status = write_outlines(county, directory, "areas/authorities.geojson", authority_group,
                                authorities, AUTHORITY_COUNT, error);
    }
    if (!status) {
        status =
            write_outlines(county, directory, "areas/force.geojson", force_group, &force, 1, error);
    }
    return status;
}

static void append_population(const tf_demo_county *county, tf_buffer *buffer) {
    tf_buffer_append_text(buffer, "code,year,people\n");
    for (int year = FIRST_POPULATION_YEAR; year <= LAST_POPULATION_YEAR; year++) {
        int sums[AUTHORITY_COUNT] = {0};
        for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
            int people = tf_demo_people(&county->areas[i], year);
            sums[county->areas[i].authority] += people;
            tf_buffer_format(buffer, "%s,%d,%d\n", county->areas[i].code, year, people);
        }
        for (int i = 0; i < AUTHORITY_COUNT; i++) {
            tf_buffer_format(buffer, "%s,%d,%d\n", tf_demo_authorities[i].code, year, sums[i]);
        }
    }
}

static void append_lookup(tf_buffer *buffer) {
    tf_buffer_append_text(buffer, "LAD23CD,LAD23NM,CSP23CD,CSP23NM,PFA23CD,PFA23NM\n");
    for (int i = 0; i < AUTHORITY_COUNT; i++) {
        const tf_demo_authority *authority = &tf_demo_authorities[i];
        tf_buffer_format(buffer, "%s,%s,%s,%s," TF_DEMO_FORCE_AREA_CODE "," TF_DEMO_COUNTY "\n",
                         authority->code, authority->name, authority->partnership_code,
                         authority->name);
    }
}

tf_status tf_demo_reference_write(const tf_demo_county *county, const char *directory,
                                  tf_error *error) {
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_status status = write_all_outlines(county, directory, error);
    if (!status) {
        append_population(county, &buffer);
        status = tf_demo_file_write(directory, "population.csv", &buffer, error);
    }
    if (!status) {
        append_lookup(&buffer);
        status = tf_demo_file_write(directory, "lookup.csv", &buffer, error);
    }
    tf_buffer_deinit(&buffer);
    return status;
}

/* The outlines as published: do they tile, and do the other files speak of the same areas? */
#include "county_files.h"

enum { MOST_POINTS = 4000, MOST_SHAPES = 240, MOST_EDGES = 40000 };

typedef struct position {
    int64_t x; /* millionths of a degree */
    int64_t y;
} position;

typedef struct outline {
    char code[16];
    char label[32];
    char parent[16];
    position points[MOST_POINTS]; /* the first is repeated at the end */
    int count;
} outline;

typedef struct edge {
    position from;
    position to;
    int shape;
} edge;

static outline *areas;
static outline *authorities;
static outline *force;
static edge edges[MOST_EDGES]; /* of the areas */
static int edge_count;

static void copy_property(const char *feature, const char *name, char *out, size_t size) {
    char key[32];
    snprintf(key, sizeof key, "\"%s\": \"", name);
    const char *start = strstr(feature, key);
    assert_non_null(start);
    start += strlen(key);
    snprintf(out, size, "%.*s", (int)strcspn(start, "\""), start);
}

static outline *read_shapes(const char *path, int expected) {
    outline *shapes = calloc((size_t)expected, sizeof *shapes);
    char *bytes = read_whole(county_folder, path, NULL);
    int count = 0;
    for (char *at = bytes; (at = strstr(at, "\"Feature\"")); count++) {
        assert_true(count < expected);
        outline *shape = &shapes[count];
        copy_property(at, "code", shape->code, sizeof shape->code);
        copy_property(at, "label", shape->label, sizeof shape->label);
        copy_property(at, "parent", shape->parent, sizeof shape->parent);
        at = strstr(at, "\"coordinates\": [ [");
        assert_non_null(at);
        at += strlen("\"coordinates\": [ [");
        double x;
        double y;
        int used;
        while (sscanf(at, " [ %lf,%lf ]%n", &x, &y, &used) == 2) {
            assert_true(shape->count < MOST_POINTS);
            shape->points[shape->count++] = (position){llround(x * 1e6), llround(y * 1e6)};
            at += used;
            at += *at == ',';
        }
        assert_memory_equal(at, " ] ] }", 6);
    }
    assert_int_equal(count, expected);
    free(bytes);
    return shapes;
}

static int compare_edges(const void *a, const void *b) {
    return memcmp(a, b, 2 * sizeof(position));
}

static int read_outlines(void **state) {
    write_county(state);
    areas = read_shapes("areas/small-areas.geojson", TF_DEMO_AREA_COUNT);
    authorities = read_shapes("areas/authorities.geojson", 3);
    force = read_shapes("areas/force.geojson", 1);
    memset(edges, 0, sizeof edges);
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        for (int j = 0; j + 1 < areas[i].count; j++) {
            assert_true(edge_count < MOST_EDGES);
            edges[edge_count++] = (edge){areas[i].points[j], areas[i].points[j + 1], i};
        }
    }
    qsort(edges, (size_t)edge_count, sizeof *edges, compare_edges);
    return 0;
}

static int forget_outlines(void **state) {
    free(areas);
    free(authorities);
    free(force);
    return remove_county(state);
}

/* The area to the left of the way between two points, or -1. */
static int area_beside(position from, position to) {
    edge wanted = {from, to, 0};
    edge *found = bsearch(&wanted, edges, (size_t)edge_count, sizeof *edges, compare_edges);
    return found ? found->shape : -1;
}

static int64_t doubled_size(const outline *shape) {
    int64_t sum = 0;
    for (int i = 0; i + 1 < shape->count; i++) {
        const position *a = &shape->points[i];
        const position *b = &shape->points[i + 1];
        sum += (a->x - shape->points[0].x) * (b->y - shape->points[0].y) -
               (b->x - shape->points[0].x) * (a->y - shape->points[0].y);
    }
    return sum;
}

static int side(position a, position b, position c) {
    int64_t turn = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    return (turn > 0) - (turn < 0);
}

static bool do_cross(position a, position b, position c, position d) {
    return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

static void check_simple_ring(const outline *shape) {
    int last = shape->count - 1;
    assert_true(last >= 3);
    assert_memory_equal(&shape->points[0], &shape->points[last], sizeof(position));
    assert_true(doubled_size(shape) > 0); /* counterclockwise, as RFC 7946 asks */
    for (int i = 0; i < last; i++) {
        for (int j = i + 2; j < last - (i == 0); j++) {
            if (do_cross(shape->points[i], shape->points[i + 1], shape->points[j],
                         shape->points[j + 1])) {
                fprintf(stderr, "%s crosses itself at point %d\n", shape->code, i);
                fail();
            }
        }
    }
}

static void every_outline_is_one_ring_that_does_not_cross_itself(void **state) {
    (void)state;
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        check_simple_ring(&areas[i]);
    }
    for (int i = 0; i < 3; i++) {
        check_simple_ring(&authorities[i]);
    }
    check_simple_ring(force);
}

static void no_two_areas_are_on_the_same_side_of_an_edge(void **state) {
    (void)state;
    for (int i = 1; i < edge_count; i++) {
        assert_true(compare_edges(&edges[i - 1], &edges[i]) != 0);
    }
}

static void the_areas_tile_the_county_exactly(void **state) {
    (void)state;
    int64_t sum = 0;
    int coast = 0;
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        sum += doubled_size(&areas[i]);
    }
    for (int i = 0; i < edge_count; i++) {
        coast += area_beside(edges[i].to, edges[i].from) < 0;
    }
    assert_true(sum == doubled_size(force));
    assert_int_equal(coast, force->count - 1);
    for (int i = 0; i + 1 < force->count; i++) {
        assert_true(area_beside(force->points[i], force->points[i + 1]) >= 0);
    }
}

static void the_authorities_are_their_areas(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        int64_t sum = 0;
        int count = 0;
        for (int j = 0; j < TF_DEMO_AREA_COUNT; j++) {
            if (strcmp(areas[j].parent, authorities[i].code) == 0) {
                assert_memory_equal(areas[j].label, authorities[i].label,
                                    strlen(authorities[i].label));
                sum += doubled_size(&areas[j]);
                count++;
            }
        }
        assert_true(count >= 40);
        assert_true(sum == doubled_size(&authorities[i]));
        assert_string_equal(authorities[i].parent, TF_DEMO_FORCE_AREA_CODE);
    }
}

/* The codes of the ONS begin with E, W, S, N, K, L, M or J. */
static void codes_and_names_are_distinct_and_fictional(void **state) {
    (void)state;
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        char code[16];
        snprintf(code, sizeof code, "X01%06d", i + 1);
        assert_string_equal(areas[i].code, code);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(areas[i].label, areas[j].label);
        }
    }
    assert_string_equal(areas[0].label, "Larkenport 001A");
}

/* Real longitudes east of 1.77 and south of 54 north are sea: Lowestoft is Britain's east. */
static void the_county_lies_in_the_sea(void **state) {
    (void)state;
    for (int i = 0; i < force->count; i++) {
        assert_true(force->points[i].x > 1900000 && force->points[i].x < 2600000);
        assert_true(force->points[i].y > 53400000 && force->points[i].y < 53800000);
    }
}

static bool is_inside(const outline *shape, position point) {
    bool inside = false;
    for (int i = 0; i + 1 < shape->count; i++) {
        const position *a = &shape->points[i];
        const position *b = &shape->points[i + 1];
        if ((a->y > point.y) != (b->y > point.y) && (side(*a, *b, point) > 0) == (b->y > a->y)) {
            inside = !inside;
        }
    }
    return inside;
}

static void street_points_lie_in_the_areas_that_their_rows_name(void **state) {
    (void)state;
    char *bytes = read_police(TF_DEMO_LAST_MONTH, "street");
    char *at = bytes;
    char *fields[12];
    int rows = 0;
    int outside = 0;
    next_record(&at, "\r\n", fields, 12);
    while (next_record(&at, "\r\n", fields, 12)) {
        int area = strncmp(fields[7], "X0100", 5) == 0 ? atoi(fields[7] + 3) - 1 : -1;
        if (area >= 0) {
            assert_string_equal(fields[8], areas[area].label);
            position point = {llround(strtod(fields[4], NULL) * 1e6),
                              llround(strtod(fields[5], NULL) * 1e6)};
            rows++;
            outside += !is_inside(&areas[area], point);
        }
    }
    free(bytes);
    assert_true(rows > 3500);
    assert_true(outside < rows / 100); /* as in real files, a few are over the border */
}

static bool do_touch(int area, int other) {
    for (int i = 0; i + 1 < areas[area].count; i++) {
        if (area_beside(areas[area].points[i + 1], areas[area].points[i]) == other) {
            return true;
        }
    }
    return false;
}

static int area_of(const tf_demo_area *area) {
    int index = atoi(area->code + 3) - 1;
    assert_in_range(index, 0, TF_DEMO_AREA_COUNT - 1);
    assert_string_equal(areas[index].code, area->code);
    assert_string_equal(areas[index].label, area->label);
    return index;
}

static void check_contiguous(const tf_demo_area *cluster, int count) {
    bool is_reached[TF_DEMO_AREA_COUNT] = {true};
    for (int round = 0; round < count; round++) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                is_reached[j] = is_reached[j] || (is_reached[i] && do_touch(area_of(&cluster[i]),
                                                                            area_of(&cluster[j])));
            }
        }
    }
    for (int i = 0; i < count; i++) {
        assert_true(is_reached[i]);
    }
}

static void planted_clusters_are_neighbours(void **state) {
    (void)state;
    check_contiguous(tf_demo_growing_areas, 6);
    check_contiguous(tf_demo_closed_areas, 5);
    check_contiguous(tf_demo_displaced_from, 4);
    check_contiguous(tf_demo_displaced_to, 4);
    tf_demo_area both[8];
    memcpy(both, tf_demo_displaced_from, sizeof tf_demo_displaced_from);
    memcpy(both + 4, tf_demo_displaced_to, sizeof tf_demo_displaced_to);
    check_contiguous(both, 8);
}

static void populations_of_authorities_are_the_sums_of_their_areas(void **state) {
    (void)state;
    char *bytes = read_whole(county_folder, "population.csv", NULL);
    char *at = bytes;
    char *fields[3];
    int sums[4][3] = {0};
    int totals[4][3] = {0};
    int rows = 0;
    assert_memory_equal(bytes, "code,year,people\n", 17);
    next_record(&at, "\n", fields, 3);
    for (; next_record(&at, "\n", fields, 3); rows++) {
        int year = atoi(fields[1]) - 2020;
        int people = atoi(fields[2]);
        assert_in_range(year, 0, 3);
        if (strncmp(fields[0], "X06", 3) == 0) {
            totals[year][atoi(fields[0] + 3) - 1] = people;
        } else {
            int area = atoi(fields[0] + 3) - 1;
            assert_in_range(people, 1000, 3000);
            sums[year][atoi(areas[area].parent + 3) - 1] += people;
        }
    }
    free(bytes);
    assert_int_equal(rows, 4 * (TF_DEMO_AREA_COUNT + 3));
    assert_memory_equal(sums, totals, sizeof sums);
}

static void the_lookup_has_the_header_of_the_ons(void **state) {
    (void)state;
    char *bytes = read_whole(county_folder, "lookup.csv", NULL);
    assert_string_equal(bytes,
                        "LAD23CD,LAD23NM,CSP23CD,CSP23NM,PFA23CD,PFA23NM\n"
                        "X06000001,Larkenport,X22000001,Larkenport,X23000001,Larkenshire\n"
                        "X06000002,North Larken,X22000002,North Larken,X23000001,Larkenshire\n"
                        "X06000003,Issenvale,X22000003,Issenvale,X23000001,Larkenshire\n");
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outline_is_one_ring_that_does_not_cross_itself),
        cmocka_unit_test(no_two_areas_are_on_the_same_side_of_an_edge),
        cmocka_unit_test(the_areas_tile_the_county_exactly),
        cmocka_unit_test(the_authorities_are_their_areas),
        cmocka_unit_test(codes_and_names_are_distinct_and_fictional),
        cmocka_unit_test(the_county_lies_in_the_sea),
        cmocka_unit_test(street_points_lie_in_the_areas_that_their_rows_name),
        cmocka_unit_test(planted_clusters_are_neighbours),
        cmocka_unit_test(populations_of_authorities_are_the_sums_of_their_areas),
        cmocka_unit_test(the_lookup_has_the_header_of_the_ons),
    };
    return cmocka_run_group_tests_name("outline", tests, read_outlines, forget_outlines);
}

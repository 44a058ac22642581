/* The map of a profile: which class each small area has. */
#include "check.h"

#include "fail_allocations.h"
#include "profile_sample.h"
#include "web/chart/profile_map.h"

enum { SHAPES = 4 };

/* Squares of four areas in a row: two of the sample, one that it does not have, one without
 * offences. */
typedef struct map_sample {
    tf_map_point points[SHAPES][4];
    tf_map_ring rings[SHAPES];
    tf_map_shape shapes[SHAPES];
    tf_map_shapes map;
} map_sample;

static void make_map(map_sample *map) {
    static const char *const codes[SHAPES] = {"E01000001", "E01000013", "E09999999", "E01000002"};
    *map = (map_sample){.map = {.width = 40, .height = 10, .shape_count = SHAPES}};
    for (int i = 0; i < SHAPES; i++) {
        float x = (float)(10 * i);
        const tf_map_point square[4] = {{x, 0}, {x + 10, 0}, {x + 10, 10}, {x, 10}};
        memcpy(map->points[i], square, sizeof square);
        map->rings[i] = (tf_map_ring){map->points[i], 4};
        map->shapes[i] = (tf_map_shape){
            .code = codes[i], .name = codes[i], .rings = &map->rings[i], .ring_count = 1};
    }
    map->map.shapes = map->shapes;
}

static void an_area_has_the_class_of_its_count(void **state) {
    (void)state;
    profile_sample sample;
    map_sample map;
    sample_make(&sample);
    sample.areas[1].count = 0;
    make_map(&map);
    tf_arena *arena = tf_arena_new();
    tf_chart chart;
    tf_error error;
    assert_ok(tf_profile_map_chart(arena, &sample.profile, &map.map, NULL, &chart, &error), &error);
    assert_int_equal(chart.kind, TF_CHART_MAP);
    const tf_chart_shape *shapes = chart.of.map.shapes;
    assert_int_equal(chart.of.map.count, SHAPES);
    assert_int_equal(shapes[0].class_number, TF_MAP_CLASSES); /* the most offences: 240 */
    assert_string_equal(shapes[0].text, "240 offences");
    assert_string_equal(shapes[0].remark, "a hot spot");
    assert_int_equal(shapes[1].class_number, 1); /* the fewest: 18 */
    assert_string_equal(shapes[1].text, "18 offences");
    assert_null(shapes[1].remark);
    assert_int_equal(shapes[2].class_number, 0);
    assert_string_equal(shapes[2].text, "No offences known");
    assert_int_equal(shapes[3].class_number, 0);
    assert_string_equal(shapes[3].text, "0 offences");
    assert_int_equal(shapes[0].ring_count, 1);
    assert_near(shapes[0].rings[0].points[2], 10, 0);
    tf_arena_free(arena);
}

static void the_classes_cover_every_count_once(void **state) {
    (void)state;
    profile_sample sample;
    map_sample map;
    sample_make(&sample);
    make_map(&map);
    tf_arena *arena = tf_arena_new();
    tf_chart chart;
    tf_error error;
    assert_ok(tf_profile_map_chart(arena, &sample.profile, &map.map, NULL, &chart, &error), &error);
    long before = 0;
    for (int i = 0; i < TF_MAP_CLASSES; i++) {
        long lower = 0, upper = 0;
        assert_non_null(chart.of.map.classes[i]);
        int found = sscanf(chart.of.map.classes[i], "%ld to %ld", &lower, &upper);
        upper = found == 1 ? lower : upper;
        assert_true(lower <= upper);
        assert_true(i == 0 ? lower >= 1 && lower <= 18 : lower == before + 1);
        before = upper;
    }
    assert_true(before >= 240);
    tf_arena_free(arena);
}

static void every_allocation_that_fails_is_told(void **state) {
    (void)state;
    profile_sample sample;
    map_sample map;
    sample_make(&sample);
    make_map(&map);
    for (long n = 0;; n++) {
        tf_chart chart;
        tf_error error;
        tf_status status = TF_NO_MEMORY;
        fail_allocation(n);
        tf_arena *arena = tf_arena_new();
        if (arena) {
            status = tf_profile_map_chart(arena, &sample.profile, &map.map, NULL, &chart, &error);
        }
        bool was_reached = stop_failing_allocations();
        tf_arena_free(arena);
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_has_the_class_of_its_count),
        cmocka_unit_test(the_classes_cover_every_count_once),
        cmocka_unit_test(every_allocation_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

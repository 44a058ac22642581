#include "areas.h"

#include "fail_allocations.h"

static const tf_point outline[] = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}};
static const tf_point hole[] = {{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}};
static const tf_point island[] = {{10.5, -2.25}, {11, 0}, {10, 0}, {10.5, -2.25}};

static tf_status build(tf_polygons *area) {
    *area = (tf_polygons){0};
    tf_status status = add_ring(area, outline, 5, false);
    status = status ? status : add_ring(area, hole, 5, true);
    return status ? status : add_ring(area, island, 4, true);
}

static void parts_rings_and_points_nest(void **state) {
    (void)state;
    tf_polygons area;
    assert_int_equal(build(&area), TF_OK);
    assert_int_equal(area.part_count, 2);
    assert_int_equal(area.ring_count, 3);
    assert_int_equal(area.point_count, 14);
    assert_memory_equal(area.part_rings, ((const int32_t[]){0, 2, 3}), 3 * sizeof(int32_t));
    assert_memory_equal(area.ring_points, ((const int32_t[]){0, 5, 10, 14}), 4 * sizeof(int32_t));
    assert_int_equal(tf_polygons_check(&area, NULL), TF_OK);
    tf_polygons_deinit(&area);
    assert_int_equal(area.point_count, 0);
}

static void bounds_hold_every_point(void **state) {
    (void)state;
    tf_polygons area;
    tf_box box = {{7, 7}, {7, 7}};
    assert_int_equal(build(&area), TF_OK);
    assert_true(tf_polygons_bounds(&area, &box));
    assert_true(box.low.x == 0 && box.low.y == -2.25 && box.high.x == 11 && box.high.y == 4);
    tf_polygons_deinit(&area);
    assert_false(tf_polygons_bounds(&area, &box));
    assert_true(box.high.x == 11);
}

static void check_shape(const tf_point *points, size_t count, const char *message) {
    tf_polygons area = {0};
    tf_error error;
    assert_int_equal(add_ring(&area, points, count, true), TF_OK);
    assert_int_equal(tf_polygons_check(&area, &error), TF_BAD_INPUT);
    assert_string_equal(error.message, message);
    tf_polygons_deinit(&area);
}

static void a_ring_must_be_closed_and_finite_and_have_four_points(void **state) {
    (void)state;
    check_shape((const tf_point[]){{0, 0}, {1, 0}, {0, 0}}, 3,
                "ring 1 has 3 points; a ring needs four or more, the last equal to the first");
    check_shape((const tf_point[]){{0, 0}, {1, 0}, {1, 1}, {0, 1}}, 4,
                "ring 1 is not closed; repeat its first point at its end");
    check_shape((const tf_point[]){{0, 0}, {1, NAN}, {1, 1}, {0, 0}}, 4,
                "ring 1 has a coordinate that is not a finite number");
    tf_polygons area = {0};
    assert_int_equal(tf_polygons_check(&area, NULL), TF_OK);
    assert_int_equal(tf_polygons_end_part(&area, NULL), TF_OK);
    assert_int_equal(tf_polygons_check(&area, NULL), TF_BAD_INPUT);
    tf_polygons_deinit(&area);
}

static void a_copy_is_equal_and_apart(void **state) {
    (void)state;
    tf_polygons area;
    tf_polygons copy;
    assert_int_equal(build(&area), TF_OK);
    assert_int_equal(tf_polygons_copy(&area, &copy, NULL), TF_OK);
    area.points[0].x = 99;
    assert_true(copy.points[0].x == 0);
    assert_int_equal(copy.part_count, 2);
    assert_int_equal(copy.ring_points[3], 14);
    assert_int_equal(add_ring(&copy, island, 4, true), TF_OK);
    assert_int_equal(copy.part_count, 3);
    tf_polygons_deinit(&copy);
    tf_polygons_deinit(&area);
    assert_int_equal(tf_polygons_copy(&area, &copy, NULL), TF_OK);
    assert_null(copy.points);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_polygons area;
        tf_polygons copy = {0};
        fail_allocation(n);
        tf_status status = build(&area);
        if (!status) {
            status = tf_polygons_copy(&area, &copy, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_polygons_deinit(&area);
        tf_polygons_deinit(&copy);
        if (status == TF_OK) {
            assert_false(was_reached);
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_rings_and_points_nest),
        cmocka_unit_test(bounds_hold_every_point),
        cmocka_unit_test(a_ring_must_be_closed_and_finite_and_have_four_points),
        cmocka_unit_test(a_copy_is_equal_and_apart),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("polygons", tests, NULL, NULL);
}

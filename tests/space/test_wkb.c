#include "areas.h"

#include "fail_allocations.h"

#include "trefoil/space/wkb.h"

/* What shapely 2.2.0 (GEOS 3.14.1) writes for POLYGON ((10.5 -2.25, 11 0, 10 0, 10.5 -2.25)). */
static const char triangle_hex[] =
    "01030000000100000004000000000000000000254000000000000002C0000000000000264000000000000000"
    "0000000000000024400000000000000000000000000000254000000000000002C0";

/* And for a square with a hole together with that triangle, as a MULTIPOLYGON. */
static const char several_hex[] =
    "0106000000020000000103000000020000000500000000000000000000000000000000000000000000000000"
    "1040000000000000000000000000000010400000000000001040000000000000000000000000000010400000"
    "000000000000000000000000000005000000000000000000F03F000000000000F03F000000000000F03F0000"
    "000000000040000000000000004000000000000000400000000000000040000000000000F03F000000000000"
    "F03F000000000000F03F01030000000100000004000000000000000000254000000000000002C00000000000"
    "002640000000000000000000000000000024400000000000000000000000000000254000000000000002C0";

static const tf_point outline[] = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}};
static const tf_point hole[] = {{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}};
static const tf_point triangle[] = {{10.5, -2.25}, {11, 0}, {10, 0}, {10.5, -2.25}};

static tf_polygons several(void) {
    tf_polygons area = {0};
    assert_int_equal(add_ring(&area, outline, 5, false), TF_OK);
    assert_int_equal(add_ring(&area, hole, 5, true), TF_OK);
    assert_int_equal(add_ring(&area, triangle, 4, true), TF_OK);
    return area;
}

static void check_bytes(const tf_polygons *area, const char *hex) {
    tf_buffer bytes;
    tf_buffer text;
    tf_buffer_init(&bytes);
    tf_buffer_init(&text);
    assert_int_equal(tf_wkb_write(area, &bytes, NULL), TF_OK);
    for (size_t i = 0; i < bytes.length; i++) {
        tf_buffer_format(&text, "%02X", (unsigned char)bytes.data[i]);
    }
    assert_string_equal(text.data, hex);
    tf_buffer_deinit(&bytes);
    tf_buffer_deinit(&text);
}

static void the_bytes_are_those_of_other_programs(void **state) {
    (void)state;
    tf_polygons area = {0};
    assert_int_equal(add_ring(&area, triangle, 4, true), TF_OK);
    check_bytes(&area, triangle_hex);
    tf_polygons_deinit(&area);
    area = several();
    check_bytes(&area, several_hex);
    tf_polygons_deinit(&area);
}

static void what_was_written_is_read_back(void **state) {
    (void)state;
    tf_polygons area = several();
    tf_polygons back;
    tf_buffer bytes;
    tf_buffer_init(&bytes);
    assert_int_equal(tf_wkb_write(&area, &bytes, NULL), TF_OK);
    assert_int_equal(tf_wkb_read(bytes.data, bytes.length, &back, NULL), TF_OK);
    assert_int_equal(back.part_count, area.part_count);
    assert_int_equal(back.ring_count, area.ring_count);
    assert_int_equal(back.point_count, area.point_count);
    assert_memory_equal(back.points, area.points, sizeof(tf_point) * 14);
    assert_memory_equal(back.ring_points, area.ring_points, sizeof(int32_t) * 4);
    assert_memory_equal(back.part_rings, area.part_rings, sizeof(int32_t) * 3);
    tf_polygons_deinit(&back);
    tf_polygons_deinit(&area);

    bytes.length = 0;
    assert_int_equal(tf_wkb_write(&area, &bytes, NULL), TF_OK); /* the empty area */
    assert_int_equal(tf_wkb_read(bytes.data, bytes.length, &back, NULL), TF_OK);
    assert_int_equal(back.part_count, 0);
    tf_polygons_deinit(&back);
    tf_buffer_deinit(&bytes);
}

static void bytes_that_are_cut_off_or_changed_are_refused(void **state) {
    (void)state;
    tf_polygons area = several();
    tf_polygons back;
    tf_buffer bytes;
    tf_buffer_init(&bytes);
    assert_int_equal(tf_wkb_write(&area, &bytes, NULL), TF_OK);
    for (size_t length = 0; length < bytes.length; length++) {
        assert_int_equal(tf_wkb_read(bytes.data, length, &back, NULL), TF_BAD_INPUT);
        assert_int_equal(back.point_count, 0);
    }
    tf_buffer_append(&bytes, "", 1);
    assert_int_equal(tf_wkb_read(bytes.data, bytes.length, &back, NULL), TF_BAD_INPUT);
    bytes.data[0] = 0; /* big-endian */
    assert_int_equal(tf_wkb_read(bytes.data, bytes.length - 1, &back, NULL), TF_BAD_INPUT);
    bytes.data[0] = 1;
    memset(bytes.data + 5, 0xFF, 4); /* four billion parts */
    assert_int_equal(tf_wkb_read(bytes.data, bytes.length - 1, &back, NULL), TF_BAD_INPUT);
    tf_buffer_deinit(&bytes);
    tf_polygons_deinit(&area);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    tf_polygons area = several();
    for (long n = 0;; n++) {
        tf_polygons back = {0};
        tf_buffer bytes;
        tf_buffer_init(&bytes);
        fail_allocation(n);
        tf_status status = tf_wkb_write(&area, &bytes, NULL);
        if (!status) {
            status = tf_wkb_read(bytes.data, bytes.length, &back, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_buffer_deinit(&bytes);
        tf_polygons_deinit(&back);
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
    tf_polygons_deinit(&area);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_other_programs),
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(bytes_that_are_cut_off_or_changed_are_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("wkb", tests, NULL, NULL);
}

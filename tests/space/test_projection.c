#include "areas.h"

#include "fail_allocations.h"

#include "trefoil/space/projection.h"

/* Ordnance Survey, OSTN15 developer pack, OSTN15_OSGM15_TestInput_ETRStoOSGB and its output: the
 * true grid coordinates of the points in and about England and Wales. */
static const struct control_point {
    const char *name;
    tf_point degrees;
    tf_point grid;
} control_points[] = {
    {"TP01 St Mary's", {-6.29977752014, 49.92226393730}, {91492.146, 11318.804}},
    {"TP02 Lizard Point", {-5.20304609998, 49.96006137820}, {170370.718, 11572.405}},
    {"TP03 Plymouth", {-4.10864563561, 50.43885825610}, {250359.811, 62016.569}},
    {"TP04 St Catherine's Point", {-1.29782277240, 50.57563665000}, {449816.371, 75335.861}},
    {"TP05 Southampton", {-1.45051433700, 50.93127937910}, {438710.920, 114792.250}},
    {"TP06 Nash Point", {-3.55128349240, 51.40078220140}, {292184.870, 168003.465}},
    {"TP07 North Foreland", {1.44454730409, 51.37447025550}, {639821.835, 169565.858}},
    {"TP08 Brislington", {-2.54407618349, 51.42754743020}, {362269.991, 169978.690}},
    {"TP09 Lambeth", {-0.11992557180, 51.48936564950}, {530624.974, 178388.464}},
    {"TP10 Carmarthen", {-4.30852476960, 51.85890896400}, {241124.584, 220332.641}},
    {"TP11 Colchester", {0.89724327012, 51.89436637350}, {599445.590, 225722.826}},
    {"TP12 Droitwich", {-2.15458614387, 52.25529381630}, {389544.190, 261912.153}},
    {"TP13 Northampton", {-0.91248956970, 52.25160951230}, {474335.969, 262047.755}},
    {"TP14 King's Lynn", {0.40153547065, 52.75136687170}, {562180.547, 319784.995}},
    {"TP15 Nottingham", {-1.19747655922, 52.96219109410}, {454002.834, 340834.943}},
    {"TP16 Daresbury", {-2.64049320810, 53.34480280190}, {357455.843, 383290.436}},
    {"TP17 Point Lynas", {-4.28918069756, 53.41628516040}, {247958.971, 393492.909}},
    {"TP19 Blackpool", {-3.04045490691, 53.77911025760}, {331534.564, 431920.794}},
    {"TP20 Pudsey", {-1.66379168242, 53.80021519630}, {422242.186, 433818.701}},
    {"TP22 Flamborough Head", {-0.07773133187, 54.11685144290}, {525745.670, 470703.214}},
    {"TP24 Carlisle", {-2.93827741149, 54.89542340420}, {339921.145, 556034.761}},
    {"TP25 Newcastle", {-1.61657685184, 54.97912273660}, {424639.355, 565012.703}},
    /* Transformations and OSGM15 user guide, annexe A: the worked example. */
    {"Caister water tower", {1.716073973, 52.658007833}, {651409.804, 313177.450}},
};

enum { CONTROL_POINT_COUNT = sizeof control_points / sizeof control_points[0] };

static tf_projection *new_projection(void) {
    tf_projection *projection;
    tf_error error;
    assert_ok(tf_projection_new(&projection, &error), &error);
    return projection;
}

static void control_points_are_met_within_five_metres_and_two_typically(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    int typical = 0;
    for (int i = 0; i < CONTROL_POINT_COUNT; i++) {
        tf_point point = control_points[i].degrees;
        assert_int_equal(tf_projection_to_grid(projection, &point, 1), 1);
        double miss = hypot(point.x - control_points[i].grid.x, point.y - control_points[i].grid.y);
        if (!(miss < 5)) {
            fail_msg("%s is missed by %.3f m", control_points[i].name, miss);
        }
        typical += miss < 2.5;
    }
    assert_true(typical >= CONTROL_POINT_COUNT * 3 / 4);
    tf_projection_free(projection);
}

/* The very numbers of the published formula, so that a wrong sign of one of the seven parameters
 * cannot hide behind the tolerance: PROJ 9.5 through pyproj 3.7.2, +proj=helmert with EPSG:1314. */
static void the_formula_is_met_to_the_millimetre(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_point points[] = {{1.716073973, 52.658007833}, {-6.29977752014, 49.92226393730}};
    assert_int_equal(tf_projection_to_grid(projection, points, 2), 2);
    assert_near(points[0].x, 651411.2253, 0.001);
    assert_near(points[0].y, 313180.5965, 0.001);
    assert_near(points[1].x, 91487.4282, 0.001);
    assert_near(points[1].y, 11318.4024, 0.001);
    tf_projection_free(projection);
}

static void there_and_back_is_the_same_place(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_point points[CONTROL_POINT_COUNT];
    for (int i = 0; i < CONTROL_POINT_COUNT; i++) {
        points[i] = control_points[i].degrees;
    }
    assert_int_equal(tf_projection_to_grid(projection, points, CONTROL_POINT_COUNT),
                     CONTROL_POINT_COUNT);
    assert_int_equal(tf_projection_to_degrees(projection, points, CONTROL_POINT_COUNT),
                     CONTROL_POINT_COUNT);
    for (int i = 0; i < CONTROL_POINT_COUNT; i++) { /* 1e-7 of a degree is a centimetre */
        assert_near(points[i].x, control_points[i].degrees.x, 1e-7);
        assert_near(points[i].y, control_points[i].degrees.y, 1e-7);
    }
    tf_projection_free(projection);
}

static void a_place_that_is_not_british_becomes_nan_and_is_not_counted(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_point points[] = {{0, 0},         {-1.5, 52},  {52, -1.5}, {NAN, 52},
                         {-1, INFINITY}, {200, 1000}, {-1.5, 52}};
    assert_int_equal(tf_projection_to_grid(projection, points, 7), 2);
    assert_true(isnan(points[0].x) && isnan(points[0].y));
    assert_near(points[1].x, 434400, 500);
    for (int i = 2; i < 6; i++) {
        assert_true(isnan(points[i].x) && isnan(points[i].y));
    }
    assert_true(points[6].x == points[1].x && points[6].y == points[1].y);
    tf_point grid[] = {{NAN, 0}, {1e300, 0}, {INFINITY, 5}, {434400, 4e6}};
    assert_int_equal(tf_projection_to_degrees(projection, grid, 4), 0);
    assert_true(isnan(grid[3].x));
    assert_int_equal(tf_projection_to_grid(projection, NULL, 0), 0);
    tf_projection_free(projection);
}

static void the_grid_needs_no_files(void **state) {
    (void)state;
    setenv("PROJ_LIB", "/nonexistent", 1);
    setenv("PROJ_DATA", "/nonexistent", 1);
    tf_projection *projection = new_projection();
    tf_point point = {1.716073973, 52.658007833};
    assert_int_equal(tf_projection_to_grid(projection, &point, 1), 1);
    assert_near(point.x, 651411.2253, 0.001);
    tf_projection_free(projection);
    unsetenv("PROJ_LIB");
    unsetenv("PROJ_DATA");
}

static void an_area_outside_the_grid_is_refused(void **state) {
    (void)state;
    tf_projection *projection = new_projection();
    tf_polygons area = rectangle(52, -2, 53, -1); /* longitude and latitude exchanged */
    tf_polygons grid;
    tf_error error;
    assert_int_equal(tf_projection_area_to_grid(projection, &area, &grid, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "outside the British National Grid"));
    assert_int_equal(grid.point_count, 0);
    tf_polygons_deinit(&area);
    tf_projection_free(projection);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    tf_polygons area = rectangle(-1.5, 52, -1.4, 52.1);
    for (long n = 0;; n++) {
        tf_projection *projection = NULL;
        tf_polygons grid = {0};
        tf_polygons degrees = {0};
        fail_allocation(n);
        tf_status status = tf_projection_new(&projection, NULL);
        if (!status) {
            status = tf_projection_area_to_grid(projection, &area, &grid, NULL);
        }
        if (!status) {
            status = tf_projection_area_to_degrees(projection, &grid, &degrees, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_polygons_deinit(&grid);
        tf_polygons_deinit(&degrees);
        tf_projection_free(projection);
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
        cmocka_unit_test(control_points_are_met_within_five_metres_and_two_typically),
        cmocka_unit_test(the_formula_is_met_to_the_millimetre),
        cmocka_unit_test(there_and_back_is_the_same_place),
        cmocka_unit_test(a_place_that_is_not_british_becomes_nan_and_is_not_counted),
        cmocka_unit_test(the_grid_needs_no_files),
        cmocka_unit_test(an_area_outside_the_grid_is_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("projection", tests, NULL, NULL);
}

#include "trefoil/space/projection.h"

#include "trefoil/base/memory.h"

#include <math.h>
#include <proj.h>

/* Written out rather than asked for as EPSG:27700, so that no database of coordinate systems is
 * needed and no grid that happens to be installed changes the result. */
static const char definition[] =
    "+proj=pipeline "
    "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 "
    "+rx=0.1502 +ry=0.247 +rz=0.8421 +s=-20.4894 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy";

static const tf_box british_isles = {{-14, 45}, {10, 65}};

struct tf_projection {
    PJ_CONTEXT *context;
    PJ *pipeline;
};

/* Silence at every level: proj_log_level does not stop the complaint about a missing database,
 * which we do not need. */
static void ignore_log(void *context, int level, const char *message) {
    (void)context;
    (void)level;
    (void)message;
}

tf_status tf_projection_new(tf_projection **projection_out, tf_error *error) {
    *projection_out = NULL;
    tf_projection *projection = tf_alloc_zeroed(1, sizeof *projection);
    if (!projection) {
        return tf_fail_no_memory(error);
    }
    projection->context = proj_context_create();
    if (!projection->context) {
        tf_projection_free(projection);
        return tf_fail_no_memory(error);
    }
    proj_log_func(projection->context, NULL, ignore_log);
    proj_context_set_enable_network(projection->context, 0);
    projection->pipeline = proj_create(projection->context, definition);
    if (!projection->pipeline) {
        int number = proj_context_errno(projection->context);
        tf_status status =
            tf_fail(error, TF_INTERNAL, NULL, 0,
                    "the projection library (PROJ) refuses the British National Grid: %s; "
                    "install PROJ 8 or newer",
                    proj_context_errno_string(projection->context, number));
        tf_projection_free(projection);
        return status;
    }
    *projection_out = projection;
    return TF_OK;
}

void tf_projection_free(tf_projection *projection) {
    if (projection) {
        proj_destroy(projection->pipeline);
        proj_context_destroy(projection->context);
        tf_free(projection);
    }
}

/* NaN for every point that is not about the British Isles; the number of the others.  Comparing
 * this way round catches NaN too. */
static size_t keep_british(tf_point *points, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        tf_point point = points[i];
        if (point.x >= british_isles.low.x && point.x <= british_isles.high.x &&
            point.y >= british_isles.low.y && point.y <= british_isles.high.y) {
            kept++;
        } else {
            points[i] = (tf_point){NAN, NAN};
        }
    }
    return kept;
}

static void transform(tf_projection *projection, PJ_DIRECTION direction, tf_point *points,
                      size_t count) {
    if (count) {
        proj_trans_generic(projection->pipeline, direction, &points->x, sizeof *points, count,
                           &points->y, sizeof *points, count, NULL, 0, 0, NULL, 0, 0);
    }
}

size_t tf_projection_to_grid(tf_projection *projection, tf_point *points, size_t count) {
    size_t kept = keep_british(points, count);
    transform(projection, PJ_FWD, points, count);
    /* PROJ answers infinity for what it cannot place. */
    for (size_t i = 0; kept < count && i < count; i++) {
        if (!isfinite(points[i].x)) {
            points[i] = (tf_point){NAN, NAN};
        }
    }
    return kept;
}

size_t tf_projection_to_degrees(tf_projection *projection, tf_point *points, size_t count) {
    transform(projection, PJ_INV, points, count);
    return keep_british(points, count);
}

static tf_status refuse_area(tf_polygons *area, tf_error *error) {
    tf_polygons_deinit(area);
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "the outline reaches outside the British National Grid; give longitude and "
                   "latitude (WGS84) of a place in or about the British Isles");
}

tf_status tf_projection_area_to_grid(tf_projection *projection, const tf_polygons *degrees,
                                     tf_polygons *area_out, tf_error *error) {
    tf_status status = tf_polygons_copy(degrees, area_out, error);
    if (status) {
        return status;
    }
    size_t count = (size_t)area_out->point_count;
    bool is_placed = tf_projection_to_grid(projection, area_out->points, count) == count;
    return is_placed ? TF_OK : refuse_area(area_out, error);
}

tf_status tf_projection_area_to_degrees(tf_projection *projection, const tf_polygons *grid,
                                        tf_polygons *area_out, tf_error *error) {
    tf_status status = tf_polygons_copy(grid, area_out, error);
    if (status) {
        return status;
    }
    size_t count = (size_t)area_out->point_count;
    bool is_placed = tf_projection_to_degrees(projection, area_out->points, count) == count;
    return is_placed ? TF_OK : refuse_area(area_out, error);
}

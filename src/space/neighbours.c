#include "trefoil/space/neighbours.h"

#include "space/geometry_internal.h"
#include "trefoil/base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_TOLERANCE_M = 10000 };

void tf_neighbours_deinit(tf_neighbours *neighbours) {
    tf_free(neighbours->offsets);
    tf_free(neighbours->indices);
    *neighbours = (tf_neighbours){0};
}

tf_status tf_pairs_add(tf_pairs *pairs, int32_t first, int32_t second, tf_error *error) {
    if (pairs->count == TF_NEIGHBOURS_MAX_LINKS / 2) {
        return tf_fail(error, TF_NO_MEMORY, NULL, 0,
                       "there are more than %d links between neighbours; ask for a shorter "
                       "distance or for fewer places",
                       TF_NEIGHBOURS_MAX_LINKS);
    }
    tf_status status =
        tf_reserve(&pairs->items, &pairs->capacity, pairs->count + 1, sizeof *pairs->items, error);
    if (!status) {
        pairs->items[pairs->count++] = (tf_pair){first, second};
    }
    return status;
}

static int compare_indices(const void *a, const void *b) {
    int32_t left = *(const int32_t *)a;
    int32_t right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

/* Both directions of every pair as sorted rows. */
static tf_status fill_rows(const tf_pairs *pairs, size_t count, tf_neighbours *neighbours_out,
                           tf_error *error) {
    tf_neighbours rows = {.count = count};
    rows.offsets = tf_alloc_zeroed(count + 1, sizeof *rows.offsets);
    rows.indices = tf_alloc(pairs->count, 2 * sizeof *rows.indices);
    if (!rows.offsets || !rows.indices) {
        tf_neighbours_deinit(&rows);
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < pairs->count; i++) {
        rows.offsets[pairs->items[i].first]++;
        rows.offsets[pairs->items[i].second]++;
    }
    /* From lengths to the ends of the rows, which filling from behind turns into starts. */
    for (size_t i = 1; i <= count; i++) {
        rows.offsets[i] += rows.offsets[i - 1];
    }
    for (size_t i = 0; i < pairs->count; i++) {
        tf_pair pair = pairs->items[i];
        rows.indices[--rows.offsets[pair.first]] = pair.second;
        rows.indices[--rows.offsets[pair.second]] = pair.first;
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = (size_t)(rows.offsets[i + 1] - rows.offsets[i]);
        qsort(rows.indices + rows.offsets[i], length, sizeof *rows.indices, compare_indices);
    }
    *neighbours_out = rows;
    return TF_OK;
}

static tf_status project_all(tf_projection *projection, const tf_polygons *areas, size_t count,
                             tf_polygons *grid, tf_error *error) {
    for (size_t i = 0; i < count; i++) {
        tf_status status = tf_projection_area_to_grid(projection, &areas[i], &grid[i], error);
        if (status) {
            tf_geometry_name_area(i, error);
            return status;
        }
    }
    return TF_OK;
}

tf_status tf_neighbours_touching(tf_projection *projection, const tf_polygons *areas,
                                 size_t area_count, tf_contiguity contiguity, double tolerance_m,
                                 tf_neighbours *neighbours_out, tf_error *error) {
    *neighbours_out = (tf_neighbours){0};
    if (!(tolerance_m >= 0 && tolerance_m <= MAX_TOLERANCE_M)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the tolerance between neighbours must be 0 to %d metres", MAX_TOLERANCE_M);
    }
    double strip_m = fmax(tolerance_m, TF_GEOMETRY_MIN_STRIP_M);
    double border_m = contiguity == TF_CONTIGUITY_ROOK ? 10 * strip_m : 0;
    tf_pairs pairs = {0};
    tf_polygons *grid = tf_alloc_zeroed(area_count, sizeof *grid);
    if (!grid) {
        return tf_fail_no_memory(error);
    }
    tf_status status = project_all(projection, areas, area_count, grid, error);
    if (!status) {
        status = tf_geometry_touching_pairs(grid, area_count, tolerance_m, border_m, &pairs, error);
    }
    if (!status) {
        status = fill_rows(&pairs, area_count, neighbours_out, error);
    }
    for (size_t i = 0; i < area_count; i++) {
        tf_polygons_deinit(&grid[i]);
    }
    tf_free(grid);
    tf_free(pairs.items);
    return status;
}

/* A point in the column of the plane that holds it.  Columns are a little wider than the distance,
 * so that rounding never puts two near points two columns apart. */
typedef struct placed_point {
    double column;
    tf_point point;
    int32_t number;
} placed_point;

static int compare_placed(const void *a, const void *b) {
    const placed_point *left = a;
    const placed_point *right = b;
    if (left->column != right->column) {
        return left->column < right->column ? -1 : 1;
    }
    if (left->point.y != right->point.y) {
        return left->point.y < right->point.y ? -1 : 1;
    }
    return (left->number > right->number) - (left->number < right->number);
}

static tf_status add_if_near(const placed_point *a, const placed_point *b, double distance_m,
                             tf_pairs *pairs, tf_error *error) {
    if (hypot(a->point.x - b->point.x, a->point.y - b->point.y) > distance_m) {
        return TF_OK;
    }
    return tf_pairs_add(pairs, a->number, b->number, error);
}

/* The near pairs among points sorted by column, then by y.  Each point meets those after it in
 * its own column and those at about its height in the next, where `low` only moves up. */
static tf_status find_near(const placed_point *points, size_t count, double distance_m,
                           tf_pairs *pairs, tf_error *error) {
    tf_status status = TF_OK;
    size_t next = 0; /* the first point of the column after the current one */
    size_t low = 0;
    for (size_t i = 0; i < count && !status; i++) {
        if (i == next) {
            while (next < count && points[next].column == points[i].column) {
                next++;
            }
            low = next;
        }
        double y = points[i].point.y;
        for (size_t j = i + 1; j < next && points[j].point.y - y <= distance_m && !status; j++) {
            status = add_if_near(&points[i], &points[j], distance_m, pairs, error);
        }
        double beside = points[i].column + 1;
        while (low < count && points[low].column == beside &&
               y - points[low].point.y > distance_m) {
            low++;
        }
        for (size_t j = low; j < count && points[j].column == beside && !status; j++) {
            if (points[j].point.y - y > distance_m) {
                break;
            }
            status = add_if_near(&points[i], &points[j], distance_m, pairs, error);
        }
    }
    return status;
}

tf_status tf_neighbours_within(const tf_point *points, size_t count, double distance_m,
                               tf_neighbours *neighbours_out, tf_error *error) {
    *neighbours_out = (tf_neighbours){0};
    if (!(distance_m > 0) || !isfinite(distance_m)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the distance between neighbours must be above 0 metres");
    }
    if (count > INT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "there are more than 2^31 points; give fewer");
    }
    placed_point *placed = tf_alloc(count, sizeof *placed);
    if (!placed) {
        return tf_fail_no_memory(error);
    }
    double width_m = distance_m * 1.000001;
    size_t placed_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(points[i].x) && isfinite(points[i].y)) {
            placed[placed_count++] =
                (placed_point){floor(points[i].x / width_m), points[i], (int32_t)i};
        }
    }
    qsort(placed, placed_count, sizeof *placed, compare_placed);
    tf_pairs pairs = {0};
    tf_status status = find_near(placed, placed_count, distance_m, &pairs, error);
    tf_free(placed);
    if (!status) {
        status = fill_rows(&pairs, count, neighbours_out, error);
    }
    tf_free(pairs.items);
    return status;
}

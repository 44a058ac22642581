#include "simplify_internal.h"

#include "trefoil/base/memory.h"

#include <math.h>
#include <string.h>

/* ---- the grid ---- */

static int32_t square_of(double at, double low, double size, int32_t count) {
    double square = floor((at - low) / size);
    return square < 0 ? 0 : square >= count ? count - 1 : (int32_t)square;
}

static int32_t cell_of(const tf_vertex_grid *grid, tf_point point) {
    return square_of(point.y, grid->low.y, grid->size, grid->rows) * grid->columns +
           square_of(point.x, grid->low.x, grid->size, grid->columns);
}

/* Squares of such a size that each holds about two vertices. */
static void lay_out(tf_vertex_grid *grid, const tf_vertex *vertices, int32_t count) {
    tf_point low = vertices[0].grid, high = low;
    for (int32_t i = 1; i < count; i++) {
        low.x = fmin(low.x, vertices[i].grid.x);
        low.y = fmin(low.y, vertices[i].grid.y);
        high.x = fmax(high.x, vertices[i].grid.x);
        high.y = fmax(high.y, vertices[i].grid.y);
    }
    double width = high.x - low.x + 1, height = high.y - low.y + 1;
    grid->low = low;
    grid->size = sqrt(width * height * 2 / count);
    grid->size = fmax(grid->size, fmax(width, height) / 10000);
    grid->columns = (int32_t)(width / grid->size) + 1;
    grid->rows = (int32_t)(height / grid->size) + 1;
}

tf_status tf_vertex_grid_init(tf_vertex_grid *grid, const tf_vertex *vertices, int32_t count,
                              tf_error *error) {
    *grid = (tf_vertex_grid){0};
    if (count == 0) {
        return TF_OK;
    }
    lay_out(grid, vertices, count);
    size_t cells = (size_t)grid->columns * (size_t)grid->rows;
    grid->starts = tf_alloc_zeroed(cells + 2, sizeof *grid->starts);
    grid->vertices = tf_alloc((size_t)count, sizeof *grid->vertices);
    if (!grid->starts || !grid->vertices) {
        tf_vertex_grid_deinit(grid);
        return tf_fail_no_memory(error);
    }
    /* Counted two places on, so that filling leaves each start where it belongs. */
    for (int32_t i = 0; i < count; i++) {
        grid->starts[cell_of(grid, vertices[i].grid) + 2]++;
    }
    for (size_t cell = 2; cell < cells + 2; cell++) {
        grid->starts[cell] += grid->starts[cell - 1];
    }
    for (int32_t i = 0; i < count; i++) {
        grid->vertices[grid->starts[cell_of(grid, vertices[i].grid) + 1]++] = i;
    }
    return TF_OK;
}

void tf_vertex_grid_deinit(tf_vertex_grid *grid) {
    tf_free(grid->starts);
    tf_free(grid->vertices);
    *grid = (tf_vertex_grid){0};
}

/* ---- triangles ---- */

/* Twice the area, positive if the turn is anticlockwise. */
static double turn(tf_point a, tf_point b, tf_point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Sides and corners count as inside. */
static bool is_inside(tf_point a, tf_point b, tf_point c, tf_point point) {
    double ab = turn(a, b, point), bc = turn(b, c, point), ca = turn(c, a, point);
    return (ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0);
}

static bool is_empty_triangle(const tf_vertex_grid *grid, const tf_vertex *vertices, int32_t a,
                              int32_t b, int32_t c) {
    tf_point at = vertices[a].grid, bt = vertices[b].grid, ct = vertices[c].grid;
    tf_point low = {fmin(at.x, fmin(bt.x, ct.x)), fmin(at.y, fmin(bt.y, ct.y))};
    tf_point high = {fmax(at.x, fmax(bt.x, ct.x)), fmax(at.y, fmax(bt.y, ct.y))};
    int32_t left = square_of(low.x, grid->low.x, grid->size, grid->columns);
    int32_t right = square_of(high.x, grid->low.x, grid->size, grid->columns);
    int32_t bottom = square_of(low.y, grid->low.y, grid->size, grid->rows);
    int32_t top = square_of(high.y, grid->low.y, grid->size, grid->rows);
    for (int32_t row = bottom; row <= top; row++) {
        const int32_t *starts = grid->starts + (size_t)row * (size_t)grid->columns;
        for (int32_t i = starts[left]; i < starts[right + 1]; i++) {
            int32_t vertex = grid->vertices[i];
            if (!vertices[vertex].is_removed && vertex != a && vertex != b && vertex != c &&
                is_inside(at, bt, ct, vertices[vertex].grid)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- a heap of an arc's points, the smallest triangle on top ---- */

typedef struct tf_arc_point {
    int32_t vertex;
    int32_t before, after; /* points still there */
    int32_t place;         /* in the heap, or -1 */
    double area;
} arc_point;

typedef struct arc_heap {
    arc_point *points;
    int32_t *items;
    int32_t count;
} arc_heap;

static void set_item(arc_heap *heap, int32_t place, int32_t item) {
    heap->items[place] = item;
    heap->points[item].place = place;
}

static double area_at(const arc_heap *heap, int32_t place) {
    return heap->points[heap->items[place]].area;
}

static void sift(arc_heap *heap, int32_t place) {
    int32_t item = heap->items[place];
    double area = heap->points[item].area;
    while (place > 0 && area < area_at(heap, (place - 1) / 2)) {
        set_item(heap, place, heap->items[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (int32_t child = 2 * place + 1; child < heap->count; child = 2 * place + 1) {
        if (child + 1 < heap->count && area_at(heap, child + 1) < area_at(heap, child)) {
            child++;
        }
        if (area_at(heap, child) >= area) {
            break;
        }
        set_item(heap, place, heap->items[child]);
        place = child;
    }
    set_item(heap, place, item);
}

static int32_t take_first(arc_heap *heap) {
    int32_t first = heap->items[0];
    heap->points[first].place = -1;
    heap->count--;
    if (heap->count > 0) {
        set_item(heap, 0, heap->items[heap->count]);
        sift(heap, 0);
    }
    return first;
}

/* Put a point in its place, also one that was taken out because it could not be spared. */
static void update(arc_heap *heap, const tf_vertex *vertices, int32_t item) {
    arc_point *point = &heap->points[item];
    if (point->before < 0 || point->after < 0) {
        return; /* an end of the arc */
    }
    point->area =
        fabs(turn(vertices[heap->points[point->before].vertex].grid, vertices[point->vertex].grid,
                  vertices[heap->points[point->after].vertex].grid)) /
        2;
    if (point->place < 0) {
        set_item(heap, heap->count++, item);
    }
    sift(heap, point->place);
}

void tf_arc_work_deinit(tf_arc_work *work) {
    tf_free(work->points);
    tf_free(work->heap);
}

tf_status tf_arc_simplify(tf_arc_work *work, const tf_vertex_grid *grid, tf_vertex *vertices,
                          const int32_t *arc, size_t count, size_t needed, double least_area,
                          tf_error *error) {
    tf_status status =
        tf_reserve(&work->points, &work->point_capacity, count, sizeof *work->points, error);
    if (!status) {
        status = tf_reserve(&work->heap, &work->heap_capacity, count, sizeof *work->heap, error);
    }
    if (status) {
        return status;
    }
    arc_heap heap = {.points = work->points, .items = work->heap};
    int32_t last = (int32_t)count - 1;
    for (int32_t i = 0; i <= last; i++) {
        heap.points[i] =
            (arc_point){.vertex = arc[i], i - 1, .after = i < last ? i + 1 : -1, .place = -1};
    }
    for (int32_t i = 1; i < last; i++) {
        update(&heap, vertices, i);
    }
    size_t left = count < 2 ? 0 : count - 2;
    while (heap.count > 0 && left > needed && area_at(&heap, 0) < least_area) {
        int32_t item = take_first(&heap);
        const arc_point *point = &heap.points[item];
        arc_point *before = &heap.points[point->before], *after = &heap.points[point->after];
        if (!is_empty_triangle(grid, vertices, before->vertex, point->vertex, after->vertex)) {
            continue;
        }
        vertices[point->vertex].is_removed = true;
        left--;
        before->after = point->after;
        after->before = point->before;
        update(&heap, vertices, point->before);
        update(&heap, vertices, point->after);
    }
    return TF_OK;
}

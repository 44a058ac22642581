/* Outlines of groups of cells.  Three cells meet at every vertex of the lattice, so an outline
 * never touches itself; neighbours are traced over the same vertices and fit exactly. */
#include "demo/demo_internal.h"

/* A lattice in the North Sea, nobody's county, where the National Grid is still usable. */
enum {
    WEST_LONGITUDE = 1950000,
    NORTH_LATITUDE = 53790000,
    LONGITUDE_STEP = 1510, /* 100 m */
    LATITUDE_STEP = 1556,  /* 173 m */
    CORNER_HEIGHT = LATITUDE_STEP * 2 / 3,
    LONGITUDE_JITTER = 380,
    LATITUDE_JITTER = 220,
    SMOOTHING_ROUNDS = 2,
};

tf_demo_point tf_demo_cell_middle(int cell) {
    return (tf_demo_point){WEST_LONGITUDE + tf_demo_cell_x(cell) * LONGITUDE_STEP,
                           NORTH_LATITUDE - tf_demo_cell_y(cell) * LATITUDE_STEP};
}

/* Corner k of a cell, counterclockwise from the top.  Cells own their top and bottom; the other
 * corners are the bottoms of the cells above and the tops of those below. */
static int corner(int cell, int k) {
    switch (k) {
    case 0:
        return 2 * cell;
    case 1:
        return 2 * (cell - LATTICE_WIDTH) + 1;
    case 2:
        return 2 * (cell + LATTICE_WIDTH - 1);
    case 3:
        return 2 * cell + 1;
    case 4:
        return 2 * (cell + LATTICE_WIDTH);
    default:
        return 2 * (cell - LATTICE_WIDTH + 1) + 1;
    }
}

static int32_t jitter(tf_random *random, int most) {
    return (int32_t)tf_random_below(random, 2 * (uint32_t)most + 1) - most;
}

static void place_vertices(tf_demo_point *vertices) {
    tf_random random;
    tf_random_init(&random, TF_DEMO_SEED, STREAM_VERTICES);
    for (int vertex = 0; vertex < LATTICE_VERTICES; vertex++) {
        tf_demo_point point = tf_demo_cell_middle(vertex / 2);
        point.latitude += vertex % 2 ? -CORNER_HEIGHT : CORNER_HEIGHT;
        point.longitude += jitter(&random, LONGITUDE_JITTER);
        point.latitude += jitter(&random, LATITUDE_JITTER);
        vertices[vertex] = point;
    }
}

/* The borders of the map: for each vertex the vertices beside it. */
typedef struct border_map {
    int beside[LATTICE_VERTICES][3];
    uint8_t count[LATTICE_VERTICES];
} border_map;

static void connect(border_map *borders, int from, int to) {
    borders->beside[from][borders->count[from]++] = to;
    borders->beside[to][borders->count[to]++] = from;
}

static bool is_inner_cell(int cell) {
    int column = cell % LATTICE_WIDTH;
    int row = cell / LATTICE_WIDTH;
    return column > 0 && column < LATTICE_WIDTH - 1 && row > 0 && row < LATTICE_HEIGHT - 1;
}

static void find_borders(const int16_t *area_of_cell, border_map *borders) {
    for (int cell = 0; cell < LATTICE_CELLS; cell++) {
        for (int k = 0; k < 6 && is_inner_cell(cell); k++) {
            int other = cell + tf_demo_neighbour[k];
            if (cell < other && area_of_cell[cell] != area_of_cell[other]) {
                connect(borders, corner(cell, k), corner(cell, (k + 1) % 6));
            }
        }
    }
}

/* Half of each vertex of a border, half of the mean of those beside it: hexagons become hills. */
static void smooth(const border_map *borders, tf_demo_point *vertices, tf_demo_point *scratch) {
    memcpy(scratch, vertices, LATTICE_VERTICES * sizeof *vertices);
    for (int vertex = 0; vertex < LATTICE_VERTICES; vertex++) {
        int count = borders->count[vertex];
        int64_t longitude = 0;
        int64_t latitude = 0;
        for (int i = 0; i < count; i++) {
            longitude += scratch[borders->beside[vertex][i]].longitude;
            latitude += scratch[borders->beside[vertex][i]].latitude;
        }
        if (count > 1) {
            longitude += (int64_t)count * scratch[vertex].longitude;
            latitude += (int64_t)count * scratch[vertex].latitude;
            vertices[vertex].longitude = (int32_t)(longitude / ((int64_t)2 * count));
            vertices[vertex].latitude = (int32_t)(latitude / ((int64_t)2 * count));
        }
    }
}

tf_status tf_demo_outline_prepare(const int16_t *area_of_cell, tf_demo_point *vertices,
                                  tf_error *error) {
    tf_status status = TF_OK;
    border_map *borders = tf_alloc_zeroed(1, sizeof *borders);
    tf_demo_point *scratch = tf_alloc(LATTICE_VERTICES, sizeof *scratch);
    if (!borders || !scratch) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    place_vertices(vertices);
    find_borders(area_of_cell, borders);
    for (int i = 0; i < SMOOTHING_ROUNDS; i++) {
        smooth(borders, vertices, scratch);
    }
done:
    tf_free(borders);
    tf_free(scratch);
    return status;
}

typedef struct cell_group {
    const int16_t *area_of_cell;
    const int *group_of_area;
    int group;
} cell_group;

static bool is_member(const cell_group *grouping, int cell) {
    int area = grouping->area_of_cell[cell];
    return area != SEA && grouping->group_of_area[area] == grouping->group;
}

/* The first member in the array, whose edge 0 is on the border for nothing lies above it, and the
 * number of border edges of all members. */
static int survey(const cell_group *grouping, size_t *edge_count_out) {
    int first = 0;
    *edge_count_out = 0;
    for (int cell = LATTICE_CELLS - 1; cell >= 0; cell--) {
        if (is_member(grouping, cell)) {
            first = cell;
            for (int k = 0; k < 6; k++) {
                *edge_count_out += !is_member(grouping, cell + tf_demo_neighbour[k]);
            }
        }
    }
    return first;
}

tf_status tf_demo_outline_trace(const int16_t *area_of_cell, const tf_demo_point *vertices,
                                const int *group_of_area, int group, tf_demo_ring *ring,
                                tf_error *error) {
    cell_group grouping = {area_of_cell, group_of_area, group};
    size_t edge_count;
    int first = survey(&grouping, &edge_count);
    ring->count = 0;
    tf_status status =
        tf_reserve(&ring->points, &ring->capacity, edge_count, sizeof *ring->points, error);
    if (status) {
        return status;
    }
    int cell = first;
    int k = 0;
    while (ring->count < edge_count) {
        ring->points[ring->count++] = vertices[corner(cell, k)];
        k = (k + 1) % 6;
        if (is_member(&grouping, cell + tf_demo_neighbour[k])) {
            cell += tf_demo_neighbour[k];
            k = (k + 4) % 6; /* the edge of that cell which starts at the vertex we stand on */
        }
        if (cell == first && k == 0) {
            break;
        }
    }
    if (ring->count == 0 || ring->count < edge_count) {
        return tf_fail(error, TF_INTERNAL, NULL, 0,
                       "group %d of the demonstration county is not one piece without holes; "
                       "this is a defect of the program, please report it",
                       group);
    }
    return TF_OK;
}

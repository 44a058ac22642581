/* The shape of the county: where land is, and which area each piece of it belongs to. */
#include "demo/demo_internal.h"

#include <assert.h>

const int tf_demo_neighbour[6] = {-LATTICE_WIDTH, -1, LATTICE_WIDTH - 1,
                                  LATTICE_WIDTH,  1,  1 - LATTICE_WIDTH};

typedef struct position {
    int x; /* 100 m */
    int y; /* rows of 173 m */
} position;

/* The county in broad strokes; the coast is made rough by noise. */
static const position outline[] = {
    {60, 40},   {110, 18},  {165, 26},  {205, 12},  {250, 20},  {292, 36},  {330, 34},  {352, 58},
    {340, 82},  {372, 104}, {366, 132}, {336, 142}, {348, 166}, {312, 186}, {262, 180}, {226, 198},
    {170, 192}, {132, 176}, {92, 184},  {56, 160},  {64, 128},  {34, 104},  {46, 72},
};
enum { OUTLINE_COUNT = sizeof outline / sizeof outline[0] };

typedef struct town {
    position middle;
    int radius; /* 100 m */
} town;

static const town towns[] = {
    {{292, 116}, 52}, /* Larkenport, on the eastern coast */
    {{176, 62}, 34},  {{262, 48}, 22}, {{104, 118}, 30}, {{196, 158}, 26}, {{84, 62}, 14},
};

static int square_root(int value) {
    int root = 0;
    while ((root + 1) * (root + 1) <= value) {
        root++;
    }
    return root;
}

int tf_demo_town_level(int cell) {
    int level = 0;
    for (size_t i = 0; i < sizeof towns / sizeof towns[0]; i++) {
        int dx = tf_demo_cell_x(cell) - towns[i].middle.x;
        int dy = tf_demo_cell_y(cell) - towns[i].middle.y;
        int here = 100 - 100 * square_root(dx * dx + 3 * dy * dy) / towns[i].radius;
        level = here > level ? here : level;
    }
    return level;
}

enum { NOISE_STEP = 12, NOISE_NODES = 48, NOISE_HEIGHT = 7 };

typedef struct noise_map {
    int8_t node[NOISE_NODES][NOISE_NODES];
} noise_map;

static void noise_init(noise_map *noise, tf_random *random) {
    for (int y = 0; y < NOISE_NODES; y++) {
        for (int x = 0; x < NOISE_NODES; x++) {
            noise->node[y][x] =
                (int8_t)((int)tf_random_below(random, 2 * NOISE_HEIGHT + 1) - NOISE_HEIGHT);
        }
    }
}

/* Between the nodes the noise changes evenly; x and y are from 0 to NOISE_STEP * 46. */
static int noise_at(const noise_map *noise, int x, int y) {
    int column = x / NOISE_STEP;
    int row = y / NOISE_STEP;
    int east = x % NOISE_STEP;
    int south = y % NOISE_STEP;
    const int8_t *above = &noise->node[row][column];
    const int8_t *below = &noise->node[row + 1][column];
    int top = above[0] * (NOISE_STEP - east) + above[1] * east;
    int bottom = below[0] * (NOISE_STEP - east) + below[1] * east;
    return (top * (NOISE_STEP - south) + bottom * south) / (NOISE_STEP * NOISE_STEP);
}

/* Whether a line from the point to the west crosses the outline an odd number of times. */
static bool is_inside_outline(int x, int y) {
    bool inside = false;
    for (int i = 0, j = OUTLINE_COUNT - 1; i < OUTLINE_COUNT; j = i++) {
        const position *a = &outline[i];
        const position *b = &outline[j];
        if ((a->y > y) != (b->y > y)) {
            int left = (x - a->x) * (b->y - a->y);
            int right = (b->x - a->x) * (y - a->y);
            if (b->y > a->y ? left < right : left > right) {
                inside = !inside;
            }
        }
    }
    return inside;
}

static bool is_array_border(int cell) {
    int column = cell % LATTICE_WIDTH;
    int row = cell / LATTICE_WIDTH;
    return column == 0 || column == LATTICE_WIDTH - 1 || row == 0 || row == LATTICE_HEIGHT - 1;
}

/* Turn the connected cells of kind `from` around `start` into `to`. */
static void flood(int16_t *kind, int start, int16_t from, int16_t to, int *stack) {
    int depth = 0;
    kind[start] = to;
    stack[depth++] = start;
    while (depth > 0) {
        int cell = stack[--depth];
        for (int k = 0; k < 6; k++) {
            int next = cell + tf_demo_neighbour[k];
            if (next >= 0 && next < LATTICE_CELLS && kind[next] == from) {
                kind[next] = to;
                stack[depth++] = next;
            }
        }
    }
}

enum { UNDECIDED_SEA, UNDECIDED_LAND, OPEN_SEA, MAINLAND };

/* Mark the MAINLAND: one piece without lakes, so that every outline is a single ring. */
static void raise_land(int16_t *kind, int *stack) {
    tf_random random;
    tf_random_init(&random, TF_DEMO_SEED, STREAM_COAST);
    noise_map east;
    noise_map south;
    noise_init(&east, &random);
    noise_init(&south, &random);
    for (int cell = 0; cell < LATTICE_CELLS; cell++) {
        int x = tf_demo_cell_x(cell);
        int y = tf_demo_cell_y(cell);
        kind[cell] = UNDECIDED_SEA;
        if (x > 0 && x < 400 && !is_array_border(cell) &&
            is_inside_outline(x + noise_at(&east, x, y * 2), y + noise_at(&south, x, y * 2))) {
            kind[cell] = UNDECIDED_LAND;
        }
    }
    flood(kind, 0, UNDECIDED_SEA, OPEN_SEA, stack);
    for (int cell = 0; cell < LATTICE_CELLS; cell++) {
        if (kind[cell] == UNDECIDED_SEA) {
            kind[cell] = UNDECIDED_LAND;
        }
    }
    int middle = (LATTICE_HEIGHT / 2) * LATTICE_WIDTH + LATTICE_SHIFT + 50;
    flood(kind, middle, UNDECIDED_LAND, MAINLAND, stack);
}

static void shuffle(int *items, int count, tf_random *random) {
    for (int i = count - 1; i > 0; i--) {
        int j = (int)tf_random_below(random, (uint32_t)i + 1);
        int swapped = items[i];
        items[i] = items[j];
        items[j] = swapped;
    }
}

/* How far apart areas start: dense in towns, four times as far in the country. */
static int spacing_percent(int cell) {
    int level = tf_demo_town_level(cell);
    return level >= 30 ? 100 : 400 - 10 * level;
}

static bool is_far_from_seeds(int cell, const int *seeds, int seed_count, int spacing) {
    for (int i = 0; i < seed_count; i++) {
        if (tf_demo_cell_distance_squared(cell, seeds[i]) < spacing * spacing) {
            return false;
        }
    }
    return true;
}

/* Throw darts at the land, ever closer together, until there is one for each area. */
static void scatter_seeds(const int16_t *kind, int *cells, int *seeds, tf_random *random) {
    int count = 0;
    for (int cell = 0; cell < LATTICE_CELLS; cell++) {
        if (kind[cell] == MAINLAND) {
            cells[count++] = cell;
        }
    }
    assert(count > TF_DEMO_AREA_COUNT);
    shuffle(cells, count, random);
    int seed_count = 0;
    for (int spacing_10m = 100; seed_count < TF_DEMO_AREA_COUNT; spacing_10m -= 4) {
        for (int i = 0; i < count && seed_count < TF_DEMO_AREA_COUNT; i++) {
            int spacing = spacing_10m * spacing_percent(cells[i]) / 1000;
            if (is_far_from_seeds(cells[i], seeds, seed_count, spacing)) {
                seeds[seed_count++] = cells[i];
            }
        }
    }
}

/* Every area takes its free neighbours in turn; the random order makes the borders wander. */
static void grow(const int16_t *kind, int16_t *area_of_cell, const int *seeds, int *frontier,
                 int *next, tf_random *random) {
    for (int cell = 0; cell < LATTICE_CELLS; cell++) {
        area_of_cell[cell] = SEA;
    }
    int count = TF_DEMO_AREA_COUNT;
    for (int i = 0; i < count; i++) {
        area_of_cell[seeds[i]] = (int16_t)i;
        frontier[i] = seeds[i];
    }
    while (count > 0) {
        int next_count = 0;
        shuffle(frontier, count, random);
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < 6; k++) {
                int cell = frontier[i] + tf_demo_neighbour[k];
                if (kind[cell] == MAINLAND && area_of_cell[cell] == SEA) {
                    area_of_cell[cell] = area_of_cell[frontier[i]];
                    next[next_count++] = cell;
                }
            }
        }
        int *swapped = frontier;
        frontier = next;
        next = swapped;
        count = next_count;
    }
}

tf_status tf_demo_land_grow(int16_t *area_of_cell, int *seeds, tf_error *error) {
    tf_status status = TF_OK;
    int16_t *kind = tf_alloc(LATTICE_CELLS, sizeof *kind);
    int *cells = tf_alloc(LATTICE_CELLS, sizeof *cells);
    int *more_cells = tf_alloc(LATTICE_CELLS, sizeof *more_cells);
    if (!kind || !cells || !more_cells) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    tf_random random;
    tf_random_init(&random, TF_DEMO_SEED, STREAM_LAND);
    raise_land(kind, cells);
    scatter_seeds(kind, cells, seeds, &random);
    grow(kind, area_of_cell, seeds, cells, more_cells, &random);
done:
    tf_free(kind);
    tf_free(cells);
    tf_free(more_cells);
    return status;
}

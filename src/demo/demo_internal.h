/* What the files of this folder share: the land, the county on it, and how its bytes leave. */
#ifndef TREFOIL_DEMO_DEMO_INTERNAL_H
#define TREFOIL_DEMO_DEMO_INTERNAL_H

#include "demo/facts.h"

#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

/* Each subject draws from its own stream, so that a change in one leaves the others as they are. */
enum { TF_DEMO_SEED = 20210401 };
enum {
    STREAM_COAST = 1,
    STREAM_LAND,
    STREAM_VERTICES,
    STREAM_COUNTY,
    STREAM_CRIMES,
    STREAM_OUTCOMES,
    STREAM_SEARCHES
};

/* ---- The land: a lattice of hexagons (pointed at the top, 200 m wide) in a sloping array.
 * Cell (column, row) has its middle at x = 2 * (column - LATTICE_SHIFT) + row, in units of 100 m
 * east, and y = row, in units of 173 m south; so dx * dx + 3 * dy * dy is the squared distance in
 * units of 100 m, a whole number. */
enum {
    LATTICE_WIDTH = 312,
    LATTICE_HEIGHT = 212,
    LATTICE_SHIFT = 107,
    LATTICE_CELLS = LATTICE_WIDTH * LATTICE_HEIGHT,
    LATTICE_VERTICES = 2 * LATTICE_CELLS, /* the top and the bottom of every cell */
    SEA = -1,
};

static inline int tf_demo_cell_x(int cell) {
    return 2 * (cell % LATTICE_WIDTH - LATTICE_SHIFT) + cell / LATTICE_WIDTH;
}
static inline int tf_demo_cell_y(int cell) {
    return cell / LATTICE_WIDTH;
}
static inline int tf_demo_cell_distance_squared(int a, int b) {
    int dx = tf_demo_cell_x(a) - tf_demo_cell_x(b);
    int dy = tf_demo_cell_y(a) - tf_demo_cell_y(b);
    return dx * dx + 3 * dy * dy;
}

/* A place on Earth in millionths of a degree. */
typedef struct tf_demo_point {
    int32_t longitude;
    int32_t latitude;
} tf_demo_point;

tf_demo_point tf_demo_cell_middle(int cell);

/* The six neighbours of a cell that is not at the border of the array, counterclockwise from the
 * north-west: neighbour k lies across the edge from corner k to corner k + 1. */
extern const int tf_demo_neighbour[6];

/* How much of a town a cell is: 0 in the country, 100 in the middle of a town. */
int tf_demo_town_level(int cell);

/* Grow TF_DEMO_AREA_COUNT connected areas that share the land among them.  area_of_cell has
 * LATTICE_CELLS entries, an area or SEA; seeds are the areas' first cells. */
tf_status tf_demo_land_grow(int16_t *area_of_cell, int *seeds, tf_error *error);

/* ---- The outlines. */
typedef struct tf_demo_ring {
    tf_demo_point *points;
    size_t count;
    size_t capacity;
} tf_demo_ring;

/* Put the vertices of the lattice where the map shows them; vertices has LATTICE_VERTICES. */
tf_status tf_demo_outline_prepare(const int16_t *area_of_cell, tf_demo_point *vertices,
                                  tf_error *error);

/* The outline of all cells whose area has the group `group`, counterclockwise, its first point
 * not repeated at the end.  Neighbours share their vertices exactly.
 * Errors: TF_INTERNAL if the group is not in one piece or has a hole. */
tf_status tf_demo_outline_trace(const int16_t *area_of_cell, const tf_demo_point *vertices,
                                const int *group_of_area, int group, tf_demo_ring *ring,
                                tf_error *error);

/* ---- The county. */
enum {
    AUTHORITY_COUNT = 3,
    MAX_PLACES = 24,
    FIRST_POPULATION_YEAR = 2020,
    LAST_POPULATION_YEAR = 2023
};

typedef struct tf_demo_authority {
    const char *code;
    const char *partnership_code;
    const char *name;
} tf_demo_authority;

extern const tf_demo_authority tf_demo_authorities[AUTHORITY_COUNT];

/* A street point: crimes are shown at the nearest of these, never where they happened. */
typedef struct tf_demo_place {
    tf_demo_point point;
    const char *fields; /* longitude, latitude, location, area code and name, as CSV */
} tf_demo_place;

typedef struct tf_demo_area_record {
    char code[16];
    char label[32];
    int authority;
    int people;   /* mid-2020 */
    int growth;   /* people a year */
    int town;     /* 0 to 100 */
    int hardship; /* 0 to 100 */
    int place_count;
    tf_demo_place places[MAX_PLACES]; /* the busiest first */
} tf_demo_area_record;

typedef struct tf_demo_county {
    tf_arena *arena;
    int16_t *area_of_cell;
    tf_demo_point *vertices;
    tf_demo_area_record areas[TF_DEMO_AREA_COUNT];
} tf_demo_county;

/* Free with tf_demo_county_free; NULL when out of memory. */
tf_demo_county *tf_demo_county_new(tf_error *error);
void tf_demo_county_free(tf_demo_county *county); /* accepts NULL */
int tf_demo_people(const tf_demo_area_record *area, int year);

/* ---- What happens in it. */
typedef enum tf_demo_crime_type {
    ANTI_SOCIAL_BEHAVIOUR,
    BICYCLE_THEFT,
    BURGLARY,
    CRIMINAL_DAMAGE,
    DRUGS,
    OTHER_CRIME,
    OTHER_THEFT,
    POSSESSION_OF_WEAPONS,
    PUBLIC_ORDER,
    ROBBERY,
    SHOPLIFTING,
    THEFT_FROM_THE_PERSON,
    VEHICLE_CRIME,
    VIOLENCE,
    CRIME_TYPE_COUNT
} tf_demo_crime_type;

extern const char *const tf_demo_crime_type_names[CRIME_TYPE_COUNT];

/* What the planted facts make of the usual number of crimes, in percent. */
int tf_demo_planted_percent(int area, tf_demo_crime_type type, tf_month month);

/* A number from the Poisson distribution, the same on every machine; mean below 600. */
int tf_demo_poisson(tf_random *random, double mean);

static inline bool tf_demo_chance(tf_random *random, uint32_t per_thousand) {
    return tf_random_below(random, 1000) < per_thousand;
}

/* Outcomes wait here until their month is written. */
typedef struct tf_demo_outcomes {
    tf_random random;
    tf_buffer months[TF_DEMO_MONTH_COUNT];
} tf_demo_outcomes;

void tf_demo_outcomes_init(tf_demo_outcomes *outcomes);
void tf_demo_outcomes_deinit(tf_demo_outcomes *outcomes);

/* Decide what becomes of a crime and note its outcome rows.  `fields` are those of its place.
 * Returns the words that the street file has for it as of the last month. */
const char *tf_demo_outcomes_follow(tf_demo_outcomes *outcomes, const char *crime_id,
                                    tf_demo_crime_type type, tf_month month, const char *fields);

typedef struct tf_demo_crimes {
    const tf_demo_county *county;
    tf_random random;
    tf_demo_outcomes outcomes;
    int64_t weights[CRIME_TYPE_COUNT][TF_DEMO_AREA_COUNT];
    int64_t weight_sums[CRIME_TYPE_COUNT];
} tf_demo_crimes;

void tf_demo_crimes_init(tf_demo_crimes *crimes, const tf_demo_county *county);
void tf_demo_crimes_deinit(tf_demo_crimes *crimes);

/* Append the street file of `month`, months in order; NULL for a month that is not published. */
void tf_demo_crimes_month(tf_demo_crimes *crimes, tf_month month, tf_buffer *street);

typedef struct tf_demo_searches {
    const tf_demo_county *county;
    tf_random random;
} tf_demo_searches;

void tf_demo_searches_init(tf_demo_searches *searches, const tf_demo_county *county);

/* Append the stop-and-search file of `month`. */
void tf_demo_searches_month(tf_demo_searches *searches, tf_month month, tf_buffer *buffer);

/* ---- How it is written. */
void tf_demo_append_point(tf_buffer *buffer, tf_demo_point point, bool latitude_first);

enum { TF_DEMO_PATH_SIZE = 96 };

/* "police/2021-04/2021-04-larkenshire-<feed>.csv"; returns `path`. */
char *tf_demo_police_path(tf_month month, const char *feed, char path[TF_DEMO_PATH_SIZE]);

/* Make the folder if it is not there; refuse one that holds what is not ours. */
tf_status tf_demo_folder_claim(const char *directory, tf_error *error);

/* Make the folders below it. */
tf_status tf_demo_folder_furnish(const char *directory, tf_error *error);

/* Write the buffer to the file and empty it. */
tf_status tf_demo_file_write(const char *directory, const char *path, tf_buffer *buffer,
                             tf_error *error);

tf_status tf_demo_reference_write(const tf_demo_county *county, const char *directory,
                                  tf_error *error);

extern const char tf_demo_readme[];

#endif

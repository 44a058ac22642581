/* The county on the land: authorities, names, people, and the street points of every area. */
#include "demo/demo_internal.h"

#include "trefoil/table/csv.h"

#include <stdio.h>

const tf_demo_authority tf_demo_authorities[AUTHORITY_COUNT] = {
    {"X06000001", "X22000001", "Larkenport"},
    {"X06000002", "X22000002", "North Larken"},
    {"X06000003", "X22000003", "Issenvale"},
};

/* Where each authority has its middle, in the lattice's x and y: an area belongs to the nearest. */
static const int authority_middle[AUTHORITY_COUNT][2] = {{300, 124}, {200, 44}, {130, 148}};

static const char *const street_names[] = {
    "Alderfinch", "Amberlow",    "Anvil",       "Barrowlark",  "Bellwether",  "Brindle",
    "Candlewick", "Cinderford",  "Clovergate",  "Coppersmith", "Curlew",      "Dapplegrey",
    "Dewpond",    "Eelpie",      "Emberley",    "Fallowmead",  "Fennimore",   "Fiddler'S",
    "Foxtail",    "Gannet",      "Gorsebank",   "Halfmoon",    "Harrier",     "Hawksbill",
    "Heronsgate", "Honeysett",   "Issenbrook",  "Jackdaw",     "Kestrel",     "Kittiwake",
    "Lampwick",   "Larkspur",    "Lobsterpot",  "Marlstone",   "Merrivane",   "Millrace",
    "Nettlefold", "Oakapple",    "Osprey",      "Otterbourn",  "Pebblemarsh", "Pennywort",
    "Quillon",    "Ravelin",     "Ropewalk",    "Sandpiper",   "Saltcoat",    "Skerrow",
    "Starboard",  "Tansyfield",  "Thistledown", "Tidewater",   "Umberslade",  "Vellum",
    "Wagtail",    "Weathervane", "Whinchat",    "Winterbourn", "Woolgather",  "Yarrowby",
};
static const char *const street_kinds[] = {
    "Road", "Street", "Close", "Avenue", "Lane",     "Way",   "Drive", "Gardens",
    "Road", "Street", "Close", "Avenue", "Crescent", "Court", "Place", "Walk",
};
static const char *const town_venues[] = {
    "Shopping Area",
    "Supermarket",
    "Parking Area",
    "Nightclub",
    "Police Station",
    "Hospital",
    "Parking Area",
    "Bus/Coach Station",
    "Theatre/Concert Hall",
    "Shopping Area",
    "Conference/Exhibition Centre",
};
static const char *const local_venues[] = {
    "Supermarket",
    "Petrol Station",
    "Parking Area",
    "Sports/Recreation Area",
    "Park/Open Space",
    "Pedestrian Subway",
    "Further/Higher Educational Building",
};

enum { NAME_COUNT = sizeof street_names / sizeof street_names[0] };
enum { KIND_COUNT = sizeof street_kinds / sizeof street_kinds[0] };
enum { TOWN_VENUE_COUNT = sizeof town_venues / sizeof town_venues[0] };
enum { LOCAL_VENUE_COUNT = sizeof local_venues / sizeof local_venues[0] };

static int nearest_authority(int cell) {
    int nearest = 0;
    int least = INT32_MAX;
    for (int i = 0; i < AUTHORITY_COUNT; i++) {
        int dx = tf_demo_cell_x(cell) - authority_middle[i][0];
        int dy = tf_demo_cell_y(cell) - authority_middle[i][1];
        int distance_squared = dx * dx + 3 * dy * dy;
        if (distance_squared < least) {
            least = distance_squared;
            nearest = i;
        }
    }
    return nearest;
}

/* The next area without a name in the authority: the northernmost, or the nearest to `near`. */
static int next_unnamed(const int *seeds, const bool *is_named, int authority, int near) {
    int best = -1;
    int least = INT32_MAX;
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        if (is_named[i] || nearest_authority(seeds[i]) != authority) {
            continue;
        }
        int cost = near < 0 ? tf_demo_cell_y(seeds[i]) * 1000 + tf_demo_cell_x(seeds[i])
                            : tf_demo_cell_distance_squared(seeds[i], near);
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

/* Number and name the areas as the ONS does: neighbourhoods from north to south, and in each one
 * a letter for every area.  new_number[i] is the place of the land's area i in county->areas. */
static void name_areas(tf_demo_county *county, const int *seeds, int *new_number,
                       tf_random *random) {
    bool is_named[TF_DEMO_AREA_COUNT] = {false};
    int number = 0;
    for (int authority = 0; authority < AUTHORITY_COUNT; authority++) {
        int next = next_unnamed(seeds, is_named, authority, -1);
        for (int group = 1; next >= 0; group++) {
            int first = next;
            int size = 4 + (int)tf_random_below(random, 2);
            for (int letter = 0; letter < size && next >= 0; letter++) {
                tf_demo_area_record *area = &county->areas[number];
                snprintf(area->code, sizeof area->code, "X010%05d", number + 1);
                snprintf(area->label, sizeof area->label, "%s %03d%c",
                         tf_demo_authorities[authority].name, group, 'A' + letter);
                area->authority = authority;
                area->town = tf_demo_town_level(seeds[next]);
                is_named[next] = true;
                new_number[next] = number++;
                next = next_unnamed(seeds, is_named, authority, seeds[first]);
            }
            next = next_unnamed(seeds, is_named, authority, -1);
        }
    }
}

static void populate(tf_demo_county *county, tf_random *random) {
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        tf_demo_area_record *area = &county->areas[i];
        area->people = 1180 + (int)tf_random_below(random, 640);
        area->growth = (int)tf_random_below(random, 34) - 8;
        area->hardship = (int)tf_random_below(random, 61);
        area->hardship += (int)tf_random_below(random, 41);
        if (tf_demo_chance(random, 40)) {
            area->people += 700; /* a new estate that has outgrown its area */
            area->growth += 60;
        }
    }
}

int tf_demo_people(const tf_demo_area_record *area, int year) {
    return area->people + (year - FIRST_POPULATION_YEAR) * area->growth;
}

static const char *choose_location(const tf_demo_area_record *area, int place, tf_arena *arena,
                                   tf_random *random) {
    uint32_t town = (uint32_t)area->town;
    if (area->town >= 60 && place < 4) {
        return town_venues[place];
    }
    if (tf_demo_chance(random, town * 2)) {
        return town_venues[tf_random_below(random, TOWN_VENUE_COUNT)];
    }
    if (tf_demo_chance(random, place < 2 ? 350 : 60)) {
        return local_venues[tf_random_below(random, LOCAL_VENUE_COUNT)];
    }
    if (tf_demo_chance(random, 4)) {
        return "Quayside, The"; /* so that a reader meets a quoted field */
    }
    /* One draw a statement: the order in which arguments are evaluated is the compiler's. */
    const char *name = street_names[tf_random_below(random, NAME_COUNT)];
    const char *kind = street_kinds[tf_random_below(random, KIND_COUNT)];
    return tf_arena_format(arena, "%s %s", name, kind);
}

/* What both street and outcomes files say of a place, once and for all. */
static const char *place_fields(const tf_demo_area_record *area, tf_demo_point point,
                                const char *location, tf_arena *arena, tf_buffer *scratch) {
    const char *sentence = tf_arena_format(arena, "On or near %s", location);
    if (!sentence) {
        return NULL;
    }
    scratch->length = 0;
    tf_demo_append_point(scratch, point, false);
    tf_buffer_append_text(scratch, ",");
    tf_csv_append_field(scratch, tf_text_of(sentence));
    tf_buffer_format(scratch, ",%s,%s", area->code, area->label);
    return scratch->failed ? NULL : tf_arena_copy_text(arena, scratch->data, scratch->length);
}

/* Street points near the middles of the area's cells, several to a cell where cells are few. */
static tf_status lay_streets(tf_demo_county *county, tf_demo_area_record *area, const int *cells,
                             int cell_count, tf_random *random, tf_error *error) {
    tf_status status = TF_OK;
    tf_buffer scratch;
    tf_buffer_init(&scratch);
    uint32_t start = tf_random_below(random, (uint32_t)cell_count);
    area->place_count = 14 + area->town / 10;
    for (int i = 0; i < area->place_count; i++) {
        /* A stride that shares no divisor with a small count visits every cell. */
        int cell = cells[(start + (uint32_t)i * 7919U) % (uint32_t)cell_count];
        tf_demo_point point = tf_demo_cell_middle(cell);
        point.longitude += (int32_t)tf_random_below(random, 801) - 400;
        point.latitude += (int32_t)tf_random_below(random, 501) - 250;
        const char *location = choose_location(area, i, county->arena, random);
        const char *fields =
            location ? place_fields(area, point, location, county->arena, &scratch) : NULL;
        if (!fields) {
            status = tf_fail_no_memory(error);
            break;
        }
        area->places[i] = (tf_demo_place){point, fields};
    }
    tf_buffer_deinit(&scratch);
    return status;
}

static tf_status lay_all_streets(tf_demo_county *county, tf_random *random, tf_error *error) {
    int *cells = tf_arena_alloc(county->arena, LATTICE_CELLS, sizeof *cells);
    if (!cells) {
        return tf_fail_no_memory(error);
    }
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        int count = 0;
        for (int cell = 0; cell < LATTICE_CELLS; cell++) {
            if (county->area_of_cell[cell] == i) {
                cells[count++] = cell;
            }
        }
        tf_status status = lay_streets(county, &county->areas[i], cells, count, random, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static tf_status county_build(tf_demo_county *county, tf_error *error) {
    county->arena = tf_arena_new();
    county->area_of_cell = tf_alloc(LATTICE_CELLS, sizeof *county->area_of_cell);
    county->vertices = tf_alloc(LATTICE_VERTICES, sizeof *county->vertices);
    if (!county->arena || !county->area_of_cell || !county->vertices) {
        return tf_fail_no_memory(error);
    }
    int seeds[TF_DEMO_AREA_COUNT];
    tf_status status = tf_demo_land_grow(county->area_of_cell, seeds, error);
    if (!status) {
        status = tf_demo_outline_prepare(county->area_of_cell, county->vertices, error);
    }
    if (status) {
        return status;
    }
    tf_random random;
    tf_random_init(&random, TF_DEMO_SEED, STREAM_COUNTY);
    int new_number[TF_DEMO_AREA_COUNT];
    name_areas(county, seeds, new_number, &random);
    for (int cell = 0; cell < LATTICE_CELLS; cell++) {
        if (county->area_of_cell[cell] != SEA) {
            county->area_of_cell[cell] = (int16_t)new_number[county->area_of_cell[cell]];
        }
    }
    populate(county, &random);
    return lay_all_streets(county, &random, error);
}

tf_demo_county *tf_demo_county_new(tf_error *error) {
    tf_demo_county *county = tf_alloc_zeroed(1, sizeof *county);
    if (!county) {
        (void)tf_fail_no_memory(error);
        return NULL;
    }
    if (county_build(county, error)) {
        tf_demo_county_free(county);
        return NULL;
    }
    return county;
}

void tf_demo_county_free(tf_demo_county *county) {
    if (county) {
        tf_arena_free(county->arena);
        tf_free(county->area_of_cell);
        tf_free(county->vertices);
        tf_free(county);
    }
}

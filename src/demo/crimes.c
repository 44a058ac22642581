/* Crimes month by month: how many, of which type and where, and the street file that lists them. */
#include "demo/demo_internal.h"

#include <assert.h>
#include <stdio.h>

const char *const tf_demo_crime_type_names[CRIME_TYPE_COUNT] = {
    [ANTI_SOCIAL_BEHAVIOUR] = "Anti-social behaviour",
    [BICYCLE_THEFT] = "Bicycle theft",
    [BURGLARY] = "Burglary",
    [CRIMINAL_DAMAGE] = "Criminal damage and arson",
    [DRUGS] = "Drugs",
    [OTHER_CRIME] = "Other crime",
    [OTHER_THEFT] = "Other theft",
    [POSSESSION_OF_WEAPONS] = "Possession of weapons",
    [PUBLIC_ORDER] = "Public order",
    [ROBBERY] = "Robbery",
    [SHOPLIFTING] = "Shoplifting",
    [THEFT_FROM_THE_PERSON] = "Theft from the person",
    [VEHICLE_CRIME] = "Vehicle crime",
    [VIOLENCE] = "Violence and sexual offences",
};

typedef enum season { EVEN, LIGHT_EVENINGS, MILD_SUMMER, DARK_EVENINGS, CYCLING } season;

/* Percent of the usual number, January to December; each row has a mean of 100. */
static const uint8_t season_percent[][12] = {
    [EVEN] = {100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100},
    [LIGHT_EVENINGS] = {80, 82, 92, 102, 112, 118, 122, 120, 104, 96, 88, 84},
    [MILD_SUMMER] = {92, 90, 98, 100, 106, 108, 110, 106, 102, 100, 96, 92},
    [DARK_EVENINGS] = {112, 108, 104, 96, 92, 88, 88, 90, 96, 104, 112, 110},
    [CYCLING] = {70, 72, 84, 96, 112, 124, 132, 128, 122, 104, 86, 70},
};

/* Sizes and shares are of the order of Bedfordshire Police's files on data.police.uk, May 2021 to
 * April 2024 (Open Government Licence v3.0). */
static const struct {
    int monthly;              /* crimes in the county */
    int town;                 /* added in the middle of a town, as a multiple of the country's */
    int hardship;             /* added in the poorest area, likewise */
    int nowhere_per_thousand; /* recorded without a place */
    season season;
} types[CRIME_TYPE_COUNT] = {
    [ANTI_SOCIAL_BEHAVIOUR] = {830, 6, 2, 1, LIGHT_EVENINGS},
    [BICYCLE_THEFT] = {47, 12, 0, 38, CYCLING},
    [BURGLARY] = {185, 1, 2, 50, DARK_EVENINGS},
    [CRIMINAL_DAMAGE] = {320, 2, 2, 22, EVEN},
    [DRUGS] = {135, 7, 3, 20, EVEN},
    [OTHER_CRIME] = {80, 2, 1, 31, EVEN},
    [OTHER_THEFT] = {325, 7, 0, 45, EVEN},
    [POSSESSION_OF_WEAPONS] = {40, 7, 3, 18, EVEN},
    [PUBLIC_ORDER] = {360, 8, 2, 34, MILD_SUMMER},
    [ROBBERY] = {38, 8, 3, 44, EVEN},
    [SHOPLIFTING] = {265, 40, 0, 156, EVEN},
    [THEFT_FROM_THE_PERSON] = {36, 40, 0, 47, EVEN},
    [VEHICLE_CRIME] = {355, 1, 1, 32, DARK_EVENINGS},
    [VIOLENCE] = {1390, 5, 3, 32, MILD_SUMMER},
};

static const char street_header[] =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\r\n";

/* Crimes that the force recorded outside its county, as real files have some. */
static const char *const places_abroad[] = {
    "2.712034,53.591177,On or near Ferry Terminal,X01990001,Skerrin Isles 001A",
    "2.724410,53.602938,On or near Lighthouse Lane,X01990001,Skerrin Isles 001A",
    "1.801552,53.402781,On or near Motorway Service Area,X01990014,Western Levels 003B",
};
enum { PLACES_ABROAD = sizeof places_abroad / sizeof places_abroad[0] };

static const char no_location[] = ",,No Location,,";

/* 1 / (1 + x + x^2/2! + ...): exp(-x) from operations that every machine rounds alike. */
static double exponential_of_minus(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
        term = term * x / k;
        sum += term;
    }
    return 1 / sum;
}

/* By multiplying uniform numbers (Knuth, The Art of Computer Programming 2, 3.4.1). */
int tf_demo_poisson(tf_random *random, double mean) {
    assert(mean >= 0 && mean < 600);
    double limit = exponential_of_minus(mean);
    int count = 0;
    for (double product = tf_random_unit(random); product > limit; count++) {
        product *= tf_random_unit(random);
    }
    return count;
}

void tf_demo_crimes_init(tf_demo_crimes *crimes, const tf_demo_county *county) {
    crimes->county = county;
    tf_random_init(&crimes->random, TF_DEMO_SEED, STREAM_CRIMES);
    tf_demo_outcomes_init(&crimes->outcomes);
    for (int type = 0; type < CRIME_TYPE_COUNT; type++) {
        crimes->weight_sums[type] = 0;
        for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
            const tf_demo_area_record *area = &county->areas[i];
            int64_t weight =
                (int64_t)area->people * (10000 + types[type].town * area->town * area->town +
                                         types[type].hardship * area->hardship * 100);
            crimes->weights[type][i] = weight;
            crimes->weight_sums[type] += weight;
        }
    }
}

void tf_demo_crimes_deinit(tf_demo_crimes *crimes) {
    tf_demo_outcomes_deinit(&crimes->outcomes);
}

static void record_crime(tf_demo_crimes *crimes, tf_demo_crime_type type, tf_month month,
                         const char *fields, tf_buffer *street) {
    char id[65] = "";
    const char *last_outcome = "";
    if (type != ANTI_SOCIAL_BEHAVIOUR) {
        for (int i = 0; i < 8; i++) {
            snprintf(id + (size_t)i * 8, 9, "%08x", (unsigned)tf_random_next(&crimes->random));
        }
        last_outcome = tf_demo_outcomes_follow(&crimes->outcomes, id, type, month, fields);
    }
    bool is_withdrawn = *id && tf_demo_chance(&crimes->random, 2);
    if (!street || is_withdrawn) {
        return;
    }
    char text[TF_MONTH_TEXT_SIZE];
    tf_month_format(month, text);
    int copies = *id && tf_demo_chance(&crimes->random, 1) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
        tf_buffer_format(street, "%s,%s," TF_DEMO_FORCE "," TF_DEMO_FORCE ",%s,%s,%s,\r\n", id,
                         text, fields ? fields : no_location, tf_demo_crime_type_names[type],
                         last_outcome);
    }
}

/* One of the area's street points, the first ones more often. */
static const char *choose_place(const tf_demo_area_record *area, tf_random *random) {
    uint32_t a = tf_random_below(random, (uint32_t)area->place_count);
    uint32_t b = tf_random_below(random, (uint32_t)area->place_count);
    return area->places[a < b ? a : b].fields;
}

static double expected_crimes(const tf_demo_crimes *crimes, int area, tf_demo_crime_type type,
                              tf_month month) {
    double usual = (double)crimes->weights[type][area] * types[type].monthly /
                   (double)crimes->weight_sums[type];
    return usual * season_percent[types[type].season][month % 12] *
           tf_demo_planted_percent(area, type, month) / 10000;
}

/* The publisher orders a file by area and type, with the crimes of no place at its end. */
void tf_demo_crimes_month(tf_demo_crimes *crimes, tf_month month, tf_buffer *street) {
    tf_random *random = &crimes->random;
    int nowhere[CRIME_TYPE_COUNT] = {0};
    if (street) {
        tf_buffer_append_text(street, street_header);
    }
    for (int area = 0; area < TF_DEMO_AREA_COUNT; area++) {
        for (int type = 0; type < CRIME_TYPE_COUNT; type++) {
            int count = tf_demo_poisson(random, expected_crimes(crimes, area, type, month));
            for (int i = 0; i < count; i++) {
                if (tf_demo_chance(random, (uint32_t)types[type].nowhere_per_thousand)) {
                    nowhere[type]++;
                } else {
                    record_crime(crimes, type, month,
                                 choose_place(&crimes->county->areas[area], random), street);
                }
            }
        }
    }
    int abroad = tf_demo_poisson(random, 6);
    for (int i = 0; i < abroad; i++) {
        record_crime(crimes, VIOLENCE, month, places_abroad[tf_random_below(random, PLACES_ABROAD)],
                     street);
    }
    for (int type = 0; type < CRIME_TYPE_COUNT; type++) {
        for (int i = 0; i < nowhere[type]; i++) {
            record_crime(crimes, type, month, NULL, street);
        }
    }
}

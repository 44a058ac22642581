/* What is planted in the demonstration county, for analyses and tests to find again.
 *
 * Percentages say what the crimes of a type in an area are, of what they would be without the
 * fact; everything else is chance around an unchanging rate with seasons. */
#ifndef TREFOIL_DEMO_FACTS_H
#define TREFOIL_DEMO_FACTS_H

#include "trefoil/base/date.h"

#define TF_DEMO_MONTH(year, month) ((year)*12 + (month)-1) /* a tf_month, as a constant */

#define TF_DEMO_COUNTY          "Larkenshire"
#define TF_DEMO_FORCE           "Larkenshire Police"
#define TF_DEMO_FORCE_SLUG      "larkenshire"
#define TF_DEMO_FORCE_AREA_CODE "X23000001"

enum {
    TF_DEMO_AREA_COUNT = 240,
    TF_DEMO_FIRST_MONTH = TF_DEMO_MONTH(2021, 4),
    TF_DEMO_LAST_MONTH = TF_DEMO_MONTH(2024, 3),
    TF_DEMO_MONTH_COUNT = TF_DEMO_LAST_MONTH - TF_DEMO_FIRST_MONTH + 1,
};

typedef struct tf_demo_area {
    const char *code;
    const char *label;
} tf_demo_area;

/* A growing market: in these neighbouring areas "Drugs" rises in equal steps, month by month, from
 * the start month to the last month of the data: from about 4 a month in all of them to 25. */
enum {
    TF_DEMO_GROWING_START = TF_DEMO_MONTH(2023, 4),
    TF_DEMO_GROWING_END_PERCENT = 600,
};
static const tf_demo_area tf_demo_growing_areas[6] = {
    {"X01000060", "Larkenport 014B"}, {"X01000061", "Larkenport 014C"},
    {"X01000062", "Larkenport 014D"}, {"X01000067", "Larkenport 016A"},
    {"X01000068", "Larkenport 016B"}, {"X01000075", "Larkenport 018A"},
};

/* A closed line: in these neighbouring areas "Drugs", and with it some "Possession of weapons" and
 * "Violence and sexual offences", is high until the closure and low from that month on: for
 * "Drugs" from about 20 a month in all of them to 3. */
enum {
    TF_DEMO_CLOSED_MONTH = TF_DEMO_MONTH(2022, 11),
    TF_DEMO_CLOSED_DRUGS_BEFORE_PERCENT = 500,
    TF_DEMO_CLOSED_DRUGS_AFTER_PERCENT = 50,
    TF_DEMO_CLOSED_WEAPONS_BEFORE_PERCENT = 400,
    TF_DEMO_CLOSED_WEAPONS_AFTER_PERCENT = 80,
    TF_DEMO_CLOSED_VIOLENCE_BEFORE_PERCENT = 140,
    TF_DEMO_CLOSED_VIOLENCE_AFTER_PERCENT = 100,
};
static const tf_demo_area tf_demo_closed_areas[5] = {
    {"X01000121", "North Larken 007D"}, {"X01000131", "North Larken 010B"},
    {"X01000133", "North Larken 010D"}, {"X01000134", "North Larken 010E"},
    {"X01000142", "North Larken 012D"},
};

/* A displaced hot spot: "Robbery" is high in the first cluster until the month of the move, and
 * from then on in the second, which lies beside it: about 10 a month in the one, 1 in the other. */
enum {
    TF_DEMO_DISPLACED_MONTH = TF_DEMO_MONTH(2023, 2),
    TF_DEMO_DISPLACED_PERCENT = 1000,
};
static const tf_demo_area tf_demo_displaced_from[4] = {
    {"X01000035", "Larkenport 008C"},
    {"X01000036", "Larkenport 008D"},
    {"X01000037", "Larkenport 009A"},
    {"X01000039", "Larkenport 009C"},
};
static const tf_demo_area tf_demo_displaced_to[4] = {
    {"X01000038", "Larkenport 009B"},
    {"X01000040", "Larkenport 009D"},
    {"X01000041", "Larkenport 009E"},
    {"X01000050", "Larkenport 012A"},
};

/* A seasonal wave: "Shoplifting" everywhere in November and December of each year: about 460 a
 * month where other months have 265. */
enum {
    TF_DEMO_WAVE_FIRST_MONTH_OF_YEAR = 11,
    TF_DEMO_WAVE_LAST_MONTH_OF_YEAR = 12,
    TF_DEMO_WAVE_PERCENT = 170,
};

#endif

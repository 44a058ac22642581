/* Stops and searches: when, where, of whom, for what, and what came of it. */
#include "demo/demo_internal.h"

#include <assert.h>
#include <stdlib.h>

enum { SEARCHES_A_MONTH = 320, MOST_SEARCHES = 1000 };

/* A choice of words with their shares per thousand; the last one listed takes what is left.  The
 * shares here are of the order of Bedfordshire Police's files on data.police.uk, May 2021 to April
 * 2024 (Open Government Licence v3.0). */
typedef struct choice {
    int per_thousand;
    const char *words;
} choice;

static const choice kinds[] = {
    {775, "Person search"}, {182, "Person and Vehicle search"}, {43, "Vehicle search"}};
static const choice genders[] = {{850, "Male"}, {105, "Female"}, {45, ""}};
static const choice ages[] = {
    {266, "over 34"}, {266, "18-24"}, {208, "25-34"}, {141, "10-17"}, {119, ""}};

/* Object and power together, and ethnicity as the person and as the officer gave it. */
static const choice powers[] = {
    {716, "Misuse of Drugs Act 1971 (section 23),Controlled drugs"},
    {136, "Police and Criminal Evidence Act 1984 (section 1),Offensive weapons"},
    {107, "Police and Criminal Evidence Act 1984 (section 1),Article for use in theft"},
    {25, "Police and Criminal Evidence Act 1984 (section 1),Stolen goods"},
    {7, "Police and Criminal Evidence Act 1984 (section 1),Articles for use in criminal damage"},
    {6, "Firearms Act 1968 (section 47),Firearms"},
    {3, "Psychoactive Substances Act 2016 (s36(2)),Psychoactive substances"},
};
static const choice ethnicities[] = {
    {380, "White - English/Welsh/Scottish/Northern Irish/British,White"},
    {90, "White - Any other White background,White"},
    {10, "White - Irish,White"},
    {95, "Other ethnic group - Not stated,White"},
    {35, "Other ethnic group - Not stated,Asian"},
    {30, "Other ethnic group - Not stated,Black"},
    {80, "Asian/Asian British - Any other Asian background,Asian"},
    {57, "Asian/Asian British - Pakistani,Asian"},
    {16, "Asian/Asian British - Bangladeshi,Asian"},
    {72, "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background,"
         "Black"},
    {24, "Black/African/Caribbean/Black British - African,Black"},
    {21, "Black/African/Caribbean/Black British - Caribbean,Black"},
    {20, "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background,Black"},
    {11, "Mixed/Multiple ethnic groups - White and Black Caribbean,Black"},
    {10, "Other ethnic group - Any other ethnic group,Other"},
    {49, ","},
};

/* With whether it concerned what was looked for. */
static const choice results[] = {
    {701, "A no further action disposal,"},
    {54, "A no further action disposal,False"},
    {100, "Community resolution,True"},
    {15, "Community resolution,False"},
    {74, "Arrest,True"},
    {15, "Arrest,False"},
    {28, "Summons / charged by post,True"},
    {5, "Summons / charged by post,False"},
    {5, "Khat or Cannabis warning,True"},
    {3, "Caution (simple or conditional),True"},
};

/* Searches per thousand in each hour of the local day. */
static const uint8_t hours_per_thousand[24] = {45, 36, 26, 20, 14, 9,  8,  7,  13, 25, 37, 46,
                                               50, 55, 74, 70, 64, 56, 57, 63, 63, 66, 58, 38};

static const char header[] =
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age "
    "range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing\r\n";

static const char *choose(tf_random *random, const choice *choices, size_t count) {
    int left = (int)tf_random_below(random, 1000);
    size_t i = 0;
    while (i + 1 < count && left >= choices[i].per_thousand) {
        left -= choices[i++].per_thousand;
    }
    return choices[i].words;
}
#define CHOOSE(random, choices) choose((random), (choices), sizeof(choices) / sizeof(choices)[0])

/* The last Sunday of a month; 1970-01-01, day 0, was a Thursday. */
static int32_t last_sunday(tf_month month) {
    int32_t last = tf_month_first_day(month + 1) - 1;
    return last - (last + 4) % 7;
}

/* Whether a day has British Summer Time; searches of the small hours of the days on which the
 * clocks change may be an hour off, as real ones are. */
static bool is_summer_time(int32_t day) {
    int year = tf_month_year(tf_month_of_days(day));
    return day >= last_sunday(tf_month_of(year, 3)) && day < last_sunday(tf_month_of(year, 10));
}

/* Seconds since 1970 in UTC of a search in a month of local time: so the first hour of a summer
 * month counts as the evening before. */
static int64_t choose_time(tf_random *random, tf_month month) {
    int32_t first = tf_month_first_day(month);
    int32_t day_count = tf_month_first_day(month + 1) - first;
    int32_t day = first + (int32_t)tf_random_below(random, (uint32_t)day_count);
    int hour = 0;
    int left = (int)tf_random_below(random, 1000);
    while (hour < 23 && left >= hours_per_thousand[hour]) {
        left -= hours_per_thousand[hour++];
    }
    bool is_rounded = tf_demo_chance(random, 880); /* people write down full minutes */
    int second = (int)tf_random_below(random, 3600);
    second -= is_rounded ? second % (tf_demo_chance(random, 600) ? 300 : 60) : 0;
    return (int64_t)day * 86400 + (int64_t)hour * 3600 + second - (is_summer_time(day) ? 3600 : 0);
}

static int compare_times(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Where drugs are sold, drugs are searched for. */
static int64_t search_weight(const tf_demo_county *county, int area, tf_month month) {
    const tf_demo_area_record *record = &county->areas[area];
    return (int64_t)record->people * (1000 + record->town * record->town) *
           tf_demo_planted_percent(area, DRUGS, month) / 1000;
}

static const tf_demo_place *choose_place(tf_random *random, const tf_demo_county *county,
                                         const int64_t *weights, int64_t sum) {
    int64_t left = (int64_t)tf_random_below(random, (uint32_t)sum);
    int area = 0;
    while (left >= weights[area]) {
        left -= weights[area++];
    }
    const tf_demo_area_record *record = &county->areas[area];
    return &record->places[tf_random_below(random, (uint32_t)record->place_count)];
}

static void append_search(tf_random *random, int64_t seconds, const tf_demo_place *place,
                          tf_buffer *buffer) {
    size_t start = buffer->length;
    char time[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(seconds * 1000000, time);
    const char *kind = CHOOSE(random, kinds);
    bool is_operation = tf_demo_chance(random, 122);
    tf_buffer_format(buffer, "%s,%.19s+00:00,%s,,", kind, time, is_operation ? "True" : "False");
    if (place) {
        tf_demo_append_point(buffer, place->point, true);
    } else {
        tf_buffer_append_text(buffer, ",");
    }
    const char *gender = CHOOSE(random, genders);
    const char *age = CHOOSE(random, ages);
    const char *ethnicity = CHOOSE(random, ethnicities);
    const char *power = CHOOSE(random, powers);
    const char *result = CHOOSE(random, results);
    tf_buffer_format(buffer, ",%s,%s,%s,%s,%s,%s\r\n", gender, age, ethnicity, power, result,
                     tf_demo_chance(random, 36) ? "True" : "False");
    bool is_entered_twice = tf_demo_chance(random, 5);
    if (is_entered_twice && !buffer->failed) {
        tf_buffer_format(buffer, "%.*s", (int)(buffer->length - start), buffer->data + start);
    }
}

void tf_demo_searches_init(tf_demo_searches *searches, const tf_demo_county *county) {
    searches->county = county;
    tf_random_init(&searches->random, TF_DEMO_SEED, STREAM_SEARCHES);
}

void tf_demo_searches_month(tf_demo_searches *searches, tf_month month, tf_buffer *buffer) {
    tf_random *random = &searches->random;
    int64_t weights[TF_DEMO_AREA_COUNT];
    int64_t sum = 0;
    for (int i = 0; i < TF_DEMO_AREA_COUNT; i++) {
        weights[i] = search_weight(searches->county, i, month);
        sum += weights[i];
    }
    assert(sum < UINT32_MAX);
    int64_t times[MOST_SEARCHES];
    int count = tf_demo_poisson(random, SEARCHES_A_MONTH);
    count = count < MOST_SEARCHES ? count : MOST_SEARCHES;
    for (int i = 0; i < count; i++) {
        times[i] = choose_time(random, month);
    }
    qsort(times, (size_t)count, sizeof *times, compare_times);
    tf_buffer_append_text(buffer, header);
    for (int i = 0; i < count; i++) {
        bool is_nowhere = tf_demo_chance(random, 190);
        append_search(random, times[i],
                      is_nowhere ? NULL : choose_place(random, searches->county, weights, sum),
                      buffer);
    }
}

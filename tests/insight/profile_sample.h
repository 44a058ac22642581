/* A profile made by hand, with something of everything, for the tests of what shows profiles. */
#ifndef TREFOIL_TESTS_INSIGHT_PROFILE_SAMPLE_H
#define TREFOIL_TESTS_INSIGHT_PROFILE_SAMPLE_H

#include "insight/profile.h"

#include <math.h>

enum { SAMPLE_MONTHS = 12, SAMPLE_AREAS = 13 };

/* Storage of one sample; the profile in it points into it. */
typedef struct profile_sample {
    tf_profile profile;
    tf_profile_month months[SAMPLE_MONTHS];
    tf_profile_alert alerts[4];
    tf_profile_area areas[SAMPLE_AREAS];
    tf_profile_share outcomes[3];
    tf_profile_share groups[3];
    tf_profile_share search_outcomes[2];
    tf_profile_source sources[3];
    const char *notes[1];
} profile_sample;

static inline tf_profile_figure sample_figure(double value, double lower, double upper) {
    return (tf_profile_figure){.is_known = true, .interval = {value, lower, upper}};
}

static inline tf_profile_figure sample_unknown(const char *note) {
    return (tf_profile_figure){.interval = {NAN, NAN, NAN}, .note = note};
}

static inline void sample_months(profile_sample *sample) {
    static const int counts[SAMPLE_MONTHS] = {120, 131, 128, 140, 133, 201,
                                              150, 147, 139, 0,   152, 166};
    for (int i = 0; i < SAMPLE_MONTHS; i++) {
        sample->months[i] = (tf_profile_month){.month = tf_month_of(2023, 5) + i,
                                               .count = counts[i],
                                               .centre = 146.1,
                                               .lower = 101.25,
                                               .upper = 190.95};
    }
    sample->months[5].signal = TF_SIGNAL_ABOVE_LIMIT;
    sample->months[9].is_missing = true;
    sample->months[10].signal = TF_SIGNAL_NEAR_UPPER;
    sample->months[11].signal = TF_SIGNAL_NEAR_UPPER;
    const tf_month april = tf_month_of(2024, 4);
    sample->alerts[0] = (tf_profile_alert){april - 6, "EARS C1", 201, 160.5};
    sample->alerts[1] = (tf_profile_alert){april, "EARS C1", 166, 161.25};
    sample->alerts[2] = (tf_profile_alert){april, "EARS C2", 166, 158.5};
    sample->alerts[3] = (tf_profile_alert){april, "EARS C3", 166, NAN};
}

static inline void sample_areas(profile_sample *sample) {
    static const char *const names[SAMPLE_AREAS] = {
        "Luton 003B",           "Luton 012C", "Bedford 009A",
        "Ynys M\xC3\xB4n 001A", "Luton 004A", "Central Bedfordshire Without Parishes 017D",
        "Luton 001A",           "Luton 001B", "Luton 001C",
        "Luton 001D",           "Luton 001E", "Evil \x1b[31m name",
        "Quote \"Q\", 1"};
    static const char *const codes[SAMPLE_AREAS] = {
        "E01000001", "E01000002", "E01000003", "W01000004", "E01000005", "E01000006", "E01000007",
        "E01000008", "E01000009", "E01000010", "E01000011", "E01000012", "E01000013"};
    for (int i = 0; i < SAMPLE_AREAS; i++) {
        sample->areas[i] = (tf_profile_area){
            .code = codes[i],
            .name = names[i],
            .count = 240 / (i + 1),
            .recent_count = 240 / (i + 1),
            .previous_count = 100 / (i + 1),
            .gi_star_z = 3.5 - i,
            .p = 0.0002,
            .q = 0.01,
            .change = sample_figure(1.1, 0.8, 1.4),
            .change_p = 0.4,
        };
    }
    sample->areas[0].is_hot = true;
    sample->areas[1].is_hot = true;
    sample->areas[11].is_hot = true;
    sample->areas[2].is_changed = true;
    sample->areas[2].change_p = 0.001;
    sample->areas[2].change = sample_figure(1.85, 1.24, 2.78);
    sample->areas[3].is_changed = true;
    sample->areas[3].change_p = 0.0001;
    sample->areas[3].change = sample_figure(INFINITY, 4.2, INFINITY);
    sample->areas[12].change = sample_unknown("there were none in either year");
    sample->areas[12].change_p = NAN;
}

static inline void sample_make(profile_sample *sample) {
    *sample = (profile_sample){
        .outcomes = {{"Charged/Suspect charged", 600},
                     {"Caution", 500},
                     {"Under investigation", 400}},
        .groups = {{"Charged or summonsed", 600}, {"Out of court", 500}, {"Not yet known", 400}},
        .search_outcomes = {{"No further action", 700}, {"Arrest", 300}},
        .sources = {{"street", "2023-05-bedfordshire-street.csv", "aa11", 5000},
                    {"outcomes", "2023-05-bedfordshire-outcomes.csv", "bb22", 4000},
                    {"stop-and-search", "2023-05-bedfordshire-stop-and-search.csv", "cc33", 1200}},
        .notes = {"The small areas are those of 2021; 12 rows name areas of 2011."},
    };
    sample_months(sample);
    sample_areas(sample);
    sample->profile = (tf_profile){
        .area_code = "bedfordshire",
        .area_name = "Bedfordshire",
        .layer = "force",
        .from = tf_month_of(2023, 5),
        .to = tf_month_of(2024, 4),
        .group = "drugs",
        .group_title = "Drugs",
        .count = 1607,
        .rate_per_1000 = sample_figure(2.28, 2.17, 2.39),
        .population = 704736,
        .population_year = 2022,
        .change = {.from = tf_month_of(2023, 5),
                   .to = tf_month_of(2024, 4),
                   .count = 1607,
                   .previous_count = 1435,
                   .rate_ratio = sample_figure(1.12, 1.043, 1.206)},
        .months = sample->months,
        .month_count = SAMPLE_MONTHS,
        .alerts = sample->alerts,
        .alert_count = 4,
        .areas = sample->areas,
        .area_count = SAMPLE_AREAS,
        .no_location_count = 12,
        .no_location_share = 12.0 / 1607,
        .outcomes = {.case_count = 1607,
                     .without_id = 7,
                     .without_outcome = 100,
                     .joined = 1450,
                     .from_street_file = 50,
                     .several_outcomes = 30,
                     .outcomes = sample->outcomes,
                     .outcome_count = 3,
                     .groups = sample->groups,
                     .group_count = 3},
        .searches = {.is_known = true,
                     .count = 1200,
                     .for_drugs = 1000,
                     .without_location = 40,
                     .outcomes = sample->search_outcomes,
                     .outcome_count = 2,
                     .found_rate = sample_figure(0.3, 0.272, 0.329)},
        .harm_index = "Cambridge Crime Harm Index",
        .harm_total = 8035,
        .harm_unweighted = 4,
        .sources = sample->sources,
        .source_count = 3,
        .notes = sample->notes,
        .note_count = 1,
    };
}

/* Of the same area, with nothing known that can be unknown, and nothing recorded. */
static inline void sample_make_empty(profile_sample *sample) {
    *sample = (profile_sample){0};
    sample->months[0] = (tf_profile_month){
        .month = tf_month_of(2024, 4), .centre = NAN, .lower = NAN, .upper = NAN};
    sample->areas[0] = (tf_profile_area){.code = "E01000001",
                                         .name = "Luton 003B",
                                         .gi_star_z = NAN,
                                         .p = NAN,
                                         .q = NAN,
                                         .change = sample_unknown("no months of the year before"),
                                         .change_p = NAN};
    sample->areas[1] = sample->areas[0];
    sample->areas[1].code = sample->areas[1].name = "E01000002";
    sample->profile = (tf_profile){
        .area_code = "E06000032",
        .area_name = "Luton",
        .layer = "local authority",
        .from = tf_month_of(2024, 4),
        .to = tf_month_of(2024, 4),
        .group = "weapons",
        .group_title = "Weapons",
        .rate_per_1000 = sample_unknown("no population for Luton: run trefoil import population"),
        .population = NAN,
        .change = {.from = tf_month_of(2024, 4),
                   .to = tf_month_of(2024, 4),
                   .rate_ratio =
                       sample_unknown("The change is not known: no file was imported of 2023-04.")},
        .months = sample->months,
        .month_count = 1,
        .areas = sample->areas,
        .area_count = 2,
        .areas_note = "Hot spots need boundaries; trefoil import areas brings them.",
        .no_location_share = NAN,
        .searches = {.note = "No stop-and-search file of these months was imported."},
        .harm_index = "Cambridge Crime Harm Index",
    };
}

#endif

/* What becomes of a crime, when, and how the two files word it. */
#include "demo/demo_internal.h"

typedef enum crime_fate {
    NO_SUSPECT,
    UNABLE,
    CHARGED,
    LOCAL,
    OTHER_BODY,
    CAUTION,
    FORMAL_NOT_IN_INTEREST,
    FURTHER_NOT_IN_INTEREST,
    INVESTIGATION_NOT_IN_INTEREST,
    CHARGED_ELSEWHERE,
    NO_NEWS,
    FATE_COUNT
} crime_fate;

/* The words of the outcomes file; a charge has others in the street file. */
static const char *const fate_words[FATE_COUNT] = {
    [NO_SUSPECT] = "Investigation complete; no suspect identified",
    [UNABLE] = "Unable to prosecute suspect",
    [CHARGED] = "Suspect charged",
    [LOCAL] = "Local resolution",
    [OTHER_BODY] = "Action to be taken by another organisation",
    [CAUTION] = "Offender given a caution",
    [FORMAL_NOT_IN_INTEREST] = "Formal action is not in the public interest",
    [FURTHER_NOT_IN_INTEREST] = "Further action is not in the public interest",
    [INVESTIGATION_NOT_IN_INTEREST] = "Further investigation is not in the public interest",
    [CHARGED_ELSEWHERE] = "Suspect charged as part of another case",
    [NO_NEWS] = "Status update unavailable",
};

/* Per thousand, after Bedfordshire Police's files on data.police.uk, May 2021 to April 2024 (Open
 * Government Licence v3.0), leaving out those under investigation; NO_NEWS takes the rest. */
static const uint16_t fate_per_thousand[CRIME_TYPE_COUNT][NO_NEWS] = {
    [BICYCLE_THEFT] = {897, 85, 7, 2, 1, 0, 0, 1, 0, 1},
    [BURGLARY] = {785, 126, 62, 1, 1, 1, 1, 0, 0, 12},
    [CRIMINAL_DAMAGE] = {591, 320, 40, 20, 6, 9, 5, 2, 0, 0},
    [DRUGS] = {34, 139, 263, 372, 8, 38, 57, 9, 1, 0},
    [OTHER_CRIME] = {153, 435, 120, 12, 85, 8, 27, 12, 94, 0},
    [OTHER_THEFT] = {763, 204, 9, 8, 1, 2, 2, 0, 0, 0},
    [POSSESSION_OF_WEAPONS] = {52, 324, 320, 22, 31, 39, 147, 8, 0, 0},
    [PUBLIC_ORDER] = {320, 566, 56, 17, 9, 6, 13, 1, 0, 0},
    [ROBBERY] = {389, 512, 73, 0, 6, 1, 0, 2, 0, 0},
    [SHOPLIFTING] = {693, 159, 96, 35, 1, 3, 4, 0, 0, 2},
    [THEFT_FROM_THE_PERSON] = {727, 243, 11, 6, 2, 0, 0, 0, 0, 0},
    [VEHICLE_CRIME] = {878, 94, 19, 1, 0, 2, 1, 0, 0, 1},
    [VIOLENCE] = {141, 697, 61, 16, 44, 7, 4, 7, 0, 0},
};

/* Per thousand outcomes, how many come in the month of the crime, the next, and so on. */
static const uint16_t lag_per_thousand[] = {622, 235, 57, 28, 15, 11, 9, 6, 4, 3, 3, 2, 2, 1, 1, 1};
enum { LAG_COUNT = sizeof lag_per_thousand / sizeof lag_per_thousand[0] };

enum { COURT_MONTHS = 9 }; /* after which the result of a charge counts as unavailable */

static const char outcomes_header[] =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Outcome type\r\n";

void tf_demo_outcomes_init(tf_demo_outcomes *outcomes) {
    tf_random_init(&outcomes->random, TF_DEMO_SEED, STREAM_OUTCOMES);
    for (int i = 0; i < TF_DEMO_MONTH_COUNT; i++) {
        tf_buffer_init(&outcomes->months[i]);
        tf_buffer_append_text(&outcomes->months[i], outcomes_header);
    }
}

void tf_demo_outcomes_deinit(tf_demo_outcomes *outcomes) {
    for (int i = 0; i < TF_DEMO_MONTH_COUNT; i++) {
        tf_buffer_deinit(&outcomes->months[i]);
    }
}

/* The index into a list of shares per thousand; what they leave over falls to `count`. */
static int draw(tf_random *random, const uint16_t *per_thousand, int count) {
    uint32_t left = tf_random_below(random, 1000);
    for (int i = 0; i < count; i++) {
        if (left < per_thousand[i]) {
            return i;
        }
        left -= per_thousand[i];
    }
    return count;
}

static void add_row(tf_demo_outcomes *outcomes, const char *crime_id, tf_month month,
                    const char *fields, crime_fate fate) {
    if (month < TF_DEMO_FIRST_MONTH || month > TF_DEMO_LAST_MONTH) {
        return;
    }
    char text[TF_MONTH_TEXT_SIZE];
    tf_buffer_format(&outcomes->months[month - TF_DEMO_FIRST_MONTH],
                     "%s,%s," TF_DEMO_FORCE "," TF_DEMO_FORCE ",%s,%s\r\n", crime_id,
                     tf_month_format(month, text), fields ? fields : ",,No location,,",
                     fate_words[fate]);
}

/* Some crimes have several suspects, or are reopened: rows that come before the last one. */
static void add_earlier_rows(tf_demo_outcomes *outcomes, const char *crime_id, tf_month first,
                             tf_month last, const char *fields) {
    tf_random *random = &outcomes->random;
    if (!tf_demo_chance(random, 20)) {
        return;
    }
    uint32_t count = tf_demo_chance(random, 10) ? 4 + tf_random_below(random, 10) : 1;
    for (uint32_t i = 0; i < count; i++) {
        tf_month month = first + (tf_month)tf_random_below(random, (uint32_t)(last - first) + 1);
        add_row(outcomes, crime_id, month, fields,
                tf_demo_chance(random, 500) ? UNABLE : NO_SUSPECT);
    }
}

const char *tf_demo_outcomes_follow(tf_demo_outcomes *outcomes, const char *crime_id,
                                    tf_demo_crime_type type, tf_month month, const char *fields) {
    tf_random *random = &outcomes->random;
    crime_fate fate = (crime_fate)draw(random, fate_per_thousand[type], NO_NEWS);
    int lag = draw(random, lag_per_thousand, LAG_COUNT);
    if (lag == LAG_COUNT) {
        lag += (int)tf_random_below(random, 12);
    }
    if (fate == NO_NEWS) {
        return fate_words[NO_NEWS];
    }
    tf_month decided = month + lag;
    if (decided > TF_DEMO_LAST_MONTH) {
        return "Under investigation";
    }
    add_earlier_rows(outcomes, crime_id, month, decided, fields);
    add_row(outcomes, crime_id, decided, fields, fate);
    if (fate == CHARGED) {
        return TF_DEMO_LAST_MONTH - decided < COURT_MONTHS ? "Awaiting court outcome"
                                                           : "Court result unavailable";
    }
    return fate_words[fate];
}

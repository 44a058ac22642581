/* The planted facts as multipliers of the usual number of crimes. */
#include "demo/demo_internal.h"

#include <stdlib.h>

/* The areas' codes count up from one, in the order of the county's areas. */
static bool contains(const tf_demo_area *areas, size_t count, int area) {
    for (size_t i = 0; i < count; i++) {
        if (strtol(areas[i].code + 4, NULL, 10) - 1 == area) {
            return true;
        }
    }
    return false;
}
#define CONTAINS(areas, area) contains((areas), sizeof(areas) / sizeof(areas)[0], (area))

static int growing_percent(tf_month month) {
    if (month < TF_DEMO_GROWING_START) {
        return 100;
    }
    int steps = TF_DEMO_LAST_MONTH - TF_DEMO_GROWING_START + 1;
    int step = month - TF_DEMO_GROWING_START + 1;
    return 100 + (TF_DEMO_GROWING_END_PERCENT - 100) * step / steps;
}

static int closed_percent(tf_demo_crime_type type, bool is_closed) {
    switch (type) {
    case DRUGS:
        return is_closed ? TF_DEMO_CLOSED_DRUGS_AFTER_PERCENT : TF_DEMO_CLOSED_DRUGS_BEFORE_PERCENT;
    case POSSESSION_OF_WEAPONS:
        return is_closed ? TF_DEMO_CLOSED_WEAPONS_AFTER_PERCENT
                         : TF_DEMO_CLOSED_WEAPONS_BEFORE_PERCENT;
    case VIOLENCE:
        return is_closed ? TF_DEMO_CLOSED_VIOLENCE_AFTER_PERCENT
                         : TF_DEMO_CLOSED_VIOLENCE_BEFORE_PERCENT;
    default:
        return 100;
    }
}

int tf_demo_planted_percent(int area, tf_demo_crime_type type, tf_month month) {
    if (type == SHOPLIFTING) {
        int number = tf_month_number(month);
        bool is_wave =
            number >= TF_DEMO_WAVE_FIRST_MONTH_OF_YEAR && number <= TF_DEMO_WAVE_LAST_MONTH_OF_YEAR;
        return is_wave ? TF_DEMO_WAVE_PERCENT : 100;
    }
    if (type == ROBBERY) {
        bool has_moved = month >= TF_DEMO_DISPLACED_MONTH;
        bool is_hot = has_moved ? CONTAINS(tf_demo_displaced_to, area)
                                : CONTAINS(tf_demo_displaced_from, area);
        return is_hot ? TF_DEMO_DISPLACED_PERCENT : 100;
    }
    if (type == DRUGS && CONTAINS(tf_demo_growing_areas, area)) {
        return growing_percent(month);
    }
    if (CONTAINS(tf_demo_closed_areas, area)) {
        return closed_percent(type, month >= TF_DEMO_CLOSED_MONTH);
    }
    return 100;
}

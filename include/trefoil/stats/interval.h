/* An estimate and what it could as well have been. */
#ifndef TREFOIL_STATS_INTERVAL_H
#define TREFOIL_STATS_INTERVAL_H

/* lower <= value <= upper in exact arithmetic; the unit is that of the function that fills it. */
typedef struct tf_interval {
    double value;
    double lower;
    double upper;
} tf_interval;

#endif

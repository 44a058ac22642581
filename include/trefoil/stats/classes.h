/* Classes of values for the colours of a map, with round limits between them. */
#ifndef TREFOIL_STATS_CLASSES_H
#define TREFOIL_STATS_CLASSES_H

#include "trefoil/base/status.h"

#include <stddef.h>

enum { TF_CLASSES_MOST = 9 };

/* Class i holds the values from limits[i] to below limits[i + 1]; the last one holds its upper
 * limit too.  Every class has a value.  Limits are as round as they can be without moving a value
 * into another class. */
typedef struct tf_classes {
    size_t count;                       /* 0 when there was no value */
    double limits[TF_CLASSES_MOST + 1]; /* ascending; count + 1 of them */
    size_t sizes[TF_CLASSES_MOST];      /* how many values each class holds */
} tf_classes;

/* Classes of as equal a number of values as can be: break i is where, of all places between two
 * different values, the number of values before it is nearest to (n - 1) i / wanted + 1/2, which
 * is at the quantile (Hyndman & Fan 1996, type 7).  Equal values are never split, so that there
 * may be fewer classes than wanted.
 * Values that are not finite are left out.
 * Errors: TF_BAD_INPUT unless 1 <= wanted <= TF_CLASSES_MOST; TF_NO_MEMORY.  Thread-safe.
 * O(count log count). */
TF_API tf_status tf_classes_quantile(const double *values, size_t count, size_t wanted,
                                     tf_classes *classes_out, tf_error *error);

/* Natural breaks: the classes with the least sum of squared deviations from their means, exactly
 * (Fisher 1958, Journal of the American Statistical Association 53:789-798; Jenks 1977, "Optimal
 * data classification for choropleth maps").  As many as wanted, or as there are distinct values.
 * Errors: as above.  Thread-safe.  O(wanted count log count). */
TF_API tf_status tf_classes_natural(const double *values, size_t count, size_t wanted,
                                    tf_classes *classes_out, tf_error *error);

/* The class of a value, or -1 for one that is not finite or outside all of them.  O(classes). */
TF_API int tf_classes_find(const tf_classes *classes, double value);

#endif

#include "trefoil/stats/classes.h"

#include "trefoil/base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The values in ascending order, each once. */
typedef struct distinct_values {
    double *values;
    size_t *at_most; /* how many of all values are at most this one */
    size_t count;
    double *sums; /* count + 1: of values below each, less the first value */
    double *squares;
} distinct_values;

static int compare_numbers(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void distinct_deinit(distinct_values *distinct) {
    tf_free(distinct->values);
    tf_free(distinct->at_most);
    tf_free(distinct->sums);
    tf_free(distinct->squares);
}

static tf_status distinct_init(distinct_values *distinct, const double *values, size_t count,
                               tf_error *error) {
    *distinct = (distinct_values){.values = tf_alloc(count, sizeof(double)),
                                  .at_most = tf_alloc(count, sizeof(size_t)),
                                  .sums = tf_alloc_zeroed(count + 1, sizeof(double)),
                                  .squares = tf_alloc_zeroed(count + 1, sizeof(double))};
    if (!distinct->values || !distinct->at_most || !distinct->sums || !distinct->squares) {
        distinct_deinit(distinct);
        return tf_fail_no_memory(error);
    }
    double *sorted = distinct->values;
    size_t finite = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            sorted[finite++] = values[i];
        }
    }
    qsort(sorted, finite, sizeof *sorted, compare_numbers);
    for (size_t i = 0; i < finite; i++) {
        if (i == 0 || sorted[i] != sorted[distinct->count - 1]) {
            sorted[distinct->count++] = sorted[i];
        }
        distinct->at_most[distinct->count - 1] = i + 1;
    }
    /* Sums are of the distance from the first value, so that large values keep their digits. */
    for (size_t i = 0; i < distinct->count; i++) {
        size_t copies = distinct->at_most[i] - (i ? distinct->at_most[i - 1] : 0);
        double distance = sorted[i] - sorted[0];
        distinct->sums[i + 1] = distinct->sums[i] + (double)copies * distance;
        distinct->squares[i + 1] = distinct->squares[i] + (double)copies * distance * distance;
    }
    return TF_OK;
}

/* ---- round limits ---- */

/* The roundest number above `low` and not above `high`: a multiple of the largest power of ten, or
 * five or two of it, that has one there, and the lowest of these. */
static double round_between(double low, double high) {
    static const double digits[] = {5, 2, 1};
    double largest = fmax(fabs(low), fabs(high));
    int exponent = largest > 0 ? (int)floor(log10(largest)) + 1 : 0;
    if (low < 0 && high >= 0) {
        return 0;
    }
    for (int tries = 0; tries < 18 && exponent > -300; tries++, exponent--) {
        for (size_t i = 0; i < sizeof digits / sizeof *digits; i++) {
            /* Dividing by a whole power gives the nearest number to a decimal fraction. */
            double power = pow(10, abs(exponent));
            double step = exponent < 0 ? digits[i] / power : digits[i] * power;
            for (int more = 1; more <= 2; more++) { /* the quotient may have been rounded down */
                double multiple = (floor(low / step) + more) * digits[i];
                double candidate = exponent < 0 ? multiple / power : multiple * power;
                if (candidate > low && candidate <= high) {
                    return candidate;
                }
            }
        }
    }
    return high;
}

/* Make the classes of which `ends` holds, for each, the number of distinct values up to its end. */
static void set_classes(const distinct_values *distinct, const size_t *ends, size_t count,
                        tf_classes *classes) {
    const double *values = distinct->values;
    *classes = (tf_classes){.count = count};
    if (count == 0) {
        return;
    }
    double least = values[0], greatest = values[distinct->count - 1];
    double slack = (greatest - least) / 10;
    classes->limits[0] = round_between(least - slack, least);
    classes->limits[count] = -round_between(-greatest - slack, -greatest);
    for (size_t i = 0; i < count; i++) {
        size_t before = i ? distinct->at_most[ends[i - 1] - 1] : 0;
        classes->sizes[i] = distinct->at_most[ends[i] - 1] - before;
        if (i + 1 < count) {
            classes->limits[i + 1] = round_between(values[ends[i] - 1], values[ends[i]]);
        }
    }
}

static tf_status check_wanted(size_t wanted, tf_error *error) {
    if (wanted < 1 || wanted > TF_CLASSES_MOST) {
        return tf_fail(error, TF_BAD_INPUT, "classes", 0,
                       "%zu classes cannot be made; ask for 1 to %d", wanted, TF_CLASSES_MOST);
    }
    return TF_OK;
}

/* ---- quantiles ---- */

static double distance(size_t at_most, double rank) {
    return fabs((double)at_most - rank);
}

tf_status tf_classes_quantile(const double *values, size_t count, size_t wanted,
                              tf_classes *classes_out, tf_error *error) {
    distinct_values distinct;
    tf_status status = check_wanted(wanted, error);
    if (!status) {
        status = distinct_init(&distinct, values, count, error);
    }
    if (status) {
        return status;
    }
    size_t ends[TF_CLASSES_MOST], made = 0, last = distinct.count;
    size_t end = 1;
    for (size_t i = 1; i < wanted && last > 0; i++) {
        double rank = (double)(i * (distinct.at_most[last - 1] - 1)) / (double)wanted + 0.5;
        while (end < last &&
               distance(distinct.at_most[end], rank) < distance(distinct.at_most[end - 1], rank)) {
            end++;
        }
        if (end < last && (made == 0 || end > ends[made - 1])) {
            ends[made++] = end;
        }
    }
    if (last > 0) {
        ends[made++] = last;
    }
    set_classes(&distinct, ends, made, classes_out);
    distinct_deinit(&distinct);
    return TF_OK;
}

/* ---- natural breaks ---- */

/* Least costs of dividing the first values into classes, one class more each round. */
typedef struct division {
    const distinct_values *distinct;
    const double *before; /* by number of values: the least cost with one class less */
    double *costs;
    uint32_t *starts; /* by number of values: where the last class starts */
} division;

/* Squared deviations from their mean of the distinct values from `start` to before `end`. */
static double cost_of_class(const distinct_values *distinct, size_t start, size_t end) {
    size_t below = start ? distinct->at_most[start - 1] : 0;
    double copies = (double)(distinct->at_most[end - 1] - below);
    double sum = distinct->sums[end] - distinct->sums[start];
    double squares = distinct->squares[end] - distinct->squares[start];
    return fmax(0, squares - sum * sum / copies);
}

/* Where the last class best starts grows with the number of values, so that the middle one halves
 * the choice for the others (as in Wang & Song 2011, R Journal 3(2):29-33, in its later form). */
static void divide(division *work, size_t low, size_t high, size_t first, size_t last) {
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t best = first;
        double least = INFINITY;
        for (size_t start = first; start <= last && start < middle; start++) {
            double cost = work->before[start] + cost_of_class(work->distinct, start, middle);
            if (cost < least) {
                least = cost;
                best = start;
            }
        }
        work->costs[middle] = least;
        work->starts[middle] = (uint32_t)best;
        divide(work, low, middle, first, best);
        low = middle + 1;
        first = best;
    }
}

static tf_status find_breaks(const distinct_values *distinct, size_t wanted, size_t *ends,
                             tf_error *error) {
    size_t count = distinct->count, width = count + 1;
    double *costs = tf_alloc(2 * width, sizeof *costs);
    uint32_t *starts = tf_alloc_zeroed(wanted * width, sizeof *starts);
    if (!costs || !starts) {
        tf_free(costs);
        tf_free(starts);
        return tf_fail_no_memory(error);
    }
    double *before = costs, *after = costs + width;
    for (size_t i = 1; i <= count; i++) {
        before[i] = cost_of_class(distinct, 0, i);
    }
    for (size_t classes = 1; classes < wanted; classes++) {
        division work = {distinct, before, after, starts + classes * width};
        divide(&work, classes + 1, count + 1, classes, count - 1);
        double *swapped = before;
        before = after;
        after = swapped;
    }
    size_t end = count;
    for (size_t classes = wanted; classes-- > 0;) {
        ends[classes] = end;
        end = starts[classes * width + end];
    }
    tf_free(costs);
    tf_free(starts);
    return TF_OK;
}

tf_status tf_classes_natural(const double *values, size_t count, size_t wanted,
                             tf_classes *classes_out, tf_error *error) {
    distinct_values distinct;
    tf_status status = check_wanted(wanted, error);
    if (!status) {
        status = distinct_init(&distinct, values, count, error);
    }
    if (status) {
        return status;
    }
    size_t made = wanted < distinct.count ? wanted : distinct.count;
    size_t ends[TF_CLASSES_MOST];
    if (made > 0) {
        status = find_breaks(&distinct, made, ends, error);
    }
    if (!status) {
        set_classes(&distinct, ends, made, classes_out);
    }
    distinct_deinit(&distinct);
    return status;
}

int tf_classes_find(const tf_classes *classes, double value) {
    if (classes->count == 0 || !(value >= classes->limits[0]) ||
        value > classes->limits[classes->count]) {
        return -1;
    }
    size_t found = 0;
    while (found + 1 < classes->count && value >= classes->limits[found + 1]) {
        found++;
    }
    return (int)found;
}

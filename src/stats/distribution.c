/* The one file that knows GSL.  Its error handler ends the program by default, and is global: so
 * only functions that never call it for the arguments they get here are used.  GSL's inverses of
 * the gamma and beta distributions are not among them; their forward functions are inverted here.
 */
#include "distribution_internal.h"

#include "trefoil/stats/normal.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>

double tf_normal_quantile(double probability) {
    return gsl_cdf_ugaussian_Pinv(probability);
}

double tf_normal_upper_tail(double z) {
    return gsl_cdf_ugaussian_Q(z);
}

typedef double increasing(double x, double first, double second);

/* Where a search stands: the root lies between `near` and `far`, `near` was tried last, `before`
 * is the point that one of them replaced. */
typedef struct root_search {
    double near, far, before;
    double near_error, far_error, before_error;
} root_search;

/* How far from `near` towards `far` to try next: by the parabola through the three points where it
 * runs steadily between them, else in the middle. */
static double next_step(const root_search *search) {
    double xi = (search->near - search->far) / (search->before - search->far);
    double phi =
        (search->near_error - search->far_error) / (search->before_error - search->far_error);
    if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) {
        return 0.5;
    }
    double f1 = search->near_error, f2 = search->far_error, f3 = search->before_error;
    return f1 / (f2 - f1) * f3 / (f2 - f3) + (search->before - search->near) /
                                                 (search->far - search->near) * f1 / (f3 - f1) *
                                                 f2 / (f3 - f2);
}

/* What is inverted, and how far it is from its target at x. */
typedef struct inversion {
    increasing *function;
    double first, second, target;
} inversion;

static double error_at(const inversion *what, double x) {
    double value = what->function(x, what->first, what->second);
    /* For counts of millions, GSL's F distribution is not a number near its middle, which is above
     * any tail. */
    return isnan(value) ? 1 : value - what->target;
}

enum { CLEVER_STEPS = 40 };

/* The positive x at which the function reaches its target, to the last digit or two, from a guess
 * of its size: Chandrupatla's method (1997, Advances in Engineering Software 28:145-149).  It keeps
 * the root between two points as halving does, and so cannot diverge, and takes a dozen steps where
 * halving takes sixty.  Should it creep, halving ends it. */
static double invert(const inversion *what, double guess) {
    root_search search = {.near = guess, .near_error = error_at(what, guess)};
    bool is_low = search.near_error < 0;
    do { /* double or halve until the root is passed */
        search.far = search.near;
        search.far_error = search.near_error;
        search.near *= is_low ? 2 : 0.5;
        search.near_error = error_at(what, search.near);
    } while (search.near > 0 && (search.near_error < 0) == is_low);
    double step = 0.5;
    for (int steps = 0;; steps++) {
        double best = fabs(search.far_error) < fabs(search.near_error) ? search.far : search.near;
        double smallest = 2 * DBL_EPSILON * best / fabs(search.far - search.near);
        if (smallest > 0.5 || search.near_error == 0) {
            return best;
        }
        step = steps < CLEVER_STEPS ? fmin(1 - smallest, fmax(smallest, step)) : 0.5;
        double x = search.near + step * (search.far - search.near);
        if (x == search.near || x == search.far) {
            return best;
        }
        double error = error_at(what, x);
        if ((error > 0) == (search.near_error > 0)) {
            search.before = search.near;
            search.before_error = search.near_error;
        } else {
            search.before = search.far;
            search.before_error = search.far_error;
            search.far = search.near;
            search.far_error = search.near_error;
        }
        search.near = x;
        search.near_error = error;
        step = next_step(&search);
    }
}

/* P(X >= events) and -P(X <= events) of a Poisson variable, both rising with its mean. */
static double poisson_at_least(double mean, double events, double unused) {
    (void)unused;
    return gsl_cdf_gamma_P(mean, events, 1);
}

static double minus_poisson_at_most(double mean, double events, double unused) {
    (void)unused;
    return -gsl_cdf_gamma_Q(mean, events + 1, 1);
}

static double f_distribution(double x, double first, double second) {
    return gsl_cdf_fdist_P(x, first, second);
}

double tf_poisson_lower(double events, double tail) {
    return invert(&(inversion){poisson_at_least, events, 0, tail}, events);
}

double tf_poisson_upper(double events, double tail) {
    return invert(&(inversion){minus_poisson_at_most, events, 0, -tail}, events + 1);
}

double tf_binomial_odds_lower(double successes, double failures, double tail) {
    /* In odds and through the F distribution, neither end loses digits to 1 - p. */
    double first = 2 * successes, second = 2 * (failures + 1);
    return first / second * invert(&(inversion){f_distribution, first, second, tail}, 1);
}

double tf_binomial_at_least(double successes, double failures, double odds) {
    if (successes <= 0) {
        return 1;
    }
    double first = 2 * successes, second = 2 * (failures + 1);
    double probability = gsl_cdf_fdist_P(odds * (second / first), first, second);
    if (isnan(probability)) { /* a million or more, near the middle: normal to five digits */
        double trials = successes + failures, share = odds / (1 + odds);
        double deviation = sqrt(trials * share * (1 - share));
        return tf_normal_upper_tail((successes - 0.5 - trials * share) / deviation);
    }
    return probability;
}

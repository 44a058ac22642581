/* The one file that knows GSL.  Its error handler ends the program by default, and is global: so
 * only functions that never call it for the arguments they get here are used.  GSL's inverses of
 * the gamma and beta distributions are not among them; their forward functions are inverted here.
 */
#include "distribution_internal.h"

#include "trefoil/stats/normal.h"

#include <gsl/gsl_cdf.h>

double tf_normal_quantile(double probability) {
    return gsl_cdf_ugaussian_Pinv(probability);
}

double tf_normal_upper_tail(double z) {
    return gsl_cdf_ugaussian_Q(z);
}

typedef double increasing(double x, double first, double second);

/* The positive x at which `function` reaches `target`.  Halving until no number lies between costs
 * some sixty steps, and cannot diverge. */
static double invert(increasing *function, double first, double second, double target) {
    double lower = 0, upper = 1;
    while (function(upper, first, second) < target) {
        lower = upper;
        upper *= 2;
    }
    for (;;) {
        double middle = lower + (upper - lower) / 2;
        if (middle <= lower || middle >= upper) {
            return middle;
        }
        if (function(middle, first, second) < target) {
            lower = middle;
        } else {
            upper = middle;
        }
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
    return invert(poisson_at_least, events, 0, tail);
}

double tf_poisson_upper(double events, double tail) {
    return invert(minus_poisson_at_most, events, 0, -tail);
}

double tf_binomial_odds_lower(double successes, double failures, double tail) {
    /* In odds and through the F distribution, neither end loses digits to 1 - p. */
    double first = 2 * successes, second = 2 * (failures + 1);
    return first / second * invert(f_distribution, first, second, tail);
}

double tf_binomial_at_least(double successes, double failures, double odds) {
    double first = 2 * successes, second = 2 * (failures + 1);
    return successes > 0 ? gsl_cdf_fdist_P(odds * (second / first), first, second) : 1;
}

#include "trefoil/stats/rate.h"

#include "distribution_internal.h"
#include "trefoil/stats/normal.h"

#include <math.h>

static tf_status check_confidence(double confidence, tf_error *error) {
    if (!(confidence > 0 && confidence < 1)) {
        return tf_fail(error, TF_BAD_INPUT, "confidence", 0,
                       "a confidence of %g is not between 0 and 1; 0.95 is usual", confidence);
    }
    return TF_OK;
}

static tf_status check_exposure(double exposure, const char *what, tf_error *error) {
    if (!(exposure > 0 && isfinite(exposure))) {
        return tf_fail(error, TF_BAD_INPUT, what, 0,
                       "a rate needs a population above 0, and %g was given", exposure);
    }
    return TF_OK;
}

/* What the interval leaves on each side. */
static double tail_of(double confidence) {
    return (1 - confidence) / 2;
}

static double byar_limit(double count, double z) {
    double root = 1 - 1 / (9 * count) + z / (3 * sqrt(count));
    return count * root * root * root;
}

tf_status tf_rate_byar(uint64_t events, double confidence, tf_interval *events_out,
                       tf_error *error) {
    tf_status status = check_confidence(confidence, error);
    if (status != TF_OK) {
        return status;
    }
    double count = (double)events;
    double tail = tail_of(confidence);
    events_out->value = count;
    if (events < TF_RATE_BYAR_FROM) {
        events_out->lower = events ? tf_poisson_lower(count, tail) : 0;
        events_out->upper = tf_poisson_upper(count, tail);
    } else {
        double z = -tf_normal_quantile(tail);
        events_out->lower = byar_limit(count, -z);
        events_out->upper = byar_limit(count + 1, z);
    }
    return TF_OK;
}

tf_status tf_rate_per_1000(uint64_t events, double population, double confidence,
                           tf_interval *rate_out, tf_error *error) {
    tf_status status = check_exposure(population, "population", error);
    if (status != TF_OK) {
        return status;
    }
    tf_interval counted;
    status = tf_rate_byar(events, confidence, &counted, error);
    if (status != TF_OK) {
        return status;
    }
    rate_out->value = counted.value / population * 1000;
    rate_out->lower = counted.lower / population * 1000;
    rate_out->upper = counted.upper / population * 1000;
    return TF_OK;
}

tf_status tf_proportion_wilson(uint64_t successes, uint64_t trials, double confidence,
                               tf_interval *proportion_out, tf_error *error) {
    tf_status status = check_confidence(confidence, error);
    if (status != TF_OK) {
        return status;
    }
    if (trials == 0 || successes > trials) {
        return tf_fail(error, TF_BAD_INPUT, "proportion", 0,
                       "%llu of %llu is not a proportion; the whole must be above 0 and hold the "
                       "part",
                       (unsigned long long)successes, (unsigned long long)trials);
    }
    double n = (double)trials;
    double share = (double)successes / n;
    double z = -tf_normal_quantile(tail_of(confidence));
    double middle = share + z * z / (2 * n);
    double reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    double scale = 1 + z * z / n;
    proportion_out->value = share;
    /* At the ends the limit is 0 or 1; rounding must not put it beside. */
    proportion_out->lower = successes == 0 ? 0 : (middle - reach) / scale;
    proportion_out->upper = successes == trials ? 1 : (middle + reach) / scale;
    return TF_OK;
}

/* How many times exposure b is exposure a, once all arguments of a ratio are good. */
static tf_status check_ratio(uint64_t events_a, double exposure_a, uint64_t events_b,
                             double exposure_b, double *scale_out, tf_error *error) {
    tf_status status = check_exposure(exposure_a, "first population", error);
    if (status == TF_OK) {
        status = check_exposure(exposure_b, "second population", error);
    }
    if (status != TF_OK) {
        return status;
    }
    *scale_out = exposure_b / exposure_a;
    if (!isnormal(*scale_out)) {
        return tf_fail(error, TF_BAD_INPUT, "population", 0,
                       "populations of %g and %g are too unequal to compare", exposure_a,
                       exposure_b);
    }
    if (events_a > TF_RATE_RATIO_MOST_EVENTS || events_b > TF_RATE_RATIO_MOST_EVENTS) {
        return tf_fail(error, TF_BAD_INPUT, "events", 0,
                       "%llu events are more than a rate ratio takes; count in thousands",
                       (unsigned long long)(events_a > events_b ? events_a : events_b));
    }
    return TF_OK;
}

tf_status tf_rate_ratio(uint64_t events_a, double exposure_a, uint64_t events_b, double exposure_b,
                        double confidence, tf_interval *ratio_out, tf_error *error) {
    double scale = 1;
    tf_status status = check_confidence(confidence, error);
    if (status == TF_OK) {
        status = check_ratio(events_a, exposure_a, events_b, exposure_b, &scale, error);
    }
    if (status != TF_OK) {
        return status;
    }
    double a = (double)events_a, b = (double)events_b;
    double tail = tail_of(confidence);
    ratio_out->value = a / b * scale;
    ratio_out->lower = events_a ? tf_binomial_odds_lower(a, b, tail) * scale : 0;
    ratio_out->upper = events_b ? scale / tf_binomial_odds_lower(b, a, tail) : INFINITY;
    return TF_OK;
}

tf_status tf_rate_ratio_test(uint64_t events_a, double exposure_a, uint64_t events_b,
                             double exposure_b, double *p_out, tf_error *error) {
    double scale = 1;
    tf_status status = check_ratio(events_a, exposure_a, events_b, exposure_b, &scale, error);
    if (status != TF_OK) {
        return status;
    }
    double a = (double)events_a, b = (double)events_b;
    double high = tf_binomial_at_least(a, b, 1 / scale);
    double low = tf_binomial_at_least(b, a, scale);
    *p_out = fmin(1, 2 * fmin(high, low));
    return TF_OK;
}

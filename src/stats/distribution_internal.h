/* The limits of exact intervals.  In each, `tail` is the probability left on one side, in
 * (0, 0.5]. */
#ifndef TREFOIL_STATS_DISTRIBUTION_INTERNAL_H
#define TREFOIL_STATS_DISTRIBUTION_INTERNAL_H

/* The Poisson mean at which `events` (at least 1) or more occur with probability `tail`. */
double tf_poisson_lower(double events, double tail);

/* The Poisson mean at which `events` or fewer occur with probability `tail`. */
double tf_poisson_upper(double events, double tail);

/* The odds p / (1 - p) at which at least `successes` (at least 1) of successes + failures trials
 * succeed with probability `tail`.  Good for counts up to 1e9. */
double tf_binomial_odds_lower(double successes, double failures, double tail);

/* The probability that at least `successes` of successes + failures trials succeed when the odds
 * of each are p / (1 - p) = `odds`. */
double tf_binomial_at_least(double successes, double failures, double odds);

#endif

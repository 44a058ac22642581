/* Where high values gather: Getis and Ord's local and global statistics. */
#ifndef TREFOIL_SPACE_HOT_SPOT_H
#define TREFOIL_SPACE_HOT_SPOT_H

#include "trefoil/space/neighbours.h"

typedef enum tf_tail {
    TF_TAIL_UPPER, /* only high values gathering: hot spots */
    TF_TAIL_BOTH,  /* hot spots and cold spots */
} tf_tail;

/* Gi* of every place: the sum over the place and its neighbours (binary weights) as a standard
 * score under the hypothesis that the values are scattered at random, and its probability under
 * the normal distribution (Ord & Getis 1995).  `z_out` and `p_out` have room for one
 * number a place; `p_out` may be NULL.  The p values are not adjusted for testing many places.
 *
 * Where nothing can stand out, because all values are equal or the neighbourhood is the whole
 * map, z is 0 and p is 1 (both tails) or 0.5 (upper tail).
 * Errors: TF_BAD_INPUT for a value that is not finite or beyond 1e100.  Thread-safe.  O(places +
 * links). */
TF_API tf_status tf_hot_spot_gi_star(const double *values, const tf_neighbours *neighbours,
                                     tf_tail tail, double *z_out, double *p_out, tf_error *error);

/* General G: the share of the products of all pairs of values that falls on neighbouring pairs,
 * with its expectation and variance when the values are shuffled over the places, every order
 * equally likely. */
typedef struct tf_general_g {
    double g;
    double expectation;
    double variance;
    double z; /* 0 where the variance is 0 */
    double p;
} tf_general_g;

/* Getis & Ord 1992.
 * Errors: TF_BAD_INPUT for fewer than four places, a value that is negative, not finite or
 * beyond 1e100, or fewer than two that are positive.  Thread-safe.  O(places + links). */
TF_API tf_status tf_hot_spot_general_g(const double *values, const tf_neighbours *neighbours,
                                       tf_tail tail, tf_general_g *g_out, tf_error *error);

#endif

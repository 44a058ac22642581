/* What follows prediction: the best pairs of each record, and what blocking missed. */
#ifndef TREFOIL_LINKAGE_PREDICT_INTERNAL_H
#define TREFOIL_LINKAGE_PREDICT_INTERNAL_H

#include "linkage/matcher_internal.h"

/* Keep the pairs that are among the `most` best of either record, in their order; of equal weights
 * those that come first. */
tf_status link_keep_best(tf_link_prediction *prediction, uint32_t most, tf_error *error);

/* Compare records drawn at random with all others; `probes` 0: as many as cost little. */
tf_status link_certify(tf_link_matcher *matcher, const link_blocks *blocks, uint32_t probes,
                       tf_link_certificate *certificate_out, tf_error *error);

#endif

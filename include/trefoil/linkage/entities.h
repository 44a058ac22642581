/* From a prediction to entities: clusters.h on the records of a matcher. */
#ifndef TREFOIL_LINKAGE_ENTITIES_H
#define TREFOIL_LINKAGE_ENTITIES_H

#include "trefoil/linkage/cluster.h"
#include "trefoil/linkage/predict.h"

/* The key of a record: of its source's name and its id, the same in every run. */
TF_API tf_cluster_key tf_link_record_key(const tf_link_records *records, uint32_t record);

/* Cluster the pairs of a prediction.  Records that pairs at or above the threshold connect are
 * compared with each other as well where prediction left their pairs out, for what speaks against
 * a cluster counts as much as what speaks for it; a weight below -10 counts as -10.  (Components of
 * more than 20 million pairs together are clustered by the pairs predicted alone.)
 * `cannot_links` and `evidence` as in clusters.h, by number of record; either may be NULL.
 * `*clusters_out` is to be freed with tf_clusters_free.
 * Errors: as tf_cluster_records; TF_IO if the watch stopped it.  The same for any number of
 * threads. */
TF_API tf_status tf_link_cluster(tf_link_matcher *matcher, const tf_link_prediction *prediction,
                                 const tf_cluster_options *options,
                                 const tf_cluster_pair *cannot_links, size_t cannot_link_count,
                                 const tf_cluster_evidence *evidence, tf_clusters **clusters_out,
                                 tf_error *error);

#endif

/* Bulk open data: one month of one force and one feed is a partition, stored as one Arrow stream
 * (zstd) in one row and replaced whole. */
#ifndef STORE_PARTITION_H
#define STORE_PARTITION_H

#include "store/db.h"
#include "trefoil/base/date.h"
#include "trefoil/table/arrow.h"

typedef struct tf_partition_key {
    const char *feed;  /* "street", "outcomes", "stop-and-search" */
    const char *force; /* the publisher's slug: "avon-and-somerset" */
    tf_month month;
} tf_partition_key;

/* Put `stream`, which holds `row_count` rows of batch `batch_id`, in the place of what the
 * partition held, within the caller's transaction.  *replaced_out (may be NULL) is the number of
 * rows that were there, or -1 if the partition is new.
 * Errors: TF_IO when the disk is full; TF_BAD_INPUT for a stream of more than 1,000,000,000
 * bytes. */
tf_status tf_partition_put(tf_db *db, const tf_partition_key *key, int64_t batch_id,
                           int64_t row_count, const void *stream, size_t length,
                           int64_t *replaced_out, tf_error *error);

typedef struct tf_partition_info {
    char feed[32];
    char force[64];
    tf_month month;
    int64_t batch_id;
    int64_t row_count;
} tf_partition_info;

/* What is stored, ordered by feed, force, month.  `feed` and `force` may be NULL for all.
 * *infos_out is freed with tf_free. */
tf_status tf_partition_list(tf_db *db, const char *feed, const char *force, tf_month from,
                            tf_month to, tf_partition_info **infos_out, size_t *count_out,
                            tf_error *error);

/* Call `on_stream` with the stream of each partition of `feed` between the two months, both
 * included, in order of force and month; `force` may be NULL for all.  The bytes are borrowed for
 * the call.  A status other than TF_OK ends the walk and is returned. */
typedef tf_status tf_partition_visit(void *context, const tf_partition_info *info,
                                     const void *stream, size_t length, tf_error *error);
tf_status tf_partition_each(tf_db *db, const char *feed, const char *force, tf_month from,
                            tf_month to, tf_partition_visit *on_stream, void *context,
                            tf_error *error);

#endif

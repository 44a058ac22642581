/* The files that rows came from. */
#ifndef INSIGHT_SOURCES_INTERNAL_H
#define INSIGHT_SOURCES_INTERNAL_H

#include "crime_data_internal.h"
#include "insight/profile.h"

/* In the order in which they were added, each file once. */
typedef struct tf_source_list {
    tf_arena *arena;
    tf_statement *statement;
    tf_profile_source *sources; /* in the arena */
    size_t count;
    int64_t *batches; /* of the sources */
} tf_source_list;

/* There is room for all partitions of the catalogue.  What open did, close ends, also after an
 * error; the sources stay in the arena. */
tf_status tf_source_list_open(tf_source_list *list, const tf_crime_data *data, tf_arena *arena,
                              tf_error *error);
void tf_source_list_close(tf_source_list *list);

/* Add the file of a partition, or the partition's rows to those of the file if it is there. */
tf_status tf_source_list_add(tf_source_list *list, const tf_partition_info *info, tf_error *error);

#endif

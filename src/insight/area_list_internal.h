/* The areas of one layer that a request is about. */
#ifndef INSIGHT_AREA_LIST_INTERNAL_H
#define INSIGHT_AREA_LIST_INTERNAL_H

#include "crime_data_internal.h"

/* In order of code.  Borrows from the geography. */
typedef struct tf_area_list {
    bool has_within;
    tf_area_ref within;
    tf_layer layer;
    tf_area_ref *areas; /* in the arena */
    size_t count;
} tf_area_list;

/* The areas of `layer` within the area that a person typed, or all if that is NULL.
 * Errors: those of tf_geography_find and tf_geography_within; TF_NOT_FOUND where there is none. */
tf_status tf_area_list_find(const tf_crime_data *data, const char *within, tf_layer layer,
                            tf_arena *arena, tf_area_list *list_out, tf_error *error);

/* Which of the list's areas the rows of a small area belong to, by code in data->areas and behind
 * them -1 for rows that name none; in the arena.  -1 also for a force, whose rows are those that it
 * reported, and for a partnership that shares its authority. */
tf_status tf_area_list_places(tf_crime_data *data, const tf_area_list *list, tf_arena *arena,
                              int32_t **places_out, tf_error *error);

#endif

/* From stored partitions to the columns that crime_data holds. */
#ifndef INSIGHT_CRIME_LOAD_INTERNAL_H
#define INSIGHT_CRIME_LOAD_INTERNAL_H

#include "crime_data_internal.h"

void tf_street_month_deinit(tf_street_month *month);
void tf_search_month_deinit(tf_search_month *month);

/* Load the months between the two that `force` does not hold, or holds from another batch, and
 * join the street rows to all outcome rows stored.  After an error the months held are whole. */
tf_status tf_crime_load_street(tf_crime_data *data, tf_crime_force *force, tf_month from,
                               tf_month to, tf_error *error);
tf_status tf_crime_load_searches(tf_crime_data *data, tf_crime_force *force, tf_month from,
                                 tf_month to, tf_error *error);

#endif

/* The police records that profiles are made of, held in memory in the shape that counting needs:
 * small integers in columns.  Loaded from partitions when first asked for and kept, so that a
 * server answers from memory; a partition that has been replaced since is loaded again. */
#ifndef INSIGHT_CRIME_DATA_H
#define INSIGHT_CRIME_DATA_H

#include "intake/geography.h"
#include "pack/pack.h"
#include "store/db.h"

typedef struct tf_crime_data tf_crime_data;

/* `db` and `pack` are borrowed and outlive the data.  One thread at a time. */
tf_status tf_crime_data_new(tf_db *db, const tf_pack *pack, tf_crime_data **data_out,
                            tf_error *error);
void tf_crime_data_free(tf_crime_data *data); /* accepts NULL */

/* The areas as they are now, read anew only after an import; borrowed until the next call that
 * takes `data`.  Errors: TF_NO_MEMORY; those of the database. */
tf_status tf_crime_data_geography(tf_crime_data *data, const tf_geography **geography_out,
                                  tf_error *error);

/* A number that changes when anything is imported, for caches and ETags. */
tf_status tf_crime_data_version(tf_crime_data *data, int64_t *version_out, tf_error *error);

#endif

/* Larkenshire: a county that does not exist, so that everybody can try the program on data that
 * concerns nobody.  What is planted in it to be found again is in demo/facts.h. */
#ifndef TREFOIL_DEMO_DEMO_H
#define TREFOIL_DEMO_DEMO_H

#include "trefoil/base/status.h"

/* Write the county into `directory`, which is made if it is not there:
 *
 *     README.txt                                           that it is all fictional
 *     police/YYYY-MM/YYYY-MM-larkenshire-street.csv        and -outcomes and -stop-and-search:
 *                                                          36 months as data.police.uk has them
 *     areas/small-areas.geojson, authorities.geojson, force.geojson
 *                                                          WGS84; code, label, parent
 *     population.csv                                       code,year,people at mid-year
 *     lookup.csv                                           authority, partnership, force area
 *
 * Every run on every machine writes the same bytes, about 65 MB, in about half a second.  A file is
 * replaced only when its new content is complete.
 *
 * Errors: TF_BAD_INPUT if the folder holds anything but an earlier county; TF_IO; TF_NO_MEMORY.
 * Thread-safe for distinct directories. */
tf_status tf_demo_write(const char *directory, tf_error *error);

#endif

/* Areas from a GeoJSON file into a layer of the database. */
#ifndef INTAKE_AREAS_H
#define INTAKE_AREAS_H

#include "store/db.h"

/* All may be NULL. */
typedef struct tf_areas_options {
    const char *layer; /* "lsoa21"; NULL: from the code property, LSOA21CD giving "lsoa21" */
    const char *title; /* of the layer, for people; NULL: the layer's name */
    const char *code_property;
    const char *label_property;
    const char *parent_property; /* the code of the larger area */
    const char *publisher;       /* NULL: "ONS" */
} tf_areas_options;

typedef struct tf_areas_summary {
    int64_t batch_id;
    char layer[64];
    int64_t features_read;
    int64_t accepted;
    int64_t rejected;
    int64_t replaced;    /* accepted, of a code that the layer had before */
    int64_t repaired;    /* accepted, with an outline that crossed itself */
    int64_t no_outline;  /* accepted, and never anybody's neighbour */
    int64_t layer_count; /* areas the layer has now */
    int64_t pair_count;  /* pairs of neighbours the layer has now */
} tf_areas_summary;

/* Add the areas of the GeoJSON file at `path`, plain or gzip, to a layer: an area of a code that
 * the layer has takes the other's place, the others stay.  Then find anew who touches whom in the
 * layer (queen contiguity, TF_CONTIGUITY_TOLERANCE_M).  All in one transaction, with a batch of
 * feed "areas".
 *
 * Where no property is named, the code is the one such as LSOA21CD and the label its partner
 * LSOA21NM, else "code" and "label" or "name"; the parent is "parent", "parent_code",
 * "LADCD_ACTIVE" or one such as LAD23CD, where there is just one.  A feature without a code, or
 * with the code of an earlier one, is a reject; its line is the feature's number.
 *
 * Errors, which leave the database as it was: TF_BAD_INPUT if the properties cannot be guessed or
 * are not there, if there is no feature, or for an area that is not on or about the British Isles;
 * those of tf_source_open, tf_geojson_read and the database.
 * O(points log points) of the whole layer. */
tf_status tf_areas_import(tf_db *db, const char *path, const tf_areas_options *options,
                          tf_areas_summary *summary_out, tf_error *error);

#endif

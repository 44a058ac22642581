/* Areas from a GeoJSON FeatureCollection (RFC 7946), one feature at a time. */
#ifndef TREFOIL_SPACE_GEOJSON_H
#define TREFOIL_SPACE_GEOJSON_H

#include "trefoil/base/text.h"
#include "trefoil/space/polygons.h"
#include "trefoil/table/source.h"

/* A feature is alive during the call of the handler. */
typedef struct tf_feature tf_feature;

/* Anything but TF_OK stops the reader, which returns it. */
typedef tf_status tf_feature_handler(void *context, tf_feature *feature, tf_error *error);

/* Read the collection from a source, or from bytes of which `name` is used in messages, and hand
 * its features to `handler` in their order.  The file is never held whole: memory is that of the
 * largest feature, whose text may have 64 MiB, and of its parsed form, 20 to 40 times the text.
 *
 * A byte order mark and a "crs" member that means longitude and latitude are accepted.  Geometries
 * are Polygon, MultiPolygon or null; an altitude is dropped.  Members that stand after "features",
 * and the end of the file, are checked only after the last feature has been handed over, so a
 * caller must not keep what it got unless the reader returns TF_OK.
 *
 * Errors, each with the feature's number and line: TF_BAD_INPUT for what is no such collection,
 * for another geometry or coordinate reference system, a coordinate that is no longitude and
 * latitude, a ring that is not closed or has fewer than four points; TF_NO_MEMORY; those of
 * tf_source_read and of the handler.  Thread-safe.  O(bytes). */
TF_API tf_status tf_geojson_read(tf_source *source, tf_feature_handler *handler, void *context,
                                 tf_error *error);
TF_API tf_status tf_geojson_read_memory(const void *bytes, size_t length, const char *name,
                                        tf_feature_handler *handler, void *context,
                                        tf_error *error);

TF_API int64_t tf_feature_number(const tf_feature *feature); /* 1-based */

/* A property as text: a string as it is, a number without exponent where it is integral, "true"
 * or "false".  Absent or null is data NULL.  The text lives as long as the feature.
 * Errors: TF_BAD_INPUT if it is a list or an object; TF_NO_MEMORY. */
TF_API tf_status tf_feature_property(tf_feature *feature, const char *name, tf_text *value_out,
                                     tf_error *error);

/* The same for a property that the feature must have and that must not be null or empty.
 * Errors: also TF_BAD_INPUT naming the properties that it has. */
TF_API tf_status tf_feature_require_property(tf_feature *feature, const char *name,
                                             tf_text *value_out, tf_error *error);

/* The name of property `index`, in the order of the file; NULL past the last one.  Borrowed from
 * the feature.  O(index). */
TF_API const char *tf_feature_property_name(const tf_feature *feature, size_t index);

/* The outline in degrees: borrowed until the handler returns, or NULL if the geometry is null or
 * empty.  tf_feature_take_polygons moves it out, to be freed by the caller. */
TF_API const tf_polygons *tf_feature_polygons(const tf_feature *feature);
TF_API tf_polygons tf_feature_take_polygons(tf_feature *feature);

#endif

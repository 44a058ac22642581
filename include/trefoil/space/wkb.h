/* An area's outline as bytes, for storage: well-known binary (ISO 19125-1, section 8). */
#ifndef TREFOIL_SPACE_WKB_H
#define TREFOIL_SPACE_WKB_H

#include "trefoil/base/text.h"
#include "trefoil/space/polygons.h"

/* Append the outline in little-endian order: a POLYGON if it has one part, otherwise a
 * MULTIPOLYGON.  The same outline gives the same bytes on every machine.
 * Errors: that of tf_polygons_check; TF_NO_MEMORY.  Thread-safe.  O(points). */
TF_API tf_status tf_wkb_write(const tf_polygons *area, tf_buffer *buffer, tf_error *error);

/* The very outline that was written; `area_out` is overwritten.
 * Errors: TF_BAD_INPUT for bytes that tf_wkb_write would not write, TF_NO_MEMORY; the area is then
 * empty.  Thread-safe.  O(length). */
TF_API tf_status tf_wkb_read(const void *bytes, size_t length, tf_polygons *area_out,
                             tf_error *error);

#endif

/* Any bytes as GeoJSON: what is accepted must be sound enough for the rest of the folder. */
#include "trefoil/base/memory.h"
#include "trefoil/space/geojson.h"
#include "trefoil/space/geometry.h"
#include "trefoil/space/wkb.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true) {
    if (!is_true) {
        abort();
    }
}

static tf_status use_feature(void *context, tf_feature *feature, tf_error *error) {
    (void)context;
    tf_text value;
    tf_status status = tf_feature_property(feature, "a", &value, error);
    if (status) {
        return status;
    }
    const tf_polygons *area = tf_feature_polygons(feature);
    if (!area) {
        return tf_feature_require_property(feature, "a", &value, error);
    }
    require(tf_polygons_check(area, error) == TF_OK);
    tf_polygons back;
    tf_buffer bytes;
    tf_buffer_init(&bytes);
    require(tf_wkb_write(area, &bytes, error) == TF_OK);
    require(tf_wkb_read(bytes.data, bytes.length, &back, error) == TF_OK);
    require(back.point_count == area->point_count && back.ring_count == area->ring_count &&
            back.part_count == area->part_count);
    tf_buffer_deinit(&bytes);
    tf_polygons_deinit(&back);
    tf_polygons repaired = {0};
    if (area->point_count < 100 && tf_geometry_check(area, error) != TF_OK &&
        tf_geometry_repair(area, &repaired, error) == TF_OK) {
        require(tf_geometry_check(&repaired, error) == TF_OK);
    }
    tf_polygons_deinit(&repaired);
    return TF_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tf_error error;
    tf_status status =
        tf_geojson_read_memory(data, size, "fuzz.geojson", use_feature, NULL, &error);
    require(status == TF_OK || (error.code == status && error.message[0]));
    return 0;
}

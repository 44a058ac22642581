/* Any bytes as a stored outline: what is accepted is written again as the same bytes. */
#include "trefoil/base/memory.h"
#include "trefoil/space/wkb.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tf_polygons area;
    tf_error error;
    if (tf_wkb_read(data, size, &area, &error) != TF_OK) {
        return 0;
    }
    tf_buffer bytes;
    tf_buffer_init(&bytes);
    /* A multipolygon of one part is the one exception: it is written as a polygon, 9 bytes less. */
    size_t skipped = size - (tf_wkb_write(&area, &bytes, &error) == TF_OK ? bytes.length : 0);
    if (bytes.length + skipped != size ||
        (skipped != 0 && (skipped != 9 || area.part_count != 1)) ||
        memcmp(data + skipped, bytes.data, bytes.length) != 0) {
        abort();
    }
    tf_buffer_deinit(&bytes);
    tf_polygons_deinit(&area);
    return 0;
}

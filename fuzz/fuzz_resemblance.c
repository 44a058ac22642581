/* Any text as that of a report: what is found in it is whole, and every report resembles itself by
 * what was found. */
#include "intake/resemblance.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tf_traits traits = {0};
    tf_buffer why;
    tf_buffer_init(&why);
    tf_traits_add_text(&traits, (tf_text){(const char *)data, size});
    tf_traits_compare(&traits, &traits, &why);
    for (size_t i = 0; i < traits.telephone_count; i++) {
        if (strlen(traits.telephones[i]) != 11 || traits.telephones[i][0] != '0') {
            abort();
        }
    }
    for (size_t i = 0; i < traits.plate_count; i++) {
        if (strlen(traits.plates[i]) != 7) {
            abort();
        }
    }
    if ((traits.telephone_count || traits.plate_count) && why.length == 0) {
        abort();
    }
    tf_buffer_deinit(&why);
    return 0;
}

/* Any bytes as a value of the field that the first byte names: what comes out is UTF-8, and is the
 * same when it is standardised again. */
#include "trefoil/linkage/standardise.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    tf_person_field field = (tf_person_field)((data[0] & 0x1F) % TF_PERSON_COUNT);
    tf_standardiser how = {.email_options = data[0] >> 6};
    how.name_fold = data[0] & 0x20 ? TF_FOLD_JOINS : TF_FOLD_PLAIN;
    tf_buffer once, twice;
    tf_standard outcome, again;
    tf_buffer_init(&once);
    tf_buffer_init(&twice);
    tf_text value = {(const char *)data + 1, size - 1};
    if (tf_standardise_value(&how, field, value, &once, &outcome, NULL, NULL) == TF_OK &&
        outcome == TF_STANDARD_VALUE) {
        tf_text standard = {once.data, once.length};
        bool is_same =
            tf_standardise_value(&how, field, standard, &twice, &again, NULL, NULL) == TF_OK &&
            again == outcome && tf_text_equal(standard, (tf_text){twice.data, twice.length});
        if (!is_same || !tf_text_is_utf8(standard)) {
            abort();
        }
    }
    tf_buffer_deinit(&once);
    tf_buffer_deinit(&twice);
    return 0;
}

/* Any bytes as link settings or a model of Splink's: what is accepted is written, read and written
 * again as the same bytes. */
#include "trefoil/linkage/model_json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tf_link_model *model;
    tf_link_model *again;
    tf_error error;
    if (tf_link_model_read((tf_text){(const char *)data, size}, &model, &error) != TF_OK) {
        return 0;
    }
    tf_buffer first;
    tf_buffer second;
    tf_buffer_init(&first);
    tf_buffer_init(&second);
    if (tf_link_model_write(model, &first, &error) != TF_OK ||
        tf_link_model_read((tf_text){first.data, first.length}, &again, &error) != TF_OK ||
        tf_link_model_write(again, &second, &error) != TF_OK || first.length != second.length ||
        memcmp(first.data, second.data, first.length) != 0) {
        abort();
    }
    tf_buffer_deinit(&first);
    tf_buffer_deinit(&second);
    tf_link_model_free(model);
    tf_link_model_free(again);
    return 0;
}

/* Any bytes as a head of the audit: what is taken is signed, and is the same when it is written and
 * read again. */
#include "access/audit_head.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tf_audit_head head;
    tf_audit_head again;
    tf_error error;
    if (tf_secret_begin(&error) != TF_OK ||
        tf_audit_head_read((tf_text){(const char *)data, size}, "fuzzed", &head, &error) != TF_OK) {
        return 0;
    }
    tf_buffer first;
    tf_buffer second;
    tf_buffer_init(&first);
    tf_buffer_init(&second);
    tf_audit_head_write(&head, &first);
    if (tf_audit_head_read((tf_text){first.data, first.length}, "written", &again, &error) !=
        TF_OK) {
        abort();
    }
    tf_audit_head_write(&again, &second);
    if (first.length != second.length || memcmp(first.data, second.data, first.length) != 0) {
        abort();
    }
    tf_buffer_deinit(&first);
    tf_buffer_deinit(&second);
    return 0;
}

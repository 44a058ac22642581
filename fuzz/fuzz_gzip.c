/* Any bytes as a file: read to the end or refused. */
#include "trefoil/table/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    tf_source *source;
    tf_error error;
    if (tf_source_open_memory(bytes, length, "fuzz", &source, &error)) {
        return 0;
    }
    static char buffer[65536];
    size_t capacity = 1 + (length * 7919) % sizeof buffer;
    size_t given = capacity;
    tf_status status = TF_OK;
    while (!status && given == capacity) {
        status = tf_source_read(source, buffer, capacity, &given, &error);
    }
    uint64_t consumed;
    uint64_t total;
    tf_source_progress(source, &consumed, &total);
    char sha256[TF_SHA256_TEXT_SIZE];
    if (consumed > total || (!status && consumed != total) ||
        (!status && tf_source_sha256(source, sha256, &error))) {
        __builtin_trap();
    }
    tf_source_close(source);
    return 0;
}

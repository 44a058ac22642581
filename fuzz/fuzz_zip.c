/* Any bytes as a ZIP archive: every member read to its end or refused, its name UTF-8. */
#include "trefoil/base/text.h"
#include "trefoil/table/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_to_end(tf_source *source) {
    static char buffer[65536];
    size_t given = sizeof buffer;
    tf_status status = TF_OK;
    while (!status && given == sizeof buffer) {
        tf_error error;
        status = tf_source_read(source, buffer, sizeof buffer, &given, &error);
    }
    tf_source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    tf_archive *archive;
    tf_error error;
    if (tf_archive_open_memory(bytes, length, "fuzz", &archive, &error)) {
        return 0;
    }
    for (size_t i = 0; i < tf_archive_member_count(archive) && i < 20; i++) {
        if (!tf_text_is_utf8(tf_text_of(tf_archive_member_name(archive, i)))) {
            __builtin_trap();
        }
        tf_source *source;
        if (!tf_archive_open_member(archive, i, &source, &error)) {
            read_to_end(source);
        }
    }
    tf_archive_close(archive);
    return 0;
}

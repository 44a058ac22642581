#include "cli/kept_head.h"

#include <errno.h>
#include <stdio.h>

enum { HEAD_FILE_MOST = 16 * 1024 };

tf_status tf_cli_read_head(const char *path, tf_audit_kept_head *kept_out, tf_error *error) {
    char bytes[HEAD_FILE_MOST];
    FILE *file = fopen(path, "rb");
    if (!file) {
        return tf_fail(error, errno == ENOENT ? TF_NOT_FOUND : TF_IO, path, 0,
                       "the head cannot be read: %s", strerror(errno));
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    bool is_whole = !ferror(file);
    (void)fclose(file);
    if (!is_whole) {
        return tf_fail(error, TF_IO, path, 0, "the head cannot be read; check the disk");
    }
    kept_out->name = path;
    return tf_audit_head_read((tf_text){bytes, length}, path, &kept_out->head, error);
}

#include "path_internal.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

bool tf_path_is_immutable(const char *path) {
    struct statvfs file_system;
    if (statvfs(path, &file_system) != 0 || !(file_system.f_flag & ST_RDONLY)) {
        return false;
    }
    tf_buffer log_path;
    tf_buffer_init(&log_path);
    tf_buffer_format(&log_path, "%s-wal", path);
    struct stat log;
    bool has_log = log_path.failed || (stat(log_path.data, &log) == 0 && log.st_size > 0);
    tf_buffer_deinit(&log_path);
    return !has_log;
}

void tf_path_append_uri(const char *path, bool is_immutable, tf_buffer *uri) {
    tf_buffer_append_text(uri, path[0] == '/' ? "file://" : "file:./");
    for (const char *at = path; *at; at++) {
        if (*at == '%' || *at == '?' || *at == '#') {
            tf_buffer_format(uri, "%%%02X", (unsigned)*at);
        } else {
            tf_buffer_append(uri, at, 1);
        }
    }
    if (is_immutable) {
        tf_buffer_append_text(uri, "?immutable=1");
    }
}

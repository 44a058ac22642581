#include "trefoil/base/log.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
    tf_log_sink *write;
    void *context;
} sink;

void tf_log_set_sink(tf_log_sink *write, void *context) {
    sink.write = write;
    sink.context = context;
}

void tf_log(tf_log_level level, const char *format, ...) {
    if (!sink.write) {
        return;
    }
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    sink.write(sink.context, level, line);
}

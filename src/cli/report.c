#include "cli/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

tf_status tf_report_output(const tf_buffer *buffer, tf_error *error) {
    tf_status status = tf_buffer_check(buffer, error);
    if (status) {
        return status;
    }
    if (fwrite(buffer->data ? buffer->data : "", 1, buffer->length, stdout) != buffer->length ||
        fflush(stdout) != 0) {
        return tf_fail(error, TF_IO, "standard output", 0, "could not be written: %s",
                       strerror(errno));
    }
    return TF_OK;
}

/* Other than TF_INTERNAL, everything can be mended from outside: another file, more room. */
static tf_exit exit_of(tf_status status) {
    if (status == TF_OK) {
        return TF_EXIT_DONE;
    }
    return status == TF_INTERNAL ? TF_EXIT_INTERNAL : TF_EXIT_BAD_INPUT;
}

tf_exit tf_report_status(tf_status status, const tf_error *error) {
    if (status) {
        char text[TF_ERROR_PLACE_SIZE + TF_ERROR_MESSAGE_SIZE + 32];
        fprintf(stderr, "trefoil: %s\n", tf_error_format(error, text, sizeof text));
    }
    return exit_of(status);
}

static TF_PRINTF(2, 0) tf_exit
    report_usage(const char *words, const char *format, va_list arguments) {
    /* tf_fail makes what was typed printable. */
    char text[TF_ERROR_MESSAGE_SIZE];
    vsnprintf(text, sizeof text, format, arguments);
    tf_error error;
    (void)tf_fail(&error, TF_BAD_INPUT, NULL, 0, "%s", text);
    fprintf(stderr, "trefoil: %s (see trefoil %s%s--help)\n", error.message, words ? words : "",
            words ? " " : "");
    return TF_EXIT_WRONG_USAGE;
}

tf_exit tf_report_usage(const tf_command *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    tf_exit code = report_usage(command ? command->name : NULL, format, arguments);
    va_end(arguments);
    return code;
}

tf_exit tf_report_usage_of(const char *family, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    tf_exit code = report_usage(family, format, arguments);
    va_end(arguments);
    return code;
}

tf_exit tf_report_end(tf_status status, tf_buffer *buffer, tf_error *error) {
    if (!status) {
        status = tf_report_output(buffer, error);
    }
    tf_buffer_deinit(buffer);
    return tf_report_status(status, error);
}

static tf_status write_file(const char *path, const tf_buffer *buffer, tf_error *error) {
    tf_status status = tf_buffer_check(buffer, error);
    if (status) {
        return status;
    }
    FILE *file = fopen(path, "wb");
    if (!file) {
        return tf_fail(error, TF_IO, path, 0, "could not be written: %s", strerror(errno));
    }
    bool is_whole =
        fwrite(buffer->data ? buffer->data : "", 1, buffer->length, file) == buffer->length;
    int reason = errno;
    if (fclose(file) != 0) {
        reason = is_whole ? errno : reason;
        is_whole = false;
    }
    if (!is_whole) {
        unlink(path);
        return tf_fail(error, TF_IO, path, 0, "could not be written: %s", strerror(reason));
    }
    return TF_OK;
}

tf_exit tf_report_end_in(tf_status status, const char *path, tf_buffer *buffer, tf_error *error) {
    if (!status) {
        status = write_file(path, buffer, error);
    }
    tf_buffer_deinit(buffer);
    return tf_report_status(status, error);
}

void tf_report_log(void *context, tf_log_level level, const char *line) {
    static const char *const names[] = {"debug", "note", "warning", "error"};
    (void)context;
    if (level > TF_LOG_DEBUG) {
        fprintf(stderr, "trefoil: %s: %s\n", names[level], line);
    }
}

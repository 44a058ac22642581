#include "trefoil/base/status.h"

#include "trefoil/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Drop a UTF-8 character that snprintf cut in two at the end of a full buffer. */
static void trim_partial_character(char *text) {
    size_t length = strlen(text);
    for (size_t back = 1; back <= 4 && back <= length; back++) {
        unsigned char byte = (unsigned char)text[length - back];
        if (byte < 0x80) {
            return;
        }
        if (byte >= 0xC0) {
            size_t wanted = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
            if (back < wanted) {
                text[length - back] = '\0';
            }
            return;
        }
    }
}

/* Text from outside ends up in messages: what is not UTF-8 or would move a terminal's cursor is
 * shown as a question mark. */
static void make_printable(char *text) {
    bool is_utf8 = tf_text_is_utf8(tf_text_of(text));
    for (char *at = text; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_utf8)) {
            *at = '?';
        }
    }
}

tf_status tf_fail(tf_error *error, tf_code code, const char *place, int64_t line,
                  const char *format, ...) {
    if (error) {
        error->code = code;
        error->line = line;
        error->place[0] = '\0';
        tf_error_set_place(error, place);
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
        trim_partial_character(error->message);
        make_printable(error->message);
    }
    return code;
}

tf_status tf_fail_no_memory(tf_error *error) {
    return tf_fail(error, TF_NO_MEMORY, NULL, 0,
                   "there is not enough memory; close other programs or give less input at once");
}

void tf_error_set_place(tf_error *error, const char *place) {
    if (error && place && error->place[0] == '\0') {
        snprintf(error->place, sizeof error->place, "%s", place);
        trim_partial_character(error->place);
        make_printable(error->place);
    }
}

char *tf_error_format(const tf_error *error, char *buffer, size_t buffer_size) {
    if (error->place[0] && error->line > 0) {
        snprintf(buffer, buffer_size, "%s, line %lld: %s", error->place, (long long)error->line,
                 error->message);
    } else if (error->place[0]) {
        snprintf(buffer, buffer_size, "%s: %s", error->place, error->message);
    } else {
        snprintf(buffer, buffer_size, "%s", error->message);
    }
    trim_partial_character(buffer);
    return buffer;
}

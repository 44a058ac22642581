/* A Cookie header.  No crash; what is found is a value that this site can have set, stands there
 * once, and is found again when it is alone. */
#include "web/http/cookie.h"

#include <stdlib.h>

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

static tf_text find(tf_text line, bool is_secure) {
    tf_header header = {{"Cookie", 6}, line};
    tf_request request = {.headers = &header, .header_count = 1, .is_secure = is_secure};
    return tf_request_cookie(&request, "t");
}

static size_t count_of(tf_text line, const char *part) {
    size_t count = 0;
    size_t length = strlen(part);
    const char *at = line.data;
    const char *end = line.data + line.length;
    while (at && (at = memmem(at, (size_t)(end - at), part, length))) {
        count++;
        at += length;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    tf_text line = {(const char *)bytes, length};
    for (int is_secure = 0; is_secure < 2; is_secure++) {
        const char *start = is_secure ? "__Host-t=" : "t=";
        tf_text value = find(line, is_secure);
        if (!value.data) {
            continue;
        }
        check(count_of(line, start) > 0);
        check(value.length <= TF_COOKIE_MOST);
        for (size_t i = 0; i < value.length; i++) {
            check(value.data[i] > ' ' && value.data[i] != ';' && value.data[i] != ',' &&
                  value.data[i] != '"' && value.data[i] != '\\');
        }
        if (value.length) {
            tf_buffer alone = {0};
            tf_buffer_format(&alone, "%s%.*s", start, TF_TEXT_ARG(value));
            check(tf_text_equal(find((tf_text){alone.data, alone.length}, is_secure), value));
            tf_buffer_deinit(&alone);
        }
    }
    return 0;
}

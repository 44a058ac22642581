#include "web/http/response.h"

#include <stdlib.h>

static const size_t most_headers =
    sizeof((tf_response *)0)->headers / sizeof(struct tf_response_header);

void tf_response_header(tf_response *response, const char *name, const char *value) {
    if (response->header_count == most_headers || strpbrk(name, "\r\n:") ||
        strpbrk(value, "\r\n")) {
        abort();
    }
    response->headers[response->header_count++] = (struct tf_response_header){name, value};
}

void tf_response_attachment(tf_response *response, const char *file_name) {
    static const char start[] = "attachment; filename=\"";
    size_t length = strlen(file_name);
    char *value = tf_arena_alloc(response->arena, sizeof start + length + 1, 1);
    if (!value) {
        response->body.failed = true;
        return;
    }
    char *end = stpcpy(value, start);
    for (size_t i = 0; i < length; i++) {
        char c = file_name[i];
        bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
        if (is_kept) {
            *end++ = c;
        }
    }
    *end++ = '"';
    *end = '\0';
    tf_response_header(response, "Content-Disposition", value);
}

const char *tf_full_stop(const char *sentence) {
    size_t length = strlen(sentence);
    return length && strchr(".?!", sentence[length - 1]) ? "" : ".";
}

bool tf_is_own_path(tf_text text) {
    /* "//name" leads to another site, and so do "/\name" and, as browsers take tabs and line breaks
     * out of addresses, "/<tab>/name". */
    if (text.length == 0 || text.data[0] != '/' || (text.length > 1 && text.data[1] == '/')) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] <= ' ' || text.data[i] > '~' || text.data[i] == '\\') {
            return false;
        }
    }
    return true;
}

void tf_response_redirect(tf_response *response, const char *location) {
    if (!tf_is_own_path(tf_text_of(location))) {
        abort();
    }
    response->status = 303;
    response->caching = TF_CACHE_NEVER;
    tf_response_header(response, "Location", location);
}

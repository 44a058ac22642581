#include "web/http/cookie.h"

#include "cookie_internal.h"

#include <stdio.h>
#include <stdlib.h>

static const char host_prefix[] = "__Host-";
static const tf_text unusable = {"", 0};

static bool is_fine(tf_text text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
        if (!is_kept) {
            return false;
        }
    }
    return text.length > 0 && text.length <= TF_COOKIE_MOST;
}

/* The value, if this pair is the cookie; data NULL otherwise. */
static tf_text value_of(tf_text pair, bool is_secure, const char *name) {
    const tf_text none = {NULL, 0};
    const size_t prefix = is_secure ? sizeof host_prefix - 1 : 0;
    const char *equals = pair.length ? memchr(pair.data, '=', pair.length) : NULL;
    if (!equals || (is_secure && !tf_text_starts_with(pair, host_prefix))) {
        return none;
    }
    const char *start = pair.data + prefix;
    if (equals < start ||
        !tf_text_equal((tf_text){start, (size_t)(equals - start)}, tf_text_of(name))) {
        return none;
    }
    tf_text value = {equals + 1, pair.length - (size_t)(equals + 1 - pair.data)};
    return is_fine(value) ? value : unusable;
}

tf_text tf_cookie_find(const tf_header *headers, size_t count, bool is_secure, const char *name) {
    tf_text found = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        if (!tf_text_equal_fold(headers[i].name, tf_text_of("cookie"))) {
            continue;
        }
        tf_text left = headers[i].value;
        while (left.length) {
            const char *end = memchr(left.data, ';', left.length);
            size_t length = end ? (size_t)(end - left.data) : left.length;
            tf_text pair = tf_text_trim((tf_text){left.data, length});
            tf_text value = value_of(pair, is_secure, name);
            if (value.data) {
                /* Of two one may be planted, and nothing tells which. */
                found = found.data ? unusable : value;
            }
            length += end != NULL;
            left = (tf_text){left.data + length, left.length - length};
        }
    }
    return found;
}

tf_text tf_request_cookie(const tf_request *request, const char *name) {
    return tf_cookie_find(request->headers, request->header_count, request->is_secure, name);
}

static void add(tf_response *response, const tf_request *request, const char *name,
                const char *value, const char *lifetime) {
    if (!is_fine(tf_text_of(name))) {
        abort();
    }
    response->is_personal = true;
    const char *line =
        tf_arena_format(response->arena, "%s%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                        request->is_secure ? host_prefix : "", name, value,
                        request->is_secure ? "; Secure" : "", lifetime);
    if (line) {
        tf_response_header(response, "Set-Cookie", line);
    } else {
        response->body.failed = true;
    }
}

void tf_response_set_cookie(tf_response *response, const tf_request *request, const char *name,
                            const char *value, int64_t seconds) {
    char lifetime[40] = "";
    if (!is_fine(tf_text_of(value))) {
        abort();
    }
    if (seconds > 0) {
        snprintf(lifetime, sizeof lifetime, "; Max-Age=%lld", (long long)seconds);
    }
    add(response, request, name, value, lifetime);
}

void tf_response_drop_cookie(tf_response *response, const tf_request *request, const char *name) {
    add(response, request, name, "", "; Max-Age=0");
}

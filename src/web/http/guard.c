#include "web/http/guard.h"

/* "name:8080" and "[::1]:8080" without the port. */
static tf_text without_port(tf_text host) {
    const char *colon = host.length ? memrchr(host.data, ':', host.length) : NULL;
    const char *bracket = host.length ? memrchr(host.data, ']', host.length) : NULL;
    if (colon && (!bracket || colon > bracket)) {
        host.length = (size_t)(colon - host.data);
    }
    return host;
}

static bool is_listed(const tf_guard *guard, tf_text host) {
    tf_text name = without_port(host);
    for (size_t i = 0; i < guard->host_count; i++) {
        tf_text listed = tf_text_of(guard->hosts[i]);
        if (tf_text_equal_fold(name, listed) || tf_text_equal_fold(host, listed)) {
            return true;
        }
    }
    return false;
}

static bool is_this_site(const tf_guard *guard, tf_text host) {
    tf_text name = without_port(host);
    return guard->is_any_host || tf_text_equal_fold(name, tf_text_of("localhost")) ||
           tf_text_equal_fold(name, without_port(tf_text_of(guard->address))) ||
           is_listed(guard, host);
}

static bool is_own_origin(const tf_guard *guard, tf_text origin, tf_text host) {
    const char *mark = origin.length ? memmem(origin.data, origin.length, "://", 3) : NULL;
    if (!mark) {
        return false;
    }
    size_t start = (size_t)(mark - origin.data) + 3;
    tf_text own = {origin.data + start, origin.length - start};
    return tf_text_equal_fold(own, host) || is_listed(guard, own);
}

/* A header that must say the same however often it comes. */
static bool each_is(const tf_head *head, const char *name, const tf_guard *guard,
                    bool (*is_fine)(const tf_guard *guard, tf_text value, tf_text host)) {
    tf_text wanted = tf_text_of(name);
    for (size_t i = 0; i < head->header_count; i++) {
        if (tf_text_equal_fold(head->headers[i].name, wanted) &&
            !is_fine(guard, head->headers[i].value, head->host)) {
            return false;
        }
    }
    return true;
}

static bool is_own_fetch(const tf_guard *guard, tf_text site, tf_text host) {
    (void)guard;
    (void)host;
    return tf_text_equal(site, tf_text_of("same-origin")) ||
           tf_text_equal(site, tf_text_of("none"));
}

tf_refusal tf_guard_check(const tf_guard *guard, const tf_head *head) {
    if (!is_this_site(guard, head->host)) {
        return (tf_refusal){421, "This server does not answer for the host of the address"};
    }
    bool only_reads = tf_text_equal(head->method, tf_text_of("GET")) ||
                      tf_text_equal(head->method, tf_text_of("HEAD"));
    if (!only_reads && (!each_is(head, "origin", guard, is_own_origin) ||
                        !each_is(head, "sec-fetch-site", guard, is_own_fetch))) {
        return (tf_refusal){403,
                            "Another site sent this form; open the page here and send it again"};
    }
    return (tf_refusal){0, NULL};
}

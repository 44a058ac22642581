#include "web/http/guard.h"

#include <arpa/inet.h>
#include <stdio.h>

/* "name:8080" and "[::1]:8080" without the port. */
static tf_text without_port(tf_text host) {
    const char *colon = host.length ? memrchr(host.data, ':', host.length) : NULL;
    const char *bracket = host.length ? memrchr(host.data, ']', host.length) : NULL;
    if (colon && (!bracket || colon > bracket)) {
        host.length = (size_t)(colon - host.data);
    }
    return host;
}

bool tf_guard_is_named(const tf_guard *guard, tf_text host) {
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
           tf_guard_is_named(guard, host);
}

/* An address in place of a name, which nobody's name server can point elsewhere. */
static bool is_address(tf_text host) {
    char name[64];
    struct in6_addr address;
    host = without_port(host);
    if (host.length > 2 && host.data[0] == '[' && host.data[host.length - 1] == ']') {
        host = (tf_text){host.data + 1, host.length - 2};
    }
    if (host.length >= sizeof name) {
        return false;
    }
    snprintf(name, sizeof name, "%.*s", TF_TEXT_ARG(host));
    return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

/* Whether a request with this host may change something.  Where any name is answered, a page of
 * another site could have its own name point here and be taken for a page of this one. */
static bool may_change(const tf_guard *guard, tf_text host) {
    tf_guard strict = *guard;
    strict.is_any_host = false;
    return is_address(host) || is_this_site(&strict, host);
}

static bool is_own_origin(const tf_guard *guard, tf_text origin, tf_text host) {
    const char *mark = origin.length ? memmem(origin.data, origin.length, "://", 3) : NULL;
    if (!mark) {
        return false;
    }
    size_t start = (size_t)(mark - origin.data) + 3;
    tf_text own = {origin.data + start, origin.length - start};
    return tf_text_equal_fold(own, host) || tf_guard_is_named(guard, own);
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
    if (!only_reads && !may_change(guard, head->host)) {
        return (tf_refusal){403, "This name of the site was not made known to it (--host), so that "
                                 "nothing can be sent to it; use its address instead"};
    }
    return (tf_refusal){0, NULL};
}

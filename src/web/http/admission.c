#include "connection_internal.h"
#include "cookie_internal.h"

enum { LARGEST_FORM = 128 * 1024 };

static tf_refusal check_content_type(const tf_exchange *exchange) {
    static const char *const types[] = {[TF_BODY_FORM] = "application/x-www-form-urlencoded",
                                        [TF_BODY_MULTIPART] = "multipart/form-data"};
    const tf_head *head = &exchange->head;
    tf_text type = tf_head_value(head->headers, head->header_count, "content-type");
    const char *parameters = type.length ? memchr(type.data, ';', type.length) : NULL;
    if (parameters) {
        type.length = (size_t)(parameters - type.data);
    }
    if (!tf_text_equal_fold(tf_text_trim(type), tf_text_of(types[exchange->route->body]))) {
        return (tf_refusal){415, "The form was not sent as this page takes it"};
    }
    return (tf_refusal){0, NULL};
}

uint64_t tf_admission_body_limit(const tf_server *server, tf_body_kind kind) {
    return kind == TF_BODY_MULTIPART ? server->options.max_upload
           : kind == TF_BODY_FORM    ? LARGEST_FORM
                                     : 0;
}

tf_refusal tf_admission_check(const tf_server *server, tf_exchange *exchange) {
    const tf_head *head = &exchange->head;
    tf_refusal refusal = tf_guard_check(&server->guard, head);
    if (refusal.status) {
        return refusal;
    }
    exchange->route =
        tf_route_find(&server->options.routes, head->method, head->path, &exchange->allowed);
    const tf_route *route = exchange->route;
    if (!route && exchange->allowed[0]) {
        return (tf_refusal){405, "This address does not take requests of this kind"};
    }
    if (!route) {
        return (tf_refusal){404, "There is no page at this address"};
    }
    if (head->has_length && head->length > tf_admission_body_limit(server, route->body)) {
        return (tf_refusal){413, "What was sent is too large"};
    }
    if (head->is_chunked && route->body == TF_BODY_NONE) {
        return (tf_refusal){413, "This address takes no content"};
    }
    if (route->body != TF_BODY_NONE && !head->is_chunked && !head->has_length) {
        return (tf_refusal){411, "The request does not say its length"};
    }
    return route->body != TF_BODY_NONE ? check_content_type(exchange) : refusal;
}

bool tf_admission_is_forwarded(const tf_head *head) {
    static const char *const names[] = {"forwarded", "x-forwarded-for", "x-real-ip", "via"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (tf_head_value(head->headers, head->header_count, names[i]).data) {
            return true;
        }
    }
    return false;
}

/* A name of the site stands for a proxy with TLS before it, which is how it is opened to others. */
bool tf_admission_is_secure(const tf_server *server, const tf_head *head) {
    tf_text scheme = tf_head_value(head->headers, head->header_count, "x-forwarded-proto");
    return tf_text_equal_fold(scheme, tf_text_of("https")) ||
           tf_guard_is_named(&server->guard, head->host);
}

bool tf_admission_is_personal(const tf_server *server, const tf_exchange *exchange) {
    const char *name = server->options.visitor_cookie;
    const tf_head *head = &exchange->head;
    return name &&
           tf_cookie_find(head->headers, head->header_count, exchange->is_secure, name).data;
}

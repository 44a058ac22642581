#include "route_internal.h"

#include "form_internal.h"
#include "percent_internal.h"

/* The next segment of a path that starts with a slash; false at its end. */
static bool next_segment(tf_text *path, tf_text *segment_out) {
    if (path->length == 0) {
        return false;
    }
    const char *start = path->data + 1;
    const char *slash = memchr(start, '/', path->length - 1);
    size_t length = slash ? (size_t)(slash - start) : path->length - 1;
    *segment_out = (tf_text){start, length};
    path->data += length + 1;
    path->length -= length + 1;
    return true;
}

static bool is_field(tf_text segment) {
    return segment.length > 2 && segment.data[0] == '{';
}

/* Whether a segment as it was sent is this one; a segment that is escaped without need is too. */
static bool is_same(tf_text sent, tf_text segment) {
    char decoded[128];
    size_t length;
    return sent.length <= sizeof decoded && tf_percent_decode(sent, false, decoded, &length) &&
           tf_text_equal((tf_text){decoded, length}, segment);
}

/* How well a path fits: -1 not at all, otherwise a number that is the greater the further left its
 * fixed segments stand. */
static int64_t fit(const char *pattern, tf_text path) {
    tf_text left = tf_text_of(pattern);
    tf_text wanted = {NULL, 0};
    tf_text sent = {NULL, 0};
    int64_t score = 0;
    for (;;) {
        bool has_wanted = next_segment(&left, &wanted);
        bool has_sent = next_segment(&path, &sent);
        if (!has_wanted || !has_sent) {
            return has_wanted == has_sent ? score : -1;
        }
        if (is_field(wanted) ? sent.length == 0 : !is_same(sent, wanted)) {
            return -1;
        }
        score = score * 2 + !is_field(wanted);
    }
}

static bool answers(const tf_route *route, tf_text method) {
    return tf_text_equal(tf_text_of(route->method), method) ||
           (strcmp(route->method, "GET") == 0 && tf_text_equal(method, tf_text_of("HEAD")));
}

const tf_route *tf_route_find(const tf_routes *routes, tf_text method, tf_text path,
                              const char **allowed_out) {
    static const char *const methods[] = {"", "GET, HEAD", "POST", "GET, HEAD, POST"};
    const tf_route *best = NULL;
    int64_t best_fit = -1;
    unsigned allowed = 0;
    for (size_t i = 0; i < routes->count; i++) {
        const tf_route *route = routes->routes[i];
        int64_t route_fit = fit(route->path, path);
        if (route_fit < 0) {
            continue;
        }
        allowed |= strcmp(route->method, "GET") == 0 ? 1 : 2;
        if (answers(route, method) && route_fit > best_fit) {
            best = route;
            best_fit = route_fit;
        }
    }
    *allowed_out = methods[allowed];
    return best;
}

tf_status tf_route_take_path(const tf_route *route, tf_text path, tf_form *form, tf_arena *arena,
                             tf_error *error) {
    tf_text pattern = tf_text_of(route->path);
    tf_text wanted;
    tf_text sent;
    while (next_segment(&pattern, &wanted) && next_segment(&path, &sent)) {
        if (!is_field(wanted)) {
            continue;
        }
        char *decoded = tf_arena_alloc(arena, sent.length + 1, 1);
        if (!decoded) {
            return tf_fail_no_memory(error);
        }
        size_t length;
        bool is_readable = tf_percent_decode(sent, false, decoded, &length);
        tf_text name = {wanted.data + 1, wanted.length - 2};
        tf_form_put(form, name, (tf_text){decoded, length}, is_readable);
    }
    return TF_OK;
}

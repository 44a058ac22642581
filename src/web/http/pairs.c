#include "web/http/pairs.h"

#include "percent_internal.h"

enum { MOST_PAIRS = 200 };

static tf_status decode(tf_text sent, tf_arena *arena, tf_text *text_out, tf_error *error) {
    char *decoded = tf_arena_alloc(arena, sent.length + 1, 1);
    if (!decoded) {
        return tf_fail_no_memory(error);
    }
    size_t length;
    (void)tf_percent_decode(sent, true, decoded, &length);
    *text_out = (tf_text){decoded, length};
    return TF_OK;
}

static tf_status take_pair(tf_text sent, tf_arena *arena, tf_pair *pair_out, tf_error *error) {
    const char *equals = memchr(sent.data, '=', sent.length);
    size_t name_length = equals ? (size_t)(equals - sent.data) : sent.length;
    tf_text value = {"", 0};
    if (equals) {
        value = (tf_text){equals + 1, sent.length - name_length - 1};
    }
    tf_status status = decode((tf_text){sent.data, name_length}, arena, &pair_out->name, error);
    return status ? status : decode(value, arena, &pair_out->value, error);
}

tf_status tf_pairs_parse(tf_text sent, tf_arena *arena, tf_pair **pairs_out, size_t *count_out,
                         tf_error *error) {
    *count_out = 0;
    *pairs_out = tf_arena_alloc(arena, MOST_PAIRS, sizeof **pairs_out);
    if (!*pairs_out) {
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    while (sent.length && !status) {
        const char *mark = memchr(sent.data, '&', sent.length);
        size_t length = mark ? (size_t)(mark - sent.data) : sent.length;
        if (*count_out == MOST_PAIRS) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "the form has more than %d fields; send fewer", MOST_PAIRS);
        }
        if (length) {
            status =
                take_pair((tf_text){sent.data, length}, arena, &(*pairs_out)[*count_out], error);
            *count_out += 1;
        }
        length += mark != NULL;
        sent.data += length;
        sent.length -= length;
    }
    return status;
}

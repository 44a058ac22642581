/* A connection's bytes: heads, framing and bodies.  No crash, the same requests however the bytes
 * arrive, and what is accepted is what the grammar of RFC 9112 allows. */
#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"
#include "web/http/chunked.h"
#include "web/http/guard.h"
#include "web/http/negotiate.h"

#include <stdlib.h>

typedef struct digest {
    uint64_t requests;
    uint64_t bodies;
    int status; /* of the refusal that ended it */
} digest;

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

/* What a stranger to our parser would say of an accepted head. */
static void check_head(tf_text bytes, const tf_head *head) {
    for (size_t i = 0; i < bytes.length; i++) {
        check(bytes.data[i] != '\0' && (unsigned char)bytes.data[i] < 0x7F);
        check(bytes.data[i] != '\n' || (i && bytes.data[i - 1] == '\r'));
        check(bytes.data[i] != '\r' || bytes.data[i + 1] == '\n');
    }
    check(memmem(bytes.data, bytes.length, "\r\n ", 3) == NULL);
    check(memmem(bytes.data, bytes.length, "\r\n\t", 3) == NULL);
    check(!(head->is_chunked && head->has_length));
    check(head->header_count <= TF_HEAD_MAX_HEADERS);
    check(head->target.length <= TF_HEAD_MAX_TARGET && head->target.data[0] == '/');
    check(head->minor_version == 0 || head->host.length > 0);
    int hosts = 0;
    int lengths = 0;
    for (size_t i = 0; i < head->header_count; i++) {
        hosts += tf_text_equal_fold(head->headers[i].name, tf_text_of("host"));
        lengths += tf_text_equal_fold(head->headers[i].name, tf_text_of("content-length"));
    }
    check(hosts <= 1 && lengths == head->has_length);
}

/* What stands on a head once it is accepted. */
static uint64_t use_head(const tf_head *head) {
    static const tf_guard guard = {.address = "127.0.0.1:80"};
    tf_text coding = tf_head_value(head->headers, head->header_count, "accept-encoding");
    tf_text tags = tf_head_value(head->headers, head->header_count, "if-none-match");
    uint64_t words[] = {tf_hash(head->target.data, head->target.length),
                        tf_hash(head->path.data, head->path.length),
                        head->header_count,
                        head->length,
                        head->keeps_alive,
                        tf_negotiate_encodings(coding),
                        tf_negotiate_matches(tags, tf_text_of("\"a\"")),
                        (uint64_t)tf_guard_check(&guard, head).status};
    return tf_hash(words, sizeof words);
}

/* Read a body from *left, which starts behind the head; false if it does not end. */
static bool read_body(const tf_head *head, tf_text *left, size_t step, digest *seen) {
    if (!head->is_chunked) {
        uint64_t length = head->length < left->length ? head->length : left->length;
        seen->bodies = seen->bodies * 31 + tf_hash(left->data, length);
        left->data += length;
        left->length -= length;
        return length == head->length;
    }
    tf_chunked chunked = {0};
    while (left->length) {
        tf_text arrived = {left->data, left->length < step ? left->length : step};
        size_t given = arrived.length;
        tf_chunked_step outcome;
        tf_text piece;
        while ((outcome = tf_chunked_take(&chunked, &arrived, &piece)) == TF_CHUNKED_PIECE) {
            for (size_t i = 0; i < piece.length; i++) {
                seen->bodies = seen->bodies * 31 + (unsigned char)piece.data[i];
            }
        }
        left->data += given - arrived.length;
        left->length -= given - arrived.length;
        if (outcome != TF_CHUNKED_MORE) {
            seen->status = outcome == TF_CHUNKED_BAD ? 400 : 0;
            return outcome == TF_CHUNKED_END;
        }
    }
    return false;
}

/* Read request after request, seeing `step` bytes more at a time. */
static digest read_all(tf_text bytes, size_t step) {
    digest seen = {0};
    while (bytes.length) {
        size_t scanned = 0;
        size_t length = 0;
        size_t arrived = 0;
        tf_refusal refusal = {0};
        while (!refusal.status && length == 0 && arrived < bytes.length) {
            arrived += step < bytes.length - arrived ? step : bytes.length - arrived;
            refusal = tf_head_measure((tf_text){bytes.data, arrived}, &scanned, &length);
        }
        if (refusal.status || length == 0) {
            seen.status = refusal.status;
            break;
        }
        tf_head head;
        tf_text head_bytes = {bytes.data, length};
        refusal = tf_head_parse(head_bytes, &head);
        if (refusal.status) {
            seen.status = refusal.status;
            break;
        }
        check_head(head_bytes, &head);
        seen.requests = seen.requests * 31 + use_head(&head);
        bytes.data += length;
        bytes.length -= length;
        if (!read_body(&head, &bytes, step, &seen)) {
            break;
        }
    }
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    tf_text text = {(const char *)bytes, length};
    digest whole = read_all(text, length ? length : 1);
    digest pieces = read_all(text, 3);
    /* A head may be refused before all of it is seen, for another reason then. */
    check((whole.status == 0) == (pieces.status == 0));
    check(whole.requests == pieces.requests && whole.bodies == pieces.bodies);
    return 0;
}

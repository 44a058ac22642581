/* The head of a request: request line and headers (RFC 9112), read strictly.  What two readers
 * might understand differently is refused, so that no proxy and this server ever disagree about
 * where a request ends. */
#ifndef WEB_HTTP_HEAD_H
#define WEB_HTTP_HEAD_H

#include "web/http/request.h"

enum {
    TF_HEAD_MAX_SIZE = 16 * 1024,
    TF_HEAD_MAX_TARGET = 8000,
    TF_HEAD_MAX_HEADERS = 64,
};

/* Borrowed from the bytes that were parsed. */
typedef struct tf_head {
    tf_text method;
    tf_text target;    /* path and query as sent */
    tf_text path;      /* as sent; its escapes are sound and no segment is "." or ".." */
    tf_text query;     /* as sent, without the "?" */
    tf_text host;      /* "" if a request of HTTP/1.0 has none */
    int minor_version; /* of HTTP/1: 0 or 1 */
    bool keeps_alive;
    bool is_chunked;
    bool has_length;
    bool expects_continue;
    uint64_t length; /* of the body, if has_length */
    tf_header headers[TF_HEAD_MAX_HEADERS];
    size_t header_count;
} tf_head;

/* What is wrong with a request: the status of the answer and a sentence for a person. */
typedef struct tf_refusal {
    int status; /* 0: nothing is wrong */
    const char *reason;
} tf_refusal;

/* Find the end of the head in what has arrived so far: *length_out counts it with its empty line,
 * and is 0 while it has not ended.  *scanned remembers, between calls, how far was looked; it
 * starts with 0.  Refuses what can become no head, whatever follows.  O(new bytes). */
tf_refusal tf_head_measure(tf_text arrived, size_t *scanned, size_t *length_out);

/* Parse a whole head.  A pure function of its bytes.  O(length). */
tf_refusal tf_head_parse(tf_text bytes, tf_head *head_out);

/* The value of a header, its first if it comes several times; data NULL if it was not sent. */
tf_text tf_head_value(const tf_header *headers, size_t count, const char *name);

#endif

#include "exchange_internal.h"

#include "trefoil/base/file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static const tf_refusal fine = {0, NULL};
static const tf_refusal too_large = {413, "What was sent is too large"};

tf_exchange *tf_exchange_new(tf_text bytes) {
    tf_exchange *exchange = tf_alloc(1, sizeof *exchange + bytes.length);
    if (exchange) {
        *exchange = (tf_exchange){.body = {.file = -1}, .byte_count = bytes.length};
        memcpy(exchange->bytes, bytes.data, bytes.length);
    }
    return exchange;
}

void tf_exchange_free(tf_exchange *exchange) {
    if (exchange) {
        tf_body_deinit(&exchange->body);
        tf_answer_release(exchange->answer);
        tf_free(exchange);
    }
}

bool tf_exchange_is_head(const tf_exchange *exchange) {
    return tf_text_equal(exchange->head.method, tf_text_of("HEAD"));
}

tf_refusal tf_body_begin(tf_body *body, const tf_head *head, uint64_t limit, const char *folder) {
    body->is_chunked = head->is_chunked;
    body->left = head->length;
    body->limit = limit;
    if (folder) {
        body->file = tf_file_open_unnamed(folder);
        if (body->file < 0) {
            return (tf_refusal){507, "There is no room to keep what was sent; try again later"};
        }
    }
    return fine;
}

static tf_refusal write_all(int file, tf_text piece) {
    while (piece.length) {
        ssize_t written = write(file, piece.data, piece.length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return (tf_refusal){507, "There is no room to keep what was sent; try again later"};
        }
        piece.data += written;
        piece.length -= (size_t)written;
    }
    return fine;
}

static tf_refusal keep(tf_body *body, tf_text piece) {
    if (piece.length > body->limit - body->length) {
        return too_large;
    }
    body->length += piece.length;
    if (body->file >= 0) {
        return write_all(body->file, piece);
    }
    tf_buffer_append(&body->memory, piece.data, piece.length);
    if (body->memory.failed) {
        return (tf_refusal){503, "The server is busy; try again in a moment"};
    }
    return fine;
}

tf_refusal tf_body_take(tf_body *body, tf_text *arrived, bool *is_complete_out) {
    *is_complete_out = false;
    if (!body->is_chunked) {
        size_t length = arrived->length < body->left ? arrived->length : (size_t)body->left;
        tf_refusal refusal = keep(body, (tf_text){arrived->data, length});
        arrived->data += length;
        arrived->length -= length;
        body->left -= length;
        *is_complete_out = body->left == 0;
        return refusal;
    }
    for (;;) {
        tf_text piece;
        tf_refusal refusal = fine;
        switch (tf_chunked_take(&body->chunked, arrived, &piece)) {
        case TF_CHUNKED_PIECE:
            refusal = keep(body, piece);
            break;
        case TF_CHUNKED_MORE:
            /* What a chunk announces counts before it has come. */
            return body->chunked.left > body->limit - body->length ? too_large : fine;
        case TF_CHUNKED_END:
            *is_complete_out = true;
            return fine;
        case TF_CHUNKED_BAD:
            refusal = (tf_refusal){400, "The chunks of the request are malformed"};
            break;
        }
        if (refusal.status) {
            return refusal;
        }
    }
}

tf_refusal tf_body_whole(tf_body *body, tf_text *whole_out) {
    *whole_out = (tf_text){"", 0};
    if (body->length == 0) {
        return fine;
    }
    if (body->file < 0) {
        *whole_out = (tf_text){body->memory.data, body->memory.length};
        return fine;
    }
    void *mapped = mmap(NULL, body->length, PROT_READ, MAP_PRIVATE, body->file, 0);
    if (mapped == MAP_FAILED) {
        return (tf_refusal){503, "The server is busy; try again in a moment"};
    }
    body->mapped = mapped;
    *whole_out = (tf_text){mapped, body->length};
    return fine;
}

void tf_body_deinit(tf_body *body) {
    if (body->mapped) {
        munmap(body->mapped, body->length);
        body->mapped = NULL;
    }
    if (body->file >= 0) {
        close(body->file);
        body->file = -1;
    }
    tf_buffer_deinit(&body->memory);
}

#include "web/http/answer.h"

#include "deflate_internal.h"
#include "trefoil/base/hash.h"
#include "web/http/negotiate.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORTH_PACKING = 1024 };

const char *tf_status_phrase(int status) {
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (phrases[i].status == status) {
            return phrases[i].phrase;
        }
    }
    return "Other";
}

tf_answer *tf_answer_share(tf_answer *answer) {
    atomic_fetch_add(&answer->owners, 1);
    return answer;
}

void tf_answer_release(tf_answer *answer) {
    if (!answer || atomic_fetch_sub(&answer->owners, 1) > 1) {
        return;
    }
    if (answer->file >= 0) {
        close(answer->file);
    }
    tf_free(answer->owned);
    tf_free(answer->fields);
    tf_free(answer->content_fields);
    tf_free(answer);
}

size_t tf_answer_size(const tf_answer *answer) {
    return sizeof *answer + answer->fields_length + answer->content_fields_length +
           (answer->owned ? answer->length : 0);
}

/* Choose among the packed forms of a fixed body. */
static const char *choose_fixed(tf_answer *answer, const tf_response *response,
                                unsigned encodings) {
    tf_text chosen = response->fixed_body;
    const char *coding = NULL;
    if ((encodings & TF_ENCODING_BROTLI) && response->fixed_brotli.data) {
        chosen = response->fixed_brotli;
        coding = "br";
    } else if ((encodings & TF_ENCODING_GZIP) && response->fixed_gzip.data) {
        chosen = response->fixed_gzip;
        coding = "gzip";
    }
    answer->body = chosen.data;
    answer->length = chosen.length;
    return coding;
}

/* What only one person may see is not packed: with text of an attacker's choice beside it, its
 * length would tell (BREACH, Gluck and others 2013). */
static const char *take_body(tf_answer *answer, tf_response *response, unsigned encodings) {
    tf_buffer *body = &response->body;
    bool is_packed = (encodings & TF_ENCODING_GZIP) && body->length > WORTH_PACKING &&
                     response->caching != TF_CACHE_NEVER &&
                     tf_negotiate_is_compressible(tf_text_of(response->content_type));
    if (is_packed) {
        size_t length;
        answer->owned = tf_deflate_gzip(body->data, body->length, &length);
        if (answer->owned) {
            answer->body = answer->owned;
            answer->length = length;
            return "gzip";
        }
    }
    if (body->length) {
        char *trimmed = tf_realloc(body->data, body->length, 1);
        answer->owned = trimmed ? trimmed : body->data;
        answer->body = answer->owned;
        answer->length = body->length;
        *body = (tf_buffer){0};
    }
    return NULL;
}

static tf_status take_file(tf_answer *answer, tf_response *response, tf_error *error) {
    struct stat about;
    answer->file = response->file;
    response->file = -1;
    if (fstat(answer->file, &about) != 0) {
        return tf_fail(error, TF_IO, NULL, 0, "the file to be sent cannot be read");
    }
    answer->length = (uint64_t)about.st_size;
    return TF_OK;
}

static const char *caching_words(tf_caching caching, bool is_private) {
    if (caching == TF_CACHE_NEVER) {
        return "no-store";
    }
    if (caching == TF_CACHE_FOREVER) {
        return is_private ? "private, max-age=31536000, immutable"
                          : "public, max-age=31536000, immutable";
    }
    return is_private ? "private, no-cache" : "no-cache";
}

static tf_status write_fields(tf_answer *answer, const tf_response *response, const char *coding,
                              bool is_private, tf_error *error) {
    tf_buffer fields = {0};
    tf_buffer content = {0};
    tf_buffer_format(&fields, "Cache-Control: %s\r\n",
                     caching_words(response->caching, is_private));
    if (answer->file < 0) {
        tf_buffer_append_text(&fields, "Vary: Accept-Encoding\r\n");
    }
    if (answer->etag[0]) {
        tf_buffer_format(&fields, "ETag: %s\r\n", answer->etag);
    }
    for (size_t i = 0; i < response->header_count; i++) {
        tf_buffer_format(&fields, "%s: %s\r\n", response->headers[i].name,
                         response->headers[i].value);
    }
    if (answer->length > 0 || answer->status == 200) {
        tf_buffer_format(&content, "Content-Type: %s\r\n", response->content_type);
    }
    if (coding) {
        tf_buffer_format(&content, "Content-Encoding: %s\r\n", coding);
    }
    if (answer->status != 204) {
        tf_buffer_format(&content, "Content-Length: %" PRIu64 "\r\n", answer->length);
    }
    answer->fields = fields.data;
    answer->fields_length = fields.length;
    answer->content_fields = content.data;
    answer->content_fields_length = content.length;
    tf_status status = tf_buffer_check(&fields, error);
    return status ? status : tf_buffer_check(&content, error);
}

tf_status tf_answer_make(tf_response *response, unsigned encodings, bool is_private,
                         tf_answer **answer_out, tf_error *error) {
    tf_answer *answer = tf_alloc_zeroed(1, sizeof *answer);
    tf_status status = tf_buffer_check(&response->body, error);
    const char *coding = NULL;
    if (!status && !answer) {
        status = tf_fail_no_memory(error);
    }
    if (status) {
        goto done;
    }
    answer->owners = 1;
    answer->status = response->status;
    answer->file = -1;
    answer->is_shared = response->caching != TF_CACHE_NEVER && response->file < 0;
    if (response->file >= 0) {
        status = take_file(answer, response, error);
    } else if (response->fixed_body.data) {
        coding = choose_fixed(answer, response, encodings);
    } else {
        coding = take_body(answer, response, encodings);
    }
    if (answer->is_shared && answer->status == 200) {
        snprintf(answer->etag, sizeof answer->etag, "\"%016" PRIx64 "%" PRIx64 "%s%s\"",
                 tf_hash(answer->body ? answer->body : "", answer->length), answer->length,
                 coding ? "-" : "", coding ? coding : "");
    }
    if (!status) {
        status = write_fields(answer, response, coding, is_private, error);
    }

done:
    tf_buffer_deinit(&response->body);
    if (response->file >= 0) {
        close(response->file);
        response->file = -1;
    }
    if (status) {
        tf_answer_release(answer);
        answer = NULL;
    }
    *answer_out = answer;
    return status;
}

tf_answer *tf_answer_plain(int status, const char *sentence, const char *headers) {
    tf_answer *answer = tf_alloc_zeroed(1, sizeof *answer);
    if (!answer) {
        return NULL;
    }
    tf_buffer fields = {0};
    tf_buffer content = {0};
    tf_buffer_format(&fields, "Cache-Control: no-store\r\n%s", headers);
    tf_buffer body = {0};
    tf_buffer_format(&body, "%s%s\n", sentence, tf_full_stop(sentence));
    tf_buffer_format(&content, "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n",
                     body.length);
    *answer = (tf_answer){
        .owners = 1,
        .status = status,
        .owned = body.data,
        .body = body.data,
        .length = body.length,
        .file = -1,
        .fields = fields.data,
        .fields_length = fields.length,
        .content_fields = content.data,
        .content_fields_length = content.length,
    };
    if (fields.failed || content.failed || body.failed) {
        tf_answer_release(answer);
        return NULL;
    }
    return answer;
}

/* An answer as it goes over the wire, made once and sent any number of times. */
#ifndef WEB_HTTP_ANSWER_H
#define WEB_HTTP_ANSWER_H

#include "web/http/response.h"

#include <stdatomic.h>

/* Not changed once it is made, but for the counts of its owners and clients. */
typedef struct tf_answer {
    atomic_int owners;
    int status;
    bool is_shared; /* whoever asks for the same gets the same: not TF_CACHE_NEVER, no file */
    char etag[40];  /* with its quotes; "" when there is none */
    char *owned;    /* the body, if it is the answer's own */
    const char *body;
    uint64_t length; /* of the body or the file */
    int file;        /* or -1 */
    /* Lines of the head, each with its CR LF: what a 304 has too, and what it has not. */
    char *fields;
    size_t fields_length;
    char *content_fields;
    size_t content_fields_length;
    int client_count; /* that it is being sent to; the door's own */
} tf_answer;

/* Make an answer from what a handler wrote, taking over its body and its file, which are gone
 * afterwards whatever happens: with an ETag, in the best coding of those that the client takes
 * (or'ed TF_ENCODING_), with the headers of caching.  `is_private` says that not everybody may see
 * it.  Errors: TF_NO_MEMORY; TF_IO for a file that cannot be used.  O(length). */
tf_status tf_answer_make(tf_response *response, unsigned encodings, bool is_private,
                         tf_answer **answer_out, tf_error *error);

/* A sentence, without its full stop, as plain text, for when there is nobody to ask for a page.
 * `headers` are lines with CR LF, or "".  NULL when out of memory. */
tf_answer *tf_answer_plain(int status, const char *sentence, const char *headers);

tf_answer *tf_answer_share(tf_answer *answer);  /* one more owner */
void tf_answer_release(tf_answer *answer);      /* one less; accepts NULL.  Both thread-safe. */
size_t tf_answer_size(const tf_answer *answer); /* bytes of memory */

const char *tf_status_phrase(int status); /* "Not Found" */

#endif

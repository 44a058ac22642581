/* What a handler answers.  It fills the body and says what it is; validators, compression, ranges
 * of time and the security headers are the server's business. */
#ifndef WEB_HTTP_RESPONSE_H
#define WEB_HTTP_RESPONSE_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef enum tf_caching {
    TF_CACHE_REVALIDATE, /* kept by the browser, asked for again with its ETag */
    TF_CACHE_FOREVER,    /* its name changes with its content */
    TF_CACHE_NEVER,      /* what only one person may see, or what changes while one looks */
} tf_caching;

typedef struct tf_response {
    tf_arena *arena;          /* the request's */
    int status;               /* 200 unless changed */
    const char *content_type; /* "text/html; charset=utf-8" unless changed */
    tf_caching caching;
    bool is_personal; /* for this visitor alone, whatever `caching` says: TF_CACHE_NEVER */
    tf_buffer body;

    /* Instead of `body`, bytes that live as long as the program, with their packed forms (NULL:
     * none).  For the files embedded in the program. */
    tf_text fixed_body;
    tf_text fixed_gzip;
    tf_text fixed_brotli;

    /* Instead of `body`, an open file, sent from its start and closed by the server; -1: none. */
    int file;

    struct tf_response_header {
        const char *name;
        const char *value;
    } headers[16];
    size_t header_count;
} tf_response;

/* Add a header; both texts live as long as the request.  A value with a line break is a defect and
 * ends the program. */
void tf_response_header(tf_response *response, const char *name, const char *value);

/* Name the file that the browser is to save: letters, digits, hyphens and a dot are kept of it. */
void tf_response_attachment(tf_response *response, const char *file_name);

/* What a sentence lacks at its end: "." or, where it ends already, "". */
const char *tf_full_stop(const char *sentence);

/* Whether a text is a path of this site, with or without a query, that no browser understands as
 * the address of another one, and that can stand in a header. */
bool tf_is_own_path(tf_text text);

/* 303 See Other to a path of this site; anything else is a defect and ends the program. */
void tf_response_redirect(tf_response *response, const char *location);

#endif

/* The HTTP/1.1 server (RFC 9110, 9112): one thread at the door, which reads whole requests and
 * writes answers for any number of connections, and a few that answer. */
#ifndef WEB_HTTP_SERVER_H
#define WEB_HTTP_SERVER_H

#include "web/http/route.h"

typedef struct tf_server tf_server;

typedef enum tf_permit {
    TF_PERMIT_GRANTED,
    TF_PERMIT_FORBIDDEN, /* 403 */
    TF_PERMIT_SIGN_IN,   /* 401: not without having signed in */
} tf_permit;

/* Texts and routes are borrowed and outlive the server; 0 and NULL mean the value in brackets. */
typedef struct tf_server_options {
    const char *listen;       /* "127.0.0.1:8080", "[::1]:8080", port 0: any that is free */
    const char *const *hosts; /* names, beside the address itself, that a Host header may have */
    size_t host_count;        /* 0 and an address that is not loopback: any name */
    tf_routes routes;

    void *context; /* for those below and every handler; they are called from several threads */
    /* The cookie that a visitor is known by; NULL: none is.  Who sends it gets answers of their
     * own, neither kept nor shared, but of routes that are for all. */
    const char *visitor_cookie;
    /* Find out who sent that cookie, once before a request is permitted and answered: sets
     * `request->visitor`, or leaves it NULL.  An error is the answer. */
    tf_status (*meet)(void *context, tf_request *request, tf_error *error);
    /* Forget who that was.  `response` is what they are answered, to which headers may be added;
     * NULL where the body is yet to come. */
    void (*part)(void *context, tf_request *request, tf_response *response);
    /* Asked for routes that are not public, before the body is read.  NULL: nobody may. */
    tf_permit (*permits)(void *context, const tf_request *request, tf_permission permission);
    /* Whether a form to a route that is not public came from a page of this visitor's own: `token`
     * is what it had in TF_FORM_TOKEN.  NULL: it did. */
    bool (*owns_form)(void *context, const tf_request *request, tf_text token);
    /* Word an error as the reader of that path expects it: a page, problem+json.  The message is a
     * sentence for a person, without its full stop; the response has its status already.  NULL:
     * plain text. */
    void (*answer_error)(void *context, const tf_request *request, int status, const char *message,
                         tf_response *response);
    /* A number that changes whenever an answer might: answers are kept under it, with the address
     * (path, query and host) and nothing else, so that a handler which looks at other headers must
     * answer with TF_CACHE_NEVER.  The door's thread asks too, so it must not wait for anything.
     * NULL: no answer is kept. */
    uint64_t (*version)(void *context);

    int worker_count;          /* threads that answer (one for each processor) */
    int max_connections;       /* (4,096) beyond, who waits longest without a request is closed */
    int max_waiting;           /* requests waiting for a thread (256); beyond, 503 */
    int head_timeout_ms;       /* from the first byte of a request to the end of its head (10 s) */
    int idle_timeout_ms;       /* between requests (60 s) */
    int body_window_ms;        /* a body, and an answer, keeps the rate below over each of these */
    int body_bytes_per_second; /* windows (10 s), or is given up (1,000) */
    uint64_t max_upload;       /* bytes of a multipart body (2 GiB) */
    size_t cache_size;         /* bytes of kept answers (64 MiB) */
    uint64_t max_sending;      /* bytes of answers on their way (256 MiB); beyond, who has the
                                  largest is closed, so that slow readers do not use the memory up */
    const char *upload_folder; /* where bodies are kept while they arrive ($TMPDIR or /tmp) */
    const char *tile_origin;   /* "https://tiles.example.org", which maps may load from; or NULL */
    int log;                   /* file descriptor for the access log, or -1 */
} tf_server_options;

/* Bind and start.  The process may then have as many files open as its connections need, if the
 * system allows.  Errors: TF_BAD_INPUT for an address that is none; TF_BUSY for one that is taken;
 * TF_NO_MEMORY; TF_IO. */
tf_status tf_server_start(const tf_server_options *options, tf_server **server_out,
                          tf_error *error);

/* "127.0.0.1:8080": where it listens. */
const char *tf_server_address(const tf_server *server);

/* Stop accepting and finish what is being answered, for up to ten seconds.  Returns at once; a
 * signal handler may call it. */
void tf_server_ask_stop(tf_server *server);

/* Return once the server has stopped. */
void tf_server_wait(tf_server *server);

/* Stop, wait, and free the server.  A handler that still runs after ten seconds is waited for,
 * because what it uses is the caller's.  Accepts NULL. */
void tf_server_free(tf_server *server);

#endif

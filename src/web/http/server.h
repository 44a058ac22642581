/* The HTTP/1.1 server (RFC 9110, 9112): one thread at the door, which reads whole requests and
 * writes answers for any number of connections, and a few that answer. */
#ifndef WEB_HTTP_SERVER_H
#define WEB_HTTP_SERVER_H

#include "web/http/route.h"

typedef struct tf_server tf_server;

/* Texts and routes are borrowed and outlive the server; 0 and NULL mean the value in brackets. */
typedef struct tf_server_options {
    const char *listen;       /* "127.0.0.1:8080", "[::1]:8080", port 0: any that is free */
    const char *const *hosts; /* names, beside the address itself, that a Host header may have */
    size_t host_count;        /* 0 and an address that is not loopback: any name */
    tf_routes routes;

    void *context; /* for the three below and every handler; they are called from several threads */
    bool (*permits)(void *context, const tf_request *request, tf_permission permission);
    /* Word an error as the reader of that path expects it: a page, problem+json. */
    void (*answer_error)(void *context, const tf_request *request, int status, const char *message,
                         tf_response *response);
    /* A number that changes whenever an answer might: answers are kept under it. */
    uint64_t (*version)(void *context);

    int worker_count;          /* threads that answer (one for each processor) */
    int max_connections;       /* (4,096) beyond, the one idle longest is closed */
    int max_waiting;           /* requests waiting for a thread (256); beyond, 503 */
    int head_timeout_ms;       /* from the first byte of a request to the end of its head (10 s) */
    int idle_timeout_ms;       /* between requests (60 s) */
    int body_bytes_per_second; /* a body slower than this over 10 s is given up (1,000) */
    uint64_t max_upload;       /* bytes of a multipart body (2 GiB) */
    size_t cache_size;         /* bytes of kept answers (64 MiB) */
    const char *upload_folder; /* where bodies are kept while they arrive ($TMPDIR or /tmp) */
    int log;                   /* file descriptor for the access log, or -1 */
} tf_server_options;

/* Bind and start.  Errors: TF_BAD_INPUT for an address that is none; TF_BUSY for one that is taken;
 * TF_IO. */
tf_status tf_server_start(const tf_server_options *options, tf_server **server_out,
                          tf_error *error);

/* "127.0.0.1:8080": where it listens. */
const char *tf_server_address(const tf_server *server);

/* Stop accepting, finish what is being answered (up to ten seconds), and free the server.
 * tf_server_wait returns once tf_server_ask_stop was called, which a signal handler may do. */
void tf_server_wait(tf_server *server);
void tf_server_ask_stop(tf_server *server);
void tf_server_free(tf_server *server); /* accepts NULL */

#endif

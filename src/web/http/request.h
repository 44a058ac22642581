/* A request that has passed the door: its framing is beyond doubt and its fields are checked. */
#ifndef WEB_HTTP_REQUEST_H
#define WEB_HTTP_REQUEST_H

#include "web/http/form.h"

typedef struct tf_header {
    tf_text name; /* as sent; compared without regard to case */
    tf_text value;
} tf_header;

typedef struct tf_request {
    tf_arena *arena; /* lives as long as the request is answered */
    tf_text method;  /* "GET"; HEAD is answered by the handler of GET */
    tf_text target;  /* as sent: path and query */
    tf_text path;    /* decoded */
    tf_text query;   /* as sent, without the "?" */
    tf_text host;
    const tf_header *headers;
    size_t header_count;
    tf_text body;
    bool is_local;  /* from this machine itself */
    bool is_secure; /* by TLS, as far as a proxy says so or the site's name stands for one */
    void *visitor;  /* who asks, by the server's `meet`; NULL: nobody is known */
    tf_form form;   /* of the path, the query and the body, by the route's declaration */
} tf_request;

/* The value of a header that comes once, trimmed; data NULL if it was not sent. */
tf_text tf_request_header(const tf_request *request, const char *name);

#endif

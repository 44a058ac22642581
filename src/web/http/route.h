/* One declaration for each route: what it is called, who may, which fields it takes, what it is
 * for.  The router, the checks, the forms' error messages, the API's document and the help all
 * read the same lines. */
#ifndef WEB_HTTP_ROUTE_H
#define WEB_HTTP_ROUTE_H

#include "web/http/request.h"
#include "web/http/response.h"

typedef enum tf_permission {
    TF_PERMISSION_PUBLIC,     /* anybody */
    TF_PERMISSION_IMPORT,     /* who may change what the database holds */
    TF_PERMISSION_SIGNING_IN, /* who has begun to sign in, whether or not they are through */
    TF_PERMISSION_SIGNED_IN,  /* who has signed in; what they may do the domain decides */
} tf_permission;

typedef enum tf_body_kind {
    TF_BODY_NONE,
    TF_BODY_FORM,      /* application/x-www-form-urlencoded, at most 128 KiB */
    TF_BODY_MULTIPART, /* multipart/form-data, kept on disk while it arrives */
} tf_body_kind;

/* A form that is sent to a route that is not public has a field of this name, which the server
 * shows to `owns_form` before the handler is called.  No route declares it. */
#define TF_FORM_TOKEN "form-token"

/* Answer a request.  What fails is answered by the server's `answer_error`: TF_BAD_INPUT with 400,
 * TF_NOT_FOUND with 404, TF_REFUSED with 403, TF_BUSY with 503, all else with 500. */
typedef tf_status tf_handler(void *context, const tf_request *request, tf_response *response,
                             tf_error *error);

typedef struct tf_route {
    const char *method; /* "GET" (which answers HEAD too) or "POST" */
    const char *path;   /* "/areas/{code}": a name in braces is one segment, and a field */
    const char *title;  /* "An area" */
    const char *help;   /* one or two sentences, for the API's document */
    tf_permission permission;
    tf_body_kind body;
    bool answers_errors; /* the handler is called with fields in error too, to show the form */
    bool is_volatile;    /* never answered from the cache: progress, health */
    bool is_for_all;     /* says the same to whoever has signed in, unlike a page: files, figures */
    const tf_field *fields;
    size_t field_count;
    tf_handler *handle;
} tf_route;

typedef struct tf_routes {
    const tf_route *const *routes;
    size_t count;
} tf_routes;

/* The route for a method and a path as it was sent, whose escapes are sound; a "%2F" stays within
 * its segment.  NULL: there is none, and *allowed_out says which methods the path has, "" when none
 * (404) and "GET, HEAD" or such otherwise (405).  Fixed segments win over fields.  O(routes). */
const tf_route *tf_route_find(const tf_routes *routes, tf_text method, tf_text path,
                              const char **allowed_out);

#endif

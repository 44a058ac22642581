/* The API for programs: everything that pages show, under /api/v1. */
#ifndef WEB_API_API_H
#define WEB_API_API_H

#include "web/http/route.h"

/* Every route of the API; the handlers' context is a tf_site.  openapi.h describes them. */
extern const tf_routes tf_api_routes;

/* Word an error as problem+json (RFC 9457), with the fields that are in error: for every path that
 * starts with /api/.  `context` is not used. */
void tf_api_answer_error(void *context, const tf_request *request, int status, const char *message,
                         tf_response *response);

/* Whether the path is one of which tf_api_answer_error is to word the errors. */
bool tf_api_has_path(tf_text path);

#endif

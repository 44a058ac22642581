/* The pages of the site, for people. */
#ifndef WEB_PAGES_PAGES_H
#define WEB_PAGES_PAGES_H

#include "web/http/route.h"

/* Every page's route; the handlers' context is a tf_site. */
extern const tf_routes tf_pages_routes;

/* A page that says what went wrong and where to go on. */
void tf_pages_answer_error(void *context, const tf_request *request, int status,
                           const char *message, tf_response *response);

#endif

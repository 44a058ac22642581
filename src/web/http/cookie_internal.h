/* Cookies of a head, before there is a request. */
#ifndef WEB_HTTP_COOKIE_INTERNAL_H
#define WEB_HTTP_COOKIE_INTERNAL_H

#include "web/http/cookie.h"

/* tf_request_cookie, of headers; `is_secure`: the visitor came by TLS. */
tf_text tf_cookie_find(const tf_header *headers, size_t count, bool is_secure, const char *name);

#endif

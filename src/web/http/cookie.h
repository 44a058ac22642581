/* Cookies (RFC 6265bis), read and written as strictly as can be: what a browser keeps for this site
 * alone, that no script reads and that no other site's form carries along.
 *
 * A cookie is called by its plain name here.  Where the visitor came by TLS it goes over the wire
 * with "__Host-" before its name and is Secure, so that neither a neighbouring name of the domain
 * nor a connection without TLS can plant one. */
#ifndef WEB_HTTP_COOKIE_H
#define WEB_HTTP_COOKIE_H

#include "web/http/request.h"
#include "web/http/response.h"

enum { TF_COOKIE_MOST = 256 }; /* characters of a value */

/* The value of a cookie.  data NULL: it was not sent.  Length 0: it was, but nothing that this site
 * has set: twice, empty, too long, or of other characters than letters, digits, "-", "_" and ".".
 * O(length of the headers). */
tf_text tf_request_cookie(const tf_request *request, const char *name);

/* Have the browser keep a value for so many seconds, 0: until it is closed; or take away what it
 * keeps.  The answer is then
 * this visitor's alone and is kept nowhere.  A name or a value of other characters than those above
 * is a defect and ends the program.  At most one of these is called for each name. */
void tf_response_set_cookie(tf_response *response, const tf_request *request, const char *name,
                            const char *value, int64_t seconds);
void tf_response_drop_cookie(tf_response *response, const tf_request *request, const char *name);

#endif

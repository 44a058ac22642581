/* What the client takes: codings (RFC 9110, section 12.5.3) and validators (section 13.1.2). */
#ifndef WEB_HTTP_NEGOTIATE_H
#define WEB_HTTP_NEGOTIATE_H

#include "trefoil/base/text.h"

enum { TF_ENCODING_GZIP = 1, TF_ENCODING_BROTLI = 2 };

/* The codings that a client with this Accept-Encoding likes at least as much as none, or'ed
 * together.  None if the header was not sent (data NULL) or is malformed.  O(length). */
unsigned tf_negotiate_encodings(tf_text accept_encoding);

/* Whether If-None-Match names this ETag, `"..."` with its quotes: "*", or one of a list, weak or
 * not.  O(length). */
bool tf_negotiate_matches(tf_text if_none_match, tf_text etag);

/* Whether a body of this Content-Type gets smaller by compressing it. */
bool tf_negotiate_is_compressible(tf_text content_type);

#endif

/* Percent-encoding (RFC 3986, section 2.1) and that of forms (URL Standard, section 5). */
#ifndef WEB_HTTP_PERCENT_INTERNAL_H
#define WEB_HTTP_PERCENT_INTERNAL_H

#include "trefoil/base/text.h"

/* Decode into `out`, which has room for as many bytes as were sent.  False when an escape lacks its
 * two digits: `out` then holds it as it was sent. */
bool tf_percent_decode(tf_text sent, bool plus_is_space, char *out, size_t *length_out);

/* The value of a hexadecimal digit, or -1. */
int tf_hex_value(char digit);

/* Append with every byte escaped but letters, digits, "-", ".", "_" and "~". */
void tf_percent_encode(tf_buffer *out, tf_text text);

/* Whether text has a control character other than those `allowed`, a terminated list. */
bool tf_has_control(tf_text text, const char *allowed);

#endif

/* Codes that people copy by hand: in Crockford's base 32 (crockford.com/base32.html), which has no
 * letters that look alike, in groups with hyphens between, 5 random bits a symbol. */
#ifndef ACCESS_TYPED_CODE_H
#define ACCESS_TYPED_CODE_H

#include "trefoil/base/text.h"

/* The bytes of a code and its terminator. */
#define TF_TYPED_CODE_SIZE(symbols, group) ((symbols) + ((symbols)-1) / (group) + 1)

/* A new one; `text_out` has room for TF_TYPED_CODE_SIZE. */
void tf_typed_code_new(size_t symbols, size_t group, char *text_out);

/* A code as somebody typed or pasted it, brought into that form: in any case, with or without
 * hyphens, spaces and line ends, O for 0, I and L for 1.  Whatever is not ASCII is passed over, as
 * the dashes and spaces are that a telephone puts in.  False for what cannot be a code; `text_out`
 * is then of no use. */
bool tf_typed_code_read(tf_text typed, size_t symbols, size_t group, char *text_out);

#endif

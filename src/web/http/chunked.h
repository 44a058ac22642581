/* The chunked transfer coding (RFC 9112, section 7.1), taken apart as it arrives. */
#ifndef WEB_HTTP_CHUNKED_H
#define WEB_HTTP_CHUNKED_H

#include "trefoil/base/text.h"

/* A zeroed one is at the start of a body. */
typedef struct tf_chunked {
    int state;
    int digits;    /* of the size being read */
    uint64_t left; /* of the chunk being read */
} tf_chunked;

typedef enum tf_chunked_step {
    TF_CHUNKED_MORE,  /* what arrived is used up */
    TF_CHUNKED_PIECE, /* *piece_out is a part of the body */
    TF_CHUNKED_END,   /* the body is complete; what is left belongs to the next request */
    TF_CHUNKED_BAD,   /* no chunk, or one with an extension or a trailer, which nobody here reads */
} tf_chunked_step;

/* Take one step, moving the start of *arrived.  A size has at most 8 digits.  O(bytes taken). */
tf_chunked_step tf_chunked_take(tf_chunked *chunked, tf_text *arrived, tf_text *piece_out);

#endif

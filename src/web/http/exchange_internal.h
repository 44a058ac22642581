/* One request and its answer, on its way between the door and the threads that answer. */
#ifndef WEB_HTTP_EXCHANGE_INTERNAL_H
#define WEB_HTTP_EXCHANGE_INTERNAL_H

#include "web/http/answer_cache.h"
#include "web/http/chunked.h"
#include "web/http/head.h"
#include "web/http/route.h"

struct tf_connection;

/* A body while it arrives: small ones in memory, large ones in a file without a name, of which
 * nothing is left when the connection breaks. */
typedef struct tf_body {
    bool is_chunked;
    tf_chunked chunked;
    uint64_t left;  /* to come, if not chunked */
    uint64_t limit; /* of the whole */
    uint64_t length;
    tf_buffer memory;
    int file; /* or -1 */
    void *mapped;
} tf_body;

/* What happens next to an exchange. */
typedef enum tf_stage {
    TF_STAGE_ADMIT,  /* ask whether it is permitted, before its body is read */
    TF_STAGE_ANSWER, /* it has arrived whole, or is refused */
} tf_stage;

typedef struct tf_exchange {
    tf_answer_waiter waiter;          /* first, so that a waiter is its exchange */
    struct tf_exchange *next;         /* in the queue it is in */
    struct tf_connection *connection; /* the door's */
    tf_stage stage;
    tf_head head; /* borrows from `bytes` */
    const tf_route *route;
    const char *allowed; /* methods, when the route lacks this one */
    tf_refusal refusal;
    bool is_local;
    bool is_secure;   /* came by TLS */
    bool is_personal; /* with the cookie that a visitor is known by */
    bool is_alone;    /* makes its own answer, whoever else asks for the same */
    bool closes;      /* the connection ends with this answer */
    unsigned encodings;
    double began;
    tf_body body;
    tf_answer *answer; /* NULL after TF_STAGE_ADMIT: go on */
    bool is_not_modified;

    char prefix[192]; /* of the answer: status line and what differs from time to time */
    size_t prefix_length;
    uint64_t sent;

    size_t byte_count;
    char bytes[];
} tf_exchange;

/* An exchange for the head in `bytes`, which are copied.  NULL when out of memory. */
tf_exchange *tf_exchange_new(tf_text bytes);
void tf_exchange_free(tf_exchange *exchange); /* accepts NULL */

bool tf_exchange_is_head(const tf_exchange *exchange); /* the method is HEAD */

/* Begin a body: in memory, or in a file of `folder`. */
tf_refusal tf_body_begin(tf_body *body, const tf_head *head, uint64_t limit, const char *folder);

/* Take what has arrived, moving its start; *is_complete_out once nothing more belongs to it. */
tf_refusal tf_body_take(tf_body *body, tf_text *arrived, bool *is_complete_out);

/* The whole body, for as long as the exchange lives. */
tf_refusal tf_body_whole(tf_body *body, tf_text *whole_out);
void tf_body_deinit(tf_body *body);

#endif

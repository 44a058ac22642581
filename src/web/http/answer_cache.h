/* Answers kept for whoever asks the same again, and one making of what many ask for at once. */
#ifndef WEB_HTTP_ANSWER_CACHE_H
#define WEB_HTTP_ANSWER_CACHE_H

#include "web/http/answer.h"

typedef struct tf_answer_cache tf_answer_cache;
typedef struct tf_answer_flight tf_answer_flight;

/* What an answer depends on.  Texts are borrowed and copied where they are kept. */
typedef struct tf_answer_key {
    uint64_t version; /* of everything that answers are made from */
    unsigned encodings;
    bool is_local;
    tf_text host;
    tf_text target;
} tf_answer_key;

/* Somebody who waits for an answer that is being made. */
typedef struct tf_answer_waiter {
    struct tf_answer_waiter *next;
} tf_answer_waiter;

typedef enum tf_answer_state {
    TF_ANSWER_KEPT,    /* here it is */
    TF_ANSWER_COMING,  /* somebody else makes it; the waiter is theirs now */
    TF_ANSWER_MISSING, /* make it, then tf_answer_cache_end */
} tf_answer_state;

/* Keep up to `max_size` bytes; what was not used for longest goes first.  NULL when out of memory.
 * All that follows is thread-safe. */
tf_answer_cache *tf_answer_cache_new(size_t max_size);
void tf_answer_cache_free(tf_answer_cache *cache); /* accepts NULL; no flight may be open */

/* The answer that is kept, with one more owner, or NULL.  A key of another version than the last
 * empties the cache.  O(1). */
tf_answer *tf_answer_cache_get(tf_answer_cache *cache, const tf_answer_key *key);

/* The same, or begin to make it, or wait for who does. */
tf_answer_state tf_answer_cache_begin(tf_answer_cache *cache, const tf_answer_key *key,
                                      tf_answer_waiter *waiter, tf_answer **answer_out,
                                      tf_answer_flight **flight_out);

/* What was MISSING is made; keep it if `is_kept` and its version is still the last.  Returns those
 * who waited for it, in no order.  `flight` may be NULL, which does nothing. */
tf_answer_waiter *tf_answer_cache_end(tf_answer_cache *cache, tf_answer_flight *flight,
                                      tf_answer *answer, bool is_kept);

#endif

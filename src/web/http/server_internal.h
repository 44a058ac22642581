/* What the door, its connections and the threads that answer share. */
#ifndef WEB_HTTP_SERVER_INTERNAL_H
#define WEB_HTTP_SERVER_INTERNAL_H

#include "exchange_internal.h"
#include "web/http/guard.h"
#include "web/http/server.h"

#include <pthread.h>

/* First in, first out. */
typedef struct tf_exchange_queue {
    tf_exchange *first;
    tf_exchange *last;
    int count;
} tf_exchange_queue;

void tf_exchange_queue_put(tf_exchange_queue *queue, tf_exchange *exchange);
tf_exchange *tf_exchange_queue_take(tf_exchange_queue *queue); /* NULL when empty */

struct tf_server {
    tf_server_options options; /* every value filled in */
    tf_guard guard;
    char address[64];
    char *common_fields; /* of every answer's head: the security headers */
    size_t common_length;
    tf_answer *busy; /* the answer when there is no other */
    tf_answer_cache *cache;

    int listener;
    int waker;   /* eventfd: an answer is ready */
    int stopper; /* eventfd: stop */
    struct tf_door *door;
    pthread_t door_thread;
    bool has_door; /* its thread runs */

    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t has_work;
    pthread_cond_t has_stopped;
    tf_exchange_queue waiting;
    tf_exchange_queue answered;
    bool is_closing; /* threads that answer end when nothing waits */
    bool is_stopped; /* the door has ended */
    pthread_t *workers;
    int worker_count;
};

/* Hand an exchange to the threads that answer; false if too many wait. */
bool tf_server_submit(tf_server *server, tf_exchange *exchange);

/* Hand an exchange back to the door. */
void tf_server_deliver(tf_server *server, tf_exchange *exchange);

/* A thread that answers: `argument` is the server. */
void *tf_worker_run(void *argument);

/* Whether an exchange may share its answer with others, and under which key. */
bool tf_worker_may_share(const tf_server *server, const tf_exchange *exchange);
tf_answer_key tf_worker_key(const tf_exchange *exchange, uint64_t version);

/* The headers that keep browsers out of trouble, as lines.  NULL when out of memory. */
char *tf_security_fields(const char *tile_origin);

#endif

/* The door's view of one client.  Everything here belongs to the door's thread. */
#ifndef WEB_HTTP_CONNECTION_INTERNAL_H
#define WEB_HTTP_CONNECTION_INTERNAL_H

#include "server_internal.h"

typedef enum tf_connection_state {
    TF_CONNECTION_IDLE,      /* nothing of a next request has arrived */
    TF_CONNECTION_HEAD,      /* a part of a head has */
    TF_CONNECTION_BODY,      /* the body is arriving */
    TF_CONNECTION_BUSY,      /* a thread works on the request */
    TF_CONNECTION_WRITING,   /* the answer is on its way */
    TF_CONNECTION_LINGERING, /* it has ended; the client is given time to read */
    TF_CONNECTION_GONE,      /* closed; freed when nobody can point to it any more */
} tf_connection_state;

/* Idle ones are many, so this is small, and `bytes` is there only while it holds some. */
typedef struct tf_connection {
    struct tf_connection *next; /* of all connections */
    struct tf_connection *previous;
    struct tf_connection *next_idle; /* of those with no request, the one idle longest first */
    struct tf_connection *previous_idle;
    tf_exchange *exchange;
    char *bytes; /* arrived and not taken yet */
    size_t length;
    size_t capacity;
    size_t scanned;      /* of `bytes`, looking for the end of a head */
    int64_t deadline_ms; /* on the monotonic clock */
    uint64_t moved;      /* bytes of body or answer since the window began */
    int socket;
    unsigned interest; /* what epoll waits for */
    tf_connection_state state;
    bool is_local;
    bool is_idle; /* among those that may be closed to make room */
} tf_connection;

enum { TF_DOOR_SCRATCH = 64 * 1024, TF_DOOR_LINGER_MS = 2000 };

typedef struct tf_door {
    tf_server *server;
    int epoll;
    tf_connection *connections;
    int connection_count;
    tf_connection *idle_longest;
    tf_connection *idle_last;
    tf_connection *gone; /* to be freed after this round of events */
    int64_t now_ms;
    int64_t next_deadline_ms;
    int64_t resume_ms; /* when to accept again, while the system has no file descriptor left */
    int64_t stop_ms;   /* when to give up what is not answered, once stopping */
    bool is_accepting;
    bool is_stopping;
    bool has_version; /* the version was asked for in this round of events */
    uint64_t version;
    uint64_t sending; /* bytes of the answers that are being sent, each counted once */
    int64_t dated;    /* the second that `date` is of */
    char date[32];
    tf_buffer log;
    char scratch[TF_DOOR_SCRATCH];
} tf_door;

/* door.c */
tf_door *tf_door_new(tf_server *server); /* NULL when the system refuses */
void tf_door_free(tf_door *door);        /* accepts NULL */
void *tf_door_run(void *argument);       /* the door's thread; `argument` is the server */
void tf_door_await(tf_door *door, tf_connection *connection, unsigned events);
void tf_door_set_deadline(tf_door *door, tf_connection *connection, int64_t timeout_ms);
void tf_door_set_idle(tf_door *door, tf_connection *connection, bool is_idle);
uint64_t tf_door_version(tf_door *door);
void tf_door_close(tf_door *door, tf_connection *connection);

/* Close those with the largest answers until there is room to send one more. */
void tf_door_make_room(tf_door *door, const tf_answer *answer);

/* connection.c */
void tf_connection_on_event(tf_door *door, tf_connection *connection, unsigned events);
void tf_connection_on_deadline(tf_door *door, tf_connection *connection);
void tf_connection_on_answer(tf_door *door, tf_exchange *exchange);

/* Answer a connection that has no request, and end it. */
void tf_connection_turn_away(tf_door *door, tf_connection *connection, tf_answer *answer);

/* admission.c: whatever can be said against a request before its body is read, and its route. */
tf_refusal tf_admission_check(const tf_server *server, tf_exchange *exchange);
uint64_t tf_admission_body_limit(const tf_server *server, tf_body_kind kind);
bool tf_admission_is_forwarded(const tf_head *head); /* a proxy asks for somebody else */
bool tf_admission_is_secure(const tf_server *server, const tf_head *head);
bool tf_admission_is_personal(const tf_server *server, const tf_exchange *exchange);

/* sending.c */
typedef enum tf_sending { TF_SENDING_DONE, TF_SENDING_BLOCKED, TF_SENDING_BROKEN } tf_sending;

uint64_t tf_sending_weight(const tf_answer *answer); /* bytes of memory while it is being sent */
void tf_sending_begin(tf_door *door, tf_exchange *exchange);
void tf_sending_end(tf_door *door, tf_exchange *exchange); /* sent or not */
tf_sending tf_sending_go_on(tf_door *door, tf_connection *connection);

/* access_log.c: one line, without anything that says who asked or for whom. */
void tf_access_log_line(tf_buffer *log, const tf_exchange *exchange);

#endif

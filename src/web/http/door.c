#include "connection_internal.h"

#include "trefoil/base/date.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EVENTS_AT_ONCE = 256,
    ACCEPTS_AT_ONCE = 64,
    MOST_TURNED_AWAY = 64, /* connections beyond the bound, while they are told to come back */
    RESUME_MS = 100,
    STOP_MS = 10 * 1000,
};

static int64_t clock_ms(void) {
    return (int64_t)(tf_seconds_monotonic() * 1000);
}

void tf_door_await(tf_door *door, tf_connection *connection, unsigned events) {
    if (connection->interest == events) {
        return;
    }
    connection->interest = events;
    struct epoll_event event = {.events = events, .data.ptr = connection};
    (void)epoll_ctl(door->epoll, EPOLL_CTL_MOD, connection->socket, &event);
}

void tf_door_set_deadline(tf_door *door, tf_connection *connection, int64_t timeout_ms) {
    connection->deadline_ms = door->now_ms + timeout_ms;
    if (connection->deadline_ms < door->next_deadline_ms) {
        door->next_deadline_ms = connection->deadline_ms;
    }
}

static void link_idle(tf_door *door, tf_connection *connection) {
    connection->next_idle = NULL;
    connection->previous_idle = door->idle_last;
    *(door->idle_last ? &door->idle_last->next_idle : &door->idle_longest) = connection;
    door->idle_last = connection;
}

static void unlink_idle(tf_door *door, tf_connection *connection) {
    tf_connection *next = connection->next_idle;
    tf_connection *previous = connection->previous_idle;
    *(previous ? &previous->next_idle : &door->idle_longest) = next;
    *(next ? &next->previous_idle : &door->idle_last) = previous;
}

void tf_door_set_idle(tf_door *door, tf_connection *connection, bool is_idle) {
    if (connection->is_idle == is_idle) {
        return;
    }
    connection->is_idle = is_idle;
    if (is_idle) {
        link_idle(door, connection);
    } else {
        unlink_idle(door, connection);
    }
}

/* Once a round is enough: who asks because of an answer has it from an earlier round. */
uint64_t tf_door_version(tf_door *door) {
    const tf_server_options *options = &door->server->options;
    if (!door->has_version) {
        door->version = options->version(options->context);
        door->has_version = true;
    }
    return door->version;
}

/* What a thread that answers still holds stays, without its socket, until it is handed back. */
void tf_door_close(tf_door *door, tf_connection *connection) {
    bool is_held = connection->state == TF_CONNECTION_BUSY;
    bool is_sending = connection->state == TF_CONNECTION_WRITING;
    tf_door_set_idle(door, connection, false);
    if (connection->state != TF_CONNECTION_GONE) {
        close(connection->socket);
        tf_free(connection->bytes);
        connection->bytes = NULL;
        connection->state = TF_CONNECTION_GONE;
    }
    if (is_held) {
        return;
    }
    if (is_sending) {
        tf_sending_end(door, connection->exchange);
    }
    tf_exchange_free(connection->exchange);
    tf_connection *next = connection->next;
    tf_connection *previous = connection->previous;
    *(previous ? &previous->next : &door->connections) = next;
    if (next) {
        next->previous = previous;
    }
    door->connection_count--;
    connection->next = door->gone;
    door->gone = connection;
}

/* The one with the largest answer, and of those the one that came first. */
static tf_connection *find_largest(const tf_door *door) {
    tf_connection *largest = NULL;
    uint64_t most = 1;
    for (tf_connection *connection = door->connections; connection; connection = connection->next) {
        if (connection->state == TF_CONNECTION_WRITING &&
            tf_sending_weight(connection->exchange->answer) >= most) {
            largest = connection;
            most = tf_sending_weight(connection->exchange->answer);
        }
    }
    return largest;
}

void tf_door_make_room(tf_door *door, const tf_answer *answer) {
    uint64_t more = answer->client_count ? 0 : tf_sending_weight(answer);
    tf_connection *largest;
    while (more && door->sending + more > door->server->options.max_sending &&
           (largest = find_largest(door))) {
        tf_door_close(door, largest);
    }
}

static void free_gone(tf_door *door) {
    while (door->gone) {
        tf_connection *connection = door->gone;
        door->gone = connection->next;
        tf_free(connection);
    }
}

static bool is_loopback(const struct sockaddr_storage *peer) {
    if (peer->ss_family == AF_INET) {
        const struct sockaddr_in *address = (const struct sockaddr_in *)peer;
        return ntohl(address->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *address = (const struct sockaddr_in6 *)peer;
    return IN6_IS_ADDR_LOOPBACK(&address->sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&address->sin6_addr) && address->sin6_addr.s6_addr[12] == 127);
}

/* Take a new client in; the socket is closed if that fails. */
static tf_connection *connection_new(tf_door *door, int socket,
                                     const struct sockaddr_storage *peer) {
    tf_connection *connection = tf_alloc(1, sizeof *connection);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (!connection || epoll_ctl(door->epoll, EPOLL_CTL_ADD, socket, &event) != 0) {
        tf_free(connection);
        close(socket);
        return NULL;
    }
    int yes = 1;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    *connection = (tf_connection){.next = door->connections,
                                  .socket = socket,
                                  .interest = EPOLLIN,
                                  .state = TF_CONNECTION_IDLE,
                                  .is_local = is_loopback(peer)};
    if (door->connections) {
        door->connections->previous = connection;
    }
    door->connections = connection;
    door->connection_count++;
    tf_door_set_deadline(door, connection, door->server->options.idle_timeout_ms);
    tf_door_set_idle(door, connection, true);
    return connection;
}

/* Wait for new clients, or do not for now. */
static void watch_listener(tf_door *door, bool accepts) {
    if (door->is_accepting == accepts) {
        return;
    }
    struct epoll_event event = {.events = accepts ? EPOLLIN : 0,
                                .data.ptr = &door->server->listener};
    door->is_accepting = accepts;
    (void)epoll_ctl(door->epoll, EPOLL_CTL_MOD, door->server->listener, &event);
}

/* The system has no file descriptor or no memory left: make room, or wait a moment. */
static void yield_to_shortage(tf_door *door) {
    if (door->idle_longest) {
        tf_door_close(door, door->idle_longest);
        return;
    }
    watch_listener(door, false);
    door->resume_ms = door->now_ms + RESUME_MS;
    if (door->resume_ms < door->next_deadline_ms) {
        door->next_deadline_ms = door->resume_ms;
    }
}

static void welcome(tf_door *door, int socket, const struct sockaddr_storage *peer) {
    int most = door->server->options.max_connections;
    if (door->connection_count >= most && door->idle_longest) {
        tf_door_close(door, door->idle_longest);
    }
    bool is_full = door->connection_count >= most;
    if (door->connection_count >= most + MOST_TURNED_AWAY) {
        close(socket);
        return;
    }
    tf_connection *connection = connection_new(door, socket, peer);
    if (connection && is_full) {
        tf_connection_turn_away(door, connection, tf_answer_share(door->server->busy));
    }
}

static void accept_all(tf_door *door) {
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        struct sockaddr_storage peer = {0};
        socklen_t length = sizeof peer;
        int socket = accept4(door->server->listener, (struct sockaddr *)&peer, &length,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            welcome(door, socket, &peer);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            yield_to_shortage(door);
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return;
        }
    }
}

static void take_answers(tf_door *door) {
    tf_server *server = door->server;
    uint64_t count;
    (void)!read(server->waker, &count, sizeof count);
    pthread_mutex_lock(&server->mutex);
    tf_exchange_queue answered = server->answered;
    server->answered = (tf_exchange_queue){0};
    pthread_mutex_unlock(&server->mutex);
    tf_exchange *exchange;
    while ((exchange = tf_exchange_queue_take(&answered))) {
        tf_connection_on_answer(door, exchange);
    }
}

/* Let go of everybody whose request has not arrived. */
static void begin_stop(tf_door *door) {
    if (door->is_stopping) {
        return;
    }
    door->is_stopping = true;
    door->stop_ms = door->now_ms + STOP_MS;
    (void)epoll_ctl(door->epoll, EPOLL_CTL_DEL, door->server->listener, NULL);
    (void)epoll_ctl(door->epoll, EPOLL_CTL_DEL, door->server->stopper, NULL);
    close(door->server->listener);
    door->server->listener = -1;
    tf_connection *next;
    for (tf_connection *connection = door->connections; connection; connection = next) {
        next = connection->next;
        if (connection->state == TF_CONNECTION_IDLE || connection->state == TF_CONNECTION_HEAD) {
            tf_door_close(door, connection);
        }
    }
}

/* Look at every deadline, which is rarely needed: only once the earliest has passed. */
static void enforce_deadlines(tf_door *door) {
    if (door->now_ms < door->next_deadline_ms) {
        return;
    }
    door->next_deadline_ms = INT64_MAX;
    if (!door->is_accepting && !door->is_stopping) {
        if (door->now_ms >= door->resume_ms) {
            watch_listener(door, true);
        } else {
            door->next_deadline_ms = door->resume_ms;
        }
    }
    tf_connection *next;
    for (tf_connection *connection = door->connections; connection; connection = next) {
        next = connection->next;
        if (connection->deadline_ms <= door->now_ms) {
            tf_connection_on_deadline(door, connection);
        } else if (connection->deadline_ms < door->next_deadline_ms) {
            door->next_deadline_ms = connection->deadline_ms;
        }
    }
}

static void write_log(tf_door *door) {
    if (door->log.length) {
        (void)!write(door->server->options.log, door->log.data, door->log.length);
    }
    door->log.length = 0;
    door->log.failed = false;
}

static int wait_ms(const tf_door *door) {
    int64_t until = door->next_deadline_ms;
    if (door->is_stopping && door->stop_ms < until) {
        until = door->stop_ms;
    }
    if (until == INT64_MAX) {
        return -1;
    }
    int64_t left = until - clock_ms() + 1;
    return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

static void handle_event(tf_door *door, const struct epoll_event *event) {
    tf_server *server = door->server;
    if (event->data.ptr == &server->listener) {
        if (!door->is_stopping) {
            accept_all(door);
        }
    } else if (event->data.ptr == &server->waker) {
        take_answers(door);
    } else if (event->data.ptr == &server->stopper) {
        begin_stop(door);
    } else {
        tf_connection_on_event(door, event->data.ptr, event->events);
    }
}

void *tf_door_run(void *argument) {
    tf_server *server = argument;
    tf_door *door = server->door;
    struct epoll_event events[EVENTS_AT_ONCE];
    while (!door->is_stopping || (door->connection_count && door->now_ms < door->stop_ms)) {
        int count = epoll_wait(door->epoll, events, EVENTS_AT_ONCE, wait_ms(door));
        door->now_ms = clock_ms();
        door->has_version = false;
        for (int i = 0; i < count; i++) {
            handle_event(door, &events[i]);
        }
        enforce_deadlines(door);
        free_gone(door);
        write_log(door);
    }
    while (door->connections) {
        tf_connection *connection = door->connections;
        if (connection->state == TF_CONNECTION_BUSY) {
            tf_door_close(door, connection);
        }
        if (connection->state == TF_CONNECTION_GONE) {
            connection->exchange = NULL; /* still in a thread's hands, which the server ends */
        }
        tf_door_close(door, connection);
    }
    free_gone(door);
    pthread_mutex_lock(&server->mutex);
    server->is_stopped = true;
    pthread_cond_broadcast(&server->has_stopped);
    pthread_mutex_unlock(&server->mutex);
    return NULL;
}

tf_door *tf_door_new(tf_server *server) {
    tf_door *door = tf_alloc_zeroed(1, sizeof *door);
    if (!door) {
        return NULL;
    }
    door->server = server;
    door->now_ms = clock_ms();
    door->next_deadline_ms = INT64_MAX;
    door->is_accepting = true;
    door->epoll = epoll_create1(EPOLL_CLOEXEC);
    const int *const watched[] = {&server->listener, &server->waker, &server->stopper};
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = (void *)watched[i]};
        if (epoll_ctl(door->epoll, EPOLL_CTL_ADD, *watched[i], &event) != 0) {
            tf_door_free(door);
            return NULL;
        }
    }
    return door;
}

void tf_door_free(tf_door *door) {
    if (door) {
        if (door->epoll >= 0) {
            close(door->epoll);
        }
        tf_buffer_deinit(&door->log);
        tf_free(door);
    }
}

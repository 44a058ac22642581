#include "connection_internal.h"

#include "trefoil/base/date.h"
#include "web/http/negotiate.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static void run(tf_door *door, tf_connection *connection);

/* Keep bytes that have arrived behind those that wait. */
static bool keep_bytes(tf_connection *connection, tf_text arrived) {
    if (tf_reserve(&connection->bytes, &connection->capacity, connection->length + arrived.length,
                   1, NULL)) {
        return false;
    }
    if (arrived.length) {
        memcpy(connection->bytes + connection->length, arrived.data, arrived.length);
        connection->length += arrived.length;
    }
    return true;
}

static void drop_bytes(tf_connection *connection, size_t length) {
    connection->length -= length;
    connection->scanned = 0;
    if (connection->length) {
        memmove(connection->bytes, connection->bytes + length, connection->length);
    } else {
        tf_free(connection->bytes);
        connection->bytes = NULL;
        connection->capacity = 0;
    }
}

static void begin_window(tf_door *door, tf_connection *connection) {
    connection->moved = 0;
    tf_door_set_deadline(door, connection, door->server->options.body_window_ms);
}

static void begin_writing(tf_door *door, tf_connection *connection, tf_answer *answer) {
    tf_door_set_idle(door, connection, false);
    connection->exchange->answer = answer;
    connection->state = TF_CONNECTION_WRITING;
    tf_sending_begin(door, connection->exchange);
    begin_window(door, connection);
}

/* The answer of the door itself to what is no request, or to one too many. */
static void answer_plainly(tf_door *door, tf_connection *connection, tf_refusal refusal) {
    tf_answer *answer = tf_answer_plain(refusal.status, refusal.reason, "");
    begin_writing(door, connection, answer ? answer : tf_answer_share(door->server->busy));
}

static void submit(tf_door *door, tf_connection *connection, tf_stage stage) {
    tf_exchange *exchange = connection->exchange;
    exchange->stage = stage;
    connection->state = TF_CONNECTION_BUSY;
    if (!tf_server_submit(door->server, exchange)) {
        exchange->closes |= stage == TF_STAGE_ADMIT;
        begin_writing(door, connection, tf_answer_share(door->server->busy));
    }
}

/* Have the refusal of a sound request worded for its reader. */
static void refuse(tf_door *door, tf_connection *connection, tf_refusal refusal) {
    connection->exchange->refusal = refusal;
    submit(door, connection, TF_STAGE_ANSWER);
}

static bool has_body(const tf_head *head) {
    return head->is_chunked || head->length > 0;
}

static bool answer_from_cache(tf_door *door, tf_connection *connection) {
    tf_exchange *exchange = connection->exchange;
    tf_answer_key key;
    if (exchange->route->permission != TF_PERMISSION_PUBLIC ||
        !tf_worker_may_share(door->server, exchange)) {
        return false;
    }
    key = tf_worker_key(exchange, tf_door_version(door));
    tf_answer *answer = tf_answer_cache_get(door->server->cache, &key);
    if (answer) {
        tf_door_make_room(door, answer);
        begin_writing(door, connection, answer);
    }
    return answer != NULL;
}

static void begin_body(tf_door *door, tf_connection *connection) {
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    tf_exchange *exchange = connection->exchange;
    const tf_server *server = door->server;
    bool is_upload = exchange->route->body == TF_BODY_MULTIPART;
    tf_refusal refusal = tf_body_begin(&exchange->body, &exchange->head,
                                       tf_admission_body_limit(server, exchange->route->body),
                                       is_upload ? server->options.upload_folder : NULL);
    if (refusal.status) {
        exchange->closes = true;
        refuse(door, connection, refusal);
        return;
    }
    if (exchange->head.expects_continue && connection->length == 0) {
        ssize_t sent = send(connection->socket, go_on, sizeof go_on - 1, MSG_NOSIGNAL);
        if (sent != (ssize_t)sizeof go_on - 1) {
            tf_door_close(door, connection);
            return;
        }
    }
    connection->state = TF_CONNECTION_BODY;
    tf_door_await(door, connection, EPOLLIN);
    begin_window(door, connection);
}

/* A whole head of `length` bytes has arrived. */
static void take_head(tf_door *door, tf_connection *connection, size_t length) {
    tf_exchange *exchange = tf_exchange_new((tf_text){connection->bytes, length});
    if (!exchange) {
        tf_door_close(door, connection);
        return;
    }
    drop_bytes(connection, length);
    tf_door_set_idle(door, connection, false);
    exchange->connection = connection;
    exchange->began = tf_seconds_monotonic();
    connection->exchange = exchange;
    tf_head *head = &exchange->head;
    tf_refusal refusal = tf_head_parse((tf_text){exchange->bytes, length}, head);
    if (refusal.status) {
        exchange->closes = true;
        answer_plainly(door, connection, refusal);
        return;
    }
    exchange->is_local = connection->is_local && !tf_admission_is_forwarded(head);
    exchange->is_secure = tf_admission_is_secure(door->server, head);
    exchange->is_personal = tf_admission_is_personal(door->server, exchange);
    exchange->closes = !head->keeps_alive;
    exchange->encodings =
        tf_negotiate_encodings(tf_head_value(head->headers, head->header_count, "accept-encoding"));
    refusal = tf_admission_check(door->server, exchange);
    if (refusal.status) {
        exchange->closes |= has_body(head) || refusal.status == 411;
        refuse(door, connection, refusal);
    } else if (!has_body(head)) {
        if (!answer_from_cache(door, connection)) {
            submit(door, connection, TF_STAGE_ANSWER);
        }
    } else if (exchange->route->permission != TF_PERMISSION_PUBLIC) {
        submit(door, connection, TF_STAGE_ADMIT);
    } else {
        begin_body(door, connection);
    }
}

/* Look for a head in what has arrived; false if it has to go on arriving. */
static bool step_head(tf_door *door, tf_connection *connection) {
    size_t length;
    tf_refusal refusal = tf_head_measure((tf_text){connection->bytes, connection->length},
                                         &connection->scanned, &length);
    if (refusal.status) {
        connection->exchange = tf_exchange_new((tf_text){"", 0});
        if (!connection->exchange) {
            tf_door_close(door, connection);
            return false;
        }
        connection->exchange->began = tf_seconds_monotonic();
        connection->exchange->closes = true;
        answer_plainly(door, connection, refusal);
        return true;
    }
    if (length == 0) {
        tf_door_await(door, connection, EPOLLIN);
        return false;
    }
    take_head(door, connection, length);
    return true;
}

/* Take what has arrived of the body; false if more has to arrive. */
static bool take_body(tf_door *door, tf_connection *connection, tf_text *arrived) {
    tf_exchange *exchange = connection->exchange;
    bool is_complete;
    connection->moved += arrived->length;
    tf_refusal refusal = tf_body_take(&exchange->body, arrived, &is_complete);
    if (refusal.status == 400) {
        exchange->closes = true;
        answer_plainly(door, connection, refusal);
    } else if (refusal.status) {
        exchange->closes = true;
        refuse(door, connection, refusal);
    } else if (is_complete) {
        submit(door, connection, TF_STAGE_ANSWER);
    }
    return refusal.status || is_complete;
}

/* Take what arrived together with the head. */
static bool step_body(tf_door *door, tf_connection *connection) {
    if (connection->length == 0) {
        return false;
    }
    tf_text arrived = {connection->bytes, connection->length};
    bool has_moved_on = take_body(door, connection, &arrived);
    drop_bytes(connection, connection->length - arrived.length);
    return has_moved_on;
}

static void become_idle(tf_door *door, tf_connection *connection) {
    connection->state = TF_CONNECTION_IDLE;
    tf_door_set_deadline(door, connection, door->server->options.idle_timeout_ms);
    tf_door_set_idle(door, connection, true);
    tf_door_await(door, connection, EPOLLIN);
}

/* Say that nothing follows, and let the client read before the connection is gone: closing it with
 * something unread would reset it, and the answer might be lost (RFC 9112, section 9.6). */
static void linger(tf_door *door, tf_connection *connection) {
    shutdown(connection->socket, SHUT_WR);
    connection->state = TF_CONNECTION_LINGERING;
    drop_bytes(connection, connection->length);
    tf_door_set_idle(door, connection, true);
    tf_door_set_deadline(door, connection, TF_DOOR_LINGER_MS);
    tf_door_await(door, connection, EPOLLIN);
}

static bool step_writing(tf_door *door, tf_connection *connection) {
    switch (tf_sending_go_on(door, connection)) {
    case TF_SENDING_BLOCKED:
        tf_door_await(door, connection, EPOLLOUT);
        return false;
    case TF_SENDING_BROKEN:
        tf_door_close(door, connection);
        return false;
    case TF_SENDING_DONE:
        break;
    }
    bool closes = connection->exchange->closes;
    if (door->server->options.log >= 0) {
        tf_access_log_line(&door->log, connection->exchange);
    }
    tf_sending_end(door, connection->exchange);
    tf_exchange_free(connection->exchange);
    connection->exchange = NULL;
    if (closes) {
        linger(door, connection);
    } else if (connection->length == 0) {
        become_idle(door, connection);
    } else {
        connection->state = TF_CONNECTION_HEAD;
        tf_door_set_idle(door, connection, true);
        tf_door_set_deadline(door, connection, door->server->options.head_timeout_ms);
    }
    return true;
}

/* Go on until the client or a thread that answers has to do something. */
static void run(tf_door *door, tf_connection *connection) {
    bool has_moved_on = true;
    while (has_moved_on) {
        switch (connection->state) {
        case TF_CONNECTION_HEAD:
            has_moved_on = step_head(door, connection);
            break;
        case TF_CONNECTION_BODY:
            has_moved_on = step_body(door, connection);
            break;
        case TF_CONNECTION_WRITING:
            has_moved_on = step_writing(door, connection);
            break;
        case TF_CONNECTION_IDLE:
        case TF_CONNECTION_BUSY:
        case TF_CONNECTION_LINGERING:
        case TF_CONNECTION_GONE:
            has_moved_on = false;
            break;
        }
    }
}

/* Receive into the door's scratch; 0 if nothing came, and the connection is closed if it ended. */
static size_t receive(tf_door *door, tf_connection *connection, size_t most) {
    ssize_t length = recv(connection->socket, door->scratch, most, 0);
    if (length > 0) {
        return (size_t)length;
    }
    if (length == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        tf_door_close(door, connection);
    }
    return 0;
}

static void receive_head(tf_door *door, tf_connection *connection) {
    size_t length = receive(door, connection, TF_HEAD_MAX_SIZE);
    if (length == 0) {
        return;
    }
    if (connection->state == TF_CONNECTION_IDLE) {
        connection->state = TF_CONNECTION_HEAD;
        tf_door_set_deadline(door, connection, door->server->options.head_timeout_ms);
    }
    if (keep_bytes(connection, (tf_text){door->scratch, length})) {
        run(door, connection);
    } else {
        tf_door_close(door, connection);
    }
}

static void receive_body(tf_door *door, tf_connection *connection) {
    const tf_body *body = &connection->exchange->body;
    size_t most = sizeof door->scratch;
    if (!body->is_chunked && body->left < most) {
        most = (size_t)body->left;
    }
    size_t length = receive(door, connection, most);
    tf_text arrived = {door->scratch, length};
    if (length == 0 || !take_body(door, connection, &arrived)) {
        return;
    }
    if (keep_bytes(connection, arrived)) {
        run(door, connection);
    } else {
        tf_door_close(door, connection);
    }
}

void tf_connection_on_event(tf_door *door, tf_connection *connection, unsigned events) {
    switch (connection->state) {
    case TF_CONNECTION_IDLE:
    case TF_CONNECTION_HEAD:
        receive_head(door, connection);
        break;
    case TF_CONNECTION_BODY:
        receive_body(door, connection);
        break;
    case TF_CONNECTION_BUSY:
        if (events & (EPOLLHUP | EPOLLERR)) {
            tf_door_close(door, connection);
        } else {
            tf_door_await(door, connection, 0);
        }
        break;
    case TF_CONNECTION_WRITING:
        run(door, connection);
        break;
    case TF_CONNECTION_LINGERING:
        (void)receive(door, connection, sizeof door->scratch);
        break;
    case TF_CONNECTION_GONE:
        break;
    }
}

void tf_connection_turn_away(tf_door *door, tf_connection *connection, tf_answer *answer) {
    connection->exchange = tf_exchange_new((tf_text){"", 0});
    if (!connection->exchange) {
        tf_answer_release(answer);
        tf_door_close(door, connection);
        return;
    }
    connection->exchange->began = tf_seconds_monotonic();
    connection->exchange->closes = true;
    begin_writing(door, connection, answer);
    run(door, connection);
}

static void give_up_body(tf_door *door, tf_connection *connection) {
    connection->exchange->closes = true;
    answer_plainly(door, connection, (tf_refusal){408, "The request came too slowly"});
    run(door, connection);
}

void tf_connection_on_deadline(tf_door *door, tf_connection *connection) {
    const tf_server_options *options = &door->server->options;
    uint64_t wanted =
        (uint64_t)options->body_bytes_per_second * (uint64_t)options->body_window_ms / 1000;
    bool has_moved = connection->moved >= wanted;
    switch (connection->state) {
    case TF_CONNECTION_HEAD: {
        tf_answer *late = tf_answer_plain(408, "The request came too slowly", "");
        tf_connection_turn_away(door, connection,
                                late ? late : tf_answer_share(door->server->busy));
        break;
    }
    case TF_CONNECTION_BODY:
        if (has_moved) {
            begin_window(door, connection);
        } else {
            give_up_body(door, connection);
        }
        break;
    case TF_CONNECTION_WRITING:
        if (has_moved) {
            begin_window(door, connection);
        } else {
            tf_door_close(door, connection);
        }
        break;
    case TF_CONNECTION_BUSY:
    case TF_CONNECTION_GONE:
        connection->deadline_ms = INT64_MAX;
        break;
    case TF_CONNECTION_IDLE:
    case TF_CONNECTION_LINGERING:
        tf_door_close(door, connection);
        break;
    }
}

void tf_connection_on_answer(tf_door *door, tf_exchange *exchange) {
    tf_connection *connection = exchange->connection;
    if (connection->state == TF_CONNECTION_GONE) {
        /* It was kept for this pointer alone. */
        connection->exchange = NULL;
        tf_exchange_free(exchange);
        tf_door_close(door, connection);
        return;
    }
    if (exchange->answer) {
        tf_door_make_room(door, exchange->answer);
        begin_writing(door, connection, exchange->answer);
    } else {
        begin_body(door, connection);
    }
    run(door, connection);
}

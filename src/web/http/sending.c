#include "connection_internal.h"

#include "trefoil/base/date.h"
#include "web/http/negotiate.h"

#include <errno.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* One connection does not keep the door from the others for longer than this takes. */
enum { MOST_AT_ONCE = 1024 * 1024 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), made once a second. */
static const char *date_now(tf_door *door) {
    static const char days[][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t second = tf_instant_now() / 1000000;
    if (second != door->dated) {
        int year;
        int month;
        int day;
        int32_t since_1970 = (int32_t)(second / 86400);
        int of_day = (int)(second % 86400);
        tf_days_split(since_1970, &year, &month, &day);
        snprintf(door->date, sizeof door->date, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                 days[since_1970 % 7], day, months[month - 1], year, of_day / 3600,
                 of_day / 60 % 60, of_day % 60);
        door->dated = second;
    }
    return door->date;
}

static bool is_not_modified(const tf_exchange *exchange) {
    const tf_answer *answer = exchange->answer;
    if (!answer->etag[0] || !exchange->route || strcmp(exchange->route->method, "GET") != 0) {
        return false;
    }
    const tf_head *head = &exchange->head;
    for (size_t i = 0; i < head->header_count; i++) {
        if (tf_text_equal_fold(head->headers[i].name, tf_text_of("if-none-match")) &&
            tf_negotiate_matches(head->headers[i].value, tf_text_of(answer->etag))) {
            return true;
        }
    }
    return false;
}

uint64_t tf_sending_weight(const tf_answer *answer) {
    return answer->owned ? answer->length : 0;
}

void tf_sending_end(tf_door *door, tf_exchange *exchange) {
    if (--exchange->answer->client_count == 0) {
        door->sending -= tf_sending_weight(exchange->answer);
    }
}

void tf_sending_begin(tf_door *door, tf_exchange *exchange) {
    if (exchange->answer->client_count++ == 0) {
        door->sending += tf_sending_weight(exchange->answer);
    }
    exchange->is_not_modified = is_not_modified(exchange);
    exchange->closes |= door->is_stopping;
    int status = exchange->is_not_modified ? 304 : exchange->answer->status;
    const char *connection = exchange->closes                    ? "Connection: close\r\n"
                             : exchange->head.minor_version == 0 ? "Connection: keep-alive\r\n"
                                                                 : "";
    int length =
        snprintf(exchange->prefix, sizeof exchange->prefix, "HTTP/1.1 %d %s\r\nDate: %s\r\n%s",
                 status, tf_status_phrase(status), date_now(door), connection);
    exchange->prefix_length = (size_t)length;
    exchange->sent = 0;
}

static bool has_content(const tf_exchange *exchange) {
    return !exchange->is_not_modified && exchange->answer->status != 204;
}

/* All that goes out but a file, and its total length. */
static uint64_t gather(const tf_door *door, const tf_exchange *exchange, struct iovec parts[6]) {
    const tf_answer *answer = exchange->answer;
    bool has_fields = has_content(exchange);
    bool has_body = has_fields && answer->body && !tf_exchange_is_head(exchange);
    parts[0] = (struct iovec){(char *)exchange->prefix, exchange->prefix_length};
    parts[1] = (struct iovec){door->server->common_fields, door->server->common_length};
    parts[2] = (struct iovec){answer->fields, answer->fields_length};
    parts[3] =
        (struct iovec){answer->content_fields, has_fields ? answer->content_fields_length : 0};
    parts[4] = (struct iovec){"\r\n", 2};
    parts[5] = (struct iovec){(char *)answer->body, has_body ? answer->length : 0};
    uint64_t total = 0;
    for (int i = 0; i < 6; i++) {
        total += parts[i].iov_len;
    }
    return total;
}

/* Drop what was sent already; returns how many parts are left, from *first_out on. */
static size_t skip_sent(struct iovec parts[6], uint64_t sent, struct iovec **first_out) {
    size_t first = 0;
    while (first < 6 && sent >= parts[first].iov_len) {
        sent -= parts[first++].iov_len;
    }
    *first_out = parts + first;
    if (first < 6) {
        parts[first].iov_base = (char *)parts[first].iov_base + sent;
        parts[first].iov_len -= sent;
    }
    return 6 - first;
}

static tf_sending outcome_of(ssize_t sent) {
    bool is_blocked = sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return is_blocked ? TF_SENDING_BLOCKED : TF_SENDING_BROKEN;
}

tf_sending tf_sending_go_on(tf_door *door, tf_connection *connection) {
    tf_exchange *exchange = connection->exchange;
    const tf_answer *answer = exchange->answer;
    struct iovec parts[6];
    uint64_t head = gather(door, exchange, parts);
    bool has_file = answer->file >= 0 && has_content(exchange) && !tf_exchange_is_head(exchange);
    uint64_t total = head + (has_file ? answer->length : 0);
    struct iovec *first;
    size_t count = skip_sent(parts, exchange->sent, &first);
    uint64_t budget = MOST_AT_ONCE;
    while (exchange->sent < total) {
        ssize_t sent;
        if (exchange->sent < head) {
            struct msghdr message = {.msg_iov = first, .msg_iovlen = count};
            sent = sendmsg(connection->socket, &message, MSG_NOSIGNAL | (has_file ? MSG_MORE : 0));
        } else {
            off_t offset = (off_t)(exchange->sent - head);
            uint64_t left = total - exchange->sent;
            sent = sendfile(connection->socket, answer->file, &offset,
                            left < MOST_AT_ONCE ? left : MOST_AT_ONCE);
        }
        if (sent <= 0) {
            return outcome_of(sent);
        }
        exchange->sent += (uint64_t)sent;
        connection->moved += (uint64_t)sent;
        if ((uint64_t)sent >= budget && exchange->sent < total) {
            return TF_SENDING_BLOCKED;
        }
        budget -= (uint64_t)sent < budget ? (uint64_t)sent : budget;
        gather(door, exchange, parts);
        count = skip_sent(parts, exchange->sent, &first);
    }
    return TF_SENDING_DONE;
}

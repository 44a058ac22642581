#include "listener_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>

enum { BACKLOG = 1024 };

static bool parse_port(tf_text text, in_port_t *port_out) {
    int64_t port;
    if (text.length == 0 || text.length > 5 || text.data[0] == '+' ||
        !tf_parse_int64(text, &port) || port < 0 || port > UINT16_MAX) {
        return false;
    }
    *port_out = htons((uint16_t)port);
    return true;
}

/* "127.0.0.1:8080", "localhost:8080", "[::1]:8080". */
tf_status tf_listener_parse(const char *listen, tf_listener_address *address_out, tf_error *error) {
    *address_out = (tf_listener_address){0};
    const char *colon = listen ? strrchr(listen, ':') : NULL;
    char host[64];
    in_port_t port;
    size_t length = colon ? (size_t)(colon - listen) : 0;
    if (length == 0 || length >= sizeof host || !parse_port(tf_text_of(colon + 1), &port)) {
        goto bad;
    }
    memcpy(host, listen, length);
    host[length] = '\0';
    struct sockaddr_in *four = (struct sockaddr_in *)&address_out->storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address_out->storage;
    if (host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &six->sin6_addr) != 1) {
            goto bad;
        }
        six->sin6_family = AF_INET6;
        six->sin6_port = port;
        address_out->length = sizeof *six;
        address_out->is_loopback = IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
        return TF_OK;
    }
    if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &four->sin_addr) !=
        1) {
        goto bad;
    }
    four->sin_family = AF_INET;
    four->sin_port = port;
    address_out->length = sizeof *four;
    address_out->is_loopback = ntohl(four->sin_addr.s_addr) >> 24 == 127;
    return TF_OK;

bad:
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "\"%s\" is no address to listen at; give one such as 127.0.0.1:8080",
                   listen ? listen : "");
}

/* What the system chose, for port 0. */
static void name_address(tf_server *server) {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } own = {.six = {0}};
    socklen_t length = sizeof own;
    char host[INET6_ADDRSTRLEN] = "";
    (void)getsockname(server->listener, &own.any, &length);
    if (own.any.sa_family == AF_INET) {
        inet_ntop(AF_INET, &own.four.sin_addr, host, sizeof host);
        snprintf(server->address, sizeof server->address, "%s:%d", host, ntohs(own.four.sin_port));
    } else {
        inet_ntop(AF_INET6, &own.six.sin6_addr, host, sizeof host);
        snprintf(server->address, sizeof server->address, "[%s]:%d", host,
                 ntohs(own.six.sin6_port));
    }
}

static tf_status fail_to_listen(const char *name, int reason, tf_error *error) {
    switch (reason) {
    case EADDRINUSE:
        return tf_fail(error, TF_BUSY, name, 0,
                       "another program listens there; end it or choose another port");
    case EADDRNOTAVAIL:
        return tf_fail(error, TF_BAD_INPUT, name, 0, "this machine does not have that address");
    case EACCES:
        return tf_fail(error, TF_IO, name, 0,
                       "listening there is not allowed; choose a port above 1023");
    default:
        return tf_fail(error, TF_IO, name, 0, "cannot listen there: %s", strerrordesc_np(reason));
    }
}

tf_status tf_listener_open(tf_server *server, const tf_listener_address *wanted, tf_error *error) {
    const char *name = server->options.listen;
    int yes = 1;
    int no = 0;
    server->listener =
        socket(wanted->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->listener < 0) {
        return fail_to_listen(name, errno, error);
    }
    (void)setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (wanted->storage.ss_family == AF_INET6) {
        (void)setsockopt(server->listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    }
    if (bind(server->listener, (const struct sockaddr *)&wanted->storage, wanted->length) != 0 ||
        listen(server->listener, BACKLOG) != 0) {
        return fail_to_listen(name, errno, error);
    }
    name_address(server);
    return TF_OK;
}

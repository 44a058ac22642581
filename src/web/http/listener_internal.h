/* Where the server listens. */
#ifndef WEB_HTTP_LISTENER_INTERNAL_H
#define WEB_HTTP_LISTENER_INTERNAL_H

#include "server_internal.h"

#include <sys/socket.h>

typedef struct tf_listener_address {
    struct sockaddr_storage storage;
    socklen_t length;
    bool is_loopback;
} tf_listener_address;

/* "127.0.0.1:8080", "localhost:8080", "[::1]:8080".  Errors: TF_BAD_INPUT. */
tf_status tf_listener_parse(const char *listen, tf_listener_address *address_out, tf_error *error);

/* Listen there: server->listener and server->address.  Errors: as tf_server_start. */
tf_status tf_listener_open(tf_server *server, const tf_listener_address *wanted, tf_error *error);

#endif

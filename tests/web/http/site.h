/* A small site, a server for it, and a client that writes whatever bytes a test wants to the wire.
 * A client that waits for what never comes fails after twenty seconds. */
#ifndef TREFOIL_TESTS_WEB_HTTP_SITE_H
#define TREFOIL_TESTS_WEB_HTTP_SITE_H

#include "check.h"

#include "web/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

/* What the handlers know of. */
typedef struct site {
    tf_server *server;
    tf_server_options options;
    int port;
    atomic_int count; /* calls of the handlers that count */
    atomic_ullong version;
    atomic_bool permits; /* what is not public */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int inside;   /* handlers that wait at the gate */
    bool is_open; /* the gate */
    char folder[64];
    int log;
} site;

static tf_status answer_home(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    (void)context;
    (void)error;
    tf_buffer_format(&response->body, "home of %.*s%s\n", TF_TEXT_ARG(request->host),
                     request->is_local ? ", local" : "");
    return TF_OK;
}

static const tf_field area_fields[] = {
    {.name = "code", .label = "Area code", .maximum = 20},
    {.name = "from", .label = "First month", .kind = TF_FIELD_MONTH, .fallback = "2023-01"},
};

static tf_status answer_area(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    (void)context;
    (void)error;
    tf_month from = tf_form_value(&request->form, "from")->month;
    tf_buffer_format(&response->body, "area %.*s from %d\n",
                     TF_TEXT_ARG(tf_form_value(&request->form, "code")->text),
                     tf_month_number(from));
    return TF_OK;
}

static tf_status answer_area_list(void *context, const tf_request *request, tf_response *response,
                                  tf_error *error) {
    (void)context;
    (void)request;
    (void)error;
    tf_buffer_append_text(&response->body, "all areas\n");
    return TF_OK;
}

static const tf_field page_fields[] = {
    {.name = "size",
     .label = "Size",
     .kind = TF_FIELD_INT,
     .maximum = 64 << 20,
     .minimum = 1,
     .fallback = "30000"},
};

/* A page that a compressor finds something to do with; the same for the same size. */
static tf_status answer_page(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    (void)error;
    site *own = context;
    atomic_fetch_add(&own->count, 1);
    int64_t size = tf_form_value(&request->form, "size")->number;
    for (int line = 0; (int64_t)response->body.length < size; line++) {
        tf_buffer_format(&response->body, "<tr><td>%d<td>%d\n", line, line % 1000 * 7919 % 1000);
    }
    response->body.length = (size_t)size;
    return TF_OK;
}

static tf_status answer_count(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    (void)request;
    (void)error;
    site *own = context;
    tf_buffer_format(&response->body, "%d\n", atomic_fetch_add(&own->count, 1) + 1);
    return TF_OK;
}

static tf_status answer_count_privately(void *context, const tf_request *request,
                                        tf_response *response, tf_error *error) {
    response->caching = TF_CACHE_NEVER;
    return answer_count(context, request, response, error);
}

/* Wait until the test opens the gate. */
static tf_status answer_at_gate(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    site *own = context;
    pthread_mutex_lock(&own->mutex);
    own->inside++;
    pthread_cond_broadcast(&own->changed);
    while (!own->is_open) {
        pthread_cond_wait(&own->changed, &own->mutex);
    }
    own->inside--;
    pthread_mutex_unlock(&own->mutex);
    return answer_count(context, request, response, error);
}

static tf_status answer_asset(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    (void)context;
    (void)request;
    (void)error;
    response->content_type = "text/css";
    response->caching = TF_CACHE_FOREVER;
    response->fixed_body = tf_text_of("plain");
    response->fixed_gzip = tf_text_of("packed by gzip");
    response->fixed_brotli = tf_text_of("packed by brotli");
    return TF_OK;
}

static tf_status answer_file(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    (void)request;
    site *own = context;
    response->file = open(own->folder, O_TMPFILE | O_RDWR, 0600);
    if (response->file < 0 || ftruncate(response->file, 3 << 20) != 0 ||
        pwrite(response->file, "last", 4, (3 << 20) - 4) != 4) {
        return tf_fail(error, TF_IO, NULL, 0, "no file");
    }
    response->content_type = "application/octet-stream";
    tf_response_attachment(response, "../a \"b\".csv");
    return TF_OK;
}

static tf_status answer_error_of(void *context, const tf_request *request, tf_response *response,
                                 tf_error *error) {
    (void)context;
    (void)request;
    tf_buffer_append_text(&response->body, "half a page");
    return tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no such area");
}

static tf_status answer_defect(void *context, const tf_request *request, tf_response *response,
                               tf_error *error) {
    (void)context;
    (void)request;
    (void)response;
    return tf_fail(error, TF_INTERNAL, "inner workings", 0, "a secret of the machine");
}

static const tf_field note_fields[] = {
    {.name = "name", .label = "Name", .is_required = true},
    {.name = "note", .label = "Note", .maximum = 100000},
};

static tf_status answer_note(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    (void)context;
    (void)error;
    response->caching = TF_CACHE_NEVER;
    tf_buffer_format(&response->body, "note of %.*s: %zu bytes, %zu errors\n",
                     TF_TEXT_ARG(tf_form_value(&request->form, "name")->text),
                     tf_form_value(&request->form, "note")->text.length, request->form.error_count);
    return TF_OK;
}

static tf_status answer_done(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    (void)context;
    (void)request;
    (void)error;
    tf_response_redirect(response, "/areas/list");
    return TF_OK;
}

static const tf_field upload_fields[] = {
    {.name = "files", .label = "Files", .kind = TF_FIELD_FILES, .is_required = true},
};

static tf_status answer_upload(void *context, const tf_request *request, tf_response *response,
                               tf_error *error) {
    (void)context;
    (void)error;
    for (size_t i = 0; i < request->form.upload_count; i++) {
        const tf_upload *upload = &request->form.uploads[i];
        uint64_t sum = 0;
        for (size_t at = 0; at < upload->content.length; at++) {
            sum += (unsigned char)upload->content.data[at];
        }
        tf_buffer_format(&response->body, "%.*s: %zu bytes, sum %llu\n", TF_TEXT_ARG(upload->name),
                         upload->content.length, (unsigned long long)sum);
    }
    return TF_OK;
}

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const tf_route home_route = {.method = "GET", .path = "/", .handle = answer_home};
static const tf_route area_route = {.method = "GET",
                                    .path = "/areas/{code}",
                                    .fields = area_fields,
                                    .field_count = COUNT_OF(area_fields),
                                    .handle = answer_area};
static const tf_route area_list_route = {
    .method = "GET", .path = "/areas/list", .handle = answer_area_list};
static const tf_route page_route = {.method = "GET",
                                    .path = "/page",
                                    .fields = page_fields,
                                    .field_count = COUNT_OF(page_fields),
                                    .handle = answer_page};
static const tf_route count_route = {.method = "GET", .path = "/count", .handle = answer_count};
static const tf_route private_count_route = {
    .method = "GET", .path = "/private-count", .handle = answer_count_privately};
static const tf_route now_route = {
    .method = "GET", .path = "/now", .is_volatile = true, .handle = answer_count};
static const tf_route gate_route = {
    .method = "GET", .path = "/gate", .is_volatile = true, .handle = answer_at_gate};
static const tf_route shared_gate_route = {
    .method = "GET", .path = "/shared-gate", .handle = answer_at_gate};
static const tf_route asset_route = {.method = "GET", .path = "/asset", .handle = answer_asset};
static const tf_route file_route = {.method = "GET", .path = "/file", .handle = answer_file};
static const tf_route missing_route = {
    .method = "GET", .path = "/missing", .handle = answer_error_of};
static const tf_route defect_route = {.method = "GET", .path = "/defect", .handle = answer_defect};
static const tf_route secret_route = {
    .method = "GET", .path = "/secret", .permission = TF_PERMISSION_IMPORT, .handle = answer_count};
static const tf_route note_route = {.method = "POST",
                                    .path = "/note",
                                    .body = TF_BODY_FORM,
                                    .answers_errors = true,
                                    .fields = note_fields,
                                    .field_count = COUNT_OF(note_fields),
                                    .handle = answer_note};
static const tf_route done_route = {.method = "POST", .path = "/done", .handle = answer_done};
static const tf_route upload_route = {.method = "POST",
                                      .path = "/upload",
                                      .body = TF_BODY_MULTIPART,
                                      .fields = upload_fields,
                                      .field_count = COUNT_OF(upload_fields),
                                      .handle = answer_upload};
static const tf_route secret_upload_route = {.method = "POST",
                                             .path = "/secret-upload",
                                             .permission = TF_PERMISSION_IMPORT,
                                             .body = TF_BODY_MULTIPART,
                                             .fields = upload_fields,
                                             .field_count = COUNT_OF(upload_fields),
                                             .handle = answer_upload};

static const tf_route *const site_routes[] = {
    &home_route,    &area_route,          &area_list_route,     &page_route,  &count_route,
    &now_route,     &gate_route,          &shared_gate_route,   &asset_route, &file_route,
    &missing_route, &defect_route,        &secret_route,        &note_route,  &done_route,
    &upload_route,  &secret_upload_route, &private_count_route,
};

static tf_permit permits_if_told(void *context, const tf_request *request,
                                 tf_permission permission) {
    (void)request;
    (void)permission;
    return atomic_load(&((site *)context)->permits) ? TF_PERMIT_GRANTED : TF_PERMIT_FORBIDDEN;
}

static uint64_t version_of(void *context) {
    return atomic_load(&((site *)context)->version);
}

/* The options of a site that a test may change before site_start. */
static inline site *site_new(void) {
    site *own = calloc(1, sizeof *own);
    assert_non_null(own);
    pthread_mutex_init(&own->mutex, NULL);
    pthread_cond_init(&own->changed, NULL);
    snprintf(own->folder, sizeof own->folder, "%s", "/tmp/trefoil-site-XXXXXX");
    assert_non_null(mkdtemp(own->folder));
    own->log = open(own->folder, O_TMPFILE | O_RDWR, 0600);
    assert_true(own->log >= 0);
    own->options = (tf_server_options){
        .listen = "127.0.0.1:0",
        .routes = {site_routes, COUNT_OF(site_routes)},
        .context = own,
        .permits = permits_if_told,
        .version = version_of,
        .worker_count = 2,
        .upload_folder = own->folder,
        .log = own->log,
    };
    return own;
}

static inline void site_start(site *own) {
    tf_error error;
    assert_ok(tf_server_start(&own->options, &own->server, &error), &error);
    own->port = atoi(strrchr(tf_server_address(own->server), ':') + 1);
    assert_true(own->port > 0);
}

/* A site with the usual options, running. */
static inline site *site_open(void) {
    site *own = site_new();
    site_start(own);
    return own;
}

static inline void site_close(site *own) {
    tf_server_free(own->server);
    close(own->log);
    assert_int_equal(rmdir(own->folder), 0); /* nothing was left in it */
    pthread_mutex_destroy(&own->mutex);
    pthread_cond_destroy(&own->changed);
    free(own);
}

static inline void open_gate(site *own) {
    pthread_mutex_lock(&own->mutex);
    own->is_open = true;
    pthread_cond_broadcast(&own->changed);
    pthread_mutex_unlock(&own->mutex);
}

static inline void await_inside(site *own, int count) {
    pthread_mutex_lock(&own->mutex);
    while (own->inside < count) {
        pthread_cond_wait(&own->changed, &own->mutex);
    }
    pthread_mutex_unlock(&own->mutex);
}

static inline int dial(const site *own) {
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(client >= 0);
    struct timeval patience = {.tv_sec = 20};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)own->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    return client;
}

/* False if the server has closed. */
static inline bool put_bytes(int client, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length) {
        ssize_t sent = send(client, at, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

static inline void put(int client, const char *text) {
    assert_true(put_bytes(client, text, strlen(text)));
}

typedef struct reply {
    int status; /* 0: the connection ended before one */
    char head[8192];
    char *body; /* terminated */
    size_t length;
} reply;

static inline void reply_free(reply *got) {
    free(got->body);
    got->body = NULL;
}

/* The value of a header in `buffer`, or NULL. */
static inline const char *reply_header(const reply *got, const char *name, char *buffer,
                                       size_t size) {
    size_t length = strlen(name);
    for (const char *line = strstr(got->head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') {
            const char *value = line + 2 + length + 2;
            snprintf(buffer, size, "%.*s", (int)strcspn(value, "\r"), value);
            return buffer;
        }
    }
    return NULL;
}

static inline bool reply_says(const reply *got, const char *name, const char *value) {
    char buffer[2048];
    const char *is = reply_header(got, name, buffer, sizeof buffer);
    return is && strcmp(is, value) == 0;
}

/* Read one answer; `has_body` is false for one to HEAD. */
static inline reply get_reply_of(int client, bool has_body) {
    reply got = {0};
    size_t used = 0;
    while (used < 4 || memcmp(got.head + used - 4, "\r\n\r\n", 4) != 0) {
        assert_true(used < sizeof got.head - 1);
        ssize_t length = recv(client, got.head + used, 1, 0);
        if (length == 0 || (length < 0 && errno == ECONNRESET)) {
            return got;
        }
        assert_int_equal(length, 1);
        used++;
    }
    assert_int_equal(strncmp(got.head, "HTTP/1.1 ", 9), 0);
    got.status = atoi(got.head + 9);
    char length_text[32];
    if (has_body && reply_header(&got, "Content-Length", length_text, sizeof length_text)) {
        got.length = strtoul(length_text, NULL, 10);
    }
    got.body = calloc(got.length + 1, 1);
    for (size_t at = 0; at < got.length;) {
        ssize_t length = recv(client, got.body + at, got.length - at, 0);
        assert_true(length > 0);
        at += (size_t)length;
    }
    return got;
}

static inline reply get_reply(int client) {
    return get_reply_of(client, true);
}

/* Whether the server ends the connection, and sends nothing before. */
static inline bool has_ended(int client) {
    char byte;
    ssize_t length = recv(client, &byte, 1, 0);
    return length == 0 || (length < 0 && errno == ECONNRESET);
}

/* Send a request on a connection of its own, and read one answer. */
static inline reply ask(const site *own, const char *request) {
    int client = dial(own);
    put(client, request);
    reply got = get_reply_of(client, strncmp(request, "HEAD ", 5) != 0);
    close(client);
    return got;
}

/* GET a target with more headers, each with its CR LF. */
static inline reply ask_for(const site *own, const char *target, const char *headers) {
    char request[4096];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", target,
             headers);
    return ask(own, request);
}

/* The status of the answer to a request. */
static inline int status_of(const site *own, const char *request) {
    reply got = ask(own, request);
    reply_free(&got);
    return got.status;
}

#endif

#include "connection_internal.h"
#include "listener_internal.h"
#include "trefoil/base/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FILES_BESIDE = 256 };

void tf_exchange_queue_put(tf_exchange_queue *queue, tf_exchange *exchange) {
    exchange->next = NULL;
    *(queue->last ? &queue->last->next : &queue->first) = exchange;
    queue->last = exchange;
    queue->count++;
}

tf_exchange *tf_exchange_queue_take(tf_exchange_queue *queue) {
    tf_exchange *exchange = queue->first;
    if (exchange) {
        queue->first = exchange->next;
        queue->last = queue->first ? queue->last : NULL;
        queue->count--;
    }
    return exchange;
}

bool tf_server_submit(tf_server *server, tf_exchange *exchange) {
    pthread_mutex_lock(&server->mutex);
    bool has_room = server->waiting.count < server->options.max_waiting;
    if (has_room) {
        tf_exchange_queue_put(&server->waiting, exchange);
        pthread_cond_signal(&server->has_work);
    }
    pthread_mutex_unlock(&server->mutex);
    return has_room;
}

static void ring(int bell) {
    uint64_t one = 1;
    (void)!write(bell, &one, sizeof one);
}

void tf_server_deliver(tf_server *server, tf_exchange *exchange) {
    pthread_mutex_lock(&server->mutex);
    bool was_empty = server->answered.count == 0;
    tf_exchange_queue_put(&server->answered, exchange);
    pthread_mutex_unlock(&server->mutex);
    if (was_empty) {
        ring(server->waker);
    }
}

/* As many connections as asked for, or as the system has file descriptors. */
static void make_room_for_files(tf_server_options *options) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    rlim_t wanted = (rlim_t)options->max_connections * 2 + FILES_BESIDE;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void fill_in(int *value, int fallback) {
    if (*value <= 0) {
        *value = fallback;
    }
}

static void fill_in_options(tf_server_options *options) {
    const char *folder = getenv("TMPDIR");
    fill_in(&options->worker_count, tf_thread_count_default());
    fill_in(&options->max_connections, 4096);
    fill_in(&options->max_waiting, 256);
    fill_in(&options->head_timeout_ms, 10 * 1000);
    fill_in(&options->idle_timeout_ms, 60 * 1000);
    fill_in(&options->body_window_ms, 10 * 1000);
    fill_in(&options->body_bytes_per_second, 1000);
    if (options->max_upload == 0) {
        options->max_upload = 2ULL << 30;
    }
    if (options->cache_size == 0) {
        options->cache_size = 64ULL << 20;
    }
    if (options->max_sending == 0) {
        options->max_sending = 256ULL << 20;
    }
    if (!options->upload_folder) {
        options->upload_folder = folder && *folder ? folder : "/tmp";
    }
}

/* An origin that cannot end the header or the directive that it is put into. */
static tf_status check_tile_origin(const char *origin, tf_error *error) {
    if (!origin) {
        return TF_OK;
    }
    tf_text text = tf_text_of(origin);
    bool is_web = tf_text_starts_with(text, "https://") || tf_text_starts_with(text, "http://");
    if (!is_web || origin[strcspn(origin, " \t\r\n;,'\"")] != '\0') {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "\"%s\" is no origin of tiles; give one such as https://tiles.example.org",
                       origin);
    }
    return TF_OK;
}

static tf_status prepare(tf_server *server, const tf_listener_address *wanted, tf_error *error) {
    const tf_server_options *options = &server->options;
    tf_status status = check_tile_origin(options->tile_origin, error);
    if (!status) {
        status = tf_listener_open(server, wanted, error);
    }
    if (status) {
        return status;
    }
    server->guard = (tf_guard){.address = server->address,
                               .hosts = options->hosts,
                               .host_count = options->host_count,
                               .is_any_host = options->host_count == 0 && !wanted->is_loopback};
    server->common_fields = tf_security_fields(options->tile_origin);
    server->busy =
        tf_answer_plain(503, "The server is busy; try again in a moment", "Retry-After: 1\r\n");
    server->workers = tf_alloc(options->worker_count, sizeof *server->workers);
    if (options->version) {
        server->cache = tf_answer_cache_new(options->cache_size);
    }
    if (!server->common_fields || !server->busy || !server->workers ||
        (options->version && !server->cache)) {
        return tf_fail_no_memory(error);
    }
    server->common_length = strlen(server->common_fields);
    server->waker = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    server->stopper = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    server->door = server->waker < 0 || server->stopper < 0 ? NULL : tf_door_new(server);
    if (!server->door) {
        return tf_fail(error, TF_IO, NULL, 0, "the system refuses more files; close programs");
    }
    return TF_OK;
}

/* Signals are for the thread that started the server. */
static tf_status start_threads(tf_server *server, tf_error *error) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int failed = 0;
    while (!failed && server->worker_count < server->options.worker_count) {
        failed =
            pthread_create(&server->workers[server->worker_count], NULL, tf_worker_run, server);
        server->worker_count += !failed;
    }
    if (!failed) {
        failed = pthread_create(&server->door_thread, NULL, tf_door_run, server);
        server->has_door = !failed;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed
               ? tf_fail(error, TF_IO, NULL, 0, "the system refuses more threads; close programs")
               : TF_OK;
}

tf_status tf_server_start(const tf_server_options *options, tf_server **server_out,
                          tf_error *error) {
    *server_out = NULL;
    tf_listener_address wanted;
    tf_status status = tf_listener_parse(options->listen, &wanted, error);
    if (status) {
        return status;
    }
    tf_server *server = tf_alloc_zeroed(1, sizeof *server);
    if (!server) {
        return tf_fail_no_memory(error);
    }
    server->options = *options;
    server->listener = -1;
    server->waker = -1;
    server->stopper = -1;
    pthread_mutex_init(&server->mutex, NULL);
    pthread_cond_init(&server->has_work, NULL);
    pthread_cond_init(&server->has_stopped, NULL);
    fill_in_options(&server->options);
    make_room_for_files(&server->options);
    status = prepare(server, &wanted, error);
    if (!status) {
        status = start_threads(server, error);
    }
    if (status) {
        tf_server_free(server);
        return status;
    }
    *server_out = server;
    return TF_OK;
}

const char *tf_server_address(const tf_server *server) {
    return server->address;
}

void tf_server_ask_stop(tf_server *server) {
    int before = errno;
    ring(server->stopper);
    errno = before;
}

void tf_server_wait(tf_server *server) {
    pthread_mutex_lock(&server->mutex);
    while (!server->is_stopped) {
        pthread_cond_wait(&server->has_stopped, &server->mutex);
    }
    pthread_mutex_unlock(&server->mutex);
}

static void end_threads(tf_server *server) {
    if (server->has_door) {
        tf_server_ask_stop(server);
        pthread_join(server->door_thread, NULL);
    }
    pthread_mutex_lock(&server->mutex);
    server->is_closing = true;
    pthread_cond_broadcast(&server->has_work);
    pthread_mutex_unlock(&server->mutex);
    for (int i = 0; i < server->worker_count; i++) {
        pthread_join(server->workers[i], NULL);
    }
}

static void close_if_open(int file) {
    if (file >= 0) {
        close(file);
    }
}

void tf_server_free(tf_server *server) {
    if (!server) {
        return;
    }
    end_threads(server);
    tf_exchange *exchange;
    while ((exchange = tf_exchange_queue_take(&server->answered))) {
        tf_exchange_free(exchange);
    }
    tf_door_free(server->door);
    close_if_open(server->listener);
    close_if_open(server->waker);
    close_if_open(server->stopper);
    tf_answer_cache_free(server->cache);
    tf_answer_release(server->busy);
    tf_free(server->common_fields);
    tf_free(server->workers);
    pthread_mutex_destroy(&server->mutex);
    pthread_cond_destroy(&server->has_work);
    pthread_cond_destroy(&server->has_stopped);
    tf_free(server);
}

/* Serves the API alone, for the programs that judge it from outside:
 *
 *     serve_api DATABASE        prints the address, and stops at the end of its input */
#include "web/api/api.h"
#include "web/http/server.h"
#include "web/site/site.h"

#include <pthread.h>
#include <stdio.h>

static bool permits(void *context, const tf_request *request, tf_permission permission) {
    (void)context;
    (void)request;
    return permission == TF_PERMISSION_PUBLIC;
}

static uint64_t version(void *context) {
    return tf_site_version(context);
}

static void *stop_at_end_of_input(void *server) {
    while (getchar() != EOF) {
    }
    tf_server_ask_stop(server);
    return NULL;
}

int main(int argument_count, char **arguments) {
    tf_error error;
    tf_site *site = NULL;
    tf_server *server = NULL;
    tf_status status = TF_BAD_INPUT;
    if (argument_count != 2) {
        fputs("usage: serve_api DATABASE\n", stderr);
        return 2;
    }
    tf_site_options site_options = {.db_path = arguments[1]};
    status = tf_site_open(&site_options, &site, &error);
    if (!status) {
        tf_server_options options = {.listen = "127.0.0.1:0",
                                     .routes = tf_api_routes,
                                     .context = site,
                                     .permits = permits,
                                     .answer_error = tf_api_answer_error,
                                     .version = version,
                                     .log = -1};
        status = tf_server_start(&options, &server, &error);
    }
    if (status) {
        char text[1400];
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
        tf_site_free(site);
        return 1;
    }
    printf("http://%s\n", tf_server_address(server));
    fflush(stdout);
    pthread_t watcher;
    if (pthread_create(&watcher, NULL, stop_at_end_of_input, server) == 0) {
        tf_server_wait(server);
        pthread_join(watcher, NULL);
    }
    tf_server_free(server);
    tf_site_free(site);
    return 0;
}

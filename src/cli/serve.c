/* trefoil serve */
#include "cli/command.h"
#include "cli/report.h"
#include "trefoil/base/thread.h"
#include "web/api/api.h"
#include "web/http/server.h"
#include "web/pages/pages.h"
#include "web/site/visitor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { DB, LISTEN, HOST, READ_ONLY, ALLOW_IMPORTS, TILES, LOG, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    [DB] = {"db", "FILE",
            "the database file; a new, empty one is made, and that is said, if it is not there and "
            "imports are allowed",
            true},
    [LISTEN] = {"listen", "ADDR:PORT", "where to listen (127.0.0.1:8080 if nothing is said)",
                false},
    [HOST] = {"host", "NAMES",
              "names under which people reach the site, separated by commas, such as "
              "drugs.example.org; requests for other names are refused",
              false},
    [READ_ONLY] = {"read-only", NULL, "nobody imports in the browser", false},
    [ALLOW_IMPORTS] = {"allow-imports", NULL,
                       "while there are no accounts, everybody who reaches the site may import, "
                       "though it has a name (--host) or an address that is not this machine's "
                       "own",
                       false},
    [TILES] = {"tiles", "URL", "a MapLibre style to draw below the maps; without it, none", false},
    [LOG] = {"log", "FILE",
             "append a line for each request: no addresses, no queries; - is "
             "standard error",
             false},
};

/* Of a site with accounts, as deriving keys of passphrases occupies or waits for a processor: three
 * for each are kept busy with that at most. */
enum { HOSTS_MOST = 32, THREADS_A_PROCESSOR = 5 };

/* ---- stopping ---- */

static tf_server *running;

static void ask_stop(int signal) {
    (void)signal;
    tf_server_ask_stop(running);
}

static void stop_on_signals(tf_server *server) {
    running = server;
    struct sigaction action = {.sa_handler = ask_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* ---- one site of pages and API ---- */

static void answer_error(void *context, const tf_request *request, int status, const char *message,
                         tf_response *response) {
    if (tf_api_has_path(request->path)) {
        tf_api_answer_error(context, request, status, message, response);
    } else {
        tf_pages_answer_error(context, request, status, message, response);
    }
}

static tf_status join_routes(tf_arena *arena, tf_routes *routes_out, tf_error *error) {
    size_t count = tf_pages_routes.count + tf_api_routes.count;
    const tf_route **routes = tf_arena_alloc(arena, count, sizeof *routes);
    if (!routes) {
        return tf_fail_no_memory(error);
    }
    memcpy(routes, tf_pages_routes.routes, tf_pages_routes.count * sizeof *routes);
    memcpy(routes + tf_pages_routes.count, tf_api_routes.routes,
           tf_api_routes.count * sizeof *routes);
    *routes_out = (tf_routes){routes, count};
    return TF_OK;
}

/* ---- the command line ---- */

static bool is_loopback(const char *listen) {
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

/* A site with a name has a proxy before it, and not every proxy says for whom it asks. */
static bool may_import(const char *const *values, const char *listen) {
    return !values[READ_ONLY] && (values[ALLOW_IMPORTS] || (is_loopback(listen) && !values[HOST]));
}

static tf_status split_hosts(const char *text, tf_arena *arena, const char **hosts,
                             size_t *count_out, tf_error *error) {
    *count_out = 0;
    while (text && *text) {
        size_t length = strcspn(text, ",");
        if (length) {
            if (*count_out == HOSTS_MOST) {
                return tf_fail(error, TF_BAD_INPUT, "--host", 0, "at most %d names are taken",
                               HOSTS_MOST);
            }
            hosts[*count_out] = tf_arena_copy_text(arena, text, length);
            if (!hosts[(*count_out)++]) {
                return tf_fail_no_memory(error);
            }
        }
        text += length + (text[length] == ',');
    }
    return TF_OK;
}

/* "https://tiles.example.org" of "https://tiles.example.org/style.json": where maps may load from.
 */
static tf_status origin_of(const char *url, tf_arena *arena, const char **origin_out,
                           tf_error *error) {
    *origin_out = NULL;
    if (!url) {
        return TF_OK;
    }
    tf_text text = tf_text_of(url);
    size_t scheme = tf_text_starts_with(text, "https://")  ? 8
                    : tf_text_starts_with(text, "http://") ? 7
                                                           : 0;
    size_t host = strspn(url + scheme, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789.-:[]");
    if (!scheme || !host || (url[scheme + host] && url[scheme + host] != '/')) {
        return tf_fail(error, TF_BAD_INPUT, "--tiles", 0,
                       "'%s' is no address of a style; write it as "
                       "https://tiles.example.org/style.json",
                       url);
    }
    *origin_out = tf_arena_copy_text(arena, url, scheme + host);
    return *origin_out ? TF_OK : tf_fail_no_memory(error);
}

static tf_status open_log(const char *path, int *file_out, tf_error *error) {
    *file_out = -1;
    if (!path) {
        return TF_OK;
    }
    *file_out = strcmp(path, "-") == 0
                    ? dup(STDERR_FILENO)
                    : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    return *file_out < 0
               ? tf_fail(error, TF_IO, path, 0, "the log cannot be opened: %s", strerror(errno))
               : TF_OK;
}

static void say_where(const char *path, const tf_server *server, bool is_read_only) {
    printf("Trefoil serves %s on http://%s%s\nStop it with Ctrl-C.\n", path,
           tf_server_address(server), is_read_only ? " (read only)" : "");
    (void)fflush(stdout);
}

/* So that a slip in the name is not taken for a county without crime. */
static void say_made(const char *path) {
    fprintf(stderr,
            "trefoil: made a new, empty database, %s: import into it, or stop and give the name of "
            "the one you meant\n",
            path);
}

static tf_status serve(const char *const *values, tf_arena *arena, tf_error *error) {
    const char *listen = values[LISTEN] ? values[LISTEN] : "127.0.0.1:8080";
    bool allows_imports = may_import(values, listen);
    tf_site_options site_options = {
        .db_path = values[DB],
        .tile_style = values[TILES],
        .allows_imports = allows_imports,
        .is_read_only = values[READ_ONLY] != NULL,
        .listen = listen,
        .has_host = values[HOST] != NULL,
    };
    const char *hosts[HOSTS_MOST];
    tf_server_options server_options = {
        .listen = listen, .hosts = hosts, .answer_error = answer_error, .log = -1};
    bool is_new = access(values[DB], F_OK) != 0;
    tf_site *site = NULL;
    tf_server *server = NULL;
    tf_status status = split_hosts(values[HOST], arena, hosts, &server_options.host_count, error);
    if (!status) {
        status = origin_of(values[TILES], arena, &server_options.tile_origin, error);
    }
    if (!status) {
        status = join_routes(arena, &server_options.routes, error);
    }
    if (!status) {
        status = open_log(values[LOG], &server_options.log, error);
    }
    if (!status) {
        status = tf_site_open(&site_options, &site, error);
    }
    if (!status) {
        tf_site_serve(site, &server_options);
        if (tf_site_has_accounts(site)) {
            server_options.worker_count = THREADS_A_PROCESSOR * tf_thread_count_default();
        }
        status = tf_server_start(&server_options, &server, error);
    }
    if (!status) {
        stop_on_signals(server);
        if (is_new) {
            say_made(values[DB]);
        }
        say_where(values[DB], server,
                  values[READ_ONLY] || !(allows_imports || tf_site_has_accounts(site)));
        tf_server_wait(server);
    }
    tf_server_free(server);
    tf_site_free(site);
    if (server_options.log >= 0) {
        close(server_options.log);
    }
    return status;
}

static tf_exit run(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    if (values[READ_ONLY] && values[ALLOW_IMPORTS]) {
        return tf_report_usage(&tf_command_serve,
                               "--read-only and --allow-imports contradict each other; give one");
    }
    tf_error error;
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? serve(values, arena, &error) : tf_fail_no_memory(&error);
    tf_arena_free(arena);
    return tf_report_status(status, &error);
}

const tf_command tf_command_serve = {
    .name = "serve",
    .summary = "show it all in the browser",
    .details =
        "Serves the pages and the API of one database: overview, profiles, areas, comparisons, "
        "data sources, methods, and everything to download.  It runs until it is interrupted; what "
        "is being answered is finished first."
        "\n\n"
        "Once trefoil init has made accounts, people sign in, and importing police files in the "
        "browser is for those whose account may.  Until then whoever sits at this machine may; on "
        "an address that others reach, or under a name (--host), nobody, unless --allow-imports is "
        "given; nor does anybody whom a proxy names as its client."
        "\n\n"
        "It speaks plain HTTP.  To open it to others, put a reverse proxy with TLS before it and "
        "name the site with --host; without that nobody signs in but at this machine.  Nothing is "
        "loaded from elsewhere, cookies are only for who signs in and for a form while it is "
        "filled in, and the log tells no visitor from another.",
    .example = "  trefoil serve --db county.db\n"
               "  trefoil serve --db county.db --listen 127.0.0.1:9000 \\\n"
               "      --host drugs.example.org --read-only --log access.log\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run,
};

#include "form_internal.h"
#include "percent_internal.h"
#include "route_internal.h"
#include "server_internal.h"
#include "trefoil/base/log.h"

#include <unistd.h>

static const char defect[] = "Something went wrong here. It is noted; try again later";

/* Whether the answer is this visitor's alone. */
static bool is_own(const tf_exchange *exchange) {
    const tf_route *route = exchange->route;
    return (exchange->is_personal && !(route && route->is_for_all)) ||
           (route && (route->permission == TF_PERMISSION_SIGNED_IN ||
                      route->permission == TF_PERMISSION_SIGNING_IN));
}

bool tf_worker_may_share(const tf_server *server, const tf_exchange *exchange) {
    const tf_route *route = exchange->route;
    return server->cache && !exchange->refusal.status && !route->is_volatile &&
           !exchange->is_alone && !is_own(exchange) && strcmp(route->method, "GET") == 0;
}

tf_answer_key tf_worker_key(const tf_exchange *exchange, uint64_t version) {
    return (tf_answer_key){
        .version = version,
        .encodings = exchange->encodings,
        .is_local = exchange->is_local,
        .host = exchange->head.host,
        .target = exchange->head.target,
    };
}

static tf_status fill_request(tf_exchange *exchange, tf_arena *arena, tf_request *request_out,
                              tf_error *error) {
    const tf_head *head = &exchange->head;
    *request_out = (tf_request){
        .arena = arena,
        .method = head->method,
        .target = head->target,
        .query = head->query,
        .host = head->host,
        .headers = head->headers,
        .header_count = head->header_count,
        .is_local = exchange->is_local,
        .is_secure = exchange->is_secure,
        .body = {"", 0},
    };
    char *path = tf_arena_alloc(arena, head->path.length + 1, 1);
    if (!path) {
        return tf_fail_no_memory(error);
    }
    size_t length;
    (void)tf_percent_decode(head->path, false, path, &length);
    request_out->path = (tf_text){path, length};
    return TF_OK;
}

static tf_response new_response(tf_arena *arena) {
    return (tf_response){.arena = arena,
                         .status = 200,
                         .content_type = "text/html; charset=utf-8",
                         .caching = TF_CACHE_REVALIDATE,
                         .file = -1};
}

/* The last of a response before it becomes an answer. */
static void finish(const tf_server *server, const tf_exchange *exchange, tf_request *request,
                   tf_response *response) {
    const tf_server_options *options = &server->options;
    if (request->visitor) {
        options->part(options->context, request, response);
        request->visitor = NULL;
    }
    if (is_own(exchange) || response->is_personal) {
        response->caching = TF_CACHE_NEVER;
    }
}

/* Have an error worded by whoever knows the reader. */
static tf_answer *answer_refusal(tf_server *server, const tf_exchange *exchange,
                                 tf_request *request, tf_refusal refusal) {
    const tf_server_options *options = &server->options;
    tf_response response = new_response(request->arena);
    response.status = refusal.status;
    response.caching = TF_CACHE_NEVER;
    if (options->answer_error) {
        options->answer_error(options->context, request, refusal.status, refusal.reason, &response);
    } else {
        response.content_type = "text/plain; charset=utf-8";
        tf_buffer_format(&response.body, "%s%s\n", refusal.reason, tf_full_stop(refusal.reason));
    }
    if (response.status == 405) {
        tf_response_header(&response, "Allow", exchange->allowed);
    } else if (response.status == 503) {
        tf_response_header(&response, "Retry-After", "1");
    } else if (response.status == 401) {
        /* There has to be a scheme (RFC 9110, 15.5.2); a browser knows none of this name, so that
         * it does not ask for a password of its own. */
        tf_response_header(&response, "WWW-Authenticate", "Cookie");
    }
    finish(server, exchange, request, &response);
    tf_answer *answer;
    if (tf_answer_make(&response, exchange->encodings, false, &answer, NULL)) {
        return tf_answer_share(server->busy);
    }
    return answer;
}

static tf_refusal refusal_of(tf_status status, const tf_error *error) {
    switch (status) {
    case TF_BAD_INPUT:
        return (tf_refusal){400, error->message};
    case TF_NOT_FOUND:
        return (tf_refusal){404, error->message};
    case TF_REFUSED:
        return (tf_refusal){403, error->message};
    case TF_BUSY:
    case TF_NO_MEMORY:
        return (tf_refusal){503, error->message};
    default:
        return (tf_refusal){500, defect};
    }
}

/* "the form is damaged" as "The form is damaged". */
static const char *as_sentence(const char *text, tf_arena *arena) {
    char *sentence = tf_arena_copy_text(arena, text, strlen(text));
    if (!sentence) {
        return text;
    }
    if (sentence[0] >= 'a' && sentence[0] <= 'z') {
        sentence[0] = (char)(sentence[0] - 'a' + 'A');
    }
    return sentence;
}

static bool has_token(const tf_route *route) {
    return route->permission != TF_PERMISSION_PUBLIC && strcmp(route->method, "POST") == 0;
}

/* The fields of a route, and of one that is not public the form's token too. */
static tf_status begin_form(const tf_route *route, tf_arena *arena, tf_form *form,
                            tf_error *error) {
    static const tf_field token = {.name = TF_FORM_TOKEN, .label = "The form's mark"};
    if (!has_token(route)) {
        return tf_form_begin(route->fields, route->field_count, arena, form, error);
    }
    size_t count = route->field_count;
    tf_field *fields = tf_arena_alloc(arena, count + 1, sizeof *fields);
    if (!fields) {
        return tf_fail_no_memory(error);
    }
    if (count) {
        memcpy(fields, route->fields, count * sizeof *fields);
    }
    fields[count] = token;
    return tf_form_begin(fields, count + 1, arena, form, error);
}

static tf_status check_token(const tf_server *server, const tf_route *route,
                             const tf_request *request, tf_error *error) {
    const tf_server_options *options = &server->options;
    if (!has_token(route) || !options->owns_form ||
        options->owns_form(options->context, request,
                           tf_form_value(&request->form, TF_FORM_TOKEN)->text)) {
        return TF_OK;
    }
    return tf_fail(error, TF_REFUSED, NULL, 0,
                   "this form did not come from a page that you have opened since you signed in; "
                   "open the page again and send it anew");
}

/* Fill the form from the path, the query and the body. */
static tf_status fill_form(tf_exchange *exchange, tf_request *request, tf_error *error) {
    const tf_route *route = exchange->route;
    tf_form *form = &request->form;
    tf_arena *arena = request->arena;
    tf_status status = begin_form(route, arena, form, error);
    if (!status) {
        status = tf_route_take_path(route, exchange->head.path, form, arena, error);
    }
    if (!status) {
        status = tf_form_take_pairs(form, request->query, arena, error);
    }
    if (!status && has_token(route)) {
        /* Addresses get into logs, so that one in an address is none. */
        form->values[route->field_count] = (tf_value){.text = {"", 0}};
    }
    if (!status && route->body == TF_BODY_FORM) {
        status = tf_form_take_pairs(form, request->body, arena, error);
    }
    if (!status && route->body == TF_BODY_MULTIPART) {
        status = tf_form_take_multipart(form, tf_request_header(request, "content-type"),
                                        request->body, arena, error);
    }
    return status ? status : tf_form_finish(form, arena, error);
}

static const char *first_error(const tf_form *form) {
    for (size_t i = 0; i < form->field_count; i++) {
        if (form->values[i].error) {
            return form->values[i].error;
        }
    }
    return "";
}

static tf_status call_handler(tf_server *server, tf_exchange *exchange, tf_request *request,
                              tf_answer **answer_out, tf_error *error) {
    const tf_route *route = exchange->route;
    tf_response response = new_response(request->arena);
    tf_refusal refusal = tf_body_whole(&exchange->body, &request->body);
    if (refusal.status) {
        return tf_fail(error, TF_BUSY, NULL, 0, "%s", refusal.reason);
    }
    tf_status status = fill_form(exchange, request, error);
    if (!status) {
        status = check_token(server, route, request, error);
    }
    if (!status && request->form.error_count && !route->answers_errors) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s", first_error(&request->form));
    }
    if (!status) {
        status = route->handle(server->options.context, request, &response, error);
    }
    if (status) {
        tf_buffer_deinit(&response.body);
        if (response.file >= 0) {
            close(response.file);
        }
        return status;
    }
    finish(server, exchange, request, &response);
    bool is_private = route->permission != TF_PERMISSION_PUBLIC;
    return tf_answer_make(&response, exchange->encodings, is_private, answer_out, error);
}

static tf_answer *make_answer(tf_server *server, tf_exchange *exchange, tf_request *request) {
    tf_error error;
    tf_answer *answer = NULL;
    tf_status status = call_handler(server, exchange, request, &answer, &error);
    if (status) {
        tf_refusal refusal = refusal_of(status, &error);
        if (refusal.status == 500) {
            char text[TF_ERROR_PLACE_SIZE + TF_ERROR_MESSAGE_SIZE];
            tf_log(TF_LOG_ERROR, "%s %s: %s", exchange->route->method, exchange->route->path,
                   tf_error_format(&error, text, sizeof text));
        }
        refusal.reason = as_sentence(refusal.reason, request->arena);
        answer = answer_refusal(server, exchange, request, refusal);
    }
    /* Mapped pages are given back here, not by the door. */
    tf_body_deinit(&exchange->body);
    return answer;
}

/* Hand an answer to the door. */
static void deliver(tf_server *server, tf_exchange *exchange, tf_answer *answer) {
    exchange->answer = answer;
    tf_server_deliver(server, exchange);
}

/* Give those who waited the same answer, or let each make their own if it is not for sharing. */
static void deliver_waiters(tf_server *server, tf_answer_waiter *waiter, tf_answer *answer) {
    while (waiter) {
        tf_exchange *exchange = (tf_exchange *)waiter;
        waiter = waiter->next;
        if (answer->is_shared) {
            deliver(server, exchange, tf_answer_share(answer));
            continue;
        }
        exchange->is_alone = true;
        if (!tf_server_submit(server, exchange)) {
            deliver(server, exchange, tf_answer_share(server->busy));
        }
    }
}

static tf_permit ask_permit(const tf_server *server, const tf_exchange *exchange,
                            const tf_request *request) {
    tf_permission permission = exchange->route->permission;
    const tf_server_options *options = &server->options;
    if (permission == TF_PERMISSION_PUBLIC) {
        return TF_PERMIT_GRANTED;
    }
    return options->permits ? options->permits(options->context, request, permission)
                            : TF_PERMIT_FORBIDDEN;
}

/* What is to be said against a request, now that it is known who asks. */
static tf_refusal object(const tf_server *server, const tf_exchange *exchange,
                         const tf_request *request) {
    switch (ask_permit(server, exchange, request)) {
    case TF_PERMIT_GRANTED:
        break;
    case TF_PERMIT_FORBIDDEN:
        return (tf_refusal){403, "You may not do this here"};
    case TF_PERMIT_SIGN_IN:
        return (tf_refusal){401, "You have to sign in for this"};
    }
    return (tf_refusal){0, NULL};
}

/* Find out who asks.  What is refused without looking at the visitor is not worth the asking, but
 * that there is no such page is told within their own frame. */
static tf_refusal meet(const tf_server *server, const tf_exchange *exchange, tf_request *request,
                       tf_error *error) {
    const tf_server_options *options = &server->options;
    int refused = exchange->refusal.status;
    bool is_met = exchange->is_personal && options->meet && is_own(exchange) &&
                  (refused == 0 || refused == 404);
    tf_status status = is_met ? options->meet(options->context, request, error) : TF_OK;
    if (!status) {
        return (tf_refusal){0, NULL};
    }
    tf_refusal refusal = refusal_of(status, error);
    refusal.reason = as_sentence(refusal.reason, request->arena);
    return refusal;
}

static void answer_shared(tf_server *server, tf_exchange *exchange, tf_request *request) {
    const tf_server_options *options = &server->options;
    tf_answer_key key = tf_worker_key(exchange, options->version(options->context));
    tf_answer *answer;
    tf_answer_flight *flight;
    switch (tf_answer_cache_begin(server->cache, &key, &exchange->waiter, &answer, &flight)) {
    case TF_ANSWER_KEPT:
        deliver(server, exchange, answer);
        return;
    case TF_ANSWER_COMING:
        return;
    case TF_ANSWER_MISSING:
        break;
    }
    answer = make_answer(server, exchange, request);
    bool is_kept = answer->is_shared && answer->status == 200;
    tf_answer_waiter *waiters = tf_answer_cache_end(server->cache, flight, answer, is_kept);
    deliver_waiters(server, waiters, answer);
    deliver(server, exchange, answer);
}

static void handle(tf_server *server, tf_exchange *exchange, tf_arena *arena) {
    const tf_server_options *options = &server->options;
    tf_request request;
    tf_error error;
    if (fill_request(exchange, arena, &request, NULL)) {
        exchange->closes = true;
        deliver(server, exchange, tf_answer_share(server->busy));
        return;
    }
    tf_refusal refusal = meet(server, exchange, &request, &error);
    if (exchange->refusal.status) {
        refusal = exchange->refusal;
    } else if (!refusal.status) {
        refusal = object(server, exchange, &request);
    }
    if (refusal.status) {
        exchange->closes |= exchange->stage == TF_STAGE_ADMIT;
        deliver(server, exchange, answer_refusal(server, exchange, &request, refusal));
        return;
    }
    if (exchange->stage == TF_STAGE_ADMIT) {
        if (request.visitor) {
            options->part(options->context, &request, NULL);
        }
        tf_server_deliver(server, exchange);
        return;
    }
    if (tf_worker_may_share(server, exchange)) {
        answer_shared(server, exchange, &request);
    } else {
        deliver(server, exchange, make_answer(server, exchange, &request));
    }
}

/* The next exchange, or NULL when the server ends. */
static tf_exchange *take_work(tf_server *server) {
    pthread_mutex_lock(&server->mutex);
    while (!server->waiting.first && !server->is_closing) {
        pthread_cond_wait(&server->has_work, &server->mutex);
    }
    tf_exchange *exchange = tf_exchange_queue_take(&server->waiting);
    pthread_mutex_unlock(&server->mutex);
    return exchange;
}

void *tf_worker_run(void *argument) {
    tf_server *server = argument;
    tf_exchange *exchange;
    while ((exchange = take_work(server))) {
        tf_arena *arena = tf_arena_new();
        if (arena) {
            handle(server, exchange, arena);
            tf_arena_free(arena);
        } else {
            exchange->closes = true;
            deliver(server, exchange, tf_answer_share(server->busy));
        }
    }
    return NULL;
}

/* /api/v1/types, /api/v1/openapi.json and /api/v1/health */
#include "call_internal.h"

/* ---- types ---- */

static void put_groups(tf_json *json, const tf_pack *pack) {
    tf_json_key(json, "groups");
    tf_json_open_array(json);
    for (size_t i = 0; i < tf_pack_group_count(pack); i++) {
        const tf_offence_group *group = tf_pack_group_at(pack, i);
        tf_json_open_object(json);
        tf_json_put_string(json, "name", group->name);
        tf_json_put_string(json, "title", group->title);
        tf_json_key(json, "types");
        tf_json_open_array(json);
        for (size_t k = 0; k < group->type_count; k++) {
            tf_json_string(json, group->types[k]);
        }
        tf_json_close_array(json);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

/* Whether a group before `end` has the type. */
static bool is_known(const tf_pack *pack, size_t end, const char *type) {
    for (size_t i = 0; i < end; i++) {
        const tf_offence_group *group = tf_pack_group_at(pack, i);
        for (size_t k = 0; k < group->type_count; k++) {
            if (strcmp(group->types[k], type) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Every type of any group, once. */
static void put_types(tf_json *json, const tf_pack *pack) {
    tf_json_key(json, "types");
    tf_json_open_array(json);
    for (size_t i = 0; i < tf_pack_group_count(pack); i++) {
        const tf_offence_group *group = tf_pack_group_at(pack, i);
        for (size_t k = 0; k < group->type_count; k++) {
            double days;
            if (is_known(pack, i, group->types[k])) {
                continue;
            }
            tf_json_open_object(json);
            tf_json_put_string(json, "name", group->types[k]);
            tf_json_key(json, "harm_days");
            if (tf_pack_harm_weight(pack, tf_text_of(group->types[k]), &days)) {
                tf_json_double(json, days);
            } else {
                tf_json_null(json);
            }
            tf_json_close_object(json);
        }
    }
    tf_json_close_array(json);
}

static tf_status types_work(tf_api_call *call, tf_error *error) {
    const tf_pack *pack = tf_site_pack(call->site);
    (void)error;
    tf_json_open_object(&call->json);
    put_groups(&call->json, pack);
    put_types(&call->json, pack);
    tf_json_put_string(&call->json, "harm_index", tf_pack_harm_name(pack));
    tf_json_put_string(&call->json, "harm_source", tf_pack_harm_source(pack));
    tf_json_close_object(&call->json);
    return TF_OK;
}

static tf_status types_handle(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    return tf_api_run(&tf_api_types, context, request, response, types_work, error);
}

const tf_api_operation tf_api_types = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/types",
              .title = "The kinds of offence",
              .help =
                  "The groups of offences that can be asked about, the crime types in them, and "
                  "how much harm one offence of a type stands for.",
              .handle = types_handle},
    .id = "listTypes",
    .tag = "Figures",
    .schema = "Types",
};

/* ---- the document ---- */

static tf_status document_work(tf_api_call *call, tf_error *error) {
    tf_api_examples examples;
    tf_status status = tf_api_examples_find(call->desk->data, &examples, error);
    if (!status) {
        tf_api_write_document(&examples, &call->response->body);
    }
    return status;
}

static tf_status document_handle(void *context, const tf_request *request, tf_response *response,
                                 tf_error *error) {
    return tf_api_run_at_desk(&tf_api_document, context, request, response, document_work, error);
}

const tf_api_operation tf_api_document = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/openapi.json",
              .title = "This description",
              .help = "What stands here, as an OpenAPI 3.1 document.",
              .handle = document_handle},
    .id = "getDocument",
    .tag = "Service",
    .schema = "Document",
};

/* ---- health ---- */

static tf_status health_work(tf_api_call *call, tf_error *error) {
    (void)error;
    call->response->caching = TF_CACHE_NEVER;
    if (tf_site_version(call->site) == 0) {
        tf_api_write_problem(call->response, 503, "the database cannot be read", NULL, 0);
        return TF_OK;
    }
    tf_json_open_object(&call->json);
    tf_json_put_string(&call->json, "status", "ok");
    tf_json_put_string(&call->json, "version", TF_VERSION);
    tf_json_close_object(&call->json);
    return TF_OK;
}

static tf_status health_handle(void *context, const tf_request *request, tf_response *response,
                               tf_error *error) {
    return tf_api_run(&tf_api_health, context, request, response, health_work, error);
}

const tf_api_operation tf_api_health = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/health",
              .title = "Whether the site is well",
              .help = "Answers 200 while the database can be read, and 503 when it cannot.",
              .is_volatile = true,
              .handle = health_handle},
    .id = "getHealth",
    .tag = "Service",
    .schema = "Health",
};

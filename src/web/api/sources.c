/* /api/v1/sources and /api/v1/sources/batches: what was imported. */
#include "call_internal.h"

#include "batch_internal.h"
#include "intake/inventory_json.h"

#include <stdio.h>

/* ---- the inventory ---- */

static tf_status sources_work(tf_api_call *call, tf_error *error) {
    tf_inventory *inventory = NULL;
    tf_status status = tf_inventory_make(call->desk->db, &inventory, error);
    if (!status) {
        tf_inventory_json_write(inventory, &call->json);
    }
    tf_inventory_free(inventory);
    return status;
}

static tf_status sources_handle(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    return tf_api_run_at_desk(&tf_api_sources, context, request, response, sources_work, error);
}

const tf_api_operation tf_api_sources = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/sources",
              .title = "What there is",
              .help = "Which months of each force and feed were imported and which are missing "
                      "between them, the layers of areas, the populations and the lookup, and what "
                      "was odd about the rows.",
              .handle = sources_handle},
    .id = "getSources",
    .tag = "Sources",
    .schema = "Inventory",
};

/* ---- batches ---- */

static void put_optional_month(tf_json *json, const char *key, tf_month month) {
    if (month == TF_MONTH_NONE) {
        tf_json_put_string(json, key, NULL);
    } else {
        tf_api_put_month(json, key, month);
    }
}

static void put_instant(tf_json *json, const char *key, int64_t instant) {
    char text[TF_INSTANT_TEXT_SIZE];
    tf_json_put_string(json, key, instant ? tf_instant_format(instant, text) : NULL);
}

static void put_warnings(tf_json *json, const tf_batch *batch) {
    tf_json_key(json, "warnings");
    tf_json_open_array(json);
    for (size_t i = 0; i < batch->warning_count; i++) {
        const tf_batch_warning *warning = &batch->warnings[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "kind", warning->kind);
        tf_json_put_int(json, "count", warning->count);
        tf_json_key(json, "example_line");
        if (warning->example_line) {
            tf_json_int(json, warning->example_line);
        } else {
            tf_json_null(json);
        }
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

void tf_api_put_batch(tf_json *json, const tf_batch *batch) {
    char address[64];
    tf_json_open_object(json);
    tf_json_put_int(json, "id", batch->id);
    tf_json_put_string(json, "feed", batch->feed);
    tf_json_put_string(json, "force", batch->force);
    put_optional_month(json, "month", batch->month);
    tf_json_put_string(json, "file", batch->file);
    tf_json_put_string(json, "sha256", batch->sha256);
    tf_json_put_string(json, "publisher", batch->publisher);
    put_instant(json, "started_at", batch->started_at);
    put_instant(json, "finished_at", batch->finished_at);
    tf_json_put_int(json, "rows_read", batch->rows_read);
    tf_json_put_int(json, "rows_accepted", batch->rows_accepted);
    tf_json_put_int(json, "rows_rejected", batch->rows_rejected);
    put_optional_month(json, "first_month", batch->first_month);
    put_optional_month(json, "last_month", batch->last_month);
    tf_api_put_bool(json, "current", batch->is_current);
    put_warnings(json, batch);
    snprintf(address, sizeof address, "/api/v1/sources/batches/%lld", (long long)batch->id);
    tf_json_put_string(json, "href", address);
    snprintf(address, sizeof address, "/api/v1/sources/batches/%lld/rejects", (long long)batch->id);
    tf_json_put_string(json, "rejects", address);
    tf_json_close_object(json);
}

static const tf_field list_fields[] = {TF_API_PAGE_FIELDS};

static tf_status list_work(tf_api_call *call, tf_error *error) {
    tf_json *json = &call->json;
    tf_api_page page = tf_api_page_of(call);
    tf_batch *batches = NULL;
    size_t count = 0;
    int64_t total = 0;
    tf_status status = tf_batch_page(call->desk->db, page.first, page.size, call->arena, &batches,
                                     &count, &total, error);
    if (status) {
        return status;
    }
    tf_json_open_object(json);
    tf_json_key(json, "batches");
    tf_json_open_array(json);
    for (size_t i = 0; i < count; i++) {
        tf_api_put_batch(json, &batches[i]);
    }
    tf_json_close_array(json);
    tf_api_put_page(call, &page, total);
    tf_json_close_object(json);
    return tf_api_link_pages(call, &page, total, error);
}

static tf_status list_handle(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    return tf_api_run_at_desk(&tf_api_batches, context, request, response, list_work, error);
}

const tf_api_operation tf_api_batches = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/sources/batches",
              .title = "The files that were imported",
              .help = "Every file that was ever imported is a batch; newest first.  One is current "
                      "while something stored still comes from it.",
              .fields = list_fields,
              .field_count = sizeof list_fields / sizeof *list_fields,
              .handle = list_handle},
    .id = "listBatches",
    .tag = "Sources",
    .schema = "BatchList",
    .is_paged = true,
};

static const tf_field batch_fields[] = {TF_API_BATCH_FIELD};

static tf_status batch_work(tf_api_call *call, tf_error *error) {
    tf_batch batch;
    tf_status status = tf_api_find_batch(call, &batch, error);
    if (!status) {
        tf_api_put_batch(&call->json, &batch);
    }
    return status;
}

static tf_status batch_handle(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    return tf_api_run_at_desk(&tf_api_batch, context, request, response, batch_work, error);
}

tf_status tf_api_find_batch(tf_api_call *call, tf_batch *batch_out, tf_error *error) {
    int64_t id = tf_form_value(&call->request->form, "id")->number;
    tf_status status = tf_batch_get(call->desk->db, id, call->arena, batch_out, error);
    if (status == TF_NOT_FOUND) {
        call->field_at_fault = "id";
    }
    return status;
}

const tf_api_operation tf_api_batch = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/sources/batches/{id}",
              .title = "One file that was imported",
              .help = "Where it came from, when, how many of its rows were used, and what was odd "
                      "about them.",
              .fields = batch_fields,
              .field_count = sizeof batch_fields / sizeof *batch_fields,
              .handle = batch_handle},
    .id = "getBatch",
    .tag = "Sources",
    .schema = "Batch",
};

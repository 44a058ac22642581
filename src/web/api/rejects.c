/* /api/v1/sources/batches/{id}/rejects */
#include "batch_internal.h"
#include "rejects_internal.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const formats[] = {"json", "csv", NULL};

static const tf_field fields[] = {
    TF_API_BATCH_FIELD,
    TF_API_PAGE_FIELDS,
    {.name = "format",
     .label = "Format",
     .help = "What the answer is written in.  csv holds all rejects, whatever page is asked for.",
     .kind = TF_FIELD_CHOICE,
     .choices = formats,
     .fallback = "json"},
};

/* ---- JSON ---- */

static tf_status put_reject(void *context, const char *file, int64_t line, tf_text reason,
                            tf_text text, tf_error *error) {
    tf_json *json = context;
    (void)file;
    (void)error;
    tf_json_open_object(json);
    tf_json_put_int(json, "line", line);
    tf_json_key(json, "reason");
    tf_json_text(json, reason);
    tf_json_key(json, "text");
    tf_json_text(json, text);
    tf_json_close_object(json);
    return TF_OK;
}

static tf_status write_json(tf_api_call *call, const tf_batch *batch, tf_error *error) {
    tf_json *json = &call->json;
    tf_api_page page = tf_api_page_of(call);
    int64_t total = 0;
    tf_json_open_object(json);
    tf_json_put_int(json, "batch", batch->id);
    tf_json_put_string(json, "file", batch->file);
    tf_json_key(json, "rejects");
    tf_json_open_array(json);
    tf_status status = tf_batch_page_of_rejects(call->desk->db, batch->id, page.first, page.size,
                                                put_reject, json, &total, error);
    if (status) {
        return status;
    }
    tf_json_close_array(json);
    tf_api_put_page(call, &page, total);
    tf_json_close_object(json);
    return tf_api_link_pages(call, &page, total, error);
}

/* ---- CSV ---- */

static const char *folder_of(const tf_site *site) {
    const char *folder = tf_site_get_options(site)->upload_folder;
    if (!folder) {
        folder = getenv("TMPDIR");
    }
    return folder && *folder ? folder : "/tmp";
}

static tf_status write_csv(tf_api_call *call, const tf_batch *batch, tf_error *error) {
    char name[64];
    tf_status status = tf_rejects_csv_write(call->desk->db, batch->id, folder_of(call->site),
                                            &call->response->body, &call->response->file, error);
    if (status) {
        return status;
    }
    call->response->content_type = tf_download_kind_of(TF_DOWNLOAD_CSV)->media_type;
    snprintf(name, sizeof name, "trefoil-batch-%lld-rejects.csv", (long long)batch->id);
    tf_response_attachment(call->response, name);
    return TF_OK;
}

static tf_status work(tf_api_call *call, tf_error *error) {
    tf_batch batch;
    tf_status status = tf_api_find_batch(call, &batch, error);
    if (status) {
        return status;
    }
    bool is_csv = strcmp(tf_api_choice(call, "format"), "csv") == 0;
    return is_csv ? write_csv(call, &batch, error) : write_json(call, &batch, error);
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_api_run_at_desk(&tf_api_rejects, context, request, response, work, error);
}

const tf_api_operation tf_api_rejects = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/sources/batches/{id}/rejects",
              .title = "The rows of a file that could not be used",
              .help = "Each as it stands in the file, with its line and the reason.",
              .fields = fields,
              .field_count = sizeof fields / sizeof *fields,
              .handle = handle},
    .id = "listRejects",
    .tag = "Sources",
    .schema = "RejectList",
    .is_paged = true,
};

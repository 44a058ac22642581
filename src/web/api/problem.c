#include "call_internal.h"

#include "web/api/api.h"
#include "web/http/answer.h"

void tf_api_write_problem(tf_response *response, int status, const char *detail,
                          const tf_api_fault *faults, size_t fault_count) {
    response->status = status;
    response->content_type = "application/problem+json";
    response->body.length = 0;
    tf_json writer, *json = &writer;
    tf_json_init(json, &response->body, false);
    tf_json_open_object(json);
    /* The title of this type is the name of the status (RFC 9457, section 4.2.1). */
    tf_json_put_string(json, "type", "about:blank");
    tf_json_put_string(json, "title", tf_status_phrase(status));
    tf_json_put_int(json, "status", status);
    tf_json_put_string(json, "detail", detail);
    tf_json_key(json, "errors");
    tf_json_open_array(json);
    for (size_t i = 0; i < fault_count; i++) {
        tf_json_open_object(json);
        tf_json_put_string(json, "field", faults[i].field);
        tf_json_put_string(json, "detail", faults[i].detail);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    tf_json_close_object(json);
}

bool tf_api_has_path(tf_text path) {
    return tf_text_starts_with(path, "/api/");
}

enum { MOST_FAULTS = 16 };

void tf_api_answer_error(void *context, const tf_request *request, int status, const char *message,
                         tf_response *response) {
    (void)context;
    tf_api_fault faults[MOST_FAULTS];
    size_t count = 0;
    const tf_form *form = &request->form;
    for (size_t i = 0; status == 400 && i < form->field_count && count < MOST_FAULTS; i++) {
        if (form->values[i].error) {
            faults[count++] = (tf_api_fault){form->fields[i].name, form->values[i].error};
        }
    }
    tf_api_open_to_other_sites(request, response);
    tf_api_write_problem(response, status, count == 1 ? faults[0].detail : message, faults, count);
}

#include "call_internal.h"

#include <stdio.h>

tf_api_page tf_api_page_of(const tf_api_call *call) {
    const tf_form *form = &call->request->form;
    int64_t number = tf_form_value(form, "page")->number;
    int64_t size = tf_form_value(form, "per_page")->number;
    return (tf_api_page){.number = number, .size = size, .first = (number - 1) * size};
}

void tf_api_put_page(tf_api_call *call, const tf_api_page *page, int64_t total) {
    tf_json_put_int(&call->json, "page", page->number);
    tf_json_put_int(&call->json, "per_page", page->size);
    tf_json_put_int(&call->json, "total", total);
}

/* The path of the route with what was sent for its fields. */
static void append_path(const tf_api_call *call, tf_buffer *out) {
    for (const char *next = call->operation->route.path; *next;) {
        if (*next != '{') {
            tf_buffer_append(out, next++, 1);
            continue;
        }
        const char *end = strchr(next, '}');
        char name[32];
        size_t length = (size_t)(end - next - 1);
        memcpy(name, next + 1, length);
        name[length] = '\0';
        tf_path_append(out, tf_form_value(&call->request->form, name)->text);
        next = end + 1;
    }
}

/* The address of another page of the same list.  Relative, as a proxy may know the site by another
 * name (RFC 8288, section 3.1, takes a relative reference). */
static void append_link(const tf_api_call *call, int64_t page, const char *relation,
                        tf_buffer *out) {
    const tf_form *form = &call->request->form;
    tf_buffer address;
    tf_buffer_init(&address);
    append_path(call, &address);
    for (size_t i = 0; i < form->field_count; i++) {
        const tf_field *field = &form->fields[i];
        bool is_sent = form->values[i].is_given && strcmp(field->name, "page") != 0 &&
                       !tf_api_is_in_path(&call->operation->route, field);
        if (is_sent) {
            tf_query_append(&address, field->name, form->values[i].text);
        }
    }
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)page);
    tf_query_append(&address, "page", tf_text_of(number));
    tf_buffer_format(out, "%s<%s>; rel=\"%s\"", out->length ? ", " : "",
                     address.data ? address.data : "", relation);
    out->failed |= address.failed;
    tf_buffer_deinit(&address);
}

tf_status tf_api_link_pages(tf_api_call *call, const tf_api_page *page, int64_t total,
                            tf_error *error) {
    int64_t last = total > 0 ? (total - 1) / page->size + 1 : 1;
    tf_buffer links;
    tf_buffer_init(&links);
    append_link(call, 1, "first", &links);
    if (page->number > 1) {
        append_link(call, page->number > last ? last : page->number - 1, "prev", &links);
    }
    if (page->number < last) {
        append_link(call, page->number + 1, "next", &links);
    }
    append_link(call, last, "last", &links);
    tf_status status = tf_buffer_check(&links, error);
    if (!status) {
        char *value = tf_arena_copy_text(call->arena, links.data, links.length);
        if (value) {
            tf_response_header(call->response, "Link", value);
        } else {
            status = tf_fail_no_memory(error);
        }
    }
    tf_buffer_deinit(&links);
    return status;
}

/* What programs can ask: the API's document, for people. */
#include "page_internal.h"
#include "routes_internal.h"

#include "web/api/openapi.h"

static const char *kind_in_words(tf_visit *visit, const tf_field *field) {
    switch (field->kind) {
    case TF_FIELD_INT:
        return tf_page_format(visit, "a whole number from %lld to %lld", (long long)field->minimum,
                              (long long)field->maximum);
    case TF_FIELD_MONTH:
        return "a month, such as 2023-02";
    case TF_FIELD_FLAG:
        return "true or false";
    case TF_FIELD_CHOICE: {
        tf_buffer words;
        tf_buffer_init(&words);
        for (size_t i = 0; field->choices[i]; i++) {
            tf_buffer_format(&words, "%s%s", i ? ", " : "one of: ", field->choices[i]);
        }
        const char *text = tf_page_words(visit, &words);
        tf_buffer_deinit(&words);
        return text;
    }
    default:
        return "text";
    }
}

static void write_fields(tf_visit *visit, const tf_route *route) {
    static const tf_page_column columns[] = {
        {"Field", false}, {"What it is", false}, {"Form", false}, {"If left out", false}};
    if (route->field_count == 0) {
        return;
    }
    tf_page_table_begin(visit, tf_page_format(visit, "Fields of %s", route->path), columns, 4);
    for (size_t i = 0; i < route->field_count; i++) {
        const tf_field *field = &route->fields[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, field->name);
        tf_page_cell(visit, field->help);
        tf_page_cell(visit, kind_in_words(visit, field));
        tf_page_cell(visit, field->fallback      ? field->fallback
                            : field->is_required ? "It is needed"
                                                 : "No default");
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static void write_answers(tf_visit *visit, const tf_api_operation *operation,
                          const tf_api_examples *examples) {
    tf_api_answer answers[TF_API_MOST_ANSWERS];
    size_t count = tf_api_answers(operation, answers);
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_append_text(&words, "Answers with ");
    for (size_t i = 0; i < count; i++) {
        tf_buffer_append_text(&words, i == 0 ? "" : i + 1 == count ? " or " : ", ");
        tf_buffer_append_text(&words, answers[i].media_type);
    }
    tf_buffer_append_text(&words, operation->is_paged ? ", in pages." : ".");
    tf_page_paragraph(visit, tf_page_words(visit, &words));
    tf_api_append_example(operation, examples, &words);
    tf_html *html = &visit->html;
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body app-break");
    const char *example = tf_page_words(visit, &words);
    tf_html_text(html, "For example ");
    tf_page_link(visit, example, example);
    tf_html_close(html, "p");
    tf_buffer_deinit(&words);
}

static void write_operation(tf_visit *visit, const tf_api_operation *operation,
                            const tf_api_examples *examples) {
    tf_html *html = &visit->html;
    tf_html_open(html, "h3");
    tf_html_attribute(html, "class", "govuk-heading-m app-break");
    tf_html_attribute(html, "id", operation->id);
    tf_html_element(html, "code", NULL,
                    tf_page_format(visit, "%s %s", operation->route.method, operation->route.path));
    tf_html_close(html, "h3");
    tf_page_paragraph(visit, operation->route.help);
    write_fields(visit, &operation->route);
    write_answers(visit, operation, examples);
}

static tf_status work(tf_visit *visit, tf_error *error) {
    tf_api_examples examples;
    tf_status status = tf_api_examples_find(visit->desk->data, &examples, error);
    if (status) {
        return status;
    }
    tf_html *html = &visit->html;
    tf_page_begin(visit, &(tf_page_head){.title = "API", .section = "/api"});
    tf_page_title(visit, "For programs", "API");
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_html_text(html, "Everything that pages show, as JSON, CSV, Arrow, XLSX and GeoJSON, without "
                       "a key. What follows is made from ");
    tf_page_link(visit, "/api/v1/openapi.json", "the OpenAPI 3.1 document");
    tf_html_text(html, ". An error is a problem of RFC 9457 that names the fields concerned; every "
                       "answer has an ETag; pages are linked as RFC 8288 says.");
    tf_html_close(html, "p");
    const char *tag = "";
    for (size_t i = 0; i < tf_api_operation_count(); i++) {
        const tf_api_operation *operation = tf_api_operation_at(i);
        if (strcmp(tag, operation->tag) != 0) {
            tag = operation->tag;
            tf_page_heading(visit, NULL, tag);
        }
        write_operation(visit, operation, &examples);
    }
    tf_page_end(visit);
    return TF_OK;
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_visit_at_desk(context, request, response, work, error);
}

const tf_route tf_route_api = {
    .method = "GET",
    .path = "/api",
    .title = "API",
    .help = "What programs can ask of this site.",
    .handle = handle,
};

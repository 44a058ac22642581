#include "web/api/openapi.h"

#include "insight/download.h"

bool tf_api_is_in_path(const tf_route *route, const tf_field *field) {
    size_t length = strlen(field->name);
    for (const char *next = strchr(route->path, '{'); next; next = strchr(next + 1, '{')) {
        if (strncmp(next + 1, field->name, length) == 0 && next[1 + length] == '}') {
            return true;
        }
    }
    return false;
}

/* ---- answers ---- */

static tf_api_answer answer_of_format(const tf_api_operation *operation, const char *format) {
    tf_download_format known;
    tf_api_answer answer = {.format = format, .media_type = "application/json"};
    if (tf_download_find(format, &known)) {
        answer.media_type = tf_download_kind_of(known)->media_type;
    }
    if (strcmp(format, "json") == 0) {
        answer.schema = operation->schema;
    } else if (strcmp(format, "geojson") == 0) {
        answer.schema = "FigureFeatureCollection";
    }
    return answer;
}

size_t tf_api_answers(const tf_api_operation *operation,
                      tf_api_answer answers_out[TF_API_MOST_ANSWERS]) {
    const tf_route *route = &operation->route;
    size_t count = 0;
    for (size_t i = 0; i < route->field_count; i++) {
        const tf_field *field = &route->fields[i];
        if (strcmp(field->name, "format") == 0) {
            for (size_t k = 0; field->choices[k] && count < TF_API_MOST_ANSWERS; k++) {
                answers_out[count++] = answer_of_format(operation, field->choices[k]);
            }
        }
    }
    if (count == 0) {
        answers_out[count++] = (tf_api_answer){
            .media_type = operation->media_type ? operation->media_type : "application/json",
            .schema = operation->schema,
        };
    }
    return count;
}

/* ---- examples ---- */

tf_status tf_api_examples_find(tf_crime_data *data, tf_api_examples *examples_out,
                               tf_error *error) {
    tf_overview_start start;
    *examples_out = (tf_api_examples){"larkenshire", "2023-04", "2024-03"};
    tf_status status = tf_overview_default(data, &start, error);
    if (!status && start.is_known) {
        memcpy(examples_out->area, start.area, sizeof examples_out->area);
        tf_month_format(start.from, examples_out->from);
        tf_month_format(start.to, examples_out->to);
    }
    return status;
}

const char *tf_api_example(const tf_api_examples *examples, const tf_field *field) {
    static const char *const areas[] = {"area", "within", "code"};
    if (!field->example) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        if (strcmp(field->name, areas[i]) == 0) {
            return examples->area;
        }
    }
    if (field->kind == TF_FIELD_MONTH) {
        return strcmp(field->name, "from") == 0 ? examples->from : examples->to;
    }
    return field->example;
}

static const tf_field *find_field(const tf_route *route, const char *name, size_t length) {
    for (size_t i = 0; i < route->field_count; i++) {
        if (strlen(route->fields[i].name) == length &&
            strncmp(route->fields[i].name, name, length) == 0) {
            return &route->fields[i];
        }
    }
    return NULL;
}

void tf_api_append_example(const tf_api_operation *operation, const tf_api_examples *examples,
                           tf_buffer *out) {
    const tf_route *route = &operation->route;
    tf_buffer address;
    tf_buffer_init(&address);
    for (const char *next = route->path; *next; next++) {
        const char *end = *next == '{' ? strchr(next, '}') : NULL;
        if (end) {
            const tf_field *field = find_field(route, next + 1, (size_t)(end - next - 1));
            tf_path_append(&address, tf_text_of(field ? tf_api_example(examples, field) : ""));
            next = end;
        } else {
            tf_buffer_append(&address, next, 1);
        }
    }
    for (size_t i = 0; i < route->field_count; i++) {
        const tf_field *field = &route->fields[i];
        bool is_shown = field->example && !field->fallback && !tf_api_is_in_path(route, field);
        if (is_shown) {
            tf_query_append(&address, field->name, tf_text_of(tf_api_example(examples, field)));
        }
    }
    tf_buffer_append(out, address.data, address.length);
    out->failed |= address.failed;
    tf_buffer_deinit(&address);
}

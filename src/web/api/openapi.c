#include "web/api/openapi.h"

#include "base/embedded.h"
#include "insight/download.h"
#include "trefoil/base/json.h"

#include <stdio.h>

extern const tf_embedded_folder tf_api_schemas;

static const char description[] =
    "What this site shows, for programs: profiles of recorded crime, comparisons of areas, counts "
    "by month, boundaries, and where all of it comes from.  Everything is read-only and open: no "
    "key, no account, and any web page may ask (CORS, without credentials).  Months are written "
    "2023-02.  A figure that is not known is null and has its reason beside it.  Errors are "
    "problem+json (RFC 9457).  Answers have an ETag: ask again with If-None-Match.";

/* ---- parameters ---- */

/* No control characters but tab and line breaks; where the text is needed, not white space alone.
 */
#define PLAIN               "[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*"
#define TEXT_PATTERN        "^" PLAIN "$"
#define NEEDED_TEXT_PATTERN "^" PLAIN "[^\\u0000-\\u0020\\u007f]" PLAIN "$"

static void put_reference(tf_json *json, const char *kind, const char *name) {
    char text[96];
    snprintf(text, sizeof text, "#/components/%s/%s", kind, name);
    tf_json_open_object(json);
    tf_json_put_string(json, "$ref", text);
    tf_json_close_object(json);
}

static void put_value(tf_json *json, const char *key, const tf_field *field, const char *text) {
    int64_t number;
    if (!text) {
        return;
    }
    tf_json_key(json, key);
    if (field->kind == TF_FIELD_INT && tf_parse_int64(tf_text_of(text), &number)) {
        tf_json_int(json, number);
    } else {
        tf_json_string(json, text);
    }
}

static void put_choices(tf_json *json, const char *const *choices) {
    tf_json_key(json, "enum");
    tf_json_open_array(json);
    for (; *choices; choices++) {
        tf_json_string(json, *choices);
    }
    tf_json_close_array(json);
}

/* The same bounds as tf_form_parse holds a value to. */
static void put_schema(tf_json *json, const tf_field *field, bool is_needed) {
    static const char *const flags[] = {"0", "1", "false", "true", "off", "on", NULL};
    tf_json_key(json, "schema");
    tf_json_open_object(json);
    tf_json_put_string(json, "type", field->kind == TF_FIELD_INT ? "integer" : "string");
    switch (field->kind) {
    case TF_FIELD_TEXT:
        tf_json_put_int(json, "maxLength", field->maximum ? field->maximum : 200);
        if (field->minimum || is_needed) {
            tf_json_put_int(json, "minLength", field->minimum ? field->minimum : 1);
        }
        tf_json_put_string(json, "pattern", is_needed ? NEEDED_TEXT_PATTERN : TEXT_PATTERN);
        break;
    case TF_FIELD_INT:
        if (field->minimum || field->maximum) {
            tf_json_put_int(json, "minimum", field->minimum);
            tf_json_put_int(json, "maximum", field->maximum);
        }
        break;
    case TF_FIELD_MONTH:
        tf_json_put_string(json, "pattern", "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$");
        break;
    case TF_FIELD_CHOICE:
        put_choices(json, field->choices);
        break;
    case TF_FIELD_FLAG:
        put_choices(json, flags);
        break;
    case TF_FIELD_FILES:
        break;
    }
    put_value(json, "default", field, field->fallback);
    tf_json_close_object(json);
}

static void put_parameters(tf_json *json, const tf_route *route, const tf_api_examples *examples) {
    tf_json_key(json, "parameters");
    tf_json_open_array(json);
    for (size_t i = 0; i < route->field_count; i++) {
        const tf_field *field = &route->fields[i];
        bool is_in_path = tf_api_is_in_path(route, field);
        bool is_needed = is_in_path || field->is_required;
        tf_json_open_object(json);
        tf_json_put_string(json, "name", field->name);
        tf_json_put_string(json, "in", is_in_path ? "path" : "query");
        tf_json_put_string(json, "description", field->help);
        tf_json_key(json, "required");
        tf_json_bool(json, is_needed);
        if (!is_needed) { /* forms of browsers send the fields that were left empty */
            tf_json_key(json, "allowEmptyValue");
            tf_json_bool(json, true);
        }
        put_schema(json, field, is_needed);
        put_value(json, "example", field, tf_api_example(examples, field));
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

/* ---- responses ---- */

static void put_content(tf_json *json, const tf_api_operation *operation) {
    tf_api_answer answers[TF_API_MOST_ANSWERS];
    size_t count = tf_api_answers(operation, answers);
    tf_json_key(json, "content");
    tf_json_open_object(json);
    for (size_t i = 0; i < count; i++) {
        tf_json_key(json, answers[i].media_type);
        tf_json_open_object(json);
        if (answers[i].schema) {
            tf_json_key(json, "schema");
            put_reference(json, "schemas", answers[i].schema);
        }
        tf_json_close_object(json);
    }
    tf_json_close_object(json);
}

static void put_header_references(tf_json *json, bool is_paged, bool is_volatile) {
    tf_json_key(json, "headers");
    tf_json_open_object(json);
    tf_json_key(json, "Access-Control-Allow-Origin");
    put_reference(json, "headers", "AnyOrigin");
    if (!is_volatile) {
        tf_json_key(json, "ETag");
        put_reference(json, "headers", "ETag");
    }
    if (is_paged) {
        tf_json_key(json, "Link");
        put_reference(json, "headers", "Link");
    }
    tf_json_close_object(json);
}

static void put_responses(tf_json *json, const tf_api_operation *operation) {
    static const struct {
        const char *status;
        const char *name;
    } problems[] = {
        {"400", "BadRequest"}, {"404", "NotFound"}, {"500", "Fault"}, {"503", "Unavailable"}};
    tf_json_key(json, "responses");
    tf_json_open_object(json);
    tf_json_key(json, "200");
    tf_json_open_object(json);
    tf_json_put_string(json, "description", operation->route.title);
    put_header_references(json, operation->is_paged, operation->route.is_volatile);
    put_content(json, operation);
    tf_json_close_object(json);
    if (!operation->route.is_volatile) {
        tf_json_key(json, "304");
        put_reference(json, "responses", "NotModified");
    }
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        tf_json_key(json, problems[i].status);
        put_reference(json, "responses", problems[i].name);
    }
    tf_json_close_object(json);
}

static void put_header(tf_json *json, const char *name, const char *help, const char *example) {
    tf_json_key(json, name);
    tf_json_open_object(json);
    tf_json_put_string(json, "description", help);
    tf_json_key(json, "schema");
    tf_json_open_object(json);
    tf_json_put_string(json, "type", "string");
    tf_json_close_object(json);
    tf_json_put_string(json, "example", example);
    tf_json_close_object(json);
}

/* `is_plain_too`: what cannot be understood as HTTP is refused before anybody knows that it was
 * meant for the API. */
static void put_problem(tf_json *json, const char *name, const char *help, bool is_plain_too) {
    tf_json_key(json, name);
    tf_json_open_object(json);
    tf_json_put_string(json, "description", help);
    tf_json_key(json, "content");
    tf_json_open_object(json);
    tf_json_key(json, "application/problem+json");
    tf_json_open_object(json);
    tf_json_key(json, "schema");
    put_reference(json, "schemas", "Problem");
    tf_json_close_object(json);
    if (is_plain_too) {
        tf_json_key(json, "text/plain");
        tf_json_open_object(json);
        tf_json_close_object(json);
    }
    tf_json_close_object(json);
    tf_json_close_object(json);
}

static void put_components(tf_json *json) {
    tf_json_key(json, "components");
    tf_json_open_object(json);
    tf_json_key(json, "headers");
    tf_json_open_object(json);
    put_header(
        json, "AnyOrigin",
        "Pages of any site may read the answer.  Not sent to who asks from the very machine, for "
        "whom alone the site may be.",
        "*");
    put_header(json, "ETag", "Changes with the answer; to be sent back as If-None-Match.",
               "\"3f1c\"");
    put_header(json, "Link",
               "Where the first, previous, next and last page are, as relative references "
               "(RFC 8288).",
               "</api/v1/areas?page=2>; rel=\"next\"");
    tf_json_close_object(json);

    tf_json_key(json, "responses");
    tf_json_open_object(json);
    tf_json_key(json, "NotModified");
    tf_json_open_object(json);
    tf_json_put_string(json, "description", "What was sent as If-None-Match still holds.");
    tf_json_close_object(json);
    put_problem(json, "BadRequest",
                "A field cannot be used; `errors` says which, and why.  In plain text: the request "
                "is no sound HTTP.",
                true);
    put_problem(json, "NotFound",
                "There is no such area, kind of offence or batch; `detail` names what is near.",
                false);
    put_problem(json, "Fault", "A fault of the server; trying again may help.", false);
    put_problem(json, "Unavailable", "Too much to do; try again after the seconds of Retry-After.",
                true);
    tf_json_close_object(json);

    const tf_embedded_file *schemas = &tf_api_schemas.files[0];
    tf_json_key(json, "schemas");
    tf_json_raw(json, (tf_text){(const char *)schemas->bytes, schemas->length});
    tf_json_close_object(json);
}

/* ---- the document ---- */

static void put_operation(tf_json *json, const tf_api_operation *operation,
                          const tf_api_examples *examples) {
    const tf_route *route = &operation->route;
    tf_json_key(json, route->path);
    tf_json_open_object(json);
    tf_json_key(json, "get");
    tf_json_open_object(json);
    tf_json_put_string(json, "operationId", operation->id);
    tf_json_key(json, "tags");
    tf_json_open_array(json);
    tf_json_string(json, operation->tag);
    tf_json_close_array(json);
    tf_json_put_string(json, "summary", route->title);
    tf_json_put_string(json, "description", route->help);
    put_parameters(json, route, examples);
    put_responses(json, operation);
    tf_json_close_object(json);
    tf_json_close_object(json);
}

static void put_info(tf_json *json) {
    tf_json_key(json, "info");
    tf_json_open_object(json);
    tf_json_put_string(json, "title", "Trefoil");
    tf_json_put_string(json, "version", TF_VERSION);
    tf_json_put_string(json, "description", description);
    tf_json_key(json, "license");
    tf_json_open_object(json);
    tf_json_put_string(json, "name", TF_FIGURE_LICENCE);
    tf_json_put_string(json, "url", TF_FIGURE_LICENCE_URL);
    tf_json_close_object(json);
    tf_json_close_object(json);
    tf_json_key(json, "servers");
    tf_json_open_array(json);
    tf_json_open_object(json);
    tf_json_put_string(json, "url", "/");
    tf_json_close_object(json);
    tf_json_close_array(json);
}

/* Each tag once, in the order in which the operations name it. */
static void put_tags(tf_json *json) {
    tf_json_key(json, "tags");
    tf_json_open_array(json);
    for (size_t i = 0; i < tf_api_operation_count(); i++) {
        const char *tag = tf_api_operation_at(i)->tag;
        size_t first = 0;
        while (strcmp(tf_api_operation_at(first)->tag, tag) != 0) {
            first++;
        }
        if (first == i) {
            tf_json_open_object(json);
            tf_json_put_string(json, "name", tag);
            tf_json_close_object(json);
        }
    }
    tf_json_close_array(json);
}

void tf_api_write_document(const tf_api_examples *examples, tf_buffer *out) {
    tf_json writer, *json = &writer;
    tf_json_init(json, out, true);
    tf_json_open_object(json);
    tf_json_put_string(json, "openapi", "3.1.0");
    put_info(json);
    put_tags(json);
    tf_json_key(json, "paths");
    tf_json_open_object(json);
    for (size_t i = 0; i < tf_api_operation_count(); i++) {
        put_operation(json, tf_api_operation_at(i), examples);
    }
    tf_json_close_object(json);
    put_components(json);
    tf_json_close_object(json);
    tf_buffer_append_text(out, "\n");
}

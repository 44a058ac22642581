/* The description of the API: made from the declarations of its routes, so that it cannot differ
 * from what is checked. */
#ifndef WEB_API_OPENAPI_H
#define WEB_API_OPENAPI_H

#include "insight/overview.h"
#include "web/http/route.h"

/* A route with what its declaration does not say: the shape of the answer.  Constant data. */
typedef struct tf_api_operation {
    tf_route route;
    const char *id;         /* "getProfile": for programs that make clients of the document */
    const char *tag;        /* the heading it stands under */
    const char *schema;     /* of the JSON answer: a name of schemas.json */
    const char *media_type; /* of the answer, where there is no field "format"; NULL: JSON */
    bool is_paged;          /* takes page and per_page, and answers with a Link header */
} tf_api_operation;

/* The operations in the order of the document. */
size_t tf_api_operation_count(void);
const tf_api_operation *tf_api_operation_at(size_t index);

/* An answer of an operation that went well. */
typedef struct tf_api_answer {
    const char *format;     /* the value of the field "format", or NULL where there is none */
    const char *media_type; /* "text/csv" */
    const char *schema;     /* of an answer in JSON, else NULL */
} tf_api_answer;

enum { TF_API_MOST_ANSWERS = 8 };

/* The forms in which an operation answers; gives how many. */
size_t tf_api_answers(const tf_api_operation *operation,
                      tf_api_answer answers_out[TF_API_MOST_ANSWERS]);

/* Whether a field stands in the path of its route. */
bool tf_api_is_in_path(const tf_route *route, const tf_field *field);

/* What stands for itself in examples: an area and a period that there are. */
typedef struct tf_api_examples {
    char area[TF_OVERVIEW_CODE_SIZE];
    char from[TF_MONTH_TEXT_SIZE];
    char to[TF_MONTH_TEXT_SIZE];
} tf_api_examples;

/* Where tf_overview_default begins; the declared examples, of the fictional county, while there is
 * nothing.  Errors: those of tf_overview_default. */
tf_status tf_api_examples_find(tf_crime_data *data, tf_api_examples *examples_out, tf_error *error);

/* The example of a field, or NULL. */
const char *tf_api_example(const tf_api_examples *examples, const tf_field *field);

/* Append an address that shows the operation at work: its path and some of its fields. */
void tf_api_append_example(const tf_api_operation *operation, const tf_api_examples *examples,
                           tf_buffer *out);

/* Append the document, OpenAPI 3.1 in JSON.  A failed allocation is left in the buffer. */
void tf_api_write_document(const tf_api_examples *examples, tf_buffer *out);

#endif

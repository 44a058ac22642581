/* What every handler of the API shares: its desk, its fields, its errors, its pages. */
#ifndef WEB_API_CALL_INTERNAL_H
#define WEB_API_CALL_INTERNAL_H

#include "insight/download.h"
#include "trefoil/base/json.h"
#include "web/api/openapi.h"
#include "web/site/site.h"

/* One request. */
typedef struct tf_api_call {
    const tf_api_operation *operation;
    tf_site *site;
    tf_desk *desk; /* NULL where none was borrowed */
    const tf_request *request;
    tf_response *response;
    tf_arena *arena;            /* the request's */
    tf_json json;               /* writes into the response's body */
    const char *field_at_fault; /* set by what fails because of one field */
} tf_api_call;

typedef tf_status tf_api_work(tf_api_call *call, tf_error *error);

/* Let pages of other sites read the answer, unless it is for somebody at this very machine. */
void tf_api_open_to_other_sites(const tf_request *request, tf_response *response);

/* Answer a request with what `work` writes, with a desk or without.  What fails because of the
 * request is answered here, as a problem that names the field; the rest is the server's. */
tf_status tf_api_run(const tf_api_operation *operation, void *context, const tf_request *request,
                     tf_response *response, tf_api_work *work, tf_error *error);
tf_status tf_api_run_at_desk(const tf_api_operation *operation, void *context,
                             const tf_request *request, tf_response *response, tf_api_work *work,
                             tf_error *error);

/* ---- fields ---- */

/* What was sent, or the fallback, as a text of the arena; NULL when there is neither. */
tf_status tf_api_text(tf_api_call *call, const char *field, const char **text_out, tf_error *error);

/* The choice that was made, or the fallback; NULL when there is neither. */
const char *tf_api_choice(const tf_api_call *call, const char *field);

/* Fail because of one field. */
tf_status tf_api_fail_field(tf_api_call *call, const char *field, tf_error *error,
                            const char *format, ...) TF_PRINTF(4, 5);

/* The period of the fields "from" and "to".  What was not sent is taken from where the records
 * are: both from tf_overview_default, one end so that the other is within them.
 * Errors: TF_NOT_FOUND while no street file was imported. */
tf_status tf_api_period(tf_api_call *call, tf_month *from_out, tf_month *to_out, tf_error *error);

/* The area of that code or name; an error is that of the field.  Its texts are borrowed from the
 * geography, until the next call that takes the desk's data. */
tf_status tf_api_find_area(tf_api_call *call, const char *field, const char *name,
                           tf_area_ref *area_out, tf_error *error);

/* The code of the area that a field names, in the arena; NULL where none was sent. */
tf_status tf_api_area_code(tf_api_call *call, const char *field, const char **code_out,
                           tf_error *error);

/* The kind of offence that the field "type" names, checked; and the check alone. */
tf_status tf_api_type(tf_api_call *call, const char **type_out, tf_error *error);
tf_status tf_api_check_type(tf_api_call *call, const char *name, tf_error *error);

/* The layer that the field "layer" names; false when there is none. */
bool tf_api_layer(const tf_api_call *call, tf_layer *layer_out);

#define TF_API_PERIOD_FIELDS                                                                       \
    {.name = "from",                                                                               \
     .label = "First month",                                                                       \
     .help = "The first month.  Where neither month is given: the latest twelve months in a row "  \
             "that have files, of the force with most rows.",                                      \
     .kind = TF_FIELD_MONTH,                                                                       \
     .example = "2023-04"},                                                                        \
    {                                                                                              \
        .name = "to", .label = "Last month", .help = "The last month, which is included.",         \
        .kind = TF_FIELD_MONTH, .example = "2024-03"                                               \
    }

#define TF_API_TYPE_FIELD                                                                          \
    {                                                                                              \
        .name = "type", .label = "Kind of offence",                                                \
        .help = "A group of offences or one crime type, as /api/v1/types lists them.",             \
        .fallback = "drugs", .example = "drugs"                                                    \
    }

/* ---- pages ---- */

#define TF_API_PAGE_FIELDS                                                                         \
    {.name = "page",                                                                               \
     .label = "Page",                                                                              \
     .help = "Which page, counted from 1.  A page after the last one is empty.",                   \
     .kind = TF_FIELD_INT,                                                                         \
     .minimum = 1,                                                                                 \
     .maximum = 1000000,                                                                           \
     .fallback = "1",                                                                              \
     .example = "1"},                                                                              \
    {                                                                                              \
        .name = "per_page", .label = "Items on a page", .help = "How many items a page has.",      \
        .kind = TF_FIELD_INT, .minimum = 1, .maximum = 1000, .fallback = "100", .example = "100"   \
    }

typedef struct tf_api_page {
    int64_t number; /* from 1 */
    int64_t size;
    int64_t first; /* how many items come before it */
} tf_api_page;

tf_api_page tf_api_page_of(const tf_api_call *call);

/* Say in a Link header (RFC 8288) where the first, previous, next and last page are. */
tf_status tf_api_link_pages(tf_api_call *call, const tf_api_page *page, int64_t total,
                            tf_error *error);

/* The members page, per_page and total of the object that is open. */
void tf_api_put_page(tf_api_call *call, const tf_api_page *page, int64_t total);

/* ---- members that several answers have ---- */

void tf_api_put_bool(tf_json *json, const char *key, bool value);
void tf_api_put_month(tf_json *json, const char *key, tf_month month);
void tf_api_put_period(tf_json *json, tf_month from, tf_month to);

/* ---- downloads ---- */

/* Write one figure in a format.  `outlines` says where the outlines for GeoJSON are. */
tf_status tf_api_write_figure(tf_api_call *call, const tf_figure_kind *kind, const tf_table *table,
                              const tf_figure_about *about, const tf_boundaries_request *outlines,
                              tf_download_format format, tf_error *error);

/* Say what the answer is and, for all but JSON, the name of the file it is to be kept in.
 * `figure` is NULL for all of them. */
void tf_api_set_file(tf_api_call *call, const tf_figure_about *about, const char *figure,
                     tf_download_format format);

/* ---- problems ---- */

typedef struct tf_api_fault {
    const char *field;
    const char *detail;
} tf_api_fault;

void tf_api_write_problem(tf_response *response, int status, const char *detail,
                          const tf_api_fault *faults, size_t fault_count);

/* ---- the operations ---- */

extern const tf_api_operation tf_api_profile;
extern const tf_api_operation tf_api_comparison;
extern const tf_api_operation tf_api_areas;
extern const tf_api_operation tf_api_area;
extern const tf_api_operation tf_api_series;
extern const tf_api_operation tf_api_boundaries;
extern const tf_api_operation tf_api_sources;
extern const tf_api_operation tf_api_batches;
extern const tf_api_operation tf_api_batch;
extern const tf_api_operation tf_api_rejects;
extern const tf_api_operation tf_api_types;
extern const tf_api_operation tf_api_document;
extern const tf_api_operation tf_api_health;

#endif

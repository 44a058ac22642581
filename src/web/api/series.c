/* /api/v1/series */
#include "call_internal.h"

#include "insight/series.h"
#include "trefoil/table/arrow.h"

enum { ZSTD_LEVEL = 3, MOST_LISTED = 100, MOST_WHOLE_ROWS = 1000000 };

static const char *const layers[] = {"force", "local-authority", "partnership", "small-area", NULL};
static const char *const formats[] = {"json", "csv", "arrow", NULL};

static const tf_field fields[] = {
    {.name = "area",
     .label = "Areas",
     .help = "One or several areas by code or name, with commas between them; a name that has a "
             "comma is written with hyphens.  If it is not given, the areas of `layer` within "
             "`within`.",
     .maximum = 1000,
     .example = "larkenshire"},
    {.name = "layer",
     .label = "Layer",
     .help = "The areas of one kind, where none are named.",
     .kind = TF_FIELD_CHOICE,
     .choices = layers,
     .fallback = "local-authority"},
    {.name = "within",
     .label = "Within",
     .help = "The area that contains those of the layer, by code or name."},
    {.name = "type",
     .label = "Kinds of offence",
     .help = "One or several groups of offences or crime types, as /api/v1/types lists them, with "
             "commas between them.",
     .maximum = 500,
     .fallback = "drugs",
     .example = "drugs,Shoplifting"},
    TF_API_PERIOD_FIELDS,
    TF_API_PAGE_FIELDS,
    {.name = "format",
     .label = "Format",
     .help = "What the answer is written in.  csv and arrow hold all rows, up to a million, unless "
             "page or per_page is given.",
     .kind = TF_FIELD_CHOICE,
     .choices = formats,
     .fallback = "json"},
};

/* ---- the request ---- */

/* The parts of a list with commas, trimmed and without empty ones, in the arena. */
static tf_status split(tf_api_call *call, const char *field, const char *const **parts_out,
                       size_t *count_out, tf_error *error) {
    tf_text rest = tf_form_value(&call->request->form, field)->text;
    const char **parts = tf_arena_alloc(call->arena, MOST_LISTED, sizeof *parts);
    *parts_out = parts;
    *count_out = 0;
    while (parts && rest.length) {
        const char *comma = memchr(rest.data, ',', rest.length);
        size_t length = comma ? (size_t)(comma - rest.data) : rest.length;
        tf_text part = tf_text_trim((tf_text){rest.data, length});
        length += comma != NULL;
        rest = (tf_text){rest.data + length, rest.length - length};
        if (part.length == 0) {
            continue;
        }
        if (*count_out == MOST_LISTED) {
            return tf_api_fail_field(call, field, error,
                                     "the list has more than %d entries; ask in several parts",
                                     MOST_LISTED);
        }
        parts[*count_out] = tf_arena_copy_text(call->arena, part.data, part.length);
        if (!parts[(*count_out)++]) {
            return tf_fail_no_memory(error);
        }
    }
    return parts ? TF_OK : tf_fail_no_memory(error);
}

/* Look for faults where it is known which field they are of. */
static tf_status check(tf_api_call *call, const tf_series_request *request, tf_error *error) {
    tf_status status = TF_OK;
    tf_area_ref area;
    for (size_t i = 0; i < request->area_count && !status; i++) {
        status = tf_api_find_area(call, "area", request->areas[i], &area, error);
    }
    for (size_t i = 0; i < request->type_count && !status; i++) {
        status = tf_api_check_type(call, request->types[i], error);
    }
    return status;
}

static tf_status read_request(tf_api_call *call, tf_series_request *request, tf_error *error) {
    *request = (tf_series_request){0};
    (void)tf_api_layer(call, &request->layer);
    tf_status status = split(call, "area", &request->areas, &request->area_count, error);
    if (!status) {
        status = split(call, "type", &request->types, &request->type_count, error);
    }
    if (!status && request->area_count == 0) {
        request->areas = NULL;
        status = tf_api_area_code(call, "within", &request->within, error);
    }
    if (!status) {
        status = check(call, request, error);
    }
    if (!status && request->type_count == 0) {
        status = tf_api_fail_field(call, "type", error, "no kind of offence is named");
    }
    return status ? status : tf_api_period(call, &request->from, &request->to, error);
}

/* ---- the answer ---- */

static void put_records(tf_api_call *call, const tf_table *table) {
    static const char *const texts[] = {"area_code", "area_name", "layer", "type"};
    tf_json *json = &call->json;
    const tf_column *months = tf_table_get(table, "month");
    const tf_column *counts = tf_table_get(table, "count");
    tf_json_key(json, "records");
    tf_json_open_array(json);
    for (int64_t row = 0; row < table->row_count; row++) {
        tf_json_open_object(json);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            tf_json_key(json, texts[i]);
            tf_json_text(json, tf_column_text(tf_table_get(table, texts[i]), row));
        }
        tf_api_put_month(json, "month", tf_month_of_days(((const int32_t *)months->values)[row]));
        tf_json_key(json, "count");
        if (tf_column_is_null(counts, row)) {
            tf_json_null(json);
        } else {
            tf_json_int(json, ((const int64_t *)counts->values)[row]);
        }
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static tf_status write_table(tf_api_call *call, const tf_table *table,
                             const tf_series_request *request, const tf_api_page *page,
                             int64_t total, tf_error *error) {
    tf_download_format format = TF_DOWNLOAD_JSON;
    (void)tf_download_find(tf_api_choice(call, "format"), &format);
    call->response->content_type = tf_download_kind_of(format)->media_type;
    if (format == TF_DOWNLOAD_JSON) {
        tf_json_open_object(&call->json);
        tf_api_put_period(&call->json, request->from, request->to);
        put_records(call, table);
        tf_api_put_page(call, page, total);
        tf_json_close_object(&call->json);
        return TF_OK;
    }
    tf_response_attachment(call->response, format == TF_DOWNLOAD_CSV ? "trefoil-series.csv"
                                                                     : "trefoil-series.arrows");
    if (format == TF_DOWNLOAD_CSV) {
        tf_download_csv(table, &call->response->body);
        return TF_OK;
    }
    return tf_arrow_write(table, ZSTD_LEVEL, &call->response->body, error);
}

static tf_status work(tf_api_call *call, tf_error *error) {
    const tf_form *form = &call->request->form;
    bool is_whole = strcmp(tf_api_choice(call, "format"), "json") != 0 &&
                    !tf_form_value(form, "page")->is_given &&
                    !tf_form_value(form, "per_page")->is_given;
    tf_api_page page = tf_api_page_of(call);
    if (is_whole) {
        page = (tf_api_page){.number = 1, .size = MOST_WHOLE_ROWS};
    }
    tf_series_request request;
    tf_status status = read_request(call, &request, error);
    if (status) {
        return status;
    }
    request.first_row = page.first;
    request.most_rows = page.size;
    tf_table *table = NULL;
    int64_t total = 0;
    status = tf_series_make(call->desk->data, &request, &table, &total, error);
    if (!status && is_whole && total > MOST_WHOLE_ROWS) {
        status = tf_api_fail_field(call, "format", error,
                                   "these are more than %d rows; ask for fewer areas, types or "
                                   "months, or page by page",
                                   MOST_WHOLE_ROWS);
    }
    if (!status) {
        status = write_table(call, table, &request, &page, total, error);
    }
    if (!status && !is_whole) {
        status = tf_api_link_pages(call, &page, total, error);
    }
    tf_table_free(table);
    return status;
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_api_run_at_desk(&tf_api_series, context, request, response, work, error);
}

const tf_api_operation tf_api_series = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/series",
              .title = "Counts by month",
              .help = "How many offences were recorded in each month, of many areas and kinds of "
                      "offence at once: in order of area, kind and month.  A count is null where "
                      "no file of the month was imported.",
              .fields = fields,
              .field_count = sizeof fields / sizeof *fields,
              .handle = handle},
    .id = "getSeries",
    .tag = "Figures",
    .schema = "Series",
    .is_paged = true,
};

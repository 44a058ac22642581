/* /api/v1/comparison */
#include "call_internal.h"

#include "comparison_internal.h"

static const char *const layers[] = {"force", "local-authority", "partnership", "small-area", NULL};
static const char *const formats[] = {"json", "csv", "arrow", "xlsx", "geojson", NULL};

/* The names of tf_comparison_figure_kind, which are not constant to the compiler. */
static const char *const figures[] = {"areas", "funnel", "sources", "notes", NULL};

static const tf_field fields[] = {
    {.name = "layer",
     .label = "Layer",
     .help = "Which areas are compared with each other.",
     .kind = TF_FIELD_CHOICE,
     .choices = layers,
     .fallback = "local-authority",
     .example = "local-authority"},
    {.name = "within",
     .label = "Within",
     .help = "The area that contains them, by code or name; all there are if it is not given.",
     .example = "larkenshire"},
    TF_API_TYPE_FIELD,
    TF_API_PERIOD_FIELDS,
    {.name = "figure",
     .label = "Figure",
     .help = "One figure alone, as a table.  Without it csv, arrow and geojson give the areas, and "
             "xlsx a sheet for each figure.",
     .kind = TF_FIELD_CHOICE,
     .choices = figures},
    {.name = "format",
     .label = "Format",
     .help = "What the answer is written in.  geojson is for the areas alone.",
     .kind = TF_FIELD_CHOICE,
     .choices = formats,
     .fallback = "json"},
};

static tf_status write_figure(tf_api_call *call, const tf_comparison *comparison,
                              const char *figure, tf_download_format format, tf_error *error) {
    tf_boundaries_request outlines = {.within = comparison->within_code,
                                      .layer = comparison->layer};
    tf_figure_about about;
    tf_figure_about_comparison(comparison, &about);
    tf_table *table = NULL;
    tf_status status = tf_comparison_figure_table(comparison, figure, &table, error);
    if (!status) {
        status = tf_api_write_figure(call, tf_comparison_figure_find(figure), table, &about,
                                     &outlines, format, error);
    }
    tf_table_free(table);
    return status;
}

static tf_status write_comparison(tf_api_call *call, const tf_comparison *comparison,
                                  tf_error *error) {
    tf_download_format format = TF_DOWNLOAD_JSON;
    (void)tf_download_find(tf_api_choice(call, "format"), &format);
    const char *figure = tf_api_choice(call, "figure");
    if (!figure && format != TF_DOWNLOAD_JSON && format != TF_DOWNLOAD_XLSX) {
        figure = "areas";
    }
    tf_status status = TF_OK;
    if (figure) {
        status = write_figure(call, comparison, figure, format, error);
    } else if (format == TF_DOWNLOAD_XLSX) {
        status = tf_download_comparison_workbook(comparison, &call->response->body, error);
    } else {
        tf_comparison_json_write(comparison, &call->json);
    }
    tf_figure_about about;
    tf_figure_about_comparison(comparison, &about);
    tf_api_set_file(call, &about, figure, format);
    return status;
}

static tf_status work(tf_api_call *call, tf_error *error) {
    tf_comparison_request request;
    (void)tf_api_layer(call, &request.layer);
    tf_status status = tf_api_area_code(call, "within", &request.within, error);
    if (!status) {
        status = tf_api_type(call, &request.type, error);
    }
    if (!status) {
        status = tf_api_period(call, &request.from, &request.to, error);
    }
    tf_comparison *comparison = NULL;
    if (!status) {
        status = tf_comparison_make(call->desk->data, &request, &comparison, error);
    }
    if (!status) {
        status = write_comparison(call, comparison, error);
    }
    tf_comparison_free(comparison);
    return status;
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_api_run_at_desk(&tf_api_comparison, context, request, response, work, error);
}

const tf_api_operation tf_api_comparison = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/comparison",
              .title = "Areas of one kind side by side",
              .help = "Counts, rates and where each area lies in the funnel of what chance alone "
                      "would do to areas of its size.",
              .fields = fields,
              .field_count = sizeof fields / sizeof *fields,
              .handle = handle},
    .id = "getComparison",
    .tag = "Figures",
    .schema = "ComparisonAnswer",
};

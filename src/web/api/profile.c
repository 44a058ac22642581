/* /api/v1/profile */
#include "call_internal.h"

#include "insight/profile_json.h"
#include "insight/profile_table.h"
#include "trefoil/table/arrow.h"

enum { ZSTD_LEVEL = 3 };

static const char *const formats[] = {"json", "csv", "arrow", "xlsx", "geojson", NULL};

/* The names of tf_profile_figure_kind, which are not constant to the compiler. */
static const char *const figures[] = {
    "key-figures",    "trend",        "alerts",   "small-areas", "change", "outcomes",
    "outcome-groups", "outcome-join", "searches", "sources",     "notes",  NULL,
};

static const tf_field fields[] = {
    {.name = "area",
     .label = "Area",
     .help = "A force, local authority, community safety partnership or small area: its code or "
             "its name, in which hyphens may stand for anything but letters and digits.",
     .is_required = true,
     .example = "larkenshire"},
    TF_API_TYPE_FIELD,
    TF_API_PERIOD_FIELDS,
    {.name = "figure",
     .label = "Figure",
     .help = "One figure alone, as a table.  Without it csv and arrow give all figures as one long "
             "table, xlsx a sheet for each, and geojson the small areas.",
     .kind = TF_FIELD_CHOICE,
     .choices = figures},
    {.name = "format",
     .label = "Format",
     .help = "What the answer is written in.  geojson is for figures whose rows are areas.",
     .kind = TF_FIELD_CHOICE,
     .choices = formats,
     .fallback = "json"},
};

/* The whole profile in a form that has no parts. */
static tf_status write_whole(tf_api_call *call, const tf_profile *profile,
                             tf_download_format format, tf_error *error) {
    tf_buffer *out = &call->response->body;
    if (format == TF_DOWNLOAD_JSON) {
        tf_profile_json_write(profile, &call->json);
        return TF_OK;
    }
    if (format == TF_DOWNLOAD_XLSX) {
        return tf_download_profile_workbook(profile, out, error);
    }
    tf_table *table = NULL;
    tf_status status = tf_profile_table_make(profile, &table, error);
    if (!status && format == TF_DOWNLOAD_CSV) {
        tf_download_csv(table, out);
    } else if (!status) {
        status = tf_arrow_write(table, ZSTD_LEVEL, out, error);
    }
    tf_table_free(table);
    return status;
}

static tf_status write_figure(tf_api_call *call, const tf_profile *profile, const char *figure,
                              tf_download_format format, tf_error *error) {
    tf_boundaries_request outlines = {.within = profile->area_code, .layer = TF_LAYER_SMALL_AREA};
    tf_figure_about about;
    tf_figure_about_profile(profile, &about);
    tf_table *table = NULL;
    tf_status status = tf_profile_figure_table(profile, figure, &table, error);
    if (!status) {
        status = tf_api_write_figure(call, tf_profile_figure_find(figure), table, &about, &outlines,
                                     format, error);
    }
    tf_table_free(table);
    return status;
}

static tf_status write_profile(tf_api_call *call, const tf_profile *profile, tf_error *error) {
    tf_download_format format = TF_DOWNLOAD_JSON;
    (void)tf_download_find(tf_api_choice(call, "format"), &format);
    const char *figure = tf_api_choice(call, "figure");
    if (!figure && format == TF_DOWNLOAD_GEOJSON) {
        figure = "small-areas";
    }
    tf_status status = figure ? write_figure(call, profile, figure, format, error)
                              : write_whole(call, profile, format, error);
    tf_figure_about about;
    tf_figure_about_profile(profile, &about);
    tf_api_set_file(call, &about, figure, format);
    return status;
}

static tf_status work(tf_api_call *call, tf_error *error) {
    tf_profile_request request;
    tf_status status = tf_api_area_code(call, "area", &request.area, error);
    if (!status) {
        status = tf_api_type(call, &request.type, error);
    }
    if (!status) {
        status = tf_api_period(call, &request.from, &request.to, error);
    }
    tf_profile *profile = NULL;
    if (!status) {
        status = tf_profile_make(call->desk->data, &request, &profile, error);
    }
    if (!status) {
        status = write_profile(call, profile, error);
    }
    tf_profile_free(profile);
    return status;
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_api_run_at_desk(&tf_api_profile, context, request, response, work, error);
}

const tf_api_operation tf_api_profile = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/profile",
              .title = "The crime profile of an area",
              .help = "How many offences of a kind were recorded, at what rate, whether that "
                      "changes, where they gather, what became of the cases, and what was searched "
                      "for and found.",
              .fields = fields,
              .field_count = sizeof fields / sizeof *fields,
              .handle = handle},
    .id = "getProfile",
    .tag = "Figures",
    .schema = "ProfileAnswer",
};

/* /api/v1/boundaries */
#include "call_internal.h"

#include "boundaries_internal.h"

static const char *const layers[] = {"force", "local-authority", "partnership", "small-area", NULL};
static const char *const values[] = {"count", "rate", NULL};

static const tf_field fields[] = {
    {.name = "layer",
     .label = "Layer",
     .help = "Which areas are drawn.",
     .kind = TF_FIELD_CHOICE,
     .choices = layers,
     .fallback = "small-area"},
    {.name = "within",
     .label = "Within",
     .help = "The area that contains them, by code or name; all there are if it is not given, "
             "but no more than 6,000.",
     .example = "larkenshire"},
    {.name = "area",
     .label = "Area",
     .help = "Another name for `within`, so that the fields of a profile can be sent as they are."},
    {.name = "type",
     .label = "Kind of offence",
     .help = "A group of offences or one crime type, as /api/v1/types lists them.  If it is given, "
             "each area has its count, rate and class."},
    TF_API_PERIOD_FIELDS,
    {.name = "values",
     .label = "Values",
     .help = "What the classes are made of: counts, or rates for each 1,000 people.",
     .kind = TF_FIELD_CHOICE,
     .choices = values,
     .fallback = "count"},
    {.name = "tolerance",
     .label = "Tolerance",
     .help = "By how many metres a line may be moved to save points.  Neighbours keep their common "
             "border.  0: as imported.",
     .kind = TF_FIELD_INT,
     .minimum = 0,
     .maximum = 5000,
     .fallback = "25",
     .example = "25"},
};

/* The area that the boundaries lie in, whatever of its two names it was given by. */
static tf_status read_within(tf_api_call *call, const char **within_out, tf_error *error) {
    const tf_form *form = &call->request->form;
    bool is_area = tf_form_value(form, "area")->is_given;
    if (is_area && tf_form_value(form, "within")->is_given) {
        return tf_api_fail_field(call, "area", error, "give either the area or within, not both");
    }
    return tf_api_area_code(call, is_area ? "area" : "within", within_out, error);
}

/* Drawing a whole country's small areas takes seconds, for which nobody else should wait. */
static tf_status check_size(tf_api_call *call, const tf_boundaries_request *request,
                            tf_error *error) {
    enum { MOST_AREAS = 6000 };
    const tf_geography *geography = NULL;
    tf_status status = tf_crime_data_geography(call->desk->data, &geography, error);
    if (!status && !request->within && tf_geography_count(geography, request->layer) > MOST_AREAS) {
        return tf_api_fail_field(call, "within", error,
                                 "there are more than %d areas of this layer; name an area that "
                                 "contains those wanted",
                                 MOST_AREAS);
    }
    return status;
}

static tf_status write_with_values(tf_api_call *call, const tf_boundaries_request *outlines,
                                   const tf_boundaries *boundaries, tf_error *error) {
    tf_comparison_request request = {.within = outlines->within, .layer = outlines->layer};
    tf_comparison *comparison = NULL;
    tf_status status = tf_api_type(call, &request.type, error);
    if (!status) {
        status = tf_api_period(call, &request.from, &request.to, error);
    }
    if (!status) {
        status = tf_comparison_make(call->desk->data, &request, &comparison, error);
    }
    if (!status) {
        bool is_rate = strcmp(tf_api_choice(call, "values"), "rate") == 0;
        status = tf_choropleth_write(boundaries, comparison, is_rate, &call->json, error);
    }
    tf_comparison_free(comparison);
    return status;
}

static tf_status work(tf_api_call *call, tf_error *error) {
    tf_boundaries_request request = {
        .tolerance_m = (double)tf_form_value(&call->request->form, "tolerance")->number};
    tf_boundaries *boundaries = NULL;
    (void)tf_api_layer(call, &request.layer);
    tf_status status = read_within(call, &request.within, error);
    if (!status) {
        status = check_size(call, &request, error);
    }
    if (!status) {
        status = tf_boundaries_make(call->desk->data, &request, &boundaries, error);
    }
    if (!status && tf_form_value(&call->request->form, "type")->is_given) {
        status = write_with_values(call, &request, boundaries, error);
    } else if (!status) {
        tf_boundaries_write_geojson(boundaries, &call->json);
    }
    tf_boundaries_free(boundaries);
    return status;
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_api_run_at_desk(&tf_api_boundaries, context, request, response, work, error);
}

const tf_api_operation tf_api_boundaries = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/boundaries",
              .title = "The outlines of areas",
              .help =
                  "A GeoJSON FeatureCollection for maps.  With a kind of offence each area also "
                  "has its count, its rate and one of five classes for a colour.",
              .fields = fields,
              .field_count = sizeof fields / sizeof *fields,
              .handle = handle},
    .id = "getBoundaries",
    .tag = "Areas",
    .schema = "FeatureCollection",
    .media_type = "application/geo+json",
};

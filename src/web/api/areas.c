/* /api/v1/areas and /api/v1/areas/{code} */
#include "call_internal.h"

static const char *const layers[] = {"force", "local-authority", "partnership", "small-area", NULL};

/* ---- the list ---- */

static const tf_field list_fields[] = {
    {.name = "layer",
     .label = "Layer",
     .help = "Areas of one kind alone; of all kinds if it is not given.",
     .kind = TF_FIELD_CHOICE,
     .choices = layers,
     .example = "local-authority"},
    {.name = "within",
     .label = "Within",
     .help = "The area that contains them, by code or name.",
     .example = "larkenshire"},
    {.name = "name",
     .label = "Name",
     .help = "A part of the name, or of the code, in letters of either case."},
    TF_API_PAGE_FIELDS,
};

static char fold(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool contains(const char *text, tf_text part) {
    size_t length = strlen(text);
    for (size_t start = 0; start + part.length <= length; start++) {
        size_t i = 0;
        while (i < part.length && fold(text[start + i]) == fold(part.data[i])) {
            i++;
        }
        if (i == part.length) {
            return true;
        }
    }
    return false;
}

/* The address of a path with one more segment or, if `field` is given, a value for it. */
static void put_link(tf_json *json, const char *key, const char *path, const char *field,
                     const char *code) {
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, path);
    if (field) {
        tf_query_append(&address, field, tf_text_of(code));
    } else {
        tf_path_append(&address, tf_text_of(code));
    }
    tf_json_put_string(json, key, address.data);
    json->buffer->failed |= address.failed;
    tf_buffer_deinit(&address);
}

static void put_names(tf_json *json, const tf_area_ref *area) {
    tf_json_put_string(json, "code", area->code);
    tf_json_put_string(json, "name", area->name);
    tf_json_put_string(json, "layer", tf_layer_name(area->layer));
}

static void put_area(tf_json *json, const tf_area_ref *area) {
    tf_json_open_object(json);
    put_names(json, area);
    put_link(json, "href", "/api/v1/areas/", NULL, area->code);
    tf_json_close_object(json);
}

/* Which areas of a layer the list has. */
typedef struct layer_areas {
    tf_layer layer;
    int32_t *indices;
    size_t count;
} layer_areas;

/* Write those that the page holds, `*seen` being how many came before. */
static void put_layer(tf_api_call *call, const tf_geography *geography, const layer_areas *areas,
                      const tf_api_page *page, int64_t *seen) {
    tf_text part = tf_text_trim(tf_form_value(&call->request->form, "name")->text);
    for (size_t i = 0; i < areas->count; i++) {
        tf_area_ref area = tf_geography_area(geography, areas->layer, areas->indices[i]);
        if (!contains(area.name, part) && !contains(area.code, part)) {
            continue;
        }
        bool is_on_page = *seen >= page->first && *seen < page->first + page->size;
        (*seen)++;
        if (is_on_page) {
            put_area(&call->json, &area);
        }
    }
}

static tf_status put_list(tf_api_call *call, const tf_geography *geography,
                          const tf_area_ref *within, const tf_api_page *page, int64_t *total_out,
                          tf_error *error) {
    tf_layer wanted = TF_LAYER_COUNT;
    bool is_one = tf_api_layer(call, &wanted);
    for (tf_layer layer = TF_LAYER_FORCE; layer < TF_LAYER_COUNT; layer++) {
        layer_areas areas = {.layer = layer};
        if (is_one && layer != wanted) {
            continue;
        }
        tf_status status =
            tf_geography_within(geography, within, layer, &areas.indices, &areas.count, error);
        /* Of all layers those are listed that the area can contain. */
        bool is_left_out = !is_one && (status == TF_BAD_INPUT || status == TF_UNSUPPORTED);
        if (status && !is_left_out) {
            call->field_at_fault = "within";
            return status;
        }
        put_layer(call, geography, &areas, page, total_out);
        tf_free(areas.indices);
    }
    return TF_OK;
}

static tf_status list_work(tf_api_call *call, tf_error *error) {
    tf_api_page page = tf_api_page_of(call);
    const tf_geography *geography = NULL;
    const char *code;
    tf_area_ref within;
    int64_t total = 0;
    tf_status status = tf_api_area_code(call, "within", &code, error);
    if (!status && code) {
        status = tf_api_find_area(call, "within", code, &within, error);
    }
    if (!status) {
        status = tf_crime_data_geography(call->desk->data, &geography, error);
    }
    if (status) {
        return status;
    }
    tf_json_open_object(&call->json);
    tf_json_key(&call->json, "areas");
    tf_json_open_array(&call->json);
    status = put_list(call, geography, code ? &within : NULL, &page, &total, error);
    if (status) {
        return status;
    }
    tf_json_close_array(&call->json);
    tf_api_put_page(call, &page, total);
    tf_json_close_object(&call->json);
    return tf_api_link_pages(call, &page, total, error);
}

static tf_status list_handle(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    return tf_api_run_at_desk(&tf_api_areas, context, request, response, list_work, error);
}

const tf_api_operation tf_api_areas = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/areas",
              .title = "The areas there are",
              .help = "Forces, local authorities, community safety partnerships and small areas, "
                      "in this order and by code.",
              .fields = list_fields,
              .field_count = sizeof list_fields / sizeof *list_fields,
              .handle = list_handle},
    .id = "listAreas",
    .tag = "Areas",
    .schema = "AreaList",
    .is_paged = true,
};

/* ---- one area ---- */

static const tf_field area_fields[] = {
    {.name = "code",
     .label = "Area",
     .help = "The code or the name of the area.",
     .is_required = true,
     .example = "larkenshire"},
};

enum { LATEST_YEAR = 9999 };

static tf_status put_population(tf_api_call *call, const tf_geography *geography,
                                const tf_area_ref *area, tf_error *error) {
    tf_json *json = &call->json;
    tf_population population;
    tf_status status =
        tf_geography_population(geography, call->desk->db, area, LATEST_YEAR, &population, error);
    if (status) {
        return status;
    }
    tf_json_key(json, "population");
    if (population.is_known) {
        tf_json_open_object(json);
        tf_json_put_double(json, "people", population.people);
        tf_json_put_int(json, "year", population.year);
        tf_json_close_object(json);
    } else {
        tf_json_null(json);
    }
    tf_json_put_string(json, "population_note", population.note[0] ? population.note : NULL);
    return TF_OK;
}

/* Kinds of areas from the smallest up. */
static const tf_layer by_size[] = {TF_LAYER_SMALL_AREA, TF_LAYER_AUTHORITY, TF_LAYER_PARTNERSHIP,
                                   TF_LAYER_FORCE};

static size_t size_of(tf_layer layer) {
    size_t size = 0;
    while (by_size[size] != layer) {
        size++;
    }
    return size;
}

static tf_status put_parents(tf_api_call *call, const tf_geography *geography,
                             const tf_area_ref *area, tf_error *error) {
    tf_area_ref parents[TF_MOST_PARENTS];
    size_t count = 0;
    tf_status status = tf_geography_parents(geography, area, parents, &count, error);
    tf_json_key(&call->json, "parents");
    tf_json_open_array(&call->json);
    for (size_t i = 0; i < count; i++) {
        put_area(&call->json, &parents[i]);
    }
    tf_json_close_array(&call->json);
    return status;
}

static void put_content(tf_json *json, const tf_area_ref *area, tf_layer layer, size_t count) {
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, "/api/v1/areas");
    tf_query_append(&address, "layer", tf_text_of(tf_layer_name(layer)));
    tf_query_append(&address, "within", tf_text_of(area->code));
    tf_json_open_object(json);
    tf_json_put_string(json, "layer", tf_layer_name(layer));
    tf_json_put_int(json, "count", (int64_t)count);
    tf_json_put_string(json, "href", address.data);
    tf_json_close_object(json);
    json->buffer->failed |= address.failed;
    tf_buffer_deinit(&address);
}

/* How many areas of each smaller kind it contains. */
static tf_status put_contents(tf_api_call *call, const tf_geography *geography,
                              const tf_area_ref *area, tf_error *error) {
    tf_json_key(&call->json, "contains");
    tf_json_open_array(&call->json);
    for (size_t size = size_of(area->layer); size-- > 0;) {
        int32_t *indices = NULL;
        size_t count = 0;
        tf_status status =
            tf_geography_within(geography, area, by_size[size], &indices, &count, error);
        /* Nobody knows which small areas are a partnership's that shares its authority. */
        if (status && status != TF_UNSUPPORTED) {
            return status;
        }
        if (count) {
            put_content(&call->json, area, by_size[size], count);
        }
        tf_free(indices);
    }
    tf_json_close_array(&call->json);
    return TF_OK;
}

static tf_status area_work(tf_api_call *call, tf_error *error) {
    tf_json *json = &call->json;
    const tf_geography *geography = NULL;
    const char *name;
    tf_area_ref area;
    tf_status status = tf_crime_data_geography(call->desk->data, &geography, error);
    if (!status) {
        status = tf_api_text(call, "code", &name, error);
    }
    if (!status) {
        status = tf_api_find_area(call, "code", name, &area, error);
    }
    if (status) {
        return status;
    }
    tf_json_open_object(json);
    put_names(json, &area);
    tf_json_put_string(json, "layer_title", tf_layer_title(area.layer));
    tf_json_put_string(json, "force", area.force_slug);
    status = put_population(call, geography, &area, error);
    if (!status) {
        status = put_parents(call, geography, &area, error);
    }
    if (!status) {
        status = put_contents(call, geography, &area, error);
    }
    if (status) {
        return status;
    }
    tf_json_key(json, "links");
    tf_json_open_object(json);
    put_link(json, "profile", "/api/v1/profile", "area", area.code);
    put_link(json, "series", "/api/v1/series", "area", area.code);
    put_link(json, "boundaries", "/api/v1/boundaries", "within", area.code);
    tf_json_close_object(json);
    tf_json_close_object(json);
    return TF_OK;
}

static tf_status area_handle(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    return tf_api_run_at_desk(&tf_api_area, context, request, response, area_work, error);
}

const tf_api_operation tf_api_area = {
    .route = {.method = "GET",
              .is_for_all = true,
              .path = "/api/v1/areas/{code}",
              .title = "An area",
              .help = "What it is called, what it belongs to, how many people live there, and what "
                      "it contains.",
              .fields = area_fields,
              .field_count = sizeof area_fields / sizeof *area_fields,
              .handle = area_handle},
    .id = "getArea",
    .tag = "Areas",
    .schema = "AreaDetail",
};

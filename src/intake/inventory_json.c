#include "intake/inventory_json.h"

static void put_month(tf_json *json, const char *key, tf_month month) {
    char text[TF_MONTH_TEXT_SIZE];
    tf_json_put_string(json, key, tf_month_format(month, text));
}

static void put_series(tf_json *json, const tf_inventory *inventory) {
    tf_json_key(json, "police");
    tf_json_open_array(json);
    for (size_t i = 0; i < inventory->series_count; i++) {
        const tf_inventory_series *series = &inventory->series[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "feed", series->feed);
        tf_json_put_string(json, "force", series->force);
        put_month(json, "from", series->from);
        put_month(json, "to", series->to);
        tf_json_put_int(json, "months", series->month_count);
        tf_json_put_int(json, "rows", series->row_count);
        tf_json_key(json, "gaps");
        tf_json_open_array(json);
        for (size_t j = 0; j < series->gap_count; j++) {
            tf_json_open_object(json);
            put_month(json, "from", series->gaps[j].from);
            put_month(json, "to", series->gaps[j].to);
            tf_json_close_object(json);
        }
        tf_json_close_array(json);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void put_geography(tf_json *json, const tf_inventory *inventory) {
    tf_json_key(json, "layers");
    tf_json_open_array(json);
    for (size_t i = 0; i < inventory->layer_count; i++) {
        const tf_inventory_layer *layer = &inventory->layers[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "name", layer->name);
        tf_json_put_string(json, "title", layer->title);
        tf_json_put_int(json, "areas", layer->area_count);
        tf_json_put_int(json, "outlines", layer->outline_count);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);

    tf_json_key(json, "population");
    if (inventory->population_area_count == 0) {
        tf_json_null(json);
    } else {
        tf_json_open_object(json);
        tf_json_put_int(json, "areas", inventory->population_area_count);
        tf_json_put_int(json, "first_year", inventory->population_first_year);
        tf_json_put_int(json, "last_year", inventory->population_last_year);
        tf_json_close_object(json);
    }

    tf_json_key(json, "lookup");
    if (inventory->lookup_authority_count == 0) {
        tf_json_null(json);
    } else {
        tf_json_open_object(json);
        tf_json_put_int(json, "authorities", inventory->lookup_authority_count);
        tf_json_put_int(json, "partnerships", inventory->lookup_partnership_count);
        tf_json_put_int(json, "forces", inventory->lookup_force_count);
        tf_json_close_object(json);
    }
}

void tf_inventory_json_write(const tf_inventory *inventory, tf_json *json) {
    tf_json_open_object(json);
    put_series(json, inventory);
    put_geography(json, inventory);
    tf_json_key(json, "warnings");
    tf_json_open_array(json);
    for (size_t i = 0; i < inventory->warning_count; i++) {
        const tf_inventory_warning *warning = &inventory->warnings[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "feed", warning->feed);
        tf_json_put_string(json, "kind", warning->kind);
        tf_json_put_int(json, "count", warning->count);
        tf_json_put_string(json, "example_file", warning->example_file);
        tf_json_put_int(json, "example_line", warning->example_line);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    tf_json_key(json, "imports");
    tf_json_open_object(json);
    tf_json_put_int(json, "files", inventory->batch_count);
    tf_json_put_int(json, "rows_rejected", inventory->rejected_count);
    char instant[TF_INSTANT_TEXT_SIZE];
    tf_json_put_string(
        json, "last_at",
        inventory->last_import_at ? tf_instant_format(inventory->last_import_at, instant) : NULL);
    tf_json_close_object(json);
    tf_json_close_object(json);
}

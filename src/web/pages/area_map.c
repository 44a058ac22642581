#include "figures_internal.h"

#include "trefoil/base/json.h"
#include "web/chart/profile_map.h"

/* Of the interactive map, which one can go near to. */
static const char live_tolerance_m[] = "10";

static const char values_id[] = "map-values";

/* What the interactive map colours the boundaries with. */
static void write_values(tf_visit *visit, const tf_map_chart *map) {
    tf_buffer text;
    tf_buffer_init(&text);
    tf_json json;
    tf_json_init(&json, &text, false);
    tf_json_open_object(&json);
    for (size_t i = 0; i < map->count; i++) {
        const tf_chart_shape *shape = &map->shapes[i];
        tf_json_key(&json, shape->code);
        tf_json_open_object(&json);
        tf_json_key(&json, "class");
        if (shape->class_number) {
            tf_json_int(&json, shape->class_number);
        } else {
            tf_json_null(&json);
        }
        tf_json_put_string(&json, "text", shape->text);
        tf_json_close_object(&json);
    }
    tf_json_close_object(&json);
    tf_html_json(&visit->html, values_id, (tf_text){text.data, text.length});
    visit->response->body.failed |= text.failed;
    tf_buffer_deinit(&text);
}

static tf_chart_live_map live_map(tf_visit *visit, const tf_selection *selection) {
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, "/api/v1/boundaries");
    tf_query_append(&address, "layer", tf_text_of("small-area"));
    tf_query_append(&address, "within", tf_text_of(selection->area.code));
    tf_query_append(&address, "tolerance", tf_text_of(live_tolerance_m));
    tf_chart_live_map live = {
        .boundaries = tf_page_words(visit, &address),
        .values = values_id,
        .tiles = tf_site_get_options(visit->site)->tile_style,
    };
    tf_buffer_deinit(&address);
    return live;
}

static tf_status write_drawn(tf_visit *visit, const tf_selection *selection,
                             const tf_profile *profile, const tf_map_shapes *shapes,
                             tf_error *error) {
    tf_area_links context = {visit, selection};
    tf_profile_links links = {tf_figures_link_area, &context};
    tf_chart chart;
    tf_status status = tf_profile_map_chart(visit->arena, profile, shapes, &links, &chart, error);
    if (!status) {
        chart.id = "map";
        if (!visit->is_file) {
            chart.of.map.live = live_map(visit, selection);
        }
        tf_figures_set_downloads(visit, selection, "small-areas", &chart);
        tf_chart_write(&visit->html, &chart);
        if (!visit->is_file) {
            write_values(visit, &chart.of.map);
        }
    }
    return status;
}

tf_status tf_figures_write_map(tf_visit *visit, const tf_selection *selection,
                               const tf_profile *profile, tf_error *error) {
    if (profile->area_count == 0) {
        tf_page_paragraph(visit, "No small areas of this area are known, so there is no map.");
        return TF_OK;
    }
    const tf_map_shapes *shapes = NULL;
    tf_status status = tf_desk_map(visit->desk, selection->area.code, &shapes, error);
    if (!status && !shapes) {
        tf_page_paragraph(visit, "No outlines of small areas were imported, so there is no map.");
    } else if (!status) {
        status = write_drawn(visit, selection, profile, shapes, error);
    }
    return status;
}

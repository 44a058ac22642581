/* The map on which the point of a place is chosen.  It is for those who run scripts; the boxes for
 * the point's latitude and longitude are there for everybody. */
#include "form_internal.h"

#include "web/http/pairs.h"
#include "web/site/assets.h"

/* The most areas of a layer that are drawn, the finest layer first: together some hundred kilobytes
 * on the way. */
static const struct {
    tf_layer layer;
    size_t most;
} drawn[] = {
    {TF_LAYER_SMALL_AREA, 1000},
    {TF_LAYER_AUTHORITY, 400},
    {TF_LAYER_FORCE, 60},
};

/* A place is kept to about a kilometre. */
static const char tolerance_m[] = "50";

/* The layer to draw, by its name; NULL where there is none, or nothing can be read now: the map is
 * nothing that an answer depends on. */
static const char *choose_layer(tf_form_visit *own) {
    const tf_geography *geography = NULL;
    const char *name = NULL;
    tf_desk *desk = NULL;
    tf_status status = tf_site_borrow(own->visit.site, &desk, NULL);
    if (!status) {
        status = tf_crime_data_geography(desk->data, &geography, NULL);
    }
    for (size_t i = 0; !status && !name && i < sizeof drawn / sizeof *drawn; i++) {
        size_t count = tf_geography_count(geography, drawn[i].layer);
        name = count > 0 && count <= drawn[i].most ? tf_layer_name(drawn[i].layer) : NULL;
    }
    tf_site_return(own->visit.site, desk);
    return name;
}

static void write_words(tf_form_visit *own) {
    static const struct {
        const char *attribute;
        tf_frame_word word;
    } words[] = {
        {"data-title", TF_WORD_MAP},           {"data-help", TF_WORD_MAP_HELP},
        {"data-use", TF_WORD_MAP_USE},         {"data-cross", TF_WORD_MAP_CROSS},
        {"data-near", TF_WORD_MAP_NEAR},       {"data-at", TF_WORD_MAP_AT},
        {"data-zoom-in", TF_WORD_MAP_ZOOM_IN}, {"data-zoom-out", TF_WORD_MAP_ZOOM_OUT},
        {"data-fingers", TF_WORD_MAP_FINGERS}, {"data-wheel", TF_WORD_MAP_WHEEL},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        tf_html_attribute(&own->visit.html, words[i].attribute, tf_form_say(own, words[i].word));
    }
}

void tf_form_map_write(tf_form_visit *own, const char *question) {
    tf_html *html = &own->visit.html;
    const char *layer = choose_layer(own);
    if (!layer) {
        return;
    }
    /* Only this site's own outlines, all of them at once, whatever tiles the site has for its other
     * maps: a server of tiles would learn where somebody looks who is about to report a concern. */
    tf_buffer address = {0};
    tf_buffer_append_text(&address, "/api/v1/boundaries");
    tf_query_append(&address, "layer", tf_text_of(layer));
    tf_query_append(&address, "tolerance", tf_text_of(tolerance_m));
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-point");
    tf_html_attribute(html, "data-boundaries", tf_page_words(&own->visit, &address));
    tf_html_attribute(html, "data-script", tf_asset_path("map.js"));
    tf_html_attribute(html, "data-style", tf_asset_path("map.css"));
    tf_html_attribute(html, "data-question", question);
    write_words(own);
    tf_html_close(html, "div");
    tf_buffer_deinit(&address);
}

/* Pages without figures: accessibility, and the files that pages are dressed with. */
#include "page_internal.h"
#include "routes_internal.h"

#include "web/site/assets.h"

/* ---- accessibility ---- */

static const struct {
    const char *heading;
    const char *text;
} statements[] = {
    {"What you can do",
     "You can zoom in to 400% without text running off the screen, use every page with a keyboard "
     "alone, listen to it with a screen reader, read it in dark colours if your device asks for "
     "them, and print it. Every chart and every map has a table with the same figures, and a "
     "description in words. Nothing needs JavaScript."},
    {"How accessible this site is",
     "Each page is tested with axe-core against the Web Content Accessibility Guidelines 2.2, "
     "level AA, at the width of a phone and of a desktop, in light and dark colours. Automatic "
     "tests find only a part of all problems."},
    {"What is not accessible",
     "The interactive map is drawn by WebGL and says its areas only one at a time; the table below "
     "it has all of them."},
    {"If something does not work for you",
     "Tell the partnership that runs this site. Every figure can also be downloaded as CSV, as a "
     "workbook, and as a tagged PDF."},
};

static tf_status handle_accessibility(void *context, const tf_request *request,
                                      tf_response *response, tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_page_begin(&visit, &(tf_page_head){.title = "Accessibility"});
    tf_page_title(&visit, NULL, "Accessibility");
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        tf_page_heading(&visit, NULL, statements[i].heading);
        tf_page_paragraph(&visit, statements[i].text);
    }
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

const tf_route tf_route_accessibility = {
    .method = "GET",
    .path = "/accessibility",
    .title = "Accessibility",
    .help = "What this site does for people who cannot see, hear, point or read easily.",
    .handle = handle_accessibility,
};

/* ---- styles and scripts ---- */

static tf_status handle_asset(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    (void)context;
    tf_text name = tf_form_value(&request->form, "file")->text;
    const tf_asset *asset = tf_asset_find(name);
    if (!asset) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no file of this name");
    }
    response->content_type = asset->content_type;
    response->caching = asset->is_versioned ? TF_CACHE_FOREVER : TF_CACHE_REVALIDATE;
    response->fixed_body = asset->bytes;
    response->fixed_gzip = asset->gzip;
    response->fixed_brotli = asset->brotli;
    return TF_OK;
}

static const tf_field asset_fields[] = {
    {.name = "file", .label = "File", .help = "A style or a script.", .is_required = true},
};

const tf_route tf_route_asset = {
    .method = "GET",
    .is_for_all = true,
    .path = "/assets/{file}",
    .title = "A style or a script",
    .help = "The files that pages are dressed with.",
    .fields = asset_fields,
    .field_count = 1,
    .handle = handle_asset,
};

/* How the figures are made: docs/methods.md, which the build turned into markup. */
#include "page_internal.h"
#include "routes_internal.h"

#include "web/site/assets.h"

static tf_status handle_methods(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_page_begin(&visit, &(tf_page_head){.title = "Methods", .section = "/methods"});
    tf_html_markup(&visit.html, (tf_markup){tf_asset_named("methods.html")->bytes});
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

const tf_route tf_route_methods = {
    .method = "GET",
    .path = "/methods",
    .title = "Methods",
    .help = "How each figure is worked out, and where the formula comes from.",
    .handle = handle_methods,
};

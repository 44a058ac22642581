#include "routes_internal.h"
#include "web/pages/pages.h"

static const tf_route *const routes[] = {
    &tf_route_overview, &tf_route_profile,      &tf_route_profile_pdf,   &tf_route_areas,
    &tf_route_area,     &tf_route_compare,      &tf_route_sources,       &tf_route_batch,
    &tf_route_import,   &tf_route_import_start, &tf_route_import_job,    &tf_route_import_progress,
    &tf_route_methods,  &tf_route_api,          &tf_route_accessibility, &tf_route_asset,
};

const tf_routes tf_pages_routes = {routes, sizeof routes / sizeof *routes};

/* The routes of this folder, one or more of each file, gathered in routes.c. */
#ifndef WEB_PAGES_ROUTES_INTERNAL_H
#define WEB_PAGES_ROUTES_INTERNAL_H

#include "selection_internal.h"

extern const tf_route tf_route_overview;
extern const tf_route tf_route_profile;
extern const tf_route tf_route_profile_pdf;
extern const tf_route tf_route_areas;
extern const tf_route tf_route_area;
extern const tf_route tf_route_compare;
extern const tf_route tf_route_sources;
extern const tf_route tf_route_batch;
extern const tf_route tf_route_import;
extern const tf_route tf_route_import_start;
extern const tf_route tf_route_import_job;
extern const tf_route tf_route_import_progress;
extern const tf_route tf_route_methods;
extern const tf_route tf_route_api;
extern const tf_route tf_route_accessibility;
extern const tf_route tf_route_asset;

#endif

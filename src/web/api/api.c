#include "web/api/api.h"

#include "call_internal.h"

static const tf_api_operation *const operations[] = {
    &tf_api_profile, &tf_api_comparison, &tf_api_series,  &tf_api_types,   &tf_api_areas,
    &tf_api_area,    &tf_api_boundaries, &tf_api_sources, &tf_api_batches, &tf_api_batch,
    &tf_api_rejects, &tf_api_document,   &tf_api_health,
};

enum { OPERATION_COUNT = sizeof operations / sizeof *operations };

static const tf_route *const routes[OPERATION_COUNT] = {
    &tf_api_profile.route,    &tf_api_comparison.route, &tf_api_series.route,
    &tf_api_types.route,      &tf_api_areas.route,      &tf_api_area.route,
    &tf_api_boundaries.route, &tf_api_sources.route,    &tf_api_batches.route,
    &tf_api_batch.route,      &tf_api_rejects.route,    &tf_api_document.route,
    &tf_api_health.route,
};

const tf_routes tf_api_routes = {routes, OPERATION_COUNT};

size_t tf_api_operation_count(void) {
    return OPERATION_COUNT;
}

const tf_api_operation *tf_api_operation_at(size_t index) {
    return operations[index];
}

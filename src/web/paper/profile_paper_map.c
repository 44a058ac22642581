/* The map of a profile on paper. */
#include "profile_paper_internal.h"
#include "web/chart/profile_map.h"

/* Finer detail of a county is not seen on a page. */
static const double tolerance_m = 40;

static tf_status put_shapes(tf_paper *paper, const tf_boundaries *boundaries) {
    tf_map_shapes *shapes = NULL;
    tf_chart chart;
    tf_status status = tf_map_shapes_make(boundaries, &shapes, paper->error);
    if (!status) {
        status =
            tf_profile_map_chart(paper->arena, paper->profile, shapes, NULL, &chart, paper->error);
    }
    if (!status) {
        tf_paper_put_chart(paper, &chart, 0.8);
    }
    tf_map_shapes_free(shapes);
    return status;
}

void tf_paper_put_map(tf_paper *paper) {
    if (!paper->data || paper->status) {
        return;
    }
    const tf_boundaries_request request = {.within = paper->profile->area_code,
                                           .layer = TF_LAYER_SMALL_AREA,
                                           .tolerance_m = tolerance_m};
    tf_boundaries *boundaries = NULL;
    tf_status status = tf_boundaries_make(paper->data, &request, &boundaries, paper->error);
    if (!status && boundaries->outline_count > 1) { /* one area is no map */
        status = put_shapes(paper, boundaries);
    }
    if (status != TF_NOT_FOUND) { /* no outlines were imported; a note says so */
        paper->status = status;
    }
    tf_boundaries_free(boundaries);
}

#include "web/site/site.h"

/* Finer detail of a county is not seen in a drawing of that width. */
static const double tolerance_m = 40;

static void forget(struct tf_kept_map *map) {
    tf_map_shapes_free(map->shapes);
    tf_free(map->area_code);
    *map = (struct tf_kept_map){0};
}

void tf_desk_forget_maps(tf_desk *desk) {
    for (size_t i = 0; i < TF_KEPT_MAPS; i++) {
        forget(&desk->maps[i]);
    }
}

static tf_status draw(tf_desk *desk, const char *area_code, tf_map_shapes **shapes_out,
                      tf_error *error) {
    tf_boundaries_request request = {
        .within = area_code, .layer = TF_LAYER_SMALL_AREA, .tolerance_m = tolerance_m};
    tf_boundaries *boundaries = NULL;
    *shapes_out = NULL;
    tf_status status = tf_boundaries_make(desk->data, &request, &boundaries, error);
    if (!status && boundaries->outline_count > 0) {
        status = tf_map_shapes_make(boundaries, shapes_out, error);
    }
    /* The shapes have names of their own. */
    tf_boundaries_free(boundaries);
    return status;
}

/* Its place among those kept; the last place if it is not, or not of this version. */
static size_t find(const tf_desk *desk, const char *area_code, int64_t version) {
    for (size_t i = 0; i < TF_KEPT_MAPS; i++) {
        const struct tf_kept_map *map = &desk->maps[i];
        if (map->area_code && strcmp(map->area_code, area_code) == 0) {
            return map->version == version ? i : TF_KEPT_MAPS - 1;
        }
    }
    return TF_KEPT_MAPS - 1;
}

tf_status tf_desk_map(tf_desk *desk, const char *area_code, const tf_map_shapes **shapes_out,
                      tf_error *error) {
    int64_t version = 0;
    *shapes_out = NULL;
    tf_status status = tf_crime_data_version(desk->data, &version, error);
    if (status) {
        return status;
    }
    size_t place = find(desk, area_code, version);
    struct tf_kept_map found = desk->maps[place];
    bool is_kept =
        found.area_code && strcmp(found.area_code, area_code) == 0 && found.version == version;
    if (!is_kept) {
        forget(&desk->maps[place]);
        found = (struct tf_kept_map){.version = version};
        status = draw(desk, area_code, &found.shapes, error);
        found.area_code = status ? NULL : tf_copy_text(area_code, strlen(area_code));
        if (!found.area_code) {
            tf_map_shapes_free(found.shapes);
            return status ? status : tf_fail_no_memory(error);
        }
    }
    memmove(desk->maps + 1, desk->maps, place * sizeof *desk->maps);
    desk->maps[0] = found;
    *shapes_out = found.shapes;
    return TF_OK;
}

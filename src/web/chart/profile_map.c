#include "web/chart/profile_map.h"

#include "insight/profile_words.h"
#include "trefoil/stats/classes.h"

#include <math.h>
#include <stdlib.h>

static int compare_codes(const void *left, const void *right) {
    return strcmp((*(const tf_profile_area *const *)left)->code,
                  (*(const tf_profile_area *const *)right)->code);
}

/* The areas in order of code; NULL when out of memory. */
static const tf_profile_area **sort_areas(tf_arena *arena, const tf_profile *profile) {
    const tf_profile_area **sorted =
        tf_arena_alloc(arena, profile->area_count, sizeof(tf_profile_area *));
    for (size_t i = 0; sorted && i < profile->area_count; i++) {
        sorted[i] = &profile->areas[i];
    }
    if (sorted) {
        qsort(sorted, profile->area_count, sizeof(tf_profile_area *), compare_codes);
    }
    return sorted;
}

static const tf_profile_area *find_area(const tf_profile_area *const *sorted, size_t count,
                                        const char *code) {
    const tf_profile_area wanted = {.code = code}, *key = &wanted;
    const tf_profile_area *const *found =
        count ? bsearch(&key, sorted, count, sizeof(tf_profile_area *), compare_codes) : NULL;
    return found ? *found : NULL;
}

static tf_status make_classes(tf_arena *arena, const tf_profile *profile, tf_classes *classes_out,
                              tf_error *error) {
    double *counts = tf_arena_alloc(arena, profile->area_count, sizeof *counts);
    if (!counts) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < profile->area_count; i++) {
        counts[i] = profile->areas[i].count > 0 ? (double)profile->areas[i].count : NAN;
    }
    return tf_classes_quantile(counts, profile->area_count, TF_MAP_CLASSES, classes_out, error);
}

/* "1 to 9": counts are whole numbers and not 0, limits need not be. */
static const char *class_in_words(tf_arena *arena, const tf_classes *classes, size_t number) {
    long long lower = (long long)fmax(1, ceil(classes->limits[number]));
    double end = classes->limits[number + 1];
    bool is_last = number + 1 == classes->count;
    long long upper = is_last ? (long long)floor(end) : (long long)ceil(end) - 1;
    return upper > lower ? tf_arena_format(arena, "%lld to %lld", lower, upper)
                         : tf_arena_format(arena, "%lld", lower);
}

static bool fill_rings(tf_arena *arena, const tf_map_shape *from, tf_chart_shape *to) {
    tf_chart_ring *rings = tf_arena_alloc(arena, from->ring_count, sizeof *rings);
    for (size_t r = 0; rings && r < from->ring_count; r++) {
        const tf_map_ring *ring = &from->rings[r];
        double *points = tf_arena_alloc(arena, ring->point_count, 2 * sizeof *points);
        if (!points) {
            return false;
        }
        for (size_t p = 0; p < ring->point_count; p++) {
            points[2 * p] = (double)ring->points[p].x;
            points[2 * p + 1] = (double)ring->points[p].y;
        }
        rings[r] = (tf_chart_ring){points, ring->point_count};
    }
    to->rings = rings;
    to->ring_count = from->ring_count;
    return rings != NULL;
}

/* What is known of an area goes into its shape. */
static bool fill_shape(tf_arena *arena, const tf_profile_area *area, const tf_classes *classes,
                       const tf_profile_links *links, tf_chart_shape *shape) {
    if (!area) {
        shape->text = "No offences known";
        return true;
    }
    char count[TF_COUNT_TEXT_SIZE];
    shape->text = tf_arena_format(arena, "%s offence%s", tf_words_count(area->count, count),
                                  area->count == 1 ? "" : "s");
    shape->class_number = area->count > 0 ? tf_classes_find(classes, (double)area->count) + 1 : 0;
    shape->remark = area->is_hot ? "a hot spot" : NULL;
    shape->href = links ? links->area(links->context, arena, area) : NULL;
    return shape->text != NULL;
}

static const char *title_of(tf_arena *arena, const tf_profile *profile) {
    tf_buffer text;
    tf_buffer_init(&text);
    tf_buffer_format(&text, "%s by small area, %s, ", profile->group_title, profile->area_name);
    tf_words_period(profile->from, profile->to, &text);
    const char *title = text.failed ? NULL : tf_arena_copy_text(arena, text.data, text.length);
    tf_buffer_deinit(&text);
    return title;
}

tf_status tf_profile_map_chart(tf_arena *arena, const tf_profile *profile,
                               const tf_map_shapes *shapes, const tf_profile_links *links,
                               tf_chart *chart_out, tf_error *error) {
    tf_classes classes;
    tf_status status = make_classes(arena, profile, &classes, error);
    if (status) {
        return status;
    }
    const tf_profile_area **sorted = sort_areas(arena, profile);
    tf_chart_shape *drawn = tf_arena_alloc(arena, shapes->shape_count, sizeof *drawn);
    const char *title = title_of(arena, profile);
    if (!sorted || !drawn || !title) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < shapes->shape_count; i++) {
        const tf_map_shape *from = &shapes->shapes[i];
        drawn[i] = (tf_chart_shape){.code = from->code, .name = from->name};
        if (!fill_rings(arena, from, &drawn[i]) ||
            !fill_shape(arena, find_area(sorted, profile->area_count, from->code), &classes, links,
                        &drawn[i])) {
            return tf_fail_no_memory(error);
        }
    }
    *chart_out = (tf_chart){
        .kind = TF_CHART_MAP,
        .title = title,
        .note = "Colours are by number of offences, not by rate: few people live in town centres.",
        .empty = "There are no small areas to show.",
        .of.map = {.width = shapes->width,
                   .height = shapes->height,
                   .shapes = drawn,
                   .count = shapes->shape_count,
                   .none = "None",
                   .unit = {"Offences", "offence", "offences", 0},
                   .heading = "Small area"}};
    for (size_t i = 0; i < classes.count; i++) {
        chart_out->of.map.classes[i] = class_in_words(arena, &classes, i);
        if (!chart_out->of.map.classes[i]) {
            return tf_fail_no_memory(error);
        }
    }
    return TF_OK;
}

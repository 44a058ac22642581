#include "boundaries_internal.h"

#include "insight/profile_words.h"
#include "trefoil/stats/classes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int compare_codes(const void *left, const void *right) {
    const tf_comparison_area *const *a = left;
    const tf_comparison_area *const *b = right;
    return strcmp((*a)->code, (*b)->code);
}

static const tf_comparison_area *find_area(const tf_comparison_area *const *by_code, size_t count,
                                           const char *code) {
    const tf_comparison_area key = {.code = code};
    const tf_comparison_area *wanted = &key;
    const tf_comparison_area *const *found =
        count ? bsearch(&wanted, by_code, count, sizeof *by_code, compare_codes) : NULL;
    return found ? *found : NULL;
}

/* What its class is of; NaN for no offences, and for a rate that is not known. */
static double value_of(const tf_comparison_area *area, bool is_rate) {
    if (area->count == 0) {
        return NAN;
    }
    if (!is_rate) {
        return (double)area->count;
    }
    return area->rate_per_1000.is_known ? area->rate_per_1000.interval.value : NAN;
}

/* "1,734 offences, 12.3 per 1,000 people; 2 months are missing" */
static void put_text(tf_json *json, const tf_comparison_area *area) {
    char count[TF_COUNT_TEXT_SIZE];
    char text[160] = "not known: no file of its force was imported";
    if (area) {
        int used = snprintf(text, sizeof text, "%s %s", tf_words_count(area->count, count),
                            area->count == 1 ? "offence" : "offences");
        if (area->rate_per_1000.is_known) {
            used += snprintf(text + used, sizeof text - (size_t)used, ", %.1f per 1,000 people",
                             area->rate_per_1000.interval.value);
        }
        if (area->missing_months) {
            snprintf(text + used, sizeof text - (size_t)used, "; %d %s missing",
                     area->missing_months, area->missing_months == 1 ? "month is" : "months are");
        }
    }
    tf_json_put_string(json, "text", text);
}

static void put_feature(tf_json *json, const tf_boundary *boundary, const tf_comparison_area *area,
                        const tf_classes *classes, bool is_rate) {
    int class = area ? tf_classes_find(classes, value_of(area, is_rate)) : -1;
    tf_json_open_object(json);
    tf_json_put_string(json, "type", "Feature");
    tf_json_put_string(json, "id", boundary->code);
    tf_json_key(json, "properties");
    tf_json_open_object(json);
    tf_json_put_string(json, "code", boundary->code);
    tf_json_put_string(json, "name", boundary->name);
    tf_json_key(json, "count");
    if (area) {
        tf_json_int(json, area->count);
    } else {
        tf_json_null(json);
    }
    tf_json_put_double(json, "rate_per_1000",
                       area && area->rate_per_1000.is_known ? area->rate_per_1000.interval.value
                                                            : NAN);
    tf_json_key(json, "class");
    if (class >= 0) {
        tf_json_int(json, class + 1);
    } else {
        tf_json_null(json);
    }
    put_text(json, area);
    tf_json_close_object(json);
    tf_boundaries_write_geometry(boundary, json);
    tf_json_close_object(json);
}

static void put_head(tf_json *json, const tf_boundaries *boundaries, const tf_classes *classes,
                     bool is_rate) {
    tf_json_put_string(json, "type", "FeatureCollection");
    if (boundaries->outline_count) {
        const double box[] = {boundaries->box.low.x, boundaries->box.low.y, boundaries->box.high.x,
                              boundaries->box.high.y};
        tf_json_key(json, "bbox");
        tf_json_open_array(json);
        for (size_t i = 0; i < sizeof box / sizeof *box; i++) {
            tf_json_double(json, box[i]);
        }
        tf_json_close_array(json);
    }
    tf_json_put_string(json, "values", is_rate ? "rate" : "count");
    tf_json_key(json, "classes");
    tf_json_open_array(json);
    for (size_t i = 0; i < classes->count; i++) {
        tf_json_open_object(json);
        tf_json_put_int(json, "class", (int64_t)i + 1);
        tf_json_put_double(json, "from", classes->limits[i]);
        tf_json_put_double(json, "to", classes->limits[i + 1]);
        tf_json_put_int(json, "areas", (int64_t)classes->sizes[i]);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

tf_status tf_choropleth_write(const tf_boundaries *boundaries, const tf_comparison *comparison,
                              bool is_rate, tf_json *json, tf_error *error) {
    size_t count = comparison->area_count;
    const tf_comparison_area **by_code = tf_alloc(count, sizeof(tf_comparison_area *));
    double *values = tf_alloc(count, sizeof *values);
    tf_classes classes;
    tf_status status = by_code && values ? TF_OK : tf_fail_no_memory(error);
    if (!status) {
        for (size_t i = 0; i < count; i++) {
            by_code[i] = &comparison->areas[i];
            values[i] = value_of(&comparison->areas[i], is_rate);
        }
        qsort(by_code, count, sizeof *by_code, compare_codes);
        status = tf_classes_quantile(values, count, TF_CHOROPLETH_CLASSES, &classes, error);
    }
    if (!status) {
        tf_json_open_object(json);
        put_head(json, boundaries, &classes, is_rate);
        tf_json_key(json, "features");
        tf_json_open_array(json);
        for (size_t i = 0; i < boundaries->area_count; i++) {
            const tf_boundary *boundary = &boundaries->areas[i];
            put_feature(json, boundary, find_area(by_code, count, boundary->code), &classes,
                        is_rate);
        }
        tf_json_close_array(json);
        tf_json_close_object(json);
    }
    tf_free(by_code);
    tf_free(values);
    return status;
}

#include "comparison_internal.h"

#include "call_internal.h"
#include "insight/profile_json.h"

#include <math.h>

static void put_rate(tf_json *json, const tf_profile_figure *rate) {
    tf_json_key(json, "rate_per_1000");
    if (rate->is_known) {
        tf_json_open_object(json);
        tf_json_put_double(json, "value", rate->interval.value);
        tf_json_put_double(json, "lower", rate->interval.lower);
        tf_json_put_double(json, "upper", rate->interval.upper);
        tf_json_close_object(json);
    } else {
        tf_json_null(json);
    }
    tf_json_put_string(json, "rate_note", rate->note);
}

static void put_limits(tf_json *json, const char *key, const tf_funnel_limits *limits) {
    tf_json_key(json, key);
    if (isnan(limits->lower_95)) {
        tf_json_null(json);
        return;
    }
    tf_json_open_object(json);
    tf_json_put_double(json, "lower_998", limits->lower_998);
    tf_json_put_double(json, "lower_95", limits->lower_95);
    tf_json_put_double(json, "upper_95", limits->upper_95);
    tf_json_put_double(json, "upper_998", limits->upper_998);
    tf_json_close_object(json);
}

static void put_head(tf_json *json, const tf_comparison *comparison) {
    tf_json_put_string(json, "layer", tf_layer_name(comparison->layer));
    tf_json_key(json, "within");
    if (comparison->within_code) {
        tf_json_open_object(json);
        tf_json_put_string(json, "code", comparison->within_code);
        tf_json_put_string(json, "name", comparison->within_name);
        tf_json_close_object(json);
    } else {
        tf_json_null(json);
    }
    tf_api_put_period(json, comparison->from, comparison->to);
    tf_json_put_string(json, "group", comparison->group);
    tf_json_put_string(json, "group_title", comparison->group_title);
    tf_json_put_double(json, "overall_rate_per_1000", comparison->overall_rate_per_1000);
    tf_json_key(json, "dispersion");
    tf_json_open_object(json);
    tf_json_put_double(json, "phi", comparison->dispersion.phi);
    tf_json_put_double(json, "bound", comparison->dispersion.bound);
    tf_api_put_bool(json, "clear", comparison->dispersion.is_clear);
    tf_json_close_object(json);
    tf_json_put_int(json, "above_count", (int64_t)comparison->above_count);
    tf_json_put_int(json, "below_count", (int64_t)comparison->below_count);
}

static void put_areas(tf_json *json, const tf_comparison *comparison) {
    tf_json_key(json, "areas");
    tf_json_open_array(json);
    for (size_t i = 0; i < comparison->area_count; i++) {
        const tf_comparison_area *area = &comparison->areas[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "code", area->code);
        tf_json_put_string(json, "name", area->name);
        tf_json_put_int(json, "count", area->count);
        tf_json_put_int(json, "missing_months", area->missing_months);
        tf_json_put_double(json, "population", area->population);
        tf_json_key(json, "population_year");
        if (isnan(area->population)) {
            tf_json_null(json);
        } else {
            tf_json_int(json, area->population_year);
        }
        put_rate(json, &area->rate_per_1000);
        tf_json_put_double(json, "expected", area->expected);
        put_limits(json, "limits", &area->limits);
        put_limits(json, "wide_limits", &area->wide_limits);
        tf_json_put_string(json, "position", tf_funnel_position_name(area->position));
        tf_json_put_string(json, "wide_position", tf_funnel_position_name(area->wide_position));
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void put_rest(tf_json *json, const tf_comparison *comparison) {
    tf_json_key(json, "funnel");
    tf_json_open_array(json);
    for (size_t i = 0; i < comparison->curve_count; i++) {
        tf_json_open_object(json);
        tf_json_put_double(json, "population", comparison->curve[i].population);
        put_limits(json, "limits", &comparison->curve[i].limits);
        put_limits(json, "wide_limits", &comparison->curve[i].wide_limits);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    tf_profile_json_put_origin(json, comparison->sources, comparison->source_count,
                               comparison->notes, comparison->note_count);
}

void tf_comparison_json_write(const tf_comparison *comparison, tf_json *json) {
    tf_json_open_object(json);
    put_head(json, comparison);
    put_areas(json, comparison);
    put_rest(json, comparison);
    tf_json_close_object(json);
}

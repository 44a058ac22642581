#include "insight/profile_json.h"

#include "insight/profile_words.h"
#include "trefoil/stats/rate.h"

#include <math.h>

static void put_bool(tf_json *json, const char *key, bool value) {
    tf_json_key(json, key);
    tf_json_bool(json, value);
}

static void put_month(tf_json *json, const char *key, tf_month month) {
    char text[TF_MONTH_TEXT_SIZE];
    tf_json_put_string(json, key, tf_month_format(month, text));
}

/* {value, lower, upper} and, where it is given, the method; null for what is not known. */
static void put_figure(tf_json *json, const char *key, const tf_profile_figure *figure,
                       const char *method) {
    tf_json_key(json, key);
    if (!figure->is_known) {
        tf_json_null(json);
        return;
    }
    tf_json_open_object(json);
    tf_json_put_double(json, "value", figure->interval.value);
    tf_json_put_double(json, "lower", figure->interval.lower);
    tf_json_put_double(json, "upper", figure->interval.upper);
    if (method) {
        tf_json_put_string(json, "method", method);
    }
    tf_json_close_object(json);
}

static void put_shares(tf_json *json, const char *key, const char *name_key,
                       const tf_profile_share *shares, size_t count) {
    tf_json_key(json, key);
    tf_json_open_array(json);
    for (size_t i = 0; i < count; i++) {
        tf_json_open_object(json);
        tf_json_put_string(json, name_key, shares[i].name);
        tf_json_put_int(json, "count", shares[i].count);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void put_head(tf_json *json, const tf_profile *profile) {
    tf_json_key(json, "area");
    tf_json_open_object(json);
    tf_json_put_string(json, "code", profile->area_code);
    tf_json_put_string(json, "name", profile->area_name);
    tf_json_put_string(json, "layer", profile->layer);
    tf_json_close_object(json);
    tf_json_key(json, "period");
    tf_json_open_object(json);
    put_month(json, "from", profile->from);
    put_month(json, "to", profile->to);
    tf_json_close_object(json);
    tf_json_put_string(json, "group", profile->group);
    tf_json_put_string(json, "group_title", profile->group_title);
}

static void put_headline(tf_json *json, const tf_profile *profile) {
    tf_json_put_int(json, "count", profile->count);
    tf_json_put_double(json, "population", profile->population);
    tf_json_key(json, "population_year");
    if (isnan(profile->population)) {
        tf_json_null(json);
    } else {
        tf_json_int(json, profile->population_year);
    }
    put_figure(json, "rate_per_1000", &profile->rate_per_1000,
               profile->count < TF_RATE_BYAR_FROM ? "exact Poisson, 95%" : "Byar, 95%");
    tf_json_put_string(json, "rate_note", profile->rate_per_1000.note);

    const tf_profile_change *change = &profile->change;
    tf_json_key(json, "previous_year");
    tf_json_open_object(json);
    put_month(json, "from", change->from - 12);
    put_month(json, "to", change->to - 12);
    tf_json_put_int(json, "count", change->previous_count);
    tf_json_key(json, "compared_with");
    tf_json_open_object(json);
    put_month(json, "from", change->from);
    put_month(json, "to", change->to);
    tf_json_put_int(json, "count", change->count);
    tf_json_close_object(json);
    put_figure(json, "rate_ratio", &change->rate_ratio, NULL);
    tf_json_put_string(json, "note", change->rate_ratio.note);
    tf_json_close_object(json);
}

static void put_series(tf_json *json, const tf_profile *profile) {
    tf_json_key(json, "months");
    tf_json_open_array(json);
    for (size_t i = 0; i < profile->month_count; i++) {
        const tf_profile_month *month = &profile->months[i];
        tf_json_open_object(json);
        put_month(json, "month", month->month);
        tf_json_key(json, "count");
        if (month->is_missing) {
            tf_json_null(json);
        } else {
            tf_json_int(json, month->count);
        }
        put_bool(json, "missing", month->is_missing);
        tf_json_put_double(json, "centre", month->centre);
        tf_json_put_double(json, "lower", month->lower);
        tf_json_put_double(json, "upper", month->upper);
        tf_json_put_string(json, "signal", tf_words_signal_name(month->signal));
        tf_json_close_object(json);
    }
    tf_json_close_array(json);

    tf_json_key(json, "alerts");
    tf_json_open_array(json);
    for (size_t i = 0; i < profile->alert_count; i++) {
        const tf_profile_alert *alert = &profile->alerts[i];
        tf_json_open_object(json);
        put_month(json, "month", alert->month);
        tf_json_put_string(json, "method", alert->method);
        tf_json_put_int(json, "count", alert->count);
        tf_json_put_double(json, "threshold", alert->threshold);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void put_areas(tf_json *json, const tf_profile *profile) {
    tf_json_key(json, "areas");
    tf_json_open_array(json);
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "code", area->code);
        tf_json_put_string(json, "name", area->name);
        tf_json_put_int(json, "count", area->count);
        tf_json_put_int(json, "recent_count", area->recent_count);
        tf_json_put_int(json, "previous_count", area->previous_count);
        tf_json_put_double(json, "gi_star_z", area->gi_star_z);
        tf_json_put_double(json, "p", area->p);
        tf_json_put_double(json, "q", area->q);
        put_bool(json, "hot", area->is_hot);
        put_figure(json, "rate_ratio", &area->change, NULL);
        tf_json_put_double(json, "rate_ratio_p", area->change_p);
        put_bool(json, "changed", area->is_changed);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    tf_json_put_string(json, "areas_note", profile->areas_note);

    tf_json_key(json, "no_location");
    tf_json_open_object(json);
    tf_json_put_int(json, "count", profile->no_location_count);
    tf_json_put_double(json, "share", profile->no_location_share);
    tf_json_close_object(json);
}

static void put_outcomes(tf_json *json, const tf_profile *profile) {
    const tf_profile_outcomes *outcomes = &profile->outcomes;
    put_shares(json, "outcomes", "outcome", outcomes->outcomes, outcomes->outcome_count);
    put_shares(json, "outcome_groups", "group", outcomes->groups, outcomes->group_count);
    tf_json_key(json, "outcome_join");
    tf_json_open_object(json);
    tf_json_put_int(json, "cases", outcomes->case_count);
    tf_json_put_int(json, "joined", outcomes->joined);
    tf_json_put_int(json, "from_street_file", outcomes->from_street_file);
    tf_json_put_int(json, "without_id", outcomes->without_id);
    tf_json_put_int(json, "without_outcome", outcomes->without_outcome);
    tf_json_put_int(json, "several_outcomes", outcomes->several_outcomes);
    tf_json_close_object(json);
}

static void put_searches(tf_json *json, const tf_profile *profile) {
    const tf_profile_searches *searches = &profile->searches;
    tf_json_key(json, "searches");
    if (searches->is_known) {
        tf_json_open_object(json);
        tf_json_put_int(json, "count", searches->count);
        tf_json_put_int(json, "for_drugs", searches->for_drugs);
        tf_json_put_int(json, "without_location", searches->without_location);
        put_figure(json, "found_rate", &searches->found_rate, NULL);
        put_shares(json, "outcomes", "outcome", searches->outcomes, searches->outcome_count);
        tf_json_close_object(json);
    } else {
        tf_json_null(json);
    }
    tf_json_put_string(json, "searches_note", searches->note);
}

void tf_profile_json_put_origin(tf_json *json, const tf_profile_source *sources,
                                size_t source_count, const char *const *notes, size_t note_count) {
    tf_json_key(json, "sources");
    tf_json_open_array(json);
    for (size_t i = 0; i < source_count; i++) {
        tf_json_open_object(json);
        tf_json_put_string(json, "feed", sources[i].feed);
        tf_json_put_string(json, "file", sources[i].file);
        tf_json_put_string(json, "sha256", sources[i].sha256);
        tf_json_put_int(json, "rows", sources[i].rows);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    tf_json_key(json, "notes");
    tf_json_open_array(json);
    for (size_t i = 0; i < note_count; i++) {
        tf_json_string(json, notes[i]);
    }
    tf_json_close_array(json);
}

static void put_rest(tf_json *json, const tf_profile *profile) {
    tf_json_key(json, "harm");
    tf_json_open_object(json);
    tf_json_put_string(json, "index", profile->harm_index);
    tf_json_put_double(json, "total", profile->harm_total);
    tf_json_put_int(json, "unweighted", profile->harm_unweighted);
    tf_json_close_object(json);
    tf_profile_json_put_origin(json, profile->sources, profile->source_count, profile->notes,
                               profile->note_count);
}

void tf_profile_json_write(const tf_profile *profile, tf_json *json) {
    tf_json_open_object(json);
    put_head(json, profile);
    put_headline(json, profile);
    put_series(json, profile);
    put_areas(json, profile);
    put_outcomes(json, profile);
    put_searches(json, profile);
    put_rest(json, profile);
    tf_json_close_object(json);
}

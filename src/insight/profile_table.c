#include "insight/profile_table.h"

#include "insight/profile_words.h"
#include "trefoil/table/builder.h"

#include <math.h>
#include <stdio.h>

enum { FIGURE, AREA_CODE, AREA_NAME, MONTH, CATEGORY, VALUE, LOWER, UPPER, FIELD_COUNT };

static const tf_builder_field fields[FIELD_COUNT] = {
    [FIGURE] = {"figure", TF_TYPE_DICTIONARY, 0},
    [AREA_CODE] = {"area_code", TF_TYPE_DICTIONARY, 0},
    [AREA_NAME] = {"area_name", TF_TYPE_DICTIONARY, 0},
    [MONTH] = {"month", TF_TYPE_DATE, 0},
    [CATEGORY] = {"category", TF_TYPE_DICTIONARY, 0},
    [VALUE] = {"value", TF_TYPE_FLOAT64, 0},
    [LOWER] = {"lower", TF_TYPE_FLOAT64, 0},
    [UPPER] = {"upper", TF_TYPE_FLOAT64, 0},
};

enum { NO_MONTH = INT32_MIN };

/* The table under construction, and the area that its rows are about. */
typedef struct row_writer {
    tf_builder *builder;
    const char *area_code;
    const char *area_name;
} row_writer;

static void append_text(row_writer *rows, size_t field, const char *text) {
    if (text) {
        tf_builder_append_text(rows->builder, field, tf_text_of(text));
    } else {
        tf_builder_append_null(rows->builder, field);
    }
}

static void append_number(row_writer *rows, size_t field, double value) {
    if (isfinite(value)) {
        tf_builder_append_double(rows->builder, field, value);
    } else {
        tf_builder_append_null(rows->builder, field);
    }
}

static void add(row_writer *rows, const char *figure, tf_month month, const char *category,
                tf_interval interval) {
    append_text(rows, FIGURE, figure);
    append_text(rows, AREA_CODE, rows->area_code);
    append_text(rows, AREA_NAME, rows->area_name);
    if (month == NO_MONTH) {
        tf_builder_append_null(rows->builder, MONTH);
    } else {
        tf_builder_append_int(rows->builder, MONTH, tf_month_first_day(month));
    }
    append_text(rows, CATEGORY, category);
    append_number(rows, VALUE, interval.value);
    append_number(rows, LOWER, interval.lower);
    append_number(rows, UPPER, interval.upper);
}

static void add_value(row_writer *rows, const char *figure, const char *category, double value) {
    add(rows, figure, NO_MONTH, category, (tf_interval){value, NAN, NAN});
}

static void add_figure(row_writer *rows, const char *figure, const char *category,
                       const tf_profile_figure *value) {
    if (value->is_known) {
        add(rows, figure, NO_MONTH, category, value->interval);
    } else {
        add_value(rows, figure, value->note, NAN);
    }
}

static void add_shares(row_writer *rows, const char *figure, const tf_profile_share *shares,
                       size_t count) {
    for (size_t i = 0; i < count; i++) {
        add_value(rows, figure, shares[i].name, (double)shares[i].count);
    }
}

static void add_headline(row_writer *rows, const tf_profile *profile) {
    const tf_interval none = {NAN, NAN, NAN};
    add(rows, "period_from", profile->from, NULL, none);
    add(rows, "period_to", profile->to, NULL, none);
    add_value(rows, "count", profile->group, (double)profile->count);
    char text[2 * TF_MONTH_TEXT_SIZE];
    snprintf(text, sizeof text, "%d", profile->population_year);
    bool has_population = isfinite(profile->population);
    add_value(rows, "population", has_population ? text : profile->rate_per_1000.note,
              profile->population);
    add_figure(rows, "rate_per_1000", NULL, &profile->rate_per_1000);

    const tf_profile_change *change = &profile->change;
    char from[TF_MONTH_TEXT_SIZE], to[TF_MONTH_TEXT_SIZE];
    snprintf(text, sizeof text, "%s/%s", tf_month_format(change->from, from),
             tf_month_format(change->to, to));
    add_value(rows, "change_count", text, (double)change->count);
    add_figure(rows, "change_rate_ratio", text, &change->rate_ratio);
    snprintf(text, sizeof text, "%s/%s", tf_month_format(change->from - 12, from),
             tf_month_format(change->to - 12, to));
    add_value(rows, "change_previous_count", text, (double)change->previous_count);
}

static void add_series(row_writer *rows, const tf_profile *profile) {
    for (size_t i = 0; i < profile->month_count; i++) {
        const tf_profile_month *month = &profile->months[i];
        double count = month->is_missing ? NAN : (double)month->count;
        add(rows, "month_count", month->month, month->is_missing ? "no file was imported" : NULL,
            (tf_interval){count, NAN, NAN});
        if (isfinite(month->centre)) {
            add(rows, "month_chart", month->month, NULL,
                (tf_interval){month->centre, month->lower, month->upper});
        }
        if (month->signal != TF_SIGNAL_NONE) {
            add(rows, "month_signal", month->month, tf_words_signal_name(month->signal),
                (tf_interval){1, NAN, NAN});
        }
    }
    for (size_t i = 0; i < profile->alert_count; i++) {
        const tf_profile_alert *alert = &profile->alerts[i];
        add(rows, "alert_count", alert->month, alert->method,
            (tf_interval){(double)alert->count, NAN, NAN});
        add(rows, "alert_threshold", alert->month, alert->method,
            (tf_interval){alert->threshold, NAN, NAN});
    }
}

static void add_areas(row_writer *rows, const tf_profile *profile) {
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        rows->area_code = area->code;
        rows->area_name = area->name;
        add_value(rows, "area_count", NULL, (double)area->count);
        add_value(rows, "area_recent_count", NULL, (double)area->recent_count);
        add_value(rows, "area_previous_count", NULL, (double)area->previous_count);
        bool has_statistic = isfinite(area->gi_star_z);
        const char *why_not = has_statistic ? NULL : profile->areas_note;
        add_value(rows, "area_gi_star_z", why_not, area->gi_star_z);
        add_value(rows, "area_p", why_not, area->p);
        add_value(rows, "area_q", why_not, area->q);
        add_value(rows, "area_hot", why_not, has_statistic ? area->is_hot : NAN);
        add_figure(rows, "area_rate_ratio", NULL, &area->change);
        add_value(rows, "area_rate_ratio_p", NULL, area->change_p);
        add_value(rows, "area_changed", NULL, isfinite(area->change_p) ? area->is_changed : NAN);
    }
    rows->area_code = profile->area_code;
    rows->area_name = profile->area_name;
}

static void add_cases(row_writer *rows, const tf_profile *profile) {
    add_value(rows, "no_location_count", NULL, (double)profile->no_location_count);
    add_value(rows, "no_location_share", NULL, profile->no_location_share);
    const tf_profile_outcomes *outcomes = &profile->outcomes;
    add_shares(rows, "outcome", outcomes->outcomes, outcomes->outcome_count);
    add_shares(rows, "outcome_group", outcomes->groups, outcomes->group_count);
    const tf_profile_share join[] = {
        {"cases", outcomes->case_count},
        {"joined", outcomes->joined},
        {"from_street_file", outcomes->from_street_file},
        {"without_id", outcomes->without_id},
        {"without_outcome", outcomes->without_outcome},
        {"several_outcomes", outcomes->several_outcomes},
    };
    add_shares(rows, "outcome_join", join, sizeof join / sizeof *join);

    const tf_profile_searches *searches = &profile->searches;
    if (searches->is_known) {
        add_value(rows, "search_count", NULL, (double)searches->count);
        add_value(rows, "search_for_drugs", NULL, (double)searches->for_drugs);
        add_value(rows, "search_without_location", NULL, (double)searches->without_location);
        add_figure(rows, "search_found_share", NULL, &searches->found_rate);
        add_shares(rows, "search_outcome", searches->outcomes, searches->outcome_count);
    } else {
        add_value(rows, "search_count", searches->note, NAN);
    }
    add_value(rows, "harm_total", profile->harm_index, profile->harm_total);
    add_value(rows, "harm_unweighted", NULL, (double)profile->harm_unweighted);
}

/* Errors: TF_NO_MEMORY. */
static tf_status add_provenance(row_writer *rows, const tf_profile *profile, tf_error *error) {
    tf_buffer category;
    tf_buffer_init(&category);
    for (size_t i = 0; i < profile->source_count; i++) {
        const tf_profile_source *source = &profile->sources[i];
        category.length = 0;
        tf_buffer_format(&category, "%s sha256:%s", source->file, source->sha256);
        add_value(rows, "source_rows", category.data, (double)source->rows);
    }
    for (size_t i = 0; i < profile->note_count; i++) {
        add_value(rows, "note", profile->notes[i], NAN);
    }
    tf_status status = tf_buffer_check(&category, error);
    tf_buffer_deinit(&category);
    return status;
}

tf_status tf_profile_table_make(const tf_profile *profile, tf_table **table_out, tf_error *error) {
    row_writer rows = {.area_code = profile->area_code, .area_name = profile->area_name};
    rows.builder = tf_builder_new(fields, FIELD_COUNT, error);
    if (!rows.builder) {
        return TF_NO_MEMORY;
    }
    add_headline(&rows, profile);
    add_series(&rows, profile);
    add_areas(&rows, profile);
    add_cases(&rows, profile);
    tf_status status = add_provenance(&rows, profile, error);
    if (!status) {
        status = tf_builder_finish(rows.builder, table_out, error);
    }
    tf_builder_free(rows.builder);
    return status;
}

#include "figures_internal.h"

static const tf_figure_column area_columns[] = {
    {"area_code", TF_TYPE_TEXT, TF_SHEET_PLAIN, "code of the area"},
    {"area_name", TF_TYPE_TEXT, TF_SHEET_PLAIN, "its name"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "offences recorded in the period"},
    {"missing_months", TF_TYPE_INT32, TF_SHEET_PLAIN, "months of the period without a file"},
    {"population", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "people who live there"},
    {"population_year", TF_TYPE_INT32, TF_SHEET_YEAR, "year of that estimate"},
    {"rate_per_1000", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "offences per 1,000 people"},
    {"rate_lower", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "lower limit of its 95% interval"},
    {"rate_upper", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "upper limit of its 95% interval"},
    {"expected", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "offences at the rate of all areas together"},
    {"lower_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "99.8% control limit, per 1,000"},
    {"lower_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "95% control limit, per 1,000"},
    {"upper_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "95% control limit, per 1,000"},
    {"upper_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "99.8% control limit, per 1,000"},
    {"position", TF_TYPE_DICTIONARY, TF_SHEET_PLAIN, "where it lies in the funnel"},
    {"wide_lower_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
    {"wide_lower_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
    {"wide_upper_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
    {"wide_upper_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
    {"wide_position", TF_TYPE_DICTIONARY, TF_SHEET_PLAIN, "where it lies in the wide funnel"},
};

static const tf_figure_column funnel_columns[] = {
    {"population", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "people in an area"},
    {"overall_rate", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "of all areas together, per 1,000"},
    {"lower_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "99.8% control limit, per 1,000"},
    {"lower_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "95% control limit, per 1,000"},
    {"upper_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "95% control limit, per 1,000"},
    {"upper_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "99.8% control limit, per 1,000"},
    {"wide_lower_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
    {"wide_lower_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
    {"wide_upper_95", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
    {"wide_upper_998", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "with the areas' dispersion allowed for"},
};

static void put_limits(tf_figure_rows *rows, const tf_funnel_limits *limits) {
    tf_figure_put_number(rows, limits->lower_998);
    tf_figure_put_number(rows, limits->lower_95);
    tf_figure_put_number(rows, limits->upper_95);
    tf_figure_put_number(rows, limits->upper_998);
}

static void put_rate(tf_figure_rows *rows, const tf_profile_figure *rate) {
    if (!rate->is_known) {
        tf_figure_put_null(rows);
        tf_figure_put_null(rows);
        tf_figure_put_null(rows);
        return;
    }
    tf_figure_put_number(rows, rate->interval.value);
    tf_figure_put_number(rows, rate->interval.lower);
    tf_figure_put_number(rows, rate->interval.upper);
}

static void fill_areas(tf_figure_rows *rows, const void *subject) {
    const tf_comparison *comparison = subject;
    for (size_t i = 0; i < comparison->area_count; i++) {
        const tf_comparison_area *area = &comparison->areas[i];
        bool has_rate = area->rate_per_1000.is_known;
        tf_figure_put_text(rows, area->code);
        tf_figure_put_text(rows, area->name);
        tf_figure_put_count(rows, area->count);
        tf_figure_put_count(rows, area->missing_months);
        tf_figure_put_number(rows, area->population);
        if (area->population > 0) {
            tf_figure_put_count(rows, area->population_year);
        } else {
            tf_figure_put_null(rows);
        }
        put_rate(rows, &area->rate_per_1000);
        tf_figure_put_number(rows, area->expected);
        put_limits(rows, &area->limits);
        tf_figure_put_text(rows, has_rate ? tf_funnel_position_name(area->position) : NULL);
        put_limits(rows, &area->wide_limits);
        tf_figure_put_text(rows, has_rate ? tf_funnel_position_name(area->wide_position) : NULL);
    }
}

static void fill_funnel(tf_figure_rows *rows, const void *subject) {
    const tf_comparison *comparison = subject;
    for (size_t i = 0; i < comparison->curve_count; i++) {
        const tf_comparison_curve *point = &comparison->curve[i];
        tf_figure_put_number(rows, point->population);
        tf_figure_put_number(rows, comparison->overall_rate_per_1000);
        put_limits(rows, &point->limits);
        put_limits(rows, &point->wide_limits);
    }
}

static void fill_sources(tf_figure_rows *rows, const void *subject) {
    const tf_comparison *comparison = subject;
    tf_figure_fill_sources(rows, comparison->sources, comparison->source_count);
}

static void fill_notes(tf_figure_rows *rows, const void *subject) {
    const tf_comparison *comparison = subject;
    tf_figure_fill_notes(rows, comparison->notes, comparison->note_count);
}

static const tf_figure_maker makers[] = {
    {{"areas", "Areas", true, TF_FIGURE_COLUMNS(area_columns)}, fill_areas},
    {{"funnel", "Funnel limits", false, TF_FIGURE_COLUMNS(funnel_columns)}, fill_funnel},
    {{"sources", "Sources", false, TF_FIGURE_COLUMNS(tf_figure_source_columns)}, fill_sources},
    {{"notes", "Notes", false, TF_FIGURE_COLUMNS(tf_figure_note_columns)}, fill_notes},
};
enum { MAKER_COUNT = sizeof makers / sizeof *makers };

size_t tf_comparison_figure_count(void) {
    return MAKER_COUNT;
}

const tf_figure_kind *tf_comparison_figure_kind(size_t index) {
    return &makers[index].kind;
}

const tf_figure_kind *tf_comparison_figure_find(const char *name) {
    return tf_figure_maker_find(makers, MAKER_COUNT, name);
}

tf_status tf_comparison_figure_table(const tf_comparison *comparison, const char *name,
                                     tf_table **table_out, tf_error *error) {
    return tf_figure_make(makers, MAKER_COUNT, name, comparison, table_out, error);
}

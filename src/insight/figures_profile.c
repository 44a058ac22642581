#include "figures_internal.h"

#include "insight/profile_words.h"

#include <math.h>

/* ---- key figures ---- */

static const tf_figure_column key_columns[] = {
    {"figure", TF_TYPE_TEXT, TF_SHEET_PLAIN, "which figure"},
    {"value", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "its value"},
    {"lower", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "lower limit of its 95% interval"},
    {"upper", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "upper limit of its 95% interval"},
    {"note", TF_TYPE_TEXT, TF_SHEET_PLAIN, "how it was made, or why it is not known"},
};

static void put_key(tf_figure_rows *rows, const char *name, tf_interval interval,
                    const char *note) {
    tf_figure_put_text(rows, name);
    tf_figure_put_number(rows, interval.value);
    tf_figure_put_number(rows, interval.lower);
    tf_figure_put_number(rows, interval.upper);
    tf_figure_put_text(rows, note);
}

static void put_key_value(tf_figure_rows *rows, const char *name, double value, const char *note) {
    put_key(rows, name, (tf_interval){value, NAN, NAN}, note);
}

static void put_key_figure(tf_figure_rows *rows, const char *name,
                           const tf_profile_figure *figure) {
    static const tf_interval unknown = {NAN, NAN, NAN};
    put_key(rows, name, figure->is_known ? figure->interval : unknown, figure->note);
}

static void fill_key_figures(tf_figure_rows *rows, const void *subject) {
    const tf_profile *profile = subject;
    const tf_profile_searches *searches = &profile->searches;
    double searched = searches->is_known ? (double)searches->count : NAN;
    double for_drugs = searches->is_known ? (double)searches->for_drugs : NAN;
    put_key_value(rows, "count", (double)profile->count, NULL);
    put_key_value(rows, "population", profile->population, profile->rate_per_1000.note);
    put_key_value(rows, "population_year",
                  isnan(profile->population) ? (double)NAN : (double)profile->population_year,
                  NULL);
    put_key_figure(rows, "rate_per_1000", &profile->rate_per_1000);
    put_key_value(rows, "recent_count", (double)profile->change.count, NULL);
    put_key_value(rows, "previous_count", (double)profile->change.previous_count, NULL);
    put_key_figure(rows, "rate_ratio", &profile->change.rate_ratio);
    put_key_value(rows, "no_location_count", (double)profile->no_location_count, NULL);
    put_key_value(rows, "no_location_share", profile->no_location_share, NULL);
    put_key_value(rows, "search_count", searched, searches->note);
    put_key_value(rows, "search_for_drugs", for_drugs, NULL);
    put_key_figure(rows, "search_found_share", &searches->found_rate);
    put_key_value(rows, "harm_total", profile->harm_total, profile->harm_index);
    put_key_value(rows, "harm_unweighted", (double)profile->harm_unweighted, NULL);
}

/* ---- months ---- */

static const tf_figure_column trend_columns[] = {
    {"month", TF_TYPE_DATE, TF_SHEET_MONTH, "the month, as its first day"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "offences recorded; empty if there is no file"},
    {"is_missing", TF_TYPE_BOOL, TF_SHEET_PLAIN, "whether no file of the month was imported"},
    {"centre", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "mean of the control chart"},
    {"lower_limit", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "its lower limit"},
    {"upper_limit", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "its upper limit"},
    {"signal", TF_TYPE_DICTIONARY, TF_SHEET_PLAIN, "why the month is more than noise"},
};

static void fill_trend(tf_figure_rows *rows, const void *subject) {
    const tf_profile *profile = subject;
    for (size_t i = 0; i < profile->month_count; i++) {
        const tf_profile_month *month = &profile->months[i];
        tf_figure_put_month(rows, month->month);
        if (month->is_missing) {
            tf_figure_put_null(rows);
        } else {
            tf_figure_put_count(rows, month->count);
        }
        tf_figure_put_bool(rows, month->is_missing);
        tf_figure_put_number(rows, month->centre);
        tf_figure_put_number(rows, month->lower);
        tf_figure_put_number(rows, month->upper);
        tf_figure_put_text(rows, tf_words_signal_name(month->signal));
    }
}

static const tf_figure_column alert_columns[] = {
    {"month", TF_TYPE_DATE, TF_SHEET_MONTH, "the month, as its first day"},
    {"method", TF_TYPE_DICTIONARY, TF_SHEET_PLAIN, "EARS C1, C2 or C3"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "offences recorded"},
    {"threshold", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "the number that was exceeded"},
};

static void fill_alerts(tf_figure_rows *rows, const void *subject) {
    const tf_profile *profile = subject;
    for (size_t i = 0; i < profile->alert_count; i++) {
        tf_figure_put_month(rows, profile->alerts[i].month);
        tf_figure_put_text(rows, profile->alerts[i].method);
        tf_figure_put_count(rows, profile->alerts[i].count);
        tf_figure_put_number(rows, profile->alerts[i].threshold);
    }
}

/* ---- small areas ---- */

static const tf_figure_column area_columns[] = {
    {"area_code", TF_TYPE_TEXT, TF_SHEET_PLAIN, "code of the small area"},
    {"area_name", TF_TYPE_TEXT, TF_SHEET_PLAIN, "its name"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "offences recorded in the period"},
    {"gi_star_z", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "Gi* as a standard score"},
    {"p", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "its upper tail"},
    {"q", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "p adjusted for many areas"},
    {"is_hot", TF_TYPE_BOOL, TF_SHEET_PLAIN, "whether q is at most 5%"},
};

static void fill_areas(tf_figure_rows *rows, const void *subject) {
    const tf_profile *profile = subject;
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        tf_figure_put_text(rows, area->code);
        tf_figure_put_text(rows, area->name);
        tf_figure_put_count(rows, area->count);
        tf_figure_put_number(rows, area->gi_star_z);
        tf_figure_put_number(rows, area->p);
        tf_figure_put_number(rows, area->q);
        if (isnan(area->q)) {
            tf_figure_put_null(rows);
        } else {
            tf_figure_put_bool(rows, area->is_hot);
        }
    }
}

static const tf_figure_column change_columns[] = {
    {"area_code", TF_TYPE_TEXT, TF_SHEET_PLAIN, "code of the small area"},
    {"area_name", TF_TYPE_TEXT, TF_SHEET_PLAIN, "its name"},
    {"recent_count", TF_TYPE_INT64, TF_SHEET_PLAIN, "offences in the last months of the period"},
    {"previous_count", TF_TYPE_INT64, TF_SHEET_PLAIN, "offences in the same months a year before"},
    {"rate_ratio", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "how many times as many"},
    {"rate_ratio_lower", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "lower limit of its 95% interval"},
    {"rate_ratio_upper", TF_TYPE_FLOAT64, TF_SHEET_DECIMAL, "upper limit of its 95% interval"},
    {"p", TF_TYPE_FLOAT64, TF_SHEET_PLAIN, "exact test of no change, two-sided"},
    {"is_changed", TF_TYPE_BOOL, TF_SHEET_PLAIN, "whether it changed beyond chance"},
};

static void fill_change(tf_figure_rows *rows, const void *subject) {
    static const tf_interval unknown = {NAN, NAN, NAN};
    const tf_profile *profile = subject;
    for (size_t i = 0; i < profile->area_count; i++) {
        const tf_profile_area *area = &profile->areas[i];
        const tf_interval *ratio = area->change.is_known ? &area->change.interval : &unknown;
        tf_figure_put_text(rows, area->code);
        tf_figure_put_text(rows, area->name);
        tf_figure_put_count(rows, area->recent_count);
        tf_figure_put_count(rows, area->previous_count);
        tf_figure_put_number(rows, ratio->value);
        tf_figure_put_number(rows, ratio->lower);
        tf_figure_put_number(rows, ratio->upper);
        tf_figure_put_number(rows, area->change_p);
        if (isnan(area->change_p)) {
            tf_figure_put_null(rows);
        } else {
            tf_figure_put_bool(rows, area->is_changed);
        }
    }
}

/* ---- cases and searches ---- */

static const tf_figure_column outcome_columns[] = {
    {"outcome", TF_TYPE_TEXT, TF_SHEET_PLAIN, "what became of the cases"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "cases"},
    {"share", TF_TYPE_FLOAT64, TF_SHEET_PERCENT, "of the cases with an outcome"},
};

static const tf_figure_column group_columns[] = {
    {"outcome_group", TF_TYPE_TEXT, TF_SHEET_PLAIN, "what became of the cases"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "cases"},
    {"share", TF_TYPE_FLOAT64, TF_SHEET_PERCENT, "of the cases with an outcome"},
};

static const tf_figure_column join_columns[] = {
    {"cases", TF_TYPE_TEXT, TF_SHEET_PLAIN, "which cases"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "how many"},
};

static const tf_figure_column search_columns[] = {
    {"outcome", TF_TYPE_TEXT, TF_SHEET_PLAIN, "what became of the searches for drugs"},
    {"count", TF_TYPE_INT64, TF_SHEET_PLAIN, "searches"},
    {"share", TF_TYPE_FLOAT64, TF_SHEET_PERCENT, "of the searches for drugs"},
};

static void fill_shares(tf_figure_rows *rows, const tf_profile_share *shares, size_t count) {
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += shares[i].count;
    }
    for (size_t i = 0; i < count; i++) {
        tf_figure_put_text(rows, shares[i].name);
        tf_figure_put_count(rows, shares[i].count);
        tf_figure_put_number(rows, (double)shares[i].count / (double)total);
    }
}

static void fill_outcomes(tf_figure_rows *rows, const void *subject) {
    const tf_profile_outcomes *outcomes = &((const tf_profile *)subject)->outcomes;
    fill_shares(rows, outcomes->outcomes, outcomes->outcome_count);
}

static void fill_groups(tf_figure_rows *rows, const void *subject) {
    const tf_profile_outcomes *outcomes = &((const tf_profile *)subject)->outcomes;
    fill_shares(rows, outcomes->groups, outcomes->group_count);
}

static void fill_join(tf_figure_rows *rows, const void *subject) {
    const tf_profile_outcomes *outcomes = &((const tf_profile *)subject)->outcomes;
    const tf_profile_share counts[] = {
        {"all", outcomes->case_count},
        {"joined to an outcome by their ID", outcomes->joined},
        {"with the outcome in the street file", outcomes->from_street_file},
        {"without an ID", outcomes->without_id},
        {"without an outcome", outcomes->without_outcome},
        {"with more than one outcome", outcomes->several_outcomes},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        tf_figure_put_text(rows, counts[i].name);
        tf_figure_put_count(rows, counts[i].count);
    }
}

static void fill_searches(tf_figure_rows *rows, const void *subject) {
    const tf_profile_searches *searches = &((const tf_profile *)subject)->searches;
    fill_shares(rows, searches->outcomes, searches->outcome_count);
}

static void fill_sources(tf_figure_rows *rows, const void *subject) {
    const tf_profile *profile = subject;
    tf_figure_fill_sources(rows, profile->sources, profile->source_count);
}

static void fill_notes(tf_figure_rows *rows, const void *subject) {
    const tf_profile *profile = subject;
    tf_figure_fill_notes(rows, profile->notes, profile->note_count);
}

/* ---- the list ---- */

static const tf_figure_maker makers[] = {
    {{"key-figures", "Key figures", false, TF_FIGURE_COLUMNS(key_columns)}, fill_key_figures},
    {{"trend", "Months", false, TF_FIGURE_COLUMNS(trend_columns)}, fill_trend},
    {{"alerts", "Alerts", false, TF_FIGURE_COLUMNS(alert_columns)}, fill_alerts},
    {{"small-areas", "Small areas", true, TF_FIGURE_COLUMNS(area_columns)}, fill_areas},
    {{"change", "Change by small area", true, TF_FIGURE_COLUMNS(change_columns)}, fill_change},
    {{"outcomes", "Outcomes", false, TF_FIGURE_COLUMNS(outcome_columns)}, fill_outcomes},
    {{"outcome-groups", "Groups of outcomes", false, TF_FIGURE_COLUMNS(group_columns)},
     fill_groups},
    {{"outcome-join", "Cases and outcomes", false, TF_FIGURE_COLUMNS(join_columns)}, fill_join},
    {{"searches", "Searches for drugs", false, TF_FIGURE_COLUMNS(search_columns)}, fill_searches},
    {{"sources", "Sources", false, TF_FIGURE_COLUMNS(tf_figure_source_columns)}, fill_sources},
    {{"notes", "Notes", false, TF_FIGURE_COLUMNS(tf_figure_note_columns)}, fill_notes},
};
enum { MAKER_COUNT = sizeof makers / sizeof *makers };

size_t tf_profile_figure_count(void) {
    return MAKER_COUNT;
}

const tf_figure_kind *tf_profile_figure_kind(size_t index) {
    return &makers[index].kind;
}

const tf_figure_kind *tf_profile_figure_find(const char *name) {
    return tf_figure_maker_find(makers, MAKER_COUNT, name);
}

tf_status tf_profile_figure_table(const tf_profile *profile, const char *name, tf_table **table_out,
                                  tf_error *error) {
    return tf_figure_make(makers, MAKER_COUNT, name, profile, table_out, error);
}

/* The small areas of a profile on paper. */
#include "insight/profile_words.h"
#include "profile_paper_internal.h"
#include "web/chart/profile_charts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    AREAS_SHOWN = 12,
    DOTS_SHOWN = 16,
    DOTS_MOST = 32,
    RATIO_SIZE = 32,
    INTERVAL_SIZE = 80,
    STANDING_SIZE = 64
};

static void put_interval(const tf_profile_figure *change, char text[INTERVAL_SIZE]) {
    const tf_interval *ratio = &change->interval;
    if (!change->is_known || isnan(ratio->value)) {
        snprintf(text, INTERVAL_SIZE, "\u2013");
    } else if (isinf(ratio->upper)) {
        snprintf(text, INTERVAL_SIZE, "%.2f or more", ratio->lower);
    } else {
        snprintf(text, INTERVAL_SIZE, "%.2f to %.2f", ratio->lower, ratio->upper);
    }
}

static const char *ratio_of(const tf_profile_area *area, char text[RATIO_SIZE]) {
    if (!area->change.is_known || isnan(area->change.interval.value)) {
        return "\u2013";
    }
    if (isinf(area->change.interval.value)) {
        return "from none";
    }
    snprintf(text, RATIO_SIZE, "%.2f", area->change.interval.value);
    return text;
}

static const char *standing_of(const tf_profile_area *area, char text[STANDING_SIZE]) {
    int direction = tf_words_direction(&area->change);
    const char *change = !area->is_changed ? "" : direction > 0 ? "risen" : "fallen";
    snprintf(text, STANDING_SIZE, "%s%s%s", area->is_hot ? "hot spot" : "",
             area->is_hot && *change ? ", " : "", change);
    return text;
}

/* ---- tables ---- */

/* Where the period is no longer than the months compared, their count is the count. */
static bool has_recent(const tf_profile *profile) {
    return profile->change.from != profile->from;
}

static void begin_table(tf_paper *paper, const char *title, bool has_codes) {
    const tf_profile_change *change = &paper->profile->change;
    tf_pdf_column columns[TF_PDF_MOST_COLUMNS];
    size_t count = 0;
    int months = change->to - change->from + 1;
    columns[count++] = (tf_pdf_column){"Area", 30, false};
    if (has_codes) {
        columns[count++] = (tf_pdf_column){"Code", 15, false};
    }
    columns[count++] = (tf_pdf_column){"Offences", 12, true};
    if (has_recent(paper->profile)) {
        columns[count++] =
            (tf_pdf_column){tf_paper_format(paper, "Last %d months", months), 12, true};
    }
    columns[count++] = (tf_pdf_column){"Year before", 12, true};
    columns[count++] = (tf_pdf_column){"Ratio", 12, true};
    columns[count++] = (tf_pdf_column){"95% interval", 19, true};
    columns[count++] = (tf_pdf_column){"Beyond chance", 18, false};
    tf_pdf_table(paper->pdf, title, columns, count, 0);
}

static void put_row(tf_paper *paper, const tf_profile_area *area, bool has_codes) {
    char counts[3][TF_COUNT_TEXT_SIZE], ratio[RATIO_SIZE], interval[INTERVAL_SIZE];
    char standing[STANDING_SIZE];
    const char *cells[TF_PDF_MOST_COLUMNS];
    size_t count = 0;
    cells[count++] = area->name;
    if (has_codes) {
        cells[count++] = area->code;
    }
    cells[count++] = tf_words_count(area->count, counts[0]);
    if (has_recent(paper->profile)) {
        cells[count++] = tf_words_count(area->recent_count, counts[1]);
    }
    cells[count++] =
        area->change.is_known ? tf_words_count(area->previous_count, counts[2]) : "\u2013";
    cells[count++] = ratio_of(area, ratio);
    put_interval(&area->change, interval);
    cells[count++] = interval;
    cells[count++] = standing_of(area, standing);
    tf_pdf_row(paper->pdf, cells, -1);
}

/* The areas that no table has shown yet, if they stand out. */
static void put_standing_out(tf_paper *paper, size_t shown) {
    const tf_profile *profile = paper->profile;
    bool is_first = true;
    for (size_t i = shown; i < profile->area_count; i++) {
        if (profile->areas[i].is_changed || profile->areas[i].is_hot) {
            if (is_first) {
                begin_table(paper, "Others that stand out beyond chance", false);
                is_first = false;
            }
            put_row(paper, &profile->areas[i], false);
        }
    }
}

/* Those that changed beyond chance before all others, most clearly first; then as they were. */
static int compare_clearness(const void *a, const void *b) {
    const tf_profile_area *left = a, *right = b;
    if (left->is_changed != right->is_changed) {
        return left->is_changed ? -1 : 1;
    }
    if (left->is_changed &&
        (left->change_p < right->change_p || left->change_p > right->change_p)) {
        return left->change_p < right->change_p ? -1 : 1;
    }
    if (left->count != right->count) {
        return left->count > right->count ? -1 : 1;
    }
    return strcmp(left->code, right->code);
}

/* The chart has every area that changed; on paper no more than a page holds. */
static void put_changes_chart(tf_paper *paper, size_t changed) {
    tf_profile some = *paper->profile;
    if (changed > DOTS_MOST) {
        tf_profile_area *areas = tf_arena_alloc(paper->arena, some.area_count, sizeof *areas);
        if (!areas) {
            paper->status = tf_fail_no_memory(paper->error);
            return;
        }
        memcpy(areas, some.areas, some.area_count * sizeof *areas);
        qsort(areas, some.area_count, sizeof *areas, compare_clearness);
        some.areas = areas;
        some.area_count = DOTS_MOST;
    }
    tf_chart chart;
    tf_status status =
        tf_profile_changes_chart(paper->arena, &some, DOTS_SHOWN, NULL, &chart, paper->error);
    if (status) {
        paper->status = status;
        return;
    }
    if (changed > DOTS_MOST) {
        chart.note = tf_paper_format(paper,
                                     "The %d of %zu areas that changed beyond chance whose "
                                     "change is clearest.",
                                     DOTS_MOST, changed);
    }
    tf_paper_put_chart(paper, &chart, 1);
}

static void say_areas(tf_paper *paper, size_t with_some, size_t hot, size_t changed) {
    const tf_profile *profile = paper->profile;
    tf_buffer *words = &paper->words;
    if (with_some < profile->area_count) {
        tf_buffer_format(words, "%zu of %zu small areas had at least one offence.", with_some,
                         profile->area_count);
    } else {
        tf_buffer_format(words, "All %zu small areas had at least one offence.", with_some);
    }
    if (!profile->areas_note && hot > 0) {
        tf_buffer_format(words, hot == 1 ? " %zu is a hot spot." : " %zu are hot spots.", hot);
    } else if (!profile->areas_note) {
        tf_buffer_append_text(words, " None is a hot spot.");
    }
    if (profile->change.rate_ratio.is_known && changed > 0) {
        tf_buffer_format(words, " %zu changed on the year before, beyond chance.", changed);
    } else if (profile->change.rate_ratio.is_known) {
        tf_buffer_append_text(words, " None changed on the year before, beyond chance.");
    }
}

void tf_paper_put_areas(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    size_t hot = 0, changed = 0, with_some = 0;
    tf_pdf_heading(paper->pdf, "Small areas");
    for (size_t i = 0; i < profile->area_count; i++) {
        hot += profile->areas[i].is_hot;
        changed += profile->areas[i].is_changed;
        with_some += profile->areas[i].count > 0;
    }
    if (profile->area_count == 0) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, "No offence names a small area.");
    } else {
        say_areas(paper, with_some, hot, changed);
        tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, tf_paper_take_words(paper));
    }
    if (profile->areas_note) {
        tf_pdf_paragraph(paper->pdf, TF_PDF_BODY, profile->areas_note);
    }
    size_t shown = with_some < AREAS_SHOWN ? with_some : AREAS_SHOWN;
    if (shown > 0) {
        tf_paper_put_map(paper);
        begin_table(paper,
                    shown < with_some
                        ? tf_paper_format(paper, "The %zu with the most offences", shown)
                        : "Those with offences",
                    false);
    }
    for (size_t i = 0; i < shown; i++) {
        put_row(paper, &profile->areas[i], false);
    }
    if (profile->area_count > 0 && !paper->status) {
        put_changes_chart(paper, changed);
        put_standing_out(paper, shown);
    }
}

void tf_paper_put_all_areas(tf_paper *paper) {
    const tf_profile *profile = paper->profile;
    if (profile->area_count == 0) {
        return;
    }
    tf_pdf_page_break(paper->pdf);
    tf_pdf_heading(paper->pdf, "All small areas");
    begin_table(paper, NULL, true);
    for (size_t i = 0; i < profile->area_count; i++) {
        put_row(paper, &profile->areas[i], true);
    }
}

/* What each agreement is worth: match weights, and the m and u that they come from. */
#include "web/paper/linkage_report_internal.h"

#include "web/chart/chart.h"
#include "web/paper/linkage_words.h"

#include <math.h>

enum { ROWS_OF_CHART = 32, CELLS = 3 }; /* as many as fit on a sheet of paper */

typedef enum level_chart { WEIGHTS, PROBABILITIES } level_chart;

/* The levels of all comparisons as bars of a chart, and where each comparison's start. */
typedef struct level_bars {
    level_chart kind;
    tf_waterfall_step *steps;
    size_t starts[TF_LINK_MAX_COMPARISONS + 1];
    double lowest;
    double highest;
} level_bars;

static size_t count_levels(const tf_link_model *model) {
    size_t count = 0;
    for (int c = 0; c < model->comparison_count; c++) {
        count += (size_t)model->comparisons[c].level_count;
    }
    return count;
}

static const char *level_words(tf_linkage_paper *paper, const tf_link_comparison *comparison,
                               int level) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_level(comparison, level, &out);
    return tf_linkage_take(paper, &out);
}

static void fill_step(tf_linkage_paper *paper, const tf_link_comparison *comparison, int l,
                      level_chart kind, tf_waterfall_step *step, const char **cells) {
    const tf_link_level *level = &comparison->levels[l];
    bool is_weights = kind == WEIGHTS;
    cells[0] = tf_linkage_chance(paper, level->m);
    cells[1] = tf_linkage_chance(paper, level->u);
    cells[2] = level->tf_column ? "yes" : "no";
    *step = (tf_waterfall_step){
        .group = comparison->name,
        .name = level_words(paper, comparison, l),
        .value = is_weights ? tf_link_level_weight(level) : 100 * level->m,
        .opposite = is_weights ? 0 : 100 * level->u,
        .cells = is_weights ? cells : NULL,
    };
}

static bool make_bars(tf_linkage_paper *paper, level_chart kind, level_bars *bars) {
    const tf_link_model *model = paper->report->model;
    size_t count = count_levels(model), at = 0;
    *bars = (level_bars){.kind = kind, .steps = tf_linkage_room(paper, count, sizeof *bars->steps)};
    const char **cells = tf_linkage_room(paper, CELLS * count, sizeof *cells);
    if (!bars->steps || !cells) {
        return false;
    }
    for (int c = 0; c < model->comparison_count; c++) {
        bars->starts[c] = at;
        for (int l = 0; l < model->comparisons[c].level_count; l++) {
            if (!model->comparisons[c].levels[l].is_null) {
                tf_waterfall_step *step = &bars->steps[at];
                fill_step(paper, &model->comparisons[c], l, kind, step, cells + CELLS * at++);
                bars->lowest = fmin(bars->lowest, fmin(step->value, -step->opposite));
                bars->highest = fmax(bars->highest, step->value);
            }
        }
    }
    bars->starts[model->comparison_count] = at;
    return true;
}

static void describe_chart(const level_bars *bars, tf_chart *chart) {
    static const char *const columns[CELLS] = {"m: among matches", "u: among other pairs",
                                               "Weighed by how common"};
    tf_waterfall *of = &chart->of.waterfall;
    if (bars->kind == WEIGHTS) {
        chart->note = "log2(m / u): one more doubles the odds that two records are one person, one "
                      "less halves them.";
        of->columns = columns;
        of->column_count = CELLS;
        of->unit = (tf_chart_unit){.name = "Match weight", .decimals = 2};
        of->higher = "For one person";
        of->lower = "Against";
    } else {
        chart->note = "To the right m, among records of one person; to the left u, among records "
                      "of different people. Evidence is where they differ.";
        of->unit = (tf_chart_unit){.name = "m, per cent of matches", .decimals = 1};
        of->opposite = "u, per cent of other pairs";
        of->higher = "m, of matches";
        of->lower = "u, of other pairs";
    }
}

/* The comparisons from `first` up to `end`. */
static void write_chart(tf_linkage_paper *paper, const level_bars *bars, int first, int end) {
    const tf_link_model *model = paper->report->model;
    const char *title = bars->kind == WEIGHTS ? "Match weight of each agreement"
                                              : "How often each agreement is seen: m and u";
    if (end - first < model->comparison_count) {
        title = tf_linkage_say(paper, "%s (%s%s%s)", title, model->comparisons[first].name,
                               end - first > 1 ? " to " : "",
                               end - first > 1 ? model->comparisons[end - 1].name : "");
    }
    tf_chart chart = {.kind = TF_CHART_WATERFALL,
                      .id = tf_linkage_say(
                          paper, "%s-%d",
                          bars->kind == WEIGHTS ? "weight-chart" : "probability-chart", first + 1),
                      .title = title,
                      .of.waterfall = {.steps = bars->steps + bars->starts[first],
                                       .count = bars->starts[end] - bars->starts[first],
                                       .is_from_zero = true,
                                       .lowest = bars->lowest,
                                       .highest = bars->highest,
                                       .heading = "Agreement",
                                       .group_heading = "Comparison",
                                       .mark = NAN}};
    describe_chart(bars, &chart);
    tf_chart_write(paper->html, &chart);
}

/* As many charts as it takes, all on one scale, each short enough for a sheet. */
static void write_charts(tf_linkage_paper *paper, level_chart kind) {
    level_bars bars;
    if (!make_bars(paper, kind, &bars)) {
        return;
    }
    int count = paper->report->model->comparison_count;
    for (int first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count &&
               bars.starts[end + 1] - bars.starts[first] + (size_t)(end + 1 - first) <=
                   ROWS_OF_CHART) {
            end++;
        }
        write_chart(paper, &bars, first, end);
    }
}

tf_status tf_linkage_write_weights(tf_linkage_paper *paper) {
    double prior = paper->report->model->prior;
    tf_linkage_paragraph(
        paper, tf_linkage_say(paper,
                              "Two records drawn at random are one person with a probability of "
                              "%s: a match weight of %s, from which every pair starts. What its "
                              "comparisons are worth is added; a value that is missing is no "
                              "evidence and adds nothing.",
                              tf_linkage_chance(paper, prior),
                              tf_linkage_weight(paper, tf_link_weight_of_probability(prior))));
    write_charts(paper, WEIGHTS);
    write_charts(paper, PROBABILITIES);
    return TF_OK;
}

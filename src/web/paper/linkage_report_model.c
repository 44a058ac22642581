/* What each agreement is worth, and how the model came to it. */
#include "web/paper/linkage_report_internal.h"

#include "web/chart/chart.h"
#include "web/paper/linkage_words.h"

#include <math.h>

/* ---- match weights, m and u ---- */

static size_t count_levels(const tf_link_model *model) {
    size_t count = 0;
    for (int c = 0; c < model->comparison_count; c++) {
        for (int l = 0; l < model->comparisons[c].level_count; l++) {
            count += !model->comparisons[c].levels[l].is_null;
        }
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

typedef enum level_chart { WEIGHTS, PROBABILITIES } level_chart;

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

static bool fill_steps(tf_linkage_paper *paper, level_chart kind, tf_chart *chart) {
    static const char *const columns[] = {"m: among matches", "u: among other pairs",
                                          "Weighed by how common"};
    const tf_link_model *model = paper->report->model;
    size_t count = count_levels(model), at = 0;
    tf_waterfall_step *steps = tf_linkage_room(paper, count, sizeof *steps);
    const char **cells = tf_linkage_room(paper, 3 * count, sizeof *cells);
    if (!steps || !cells) {
        return false;
    }
    for (int c = 0; c < model->comparison_count; c++) {
        for (int l = 0; l < model->comparisons[c].level_count; l++) {
            if (!model->comparisons[c].levels[l].is_null) {
                fill_step(paper, &model->comparisons[c], l, kind, &steps[at], cells + 3 * at);
                at++;
            }
        }
    }
    chart->of.waterfall = (tf_waterfall){.steps = steps,
                                         .count = count,
                                         .is_from_zero = true,
                                         .heading = "Agreement",
                                         .group_heading = "Comparison",
                                         .mark = NAN};
    if (kind == WEIGHTS) {
        chart->of.waterfall.columns = columns;
        chart->of.waterfall.column_count = 3;
    }
    return true;
}

static void write_weight_chart(tf_linkage_paper *paper) {
    tf_chart chart = {.kind = TF_CHART_WATERFALL,
                      .id = "weight-chart",
                      .title = "Match weight of each agreement",
                      .note = "log2(m / u): one more doubles the odds that two records are one "
                              "person, one less halves them."};
    if (fill_steps(paper, WEIGHTS, &chart)) {
        chart.of.waterfall.unit = (tf_chart_unit){.name = "Match weight", .decimals = 2};
        chart.of.waterfall.higher = "For one person";
        chart.of.waterfall.lower = "Against";
        tf_chart_write(paper->html, &chart);
    }
}

static void write_probability_chart(tf_linkage_paper *paper) {
    tf_chart chart = {.kind = TF_CHART_WATERFALL,
                      .id = "probability-chart",
                      .title = "How often each agreement is seen: m and u",
                      .note = "To the right m, among records of one person; to the left u, among "
                              "records of different people. Evidence is where they differ."};
    if (fill_steps(paper, PROBABILITIES, &chart)) {
        chart.of.waterfall.unit = (tf_chart_unit){.name = "m: per cent of matches", .decimals = 1};
        chart.of.waterfall.opposite = "u: per cent of other pairs";
        chart.of.waterfall.higher = "m, of matches";
        chart.of.waterfall.lower = "u, of other pairs";
        tf_chart_write(paper->html, &chart);
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
    write_weight_chart(paper);
    write_probability_chart(paper);
    return TF_OK;
}

/* ---- training ---- */

static const char *session_name(tf_linkage_paper *paper, const tf_link_session *session) {
    const tf_linkage_report *report = paper->report;
    if (session->rule < 0) {
        return "All pairs, or those of a sample of records with all others";
    }
    const tf_link_rule *rules =
        report->learning_rules ? report->learning_rules : report->model->rules;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_rule(&rules[session->rule], &out);
    return tf_linkage_take(paper, &out);
}

static void write_sessions(tf_linkage_paper *paper, const tf_link_learning *learning) {
    static const tf_linkage_head heads[] = {
        {"Pairs that have", false}, {"Pairs", true},      {"Matches expected among them", true},
        {"Iterations", true},       {"Converged", false}, {"Used", false}};
    if (learning->session_count == 0) {
        return;
    }
    tf_linkage_table_begin(paper, "Sessions of expectation maximisation", heads, 6);
    for (int i = 0; i < learning->session_count; i++) {
        const tf_link_session *session = &learning->sessions[i];
        tf_linkage_row_begin(paper, session_name(paper, session));
        tf_linkage_number(paper, tf_linkage_count(paper, session->pairs));
        tf_linkage_number(paper, tf_linkage_count(paper, session->matches));
        tf_linkage_number(paper, tf_linkage_count(paper, session->iterations));
        tf_linkage_cell(paper, session->has_converged ? "yes" : "no");
        tf_linkage_cell(paper, session->was_used ? "yes" : "no: nothing could be learnt from it");
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
}

static void add_item(tf_linkage_paper *paper, const char *text) {
    tf_html_element(paper->html, "li", NULL, text);
}

static void write_caveats(tf_linkage_paper *paper, const tf_link_learning *learning) {
    int stopped = 0;
    for (int i = 0; i < learning->session_count; i++) {
        stopped += learning->sessions[i].was_used && !learning->sessions[i].has_converged;
    }
    tf_html_open(paper->html, "ul");
    tf_html_attribute(paper->html, "class", "govuk-list govuk-list--bullet");
    add_item(paper, learning->prior_was_given
                        ? "The share of matches among all pairs was given, and not learnt."
                        : "The share of matches among all pairs was learnt; no default stands "
                          "for it.");
    add_item(paper, learning->defaulted_levels == 0
                        ? "Every m was learnt; none stayed at its starting value."
                        : tf_linkage_say(paper,
                                         "The m of %d %s could not be learnt and stayed at its "
                                         "starting value: a default.",
                                         learning->defaulted_levels,
                                         learning->defaulted_levels == 1 ? "level" : "levels"));
    add_item(paper,
             learning->unseen_levels == 0
                 ? "Every level was seen."
                 : tf_linkage_say(paper,
                                  "%d %s never seen in the pairs counted; smoothing alone "
                                  "made their m or u.",
                                  learning->unseen_levels,
                                  learning->unseen_levels == 1 ? "level was" : "levels were"));
    add_item(paper,
             stopped == 0
                 ? "Every session that was used converged."
                 : tf_linkage_say(paper, "%d of the sessions used did not converge.", stopped));
    tf_html_close(paper->html, "ul");
}

tf_status tf_linkage_write_training(tf_linkage_paper *paper) {
    const tf_link_learning *learning = paper->report->learning;
    if (!learning) {
        tf_linkage_paragraph(paper, "The model was trained before and used as it came; nothing "
                                    "was learnt from these records.");
        return TF_OK;
    }
    const char *pairs = tf_linkage_count(paper, learning->counted_pairs);
    if (learning->random_pairs > 0) {
        tf_linkage_paragraph(
            paper,
            tf_linkage_say(paper,
                           "The model was learnt from the records themselves, without labels: u "
                           "from %s pairs drawn at random, m from %s pairs in sessions of "
                           "expectation maximisation, each of which leaves out what chose its "
                           "pairs.",
                           tf_linkage_count(paper, learning->random_pairs), pairs));
    } else {
        tf_linkage_paragraph(
            paper, tf_linkage_say(paper,
                                  "The model was learnt from the records themselves, without "
                                  "labels: m, u and the share of matches were found together by "
                                  "expectation maximisation over %s pairs.",
                                  pairs));
    }
    tf_linkage_paragraph(paper,
                         tf_linkage_say(paper, "By what was learnt, %s pairs of all are matches.",
                                        tf_linkage_count(paper, learning->expected_matches)));
    write_caveats(paper, learning);
    write_sessions(paper, learning);
    return TF_OK;
}

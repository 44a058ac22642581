/* Which pairs were compared, what blocking may have missed, and the weights of those found. */
#include "web/paper/linkage_report_internal.h"

#include "web/chart/chart.h"
#include "web/paper/linkage_words.h"

#include <math.h>

enum { BINS_MOST = 50, THRESHOLDS_MOST = 20 };

/* ---- blocking ---- */

static void write_rules(tf_linkage_paper *paper) {
    static const tf_linkage_head heads[] = {{"Pairs that have", false}, {"Blocks", true},
                                            {"Largest block", true},    {"Pairs", true},
                                            {"Not found before", true}, {"Blocks set aside", true},
                                            {"Pairs in these", true}};
    const tf_link_prediction *prediction = paper->report->prediction;
    const tf_link_model *model = paper->report->model;
    tf_linkage_table_begin(paper, "Blocking rules, in their order", heads, 7);
    for (int r = 0; r < prediction->rule_count && r < model->rule_count; r++) {
        const tf_link_rule_report *rule = &prediction->rules[r];
        tf_buffer out;
        tf_buffer_init(&out);
        tf_linkage_words_rule(&model->rules[r], &out);
        tf_linkage_row_begin(paper, tf_linkage_take(paper, &out));
        const double numbers[] = {rule->blocks,        rule->largest,
                                  (double)rule->pairs, (double)rule->new_pairs,
                                  rule->set_aside,     (double)rule->set_aside_pairs};
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            tf_linkage_number(paper, tf_linkage_count(paper, numbers[i]));
        }
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
}

static void write_set_aside(tf_linkage_paper *paper) {
    const tf_link_prediction *prediction = paper->report->prediction;
    uint32_t blocks = 0, largest = 0;
    double pairs = 0;
    for (int r = 0; r < prediction->rule_count; r++) {
        blocks += prediction->rules[r].set_aside;
        pairs += (double)prediction->rules[r].set_aside_pairs;
        largest = prediction->rules[r].set_aside_largest > largest
                      ? prediction->rules[r].set_aside_largest
                      : largest;
    }
    if (blocks == 0) {
        tf_linkage_paragraph(paper, "No block was too large: none was set aside.");
        return;
    }
    tf_linkage_paragraph(
        paper, tf_linkage_say(paper,
                              "%s blocks were set aside as too large, the largest of %s records. "
                              "Their %s pairs were compared only where another rule found them. "
                              "Such blocks come from a value that very many records share.",
                              tf_linkage_count(paper, blocks), tf_linkage_count(paper, largest),
                              tf_linkage_count(paper, pairs)));
}

static void write_certificate(tf_linkage_paper *paper) {
    const tf_link_certificate *certificate = &paper->report->prediction->certificate;
    tf_linkage_subsection(paper, "What blocking may have missed");
    if (certificate->records == 0) {
        tf_linkage_paragraph(paper, "Nothing was probed: no records were compared with all others, "
                                    "so it is not known what the rules missed.");
        return;
    }
    tf_linkage_paragraph(
        paper,
        tf_linkage_say(paper,
                       "%s records, drawn at random, were compared with all others. Of the %s "
                       "matches expected among their pairs, the rules find %s: a recall of %s "
                       "(95%% interval %s to %s). Among all pairs that were not compared, %s "
                       "matches are expected. These are the model\xE2\x80\x99s own expectations.",
                       tf_linkage_count(paper, certificate->records),
                       tf_linkage_say(paper, "%.1f", certificate->matches),
                       tf_linkage_say(paper, "%.1f", certificate->found),
                       tf_linkage_percent(paper, certificate->recall.value),
                       tf_linkage_percent(paper, certificate->recall.lower),
                       tf_linkage_percent(paper, certificate->recall.upper),
                       tf_linkage_count(paper, certificate->missed)));
}

tf_status tf_linkage_write_blocking(tf_linkage_paper *paper) {
    const tf_link_prediction *prediction = paper->report->prediction;
    const char *compared = tf_linkage_count(paper, (double)prediction->compared_pairs);
    if (prediction->is_exhaustive) {
        tf_linkage_paragraph(
            paper, tf_linkage_say(paper,
                                  "All %s pairs that there are were compared. Nothing was left "
                                  "out by blocking rules, and nothing can have been missed by "
                                  "them.",
                                  compared));
        return TF_OK;
    }
    tf_linkage_paragraph(
        paper, tf_linkage_say(paper,
                              "Of %s pairs that there are, %s were compared: those that a "
                              "blocking rule finds. A pair that several rules find counts for the "
                              "first.",
                              tf_linkage_count(paper, prediction->allowed_pairs), compared));
    write_rules(paper);
    write_set_aside(paper);
    write_certificate(paper);
    return TF_OK;
}

/* ---- weights of the pairs that were kept ---- */

typedef struct weight_range {
    double least;
    double most;
    double expected; /* matches: the sum of the probabilities */
} weight_range;

static weight_range range_of(const tf_link_prediction *prediction) {
    weight_range range = {INFINITY, -INFINITY, 0};
    for (size_t i = 0; i < prediction->pair_count; i++) {
        double weight = prediction->pairs[i].weight;
        range.least = fmin(range.least, weight);
        range.most = fmax(range.most, weight);
        range.expected += tf_link_probability_of_weight(weight);
    }
    return range;
}

/* The least of the widths with which at most so many steps reach over the range. */
static double width_for(double from, double to, int most) {
    static const double widths[] = {0.25, 0.5, 1, 2, 5, 10, 20, 50, 100};
    size_t i = 0;
    while (i + 1 < sizeof widths / sizeof *widths &&
           floor(to / widths[i]) - floor(from / widths[i]) + 1 > most) {
        i++;
    }
    return widths[i];
}

static void write_histogram(tf_linkage_paper *paper, const weight_range *range) {
    const tf_link_prediction *prediction = paper->report->prediction;
    double width = width_for(range->least, range->most, BINS_MOST);
    double first = floor(range->least / width);
    size_t count = (size_t)fmin(floor(range->most / width) - first + 1, BINS_MOST);
    tf_chart_column *bins = tf_linkage_room(paper, count, sizeof *bins);
    if (!bins) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bins[i].from = (first + (double)i) * width;
        bins[i].to = bins[i].from + width;
    }
    for (size_t i = 0; i < prediction->pair_count; i++) {
        size_t bin = (size_t)(floor(prediction->pairs[i].weight / width) - first);
        bins[bin < count ? bin : count - 1].value++;
    }
    tf_chart chart = {.kind = TF_CHART_COLUMNS,
                      .id = "weight-histogram",
                      .title = "Match weights of the pairs that were kept",
                      .note =
                          tf_linkage_say(paper, "Pairs below %s were not kept.",
                                         tf_linkage_weight(paper, paper->report->kept_threshold)),
                      .of.columns = {.columns = bins,
                                     .count = count,
                                     .unit = {"Pairs", "pair", "pairs", 0},
                                     .size_unit = {.name = "Match weight",
                                                   .decimals = width < 0.5 ? 2
                                                               : width < 1 ? 1
                                                                           : 0},
                                     .mark = paper->report->threshold,
                                     .mark_name = "The threshold that was used"}};
    tf_chart_write(paper->html, &chart);
}

/* One row of the threshold table: pairs of this weight or more. */
typedef struct threshold_row {
    double weight;
    double pairs;
    double expected; /* matches among them */
} threshold_row;

/* Whole weights over the range, and the threshold that was used, ascending. */
static size_t choose_thresholds(const tf_linkage_report *report, const weight_range *range,
                                threshold_row *rows) {
    double width = fmax(width_for(range->least, range->most, THRESHOLDS_MOST), 1);
    size_t count = 0;
    bool has_own = false;
    double first = ceil(range->least / width) * width;
    for (int i = 0; first + i * width <= range->most && count < THRESHOLDS_MOST; i++) {
        double at = first + i * width;
        if (!has_own && report->threshold <= at) {
            has_own = true;
            rows[count++].weight = report->threshold;
            if (report->threshold == at) {
                continue;
            }
        }
        rows[count++].weight = at == 0 ? 0 : at; /* not -0 */
    }
    if (!has_own) {
        rows[count++].weight = report->threshold;
    }
    return count;
}

static void fill_thresholds(const tf_link_prediction *prediction, threshold_row *rows,
                            size_t count) {
    for (size_t i = 0; i < prediction->pair_count; i++) {
        double weight = prediction->pairs[i].weight;
        size_t row = count;
        while (row > 0 && weight < rows[row - 1].weight) {
            row--;
        }
        if (row > 0) {
            rows[row - 1].pairs++;
            rows[row - 1].expected += tf_link_probability_of_weight(weight);
        }
    }
    for (size_t row = count; row-- > 1;) {
        rows[row - 1].pairs += rows[row].pairs;
        rows[row - 1].expected += rows[row].expected;
    }
}

static void write_thresholds(tf_linkage_paper *paper, const weight_range *range) {
    static const tf_linkage_head heads[] = {{"Weight or more", false},
                                            {"Probability at it", true},
                                            {"Pairs", true},
                                            {"Expected precision", true},
                                            {"Expected recall among kept pairs", true}};
    threshold_row rows[THRESHOLDS_MOST + 2] = {0};
    size_t count = choose_thresholds(paper->report, range, rows);
    fill_thresholds(paper->report->prediction, rows, count);
    tf_linkage_subsection(paper, "What another threshold would give");
    tf_linkage_paragraph(paper,
                         "The expected precision is the mean match probability of the pairs: the "
                         "model\xE2\x80\x99s own opinion of itself. It is no measurement. Draw a "
                         "sample of pairs and have people judge it, to measure.");
    tf_linkage_table_begin(paper, "Pairs at or above a match weight", heads, 5);
    for (size_t i = 0; i < count; i++) {
        bool is_own = rows[i].weight == paper->report->threshold;
        tf_linkage_row_begin(paper, tf_linkage_say(paper, "%.*f%s", is_own ? 2 : 0, rows[i].weight,
                                                   is_own ? " (used)" : ""));
        double probability = tf_link_probability_of_weight(rows[i].weight);
        tf_linkage_number(paper, tf_linkage_probability(paper, probability));
        tf_linkage_number(paper, tf_linkage_count(paper, rows[i].pairs));
        tf_linkage_number(paper, rows[i].pairs > 0 ? tf_linkage_probability(
                                                         paper, rows[i].expected / rows[i].pairs)
                                                   : "\xE2\x80\x93");
        tf_linkage_number(paper, tf_linkage_percent(paper, rows[i].expected / range->expected));
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
}

tf_status tf_linkage_write_pairs(tf_linkage_paper *paper) {
    const tf_link_prediction *prediction = paper->report->prediction;
    if (prediction->pair_count == 0) {
        tf_linkage_paragraph(
            paper, tf_linkage_say(paper, "No pair has a match weight of %s or more.",
                                  tf_linkage_weight(paper, paper->report->kept_threshold)));
        return TF_OK;
    }
    weight_range range = range_of(prediction);
    tf_linkage_paragraph(
        paper, tf_linkage_say(paper,
                              "%s pairs were kept, of weights from %s to %s. Two humps with a "
                              "valley at the threshold are good news; many pairs around it are "
                              "decisions that could as well have gone the other way.",
                              tf_linkage_count(paper, (double)prediction->pair_count),
                              tf_linkage_weight(paper, range.least),
                              tf_linkage_weight(paper, range.most)));
    write_histogram(paper, &range);
    write_thresholds(paper, &range);
    return TF_OK;
}

/* Pairs explained: a waterfall for some of them, around the threshold and away from it. */
#include "web/paper/linkage_report_internal.h"

#include "web/paper/linkage_waterfall.h"

#include <math.h>
#include <stdlib.h>

enum { EXAMPLES = 12 };

/* Weights from the threshold at which an example is looked for: close to it are the decisions. */
static const double distances[EXAMPLES] = {0.1, -0.1, 0.6, -0.6, 1.5, -1.5, 3, -3, 6, -6, 10, 16};

/* The pair of the weight nearest to `wanted` that is not among the chosen; the first of equals. */
static size_t nearest_pair(const tf_link_prediction *prediction, double wanted,
                           const size_t *chosen, size_t chosen_count) {
    size_t best = SIZE_MAX;
    double best_distance = INFINITY;
    for (size_t i = 0; i < prediction->pair_count; i++) {
        double distance = fabs(prediction->pairs[i].weight - wanted);
        bool is_taken = false;
        for (size_t j = 0; distance < best_distance && j < chosen_count; j++) {
            is_taken |= chosen[j] == i;
        }
        if (distance < best_distance && !is_taken) {
            best = i;
            best_distance = distance;
        }
    }
    return best;
}

static size_t choose_pairs(const tf_linkage_report *report, size_t *chosen) {
    size_t count = 0;
    while (count < EXAMPLES && count < report->prediction->pair_count) {
        double wanted = report->threshold + distances[count];
        chosen[count] = nearest_pair(report->prediction, wanted, chosen, count);
        count++;
    }
    return count;
}

/* The heaviest first; of equals the one that stands first. */
static void sort_pairs(const tf_link_prediction *prediction, size_t *chosen, size_t count) {
    for (size_t i = 1; i < count; i++) {
        size_t moved = chosen[i], at = i;
        while (at > 0 &&
               (prediction->pairs[chosen[at - 1]].weight < prediction->pairs[moved].weight ||
                (prediction->pairs[chosen[at - 1]].weight == prediction->pairs[moved].weight &&
                 chosen[at - 1] > moved))) {
            chosen[at] = chosen[at - 1];
            at--;
        }
        chosen[at] = moved;
    }
}

static const char *what_became(const tf_linkage_report *report, const tf_link_pair *pair) {
    const uint32_t *cluster_of = report->clusters->cluster_of;
    bool is_link = pair->weight >= report->threshold;
    bool is_one = cluster_of[pair->left] == cluster_of[pair->right];
    return is_link  ? is_one ? "This is a link, and the two are one person."
                             : "This is a link, but the two were kept apart by other evidence."
           : is_one ? "This is no link, but the two are one person by way of other records."
                    : "This is no link, and the two are different people.";
}

static tf_status write_example(tf_linkage_paper *paper, size_t number, const tf_link_pair *pair) {
    const tf_linkage_report *report = paper->report;
    tf_linkage_pair explained = {.records = report->records,
                                 .model = report->model,
                                 .matcher = report->matcher,
                                 .left = pair->left,
                                 .right = pair->right,
                                 .threshold = report->threshold};
    tf_linkage_explanation explanation;
    tf_status status = tf_linkage_explain(&explained, paper->arena, &explanation, paper->error);
    if (status) {
        return status;
    }
    tf_linkage_subsection(paper, tf_linkage_say(paper, "Pair %zu", number));
    explanation.chart.id = tf_linkage_say(paper, "pair-%zu", number);
    explanation.chart.note = what_became(report, pair);
    explanation.chart.shows_table = true;
    tf_chart_write(paper->html, &explanation.chart);
    return TF_OK;
}

tf_status tf_linkage_write_examples(tf_linkage_paper *paper) {
    const tf_link_prediction *prediction = paper->report->prediction;
    size_t chosen[EXAMPLES];
    size_t count = choose_pairs(paper->report, chosen);
    if (count == 0) {
        tf_linkage_paragraph(paper, "No pair was kept, so there is none to explain.");
        return TF_OK;
    }
    sort_pairs(prediction, chosen, count);
    tf_linkage_paragraph(
        paper, tf_linkage_say(paper,
                              "%zu pairs, the heaviest first, most of them near the threshold, "
                              "where decisions are closest. Each starts from the chance that any "
                              "two records are one person; every comparison adds to it or takes "
                              "off.",
                              count));
    tf_status status = TF_OK;
    for (size_t i = 0; i < count && !status; i++) {
        status = write_example(paper, i + 1, &prediction->pairs[chosen[i]]);
    }
    return status;
}

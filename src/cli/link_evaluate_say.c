/* How good a linkage was, in words and as JSON. */
#include "cli/link_evaluate.h"
#include "cli/terminal.h"

#include "insight/profile_words.h"

#include <math.h>
#include <stdlib.h>

enum { WEIGHT_WIDTH = 10, COUNT_WIDTH = 10, SHARE_WIDTH = 20, GROUPS_MOST = 40 };

/* ---- figures ---- */

/* With one decimal, but for the whole of it. */
static void put_per_cent(double share, char *text, size_t size) {
    double per_cent = 100 * share;
    snprintf(text, size, per_cent >= 99.95 ? "%.0f" : "%.1f", per_cent);
}

static void put_share(tf_terminal *page, tf_interval share) {
    char text[64], value[16], lower[16], upper[16];
    put_per_cent(share.value, value, sizeof value);
    if (share.value < 1 && share.value >= 0.9995) { /* nearly all is not all */
        snprintf(value, sizeof value, "%.2f", fmin(100 * share.value, 99.99));
    }
    put_per_cent(share.lower, lower, sizeof lower);
    put_per_cent(share.upper, upper, sizeof upper);
    if (isnan(share.value)) {
        snprintf(text, sizeof text, "-");
    } else if (isnan(share.lower) || isnan(share.upper)) {
        snprintf(text, sizeof text, "%s%%", value);
    } else {
        snprintf(text, sizeof text, "%s%% (%s-%s)", value, lower, upper);
    }
    tf_terminal_right(page, TF_INK_PLAIN, text, SHARE_WIDTH);
}

static void put_weight(tf_terminal *page, double threshold) {
    char text[32];
    if (isnan(threshold)) {
        snprintf(text, sizeof text, "as people");
    } else {
        snprintf(text, sizeof text, "%g", threshold);
    }
    tf_terminal_left(page, TF_INK_PLAIN, text, WEIGHT_WIDTH);
}

static void put_headings(tf_terminal *page, const char *first, size_t width, const char *count) {
    tf_terminal_left(page, TF_INK_FAINT, first, width);
    tf_terminal_right(page, TF_INK_FAINT, count, COUNT_WIDTH);
    tf_terminal_right(page, TF_INK_FAINT, "precision", SHARE_WIDTH);
    tf_terminal_right(page, TF_INK_FAINT, "recall", SHARE_WIDTH);
    tf_terminal_right(page, TF_INK_FAINT, "F1", SHARE_WIDTH);
    tf_terminal_end_line(page);
}

static void put_quality(tf_terminal *page, const tf_evaluate_quality *quality) {
    put_share(page, quality->precision.by_entity);
    put_share(page, quality->recall.by_entity);
    put_share(page, quality->f1);
    tf_terminal_end_line(page);
}

static double linked(const tf_evaluate_quality *quality) {
    return quality->correct_pairs + quality->wrong_pairs;
}

/* ---- against the truth ---- */

static void say_people(const tf_evaluate_clusters *clusters, tf_terminal *page) {
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE], exact[TF_COUNT_TEXT_SIZE];
    char merged[TF_COUNT_TEXT_SIZE], split[TF_COUNT_TEXT_SIZE];
    tf_terminal_heading(page, "Records that were made one person", "clusters.csv");
    put_headings(page, "", WEIGHT_WIDTH, "pairs");
    put_weight(page, NAN);
    tf_terminal_count_right(page, TF_INK_PLAIN, (int64_t)linked(&clusters->pairs), COUNT_WIDTH);
    put_quality(page, &clusters->pairs);
    tf_link_say(page->out,
                "%s people were found where there are %s; %s are exact, %s hold records of several "
                "people, %s people are split.  B-cubed: precision %.1f%%, recall %.1f%%, F1 "
                "%.1f%%.",
                tf_words_count(clusters->clusters, number),
                tf_words_count(clusters->entities, other),
                tf_words_count(clusters->exact_clusters, exact),
                tf_words_count(clusters->merged_clusters, merged),
                tf_words_count(clusters->split_entities, split), 100 * clusters->b_cubed_precision,
                100 * clusters->b_cubed_recall, 100 * clusters->b_cubed_f1);
    if (clusters->records_left) {
        tf_link_say(page->out, "%s records of which the truth is not known were left out.",
                    tf_words_count(clusters->records_left, number));
    }
}

static void say_scores(const tf_link_evaluation *evaluation, tf_terminal *page) {
    const tf_evaluate_scores *scores = &evaluation->scores;
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE];
    tf_terminal_heading(page, "Pairs from a match weight up", "pairs.csv");
    put_headings(page, "weight", WEIGHT_WIDTH, "pairs");
    for (size_t i = 0; i < scores->row_count; i++) {
        put_weight(page, scores->rows[i].threshold);
        tf_terminal_count_right(page, TF_INK_PLAIN, (int64_t)linked(&scores->rows[i].quality),
                                COUNT_WIDTH);
        put_quality(page, &scores->rows[i].quality);
    }
    tf_link_say(page->out,
                "The run kept pairs of weight %g or more: %s of %s true pairs are not among them.",
                evaluation->finished.threshold, tf_words_count((int64_t)scores->lost, number),
                tf_words_count((int64_t)scores->true_pairs, other));
    if (!isnan(scores->best_threshold)) {
        tf_link_say(page->out,
                    "The best F1 is %.2f%%, at weight %.2f: chosen with the truth in hand, hence a "
                    "ceiling.",
                    100 * scores->best_f1, scores->best_threshold);
    }
}

static int compare_sizes(const void *a, const void *b, void *context) {
    const tf_evaluate_group *groups = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return groups[x].records != groups[y].records ? (groups[x].records > groups[y].records ? -1 : 1)
                                                  : (x > y) - (x < y);
}

/* The largest groups first; small ones are only counted. */
static void say_groups(const tf_link_evaluation *evaluation, tf_terminal *page) {
    bool of_clusters = evaluation->has_clusters;
    tf_evaluate_group *groups =
        of_clusters ? evaluation->clusters.groups : evaluation->scores.groups;
    uint32_t count = groups ? evaluation->groups.count : 0;
    uint32_t shown = 0;
    uint32_t *order = tf_alloc(count, sizeof *order);
    if (!order) {
        page->out->failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof *order, compare_sizes, groups);
    char title[128];
    snprintf(title, sizeof title, "By %.80s", evaluation->by_column);
    tf_terminal_heading(page, title, of_clusters ? "clusters.csv" : "pairs.csv");
    put_headings(page, "", WEIGHT_WIDTH, "records");
    for (uint32_t i = 0; i < count && shown < GROUPS_MOST; i++) {
        const tf_evaluate_group *group = &groups[order[i]];
        if (group->is_shown) {
            tf_text name = tf_text_numbered(&evaluation->groups, order[i]);
            char text[64];
            snprintf(text, sizeof text, "%.*s", (int)(name.length < 60 ? name.length : 60),
                     name.data);
            tf_terminal_left(page, TF_INK_PLAIN, text, WEIGHT_WIDTH);
            tf_terminal_count_right(page, TF_INK_PLAIN, group->records, COUNT_WIDTH);
            put_quality(page, &group->quality);
            shown++;
        }
    }
    if (shown < count) {
        tf_link_say(page->out, "%u other values have too few people to tell, or are not shown.",
                    count - shown);
    }
    tf_free(order);
}

/* ---- against labels ---- */

static void say_labelled(const tf_link_evaluation *evaluation, tf_terminal *page) {
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE];
    tf_link_say(page->out,
                "Held against %s labelled pairs, %s of which are matches.  The figures are of "
                "these pairs alone.",
                tf_words_count((int64_t)evaluation->label_count, number),
                tf_words_count((int64_t)evaluation->label_matches, other));
    tf_terminal_heading(page, "Labelled pairs from a match weight up", NULL);
    put_headings(page, "weight", WEIGHT_WIDTH, "linked");
    for (size_t i = 0; i < evaluation->labelled_count; i++) {
        const tf_link_labelled *row = &evaluation->labelled[i];
        put_weight(page, row->threshold);
        tf_terminal_count_right(page, TF_INK_PLAIN, (int64_t)(row->correct + row->wrong),
                                COUNT_WIDTH);
        put_share(page, row->precision);
        put_share(page, row->recall);
        put_share(page, row->f1);
        tf_terminal_end_line(page);
    }
}

void tf_link_evaluation_say(const tf_link_evaluation *evaluation, tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    if (evaluation->labels_path) {
        say_labelled(evaluation, &page);
        return;
    }
    tf_link_say(out, "Held against the column %.80s.  Figures in brackets are 95%% intervals.",
                evaluation->truth_column);
    if (evaluation->has_clusters) {
        say_people(&evaluation->clusters, &page);
    }
    if (evaluation->has_scores) {
        say_scores(evaluation, &page);
    } else {
        tf_link_say(out,
                    "There is no pairs.csv in the folder, so that no threshold can be judged.");
    }
    if (evaluation->by_column && (evaluation->has_clusters || evaluation->has_scores)) {
        say_groups(evaluation, &page);
    }
}

/* ---- JSON ---- */

static void json_share(tf_json *json, const char *key, tf_interval share) {
    tf_json_key(json, key);
    tf_json_open_object(json);
    tf_json_put_double(json, "value", share.value);
    tf_json_put_double(json, "lower", share.lower);
    tf_json_put_double(json, "upper", share.upper);
    tf_json_close_object(json);
}

static void json_quality(tf_json *json, const tf_evaluate_quality *quality) {
    tf_json_put_double(json, "correct_pairs", quality->correct_pairs);
    tf_json_put_double(json, "wrong_pairs", quality->wrong_pairs);
    tf_json_put_double(json, "true_pairs", quality->true_pairs);
    json_share(json, "precision", quality->precision.by_entity);
    json_share(json, "recall", quality->recall.by_entity);
    json_share(json, "f1", quality->f1);
}

static void json_groups(tf_json *json, const tf_link_evaluation *evaluation,
                        const tf_evaluate_group *groups) {
    tf_json_key(json, "groups");
    tf_json_open_array(json);
    for (uint32_t i = 0; groups && i < evaluation->groups.count; i++) {
        tf_json_open_object(json);
        tf_json_key(json, "group");
        tf_json_text(json, tf_text_numbered(&evaluation->groups, i));
        tf_json_put_int(json, "records", groups[i].records);
        tf_json_key(json, "is_shown");
        tf_json_bool(json, groups[i].is_shown);
        if (groups[i].is_shown) {
            json_quality(json, &groups[i].quality);
            json_share(json, "precision_difference", groups[i].precision_difference);
            json_share(json, "recall_difference", groups[i].recall_difference);
            json_share(json, "f1_difference", groups[i].f1_difference);
        }
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void json_clusters(tf_json *json, const tf_link_evaluation *evaluation) {
    const tf_evaluate_clusters *clusters = &evaluation->clusters;
    tf_json_key(json, "clusters");
    tf_json_open_object(json);
    json_quality(json, &clusters->pairs);
    tf_json_put_int(json, "records", clusters->records);
    tf_json_put_int(json, "records_left_out", clusters->records_left);
    tf_json_put_int(json, "people", clusters->entities);
    tf_json_put_int(json, "clusters", clusters->clusters);
    tf_json_put_int(json, "exact_clusters", clusters->exact_clusters);
    tf_json_put_int(json, "merged_clusters", clusters->merged_clusters);
    tf_json_put_int(json, "split_people", clusters->split_entities);
    tf_json_put_double(json, "b_cubed_precision", clusters->b_cubed_precision);
    tf_json_put_double(json, "b_cubed_recall", clusters->b_cubed_recall);
    tf_json_put_double(json, "b_cubed_f1", clusters->b_cubed_f1);
    if (evaluation->by_column) {
        json_groups(json, evaluation, clusters->groups);
    }
    tf_json_close_object(json);
}

static void json_scores(tf_json *json, const tf_link_evaluation *evaluation) {
    const tf_evaluate_scores *scores = &evaluation->scores;
    tf_json_key(json, "pairs");
    tf_json_open_object(json);
    tf_json_put_int(json, "true_pairs", (int64_t)scores->true_pairs);
    tf_json_put_int(json, "true_pairs_kept", (int64_t)scores->found);
    tf_json_put_double(json, "average_precision", scores->average_precision);
    tf_json_put_double(json, "best_f1", scores->best_f1);
    tf_json_put_double(json, "best_threshold", scores->best_threshold);
    tf_json_key(json, "thresholds");
    tf_json_open_array(json);
    for (size_t i = 0; i < scores->row_count; i++) {
        tf_json_open_object(json);
        tf_json_put_double(json, "threshold", scores->rows[i].threshold);
        json_quality(json, &scores->rows[i].quality);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
    if (evaluation->by_column) {
        json_groups(json, evaluation, scores->groups);
    }
    tf_json_close_object(json);
}

static void json_labelled(tf_json *json, const tf_link_evaluation *evaluation) {
    tf_json_put_int(json, "labelled_pairs", (int64_t)evaluation->label_count);
    tf_json_put_int(json, "labelled_matches", (int64_t)evaluation->label_matches);
    tf_json_key(json, "thresholds");
    tf_json_open_array(json);
    for (size_t i = 0; i < evaluation->labelled_count; i++) {
        const tf_link_labelled *row = &evaluation->labelled[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "by", isnan(row->threshold) ? "clusters" : "weight");
        tf_json_put_double(json, "threshold", row->threshold);
        tf_json_put_int(json, "correct_pairs", (int64_t)row->correct);
        tf_json_put_int(json, "wrong_pairs", (int64_t)row->wrong);
        tf_json_put_int(json, "missed_pairs", (int64_t)row->missed);
        json_share(json, "precision", row->precision);
        json_share(json, "recall", row->recall);
        json_share(json, "f1", row->f1);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

void tf_link_evaluation_json(const tf_link_evaluation *evaluation, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "truth", evaluation->truth_column);
    tf_json_put_string(&json, "by", evaluation->by_column);
    tf_json_put_double(&json, "run_threshold", evaluation->finished.threshold);
    if (evaluation->labels_path) {
        json_labelled(&json, evaluation);
    }
    if (evaluation->has_clusters) {
        json_clusters(&json, evaluation);
    }
    if (evaluation->has_scores) {
        json_scores(&json, evaluation);
    }
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

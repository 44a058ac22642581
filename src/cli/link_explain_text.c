#include "cli/link_explain_text.h"

#include "web/paper/linkage_words.h"

#include <math.h>

enum { NAME_WIDTH = 18, VALUE_WIDTH = 29, BAR_WIDTH = 41, NUMBER_WIDTH = 9 };

/* The weights that the bars reach over. */
typedef struct reach {
    double from;
    double to;
} reach;

static reach reach_of(const tf_linkage_explanation *of) {
    double sum = of->prior;
    reach all = {fmin(sum, 0), fmax(sum, 0)};
    for (int c = 0; c < of->count; c++) {
        sum += of->evidence[c].weight;
        all.from = fmin(all.from, sum);
        all.to = fmax(all.to, sum);
    }
    all.to = all.to - all.from < 1e-9 ? all.from + 1 : all.to;
    return all;
}

static size_t cell_of(const reach *all, double weight) {
    double share = (weight - all->from) / (all->to - all->from);
    return (size_t)lround(fmax(fmin(share, 1), 0) * BAR_WIDTH);
}

/* A bar between two weights, one cell wide at least where they differ. */
static void put_bar(tf_terminal *page, const reach *all, double from, double to) {
    size_t first = cell_of(all, fmin(from, to)), last = cell_of(all, fmax(from, to));
    if (first == last && fabs(to - from) >= 0.005) {
        first -= first == BAR_WIDTH;
        last = first + 1;
    }
    tf_terminal_spaces(page, first);
    if (last > first) {
        tf_terminal_bar(page, 1, last - first);
    }
    tf_terminal_spaces(page, BAR_WIDTH - last);
}

static void put_number(tf_terminal *page, tf_ink ink, double weight, size_t width) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_linkage_words_weight(weight, &words);
    if (!words.failed) {
        tf_terminal_right(page, ink, words.data, width);
    }
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

/* "            ███            +4.12   -11.08": what a step adds, and where that leads. */
static void put_step(tf_terminal *page, const reach *all, double from, double to, bool is_total) {
    tf_terminal_spaces(page, NAME_WIDTH + 1);
    put_bar(page, all, from, to);
    if (is_total) {
        tf_terminal_spaces(page, NUMBER_WIDTH + 1);
    } else {
        tf_terminal_spaces(page, 1);
        put_number(page, TF_INK_PLAIN, to - from, NUMBER_WIDTH);
    }
    tf_terminal_spaces(page, 1);
    put_number(page, is_total ? TF_INK_STRONG : TF_INK_FAINT, to, NUMBER_WIDTH);
    tf_terminal_end_line(page);
}

static void put_values(tf_terminal *page, tf_ink ink, const char *name, const char *left,
                       const char *right) {
    tf_terminal_left(page, TF_INK_STRONG, name, NAME_WIDTH);
    tf_terminal_spaces(page, 1);
    tf_terminal_left(page, ink, left, VALUE_WIDTH);
    tf_terminal_spaces(page, 2);
    tf_terminal_left(page, ink, right, VALUE_WIDTH);
    tf_terminal_end_line(page);
}

static void put_summary(tf_terminal *page, const tf_linkage_explanation *of) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_format(&words, "%s and %s are one person with a probability of ", of->left,
                     of->right);
    tf_linkage_words_probability(of->probability, &words);
    tf_buffer_append_text(&words, ": a match weight of ");
    tf_linkage_words_weight(of->weight, &words);
    tf_buffer_append_text(&words, ".");
    if (!words.failed) {
        tf_terminal_paragraph(page, NULL, 0, words.data);
    }
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

static void put_prior(tf_terminal *page, const tf_linkage_explanation *of) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_append_text(&words, "the chance of two records drawn at random: ");
    tf_linkage_words_chance(tf_link_probability_of_weight(of->prior), &words);
    if (!words.failed) {
        tf_terminal_paragraph(page, "Before comparing", NAME_WIDTH + 1, words.data);
    }
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

void tf_link_explain_text_write(tf_terminal *page, const tf_linkage_explanation *explanation) {
    reach all = reach_of(explanation);
    put_summary(page, explanation);
    tf_terminal_end_line(page);
    put_values(page, TF_INK_STRONG, "", explanation->left, explanation->right);
    tf_terminal_spaces(page, NAME_WIDTH + 1 + BAR_WIDTH + 1);
    tf_terminal_right(page, TF_INK_FAINT, "weight", NUMBER_WIDTH);
    tf_terminal_spaces(page, 1);
    tf_terminal_right(page, TF_INK_FAINT, "sum", NUMBER_WIDTH);
    tf_terminal_end_line(page);
    put_prior(page, explanation);
    put_step(page, &all, 0, explanation->prior, true);
    double sum = explanation->prior;
    for (int c = 0; c < explanation->count; c++) {
        const tf_linkage_evidence *evidence = &explanation->evidence[c];
        put_values(page, TF_INK_PLAIN, evidence->name, evidence->left, evidence->right);
        tf_terminal_spaces(page, NAME_WIDTH + 1);
        tf_terminal_paragraph(page, NULL, NAME_WIDTH + 1, evidence->meaning);
        put_step(page, &all, sum, sum + evidence->weight, false);
        sum += evidence->weight;
    }
    tf_terminal_put(page, TF_INK_STRONG, "Together");
    tf_terminal_end_line(page);
    put_step(page, &all, 0, explanation->weight, true);
}

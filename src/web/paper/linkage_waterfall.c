#include "web/paper/linkage_waterfall.h"

#include "web/paper/linkage_words.h"

#include <math.h>

enum { CELLS = 3, VALUE_SHOWN = 80 };

/* Texts go to the arena; one that finds no room there is NULL and noted. */
typedef struct explaining {
    const tf_linkage_pair *pair;
    tf_arena *arena;
    bool failed;
} explaining;

static const char *take(explaining *work, tf_buffer *words) {
    char *copy = words->failed ? NULL
                               : tf_arena_copy_text(work->arena, words->length ? words->data : "",
                                                    words->length);
    work->failed |= !copy;
    tf_buffer_deinit(words);
    return copy;
}

/* At most VALUE_SHOWN bytes, cut between characters. */
static void put_cut(tf_text text, tf_buffer *out) {
    size_t length = text.length;
    if (length > VALUE_SHOWN) {
        length = VALUE_SHOWN;
        while (length > 0 && ((unsigned char)text.data[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    tf_buffer_append(out, text.data, length);
    if (length < text.length) {
        tf_buffer_append_text(out, "\xE2\x80\xA6");
    }
}

static const char *record_name(explaining *work, uint32_t record) {
    const tf_link_records *records = work->pair->records;
    tf_buffer out;
    tf_buffer_init(&out);
    if (tf_link_records_source_count(records) > 1) {
        put_cut(tf_link_records_source_name(records, tf_link_records_source(records, record)),
                &out);
        tf_buffer_append_text(&out, " ");
    }
    put_cut(tf_link_records_id(records, record), &out);
    return take(work, &out);
}

static const char *value_of(explaining *work, const char *column, uint32_t record) {
    const tf_link_records *records = work->pair->records;
    uint32_t number = column ? tf_link_records_column(records, tf_text_of(column)) : UINT32_MAX;
    tf_text value =
        number == UINT32_MAX ? (tf_text){0} : tf_link_records_value(records, record, number);
    tf_buffer out;
    tf_buffer_init(&out);
    if (value.length) {
        put_cut(value, &out);
    } else {
        tf_buffer_append_text(&out, "\xE2\x80\x93");
    }
    return take(work, &out);
}

static const char *meaning_of(explaining *work, const tf_link_comparison *comparison,
                              const tf_link_reason *reason) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_level(comparison, reason->level, &out);
    if (fabs(reason->term_frequency) >= 0.005) {
        tf_buffer_append_text(&out, "; ");
        tf_linkage_words_weight(reason->term_frequency, &out);
        tf_buffer_append_text(&out, reason->term_frequency > 0 ? " as the value is rare"
                                                               : " as the value is common");
    }
    return take(work, &out);
}

static void fill_evidence(explaining *work, const tf_link_reason *reasons,
                          tf_linkage_evidence *evidence) {
    const tf_linkage_pair *pair = work->pair;
    for (int c = 0; c < pair->model->comparison_count; c++) {
        const tf_link_comparison *comparison = &pair->model->comparisons[c];
        const char *column = tf_linkage_first_column(comparison);
        evidence[c] = (tf_linkage_evidence){
            .name = comparison->name,
            .left = value_of(work, column, pair->left),
            .right = value_of(work, column, pair->right),
            .meaning = meaning_of(work, comparison, &reasons[c]),
            .weight = reasons[c].weight + reasons[c].term_frequency,
        };
    }
}

/* ---- the chart ---- */

static const char *title_of(explaining *work, const tf_linkage_explanation *of) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_format(&out, "%s and %s: weight ", of->left, of->right);
    tf_linkage_words_weight(of->weight, &out);
    tf_buffer_append_text(&out, ", probability ");
    tf_linkage_words_probability(of->probability, &out);
    return take(work, &out);
}

static const char *prior_words(explaining *work) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_append_text(&out, "two records drawn at random: ");
    tf_linkage_words_chance(work->pair->model->prior, &out);
    return take(work, &out);
}

static const char *sum_words(explaining *work, double probability) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_append_text(&out, "a probability of ");
    tf_linkage_words_probability(probability, &out);
    return take(work, &out);
}

static void set_cells(tf_waterfall_step *step, const char **cells, const char *left,
                      const char *right, const char *meaning) {
    cells[0] = left;
    cells[1] = right;
    cells[2] = meaning;
    step->cells = cells;
}

static void fill_steps(explaining *work, const tf_linkage_explanation *of, tf_waterfall_step *steps,
                       const char **cells) {
    steps[0] =
        (tf_waterfall_step){.name = "Before comparing", .value = of->prior, .is_total = true};
    set_cells(&steps[0], cells, "", "", prior_words(work));
    for (int c = 0; c < of->count; c++) {
        tf_waterfall_step *step = &steps[c + 1];
        const tf_linkage_evidence *evidence = &of->evidence[c];
        *step = (tf_waterfall_step){.name = evidence->name, .value = evidence->weight};
        set_cells(step, cells + (size_t)CELLS * (size_t)(c + 1), evidence->left, evidence->right,
                  evidence->meaning);
    }
    steps[of->count + 1] =
        (tf_waterfall_step){.name = "Together", .value = of->weight, .is_total = true};
    set_cells(&steps[of->count + 1], cells + (size_t)CELLS * (size_t)(of->count + 1), "", "",
              sum_words(work, of->probability));
}

static tf_status make_chart(explaining *work, tf_linkage_explanation *of, tf_error *error) {
    static const char *const columns[CELLS] = {"First record", "Second record", "How they compare"};
    size_t count = (size_t)of->count + 2;
    tf_waterfall_step *steps = tf_arena_alloc(work->arena, count, sizeof *steps);
    const char **cells = tf_arena_alloc(work->arena, count * CELLS, sizeof *cells);
    if (!steps || !cells) {
        return tf_fail_no_memory(error);
    }
    fill_steps(work, of, steps, cells);
    of->chart = (tf_chart){.kind = TF_CHART_WATERFALL,
                           .title = title_of(work, of),
                           .of.waterfall = {.steps = steps,
                                            .count = count,
                                            .unit = {.name = "Match weight", .decimals = 2},
                                            .heading = "Comparison",
                                            .columns = columns,
                                            .column_count = CELLS,
                                            .higher = "For one person",
                                            .lower = "Against",
                                            .total = "Sum",
                                            .mark = work->pair->threshold,
                                            .mark_name = "Threshold"}};
    return TF_OK;
}

tf_status tf_linkage_explain(const tf_linkage_pair *pair, tf_arena *arena,
                             tf_linkage_explanation *explanation_out, tf_error *error) {
    explaining work = {.pair = pair, .arena = arena};
    tf_link_reason reasons[TF_LINK_MAX_COMPARISONS];
    int count = pair->model->comparison_count;
    *explanation_out = (tf_linkage_explanation){
        .count = count, .prior = tf_link_weight_of_probability(pair->model->prior)};
    tf_status status = tf_link_matcher_explain(pair->matcher, pair->left, pair->right, reasons,
                                               &explanation_out->weight, error);
    if (status) {
        return status;
    }
    explanation_out->probability = tf_link_probability_of_weight(explanation_out->weight);
    explanation_out->left = record_name(&work, pair->left);
    explanation_out->right = record_name(&work, pair->right);
    explanation_out->evidence =
        tf_arena_alloc(arena, (size_t)count, sizeof *explanation_out->evidence);
    if (!explanation_out->evidence) {
        return tf_fail_no_memory(error);
    }
    fill_evidence(&work, reasons, explanation_out->evidence);
    status = make_chart(&work, explanation_out, error);
    return !status && work.failed ? tf_fail_no_memory(error) : status;
}

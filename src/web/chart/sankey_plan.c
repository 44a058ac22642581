#include "web/chart/sankey_internal.h"

#include "trefoil/base/memory.h"
#include "web/chart/scale_internal.h"

#include <math.h>
#include <stdlib.h>

/* Sums and quotients of values between these stay numbers. */
static const double LEAST = 1e-300;
static const double MOST = 1e300;

bool tf_sankey_is_flow(const tf_sankey *chart, const tf_sankey_flow *flow) {
    if (flow->from >= chart->node_count || flow->to >= chart->node_count ||
        !isfinite(flow->value) || flow->value < LEAST) {
        return false;
    }
    int from = chart->nodes[flow->from].column;
    int to = chart->nodes[flow->to].column;
    return from >= 0 && to == from + 1 && to < chart->column_count;
}

/* What flows through each node, in `values`; returns the largest sum of a column. */
static double add_up(const tf_sankey *chart, double *values, double *into) {
    double sums[TF_SANKEY_MAX_COLUMNS] = {0};
    for (size_t i = 0; i < chart->flow_count; i++) {
        if (tf_sankey_is_flow(chart, &chart->flows[i])) {
            values[chart->flows[i].from] += fmin(chart->flows[i].value, MOST);
            into[chart->flows[i].to] += fmin(chart->flows[i].value, MOST);
        }
    }
    double whole = 0;
    for (size_t i = 0; i < chart->node_count; i++) {
        int column = chart->nodes[i].column;
        values[i] = fmax(values[i], into[i]);
        if (column >= 0 && column < chart->column_count) {
            sums[column] += values[i];
            whole = fmax(whole, sums[column]);
        }
    }
    return whole;
}

static bool is_small(const tf_sankey *chart, double value, double whole) {
    return value < chart->smallest_share * whole;
}

static size_t count_small(const tf_sankey *chart, const double *values, int column, double whole) {
    size_t count = 0;
    for (size_t i = 0; i < chart->node_count; i++) {
        count +=
            chart->nodes[i].column == column && values[i] > 0 && is_small(chart, values[i], whole);
    }
    return count;
}

/* One column's bars; `bar_of` says for each node which bar it is in.  A single small node stays
 * itself: putting it together with nothing would only hide its name. */
static void place_column(const tf_sankey *chart, const double *values, int column,
                         tf_sankey_plan *plan, size_t *bar_of) {
    bool has_other = count_small(chart, values, column, plan->whole) > 1;
    tf_sankey_bar other = {.name = chart->other ? chart->other : "Other", .column = column};
    for (size_t i = 0; i < chart->node_count; i++) {
        if (chart->nodes[i].column == column && values[i] > 0 &&
            !(has_other && is_small(chart, values[i], plan->whole))) {
            bar_of[i] = plan->bar_count;
            plan->bars[plan->bar_count++] = (tf_sankey_bar){
                .name = chart->nodes[i].name, .column = column, .value = values[i], .merged = 1};
        }
    }
    for (size_t i = 0; has_other && i < chart->node_count; i++) {
        if (chart->nodes[i].column == column && values[i] > 0 &&
            is_small(chart, values[i], plan->whole)) {
            bar_of[i] = plan->bar_count;
            other.value += values[i];
            other.merged++;
        }
    }
    if (has_other) {
        plan->bars[plan->bar_count++] = other;
    }
}

static int compare_ribbons(const void *a, const void *b) {
    const tf_sankey_ribbon *left = a, *right = b;
    if (left->from != right->from) {
        return left->from < right->from ? -1 : 1;
    }
    return left->to < right->to ? -1 : left->to > right->to;
}

static void place_ribbons(const tf_sankey *chart, tf_sankey_plan *plan, const size_t *bar_of) {
    for (size_t i = 0; i < chart->flow_count; i++) {
        const tf_sankey_flow *flow = &chart->flows[i];
        if (!tf_sankey_is_flow(chart, flow)) {
            continue;
        }
        size_t from = bar_of[flow->from], to = bar_of[flow->to];
        size_t at = 0;
        while (at < plan->ribbon_count &&
               (plan->ribbons[at].from != from || plan->ribbons[at].to != to)) {
            at++;
        }
        if (at == plan->ribbon_count) {
            plan->ribbons[plan->ribbon_count++] = (tf_sankey_ribbon){.from = from, .to = to};
        }
        plan->ribbons[at].value += fmin(flow->value, MOST);
    }
    qsort(plan->ribbons, plan->ribbon_count, sizeof *plan->ribbons, compare_ribbons);
}

/* "Charged or summonsed: 173 (12%)" */
static bool write_labels(const tf_sankey *chart, tf_sankey_plan *plan) {
    bool is_written = true;
    for (size_t i = 0; i < plan->bar_count; i++) {
        tf_sankey_bar *bar = &plan->bars[i];
        char number[TF_NUMBER_TEXT_SIZE];
        double percent = 100 * bar->value / plan->whole;
        tf_buffer_append_text(&bar->label, bar->name ? bar->name : "");
        tf_buffer_append_text(&bar->label, ": ");
        bar->number_start = bar->label.length;
        tf_buffer_format(&bar->label, percent < 0.95 ? "%s\u00A0(%.1f%%)" : "%s\u00A0(%.0f%%)",
                         tf_number_text(bar->value, chart->unit.decimals, number), percent);
        is_written = is_written && !bar->label.failed;
    }
    return is_written;
}

bool tf_sankey_plan_make(const tf_sankey *chart, tf_sankey_plan *plan_out) {
    tf_sankey_plan *plan = plan_out;
    *plan = (tf_sankey_plan){.bars = NULL};
    bool is_made = false;
    double *values = tf_alloc_zeroed(chart->node_count, sizeof *values);
    double *into = tf_alloc_zeroed(chart->node_count, sizeof *into);
    size_t *bar_of = tf_alloc_zeroed(chart->node_count, sizeof *bar_of);
    plan->bars = tf_alloc_zeroed(chart->node_count + TF_SANKEY_MAX_COLUMNS, sizeof *plan->bars);
    plan->ribbons = tf_alloc_zeroed(chart->flow_count, sizeof *plan->ribbons);
    if (!values || !into || !bar_of || !plan->bars || !plan->ribbons) {
        goto done;
    }
    plan->whole = add_up(chart, values, into);
    for (int column = 0; column < chart->column_count; column++) {
        place_column(chart, values, column, plan, bar_of);
    }
    place_ribbons(chart, plan, bar_of);
    is_made = write_labels(chart, plan);
done:
    tf_free(values);
    tf_free(into);
    tf_free(bar_of);
    return is_made;
}

void tf_sankey_plan_free(tf_sankey_plan *plan) {
    for (size_t i = 0; i < plan->bar_count; i++) {
        tf_buffer_deinit(&plan->bars[i].label);
    }
    tf_free(plan->bars);
    tf_free(plan->ribbons);
}

/* What became of what: flows between columns, as wide as they are large.  A narrow drawing shows
 * each pair of columns by itself, one below the other, so that names have room. */
#include "web/chart/chart_internal.h"
#include "web/chart/sankey_internal.h"

static bool has_data(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.sankey.flow_count; i++) {
        if (tf_sankey_is_flow(&chart->of.sankey, &chart->of.sankey.flows[i])) {
            return true;
        }
    }
    return false;
}

static bool has_links(const tf_chart *chart) {
    (void)chart;
    return false;
}

/* ---- layout ---- */

static const double NODE_WIDTH = 14;
static const double LABEL_GAP = 6;
static const double SLOT_GAP = 10;

/* Neighbouring columns that are drawn beside each other. */
typedef struct stage_layout {
    int first;
    int count;
    double top;
    double height; /* of the columns, below their headings */
    double pitch;
    double factor; /* from values to heights */
} stage_layout;

static double label_width(const stage_layout *stage) {
    return stage->pitch - NODE_WIDTH - LABEL_GAP - 12;
}

/* A name too long for its lines is cut, its number never. */
static tf_wrapped label_of(const tf_drawing *drawing, const stage_layout *stage,
                           const tf_sankey_bar *bar) {
    tf_text label = tf_text_of(tf_buffer_text(&bar->label));
    double width = label_width(stage);
    tf_wrapped whole = tf_text_wrap(label, drawing->size, false, width, TF_WRAP_LINES);
    if (whole.cut_line == 0 || bar->number_start > label.length) {
        return whole;
    }
    tf_text name = tf_text_of(bar->name);
    tf_text number = {label.data + bar->number_start, label.length - bar->number_start};
    tf_wrapped cut = tf_text_wrap(name, drawing->size, false, width, TF_WRAP_LINES - 1);
    cut.lines[cut.count++] = number;
    return cut;
}

static double heading_height(const tf_drawing *drawing, const stage_layout *stage) {
    int lines = 0;
    for (int i = 0; i < stage->count; i++) {
        const char *title = drawing->chart->of.sankey.columns[stage->first + i];
        tf_wrapped wrapped =
            tf_text_wrap(tf_text_of(title), drawing->size, false, stage->pitch - 12, 2);
        lines = wrapped.count > lines ? wrapped.count : lines;
    }
    return lines * tf_line_height(drawing) + 8;
}

static double column_height(const tf_sankey_plan *plan, int column) {
    double height = -SLOT_GAP;
    for (size_t i = 0; i < plan->bar_count; i++) {
        height += plan->bars[i].column == column ? plan->bars[i].slot + SLOT_GAP : 0;
    }
    return height;
}

/* Every bar gets the room of its label at least, so that labels cannot touch. */
static stage_layout lay_out_stage(const tf_drawing *drawing, tf_sankey_plan *plan, int first,
                                  int count, double top) {
    stage_layout stage = {.first = first, .count = count, .top = top};
    stage.pitch = drawing->width / count;
    stage.factor = (drawing->is_narrow ? 200 : 260) / plan->whole;
    for (size_t i = 0; i < plan->bar_count; i++) {
        tf_sankey_bar *bar = &plan->bars[i];
        bar->height = fmax(bar->value * stage.factor, 1);
        bar->slot =
            fmax(bar->height, label_of(drawing, &stage, bar).count * tf_line_height(drawing));
        bar->in_used = bar->out_used = 0;
    }
    for (int i = 0; i < count; i++) {
        stage.height = fmax(stage.height, column_height(plan, first + i));
    }
    double columns_top = top + heading_height(drawing, &stage);
    for (int column = first; column < first + count; column++) {
        double y = columns_top + (stage.height - column_height(plan, column)) / 2;
        for (size_t i = 0; i < plan->bar_count; i++) {
            tf_sankey_bar *bar = &plan->bars[i];
            if (bar->column == column) {
                bar->y = y + (bar->slot - bar->height) / 2;
                y += bar->slot + SLOT_GAP;
            }
        }
    }
    return stage;
}

static double stage_bottom(const tf_drawing *drawing, const stage_layout *stage) {
    return stage->top + heading_height(drawing, stage) + stage->height + 4;
}

/* ---- drawing ---- */

static double x_of(const stage_layout *stage, int column) {
    return (column - stage->first) * stage->pitch;
}

static void draw_ribbon(tf_drawing *drawing, const stage_layout *stage, tf_sankey_plan *plan,
                        const tf_sankey_ribbon *ribbon) {
    tf_sankey_bar *from = &plan->bars[ribbon->from];
    tf_sankey_bar *to = &plan->bars[ribbon->to];
    double height = ribbon->value * stage->factor;
    double x1 = x_of(stage, from->column) + NODE_WIDTH, x2 = x_of(stage, to->column);
    double y1 = from->y + from->out_used, y2 = to->y + to->in_used;
    double middle = (x1 + x2) / 2;
    from->out_used += height;
    to->in_used += height;
    drawing->scratch.length = 0;
    tf_path_add(drawing, 'M', x1, y1);
    tf_path_add(drawing, 'C', middle, y1);
    tf_path_add(drawing, ' ', middle, y2);
    tf_path_add(drawing, ' ', x2, y2);
    tf_path_add(drawing, 'L', x2, y2 + height);
    tf_path_add(drawing, 'C', middle, y2 + height);
    tf_path_add(drawing, ' ', middle, y1 + height);
    tf_path_add(drawing, ' ', x1, y1 + height);
    tf_path_end(drawing);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_buffer_format(&text, "%s to %s: ", from->name ? from->name : "", to->name ? to->name : "");
    tf_unit_put(&drawing->chart->of.sankey.unit, ribbon->value, &text);
    tf_draw_path_with(drawing, TF_ROLE_FLOW, tf_buffer_text(&text));
    drawing->scratch.failed |= text.failed;
    tf_buffer_deinit(&text);
}

static void draw_stage(tf_drawing *drawing, tf_sankey_plan *plan, const stage_layout *stage) {
    int end = stage->first + stage->count;
    for (int column = stage->first; column < end; column++) {
        tf_wrapped title = tf_text_wrap(tf_text_of(drawing->chart->of.sankey.columns[column]),
                                        drawing->size, false, stage->pitch - 12, 2);
        tf_draw_wrapped(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, x_of(stage, column),
                        stage->top + drawing->size, &title);
    }
    for (size_t i = 0; i < plan->ribbon_count; i++) {
        int column = plan->bars[plan->ribbons[i].from].column;
        if (column >= stage->first && column + 1 < end) {
            draw_ribbon(drawing, stage, plan, &plan->ribbons[i]);
        }
    }
    for (size_t i = 0; i < plan->bar_count; i++) {
        const tf_sankey_bar *bar = &plan->bars[i];
        if (bar->column < stage->first || bar->column >= end) {
            continue;
        }
        double x = x_of(stage, bar->column);
        drawing->scratch.length = 0;
        tf_draw_rect(drawing, TF_ROLE_NODE, x, bar->y, NODE_WIDTH, bar->height);
        tf_wrapped label = label_of(drawing, stage, bar);
        double y = bar->y + bar->height / 2 - label.count * tf_line_height(drawing) / 2 +
                   0.98 * drawing->size;
        tf_draw_wrapped(drawing, TF_ROLE_LABEL, TF_ANCHOR_START, x + NODE_WIDTH + LABEL_GAP, y,
                        &label);
    }
}

static void draw(tf_drawing *drawing) {
    const tf_sankey *chart = &drawing->chart->of.sankey;
    tf_sankey_plan plan;
    if (!tf_sankey_plan_make(chart, &plan)) {
        drawing->scratch.failed = true;
        tf_drawing_begin(drawing, 1);
        tf_sankey_plan_free(&plan);
        return;
    }
    int together = drawing->is_narrow ? 2 : chart->column_count;
    double bottom = 0;
    for (int first = 0; first + together <= chart->column_count; first++) {
        stage_layout stage = lay_out_stage(drawing, &plan, first, together, bottom);
        bottom = stage_bottom(drawing, &stage) + 20;
    }
    tf_drawing_begin(drawing, bottom - 20);
    bottom = 0;
    for (int first = 0; first + together <= chart->column_count; first++) {
        stage_layout stage = lay_out_stage(drawing, &plan, first, together, bottom);
        draw_stage(drawing, &plan, &stage);
        bottom = stage_bottom(drawing, &stage) + 20;
    }
    tf_sankey_plan_free(&plan);
}

/* ---- words ---- */

/* The largest bar of a column after `before`, equal ones in the drawing's order; NULL: no more. */
static const tf_sankey_bar *next_largest(const tf_sankey_plan *plan, int column,
                                         const tf_sankey_bar *before) {
    const tf_sankey_bar *next = NULL;
    for (size_t i = 0; i < plan->bar_count; i++) {
        const tf_sankey_bar *bar = &plan->bars[i];
        bool is_told = before && (bar->value > before->value ||
                                  (bar->value >= before->value && bar <= before));
        if (bar->column == column && !is_told && (!next || bar->value > next->value)) {
            next = bar;
        }
    }
    return next;
}

static void describe_column(const tf_sankey_plan *plan, const tf_sankey *chart, int column,
                            tf_buffer *out) {
    tf_name_list list = {.out = out, .most = 5};
    for (size_t i = 0; i < plan->bar_count; i++) {
        list.count += plan->bars[i].column == column;
    }
    tf_buffer_format(out, " %s: ", chart->columns[column] ? chart->columns[column] : "Next");
    const tf_sankey_bar *bar = next_largest(plan, column, NULL);
    for (; bar && tf_name_list_next(&list); bar = next_largest(plan, column, bar)) {
        char number[TF_NUMBER_TEXT_SIZE];
        tf_buffer_format(out, "%s %s", bar->name ? bar->name : "",
                         tf_number_text(bar->value, chart->unit.decimals, number));
    }
    tf_name_list_end(&list);
    tf_buffer_append_text(out, ".");
}

static void describe(const tf_chart *of, tf_buffer *out) {
    const tf_sankey *chart = &of->of.sankey;
    tf_sankey_plan plan;
    if (tf_sankey_plan_make(chart, &plan)) {
        tf_buffer_append_text(out, "Flows of ");
        tf_unit_put(&chart->unit, plan.whole, out);
        tf_buffer_append_text(out, ".");
        for (int column = 0; column < chart->column_count; column++) {
            describe_column(&plan, chart, column, out);
        }
    } else {
        out->failed = true;
    }
    tf_sankey_plan_free(&plan);
}

static void write_rows(tf_html *html, const tf_chart *of) {
    const tf_sankey *chart = &of->of.sankey;
    const tf_table_column columns[] = {{"From", false}, {"To", false}, {chart->unit.name, true}};
    tf_table_begin(html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < chart->flow_count; i++) {
        const tf_sankey_flow *flow = &chart->flows[i];
        if (tf_sankey_is_flow(chart, flow)) {
            tf_table_row_begin(html, chart->nodes[flow->from].name, NULL);
            tf_table_text(html, chart->nodes[flow->to].name);
            tf_table_number(html, flow->value, chart->unit.decimals);
            tf_table_row_end(html);
        }
    }
    tf_table_end(html);
}

const tf_chart_methods tf_sankey_methods = {has_data, has_links, draw, describe, write_rows, NULL};

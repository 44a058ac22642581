#include "pdf.h"

#include "pdf_internal.h"

#include <math.h>

/* A line of more is hard to follow back to the start of the next. */
static const double MEASURE = 436;
static const double LIST_INDENT = 14;
static const double TERM_WIDTH = 116;

enum { ROWS_TOGETHER = 7, MOST_INTRODUCING = 3 };

static const tf_type title_type = {24, 28, 0, true};
static const tf_type heading_type = {14, 18, 0, true};
static const tf_type subheading_type = {10.5, 14, 0, true};
static const tf_type item_type = {10, 14, 0, false};
static const tf_type term_type = {9.5, 13, 0, true};
static const tf_type meaning_type = {9.5, 13, 0, false};
static const tf_type caption_type = {9, 12, 0.2, false};
static const tf_type table_title_type = {10, 14, 0, true};
static const tf_type cell_type = {9, 12, 0, false};
static const tf_type head_type = {8.5, 11.5, 0, true};
static const tf_type fact_types[] = {{9, 12, 0, true}, {20, 24, 0, true}, {8.5, 11.5, 0.2, false}};
static const tf_type fact_words_type = {13, 24, 0, true};

static const struct {
    tf_type type;
    double before;
} styles[] = {
    [TF_PDF_BODY] = {{10, 14, 0, false}, 7},
    [TF_PDF_LEAD] = {{11, 15.5, 0.2, false}, 4},
    [TF_PDF_SMALL] = {{8.5, 11.5, 0.2, false}, 5},
};

/* The words that can be printed, in the document's memory; NULL after a fault. */
static const char *copy(tf_pdf *pdf, const char *words) {
    tf_buffer cleaned;
    tf_buffer_init(&cleaned);
    tf_canvas_clean(words, &cleaned);
    const char *copied = NULL;
    if (!pdf->status && !cleaned.failed) {
        copied = tf_arena_copy_text(pdf->arena, cleaned.length ? cleaned.data : "", cleaned.length);
    }
    tf_buffer_deinit(&cleaned);
    if (!copied && !pdf->status) {
        pdf->status = tf_fail_no_memory(&pdf->error);
    }
    return copied;
}

tf_status tf_pdf_new(const tf_pdf_about *about, tf_pdf **pdf_out, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    tf_pdf *pdf = arena ? tf_arena_alloc(arena, 1, sizeof *pdf) : NULL;
    if (!pdf) {
        tf_arena_free(arena);
        return tf_fail_no_memory(error);
    }
    *pdf = (tf_pdf){.arena = arena, .about = *about};
    tf_buffer_init(&pdf->drawn);
    const char **texts[] = {&pdf->about.title, &pdf->about.subject, &pdf->about.language,
                            &pdf->about.creator, &pdf->about.footer};
    tf_status status = TF_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !status; i++) {
        *texts[i] = copy(pdf, *texts[i]);
        status = pdf->status;
    }
    if (status) {
        (void)tf_fail_no_memory(error);
    }
    if (!status) {
        const tf_canvas_about canvas_about = {pdf->about.title, pdf->about.subject,
                                              pdf->about.creator, about->date};
        status = tf_canvas_new(TF_PAGE_WIDTH_PT, TF_PAGE_HEIGHT_PT, &canvas_about, &pdf->drawn,
                               &pdf->canvas, error);
    }
    if (status) {
        tf_pdf_free(pdf);
        return status;
    }
    *pdf_out = pdf;
    return TF_OK;
}

void tf_pdf_free(tf_pdf *pdf) {
    if (pdf) {
        tf_canvas_free(pdf->canvas);
        tf_buffer_deinit(&pdf->drawn);
        tf_free(pdf->structure.elements);
        tf_free(pdf->blocks);
        tf_arena_free(pdf->arena);
    }
}

tf_status tf_pdf_finish(tf_pdf *pdf, tf_buffer *out, tf_error *error) {
    tf_pdf_draw_pages(pdf);
    if (pdf->status) {
        if (error) {
            *error = pdf->error;
        }
        return pdf->status;
    }
    tf_status status = tf_canvas_finish(pdf->canvas, error);
    if (!status) {
        status = tf_buffer_check(&pdf->drawn, error);
    }
    if (!status) {
        const tf_pdf_about *about = &pdf->about;
        status = tf_structure_complete(
            (tf_text){pdf->drawn.data, pdf->drawn.length}, &pdf->structure,
            &(tf_structure_about){about->title, about->subject, about->language, about->creator,
                                  about->date},
            out, error);
    }
    return status;
}

/* ---- blocks ---- */

/* Memory of the document, zeroed; NULL after a fault. */
static void *take(tf_pdf *pdf, size_t count, size_t size) {
    void *memory = pdf->status ? NULL : tf_arena_alloc(pdf->arena, count, size);
    if (memory) {
        memset(memory, 0, count * size);
    } else if (!pdf->status) {
        pdf->status = tf_fail_no_memory(&pdf->error);
    }
    return memory;
}

/* A new last block, zeroed; NULL after a fault. */
static tf_block *add_block(tf_pdf *pdf, tf_block_kind kind, tf_block_group *group) {
    tf_block *block = take(pdf, 1, sizeof *block);
    if (block) {
        pdf->status = tf_reserve(&pdf->blocks, &pdf->block_capacity, pdf->block_count + 1,
                                 sizeof(tf_block *), &pdf->error);
    }
    if (!block || pdf->status) {
        return NULL;
    }
    block->kind = kind;
    block->group = group;
    pdf->group = group;
    pdf->blocks[pdf->block_count++] = block;
    return block;
}

static tf_canvas_text *set(tf_pdf *pdf, const char *words, const tf_type *type, double width,
                           int most_lines) {
    tf_canvas_text *text =
        tf_canvas_set_text(pdf->canvas, words ? words : "", type, width, most_lines);
    if (!text && !pdf->status) {
        pdf->status = tf_fail_no_memory(&pdf->error);
    }
    return text;
}

/* Words from `left` on; `most_lines` 0 for as many as there are. */
static tf_block *add_words(tf_pdf *pdf, tf_block_group *group, const char *tag, const char *words,
                           const tf_type *type, double left, double width, int most_lines) {
    tf_block *block = add_block(pdf, TF_BLOCK_TEXT, group);
    if (block) {
        block->tag = tag;
        block->left = left;
        block->leading = type->leading;
        block->text = set(pdf, words, type, width, most_lines);
        block->line_count = tf_canvas_line_count(block->text);
    }
    return block;
}

static void add_heading(tf_pdf *pdf, const char *tag, const char *words, const tf_type *type,
                        double before) {
    tf_block *block =
        add_words(pdf, NULL, tag, words, type, TF_PAGE_LEFT, TF_PAGE_RIGHT - TF_PAGE_LEFT, 3);
    if (block) {
        block->before = before;
        block->keeps_next = true;
    }
}

void tf_pdf_title(tf_pdf *pdf, const char *words) {
    add_heading(pdf, "H1", words, &title_type, 0);
}

void tf_pdf_heading(tf_pdf *pdf, const char *words) {
    add_heading(pdf, "H2", words, &heading_type, 22);
    if (!pdf->status) {
        pdf->blocks[pdf->block_count - 1]->outline = copy(pdf, words);
    }
}

void tf_pdf_subheading(tf_pdf *pdf, const char *words) {
    add_heading(pdf, "H3", words, &subheading_type, 12);
}

void tf_pdf_paragraph(tf_pdf *pdf, tf_pdf_style style, const char *words) {
    tf_block *block =
        add_words(pdf, NULL, "P", words, &styles[style].type, TF_PAGE_LEFT, MEASURE, 0);
    if (block) {
        block->before = styles[style].before;
    }
}

/* The list that goes on, or a new one. */
static tf_block_group *list_of(tf_pdf *pdf, bool has_marks) {
    tf_block_group *group = pdf->group;
    if (!group || strcmp(group->tag, "L") != 0 || group->has_marks != has_marks) {
        group = take(pdf, 1, sizeof *group);
        if (group) {
            group->tag = "L";
            group->has_marks = has_marks;
        }
    }
    return group;
}

void tf_pdf_item(tf_pdf *pdf, const char *words) {
    tf_block_group *list = list_of(pdf, true);
    tf_block *block = list ? add_words(pdf, list, "LI", words, &item_type,
                                       TF_PAGE_LEFT + LIST_INDENT, MEASURE - LIST_INDENT, 0)
                           : NULL;
    if (block) {
        block->before = 4;
        block->mark = set(pdf, "\u2022", &item_type, LIST_INDENT, 1);
    }
}

void tf_pdf_term(tf_pdf *pdf, const char *term, const char *words) {
    tf_block_group *list = list_of(pdf, false);
    tf_block *block =
        list ? add_words(pdf, list, "LI", words, &meaning_type, TF_PAGE_LEFT + TERM_WIDTH,
                         TF_PAGE_RIGHT - TF_PAGE_LEFT - TERM_WIDTH, 0)
             : NULL;
    if (block) {
        block->before = 6;
        block->mark = set(pdf, term, &term_type, TERM_WIDTH - 12, 2);
    }
}

void tf_pdf_page_break(tf_pdf *pdf) {
    add_block(pdf, TF_BLOCK_BREAK, NULL);
}

/* ---- figures ---- */

void tf_pdf_facts(tf_pdf *pdf, const tf_pdf_fact *facts, size_t count) {
    tf_block *block = add_block(pdf, TF_BLOCK_FACTS, NULL);
    tf_canvas_text **cells = take(pdf, count * 3, sizeof *cells);
    double *tops = take(pdf, 3, sizeof *tops);
    if (!block || !cells || !tops) {
        return;
    }
    double width = (TF_PAGE_RIGHT - TF_PAGE_LEFT + TF_FACT_GAP) / (double)count;
    double heights[3] = {0};
    for (size_t i = 0; i < count && !pdf->status; i++) {
        const tf_pdf_fact *fact = &facts[i];
        const char *words[3] = {fact->label, fact->value ? fact->value : "Not known", fact->detail};
        for (int part = 0; part < 3; part++) {
            const tf_type *type = &fact_types[part];
            tf_canvas_text *text =
                set(pdf, words[part], type, width - TF_FACT_GAP, part == 2 ? 8 : 2);
            if (part == 1 && tf_canvas_line_count(text) > 1) {
                type = &fact_words_type;
                text = set(pdf, words[part], type, width - TF_FACT_GAP, 2);
            }
            cells[3 * i + (size_t)part] = text;
            heights[part] = fmax(heights[part], tf_canvas_line_count(text) * type->leading);
        }
    }
    tops[0] = 6;
    tops[1] = tops[0] + heights[0] + 1;
    tops[2] = tops[1] + heights[1] + 2;
    block->before = 16;
    block->height = tops[2] + heights[2];
    block->width = width;
    block->cells = cells;
    block->cell_count = count;
    block->tops = tops;
}

/* The paragraphs before a figure or a table introduce it, and stay with it. */
static void keep_introduction(tf_pdf *pdf) {
    if (pdf->status) {
        return;
    }
    for (size_t i = 1; i <= MOST_INTRODUCING && i <= pdf->block_count; i++) {
        tf_block *block = pdf->blocks[pdf->block_count - i];
        if (block->kind != TF_BLOCK_TEXT || block->group || strcmp(block->tag, "Caption") == 0) {
            break;
        }
        block->keeps_next = true;
    }
}

void tf_pdf_figure(tf_pdf *pdf, tf_text svg, double share, const char *alternative,
                   const char *caption) {
    keep_introduction(pdf);
    tf_block *block = add_block(pdf, TF_BLOCK_FIGURE, NULL);
    if (!block) {
        return;
    }
    block->alternative = copy(pdf, alternative);
    if (!pdf->status) {
        pdf->status =
            tf_canvas_load_drawing(pdf->canvas, svg.data, svg.length, &block->drawing, &pdf->error);
    }
    if (pdf->status) {
        return;
    }
    const double most = (TF_PAGE_BOTTOM - TF_PAGE_TOP) * 0.8;
    double ratio = tf_canvas_drawing_ratio(block->drawing);
    block->width = fmin((TF_PAGE_RIGHT - TF_PAGE_LEFT) * share, most / ratio);
    block->height = block->width * ratio;
    block->before = 6;
    if (caption && *caption) {
        block->keeps_next = true;
        block = add_words(pdf, NULL, "Caption", caption, &caption_type, TF_PAGE_LEFT, MEASURE, 0);
        if (block) {
            block->before = 4;
        }
    }
}

/* ---- tables ---- */

static tf_block *add_row(tf_pdf *pdf, tf_block_group *table, const char *const *cells,
                         const tf_type *type, int most_lines) {
    tf_block *block = add_block(pdf, TF_BLOCK_ROW, table);
    tf_canvas_text **texts = take(pdf, table->column_count, sizeof(tf_canvas_text *));
    if (!block || !texts) {
        return NULL;
    }
    int lines = 1;
    for (size_t i = 0; i < table->column_count; i++) {
        texts[i] = set(pdf, cells[i], type, table->edges[i][1] - table->edges[i][0], most_lines);
        int count = tf_canvas_line_count(texts[i]);
        lines = count > lines ? count : lines;
    }
    block->cells = texts;
    block->cell_count = table->column_count;
    block->leading = type->leading;
    block->height = lines * type->leading + 2 * TF_CELL_PAD;
    block->bar = -1;
    return block;
}

void tf_pdf_table(tf_pdf *pdf, const char *title, const tf_pdf_column *columns, size_t column_count,
                  double bar_width) {
    tf_block_group *table = take(pdf, 1, sizeof *table);
    if (!table) {
        return;
    }
    const double whole = TF_PAGE_RIGHT - TF_PAGE_LEFT;
    const char *titles[TF_PDF_MOST_COLUMNS];
    double sum = 0, left = TF_PAGE_LEFT;
    for (size_t i = 0; i < column_count; i++) {
        sum += columns[i].width;
    }
    table->tag = "Table";
    table->column_count = column_count;
    table->bar_left = TF_PAGE_RIGHT - bar_width * whole;
    const double room = table->bar_left - TF_PAGE_LEFT + (bar_width > 0 ? 0 : TF_CELL_GAP);
    for (size_t i = 0; i < column_count; i++) {
        titles[i] = columns[i].title;
        table->edges[i][0] = left;
        left += room * columns[i].width / sum;
        table->edges[i][1] = left - TF_CELL_GAP;
        table->is_number[i] = columns[i].is_number;
    }
    double before = 8;
    keep_introduction(pdf);
    if (title) {
        tf_block *block =
            add_words(pdf, table, "Caption", title, &table_title_type, TF_PAGE_LEFT, whole, 3);
        if (block) {
            block->before = 10;
            block->keeps_next = true;
        }
        before = 2;
    }
    tf_block *head = add_row(pdf, table, titles, &head_type, 3);
    if (head) {
        head->before = before;
        head->is_head = true;
        head->keeps_next = true;
        table->head = head;
    }
}

void tf_pdf_row(tf_pdf *pdf, const char *const *cells, double bar) {
    if (pdf->status) {
        return;
    }
    tf_block *before = pdf->blocks[pdf->block_count - 1];
    tf_block *row = add_row(pdf, pdf->group, cells, &cell_type, 4);
    if (row) {
        row->bar = bar;
        /* Neither the first rows nor the last one stand alone on a page. */
        before->keeps_next = true;
        if (++pdf->group->row_count > ROWS_TOGETHER) {
            pdf->blocks[pdf->block_count - 3]->keeps_next = false;
        }
    }
}

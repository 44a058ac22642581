/* Puts the blocks of a document on pages and draws them. */
#include "pdf_internal.h"

#include <math.h>
#include <stdio.h>

enum { FEWEST_LINES = 2 }; /* of a paragraph, left alone on a page */

static const tf_type foot_type = {8, 10, 0.25, false};

/* Some lines of a block, or all of it, on a page. */
typedef struct page_piece {
    const tf_block *block;
    int page;
    double y;
    int first_line;
    int line_count;
    bool is_repeated; /* the head of a table that goes on */
} page_piece;

typedef struct paging {
    tf_pdf *pdf;
    page_piece *pieces;
    size_t count;
    size_t capacity;
    int page; /* from 1 */
    double y;
} paging;

/* ---- where each block goes ---- */

static void put(paging *pages, page_piece piece) {
    tf_pdf *pdf = pages->pdf;
    if (!pdf->status) {
        pdf->status = tf_reserve(&pages->pieces, &pages->capacity, pages->count + 1, sizeof piece,
                                 &pdf->error);
    }
    if (!pdf->status) {
        piece.page = pages->page;
        piece.y = pages->y;
        pages->pieces[pages->count++] = piece;
    }
}

/* What a block needs of the page it starts on. */
static double need_of(const tf_block *block) {
    if (block->kind != TF_BLOCK_TEXT) {
        return block->height;
    }
    int lines = block->line_count <= FEWEST_LINES + 1 ? block->line_count : FEWEST_LINES;
    return lines * block->leading;
}

/* The same for a block and those that it stays with, as far as a page holds them. */
static double need_of_kept(const tf_pdf *pdf, size_t at) {
    double need = need_of(pdf->blocks[at]);
    while (pdf->blocks[at]->keeps_next && at + 1 < pdf->block_count) {
        at++;
        double more = pdf->blocks[at]->before + need_of(pdf->blocks[at]);
        if (need + more > TF_PAGE_BOTTOM - TF_PAGE_TOP) {
            break;
        }
        need += more;
    }
    return need;
}

static void turn_page(paging *pages) {
    pages->page++;
    pages->y = TF_PAGE_TOP;
}

static void place_lines(paging *pages, const tf_block *block) {
    for (int first = 0; first < block->line_count && !pages->pdf->status;) {
        int left = block->line_count - first;
        int room = (int)floor((TF_PAGE_BOTTOM - pages->y) / block->leading + 1e-6);
        int count = room < left ? room : left;
        if (count < left && left - count < FEWEST_LINES && count > FEWEST_LINES) {
            count = left - FEWEST_LINES;
        }
        if (count < 1) {
            turn_page(pages);
            continue;
        }
        put(pages, (page_piece){.block = block, .first_line = first, .line_count = count});
        pages->y += count * block->leading;
        first += count;
        if (first < block->line_count) {
            turn_page(pages);
        }
    }
}

static void place(paging *pages, size_t at) {
    const tf_block *block = pages->pdf->blocks[at];
    bool is_at_top = pages->y <= TF_PAGE_TOP;
    if (block->kind == TF_BLOCK_BREAK) {
        if (!is_at_top) {
            turn_page(pages);
        }
        return;
    }
    double before = is_at_top ? 0 : block->before;
    if (!is_at_top && pages->y + before + need_of_kept(pages->pdf, at) > TF_PAGE_BOTTOM) {
        turn_page(pages);
        before = 0;
        if (block->kind == TF_BLOCK_ROW && !block->is_head) {
            put(pages, (page_piece){.block = block->group->head, .is_repeated = true});
            pages->y += block->group->head->height;
        }
    }
    pages->y += before;
    if (block->kind == TF_BLOCK_TEXT) {
        place_lines(pages, block);
    } else {
        put(pages, (page_piece){.block = block});
        pages->y += block->height;
    }
}

/* ---- structure ---- */

static tf_element *begin(tf_pdf *pdf, const char *tag) {
    tf_structure *structure = &pdf->structure;
    if (!pdf->status) {
        pdf->status = tf_reserve(&structure->elements, &structure->capacity, structure->count + 1,
                                 sizeof *structure->elements, &pdf->error);
    }
    if (pdf->status) {
        return NULL;
    }
    tf_canvas_begin(pdf->canvas, tag);
    tf_element *element = &structure->elements[structure->count++];
    *element = (tf_element){.tag = tag};
    return element;
}

static void end(tf_pdf *pdf, const char *tag) {
    if (!pdf->status) {
        tf_canvas_end(pdf->canvas, tag);
    }
}

static void draw_leaf(tf_pdf *pdf, const char *tag, tf_canvas_text *text, double x, double y) {
    begin(pdf, tag);
    tf_canvas_draw_text(pdf->canvas, text, 0, tf_canvas_line_count(text), x, y, false);
    end(pdf, tag);
}

/* ---- drawing ---- */

/* Words on one page are one element; on several, one with a span on each.  cairo takes what is
 * drawn in an element with others inside for decoration. */
static void draw_words(tf_pdf *pdf, const page_piece *piece) {
    const tf_block *block = piece->block;
    bool is_first = piece->first_line == 0;
    bool is_last = piece->first_line + piece->line_count == block->line_count;
    bool is_item = strcmp(block->tag, "LI") == 0;
    const char *tag = is_item ? "LBody" : block->tag;
    bool is_term = is_item && !block->group->has_marks;
    bool has_spans = is_term || !is_first || !is_last;
    if (is_first && is_item) {
        begin(pdf, "LI");
        if (!is_term) {
            draw_leaf(pdf, "Lbl", block->mark, TF_PAGE_LEFT + 2, piece->y);
        }
    }
    if (is_first && has_spans) {
        begin(pdf, tag);
        if (is_term) {
            draw_leaf(pdf, "Span", block->mark, TF_PAGE_LEFT, piece->y);
        }
    }
    begin(pdf, has_spans ? "Span" : tag);
    tf_canvas_draw_text(pdf->canvas, block->text, piece->first_line, piece->line_count, block->left,
                        piece->y, false);
    end(pdf, has_spans ? "Span" : tag);
    if (is_last && has_spans) {
        end(pdf, tag);
    }
    if (is_last && is_item) {
        end(pdf, "LI");
    }
    if (is_first && block->outline) {
        tf_canvas_outline(pdf->canvas, block->outline, piece->page, piece->y);
    }
}

static void draw_facts(tf_pdf *pdf, const page_piece *piece) {
    const tf_block *block = piece->block;
    for (size_t i = 0; i < block->cell_count; i++) {
        double x = TF_PAGE_LEFT + (double)i * block->width;
        double right = i + 1 < block->cell_count ? x + block->width - TF_FACT_GAP : TF_PAGE_RIGHT;
        tf_canvas_fill(pdf->canvas, x, piece->y, right - x, 1.5, 0);
        begin(pdf, "P");
        for (size_t part = 0; part < 3; part++) {
            draw_leaf(pdf, "Span", block->cells[3 * i + part], x, piece->y + block->tops[part]);
        }
        end(pdf, "P");
    }
}

static void draw_figure(tf_pdf *pdf, const page_piece *piece) {
    const tf_block *block = piece->block;
    tf_element *figure = begin(pdf, "Figure");
    if (figure) {
        figure->alternative = block->alternative;
        figure->has_box = true;
        figure->box[0] = TF_PAGE_LEFT;
        figure->box[1] = TF_PAGE_HEIGHT_PT - piece->y - block->height;
        figure->box[2] = TF_PAGE_LEFT + block->width;
        figure->box[3] = TF_PAGE_HEIGHT_PT - piece->y;
        tf_canvas_draw_drawing(pdf->canvas, block->drawing, TF_PAGE_LEFT, piece->y, block->width);
    }
    end(pdf, "Figure");
}

static void draw_cell(tf_pdf *pdf, const page_piece *piece, size_t column) {
    const tf_block *block = piece->block;
    const tf_block_group *table = block->group;
    tf_canvas_text *text = block->cells[column];
    int lines = tf_canvas_line_count(text);
    double y = piece->y + TF_CELL_PAD;
    if (block->is_head) { /* heads of different heights stand on one line */
        y = piece->y + block->height - TF_CELL_PAD - lines * block->leading;
    }
    bool is_number = table->is_number[column];
    tf_canvas_draw_text(pdf->canvas, text, 0, lines, table->edges[column][is_number], y, is_number);
}

static void draw_row(tf_pdf *pdf, const page_piece *piece) {
    const tf_block *block = piece->block;
    const tf_block_group *table = block->group;
    double below = piece->y + block->height;
    double rule = block->is_head ? 0.8 : 0.3;
    tf_canvas_fill(pdf->canvas, TF_PAGE_LEFT, below - rule, TF_PAGE_RIGHT - TF_PAGE_LEFT, rule,
                   block->is_head ? 0 : 0.7);
    if (block->bar > 0) {
        double most = TF_PAGE_RIGHT - table->bar_left;
        tf_canvas_fill(pdf->canvas, table->bar_left, piece->y + TF_CELL_PAD + 2.5,
                       fmax(0.5, most * block->bar), 7, 0.35);
    }
    if (piece->is_repeated) {
        for (size_t i = 0; i < block->cell_count; i++) {
            draw_cell(pdf, piece, i);
        }
        return;
    }
    begin(pdf, "TR");
    for (size_t i = 0; i < block->cell_count; i++) {
        const char *tag = block->is_head || i == 0 ? "TH" : "TD";
        tf_element *cell = begin(pdf, tag);
        if (cell && (block->is_head || i == 0)) {
            cell->attributes =
                block->is_head ? "<< /O /Table /Scope /Column >>" : "<< /O /Table /Scope /Row >>";
        }
        draw_cell(pdf, piece, i);
        end(pdf, tag);
    }
    end(pdf, "TR");
}

/* Last on its page: that is how it is known for its foot (artifacts_internal.h). */
static void draw_foot(tf_pdf *pdf, int page, int page_count) {
    char number[48];
    snprintf(number, sizeof number, "Page %d of %d", page, page_count);
    const double top = TF_PAGE_BOTTOM + 20;
    tf_canvas_text *left = tf_canvas_set_text(pdf->canvas, pdf->about.footer, &foot_type,
                                              TF_PAGE_RIGHT - TF_PAGE_LEFT - 70, 1);
    tf_canvas_text *right = tf_canvas_set_text(pdf->canvas, number, &foot_type, 70, 1);
    tf_canvas_fill(pdf->canvas, TF_PAGE_LEFT, top - 5, TF_PAGE_RIGHT - TF_PAGE_LEFT, 0.35, 0.4);
    tf_canvas_draw_text(pdf->canvas, left, 0, 1, TF_PAGE_LEFT, top, false);
    tf_canvas_draw_text(pdf->canvas, right, 0, 1, TF_PAGE_RIGHT, top, true);
    tf_canvas_end_page(pdf->canvas);
}

static void begin_group(tf_pdf *pdf, const tf_block_group *group) {
    tf_element *element = begin(pdf, group->tag);
    if (element && group->has_marks) {
        element->attributes = "<< /O /List /ListNumbering /Disc >>";
    }
}

static void draw(tf_pdf *pdf, const paging *pages) {
    const tf_block_group *group = NULL;
    int page = 1;
    begin(pdf, "Document");
    for (size_t i = 0; i < pages->count && !pdf->status; i++) {
        const page_piece *piece = &pages->pieces[i];
        const tf_block *block = piece->block;
        if (group && block->group != group) {
            end(pdf, group->tag);
        }
        for (; page < piece->page; page++) {
            draw_foot(pdf, page, pages->page);
        }
        if (block->group && block->group != group) {
            begin_group(pdf, block->group);
        }
        group = block->group;
        switch (block->kind) {
        case TF_BLOCK_TEXT:
            draw_words(pdf, piece);
            break;
        case TF_BLOCK_FACTS:
            draw_facts(pdf, piece);
            break;
        case TF_BLOCK_FIGURE:
            draw_figure(pdf, piece);
            break;
        case TF_BLOCK_ROW:
            draw_row(pdf, piece);
            break;
        case TF_BLOCK_BREAK:
            break;
        }
    }
    if (group) {
        end(pdf, group->tag);
    }
    end(pdf, "Document");
    draw_foot(pdf, page, pages->page);
}

void tf_pdf_draw_pages(tf_pdf *pdf) {
    paging pages = {.pdf = pdf, .page = 1, .y = TF_PAGE_TOP};
    for (size_t i = 0; i < pdf->block_count && !pdf->status; i++) {
        place(&pages, i);
    }
    if (!pdf->status) {
        draw(pdf, &pages);
    }
    tf_free(pages.pieces);
}

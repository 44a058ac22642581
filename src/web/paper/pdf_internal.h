/* A document as a list of blocks: made by the calls of pdf.h, put on pages by pages.c. */
#ifndef WEB_PAPER_PDF_INTERNAL_H
#define WEB_PAPER_PDF_INTERNAL_H

#include "canvas_internal.h"
#include "pdf.h"
#include "structure_internal.h"
#include "trefoil/base/memory.h"

/* A4, in points.  The left margin has room for punched holes (ISO 838: 12 mm and 6 mm wide). */
static const double TF_PAGE_WIDTH_PT = 595.276;
static const double TF_PAGE_HEIGHT_PT = 841.89;
static const double TF_PAGE_LEFT = 65;
static const double TF_PAGE_RIGHT = 549;
static const double TF_PAGE_TOP = 51;
static const double TF_PAGE_BOTTOM = 779;
static const double TF_FACT_GAP = 14;
static const double TF_CELL_GAP = 8;
static const double TF_CELL_PAD = 2;

typedef enum tf_block_kind {
    TF_BLOCK_TEXT,
    TF_BLOCK_FACTS,
    TF_BLOCK_FIGURE,
    TF_BLOCK_ROW,
    TF_BLOCK_BREAK,
} tf_block_kind;

/* What holds several blocks: a list or a table. */
typedef struct tf_block_group {
    const char *tag; /* "L", "Table" */
    bool has_marks;
    const struct tf_block *head; /* the row that is said again on each page */
    size_t row_count;            /* without the head */
    size_t column_count;
    double edges[TF_PDF_MOST_COLUMNS][2]; /* left and right of each column */
    bool is_number[TF_PDF_MOST_COLUMNS];
    double bar_left; /* TF_PAGE_RIGHT without bars */
} tf_block_group;

typedef struct tf_block {
    tf_block_kind kind;
    const char *tag; /* of words: "H1", "P", "LI", ... */
    const tf_block_group *group;
    double before;  /* the space above it, which is none at the top of a page */
    double height;  /* of what is not broken over pages */
    double leading; /* of words, which are */
    double left;
    int line_count;
    bool keeps_next; /* stays on the page of what follows */
    bool is_head;
    const char *outline; /* its entry there */
    const char *alternative;
    double bar;
    double width; /* of a drawing */
    tf_canvas_text *mark;
    tf_canvas_text *text;
    tf_canvas_text **cells; /* of a row, or three of each fact */
    double *tops;           /* of facts: where the three start */
    size_t cell_count;
    tf_canvas_drawing *drawing;
} tf_block;

struct tf_pdf {
    tf_arena *arena; /* of the blocks and all words */
    tf_canvas *canvas;
    tf_buffer drawn; /* what cairo wrote, before its structure is completed */
    tf_pdf_about about;
    tf_block **blocks;
    size_t block_count;
    size_t block_capacity;
    tf_block_group *group; /* that the last block is in */
    tf_structure structure;
    tf_status status;
    tf_error error;
};

/* Put the blocks on pages and draw them.  A failed allocation is left in pdf->status. */
void tf_pdf_draw_pages(tf_pdf *pdf);

#endif

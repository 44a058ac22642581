/* A document made to be read on paper: A4 upright in black and grey, with a margin for binding, and
 * with the structure that a screen reader follows (tagged PDF, ISO 14289-1).
 *
 * The caller says what comes after what; the document sets it in lines and pages: a heading stays
 * with what it heads, no single line of a paragraph is left alone, a table says its head again on
 * each page.  Words may hold anything and are copied; those that cannot be printed are replaced.
 *
 * A fault stays in the document: what follows does nothing, and tf_pdf_finish tells it.  The same
 * calls give the same bytes.  A document is one thread's at a time. */
#ifndef WEB_PAPER_PDF_H
#define WEB_PAPER_PDF_H

#include "trefoil/base/text.h"

typedef struct tf_pdf tf_pdf;

typedef struct tf_pdf_about {
    const char *title;
    const char *subject;
    const char *language; /* "en-GB" */
    const char *creator;
    const char *footer; /* stands at the foot of each page, before its number */
    int32_t date;       /* days since 1970; of the data, as the document has no other */
} tf_pdf_about;

/* Errors: TF_NO_MEMORY. */
tf_status tf_pdf_new(const tf_pdf_about *about, tf_pdf **pdf_out, tf_error *error);
void tf_pdf_free(tf_pdf *pdf); /* accepts NULL */

/* Lay out the pages and append the whole document to `out`, which is unchanged after an error.
 * O(words + rows).  Errors: TF_NO_MEMORY; TF_BAD_INPUT for a drawing that is none. */
tf_status tf_pdf_finish(tf_pdf *pdf, tf_buffer *out, tf_error *error);

/* ---- words ---- */

typedef enum tf_pdf_style {
    TF_PDF_BODY,
    TF_PDF_LEAD,  /* under a title */
    TF_PDF_SMALL, /* what is read last */
} tf_pdf_style;

void tf_pdf_title(tf_pdf *pdf, const char *words);   /* once, first */
void tf_pdf_heading(tf_pdf *pdf, const char *words); /* of a section; in the outline too */
void tf_pdf_subheading(tf_pdf *pdf, const char *words);
void tf_pdf_paragraph(tf_pdf *pdf, tf_pdf_style style, const char *words);

/* An item of a list; those that follow each other are one list. */
void tf_pdf_item(tf_pdf *pdf, const char *words);

/* What a term means; those that follow each other are one list. */
void tf_pdf_term(tf_pdf *pdf, const char *term, const char *words);

void tf_pdf_page_break(tf_pdf *pdf);

/* ---- figures ---- */

enum { TF_PDF_MOST_FACTS = 4, TF_PDF_MOST_COLUMNS = 8 };

typedef struct tf_pdf_fact {
    const char *label;
    const char *value; /* large; NULL where it is not known */
    const char *detail;
} tf_pdf_fact;

/* Up to TF_PDF_MOST_FACTS figures beside each other. */
void tf_pdf_facts(tf_pdf *pdf, const tf_pdf_fact *facts, size_t count);

/* A drawing across the page, or `share` of it.  `alternative` says what it shows to those who do
 * not see it; the caption may be NULL. */
void tf_pdf_figure(tf_pdf *pdf, tf_text svg, double share, const char *alternative,
                   const char *caption);

/* ---- tables ---- */

typedef struct tf_pdf_column {
    const char *title;
    double width;   /* in parts of the sum of all columns' */
    bool is_number; /* set flush right */
} tf_pdf_column;

/* A table with a title (may be NULL); `bar_width` is a share of the page kept free for bars on the
 * right, 0 for none.  The first column names the row. */
void tf_pdf_table(tf_pdf *pdf, const char *title, const tf_pdf_column *columns, size_t column_count,
                  double bar_width);

/* A row of the table that was begun last: a text for each column (NULL is ""), and the length of
 * its bar, 0 to 1; below 0 for none. */
void tf_pdf_row(tf_pdf *pdf, const char *const *cells, double bar);

#endif

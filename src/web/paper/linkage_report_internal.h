/* What the parts of the report of a linkage share. */
#ifndef WEB_PAPER_LINKAGE_REPORT_INTERNAL_H
#define WEB_PAPER_LINKAGE_REPORT_INTERNAL_H

#include "trefoil/base/memory.h"
#include "web/html/html.h"
#include "web/paper/linkage_report.h"

/* A report while it is written. */
typedef struct tf_linkage_paper {
    const tf_linkage_report *report;
    tf_html *html;
    tf_arena *arena; /* of the texts that are shown */
    bool failed;     /* out of memory for one of them */
    tf_error *error;
} tf_linkage_paper;

/* ---- texts, which live as long as the report; "" when out of memory ---- */

const char *tf_linkage_say(tf_linkage_paper *paper, const char *format, ...) TF_PRINTF(2, 3);
const char *tf_linkage_take(tf_linkage_paper *paper, tf_buffer *words); /* and free the buffer */
const char *tf_linkage_count(tf_linkage_paper *paper, double count);    /* "1,734" */
const char *tf_linkage_percent(tf_linkage_paper *paper, double share);
const char *tf_linkage_probability(tf_linkage_paper *paper, double probability);
const char *tf_linkage_chance(tf_linkage_paper *paper, double probability);
const char *tf_linkage_weight(tf_linkage_paper *paper, double weight);

/* A value as it stood in the file, cut where it is very long; a dash where it is missing. */
const char *tf_linkage_value(tf_linkage_paper *paper, uint32_t record, uint32_t column);

/* "SOURCE 1234": a record's id, with its source where there are several. */
const char *tf_linkage_record_name(tf_linkage_paper *paper, uint32_t record);

/* Room in the arena, zeroed; NULL when out of memory, which is noted. */
void *tf_linkage_room(tf_linkage_paper *paper, size_t count, size_t size);

/* ---- parts of a page ---- */

void tf_linkage_section(tf_linkage_paper *paper, const char *id, const char *title); /* h2 */
void tf_linkage_subsection(tf_linkage_paper *paper, const char *title);              /* h3 */
void tf_linkage_paragraph(tf_linkage_paper *paper, const char *text);

typedef struct tf_linkage_head {
    const char *title;
    bool is_number;
} tf_linkage_head;

/* Cells in the order of the heads; the first of a row is its name. */
void tf_linkage_table_begin(tf_linkage_paper *paper, const char *caption,
                            const tf_linkage_head *heads, size_t head_count);
void tf_linkage_row_begin(tf_linkage_paper *paper, const char *name);
void tf_linkage_cell(tf_linkage_paper *paper, const char *text);
void tf_linkage_number(tf_linkage_paper *paper, const char *text);
void tf_linkage_row_end(tf_linkage_paper *paper);
void tf_linkage_table_end(tf_linkage_paper *paper);

/* ---- sections ---- */

typedef tf_status tf_linkage_part(tf_linkage_paper *paper);

tf_linkage_part tf_linkage_write_columns;
tf_linkage_part tf_linkage_write_unlinkable;
tf_linkage_part tf_linkage_write_weights;
tf_linkage_part tf_linkage_write_training;
tf_linkage_part tf_linkage_write_blocking;
tf_linkage_part tf_linkage_write_pairs;
tf_linkage_part tf_linkage_write_clusters;
tf_linkage_part tf_linkage_write_review;
tf_linkage_part tf_linkage_write_examples;

#endif

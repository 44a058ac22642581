/* How figures become tables. */
#ifndef INSIGHT_FIGURES_INTERNAL_H
#define INSIGHT_FIGURES_INTERNAL_H

#include "insight/figures.h"
#include "trefoil/table/builder.h"

/* A table under construction.  Values are put from left to right, row by row; what is not known is
 * put as NULL or NaN and becomes null. */
typedef struct tf_figure_rows {
    tf_builder *builder;
    size_t field; /* the next one */
    size_t field_count;
} tf_figure_rows;

void tf_figure_put_text(tf_figure_rows *rows, const char *text);
void tf_figure_put_count(tf_figure_rows *rows, int64_t count);
void tf_figure_put_number(tf_figure_rows *rows, double number);
void tf_figure_put_month(tf_figure_rows *rows, tf_month month);
void tf_figure_put_bool(tf_figure_rows *rows, bool value);
void tf_figure_put_null(tf_figure_rows *rows);

/* A kind of figure, and what writes its rows. */
typedef struct tf_figure_maker {
    tf_figure_kind kind;
    void (*fill)(tf_figure_rows *rows, const void *subject);
} tf_figure_maker;

const tf_figure_kind *tf_figure_maker_find(const tf_figure_maker *makers, size_t count,
                                           const char *name);
tf_status tf_figure_make(const tf_figure_maker *makers, size_t count, const char *name,
                         const void *subject, tf_table **table_out, tf_error *error);

#define TF_FIGURE_COLUMNS(columns) (columns), sizeof(columns) / sizeof *(columns)

/* What profiles and comparisons share. */
extern const tf_figure_column tf_figure_source_columns[4];
extern const tf_figure_column tf_figure_note_columns[1];
void tf_figure_fill_sources(tf_figure_rows *rows, const tf_profile_source *sources, size_t count);
void tf_figure_fill_notes(tf_figure_rows *rows, const char *const *notes, size_t count);

#endif

/* A figure's table in the formats of its download.  All of them are the same bytes for the same
 * figures, whenever they are made. */
#ifndef INSIGHT_DOWNLOAD_H
#define INSIGHT_DOWNLOAD_H

#include "insight/boundaries.h"
#include "insight/figures.h"

typedef enum tf_download_format {
    TF_DOWNLOAD_CSV,
    TF_DOWNLOAD_JSON,
    TF_DOWNLOAD_ARROW,
    TF_DOWNLOAD_XLSX,
    TF_DOWNLOAD_GEOJSON,
    TF_DOWNLOAD_COUNT,
} tf_download_format;

typedef struct tf_download_kind {
    const char *name;      /* "csv", in an address */
    const char *extension; /* "csv", "arrows" */
    const char *media_type;
    const char *title; /* "CSV" */
    bool is_binary;
    bool needs_geometry;
} tf_download_kind;

const tf_download_kind *tf_download_kind_of(tf_download_format format);
bool tf_download_find(const char *name, tf_download_format *format_out); /* by name */

/* Append one figure in `format`.  `boundaries` is needed for GeoJSON alone, and NULL otherwise; an
 * area without a boundary has a null geometry.
 *
 * CSV: RFC 4180, UTF-8 without a byte order mark, LF.  A text that a spreadsheet would take for a
 * formula (it starts with = + - @, a tab or a carriage return) gets an apostrophe before it, as
 * names come from other people's files; the other formats hold it as it is.
 * JSON: {figure, title, area, period, group, licence, columns, records, sources, notes}.
 * Arrow: the table as an IPC stream, zstd.
 * XLSX: one sheet of the figure and one of its sources.
 * GeoJSON: RFC 7946, a FeatureCollection whose features have the columns as properties.
 * Errors: TF_UNSUPPORTED for GeoJSON of a figure whose rows are no areas; TF_NO_MEMORY; those of
 * tf_xlsx_write. */
tf_status tf_download_write(const tf_figure_kind *kind, const tf_table *table,
                            const tf_figure_about *about, const tf_boundaries *boundaries,
                            tf_download_format format, tf_buffer *out, tf_error *error);

/* All figures of a profile or a comparison as one workbook, a sheet for each, the last on the
 * sources. */
tf_status tf_download_profile_workbook(const tf_profile *profile, tf_buffer *out, tf_error *error);
tf_status tf_download_comparison_workbook(const tf_comparison *comparison, tf_buffer *out,
                                          tf_error *error);

/* "trefoil-luton-drugs-2023-05-2024-04-small-areas.csv": letters, digits, hyphens, one dot.
 * `figure` may be NULL, for all of them. */
enum { TF_DOWNLOAD_NAME_SIZE = 200 };
char *tf_download_file_name(const tf_figure_about *about, const char *figure,
                            tf_download_format format, char *name);

/* A table as CSV with a header, as above: months (the first day of one) are "2023-02", null is an
 * empty field. */
void tf_download_csv(const tf_table *table, tf_buffer *out);

#endif

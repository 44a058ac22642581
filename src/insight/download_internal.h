/* The formats of a download that have a file of their own. */
#ifndef INSIGHT_DOWNLOAD_INTERNAL_H
#define INSIGHT_DOWNLOAD_INTERNAL_H

#include "insight/download.h"

void tf_download_json(const tf_figure_kind *kind, const tf_table *table,
                      const tf_figure_about *about, tf_buffer *out);
tf_status tf_download_geojson(const tf_figure_kind *kind, const tf_table *table,
                              const tf_figure_about *about, const tf_boundaries *boundaries,
                              tf_buffer *out, tf_error *error);
tf_status tf_download_workbook(const tf_figure_kind *kind, const tf_table *table,
                               const tf_figure_about *about, tf_buffer *out, tf_error *error);

#endif

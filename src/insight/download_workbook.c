#include "download_internal.h"

#include "trefoil/table/builder.h"

#include <stdio.h>

enum { MOST_SHEETS = 16, MOST_COLUMNS = 24, SOURCE_COLUMNS = 4 };

/* Sheets that are being gathered, and what they borrow. */
typedef struct sheet_list {
    tf_sheet sheets[MOST_SHEETS];
    tf_table *tables[MOST_SHEETS]; /* owned */
    tf_sheet_format formats[MOST_SHEETS][MOST_COLUMNS];
    size_t count;
} sheet_list;

static void sheet_list_deinit(sheet_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        tf_table_free(list->tables[i]);
    }
}

static void add_sheet(sheet_list *list, const tf_figure_kind *kind, const tf_table *table) {
    tf_sheet_format *formats = list->formats[list->count];
    for (size_t i = 0; i < kind->column_count && i < MOST_COLUMNS; i++) {
        formats[i] = kind->columns[i].format;
    }
    list->sheets[list->count++] = (tf_sheet){kind->title, table, formats};
}

static void put_line(tf_builder *rows, const char *item, const char *text) {
    tf_builder_append_text(rows, 0, tf_text_of(item));
    tf_builder_append_text(rows, 1, tf_text_of(text));
    tf_builder_append_null(rows, 2);
    tf_builder_append_null(rows, 3);
}

static void put_lines(tf_builder *rows, const tf_figure_about *about) {
    char from[TF_MONTH_TEXT_SIZE], to[TF_MONTH_TEXT_SIZE], period[2 * TF_MONTH_TEXT_SIZE + 8];
    snprintf(period, sizeof period, "%s to %s", tf_month_format(about->from, from),
             tf_month_format(about->to, to));
    put_line(rows, "Title", about->title);
    put_line(rows, "Area", about->area_name ? about->area_name : "all");
    put_line(rows, "Area code", about->area_code ? about->area_code : "all");
    put_line(rows, "Kind of area", about->layer);
    put_line(rows, "Period", period);
    put_line(rows, "Offences", about->group_title);
    put_line(rows, "Licence", TF_FIGURE_LICENCE);
    put_line(rows, "Licence's text", TF_FIGURE_LICENCE_URL);
    for (size_t i = 0; i < about->note_count; i++) {
        put_line(rows, "Note", about->notes[i]);
    }
    for (size_t i = 0; i < about->source_count; i++) {
        tf_builder_append_text(rows, 0, tf_text_of(about->sources[i].feed));
        tf_builder_append_text(rows, 1, tf_text_of(about->sources[i].file));
        tf_builder_append_text(rows, 2, tf_text_of(about->sources[i].sha256));
        tf_builder_append_int(rows, 3, about->sources[i].rows);
    }
}

/* The last sheet: what the figures are about, and where they come from. */
static tf_status add_sources(sheet_list *list, const tf_figure_about *about, tf_error *error) {
    static const tf_builder_field fields[SOURCE_COLUMNS] = {{"item", TF_TYPE_DICTIONARY, 0},
                                                            {"text", TF_TYPE_TEXT, 0},
                                                            {"sha256", TF_TYPE_TEXT, 0},
                                                            {"rows", TF_TYPE_INT64, 0}};
    tf_table *table = NULL;
    tf_builder *rows = tf_builder_new(fields, SOURCE_COLUMNS, error);
    if (!rows) {
        return TF_NO_MEMORY;
    }
    put_lines(rows, about);
    tf_status status = tf_builder_finish(rows, &table, error);
    tf_builder_free(rows);
    if (!status) {
        list->tables[list->count] = table;
        list->sheets[list->count++] = (tf_sheet){"Sources", table, NULL};
    }
    return status;
}

/* With the sheet of sources, as made at the end of the period: the same figures are the same
 * bytes. */
static tf_status write_workbook(sheet_list *list, const tf_figure_about *about, tf_buffer *out,
                                tf_error *error) {
    tf_status status = add_sources(list, about, error);
    if (status) {
        return status;
    }
    int64_t end = tf_month_first_day(about->to + 1) * TF_MICROSECONDS_A_DAY;
    tf_workbook_about properties = {.title = about->title,
                                    .subject = about->group_title,
                                    .comments = "Made by Trefoil. " TF_FIGURE_LICENCE ".",
                                    .created_at = end > 1000000 ? end : 1000000};
    return tf_xlsx_write(list->sheets, list->count, &properties, out, error);
}

tf_status tf_download_workbook(const tf_figure_kind *kind, const tf_table *table,
                               const tf_figure_about *about, tf_buffer *out, tf_error *error) {
    sheet_list list = {0};
    if (strcmp(kind->name, "sources") != 0) {
        add_sheet(&list, kind, table);
    }
    tf_status status = write_workbook(&list, about, out, error);
    sheet_list_deinit(&list);
    return status;
}

typedef tf_status make_table(const void *subject, const char *name, tf_table **table_out,
                             tf_error *error);

/* Every figure that the last sheet does not tell anyway. */
static tf_status add_figure(sheet_list *list, const tf_figure_kind *kind, make_table *make,
                            const void *subject, tf_error *error) {
    if (strcmp(kind->name, "sources") == 0 || strcmp(kind->name, "notes") == 0) {
        return TF_OK;
    }
    tf_table *table = NULL;
    tf_status status = make(subject, kind->name, &table, error);
    if (!status) {
        list->tables[list->count] = table;
        add_sheet(list, kind, table);
    }
    return status;
}

static tf_status make_of_profile(const void *subject, const char *name, tf_table **table_out,
                                 tf_error *error) {
    return tf_profile_figure_table(subject, name, table_out, error);
}

static tf_status make_of_comparison(const void *subject, const char *name, tf_table **table_out,
                                    tf_error *error) {
    return tf_comparison_figure_table(subject, name, table_out, error);
}

tf_status tf_download_profile_workbook(const tf_profile *profile, tf_buffer *out, tf_error *error) {
    sheet_list list = {0};
    tf_figure_about about;
    tf_figure_about_profile(profile, &about);
    tf_status status = TF_OK;
    for (size_t i = 0; i < tf_profile_figure_count() && !status; i++) {
        status = add_figure(&list, tf_profile_figure_kind(i), make_of_profile, profile, error);
    }
    if (!status) {
        status = write_workbook(&list, &about, out, error);
    }
    sheet_list_deinit(&list);
    return status;
}

tf_status tf_download_comparison_workbook(const tf_comparison *comparison, tf_buffer *out,
                                          tf_error *error) {
    sheet_list list = {0};
    tf_figure_about about;
    tf_figure_about_comparison(comparison, &about);
    tf_status status = TF_OK;
    for (size_t i = 0; i < tf_comparison_figure_count() && !status; i++) {
        status =
            add_figure(&list, tf_comparison_figure_kind(i), make_of_comparison, comparison, error);
    }
    if (!status) {
        status = write_workbook(&list, &about, out, error);
    }
    sheet_list_deinit(&list);
    return status;
}

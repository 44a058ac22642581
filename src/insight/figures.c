#include "figures_internal.h"

#include "insight/profile_words.h"

#include <math.h>
#include <stdio.h>

/* ---- rows ---- */

static size_t next_field(tf_figure_rows *rows) {
    size_t field = rows->field++;
    rows->field = rows->field == rows->field_count ? 0 : rows->field;
    return field;
}

void tf_figure_put_null(tf_figure_rows *rows) {
    tf_builder_append_null(rows->builder, next_field(rows));
}

void tf_figure_put_text(tf_figure_rows *rows, const char *text) {
    if (text) {
        tf_builder_append_text(rows->builder, next_field(rows), tf_text_of(text));
    } else {
        tf_figure_put_null(rows);
    }
}

void tf_figure_put_count(tf_figure_rows *rows, int64_t count) {
    tf_builder_append_int(rows->builder, next_field(rows), count);
}

void tf_figure_put_number(tf_figure_rows *rows, double number) {
    if (isfinite(number)) {
        tf_builder_append_double(rows->builder, next_field(rows), number);
    } else {
        tf_figure_put_null(rows);
    }
}

void tf_figure_put_month(tf_figure_rows *rows, tf_month month) {
    tf_builder_append_int(rows->builder, next_field(rows), tf_month_first_day(month));
}

void tf_figure_put_bool(tf_figure_rows *rows, bool value) {
    tf_builder_append_bool(rows->builder, next_field(rows), value);
}

/* ---- what is shared ---- */

const tf_figure_column tf_figure_source_columns[4] = {
    {"feed", TF_TYPE_DICTIONARY, TF_SHEET_PLAIN, "the kind of file"},
    {"file", TF_TYPE_TEXT, TF_SHEET_PLAIN, "its name"},
    {"sha256", TF_TYPE_TEXT, TF_SHEET_PLAIN, "its SHA-256, in hexadecimal"},
    {"rows", TF_TYPE_INT64, TF_SHEET_PLAIN, "rows of it that were accepted"},
};

const tf_figure_column tf_figure_note_columns[1] = {
    {"note", TF_TYPE_TEXT, TF_SHEET_PLAIN, "what a reader must know"},
};

void tf_figure_fill_sources(tf_figure_rows *rows, const tf_profile_source *sources, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tf_figure_put_text(rows, sources[i].feed);
        tf_figure_put_text(rows, sources[i].file);
        tf_figure_put_text(rows, sources[i].sha256);
        tf_figure_put_count(rows, sources[i].rows);
    }
}

void tf_figure_fill_notes(tf_figure_rows *rows, const char *const *notes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tf_figure_put_text(rows, notes[i]);
    }
}

/* ---- kinds ---- */

static const tf_figure_maker *find(const tf_figure_maker *makers, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(makers[i].kind.name, name) == 0) {
            return &makers[i];
        }
    }
    return NULL;
}

const tf_figure_kind *tf_figure_maker_find(const tf_figure_maker *makers, size_t count,
                                           const char *name) {
    const tf_figure_maker *maker = find(makers, count, name);
    return maker ? &maker->kind : NULL;
}

static tf_status fail_unknown(const tf_figure_maker *makers, size_t count, const char *name,
                              tf_error *error) {
    tf_buffer names;
    tf_buffer_init(&names);
    for (size_t i = 0; i < count; i++) {
        tf_buffer_format(&names, "%s%s", i ? ", " : "", makers[i].kind.name);
    }
    tf_status status =
        tf_fail(error, TF_NOT_FOUND, name, 0, "there is no such figure; there are %s",
                names.data ? names.data : "others");
    tf_buffer_deinit(&names);
    return status;
}

enum { MOST_COLUMNS = 24 };

tf_status tf_figure_make(const tf_figure_maker *makers, size_t count, const char *name,
                         const void *subject, tf_table **table_out, tf_error *error) {
    *table_out = NULL;
    const tf_figure_maker *maker = find(makers, count, name);
    if (!maker) {
        return fail_unknown(makers, count, name, error);
    }
    tf_builder_field fields[MOST_COLUMNS];
    size_t field_count = maker->kind.column_count;
    if (field_count > MOST_COLUMNS) {
        return tf_fail(error, TF_INTERNAL, name, 0, "this figure has more columns than expected");
    }
    for (size_t i = 0; i < field_count; i++) {
        fields[i] = (tf_builder_field){maker->kind.columns[i].name, maker->kind.columns[i].type, 0};
    }
    tf_figure_rows rows = {.builder = tf_builder_new(fields, field_count, error),
                           .field_count = field_count};
    if (!rows.builder) {
        return TF_NO_MEMORY;
    }
    maker->fill(&rows, subject);
    tf_status status = tf_builder_finish(rows.builder, table_out, error);
    tf_builder_free(rows.builder);
    return status;
}

/* ---- what a download says about itself ---- */

static void set_title(tf_figure_about *about, const char *subject) {
    tf_buffer period;
    tf_buffer_init(&period);
    tf_words_period(about->from, about->to, &period);
    snprintf(about->title, sizeof about->title, "%s: %s, %s", about->group_title, subject,
             period.data ? period.data : "");
    tf_buffer_deinit(&period);
}

void tf_figure_about_profile(const tf_profile *profile, tf_figure_about *about_out) {
    *about_out = (tf_figure_about){.area_code = profile->area_code,
                                   .area_name = profile->area_name,
                                   .layer = profile->layer,
                                   .from = profile->from,
                                   .to = profile->to,
                                   .group = profile->group,
                                   .group_title = profile->group_title,
                                   .sources = profile->sources,
                                   .source_count = profile->source_count,
                                   .notes = profile->notes,
                                   .note_count = profile->note_count};
    set_title(about_out, profile->area_name);
}

static const char *plural_of(tf_layer layer) {
    static const char *const plurals[TF_LAYER_COUNT] = {
        "forces", "local authorities", "community safety partnerships", "small areas"};
    return plurals[layer];
}

void tf_figure_about_comparison(const tf_comparison *comparison, tf_figure_about *about_out) {
    *about_out = (tf_figure_about){.area_code = comparison->within_code,
                                   .area_name = comparison->within_name,
                                   .layer = tf_layer_title(comparison->layer),
                                   .from = comparison->from,
                                   .to = comparison->to,
                                   .group = comparison->group,
                                   .group_title = comparison->group_title,
                                   .sources = comparison->sources,
                                   .source_count = comparison->source_count,
                                   .notes = comparison->notes,
                                   .note_count = comparison->note_count};
    char subject[TF_FIGURE_TITLE_SIZE / 2];
    if (comparison->within_name) {
        snprintf(subject, sizeof subject, "%s of %s", plural_of(comparison->layer),
                 comparison->within_name);
    } else {
        snprintf(subject, sizeof subject, "all %s", plural_of(comparison->layer));
    }
    set_title(about_out, subject);
}

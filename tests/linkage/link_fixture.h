/* Records from CSV, models from settings, and both together. */
#ifndef TREFOIL_TESTS_LINKAGE_LINK_FIXTURE_H
#define TREFOIL_TESTS_LINKAGE_LINK_FIXTURE_H

#include "check.h"

#include "trefoil/base/memory.h"
#include "trefoil/linkage/model_json.h"
#include "trefoil/linkage/predict.h"
#include "trefoil/table/csv.h"

enum { FIXTURE_MOST_COLUMNS = 64 };

typedef struct fixture_loading {
    tf_link_loader *loader;
    const char *source;
} fixture_loading;

static inline tf_status fixture_take(void *context, tf_csv_batch *batch, tf_error *error) {
    fixture_loading *to = context;
    tf_link_lines lines = {batch->first_line, batch->row_line};
    return tf_link_loader_add(to->loader, tf_text_of(to->source), batch->table, &lines, error);
}

/* The rows of a CSV text, all columns as text; names without the blanks around them. */
static inline tf_status load_csv(tf_link_loader *loader, const char *source, const char *csv,
                                 size_t length, tf_error *error) {
    char **names = NULL;
    size_t count = 0;
    tf_csv_field fields[FIXTURE_MOST_COLUMNS];
    char trimmed[FIXTURE_MOST_COLUMNS][80];
    tf_source *bytes = NULL;
    tf_csv_counts counts;
    tf_status status = tf_csv_header(csv, length < 65536 ? length : 65536, &names, &count, error);
    if (status || count > FIXTURE_MOST_COLUMNS) {
        tf_free(names);
        return status ? status : TF_UNSUPPORTED;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(trimmed[i], sizeof trimmed[i], "%.*s",
                 TF_TEXT_ARG(tf_text_trim(tf_text_of(names[i]))));
        fields[i] = (tf_csv_field){names[i], trimmed[i], TF_CSV_DICTIONARY, 0, false};
    }
    fixture_loading to = {loader, source};
    tf_csv_options options = {.fields = fields, .field_count = count, .thread_count = 1};
    tf_csv_handler handler = {.on_batch = fixture_take, .context = &to};
    status = tf_source_open_memory(csv, length, "test", &bytes, error);
    if (!status) {
        status = tf_csv_read(bytes, &options, &handler, &counts, error);
    }
    tf_source_close(bytes);
    tf_free(names);
    return status;
}

/* Records of one source or, with a `source_column`, of those it names. */
static inline tf_link_records *records_of(const char *csv, const char *id_column,
                                          const char *source_column) {
    tf_link_loader_options options = {.id_column = id_column, .source_column = source_column};
    tf_link_loader *loader;
    tf_link_records *records;
    tf_error error;
    assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
    assert_ok(load_csv(loader, "people", csv, strlen(csv), &error), &error);
    assert_ok(tf_link_loader_finish(loader, &records, &error), &error);
    tf_link_loader_free(loader);
    return records;
}

static inline tf_link_model *model_of(const char *json) {
    tf_link_model *model;
    tf_error error;
    assert_ok(tf_link_model_read(tf_text_of(json), &model, &error), &error);
    return model;
}

static inline tf_link_matcher *matcher_of(const tf_link_model *model,
                                          const tf_link_records *records, int thread_count) {
    tf_link_work work = {.thread_count = thread_count, .seed = 1};
    tf_link_matcher *matcher;
    tf_error error;
    assert_ok(tf_link_matcher_new(model, records, &work, &matcher, &error), &error);
    return matcher;
}

static inline tf_link_prediction predict_with(tf_link_matcher *matcher,
                                              tf_link_predict_options options) {
    tf_link_prediction prediction;
    tf_error error;
    assert_ok(tf_link_predict(matcher, &options, &prediction, &error), &error);
    return prediction;
}

/* The whole of a file, terminated; freed by the caller with free. */
static inline char *file_text(const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    text[size] = '\0';
    fclose(file);
    return text;
}

#endif

/* Settings, a zero byte, and a small file of CSV: records are loaded, learnt from where the
 * settings leave something open, predicted in both ways and clustered.  What blocks give is among
 * all pairs, with the same weight. */
#include "trefoil/linkage/entities.h"
#include "trefoil/linkage/learn.h"
#include "trefoil/linkage/model_json.h"
#include "trefoil/table/csv.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 8192, MOST_COLUMNS = 24, MOST_RECORDS = 60 };

static tf_status take_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    tf_link_lines lines = {batch->first_line, batch->row_line};
    if (batch->table->row_count > MOST_RECORDS) {
        return TF_BAD_INPUT;
    }
    return tf_link_loader_add(context, tf_text_of("file"), batch->table, &lines, error);
}

static tf_status load(tf_link_loader *loader, const char *csv, size_t length, tf_error *error) {
    char **names = NULL;
    size_t count = 0;
    tf_csv_field fields[MOST_COLUMNS];
    tf_source *source = NULL;
    tf_csv_counts counts;
    tf_status status = tf_csv_header(csv, length, &names, &count, error);
    if (!status && count > MOST_COLUMNS) {
        status = TF_BAD_INPUT;
    }
    for (size_t i = 0; i < count && !status; i++) {
        tf_csv_type type = i % 3 ? TF_CSV_DICTIONARY : TF_CSV_TEXT;
        fields[i] = (tf_csv_field){names[i], names[i], type, 0, false};
    }
    tf_csv_options options = {.fields = fields, .field_count = count, .thread_count = 1};
    tf_csv_handler handler = {.on_batch = take_batch, .context = loader};
    if (!status) {
        status = tf_source_open_memory(csv, length, "file", &source, error);
    }
    if (!status) {
        status = tf_csv_read(source, &options, &handler, &counts, error);
    }
    tf_source_close(source);
    tf_free(names);
    return status;
}

static tf_status read_records(const tf_link_model *model, const char *csv, size_t length,
                              tf_link_records **records_out, tf_error *error) {
    tf_link_loader_options options = {.source_column = model->source_column};
    tf_link_loader *loader;
    *records_out = NULL;
    tf_status status = tf_link_loader_new(&options, &loader, error);
    if (!status) {
        status = load(loader, csv, length, error);
        status = status ? status : tf_link_loader_finish(loader, records_out, error);
        tf_link_loader_free(loader);
    }
    return status;
}

static void check_pairs(const tf_link_prediction *all, const tf_link_prediction *blocked) {
    size_t at = 0;
    for (size_t i = 0; i < blocked->pair_count; i++) {
        const tf_link_pair *pair = &blocked->pairs[i];
        while (at < all->pair_count &&
               (all->pairs[at].left < pair->left ||
                (all->pairs[at].left == pair->left && all->pairs[at].right < pair->right))) {
            at++;
        }
        if (pair->left >= pair->right || isnan(pair->weight) || at == all->pair_count ||
            all->pairs[at].left != pair->left || all->pairs[at].right != pair->right ||
            all->pairs[at].weight != pair->weight) {
            abort();
        }
    }
}

static void link_records(tf_link_model *model, const tf_link_records *records) {
    static const tf_standardiser plain = {0};
    tf_link_work work = {.standardiser = &plain, .thread_count = 1};
    tf_link_learn_options learn = {.random_pairs = 500};
    tf_link_predict_options options = {.method = TF_LINK_EXHAUSTIVE, .threshold = -1000};
    tf_link_matcher *matcher;
    tf_link_learning learning;
    tf_link_prediction all = {0}, blocked = {0};
    tf_clusters *clusters = NULL;
    tf_cluster_options cluster;
    tf_error error;
    tf_cluster_options_init(&cluster);
    cluster.thread_count = 1;
    if (tf_link_matcher_new(model, records, &work, &matcher, &error) != TF_OK) {
        return;
    }
    tf_status status = tf_link_predict(matcher, &options, &all, &error);
    if (status == TF_BAD_INPUT) { /* something is left to learn */
        status = tf_link_learn(matcher, model, &learn, &learning, &error);
        status = status ? status : tf_link_predict(matcher, &options, &all, &error);
    }
    if (!status) {
        options.method = TF_LINK_BLOCKED;
        status = tf_link_predict(matcher, &options, &blocked, &error);
    }
    if (!status) {
        check_pairs(&all, &blocked);
        status = tf_link_cluster(matcher, &blocked, &cluster, NULL, 0, NULL, &clusters, &error);
    }
    if (!status && clusters->record_count != tf_link_records_count(records)) {
        abort();
    }
    tf_clusters_free(clusters);
    tf_link_prediction_deinit(&all);
    tf_link_prediction_deinit(&blocked);
    tf_link_matcher_free(matcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *end = size <= MOST_BYTES ? memchr(data, '\0', size) : NULL;
    tf_link_model *model;
    tf_link_records *records;
    tf_error error;
    if (!end || tf_link_model_read((tf_text){(const char *)data, (size_t)(end - data)}, &model,
                                   &error) != TF_OK) {
        return 0;
    }
    const char *csv = (const char *)end + 1;
    if (read_records(model, csv, size - (size_t)(end + 1 - data), &records, &error) == TF_OK) {
        if (tf_link_records_count(records) <= MOST_RECORDS) {
            link_records(model, records);
        }
        tf_link_records_free(records);
    }
    tf_link_model_free(model);
    return 0;
}

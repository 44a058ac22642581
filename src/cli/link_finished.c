#include "cli/link_finished.h"

#include "cli/text_numbers.h"
#include "trefoil/base/json_read.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static tf_status name_file(const char *folder, const char *name, char path_out[TF_OUTPUT_PATH_SIZE],
                           tf_error *error) {
    int length = snprintf(path_out, TF_OUTPUT_PATH_SIZE, "%s/%s", folder, name);
    return length > 0 && length < TF_OUTPUT_PATH_SIZE
               ? TF_OK
               : tf_fail(error, TF_BAD_INPUT, NULL, 0, "the folder's name is too long");
}

static tf_status read_manifest(tf_link_finished *finished, tf_error *error) {
    char path[TF_OUTPUT_PATH_SIZE];
    tf_buffer json;
    tf_json_value *root = NULL;
    tf_text type = {0};
    tf_buffer_init(&json);
    tf_status status = name_file(finished->folder, "manifest.json", path, error);
    if (!status) {
        status = tf_link_read_bytes(path, &json, error);
    }
    if (!status) {
        status = tf_json_parse((tf_text){json.data, json.length}, 1, "the manifest", &root, error);
    }
    if (!status && (!tf_json_get_number(tf_json_member(root, "threshold"), &finished->threshold) ||
                    !tf_json_get_text(tf_json_member(root, "link_type"), &type))) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "is no manifest of a linkage; name the folder that link dedupe wrote");
    }
    for (int i = 0; !status && tf_link_type_words[i]; i++) {
        if (tf_text_equal(type, tf_text_of(tf_link_type_words[i]))) {
            finished->type = (tf_link_type)i;
        }
    }
    tf_error_set_place(status ? error : NULL, path);
    tf_json_free(root);
    tf_buffer_deinit(&json);
    return status;
}

static tf_status number_clusters(tf_link_finished *finished, tf_error *error) {
    const tf_link_records *records = finished->input.records;
    uint32_t column = tf_link_records_column(records, tf_text_of("cluster_id"));
    uint32_t count = tf_link_records_count(records);
    tf_text_numbers numbers = {0};
    if (column == UINT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, finished->folder, 0,
                       "the clusters.csv in it has no column cluster_id");
    }
    finished->clusters = tf_alloc(count, sizeof *finished->clusters);
    tf_status status = finished->clusters ? TF_OK : tf_fail_no_memory(error);
    for (uint32_t i = 0; i < count && !status; i++) {
        status = tf_text_number(&numbers, tf_link_records_value(records, i, column),
                                &finished->clusters[i], error);
    }
    tf_text_numbers_deinit(&numbers);
    return status;
}

static tf_status read_clusters(tf_link_finished *finished, int threads, tf_error *error) {
    char path[TF_OUTPUT_PATH_SIZE];
    char *paths[] = {path};
    tf_link_tables tables = {0};
    tf_link_progress progress = {0};
    tf_link_settings settings = {
        .id_column = "unique_id", .source_column = "source", .threads = threads};
    tf_status status = name_file(finished->folder, "clusters.csv", path, error);
    if (status || access(path, F_OK) != 0) {
        return status;
    }
    status = tf_link_read(paths, 1, &settings, &tables, NULL, &progress, &finished->input, error);
    return status ? status : number_clusters(finished, error);
}

/* Whether both name the same records, in the same order. */
static bool are_equal(const tf_link_records *a, const tf_link_records *b) {
    uint32_t count = tf_link_records_count(a);
    bool is_equal = count == tf_link_records_count(b) &&
                    tf_link_records_source_count(a) == tf_link_records_source_count(b);
    for (uint16_t i = 0; is_equal && i < tf_link_records_source_count(a); i++) {
        is_equal =
            tf_text_equal(tf_link_records_source_name(a, i), tf_link_records_source_name(b, i));
    }
    for (uint32_t i = 0; is_equal && i < count; i++) {
        is_equal = tf_link_records_source(a, i) == tf_link_records_source(b, i) &&
                   tf_text_equal(tf_link_records_id(a, i), tf_link_records_id(b, i));
    }
    return is_equal;
}

static int compare_pairs(const void *a, const void *b) {
    const tf_evaluate_pair *x = a, *y = b;
    return x->left != y->left     ? (x->left < y->left ? -1 : 1)
           : x->right != y->right ? (x->right < y->right ? -1 : 1)
                                  : 0;
}

static tf_status read_pairs(tf_link_finished *finished, const tf_link_records *records, int threads,
                            tf_error *error) {
    char path[TF_OUTPUT_PATH_SIZE];
    tf_status status = name_file(finished->folder, "pairs.csv", path, error);
    if (status || access(path, F_OK) != 0) {
        return status;
    }
    status = tf_link_read_pairs(path, TF_LINK_PAIR_WEIGHT, records, threads, &finished->pairs,
                                &finished->pair_count, error);
    finished->has_pairs = !status;
    for (size_t i = 0; i < finished->pair_count; i++) {
        tf_evaluate_pair *pair = &finished->pairs[i];
        if (pair->left > pair->right) {
            *pair = (tf_evaluate_pair){pair->right, pair->left, pair->weight};
        }
    }
    if (finished->pair_count) {
        qsort(finished->pairs, finished->pair_count, sizeof *finished->pairs, compare_pairs);
    }
    return status;
}

tf_status tf_link_finished_read(const char *folder, const tf_link_records *records, int threads,
                                tf_link_finished *finished_out, tf_error *error) {
    *finished_out = (tf_link_finished){.folder = folder};
    tf_buffer_init(&finished_out->input.rejects);
    tf_buffer_init(&finished_out->input.first_reject);
    tf_status status = read_manifest(finished_out, error);
    if (!status) {
        status = read_clusters(finished_out, threads, error);
    }
    const tf_link_records *own = status ? NULL : finished_out->input.records;
    if (!status && own && records && !are_equal(records, own)) {
        status = tf_fail(error, TF_BAD_INPUT, folder, 0,
                         "its %u records are not the %u that were read now; give the files that "
                         "were linked, and --id and --source as then",
                         tf_link_records_count(own), tf_link_records_count(records));
    }
    if (!status && !own && !records) {
        status = tf_fail(error, TF_BAD_INPUT, folder, 0,
                         "has no clusters.csv; give the files of the records as well");
    }
    return status ? status : read_pairs(finished_out, records ? records : own, threads, error);
}

void tf_link_finished_deinit(tf_link_finished *finished) {
    tf_link_input_deinit(&finished->input);
    tf_free(finished->clusters);
    tf_free(finished->pairs);
    *finished = (tf_link_finished){0};
}

double tf_link_finished_weight(const tf_link_finished *finished, uint32_t left, uint32_t right) {
    tf_evaluate_pair wanted = {left < right ? left : right, left < right ? right : left, 0};
    const tf_evaluate_pair *found =
        finished->pair_count
            ? bsearch(&wanted, finished->pairs, finished->pair_count, sizeof wanted, compare_pairs)
            : NULL;
    return found ? found->weight : -INFINITY;
}

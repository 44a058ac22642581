/* The record of a linkage: what it was made of, and how. */
#include "cli/link.h"

#include "trefoil/base/json.h"

static const char *bare_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void put_file(tf_json *json, const char *key, const char *path, const char *sha256) {
    tf_json_key(json, key);
    if (!path) {
        tf_json_null(json);
        return;
    }
    tf_json_open_object(json);
    tf_json_put_string(json, "file", bare_name(path));
    tf_json_put_string(json, "sha256", sha256);
    tf_json_close_object(json);
}

static void put_inputs(tf_json *json, const tf_link_input *input) {
    tf_json_key(json, "inputs");
    tf_json_open_array(json);
    for (size_t i = 0; i < input->file_count; i++) {
        const tf_link_file *file = &input->files[i];
        tf_json_open_object(json);
        tf_json_put_string(json, "file", bare_name(file->path));
        tf_json_put_string(json, "sha256", file->sha256);
        tf_json_put_int(json, "rows", file->rows);
        tf_json_put_int(json, "rejected", file->rejected);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void put_sources(tf_json *json, const tf_link_records *records) {
    tf_json_key(json, "sources");
    tf_json_open_array(json);
    for (uint16_t i = 0; i < tf_link_records_source_count(records); i++) {
        tf_json_open_object(json);
        tf_json_key(json, "source");
        tf_json_text(json, tf_link_records_source_name(records, i));
        tf_json_put_int(json, "records", tf_link_records_source_size(records, i));
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void put_settings(tf_json *json, const tf_link_run *run) {
    tf_json_put_string(json, "id_column", run->input.id_column);
    tf_json_put_string(json, "source_column", run->input.source_column);
    put_file(json, "settings", run->settings_path, run->settings_sha256);
    tf_json_put_string(json, "link_type", tf_link_type_words[run->type]);
    tf_json_put_string(json, "method", tf_link_method_words[run->predict.method]);
    tf_json_put_double(json, "threshold", run->predict.threshold);
    tf_json_put_int(json, "top", run->predict.most_a_record);
    if (run->clusters) {
        tf_json_put_string(json, "clusters", tf_link_cluster_words[run->cluster.method]);
        tf_json_put_int(json, "limit_per_source", run->limit_per_source);
        put_file(json, "cannot_link", run->cannot_link_path, run->cannot_link_sha256);
    }
    tf_json_put_int(json, "seed", (int64_t)run->settings.seed);
}

static void put_results(tf_json *json, const tf_link_run *run) {
    const tf_link_prediction *prediction = &run->prediction;
    tf_json_put_int(json, "records", tf_link_records_count(run->input.records));
    tf_json_key(json, "is_trained_here");
    tf_json_bool(json, run->was_trained);
    tf_json_put_double(json, "prior", run->model->prior);
    tf_json_key(json, "is_exhaustive");
    tf_json_bool(json, prediction->is_exhaustive);
    tf_json_put_double(json, "pairs_allowed", prediction->allowed_pairs);
    tf_json_put_int(json, "pairs_compared", (int64_t)prediction->compared_pairs);
    tf_json_put_int(json, "pairs_kept", (int64_t)prediction->pair_count);
    if (run->clusters) {
        tf_json_put_int(json, "people", run->clusters->cluster_count);
        tf_json_put_int(json, "links_cut", (int64_t)run->clusters->cut_count);
    }
}

static void put_outputs(tf_json *json, const tf_output_folder *folder) {
    tf_json_key(json, "outputs");
    tf_json_open_array(json);
    for (size_t i = 0; i < folder->file_count; i++) {
        tf_json_open_object(json);
        tf_json_put_string(json, "file", folder->files[i].name);
        tf_json_put_string(json, "sha256", folder->files[i].sha256);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

tf_status tf_link_manifest_write(const tf_link_run *run, const tf_output_folder *folder,
                                 tf_buffer *out, tf_error *error) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "format", "trefoil-link-manifest");
    tf_json_put_string(&json, "version", TF_VERSION);
    tf_json_put_string(&json, "command", run->command);
    put_inputs(&json, &run->input);
    put_sources(&json, run->input.records);
    put_settings(&json, run);
    put_results(&json, run);
    put_outputs(&json, folder);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
    return tf_buffer_check(out, error);
}

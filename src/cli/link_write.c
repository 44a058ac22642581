/* What a linkage leaves behind. */
#include "cli/link.h"

#include "web/paper/linkage_report.h"

#include "trefoil/base/date.h"
#include "trefoil/linkage/model_json.h"

/* Whatever a run may leave: a folder holds one run. */
static const char *const names[] = {"clusters.csv", "pairs.csv",     "pairs.arrow", "model.json",
                                    "rejects.csv",  "manifest.json", "report.html", NULL};

static tf_status write_model(const tf_link_run *run, tf_output_folder *folder, tf_error *error) {
    tf_buffer json;
    tf_buffer_init(&json);
    tf_status status = tf_link_model_write(run->model, &json, error);
    if (!status) {
        status = tf_output_folder_put(folder, "model.json", &json, error);
    }
    tf_buffer_deinit(&json);
    return status;
}

static tf_status write_rejects(const tf_link_run *run, tf_output_folder *folder, tf_error *error) {
    tf_buffer csv;
    tf_buffer_init(&csv);
    tf_buffer_append_text(&csv, "file,line,reason,text\n");
    tf_buffer_append(&csv, run->input.rejects.data, run->input.rejects.length);
    tf_status status = tf_output_folder_put(folder, "rejects.csv", &csv, error);
    tf_buffer_deinit(&csv);
    return status;
}

/* A linkage that was not clustered has nothing to report on. */
static tf_status write_report(const tf_link_run *run, tf_output_folder *folder, tf_error *error) {
    if (!run->clusters) {
        return TF_OK;
    }
    tf_linkage_file *files = tf_alloc_zeroed(run->input.file_count, sizeof *files);
    if (!files) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < run->input.file_count; i++) {
        const tf_link_file *file = &run->input.files[i];
        files[i] = (tf_linkage_file){file->path, file->sha256, file->rows, file->rejected};
    }
    tf_linkage_report report = {
        .files = files,
        .file_count = run->input.file_count,
        .records = run->input.records,
        .model = run->model,
        .matcher = run->matcher,
        .prediction = &run->prediction,
        .clusters = run->clusters,
        .recognised = run->recognised,
        .learning = run->was_trained ? &run->learning : NULL,
        .cluster_options = &run->cluster,
        .model_name = run->settings_path,
        .version = TF_VERSION,
        .threshold = run->cluster.threshold,
        .kept_threshold = run->predict.threshold,
        .seed = run->settings.seed,
    };
    tf_buffer html;
    tf_buffer_init(&html);
    tf_status status = tf_linkage_report_write(&report, &html, error);
    if (!status) {
        status = tf_output_folder_put(folder, "report.html", &html, error);
    }
    tf_buffer_deinit(&html);
    tf_free(files);
    return status;
}

static tf_status write_manifest(const tf_link_run *run, tf_output_folder *folder, tf_error *error) {
    tf_buffer json;
    tf_buffer_init(&json);
    tf_status status = tf_link_manifest_write(run, folder, &json, error);
    if (!status) {
        status = tf_output_folder_put(folder, "manifest.json", &json, error);
    }
    tf_buffer_deinit(&json);
    return status;
}

static tf_status write_all(tf_link_run *run, tf_link_pairs_form form, tf_output_folder *folder,
                           tf_error *error) {
    tf_status status = TF_OK;
    if (run->clusters) {
        status = tf_link_write_clusters(run->input.records, run->clusters, run->settings.threads,
                                        folder, "clusters.csv", error);
    }
    if (!status && form != TF_LINK_PAIRS_NONE) {
        status = form == TF_LINK_PAIRS_CSV ? tf_link_write_pairs_csv(run, folder, error)
                                           : tf_link_write_pairs_arrow(run, folder, error);
    }
    if (!status) {
        status = write_model(run, folder, error);
    }
    if (!status && run->input.reject_count > 0) {
        status = write_rejects(run, folder, error);
    }
    if (!status) {
        status = write_report(run, folder, error);
    }
    return status ? status : write_manifest(run, folder, error);
}

tf_status tf_link_write(tf_link_run *run, const char *path, tf_link_pairs_form form,
                        tf_error *error) {
    tf_output_folder folder;
    double since = tf_seconds_monotonic();
    tf_link_progress_say(&run->progress, "writing", 0);
    tf_status status = tf_output_folder_begin(path, &folder, error);
    if (status) {
        return status;
    }
    status = write_all(run, form, &folder, error);
    tf_link_progress_clear(&run->progress);
    status = tf_output_folder_end(&folder, status, names, error);
    run->seconds[TF_LINK_STAGE_WRITE] = tf_seconds_monotonic() - since;
    return status;
}

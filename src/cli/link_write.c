/* What a linkage leaves behind. */
#include "cli/link.h"

#include "trefoil/base/thread.h"
#include "trefoil/linkage/model_json.h"
#include "trefoil/table/csv.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, ROWS_AT_ONCE = 1 << 14 };

/* A file of many rows: parts are put into words side by side and written in order. */
typedef struct row_file {
    tf_link_run *run;
    FILE *file;
    size_t row_count;
    void (*put)(tf_link_run *run, size_t row, tf_buffer *out);
    tf_buffer *parts;
    size_t first_part;
    size_t part_count;
    atomic_size_t next;
} row_file;

static void put_parts(void *context, int thread) {
    (void)thread;
    row_file *work = context;
    for (;;) {
        size_t part = atomic_fetch_add(&work->next, 1);
        if (part >= work->part_count) {
            return;
        }
        tf_buffer *out = &work->parts[part];
        size_t row = (work->first_part + part) * ROWS_AT_ONCE;
        size_t end = row + ROWS_AT_ONCE < work->row_count ? row + ROWS_AT_ONCE : work->row_count;
        out->length = 0;
        for (; row < end; row++) {
            work->put(work->run, row, out);
        }
    }
}

static tf_status write_rows(row_file *work, tf_error *error) {
    enum { PARTS = 32 };
    tf_buffer parts[PARTS];
    for (int i = 0; i < PARTS; i++) {
        tf_buffer_init(&parts[i]);
    }
    tf_status status = TF_OK;
    size_t all = (work->row_count + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
    work->parts = parts;
    for (work->first_part = 0; work->first_part < all && !status; work->first_part += PARTS) {
        work->part_count = all - work->first_part < PARTS ? all - work->first_part : PARTS;
        atomic_store(&work->next, 0);
        tf_parallel(work->run->settings.threads, put_parts, work);
        for (size_t i = 0; i < work->part_count && !status; i++) {
            status = tf_buffer_check(&parts[i], error);
            if (!status &&
                fwrite(parts[i].data, 1, parts[i].length, work->file) != parts[i].length) {
                status =
                    tf_fail(error, TF_IO, NULL, 0, "could not be written: %s", strerror(errno));
            }
        }
    }
    for (int i = 0; i < PARTS; i++) {
        tf_buffer_deinit(&parts[i]);
    }
    return status;
}

static void put_record(const tf_link_records *records, uint32_t record, tf_buffer *out) {
    tf_csv_append_field(
        out, tf_link_records_source_name(records, tf_link_records_source(records, record)));
    tf_buffer_append(out, ",", 1);
    tf_csv_append_field(out, tf_link_records_id(records, record));
}

static void put_hex(uint64_t value, tf_buffer *out) {
    char digits[16];
    for (int i = 15; i >= 0; i--, value >>= 4) {
        digits[i] = "0123456789abcdef"[value & 15];
    }
    tf_buffer_append(out, digits, sizeof digits);
}

static void put_cluster(tf_link_run *run, size_t row, tf_buffer *out) {
    put_record(run->input.records, (uint32_t)row, out);
    tf_buffer_append(out, ",", 1);
    put_hex(run->clusters->ids[run->clusters->cluster_of[row]].high, out);
    tf_buffer_append(out, "\n", 1);
}

static void put_pair(tf_link_run *run, size_t row, tf_buffer *out) {
    const tf_link_pair *pair = &run->prediction.pairs[row];
    put_record(run->input.records, pair->left, out);
    tf_buffer_append(out, ",", 1);
    put_record(run->input.records, pair->right, out);
    tf_buffer_format(out, ",%.9f,%.12g\n", pair->weight,
                     tf_link_probability_of_weight(pair->weight));
}

static tf_status write_one(tf_link_run *run, const char *folder, const char *name,
                           const char *header, size_t row_count,
                           void (*put)(tf_link_run *run, size_t row, tf_buffer *out),
                           tf_error *error) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    row_file work = {.run = run, .row_count = row_count, .put = put};
    work.file = fopen(path, "we");
    if (!work.file) {
        return tf_fail(error, TF_IO, path, 0, "could not be written: %s", strerror(errno));
    }
    fputs(header, work.file);
    tf_status status = write_rows(&work, error);
    if (fclose(work.file) && !status) {
        status = tf_fail(error, TF_IO, path, 0, "could not be written: %s", strerror(errno));
    }
    return status;
}

tf_status tf_link_write(tf_link_run *run, const char *folder, bool wants_arrow, tf_error *error) {
    (void)wants_arrow;
    mkdir(folder, 0777);
    tf_status status = write_one(run, folder, "clusters.csv", "source,unique_id,cluster_id\n",
                                 tf_link_records_count(run->input.records), put_cluster, error);
    if (!status) {
        status =
            write_one(run, folder, "pairs.csv",
                      "source_l,unique_id_l,source_r,unique_id_r,match_weight,match_probability\n",
                      run->prediction.pair_count, put_pair, error);
    }
    tf_buffer json;
    tf_buffer_init(&json);
    if (!status) {
        status = tf_link_model_write(run->model, &json, error);
    }
    if (!status) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/model.json", folder);
        FILE *f = fopen(path, "we");
        fwrite(json.data, 1, json.length, f);
        fclose(f);
    }
    tf_buffer_deinit(&json);
    return status;
}

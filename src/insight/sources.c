#include "sources_internal.h"

tf_status tf_source_list_open(tf_source_list *list, const tf_crime_data *data, tf_arena *arena,
                              tf_error *error) {
    *list = (tf_source_list){.arena = arena};
    list->sources = tf_arena_alloc(arena, data->catalogue_count, sizeof *list->sources);
    list->batches = tf_arena_alloc(arena, data->catalogue_count, sizeof *list->batches);
    if (!list->sources || !list->batches) {
        return tf_fail_no_memory(error);
    }
    return tf_db_prepare(data->db, "SELECT file, sha256 FROM batch WHERE id = ?1", &list->statement,
                         error);
}

void tf_source_list_close(tf_source_list *list) {
    tf_statement_free(list->statement);
}

tf_status tf_source_list_add(tf_source_list *list, const tf_partition_info *info, tf_error *error) {
    for (size_t i = list->count; i > 0; i--) {
        if (list->batches[i - 1] == info->batch_id) {
            list->sources[i - 1].rows += info->row_count;
            return TF_OK;
        }
    }
    bool has_row = false;
    tf_bind_int(list->statement, 1, info->batch_id);
    tf_status status = tf_statement_step(list->statement, &has_row, error);
    if (!status && has_row) {
        tf_text file = tf_column_at_text(list->statement, 0);
        tf_text sha256 = tf_column_at_text(list->statement, 1);
        tf_profile_source source = {
            .feed = tf_arena_format(list->arena, "%s", info->feed),
            .file = tf_arena_copy_text(list->arena, file.data ? file.data : "", file.length),
            .sha256 =
                tf_arena_copy_text(list->arena, sha256.data ? sha256.data : "", sha256.length),
            .rows = info->row_count};
        list->batches[list->count] = info->batch_id;
        list->sources[list->count++] = source;
        if (!source.feed || !source.file || !source.sha256) {
            status = tf_fail_no_memory(error);
        }
    }
    tf_statement_reset(list->statement);
    return status;
}

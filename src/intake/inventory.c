#include "intake/inventory.h"

#include "intake/batch.h"
#include "store/partition.h"

#include <stdlib.h>

/* ---- series ---- */

static bool is_same_series(const tf_partition_info *a, const tf_partition_info *b) {
    return strcmp(a->feed, b->feed) == 0 && strcmp(a->force, b->force) == 0;
}

/* The series of the `count` partitions from `infos` on, which are its months in order. */
static tf_status fill_series(tf_arena *arena, const tf_partition_info *infos, size_t count,
                             tf_inventory_series *series, tf_error *error) {
    size_t gap_count = 0;
    int64_t row_count = infos[0].row_count;
    for (size_t i = 1; i < count; i++) {
        gap_count += infos[i].month > infos[i - 1].month + 1;
        row_count += infos[i].row_count;
    }
    tf_inventory_gap *gaps = tf_arena_alloc(arena, gap_count, sizeof *gaps);
    *series = (tf_inventory_series){
        .feed = tf_arena_copy_text(arena, infos[0].feed, strlen(infos[0].feed)),
        .force = tf_arena_copy_text(arena, infos[0].force, strlen(infos[0].force)),
        .from = infos[0].month,
        .to = infos[count - 1].month,
        .month_count = (int64_t)count,
        .row_count = row_count,
        .gaps = gaps,
    };
    if (!gaps || !series->feed || !series->force) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 1; i < count; i++) {
        if (infos[i].month > infos[i - 1].month + 1) {
            gaps[series->gap_count++] =
                (tf_inventory_gap){infos[i - 1].month + 1, infos[i].month - 1};
        }
    }
    return TF_OK;
}

static tf_status read_series(tf_db *db, tf_inventory *inventory, tf_error *error) {
    tf_partition_info *infos = NULL;
    size_t count = 0;
    tf_status status =
        tf_partition_list(db, NULL, NULL, INT32_MIN, INT32_MAX, &infos, &count, error);
    if (status) {
        return status;
    }
    size_t series_count = 0;
    for (size_t i = 0; i < count; i++) {
        series_count += i == 0 || !is_same_series(&infos[i - 1], &infos[i]);
    }
    inventory->series = tf_arena_alloc(inventory->arena, series_count, sizeof *inventory->series);
    if (!inventory->series) {
        status = tf_fail_no_memory(error);
    }
    size_t next;
    for (size_t i = 0; i < count && !status; i = next) {
        for (next = i + 1; next < count && is_same_series(&infos[i], &infos[next]); next++) {
        }
        status = fill_series(inventory->arena, &infos[i], next - i,
                             &inventory->series[inventory->series_count++], error);
    }
    tf_free(infos);
    return status;
}

/* ---- batches ---- */

/* One more item at the end of an array in the arena, whose room doubles; NULL when out of memory,
 * the array then unchanged. */
static void *add_item(tf_arena *arena, void *items, size_t count, size_t size) {
    if (count & (count - 1)) {
        return items;
    }
    void *larger = tf_arena_alloc(arena, count ? count * 2 : 1, size);
    if (larger && count) {
        memcpy(larger, items, count * size);
    }
    return larger;
}

/* There are a few kinds of warnings, however many batches have them. */
static tf_status add_warning(tf_inventory *inventory, const tf_batch *batch,
                             const tf_batch_warning *added, tf_error *error) {
    for (size_t i = 0; i < inventory->warning_count; i++) {
        tf_inventory_warning *warning = &inventory->warnings[i];
        if (strcmp(warning->feed, batch->feed) == 0 && strcmp(warning->kind, added->kind) == 0) {
            warning->count += added->count;
            return TF_OK;
        }
    }
    tf_inventory_warning *warnings =
        add_item(inventory->arena, inventory->warnings, inventory->warning_count, sizeof *warnings);
    if (!warnings) {
        return tf_fail_no_memory(error);
    }
    inventory->warnings = warnings;
    warnings[inventory->warning_count++] = (tf_inventory_warning){
        batch->feed, added->kind, added->count, batch->file, added->example_line};
    return TF_OK;
}

static int compare_warnings(const void *a, const void *b) {
    const tf_inventory_warning *first = a, *second = b;
    if (first->count != second->count) {
        return first->count < second->count ? 1 : -1;
    }
    int feeds = strcmp(first->feed, second->feed);
    return feeds ? feeds : strcmp(first->kind, second->kind);
}

static tf_status read_batches(tf_db *db, tf_inventory *inventory, tf_error *error) {
    tf_batch *batches = NULL;
    size_t count = 0;
    tf_status status = tf_batch_list(db, inventory->arena, &batches, &count, error);
    for (size_t i = 0; i < count && !status; i++) {
        const tf_batch *batch = &batches[i];
        inventory->batch_count++;
        inventory->rejected_count += batch->rows_rejected;
        if (batch->finished_at > inventory->last_import_at) {
            inventory->last_import_at = batch->finished_at;
        }
        for (size_t j = 0; j < batch->warning_count && batch->is_current && !status; j++) {
            status = add_warning(inventory, batch, &batch->warnings[j], error);
        }
    }
    if (!status && inventory->warning_count > 0) {
        qsort(inventory->warnings, inventory->warning_count, sizeof *inventory->warnings,
              compare_warnings);
    }
    return status;
}

/* ---- geography ---- */

/* Call `take` for each row of a query. */
typedef tf_status take_row(tf_inventory *inventory, tf_statement *row, tf_error *error);

static tf_status each_row(tf_db *db, const char *sql, tf_inventory *inventory, take_row *take,
                          tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    bool has_row = true;
    while (!status) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = take(inventory, statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* A text of the row in the arena; NULL for null, and when out of memory. */
static const char *keep_text(tf_inventory *inventory, tf_statement *row, int column) {
    tf_text text = tf_column_at_text(row, column);
    return text.data ? tf_arena_copy_text(inventory->arena, text.data, text.length) : NULL;
}

static tf_status take_layer(tf_inventory *inventory, tf_statement *row, tf_error *error) {
    tf_inventory_layer layer = {
        .name = keep_text(inventory, row, 0),
        .title = keep_text(inventory, row, 1),
        .area_count = tf_column_at_int(row, 2),
        .outline_count = tf_column_at_int(row, 3),
    };
    tf_inventory_layer *layers =
        add_item(inventory->arena, inventory->layers, inventory->layer_count, sizeof *layers);
    if (!layers || !layer.name || !layer.title) {
        return tf_fail_no_memory(error);
    }
    inventory->layers = layers;
    layers[inventory->layer_count++] = layer;
    return TF_OK;
}

static tf_status take_totals(tf_inventory *inventory, tf_statement *row, tf_error *error) {
    (void)error;
    inventory->population_area_count = tf_column_at_int(row, 0);
    inventory->population_first_year = (int)tf_column_at_int(row, 1);
    inventory->population_last_year = (int)tf_column_at_int(row, 2);
    inventory->lookup_authority_count = tf_column_at_int(row, 3);
    inventory->lookup_partnership_count = tf_column_at_int(row, 4);
    inventory->lookup_force_count = tf_column_at_int(row, 5);
    return TF_OK;
}

static const char layers_sql[] =
    "SELECT l.name, l.title, count(a.id), count(o.boundary) FROM layer l "
    "LEFT JOIN area a ON a.layer = l.name LEFT JOIN area_boundary o ON o.area_id = a.id "
    "GROUP BY l.name, l.title ORDER BY count(a.id) DESC, l.name";

static const char totals_sql[] =
    "SELECT (SELECT count(DISTINCT code) FROM population), (SELECT min(year) FROM population), "
    "(SELECT max(year) FROM population), (SELECT count(DISTINCT authority_code) FROM area_lookup), "
    "(SELECT count(DISTINCT partnership_code) FROM area_lookup), "
    "(SELECT count(DISTINCT force_code) FROM area_lookup)";

tf_status tf_inventory_make(tf_db *db, tf_inventory **inventory_out, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    tf_inventory *inventory = arena ? tf_arena_alloc(arena, 1, sizeof *inventory) : NULL;
    if (!inventory) {
        tf_arena_free(arena);
        return tf_fail_no_memory(error);
    }
    *inventory = (tf_inventory){.arena = arena};
    tf_status status = read_series(db, inventory, error);
    if (!status) {
        status = read_batches(db, inventory, error);
    }
    if (!status) {
        status = each_row(db, layers_sql, inventory, take_layer, error);
    }
    if (!status) {
        status = each_row(db, totals_sql, inventory, take_totals, error);
    }
    if (status) {
        tf_inventory_free(inventory);
        return status;
    }
    *inventory_out = inventory;
    return TF_OK;
}

void tf_inventory_free(tf_inventory *inventory) {
    if (inventory) {
        tf_arena_free(inventory->arena);
    }
}

#include "areas_internal.h"

#include "trefoil/space/neighbours.h"
#include "trefoil/space/wkb.h"

typedef struct layer_outlines {
    int64_t *ids;
    tf_polygons *outlines; /* empty for an area without one */
    size_t count;
    size_t id_capacity;
    size_t outline_capacity;
} layer_outlines;

static void deinit_outlines(layer_outlines *layer) {
    for (size_t i = 0; i < layer->count; i++) {
        tf_polygons_deinit(&layer->outlines[i]);
    }
    tf_free(layer->ids);
    tf_free(layer->outlines);
}

static tf_status add_outline(layer_outlines *layer, tf_statement *statement, tf_error *error) {
    tf_status status =
        tf_reserve(&layer->ids, &layer->id_capacity, layer->count + 1, sizeof *layer->ids, error);
    if (!status) {
        status = tf_reserve(&layer->outlines, &layer->outline_capacity, layer->count + 1,
                            sizeof *layer->outlines, error);
    }
    if (status) {
        return status;
    }
    layer->ids[layer->count] = tf_column_at_int(statement, 0);
    layer->outlines[layer->count] = (tf_polygons){0};
    layer->count++;
    if (tf_column_at_is_null(statement, 1)) {
        return TF_OK;
    }
    size_t length = 0;
    const void *wkb = tf_column_at_bytes(statement, 1, &length);
    return wkb ? tf_wkb_read(wkb, length, &layer->outlines[layer->count - 1], error)
               : tf_fail_no_memory(error);
}

static tf_status load_outlines(tf_db *db, const char *name, layer_outlines *layer,
                               tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(db,
                      "SELECT id, boundary FROM area JOIN area_boundary ON area_id = id"
                      " WHERE layer = ?1 ORDER BY id",
                      &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(name));
    }
    while (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = add_outline(layer, statement, error);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status forget_neighbours(tf_db *db, const char *layer, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "DELETE FROM area_neighbour WHERE area_id IN"
                                     " (SELECT id FROM area WHERE layer = ?1)",
                                     &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(layer));
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status store_neighbours(tf_db *db, const layer_outlines *layer,
                                  const tf_neighbours *neighbours, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(db, "INSERT INTO area_neighbour (area_id, neighbour_id) VALUES (?1, ?2)",
                      &statement, error);
    for (size_t i = 0; !status && i < layer->count; i++) {
        for (int64_t k = neighbours->offsets[i]; !status && k < neighbours->offsets[i + 1]; k++) {
            tf_bind_int(statement, 1, layer->ids[i]);
            tf_bind_int(statement, 2, layer->ids[neighbours->indices[k]]);
            status = tf_statement_run(statement, error);
        }
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_areas_find_neighbours(tf_db *db, tf_projection *projection, const char *layer,
                                   int64_t *area_count_out, int64_t *pair_count_out,
                                   tf_error *error) {
    layer_outlines outlines = {0};
    tf_neighbours neighbours = {0};
    tf_status status = load_outlines(db, layer, &outlines, error);
    if (!status) {
        status = tf_neighbours_touching(projection, outlines.outlines, outlines.count,
                                        TF_CONTIGUITY_QUEEN, TF_CONTIGUITY_TOLERANCE_M, &neighbours,
                                        error);
    }
    if (!status) {
        status = forget_neighbours(db, layer, error);
    }
    if (!status) {
        *area_count_out = (int64_t)outlines.count;
        *pair_count_out = neighbours.offsets[neighbours.count] / 2;
        status = store_neighbours(db, &outlines, &neighbours, error);
    }
    tf_neighbours_deinit(&neighbours);
    deinit_outlines(&outlines);
    return status;
}

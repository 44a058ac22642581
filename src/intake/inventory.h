/* What a database holds: which months of which force, what is missing between them, what was odd,
 * and the geography. */
#ifndef INTAKE_INVENTORY_H
#define INTAKE_INVENTORY_H

#include "store/db.h"
#include "trefoil/base/date.h"

/* Months without a file between months that have one; both ends are included. */
typedef struct tf_inventory_gap {
    tf_month from;
    tf_month to;
} tf_inventory_gap;

/* One feed of one force. */
typedef struct tf_inventory_series {
    const char *feed;
    const char *force;
    tf_month from;
    tf_month to;
    int64_t month_count; /* that are there */
    int64_t row_count;
    tf_inventory_gap *gaps; /* in order */
    size_t gap_count;
} tf_inventory_series;

/* Rows that are stored, though something is odd about them. */
typedef struct tf_inventory_warning {
    const char *feed;
    const char *kind; /* a clause that reads after a number of rows: "have no location" */
    int64_t count;
    const char *example_file;
    int64_t example_line; /* 0: none */
} tf_inventory_warning;

typedef struct tf_inventory_layer {
    const char *name;
    const char *title;
    int64_t area_count;
    int64_t outline_count; /* areas that have one */
} tf_inventory_layer;

typedef struct tf_inventory {
    tf_arena *arena;             /* owns everything below */
    tf_inventory_series *series; /* in order of feed, then force */
    size_t series_count;
    tf_inventory_warning *warnings; /* of what is stored now; most rows first */
    size_t warning_count;
    tf_inventory_layer *layers;
    size_t layer_count;

    int64_t population_area_count; /* 0: no population was imported */
    int population_first_year;
    int population_last_year;
    int64_t lookup_authority_count; /* 0: no lookup was imported */
    int64_t lookup_partnership_count;
    int64_t lookup_force_count;

    int64_t batch_count; /* files imported, ever */
    int64_t rejected_count;
    int64_t last_import_at; /* instant; 0 when there was none */
} tf_inventory;

/* Read the inventory of `db`; freed with tf_inventory_free.
 * Errors: TF_NO_MEMORY; those of the database.  O(partitions + batches + areas). */
tf_status tf_inventory_make(tf_db *db, tf_inventory **inventory_out, tf_error *error);
void tf_inventory_free(tf_inventory *inventory); /* accepts NULL */

#endif

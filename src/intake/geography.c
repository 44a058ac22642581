#include "geography_internal.h"

#include <stdlib.h>

const char *tf_layer_title(tf_layer layer) {
    static const char *const titles[TF_LAYER_COUNT] = {
        "force", "local authority", "community safety partnership", "small area"};
    return titles[layer];
}

static const char *const layer_names[TF_LAYER_COUNT] = {"force", "local-authority", "partnership",
                                                        "small-area"};

const char *tf_layer_name(tf_layer layer) {
    return layer_names[layer];
}

bool tf_layer_parse(tf_text name, tf_layer *layer_out) {
    for (tf_layer layer = 0; layer < TF_LAYER_COUNT; layer++) {
        if (tf_text_equal(name, tf_text_of(layer_names[layer]))) {
            *layer_out = layer;
            return true;
        }
    }
    return false;
}

/* ---- texts and lists ---- */

static tf_status copy_text(tf_geography *geography, tf_text text, const char **copy_out,
                           tf_error *error) {
    *copy_out = tf_arena_copy_text(geography->arena, text.data ? text.data : "", text.length);
    return *copy_out ? TF_OK : tf_fail_no_memory(error);
}

static tf_status copy_slug(tf_geography *geography, tf_text text, const char **copy_out,
                           tf_error *error) {
    char slug[TF_SLUG_SIZE];
    tf_text_slug(text, slug, sizeof slug);
    return copy_text(geography, tf_text_of(slug), copy_out, error);
}

/* A new area at the end of a list, valid until the next one; NULL when out of memory. */
static geography_area *add_area(tf_geography *geography, tf_layer layer, tf_text code,
                                tf_text name) {
    geography_list *list = &geography->layers[layer];
    if (list->count == INT32_MAX ||
        tf_reserve(&list->areas, &list->capacity, list->count + 1, sizeof *list->areas, NULL)) {
        return NULL;
    }
    geography_area *area = &list->areas[list->count];
    *area = (geography_area){.force = -1, .authority = -1};
    tf_status status = copy_text(geography, code, &area->code, NULL);
    if (!status) {
        status = copy_text(geography, name, &area->name, NULL);
    }
    if (!status && layer != TF_LAYER_SMALL_AREA) {
        status = copy_slug(geography, name, &area->name_slug, NULL);
    }
    if (status) {
        return NULL;
    }
    list->count++;
    return area;
}

int32_t tf_geography_search(const geography_list *list, tf_text code) {
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tf_text_compare(tf_text_of(list->areas[middle].code), code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < list->count && tf_text_equal(tf_text_of(list->areas[low].code), code);
    return is_found ? (int32_t)low : -1;
}

/* ---- a walk over the rows of a query ---- */

typedef tf_status row_visit(tf_geography *geography, tf_statement *statement, tf_error *error);

static tf_status each_row(tf_geography *geography, tf_db *db, const char *sql, row_visit *visit,
                          tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    while (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = visit(geography, statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- the lookup ---- */

/* The area of the code and the name in the first two columns. */
static geography_area *add_row(tf_geography *geography, tf_layer layer, tf_statement *statement) {
    return add_area(geography, layer, tf_column_at_text(statement, 0),
                    tf_column_at_text(statement, 1));
}

static tf_status on_force(tf_geography *geography, tf_statement *statement, tf_error *error) {
    geography_area *force = add_row(geography, TF_LAYER_FORCE, statement);
    if (!force) {
        return tf_fail_no_memory(error);
    }
    force->force_slug = force->name_slug;
    return TF_OK;
}

static tf_status on_authority(tf_geography *geography, tf_statement *statement, tf_error *error) {
    geography_area *authority = add_row(geography, TF_LAYER_AUTHORITY, statement);
    if (!authority) {
        return tf_fail_no_memory(error);
    }
    authority->force =
        tf_geography_search(&geography->layers[TF_LAYER_FORCE], tf_column_at_text(statement, 2));
    return TF_OK;
}

static tf_status on_partnership(tf_geography *geography, tf_statement *statement, tf_error *error) {
    return add_row(geography, TF_LAYER_PARTNERSHIP, statement) ? TF_OK : tf_fail_no_memory(error);
}

/* Rows come ordered by authority. */
static tf_status on_link(tf_geography *geography, tf_statement *statement, tf_error *error) {
    (void)error;
    int32_t authority = tf_geography_search(&geography->layers[TF_LAYER_AUTHORITY],
                                            tf_column_at_text(statement, 0));
    int32_t partnership = tf_geography_search(&geography->layers[TF_LAYER_PARTNERSHIP],
                                              tf_column_at_text(statement, 1));
    if (authority < 0 || partnership < 0 || geography->link_count == geography->link_capacity) {
        return TF_OK; /* changed by another program since the query before */
    }
    geography_area *area = &geography->layers[TF_LAYER_PARTNERSHIP].areas[partnership];
    area->authority = area->authority < 0 ? authority : area->authority;
    area->is_shared |= tf_column_at_int(statement, 2) > 1;
    geography->links[geography->link_count++] = (geography_link){authority, partnership};
    return TF_OK;
}

static int compare_slugs(const void *a, const void *b, void *context) {
    const geography_area *areas = context;
    return strcmp(areas[*(const int32_t *)a].name_slug, areas[*(const int32_t *)b].name_slug);
}

static tf_status sort_authorities(tf_geography *geography, tf_error *error) {
    const geography_list *list = &geography->layers[TF_LAYER_AUTHORITY];
    int32_t *order = tf_arena_alloc(geography->arena, list->count, sizeof *order);
    if (!order) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < list->count; i++) {
        order[i] = (int32_t)i;
    }
    if (list->count) {
        qsort_r(order, list->count, sizeof *order, compare_slugs, list->areas);
    }
    geography->authorities_by_slug = order;
    return TF_OK;
}

static tf_status on_link_count(tf_geography *geography, tf_statement *statement, tf_error *error) {
    geography->link_capacity = (size_t)tf_column_at_int(statement, 0);
    geography->links =
        tf_arena_alloc(geography->arena, geography->link_capacity, sizeof *geography->links);
    return geography->links ? TF_OK : tf_fail_no_memory(error);
}

static tf_status load_lookup(tf_geography *geography, tf_db *db, tf_error *error) {
    tf_status status = each_row(geography, db,
                                "SELECT force_code, MIN(force_name) FROM area_lookup"
                                " GROUP BY force_code ORDER BY force_code",
                                on_force, error);
    if (!status) {
        status = each_row(geography, db,
                          "SELECT authority_code, MIN(authority_name), MIN(force_code)"
                          " FROM area_lookup GROUP BY authority_code ORDER BY authority_code",
                          on_authority, error);
    }
    if (!status) {
        status = each_row(geography, db,
                          "SELECT partnership_code, MIN(partnership_name) FROM area_lookup"
                          " GROUP BY partnership_code ORDER BY partnership_code",
                          on_partnership, error);
    }
    if (!status) {
        status = each_row(geography, db, "SELECT COUNT(*) FROM area_lookup", on_link_count, error);
    }
    if (!status) {
        status = each_row(geography, db,
                          "SELECT authority_code, partnership_code,"
                          " COUNT(*) OVER (PARTITION BY authority_code)"
                          " FROM area_lookup ORDER BY authority_code, partnership_code",
                          on_link, error);
    }
    return status ? status : sort_authorities(geography, error);
}

/* ---- forces by their slugs ---- */

static tf_status name_forces(tf_geography *geography, const tf_pack *pack, tf_error *error) {
    geography_list *forces = &geography->layers[TF_LAYER_FORCE];
    tf_status status = TF_OK;
    for (size_t i = 0; pack && !status && i < forces->count; i++) {
        geography_area *area = &forces->areas[i];
        const tf_force *known = tf_pack_force_by_area_code(pack, tf_text_of(area->code));
        if (known) {
            status = copy_text(geography, tf_text_of(known->slug), &area->force_slug, error);
        }
        if (known && known->name && !status) {
            status = copy_slug(geography, tf_text_of(known->name), &area->alias_slug, error);
        }
    }
    return status;
}

/* A force whose files were imported. */
static tf_status on_imported_force(tf_geography *geography, tf_statement *statement,
                                   tf_error *error) {
    geography_list *forces = &geography->layers[TF_LAYER_FORCE];
    tf_text slug = tf_column_at_text(statement, 0);
    tf_text reported_as = tf_column_at_text(statement, 1);
    geography_area *force = NULL;
    for (size_t i = 0; i < forces->count && !force; i++) {
        if (tf_text_equal(tf_text_of(forces->areas[i].force_slug), slug)) {
            force = &forces->areas[i];
        }
    }
    if (!force) {
        force = add_area(geography, TF_LAYER_FORCE, slug, reported_as);
        if (!force) {
            return tf_fail_no_memory(error);
        }
        force->force_slug = force->code;
    }
    return copy_slug(geography, reported_as, &force->alias_slug, error);
}

/* ---- small areas ---- */

static tf_status on_layer(tf_geography *geography, tf_statement *statement, tf_error *error) {
    tf_status status = tf_reserve(&geography->stored, &geography->stored_capacity,
                                  geography->stored_count + 1, sizeof *geography->stored, error);
    if (status) {
        return status;
    }
    geography_stored_layer *layer = &geography->stored[geography->stored_count++];
    layer->small_area_count = 0;
    return copy_text(geography, tf_column_at_text(statement, 0), &layer->name, error);
}

static geography_stored_layer *find_stored_layer(tf_geography *geography, tf_text name) {
    for (size_t i = 0; i < geography->stored_count; i++) {
        if (tf_text_equal(tf_text_of(geography->stored[i].name), name)) {
            return &geography->stored[i];
        }
    }
    return NULL;
}

/* Whether the lookup has an area of that code, whose outline this is. */
static bool is_outline_of_known(tf_geography *geography, tf_text code, const char *stored_layer) {
    for (tf_layer layer = TF_LAYER_FORCE; layer < TF_LAYER_SMALL_AREA; layer++) {
        geography_list *list = &geography->layers[layer];
        int32_t index = tf_geography_search(list, code);
        if (index >= 0) {
            list->areas[index].stored_layer = stored_layer;
            return true;
        }
    }
    return false;
}

static tf_status on_area(tf_geography *geography, tf_statement *statement, tf_error *error) {
    bool is_parent = tf_column_at_int(statement, 5); /* one that the lookup does not know */
    geography_stored_layer *stored = find_stored_layer(geography, tf_column_at_text(statement, 2));
    if (!stored || is_outline_of_known(geography, tf_column_at_text(statement, 0), stored->name) ||
        is_parent) {
        return TF_OK;
    }
    geography_area *area = add_row(geography, TF_LAYER_SMALL_AREA, statement);
    if (!area) {
        return tf_fail_no_memory(error);
    }
    stored->small_area_count++;
    area->stored_layer = stored->name;
    area->id = tf_column_at_int(statement, 4);
    area->authority = tf_geography_search(&geography->layers[TF_LAYER_AUTHORITY],
                                          tf_column_at_text(statement, 3));
    if (area->authority < 0) {
        area->authority = tf_geography_authority_of_label(geography, tf_text_of(area->name));
    }
    return TF_OK;
}

/* The layer with most small areas covers the ground; among areas of one code its own is first. */
static void choose_main_layer(tf_geography *geography) {
    const geography_stored_layer *main_layer = NULL;
    for (size_t i = 0; i < geography->stored_count; i++) {
        const geography_stored_layer *layer = &geography->stored[i];
        if (!main_layer || layer->small_area_count >= main_layer->small_area_count) {
            main_layer = layer;
        }
    }
    const geography_list *list = &geography->layers[TF_LAYER_SMALL_AREA];
    for (size_t i = 0; i < list->count; i++) {
        geography_area *area = &list->areas[i];
        area->is_in_main_layer = main_layer && area->stored_layer == main_layer->name;
        for (;
             area->is_in_main_layer && area > list->areas && strcmp(area[-1].code, area->code) == 0;
             area--) {
            geography_area earlier = area[-1];
            area[-1] = *area;
            *area = earlier;
        }
    }
}

static tf_status load_areas(tf_geography *geography, tf_db *db, tf_error *error) {
    tf_status status =
        each_row(geography, db, "SELECT name FROM layer ORDER BY name", on_layer, error);
    if (!status) {
        status = each_row(geography, db,
                          "SELECT code, label, layer, parent_code, id, code IN"
                          " (SELECT parent_code FROM area WHERE parent_code IS NOT NULL)"
                          " FROM area ORDER BY code, layer",
                          on_area, error);
    }
    if (!status) {
        choose_main_layer(geography);
    }
    return status;
}

/* ---- neighbours ---- */

typedef struct area_key {
    int64_t id;
    int32_t index;
} area_key;

typedef struct area_pair {
    int32_t area;
    int32_t neighbour;
} area_pair;

typedef struct pair_list {
    area_key *keys; /* ordered by id */
    size_t key_count;
    area_pair *pairs;
    size_t count;
    size_t capacity;
} pair_list;

static int compare_keys(const void *a, const void *b) {
    int64_t left = ((const area_key *)a)->id;
    int64_t right = ((const area_key *)b)->id;
    return (left > right) - (left < right);
}

static int compare_indices(const void *a, const void *b) {
    int32_t left = *(const int32_t *)a;
    int32_t right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

static const area_key *find_key(const pair_list *list, int64_t id) {
    return bsearch(&(area_key){.id = id}, list->keys, list->key_count, sizeof *list->keys,
                   compare_keys);
}

static tf_status load_keys(const tf_geography *geography, pair_list *list, tf_error *error) {
    const geography_list *areas = &geography->layers[TF_LAYER_SMALL_AREA];
    list->keys = tf_alloc(areas->count, sizeof *list->keys);
    if (!list->keys) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < areas->count; i++) {
        list->keys[i] = (area_key){areas->areas[i].id, (int32_t)i};
    }
    list->key_count = areas->count;
    qsort(list->keys, list->key_count, sizeof *list->keys, compare_keys);
    return TF_OK;
}

static tf_status load_pairs(tf_db *db, pair_list *list, tf_error *error) {
    tf_statement *statement = NULL;
    const area_key *area = NULL; /* of the row before, as they come in order of areas */
    tf_status status = tf_db_prepare(
        db, "SELECT area_id, neighbour_id FROM area_neighbour ORDER BY area_id", &statement, error);
    while (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        int64_t id = tf_column_at_int(statement, 0);
        area = area && area->id == id ? area : find_key(list, id);
        const area_key *neighbour = find_key(list, tf_column_at_int(statement, 1));
        if (area && neighbour) {
            status = tf_reserve(&list->pairs, &list->capacity, list->count + 1, sizeof *list->pairs,
                                error);
        }
        if (area && neighbour && !status) {
            list->pairs[list->count++] = (area_pair){area->index, neighbour->index};
        }
    }
    tf_statement_free(statement);
    return status;
}

static tf_status arrange_pairs(const pair_list *list, tf_neighbours *neighbours, tf_error *error) {
    size_t area_count = list->key_count;
    neighbours->count = area_count;
    neighbours->offsets = tf_alloc_zeroed(area_count + 1, sizeof *neighbours->offsets);
    neighbours->indices = tf_alloc(list->count, sizeof *neighbours->indices);
    if (!neighbours->offsets || !neighbours->indices) {
        return tf_fail_no_memory(error);
    }
    int64_t *offsets = neighbours->offsets;
    for (size_t i = 0; i < list->count; i++) {
        offsets[list->pairs[i].area + 1]++;
    }
    for (size_t i = 0; i < area_count; i++) {
        offsets[i + 1] += offsets[i];
    }
    for (size_t i = list->count; i-- > 0;) { /* fill each row from its end, which moves down */
        neighbours->indices[--offsets[list->pairs[i].area + 1]] = list->pairs[i].neighbour;
    }
    /* every end has moved down to its row's start, which is the offset of that row */
    memmove(offsets, offsets + 1, area_count * sizeof *offsets);
    offsets[area_count] = (int64_t)list->count;
    for (size_t i = 0; i < area_count; i++) {
        qsort(neighbours->indices + offsets[i], (size_t)(offsets[i + 1] - offsets[i]),
              sizeof *neighbours->indices, compare_indices);
    }
    return TF_OK;
}

static tf_status load_neighbours(tf_geography *geography, tf_db *db, tf_error *error) {
    pair_list list = {0};
    tf_status status = load_keys(geography, &list, error);
    if (!status) {
        status = load_pairs(db, &list, error);
    }
    if (!status) {
        status = arrange_pairs(&list, &geography->neighbours, error);
    }
    tf_free(list.keys);
    tf_free(list.pairs);
    return status;
}

/* ---- the whole ---- */

tf_status tf_geography_open(tf_db *db, const tf_pack *pack, tf_geography **geography_out,
                            tf_error *error) {
    *geography_out = NULL;
    tf_geography *geography = tf_alloc_zeroed(1, sizeof *geography);
    if (!geography) {
        return tf_fail_no_memory(error);
    }
    geography->arena = tf_arena_new();
    tf_status status =
        geography->arena ? load_lookup(geography, db, error) : tf_fail_no_memory(error);
    if (!status) {
        status = name_forces(geography, pack, error);
    }
    if (!status) {
        status = load_areas(geography, db, error);
    }
    if (!status) {
        status = load_neighbours(geography, db, error);
    }
    if (!status) {
        status = each_row(geography, db, "SELECT slug, reported_as FROM force ORDER BY slug",
                          on_imported_force, error);
    }
    if (status) {
        tf_geography_free(geography);
        return status;
    }
    *geography_out = geography;
    return TF_OK;
}

void tf_geography_free(tf_geography *geography) {
    if (geography) {
        for (tf_layer layer = TF_LAYER_FORCE; layer < TF_LAYER_COUNT; layer++) {
            tf_free(geography->layers[layer].areas);
        }
        tf_free(geography->stored);
        tf_neighbours_deinit(&geography->neighbours);
        tf_arena_free(geography->arena);
        tf_free(geography);
    }
}

size_t tf_geography_count(const tf_geography *geography, tf_layer layer) {
    return geography->layers[layer].count;
}

/* The force that an area is or belongs to, or -1. */
static int32_t force_of(const tf_geography *geography, tf_layer layer, int32_t index) {
    if (layer == TF_LAYER_FORCE) {
        return index;
    }
    const geography_area *area = tf_geography_at(geography, layer, index);
    if (layer == TF_LAYER_AUTHORITY) {
        return area->force;
    }
    return area->authority < 0
               ? -1
               : tf_geography_at(geography, TF_LAYER_AUTHORITY, area->authority)->force;
}

tf_area_ref tf_geography_area(const tf_geography *geography, tf_layer layer, int32_t index) {
    const geography_area *area = tf_geography_at(geography, layer, index);
    int32_t force = force_of(geography, layer, index);
    return (tf_area_ref){
        .code = area->code,
        .name = area->name,
        .layer = layer,
        .stored_layer = area->stored_layer,
        .force_slug =
            force < 0 ? NULL : tf_geography_at(geography, TF_LAYER_FORCE, force)->force_slug,
        .index = index};
}

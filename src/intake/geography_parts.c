#include "geography_internal.h"

#include "trefoil/space/wkb.h"

/* ---- by whom a small area is held ---- */

int32_t tf_geography_small_area(const tf_geography *geography, tf_text code) {
    return tf_geography_search(&geography->layers[TF_LAYER_SMALL_AREA], code);
}

int32_t tf_geography_authority_of_label(const tf_geography *geography, tf_text label) {
    const geography_list *authorities = &geography->layers[TF_LAYER_AUTHORITY];
    label = tf_text_trim(label);
    while (label.length && label.data[label.length - 1] != ' ') {
        label.length--;
    }
    char slug[TF_SLUG_SIZE];
    tf_text_slug(tf_text_trim(label), slug, sizeof slug);
    size_t low = 0;
    size_t high = slug[0] ? authorities->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int32_t index = geography->authorities_by_slug[middle];
        int order = strcmp(authorities->areas[index].name_slug, slug);
        if (order == 0) {
            return index;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return -1;
}

int32_t tf_geography_authority_of(const tf_geography *geography, tf_text code, tf_text name) {
    int32_t index = tf_geography_small_area(geography, code);
    int32_t authority =
        index < 0 ? -1 : tf_geography_at(geography, TF_LAYER_SMALL_AREA, index)->authority;
    return authority >= 0 ? authority : tf_geography_authority_of_label(geography, name);
}

bool tf_geography_has_authority(const tf_geography *geography, const tf_area_ref *area,
                                int32_t authority) {
    if (authority < 0) {
        return false;
    }
    switch (area->layer) {
    case TF_LAYER_FORCE:
        return tf_geography_at(geography, TF_LAYER_AUTHORITY, authority)->force == area->index;
    case TF_LAYER_AUTHORITY:
        return authority == area->index;
    case TF_LAYER_PARTNERSHIP:
        for (size_t i = 0; i < geography->link_count; i++) {
            const geography_link *link = &geography->links[i];
            if (link->partnership == area->index && link->authority == authority) {
                return true;
            }
        }
        return false;
    default:
        return false;
    }
}

bool tf_geography_contains(const tf_geography *geography, const tf_area_ref *area, tf_text code,
                           tf_text name) {
    if (area->layer == TF_LAYER_SMALL_AREA) {
        return tf_text_equal(code, tf_text_of(area->code));
    }
    return tf_geography_has_authority(geography, area,
                                      tf_geography_authority_of(geography, code, name));
}

tf_status tf_geography_authorities(const tf_geography *geography, const tf_area_ref *area,
                                   int32_t **indices_out, size_t *count_out, tf_error *error) {
    size_t total = geography->layers[TF_LAYER_AUTHORITY].count;
    int32_t *indices = tf_alloc(total, sizeof *indices);
    *indices_out = indices;
    *count_out = 0;
    if (!indices) {
        return tf_fail_no_memory(error);
    }
    if (area->layer == TF_LAYER_PARTNERSHIP) { /* the links come in order of authority */
        for (size_t i = 0; i < geography->link_count; i++) {
            if (geography->links[i].partnership == area->index) {
                indices[(*count_out)++] = geography->links[i].authority;
            }
        }
        return TF_OK;
    }
    int32_t own = area->layer == TF_LAYER_SMALL_AREA
                      ? tf_geography_at(geography, TF_LAYER_SMALL_AREA, area->index)->authority
                      : -1;
    for (int32_t i = 0; i < (int32_t)total; i++) {
        if (i == own || tf_geography_has_authority(geography, area, i)) {
            indices[(*count_out)++] = i;
        }
    }
    return TF_OK;
}

/* ---- sets of small areas ---- */

void tf_area_set_deinit(tf_area_set *set) {
    tf_free(set->indices);
    tf_neighbours_deinit(&set->neighbours);
    *set = (tf_area_set){0};
}

/* Whether a small area belongs to `area`, or covers the ground if that is NULL. */
static bool holds_small_area(const tf_geography *geography, const tf_area_ref *area,
                             int32_t index) {
    const geography_area *small = tf_geography_at(geography, TF_LAYER_SMALL_AREA, index);
    if (area && area->layer == TF_LAYER_SMALL_AREA) {
        return index == area->index;
    }
    return small->is_in_main_layer &&
           (!area || tf_geography_has_authority(geography, area, small->authority));
}

static tf_status collect(const tf_geography *geography, const tf_area_ref *area, tf_area_set *set,
                         tf_error *error) {
    const geography_list *list = &geography->layers[TF_LAYER_SMALL_AREA];
    size_t capacity = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool is_in = holds_small_area(geography, area, (int32_t)i);
        tf_status status = is_in ? tf_reserve(&set->indices, &capacity, set->count + 1,
                                              sizeof *set->indices, error)
                                 : TF_OK;
        if (status) {
            return status;
        }
        if (is_in) {
            set->indices[set->count++] = (int32_t)i;
        }
    }
    return TF_OK;
}

/* The neighbours within the set, numbered anew; `places` holds each area's number or -1. */
static tf_status link_set(const tf_geography *geography, tf_area_set *set, const int32_t *places,
                          tf_error *error) {
    const tf_neighbours *all = &geography->neighbours;
    int64_t link_count = 0;
    for (size_t i = 0; i < set->count; i++) {
        link_count += all->offsets[set->indices[i] + 1] - all->offsets[set->indices[i]];
    }
    tf_neighbours *own = &set->neighbours;
    own->count = set->count;
    own->offsets = tf_alloc(set->count + 1, sizeof *own->offsets);
    own->indices = tf_alloc((size_t)link_count, sizeof *own->indices);
    if (!own->offsets || !own->indices) {
        return tf_fail_no_memory(error);
    }
    int64_t next = 0;
    for (size_t i = 0; i < set->count; i++) {
        own->offsets[i] = next;
        int32_t area = set->indices[i];
        for (int64_t k = all->offsets[area]; k < all->offsets[area + 1]; k++) {
            int32_t place = places[all->indices[k]];
            if (place >= 0) {
                own->indices[next++] = place;
            }
        }
    }
    own->offsets[set->count] = next;
    return TF_OK;
}

bool tf_geography_is_shared(const tf_geography *geography, const tf_area_ref *area) {
    return area->layer == TF_LAYER_PARTNERSHIP &&
           tf_geography_at(geography, TF_LAYER_PARTNERSHIP, area->index)->is_shared;
}

static tf_status check_shared(const tf_geography *geography, const tf_area_ref *area,
                              tf_error *error) {
    if (!tf_geography_is_shared(geography, area)) {
        return TF_OK;
    }
    int32_t index = tf_geography_at(geography, TF_LAYER_PARTNERSHIP, area->index)->authority;
    const geography_area *authority = tf_geography_at(geography, TF_LAYER_AUTHORITY, index);
    return tf_fail(error, TF_UNSUPPORTED, area->name, 0,
                   "this partnership shares the local authority %s with others, and no file says "
                   "which small areas are whose; ask for %s instead",
                   authority->name, authority->code);
}

tf_status tf_geography_small_areas(const tf_geography *geography, const tf_area_ref *area,
                                   tf_area_set *set_out, tf_error *error) {
    *set_out = (tf_area_set){0};
    tf_status status = check_shared(geography, area, error);
    if (status) {
        return status;
    }
    size_t total = geography->layers[TF_LAYER_SMALL_AREA].count;
    int32_t *places = tf_alloc(total, sizeof *places);
    status = places ? collect(geography, area, set_out, error) : tf_fail_no_memory(error);
    if (!status) {
        memset(places, -1, total * sizeof *places);
        for (size_t i = 0; i < set_out->count; i++) {
            places[set_out->indices[i]] = (int32_t)i;
        }
        status = link_set(geography, set_out, places, error);
    }
    tf_free(places);
    if (status) {
        tf_area_set_deinit(set_out);
    }
    return status;
}

/* ---- areas within areas ---- */

/* Whether a partnership has an authority that belongs to `within`. */
static bool holds_partnership(const tf_geography *geography, const tf_area_ref *within,
                              int32_t index) {
    for (size_t i = 0; i < geography->link_count; i++) {
        if (geography->links[i].partnership == index &&
            tf_geography_has_authority(geography, within, geography->links[i].authority)) {
            return true;
        }
    }
    return false;
}

static bool holds(const tf_geography *geography, const tf_area_ref *within, tf_layer layer,
                  int32_t index) {
    if (layer == TF_LAYER_SMALL_AREA) {
        return holds_small_area(geography, within, index);
    }
    if (!within || within->layer == layer) {
        return !within || within->index == index;
    }
    return layer == TF_LAYER_AUTHORITY ? tf_geography_has_authority(geography, within, index)
                                       : holds_partnership(geography, within, index);
}

tf_status tf_geography_within(const tf_geography *geography, const tf_area_ref *within,
                              tf_layer layer, int32_t **indices_out, size_t *count_out,
                              tf_error *error) {
    *indices_out = NULL;
    *count_out = 0;
    bool is_too_small = within && within->layer != layer &&
                        (layer == TF_LAYER_FORCE || within->layer == TF_LAYER_SMALL_AREA);
    if (is_too_small) {
        return tf_fail(error, TF_BAD_INPUT, within->name, 0,
                       "a %s does not contain a %s; ask within a larger area",
                       tf_layer_title(within->layer), tf_layer_title(layer));
    }
    tf_status status =
        within && layer == TF_LAYER_SMALL_AREA ? check_shared(geography, within, error) : TF_OK;
    if (status) {
        return status;
    }
    size_t total = geography->layers[layer].count;
    int32_t *indices = tf_alloc(total, sizeof *indices);
    if (!indices) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < total; i++) {
        if (holds(geography, within, layer, (int32_t)i)) {
            indices[(*count_out)++] = (int32_t)i;
        }
    }
    *indices_out = indices;
    return TF_OK;
}

static tf_status add_middle(const tf_geography *geography, const tf_area_ref *of,
                            tf_area_ref *parents, size_t *count, tf_error *error) {
    int32_t *indices = NULL;
    size_t found = 0;
    tf_area_ref authority = *of;
    if (of->layer == TF_LAYER_SMALL_AREA) {
        tf_status status = tf_geography_authorities(geography, of, &indices, &found, error);
        if (status || found == 0) {
            tf_free(indices);
            return status;
        }
        authority = tf_geography_area(geography, TF_LAYER_AUTHORITY, indices[0]);
        parents[(*count)++] = authority;
        tf_free(indices);
    }
    if (authority.layer != TF_LAYER_AUTHORITY) {
        return TF_OK;
    }
    tf_status status =
        tf_geography_within(geography, &authority, TF_LAYER_PARTNERSHIP, &indices, &found, error);
    /* One place is left for the force. */
    for (size_t i = 0; i < found && *count + 1 < TF_MOST_PARENTS && !status; i++) {
        parents[(*count)++] = tf_geography_area(geography, TF_LAYER_PARTNERSHIP, indices[i]);
    }
    tf_free(indices);
    return status;
}

tf_status tf_geography_parents(const tf_geography *geography, const tf_area_ref *area,
                               tf_area_ref *parents_out, size_t *count_out, tf_error *error) {
    *count_out = 0;
    tf_status status = add_middle(geography, area, parents_out, count_out, error);
    size_t force_count = geography->layers[TF_LAYER_FORCE].count;
    for (size_t i = 0; i < force_count && !status && area->layer != TF_LAYER_FORCE; i++) {
        tf_area_ref force = tf_geography_area(geography, TF_LAYER_FORCE, (int32_t)i);
        if (force.force_slug && area->force_slug &&
            strcmp(force.force_slug, area->force_slug) == 0) {
            parents_out[(*count_out)++] = force;
            break;
        }
    }
    return status;
}

/* ---- outlines ---- */

static tf_status read_outline(tf_statement *statement, int64_t id, tf_polygons *outline,
                              tf_error *error) {
    bool has_row = false;
    tf_bind_int(statement, 1, id);
    tf_status status = tf_statement_step(statement, &has_row, error);
    if (!status && has_row && !tf_column_at_is_null(statement, 0)) {
        size_t length = 0;
        const void *wkb = tf_column_at_bytes(statement, 0, &length);
        status = wkb ? tf_wkb_read(wkb, length, outline, error) : tf_fail_no_memory(error);
    }
    tf_statement_reset(statement);
    return status;
}

tf_status tf_geography_outlines(const tf_geography *geography, tf_db *db, const tf_area_set *set,
                                tf_polygons *outlines_out, tf_error *error) {
    tf_statement *statement = NULL;
    memset(outlines_out, 0, set->count * sizeof *outlines_out);
    tf_status status = tf_db_prepare(db, "SELECT boundary FROM area_boundary WHERE area_id = ?1",
                                     &statement, error);
    for (size_t i = 0; !status && i < set->count; i++) {
        int64_t id = tf_geography_at(geography, TF_LAYER_SMALL_AREA, set->indices[i])->id;
        status = read_outline(statement, id, &outlines_out[i], error);
    }
    tf_statement_free(statement);
    for (size_t i = 0; status && i < set->count; i++) {
        tf_polygons_deinit(&outlines_out[i]);
    }
    return status;
}

tf_status tf_geography_outline(const tf_geography *geography, tf_db *db, const tf_area_ref *area,
                               tf_polygons *outline_out, tf_error *error) {
    *outline_out = (tf_polygons){0};
    if (area->layer == TF_LAYER_SMALL_AREA) {
        tf_area_set set = {.count = 1, .indices = &(int32_t){area->index}};
        return tf_geography_outlines(geography, db, &set, outline_out, error);
    }
    if (!area->stored_layer) {
        return TF_OK;
    }
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "SELECT boundary FROM area JOIN area_boundary ON area_id = id "
                                     "WHERE layer = ?1 AND code = ?2",
                                     &statement, error);
    bool has_row = false;
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(area->stored_layer));
        tf_bind_text(statement, 2, tf_text_of(area->code));
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row && !tf_column_at_is_null(statement, 0)) {
        size_t length = 0;
        const void *wkb = tf_column_at_bytes(statement, 0, &length);
        status = wkb ? tf_wkb_read(wkb, length, outline_out, error) : tf_fail_no_memory(error);
    }
    tf_statement_free(statement);
    return status;
}

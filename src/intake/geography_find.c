#include "geography_internal.h"

enum { SUGGESTION_COUNT = 3 };

/* ---- by code and by name ---- */

static bool find_code(const tf_geography *geography, tf_text text, tf_area_ref *area_out) {
    for (tf_layer layer = TF_LAYER_FORCE; layer < TF_LAYER_COUNT; layer++) {
        const geography_list *list = &geography->layers[layer];
        for (size_t i = 0; i < list->count; i++) {
            if (tf_text_equal_fold(tf_text_of(list->areas[i].code), text)) {
                *area_out = tf_geography_area(geography, layer, (int32_t)i);
                return true;
            }
        }
    }
    return false;
}

static bool is_called(const geography_area *area, const char *slug) {
    if (!area->name_slug) {
        char name_slug[TF_SLUG_SIZE];
        tf_text_slug(tf_text_of(area->name), name_slug, sizeof name_slug);
        return strcmp(name_slug, slug) == 0;
    }
    return strcmp(area->name_slug, slug) == 0 ||
           (area->force_slug && strcmp(area->force_slug, slug) == 0) ||
           (area->alias_slug && strcmp(area->alias_slug, slug) == 0);
}

/* The areas of a layer that have the name; of small areas, those of the main layer first. */
static tf_status find_name(const tf_geography *geography, tf_layer layer, const char *slug,
                           bool *is_found_out, tf_area_ref *area_out, tf_error *error) {
    const geography_list *list = &geography->layers[layer];
    const geography_area *found = NULL;
    *is_found_out = false;
    for (size_t i = 0; i < list->count; i++) {
        const geography_area *area = &list->areas[i];
        if (!is_called(area, slug) || (found && found->is_in_main_layer > area->is_in_main_layer)) {
            continue;
        }
        if (found && found->is_in_main_layer == area->is_in_main_layer) {
            return tf_fail(error, TF_BAD_INPUT, area->name, 0,
                           "%s and %s are both called so; give the code of one", found->code,
                           area->code);
        }
        found = area;
    }
    if (found) {
        *area_out = tf_geography_area(geography, layer, (int32_t)(found - list->areas));
        *is_found_out = true;
    }
    return TF_OK;
}

/* ---- what may have been meant ---- */

typedef struct suggestion {
    const char *name;
    size_t distance;
} suggestion;

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Letters to insert, delete or replace to make one slug of another (Levenshtein 1966). */
static size_t edit_distance(const char *a, const char *b) {
    size_t row[TF_SLUG_SIZE + 1];
    size_t width = strlen(b);
    for (size_t k = 0; k <= width; k++) {
        row[k] = k;
    }
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < width; k++) {
            size_t replaced = diagonal + (a[i] != b[k]);
            diagonal = row[k + 1];
            row[k + 1] = least(replaced, least(row[k], row[k + 1]) + 1);
        }
    }
    return row[width];
}

/* Keep the nearest names in order, each once. */
static void suggest(suggestion *best, const char *name, size_t distance) {
    for (size_t i = 0; i < SUGGESTION_COUNT; i++) {
        if (best[i].name && strcmp(best[i].name, name) == 0) {
            return;
        }
        if (!best[i].name || distance < best[i].distance) {
            memmove(&best[i + 1], &best[i], (SUGGESTION_COUNT - 1 - i) * sizeof *best);
            best[i] = (suggestion){name, distance};
            return;
        }
    }
}

static tf_status fail_unknown(const tf_geography *geography, const char *text, const char *slug,
                              tf_error *error) {
    suggestion best[SUGGESTION_COUNT] = {0};
    size_t length = strlen(slug);
    size_t limit = length / 3 > 2 ? length / 3 : 2;
    for (tf_layer layer = TF_LAYER_FORCE; layer < TF_LAYER_COUNT; layer++) {
        const geography_list *list = &geography->layers[layer];
        for (size_t i = 0; i < list->count; i++) {
            char name_slug[TF_SLUG_SIZE];
            tf_text_slug(tf_text_of(list->areas[i].name), name_slug, sizeof name_slug);
            size_t name_length = strlen(name_slug);
            if (name_length + limit < length || length + limit < name_length) {
                continue;
            }
            size_t distance = edit_distance(slug, name_slug);
            if (distance <= limit && distance < length) {
                suggest(best, list->areas[i].name, distance);
            }
        }
    }
    bool has_lookup = geography->layers[TF_LAYER_AUTHORITY].count > 0;
    if (!best[0].name) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0, "no area is called '%.80s'; %s", text,
                       has_lookup ? "give a code such as E06000032, or the name of a force, a "
                                    "local authority, a partnership or a small area"
                                  : "local authorities are known once their lookup is imported "
                                    "(trefoil import lookup)");
    }
    return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                   "no area is called '%.80s'; did you mean %.80s%s%.80s%s%.80s?", text,
                   best[0].name, best[1].name ? " or " : "", best[1].name ? best[1].name : "",
                   best[2].name ? " or " : "", best[2].name ? best[2].name : "");
}

tf_status tf_geography_find(const tf_geography *geography, const char *text, tf_area_ref *area_out,
                            tf_error *error) {
    tf_text trimmed = tf_text_trim(tf_text_of(text));
    char slug[TF_SLUG_SIZE];
    tf_text_slug(trimmed, slug, sizeof slug);
    if (!slug[0]) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "no area is named; give a code or a name such as E06000032 or Luton");
    }
    bool is_found = find_code(geography, trimmed, area_out);
    for (tf_layer layer = TF_LAYER_FORCE; !is_found && layer < TF_LAYER_COUNT; layer++) {
        tf_status status = find_name(geography, layer, slug, &is_found, area_out, error);
        if (status) {
            return status;
        }
    }
    return is_found ? TF_OK : fail_unknown(geography, text, slug, error);
}

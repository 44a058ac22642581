/* What the geography holds. */
#ifndef INTAKE_GEOGRAPHY_INTERNAL_H
#define INTAKE_GEOGRAPHY_INTERNAL_H

#include "intake/geography.h"

/* One area of any layer.  The texts are in the arena. */
typedef struct geography_area {
    const char *code;
    const char *name;
    const char *name_slug;    /* NULL for a small area, of which there are many */
    const char *stored_layer; /* or NULL */
    const char *force_slug;   /* FORCE only */
    const char *alias_slug;   /* FORCE only: of the name that rows report, or NULL */
    int32_t force;            /* AUTHORITY: its force */
    int32_t authority;        /* SMALL_AREA: its authority, or -1; PARTNERSHIP: its first one */
    bool is_shared;           /* PARTNERSHIP: has an authority that has other partnerships too */
    bool is_in_main_layer;    /* SMALL_AREA */
    int64_t id;               /* SMALL_AREA: its key in the database */
} geography_area;

typedef struct geography_list {
    geography_area *areas; /* ordered by code; within a code, the main layer first */
    size_t count;
    size_t capacity;
} geography_list;

typedef struct geography_link {
    int32_t authority;
    int32_t partnership;
} geography_link;

/* A layer of the database. */
typedef struct geography_stored_layer {
    const char *name;
    size_t small_area_count;
} geography_stored_layer;

struct tf_geography {
    tf_arena *arena;
    geography_stored_layer *stored;
    size_t stored_count;
    size_t stored_capacity;
    geography_list layers[TF_LAYER_COUNT];
    geography_link *links; /* which authority is in which partnership */
    size_t link_count;
    size_t link_capacity;
    int32_t *authorities_by_slug;
    tf_neighbours neighbours; /* among all small areas */
};

enum { TF_SLUG_SIZE = 128 };

static inline const geography_area *tf_geography_at(const tf_geography *geography, tf_layer layer,
                                                    int32_t index) {
    return &geography->layers[layer].areas[index];
}

/* The place of the first area of a code in a list ordered by code, or -1. */
int32_t tf_geography_search(const geography_list *list, tf_text code);

/* The authority of the name that `label` is without its last word, or -1. */
int32_t tf_geography_authority_of_label(const tf_geography *geography, tf_text label);

/* Whether the area consists of whole authorities and `authority` is one of them. */
bool tf_geography_has_authority(const tf_geography *geography, const tf_area_ref *area,
                                int32_t authority);

#endif

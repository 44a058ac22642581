/* What a pack is made of, shared by its reader and its lookups. */
#ifndef PACK_PACK_INTERNAL_H
#define PACK_PACK_INTERNAL_H

#include "base/embedded.h"
#include "pack/pack.h"

typedef struct tf_pack_group {
    tf_offence_group group;
    const char *const *aliases;
    size_t alias_count;
} tf_pack_group;

typedef struct tf_pack_weight {
    const char *type;
    double days;
    bool has_days;
} tf_pack_weight;

typedef struct tf_pack_outcome {
    const char *wording;
    const char *canonical;
    const tf_outcome_group *group;
} tf_pack_outcome;

struct tf_pack {
    tf_arena *arena; /* holds everything below */
    const char *const *types;
    size_t type_count;
    tf_pack_group *groups;
    size_t group_count;
    tf_offence_group *singles; /* a group of one for each type, in the order of `types` */
    const char *harm_name;
    const char *harm_source;
    tf_pack_weight *weights;
    size_t weight_count;
    tf_outcome_group *outcome_groups;
    size_t outcome_group_count;
    tf_pack_outcome *outcomes;
    size_t outcome_count;
    tf_force *forces;
    size_t force_count;
    tf_nickname_group *nicknames;
    size_t nickname_count;
    tf_missing_list *missing;
    size_t missing_count;
};

/* The files a pack consists of, in the order of tf_pack_read's argument. */
enum { TF_PACK_FILE_COUNT = 6 };
extern const char *const tf_pack_file_names[TF_PACK_FILE_COUNT];

/* The packs in the program: "uk/forces.yaml" and so on. */
extern const tf_embedded_folder tf_packs;

/* Make a pack of the bytes of its files; their names are told in errors. */
tf_status tf_pack_read(const tf_embedded_file files[TF_PACK_FILE_COUNT], tf_pack **pack_out,
                       tf_error *error);

#endif

/* What a pack is made of, shared by its reader and its lookups. */
#ifndef PACK_PACK_INTERNAL_H
#define PACK_PACK_INTERNAL_H

#include "base/embedded.h"
#include "pack/form_definition.h"
#include "pack/triage_words.h"
#include "yaml_internal.h"

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
    tf_access_rules access;
    tf_triage_words triage;

    tf_words *words;           /* by tf_frame_word */
    tf_form_definition *forms; /* in the order of their names */
    size_t form_count;
};

/* The files a pack consists of, in the order of tf_pack_read's argument. */
enum { TF_PACK_FILE_COUNT = 8 };
extern const char *const tf_pack_file_names[TF_PACK_FILE_COUNT];

/* The packs in the program: "uk/forces.yaml" and so on. */
extern const tf_embedded_folder tf_packs;

/* Make a pack of the bytes of its files; their names are told in errors. */
tf_status tf_pack_read(const tf_embedded_file files[TF_PACK_FILE_COUNT], tf_pack **pack_out,
                       tf_error *error);

/* Read a file and check what every file starts with: which version of it this is, when that was
 * made, and where its facts come from.  `names` are its other fields, and these three. */
tf_status tf_pack_read_file(tf_pack *pack, const tf_embedded_file *file, const char *const *names,
                            const tf_yaml **root_out, const char **source_out, tf_error *error);

/* `count` items of `size` zeroed bytes in the pack's arena; NULL, and the error set, when out of
 * memory. */
void *tf_pack_allocate(tf_pack *pack, size_t count, size_t size, tf_error *error);

/* Read triage.yaml. */
tf_status tf_pack_read_triage(tf_pack *pack, const tf_embedded_file *file, tf_error *error);

/* Read words.yaml, and the files of the folder "forms", into a pack whose other files were read. */
enum { TF_MOST_FORMS = 64 };
tf_status tf_pack_read_forms(tf_pack *pack, const tf_embedded_file *words,
                             const tf_embedded_file *forms, size_t count, tf_error *error);

/* Read access.yaml. */
tf_status tf_pack_read_access(tf_pack *pack, const tf_embedded_file *file, tf_error *error);

#endif

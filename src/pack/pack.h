/* What a country's partnerships need, as data: which crime types belong together, how much harm
 * they stand for, what an outcome means, how the forces are named, which names are short for
 * others.  Names and wordings are found whatever the case of their letters. */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"
#include "trefoil/linkage/standardise.h"

/* Does not change once open, and may be used by several threads. */
typedef struct tf_pack tf_pack;

/* The pack in `directory`, a folder laid out as packs/uk is; NULL for the one in the program.
 * What the functions below give is borrowed from the pack.
 * Errors: TF_NOT_FOUND for a missing file; TF_BAD_INPUT with file and line; TF_IO;
 * TF_NO_MEMORY. */
tf_status tf_pack_open(const char *directory, tf_pack **pack_out, tf_error *error);
void tf_pack_free(tf_pack *pack); /* accepts NULL */

/* Crime types that are asked about together; `types` are in the publisher's wording. */
typedef struct tf_offence_group {
    const char *name;  /* "acquisitive" */
    const char *title; /* "Acquisitive crime" */
    size_t type_count;
    const char *const *types;
} tf_offence_group;

/* The groups in the order of the file; `index` is below the count. */
size_t tf_pack_group_count(const tf_pack *pack);
const tf_offence_group *tf_pack_group_at(const tf_pack *pack, size_t index);

/* The group of that name or alias; else, where the text is a crime type ("Shoplifting"), a group
 * of that one; else NULL.  O(groups and types). */
const tf_offence_group *tf_pack_group_find(const tf_pack *pack, tf_text text);

/* The index that weighs harm, where its weights come from, and the weight of one offence of a
 * type in days; false, and nothing written, for a type without a weight.  O(types). */
const char *tf_pack_harm_name(const tf_pack *pack);
const char *tf_pack_harm_source(const tf_pack *pack);
bool tf_pack_harm_weight(const tf_pack *pack, tf_text crime_type, double *days_out);

/* What became of a crime, in a few groups. */
typedef struct tf_outcome_group {
    const char *name;  /* "charged" */
    const char *title; /* "Charged or summonsed" */
} tf_outcome_group;

/* The group of a wording in a street or an outcomes file, and the one wording that stands for all
 * wordings of that status; NULL for a wording that is not known, or empty.  O(wordings). */
const tf_outcome_group *tf_pack_outcome_group(const tf_pack *pack, tf_text wording);
const char *tf_pack_outcome_wording(const tf_pack *pack, tf_text wording);

typedef struct tf_force {
    const char *slug;      /* "bedfordshire", as in file names */
    const char *name;      /* "Bedfordshire Police", as rows write it; NULL if not known */
    const char *area_code; /* of its police force area, "E23000026"; NULL if it has none */
    const char *area_name; /* "Bedfordshire"; NULL if it has none */
} tf_force;

/* A force, or NULL for one that is not known.  O(forces). */
const tf_force *tf_pack_force_by_name(const tf_pack *pack, tf_text name);
const tf_force *tf_pack_force_by_area_code(const tf_pack *pack, tf_text area_code);

/* Given names and their short and pet forms, in the order of the file, for tf_nicknames_new; and
 * what stands for nothing in the columns of each field, for tf_missing_new.  O(1). */
const tf_nickname_group *tf_pack_nicknames(const tf_pack *pack, size_t *count_out);
const tf_missing_list *tf_pack_missing(const tf_pack *pack, size_t *count_out);

#endif

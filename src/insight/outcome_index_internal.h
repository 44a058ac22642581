/* The latest outcome of every crime of a force, found by its Crime ID. */
#ifndef INSIGHT_OUTCOME_INDEX_INTERNAL_H
#define INSIGHT_OUTCOME_INDEX_INTERNAL_H

#include "trefoil/base/date.h"
#include "trefoil/base/memory.h"

enum { TF_CRIME_ID_SIZE = 32 };

typedef struct tf_outcome_entry {
    uint8_t id[TF_CRIME_ID_SIZE];
    tf_month month;
    uint16_t outcome;
    bool has_several; /* outcome rows */
} tf_outcome_entry;

/* Zeroed is empty.  In the caller's storage. */
typedef struct tf_outcome_index {
    tf_outcome_entry *entries;
    size_t count;
    size_t capacity;
    uint32_t *slots; /* entry + 1; 0 is free; open addressing */
    size_t slot_count;
} tf_outcome_index;

void tf_outcome_index_deinit(tf_outcome_index *index);

/* Make room for `more` rows.  Errors: TF_NO_MEMORY, also beyond two thousand million rows. */
tf_status tf_outcome_index_reserve(tf_outcome_index *index, size_t more, tf_error *error);

/* Add an outcome row, for which there is room.  Of several rows of one ID, that of the latest
 * month stands, and of the same month the one added last. */
void tf_outcome_index_add(tf_outcome_index *index, const uint8_t *id, tf_month month,
                          uint16_t outcome);

/* NULL if the crime has no outcome row.  Thread-safe among readers. */
const tf_outcome_entry *tf_outcome_index_find(const tf_outcome_index *index, const uint8_t *id);

#endif

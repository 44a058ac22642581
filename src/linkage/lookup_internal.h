/* What the files of looking up one record share. */
#ifndef TREFOIL_LINKAGE_LOOKUP_INTERNAL_H
#define TREFOIL_LINKAGE_LOOKUP_INTERNAL_H

#include "linkage/matcher_internal.h"
#include "trefoil/linkage/lookup.h"

/* ---- which records share a key (lookup_index.c, lookup_table.c) ---- */

/* Records by key; a key is a hash of the texts that a rule's keys give, so that nothing of what
 * they were derived with has to be kept. */
typedef struct lookup_table {
    uint64_t *keys; /* of each block, numbered from 1 */
    size_t key_capacity;
    uint32_t *slots; /* numbers of blocks by key, 0 is free */
    uint32_t mask;   /* of slots */
    uint32_t block_count;
    uint32_t *starts; /* block_count + 2: where each block's members start; none: it is set aside */
    uint32_t *members; /* rising within a block */
} lookup_table;

/* A record and a block that it is in. */
typedef struct lookup_entry {
    uint32_t block;
    uint32_t record;
} lookup_entry;

tf_status lookup_table_init(lookup_table *table, tf_error *error);
void lookup_table_deinit(lookup_table *table);

/* The block of a key, which is added if it is new.  Errors: TF_NO_MEMORY. */
tf_status lookup_table_add(lookup_table *table, uint64_t key, uint32_t *block_out, tf_error *error);
uint32_t lookup_table_find(const lookup_table *table, uint64_t key); /* 0: there is none */

/* Entries of each block, by block; freed by the caller.  Errors: TF_NO_MEMORY. */
tf_status lookup_table_count(const lookup_table *table, const lookup_entry *entries, size_t count,
                             uint32_t **counts_out, tf_error *error);

/* List the members of the blocks that are not set aside.  Errors: TF_NO_MEMORY. */
tf_status lookup_table_fill(lookup_table *table, const lookup_entry *entries, size_t count,
                            const bool *is_set_aside, tf_error *error);

/* A value that keys are made of. */
typedef struct lookup_value {
    tf_link_value value;
    bool takes_elements; /* of lists */
} lookup_value;

typedef struct lookup_rule {
    int left[TF_LINK_MAX_KEYS]; /* of the index's values */
    int right[TF_LINK_MAX_KEYS];
    int key_count;
    bool is_across;
    lookup_table left_table; /* by the key of the left record */
    lookup_table right_table;
} lookup_rule;

typedef struct lookup_index {
    lookup_value *values;
    int value_count;
    lookup_rule *rules;
    int rule_count;
} lookup_index;

tf_status lookup_index_init(lookup_index *index, const tf_link_matcher *matcher,
                            uint32_t most_members, tf_error *error);
void lookup_index_deinit(lookup_index *index);

/* What a record's value gives to its keys: a hash, or one for each element; none: it is missing. */
typedef struct lookup_hashes {
    const uint64_t *items;
    uint32_t count;
} lookup_hashes;

/* A block that the new record belongs to. */
typedef struct lookup_block {
    const uint32_t *members;
    uint32_t size; /* 0: set aside */
    int32_t rule;
} lookup_block;

typedef struct lookup_blocks {
    lookup_block *items;
    size_t count;
    size_t capacity;
    uint32_t unread; /* rules of which the record has more than LOOKUP_MOST_KEYS keys */
} lookup_blocks;

enum { LOOKUP_MOST_KEYS = 4096 };

/* The blocks of a record whose values give these hashes, rule after rule.  A block may come several
 * times.  Errors: TF_NO_MEMORY. */
tf_status lookup_index_find(const lookup_index *index, const lookup_hashes *hashes,
                            lookup_blocks *blocks, tf_error *error);

/* ---- the new record (lookup_guest.c) ---- */

/* A code that stands for a value that no record has. */
#define LOOKUP_NEW UINT32_MAX

typedef struct lookup_guest {
    const tf_link_matcher *matcher;
    tf_text *raws;                            /* by column of the records */
    uint32_t *codes;                          /* by slot, as the right record */
    uint32_t *known;                          /* the same with 0 for LOOKUP_NEW */
    uint64_t news;                            /* factors whose value is LOOKUP_NEW, as bits */
    link_operand operands[LINK_MOST_FACTORS]; /* of those */
    link_signature signatures[LINK_MOST_FACTORS];
    link_derive_scratch scratch;
    tf_buffer joined;
    tf_arena *arena; /* of one question */
} lookup_guest;

tf_status lookup_guest_init(lookup_guest *guest, const tf_link_matcher *matcher, tf_error *error);
void lookup_guest_deinit(lookup_guest *guest);

/* Read a new record: its raw values, their codes, and what is compared of new values. */
tf_status lookup_guest_take(lookup_guest *guest, const tf_link_given *given, size_t given_count,
                            tf_error *error);

/* What the guest gives to the keys of the index, by value.  In the guest's arena. */
tf_status lookup_guest_hash(lookup_guest *guest, const lookup_index *index,
                            lookup_hashes *hashes_out, tf_error *error);

/* ---- scoring (lookup_score.c) ---- */

typedef struct lookup_kept {
    double weight;
    uint32_t record;
    uint32_t slot; /* of its levels */
} lookup_kept;

/* The best so far: a heap with the worst at its top. */
typedef struct lookup_best {
    lookup_kept *items;
    uint8_t *levels; /* comparison_count for each slot */
    uint32_t count;
    uint32_t most;
} lookup_best;

/* Bring near what scoring these records will read first. */
void lookup_expect(const lookup_guest *guest, const uint32_t *records, size_t count);

/* Keep those of the records, LINK_BATCH at most, that reach the threshold and are among the best.
 */
void lookup_score(const lookup_guest *guest, const uint32_t *records, size_t count,
                  double threshold, link_worker *worker, lookup_best *best);

/* Whether `a` comes before `b` among answers. */
static inline bool lookup_is_better(const lookup_kept *a, const lookup_kept *b) {
    return a->weight != b->weight ? a->weight > b->weight : a->record < b->record;
}

#endif

/* Distinct texts, each known by a number: 1 for the first that was added, and so on; 0 stands for
 * a value that is missing.  Every text stands on a boundary of 16 bytes with zeros behind it, up
 * to the next boundary at least, so that the string kernels can read it where it is. */
#ifndef TREFOIL_LINKAGE_DICTIONARY_INTERNAL_H
#define TREFOIL_LINKAGE_DICTIONARY_INTERNAL_H

#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

enum { LINK_TEXT_ALIGNMENT = 16 };

typedef struct link_dictionary {
    uint32_t count;    /* of texts; their codes are 1 to count */
    uint32_t *starts;  /* by code: where the text stands, in units of 16 bytes */
    uint32_t *lengths; /* by code, in bytes */
    char *bytes;
    uint32_t *slots; /* codes, 0 is free */
    uint32_t slot_mask;
    size_t text_capacity;
    size_t length_capacity;
    size_t byte_capacity;
    uint32_t byte_units; /* in use */
    uint32_t longest;    /* in bytes */
} link_dictionary;

tf_status link_dictionary_init(link_dictionary *dictionary, tf_error *error);
void link_dictionary_deinit(link_dictionary *dictionary);

static inline uint64_t link_text_hash(tf_text text) {
    return tf_hash(text.data, text.length);
}

/* The code of a text, which is added if it is new.  `hash` is link_text_hash's.
 * Errors: TF_NO_MEMORY, also beyond 64 GiB of text. */
tf_status link_dictionary_add(link_dictionary *dictionary, tf_text text, uint64_t hash,
                              uint32_t *code_out, tf_error *error);

/* The code of a text, 0 if it is not there. */
uint32_t link_dictionary_find(const link_dictionary *dictionary, tf_text text);

/* Bring the next lookup's memory near; for loops that know what they will look up. */
static inline void link_dictionary_expect(const link_dictionary *dictionary, uint64_t hash) {
    __builtin_prefetch(&dictionary->slots[(uint32_t)hash & dictionary->slot_mask]);
}

static inline tf_text link_dictionary_text(const link_dictionary *dictionary, uint32_t code) {
    return (tf_text){dictionary->bytes + (size_t)dictionary->starts[code] * LINK_TEXT_ALIGNMENT,
                     dictionary->lengths[code]};
}

#endif

/* A cheap look at two texts that tells whether any test of a factor can hold, before the texts are
 * compared in earnest: most values have nothing to do with each other.
 *
 * Each text is summed up in sixteen counts of its codes.  An edit changes the counts by two at most
 * (Ukkonen 1992, "Approximate string-matching with q-grams and maximal matches", for q = 1), and
 * codes that differ cannot be common in Jaro's sense; so the sum of differences bounds both.  What
 * is passed over is what the kernels would have refused: no result changes. */
#ifndef TREFOIL_LINKAGE_SCREEN_INTERNAL_H
#define TREFOIL_LINKAGE_SCREEN_INTERNAL_H

#include "linkage/measure_internal.h"

enum {
    LINK_SCREEN_LONGEST = 63, /* longer texts are always compared */
    LINK_PREFIX = 4,          /* codes that Jaro-Winkler looks at first */
};

/* One a value, with all that is needed before the text itself: half a cache line. */
typedef struct link_signature {
    uint8_t counts[16];
    uint32_t start;  /* of the text, as in the dictionary */
    uint32_t prefix; /* the first four codes, each cut to a byte */
    uint8_t flags;   /* see below */
    uint8_t group_count;
    uint16_t groups[3]; /* of nicknames, rising */
} link_signature;

typedef struct link_screen {
    const link_signature *signatures; /* by code; owned by the derived value */
    /* The largest difference of counts at which some test may hold, by how many of the first four
     * codes agree and the lengths of both texts; -1: none can. */
    int8_t limits[LINK_PREFIX + 1][LINK_SCREEN_LONGEST + 1][LINK_SCREEN_LONGEST + 1];
} link_screen;

enum {
    LINK_FLAG_LENGTH = 63,   /* the text's length; 0: too long for a screen */
    LINK_FLAG_NICKNAME = 64, /* of some group of nicknames */
    LINK_FLAG_FULL = 128,    /* of more groups than are named here */
};

/* Whether two different names are of one group, as far as their signatures can tell. */
enum link_nickname_answer { LINK_NICKNAME_NO, LINK_NICKNAME_YES, LINK_NICKNAME_PERHAPS };
static inline enum link_nickname_answer link_signatures_share(const link_signature *a,
                                                              const link_signature *b) {
    if (!(a->flags & b->flags & LINK_FLAG_NICKNAME)) {
        return LINK_NICKNAME_NO;
    }
    if ((a->flags | b->flags) & LINK_FLAG_FULL) {
        return LINK_NICKNAME_PERHAPS;
    }
    for (int i = 0; i < a->group_count; i++) {
        for (int j = 0; j < b->group_count; j++) {
            if (a->groups[i] == b->groups[j]) {
                return LINK_NICKNAME_YES;
            }
        }
    }
    return LINK_NICKNAME_NO;
}

/* NULL where the factor's tests cannot be screened (dates, numbers, lists).  Freed by the caller.
 * Errors: TF_NO_MEMORY. */
tf_status link_screen_new(const link_factor *factor, link_screen **screen_out, tf_error *error);

/* Bring a value's signature near, for a loop that knows what it will look at. */
static inline void link_screen_expect(const link_screen *screen, uint32_t code) {
    __builtin_prefetch(&screen->signatures[code]);
}

/* Whether the two values must be compared. */
bool link_screen_passes(const link_screen *screen, uint32_t left, uint32_t right);

/* The same for a value that is not among the derived ones. */
bool link_screen_passes_new(const link_screen *screen, uint32_t left, const link_signature *right);

/* A text's signature, but for where it stands; `codes` are its own. */
void link_signature_make(tf_text text, const tf_similarity_text *codes,
                         const tf_nicknames *nicknames, link_signature *signature_out);

/* The codes from `first` to before `last` that must be compared with `left`, into `codes_out`,
 * which has room for all; returns how many. */
uint32_t link_screen_select(const link_screen *screen, uint32_t left, uint32_t first, uint32_t last,
                            uint32_t *codes_out);

#endif

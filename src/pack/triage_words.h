/* The words that officers grade and close reports by, as data of a pack: triage.yaml. */
#ifndef PACK_TRIAGE_WORDS_H
#define PACK_TRIAGE_WORDS_H

#include "pack/form_definition.h"
#include "pack/pack.h"

typedef struct tf_word {
    const char *name;  /* "passed-on": in the data */
    const char *title; /* "Passed on to be acted on" */
    tf_words told;     /* what the sender is told; empty where there is nothing to tell */
} tf_word;

typedef struct tf_word_list {
    const tf_word *items;
    size_t count;
} tf_word_list;

/* How long intelligence is kept before it is reviewed. */
typedef struct tf_retention_group {
    const char *name; /* "serious" */
    const char *title;
    int64_t review_days; /* after it was submitted, and after each review that kept it */
} tf_retention_group;

typedef struct tf_triage_words {
    tf_word_list closing;     /* why a report is closed */
    tf_word_list sources;     /* of intelligence: how reliable the source is, "1" to "3" */
    tf_word_list information; /* how good what it says is, "A" to "E" */
    tf_word_list handling;    /* to whom it may go, "P" and "C" */
    const tf_retention_group *retention; /* one at the least; the first is a new report's */
    size_t retention_count;
    int64_t draft_days; /* after which a draft that nobody submitted is erased */
} tf_triage_words;

/* The words of the pack; borrowed. */
const tf_triage_words *tf_pack_triage_words(const tf_pack *pack);

/* The word of a name; NULL for one that is not there.  O(words). */
const tf_word *tf_word_find(const tf_word_list *list, tf_text name);

#endif

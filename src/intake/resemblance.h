/* Whether two reports may be about the same thing: hints for an officer, never a decision.
 *
 * What is compared is found in the texts as people write them: UK telephone numbers
 * ("+44 7700 900123", "07700-900123"), number plates of the current kind ("AB12 CDE"), the words of
 * four letters and more; and the place, the time and the kinds of the reports. */
#ifndef INTAKE_RESEMBLANCE_H
#define INTAKE_RESEMBLANCE_H

#include "trefoil/base/text.h"

enum {
    TF_TRAITS_MOST_NUMBERS = 16, /* of each kind; what is more is not compared */
    TF_TRAITS_MOST_WORDS = 256,
    TF_TRAITS_MOST_KINDS = 16,
    TF_TRAIT_SIZE = 16,
};

/* What a report is compared by.  About 3 KB, in the caller's storage; wiped by whoever is done with
 * it.  Zeroed: nothing. */
typedef struct tf_traits {
    int64_t at; /* instant */
    char telephones[TF_TRAITS_MOST_NUMBERS][TF_TRAIT_SIZE];
    size_t telephone_count;
    char plates[TF_TRAITS_MOST_NUMBERS][TF_TRAIT_SIZE];
    size_t plate_count;
    uint64_t words[TF_TRAITS_MOST_WORDS]; /* hashes, in no order, each once */
    size_t word_count;
    uint64_t kinds[TF_TRAITS_MOST_KINDS]; /* hashes of counted answers */
    size_t kind_count;
    uint64_t place; /* hash of its name; 0: none */
    bool has_point;
    double latitude;
    double longitude;
} tf_traits;

/* Add what a text holds.  O(length). */
void tf_traits_add_text(tf_traits *traits, tf_text text);
void tf_traits_add_kind(tf_traits *traits, tf_text kind);
void tf_traits_set_place(tf_traits *traits, tf_text name);
void tf_traits_set_point(tf_traits *traits, double latitude, double longitude);

/* Append why the two resemble each other, "the same telephone number, near the same place"; nothing
 * where they do not.  O(words^2). */
void tf_traits_compare(const tf_traits *a, const tf_traits *b, tf_buffer *why_out);

#endif

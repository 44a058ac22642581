/* Keys of names that sound alike, for blocking.  All functions are thread-safe and allocate
 * nothing.  Letters are those of A to Z in either case; an accent of Latin-1 is dropped from its
 * letter, and what else is no letter is passed over. */
#ifndef TREFOIL_LINKAGE_PHONETIC_H
#define TREFOIL_LINKAGE_PHONETIC_H

#include "trefoil/base/text.h"

enum {
    TF_SOUNDEX_SIZE = 5,          /* a letter, three digits and the end */
    TF_METAPHONE_SIZE = 33,       /* the longest key and the end */
    TF_METAPHONE_USUAL_LENGTH = 4 /* of a key, as Philips published it */
};

/* American Soundex as the US National Archives code the census ("Soundex System", NARA 2007): H and
 * W between two letters of one code do not part them, vowels do.  False, and an empty key, if there
 * is no letter.  O(length). */
TF_API bool tf_phonetic_soundex(tf_text name, char key_out[TF_SOUNDEX_SIZE]);

/* What a name most likely sounds like, and another way to say it. */
typedef struct tf_double_metaphone {
    char primary[TF_METAPHONE_SIZE];
    char secondary[TF_METAPHONE_SIZE]; /* the same as the primary where there is one way */
} tf_double_metaphone;

/* Double Metaphone (Philips 2000, "The Double Metaphone Search Algorithm", C/C++ Users Journal
 * 18(6)), keys cut at `most` letters, at most TF_METAPHONE_SIZE - 1.  "0" stands for "th"; CH at
 * the end of a name is as in Leach.  Only the first 64 letters of the name count.  False, and empty
 * keys, if nothing is sounded. */
TF_API bool tf_phonetic_double_metaphone(tf_text name, size_t most, tf_double_metaphone *keys_out);

#endif

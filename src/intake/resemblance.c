#include "resemblance.h"

#include "trefoil/base/hash.h"

#include "trefoil/base/date.h"

#include <math.h>

enum {
    SHORTEST_WORD = 4,
    LEAST_WORDS_SHARED = 5,
    LONGEST_WORD = 40,
    NEAR_DAYS = 30,
};

static const double near_m = 1000; /* a coarse place is known to about this */
/* Words that say nothing of what a report is about. */
static const char *const common_words[] = {
    "about",  "after",  "again", "also",  "always", "another", "around", "because", "been",
    "before", "being",  "come",  "comes", "could",  "does",    "drug",   "drugs",   "dealing",
    "every",  "from",   "have",  "here",  "into",   "just",    "know",   "like",    "live",
    "lives",  "more",   "most",  "much",  "next",   "often",   "only",   "other",   "over",
    "people", "person", "same",  "seen",  "some",   "their",   "them",   "then",    "there",
    "these",  "they",   "think", "this",  "time",   "very",    "want",   "were",    "what",
    "when",   "where",  "which", "while", "will",   "with",    "would",  "your",    "that",
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static char lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Letters, digits, and whatever is not ASCII. */
static bool is_word(char c) {
    return is_letter(c) || is_digit(c) || (unsigned char)c >= 0x80;
}

static void add_hash(uint64_t *hashes, size_t *count, size_t most, uint64_t hash) {
    for (size_t i = 0; i < *count; i++) {
        if (hashes[i] == hash) {
            return;
        }
    }
    if (*count < most) {
        hashes[(*count)++] = hash;
    }
}

static void add_number(char numbers[][TF_TRAIT_SIZE], size_t *count, const char *number) {
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(numbers[i], number) == 0) {
            return;
        }
    }
    if (*count < TF_TRAITS_MOST_NUMBERS) {
        memcpy(numbers[(*count)++], number, strlen(number) + 1);
    }
}

/* ---- telephone numbers ---- */

enum { MOST_DIGITS = 15 };

/* How many digits a number that starts like this has in all; 0: it is none of ours. */
static size_t digits_wanted(const char *digits, size_t count) {
    if (count >= 4 && memcmp(digits, "0044", 4) == 0) {
        return 14;
    }
    if (count >= 2 && memcmp(digits, "44", 2) == 0) {
        return 12;
    }
    return digits[0] == '0' ? 11 : 0;
}

/* A telephone number that begins at `at`; the position behind it, or `at` for none. */
static size_t read_telephone(tf_text text, size_t at, char number_out[TF_TRAIT_SIZE]) {
    char digits[MOST_DIGITS + 1];
    size_t count = 0;
    size_t i = at + (text.data[at] == '+');
    for (; i < text.length && count < MOST_DIGITS; i++) {
        char c = text.data[i];
        if (is_digit(c)) {
            digits[count++] = c;
            bool ends = i + 1 == text.length || !is_digit(text.data[i + 1]);
            if (ends && count == digits_wanted(digits, count)) {
                i++;
                break;
            }
        } else if (c != ' ' && c != '-' && c != '(' && c != ')') {
            break;
        }
    }
    size_t wanted = count ? digits_wanted(digits, count) : 0;
    if (wanted == 0 || count != wanted) {
        return at;
    }
    number_out[0] = '0';
    size_t skip = wanted - 10;
    memcpy(number_out + 1, digits + skip, 10);
    number_out[11] = '\0';
    return i;
}

/* ---- number plates ---- */

/* Two letters, two digits, perhaps a space, three letters. */
static size_t read_plate(tf_text text, size_t at, char plate_out[TF_TRAIT_SIZE]) {
    static const char shape[] = "aa99aaa";
    size_t i = at;
    for (size_t p = 0; p < sizeof shape - 1; p++, i++) {
        if (p == 4 && i < text.length && text.data[i] == ' ') {
            i++;
        }
        if (i >= text.length ||
            !(shape[p] == 'a' ? is_letter(text.data[i]) : is_digit(text.data[i]))) {
            return at;
        }
        plate_out[p] = lower(text.data[i]);
    }
    plate_out[sizeof shape - 1] = '\0';
    return i < text.length && is_word(text.data[i]) ? at : i;
}

/* ---- words ---- */

static size_t read_word(tf_traits *traits, tf_text text, size_t at) {
    char word[LONGEST_WORD + 1];
    size_t length = 0;
    size_t i = at;
    for (; i < text.length && is_word(text.data[i]); i++) {
        if (length < LONGEST_WORD) {
            word[length++] = lower(text.data[i]);
        }
    }
    word[length] = '\0';
    bool is_common = length < SHORTEST_WORD;
    for (size_t w = 0; !is_common && w < sizeof common_words / sizeof *common_words; w++) {
        is_common = strcmp(word, common_words[w]) == 0;
    }
    if (!is_common) {
        add_hash(traits->words, &traits->word_count, TF_TRAITS_MOST_WORDS, tf_hash(word, length));
    }
    return i;
}

void tf_traits_add_text(tf_traits *traits, tf_text text) {
    size_t at = 0;
    while (at < text.length) {
        char found[TF_TRAIT_SIZE];
        size_t end = at;
        char c = text.data[at];
        if (is_digit(c) || c == '+') {
            end = read_telephone(text, at, found);
            if (end > at) {
                add_number(traits->telephones, &traits->telephone_count, found);
            }
        } else if (is_letter(c)) {
            end = read_plate(text, at, found);
            if (end > at) {
                add_number(traits->plates, &traits->plate_count, found);
            }
        }
        if (end == at && is_word(c)) {
            end = read_word(traits, text, at);
        }
        at = end > at ? end : at + 1;
    }
}

static uint64_t hash_folded(tf_text text) {
    char folded[128];
    size_t length = 0;
    for (size_t i = 0; i < text.length && length < sizeof folded; i++) {
        if (is_word(text.data[i])) {
            folded[length++] = lower(text.data[i]);
        }
    }
    return length ? tf_hash(folded, length) : 0;
}

void tf_traits_add_kind(tf_traits *traits, tf_text kind) {
    add_hash(traits->kinds, &traits->kind_count, TF_TRAITS_MOST_KINDS,
             tf_hash(kind.data, kind.length));
}

void tf_traits_set_place(tf_traits *traits, tf_text name) {
    traits->place = hash_folded(name);
}

void tf_traits_set_point(tf_traits *traits, double latitude, double longitude) {
    traits->has_point = true;
    traits->latitude = latitude;
    traits->longitude = longitude;
}

/* ---- comparing ---- */

static bool share_number(const char a[][TF_TRAIT_SIZE], size_t a_count,
                         const char b[][TF_TRAIT_SIZE], size_t b_count) {
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            if (strcmp(a[i], b[j]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static size_t count_shared(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count) {
    size_t shared = 0;
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            shared += a[i] == b[j];
        }
    }
    return shared;
}

/* On a plane that touches the earth there: good to a percent over a few kilometres. */
static bool is_near(const tf_traits *a, const tf_traits *b) {
    if (!a->has_point || !b->has_point) {
        return a->place && a->place == b->place;
    }
    const double m_per_degree = 111195; /* of a great circle on a sphere of 6,371 km */
    double middle = (a->latitude + b->latitude) / 2 * (acos(-1.0) / 180);
    double north_m = (a->latitude - b->latitude) * m_per_degree;
    double east_m = (a->longitude - b->longitude) * m_per_degree * cos(middle);
    return hypot(north_m, east_m) <= near_m;
}

static bool has_similar_words(const tf_traits *a, const tf_traits *b) {
    size_t shared = count_shared(a->words, a->word_count, b->words, b->word_count);
    size_t fewer = a->word_count < b->word_count ? a->word_count : b->word_count;
    return shared >= LEAST_WORDS_SHARED && shared * 2 >= fewer;
}

static void say(tf_buffer *why, const char *reason) {
    tf_buffer_format(why, "%s%s", why->length ? ", " : "", reason);
}

void tf_traits_compare(const tf_traits *a, const tf_traits *b, tf_buffer *why_out) {
    tf_buffer why;
    tf_buffer_init(&why);
    int64_t apart = a->at < b->at ? b->at - a->at : a->at - b->at;
    if (share_number(a->telephones, a->telephone_count, b->telephones, b->telephone_count)) {
        say(&why, "the same telephone number");
    }
    if (share_number(a->plates, a->plate_count, b->plates, b->plate_count)) {
        say(&why, "the same number plate");
    }
    if (apart <= NEAR_DAYS * TF_MICROSECONDS_A_DAY && is_near(a, b) &&
        count_shared(a->kinds, a->kind_count, b->kinds, b->kind_count) > 0) {
        say(&why, "the same kind, near the same place, within 30 days");
    }
    if (has_similar_words(a, b)) {
        say(&why, "similar words");
    }
    if (why.length) {
        tf_buffer_append(why_out, why.data, why.length);
    }
    why_out->failed |= why.failed;
    tf_buffer_deinit(&why);
}

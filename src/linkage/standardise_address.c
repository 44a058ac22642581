#include "standardise_internal.h"

/* Usual abbreviations of the words that end a street's name.  "St" is looked at apart. */
static const struct {
    const char *written;
    const char *word;
} abbreviations[] = {
    {"rd", "road"},         {"ave", "avenue"},     {"av", "avenue"},    {"ln", "lane"},
    {"dr", "drive"},        {"cl", "close"},       {"ct", "court"},     {"crt", "court"},
    {"cres", "crescent"},   {"cresc", "crescent"}, {"gdns", "gardens"}, {"gdn", "gardens"},
    {"pl", "place"},        {"sq", "square"},      {"ter", "terrace"},  {"terr", "terrace"},
    {"tce", "terrace"},     {"pk", "park"},        {"gr", "grove"},     {"gro", "grove"},
    {"grv", "grove"},       {"hse", "house"},      {"ho", "house"},     {"bldg", "building"},
    {"bldgs", "buildings"}, {"blvd", "boulevard"}, {"wk", "walk"},      {"wy", "way"},
    {"str", "street"},      {"cott", "cottage"},   {"fm", "farm"},      {"hts", "heights"},
    {"mdws", "meadows"},    {"ests", "estate"},    {"est", "estate"},
};

/* After one of these "St" is the saint of a town, not the street again. */
static const char *const street_words[] = {
    "road",    "avenue", "lane",    "drive", "close",    "court",     "crescent",  "gardens",
    "place",   "square", "terrace", "park",  "grove",    "street",    "way",       "walk",
    "row",     "hill",   "mews",    "house", "building", "buildings", "boulevard", "cottage",
    "heights", "estate", "meadows", "farm",  "green",    NULL};

static const char *const flat_words[] = {"flat", "apartment", "apt", "unit", "flt", NULL};

void tf_address_init(tf_address *address) {
    memset(address, 0, sizeof *address);
    tf_buffer_init(&address->words);
}

void tf_address_deinit(tf_address *address) {
    tf_buffer_deinit(&address->words);
    memset(address, 0, sizeof *address);
}

static bool starts_with_digit(tf_text word) {
    return word.length > 0 && tf_is_digit(word.data[0]);
}

static bool is_number(tf_text word) {
    for (size_t i = 0; i < word.length; i++) {
        if (!tf_is_digit(word.data[i])) {
            return false;
        }
    }
    return word.length > 0;
}

static bool is_one_letter(tf_text word) {
    return word.length == 1 && tf_is_letter(word.data[0]);
}

/* Find "flat 3": where it starts and ends in `all`, and its number.  False if there is none. */
static bool find_flat(tf_text all, size_t *start_out, size_t *end_out, tf_text *flat_out) {
    tf_text rest = all;
    tf_text word;
    bool is_after_flat = false;
    while (tf_next_word(&rest, &word)) {
        size_t start = (size_t)(word.data - all.data);
        if (is_after_flat && (starts_with_digit(word) || is_one_letter(word))) {
            *flat_out = word;
            *end_out = start + word.length;
            return true;
        }
        is_after_flat = tf_word_is_in(word, flat_words);
        if (is_after_flat) {
            *start_out = start;
        }
    }
    return false;
}

/* The word in full, given the one before it in the street's name. */
static tf_text write_out(tf_text word, tf_text before) {
    if (tf_text_equal(word, tf_text_of("st"))) {
        bool is_saint =
            before.length == 0 || starts_with_digit(before) || tf_word_is_in(before, street_words);
        return is_saint ? word : tf_text_of("street");
    }
    for (size_t i = 0; i < sizeof abbreviations / sizeof abbreviations[0]; i++) {
        if (tf_text_equal(word, tf_text_of(abbreviations[i].written))) {
            return tf_text_of(abbreviations[i].word);
        }
    }
    return word;
}

typedef struct writing {
    tf_address *address;
    size_t number_start, number_length;
    size_t street_start;
    tf_text before; /* the last word of the street */
    bool has_street;
} writing;

static void add_word(writing *to, tf_text word) {
    tf_buffer *out = &to->address->words;
    if (out->length > 0) {
        tf_buffer_append(out, " ", 1);
    }
    tf_buffer_append(out, word.data, word.length);
}

/* Add a number at the very start of the words, then the street. */
static void add_words(writing *to, tf_text part) {
    tf_text word;
    while (tf_next_word(&part, &word)) {
        tf_buffer *out = &to->address->words;
        bool is_start = !to->has_street && to->number_length == 0;
        if (is_start && starts_with_digit(word)) {
            add_word(to, word);
            to->number_start = out->length - word.length;
            to->number_length = word.length;
            tf_text rest = part;
            tf_text letter;
            if (is_number(word) && tf_next_word(&rest, &letter) && is_one_letter(letter)) {
                tf_buffer_append(out, letter.data, 1);
                to->number_length++;
                part = rest;
            }
            continue;
        }
        word = write_out(word, to->before);
        add_word(to, word);
        if (!to->has_street) {
            to->has_street = true;
            to->street_start = out->length - word.length;
        }
        to->before = word;
    }
}

/* Move "flat 3" out of the words to the front of the address. */
static void take_flat(tf_buffer *folded, writing *to, tf_text *flat_out) {
    size_t start = 0;
    size_t end = 0;
    if (find_flat((tf_text){folded->data, folded->length}, &start, &end, flat_out)) {
        add_word(to, tf_text_of("flat"));
        add_word(to, *flat_out);
        /* One of the spaces around it goes too. */
        size_t next = end < folded->length ? end + 1 : end;
        size_t kept = next == end && start > 0 ? start - 1 : start;
        memmove(folded->data + kept, folded->data + next, folded->length - next);
        folded->length = kept + folded->length - next;
    }
}

static tf_status arrange(tf_buffer *folded, tf_address *address, tf_error *error) {
    tf_text flat = {"", 0};
    writing to = {.address = address, .before = {"", 0}};
    take_flat(folded, &to, &flat);
    add_words(&to, (tf_text){folded->data, folded->length});
    tf_status status = tf_buffer_check(&address->words, error);
    if (!status) {
        const char *words = address->words.data;
        if (flat.length > 0) {
            address->flat = (tf_text){words + strlen("flat "), flat.length};
        }
        if (to.number_length > 0) {
            address->number = (tf_text){words + to.number_start, to.number_length};
        }
        if (to.has_street) {
            address->street =
                (tf_text){words + to.street_start, address->words.length - to.street_start};
        }
    }
    return status;
}

tf_status tf_standardise_address(tf_text value, tf_address *address, tf_error *error) {
    static const tf_text nothing = {"", 0};
    tf_buffer folded;
    tf_buffer_init(&folded);
    address->flat = address->number = address->street = nothing;
    tf_status status = tf_buffer_start(&address->words, 0, error);
    if (!status) {
        status = tf_standardise_text(value, TF_FOLD_PLAIN, &folded, error);
    }
    if (!status && folded.length > 0) {
        status = arrange(&folded, address, error);
    }
    tf_buffer_deinit(&folded);
    return status;
}

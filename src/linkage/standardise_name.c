#include "standardise_internal.h"

/* Never a name, and names as well as titles.  In the spelling of TF_FOLD_PLAIN. */
static const char *const plain_titles[] = {
    "mr",  "mrs",  "ms",  "miss", "mx",   "dr",   "prof", "revd", "cllr", "messrs", "professor",
    "mme", "mlle", "sgt", "insp", "supt", "capt", "lt",   "col",  "hon",  "mstr",   NULL};
static const char *const doubtful_titles[] = {
    "sir",    "dame",    "lord",     "lady",       "rev",        "reverend", "doctor",
    "master", "captain", "major",    "councillor", "fr",         "sergeant", "inspector",
    "pc",     "madam",   "baroness", "colonel",    "lieutenant", "sister",   NULL};

/* What stands behind a name, and its one spelling. */
typedef struct suffix {
    const char *word;
    const char *spelling;
    bool is_doubtful; /* a family name as well */
} suffix;

static const suffix suffixes[] = {
    {"jr", "jr", false},   {"jnr", "jr", false},      {"junior", "jr", true}, {"sr", "sr", false},
    {"snr", "sr", false},  {"senior", "sr", true},    {"ii", "ii", false},    {"2nd", "ii", false},
    {"iii", "iii", false}, {"3rd", "iii", false},     {"iv", "iv", false},    {"4th", "iv", false},
    {"esq", "esq", false}, {"esquire", "esq", false}, {"mbe", "mbe", false},  {"obe", "obe", false},
    {"cbe", "cbe", false}, {"kbe", "kbe", false},     {"phd", "phd", false},  {"bsc", "bsc", false},
};

/* Words that belong to the family name behind them. */
static const char *const particles[] = {"van", "von", "der", "den", "de",  "del", "della", "di",
                                        "da",  "dos", "das", "du",  "des", "la",  "le",    "ter",
                                        "ten", "al",  "el",  "bin", "ibn", "ben", "abu",   "ap",
                                        "ab",  "st",  "mc",  "mac", "zu",  NULL};

/* And words that are written together with what follows. */
static const char *const prefixes[] = {"o", "mc", "mac", NULL};

/* The first word of text whose words are one space apart, and what is left without it. */
static tf_text first_word(tf_text text, tf_text *rest_out) {
    tf_text word = {text.data, 0};
    *rest_out = text;
    (void)tf_next_word(rest_out, &word);
    return word;
}

static tf_text last_word(tf_text text, tf_text *rest_out) {
    size_t start = text.length;
    while (start > 0 && text.data[start - 1] != ' ') {
        start--;
    }
    *rest_out = (tf_text){text.data, start > 0 ? start - 1 : 0};
    return (tf_text){text.data + start, text.length - start};
}

/* Without the titles at its start.  Most names start with none: the length and first letter are
 * looked at before the lists are. */
static tf_text drop_titles(tf_text text) {
    for (;;) {
        tf_text rest;
        tf_text word = first_word(text, &rest);
        if (word.length < 2 || word.length > 10) {
            return text;
        }
        bool is_title = tf_word_is_in(word, plain_titles) ||
                        (rest.length > 0 && tf_word_is_in(word, doubtful_titles));
        if (!is_title) {
            return text;
        }
        text = rest;
    }
}

static const suffix *find_suffix(tf_text word) {
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (*suffixes[i].word == word.data[0] &&
            tf_text_equal(word, tf_text_of(suffixes[i].word))) {
            return &suffixes[i];
        }
    }
    return NULL;
}

/* Without the suffixes at its end, of which the first is told.  At least `words_left` words stay,
 * and one more where the suffix may be a name. */
static tf_text drop_suffixes(tf_text text, size_t words_left, const char **spelling_out) {
    for (;;) {
        tf_text rest;
        tf_text word = last_word(text, &rest);
        const suffix *found =
            word.length >= 2 && word.length <= 7 && rest.length > 0 ? find_suffix(word) : NULL;
        size_t spaces = 0;
        for (size_t i = 0; found && i < rest.length; i++) {
            spaces += rest.data[i] == ' ';
        }
        if (!found || spaces + 1 < words_left + found->is_doubtful) {
            return text;
        }
        *spelling_out = found->spelling;
        text = rest;
    }
}

/* Write "mc donald" as "mcdonald" and "o neill" as "oneill", in place. */
static void join_prefix(tf_buffer *buffer) {
    tf_text rest;
    tf_text word = first_word((tf_text){buffer->data, buffer->length}, &rest);
    if (rest.length > 0 && word.length <= 3 && tf_word_is_in(word, prefixes)) {
        memmove(buffer->data + word.length, rest.data, rest.length + 1);
        buffer->length--;
    }
}

static tf_status standardise_part(tf_text value, tf_fold fold, bool is_family, tf_buffer *out,
                                  tf_error *error) {
    const char *spelling = NULL;
    tf_status status = tf_standardise_text(value, fold, out, error);
    if (status || out->length == 0) {
        return status;
    }
    tf_text left = drop_titles((tf_text){out->data, out->length});
    left = drop_suffixes(left, 1, &spelling);
    if (left.length != out->length) {
        memmove(out->data, left.data, left.length);
        out->length = left.length;
        out->data[out->length] = '\0';
    }
    if (is_family) {
        join_prefix(out);
    }
    return TF_OK;
}

tf_status tf_standardise_given_name(tf_text value, tf_fold fold, tf_buffer *out, tf_error *error) {
    return standardise_part(value, fold, false, out, error);
}

tf_status tf_standardise_family_name(tf_text value, tf_fold fold, tf_buffer *out, tf_error *error) {
    return standardise_part(value, fold, true, out, error);
}

void tf_person_name_init(tf_person_name *name) {
    memset(name, 0, sizeof *name);
    tf_buffer_init(&name->words);
}

void tf_person_name_deinit(tf_person_name *name) {
    tf_buffer_deinit(&name->words);
    memset(name, 0, sizeof *name);
}

/* Where the family name starts in a name without a comma: at its last word, or at the particles
 * before that, but never at its first word if there are two. */
static size_t family_start(tf_text text) {
    tf_text before;
    tf_text family = last_word(text, &before);
    size_t start = (size_t)(family.data - text.data);
    while (before.length > 0) {
        tf_text rest;
        tf_text word = last_word(before, &rest);
        if (rest.length == 0 || !tf_word_is_in(word, particles)) {
            break;
        }
        start = (size_t)(word.data - text.data);
        before = rest;
    }
    return start;
}

static void split(tf_person_name *name, tf_text text) {
    size_t start = family_start(text);
    name->family = (tf_text){text.data + start, text.length - start};
    name->given = (tf_text){text.data, start > 0 ? start - 1 : 0};
}

/* "Family, Given" where both sides of the comma hold a word that is not a suffix: the sides, in
 * the buffer one after another with a space between. */
static tf_status fold_sides(tf_text value, tf_person_name *name, size_t *family_out,
                            tf_error *error) {
    const tf_fold fold = TF_FOLD_JOINS; /* "Smith-Jones" is one name, not two */
    const char *comma = value.length > 0 ? memchr(value.data, ',', value.length) : NULL;
    *family_out = 0;
    if (comma) {
        tf_buffer given;
        tf_buffer_init(&given);
        size_t before = (size_t)(comma - value.data);
        tf_status status =
            tf_standardise_text((tf_text){value.data, before}, fold, &name->words, error);
        if (!status) {
            status = tf_standardise_text((tf_text){comma + 1, value.length - before - 1}, fold,
                                         &given, error);
        }
        tf_text after = {given.data, given.length};
        if (!status && name->words.length > 0 && after.length > 0 && !find_suffix(after)) {
            *family_out = name->words.length;
            tf_buffer_append(&name->words, " ", 1);
            tf_buffer_append(&name->words, given.data, given.length);
            status = tf_buffer_check(&name->words, error);
        }
        tf_buffer_deinit(&given);
        if (status || *family_out > 0) {
            return status;
        }
    }
    return tf_standardise_text(value, fold, &name->words, error);
}

/* Take the apostrophes out and make the hyphens spaces, in place. */
static void make_plain(tf_buffer *words, tf_text *part) {
    char *bytes = words->data + (part->data - words->data);
    size_t length = 0;
    for (size_t i = 0; i < part->length; i++) {
        if (bytes[i] != '\'') {
            bytes[length++] = bytes[i] == '-' ? ' ' : bytes[i];
        }
    }
    part->length = length;
}

tf_status tf_standardise_full_name(tf_text value, tf_fold fold, tf_person_name *name,
                                   tf_error *error) {
    static const tf_text nothing = {"", 0};
    size_t family_length = 0;
    const char *spelling = NULL;
    name->given = name->family = name->suffix = nothing;
    tf_status status = fold_sides(value, name, &family_length, error);
    if (status || name->words.length == 0) {
        return status;
    }
    tf_text all = {name->words.data, name->words.length};
    if (family_length > 0) {
        name->family = drop_titles((tf_text){all.data, family_length});
        name->family = drop_suffixes(name->family, 1, &spelling);
        name->given =
            drop_titles((tf_text){all.data + family_length + 1, all.length - family_length - 1});
        name->given = drop_suffixes(name->given, 1, &spelling);
    } else {
        all = drop_titles(all);
        all = drop_suffixes(all, 1, &spelling);
        if (all.length > 0) {
            split(name, all);
        }
    }
    if (fold == TF_FOLD_PLAIN && name->family.length > 0) {
        make_plain(&name->words, &name->family);
    }
    if (fold == TF_FOLD_PLAIN && name->given.length > 0) {
        make_plain(&name->words, &name->given);
    }
    if (spelling) {
        name->suffix = tf_text_of(spelling);
    }
    return TF_OK;
}

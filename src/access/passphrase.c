#include "passphrase.h"

#include "base/embedded.h"
#include "trefoil/base/memory.h"
#include "trefoil/linkage/standardise.h"

#include <pthread.h>

extern const tf_embedded_folder tf_common_passphrases;

/* What the rules look at: the passphrase in lower case, and what is left of it without what people
 * put around and into a word. */
enum { ROOM = 4 * TF_PASSPHRASE_MOST + 1 };

typedef struct folded {
    char whole[ROOM]; /* in lower case */
    char
        letters[ROOM]; /* of these, only the letters, figures that stand for letters read as such */
} folded;

static bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The letter that a figure between letters stands for ("p4ssw0rd"); 0 for none. */
static char meant(char c) {
    switch (c) {
    case '0':
        return 'o';
    case '1':
    case '!':
        return 'i';
    case '3':
        return 'e';
    case '4':
    case '@':
        return 'a';
    case '5':
    case '$':
        return 's';
    case '7':
        return 't';
    default:
        return 0;
    }
}

static void fold(tf_text passphrase, folded *words_out) {
    size_t first = 0, last = 0, length = 0;
    for (size_t i = 0; i < passphrase.length; i++) {
        words_out->whole[i] = lower(passphrase.data[i]);
        if (is_letter(words_out->whole[i])) {
            first = last ? first : i;
            last = i + 1;
        }
    }
    words_out->whole[passphrase.length] = '\0';
    for (size_t i = first; i < last; i++) {
        char c = words_out->whole[i];
        c = is_letter(c) || (c & 0x80) ? c : meant(c);
        if (c) {
            words_out->letters[length++] = c;
        }
    }
    words_out->letters[length] = '\0';
}

/* ---- the list of common ones ---- */

/* The lines of the list are in order of their bytes, after the comment. */
static tf_text line_around(const char *list, size_t length, size_t at) {
    size_t start = at, end = at;
    while (start > 0 && list[start - 1] != '\n') {
        start--;
    }
    while (end < length && list[end] != '\n') {
        end++;
    }
    return (tf_text){list + start, end - start};
}

static bool is_common(tf_text word) {
    const char *list = (const char *)tf_common_passphrases.files[0].bytes;
    size_t length = tf_common_passphrases.files[0].length;
    size_t low = 0, high = length;
    while (low < high) {
        tf_text line = line_around(list, length, low + (high - low) / 2);
        int order = line.length && line.data[0] == '#' ? -1 : tf_text_compare(line, word);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = (size_t)(line.data - list) + line.length + 1;
        } else {
            high = (size_t)(line.data - list);
        }
    }
    return false;
}

/* The shortest part that the text is a repetition of; the text itself if it is none. */
static tf_text unit_of(tf_text text) {
    for (size_t unit = 1; unit <= text.length / 2; unit++) {
        if (text.length % unit == 0 &&
            memcmp(text.data, text.data + unit, text.length - unit) == 0) {
            return (tf_text){text.data, unit};
        }
    }
    return text;
}

/* A common word, one repeated, or two of them. */
static bool is_made_of_common(const char *terminated) {
    tf_text text = unit_of(tf_text_of(terminated));
    if (is_common(text)) {
        return true;
    }
    for (size_t i = 1; i < text.length; i++) {
        if (is_common((tf_text){text.data, i}) &&
            is_common((tf_text){text.data + i, text.length - i})) {
            return true;
        }
    }
    return false;
}

/* ---- patterns ---- */

static bool is_next_to(char a, char b) {
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"};
    int step = b - a;
    if (step >= -1 && step <= 1) {
        return true;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *from = strchr(rows[i], a);
        const char *to = strchr(rows[i], b);
        if (from && to && (to - from == 1 || from - to == 1)) {
            return true;
        }
    }
    return false;
}

/* Few different characters, a short part repeated, or mostly characters that follow each other in
 * the alphabet or on the keyboard. */
static bool is_pattern(const char *whole) {
    bool is_there[256] = {false};
    size_t length = strlen(whole), different = 0, steps = 0;
    for (size_t i = 0; i < length; i++) {
        different += !is_there[(unsigned char)whole[i]];
        is_there[(unsigned char)whole[i]] = true;
        steps += i > 0 && is_next_to(whole[i - 1], whole[i]);
    }
    return different < 5 || 3 * (length - 1) <= 4 * steps ||
           unit_of((tf_text){whole, length}).length < 8;
}

/* ---- the person's own words ---- */

/* Blank out each of `own`'s words of four bytes or more where it is in `text`. */
static void take_out(char *text, tf_text own) {
    for (size_t i = 0; i < own.length;) {
        char word[ROOM];
        size_t length = 0;
        while (i < own.length && length < sizeof word - 1 &&
               (is_letter(lower(own.data[i])) || (own.data[i] >= '0' && own.data[i] <= '9') ||
                (own.data[i] & 0x80))) {
            word[length++] = lower(own.data[i++]);
        }
        word[length] = '\0';
        i += length == 0;
        for (char *at = length >= 4 ? strstr(text, word) : NULL; at; at = strstr(at, word)) {
            memset(at, ' ', length);
        }
    }
}

/* Whether little is left of the passphrase without them. */
static bool is_own_words(const folded *words, tf_text name, tf_text email, tf_text organisation) {
    char rest[ROOM];
    memcpy(rest, words->whole, sizeof rest);
    take_out(rest, name);
    take_out(rest, email);
    take_out(rest, organisation);
    take_out(rest, tf_text_of("trefoil"));
    size_t left = 0;
    for (const char *at = rest; *at; at++) {
        left += is_letter(*at) || (*at & 0x80);
    }
    return left < 6 && strcmp(rest, words->whole) != 0;
}

/* `passphrase` in its normal form; `typed` as it came. */
static tf_status check(tf_text passphrase, tf_text typed, tf_text name, tf_text email,
                       tf_text organisation, tf_error *error) {
    size_t characters = tf_text_width(passphrase);
    /* One typed sign may stand for many: U+FDFA is a whole blessing in its normal form. */
    if (characters < TF_PASSPHRASE_LEAST || tf_text_width(typed) < TF_PASSPHRASE_LEAST) {
        return tf_fail(error, TF_BAD_INPUT, "passphrase", 0,
                       "the passphrase must have at least %d characters; three words that have "
                       "nothing to do with each other are a good one",
                       TF_PASSPHRASE_LEAST);
    }
    if (characters > TF_PASSPHRASE_MOST) {
        return tf_fail(error, TF_BAD_INPUT, "passphrase", 0,
                       "the passphrase must have at most %d characters", TF_PASSPHRASE_MOST);
    }
    folded words = {.whole = ""};
    fold(passphrase, &words);
    tf_status status = TF_OK;
    if (is_pattern(words.whole)) {
        status = tf_fail(error, TF_BAD_INPUT, "passphrase", 0,
                         "the passphrase is a repetition or a sequence that is guessed first; "
                         "choose three words that have nothing to do with each other");
    } else if (is_made_of_common(words.whole) || is_made_of_common(words.letters)) {
        status = tf_fail(error, TF_BAD_INPUT, "passphrase", 0,
                         "the passphrase is among those that are guessed first; choose three "
                         "words that have nothing to do with each other");
    } else if (is_own_words(&words, name, email, organisation)) {
        status = tf_fail(error, TF_BAD_INPUT, "passphrase", 0,
                         "the passphrase is made of your name, your e-mail or your organisation; "
                         "choose three words that have nothing to do with you");
    }
    tf_secret_forget(&words, sizeof words);
    return status;
}

static void wipe(tf_buffer *buffer) {
    if (buffer->data) {
        tf_secret_forget(buffer->data, buffer->capacity);
    }
    tf_buffer_deinit(buffer);
}

tf_status tf_passphrase_check(tf_text passphrase, tf_text name, tf_text email, tf_text organisation,
                              tf_error *error) {
    if (!tf_text_is_utf8(passphrase) ||
        memchr(passphrase.data ? passphrase.data : "", '\0', passphrase.length)) {
        return tf_fail(error, TF_BAD_INPUT, "passphrase", 0,
                       "this passphrase has bytes that are no text; type another one");
    }
    tf_buffer normal;
    tf_buffer_init(&normal);
    tf_status status = tf_normalise_text(passphrase, &normal, error);
    if (!status) {
        status = check((tf_text){normal.data, normal.length}, passphrase, name, email, organisation,
                       error);
    }
    wipe(&normal);
    return status;
}

/* ---- derivations ---- */

struct tf_derivations {
    pthread_mutex_t mutex;
    pthread_cond_t has_room;
    int at_once;
    int most_waiting;
    int running;
    int waiting;
    int64_t count;
};

tf_status tf_derivations_new(int at_once, int waiting, tf_derivations **derivations_out,
                             tf_error *error) {
    *derivations_out = NULL;
    tf_derivations *derivations = tf_alloc_zeroed(1, sizeof *derivations);
    if (!derivations) {
        return tf_fail_no_memory(error);
    }
    derivations->at_once = at_once;
    derivations->most_waiting = waiting;
    pthread_mutex_init(&derivations->mutex, NULL);
    pthread_cond_init(&derivations->has_room, NULL);
    *derivations_out = derivations;
    return TF_OK;
}

void tf_derivations_free(tf_derivations *derivations) {
    if (derivations) {
        pthread_cond_destroy(&derivations->has_room);
        pthread_mutex_destroy(&derivations->mutex);
        tf_free(derivations);
    }
}

int64_t tf_derivations_count(tf_derivations *derivations) {
    pthread_mutex_lock(&derivations->mutex);
    int64_t count = derivations->count;
    pthread_mutex_unlock(&derivations->mutex);
    return count;
}

static bool enter(tf_derivations *derivations) {
    pthread_mutex_lock(&derivations->mutex);
    bool has_place = derivations->running < derivations->at_once ||
                     derivations->waiting < derivations->most_waiting;
    if (has_place) {
        derivations->waiting++;
        while (derivations->running >= derivations->at_once) {
            pthread_cond_wait(&derivations->has_room, &derivations->mutex);
        }
        derivations->waiting--;
        derivations->running++;
        derivations->count++;
    }
    pthread_mutex_unlock(&derivations->mutex);
    return has_place;
}

static void leave(tf_derivations *derivations) {
    pthread_mutex_lock(&derivations->mutex);
    derivations->running--;
    pthread_cond_signal(&derivations->has_room);
    pthread_mutex_unlock(&derivations->mutex);
}

tf_status tf_derivations_derive(tf_derivations *derivations, tf_text passphrase,
                                const uint8_t salt[TF_SALT_SIZE], tf_passphrase_cost cost,
                                uint8_t verifier_out[TF_KEY_SIZE], uint8_t lock_out[TF_KEY_SIZE],
                                tf_error *error) {
    static const size_t longest = (size_t)16 * TF_PASSPHRASE_MOST; /* bytes, however it is typed */
    passphrase.length = passphrase.length < longest ? passphrase.length : longest;
    tf_buffer normal;
    tf_buffer_init(&normal);
    tf_status status = tf_normalise_text(passphrase, &normal, NULL);
    if (!status) {
        passphrase = (tf_text){normal.data, normal.length};
    } /* what is no text was never chosen, and takes as long */
    if (status == TF_NO_MEMORY) {
        status = tf_fail_no_memory(error);
    } else if (!enter(derivations)) {
        status =
            tf_fail(error, TF_BUSY, NULL, 0,
                    "too many people are signing in at this moment; try again in a few seconds");
    } else {
        status = tf_secret_of_passphrase(passphrase, salt, cost, verifier_out, lock_out, error);
        leave(derivations);
    }
    wipe(&normal);
    return status;
}

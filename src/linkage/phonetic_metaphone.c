#include "phonetic_internal.h"

enum { MOST_LETTERS = 64 };

/* A name on its way to its keys. */
typedef struct speller {
    char letters[MOST_LETTERS];
    int length;
    bool is_slavic; /* or German: Philips takes W, K, CZ and WITZ as signs of either */
    size_t most;
    size_t primary_length, secondary_length;
    tf_double_metaphone *keys;
} speller;

/* The end of a name, and what stands before it, are like a space. */
static char at(const speller *name, int i) {
    return i >= 0 && i < name->length ? name->letters[i] : ' ';
}

static bool is_vowel(const speller *name, int i) {
    return strchr("AEIOUY", at(name, i)) != NULL;
}

/* Whether one of `words`, parted by '|', stands at i. */
static bool is(const speller *name, int i, const char *words) {
    int matched = 0;
    for (; *words; words++) {
        if (*words == '|') {
            if (matched >= 0) {
                return true;
            }
            matched = 0;
        } else if (matched >= 0) {
            matched = i + matched >= 0 && at(name, i + matched) == *words ? matched + 1 : -1;
        }
    }
    return matched >= 0;
}

static bool is_germanic(const speller *name) {
    return is(name, 0, "VAN |VON |SCH");
}

static void append(char *key, size_t *length, size_t most, const char *sounds) {
    for (; *sounds && *length < most; sounds++) {
        key[(*length)++] = *sounds;
    }
    key[*length] = '\0';
}

static void sound_either(speller *name, const char *primary, const char *secondary) {
    append(name->keys->primary, &name->primary_length, name->most, primary);
    append(name->keys->secondary, &name->secondary_length, name->most, secondary);
}

static void sound(speller *name, const char *sounds) {
    sound_either(name, sounds, sounds);
}

/* Each of the following sounds the letter at i and says how many letters that took. */

static int sound_ch(speller *name, int i) {
    if (i > 0 && is(name, i, "CHAE")) {
        sound_either(name, "K", "X");
    } else if (i == 0 && is(name, 1, "HARAC|HARIS|HOR|HYM|HIA|HEM") && !is(name, 0, "CHORE")) {
        sound(name, "K"); /* Greek */
    } else if (is_germanic(name) || is(name, i - 2, "ORCHES|ARCHIT|ORCHID") ||
               is(name, i + 2, "T|S") ||
               ((i == 0 || is(name, i - 1, "A|O|U|E")) && is(name, i + 2, "L|R|N|M|B|H|F|V|W"))) {
        sound(name, "K");
    } else if (i == 0) {
        sound(name, "X");
    } else if (is(name, 0, "MC")) {
        sound(name, "K"); /* McHugh */
    } else {
        sound_either(name, "X", "K");
    }
    return 2;
}

static int sound_double_c(speller *name, int i) {
    if (!is(name, i + 2, "I|E|H") || is(name, i + 2, "HU")) {
        sound(name, "K");
        return 2;
    }
    bool is_hard = (i == 1 && at(name, 0) == 'A') || is(name, i - 1, "UCCEE|UCCES");
    sound(name, is_hard ? "KS" : "X");
    return 3;
}

static int sound_c(speller *name, int i) {
    if (i > 1 && !is_vowel(name, i - 2) && is(name, i - 1, "ACH") && at(name, i + 2) != 'I' &&
        (at(name, i + 2) != 'E' || is(name, i - 2, "BACHER|MACHER"))) {
        sound(name, "K");
        return 2;
    }
    if (i == 0 && is(name, i, "CAESAR")) {
        sound(name, "S");
        return 2;
    }
    if (is(name, i, "CHIA")) {
        sound(name, "K");
        return 2;
    }
    if (is(name, i, "CH")) {
        return sound_ch(name, i);
    }
    if (is(name, i, "CZ") && !is(name, i - 2, "WICZ")) {
        sound_either(name, "S", "X");
        return 2;
    }
    if (is(name, i + 1, "CIA")) {
        sound(name, "X");
        return 3;
    }
    if (is(name, i, "CC") && !(i == 1 && at(name, 0) == 'M')) {
        return sound_double_c(name, i);
    }
    if (is(name, i, "CI|CE|CY")) {
        sound_either(name, "S", is(name, i, "CIO|CIE|CIA") ? "X" : "S");
        return 2;
    }
    sound(name, "K");
    if (is(name, i + 1, " C| Q| G")) {
        return 3;
    }
    return is(name, i + 1, "K|G|Q") || (is(name, i + 1, "C") && !is(name, i + 1, "CE|CI")) ? 2 : 1;
}

static int sound_d(speller *name, int i) {
    if (is(name, i, "DGI|DGE|DGY")) {
        sound(name, "J");
        return 3;
    }
    sound(name, is(name, i, "DG") ? "TK" : "T");
    return is(name, i, "DG|DT|DD") ? 2 : 1;
}

static int sound_gh(speller *name, int i) {
    if (i == 0) {
        sound(name, at(name, 2) == 'I' ? "J" : "K");
    } else if (!is_vowel(name, i - 1)) {
        sound(name, "K");
    } else if (is(name, i - 2, "B|H|D") || is(name, i - 3, "B|H|D") || is(name, i - 4, "B|H")) {
        /* Parker's rule: Hugh, bough and Broughton keep it silent. */
    } else if (i > 2 && at(name, i - 1) == 'U' && is(name, i - 3, "C|G|L|R|T")) {
        sound(name, "F");
    } else if (at(name, i - 1) != 'I') {
        sound(name, "K");
    }
    return 2;
}

static int sound_gn(speller *name, int i) {
    if (i == 1 && is_vowel(name, 0) && !name->is_slavic) {
        sound_either(name, "KN", "N");
    } else if (!is(name, i + 2, "EY") && !name->is_slavic) {
        sound_either(name, "N", "KN"); /* not Cagney */
    } else {
        sound(name, "KN");
    }
    return 2;
}

static int sound_g(speller *name, int i) {
    if (is(name, i, "GH")) {
        return sound_gh(name, i);
    }
    if (is(name, i, "GN")) {
        return sound_gn(name, i);
    }
    if (is(name, i, "GLI") && !name->is_slavic) {
        sound_either(name, "KL", "L");
        return 2;
    }
    if (i == 0 && is(name, 1, "Y|ES|EP|EB|EL|EY|IB|IL|IN|IE|EI|ER")) {
        sound_either(name, "K", "J");
        return 2;
    }
    if (is(name, i + 1, "ER|Y") && !is(name, 0, "DANGER|RANGER|MANGER") &&
        !is(name, i - 1, "E|I|RGY|OGY")) {
        sound_either(name, "K", "J");
        return 2;
    }
    if (is(name, i + 1, "E|I|Y") || is(name, i - 1, "AGGI|OGGI")) {
        if (is_germanic(name) || is(name, i + 1, "ET")) {
            sound(name, "K");
        } else {
            sound_either(name, "J", is(name, i + 1, "IER ") ? "J" : "K");
        }
        return 2;
    }
    sound(name, "K");
    return at(name, i + 1) == 'G' ? 2 : 1;
}

static int sound_h(speller *name, int i) {
    if ((i > 0 && !is_vowel(name, i - 1)) || !is_vowel(name, i + 1)) {
        return 1;
    }
    sound(name, "H");
    return 2;
}

static int sound_j(speller *name, int i) {
    if (is(name, i, "JOSE") || is(name, 0, "SAN ")) {
        bool is_spanish = (i == 0 && at(name, 4) == ' ') || is(name, 0, "SAN ");
        sound_either(name, is_spanish ? "H" : "J", "H");
        return 1;
    }
    if (i == 0) {
        sound_either(name, "J", "A"); /* Yankelovich, Jankelowicz */
    } else if (is_vowel(name, i - 1) && !name->is_slavic && is(name, i + 1, "A|O")) {
        sound_either(name, "J", "H");
    } else if (i == name->length - 1) {
        sound_either(name, "J", "");
    } else if (!is(name, i + 1, "L|T|K|S|N|M|B|Z") && !is(name, i - 1, "S|K|L")) {
        sound(name, "J");
    }
    return at(name, i + 1) == 'J' ? 2 : 1;
}

static int sound_l(speller *name, int i) {
    int last = name->length - 1;
    if (at(name, i + 1) != 'L') {
        sound(name, "L");
        return 1;
    }
    bool is_spanish =
        (i == name->length - 3 && is(name, i - 1, "ILLO|ILLA|ALLE")) ||
        ((is(name, last - 1, "AS|OS") || is(name, last, "A|O")) && is(name, i - 1, "ALLE"));
    sound_either(name, "L", is_spanish ? "" : "L");
    return 2;
}

static int sound_m(speller *name, int i) {
    bool is_thumb = is(name, i - 1, "UMB") && (i + 1 == name->length - 1 || is(name, i + 2, "ER"));
    sound(name, "M");
    return is_thumb || at(name, i + 1) == 'M' ? 2 : 1;
}

static int sound_p(speller *name, int i) {
    sound(name, at(name, i + 1) == 'H' ? "F" : "P");
    return is(name, i + 1, "H|P|B") ? 2 : 1;
}

static int sound_r(speller *name, int i) {
    bool is_french = i == name->length - 1 && !name->is_slavic && is(name, i - 2, "IE") &&
                     !is(name, i - 4, "ME|MA");
    sound_either(name, is_french ? "" : "R", "R");
    return at(name, i + 1) == 'R' ? 2 : 1;
}

static int sound_sc(speller *name, int i) {
    if (at(name, i + 2) != 'H') {
        sound(name, is(name, i + 2, "I|E|Y") ? "S" : "SK");
    } else if (is(name, i + 3, "ER|EN")) {
        sound_either(name, "X", "SK");
    } else if (is(name, i + 3, "OO|UY|ED|EM")) {
        sound(name, "SK"); /* Dutch: school, schooner */
    } else {
        bool is_either = i == 0 && !is_vowel(name, 3) && at(name, 3) != 'W';
        sound_either(name, "X", is_either ? "S" : "X");
    }
    return 3;
}

static int sound_s(speller *name, int i) {
    if (is(name, i - 1, "ISL|YSL")) {
        return 1; /* isle, Carlisle */
    }
    if (i == 0 && is(name, i, "SUGAR")) {
        sound_either(name, "X", "S");
        return 1;
    }
    if (is(name, i, "SH")) {
        sound(name, is(name, i + 1, "HEIM|HOEK|HOLM|HOLZ") ? "S" : "X");
        return 2;
    }
    if (is(name, i, "SIO|SIA")) {
        sound_either(name, "S", name->is_slavic ? "S" : "X");
        return 3;
    }
    if ((i == 0 && is(name, 1, "M|N|L|W")) || at(name, i + 1) == 'Z') {
        sound_either(name, "S", "X"); /* Smith and Schmidt */
        return at(name, i + 1) == 'Z' ? 2 : 1;
    }
    if (is(name, i, "SC")) {
        return sound_sc(name, i);
    }
    bool is_french = i == name->length - 1 && is(name, i - 2, "AI|OI");
    sound_either(name, is_french ? "" : "S", "S");
    return at(name, i + 1) == 'S' ? 2 : 1;
}

static int sound_t(speller *name, int i) {
    if (is(name, i, "TION|TIA|TCH")) {
        sound(name, "X");
        return 3;
    }
    if (is(name, i, "TH|TTH")) {
        bool is_hard = is(name, i + 2, "OM|AM") || is_germanic(name);
        sound_either(name, is_hard ? "T" : "0", "T");
        return 2;
    }
    sound(name, "T");
    return is(name, i + 1, "T|D") ? 2 : 1;
}

static int sound_w(speller *name, int i) {
    if (is(name, i, "WR")) {
        sound(name, "R");
        return 2;
    }
    if (i == 0 && (is_vowel(name, 1) || at(name, 1) == 'H')) {
        sound_either(name, "A", is_vowel(name, 1) ? "F" : "A"); /* Wasserman, Vasserman */
    }
    if ((i > 0 && i == name->length - 1 && is_vowel(name, i - 1)) ||
        is(name, i - 1, "EWSKI|EWSKY|OWSKI|OWSKY") || is(name, 0, "SCH")) {
        sound_either(name, "", "F"); /* Arnow */
        return 1;
    }
    if (is(name, i, "WICZ|WITZ")) {
        sound_either(name, "TS", "FX");
        return 4;
    }
    return 1;
}

static int sound_x(speller *name, int i) {
    bool is_french =
        i == name->length - 1 && (is(name, i - 3, "IAU|EAU") || is(name, i - 2, "AU|OU"));
    if (i == 0) {
        sound(name, "S");
        return 1;
    }
    sound(name, is_french ? "" : "KS");
    return is(name, i + 1, "C|X") ? 2 : 1;
}

static int sound_z(speller *name, int i) {
    if (at(name, i + 1) == 'H') {
        sound(name, "J"); /* Chinese */
        return 2;
    }
    bool is_hard =
        is(name, i + 1, "ZO|ZI|ZA") || (name->is_slavic && i > 0 && at(name, i - 1) != 'T');
    sound_either(name, "S", is_hard ? "TS" : "S");
    return at(name, i + 1) == 'Z' ? 2 : 1;
}

/* The letters that sound one way wherever they stand; two in a row sound once. */
static int sound_plain(speller *name, int i) {
    static const char letters[] = "BFKNQV", sounds[] = "PFKNKF";
    const char *found = strchr(letters, at(name, i));
    if (!found) {
        if (i == 0 && is_vowel(name, i)) {
            sound(name, "A");
        }
        return 1;
    }
    sound(name, (char[]){sounds[found - letters], '\0'});
    return at(name, i + 1) == at(name, i) ? 2 : 1;
}

static int sound_letter(speller *name, int i) {
    static int (*const others[26])(speller *, int) = {
        ['C' - 'A'] = sound_c, ['D' - 'A'] = sound_d, ['G' - 'A'] = sound_g, ['H' - 'A'] = sound_h,
        ['J' - 'A'] = sound_j, ['L' - 'A'] = sound_l, ['M' - 'A'] = sound_m, ['P' - 'A'] = sound_p,
        ['R' - 'A'] = sound_r, ['S' - 'A'] = sound_s, ['T' - 'A'] = sound_t, ['W' - 'A'] = sound_w,
        ['X' - 'A'] = sound_x, ['Z' - 'A'] = sound_z};
    char letter = at(name, i);
    if (letter == ' ') {
        return 1;
    }
    return others[letter - 'A'] ? others[letter - 'A'](name, i) : sound_plain(name, i);
}

bool tf_phonetic_double_metaphone(tf_text name, size_t most, tf_double_metaphone *keys_out) {
    speller spelt = {.keys = keys_out, .most = most};
    if (spelt.most > TF_METAPHONE_SIZE - 1) {
        spelt.most = TF_METAPHONE_SIZE - 1;
    }
    *keys_out = (tf_double_metaphone){{0}, {0}};
    while (name.length && spelt.length < MOST_LETTERS) {
        char letter = phonetic_next(&name);
        if (letter && !(letter == ' ' && at(&spelt, spelt.length - 1) == ' ')) {
            spelt.letters[spelt.length++] = letter;
        }
    }
    if (at(&spelt, spelt.length - 1) == ' ' && spelt.length > 0) {
        spelt.length--;
    }
    for (int i = 0; i < spelt.length; i++) {
        spelt.is_slavic = spelt.is_slavic || is(&spelt, i, "W|K|CZ");
    }
    int i = is(&spelt, 0, "GN|KN|PN|WR|PS") ? 1 : 0;
    while (i < spelt.length &&
           (spelt.primary_length < spelt.most || spelt.secondary_length < spelt.most)) {
        i += sound_letter(&spelt, i);
    }
    return spelt.primary_length > 0 || spelt.secondary_length > 0;
}

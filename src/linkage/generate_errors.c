/* Mistakes, as keyboards, ears, scanners and forms cause them. */
#include "generate_internal.h"

#include <ctype.h>
#include <strings.h>

/* What stands beside each letter of a British keyboard. */
static const char *const neighbours[26] = {
    "qwsz",   "vghn",  "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko",
    "huikmn", "jiolm", "kop",  "njk",    "bhjm", "iklp",   "ol",     "wa",     "edft",
    "awedxz", "rfgy",  "yhji", "cfgb",   "qase", "zsdc",   "tghu",   "asx",
};

typedef struct spelling {
    const char *from;
    const char *to;
} spelling;

static const spelling by_sound[] = {
    {"ph", "f"}, {"ck", "k"},   {"ie", "y"},   {"ea", "ee"}, {"ee", "ea"}, {"th", "t"},
    {"gh", "g"}, {"mc", "mac"}, {"mac", "mc"}, {"ei", "ie"}, {"ou", "u"},  {"c", "k"},
    {"k", "c"},  {"s", "z"},    {"z", "s"},    {"y", "i"},   {"i", "y"},   {"v", "f"},
    {"ll", "l"}, {"tt", "t"},   {"nn", "n"},   {"j", "g"},   {"e", "a"},   {"o", "a"},
};
static const spelling by_look[] = {
    {"rn", "m"}, {"m", "rn"}, {"cl", "d"}, {"d", "cl"}, {"vv", "w"}, {"w", "vv"}, {"li", "h"},
    {"nn", "m"}, {"h", "b"},  {"e", "c"},  {"l", "i"},  {"i", "l"},  {"u", "v"},  {"a", "o"},
};

static void replace(tf_person_field *field, size_t at, size_t length, const char *by) {
    size_t added = strlen(by);
    if (field->length - length + added > FIELD_SIZE) {
        return;
    }
    memmove(field->text + at + added, field->text + at + length, field->length - at - length);
    memcpy(field->text + at, by, added);
    field->length = field->length - length + added;
}

static bool is_letter(const tf_person_field *field, size_t at) {
    return isalpha((unsigned char)field->text[at]) != 0;
}

/* A letter among the first `limit` bytes by chance; false if there is none. */
static bool pick_letter(const tf_person_field *field, size_t limit, tf_chance *chance,
                        size_t *at_out) {
    uint32_t seen = 0;
    for (size_t i = 0; i < limit; i++) {
        if (is_letter(field, i) && tf_chance_below(chance, ++seen) == 0) {
            *at_out = i;
        }
    }
    return seen > 0;
}

/* Write another letter, in the case of the one that is there. */
static void set_letter(tf_person_field *field, size_t at, char letter) {
    bool is_capital = isupper((unsigned char)field->text[at]) != 0;
    field->text[at] = (char)(is_capital ? toupper((unsigned char)letter) : letter);
}

static void hit_neighbour(tf_person_field *field, size_t at, tf_chance *chance) {
    const char *near = neighbours[tolower((unsigned char)field->text[at]) - 'a'];
    set_letter(field, at, near[tf_chance_below(chance, (uint32_t)strlen(near))]);
}

static bool matches(const tf_person_field *field, size_t limit, size_t at, const char *from) {
    size_t length = strlen(from);
    return at + length <= limit && strncasecmp(field->text + at, from, length) == 0;
}

static bool swap_once(tf_person_field *field, size_t limit, const spelling *swap) {
    size_t at = 0;
    while (at < limit && !matches(field, limit, at, swap->from)) {
        at++;
    }
    if (at == limit) {
        return false;
    }
    char first = field->text[at];
    replace(field, at, strlen(swap->from), swap->to);
    if (isupper((unsigned char)first)) {
        field->text[at] = (char)toupper((unsigned char)field->text[at]);
    }
    return true;
}

/* The first swap from a random one on that has something to swap. */
static bool swap_some(tf_person_field *field, size_t limit, const spelling *swaps, size_t count,
                      tf_chance *chance) {
    size_t start = tf_chance_below(chance, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        if (swap_once(field, limit, &swaps[(start + i) % count])) {
            return true;
        }
    }
    return false;
}

static bool transpose(tf_person_field *field, size_t limit, size_t at) {
    if (at + 1 >= limit || !is_letter(field, at + 1)) {
        return false;
    }
    char first = (char)tolower((unsigned char)field->text[at]);
    char second = (char)tolower((unsigned char)field->text[at + 1]);
    if (first == second) {
        return false;
    }
    set_letter(field, at, second);
    set_letter(field, at + 1, first);
    return true;
}

/* One slip among the first `limit` bytes of the field. */
static void mistype(tf_person_field *field, size_t limit, tf_chance *chance) {
    size_t at = 0;
    if (!pick_letter(field, limit, chance, &at)) {
        return;
    }
    uint32_t kind = tf_chance_below(chance, 100);
    char again[2] = {(char)tolower((unsigned char)field->text[at]), '\0'};
    bool is_done = false;
    if (kind < 12) {
        replace(field, at + 1, 0, again);
        is_done = true;
    } else if (kind < 36 && limit > 1) {
        replace(field, at, 1, "");
        is_done = true;
    } else if (kind < 54) {
        is_done = transpose(field, limit, at);
    } else if (kind < 68) {
        is_done = swap_some(field, limit, by_sound, sizeof by_sound / sizeof *by_sound, chance);
    } else if (kind < 78) {
        is_done = swap_some(field, limit, by_look, sizeof by_look / sizeof *by_look, chance);
    }
    if (!is_done) {
        hit_neighbour(field, at, chance);
    }
}

static void swap_fields(tf_person_field *a, tf_person_field *b) {
    tf_person_field kept = *a;
    *a = *b;
    *b = kept;
}

/* Another digit than the one that is there. */
static void set_other_digit(tf_person_field *field, size_t at, tf_chance *chance) {
    int digit = field->text[at] - '0';
    field->text[at] = (char)('0' + (digit + 1 + (int)tf_chance_below(chance, 9)) % 10);
}

static void spoil_postcode(tf_person_field *postcode, tf_chance *chance) {
    size_t inward = postcode->length - 3;
    if (tf_chance_permille(chance, 350)) {
        set_other_digit(postcode, inward, chance);
    } else if (tf_chance_permille(chance, 300) &&
               transpose(postcode, postcode->length, inward + 1)) {
        return;
    } else {
        hit_neighbour(postcode, inward + 1 + tf_chance_below(chance, 2), chance);
    }
}

static int two_digits(const char *text) {
    return (text[0] - '0') * 10 + text[1] - '0';
}

static void put_two_digits(char *text, int number) {
    text[0] = (char)('0' + number / 10);
    text[1] = (char)('0' + number % 10);
}

/* The year before or after.  Both exist for any day but 29 February. */
static void miss_year(tf_person_field *date, tf_chance *chance) {
    int year = two_digits(date->text) * 100 + two_digits(date->text + 2);
    year += tf_chance_permille(chance, 500) ? 1 : -1;
    put_two_digits(date->text, year / 100);
    put_two_digits(date->text + 2, year % 100);
    if (memcmp(date->text + 5, "02-29", 5) == 0) {
        date->text[9] = '8';
    }
}

static void swap_day_and_month(tf_person_field *date, tf_chance *chance) {
    int month = two_digits(date->text + 5), day = two_digits(date->text + 8);
    if (day > 12 || day == month) {
        miss_year(date, chance);
        return;
    }
    put_two_digits(date->text + 5, day);
    put_two_digits(date->text + 8, month);
}

/* Another of the days that every month has. */
static void miss_day(tf_person_field *date, tf_chance *chance) {
    int day = two_digits(date->text + 8);
    int other = 1 + (int)tf_chance_below(chance, 28);
    put_two_digits(date->text + 8, other == day ? other % 28 + 1 : other);
}

/* How often each kind of mistake is made, in per cent, and the field that it needs. */
typedef enum mistake_kind {
    MISTYPED,
    INITIAL_ALONE,
    WRONG_POSTCODE,
    WRONG_NUMBER,
    DAY_AND_MONTH,
    YEAR_BESIDE,
    OTHER_DAY,
    GIVEN_AND_FAMILY,
    GIVEN_AND_MIDDLE,
    OTHER_SEX,
} mistake_kind;

static const struct {
    mistake_kind mistake;
    tf_generate_column column;
    uint8_t percent;
} mistakes[] = {
    {MISTYPED, TF_GENERATE_GIVEN_NAME, 18},
    {MISTYPED, TF_GENERATE_FAMILY_NAME, 20},
    {MISTYPED, TF_GENERATE_ADDRESS, 12},
    {MISTYPED, TF_GENERATE_CITY, 3},
    {MISTYPED, TF_GENERATE_EMAIL, 6},
    {INITIAL_ALONE, TF_GENERATE_GIVEN_NAME, 2},
    {WRONG_POSTCODE, TF_GENERATE_POSTCODE, 10},
    {WRONG_NUMBER, TF_GENERATE_PHONE, 7},
    {DAY_AND_MONTH, TF_GENERATE_DATE_OF_BIRTH, 6},
    {YEAR_BESIDE, TF_GENERATE_DATE_OF_BIRTH, 4},
    {OTHER_DAY, TF_GENERATE_DATE_OF_BIRTH, 4},
    {GIVEN_AND_FAMILY, TF_GENERATE_GIVEN_NAME, 4},
    {GIVEN_AND_MIDDLE, TF_GENERATE_MIDDLE_NAME, 3},
    {OTHER_SEX, TF_GENERATE_SEX, 1},
};

static void make_mistake(tf_person_field *fields, mistake_kind mistake, tf_person_field *field,
                         tf_chance *chance) {
    switch (mistake) {
    case MISTYPED: {
        const char *end = memchr(field->text, '@', field->length);
        mistype(field, end ? (size_t)(end - field->text) : field->length, chance);
        break;
    }
    case INITIAL_ALONE:
        field->length = 1;
        break;
    case WRONG_POSTCODE:
        spoil_postcode(field, chance);
        break;
    case WRONG_NUMBER: /* the last three digits: any are of the range for drama */
        set_other_digit(field, field->length - 1 - tf_chance_below(chance, 3), chance);
        break;
    case DAY_AND_MONTH:
        swap_day_and_month(field, chance);
        break;
    case YEAR_BESIDE:
        miss_year(field, chance);
        break;
    case OTHER_DAY:
        miss_day(field, chance);
        break;
    case GIVEN_AND_FAMILY:
        swap_fields(field, &fields[TF_GENERATE_FAMILY_NAME]);
        break;
    case GIVEN_AND_MIDDLE:
        swap_fields(field, &fields[TF_GENERATE_GIVEN_NAME]);
        break;
    case OTHER_SEX:
        field->text[0] = field->text[0] == 'F' ? 'M' : 'F';
        break;
    }
}

static int pick_count(tf_generate_errors level, tf_chance *chance) {
    static const uint8_t percents[TF_GENERATE_ERRORS_COUNT][5] = {
        {100, 0, 0, 0, 0},
        {92, 7, 1, 0, 0},
        {75, 18, 5, 2, 0},
        {50, 28, 13, 6, 3},
    };
    uint32_t drawn = tf_chance_below(chance, 100);
    int count = 0;
    while (drawn >= percents[level][count]) {
        drawn -= percents[level][count++];
    }
    return count;
}

void tf_record_spoil(tf_person_field fields[TF_GENERATE_COLUMN_COUNT], tf_generate_errors level,
                     tf_chance *chance) {
    for (int left = pick_count(level, chance); left > 0; left--) {
        uint32_t drawn = tf_chance_below(chance, 100);
        size_t i = 0;
        while (drawn >= mistakes[i].percent) {
            drawn -= mistakes[i++].percent;
        }
        tf_person_field *field = &fields[mistakes[i].column];
        if (field->length > 0) {
            make_mistake(fields, mistakes[i].mistake, field, chance);
        } else if (fields[TF_GENERATE_FAMILY_NAME].length > 0) {
            make_mistake(fields, MISTYPED, &fields[TF_GENERATE_FAMILY_NAME], chance);
        }
    }
}

/* What the files of the invented population share. */
#ifndef LINKAGE_GENERATE_INTERNAL_H
#define LINKAGE_GENERATE_INTERNAL_H

#include "trefoil/linkage/generate.h"

/* ---- Chance: SplitMix64 (Steele, Lea and Flood 2014), whose start is a hash of what is drawn for,
 * so that a thread needs to know nothing of the others. */
typedef struct tf_chance {
    uint64_t state;
} tf_chance;

typedef enum tf_chance_purpose { CHANCE_PEOPLE = 1, CHANCE_ORDER, CHANCE_RECORD } tf_chance_purpose;

static inline uint64_t tf_chance_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline tf_chance tf_chance_for(uint64_t seed, tf_chance_purpose purpose, uint64_t index) {
    uint64_t start = tf_chance_mix(seed + UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)purpose);
    return (tf_chance){tf_chance_mix(start ^ tf_chance_mix(index + 1))};
}

static inline uint32_t tf_chance_next(tf_chance *chance) {
    chance->state += UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(tf_chance_mix(chance->state) >> 32);
}

/* 0 to bound - 1.  The bias, below bound / 2^32, is of no matter here. */
static inline uint32_t tf_chance_below(tf_chance *chance, uint32_t bound) {
    return (uint32_t)(((uint64_t)tf_chance_next(chance) * bound) >> 32);
}

static inline bool tf_chance_permille(tf_chance *chance, uint32_t permille) {
    return tf_chance_below(chance, 1000) < permille;
}

/* ---- Names, as generate_names.txt has them. */
typedef struct tf_name_list {
    tf_text *names;
    uint32_t *cumulative; /* the chance of this name or one before it, in 2^-32 */
    size_t count;
    size_t capacity;
} tf_name_list;

typedef enum tf_origin {
    ORIGIN_BRITISH,
    ORIGIN_IRISH,
    ORIGIN_SCOTTISH,
    ORIGIN_WELSH,
    ORIGIN_MUSLIM,
    ORIGIN_HINDU,
    ORIGIN_SIKH,
    ORIGIN_POLISH,
    ORIGIN_ROMANIAN,
    ORIGIN_AFRICAN,
    ORIGIN_CHINESE,
    ORIGIN_OTHER,
    ORIGIN_COUNT
} tf_origin;

enum { GENERATION_COUNT = 5 };

typedef struct tf_names {
    tf_name_list given_british[2][GENERATION_COUNT]; /* men first */
    tf_name_list given[2][ORIGIN_COUNT];             /* without the British */
    tf_name_list family[ORIGIN_COUNT];
    tf_name_list family_start;
    tf_name_list family_end;
    tf_name_list towns;
    tf_name_list areas;
    tf_name_list street_start;
    tf_name_list street_end;
    tf_name_list nicknames; /* whole lines: the name, then its short forms */
} tf_names;

/* Free with tf_names_free, also after an error. */
tf_status tf_names_load(tf_names *names_out, tf_error *error);
void tf_names_free(tf_names *names);

tf_text tf_names_pick(const tf_name_list *list, tf_chance *chance);

/* A short form of the name by chance; the name itself where there is none. */
tf_text tf_names_nickname(const tf_names *names, tf_text name, tf_chance *chance);

/* ---- Persons. */
typedef struct tf_place {
    uint8_t town;
    uint8_t district;
    uint8_t sector;
    uint8_t unit;
    uint8_t number; /* of the house */
    uint8_t flat;   /* 0: none */
} tf_place;

typedef struct tf_household {
    tf_place place;
    tf_place earlier_place;
    uint16_t landline;
    uint16_t earlier_landline;
} tf_household;

/* "Ash" and "ford"; most have one part. */
typedef struct tf_family_name {
    tf_text parts[2];
} tf_family_name;

typedef struct tf_person {
    uint32_t household;
    int32_t born; /* days since 1970 */
    tf_text given;
    tf_text middle; /* empty: none */
    tf_family_name family;
    tf_family_name hyphenated; /* what follows a hyphen; empty: nothing */
    tf_family_name earlier;    /* before the marriage; empty: never changed */
    bool is_female;
    bool prefers_landline;
    uint16_t mobile;
    uint16_t email_number;
} tf_person;

typedef struct tf_person_record {
    uint32_t person;
    uint8_t source;
    bool is_first;
} tf_person_record;

/* A block of rows on its way: room for TF_GENERATE_BLOCK_ROWS of each. */
typedef struct tf_people {
    tf_household *households;
    tf_person *persons;
    tf_person_record *records;
    size_t household_count;
    size_t person_count;
    size_t record_count;
} tf_people;

tf_status tf_people_init(tf_people *people, tf_error *error); /* deinit also after an error */
void tf_people_deinit(tf_people *people);

/* Make households until there are `row_count` records, and shuffle these. */
void tf_people_fill(tf_people *people, const tf_names *names, const tf_generate_options *options,
                    uint64_t block, size_t row_count);

/* ---- Rows. */
enum { FIELD_SIZE = 96 };

typedef struct tf_person_field {
    char text[FIELD_SIZE]; /* not terminated */
    size_t length;
} tf_person_field;

/* What a record says of its person: what life, habit, sources and errors make of it. */
void tf_record_write(const tf_names *names, const tf_person *person, const tf_household *household,
                     const tf_person_record *record, tf_generate_errors level, tf_chance *chance,
                     tf_person_field fields[TF_GENERATE_COLUMN_COUNT]);

/* Make mistakes in the fields, in the number of the level. */
void tf_record_spoil(tf_person_field fields[TF_GENERATE_COLUMN_COUNT], tf_generate_errors level,
                     tf_chance *chance);

#endif

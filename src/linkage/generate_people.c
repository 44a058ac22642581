/* Households, the persons in them, and how many records each person has. */
#include "generate_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/memory.h"

enum {
    THIS_YEAR = 2024,
    DISTRICTS = 20,
    SECTORS = 10,
    UNITS = 60,
    HOUSES = 80,
    DRAMA_NUMBERS = 1000,
};

typedef struct household_maker {
    tf_people *people;
    const tf_names *names;
    const tf_generate_options *options;
    tf_chance chance;
    uint32_t again; /* the chance of a further record, in 2^-32 */
    size_t wanted;  /* records */
} household_maker;

/* About as in the census of 2021 for England and Wales, in thousandths. */
static const uint16_t origin_permille[ORIGIN_COUNT] = {
    [ORIGIN_BRITISH] = 690, [ORIGIN_IRISH] = 40,   [ORIGIN_SCOTTISH] = 50, [ORIGIN_WELSH] = 50,
    [ORIGIN_MUSLIM] = 55,   [ORIGIN_HINDU] = 20,   [ORIGIN_SIKH] = 12,     [ORIGIN_POLISH] = 20,
    [ORIGIN_ROMANIAN] = 13, [ORIGIN_AFRICAN] = 22, [ORIGIN_CHINESE] = 8,   [ORIGIN_OTHER] = 20,
};

static tf_origin pick_origin(tf_chance *chance) {
    uint32_t drawn = tf_chance_below(chance, 1000);
    int origin = 0;
    while (drawn >= origin_permille[origin]) {
        drawn -= origin_permille[origin++];
    }
    return (tf_origin)origin;
}

static int generation_of(int year) {
    static const int first_years[] = {1955, 1975, 1993, 2006};
    int generation = 0;
    while (generation < GENERATION_COUNT - 1 && year >= first_years[generation]) {
        generation++;
    }
    return generation;
}

static tf_text pick_given(household_maker *maker, tf_origin origin, bool is_female, int year) {
    const tf_names *names = maker->names;
    bool is_british = origin == ORIGIN_BRITISH;
    if (origin == ORIGIN_IRISH || origin == ORIGIN_SCOTTISH || origin == ORIGIN_WELSH) {
        is_british = tf_chance_permille(&maker->chance, 500);
    }
    return tf_names_pick(is_british ? &names->given_british[is_female][generation_of(year)]
                                    : &names->given[is_female][origin],
                         &maker->chance);
}

static tf_family_name pick_family(household_maker *maker, tf_origin origin, bool is_female) {
    const tf_names *names = maker->names;
    tf_chance *chance = &maker->chance;
    if (origin == ORIGIN_SIKH && tf_chance_permille(chance, 400)) {
        return (tf_family_name){{tf_text_of(is_female ? "Kaur" : "Singh")}};
    }
    if (origin == ORIGIN_BRITISH && tf_chance_permille(chance, 250)) {
        tf_text start = tf_names_pick(&names->family_start, chance);
        return (tf_family_name){{start, tf_names_pick(&names->family_end, chance)}};
    }
    return (tf_family_name){{tf_names_pick(&names->family[origin], chance)}};
}

static tf_place pick_place(household_maker *maker) {
    tf_chance *chance = &maker->chance;
    const tf_name_list *towns = &maker->names->towns;
    tf_text town = tf_names_pick(towns, chance);
    size_t index = 0;
    while (towns->names[index].data != town.data) {
        index++;
    }
    /* The smaller of two draws: some districts and the first houses of a street are fuller. */
    uint32_t district = tf_chance_below(chance, DISTRICTS),
             other = tf_chance_below(chance, DISTRICTS);
    uint32_t number = tf_chance_below(chance, HOUSES), second = tf_chance_below(chance, HOUSES);
    bool has_flat = tf_chance_permille(chance, 180);
    return (tf_place){
        .town = (uint8_t)index,
        .district = (uint8_t)(1 + (district < other ? district : other)),
        .sector = (uint8_t)tf_chance_below(chance, SECTORS),
        .unit = (uint8_t)tf_chance_below(chance, UNITS),
        .number = (uint8_t)(1 + (number < second ? number : second)),
        .flat = (uint8_t)(has_flat ? 1 + tf_chance_below(chance, 24) : 0),
    };
}

static bool is_full(const household_maker *maker) {
    return maker->people->record_count == maker->wanted;
}

static void add_records(household_maker *maker, uint32_t person) {
    tf_people *people = maker->people;
    uint32_t source_count = (uint32_t)maker->options->source_count;
    uint32_t source = tf_chance_below(&maker->chance, source_count);
    bool is_first = true;
    do {
        people->records[people->record_count++] =
            (tf_person_record){person, (uint8_t)source, is_first};
        is_first = false;
        if (tf_chance_permille(&maker->chance, 850)) {
            source = (source + 1) % source_count;
        }
    } while (tf_chance_next(&maker->chance) < maker->again && !is_full(maker));
}

/* Who somebody is, before we know how many records there are. */
typedef struct household_member {
    tf_origin origin;
    bool is_female;
    int age;
    int32_t born;  /* 0: somewhere in the year that the age says */
    tf_text given; /* empty: by chance */
    tf_family_name family;
    tf_family_name hyphenated;
    tf_family_name earlier;
} household_member;

static int32_t pick_birthday(household_maker *maker, int age) {
    return tf_days_of(THIS_YEAR - 1 - age, 1, 1) + (int32_t)tf_chance_below(&maker->chance, 365);
}

static void add_person(household_maker *maker, const household_member *member) {
    tf_people *people = maker->people;
    if (is_full(maker)) {
        return;
    }
    tf_chance *chance = &maker->chance;
    int year = THIS_YEAR - 1 - member->age;
    tf_person *person = &people->persons[people->person_count];
    *person = (tf_person){
        .household = (uint32_t)(people->household_count - 1),
        .born = member->born ? member->born : pick_birthday(maker, member->age),
        .given = member->given,
        .family = member->family,
        .hyphenated = member->hyphenated,
        .earlier = member->earlier,
        .is_female = member->is_female,
    };
    if (person->given.length == 0) {
        person->given = pick_given(maker, member->origin, member->is_female, year);
    }
    if (tf_chance_permille(chance, member->origin <= ORIGIN_WELSH ? 750 : 250)) {
        person->middle = pick_given(maker, member->origin, member->is_female, year - 25);
    }
    person->prefers_landline =
        member->age < 14 || tf_chance_permille(chance, member->age > 65 ? 600 : 200);
    person->mobile = (uint16_t)tf_chance_below(chance, DRAMA_NUMBERS);
    person->email_number = (uint16_t)tf_chance_below(chance, 10000);
    add_records(maker, (uint32_t)people->person_count++);
}

static void open_household(household_maker *maker) {
    tf_people *people = maker->people;
    tf_household *household = &people->households[people->household_count++];
    household->place = pick_place(maker);
    household->earlier_place = pick_place(maker);
    household->landline = (uint16_t)tf_chance_below(&maker->chance, DRAMA_NUMBERS);
    household->earlier_landline = (uint16_t)tf_chance_below(&maker->chance, DRAMA_NUMBERS);
}

static household_member pick_adult(household_maker *maker, tf_origin origin, int youngest,
                                   int oldest) {
    bool is_female = tf_chance_permille(&maker->chance, 508);
    int age = youngest + (int)tf_chance_below(&maker->chance, (uint32_t)(oldest - youngest + 1));
    return (household_member){.origin = origin,
                              .is_female = is_female,
                              .age = age,
                              .family = pick_family(maker, origin, is_female)};
}

/* The second of a couple: mostly of the other sex, near in age, under the first one's name. */
static household_member pick_partner(household_maker *maker, const household_member *first) {
    tf_chance *chance = &maker->chance;
    tf_origin origin = tf_chance_permille(chance, 900) ? first->origin : pick_origin(chance);
    household_member partner = pick_adult(maker, origin, 18, 19);
    partner.is_female = tf_chance_permille(chance, 960) ? !first->is_female : first->is_female;
    partner.age = first->age - 6 + (int)tf_chance_below(chance, 13);
    partner.age = partner.age < 18 ? 18 : partner.age;
    uint32_t drawn = tf_chance_below(chance, 100);
    if (drawn < 68) {
        partner.earlier = partner.family;
        partner.family = first->family;
    } else if (drawn < 75) {
        partner.earlier = partner.family;
        partner.hyphenated = first->family;
    }
    return partner;
}

static void add_children(household_maker *maker, const household_member *parent, int parent_age) {
    tf_chance *chance = &maker->chance;
    uint32_t drawn = tf_chance_below(chance, 100);
    int count = drawn < 45 ? 1 : drawn < 83 ? 2 : 3;
    int oldest = parent_age - 18 < 22 ? parent_age - 18 : 22;
    for (int i = 0; i < count; i++) {
        bool is_female = tf_chance_permille(chance, 488);
        household_member child = {.origin = parent->origin,
                                  .is_female = is_female,
                                  .age = (int)tf_chance_below(chance, (uint32_t)(oldest + 1)),
                                  .family = parent->family,
                                  .hyphenated = parent->hyphenated};
        child.born = pick_birthday(maker, child.age);
        if (!is_female && !parent->is_female && tf_chance_permille(chance, 33)) {
            child.given = parent->given;
        }
        add_person(maker, &child);
        if (tf_chance_permille(chance, 15)) {
            child.given = (tf_text){NULL, 0};
            child.is_female = tf_chance_permille(chance, 650) ? is_female : !is_female;
            add_person(maker, &child);
        }
    }
}

static void add_household(household_maker *maker) {
    tf_chance *chance = &maker->chance;
    open_household(maker);
    tf_origin origin = pick_origin(chance);
    uint32_t kind = tf_chance_below(chance, 100);
    if (kind >= 91) { /* people who share a house */
        uint32_t count = 2 + tf_chance_below(chance, 3);
        for (uint32_t i = 0; i < count; i++) {
            household_member sharer = pick_adult(maker, pick_origin(chance), 18, 40);
            add_person(maker, &sharer);
        }
        return;
    }
    bool has_partner = kind >= 30 && kind < 80;
    bool has_children = kind >= 58;
    household_member first =
        pick_adult(maker, origin, has_partner || has_children ? 22 : 19, has_children ? 55 : 90);
    if (has_partner) {
        first.is_female = tf_chance_permille(chance, 30);
    } else if (has_children) {
        first.is_female = tf_chance_permille(chance, 850);
    }
    first.family = pick_family(maker, origin, first.is_female);
    first.given = pick_given(maker, origin, first.is_female, THIS_YEAR - 1 - first.age);
    add_person(maker, &first);
    if (has_partner) {
        household_member partner = pick_partner(maker, &first);
        add_person(maker, &partner);
    }
    if (has_children) {
        add_children(maker, &first, first.age);
    }
}

static void shuffle(tf_people *people, tf_chance chance) {
    for (size_t i = people->record_count; i > 1; i--) {
        size_t j = tf_chance_below(&chance, (uint32_t)i);
        tf_person_record kept = people->records[i - 1];
        people->records[i - 1] = people->records[j];
        people->records[j] = kept;
    }
}

tf_status tf_people_init(tf_people *people, tf_error *error) {
    *people = (tf_people){
        .households = tf_alloc(TF_GENERATE_BLOCK_ROWS, sizeof *people->households),
        .persons = tf_alloc(TF_GENERATE_BLOCK_ROWS, sizeof *people->persons),
        .records = tf_alloc(TF_GENERATE_BLOCK_ROWS, sizeof *people->records),
    };
    bool is_whole = people->households && people->persons && people->records;
    return is_whole ? TF_OK : tf_fail_no_memory(error);
}

void tf_people_deinit(tf_people *people) {
    tf_free(people->households);
    tf_free(people->persons);
    tf_free(people->records);
}

void tf_people_fill(tf_people *people, const tf_names *names, const tf_generate_options *options,
                    uint64_t block, size_t row_count) {
    people->household_count = people->person_count = people->record_count = 0;
    household_maker maker = {
        .people = people,
        .names = names,
        .options = options,
        .chance = tf_chance_for(options->seed, CHANCE_PEOPLE, block),
        .again = (uint32_t)(options->duplicate_share * 4294967296.0),
        .wanted = row_count,
    };
    while (!is_full(&maker)) {
        add_household(&maker);
    }
    shuffle(people, tf_chance_for(options->seed, CHANCE_ORDER, block));
}

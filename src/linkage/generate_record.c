/* What one record says of its person. */
#include "generate_internal.h"

#include "trefoil/base/date.h"

#include <ctype.h>

static const char *const source_names[TF_GENERATE_SOURCES_MOST] = {
    "police", "treatment", "prison", "hospital", "probation", "housing", "ambulance", "council",
};

/* In thousandths: an ambulance crew often learns little, a prison nearly all. */
static const uint16_t missing_permille[TF_GENERATE_SOURCES_MOST][TF_GENERATE_COLUMN_COUNT] = {
    /* given middle family sex born address city postcode phone email */
    {5, 550, 2, 10, 30, 70, 60, 110, 350, 750},      /* police */
    {2, 450, 1, 5, 5, 40, 40, 60, 150, 500},         /* treatment */
    {1, 300, 1, 1, 2, 150, 140, 180, 700, 950},      /* prison */
    {3, 500, 1, 3, 4, 20, 20, 25, 200, 600},         /* hospital */
    {2, 350, 1, 2, 4, 60, 60, 70, 250, 700},         /* probation */
    {5, 700, 2, 80, 60, 10, 10, 15, 180, 350},       /* housing */
    {40, 900, 30, 40, 120, 120, 100, 200, 600, 990}, /* ambulance */
    {8, 650, 3, 120, 150, 15, 15, 20, 300, 250},     /* council */
};

/* Those of Ofcom's ranges for drama that belong to a place; the town's number picks one. */
static const char *const landline_starts[] = {
    "020 7946 0", "0113 496 0", "0114 496 0", "0115 496 0", "0116 496 0", "0117 496 0",
    "0121 496 0", "0131 496 0", "0141 496 0", "0151 496 0", "0161 496 0", "0191 498 0",
};
enum { LANDLINE_STARTS = sizeof landline_starts / sizeof *landline_starts };

const char *tf_generate_source_name(int source) {
    return source_names[source];
}

double tf_generate_missing_percent(int source, tf_generate_column column) {
    return missing_permille[source][column] / 10.0;
}

static void put(tf_person_field *field, tf_text text) {
    size_t room = FIELD_SIZE - field->length;
    size_t length = text.length < room ? text.length : room;
    if (length > 0) {
        memcpy(field->text + field->length, text.data, length);
        field->length += length;
    }
}

static void put_char(tf_person_field *field, char letter) {
    put(field, (tf_text){&letter, 1});
}

static void put_number(tf_person_field *field, uint32_t number, size_t digits) {
    char text[10];
    size_t start = sizeof text;
    do {
        text[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || sizeof text - start < digits);
    put(field, (tf_text){text + start, sizeof text - start});
}

static void put_family(tf_person_field *field, const tf_family_name *name) {
    put(field, name->parts[0]);
    put(field, name->parts[1]);
}

static void write_place(const tf_names *names, const tf_place *place, tf_person_field *fields) {
    static const char letters[] =
        "ABDEFGHJLNPQRSTUWXYZ"; /* of the unit; C I K M O V are not used */
    enum { LETTERS = sizeof letters - 1 };
    tf_person_field *postcode = &fields[TF_GENERATE_POSTCODE];
    put(postcode, names->areas.names[place->town]);
    put_number(postcode, place->district, 1);
    put_char(postcode, ' ');
    put_number(postcode, place->sector, 1);
    put_char(postcode, letters[place->unit / LETTERS * 5 + 2]);
    put_char(postcode, letters[place->unit % LETTERS]);

    /* All of a postcode stands in one street. */
    uint64_t unit =
        ((place->town * 32U + place->district) * 16U + place->sector) * 64U + place->unit;
    tf_chance chance = {tf_chance_mix(unit)};
    tf_person_field *address = &fields[TF_GENERATE_ADDRESS];
    if (place->flat) {
        put(address, tf_text_of("Flat "));
        put_number(address, place->flat, 1);
        put(address, tf_text_of(", "));
    }
    put_number(address, place->number, 1);
    put_char(address, ' ');
    put(address, tf_names_pick(&names->street_start, &chance));
    put_char(address, ' ');
    put(address, tf_names_pick(&names->street_end, &chance));
    put(&fields[TF_GENERATE_CITY], names->towns.names[place->town]);
}

static void write_phone(bool is_landline, uint16_t landline, uint8_t town, uint16_t mobile,
                        tf_person_field *phone) {
    put(phone, tf_text_of(is_landline ? landline_starts[town % LANDLINE_STARTS] : "07700 900"));
    put_number(phone, is_landline ? landline : mobile, 3);
}

static void put_lower(tf_person_field *field, tf_text text, size_t most) {
    for (size_t i = 0; i < text.length && i < most; i++) {
        if (isalpha((unsigned char)text.data[i])) {
            put_char(field, (char)tolower((unsigned char)text.data[i]));
        }
    }
}

static void write_email(const tf_person *person, int year, bool is_other, tf_person_field *email) {
    int habit = (person->email_number + (is_other ? 1 : 0)) % 3;
    put_lower(email, person->given, habit == 1 ? 1 : FIELD_SIZE);
    if (habit != 2) {
        put_char(email, '.');
        put_lower(email, person->family.parts[0], FIELD_SIZE);
        put_lower(email, person->family.parts[1], FIELD_SIZE);
    }
    if (habit == 2) {
        put_number(email, (uint32_t)year % 100, 2);
    }
    put_number(email, person->email_number, 1);
    put(email, tf_text_of("@example.org"));
}

static void write_date(const tf_person *person, int *year_out, tf_person_field *date) {
    int month, day;
    tf_days_split(person->born, year_out, &month, &day);
    put_number(date, (uint32_t)*year_out, 4);
    put_char(date, '-');
    put_number(date, (uint32_t)month, 2);
    put_char(date, '-');
    put_number(date, (uint32_t)day, 2);
}

static void write_names(const tf_names *names, const tf_person *person, bool is_first,
                        uint32_t percent, tf_chance *chance, tf_person_field *fields) {
    bool has_nickname = tf_chance_permille(chance, 80 * percent / 100);
    put(&fields[TF_GENERATE_GIVEN_NAME],
        has_nickname ? tf_names_nickname(names, person->given, chance) : person->given);
    bool is_initial = tf_chance_permille(chance, 250 * percent / 100);
    put(&fields[TF_GENERATE_MIDDLE_NAME],
        (tf_text){person->middle.data,
                  is_initial && person->middle.length ? 1 : person->middle.length});
    tf_person_field *family = &fields[TF_GENERATE_FAMILY_NAME];
    bool is_shortened = tf_chance_permille(chance, 300 * percent / 100);
    bool is_earlier = tf_chance_permille(chance, 100 * percent / 100) && !is_first;
    if (is_earlier && person->earlier.parts[0].length) {
        put_family(family, &person->earlier);
    } else if (!person->hyphenated.parts[0].length) {
        put_family(family, &person->family);
    } else if (is_shortened) {
        bool is_second = tf_chance_permille(chance, 500);
        put_family(family, is_second ? &person->hyphenated : &person->family);
    } else {
        put_family(family, &person->family);
        put_char(family, '-');
        put_family(family, &person->hyphenated);
    }
}

static uint32_t percent_of(tf_generate_errors level) {
    static const uint8_t percents[TF_GENERATE_ERRORS_COUNT] = {0, 50, 100, 150};
    return percents[level];
}

void tf_record_write(const tf_names *names, const tf_person *person, const tf_household *household,
                     const tf_person_record *record, tf_generate_errors level, tf_chance *chance,
                     tf_person_field fields[TF_GENERATE_COLUMN_COUNT]) {
    uint32_t percent = percent_of(level);
    for (int i = 0; i < TF_GENERATE_COLUMN_COUNT; i++) {
        fields[i].length = 0;
    }
    write_names(names, person, record->is_first, percent, chance, fields);
    put_char(&fields[TF_GENERATE_SEX], person->is_female ? 'F' : 'M');
    int year;
    write_date(person, &year, &fields[TF_GENERATE_DATE_OF_BIRTH]);
    uint32_t life = record->is_first ? 0 : percent;
    bool is_earlier = tf_chance_permille(chance, 120 * life / 100);
    bool is_other_phone = tf_chance_permille(chance, 150 * life / 100);
    bool is_other_email = tf_chance_permille(chance, 150 * life / 100);
    const tf_place *place = is_earlier ? &household->earlier_place : &household->place;
    write_place(names, place, fields);
    write_phone(person->prefers_landline != is_other_phone,
                is_earlier ? household->earlier_landline : household->landline, place->town,
                person->mobile, &fields[TF_GENERATE_PHONE]);
    write_email(person, year, is_other_email, &fields[TF_GENERATE_EMAIL]);
    for (int i = 0; i < TF_GENERATE_COLUMN_COUNT; i++) {
        uint32_t permille = missing_permille[record->source][i] * percent / 100;
        if (tf_chance_permille(chance, permille < 999 ? permille : 999)) {
            fields[i].length = 0;
        }
    }
    tf_record_spoil(fields, level, chance);
}

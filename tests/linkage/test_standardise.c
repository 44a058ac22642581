#include "check.h"

#include "fail_allocations.h"

#include "trefoil/base/date.h"
#include "trefoil/linkage/standardise.h"

static tf_text text(const char *terminated) {
    return tf_text_of(terminated);
}

/* A value of the field, standardised, is this text; NULL for one that is set aside or missing. */
static void expect(const tf_standardiser *how, tf_person_field field, const char *value,
                   const char *expected) {
    static const tf_standardiser usual = {0};
    tf_buffer out;
    tf_error error;
    tf_standard outcome;
    const char *reason;
    tf_buffer_init(&out);
    assert_ok(tf_standardise_value(how ? how : &usual, field, text(value), &out, &outcome, &reason,
                                   &error),
              &error);
    tf_text found = {out.data, out.length};
    bool is_right = expected ? outcome == TF_STANDARD_VALUE && tf_text_equal(found, text(expected))
                             : outcome != TF_STANDARD_VALUE && out.length == 0;
    if (!is_right || (outcome == TF_STANDARD_SET_ASIDE) != (reason != NULL)) {
        fprintf(stderr, "\"%s\" gives \"%.*s\" (outcome %d), not \"%s\"\n", value,
                TF_TEXT_ARG(found), (int)outcome, expected ? expected : "nothing");
        fail();
    }
    tf_buffer_deinit(&out);
}

static void expect_text(tf_fold fold, const char *value, size_t length, const char *expected) {
    tf_buffer out;
    tf_error error;
    tf_buffer_init(&out);
    assert_ok(tf_standardise_text((tf_text){value, length}, fold, &out, &error), &error);
    assert_string_equal(out.data, expected);
    tf_buffer_deinit(&out);
}

static void plain(const char *value, const char *expected) {
    expect_text(TF_FOLD_PLAIN, value, strlen(value), expected);
}

/* Folding and decomposition as in the Unicode Character Database 15: CaseFolding.txt has
 * 00DF -> 0073 0073, 1E9E -> 0073 0073 and 0130 -> 0069 0307; UnicodeData.txt has FB03 -> 0066 0066
 * 0069 and AC00 -> 1100 1161. */
static void case_and_accents_do_not_count(void **state) {
    (void)state;
    plain("  JOSÉ  Núñez ", "jose nunez");
    plain("Jose\xCC\x81", "jose");
    plain("Straße STRA\xE1\xBA\x9E"
          "E",
          "strasse strasse");
    plain("Søren Ærø Łukasz Đorđe Þóra Œuvre", "soren aero lukasz dorde thora oeuvre");
    plain("\xC4\xB0stanbul \xC4\xB1", "istanbul i");
    plain("o\xEF\xAC\x83"
          "ce",
          "office");
    plain("ＡＢＣ１２３", "abc123");
    plain("Ελένη ΣΟΦΌΣ", "ελενη σοφοσ");
    plain("Юлия", "юлия");
    plain("\xEA\xB0\x80", "\xE1\x84\x80\xE1\x85\xA1");
}

static void the_marks_that_spell_a_script_stay(void **state) {
    (void)state;
    plain("की", "की");
    assert_true(strcmp("की", "का") != 0);
    plain("مُحَمَّد", "محمد");
}

static void apostrophes_and_hyphens_have_two_forms(void **state) {
    (void)state;
    static const char *const spellings[] = {"O'Neill", "O\xE2\x80\x99NEILL", "o`neill"};
    for (size_t i = 0; i < 3; i++) {
        plain(spellings[i], "oneill");
        expect_text(TF_FOLD_JOINS, spellings[i], strlen(spellings[i]), "o'neill");
    }
    plain("Smith-Jones", "smith jones");
    plain("Smith \xE2\x80\x93 Jones", "smith jones");
    expect_text(TF_FOLD_JOINS, "Smith\xE2\x80\x91Jones", 13, "smith-jones");
    expect_text(TF_FOLD_JOINS, "-Smith- 'Jones'", 15, "smith jones");
}

static void hostile_bytes_part_words_and_nothing_else(void **state) {
    (void)state;
    expect_text(TF_FOLD_PLAIN, "a\0b\xFF\xC0\x80z\xED\xA0\x80y\xF4\x90\x80\x80", 16, "a b z y");
    expect_text(TF_FOLD_PLAIN, "\xE2\x80", 2, "");
    expect_text(TF_FOLD_PLAIN, "", 0, "");
    plain("zero\xE2\x80\x8Bwidth so\xC2\xAD"
          "ft",
          "zerowidth soft");
    plain("....,,!!", "");
}

static void a_name_of_100_kilobytes_is_read(void **state) {
    (void)state;
    enum { LENGTH = 100000 };
    char *name = malloc(LENGTH);
    tf_buffer out;
    tf_buffer_init(&out);
    for (size_t i = 0; i < LENGTH; i += 2) {
        memcpy(name + i, "É", 2);
    }
    assert_int_equal(tf_standardise_text((tf_text){name, LENGTH}, TF_FOLD_PLAIN, &out, NULL),
                     TF_OK);
    assert_int_equal(out.length, LENGTH / 2);
    assert_int_equal(strspn(out.data, "e"), LENGTH / 2);
    tf_buffer_deinit(&out);
    free(name);
}

static void titles_and_suffixes_are_no_names(void **state) {
    (void)state;
    expect(NULL, TF_PERSON_GIVEN_NAME, "Mr. John", "john");
    expect(NULL, TF_PERSON_GIVEN_NAME, "Prof Dr Ann-Marie", "ann marie");
    expect(NULL, TF_PERSON_GIVEN_NAME, "Major", "major");
    expect(NULL, TF_PERSON_GIVEN_NAME, "Mr", NULL);
    expect(NULL, TF_PERSON_FAMILY_NAME, "Smith Jr.", "smith");
    expect(NULL, TF_PERSON_FAMILY_NAME, "Smith Junior", "smith junior");
    expect(NULL, TF_PERSON_FAMILY_NAME, "Senior", "senior");
    expect(NULL, TF_PERSON_FAMILY_NAME, "O Neill", "oneill");
    expect(NULL, TF_PERSON_FAMILY_NAME, "Mc Donald", "mcdonald");
}

static void expect_name(const char *value, const char *given, const char *family,
                        const char *suffix) {
    tf_person_name name;
    tf_person_name_init(&name);
    assert_int_equal(tf_standardise_full_name(text(value), TF_FOLD_PLAIN, &name, NULL), TF_OK);
    if (!tf_text_equal(name.given, text(given)) || !tf_text_equal(name.family, text(family)) ||
        !tf_text_equal(name.suffix, text(suffix))) {
        fprintf(stderr, "\"%s\": \"%.*s\", \"%.*s\", \"%.*s\"\n", value, TF_TEXT_ARG(name.given),
                TF_TEXT_ARG(name.family), TF_TEXT_ARG(name.suffix));
        fail();
    }
    tf_person_name_deinit(&name);
}

static void a_full_name_comes_apart_in_either_order(void **state) {
    (void)state;
    expect_name("SMITH, John Paul", "john paul", "smith", "");
    expect_name("John Paul Smith", "john paul", "smith", "");
    expect_name("Dr John Smith, Jr.", "john", "smith", "jr");
    expect_name("Smith III, Mr John", "john", "smith", "iii");
    expect_name("Vincent van Gogh", "vincent", "van gogh", "");
    expect_name("Ludwig van der Berg", "ludwig", "van der berg", "");
    expect_name("Van Morrison", "van", "morrison", "");
    expect_name("James O Smith", "james o", "smith", "");
    expect_name("Mary O'Neill-Jones", "mary", "oneill jones", "");
    expect_name("John Smith Senior", "john", "smith", "sr");
    expect_name("John Senior", "john", "senior", "");
    expect_name("Mrs Jones", "", "jones", "");
    expect_name("Prince", "", "prince", "");
    expect_name("Smith,", "", "smith", "");
    expect_name(" , ", "", "", "");
    expect_name("", "", "", "");
    expect(NULL, TF_PERSON_FULL_NAME, "SMITH, John", "john smith");
    expect(NULL, TF_PERSON_FULL_NAME, "Smith, Major", "smith");
}

static int32_t day(int year, int month, int number) {
    return tf_days_of(year, month, number);
}

static void dates_are_read_in_the_orders_of_the_uk(void **state) {
    (void)state;
    static const char *const same[] = {"25/03/1990",
                                       "25-03-1990",
                                       "25.3.1990",
                                       "1990-03-25",
                                       "19900325",
                                       "25031990",
                                       "25 March 1990",
                                       "25th Mar 90",
                                       "25-Mar-90",
                                       "March 25, 1990",
                                       "25/03/90",
                                       " 25 03 1990 ",
                                       "25 MARCH 1990",
                                       "1990-03-25T00:00:00Z",
                                       "25/03/1990 00:00",
                                       "Sunday 25 March 1990",
                                       "the 25th of March, 1990"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        expect(NULL, TF_PERSON_DATE_OF_BIRTH, same[i], "1990-03-25");
    }
    expect(NULL, TF_PERSON_DATE_OF_BIRTH, "1 sept 1862", "1862-09-01");
    expect(NULL, TF_PERSON_DATE_OF_BIRTH, "29/02/2000", "2000-02-29");
    expect(NULL, TF_PERSON_DATE_OF_BIRTH, "20121912", "1912-12-20");
}

static void two_digits_are_the_last_such_year_up_to_the_pivot(void **state) {
    (void)state;
    tf_standardiser how = {.date = {.pivot_year = 2026}};
    expect(&how, TF_PERSON_DATE_OF_BIRTH, "01/02/26", "2026-02-01");
    expect(&how, TF_PERSON_DATE_OF_BIRTH, "01/02/27", "1927-02-01");
    expect(&how, TF_PERSON_DATE_OF_BIRTH, "01/02/00", "2000-02-01");
}

static void an_impossible_date_is_set_aside_with_its_reason(void **state) {
    (void)state;
    static const struct {
        const char *value;
        tf_date_fault fault;
    } faults[] = {{"31/13/1990", TF_DATE_NO_SUCH_MONTH},
                  {"30/02/1990", TF_DATE_NO_SUCH_DAY},
                  {"29/02/1900", TF_DATE_NO_SUCH_DAY},
                  {"00/01/1990", TF_DATE_NO_SUCH_DAY},
                  {"1990", TF_DATE_INCOMPLETE},
                  {"03/1990", TF_DATE_INCOMPLETE},
                  {"March 1990", TF_DATE_INCOMPLETE},
                  {"banana", TF_DATE_NOT_A_DATE},
                  {"", TF_DATE_NOT_A_DATE},
                  {"01/01/0200", TF_DATE_OUT_OF_RANGE},
                  {"01/01/3000", TF_DATE_OUT_OF_RANGE},
                  {"1/2/3/4", TF_DATE_NOT_A_DATE},
                  {"999999999999", TF_DATE_NOT_A_DATE},
                  {"12:30", TF_DATE_NOT_A_DATE}};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        tf_standard_date date = tf_standardise_date(text(faults[i].value), NULL);
        if (date.fault != faults[i].fault) {
            fprintf(stderr, "%s: %s\n", faults[i].value, tf_date_fault_text(date.fault));
            fail();
        }
    }
    assert_string_equal(tf_date_fault_text(TF_DATE_NO_SUCH_MONTH), "there is no such month");
}

static void day_and_month_that_may_be_exchanged_are_known(void **state) {
    (void)state;
    tf_standard_date date = tf_standardise_date(text("03/04/1990"), NULL);
    assert_int_equal(date.days, day(1990, 4, 3));
    assert_true(date.has_swap);
    assert_int_equal(date.swapped_days, day(1990, 3, 4));
    assert_false(tf_standardise_date(text("25/03/1990"), NULL).has_swap);
    assert_false(tf_standardise_date(text("03/03/1990"), NULL).has_swap);
    assert_false(tf_standardise_date(text("3 April 1990"), NULL).has_swap);
    date = tf_standardise_date(text("03/25/1990"), NULL);
    assert_int_equal(date.fault, TF_DATE_NO_SUCH_MONTH);
    assert_true(date.has_swap);
    assert_int_equal(date.swapped_days, day(1990, 3, 25));
    tf_date_options american = {.reads_month_first = true};
    date = tf_standardise_date(text("03/25/1990"), &american);
    assert_int_equal(date.fault, TF_DATE_NO_FAULT);
    assert_int_equal(date.days, day(1990, 3, 25));
}

/* The examples of each shape in Royal Mail's guide: M1 1AA, M60 1NW, CR2 6XH, DN55 1PT, W1A 1HQ,
 * EC1A 1BB; GIR 0AA; and P01 3AX for PO1 3AX, as people write it. */
static void a_postcode_has_one_of_six_shapes(void **state) {
    (void)state;
    static const char *const good[][2] = {
        {"m1 1aa", "M1 1AA"},     {"M601NW", "M60 1NW"},  {"CR2 6XH", "CR2 6XH"},
        {"dn55-1pt", "DN55 1PT"}, {"W1A 1HQ", "W1A 1HQ"}, {"EC1A  1BB", "EC1A 1BB"},
        {"GIR 0AA", "GIR 0AA"},   {"P01 3AX", "PO1 3AX"}, {"SWIA 1AA", "SW1A 1AA"},
        {"M1 IAA", "M1 1AA"},     {"SO1 OAA", "SO1 0AA"}, {"ZZ99 3VZ", "ZZ99 3VZ"},
        {"BS0 1AA", "BS0 1AA"}};
    static const char *const bad[] = {"",          "M1",        "M1 1A",  "Q1 1AA",   "AJ1 1AA",
                                      "M1 1AC",    "M1 1OA",    "2602",   "EC1C 1BB", "AAA1 1AA",
                                      "W1I 1HQ 9", "SW1A 1AA!", "W1A @HQ"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        expect(NULL, TF_PERSON_POSTCODE, good[i][0], good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect(NULL, TF_PERSON_POSTCODE, bad[i], NULL);
    }
    tf_postcode postcode = tf_standardise_postcode(text("sw1a1aa"));
    assert_int_equal(postcode.outward_length, 4);
    assert_int_equal(postcode.sector_length, 6);
    assert_false(postcode.is_repaired);
    assert_true(tf_standardise_postcode(text("P01 3AX")).is_repaired);
}

/* 07700 900000 to 900999, 020 7946 0000 to 0999 and 01632 960000 to 960999 are Ofcom's numbers for
 * drama; Brampton (016977) has nine digits after the 0. */
static void a_telephone_number_is_its_national_digits(void **state) {
    (void)state;
    static const char *const mobile[] = {"07700 900123",
                                         "+44 7700 900123",
                                         "+44 (0)7700 900123",
                                         "0044 7700 900123",
                                         "447700900123",
                                         "7700900123",
                                         "(07700) 900-123",
                                         "07700 900123 ext 45",
                                         "07700900123x9",
                                         "tel: 07700 900123",
                                         "07700 900123 / 01632 960001"};
    for (size_t i = 0; i < sizeof mobile / sizeof mobile[0]; i++) {
        expect(NULL, TF_PERSON_PHONE, mobile[i], "07700900123");
    }
    expect(NULL, TF_PERSON_PHONE, "020 7946 0123", "02079460123");
    expect(NULL, TF_PERSON_PHONE, "016977 2345", "0169772345");
    expect(NULL, TF_PERSON_PHONE, "+33 1 23 45 67 89", "+33123456789");
    expect(NULL, TF_PERSON_PHONE, "999", NULL);
    expect(NULL, TF_PERSON_PHONE, "960001", NULL);
    expect(NULL, TF_PERSON_PHONE, "077009001234567890123456789", NULL);
}

static void an_email_address_is_lower_case_with_one_domain(void **state) {
    (void)state;
    tf_standardiser tags = {.email_options = TF_EMAIL_DROP_TAG | TF_EMAIL_DROP_DOTS};
    expect(NULL, TF_PERSON_EMAIL, " Jo.Smith+News@Example.ORG ", "jo.smith+news@example.org");
    expect(&tags, TF_PERSON_EMAIL, "Jo.Smith+News@Example.ORG", "josmith@example.org");
    expect(NULL, TF_PERSON_EMAIL, "Jo <jo@example.org>;", "jo@example.org");
    expect(NULL, TF_PERSON_EMAIL, "mailto:jo@example.org", "jo@example.org");
    static const char *const bad[] = {"jo",        "@x.org",    "jo@",
                                      "jo@org",    "a b@x.org", "jo@x..org",
                                      "jo@@x.org", "jo@x.org.", "jo@x y.org"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect(NULL, TF_PERSON_EMAIL, bad[i], strcmp(bad[i], "jo@x.org.") ? NULL : "jo@x.org");
    }
    tf_buffer out;
    size_t domain;
    bool is_email;
    tf_buffer_init(&out);
    assert_int_equal(tf_standardise_email(text("jo@x.org"), 0, &out, &domain, &is_email, NULL),
                     TF_OK);
    assert_true(is_email);
    assert_string_equal(out.data + domain, "x.org");
    tf_buffer_deinit(&out);
}

/* 943 476 5919 is the NHS's own example, 654 100 3238 that of the crate heidi. */
static void an_nhs_number_has_its_check_digit(void **state) {
    (void)state;
    expect(NULL, TF_PERSON_NHS_NUMBER, "943 476 5919", "9434765919");
    expect(NULL, TF_PERSON_NHS_NUMBER, "654-100-3238", "6541003238");
    expect(NULL, TF_PERSON_NHS_NUMBER, "943 476 5918", NULL);
    expect(NULL, TF_PERSON_NHS_NUMBER, "9434765", NULL);
    expect(NULL, TF_PERSON_NHS_NUMBER, "94347659190", NULL);
    expect(NULL, TF_PERSON_NHS_NUMBER, "0000000000", NULL);
}

/* The valid and invalid identifiers of PNCIdentifierTest in the Ministry of Justice's
 * hmpps-person-record. */
static void a_pnc_identifier_has_its_check_letter(void **state) {
    (void)state;
    static const char *const good[][2] = {
        {"2008/0056560Z", "2008/0056560Z"}, {"20030011985X", "2003/0011985X"},
        {"20120052494Q", "2012/0052494Q"},  {"20230583843L", "2023/0583843L"},
        {"2001/0171310W", "2001/0171310W"}, {"2011/0275516Q", "2011/0275516Q"},
        {"2003/0062845E", "2003/0062845E"}, {"1981/0154257C", "1981/0154257C"},
        {"81/34U", "1981/0000034U"},        {"02/73319Z", "2002/0073319Z"},
        {"00/223R", "2000/0000223R"},       {"79/163001B", "1979/0163001B"},
        {"0273319Z", "2002/0073319Z"},      {"79163001b", "1979/0163001B"},
        {"033Y", "2003/0000003Y"}};
    static const char *const bad[] = {
        "20030011985Z",  "20120052494O",  "20230583843N",  "2001/0171310S",  "TOTALLYINVALID",
        "1X23/1234567A", "1923[1234567A", "1923/1Z34567A", "1923/1234567AA", "0123456789"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        expect(NULL, TF_PERSON_PNC_ID, good[i][0], good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect(NULL, TF_PERSON_PNC_ID, bad[i], NULL);
    }
}

static void an_address_has_flat_number_and_street(void **state) {
    (void)state;
    tf_address address;
    tf_address_init(&address);
    assert_int_equal(tf_standardise_address(text("12 A High St., Flat 3, Camford"), &address, NULL),
                     TF_OK);
    assert_true(tf_text_equal(address.flat, text("3")));
    assert_true(tf_text_equal(address.number, text("12a")));
    assert_true(tf_text_equal(address.street, text("high street camford")));
    tf_address_deinit(&address);
    expect(NULL, TF_PERSON_ADDRESS, "Apt 3, 12a High Street, CAMFORD",
           "flat 3 12a high street camford");
    expect(NULL, TF_PERSON_ADDRESS, "7 St John's Rd, St Albans", "7 st johns road st albans");
    expect(NULL, TF_PERSON_ADDRESS, "Rose Cott, Mill Ln", "rose cottage mill lane");
}

static void sex_is_a_letter(void **state) {
    (void)state;
    expect(NULL, TF_PERSON_SEX, "Male", "m");
    expect(NULL, TF_PERSON_SEX, "2", "f");
    expect(NULL, TF_PERSON_SEX, "Non-binary", "x");
    expect(NULL, TF_PERSON_SEX, "banana", NULL);
}

static void what_stands_for_nothing_is_missing(void **state) {
    (void)state;
    static const char *const any[] = {"unknown", "n/a"};
    static const char *const dates[] = {"01/01/1900", "not known"};
    static const char *const phones[] = {"0770090*"};
    const tf_missing_list lists[] = {{TF_PERSON_COUNT, 2, any},
                                     {TF_PERSON_DATE_OF_BIRTH, 2, dates},
                                     {TF_PERSON_PHONE, 1, phones}};
    tf_standardiser how = {0};
    tf_missing *missing;
    assert_int_equal(tf_missing_new(lists, 3, &missing, NULL), TF_OK);
    how.missing = missing;
    expect(&how, TF_PERSON_FAMILY_NAME, " N/A ", NULL);
    expect(&how, TF_PERSON_DATE_OF_BIRTH, "UNKNOWN.", NULL);
    expect(&how, TF_PERSON_DATE_OF_BIRTH, "1 January 1900", NULL);
    expect(&how, TF_PERSON_DATE_OF_BIRTH, "2 January 1900", "1900-01-02");
    expect(&how, TF_PERSON_PHONE, "+44 7700 900123", NULL);
    expect(&how, TF_PERSON_PHONE, "+44 7701 900123", "07701900123");
    expect(&how, TF_PERSON_FAMILY_NAME, "Not Known", "not known");
    tf_missing_free(missing);
    tf_missing_free(NULL);
}

static void a_nickname_is_of_the_group_of_its_name(void **state) {
    (void)state;
    static const char *const roberts[] = {"Bob", "Bobby"};
    static const char *const alexanders[] = {"Alex", "Sandy"};
    static const char *const alexandras[] = {"Alex", "Sandra"};
    const tf_nickname_group groups[] = {
        {"Robert", 2, roberts}, {"Alexander", 2, alexanders}, {"Alexandra", 2, alexandras}};
    tf_nicknames *nicknames;
    assert_int_equal(tf_nicknames_new(groups, 3, &nicknames, NULL), TF_OK);
    assert_true(tf_nicknames_match(nicknames, text("bob"), text("robert")));
    assert_true(tf_nicknames_match(nicknames, text("bobby"), text("bob")));
    assert_true(tf_nicknames_match(nicknames, text("alex"), text("sandra")));
    assert_true(tf_nicknames_match(nicknames, text("alexandra"), text("alex")));
    assert_false(tf_nicknames_match(nicknames, text("sandy"), text("sandra")));
    assert_false(tf_nicknames_match(nicknames, text("bob"), text("bob")));
    assert_false(tf_nicknames_match(nicknames, text("bob"), text("")));
    assert_string_equal(tf_nicknames_formal(nicknames, text("bobby")), "robert");
    assert_null(tf_nicknames_formal(nicknames, text("zed")));
    tf_nicknames_free(nicknames);
}

/* SplitMix64 (Steele, Lea & Flood 2014). */
static uint64_t draw(uint64_t *seed) {
    uint64_t z = *seed += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static void standardising_twice_gives_the_same(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "Mr",    "John", "Smith", ",",    "O'", "St",   "Jr",  "Senior", "Major", "van",  "12",
        "a",     "Flat", "3",     "High", "Rd", "-",    "1",   "0",      "25/03", "1990", "@",
        "x.org", "+44",  "77009", "É",    "ß",  "\xFF", "mac", "ZZ99",   "3VZ",   "SW1A", "1AA"};
    static const tf_standardiser ways[] = {
        {0}, {.name_fold = TF_FOLD_JOINS, .email_options = TF_EMAIL_DROP_TAG | TF_EMAIL_DROP_DOTS}};
    uint64_t seed = 4;
    tf_buffer value, once, twice;
    tf_buffer_init(&value);
    tf_buffer_init(&once);
    tf_buffer_init(&twice);
    for (size_t n = 0; n < 200000; n++) {
        value.length = 0;
        for (size_t count = draw(&seed) % 7; count > 0; count--) {
            tf_buffer_append_text(&value, pieces[draw(&seed) % (sizeof pieces / sizeof pieces[0])]);
            tf_buffer_append(&value, " ", draw(&seed) % 2);
        }
        const tf_standardiser *how = &ways[n % 2];
        tf_person_field field = (tf_person_field)(draw(&seed) % TF_PERSON_COUNT);
        tf_standard outcome, again;
        assert_int_equal(tf_standardise_value(how, field, (tf_text){value.data, value.length},
                                              &once, &outcome, NULL, NULL),
                         TF_OK);
        assert_int_equal(tf_standardise_value(how, field, (tf_text){once.data, once.length}, &twice,
                                              &again, NULL, NULL),
                         TF_OK);
        if (outcome == TF_STANDARD_VALUE && (again != outcome || once.length != twice.length ||
                                             memcmp(once.data, twice.data, once.length) != 0)) {
            fprintf(stderr, "%s \"%.*s\": \"%.*s\", then \"%.*s\"\n", tf_person_field_name(field),
                    (int)value.length, value.data, (int)once.length, once.data, (int)twice.length,
                    twice.data);
            fail();
        }
    }
    tf_buffer_deinit(&value);
    tf_buffer_deinit(&once);
    tf_buffer_deinit(&twice);
}

static void a_field_is_found_by_its_name(void **state) {
    (void)state;
    for (size_t i = 0; i < TF_PERSON_COUNT; i++) {
        assert_int_equal(tf_person_field_by_name(text(tf_person_field_name((tf_person_field)i))),
                         i);
    }
    assert_int_equal(tf_person_field_by_name(text("shoe_size")), TF_PERSON_COUNT);
}

static tf_status use_all(void) {
    static const char *const others[] = {"Bob"};
    static const char *const nothing[] = {"unknown", "0770*"};
    const tf_nickname_group group = {"Robert", 1, others};
    const tf_missing_list list = {TF_PERSON_PHONE, 2, nothing};
    tf_nicknames *nicknames = NULL;
    tf_missing *missing = NULL;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status = tf_nicknames_new(&group, 1, &nicknames, NULL);
    if (!status) {
        status = tf_missing_new(&list, 1, &missing, NULL);
    }
    for (size_t i = 0; i < TF_PERSON_COUNT && !status; i++) {
        static const char *const values[] = {"Éé SMITH, John", "25/03/1990", "jo@x.org",
                                             "Flat 3 12 A High St"};
        for (size_t j = 0; j < 4 && !status; j++) {
            tf_standardiser how = {.missing = missing};
            tf_standard outcome;
            tf_buffer_deinit(&out);
            tf_buffer_init(&out);
            status = tf_standardise_value(&how, (tf_person_field)i, text(values[j]), &out, &outcome,
                                          NULL, NULL);
        }
    }
    tf_buffer_deinit(&out);
    tf_nicknames_free(nicknames);
    tf_missing_free(missing);
    return status;
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        fail_allocation(n);
        tf_status status = use_all();
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

/* https://www.unicode.org/Public/15.0.0/ucd/NormalizationTest.txt, columns 1 and 4 (NFKC); the last
 * but one is figure 6 of UAX #15. */
static void a_text_has_one_normal_spelling(void **state) {
    (void)state;
    static const char *const spellings[][2] = {
        {"", ""},
        {"Copper 7", "Copper 7"},
        {"D\xCC\x87", "\xE1\xB8\x8A"},
        {"\xE1\xB8\x8A", "\xE1\xB8\x8A"},
        {"\xE2\x84\xAB", "\xC3\x85"},
        {"\xEF\xAC\x81", "fi"},
        {"\xEF\xBD\x90\xEF\xBD\x87", "pg"},
        {"\xE1\xBA\x9B\xCC\xA3", "\xE1\xB9\xA9"},
        {"\xEA\xB0\x80\xE1\x86\xA8", "\xEA\xB0\x81"},
    };
    tf_error error;
    tf_buffer out;
    tf_buffer_init(&out);
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        out.length = 0;
        assert_ok(tf_normalise_text(text(spellings[i][0]), &out, &error), &error);
        assert_true(tf_text_equal((tf_text){out.data, out.length}, text(spellings[i][1])));
    }
    assert_int_equal(tf_normalise_text(text("a\xFF"), &out, &error), TF_BAD_INPUT);
    tf_buffer_deinit(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_has_one_normal_spelling),
        cmocka_unit_test(case_and_accents_do_not_count),
        cmocka_unit_test(the_marks_that_spell_a_script_stay),
        cmocka_unit_test(apostrophes_and_hyphens_have_two_forms),
        cmocka_unit_test(hostile_bytes_part_words_and_nothing_else),
        cmocka_unit_test(a_name_of_100_kilobytes_is_read),
        cmocka_unit_test(titles_and_suffixes_are_no_names),
        cmocka_unit_test(a_full_name_comes_apart_in_either_order),
        cmocka_unit_test(dates_are_read_in_the_orders_of_the_uk),
        cmocka_unit_test(two_digits_are_the_last_such_year_up_to_the_pivot),
        cmocka_unit_test(an_impossible_date_is_set_aside_with_its_reason),
        cmocka_unit_test(day_and_month_that_may_be_exchanged_are_known),
        cmocka_unit_test(a_postcode_has_one_of_six_shapes),
        cmocka_unit_test(a_telephone_number_is_its_national_digits),
        cmocka_unit_test(an_email_address_is_lower_case_with_one_domain),
        cmocka_unit_test(an_nhs_number_has_its_check_digit),
        cmocka_unit_test(a_pnc_identifier_has_its_check_letter),
        cmocka_unit_test(an_address_has_flat_number_and_street),
        cmocka_unit_test(sex_is_a_letter),
        cmocka_unit_test(what_stands_for_nothing_is_missing),
        cmocka_unit_test(a_nickname_is_of_the_group_of_its_name),
        cmocka_unit_test(standardising_twice_gives_the_same),
        cmocka_unit_test(a_field_is_found_by_its_name),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("standardise", tests, NULL, NULL);
}

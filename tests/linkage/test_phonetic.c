#include "check.h"

#include "trefoil/linkage/phonetic.h"

static void check_soundex(const char *name, const char *expected) {
    char key[TF_SOUNDEX_SIZE];
    assert_int_equal(tf_phonetic_soundex(tf_text_of(name), key), *expected != '\0');
    assert_string_equal(key, expected);
}

/* US National Archives, "Soundex System": the page's own examples. */
static void soundex_codes_names_as_the_national_archives_do(void **state) {
    (void)state;
    static const char *const names[][2] = {
        {"Washington", "W252"}, {"Lee", "L000"},     {"Gutierrez", "G362"}, {"Pfister", "P236"},
        {"Jackson", "J250"},    {"Tymczak", "T522"}, {"VanDeusen", "V532"}, {"Ashcraft", "A261"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check_soundex(names[i][0], names[i][1]);
    }
}

static void case_marks_and_accents_do_not_change_a_key(void **state) {
    (void)state;
    check_soundex("O'BRIEN", "O165");
    check_soundex("o brien", "O165");
    check_soundex("M\u00fcller", "M460");
    check_soundex("MULLER", "M460");
    check_soundex("\u00c9vans", "E152");
}

static void a_name_without_letters_has_no_key(void **state) {
    (void)state;
    static const char *const names[] = {"", "123", " - ", "\u65e5\u672c", "\xC3", "\xC3\x97"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        tf_double_metaphone keys;
        check_soundex(names[i], "");
        assert_false(tf_phonetic_double_metaphone(tf_text_of(names[i]), 4, &keys));
        assert_string_equal(keys.primary, "");
        assert_string_equal(keys.secondary, "");
    }
}

static void check_metaphone(const char *name, const char *primary, const char *secondary) {
    tf_double_metaphone keys;
    assert_true(tf_phonetic_double_metaphone(tf_text_of(name), TF_METAPHONE_SIZE - 1, &keys));
    if (strcmp(keys.primary, primary) != 0 || strcmp(keys.secondary, secondary) != 0) {
        fail_msg("%s is %s or %s, not %s or %s", name, keys.primary, keys.secondary, primary,
                 secondary);
    }
}

/* The examples in Philips's own comments and common names, by the Python package Metaphone 0.6. */
static void double_metaphone_is_that_of_another_program(void **state) {
    (void)state;
    static const char *const names[][3] = {
        {"Smith", "SM0", "XMT"},
        {"Schmidt", "XMT", "SMT"},
        {"Smythe", "SM0", "XMT"},
        {"Jones", "JNS", "ANS"},
        {"Williams", "ALMS", "FLMS"},
        {"Taylor", "TLR", "TLR"},
        {"Brown", "PRN", "PRN"},
        {"Davies", "TFS", "TFS"},
        {"Evans", "AFNS", "AFNS"},
        {"Wilson", "ALSN", "FLSN"},
        {"Thomas", "TMS", "TMS"},
        {"Roberts", "RPRTS", "RPRTS"},
        {"Johnson", "JNSN", "ANSN"},
        {"Wright", "RT", "RT"},
        {"Thompson", "TMPSN", "TMPSN"},
        {"White", "AT", "AT"},
        {"Edwards", "ATRTS", "ATRTS"},
        {"Green", "KRN", "KRN"},
        {"Clarke", "KLRK", "KLRK"},
        {"Jackson", "JKSN", "AKSN"},
        {"Harris", "HRS", "HRS"},
        {"Cooper", "KPR", "KPR"},
        {"King", "KNK", "KNK"},
        {"Knight", "NT", "NT"},
        {"Wood", "AT", "FT"},
        {"Ward", "ART", "FRT"},
        {"Phillips", "FLPS", "FLPS"},
        {"Campbell", "KMPL", "KMPL"},
        {"Stewart", "STRT", "STRT"},
        {"Kelly", "KL", "KL"},
        {"Murphy", "MRF", "MRF"},
        {"Khan", "KN", "KN"},
        {"Hussain", "HSN", "HSN"},
        {"Begum", "PKM", "PKM"},
        {"Nowak", "NK", "NK"},
        {"Kowalski", "KLSK", "KLSK"},
        {"Wisniewski", "ASNSK", "FSNFSK"},
        {"Wojciechowski", "AJSXSK", "FJXKFSK"},
        {"Filipowicz", "FLPTS", "FLPFX"},
        {"Singh", "SNK", "SNK"},
        {"Patel", "PTL", "PTL"},
        {"Zhao", "J", "J"},
        {"Caesar", "SSR", "SSR"},
        {"Chianti", "KNT", "KNT"},
        {"Focaccia", "FKX", "FKX"},
        {"Bacher", "PKR", "PKR"},
        {"McHugh", "MK", "MK"},
        {"McCarthy", "MKR0", "MKRT"},
        {"Michael", "MKL", "MXL"},
        {"Wasserman", "ASRMN", "FSRMN"},
        {"Arnow", "ARN", "ARNF"},
        {"Sugar", "XKR", "SKR"},
        {"School", "SKL", "SKL"},
        {"Schooner", "SKNR", "SKNR"},
        {"Schenker", "XNKR", "SKNKR"},
        {"Laugh", "LF", "LF"},
        {"Cagney", "KKN", "KKN"},
        {"Tagliaro", "TKLR", "TLR"},
        {"Danger", "TNJR", "TNKR"},
        {"Edge", "AJ", "AJ"},
        {"Edgar", "ATKR", "ATKR"},
        {"Gough", "KF", "KF"},
        {"Xavier", "SF", "SFR"},
        {"Breaux", "PR", "PR"},
        {"Czerny", "SRN", "XRN"},
        {"Bellocchio", "PLX", "PLX"},
        {"Accident", "AKSTNT", "AKSTNT"},
        {"Bacchus", "PKS", "PKS"},
        {"Cabrillo", "KPRL", "KPR"},

        {"Isle", "AL", "AL"},
        {"Carlisle", "KRLL", "KRLL"},
        {"Rogier", "RJ", "RKR"},
        {"Resnais", "RSN", "RSNS"},
        {"Szabo", "SP", "XP"},
        {"Witz", "ATS", "FTS"},
        {"Ghislane", "JLN", "JLN"},
        {"Gnome", "NM", "NM"},
        {"Knuth", "N0", "NT"},
        {"Pneumonia", "NMN", "NMN"},
        {"Psalm", "SLM", "SLM"},
        {"Wrigley", "RKL", "RKL"},
        {"Leach", "LX", "LK"},
        {"Chorus", "KRS", "KRS"},
        {"Architect", "ARKTKT", "ARKTKT"},
        {"Orchestra", "ARKSTR", "ARKSTR"},
        {"Wachtler", "AKTLR", "FKTLR"},
        {"Tichner", "TXNR", "TKNR"},
        {"Yankelovich", "ANKLFX", "ANKLFK"},
        {"Jankelowicz", "JNKLTS", "ANKLFX"},
        {"Quentin", "KNTN", "KNTN"},
        {"Victor", "FKTR", "FKTR"},
        {"Ghent", "KNT", "KNT"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check_metaphone(names[i][0], names[i][1], names[i][2]);
    }
}

/* Philips 2000: Parker's rule keeps the GH of Hugh silent, a lone Jose is Spanish, and the B
 * of thumb and plumber is silent; Metaphone 0.6 hears HH, JS and a P. */
static void double_metaphone_follows_its_author_where_that_program_does_not(void **state) {
    (void)state;
    check_metaphone("Hugh", "H", "H");
    check_metaphone("Jose", "HS", "HS");
    check_metaphone("Plumber", "PLMR", "PLMR");
    check_metaphone("Thumb", "0M", "TM");
}

static void a_key_is_cut_where_one_asks(void **state) {
    (void)state;
    tf_double_metaphone keys;
    tf_text name = tf_text_of("Filipowicz");
    assert_true(tf_phonetic_double_metaphone(name, TF_METAPHONE_USUAL_LENGTH, &keys));
    assert_string_equal(keys.primary, "FLPT");
    assert_string_equal(keys.secondary, "FLPF");
    char much[5000];
    memset(much, 'B', sizeof much);
    for (size_t i = 0; i < sizeof much; i += 2) {
        much[i] = 'A';
    }
    assert_true(tf_phonetic_double_metaphone((tf_text){much, sizeof much}, SIZE_MAX, &keys));
    assert_int_equal(strlen(keys.primary), TF_METAPHONE_SIZE - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soundex_codes_names_as_the_national_archives_do),
        cmocka_unit_test(case_marks_and_accents_do_not_change_a_key),
        cmocka_unit_test(a_name_without_letters_has_no_key),
        cmocka_unit_test(double_metaphone_is_that_of_another_program),
        cmocka_unit_test(double_metaphone_follows_its_author_where_that_program_does_not),
        cmocka_unit_test(a_key_is_cut_where_one_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

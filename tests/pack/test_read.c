#include "check.h"

#include "pack/pack_internal.h"

#include <ftw.h>
#include <sys/stat.h>

#define HEAD "version: 1\ndate: 2025-01-31\nsource: a test\n"

enum { GROUPS, WEIGHTS, OUTCOMES, FORCES, NICKNAMES, MISSING, ACCESS, TRIAGE };

/* The smallest access.yaml, up to its roles, which begin at line 23. */
#define RULES                                                                                      \
    HEAD "purposes: [{name: help, title: Help}]\n"                                                 \
         "lawful_bases: [{name: duty, title: Duty}]\ncategories:\n"                                \
         "- {name: concern, title: C, personal: true, content: true, purposes: [help],\n"          \
         "   fields: [{name: what, title: What}, {name: where, title: Where}]}\n"                  \
         "- {name: intelligence, title: I}\n- {name: person, title: P}\n"                          \
         "- {name: case, title: C}\n- {name: treatment, title: T}\n"                               \
         "- {name: account, title: A}\n- {name: audit, title: A}\n"                                \
         "- {name: organisation, title: O}\n- {name: agreement, title: A}\n"                       \
         "- {name: setting, title: S}\n- {name: open-data, title: O}\n"                            \
         "- {name: form, title: F}\n- {name: statistics, title: S}\n"                              \
         "- {name: backup, title: B}\nroles:\n"

/* The smallest pack there is. */
static const char *const smallest[TF_PACK_FILE_COUNT] = {
    HEAD "types: [Arson]\ngroups:\n  - {name: all, title: All}\n",
    HEAD "name: Index\nweights:\n  - {type: Arson, days: 185, subgroup: arson}\n",
    HEAD "groups:\n  - {name: x, title: X, outcomes: [{wording: Done, also: [Finished]}]}\n",
    HEAD "forces:\n  - slug: kent\n",
    HEAD "groups:\n  - {name: robert, also: [bob]}\n",
    HEAD "fields:\n  - {field: any, values: [unknown]}\n",
    RULES "- {name: all, title: All, help: All., may: [{actions: [consult], category: form, "
          "reach: all}]}\n",
    HEAD "closing: [{name: done, title: Done, told: {en: Thank you}}]\nsources: [{name: '1', "
         "title: R}]\n"
         "information: [{name: A, title: K}]\nhandling: [{name: P, title: S}]\n"
         "retention: [{name: o, title: O, years: 6}]\ndraft_days: 30\n",
};

static tf_status read_texts(const char *const texts[TF_PACK_FILE_COUNT], tf_error *error) {
    tf_embedded_file files[TF_PACK_FILE_COUNT];
    for (size_t i = 0; i < TF_PACK_FILE_COUNT; i++) {
        files[i] = (tf_embedded_file){tf_pack_file_names[i], (const unsigned char *)texts[i],
                                      strlen(texts[i])};
    }
    tf_pack *pack;
    tf_status status = tf_pack_read(files, &pack, error);
    tf_pack_free(pack);
    return status;
}

/* With `text` in the place of one file, the pack is refused at that line with these words. */
static void expect_fault(size_t file, const char *text, int64_t line, const char *words) {
    const char *texts[TF_PACK_FILE_COUNT];
    memcpy(texts, smallest, sizeof texts);
    texts[file] = text;
    tf_error error = {.message = ""};
    tf_status status = read_texts(texts, &error);
    if (status != TF_BAD_INPUT || strcmp(error.place, tf_pack_file_names[file]) != 0 ||
        error.line != line || !strstr(error.message, words)) {
        fprintf(stderr, "status %d, %s line %d: \"%s\", not line %d: \"%s\"\n", (int)status,
                error.place, (int)error.line, error.message, (int)line, words);
        fail();
    }
}

static void the_smallest_pack_is_read(void **state) {
    (void)state;
    tf_error error;
    assert_ok(read_texts(smallest, &error), &error);
}

static void words_of_triage_are_whole_and_stand_once(void **state) {
    (void)state;
    expect_fault(TRIAGE, HEAD "closing: [{name: done, title: Done}]\n", 4, "told");
    expect_fault(TRIAGE, HEAD "closing: []\n", 4, "closing");
    expect_fault(TRIAGE, HEAD "closing: [{name: done, title: Done, told: {cy: Diolch}}]\n", 4,
                 "lacks its English");
    expect_fault(TRIAGE,
                 HEAD "closing: [{name: a, title: A, told: {en: T, cy: D}}]\n"
                      "sources: [{name: '1', title: R},\n {name: '1', title: S}]\n",
                 6, "given twice");
#define GRADED                                                                                     \
    HEAD "closing: [{name: a, title: A, told: {en: T}}]\nsources: [{name: '1', title: R}]\n"       \
         "information: [{name: A, title: K}]\nhandling: [{name: P, title: S}]\n"
    expect_fault(TRIAGE, GRADED, 1, "retention");
    expect_fault(TRIAGE, GRADED "retention: [{name: o, title: O, years: 0}]\n", 8, "years");
    expect_fault(TRIAGE, GRADED "retention: [{name: o, title: O, years: long}]\n", 8, "years");
#define KEPT GRADED "retention: [{name: o, title: O, years: 6}]\n"
    expect_fault(TRIAGE, KEPT, 1, "draft_days");
    expect_fault(TRIAGE, KEPT "draft_days: 0\n", 1, "draft_days is from 1");
}

static void text_that_is_not_yaml_is_told_with_its_line(void **state) {
    (void)state;
    expect_fault(FORCES, "", 1, "empty");
    expect_fault(FORCES, "# nothing\n", 2, "empty");
    expect_fault(FORCES, "a: [1\nb: 2\n", 2, "not well formed");
    expect_fault(FORCES, "a: 1\n\tb: 2\n", 2, "not well formed");
    expect_fault(FORCES, "a: 1\n\xFF\n", 1, "not well formed");
    expect_fault(FORCES, HEAD "---\n" HEAD, 4, "second document");
    expect_fault(FORCES, "a: &x 1\nb: *x\n", 2, "alias");
    expect_fault(FORCES, "a: 1\nb: 2\na: 3\n", 3, "twice");
    expect_fault(FORCES, "? [a]\n: 1\n", 1, "plain text");
    expect_fault(FORCES, "a: \"x\\0y\"\n", 1, "zero byte");
    expect_fault(FORCES, "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", 1, "nested too deeply");
    expect_fault(FORCES, "- a\n", 1, "fields (name: value)");
}

static void what_every_file_must_say_is_checked(void **state) {
    (void)state;
    expect_fault(FORCES, "date: 2025-01-31\nsource: x\n", 1, "\"version\" is missing");
    expect_fault(FORCES, "version: 0\ndate: 2025-01-31\nsource: x\n", 1, "whole number");
    expect_fault(FORCES, "version: 1\ndate: 2025-02-30\nsource: x\n", 1, "a day such as");
    expect_fault(FORCES, "version: 1\ndate: 2025-01-31\nsource: []\n", 3, "must be text");
    expect_fault(FORCES, "version: 1\ndate: 2025-01-31\nsource:\n", 1, "\"source\" is missing");
    expect_fault(FORCES, HEAD, 1, "\"forces\" is missing");
    expect_fault(FORCES, HEAD "forces: []\n", 4, "list that is not empty");
    expect_fault(FORCES, HEAD "force:\n  - slug: kent\n", 4, "\"force\" is not known here");
}

static void groups_are_checked(void **state) {
    (void)state;
    expect_fault(GROUPS, HEAD "types: [A, a]\ngroups: [{name: x, title: X}]\n", 4, "stands twice");
    expect_fault(GROUPS, HEAD "types: [A, {}]\ngroups: [{name: x, title: X}]\n", 4, "text alone");
    expect_fault(GROUPS, HEAD "types: [A]\ngroups:\n- {name: x, title: X}\n- {name: X, title: Y}\n",
                 7, "name of two groups");
    expect_fault(GROUPS,
                 HEAD "types: [A]\ngroups:\n- {name: x, title: X}\n"
                      "- {name: y, title: Y, aliases: [x]}\n",
                 7, "name of two groups");
    expect_fault(GROUPS, HEAD "types: [A]\ngroups:\n- {name: x, title: X, types: [B]}\n", 6,
                 "\"B\" is not among the crime types");
    expect_fault(GROUPS, HEAD "types: [A, B]\ngroups:\n- {name: a, title: X, types: [B]}\n", 6,
                 "\"a\" is a crime type");
    expect_fault(GROUPS, HEAD "types: [A]\ngroups:\n- {name: x, titel: X}\n", 6,
                 "\"titel\" is not known");
}

static void weights_are_checked(void **state) {
    (void)state;
    static const char *const faults[][2] = {
        {"{type: Arson, days: many, subgroup: x}", "number or null"},
        {"{type: Arson, days: -1, subgroup: x}", "zero or more"},
        {"{type: Arson, days: 1e999, subgroup: x}", ""},
        {"{type: Arson, subgroup: x}", "\"days\" is missing"},
        {"{type: Arson, days: 3}", "\"subgroup\" is missing"},
        {"{type: Arson, days: null, subgroup: x}", "\"note\" is missing"},
        {"{type: Fire, days: 3, subgroup: x}", "not among the crime types"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, HEAD "name: n\nweights:\n- %s\n", faults[i][0]);
        expect_fault(WEIGHTS, text, 6, faults[i][1]);
    }
    expect_fault(WEIGHTS,
                 HEAD "name: n\nweights:\n- {type: Arson, days: 1, subgroup: x}\n"
                      "- {type: arson, days: 1, subgroup: x}\n",
                 7, "second weight");
    const char *texts[TF_PACK_FILE_COUNT];
    memcpy(texts, smallest, sizeof texts);
    texts[GROUPS] = HEAD "types: [Arson, Theft]\ngroups:\n  - {name: all, title: All}\n";
    tf_error error;
    assert_int_equal(read_texts(texts, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "has no line here"));
}

static void outcomes_and_forces_are_checked(void **state) {
    (void)state;
    expect_fault(OUTCOMES,
                 HEAD "groups:\n- {name: x, title: X, outcomes: [{wording: A}]}\n"
                      "- {name: y, title: Y, outcomes: [{wording: B, also: [a]}]}\n",
                 6, "\"a\" stands twice");
    expect_fault(OUTCOMES,
                 HEAD "groups:\n- {name: x, title: X, outcomes: [{wording: A}]}\n"
                      "- {name: X, title: Y, outcomes: [{wording: B}]}\n",
                 6, "name of two groups");
    expect_fault(OUTCOMES, HEAD "groups:\n- {name: x, title: X}\n", 5, "\"outcomes\" is missing");
    expect_fault(FORCES, HEAD "forces:\n- slug: kent\n- slug: kent\n", 6, "is also that of");
    expect_fault(FORCES, HEAD "forces:\n- slug: kent\n- slug: essex\n", 6, "order of slugs");
    expect_fault(FORCES, HEAD "forces:\n- {slug: kent, area_code: E1}\n", 5, "both");
}

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *place) {
    (void)facts;
    (void)type;
    (void)place;
    return remove(path);
}

static void nicknames_and_missing_values_are_checked(void **state) {
    (void)state;
    expect_fault(NICKNAMES, HEAD "groups:\n  - {name: robert}\n", 5, "other names than itself");
    expect_fault(NICKNAMES, HEAD "groups:\n  - {name: robert, also: [Robert]}\n", 5,
                 "other names than itself");
    expect_fault(NICKNAMES,
                 HEAD "groups:\n  - {name: ann, also: [nan]}\n  - {name: Ann, also: [nancy]}\n", 6,
                 "two groups");
    expect_fault(NICKNAMES, HEAD "groups:\n  - {formal: ann}\n", 5, "\"formal\" is not known");
    expect_fault(MISSING, HEAD "fields:\n  - {field: shoe_size, values: [nk]}\n", 5,
                 "no field of a person's record");
    expect_fault(MISSING, HEAD "fields:\n  - {values: [nk]}\n", 5, "\"field\" is missing");
}

/* Rules whose only role may this and that are refused at its line with these words. */
static void expect_role_fault(const char *may, const char *words) {
    char text[2048];
    snprintf(text, sizeof text, RULES "- {name: all, title: All, help: All., may: [%s]}\n", may);
    expect_fault(ACCESS, text, 23, words);
}

static void access_rules_are_checked(void **state) {
    (void)state;
    expect_role_fault("{actions: [consult], category: concern}", "\"reach\" is missing");
    expect_role_fault("{category: concern, reach: own}", "\"actions\" is missing");
    expect_role_fault("{actions: [], category: concern, reach: own}", "not empty");
    expect_role_fault("{actions: [read], category: concern, reach: own}", "\"read\" is no action");
    expect_role_fault("{actions: [consult], category: crime, reach: own}",
                      "\"crime\" is not among the categories");
    expect_role_fault("{actions: [consult], category: concern, reach: none}",
                      "\"none\" is no reach");
    expect_role_fault("{actions: [consult], category: concern, reach: far}", "\"far\" is no reach");
    expect_role_fault("{actions: [consult], category: concern, reach: own, fields: [who]}",
                      "has no field \"who\"");
    expect_role_fault("{actions: [consult], category: concern, reach: own, fields: []}",
                      "list that is not empty");
    expect_role_fault("{actions: [consult], category: form, reach: own, fields: [what]}",
                      "has no field \"what\"");
    expect_role_fault("{actions: [consult], category: concern, reach: all}",
                      "nobody may consult all");
    expect_role_fault("{actions: [consult, alter], category: form, reach: own}, "
                      "{actions: [alter], category: form, reach: all}",
                      "may alter of \"form\" is given twice");
    expect_role_fault("{actions: [consult], category: form, reach: own, field: [what]}",
                      "\"field\" is not known");
    expect_fault(ACCESS,
                 RULES "- {name: a, title: A, help: A., may: [{actions: [alter], category: form, "
                       "reach: all}]}\n"
                       "- {name: a, title: A, help: A., may: [{actions: [alter], category: form, "
                       "reach: all}]}\n",
                 24, "role \"a\" is given twice");
#define APART(entry)                                                                               \
    RULES "- {name: a, title: A, help: A., may: [{actions: [alter], category: form, reach: all}]}" \
          "\napart: [" entry "]\n"
    expect_fault(ACCESS, APART("{role: b, from: [a], why: B.}"), 24,
                 "\"b\" is not among the roles");
    expect_fault(ACCESS, APART("{role: a, from: [a, b], why: B.}"), 24,
                 "\"b\" is not among the roles");
    expect_fault(ACCESS, APART("{role: a, from: [a]}"), 24, "\"why\" is missing");
    expect_fault(ACCESS, APART("{role: a, to: [a], why: B.}"), 24, "\"to\" is not known");
    expect_fault(ACCESS, RULES "- {name: A b, title: A, help: A.}\n", 23, "cannot be a name");
    expect_fault(ACCESS, RULES "- {name: a, title: A, help: A., operator: yes}\n", 23,
                 "must be true or false");
    expect_fault(ACCESS, RULES "- {name: a, title: A, may: []}\n", 23, "\"help\" is missing");
}

static void access_categories_are_checked(void **state) {
    (void)state;
#define BEFORE                                                                                     \
    HEAD "purposes: [{name: help, title: Help}]\n"                                                 \
         "lawful_bases: [{name: duty, title: Duty}]\nroles: []\ncategories:\n"
    expect_fault(ACCESS, BEFORE "- {name: concern, title: C}\n", 7, "\"intelligence\" is missing");
    expect_fault(ACCESS, BEFORE "- {name: form, title: C}\n- {name: form, title: C}\n", 9,
                 "category \"form\" is given twice");
    expect_fault(ACCESS, BEFORE "- {name: form, title: C, personal: true}\n", 8,
                 "needs the purposes");
    expect_fault(ACCESS, BEFORE "- {name: form, title: C, purposes: [help]}\n", 8,
                 "only personal data");
    expect_fault(ACCESS, BEFORE "- {name: form, title: C, personal: true, purposes: [fun]}\n", 8,
                 "not among the purposes");
    expect_fault(ACCESS, BEFORE "- {name: form, title: C, content: true}\n", 8,
                 "content is personal");
    expect_fault(ACCESS,
                 BEFORE "- {name: form, title: C, fields: [{name: a, title: A}, {name: a, title: "
                        "A}]}\n",
                 8, "field \"a\" is given twice");
    expect_fault(ACCESS,
                 HEAD "purposes: [{name: a, title: A}, {name: a, title: B}]\n"
                      "lawful_bases: []\ncategories: []\nroles: []\n",
                 4, "purpose \"a\" is given twice");
    expect_fault(ACCESS,
                 HEAD "purposes: [{name: a, title: A}]\n"
                      "lawful_bases: [{name: a, title: A}, {name: a, title: A}]\n"
                      "categories: []\nroles: []\n",
                 5, "lawful basis \"a\" is given twice");
    char many[8192];
    size_t length = (size_t)snprintf(many, sizeof many, HEAD "purposes:\n");
    for (int i = 0; i < TF_MOST_PURPOSES + 1; i++) {
        length += (size_t)snprintf(many + length, sizeof many - length,
                                   "- {name: p%c%c, title: P}\n", 'a' + i / 26, 'a' + i % 26);
    }
    expect_fault(ACCESS, many, 4, "more than 64");
#undef BEFORE
}

static void a_pack_is_read_from_a_folder(void **state) {
    (void)state;
    char folder[] = "/tmp/trefoil-test-XXXXXX";
    char path[256];
    tf_error error;
    tf_pack *pack = (tf_pack *)&error;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(tf_pack_open(folder, &pack, &error), TF_NOT_FOUND);
    assert_null(pack);
    assert_non_null(strstr(error.place, "offence_groups.yaml"));
    for (size_t i = 0; i < tf_packs.count; i++) {
        if (strcmp(tf_packs.files[i].name, "uk/words.yaml") == 0) {
            snprintf(path, sizeof path, "%s/words.yaml", folder);
            FILE *file = fopen(path, "w");
            assert_non_null(file);
            fwrite(tf_packs.files[i].bytes, 1, tf_packs.files[i].length, file);
            fclose(file);
        }
    }
    for (size_t i = 0; i < TF_PACK_FILE_COUNT; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, tf_pack_file_names[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(smallest[i], file);
        fclose(file);
    }
    assert_ok(tf_pack_open(folder, &pack, &error), &error);
    assert_string_equal(tf_pack_harm_name(pack), "Index");
    assert_string_equal(tf_pack_outcome_wording(pack, tf_text_of("finished")), "Done");
    tf_pack_free(pack);
    assert_int_equal(truncate(path, 2000000), 0);
    assert_int_equal(tf_pack_open(folder, &pack, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "1 MiB"));
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(tf_pack_open(folder, &pack, &error), TF_IO);
    assert_int_equal(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_pack_is_read),
        cmocka_unit_test(words_of_triage_are_whole_and_stand_once),
        cmocka_unit_test(text_that_is_not_yaml_is_told_with_its_line),
        cmocka_unit_test(what_every_file_must_say_is_checked),
        cmocka_unit_test(groups_are_checked),
        cmocka_unit_test(weights_are_checked),
        cmocka_unit_test(outcomes_and_forces_are_checked),
        cmocka_unit_test(nicknames_and_missing_values_are_checked),
        cmocka_unit_test(access_rules_are_checked),
        cmocka_unit_test(access_categories_are_checked),
        cmocka_unit_test(a_pack_is_read_from_a_folder),
    };
    return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}

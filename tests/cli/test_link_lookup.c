/* Who new records might be, from the outside. */
#include "check.h"

#include "../store/temporary.h"
#include "program.h"

static void shell(const char *format, ...) TF_PRINTF(1, 2);
static void shell(const char *format, ...) {
    char command[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_int_equal(system(command), 0);
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A model learnt from invented people, who are known. */
static void make_known(void **state) {
    const char *known = path_of(state, "known.csv");
    assert_int_equal(run("link generate 1500 --out %s --errors low", known), 0);
    assert_int_equal(run("link train %s --out %s", known, path_of(state, "model.json")), 0);
}

static int look_up(void **state, const char *asked, const char *words) {
    return run("link lookup %s --model %s --records %s %s", path_of(state, asked),
               path_of(state, "model.json"), path_of(state, "known.csv"), words);
}

static void a_record_with_a_slip_is_found_again(void **state) {
    make_known(state);
    /* With another id, and a letter more in the family name. */
    shell("awk -F, 'BEGIN {OFS = \",\"} NR == 1 {print; next} NR <= 300 && $5 != \"\" "
          "{$1 = \"N\" $1; $5 = $5 \"e\"; print}' '%s' > '%s'",
          path_of(state, "known.csv"), path_of(state, "asked.csv"));
    assert_int_equal(look_up(state, "asked.csv", "--top 1"), 0);
    assert_int_equal(strncmp(output,
                             "source_l,unique_id_l,source_r,unique_id_r,match_weight,"
                             "match_probability,rank\n",
                             77),
                     0);
    size_t found = 0, right = 0;
    for (char *at = strchr(output, '\n') + 1; *at; at = strchr(at, '\n') + 1) {
        char asked[32], known[32];
        int rank;
        double weight, probability;
        assert_int_equal(sscanf(at, "%*[^,],N%31[^,],%*[^,],%31[^,],%lf,%lf,%d", asked, known,
                                &weight, &probability, &rank),
                         5);
        assert_int_equal(rank, 1);
        assert_true(weight >= 0 && probability >= 0.5);
        found++;
        right += strcmp(asked, known) == 0;
    }
    assert_true(found > 270);
    assert_true(right > found * 9 / 10); /* others are the same person's other record */
}

static void the_answers_are_the_same_for_any_number_of_threads(void **state) {
    make_known(state);
    shell("cp '%s' '%s'", path_of(state, "known.csv"), path_of(state, "asked.csv"));
    char words[600];
    snprintf(words, sizeof words, "--out %s --threads 1 --threshold -5", path_of(state, "a.csv"));
    assert_int_equal(look_up(state, "asked.csv", words), 0);
    assert_true(says("Of 1,500 new records"));
    snprintf(words, sizeof words, "--out %s --threads 3 --threshold -5", path_of(state, "b.csv"));
    assert_int_equal(look_up(state, "asked.csv", words), 0);
    shell("cmp '%s' '%s'", path_of(state, "a.csv"), path_of(state, "b.csv"));
}

static void what_cannot_be_looked_up_is_said(void **state) {
    make_known(state);
    write_text(path_of(state, "asked.csv"), "id,shoes\n1,9\n");
    assert_int_equal(look_up(state, "asked.csv", ""), 1);
    assert_true(says("asked.csv: has none of the columns by which the model finds records"));
    write_text(path_of(state, "asked.csv"), "record_id,email\n1,nobody@example.com\n");
    assert_int_equal(look_up(state, "asked.csv", ""), 0);
    assert_int_equal(line_count(), 1);
    assert_int_equal(look_up(state, "asked.csv", "--top 0"), 2);
    assert_int_equal(
        run("link settings %s > %s", path_of(state, "known.csv"), path_of(state, "model.json")), 0);
    assert_int_equal(look_up(state, "asked.csv", ""), 1);
    assert_true(says("lacks some m, u or the prior"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_record_with_a_slip_is_found_again),
        temporary_test(the_answers_are_the_same_for_any_number_of_threads),
        temporary_test(what_cannot_be_looked_up_is_said),
    };
    return cmocka_run_group_tests_name("cli/link_lookup", tests, NULL, NULL);
}

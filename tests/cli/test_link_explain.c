/* trefoil link explain from the outside, on invented people. */
#include "check.h"

#include <sys/wait.h>

#include "../store/temporary.h"
#include "cli/terminal.h"

static char output[1 << 18];

static int run(const char *format, ...) TF_PRINTF(1, 2);
static int run(const char *format, ...) {
    char words[1024], command[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    snprintf(command, sizeof command, "exec 2>&1; '%s' %s", getenv("TREFOIL_PROGRAM"), words);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool says(const char *words) {
    if (!strstr(output, words)) {
        fprintf(stderr, "not in the output: %s\n%s\n", words, output);
        return false;
    }
    return true;
}

/* Two people in two services, who have the same id 1 in both, and enough others to learn from. */
static void make_people(const char *path) {
    assert_int_equal(run("link generate 1500 --out '%s' --duplicates 0.4", path), 0);
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    fputs("X1,police,Zebedee,,Quackenbush,M,1971-10-26,8 Gladstone Street,Penkcaster,,,,T1\n"
          "X2,prison,Zebedee,,Quakenbush,M,1971-10-26,8 Gladstone Street,Penkcaster,,,,T1\n"
          "X1,treatment,Mary,,Smith,F,1990-01-02,,,,,,T2\n",
          file);
    fclose(file);
}

static void it_shows_values_weights_and_sum_in_80_columns(void **state) {
    const char *people = temporary_path(state, "people.csv");
    make_people(people);
    assert_int_equal(run("link explain police:X1 X2 --id record_id --records '%s'", people), 0);
    assert_true(says("police X1 and prison X2 are one person with a probability of "));
    assert_true(says("Quackenbush"));
    assert_true(says("Quakenbush"));
    assert_true(says("within 1 edit"));
    assert_true(says("Before comparing"));
    assert_true(says("Together"));
    for (const char *line = output; *line; line += strcspn(line, "\n") + 1) {
        tf_text text = {line, strcspn(line, "\n")};
        assert_true(tf_text_width(text) <= TF_TERMINAL_WIDTH);
    }
}

static void the_chart_is_written_as_a_drawing(void **state) {
    const char *people = temporary_path(state, "people.csv"),
               *svg = temporary_path(state, "pair.svg");
    make_people(people);
    assert_int_equal(
        run("link explain police:X1 X2 --id record_id --records '%s' --svg '%s'", people, svg), 0);
    FILE *file = fopen(svg, "rb");
    assert_non_null(file);
    static char text[1 << 16];
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "<svg "));
    assert_non_null(strstr(text, "family_name"));
    assert_non_null(strstr(text, "</svg>"));
}

static void an_id_of_several_sources_wants_its_source(void **state) {
    const char *people = temporary_path(state, "people.csv");
    make_people(people);
    assert_int_equal(run("link explain X1 X2 --id record_id --records '%s'", people), 1);
    assert_true(says("2 sources have a record 'X1'; write SOURCE:X1"));
}

static void a_record_that_is_not_there_is_one_line_and_exit_1(void **state) {
    const char *people = temporary_path(state, "people.csv");
    make_people(people);
    assert_int_equal(run("link explain X2 nobody --id record_id --records '%s'", people), 1);
    assert_true(says("there is no record 'nobody'"));
    assert_ptr_equal(strchr(output, '\n') + 1, output + strlen(output));
    assert_int_equal(run("link explain X2 prison:X2 --id record_id --records '%s'", people), 1);
    assert_true(says("are the same record"));
    assert_int_equal(run("link explain X2 --id record_id --records '%s'", people), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(it_shows_values_weights_and_sum_in_80_columns),
        temporary_test(the_chart_is_written_as_a_drawing),
        temporary_test(an_id_of_several_sources_wants_its_source),
        temporary_test(a_record_that_is_not_there_is_one_line_and_exit_1),
    };
    return cmocka_run_group_tests_name("cli/link_explain", tests, NULL, NULL);
}

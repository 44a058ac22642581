/* What the linkage commands say where something is wrong: one sentence, and nothing is written. */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "../store/temporary.h"
#include "program.h"

static const char header[] = "id,first_name,surname,dob,postcode\n";

static void put_person(FILE *file, int id, int number) {
    static const char *const names[] = {"Anna", "Ben",  "Cara", "Dan",  "Eve",
                                        "Finn", "Gina", "Hal",  "Iris", "Jack"};
    static const char *const surnames[] = {"Smith", "Jones", "Brown", "Patel", "Khan", "Green",
                                           "White", "Black", "Young", "Adams", "Hill"};
    fprintf(file, "%d,%s,%s,19%02d-%02d-%02d,LU%d %dAB\n", id, names[number % 10],
            surnames[number * 7 % 11], 30 + number * 13 % 60, 1 + number % 12, 1 + number % 28,
            1 + number % 9, number % 10);
}

/* People, every third of them twice, and `more` rows after them. */
static const char *write_people(void **state, const char *name, int count, const char *more) {
    const char *path = path_of(state, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(header, file);
    for (int i = 0; i < count; i++) {
        put_person(file, i, i);
        if (i % 3 == 0) {
            put_person(file, 100000 + i, i);
        }
    }
    fputs(more, file);
    fclose(file);
    return path;
}

static void check_nothing_written(void **state) {
    assert_int_not_equal(access(path_of(state, "out"), F_OK), 0);
}

static void check_fault(void **state, const char *records, const char *options,
                        const char *sentence) {
    assert_int_equal(run("link dedupe %s --out %s %s", records, path_of(state, "out"), options), 1);
    assert_true(says(sentence));
    assert_int_equal(line_count(), 1);
    check_nothing_written(state);
}

static void records_that_cannot_be_told_apart_are_refused(void **state) {
    check_fault(state, write_people(state, "a.csv", 60, ",Anna,Smith,1980-01-01,LU1 1AB\n"), "",
                "line 82: this record of a has no id; give it an id");
    check_fault(state, write_people(state, "b.csv", 60, "7,Anna,Smith,1980-01-01,LU1 1AB\n"), "",
                "have the same id, 7; give each its own");
    assert_int_equal(run("link dedupe %s --out %s --id row-number",
                         write_people(state, "c.csv", 60, "7,Anna,Smith,1980-01-01,LU1 1AB\n"),
                         path_of(state, "out")),
                     0);
}

static void files_without_anything_to_link_are_refused(void **state) {
    check_fault(state, write_people(state, "one.csv", 0, "1,Anna,Smith,1980-01-01,LU1 1AB\n"), "",
                "there is one record alone");
    check_fault(state, write_people(state, "none.csv", 0, ""), "", "there is no record in it");
    check_fault(state, path_of(state, "nothere.csv"), "", "there is no such file");
    const char *same = write_people(state, "same.csv", 0,
                                    "1,Anna,Smith,1980-01-01,LU1 1AB\n"
                                    "2,Anna,Smith,1980-01-01,LU1 1AB\n"
                                    "3,Anna,Smith,1980-01-01,LU1 1AB\n");
    check_fault(state, same, "", "all 3 records are alike");
    const char *settings = path_of(state, "settings.json");
    const char *people = write_people(state, "people.csv", 60, "");
    assert_int_equal(run("link settings %s > %s", people, settings), 0);
    char options[300];
    snprintf(options, sizeof options, "--settings %s", settings);
    check_fault(state, same, options, "all 3 records are alike");
}

static void a_misspelt_column_is_found(void **state) {
    const char *people = write_people(state, "people.csv", 60, "");
    check_fault(state, people, "--id idd", "did you mean 'id'?");
    check_fault(state, people, "--source frst_name", "did you mean 'first_name'?");
    char options[400], command[1024];
    const char *path = path_of(state, "settings.json");
    assert_int_equal(run("link settings %s > %s", people, path), 0);
    snprintf(command, sizeof command, "sed -i 's/surname/sirname/g' '%s'", path);
    assert_int_equal(system(command), 0);
    snprintf(options, sizeof options, "--settings %s", path);
    check_fault(state, people, options, "did you mean \"surname\"?");
}

static void a_comparison_on_an_empty_column_is_refused(void **state) {
    char options[400];
    const char *people = path_of(state, "people.csv");
    const char *settings = path_of(state, "settings.json");
    FILE *file = fopen(people, "wb");
    fputs("id,surname,email\n1,Smith,\n2,Smith,\n3,Jones,\n4,Khan,\n", file);
    fclose(file);
    file = fopen(settings, "wb");
    fputs("{\"format\": \"trefoil-link\", \"comparisons\": ["
          "{\"name\": \"surname\", \"levels\": [{\"when\": \"exact(surname)\"}, "
          "{\"when\": \"else\"}]}, "
          "{\"name\": \"mail\", \"levels\": [{\"when\": \"missing(email)\", \"null\": true}, "
          "{\"when\": \"exact(email)\"}, {\"when\": \"else\"}]}]}",
          file);
    fclose(file);
    snprintf(options, sizeof options, "--settings %s", settings);
    check_fault(state, people, options,
                "the comparison mail reads the column email, which is empty in every record");
}

static void folders_that_cannot_be_used_are_said_at_once(void **state) {
    const char *people = write_people(state, "people.csv", 60, "");
    assert_int_equal(run("link dedupe %s --out %s/no/such", people, (char *)*state), 1);
    assert_true(says("could not be written"));
    assert_int_equal(run("link dedupe %s --out %s", people, people), 1);
    assert_true(says("is a file and no folder"));
}

static void sources_that_cannot_be_linked_are_refused(void **state) {
    const char *people = write_people(state, "people.csv", 60, "");
    const char *out = path_of(state, "out");
    assert_int_equal(run("link between %s --out %s", people, out), 1);
    assert_true(says("all records are of one source, people"));
    assert_int_equal(run("link between %s %s --out %s", people, people, out), 1);
    assert_true(says("has the same name as"));
    assert_int_equal(run("link dedupe %s --out %s --clusters best-link", people, out), 1);
    assert_true(says("--clusters best-link takes one record of each source"));
    check_nothing_written(state);
}

static void rows_that_are_not_text_are_left_out_and_said(void **state) {
    const char *people = write_people(state, "people.csv", 60,
                                      "900,Jo\xff\xfe,Smith,1980-01-01,LU1 1AB\n"
                                      "901,Jo,Smith\n");
    char path[400];
    const char *out = path_of(state, "out");
    assert_int_equal(run("link dedupe %s --out %s", people, out), 0);
    assert_true(says("2 rows could not be read and were left out: first,"));
    assert_true(says("line 82"));
    snprintf(path, sizeof path, "%s/rejects.csv", out);
    assert_ptr_equal(strstr(read_file(path), "file,line,reason,text\n"), read_file(path));
    assert_int_equal(run("link dedupe %s --out %s", write_people(state, "b.csv", 60, ""), out), 0);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_name_of_100_kilobytes_is_read(void **state) {
    const char *people = write_people(state, "people.csv", 60, "");
    FILE *file = fopen(people, "ab");
    for (int i = 0; i < 2; i++) {
        fprintf(file, "%d,", 900 + i);
        for (int j = 0; j < 100000; j++) {
            fputc('a' + i * (j > 50000), file);
        }
        fputs(",Smith,1980-01-01,LU1 1AB\n", file);
    }
    fclose(file);
    assert_int_equal(run("link dedupe %s --out %s", people, path_of(state, "out")), 0);
    assert_true(says("Read 82 records"));
}

static void a_block_of_200000_is_bounded_and_said(void **state) {
    const char *settings = path_of(state, "settings.json");
    const char *people = write_people(state, "people.csv", 300, "");
    assert_int_equal(run("link settings %s > %s", people, settings), 0);
    FILE *file = fopen(people, "ab");
    for (int i = 0; i < 200000; i++) {
        fprintf(file, "%d,Anna,Smith,1980-01-01,LU1 1AB\n", 200000 + i);
    }
    fclose(file);
    assert_int_equal(
        run("link dedupe %s --out %s --settings %s", people, path_of(state, "out"), settings), 0);
    assert_true(says("of more than 5,000 records that share a blocking value were set"));
    assert_true(says("the largest has 200,"));
}

static void a_bound_of_memory_is_kept(void **state) {
    const char *people = path_of(state, "many.csv");
    assert_int_equal(run("link generate 40000 --out %s", people), 0);
    check_fault(state, people, "--memory 1", "the records take more than the 1 MB");
    assert_int_equal(run("link generate 1500 --out %s", people), 0);
    check_fault(state, people, "--memory 2 --method exhaustive --threshold -900",
                "they take more than the 2 MB that were allowed");
}

/* A process that the signals of a terminal end, whatever those of the test do. */
static pid_t start(char **words) {
    pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execv(words[0], words);
        _exit(127);
    }
    assert_true(child > 0);
    return child;
}

static void an_interrupt_leaves_nothing_behind(void **state) {
    char unfinished[400];
    const char *people = path_of(state, "people.csv");
    const char *model = path_of(state, "model.json");
    const char *out = path_of(state, "out");
    snprintf(unfinished, sizeof unfinished, "%s/pairs.csv.unfinished", out);
    assert_int_equal(run("link generate 1500 --out %s", people), 0);
    assert_int_equal(run("link train %s --out %s", people, model), 0);
    char *words[] = {getenv("TREFOIL_PROGRAM"),
                     "link",
                     "predict",
                     (char *)people,
                     "--model",
                     (char *)model,
                     "--out",
                     (char *)out,
                     "--threshold",
                     "-900",
                     "--method",
                     "exhaustive",
                     "--threads",
                     "1",
                     NULL};
    pid_t child = start(words);
    struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < 60000 && access(unfinished, F_OK) != 0; i++) {
        nanosleep(&moment, NULL);
    }
    assert_int_equal(access(unfinished, F_OK), 0);
    assert_int_equal(kill(child, SIGINT), 0);
    int outcome;
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_true(WIFSIGNALED(outcome));
    assert_int_equal(WTERMSIG(outcome), SIGINT);
    check_nothing_written(state);
}

static void a_full_disk_leaves_nothing_behind(void **state) {
    const char *people = path_of(state, "people.csv");
    assert_int_equal(run("link generate 2000 --out %s", people), 0);
    char command[1024];
    snprintf(command, sizeof command,
             "trap '' XFSZ; ulimit -f 40; '%s' link dedupe '%s' --out '%s' --method blocked 2>&1 | "
             "grep -q 'could not be written: File too large'",
             getenv("TREFOIL_PROGRAM"), people, path_of(state, "out"));
    assert_int_equal(system(command), 0);
    check_nothing_written(state);
}

static void wrong_usage_is_said(void **state) {
    (void)state;
    const struct {
        const char *words, *answer;
    } cases[] = {
        {"dedupe x", "--out DIR is missing"},
        {"dedupe x --out y --threshold 1 --probability 0.5", "say the same thing"},
        {"dedupe x --out y --probability 1", "--probability is '1'"},
        {"dedupe x --out y --threshold much", "--threshold is 'much'"},
        {"dedupe x --out y --method some", "it can be by-size, exhaustive or blocked"},
        {"dedupe x --out y --clusters all", "it can be correlation, connected or best-link"},
        {"dedupe x --out y --pairs xml", "it can be csv, arrow or none"},
        {"dedupe x --out y --top 0", "--top is '0'"},
        {"dedupe x --out y --threads 0", "--threads is '0'"},
        {"dedupe x --out y --clusters connected --limit-per-source 1", "heeds neither"},
        {"settings x --type all", "it can be dedupe, between or both"},
        {"predict x --out y", "--model FILE is missing"},
        {"cluster x", "--out FILE is missing"},
        {"evaluate --run y", "give the files that were linked"},
        {"evaluate x --run y --labels z --by sex", "--labels takes the place of"},
        {"evaluate x --run y --thresholds 5,3", "rising numbers"},
        {"review draw x --run y --out z --sample 1", "--sample is '1'"},
        {"review", "there is no command link review"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(run("link %s", cases[i].words), 2);
        assert_true(says(cases[i].answer));
        assert_int_equal(line_count(), 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(records_that_cannot_be_told_apart_are_refused),
        temporary_test(files_without_anything_to_link_are_refused),
        temporary_test(a_misspelt_column_is_found),
        temporary_test(a_comparison_on_an_empty_column_is_refused),
        temporary_test(folders_that_cannot_be_used_are_said_at_once),
        temporary_test(sources_that_cannot_be_linked_are_refused),
        temporary_test(rows_that_are_not_text_are_left_out_and_said),
        temporary_test(a_name_of_100_kilobytes_is_read),
        temporary_test(a_block_of_200000_is_bounded_and_said),
        temporary_test(a_bound_of_memory_is_kept),
        temporary_test(an_interrupt_leaves_nothing_behind),
        temporary_test(a_full_disk_leaves_nothing_behind),
        cmocka_unit_test(wrong_usage_is_said),
    };
    return cmocka_run_group_tests_name("cli/link_faults", tests, NULL, NULL);
}

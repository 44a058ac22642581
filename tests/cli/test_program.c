/* The built program from the outside: what it prints, and its exit codes. */
#include "check.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include "../store/temporary.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "program.h"
#include "trefoil/base/text.h"

#include <jansson.h>

static void check_width(void) {
    for (const char *line = output; *line; line += strcspn(line, "\n") + (*line != '\0')) {
        tf_text text = {line, strcspn(line, "\n")};
        if (tf_text_width(text) > TF_TERMINAL_WIDTH) {
            fail_msg("wider than %d columns: %.*s", TF_TERMINAL_WIDTH, TF_TEXT_ARG(text));
        }
        if (line[text.length] == '\0') {
            break;
        }
    }
}

static void the_help_names_every_command(void **state) {
    (void)state;
    assert_int_equal(run("--help"), 0);
    check_width();
    for (size_t i = 0; i < tf_command_count; i++) {
        const char *name = tf_commands[i]->name;
        int length = (int)strcspn(name, " ");
        char line[64];
        snprintf(line, sizeof line, "\n  %.*s ", length, name);
        assert_true(says(line));
        assert_true(says(name[length] ? name + length + 1 : name));
    }
    char *first = strdup(output);
    assert_int_equal(run("help"), 0);
    assert_string_equal(output, first);
    free(first);
}

static void every_command_has_help_with_an_example(void **state) {
    (void)state;
    for (size_t i = 0; i < tf_command_count; i++) {
        const tf_command *command = tf_commands[i];
        assert_int_equal(run("%s --help", command->name), 0);
        check_width();
        char example[128];
        snprintf(example, sizeof example, "Example:\n  trefoil %s ", command->name);
        assert_true(says(example));
        for (size_t j = 0; j < command->options.option_count; j++) {
            char option[64];
            snprintf(option, sizeof option, "\n  --%s", command->options.options[j].name);
            assert_true(says(option));
        }
        assert_int_equal(run("help %s", command->name), 0);
        assert_true(says(example));
    }
}

static void the_usage_says_what_has_to_be_given(void **state) {
    (void)state;
    assert_int_equal(run("link evaluate --help"), 0);
    assert_true(says("Usage: trefoil link evaluate [FILE...] --run DIR"));
    assert_int_equal(run("link dedupe --help"), 0);
    assert_true(says("Usage: trefoil link dedupe FILE... --out DIR"));
    assert_int_equal(run("user roles --help"), 0);
    assert_true(says("Usage: trefoil user roles USER ROLES --db FILE"));
}

static void a_family_of_commands_has_help(void **state) {
    (void)state;
    /* A backup is a command by itself, whose help is its own. */
    static const char *const families[] = {"import",    "link",  "org",     "user",
                                           "agreement", "audit", "setting", "reports"};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        size_t length = strlen(families[i]);
        assert_int_equal(run("%s --help", families[i]), 0);
        for (size_t j = 0; j < tf_command_count; j++) {
            const tf_command *command = tf_commands[j];
            bool is_in =
                strncmp(command->name, families[i], length) == 0 && command->name[length] == ' ';
            assert_true(!is_in || (says(command->name) && says(command->summary)));
        }
    }
    assert_int_equal(run("import --help"), 0);
    assert_true(says("import police"));
    assert_true(says("import lookup"));
    assert_null(strstr(output, "profile"));
    assert_int_equal(run("help import"), 0);
    assert_true(says("import areas"));
}

static void the_version_is_said(void **state) {
    (void)state;
    assert_int_equal(run("--version"), 0);
    assert_ptr_equal(strstr(output, "trefoil "), output);
    assert_int_equal(line_count(), 1);
}

static void wrong_usage_is_one_line_and_exit_2(void **state) {
    (void)state;
    const struct {
        const char *words;
        const char *answer;
    } cases[] = {
        {"", "say what to do"},
        {"profil", "there is no command profil; did you mean profile?"},
        {"frobnicate", "there is no command frobnicate (see"},
        {"imprt", "there is no command imprt; did you mean import? (see trefoil --help)"},
        {"agrement", "did you mean agreement?"},
        {"usr", "did you mean user?"},
        {"import", "a word is missing after trefoil import (see trefoil import --help)"},
        {"org nosuch", "there is no command org nosuch (see trefoil org --help)"},
        {"import polic x", "there is no command import polic; did you mean import police?"},
        {"import --db x", "there is no command import --db"},
        {"profile --dbb x", "there is no option --dbb; did you mean --db?"},
        {"profile --db x", "--area AREA is missing (see trefoil profile --help)"},
        {"profile --db x --area a --type t --from 2023-13 --to 2023-12",
         "--from is '2023-13', which is no month; write it as 2023-05"},
        {"profile --db x --area a --type t --from 2023-12 --to 2023-11",
         "the period ends (2023-11) before it starts (2023-12)"},
        {"profile --db x --area a --type t --from 2023-01 --to 2023-11 --format xml",
         "--format is 'xml'; it can be text, json, csv, arrow, xlsx, geojson, html or pdf"},
        {"import police --db x p --memory lots", "--memory is 'lots'"},
        {"import police --db x p --threads 0", "--threads is '0'"},
        {"import population --db x p --year 20", "--year is '20'"},
        {"import areas --db x a b", "'b' is one word too many"},
        {"demo-data", "DIR is missing"},
        {"serve --db x --read-only --allow-imports",
         "--read-only and --allow-imports contradict each other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(run("%s", cases[i].words), 2);
        assert_true(says(cases[i].answer));
        assert_int_equal(line_count(), 1);
        assert_ptr_equal(strstr(output, "trefoil: "), output);
    }
}

static void bad_input_is_one_line_and_exit_1(void **state) {
    const char *database = temporary_path(state, "a.db");
    const char *nowhere = temporary_path(state, "nowhere");
    assert_int_equal(run("sources --db %s", database), 1);
    assert_int_equal(line_count(), 1);
    assert_true(says(database));
    assert_int_equal(run("import police %s --db %s", nowhere, database), 1);
    assert_true(says(nowhere));
    assert_int_equal(run("import areas %s --db %s", nowhere, database), 1);
    assert_int_equal(line_count(), 1);
    assert_int_equal(run("import lookup /dev/null --db %s", database), 1);
    assert_int_equal(line_count(), 1);
    assert_int_equal(run("import lookup %s --db %s --rejects %s/x/y", nowhere, database, nowhere),
                     1);
    assert_true(says("/x/y: could not be written"));
    assert_int_equal(
        run("profile --db %s --area nowhere --type drugs --from 2024-01 --to 2024-02", database),
        1);
    assert_int_equal(line_count(), 1);
    assert_int_equal(
        run("profile --db %s --area nowhere --type drug --from 2024-01 --to 2024-02", database), 1);
    assert_int_equal(line_count(), 1);
    assert_true(says("drug: there is no such offence group or crime type; did you mean drugs?"));
    assert_int_equal(run("doctor --db %s", nowhere), 1);
    assert_int_equal(line_count(), 1);
    assert_true(says("there is no such database; check the name"));
    assert_int_equal(run("serve --db %s --read-only", nowhere), 1);
    assert_int_equal(line_count(), 1);
    assert_int_equal(run("serve --db %s --listen everywhere", database), 1);
    assert_int_equal(line_count(), 1);
    assert_int_equal(run("serve --db %s --tiles javascript:x", database), 1);
    assert_true(says("--tiles: 'javascript:x' is no address of a style"));
}

/* The program as a server, with what it says to read; `host` may be NULL. */
static pid_t start_serving(const char *database, const char *host, FILE **output_out) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        const char *program = getenv("TREFOIL_PROGRAM");
        execl(program, program, "serve", "--db", database, "--listen", "127.0.0.1:0",
              host ? "--host" : NULL, host, NULL);
        _exit(127);
    }
    close(ends[1]);
    *output_out = fdopen(ends[0], "r");
    assert_non_null(*output_out);
    return child;
}

static void it_serves_until_it_is_told_to_stop(void **state) {
    FILE *said;
    const char *path = temporary_path(state, "new.db");
    pid_t server = start_serving(path, NULL, &said);
    char line[512];
    assert_non_null(fgets(line, sizeof line, said));
    assert_non_null(strstr(line, "trefoil: made a new, empty database, "));
    assert_non_null(strstr(line, path));
    assert_non_null(fgets(line, sizeof line, said));
    const char *port = strrchr(line, ':');
    assert_non_null(strstr(line, " on http://127.0.0.1:"));
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)atoi(port + 1))};
    int visitor = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(visitor, (struct sockaddr *)&address, sizeof address), 0);
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_int_equal(write(visitor, request, sizeof request - 1), sizeof request - 1);
    size_t length = 0;
    ssize_t count;
    while ((count = read(visitor, output + length, sizeof output - 1 - length)) > 0) {
        length += (size_t)count;
    }
    output[length] = '\0';
    close(visitor);
    assert_true(says("HTTP/1.1 200 OK"));
    assert_true(says("There are no figures about crime here yet."));
    assert_int_equal(kill(server, SIGTERM), 0);
    int outcome;
    assert_int_equal(waitpid(server, &outcome, 0), server);
    assert_true(WIFEXITED(outcome));
    assert_int_equal(WEXITSTATUS(outcome), 0);
    fclose(said);
}

/* Behind a proxy that does not say for whom it asks, everybody would sit at this machine. */
static void a_site_with_a_name_is_to_be_read(void **state) {
    FILE *said;
    char line[512];
    const char *path = temporary_path(state, "named.db");
    int outcome;
    pid_t server = start_serving(path, NULL, &said);
    assert_non_null(fgets(line, sizeof line, said)); /* that it made the database */
    assert_non_null(fgets(line, sizeof line, said));
    assert_null(strstr(line, "(read only)"));
    assert_int_equal(kill(server, SIGTERM), 0);
    assert_int_equal(waitpid(server, &outcome, 0), server);
    fclose(said);
    server = start_serving(path, "drugs.example.org", &said);
    assert_non_null(fgets(line, sizeof line, said));
    assert_non_null(strstr(line, "(read only)"));
    assert_int_equal(kill(server, SIGTERM), 0);
    assert_int_equal(waitpid(server, &outcome, 0), server);
    fclose(said);
}

static void an_invented_population_is_written_whole(void **state) {
    char path[512], text[1 << 16];
    snprintf(path, sizeof path, "%s", temporary_path(state, "people.csv"));
    assert_int_equal(run("link generate 60 --out %s --sources 2 --seed 5", path), 0);
    assert_true(says("60 invented records are in"));
    snprintf(text, sizeof text, "%s", read_file(path));
    assert_true(tf_text_starts_with(tf_text_of(text), "record_id,source,given_name,"));
    assert_non_null(strstr(text, "\nR0000000060,"));
    assert_int_equal(run("link generate 60 --out %s --sources 2 --seed 5 --threads 1", path), 0);
    assert_string_equal(read_file(path), text);
    assert_int_equal(run("link generate 60 --out %s --sources 2 --seed 6", path), 0);
    assert_string_not_equal(read_file(path), text);
    assert_int_equal(run("link generate 60 --out %s/people.csv", path), 1);
    assert_true(says("could not be written"));
    static const char *const wrong[] = {
        "0", "ten", "9 --duplicates 1", "9 --errors some", "9 --sources 9", "9 --seed -1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(run("link generate %s --out %s", wrong[i], path), 2);
    }
}

static void a_full_disk_is_said(void **state) {
    (void)state;
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    assert_int_equal(run("--help > /dev/full"), 1);
}

/* A small month of the publisher's street file, with one row that cannot be used. */
static const char street[] =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
    ",2024-03,Bedfordshire Police,Bedfordshire Police,-0.41,51.87,On or near A,E01000001,Luton "
    "001A,Anti-social behaviour,,\n"
    "000000000000000000000000000000000000000000000000000000000000000a,2024-03,Bedfordshire "
    "Police,Bedfordshire Police,-0.41,51.87,On or near A,E01000001,Luton 001A,Drugs,Local "
    "resolution,\n"
    "000000000000000000000000000000000000000000000000000000000000000b,2024-03,Bedfordshire "
    "Police,Bedfordshire Police,-0.41,north,\"On, or near A\",E01000001,Luton 001A,Drugs,Local "
    "resolution,\n";

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void from_files_to_a_profile(void **state) {
    char database[256], file[256], rejects[256];
    snprintf(database, sizeof database, "%s", temporary_path(state, "county.db"));
    snprintf(file, sizeof file, "%s", temporary_path(state, "2024-03-bedfordshire-street.csv"));
    snprintf(rejects, sizeof rejects, "%s", temporary_path(state, "rejects.csv"));
    write_file(file, street);

    assert_int_equal(run("import police %s --db %s --rejects %s", file, database, rejects), 0);
    assert_true(says("2024-03-bedfordshire-street.csv: 2 rows, 1 rejected, on line 4: Latitude is "
                     "'north', which is not a number\n"));
    assert_true(says("1 file with 2 rows imported"));
    const char *text = read_file(rejects);
    assert_ptr_equal(strstr(text, "file,line,reason,text\n"), text);
    assert_non_null(strstr(text, ",4,"));
    assert_non_null(strstr(text, "north,\"\"On, or near A\"\""));

    assert_int_equal(run("import police %s --db %s --json", file, database), 0);
    json_error_t fault;
    char *end_of_first = strchr(output, '\n');
    json_t *first = json_loadb(output, (size_t)(end_of_first - output), 0, &fault);
    json_t *last = json_loads(end_of_first, 0, &fault);
    assert_non_null(first);
    assert_non_null(last);
    assert_string_equal(json_string_value(json_object_get(first, "status")), "imported");
    assert_string_equal(json_string_value(json_object_get(first, "feed")), "street");
    assert_string_equal(json_string_value(json_object_get(first, "first_month")), "2024-03");
    assert_int_equal(json_integer_value(json_object_get(first, "rows_rejected")), 1);
    json_t *summary = json_object_get(last, "summary");
    assert_int_equal(json_integer_value(json_object_get(summary, "partitions_replaced")), 1);
    json_decref(first);
    json_decref(last);

    assert_int_equal(run("sources --db %s --format json", database), 0);
    json_t *sources = json_loads(output, 0, &fault);
    json_t *series = json_array_get(json_object_get(sources, "police"), 0);
    assert_string_equal(json_string_value(json_object_get(series, "force")), "bedfordshire");
    assert_int_equal(json_integer_value(json_object_get(series, "rows")), 2);
    json_decref(sources);

    const char *asked = "--area bedfordshire --type drugs --from 2024-03 --to 2024-03";
    assert_int_equal(run("profile --db %s %s", database, asked), 0);
    assert_true(says("Bedfordshire Police: Drugs"));
    check_width();
    assert_int_equal(run("profile --db %s %s --format json", database, asked), 0);
    json_t *profile = json_loads(output, 0, &fault);
    assert_int_equal(json_integer_value(json_object_get(profile, "count")), 1);
    assert_true(json_is_null(json_object_get(profile, "rate_per_1000")));
    json_decref(profile);
    assert_int_equal(run("profile --db %s %s --format csv", database, asked), 0);
    assert_ptr_equal(strstr(output, "figure,area_code"), output);
    assert_int_equal(
        run("profile --db %s %s --format arrow | head -c 4 | od -An -tx1", database, asked), 0);
    assert_true(says("ff ff ff ff")); /* the mark that an Arrow message starts with */
    char paper[256];
    snprintf(paper, sizeof paper, "%s", temporary_path(state, "profile.pdf"));
    assert_int_equal(run("profile --db %s %s --format pdf --output %s", database, asked, paper), 0);
    assert_memory_equal(read_file(paper), "%PDF-1.7", 8);
    char workbook[256];
    snprintf(workbook, sizeof workbook, "%s", temporary_path(state, "profile.xlsx"));
    assert_int_equal(run("profile --db %s %s --format xlsx --output %s", database, asked, workbook),
                     0);
    assert_string_equal(output, "");
    assert_memory_equal(read_file(workbook), "PK", 2);
    assert_int_equal(run("profile --db %s %s --format text --output /nowhere/x", database, asked),
                     1);
    assert_true(says("/nowhere/x: could not be written"));
    assert_int_equal(run("profile --db %s %s --format geojson", database, asked), 1);
    assert_true(says("no small area is known here"));
    asked = "--area bedfordshire --type drugs --from 2025-04 --to 2025-06";
    assert_int_equal(run("profile --db %s %s", database, asked), 1);
    assert_int_equal(line_count(), 1);
    assert_true(says("no month from 2025-04 to 2025-06 was imported of Bedfordshire Police"));
}

static void a_bad_file_among_good_ones_makes_exit_1(void **state) {
    char database[256], good[256], bad[256];
    snprintf(database, sizeof database, "%s", temporary_path(state, "county.db"));
    snprintf(good, sizeof good, "%s", temporary_path(state, "2024-03-bedfordshire-street.csv"));
    snprintf(bad, sizeof bad, "%s", temporary_path(state, "2024-04-bedfordshire-street.csv"));
    write_file(good, street);
    write_file(bad, "a,b\n1,2\n");
    assert_int_equal(run("import police %s %s --db %s", bad, good, database), 1);
    assert_true(says("1 file with 2 rows imported"));
    assert_true(says("1 file could not be imported"));
    assert_true(says("trefoil: "));
    assert_true(says(bad));
    assert_int_equal(run("import police %s --db %s --json 2>/dev/null", bad, database), 1);
    assert_true(says("\"status\":\"failed\""));
}

/* One slip must not cost the database or the file to import. */
static void rejects_never_take_the_place_of_another_file(void **state) {
    char database[256], file[256], rejects[256];
    snprintf(database, sizeof database, "%s", temporary_path(state, "county.db"));
    snprintf(file, sizeof file, "%s", temporary_path(state, "2024-03-bedfordshire-street.csv"));
    snprintf(rejects, sizeof rejects, "%s", temporary_path(state, "rejects.csv"));
    write_file(file, street);
    assert_int_equal(run("import police %s --db %s --rejects %s", file, database, rejects), 0);
    assert_int_equal(run("import police %s --db %s --rejects %s", file, database, rejects), 0);
    assert_int_equal(run("import police %s --db %s --rejects %s", file, database, file), 1);
    assert_true(says("holds no rejected rows"));
    assert_string_equal(read_file(file), street);
    assert_int_equal(run("import lookup %s --db %s --rejects %s", file, database, database), 1);
    assert_int_equal(run("sources --db %s", database), 0);
    assert_true(says("bedfordshire"));
    assert_int_equal(run("import police %s --db %s --rejects /dev/null", file, database), 0);
}

static void rejects_on_a_full_disk_are_said_and_the_import_is_kept(void **state) {
    char database[256], file[256];
    if (access("/dev/full", W_OK) != 0) {
        SKIP_TEST("no /dev/full");
    }
    snprintf(database, sizeof database, "%s", temporary_path(state, "county.db"));
    snprintf(file, sizeof file, "%s", temporary_path(state, "2024-03-bedfordshire-street.csv"));
    write_file(file, street);
    assert_int_equal(run("import police %s --db %s --rejects /dev/full", file, database), 1);
    assert_true(says("what was imported is kept"));
    assert_int_equal(run("sources --db %s", database), 0);
    assert_true(says("bedfordshire"));
}

static void an_import_without_a_row_to_use_makes_exit_1(void **state) {
    char database[256], file[256];
    snprintf(database, sizeof database, "%s", temporary_path(state, "county.db"));
    snprintf(file, sizeof file, "%s", temporary_path(state, "2024-02-bedfordshire-street.csv"));
    write_file(file, street);
    assert_int_equal(run("import police %s --db %s", file, database), 1);
    assert_true(says("0 rows, 3 rejected, the first on line 2: Month is 2024-03 in a file"));
}

static void a_file_name_cannot_steer_the_terminal(void **state) {
    char database[256], file[256];
    snprintf(database, sizeof database, "%s", temporary_path(state, "county.db"));
    snprintf(file, sizeof file, "%s", temporary_path(state, "\x1b[31mred\nline.csv"));
    write_file(file, street);
    assert_int_equal(run("import police '%s' --db %s", file, database), 0);
    assert_null(strchr(output, '\x1b'));
    assert_true(says("?[31mred?line.csv: 2 rows"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_help_names_every_command),
        cmocka_unit_test(every_command_has_help_with_an_example),
        cmocka_unit_test(the_usage_says_what_has_to_be_given),
        cmocka_unit_test(a_family_of_commands_has_help),
        cmocka_unit_test(the_version_is_said),
        cmocka_unit_test(wrong_usage_is_one_line_and_exit_2),
        temporary_test(bad_input_is_one_line_and_exit_1),
        temporary_test(it_serves_until_it_is_told_to_stop),
        temporary_test(a_site_with_a_name_is_to_be_read),
        cmocka_unit_test(a_full_disk_is_said),
        temporary_test(an_invented_population_is_written_whole),
        temporary_test(from_files_to_a_profile),
        temporary_test(a_bad_file_among_good_ones_makes_exit_1),
        temporary_test(rejects_never_take_the_place_of_another_file),
        temporary_test(rejects_on_a_full_disk_are_said_and_the_import_is_kept),
        temporary_test(an_import_without_a_row_to_use_makes_exit_1),
        temporary_test(a_file_name_cannot_steer_the_terminal),
    };
    return cmocka_run_group_tests_name("cli/program", tests, NULL, NULL);
}

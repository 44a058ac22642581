#include "check.h"

#include "intake/batch.h"
#include "intake/police.h"
#include "store/partition.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define STREET_HEADER                                                                              \
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"     \
    "Crime type,Last outcome category,Context\n"
#define ID "d6f9b8f18c70c1bbcd6fddf97b1eec751fd38beff6f2b58c3d66922811f91383"
#define ROW(month, force)                                                                          \
    ID "," month "," force "," force ",-0.276577,51.615492,On or near Heronsgate,E01000192,"       \
       "Barnet 018A,Drugs,Local resolution,\n"
#define NO_PLACE_ROW(month, force)                                                                 \
    "," month "," force "," force ",,,No Location,,,Anti-social behaviour,,\n"
#define SEARCH_HEADER                                                                              \
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age "     \
    "range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of "                \
    "search,Outcome,Outcome linked to object of search,Removal of more than just outer "           \
    "clothing\n"

/* A folder of its own for each test, with a database in it. */
typedef struct fixture {
    char folder[256];
    tf_db *db;
    tf_pack *pack;
    tf_police_summary summary;
    tf_error error;
    char last_message[800]; /* of the last file that failed */
    int64_t reject_line;    /* of the last file */
    char reject_reason[512];
    int64_t warnings[TF_POLICE_WARNING_COUNT];
} fixture;

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    const char *temporary = getenv("TMPDIR");
    snprintf(f->folder, sizeof f->folder, "%s/trefoil-police-XXXXXX",
             temporary ? temporary : "/tmp");
    assert_non_null(mkdtemp(f->folder));
    char path[300];
    snprintf(path, sizeof path, "%s/county.db", f->folder);
    assert_ok(tf_db_open(path, TF_DB_WRITE, &f->db, &f->error), &f->error);
    assert_ok(tf_pack_open(NULL, &f->pack, &f->error), &f->error);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    tf_db_close(f->db);
    tf_pack_free(f->pack);
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", f->folder);
    int unused = system(command);
    free(f);
    return unused;
}

static const char *write_file(fixture *f, const char *name, const char *text) {
    static char path[400];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static void keep_file(void *context, const tf_police_file *file) {
    fixture *f = context;
    if (file->status) {
        tf_error_format(file->error, f->last_message, sizeof f->last_message);
    }
    f->reject_line = file->reject_line;
    snprintf(f->reject_reason, sizeof f->reject_reason, "%s",
             file->reject_reason ? file->reject_reason : "");
    for (int i = 0; i < TF_POLICE_WARNING_COUNT; i++) {
        f->warnings[i] += file->warnings[i];
    }
}

static tf_status import_with(fixture *f, const char *path, int threads, size_t memory_limit) {
    tf_police_options options = {
        .thread_count = threads, .memory_limit = memory_limit, .context = f, .on_file = keep_file};
    return tf_police_import(f->db, f->pack, &path, 1, &options, &f->summary, &f->error);
}

static void import_ok(fixture *f, const char *path) {
    assert_ok(import_with(f, path, 2, 0), &f->error);
}

static int64_t ask(fixture *f, const char *sql) {
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(f->db, sql, &statement, &f->error), &f->error);
    assert_ok(tf_statement_step(statement, &has_row, &f->error), &f->error);
    assert_true(has_row);
    int64_t value = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return value;
}

static tf_status count_rows(void *context, const tf_partition_info *info, const void *stream,
                            size_t length, tf_error *error) {
    int64_t *total = context;
    tf_arrow_reader *reader;
    tf_status status = tf_arrow_reader_open(stream, length, 0, &reader, error);
    int64_t own = 0;
    tf_table *table = NULL;
    while (!status && !(status = tf_arrow_reader_next(reader, &table, error)) && table) {
        own += table->row_count;
        tf_table_free(table);
    }
    tf_arrow_reader_free(reader);
    assert_int_equal(own, info->row_count);
    *total += own;
    return status;
}

static int64_t stored_rows(fixture *f, const char *feed) {
    int64_t total = 0;
    assert_ok(tf_partition_each(f->db, feed, NULL, 0, INT32_MAX, count_rows, &total, &f->error),
              &f->error);
    return total;
}

static void a_named_file_becomes_one_partition(void **state) {
    fixture *f = *state;
    import_ok(f, write_file(f, "2023-02-bedfordshire-street.csv",
                            STREET_HEADER ROW("2023-02", "Bedfordshire Police")
                                NO_PLACE_ROW("2023-02", "Bedfordshire Police")
                                    ROW("2023-02", "Bedfordshire Police")));
    assert_int_equal(f->summary.rows_accepted, 3);
    assert_int_equal(f->summary.partitions_new, 1);
    assert_int_equal(stored_rows(f, "street"), 3);
    assert_int_equal(f->warnings[TF_POLICE_NO_LOCATION], 1);
    assert_int_equal(f->warnings[TF_POLICE_NO_CRIME_ID], 0);
    assert_int_equal(ask(f, "SELECT file = '2023-02-bedfordshire-street.csv' FROM batch"), 1);
    assert_int_equal(ask(f, "SELECT month FROM partition WHERE force = 'bedfordshire'"),
                     tf_month_of(2023, 2));
    assert_int_equal(ask(f, "SELECT count(*) FROM force WHERE slug = 'bedfordshire' AND "
                            "reported_as = 'Bedfordshire Police'"),
                     1);
}

static void an_import_of_the_same_month_replaces_it(void **state) {
    fixture *f = *state;
    import_ok(f, write_file(f, "2023-02-bedfordshire-street.csv",
                            STREET_HEADER ROW("2023-02", "Bedfordshire Police")));
    import_ok(f, write_file(f, "2023-02-bedfordshire-street.csv",
                            STREET_HEADER ROW("2023-02", "Bedfordshire Police")
                                ROW("2023-02", "Bedfordshire Police")));
    assert_int_equal(f->summary.partitions_replaced, 1);
    assert_int_equal(f->summary.partitions_new, 0);
    assert_int_equal(stored_rows(f, "street"), 2);
    assert_int_equal(ask(f, "SELECT count(*) FROM batch"), 2);
}

static void rows_of_another_month_are_rejected_from_a_named_file(void **state) {
    fixture *f = *state;
    import_ok(f, write_file(f, "2023-02-bedfordshire-street.csv",
                            STREET_HEADER ROW("2023-02", "Bedfordshire Police")
                                ROW("2023-03", "Bedfordshire Police")
                                    ROW("2023-13", "Bedfordshire Police")));
    assert_int_equal(f->summary.rows_accepted, 1);
    assert_int_equal(f->summary.rows_rejected, 2);
    assert_int_equal(ask(f, "SELECT line FROM batch_reject WHERE reason LIKE "
                            "'Month is 2023-03 in a file that is named for 2023-02'"),
                     3);
    assert_int_equal(ask(f, "SELECT line FROM batch_reject WHERE reason LIKE '%2023-13%'"), 4);
}

static void a_file_of_another_name_is_sorted_by_month_and_force(void **state) {
    fixture *f = *state;
    import_ok(f, write_file(f, "everything.csv",
                            STREET_HEADER ROW("2023-03", "Devon & Cornwall Police")
                                ROW("2023-02", "Bedfordshire Police")
                                    ROW("2023-03", "Devon & Cornwall Police")
                                        ROW("2023-03", "Bedfordshire Police")
                                            ROW("2023-02", "Larkshire Constabulary")));
    assert_int_equal(f->summary.partitions_new, 4);
    assert_int_equal(stored_rows(f, "street"), 5);
    assert_int_equal(ask(f, "SELECT row_count FROM partition WHERE force = 'devon-and-cornwall'"),
                     2);
    assert_int_equal(ask(f, "SELECT row_count FROM partition WHERE force = 'larkshire'"), 1);
}

static void a_place_off_the_globe_is_rejected_and_an_odd_one_is_counted(void **state) {
    fixture *f = *state;
#define AT(longitude, latitude)                                                                    \
    ID ",2023-02,Bedfordshire Police,Bedfordshire Police," longitude "," latitude                  \
       ",On or near A Street,E01000192,Barnet 018A,Drugs,,\n"
    import_ok(f, write_file(f, "2023-02-bedfordshire-street.csv",
                            STREET_HEADER AT("0.1", "200") AT("181", "52") AT("", "52")
                                AT("10", "52") AT("0.1", "52")));
#undef AT
    assert_int_equal(f->summary.rows_rejected, 3);
    assert_int_equal(f->summary.rows_accepted, 2);
    assert_int_equal(f->reject_line, 2);
    assert_string_equal(f->reject_reason, "Latitude is 200, outside -90 to 90");
    assert_int_equal(f->warnings[TF_POLICE_OUTSIDE_ISLES], 1);
    assert_int_equal(ask(f, "SELECT line FROM batch_reject WHERE reason = "
                            "'Latitude is 200, outside -90 to 90'"),
                     2);
    assert_int_equal(ask(f, "SELECT line FROM batch_reject WHERE reason = "
                            "'Longitude is empty where Latitude is not'"),
                     4);
}

static void each_bad_file_gets_one_sentence_and_leaves_nothing(void **state) {
    fixture *f = *state;
    static const struct {
        const char *name;
        const char *text;
        const char *message;
    } cases[] = {
        {"2023-02-bedfordshire-street.csv", "a,b,c\n1,2,3\n", "is not that of a street"},
        {"2023-02-bedfordshire-street.csv", "", "the file is empty"},
        {"2023-02-bedfordshire-street.csv", "Crime ID,Month,Reported by,Falls within,Longitude\n",
         "lacks the column"},
        {"searches.csv", SEARCH_HEADER, "do not say their force and month"},
        {"2023-02-bedfordshire-street.csv.gz", "\x1F\x8B\x08", "gzip"},
        {"bad.zip", "PK\x03\x04 and no more", "bad.zip"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = write_file(f, cases[i].name, cases[i].text);
        f->last_message[0] = '\0';
        import_ok(f, path);
        assert_int_equal(f->summary.files_failed, 1);
        if (!strstr(f->last_message, cases[i].message)) {
            fail_msg("%s", f->last_message);
        }
        assert_int_equal(ask(f, "SELECT count(*) FROM batch"), 0);
        unlink(path);
    }
    assert_int_equal(import_with(f, "/nowhere/at/all", 1, 0), TF_NOT_FOUND);
    assert_int_equal(import_with(f, "/dev/null", 1, 0), TF_BAD_INPUT);
}

static void one_bad_file_does_not_stop_the_others(void **state) {
    fixture *f = *state;
    char folder[300];
    snprintf(folder, sizeof folder, "%s/in", f->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (int month = 1; month <= 9; month++) {
        char name[100];
        char text[1000];
        snprintf(name, sizeof name, "in/2023-0%d-bedfordshire-street.csv", month);
        snprintf(text, sizeof text, "%s%s,2023-0%d,Bedfordshire Police,x,,,,,,Drugs,,\n",
                 month == 5 ? "wrong" : STREET_HEADER, ID, month);
        write_file(f, name, text);
    }
    import_ok(f, folder);
    assert_int_equal(f->summary.file_count, 9);
    assert_int_equal(f->summary.files_failed, 1);
    assert_int_equal(stored_rows(f, "street"), 8);
}

static void a_month_before_1970_is_sorted_too(void **state) {
    fixture *f = *state;
    import_ok(f, write_file(f, "everything.csv",
                            STREET_HEADER ROW("1950-01", "Bedfordshire Police")
                                ROW("1969-12", "Bedfordshire Police")
                                    ROW("1950-01", "Larkshire Constabulary")));
    assert_int_equal(f->summary.partitions_new, 3);
    assert_int_equal(ask(f, "SELECT min(month) FROM partition"), tf_month_of(1950, 1));
}

static void a_force_without_a_name_is_a_fault_of_its_file_alone(void **state) {
    fixture *f = *state;
    import_ok(f, write_file(f, "everything.csv",
                            STREET_HEADER ROW("2023-02", "Bedfordshire Police")
                                ROW("2023-02", "\xE2\x82\xAC")));
    assert_int_equal(f->summary.files_failed, 1);
    assert_non_null(strstr(f->last_message, "everything.csv: Reported by is"));
    assert_int_equal(ask(f, "SELECT count(*) FROM batch"), 0);
}

static void a_file_name_is_kept_as_text(void **state) {
    fixture *f = *state;
    import_ok(f, write_file(f, "caf\xE9.csv", STREET_HEADER ROW("2023-02", "Bedfordshire Police")));
    assert_int_equal(ask(f, "SELECT count(*) FROM batch WHERE file = 'caf?.csv'"), 1);
}

static void a_folder_is_read_once_whatever_links_lead_to_it(void **state) {
    fixture *f = *state;
    char path[400];
    snprintf(path, sizeof path, "%s/in", f->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/in/deep", f->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/in/deep/back%d", f->folder, i);
        assert_int_equal(symlink("..", path), 0);
    }
    write_file(f, "in/2023-02-bedfordshire-street.csv",
               STREET_HEADER ROW("2023-02", "Bedfordshire Police"));
    snprintf(path, sizeof path, "%s/in", f->folder);
    import_ok(f, path);
    assert_int_equal(f->summary.file_count, 1);
}

/* A link to nowhere is a file that cannot be imported; an archive of something else is none. */
static void what_a_folder_holds_is_imported_or_reported(void **state) {
    fixture *f = *state;
    /* An archive without members is its end alone (APPNOTE 4.3.16). */
    static const char no_members[22] = "PK\005\006";
    char path[400];
    snprintf(path, sizeof path, "%s/in", f->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/in/2023-01-bedfordshire-street.csv", f->folder);
    assert_int_equal(symlink("nowhere", path), 0);
    write_file(f, "in/2023-02-bedfordshire-street.csv",
               STREET_HEADER ROW("2023-02", "Bedfordshire Police"));
    snprintf(path, sizeof path, "%s/in/outlines.zip", f->folder);
    FILE *file = fopen(path, "wb");
    assert_int_equal(fwrite(no_members, 1, sizeof no_members, file), sizeof no_members);
    fclose(file);
    assert_int_equal(import_with(f, path, 1, 0), TF_NOT_FOUND);
    snprintf(path, sizeof path, "%s/in", f->folder);
    import_ok(f, path);
    assert_int_equal(f->summary.file_count, 2);
    assert_int_equal(f->summary.files_failed, 1);
    assert_non_null(strstr(f->last_message, "2023-01-bedfordshire-street.csv: there is no such"));
    assert_int_equal(stored_rows(f, "street"), 1);
}

/* A file of more rows than the memory limit holds goes through the temporary file. */
static void memory_is_bounded_by_the_setting(void **state) {
    fixture *f = *state;
    char path[400];
    snprintf(path, sizeof path, "%s/large.csv", f->folder);
    FILE *file = fopen(path, "wb");
    fputs(STREET_HEADER, file);
    uint32_t random = 1;
    for (int i = 0; i < 60000; i++) {
        for (int digit = 0; digit < 8; digit++) {
            random = random * 1664525 + 1013904223;
            fprintf(file, "%08x", random);
        }
        fprintf(file, ",20%02d-%02d,Bedfordshire Police,x,,,,,,Drugs,,\n", 10 + i / 6000,
                1 + i / 500 % 12);
    }
    fclose(file);
    assert_ok(import_with(f, path, 2, (size_t)8 << 20), &f->error);
    assert_int_equal(f->summary.files_failed, 0);
    assert_int_equal(f->summary.partitions_new, 120);
    assert_int_equal(stored_rows(f, "street"), 60000);
    assert_ok(import_with(f, path, 2, (size_t)64 << 10), &f->error);
    assert_int_equal(f->summary.files_failed, 1);
    assert_non_null(strstr(f->last_message, "memory limit"));
    assert_int_equal(stored_rows(f, "street"), 60000);
}

static void a_second_importer_is_told_to_wait(void **state) {
    fixture *f = *state;
    const char *path = write_file(f, "2023-02-bedfordshire-street.csv",
                                  STREET_HEADER ROW("2023-02", "Bedfordshire Police"));
    tf_db *other;
    assert_ok(tf_db_open(tf_db_path(f->db), TF_DB_WRITE, &other, &f->error), &f->error);
    assert_ok(tf_db_begin(other, &f->error), &f->error);
    f->last_message[0] = '\0';
    assert_int_equal(import_with(f, path, 1, 0), TF_BUSY);
    assert_string_equal(f->last_message, ""); /* it is told once, by what the call returns */
    tf_db_close(other);
    import_ok(f, path);
}

/* ---- the real files: figures of the data's own README ---- */

static void the_real_county_is_imported_whole(void **state) {
    fixture *f = *state;
    char folder[512];
    REAL_DATA("police/bedfordshire", folder);
    import_ok(f, folder);
    assert_int_equal(f->summary.file_count, 108);
    assert_int_equal(f->summary.files_failed, 0);
    assert_int_equal(f->summary.rows_rejected, 0);
    assert_int_equal(stored_rows(f, "street"), 182113);
    assert_int_equal(stored_rows(f, "outcomes"), 150417);
    assert_int_equal(stored_rows(f, "stop-and-search"), 11810);
    assert_int_equal(ask(f, "SELECT sum(w.count) FROM batch_warning w JOIN batch b ON b.id = "
                            "w.batch_id WHERE b.feed = 'street' AND w.kind = 'have no location'"),
                     6381);
    assert_int_equal(ask(f, "SELECT sum(w.count) FROM batch_warning w JOIN batch b ON b.id = "
                            "w.batch_id WHERE b.feed = 'stop-and-search' AND w.kind = 'have no "
                            "location'"),
                     2319);
}

static void the_real_forces_are_imported_whole(void **state) {
    fixture *f = *state;
    char folder[512];
    REAL_DATA("police/all-forces", folder);
    import_ok(f, folder);
    assert_int_equal(f->summary.files_failed, 0);
    assert_int_equal(f->summary.rows_rejected, 0);
    assert_int_equal(f->summary.partitions_new, 121);
    assert_int_equal(stored_rows(f, "street"), f->summary.rows_accepted);
    assert_int_equal(f->warnings[TF_POLICE_UNKNOWN_CRIME_TYPE], 0);
    assert_int_equal(f->warnings[TF_POLICE_OTHER_FORCE], 0);
}

static void the_store_is_the_same_with_any_number_of_threads(void **state) {
    fixture *f = *state;
    char folder[512];
    REAL_DATA("police/bedfordshire", folder);
    const char *digest = "SELECT total(length(stream)) FROM partition_stream";
    assert_ok(import_with(f, folder, 1, 0), &f->error);
    int64_t alone = ask(f, digest);
    assert_ok(import_with(f, folder, 4, 0), &f->error);
    assert_int_equal(ask(f, digest), alone);
    assert_int_equal(f->summary.partitions_replaced, 108);
}

/* Killed in the middle, the database holds whole files only, and the next import mends it. */
static void a_kill_in_the_middle_leaves_whole_months(void **state) {
    fixture *f = *state;
    char folder[512];
    REAL_DATA("police/bedfordshire", folder);
    for (int pause_ms = 40; pause_ms <= 160; pause_ms += 40) {
        pid_t child = fork();
        if (child == 0) {
            tf_db *db;
            tf_police_summary summary;
            const char *path = folder;
            tf_police_options options = {.thread_count = 2};
            if (tf_db_open(tf_db_path(f->db), TF_DB_WRITE, &db, NULL) ||
                tf_police_import(db, f->pack, &path, 1, &options, &summary, NULL)) {
                _exit(1);
            }
            _exit(0);
        }
        usleep((useconds_t)pause_ms * 1000);
        kill(child, 9);
        waitpid(child, NULL, 0);
        stored_rows(f, "street"); /* every partition is whole */
        assert_int_equal(ask(f, "SELECT count(*) FROM batch WHERE finished_at IS NULL"), 0);
    }
    import_ok(f, folder);
    assert_int_equal(stored_rows(f, "street"), 182113);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_named_file_becomes_one_partition),
        TEST(an_import_of_the_same_month_replaces_it),
        TEST(rows_of_another_month_are_rejected_from_a_named_file),
        TEST(a_file_of_another_name_is_sorted_by_month_and_force),
        TEST(a_place_off_the_globe_is_rejected_and_an_odd_one_is_counted),
        TEST(each_bad_file_gets_one_sentence_and_leaves_nothing),
        TEST(one_bad_file_does_not_stop_the_others),
        TEST(a_month_before_1970_is_sorted_too),
        TEST(a_force_without_a_name_is_a_fault_of_its_file_alone),
        TEST(a_file_name_is_kept_as_text),
        TEST(a_folder_is_read_once_whatever_links_lead_to_it),
        TEST(what_a_folder_holds_is_imported_or_reported),
        TEST(memory_is_bounded_by_the_setting),
        TEST(a_second_importer_is_told_to_wait),
        TEST(the_real_county_is_imported_whole),
        TEST(the_real_forces_are_imported_whole),
        TEST(the_store_is_the_same_with_any_number_of_threads),
        TEST(a_kill_in_the_middle_leaves_whole_months),
    };
    return cmocka_run_group_tests_name("police", tests, NULL, NULL);
}

#include "temporary.h"

#include "intake/inventory.h"
#include "web/site/import_job.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

static const char street[] =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
    ",2023-02,Larkenshire Police,Larkenshire Police,-0.4,51.9,On or near High Street,E01000001,"
    "Larken 001A,Anti-social behaviour,,\n"
    "not hexadecimal,2023-02,Larkenshire Police,Larkenshire Police,,,No Location,,,Drugs,,\n";

static tf_site *open_site(void **state) {
    tf_site_options options = {.db_path = temporary_path(state, "county.db"),
                               .upload_folder = temporary_path(state, ""),
                               .allows_imports = true};
    tf_site *site = NULL;
    tf_error error;
    assert_ok(tf_site_open(&options, &site, &error), &error);
    return site;
}

static tf_job wait_for(tf_site *site, const char *id, tf_arena *arena) {
    tf_job job;
    tf_error error;
    do {
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        assert_ok(tf_job_get(site, tf_text_of(id), arena, &job, &error), &error);
    } while (job.state == TF_JOB_WAITING || job.state == TF_JOB_RUNNING);
    return job;
}

static int count_folders(void **state) {
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        count += strncmp(entry->d_name, "trefoil-import-", 15) == 0;
    }
    closedir(folder);
    return count;
}

static void files_are_imported_and_taken_away(void **state) {
    tf_site *site = open_site(state);
    tf_arena *arena = tf_arena_new();
    tf_error error;
    const tf_job_upload uploads[] = {
        {tf_text_of("2023-02-larkenshire-street.csv"), tf_text_of(street)},
        {tf_text_of("notes.csv"), tf_text_of("these,are,no\ncrimes,at,all\n")},
    };
    const char *id;
    assert_ok(tf_job_start(site, uploads, 2, arena, &id, &error), &error);
    tf_job job = wait_for(site, id, arena);
    assert_int_equal(job.state, TF_JOB_DONE);
    assert_int_equal(job.file_count, 2);
    assert_int_equal(job.progress.files_done, 2);
    assert_int_equal(job.progress.file_count, 2);
    assert_int_equal(job.progress.rows_read, 2);
    assert_string_equal(job.files[0].name, "2023-02-larkenshire-street.csv");
    assert_null(job.files[0].error);
    assert_int_equal(job.files[0].rows_accepted, 1);
    assert_int_equal(job.files[0].rows_rejected, 1);
    assert_string_equal(job.files[1].name, "notes.csv");
    assert_non_null(job.files[1].error);
    assert_int_equal(count_folders(state), 0);

    tf_desk *desk = NULL;
    tf_inventory *inventory = NULL;
    assert_ok(tf_site_borrow(site, &desk, &error), &error);
    assert_ok(tf_inventory_make(desk->db, &inventory, &error), &error);
    assert_int_equal(inventory->series_count, 1);
    assert_int_equal(inventory->series[0].row_count, 1);
    tf_inventory_free(inventory);
    tf_site_return(site, desk);
    tf_arena_free(arena);
    tf_site_free(site);
}

static void make_folder(void **state, const char *name, char *path, size_t size) {
    char file[512];
    snprintf(path, size, "%s/%s", (char *)*state, name);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(file, sizeof file, "%s/2023-02-larkenshire-street.csv", path);
    int made = open(file, O_WRONLY | O_CREAT, 0600);
    assert_true(made >= 0);
    close(made);
}

static void what_a_killed_program_left_is_taken_away(void **state) {
    char left[256];
    char alive[256];
    make_folder(state, "trefoil-import-AAAAAA", left, sizeof left);
    make_folder(state, "trefoil-import-BBBBBB", alive, sizeof alive);
    int lock = open(alive, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    tf_site_free(open_site(state));
    assert_int_not_equal(access(left, F_OK), 0);
    assert_int_equal(access(alive, F_OK), 0);
    close(lock);
    tf_site_free(open_site(state));
    assert_int_equal(count_folders(state), 0);
}

static void names_that_lead_elsewhere_are_refused(void **state) {
    tf_site *site = open_site(state);
    tf_arena *arena = tf_arena_new();
    static const char *const names[] = {
        "../../2023-02-larkenshire-street.csv", ".csv", "", "report.pdf", "a/b.csv", ".hidden.csv",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        tf_job_upload upload = {tf_text_of(names[i]), tf_text_of(street)};
        const char *id;
        tf_error error;
        assert_int_equal(tf_job_start(site, &upload, 1, arena, &id, &error), TF_BAD_INPUT);
    }
    assert_int_equal(count_folders(state), 0);
    tf_arena_free(arena);
    tf_site_free(site);
}

static void two_files_of_one_name_are_refused_and_nothing_stays(void **state) {
    tf_site *site = open_site(state);
    tf_arena *arena = tf_arena_new();
    tf_job_upload uploads[] = {{tf_text_of("a.csv"), tf_text_of(street)},
                               {tf_text_of("a.csv"), tf_text_of(street)}};
    const char *id;
    tf_error error;
    assert_int_equal(tf_job_start(site, uploads, 2, arena, &id, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "two files are named a.csv"));
    assert_int_equal(count_folders(state), 0);
    tf_arena_free(arena);
    tf_site_free(site);
}

static void a_job_nobody_started_is_not_found(void **state) {
    tf_site *site = open_site(state);
    tf_arena *arena = tf_arena_new();
    tf_job job;
    tf_error error;
    assert_int_equal(tf_job_get(site, tf_text_of("0123"), arena, &job, &error), TF_NOT_FOUND);
    tf_arena_free(arena);
    tf_site_free(site);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(files_are_imported_and_taken_away),
        temporary_test(what_a_killed_program_left_is_taken_away),
        temporary_test(names_that_lead_elsewhere_are_refused),
        temporary_test(two_files_of_one_name_are_refused_and_nothing_stays),
        temporary_test(a_job_nobody_started_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

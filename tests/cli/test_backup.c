/* trefoil backup, restore and doctor, from the outside. */
#include "program.h"

#include "../store/temporary.h"

#include "store/db.h"

#include <dirent.h>
#include <jansson.h>
#include <signal.h>
#include <sys/stat.h>

#define INIT                                                                                       \
    "init --db %s --organisation 'Northshire Council' --name 'Asha Patel' "                        \
    "--email asha@northshire.example"

static const char *make_site(void **state) {
    const char *db = path_of(state, "a.db");
    assert_int_equal(run(INIT, db), 0);
    assert_int_equal(run("backup key %s --db %s", path_of(state, "backup.key"), db), 0);
    assert_true(says("keep it away from the server"));
    return db;
}

static size_t count_names(const char *folder, const char *ending) {
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(entries));) {
        count += entry->d_name[0] != '.' && tf_text_ends_with(tf_text_of(entry->d_name), ending);
    }
    closedir(entries);
    return count;
}

static void what_was_lost_comes_back(void **state) {
    const char *db = make_site(state);
    const char *key = path_of(state, "backup.key"), *backup = path_of(state, "one.backup");
    assert_int_equal(run("backup %s --db %s", backup, db), 0);
    assert_true(says("one.backup"));
    assert_int_equal(run("backup %s --db %s", backup, db), 1);
    assert_true(says("already"));
    assert_int_equal(run("backup verify %s --key-file %s", backup, key), 0);
    assert_true(says("is whole"));
    assert_int_equal(run("restore %s --key-file %s --db %s", backup, key, db), 1);
    assert_true(says("overwrites nothing"));
    assert_int_equal(unlink(db), 0);
    assert_int_equal(unlink(path_of(state, "a.db.key")), 0);
    assert_int_equal(run("restore %s --key-file %s --db %s", backup, key, db), 0);
    assert_true(says("Restored"));
    assert_true(says("Its audit is sound, but was held against no head"));
    assert_true(says("recovery codes that were used since work again"));
    assert_int_equal(run("user list --db %s", db), 0);
    assert_true(says("Asha Patel"));
    assert_int_equal(run("audit verify --db %s", db), 0);
    assert_int_equal(run("audit list --db %s --action restore", db), 0);
    assert_true(says("from the backup of"));
}

static void a_restore_says_what_its_audit_is_worth(void **state) {
    const char *db = make_site(state);
    char key[300], backup[300], head[300], new_db[300];
    snprintf(key, sizeof key, "%s", path_of(state, "backup.key"));
    snprintf(backup, sizeof backup, "%s", path_of(state, "one.backup"));
    snprintf(head, sizeof head, "%s", path_of(state, "head.json"));
    snprintf(new_db, sizeof new_db, "%s", path_of(state, "new.db"));
    assert_int_equal(run("audit head --now --db %s --out %s", db, head), 0);
    assert_int_equal(run("backup %s --db %s", backup, db), 0);
    assert_int_equal(run("restore %s --key-file %s --db %s --head %s", backup, key, new_db, head),
                     0);
    assert_true(says("Its audit is sound, and is the one that the head was signed for"));
    tf_db *opened;
    tf_error error;
    assert_ok(tf_db_open(db, TF_DB_WRITE, &opened, &error), &error);
    assert_ok(tf_db_execute(opened, "UPDATE audit_entry SET actor = 'x' WHERE id = 1", &error),
              &error);
    tf_db_close(opened);
    snprintf(backup, sizeof backup, "%s", path_of(state, "two.backup"));
    snprintf(new_db, sizeof new_db, "%s", path_of(state, "two.db"));
    assert_int_equal(run("backup %s --db %s", backup, db), 0);
    assert_int_equal(run("restore %s --key-file %s --db %s", backup, key, new_db), 1);
    assert_true(says("--even-if-unsound"));
    assert_true(says("Entry 1 of "));
    assert_int_equal(run("restore %s --key-file %s --db %s --even-if-unsound", backup, key, new_db),
                     0);
    assert_true(says("Its audit is not sound, and that is entered: Entry 1 of "));
}

static void a_key_is_named_by_its_public_part(void **state) {
    const char *db = make_site(state);
    assert_int_equal(run("backup key %s", path_of(state, "elsewhere.key")), 0);
    char *digits = strstr(output, "\n  ") + 3;
    char public_part[73];
    snprintf(public_part, sizeof public_part, "%s", digits);
    assert_int_equal(strspn(public_part, "0123456789abcdef"), 72);
    assert_int_equal(run("backup use %s --db %s", public_part, db), 0);
    assert_true(says("Earlier backups open with the earlier key"));
    const char *backup = path_of(state, "one.backup");
    assert_int_equal(run("backup %s --db %s", backup, db), 0);
    assert_int_equal(run("backup verify %s --key-file %s", backup, path_of(state, "backup.key")),
                     1);
    assert_true(says("another key"));
    assert_int_equal(run("backup verify %s --key-file %s", backup, path_of(state, "elsewhere.key")),
                     0);
    public_part[5] = public_part[5] == '0' ? '1' : '0';
    assert_int_equal(run("backup use %s --db %s", public_part, db), 1);
    assert_true(says("mistyped"));
}

static void a_folder_keeps_the_newest(void **state) {
    const char *db = make_site(state), *folder = path_of(state, "backups");
    assert_int_equal(mkdir(folder, 0700), 0);
    static const char *const older[] = {"trefoil-2020-01-01T000000Z.backup",
                                        "trefoil-2021-01-01T000000Z.backup", "another.backup"};
    for (size_t i = 0; i < sizeof older / sizeof *older; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, older[i]);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fclose(file);
    }
    assert_int_equal(run("backup %s --db %s --keep 2", folder, db), 0);
    assert_true(says("Removed the older trefoil-2020"));
    assert_int_equal(count_names(folder, ".backup"), 3); /* of ours two, and another's */
    assert_int_equal(count_names(folder, "000000Z.backup"), 1);
    assert_int_equal(count_names(folder, "another.backup"), 1);
    assert_int_equal(run("backup %s --db %s --keep 0", folder, db), 2);
    assert_int_equal(run("backup %s --db %s --keep 2", path_of(state, "one.backup"), db), 2);
}

/* Start the program and kill it after some microseconds; whether it had ended before. */
static bool run_and_kill(char **words, useconds_t after) {
    pid_t child = fork();
    if (child == 0) {
        (void)!freopen("/dev/null", "w", stdout);
        execv(getenv("TREFOIL_PROGRAM"), words);
        _exit(127);
    }
    usleep(after);
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void a_backup_that_is_killed_leaves_nothing_half_done(void **state) {
    const char *db = make_site(state);
    const char *key = path_of(state, "backup.key"), *folder = path_of(state, "backups");
    assert_int_equal(mkdir(folder, 0700), 0);
    size_t whole = 0;
    for (int i = 0; i < 30; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%d.backup", folder, i);
        char *words[] = {"trefoil", "backup", path, "--db", (char *)db, NULL};
        bool has_ended = run_and_kill(words, (useconds_t)(i * 1000));
        bool is_there = access(path, F_OK) == 0;
        assert_true(is_there || !has_ended);
        if (is_there) {
            whole++;
            assert_int_equal(run("backup verify %s --key-file %s", path, key), 0);
        }
    }
    DIR *entries = opendir(folder);
    size_t names = 0;
    while (readdir(entries)) {
        names++;
    }
    closedir(entries);
    assert_int_equal(names, whole + 2);
    assert_int_equal(run("audit verify --db %s", db), 0);
}

static void a_restore_that_is_killed_can_be_done_again(void **state) {
    const char *db = make_site(state), *folder = path_of(state, "restored");
    const char *key = path_of(state, "backup.key"), *backup = path_of(state, "one.backup");
    assert_int_equal(run("backup %s --db %s", backup, db), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (int i = 0; i < 30; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%d.db", folder, i);
        char *words[] = {"trefoil",   "restore", (char *)backup, "--key-file",
                         (char *)key, "--db",    path,           NULL};
        (void)run_and_kill(words, (useconds_t)(i * 1000));
        if (access(path, F_OK) != 0) {
            assert_int_equal(run("restore %s --key-file %s --db %s", backup, key, path), 0);
        }
        assert_int_equal(run("audit verify --db %s", path), 0);
    }
}

static void the_doctor_says_what_to_do(void **state) {
    const char *db = make_site(state);
    assert_int_equal(run("doctor --db %s", db), 1);
    assert_true(says("There has never been a backup."));
    assert_true(says("no active administrator"));
    assert_true(says("No head of the audit was ever kept elsewhere."));
    /* The worst first, and of what is in order the names alone. */
    assert_true(strstr(output, "\nwarning  ") > strstr(output, "danger   "));
    assert_true(strstr(output, "\nok       ") > strstr(output, "\nwarning  "));
    assert_true(says("audit-chain, "));
    assert_false(says("The audit chain is whole"));
    assert_int_equal(run("audit head --now --db %s --out %s", db, path_of(state, "head.json")), 0);
    assert_int_equal(run("doctor --db %s", db), 1);
    assert_false(says("No head of the audit"));
    assert_true(says("audit-head"));
    assert_int_equal(run("backup %s --db %s", path_of(state, "one.backup"), db), 0);
    assert_int_equal(run("doctor --db %s --format json", db), 1);
    json_t *found = json_loads(output, 0, NULL);
    assert_non_null(found);
    assert_string_equal(json_string_value(json_object_get(found, "worst")), "danger");
    json_t *finding;
    size_t i;
    size_t backups = 0;
    json_array_foreach(json_object_get(found, "findings"), i, finding) {
        if (strcmp(json_string_value(json_object_get(finding, "name")), "backup") == 0) {
            backups++;
            assert_string_equal(json_string_value(json_object_get(finding, "severity")), "ok");
        }
    }
    assert_int_equal(backups, 1);
    json_decref(found);
    assert_int_equal(chmod(path_of(state, "a.db.key"), 0644), 0);
    assert_int_equal(run("doctor --db %s", db), 1);
    assert_true(says("others may read the site key"));
    assert_int_equal(run("doctor --db %s", path_of(state, "absent.db")), 1);
    assert_true(says("no such database"));
    assert_int_equal(access(path_of(state, "absent.db"), F_OK), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(what_was_lost_comes_back),
        temporary_test(a_restore_says_what_its_audit_is_worth),
        temporary_test(a_key_is_named_by_its_public_part),
        temporary_test(a_folder_keeps_the_newest),
        temporary_test(a_backup_that_is_killed_leaves_nothing_half_done),
        temporary_test(a_restore_that_is_killed_can_be_done_again),
        temporary_test(the_doctor_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The chain holds when several programs add to it, and when one is killed while it does. */
#include "audit_chain.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* In a process of its own: add entries, one transaction each, `count` of them or without end.  A
 * byte is written to `told` for each that was committed. */
static void append_in_child(const char *path, int64_t count, int told) {
    tf_site_key key = chain_key(0);
    tf_db *db;
    uint64_t seed = (uint64_t)getpid();
    tf_actor actor = {.name = "the public"};
    tf_audit_note note = {.action = "sign-in"};
    if (tf_secret_begin(NULL) || tf_db_open(path, TF_DB_WRITE, &db, NULL)) {
        _exit(1);
    }
    for (int64_t i = 0; i != count; i++) {
        note.object_id = chain_below(&seed, 100);
        if (tf_db_begin(db, NULL) || tf_audit_append(db, &key, &actor, &note, NULL) ||
            tf_db_commit(db, NULL) || write(told, "x", 1) != 1) {
            _exit(1);
        }
    }
    tf_db_close(db);
    _exit(0);
}

static pid_t start_child(const char *path, int64_t count, int told) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        append_in_child(path, count, told);
    }
    return child;
}

static void make_chain(const char *path) {
    tf_site_key key = chain_key(0);
    tf_db *db = chain_open(path, TF_DB_WRITE);
    uint64_t seed = 5;
    chain_fill(db, &key, 3, 10, &seed);
    tf_db_close(db);
}

static int64_t check_sound(const char *path) {
    tf_site_key key = chain_key(0);
    tf_db *db = chain_open(path, TF_DB_READ);
    tf_audit_report report = chain_verify(db, &key);
    assert_string_equal(report.message, "");
    assert_int_equal(report.fault, TF_AUDIT_SOUND);
    tf_db_close(db);
    return report.entry_count;
}

static void two_programs_add_to_one_chain_while_a_third_verifies_it(void **state) {
    enum { EACH = 1500 };
    const char *path = temporary_path(state, "db");
    make_chain(path);
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t children[2];
    for (int i = 0; i < 2; i++) {
        children[i] = start_child(path, EACH, pipe_ends[1]);
    }
    int64_t seen = 0;
    while (seen < EACH) { /* the chain is sound at every moment */
        int64_t count = check_sound(path);
        assert_true(count >= seen);
        seen = count;
    }
    for (int i = 0; i < 2; i++) {
        int how;
        assert_int_equal(waitpid(children[i], &how, 0), children[i]);
        assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    }
    assert_int_equal(check_sound(path), 3 + 2 * EACH);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static void a_program_killed_while_it_adds_leaves_a_sound_chain(void **state) {
    const char *path = temporary_path(state, "db");
    make_chain(path);
    uint64_t seed = 11;
    int64_t before = 3;
    int64_t added = 0;
    for (int round = 0; round < 40; round++) {
        int pipe_ends[2];
        assert_int_equal(pipe(pipe_ends), 0);
        pid_t child = start_child(path, -1, pipe_ends[1]);
        close(pipe_ends[1]);
        char byte;
        assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
        struct timespec pause = {.tv_nsec = (long)chain_below(&seed, 3000000)};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        int64_t told = 1;
        while (read(pipe_ends[0], &byte, 1) == 1) {
            told++;
        }
        close(pipe_ends[0]);
        /* All that it said it had added is there, and at most the one it had no time to tell. */
        int64_t count = check_sound(path);
        assert_true(count == before + told || count == before + told + 1);
        added += count - before;
        before = count;
    }
    assert_true(added >= 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(two_programs_add_to_one_chain_while_a_third_verifies_it),
        temporary_test(a_program_killed_while_it_adds_leaves_a_sound_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

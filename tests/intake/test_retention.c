#include "report_scene.h"

#include "intake/retention.h"

#include "trefoil/base/date.h"

#include <pthread.h>
#include <unistd.h>

static const int64_t day = (int64_t)24 * 3600 * 1000000;

static tf_actor operator_of(report_scene *scene) {
    char *name = tf_arena_alloc(scene->arena, TF_ACTOR_NAME_SIZE, 1);
    return tf_actor_operator(name);
}

/* The bytes of a column of the first row, to be looked for on the disk. */
static tf_text bytes_of(report_scene *scene, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(scene->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    size_t length = 0;
    const void *bytes = tf_column_at_bytes(statement, 0, &length);
    assert_true(length >= 32);
    tf_text copy = {tf_arena_copy_text(scene->arena, bytes, length), length};
    tf_statement_free(statement);
    return copy;
}

/* Whether the middle of some bytes lies in any file. */
static bool disk_has_bytes(void **state, tf_text bytes) {
    DIR *folder = opendir(*state);
    bool found = false;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        snprintf(path, sizeof path, "%.200s/%.255s", (char *)*state, entry->d_name);
        FILE *file = entry->d_type == DT_REG ? fopen(path, "rb") : NULL;
        if (file) {
            char *content = malloc(1 << 24);
            size_t size = fread(content, 1, 1 << 24, file);
            found |= memmem(content, size, bytes.data + 8, 24) != NULL;
            free(content);
            fclose(file);
        }
    }
    closedir(folder);
    return found;
}

static void after_its_time_content_and_keys_are_gone_from_the_disk(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    tf_actor *asha = &scene.actors[ASHA];
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(tf_triage_note(scene.access, asha, id, tf_text_of("a note"), &error), &error);
    assert_ok(tf_triage_close(scene.access, asha, id, tf_text_of("known"), &error), &error);
    int64_t closed = ask_int(scene.db, "SELECT closed_at FROM response");
    tf_text parts[] = {bytes_of(&scene, "SELECT content FROM response"),
                       bytes_of(&scene, "SELECT sealed FROM sealed_key WHERE account_id = 1"),
                       bytes_of(&scene, "SELECT sealed FROM sealed_key WHERE account_id = 2"),
                       bytes_of(&scene, "SELECT for_readers FROM response_entry")};
    int64_t erased;
    assert_ok(tf_retention_purge(scene.access, &machine, closed + 365 * day - 1, &erased, &error),
              &error);
    assert_int_equal(erased, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_true(disk_has_bytes(state, parts[i]));
    }
    assert_ok(tf_retention_purge(scene.access, &machine, closed + 365 * day, &erased, &error),
              &error);
    assert_int_equal(erased, 1);
    for (size_t i = 0; i < 4; i++) {
        assert_false(disk_has_bytes(state, parts[i]));
    }
    close_scene(&scene);
}

static void a_tombstone_stays_that_tells_the_sender_and_opens_no_more(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(tf_triage_close(scene.access, &scene.actors[ASHA], id, tf_text_of("known"), &error),
              &error);
    int64_t erased;
    int64_t later = tf_instant_now() + 366 * day;
    assert_ok(tf_retention_purge(scene.access, &machine, later, &erased, &error), &error);
    assert_ok(tf_retention_purge(scene.access, &machine, later, &erased, &error), &error);
    assert_int_equal(erased, 0); /* once */
    tf_report report = open_report(&scene, ASHA, id);
    assert_int_equal(report.line.state, TF_REPORT_ERASED);
    assert_int_equal(report.answer_count, 0);
    assert_string_equal(report.outcome, "Known already, or reported twice");
    assert_string_equal(report.line.urgency_title, "A child at risk");
    assert_true(strlen(report.line.kinds) > 0);
    assert_int_equal(tf_triage_reopen(scene.access, &scene.actors[ASHA], id, &error), TF_BAD_INPUT);
    tf_receipt receipt;
    assert_ok(tf_receipt_look(scene.access, tf_text_of(code), scene.arena, &receipt, &error),
              &error);
    assert_int_equal(receipt.state, TF_RECEIPT_ERASED);
    assert_int_equal(receipt.erased_at, later);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM audit_entry WHERE action = 'erase' "
                                       "AND object_id = 1 AND outcome = 'done'"),
                     1);
    close_scene(&scene);
}

static void what_is_open_is_never_erased_and_not_by_anybody(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    int64_t erased;
    int64_t later = tf_instant_now() + 9999 * day;
    assert_ok(tf_retention_purge(scene.access, &machine, later, &erased, &error), &error);
    assert_int_equal(erased, 0);
    assert_ok(tf_triage_close(scene.access, &scene.actors[ASHA], id, tf_text_of("known"), &error),
              &error);
    assert_int_equal(tf_retention_purge(scene.access, &scene.actors[ASHA], later, &erased, &error),
                     TF_REFUSED);
    assert_int_equal(ask_int(scene.db, "SELECT count(*) FROM response WHERE content IS NULL"), 0);
    close_scene(&scene);
}

/* Opens the report again while the purge, which has found it to be due, waits. */
static void *reopen_late(void *context) {
    report_scene *other = context;
    tf_error error;
    usleep(300 * 1000);
    assert_ok(tf_db_execute(other->db,
                            "UPDATE response SET state = 'claimed', closed_at = NULL; COMMIT",
                            &error),
              &error);
    return NULL;
}

static void what_is_opened_again_at_the_last_moment_is_not_erased(void **state) {
    report_scene scene = open_scene(state);
    report_scene other = {.pack = scene.pack, .key = scene.key};
    tf_error error;
    tf_answers answers = full_answers(&scene);
    tf_actor machine = operator_of(&scene);
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(tf_triage_close(scene.access, &scene.actors[ASHA], id, tf_text_of("known"), &error),
              &error);
    open_access(&other, tf_db_path(scene.db));
    assert_ok(tf_db_begin(other.db, &error), &error);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, reopen_late, &other), 0);
    int64_t erased = -1;
    assert_ok(
        tf_retention_purge(scene.access, &machine, tf_instant_now() + 9999 * day, &erased, &error),
        &error);
    pthread_join(thread, NULL);
    assert_int_equal(erased, 0);
    open_report(&scene, ASHA, id);
    tf_access_free(other.access);
    tf_db_close(other.db);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(after_its_time_content_and_keys_are_gone_from_the_disk),
        temporary_test(a_tombstone_stays_that_tells_the_sender_and_opens_no_more),
        temporary_test(what_is_open_is_never_erased_and_not_by_anybody),
        temporary_test(what_is_opened_again_at_the_last_moment_is_not_erased),
    };
    return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}

/* When memory runs out, wherever it is, that is said, and is not taken for a fault of the chain;
 * nothing is half done. */
#include "audit_chain.h"
#include "fail_allocations.h"

#include "access/audit_export.h"

typedef struct audit_scene {
    tf_db *db;
    tf_pack *pack;
    tf_site_key key;
    tf_access *access;
    tf_actor auditor;
} audit_scene;

static void open_scene(void **state, audit_scene *scene) {
    tf_error error;
    uint64_t seed = 77;
    scene->key = chain_key(0);
    scene->db = chain_open(temporary_path(state, "t.db"), TF_DB_WRITE);
    chain_fill(scene->db, &scene->key, 30, 10, &seed);
    assert_ok(tf_pack_open(NULL, &scene->pack, &error), &error);
    assert_ok(tf_access_new(scene->db, scene->pack, &scene->key, &scene->access, &error), &error);
    int auditor = tf_access_role(tf_access_get_rules(scene->access), "auditor");
    scene->auditor =
        (tf_actor){.account_id = 70, .name = "Ada Moss", .roles = UINT32_C(1) << auditor};
}

static void close_scene(audit_scene *scene) {
    assert_int_equal(chain_verify(scene->db, &scene->key).fault, TF_AUDIT_SOUND);
    tf_access_free(scene->access);
    tf_pack_free(scene->pack);
    tf_db_close(scene->db);
}

/* Do the work with each allocation failing in turn, until none is reached. */
static void check_each(audit_scene *scene, tf_status (*work)(audit_scene *scene, tf_error *error)) {
    for (long n = 0;; n++) {
        tf_error error;
        fail_allocation(n);
        tf_status status = work(scene, &error);
        bool was_reached = stop_failing_allocations();
        assert_false(tf_db_is_in_transaction(scene->db));
        if (!was_reached) {
            assert_ok(status, &error);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_true(n < 10000);
    }
}

static tf_status verify(audit_scene *scene, tf_error *error) {
    tf_audit_kept_head kept = {.name = "kept.json"};
    tf_audit_report report;
    tf_status status = tf_audit_sign_now(scene->db, &scene->key, &kept.head, error);
    if (!status) {
        status = tf_audit_verify(scene->db, &scene->key, &kept, 1, &report, error);
        assert_int_equal(report.fault, TF_AUDIT_SOUND);
    }
    return status;
}

static void memory_that_runs_out_is_no_fault_of_the_chain(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    check_each(&scene, verify);
    close_scene(&scene);
}

static tf_status append(audit_scene *scene, tf_error *error) {
    tf_audit_note note = {.action = "sign-in"};
    tf_status status = tf_access_begin(scene->access, error);
    if (!status) {
        status = tf_access_note(scene->access, &scene->auditor, &note, error);
        status = tf_access_end(scene->access, status, error);
    }
    return status;
}

static void an_entry_for_which_memory_runs_out_is_not_there(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    check_each(&scene, append);
    assert_int_equal(chain_ask(scene.db, "SELECT count(*) FROM audit_entry"), 31);
    close_scene(&scene);
}

static tf_status list(audit_scene *scene, tf_error *error) {
    tf_audit_filter filter = {.person_id = 1, .from_day = 19675, .to_day = 19700};
    tf_audit_page page;
    tf_arena *arena = tf_arena_new();
    tf_status status =
        arena ? tf_audit_list(scene->access, &scene->auditor, &filter, 0, 20, arena, &page, error)
              : tf_fail_no_memory(error);
    tf_arena_free(arena);
    return status;
}

static tf_status take(void *context, tf_text bytes, tf_error *error) {
    (void)context;
    (void)bytes;
    (void)error;
    return TF_OK;
}

static tf_status export_all(audit_scene *scene, tf_error *error) {
    tf_audit_filter filter = {.category = "concern"};
    return tf_audit_export(scene->access, &scene->auditor, &filter, TF_AUDIT_JSONL, "the board",
                           take, NULL, error);
}

static void a_look_for_which_memory_runs_out_is_a_look_that_failed(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    check_each(&scene, list);
    check_each(&scene, export_all);
    close_scene(&scene);
}

static tf_status copy_head(audit_scene *scene, tf_error *error) {
    tf_audit_head head;
    tf_audit_head again;
    tf_buffer text;
    tf_buffer_init(&text);
    tf_status status = tf_audit_head_last(scene->db, &head, error);
    if (!status) {
        tf_audit_head_write(&head, &text);
        status = tf_buffer_check(&text, error);
    }
    if (!status) {
        status = tf_audit_head_read((tf_text){text.data, text.length}, "x", &again, error);
    }
    tf_buffer_deinit(&text);
    return status;
}

static void a_head_is_whole_or_memory_ran_out(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    check_each(&scene, copy_head);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(memory_that_runs_out_is_no_fault_of_the_chain),
        temporary_test(an_entry_for_which_memory_runs_out_is_not_there),
        temporary_test(a_look_for_which_memory_runs_out_is_a_look_that_failed),
        temporary_test(a_head_is_whole_or_memory_ran_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

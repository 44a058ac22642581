#include "report_scene.h"

#include "intake/sealed.h"

static tf_reader reader_of(report_scene *scene, int64_t account) {
    tf_error error;
    tf_reader reader;
    assert_ok(tf_sealed_reader_get(scene->access, account, scene->arena, &reader, &error), &error);
    return reader;
}

static const tf_sealed letter = {"case", 12};

static void a_key_opens_for_its_readers_and_for_nobody_else(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    uint8_t key[TF_KEY_SIZE];
    uint8_t opened[TF_KEY_SIZE];
    tf_sealed_new_key(key);
    tf_reader asha = reader_of(&scene, ASHA);
    assert_ok(tf_sealed_give(scene.db, letter, key, &asha, &error), &error);
    assert_ok(tf_sealed_take(scene.db, &scene.actors[ASHA], letter, opened, &error), &error);
    assert_memory_equal(opened, key, TF_KEY_SIZE);
    assert_int_equal(tf_sealed_take(scene.db, &scene.actors[TOM], letter, opened, &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "ask Asha Patel to add you"));
    /* Nobody is told who works elsewhere. */
    assert_int_equal(tf_sealed_take(scene.db, &scene.actors[CERYS], letter, opened, &error),
                     TF_REFUSED);
    assert_null(strstr(error.message, "Asha"));
    assert_non_null(strstr(error.message, "no active account of your organisation"));
    /* The account alone, without what its passphrase unlocks, opens nothing. */
    tf_actor without = scene.actors[ASHA];
    without.can_open = false;
    assert_int_equal(tf_sealed_take(scene.db, &without, letter, opened, &error), TF_REFUSED);
    /* Nor does another's key under the account's name. */
    tf_actor thief = scene.actors[TOM];
    thief.account_id = ASHA;
    assert_false(tf_sealed_can_take(scene.db, &thief, letter, opened));
    assert_false(
        tf_sealed_can_take(scene.db, &scene.actors[ASHA], (tf_sealed){"case", 13}, opened));
    close_scene(&scene);
}

static void a_reader_adds_another_who_then_reads_too(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    uint8_t key[TF_KEY_SIZE];
    uint8_t opened[TF_KEY_SIZE];
    tf_sealed_new_key(key);
    tf_reader asha = reader_of(&scene, ASHA);
    tf_reader tom = reader_of(&scene, TOM);
    assert_ok(tf_sealed_give(scene.db, letter, key, &asha, &error), &error);
    assert_int_equal(tf_sealed_add_reader(scene.db, &scene.actors[PRAVIN], letter, &tom, &error),
                     TF_REFUSED);
    assert_ok(tf_sealed_add_reader(scene.db, &scene.actors[ASHA], letter, &tom, &error), &error);
    assert_ok(tf_sealed_take(scene.db, &scene.actors[TOM], letter, opened, &error), &error);
    assert_memory_equal(opened, key, TF_KEY_SIZE);
    tf_reader *readers;
    size_t count;
    assert_ok(tf_sealed_readers(scene.db, letter, scene.arena, &readers, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_string_equal(readers[0].name, "Asha Patel");
    assert_string_equal(readers[1].name, "Tom Hughes");
    assert_ok(tf_sealed_forget(scene.db, letter, &error), &error);
    assert_int_equal(tf_sealed_take(scene.db, &scene.actors[TOM], letter, opened, &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "no active account"));
    close_scene(&scene);
}

static void what_was_sealed_to_a_lost_pair_has_to_be_sealed_anew(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    uint8_t key[TF_KEY_SIZE];
    uint8_t opened[TF_KEY_SIZE];
    tf_sealed_new_key(key);
    tf_reader asha = reader_of(&scene, ASHA);
    tf_reader tom = reader_of(&scene, TOM);
    assert_ok(tf_sealed_give(scene.db, letter, key, &asha, &error), &error);
    assert_ok(tf_sealed_give(scene.db, letter, key, &tom, &error), &error);
    tf_secret_new_pair(scene.actors[TOM].public_key, scene.actors[TOM].secret_key);
    tf_statement *statement;
    assert_ok(tf_db_prepare(scene.db,
                            "UPDATE account SET public_key = ?1, key_generation = 2 WHERE id = 2",
                            &statement, &error),
              &error);
    tf_bind_bytes(statement, 1, scene.actors[TOM].public_key, TF_KEY_SIZE);
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
    assert_int_equal(tf_sealed_take(scene.db, &scene.actors[TOM], letter, opened, &error),
                     TF_REFUSED);
    assert_non_null(strstr(error.message, "ask Asha Patel to add you"));
    /* What this program has not written is nobody's, nor is what is not confirmed. */
    assert_int_equal(tf_sealed_reader_get(scene.access, TOM, scene.arena, &tom, &error),
                     TF_NOT_FOUND);
    prove_account(&scene, TOM);
    assert_int_equal(tf_sealed_reader_get(scene.access, TOM, scene.arena, &tom, &error),
                     TF_NOT_FOUND);
    assert_non_null(strstr(error.message, "not confirmed"));
    assert_ok(tf_reader_confirm(scene.access, &scene.actors[ASHA], TOM, &error), &error);
    tom = reader_of(&scene, TOM);
    assert_ok(tf_sealed_add_reader(scene.db, &scene.actors[ASHA], letter, &tom, &error), &error);
    assert_true(tf_sealed_can_take(scene.db, &scene.actors[TOM], letter, opened));
    close_scene(&scene);
}

static void locked_content_cannot_be_moved_or_changed(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    uint8_t key[TF_KEY_SIZE];
    tf_sealed_new_key(key);
    tf_buffer locked;
    tf_buffer plain;
    tf_buffer_init(&locked);
    tf_buffer_init(&plain);
    tf_sealed_lock(letter, "notes", key, tf_text_of("seen at noon"), &locked);
    tf_text bytes = {locked.data, locked.length};
    assert_ok(tf_sealed_unlock(letter, "notes", key, bytes, &plain, &error), &error);
    assert_string_equal(plain.data, "seen at noon");
    plain.length = 0;
    assert_int_equal(tf_sealed_unlock(letter, "plan", key, bytes, &plain, &error), TF_BAD_INPUT);
    assert_int_equal(tf_sealed_unlock((tf_sealed){"case", 13}, "notes", key, bytes, &plain, &error),
                     TF_BAD_INPUT);
    for (size_t i = 0; i < locked.length; i++) {
        locked.data[i] ^= 1;
        assert_int_equal(tf_sealed_unlock(letter, "notes", key, bytes, &plain, &error),
                         TF_BAD_INPUT);
        locked.data[i] ^= 1;
    }
    assert_int_equal(tf_sealed_unlock(letter, "notes", key, (tf_text){0}, &plain, &error),
                     TF_BAD_INPUT);
    assert_int_equal(plain.length, 0);
    tf_buffer_deinit(&locked);
    tf_buffer_deinit(&plain);
    close_scene(&scene);
}

static void readers_are_those_whose_role_may_consult_for_the_organisation(void **state) {
    report_scene scene = open_scene(state);
    tf_error error;
    tf_object object = {.category = tf_access_category_of(scene.access, "concern"),
                        .organisation_id = 1};
    tf_reader *readers;
    size_t count;
    assert_ok(tf_sealed_may_read(scene.access, &object, NULL, 0, scene.arena, &readers, &count,
                                 NULL, &error),
              &error);
    assert_int_equal(count, 2);
    assert_int_equal(readers[0].account_id, ASHA);
    assert_int_equal(readers[1].account_id, TOM);
    execute(scene.db, "UPDATE account SET state = 'suspended' WHERE id = 1");
    execute(scene.db, "UPDATE account SET public_key = NULL WHERE id = 2");
    prove_account(&scene, ASHA);
    prove_account(&scene, TOM);
    assert_ok(tf_sealed_may_read(scene.access, &object, NULL, 0, scene.arena, &readers, &count,
                                 NULL, &error),
              &error);
    assert_int_equal(count, 0);
    object.organisation_id = 2;
    assert_ok(tf_sealed_may_read(scene.access, &object, NULL, 0, scene.arena, &readers, &count,
                                 NULL, &error),
              &error);
    assert_int_equal(count, 1);
    assert_int_equal(readers[0].account_id, CERYS);
    close_scene(&scene);
}

/* Whoever can write to the database makes no reader: neither of an account of their own, with keys
 * of their own, nor of another's. */
static void nothing_is_sealed_to_what_others_have_written(void **state) {
    static const char *const changes[] = {
        "UPDATE account SET public_key = zeroblob(32) WHERE id = 1",
        "INSERT OR REPLACE INTO account SELECT id, 2, name, email, state, external_subject, salt,"
        " verifier, passes, memory_bytes, public_key, locked_secret_key, key_generation, code_seed,"
        " pending_code_seed, last_code_step, failed_count, failed_from, unknown_refused_until,"
        " created_at, activated_at, signed_in_at, proof, confirmed_generation, confirmed_by,"
        " confirmed_at FROM account WHERE id = 1",
        "UPDATE account SET confirmed_at = 1 WHERE id = 1",
        "DELETE FROM account_role WHERE account_id = 1;"
        "INSERT INTO account_role VALUES (1, 'analyst'), (1, 'intake-officer')",
        "INSERT INTO account (id, organisation_id, name, email, state, public_key,"
        " key_generation, confirmed_generation, created_at, proof) SELECT 9, 1, 'Eve',"
        " 'eve@example.org', 'active', zeroblob(32), 1, 1, 0, proof FROM account WHERE id = 2;"
        "INSERT INTO account_role VALUES (9, 'intake-officer');"
        "UPDATE account SET state = 'suspended' WHERE id = 1",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        report_scene scene = open_scene(state);
        tf_object object = {.category = tf_access_category_of(scene.access, "concern"),
                            .organisation_id = 1};
        tf_error error;
        tf_reader *readers;
        size_t count;
        execute(scene.db, "PRAGMA foreign_keys = OFF");
        execute(scene.db, changes[i]);
        assert_ok(tf_sealed_may_read(scene.access, &object, NULL, 0, scene.arena, &readers, &count,
                                     NULL, &error),
                  &error);
        assert_int_equal(count, 1);
        assert_int_equal(readers[0].account_id, TOM);
        char path[300];
        close_scene(&scene);
        snprintf(path, sizeof path, "%.200s/t.db", (char *)*state);
        assert_int_equal(remove(path), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_key_opens_for_its_readers_and_for_nobody_else),
        temporary_test(a_reader_adds_another_who_then_reads_too),
        temporary_test(what_was_sealed_to_a_lost_pair_has_to_be_sealed_anew),
        temporary_test(locked_content_cannot_be_moved_or_changed),
        temporary_test(readers_are_those_whose_role_may_consult_for_the_organisation),
        temporary_test(nothing_is_sealed_to_what_others_have_written),
    };
    return cmocka_run_group_tests_name("sealed", tests, NULL, NULL);
}

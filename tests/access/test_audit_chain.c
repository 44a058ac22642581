/* What the chain is made of, by another program's figures, and what the verification says. */
#include "audit_chain.h"

static void check_hex(const uint8_t *bytes, size_t length, const char *digits) {
    char text[2 * TF_SIGNATURE_SIZE + 1];
    assert_true(length <= TF_SIGNATURE_SIZE);
    tf_hex_write(bytes, length, text);
    assert_string_equal(text, digits);
}

static void check_column(tf_db *db, const char *sql, const char *digits) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    assert_true(has_row);
    size_t length = 0;
    const uint8_t *bytes = tf_column_at_bytes(statement, 0, &length);
    check_hex(bytes, length, digits);
    tf_statement_free(statement);
}

/* Two entries on two days, as in audit_golden.py. */
static tf_db *open_known(void **state, const tf_site_key *key) {
    tf_db *db = chain_open(temporary_path(state, "db"), TF_DB_WRITE);
    tf_error error;
    tf_actor person = {.account_id = 7, .organisation_id = 3, .name = "Asha Patel"};
    tf_audit_note consult = {.action = "consult",
                             .category = "concern",
                             .object_id = 41,
                             .purpose = "prevent-crime",
                             .agreement_id = 2,
                             .detail = ""};
    tf_actor public = {.name = "the public"};
    tf_audit_note sign_in = {.action = "sign-in", .outcome = TF_OUTCOME_REFUSED, .detail = "Llŷr"};
    assert_ok(tf_db_begin(db, &error), &error);
    assert_ok(tf_audit_append_at(db, key, &person, &consult, chain_start, &error), &error);
    assert_ok(tf_audit_append_at(db, key, &public, &sign_in, chain_start + 24 * chain_hour, &error),
              &error);
    assert_ok(tf_db_commit(db, &error), &error);
    return db;
}

/* The figures are what `python3 tests/access/audit_golden.py` prints, by hashlib's BLAKE2b and
 * cryptography 38.0.4's Ed25519. */
static void hashes_and_signatures_are_those_of_another_program(void **state) {
    tf_site_key key = chain_key(0);
    tf_db *db = open_known(state, &key);
    check_column(db, "SELECT hash FROM audit_entry WHERE id = 1",
                 "ce3a38c70b798f515b1e11754e1cdf8ef70651d1531a19529ca007390ad1e407");
    check_column(db, "SELECT hash FROM audit_entry WHERE id = 2",
                 "c65edb8c2d413529627199e2bb3cffc0fdbb14134f8a0d7a3e47f987037cf16a");
    check_column(db, "SELECT hash FROM audit_end WHERE entry_id = 2",
                 "c65edb8c2d413529627199e2bb3cffc0fdbb14134f8a0d7a3e47f987037cf16a");
    check_column(db, "SELECT mac FROM audit_end WHERE entry_id = 2",
                 "1008c312668d4f23183f81c8bbd9daadbd188b585330ccd63c558235be2d4992");
    check_column(db, "SELECT public_key FROM audit_head WHERE day = 19675",
                 "52fe41ffc78620361b69e1d3df8124701bc6df16c5ca5815f3d80a8dddd0672a");
    check_column(db, "SELECT signature FROM audit_head WHERE day = 19675 AND entry_id = 1",
                 "59b9ca38caf0c0e2393122e17b55ddf9bc26981f42e9a16f70b10fed1e38bbca"
                 "2ad8010c2206386154446ba14a035276ac0d826a9103691ab448ab41b293b304");
    assert_int_equal(chain_ask(db, "SELECT count(*) FROM audit_head"), 1);
    tf_db_close(db);
}

static void a_chain_of_any_length_is_sound(void **state) {
    tf_site_key key = chain_key(0);
    uint64_t seed = 20240601;
    for (int round = 0; round < 30; round++) {
        char name[16];
        snprintf(name, sizeof name, "%d", round);
        tf_db *db = chain_open(temporary_path(state, name), TF_DB_WRITE);
        int64_t count = round == 0 ? 1 : 1 + chain_below(&seed, 200);
        chain_fill(db, &key, count, 1 + chain_below(&seed, 60), &seed);
        tf_audit_report report = chain_verify(db, &key);
        assert_string_equal(report.message, "");
        assert_int_equal(report.fault, TF_AUDIT_SOUND);
        assert_int_equal(report.entry_count, count);
        assert_int_equal(report.head_count, chain_ask(db, "SELECT count(*) FROM audit_head"));
        assert_int_equal(report.head_count,
                         chain_ask(db, "SELECT count(DISTINCT at / 86400000000) - 1 "
                                       "FROM audit_entry"));
        assert_int_equal(report.first_at, chain_start);
        assert_int_equal(report.last_at, chain_ask(db, "SELECT max(at) FROM audit_entry"));
        assert_true(report.is_end_checked);
        report = chain_verify(db, NULL);
        assert_int_equal(report.fault, TF_AUDIT_SOUND);
        assert_false(report.is_end_checked);
        tf_db_close(db);
    }
}

static void no_entry_is_before_the_one_before_it_though_the_clock_went_back(void **state) {
    tf_site_key key = chain_key(0);
    tf_db *db = open_known(state, &key);
    tf_error error;
    uint64_t seed = 1;
    assert_ok(tf_db_begin(db, &error), &error);
    chain_append_at(db, &key, chain_start - 500 * chain_hour, &seed);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(chain_ask(db, "SELECT at FROM audit_entry WHERE id = 3"),
                     chain_start + 24 * chain_hour);
    assert_int_equal(chain_verify(db, &key).fault, TF_AUDIT_SOUND);
    tf_db_close(db);
}

/* What was cut off or rewritten would be made good by the next entry, if it were added. */
static void nothing_is_added_to_a_chain_whose_end_is_not_ours(void **state) {
    static const char *const changes[] = {
        "DELETE FROM audit_entry WHERE id = 2",
        "DELETE FROM audit_end",
        "UPDATE audit_end SET entry_id = 1",
        "UPDATE audit_end SET mac = zeroblob(32)",
        "UPDATE audit_end SET mac = zeroblob(31)",
        "UPDATE audit_entry SET hash = zeroblob(32) WHERE id = 2",
        "UPDATE audit_entry SET hash = zeroblob(3) WHERE id = 2",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id = 2; UPDATE audit_end SET entry_id = 1, "
        "hash = (SELECT hash FROM audit_entry)",
        "INSERT INTO audit_entry SELECT 3, at, account_id, organisation_id, actor, action, "
        "category, object_id, person_id, purpose, agreement_id, recipients, outcome, detail, hash "
        "FROM audit_entry WHERE id = 2",
    };
    tf_site_key key = chain_key(0), other_key = chain_key(1);
    tf_db *db = open_known(state, &key);
    tf_actor actor = {.name = "the public"};
    tf_audit_note note = {.action = "sign-in"};
    tf_audit_head head;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        tf_error error;
        assert_ok(tf_db_begin(db, &error), &error);
        chain_run(db, changes[i]);
        assert_int_equal(tf_audit_append(db, &key, &actor, &note, &error), TF_IO);
        assert_non_null(strstr(error.message, "trefoil audit verify"));
        assert_int_equal(tf_audit_sign_now(db, &key, &head, &error), TF_IO);
        tf_db_rollback(db);
        assert_ok(tf_db_begin(db, &error), &error);
        assert_int_equal(tf_audit_append(db, &other_key, &actor, &note, &error), TF_IO);
        assert_ok(tf_audit_append(db, &key, &actor, &note, &error), &error);
        tf_db_rollback(db);
    }
    tf_db_close(db);
}

static void a_head_that_was_kept_tells_a_chain_rewritten_with_the_key(void **state) {
    tf_site_key key = chain_key(0);
    uint64_t seed = 7;
    tf_db *db = chain_open(temporary_path(state, "db"), TF_DB_WRITE);
    chain_fill(db, &key, 20, 10, &seed);
    tf_error error;
    tf_audit_head head;
    assert_ok(tf_audit_sign_now(db, &key, &head, &error), &error);
    assert_int_equal(head.entry_id, 20);
    tf_audit_report report = chain_verify_kept(db, &key, &head);
    assert_int_equal(report.fault, TF_AUDIT_SOUND);
    assert_int_equal(report.kept_head_count, 1);
    /* Whoever has the key can make the mark anew as well. */
    tf_audit_mark_remove(tf_db_path(db));
    assert_ok(tf_db_begin(db, &error), &error);
    chain_run(db, "UPDATE audit_entry SET actor = 'Somebody Else' WHERE id = 11");
    chain_hash_from(db, 11);
    chain_sign_all(db, &key);
    chain_append_at(db, &key, chain_start + 1000 * chain_hour, &seed);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(chain_verify(db, &key).fault, TF_AUDIT_SOUND);
    report = chain_verify_kept(db, &key, &head);
    assert_int_equal(report.fault, TF_AUDIT_REWRITTEN);
    assert_int_equal(report.fault_entry_id, 20);
    assert_non_null(strstr(report.message, "kept.json"));
    tf_db_close(db);
}

static void a_head_that_was_kept_tells_an_older_copy(void **state) {
    tf_site_key key = chain_key(0);
    uint64_t seed = 7;
    tf_db *db = chain_open(temporary_path(state, "db"), TF_DB_WRITE);
    chain_fill(db, &key, 20, 10, &seed);
    tf_error error;
    tf_audit_head head;
    /* The older copy is what a transaction that was taken back leaves. */
    assert_ok(tf_db_begin(db, &error), &error);
    chain_append_at(db, &key, chain_start + 900 * chain_hour, &seed);
    chain_append_at(db, &key, chain_start + 1000 * chain_hour, &seed);
    assert_ok(tf_audit_sign_now(db, &key, &head, &error), &error);
    tf_db_rollback(db);
    assert_int_equal(chain_verify(db, &key).fault, TF_AUDIT_SOUND);
    tf_audit_report report = chain_verify_kept(db, &key, &head);
    assert_int_equal(report.fault, TF_AUDIT_CUT_OFF);
    assert_int_equal(report.fault_entry_id, 20);
    /* Though it grew again. */
    assert_ok(tf_db_begin(db, &error), &error);
    for (int i = 0; i < 5; i++) {
        chain_append_at(db, &key, chain_start + 1100 * chain_hour, &seed);
    }
    assert_ok(tf_db_commit(db, &error), &error);
    report = chain_verify_kept(db, &key, &head);
    assert_int_equal(report.fault, TF_AUDIT_REWRITTEN);
    assert_int_equal(report.fault_entry_id, 22);
    tf_db_close(db);
}

static void a_chain_made_anew_with_another_key_is_told_by_a_head_that_was_kept(void **state) {
    tf_site_key key = chain_key(0), other_key = chain_key(1);
    uint64_t seed = 7;
    tf_db *db = chain_open(temporary_path(state, "db"), TF_DB_WRITE);
    chain_fill(db, &key, 20, 10, &seed);
    tf_error error;
    tf_audit_head head;
    assert_ok(tf_audit_sign_now(db, &key, &head, &error), &error);
    tf_audit_mark_remove(tf_db_path(db));
    assert_ok(tf_db_begin(db, &error), &error);
    chain_sign_all(db, &other_key);
    assert_ok(tf_db_commit(db, &error), &error);
    assert_int_equal(chain_verify(db, &other_key).fault, TF_AUDIT_SOUND);
    assert_int_equal(chain_verify_kept(db, &other_key, &head).fault, TF_AUDIT_HEAD_CHANGED);
    assert_int_equal(chain_verify_kept(db, NULL, &head).fault, TF_AUDIT_HEAD_CHANGED);
    assert_int_equal(chain_verify(db, &key).fault, TF_AUDIT_HEAD_CHANGED);
    tf_db_close(db);
}

static void without_the_key_the_end_is_not_vouched_for(void **state) {
    tf_site_key key = chain_key(0);
    tf_db *db = open_known(state, &key);
    tf_error error;
    assert_ok(tf_db_begin(db, &error), &error);
    chain_run(db, "UPDATE audit_entry SET actor = 'Somebody Else' WHERE id = 2");
    chain_hash_from(db, 2);
    tf_audit_report report = chain_verify(db, NULL);
    assert_int_equal(report.fault, TF_AUDIT_SOUND);
    assert_false(report.is_end_checked);
    assert_int_equal(chain_verify(db, &key).fault, TF_AUDIT_REWRITTEN);
    tf_audit_mark_remove(tf_db_path(db));
    assert_int_equal(chain_verify(db, &key).fault, TF_AUDIT_END);
    tf_db_close(db);
}

static void a_fault_is_told_with_entry_and_time_and_what_to_do(void **state) {
    tf_site_key key = chain_key(0);
    tf_db *db = open_known(state, &key);
    chain_run(db, "UPDATE audit_entry SET detail = 'x' WHERE id = 2");
    tf_audit_report report = chain_verify(db, &key);
    assert_int_equal(report.fault, TF_AUDIT_CHANGED);
    assert_int_equal(report.fault_entry_id, 2);
    assert_int_equal(report.fault_at, chain_start + 24 * chain_hour);
    assert_int_equal(report.entry_count, 1);
    assert_string_equal(report.message,
                        "Entry 2 of 2023-11-15T22:13:20Z is not what was entered: it has been "
                        "changed, or another was put in its place. Keep a copy of the database as "
                        "it is now, for it is evidence, and find out from older backups and heads "
                        "since when it is so.");
    tf_db_close(db);
}

/* ---- heads as files ---- */

static void a_head_is_read_as_it_was_written(void **state) {
    tf_site_key key = chain_key(0);
    tf_db *db = open_known(state, &key);
    tf_error error;
    tf_audit_head head, last, read;
    assert_ok(tf_audit_sign_now(db, &key, &head, &error), &error);
    assert_ok(tf_audit_head_last(db, &last, &error), &error);
    assert_int_equal(head.entry_id, 2);
    assert_int_equal(head.day, 19676);
    assert_int_equal(last.entry_id, 1);
    assert_int_equal(last.day, 19675);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_audit_head_write(&last, &text);
    assert_string_equal(
        text.data,
        "{\n"
        "  \"trefoil_audit_head\": 1,\n"
        "  \"day\": \"2023-11-14\",\n"
        "  \"entry\": 1,\n"
        "  \"hash\": \"ce3a38c70b798f515b1e11754e1cdf8ef70651d1531a19529ca007390ad1e407\",\n"
        "  \"public_key\": \"52fe41ffc78620361b69e1d3df8124701bc6df16c5ca5815f3d80a8dddd0672a\",\n"
        "  \"signature\": \"59b9ca38caf0c0e2393122e17b55ddf9bc26981f42e9a16f70b10fed1e38bbca"
        "2ad8010c2206386154446ba14a035276ac0d826a9103691ab448ab41b293b304\"\n"
        "}\n");
    tf_text whole = {text.data, text.length};
    assert_ok(tf_audit_head_read(whole, "kept.json", &read, &error), &error);
    assert_memory_equal(&read, &last, sizeof read);
    tf_buffer_deinit(&text);
    tf_db_close(db);
}

static void a_head_of_which_one_byte_was_changed_is_refused(void **state) {
    tf_site_key key = chain_key(0);
    tf_db *db = open_known(state, &key);
    tf_error error;
    tf_audit_head head, read;
    assert_ok(tf_audit_head_last(db, &head, &error), &error);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_audit_head_write(&head, &text);
    uint64_t seed = 3;
    for (size_t i = 0; i < text.length; i++) {
        char kept = text.data[i];
        do {
            text.data[i] = (char)chain_below(&seed, 256);
        } while (text.data[i] == kept);
        tf_text whole = {text.data, text.length};
        tf_status status = tf_audit_head_read(whole, "kept.json", &read, &error);
        if (status == TF_OK) { /* white space may be other white space */
            assert_memory_equal(&read, &head, sizeof read);
            assert_true(kept == ' ' || kept == '\n');
        } else {
            assert_true(status == TF_BAD_INPUT || status == TF_UNSUPPORTED);
            assert_string_equal(error.place, "kept.json");
        }
        text.data[i] = kept;
    }
    assert_int_equal(tf_audit_head_read(tf_text_of(""), "kept.json", &read, &error), TF_BAD_INPUT);
    assert_int_equal(tf_audit_head_read(tf_text_of("[]"), "kept.json", &read, &error),
                     TF_BAD_INPUT);
    tf_buffer_deinit(&text);
    tf_db_close(db);
}

static void a_chain_without_entries_has_no_head(void **state) {
    tf_site_key key = chain_key(0);
    tf_db *db = chain_open(temporary_path(state, "db"), TF_DB_WRITE);
    tf_error error;
    tf_audit_head head;
    assert_int_equal(tf_audit_sign_now(db, &key, &head, &error), TF_NOT_FOUND);
    assert_int_equal(tf_audit_head_last(db, &head, &error), TF_NOT_FOUND);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(hashes_and_signatures_are_those_of_another_program),
        temporary_test(a_chain_of_any_length_is_sound),
        temporary_test(no_entry_is_before_the_one_before_it_though_the_clock_went_back),
        temporary_test(nothing_is_added_to_a_chain_whose_end_is_not_ours),
        temporary_test(a_head_that_was_kept_tells_a_chain_rewritten_with_the_key),
        temporary_test(a_head_that_was_kept_tells_an_older_copy),
        temporary_test(a_chain_made_anew_with_another_key_is_told_by_a_head_that_was_kept),
        temporary_test(without_the_key_the_end_is_not_vouched_for),
        temporary_test(a_fault_is_told_with_entry_and_time_and_what_to_do),
        temporary_test(a_head_is_read_as_it_was_written),
        temporary_test(a_head_of_which_one_byte_was_changed_is_refused),
        temporary_test(a_chain_without_entries_has_no_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

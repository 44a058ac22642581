/* Chains to verify: entries of random content over some days, with a key that is always the same.
 */
#ifndef TREFOIL_TESTS_ACCESS_AUDIT_CHAIN_H
#define TREFOIL_TESTS_ACCESS_AUDIT_CHAIN_H

#include "temporary.h"

#include "access/audit_internal.h"
#include "access/audit_verify.h"

static const int64_t chain_start = 1700000000123456; /* 2023-11-14T22:13:20Z */
static const int64_t chain_hour = (int64_t)3600 * 1000 * 1000;

static inline tf_site_key chain_key(uint8_t first_byte) {
    uint8_t root[TF_KEY_SIZE];
    for (int i = 0; i < TF_KEY_SIZE; i++) {
        root[i] = (uint8_t)(first_byte + i);
    }
    tf_site_key key;
    tf_site_key_of(root, &key);
    return key;
}

static inline tf_db *chain_open(const char *path, tf_db_mode mode) {
    tf_error error;
    tf_db *db;
    assert_ok(tf_secret_begin(&error), &error);
    assert_ok(tf_db_open(path, mode, &db, &error), &error);
    return db;
}

/* xorshift64*; a seed is never 0. */
static inline uint64_t chain_random(uint64_t *seed) {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545F4914F6CDD1DULL;
}

static inline int64_t chain_below(uint64_t *seed, int64_t bound) {
    return (int64_t)(chain_random(seed) % (uint64_t)bound);
}

static inline const char *chain_word(uint64_t *seed, bool may_be_null) {
    static const char *const words[] = {"",
                                        "consult",
                                        "concern",
                                        "Asha Patel",
                                        "Llŷr B",
                                        "prevent-crime",
                                        "x",
                                        "a longer text, "
                                        "of some words",
                                        "roles",
                                        "probation service",
                                        NULL};
    return words[chain_below(seed, may_be_null ? 11 : 10)];
}

static inline void chain_append_at(tf_db *db, const tf_site_key *key, int64_t now, uint64_t *seed) {
    tf_actor actor = {
        .account_id = chain_below(seed, 4),
        .organisation_id = chain_below(seed, 3),
        .name = chain_word(seed, false),
    };
    tf_audit_note note = {
        .action = chain_word(seed, false),
        .category = chain_word(seed, false),
        .object_id = chain_below(seed, 100),
        .person_id = chain_below(seed, 3),
        .purpose = chain_word(seed, true),
        .agreement_id = chain_below(seed, 3),
        .recipients = chain_word(seed, true),
        .outcome = (tf_outcome)chain_below(seed, TF_OUTCOME_COUNT),
        .detail = chain_word(seed, true),
    };
    tf_error error;
    assert_ok(tf_audit_append_at(db, key, &actor, &note, now, &error), &error);
}

/* `count` entries with up to `hours` hours between them. */
static inline void chain_fill(tf_db *db, const tf_site_key *key, int64_t count, int64_t hours,
                              uint64_t *seed) {
    tf_error error;
    assert_ok(tf_db_begin(db, &error), &error);
    int64_t now = chain_start;
    for (int64_t i = 0; i < count; i++) {
        chain_append_at(db, key, now, seed);
        now += chain_below(seed, hours * chain_hour + 1);
    }
    assert_ok(tf_db_commit(db, &error), &error);
}

static inline tf_audit_report chain_verify(tf_db *db, const tf_site_key *key) {
    tf_error error;
    tf_audit_report report;
    assert_ok(tf_audit_verify(db, key, NULL, 0, &report, &error), &error);
    return report;
}

static inline tf_audit_report chain_verify_kept(tf_db *db, const tf_site_key *key,
                                                const tf_audit_head *head) {
    tf_error error;
    tf_audit_report report;
    tf_audit_kept_head kept = {.name = "kept.json", .head = *head};
    assert_ok(tf_audit_verify(db, key, &kept, 1, &report, &error), &error);
    return report;
}

static inline void chain_run(tf_db *db, const char *sql) {
    tf_error error;
    assert_ok(tf_db_execute(db, sql, &error), &error);
}

static inline int64_t chain_ask(tf_db *db, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t value = has_row ? tf_column_at_int(statement, 0) : -1;
    tf_statement_free(statement);
    return value;
}

/* Hash every entry from `first` on anew, as anybody can, and name the last in the record of the
 * end, which only the key's holder can authenticate. */
static inline void chain_hash_from(tf_db *db, int64_t first) {
    tf_error error;
    tf_statement *read, *write;
    tf_buffer scratch;
    tf_buffer_init(&scratch);
    uint8_t hash[TF_HASH_SIZE] = {0};
    int64_t last = 0;
    bool has_row = true;
    assert_ok(tf_db_prepare(db, "SELECT " TF_AUDIT_COLUMNS " FROM audit_entry ORDER BY id", &read,
                            &error),
              &error);
    assert_ok(tf_db_prepare(db, "UPDATE audit_entry SET hash = ?2 WHERE id = ?1", &write, &error),
              &error);
    for (;;) {
        assert_ok(tf_statement_step(read, &has_row, &error), &error);
        if (!has_row) {
            break;
        }
        tf_audit_row row;
        tf_audit_row_take(read, &row);
        last = row.id;
        if (row.id < first) {
            assert_true(tf_audit_take_bytes(read, 14, hash, sizeof hash));
            continue;
        }
        tf_audit_row_hash(&row, hash, &scratch, hash);
        tf_bind_int(write, 1, row.id);
        tf_bind_bytes(write, 2, hash, sizeof hash);
        assert_ok(tf_statement_run(write, &error), &error);
    }
    tf_statement_free(read);
    tf_statement_free(write);
    tf_buffer_deinit(&scratch);
    assert_ok(tf_db_prepare(db, "UPDATE audit_end SET entry_id = ?1, hash = ?2", &write, &error),
              &error);
    tf_bind_int(write, 1, last);
    tf_bind_bytes(write, 2, hash, sizeof hash);
    assert_ok(tf_statement_run(write, &error), &error);
    tf_statement_free(write);
}

/* And with the key: authenticate the end, and sign the heads of days anew. */
static inline void chain_sign_all(tf_db *db, const tf_site_key *key) {
    tf_error error;
    tf_statement *read, *write;
    bool has_row = true;
    uint8_t mac[TF_HASH_SIZE];
    assert_ok(tf_db_prepare(db, "SELECT e.id, e.at, e.hash FROM audit_entry AS e ORDER BY e.id",
                            &read, &error),
              &error);
    assert_ok(tf_db_prepare(db,
                            "UPDATE audit_head SET hash = ?2, signature = ?3, public_key = ?4 "
                            "WHERE entry_id = ?1",
                            &write, &error),
              &error);
    tf_audit_end end = {0};
    for (;;) {
        assert_ok(tf_statement_step(read, &has_row, &error), &error);
        if (!has_row) {
            break;
        }
        end.entry_id = tf_column_at_int(read, 0);
        end.at = tf_column_at_int(read, 1);
        assert_true(tf_audit_take_bytes(read, 2, end.hash, TF_HASH_SIZE));
        tf_audit_head head;
        tf_audit_head_sign(key, &end, &head);
        tf_bind_int(write, 1, head.entry_id);
        tf_bind_bytes(write, 2, head.hash, TF_HASH_SIZE);
        tf_bind_bytes(write, 3, head.signature, TF_SIGNATURE_SIZE);
        tf_bind_bytes(write, 4, head.public_key, TF_KEY_SIZE);
        assert_ok(tf_statement_run(write, &error), &error);
    }
    tf_statement_free(read);
    tf_statement_free(write);
    assert_ok(tf_db_prepare(db, "UPDATE audit_end SET entry_id = ?1, hash = ?2, mac = ?3", &write,
                            &error),
              &error);
    tf_audit_end_mac(key, end.entry_id, end.hash, mac);
    tf_bind_int(write, 1, end.entry_id);
    tf_bind_bytes(write, 2, end.hash, TF_HASH_SIZE);
    tf_bind_bytes(write, 3, mac, sizeof mac);
    assert_ok(tf_statement_run(write, &error), &error);
    tf_statement_free(write);
}

#endif

#include "backup_key.h"

#include "audit.h"
#include "key_file_internal.h"

#include <stdio.h>

enum { CHECK_SIZE = 4 };

static const tf_key_kind kind = {
    .first_line = "Trefoil backup key, version 1: it opens every backup; keep it elsewhere",
    .name = "backup key",
    .absent = "there is no such backup key; it is the file that 'trefoil backup key' wrote",
};

static void check_of(const uint8_t public_key[TF_KEY_SIZE], uint8_t check_out[CHECK_SIZE]) {
    uint8_t hash[TF_HASH_SIZE];
    tf_secret_hash(NULL, public_key, TF_KEY_SIZE, hash);
    memcpy(check_out, hash, CHECK_SIZE);
}

void tf_backup_key_format(const uint8_t public_key[TF_KEY_SIZE],
                          char text_out[TF_BACKUP_KEY_TEXT_SIZE]) {
    uint8_t check[CHECK_SIZE];
    check_of(public_key, check);
    tf_hex_write(public_key, TF_KEY_SIZE, text_out);
    tf_hex_write(check, CHECK_SIZE, text_out + (size_t)2 * TF_KEY_SIZE);
    text_out[TF_BACKUP_KEY_TEXT_SIZE - 1] = '\0';
}

tf_status tf_backup_key_parse(tf_text text, uint8_t public_out[TF_KEY_SIZE], tf_error *error) {
    uint8_t key[TF_KEY_SIZE + CHECK_SIZE];
    uint8_t check[CHECK_SIZE];
    if (text.length == TF_BACKUP_KEY_TEXT_SIZE - 1 && tf_hex_read(text.data, sizeof key, key)) {
        check_of(key, check);
        if (memcmp(check, key + TF_KEY_SIZE, CHECK_SIZE) == 0) {
            memcpy(public_out, key, TF_KEY_SIZE);
            return TF_OK;
        }
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "this is no public part of a backup key, or is mistyped; copy the 72 digits "
                   "that 'trefoil backup key' showed");
}

tf_status tf_backup_key_create(const char *path, uint8_t public_out[TF_KEY_SIZE], tf_error *error) {
    tf_status status = tf_secret_begin(error);
    if (status) {
        return status;
    }
    uint8_t seed[TF_KEY_SIZE];
    uint8_t secret[TF_KEY_SIZE];
    tf_secret_random(seed, sizeof seed);
    tf_secret_pair_of(seed, public_out, secret);
    status = tf_key_file_write(path, &kind, seed, error);
    tf_secret_forget(seed, sizeof seed);
    tf_secret_forget(secret, sizeof secret);
    return status;
}

tf_status tf_backup_key_load(const char *path, uint8_t public_out[TF_KEY_SIZE],
                             uint8_t secret_out[TF_KEY_SIZE], tf_error *error) {
    uint8_t seed[TF_KEY_SIZE];
    tf_status status = tf_secret_begin(error);
    if (!status) {
        status = tf_key_file_read(path, &kind, seed, error);
    }
    if (!status) {
        tf_secret_pair_of(seed, public_out, secret_out);
    }
    tf_secret_forget(seed, sizeof seed);
    return status;
}

/* ---- the key of a database ---- */

enum { MAC_TEXT_SIZE = 2 * TF_HASH_SIZE + 1 };

/* What shows that a public part was set by who has the site's key. */
static void mac_of(const tf_site_key *key, const char *text, char mac_out[MAC_TEXT_SIZE]) {
    uint8_t mac_key[TF_KEY_SIZE];
    uint8_t mac[TF_HASH_SIZE];
    tf_secret_derive(key->root, "backup", mac_key);
    tf_secret_hash(mac_key, text, TF_BACKUP_KEY_TEXT_SIZE - 1, mac);
    tf_hex_write(mac, sizeof mac, mac_out);
    tf_secret_forget(mac_key, sizeof mac_key);
}

static tf_status set(tf_db *db, const char *text, const char *mac, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db,
                                     "INSERT OR REPLACE INTO setting (name, value) VALUES "
                                     "('backup-public-key', ?1), ('backup-public-key-mac', ?2)",
                                     &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(text));
        tf_bind_text(statement, 2, tf_text_of(mac));
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_backup_key_set(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                            const uint8_t public_key[TF_KEY_SIZE], tf_error *error) {
    char text[TF_BACKUP_KEY_TEXT_SIZE];
    char mac[MAC_TEXT_SIZE];
    char detail[TF_BACKUP_KEY_TEXT_SIZE + 32];
    tf_backup_key_format(public_key, text);
    mac_of(key, text, mac);
    snprintf(detail, sizeof detail, "backup-public-key: %s", text);
    tf_audit_note note = {.action = "alter", .category = "setting", .detail = detail};
    tf_status status = tf_db_begin_durable(db, error);
    if (!status) {
        status = set(db, text, mac, error);
    }
    if (!status) {
        status = tf_audit_append(db, key, actor, &note, error);
    }
    if (!status) {
        status = tf_db_commit(db, error);
    }
    tf_db_rollback(db);
    return status;
}

static tf_status check_key(const tf_site_key *key, tf_text text, tf_text mac, const char *place,
                           uint8_t public_out[TF_KEY_SIZE], tf_error *error) {
    char right[MAC_TEXT_SIZE];
    if (text.length == TF_BACKUP_KEY_TEXT_SIZE - 1) {
        mac_of(key, text.data, right);
        if (mac.length == sizeof right - 1 &&
            tf_secret_equal((const uint8_t *)mac.data, (const uint8_t *)right, mac.length)) {
            return tf_backup_key_parse(text, public_out, error);
        }
    }
    return tf_fail(error, TF_REFUSED, place, 0,
                   "the key that backups are sealed to was set by something else than Trefoil, so "
                   "no backup is made: find out who changed the database, and set your own key "
                   "again with 'trefoil backup use'");
}

tf_status tf_backup_key_get(tf_db *db, const tf_site_key *key, uint8_t public_out[TF_KEY_SIZE],
                            tf_error *error) {
    tf_statement *statement;
    bool has_row = false;
    tf_status status = tf_db_prepare(
        db,
        "SELECT value, (SELECT value FROM setting WHERE name = 'backup-public-key-mac')"
        " FROM setting WHERE name = 'backup-public-key'",
        &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        status = check_key(key, tf_column_at_text(statement, 0), tf_column_at_text(statement, 1),
                           tf_db_path(db), public_out, error);
    } else if (!status) {
        status = tf_fail(error, TF_NOT_FOUND, tf_db_path(db), 0,
                         "there is no key to seal backups to; make one with 'trefoil backup key'");
    }
    tf_statement_free(statement);
    return status;
}

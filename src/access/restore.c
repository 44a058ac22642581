#include "backup.h"

#include "audit.h"
#include "audit_verify.h"
#include "backup_internal.h"
#include "backup_key.h"
#include "new_file.h"
#include "sealed_file_internal.h"

#include "trefoil/base/date.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static tf_status fail_disagreement(const char *path, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, path, 0,
                   "what the backup says of itself and what is in it disagree; it was not made by "
                   "this program: use another backup");
}

/* Take the plain database out of the backup into `file`, which is empty. */
static tf_status unseal(tf_sealed_reader *reader, const char *path, tf_new_file *file,
                        tf_backup_facts *facts, uint8_t root_out[TF_KEY_SIZE], tf_error *error) {
    uint8_t manifest[TF_BACKUP_MANIFEST_SIZE];
    tf_status status = tf_sealed_read(reader, manifest, sizeof manifest, error);
    if (!status) {
        tf_backup_manifest_read(manifest, facts, root_out);
        status = facts->database_size < 0 ? fail_disagreement(path, error) : TF_OK;
    }
    tf_secret_forget(manifest, sizeof manifest);
    char *bytes = tf_alloc(TF_SEALED_PIECE_SIZE, 1);
    if (!status && !bytes) {
        status = tf_fail_no_memory(error);
    }
    for (int64_t left = facts->database_size; !status && left > 0;) {
        size_t part = left < TF_SEALED_PIECE_SIZE ? (size_t)left : TF_SEALED_PIECE_SIZE;
        status = tf_sealed_read(reader, bytes, part, error);
        if (!status) {
            status = tf_new_file_write(file, bytes, part, error);
        }
        left -= (int64_t)part;
    }
    if (bytes) {
        tf_secret_forget(bytes, TF_SEALED_PIECE_SIZE);
    }
    tf_free(bytes);
    return status ? status : tf_sealed_read_end(reader, error);
}

/* Whether the audit chain is what was entered.  That of an older schema is read once the database
 * has been brought up to date. */
static tf_status check_chain(tf_db *db, const char *path, const uint8_t root[TF_KEY_SIZE],
                             tf_error *error) {
    tf_site_key key;
    tf_audit_report report;
    tf_site_key_of(root, &key);
    tf_status status = tf_audit_verify(db, &key, NULL, 0, &report, error);
    tf_secret_forget(&key, sizeof key);
    if (!status && report.fault != TF_AUDIT_SOUND) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "the backup is whole, but the audit chain in it was broken when it was "
                         "made: %s",
                         report.message);
    }
    return status;
}

/* Whether the database is whole and its audit chain ends where the backup says. */
static tf_status inspect(int file, const char *path, const tf_backup_facts *facts,
                         const uint8_t *chain_root, tf_error *error) {
    tf_db *db = NULL;
    int64_t schema = 0;
    int64_t entry_id = 0;
    uint8_t hash[TF_HASH_SIZE] = {0};
    tf_status status = tf_db_open_copy(file, path, &db, error);
    if (!status) {
        status = tf_db_check(db, false, error);
    }
    if (!status) {
        status = tf_db_schema(db, &schema, error);
    }
    if (!status) {
        status = tf_backup_chain_end(db, &entry_id, hash, error);
    }
    if (!status && chain_root && schema == tf_db_schema_newest()) {
        status = check_chain(db, path, chain_root, error);
    }
    tf_db_close(db);
    bool agrees = schema == facts->schema && entry_id == facts->entry_id &&
                  memcmp(hash, facts->entry_hash, TF_HASH_SIZE) == 0;
    return !status && !agrees ? fail_disagreement(path, error) : status;
}

/* Open, take out and check, the whole audit chain too if `with_chain`; `file` then holds the
 * database. */
static tf_status take_out(const char *path, const char *key_path, bool with_chain,
                          tf_new_file *file, tf_backup_facts *facts, uint8_t root_out[TF_KEY_SIZE],
                          tf_error *error) {
    *facts = (tf_backup_facts){0};
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t secret_key[TF_KEY_SIZE];
    tf_sealed_reader *reader = NULL;
    tf_status status = tf_backup_key_load(key_path, public_key, secret_key, error);
    if (!status) {
        status = tf_sealed_reader_open(path, public_key, secret_key, &reader, error);
    }
    if (!status) {
        status = unseal(reader, path, file, facts, root_out, error);
    }
    if (!status) {
        facts->file_size = tf_sealed_reader_size(reader);
        status = inspect(file->file, path, facts, with_chain ? root_out : NULL, error);
    }
    tf_sealed_reader_close(reader);
    tf_secret_forget(secret_key, sizeof secret_key);
    return status;
}

tf_status tf_backup_verify(const char *path, const char *key_path, const char *scratch,
                           tf_backup_facts *facts_out, tf_error *error) {
    uint8_t root[TF_KEY_SIZE];
    tf_new_file file = {.path = scratch, .file = -1};
    tf_status status = tf_backup_open_scratch(scratch, &file.file, error);
    if (!status) {
        status = take_out(path, key_path, true, &file, facts_out, root, error);
    }
    tf_new_file_end(&file);
    tf_secret_forget(root, sizeof root);
    return status;
}

/* ---- restoring ---- */

/* The files that may stand beside a database, and itself. */
static const char *const endings[] = {"", "-wal", "-shm", "-journal", ".key"};

enum { PATH_SIZE = 4096 };

static tf_status refuse_what_is_there(const char *db_path, tf_error *error) {
    char path[PATH_SIZE];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct stat facts;
        if (snprintf(path, sizeof path, "%s%s", db_path, endings[i]) >= (int)sizeof path) {
            return tf_fail(error, TF_BAD_INPUT, db_path, 0, "the name is too long; name another");
        }
        bool is_key = i + 1 == sizeof endings / sizeof *endings; /* it may be the right one */
        if (!is_key && lstat(path, &facts) == 0) {
            return tf_fail(error, TF_BUSY, path, 0,
                           "there is such a file already, and a restore overwrites nothing; name "
                           "another database, or move this one away with its key");
        }
    }
    return TF_OK;
}

/* The database if it was named, and the key if it was written. */
static void remove_again(const char *db_path, bool is_named, bool has_key) {
    char path[PATH_SIZE];
    size_t count = sizeof endings / sizeof *endings;
    for (size_t i = is_named ? 0 : count - 1; i + !has_key < count; i++) {
        snprintf(path, sizeof path, "%s%s", db_path, endings[i]);
        (void)unlink(path);
    }
}

/* Bring the restored database up to date and enter in its audit that it was restored.  Sessions
 * and links end: one that was signed out of, or was used, after the backup would be good again. */
static tf_status enter(const char *db_path, const uint8_t root[TF_KEY_SIZE], const tf_actor *actor,
                       const tf_backup_facts *facts, tf_error *error) {
    char made_at[TF_INSTANT_TEXT_SIZE];
    char detail[96];
    snprintf(detail, sizeof detail, "from the backup of %s, which ends with entry %lld",
             tf_instant_format(facts->made_at, made_at), (long long)facts->entry_id);
    tf_audit_note note = {.action = "restore", .category = "backup", .detail = detail};
    tf_site_key key;
    tf_site_key_of(root, &key);
    tf_db *db = NULL;
    tf_status status = tf_db_open(db_path, TF_DB_WRITE, &db, error);
    if (!status) {
        status = tf_db_begin_durable(db, error);
    }
    if (!status) {
        status = tf_db_execute(db, "DELETE FROM session; DELETE FROM account_link", error);
    }
    if (!status) {
        status = tf_audit_append(db, &key, actor, &note, error);
    }
    if (!status) {
        status = tf_db_commit(db, error);
    }
    tf_db_close(db);
    tf_secret_forget(&key, sizeof key);
    return status;
}

/* Write the key, unless it is there already, as a restore that was killed may have left it. */
static tf_status put_key(const char *db_path, const uint8_t root[TF_KEY_SIZE], bool *is_new_out,
                         tf_error *error) {
    tf_status status = tf_site_key_write(db_path, root, error);
    *is_new_out = !status;
    tf_site_key key;
    if (status == TF_BUSY && !tf_site_key_load(db_path, &key, NULL) &&
        tf_secret_equal(key.root, root, TF_KEY_SIZE)) {
        status = TF_OK;
    }
    tf_secret_forget(&key, sizeof key);
    return status;
}

tf_status tf_backup_restore(const char *path, const char *key_path, const char *db_path,
                            const tf_actor *actor, tf_backup_facts *facts_out, tf_error *error) {
    uint8_t root[TF_KEY_SIZE];
    tf_new_file file = TF_NEW_FILE_NONE;
    bool has_key = false;
    bool is_named = false;
    tf_status status = refuse_what_is_there(db_path, error);
    if (!status) {
        status = tf_new_file_begin(db_path, &file, error);
    }
    if (!status) {
        status = take_out(path, key_path, false, &file, facts_out, root, error);
    }
    if (!status) {
        status = put_key(db_path, root, &has_key, error);
    }
    if (!status) {
        status = tf_new_file_keep(&file, error);
        is_named = !status;
    }
    tf_new_file_end(&file);
    if (!status) {
        status = enter(db_path, root, actor, facts_out, error);
    }
    if (status) {
        remove_again(db_path, is_named, has_key);
    }
    tf_secret_forget(root, sizeof root);
    return status;
}

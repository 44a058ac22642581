#include "backup.h"

#include "audit.h"
#include "audit_mark.h"
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

/* What is known of the backup, and what is wanted of it. */
typedef struct unsealing {
    const char *path; /* of the backup */
    const tf_restore_terms *terms;
    bool is_for_use; /* a database is to be made of it, not only to be verified */
    tf_backup_facts *facts;
    tf_audit_report *report;
    uint8_t root[TF_KEY_SIZE];
} unsealing;

/* Whether the audit chain is what was entered.  That of an older schema is read once the database
 * has been brought up to date. */
static tf_status check_chain(const unsealing *backup, tf_db *db, tf_error *error) {
    const tf_audit_kept_head *head = backup->terms->head;
    tf_site_key key;
    if (head && head->head.entry_id > backup->facts->entry_id) {
        return tf_fail(error, TF_BAD_INPUT, head->name, 0,
                       "the head is of entry %lld, but the backup ends with entry %lld, and is "
                       "older; name a head of before the backup, or a newer backup",
                       (long long)head->head.entry_id, (long long)backup->facts->entry_id);
    }
    tf_site_key_of(backup->root, &key);
    tf_status status = tf_audit_verify(db, &key, head, head ? 1 : 0, backup->report, error);
    tf_secret_forget(&key, sizeof key);
    if (!status && backup->report->fault && !backup->terms->even_if_unsound) {
        status =
            tf_fail(error, TF_BAD_INPUT, backup->path, 0,
                    "the backup is whole, but the audit in it is not sound%s: %s",
                    backup->is_for_use ? ", so it is restored with --even-if-unsound alone" : "",
                    backup->report->message);
    }
    return status;
}

/* Whether the database is whole and its audit chain ends where the backup says, and is sound. */
static tf_status inspect(const unsealing *backup, int file, tf_error *error) {
    const tf_backup_facts *facts = backup->facts;
    tf_db *db = NULL;
    int64_t schema = 0;
    int64_t entry_id = 0;
    uint8_t hash[TF_HASH_SIZE] = {0};
    tf_status status = tf_db_open_copy(file, backup->path, &db, error);
    if (!status) {
        status = tf_db_check(db, false, error);
    }
    if (!status) {
        status = tf_db_schema(db, &schema, error);
    }
    if (!status) {
        status = tf_backup_chain_end(db, &entry_id, hash, error);
    }
    bool agrees = schema == facts->schema && entry_id == facts->entry_id &&
                  memcmp(hash, facts->entry_hash, TF_HASH_SIZE) == 0;
    if (!status && !agrees) {
        status = fail_disagreement(backup->path, error);
    }
    if (!status && schema == tf_db_schema_newest()) {
        status = check_chain(backup, db, error);
    }
    tf_db_close(db);
    return status;
}

/* Open, take out and check; `file` then holds the database. */
static tf_status take_out(unsealing *backup, const char *key_path, tf_new_file *file,
                          tf_error *error) {
    *backup->facts = (tf_backup_facts){0};
    *backup->report = (tf_audit_report){0};
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t secret_key[TF_KEY_SIZE];
    tf_sealed_reader *reader = NULL;
    tf_status status = tf_backup_key_load(key_path, public_key, secret_key, error);
    if (!status) {
        status = tf_sealed_reader_open(backup->path, public_key, secret_key, &reader, error);
    }
    if (!status) {
        status = unseal(reader, backup->path, file, backup->facts, backup->root, error);
    }
    if (!status) {
        backup->facts->file_size = tf_sealed_reader_size(reader);
        status = inspect(backup, file->file, error);
    }
    tf_sealed_reader_close(reader);
    tf_secret_forget(secret_key, sizeof secret_key);
    return status;
}

tf_status tf_backup_verify(const char *path, const char *key_path, const char *scratch,
                           tf_backup_facts *facts_out, tf_error *error) {
    static const tf_restore_terms strict = {0};
    tf_audit_report report;
    unsealing backup = {.path = path, .terms = &strict, .facts = facts_out, .report = &report};
    tf_new_file file = {.path = scratch, .file = -1};
    tf_status status = tf_backup_open_scratch(scratch, &file.file, error);
    if (!status) {
        status = take_out(&backup, key_path, &file, error);
    }
    tf_new_file_end(&file);
    tf_secret_forget(&backup, sizeof backup);
    return status;
}

/* ---- restoring ---- */

/* The files that may stand beside a database, and itself. */
static const char *const endings[] = {"", "-wal", "-shm", "-journal", ".mark", ".key"};

enum { PATH_SIZE = 4096 };

static tf_status refuse_what_is_there(const char *db_path, tf_error *error) {
    char path[PATH_SIZE];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct stat facts;
        if (snprintf(path, sizeof path, "%s%s", db_path, endings[i]) >= (int)sizeof path) {
            return tf_fail(error, TF_BAD_INPUT, db_path, 0, "the name is too long; name another");
        }
        /* A key may be the right one, and a mark is made anew. */
        bool may_stay = i + 2 >= sizeof endings / sizeof *endings;
        if (!may_stay && lstat(path, &facts) == 0) {
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

static void describe(const unsealing *backup, char *detail_out, size_t size) {
    char made_at[TF_INSTANT_TEXT_SIZE];
    int length = snprintf(detail_out, size, "from the backup of %s, which ends with entry %lld",
                          tf_instant_format(backup->facts->made_at, made_at),
                          (long long)backup->facts->entry_id);
    if (backup->report->fault) {
        snprintf(detail_out + length, size - (size_t)length,
                 "; its audit is not sound, first at entry %lld",
                 (long long)backup->report->fault_entry_id);
    }
}

/* Bring the restored database up to date and enter in its audit that it was restored.  Sessions
 * and links end: one that was signed out of, or was used, after the backup would be good again. */
static tf_status enter(const unsealing *backup, const char *db_path, const tf_actor *actor,
                       tf_error *error) {
    char detail[192];
    tf_audit_note note = {.action = "restore", .category = "backup", .detail = detail};
    tf_site_key key;
    tf_site_key_of(backup->root, &key);
    tf_audit_mark_remove(db_path); /* that of the database which was lost is further */
    tf_db *db = NULL;
    tf_status status = tf_db_open(db_path, TF_DB_WRITE, &db, error);
    if (!status && backup->facts->schema != tf_db_schema_newest()) {
        status = check_chain(backup, db, error);
    }
    if (!status) {
        describe(backup, detail, sizeof detail);
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
                            const tf_restore_terms *terms, const tf_actor *actor,
                            tf_backup_facts *facts_out, tf_audit_report *report_out,
                            tf_error *error) {
    unsealing backup = {
        .path = path, .terms = terms, .is_for_use = true, .facts = facts_out, .report = report_out};
    tf_new_file file = TF_NEW_FILE_NONE;
    bool has_key = false;
    bool is_named = false;
    tf_status status = refuse_what_is_there(db_path, error);
    if (!status) {
        status = tf_new_file_begin(db_path, &file, error);
    }
    if (!status) {
        status = take_out(&backup, key_path, &file, error);
    }
    if (!status) {
        status = put_key(db_path, backup.root, &has_key, error);
    }
    if (!status) {
        status = tf_new_file_keep(&file, error);
        is_named = !status;
    }
    tf_new_file_end(&file);
    if (!status) {
        status = enter(&backup, db_path, actor, error);
    }
    if (status) {
        remove_again(db_path, is_named, has_key);
    }
    tf_secret_forget(&backup, sizeof backup);
    return status;
}

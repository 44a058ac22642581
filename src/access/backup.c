#include "backup.h"

#include "audit.h"
#include "backup_internal.h"
#include "backup_key.h"
#include "new_file.h"
#include "sealed_file_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/file.h"

#include <errno.h>
#include <unistd.h>

/* ---- the manifest ---- */

void tf_backup_manifest_write(const tf_backup_facts *facts, const uint8_t root[TF_KEY_SIZE],
                              uint8_t bytes_out[TF_BACKUP_MANIFEST_SIZE]) {
    const int64_t numbers[] = {facts->made_at, facts->schema, facts->database_size,
                               facts->entry_id};
    uint8_t *at = bytes_out;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (int digit = 0; digit < 8; digit++) {
            *at++ = (uint8_t)((uint64_t)numbers[i] >> (8 * digit));
        }
    }
    memcpy(at, facts->entry_hash, TF_HASH_SIZE);
    memcpy(at + TF_HASH_SIZE, root, TF_KEY_SIZE);
}

void tf_backup_manifest_read(const uint8_t bytes[TF_BACKUP_MANIFEST_SIZE],
                             tf_backup_facts *facts_out, uint8_t root_out[TF_KEY_SIZE]) {
    int64_t *const numbers[] = {&facts_out->made_at, &facts_out->schema, &facts_out->database_size,
                                &facts_out->entry_id};
    const uint8_t *at = bytes;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint64_t number = 0;
        for (int digit = 0; digit < 8; digit++) {
            number |= (uint64_t)*at++ << (8 * digit);
        }
        *numbers[i] = (int64_t)number;
    }
    memcpy(facts_out->entry_hash, at, TF_HASH_SIZE);
    memcpy(root_out, at + TF_HASH_SIZE, TF_KEY_SIZE);
}

/* ---- what both directions look at ---- */

tf_status tf_backup_chain_end(tf_db *db, int64_t *entry_id_out, uint8_t hash_out[TF_HASH_SIZE],
                              tf_error *error) {
    *entry_id_out = 0;
    memset(hash_out, 0, TF_HASH_SIZE);
    tf_statement *statement;
    bool has_row = false;
    tf_status status = tf_db_prepare(
        db, "SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1", &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        size_t length;
        const void *hash = tf_column_at_bytes(statement, 1, &length);
        *entry_id_out = tf_column_at_int(statement, 0);
        if (hash && length == TF_HASH_SIZE) {
            memcpy(hash_out, hash, TF_HASH_SIZE);
        }
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_backup_open_scratch(const char *folder, int *file_out, tf_error *error) {
    *file_out = tf_file_open_unnamed(folder);
    return *file_out < 0
               ? tf_fail(error, TF_IO, folder, 0,
                         "no temporary file can be made in this folder: %s", strerror(errno))
               : TF_OK;
}

/* ---- writing ---- */

/* What the copy is, which is checked on the way. */
static tf_status inspect_copy(int copy, const char *name, tf_backup_facts *facts, tf_error *error) {
    tf_db *db = NULL;
    tf_status status = tf_db_open_copy(copy, name, &db, error);
    if (!status) {
        status = tf_db_check(db, false, error);
    }
    if (!status) {
        status = tf_db_schema(db, &facts->schema, error);
    }
    if (!status) {
        status = tf_backup_chain_end(db, &facts->entry_id, facts->entry_hash, error);
    }
    tf_db_close(db);
    facts->database_size = lseek(copy, 0, SEEK_END);
    return status;
}

static tf_status seal_copy(int copy, const char *name, const tf_site_key *key,
                           tf_sealed_writer *writer, tf_backup_facts *facts, tf_error *error) {
    uint8_t manifest[TF_BACKUP_MANIFEST_SIZE];
    tf_backup_manifest_write(facts, key->root, manifest);
    tf_status status = tf_sealed_write(writer, manifest, sizeof manifest, error);
    tf_secret_forget(manifest, sizeof manifest);
    char *bytes = tf_alloc(TF_SEALED_PIECE_SIZE, 1);
    if (!status && !bytes) {
        status = tf_fail_no_memory(error);
    }
    for (int64_t offset = 0; !status && offset < facts->database_size;) {
        ssize_t got = pread(copy, bytes, TF_SEALED_PIECE_SIZE, (off_t)offset);
        if (got <= 0) {
            status = tf_fail(error, TF_IO, name, 0, "the copy of the database cannot be read: %s",
                             strerror(got < 0 ? errno : EIO));
        } else {
            status = tf_sealed_write(writer, bytes, (size_t)got, error);
            offset += got;
        }
    }
    tf_free(bytes);
    return status ? status : tf_sealed_finish(writer, &facts->file_size, error);
}

static tf_status list_run(tf_db *db, const char *name, const tf_backup_facts *facts,
                          tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        db, "INSERT INTO backup_run (at, file, size, entry_id) VALUES (?1, ?2, ?3, ?4)", &statement,
        error);
    if (!status) {
        tf_bind_int(statement, 1, facts->made_at);
        tf_bind_text(statement, 2, tf_text_of(name));
        tf_bind_int(statement, 3, facts->file_size);
        tf_bind_int(statement, 4, facts->entry_id);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* Give the file its name and enter the backup, or neither. */
static tf_status keep(tf_db *db, const tf_site_key *key, const tf_actor *actor, tf_new_file *file,
                      const tf_backup_facts *facts, tf_error *error) {
    const char *slash = strrchr(file->path, '/');
    const char *name = slash ? slash + 1 : file->path;
    tf_audit_note note = {.action = "backup", .category = "backup", .detail = name};
    bool is_kept = false;
    tf_status status = tf_db_begin_durable(db, error);
    if (!status) {
        status = list_run(db, name, facts, error);
    }
    if (!status) {
        status = tf_audit_append(db, key, actor, &note, error);
    }
    if (!status) {
        status = tf_new_file_keep(file, error);
        is_kept = !status;
    }
    if (!status) {
        status = tf_db_commit(db, error);
    }
    tf_db_rollback(db);
    if (status && is_kept) {
        (void)unlink(file->path);
    }
    return status;
}

tf_status tf_backup_write(tf_db *db, const tf_site_key *key, const tf_actor *actor,
                          const char *path, tf_backup_facts *facts_out, tf_error *error) {
    *facts_out = (tf_backup_facts){.made_at = tf_instant_now()};
    uint8_t public_key[TF_KEY_SIZE];
    tf_new_file file = TF_NEW_FILE_NONE;
    tf_sealed_writer *writer = NULL;
    int copy = -1;
    tf_buffer folder;
    tf_buffer_init(&folder);
    tf_folder_of_path(tf_db_path(db), &folder);
    tf_status status = tf_buffer_check(&folder, error);
    if (!status) {
        status = tf_backup_key_get(db, key, public_key, error);
    }
    if (!status) {
        status = tf_new_file_begin(path, &file, error);
    }
    if (!status) {
        status = tf_backup_open_scratch(folder.data, &copy, error);
    }
    if (!status) {
        status = tf_db_copy(db, copy, error);
    }
    if (!status) {
        status = inspect_copy(copy, tf_db_path(db), facts_out, error);
    }
    if (!status) {
        status = tf_sealed_writer_new(&file, public_key, &writer, error);
    }
    if (!status) {
        status = seal_copy(copy, tf_db_path(db), key, writer, facts_out, error);
    }
    tf_sealed_writer_free(writer);
    if (copy >= 0) {
        close(copy);
    }
    if (!status) {
        status = keep(db, key, actor, &file, facts_out, error);
    }
    tf_new_file_end(&file);
    tf_buffer_deinit(&folder);
    return status;
}

tf_status tf_backup_last(tf_db *db, int64_t *at_out, tf_error *error) {
    *at_out = 0;
    tf_statement *statement;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(db, "SELECT coalesce(max(at), 0) FROM backup_run", &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        *at_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

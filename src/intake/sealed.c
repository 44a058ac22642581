#include "response_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

/* ---- accounts that can read ---- */

tf_status tf_sealed_may_read(tf_access *access, const tf_object *object, const tf_intent *intent,
                             int64_t organisation_id, tf_arena *arena, tf_reader **readers_out,
                             size_t *count_out, tf_decision *decision_out, tf_error *error) {
    tf_reader *readers;
    size_t reader_count;
    tf_status status =
        tf_readers(access, organisation_id, 0, arena, &readers, &reader_count, error);
    tf_decision last = {.reason = TF_REASON_NO_ROLE};
    size_t count = 0;
    for (size_t i = 0; !status && i < reader_count; i++) {
        const tf_reader *reader = &readers[i];
        tf_actor actor = {.account_id = reader->account_id,
                          .organisation_id = reader->organisation_id,
                          .roles = reader->roles,
                          .name = reader->name};
        tf_decision decision = tf_access_ask(access, &actor, TF_ACTION_CONSULT, object, intent);
        bool may = decision.is_allowed && decision.reason != TF_REASON_EMERGENCY;
        if (may || !last.is_allowed) {
            last = decision;
        }
        if (may) {
            readers[count++] = *reader;
        }
    }
    *readers_out = readers;
    *count_out = count;
    if (decision_out) {
        *decision_out = last;
    }
    return status;
}

tf_status tf_sealed_reader_get(tf_access *access, int64_t account_id, tf_arena *arena,
                               tf_reader *reader_out, tf_error *error) {
    tf_reader *readers = NULL;
    size_t count = 0;
    tf_status status =
        account_id > 0 ? tf_readers(access, 0, account_id, arena, &readers, &count, error) : TF_OK;
    if (!status && count == 0) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                       "account %lld is not active, or its keys are not confirmed, so nothing can "
                       "be sealed to it; confirm it first, at the head of the reports of concern",
                       (long long)account_id);
    }
    if (!status) {
        *reader_out = readers[0];
    }
    return status;
}

/* ---- keys ---- */

void tf_sealed_new_key(uint8_t key_out[TF_KEY_SIZE]) {
    tf_secret_random(key_out, TF_KEY_SIZE);
}

tf_status tf_sealed_give(tf_db *db, tf_sealed object, const uint8_t key[TF_KEY_SIZE],
                         const tf_reader *reader, tf_error *error) {
    tf_buffer sealed;
    tf_buffer_init(&sealed);
    tf_secret_seal(reader->public_key, (tf_text){(const char *)key, TF_KEY_SIZE}, &sealed);
    tf_statement *statement = NULL;
    tf_status status = tf_buffer_check(&sealed, error);
    if (!status) {
        status = tf_db_prepare(db,
                               "INSERT OR REPLACE INTO sealed_key (kind, object_id, account_id, "
                               "key_generation, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
                               &statement, error);
    }
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(object.kind));
        tf_bind_int(statement, 2, object.id);
        tf_bind_int(statement, 3, reader->account_id);
        tf_bind_int(statement, 4, reader->key_generation);
        tf_bind_bytes(statement, 5, sealed.data, sealed.length);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    tf_buffer_deinit(&sealed);
    return status;
}

bool tf_sealed_is_reader(tf_db *db, const tf_actor *actor, tf_sealed object) {
    tf_statement *statement;
    if (!actor->can_open ||
        tf_db_prepare(db,
                      "SELECT 1 FROM sealed_key AS k JOIN account AS a ON a.id = k.account_id "
                      "AND a.key_generation = k.key_generation "
                      "WHERE k.kind = ?1 AND k.object_id = ?2 AND k.account_id = ?3",
                      &statement, NULL)) {
        return false;
    }
    tf_bind_text(statement, 1, tf_text_of(object.kind));
    tf_bind_int(statement, 2, object.id);
    tf_bind_int(statement, 3, actor->account_id);
    bool has_row = false;
    tf_status status = tf_statement_step(statement, &has_row, NULL);
    tf_statement_free(statement);
    return !status && has_row;
}

bool tf_sealed_can_take(tf_db *db, const tf_actor *actor, tf_sealed object,
                        uint8_t key_out[TF_KEY_SIZE]) {
    tf_statement *statement;
    if (!actor->can_open || tf_db_prepare(db,
                                          "SELECT sealed FROM sealed_key WHERE kind = ?1 "
                                          "AND object_id = ?2 AND account_id = ?3",
                                          &statement, NULL)) {
        return false;
    }
    tf_bind_text(statement, 1, tf_text_of(object.kind));
    tf_bind_int(statement, 2, object.id);
    tf_bind_int(statement, 3, actor->account_id);
    bool has_row = false;
    tf_status status = tf_statement_step(statement, &has_row, NULL);
    tf_buffer plain;
    tf_buffer_init(&plain);
    bool is_open = false;
    if (!status && has_row) {
        size_t length = 0;
        const void *sealed = tf_column_at_bytes(statement, 0, &length);
        is_open = sealed &&
                  tf_secret_open(actor->public_key, actor->secret_key, (tf_text){sealed, length},
                                 &plain) &&
                  plain.length == TF_KEY_SIZE;
    }
    if (is_open) {
        memcpy(key_out, plain.data, TF_KEY_SIZE);
        tf_secret_forget(plain.data, plain.length);
    }
    tf_buffer_deinit(&plain);
    tf_statement_free(statement);
    return is_open;
}

/* "Asha Patel or Tom Hughes": colleagues, as nobody is told of accounts of other organisations. */
static tf_status name_readers(tf_db *db, const tf_actor *actor, tf_sealed object, tf_arena *arena,
                              tf_buffer *out, tf_error *error) {
    tf_reader *readers;
    size_t count;
    tf_status status = tf_sealed_readers(db, object, arena, &readers, &count, error);
    int named = 0;
    for (size_t i = 0; !status && i < count && named < 5; i++) {
        if (readers[i].organisation_id == actor->organisation_id) {
            tf_buffer_format(out, "%s%s", named++ ? " or " : "", readers[i].name);
        }
    }
    return status ? status : tf_buffer_check(out, error);
}

tf_status tf_sealed_take(tf_db *db, const tf_actor *actor, tf_sealed object,
                         uint8_t key_out[TF_KEY_SIZE], tf_error *error) {
    if (tf_sealed_can_take(db, actor, object, key_out)) {
        return TF_OK;
    }
    if (!actor->can_open) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "this is sealed and opens only in the session of somebody it is sealed to; "
                       "sign in with your passphrase");
    }
    tf_arena *arena = tf_arena_new();
    tf_buffer names;
    tf_buffer_init(&names);
    tf_status status =
        arena ? name_readers(db, actor, object, arena, &names, error) : tf_fail_no_memory(error);
    if (!status && names.length) {
        status = tf_fail(error, TF_REFUSED, NULL, 0,
                         "this was sealed before you were among its readers, so your key does not "
                         "open it; ask %s to add you",
                         names.data);
    } else if (!status) {
        status = tf_fail(error, TF_REFUSED, NULL, 0,
                         "this is sealed, and no active account of your organisation has a key "
                         "that opens it");
    }
    tf_buffer_deinit(&names);
    tf_arena_free(arena);
    return status;
}

tf_status tf_sealed_turn_away(tf_access *access, const tf_actor *actor, tf_sealed object,
                              int64_t organisation_id, const tf_decision *decision,
                              tf_status status, tf_error *error) {
    bool would_open = !status || (status == TF_REFUSED && decision->reason == TF_REASON_NO_PURPOSE);
    if (!would_open || tf_access_is_own(access, actor, organisation_id) ||
        tf_sealed_is_reader(tf_access_db(access), actor, object)) {
        return status;
    }
    tf_owner owner;
    status = tf_access_owner(access, organisation_id, &owner, error);
    if (status) {
        return status;
    }
    bool is_response = strcmp(object.kind, TF_SEALED_RESPONSE) == 0;
    return tf_fail(error, TF_REFUSED, NULL, 0,
                   "this is sealed to people of %s.  Ask %s to share %s%s%s", owner.name,
                   owner.name, is_response ? "an intelligence report" : "it",
                   *owner.contact ? ": " : "", owner.contact);
}

tf_status tf_sealed_add_reader(tf_db *db, const tf_actor *actor, tf_sealed object,
                               const tf_reader *reader, tf_error *error) {
    uint8_t key[TF_KEY_SIZE];
    tf_status status = tf_sealed_take(db, actor, object, key, error);
    if (!status) {
        status = tf_sealed_give(db, object, key, reader, error);
        tf_secret_forget(key, sizeof key);
    }
    return status;
}

tf_status tf_sealed_readers(tf_db *db, tf_sealed object, tf_arena *arena, tf_reader **readers_out,
                            size_t *count_out, tf_error *error) {
    tf_reader *readers = NULL;
    size_t capacity = 0, count = 0;
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db,
                      "SELECT a.id, a.organisation_id, a.name "
                      "FROM sealed_key AS k JOIN account AS a ON a.id = k.account_id "
                      "WHERE k.kind = ?1 AND k.object_id = ?2 AND a.state = 'active' "
                      "AND a.key_generation = k.key_generation ORDER BY a.name, a.id",
                      &statement, error);
    *readers_out = NULL;
    *count_out = 0;
    if (status) {
        return status;
    }
    tf_bind_text(statement, 1, tf_text_of(object.kind));
    tf_bind_int(statement, 2, object.id);
    bool has_row = false;
    while (!status && !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        tf_text name = tf_column_at_text(statement, 2);
        status = tf_reserve(&readers, &capacity, count + 1, sizeof *readers, error);
        if (!status) {
            readers[count] = (tf_reader){
                .account_id = tf_column_at_int(statement, 0),
                .organisation_id = tf_column_at_int(statement, 1),
                .name = tf_arena_copy_text(arena, name.data ? name.data : "", name.length)};
            status = readers[count++].name ? TF_OK : tf_fail_no_memory(error);
        }
    }
    tf_statement_free(statement);
    tf_reader *kept = status ? NULL : tf_arena_alloc(arena, count + 1, sizeof *kept);
    if (!status && !kept) {
        status = tf_fail_no_memory(error);
    }
    if (kept && count) {
        memcpy(kept, readers, count * sizeof *kept);
    }
    tf_free(readers);
    *readers_out = kept;
    *count_out = status ? 0 : count;
    return status;
}

tf_status tf_sealed_forget(tf_db *db, tf_sealed object, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        db, "DELETE FROM sealed_key WHERE kind = ?1 AND object_id = ?2", &statement, error);
    if (!status) {
        tf_bind_text(statement, 1, tf_text_of(object.kind));
        tf_bind_int(statement, 2, object.id);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

/* ---- content ---- */

enum { ABOUT_SIZE = 96 };

static tf_text about(tf_sealed object, const char *part, char text_out[ABOUT_SIZE]) {
    int length =
        snprintf(text_out, ABOUT_SIZE, "%s/%lld/%s", object.kind, (long long)object.id, part);
    return (tf_text){text_out, (size_t)length};
}

void tf_sealed_lock(tf_sealed object, const char *part, const uint8_t key[TF_KEY_SIZE],
                    tf_text plain, tf_buffer *locked_out) {
    char text[ABOUT_SIZE];
    uint8_t lock[TF_KEY_SIZE];
    tf_secret_derive(key, "content", lock);
    tf_secret_lock(lock, about(object, part, text), plain, locked_out);
    tf_secret_forget(lock, sizeof lock);
}

tf_status tf_sealed_unlock(tf_sealed object, const char *part, const uint8_t key[TF_KEY_SIZE],
                           tf_text locked, tf_buffer *plain_out, tf_error *error) {
    char text[ABOUT_SIZE];
    uint8_t lock[TF_KEY_SIZE];
    tf_secret_derive(key, "content", lock);
    bool is_open =
        locked.data && tf_secret_unlock(lock, about(object, part, text), locked, plain_out);
    tf_secret_forget(lock, sizeof lock);
    tf_status status = tf_buffer_check(plain_out, error);
    if (!status && !is_open) {
        status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0,
                    "the sealed content of %s %lld has been changed; restore the database from "
                    "a backup",
                    object.kind, (long long)object.id);
    }
    return status;
}

void tf_sealed_letters(const uint8_t key[TF_KEY_SIZE], uint8_t public_out[TF_KEY_SIZE],
                       uint8_t secret_out[TF_KEY_SIZE]) {
    uint8_t seed[TF_KEY_SIZE];
    tf_secret_derive(key, "letters", seed);
    tf_secret_pair_of(seed, public_out, secret_out);
    tf_secret_forget(seed, sizeof seed);
}

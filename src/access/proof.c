#include "proof_internal.h"

enum {
    /* More than any row of ours has: a name of 320 bytes, an e-mail of 254, 32 names of roles. */
    MOST_BYTES = 4096
};

typedef struct message {
    uint8_t bytes[MOST_BYTES];
    size_t length;
    bool is_too_long;
} message;

static void add(message *out, const void *bytes, size_t length) {
    if (length > sizeof out->bytes - out->length) {
        out->is_too_long = true;
    } else if (length) {
        memcpy(out->bytes + out->length, bytes, length);
        out->length += length;
    }
}

static void add_number(message *out, uint64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> 8 * i);
    }
    add(out, bytes, sizeof bytes);
}

/* Each value with its type and its length, so that no two rows give the same bytes. */
static void add_column(message *out, tf_statement *statement, int column) {
    tf_column_type type = tf_column_at_type(statement, column);
    uint8_t mark = (uint8_t)type;
    add(out, &mark, sizeof mark);
    if (type == TF_COLUMN_INT) {
        add_number(out, (uint64_t)tf_column_at_int(statement, column));
    } else if (type != TF_COLUMN_NULL) {
        size_t length = 0;
        const void *bytes = tf_column_at_bytes(statement, column, &length);
        add_number(out, length);
        add(out, bytes, bytes ? length : 0);
    }
}

/* False for a row that is longer than any of ours. */
static bool make(const tf_site_key *key, const char *table, tf_statement *statement, int first,
                 int count, uint8_t proof_out[TF_HASH_SIZE]) {
    message text;
    text.length = 0;
    text.is_too_long = false;
    add(&text, table, strlen(table) + 1);
    for (int i = 0; i < count; i++) {
        add_column(&text, statement, first + i);
    }
    tf_secret_hash(key->proof_key, text.bytes, text.length, proof_out);
    return !text.is_too_long;
}

bool tf_proof_holds(const tf_site_key *key, const char *table, tf_statement *statement, int first,
                    int count) {
    uint8_t proof[TF_HASH_SIZE];
    size_t length = 0;
    const void *stored = tf_column_at_bytes(statement, first + count - 1, &length);
    return stored && length == TF_HASH_SIZE &&
           make(key, table, statement, first, count - 1, proof) &&
           tf_secret_equal(stored, proof, TF_HASH_SIZE);
}

/* Read the one row by `read`, and store its proof by `write`. */
static tf_status prove(tf_access *access, const char *table, int count, const char *read,
                       const char *write, const uint8_t *key, int64_t id, tf_error *error) {
    tf_statement *statements[2] = {NULL, NULL};
    const char *const texts[2] = {read, write};
    uint8_t proof[TF_HASH_SIZE];
    bool has_row = false;
    tf_status status = TF_OK;
    for (int i = 0; !status && i < 2; i++) {
        status = tf_db_prepare(tf_access_db(access), texts[i], &statements[i], error);
        if (!status && key) {
            tf_bind_bytes(statements[i], 1, key, TF_KEY_SIZE);
        } else if (!status) {
            tf_bind_int(statements[i], 1, id);
        }
    }
    if (!status) {
        status = tf_statement_step(statements[0], &has_row, error);
    }
    if (!status &&
        (!has_row || !make(tf_access_key(access), table, statements[0], 0, count - 1, proof))) {
        status = tf_fail(error, TF_INTERNAL, NULL, 0, "there is no row of %s to be proven", table);
    }
    if (!status) {
        tf_bind_bytes(statements[1], 2, proof, sizeof proof);
        status = tf_statement_run(statements[1], error);
    }
    tf_statement_free(statements[0]);
    tf_statement_free(statements[1]);
    return status;
}

tf_status tf_proof_of_account(tf_access *access, int64_t id, tf_error *error) {
    return prove(access, "account", TF_PROVEN_ACCOUNT_COUNT,
                 "SELECT " TF_PROVEN_ACCOUNT " FROM account AS a WHERE a.id = ?1",
                 "UPDATE account SET proof = ?2 WHERE id = ?1", NULL, id, error);
}

tf_status tf_proof_of_session(tf_access *access, const uint8_t key[TF_KEY_SIZE], tf_error *error) {
    return prove(access, "session", TF_PROVEN_SESSION_COUNT,
                 "SELECT " TF_PROVEN_SESSION " FROM session AS s WHERE s.key = ?1",
                 "UPDATE session SET proof = ?2 WHERE key = ?1", key, 0, error);
}

tf_status tf_proof_of_link(tf_access *access, const uint8_t key[TF_KEY_SIZE], tf_error *error) {
    return prove(access, "account_link", TF_PROVEN_LINK_COUNT,
                 "SELECT " TF_PROVEN_LINK " FROM account_link WHERE key = ?1",
                 "UPDATE account_link SET proof = ?2 WHERE key = ?1", key, 0, error);
}

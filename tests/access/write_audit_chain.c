/* Write a chain of the audit, for another program to verify:
 *     write_audit_chain DATABASE COUNT SEED
 * COUNT entries over some days, with the site's key beside the database. */
#include "audit_chain.h"

int main(int argument_count, char **arguments) {
    tf_error error;
    tf_site_key key;
    if (argument_count != 4) {
        fprintf(stderr, "usage: write_audit_chain DATABASE COUNT SEED\n");
        return 2;
    }
    uint64_t seed = strtoull(arguments[3], NULL, 10);
    uint8_t root[TF_KEY_SIZE];
    for (int i = 0; i < TF_KEY_SIZE; i++) {
        root[i] = (uint8_t)chain_random(&seed);
    }
    if (tf_secret_begin(&error) || tf_site_key_write(arguments[1], root, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    tf_site_key_of(root, &key);
    tf_db *db = chain_open(arguments[1], TF_DB_WRITE);
    chain_fill(db, &key, strtoll(arguments[2], NULL, 10), 10, &seed);
    tf_db_close(db);
    return 0;
}

#include "cli/at_access.h"

tf_status tf_cli_access_open(const char *db_path, tf_cli_access *opened_out, tf_error *error) {
    *opened_out = (tf_cli_access){0};
    opened_out->actor = tf_actor_operator(opened_out->actor_name);
    tf_status status = tf_site_key_load(db_path, &opened_out->key, error);
    if (!status) {
        status = tf_pack_open(NULL, &opened_out->pack, error);
    }
    if (!status) {
        status = tf_db_open(db_path, TF_DB_WRITE, &opened_out->db, error);
    }
    if (!status) {
        status = tf_access_new(opened_out->db, opened_out->pack, &opened_out->key,
                               &opened_out->access, error);
    }
    return status;
}

void tf_cli_access_close(tf_cli_access *opened) {
    tf_access_free(opened->access);
    tf_db_close(opened->db);
    tf_pack_free(opened->pack);
    tf_secret_forget(&opened->key, sizeof opened->key);
}

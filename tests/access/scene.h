/* What a test of access stands on: a database with three organisations, the program's own pack, a
 * site key. */
#ifndef TREFOIL_TESTS_ACCESS_SCENE_H
#define TREFOIL_TESTS_ACCESS_SCENE_H

#include "temporary.h"

#include "access/agreement.h"

enum { POLICE = 1, COUNCIL = 2, SCHOOL = 3 };

typedef struct access_scene {
    tf_db *db;
    tf_pack *pack;
    const tf_access_rules *rules;
    tf_site_key key;
    tf_access *access;
} access_scene;

static inline void execute(const access_scene *scene, const char *sql) {
    tf_error error;
    assert_ok(tf_db_execute(scene->db, sql, &error), &error);
}

/* Say that plain SQL has changed what decisions are made from. */
static inline void count_change(const access_scene *scene) {
    tf_error error;
    assert_ok(tf_policy_count_change(scene->db, &error), &error);
}

/* The number that a query gives. */
static inline int64_t number_of(const access_scene *scene, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row = false;
    assert_ok(tf_db_prepare(scene->db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    int64_t number = has_row ? tf_column_at_int(statement, 0) : -1;
    tf_statement_free(statement);
    return number;
}

static inline void open_access_scene(void **state, access_scene *scene) {
    tf_error error;
    uint8_t root[TF_KEY_SIZE] = {7};
    *scene = (access_scene){0};
    tf_site_key_of(root, &scene->key);
    assert_ok(tf_db_open(temporary_path(state, "t.db"), TF_DB_WRITE, &scene->db, &error), &error);
    assert_ok(tf_pack_open(NULL, &scene->pack, &error), &error);
    scene->rules = tf_pack_access_rules(scene->pack);
    assert_ok(tf_access_new(scene->db, scene->pack, &scene->key, &scene->access, &error), &error);
    execute(scene, "INSERT INTO organisation (id, name, kind, contact, created_at) VALUES "
                   "(1, 'Arden Police', 'police', 'data desk, 01632 960001', 0),"
                   "(2, 'Arden Council', 'council', '', 0),"
                   "(3, 'Arden School', 'school', '', 0)");
}

static inline void close_access_scene(access_scene *scene) {
    tf_access_free(scene->access);
    tf_pack_free(scene->pack);
    tf_db_close(scene->db);
}

/* Somebody with a role in an organisation. */
static inline tf_actor actor_of(const access_scene *scene, int64_t account_id,
                                int64_t organisation_id, const char *role) {
    return (tf_actor){.account_id = account_id,
                      .organisation_id = organisation_id,
                      .roles = UINT32_C(1) << tf_access_role(scene->rules, role),
                      .name = "Asha Patel"};
}

#endif

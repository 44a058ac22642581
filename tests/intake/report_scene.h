/* What the tests of reports share: a partnership of two organisations with officers who have keys,
 * reports that were sent, and a look at every byte that lies on the disk. */
#ifndef TREFOIL_TESTS_INTAKE_REPORT_SCENE_H
#define TREFOIL_TESTS_INTAKE_REPORT_SCENE_H

#include "fixture.h"

#include "access/access.h"
#include "access/audit.h"
#include "access/proof_internal.h"
#include "access/reader.h"
#include "intake/answers.h"
#include "intake/receipt.h"
#include "intake/response.h"
#include "intake/triage.h"

#include <dirent.h>

enum { ASHA = 1, TOM = 2, PRAVIN = 3, CERYS = 4, NIA = 5, LATER = 6, ACCOUNTS = 8 };

typedef struct report_scene {
    tf_db *db;
    tf_pack *pack;
    tf_site_key *key; /* stays where it is when the scene is copied */
    tf_access *access;
    tf_arena *arena;
    tf_not_taken why;          /* of the last that was sent */
    tf_actor actors[ACCOUNTS]; /* by account id; [0] is the public */
} report_scene;

static inline void execute(tf_db *db, const char *sql) {
    tf_error error;
    assert_ok(tf_db_execute(db, sql, &error), &error);
}

static inline int64_t ask_int(tf_db *db, const char *sql) {
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(db, sql, &statement, &error), &error);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    assert_true(has_row);
    int64_t value = tf_column_at_int(statement, 0);
    tf_statement_free(statement);
    return value;
}

/* What the program itself does when it changes an account. */
static inline void prove_account(report_scene *scene, int64_t id) {
    tf_error error;
    assert_ok(tf_proof_of_account(scene->access, id, &error), &error);
}

/* An account of its own key pair, with one role, which is confirmed. */
static inline void add_account(report_scene *scene, int64_t id, int64_t organisation_id,
                               const char *name, const char *role) {
    tf_error error;
    tf_actor *actor = &scene->actors[id];
    *actor = (tf_actor){
        .account_id = id, .organisation_id = organisation_id, .name = name, .can_open = true};
    tf_secret_new_pair(actor->public_key, actor->secret_key);
    int index = tf_access_role(tf_pack_access_rules(scene->pack), role);
    assert_true(index >= 0);
    actor->roles = UINT32_C(1) << index;
    tf_statement *statement;
    assert_ok(tf_db_prepare(scene->db,
                            "INSERT INTO account (id, organisation_id, name, email, state, "
                            "public_key, key_generation, confirmed_generation, created_at) "
                            "VALUES (?1, ?2, ?3, ?3 || '@example.org', 'active', ?4, 1, 1, 0)",
                            &statement, &error),
              &error);
    tf_bind_int(statement, 1, id);
    tf_bind_int(statement, 2, organisation_id);
    tf_bind_text(statement, 3, tf_text_of(name));
    tf_bind_bytes(statement, 4, actor->public_key, TF_KEY_SIZE);
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
    char sql[200];
    snprintf(sql, sizeof sql, "INSERT INTO account_role VALUES (%d, '%s')", (int)id, role);
    execute(scene->db, sql);
    prove_account(scene, id);
}

static inline void open_access(report_scene *scene, const char *path) {
    tf_error error;
    assert_ok(tf_db_open(path, TF_DB_WRITE, &scene->db, &error), &error);
    assert_ok(tf_access_new(scene->db, scene->pack, scene->key, &scene->access, &error), &error);
}

/* Asha and Tom are intake officers of the police, which leads; Pravin is a practitioner there;
 * Cerys is an intake officer and Nia a practitioner of the council.  From LATER on there is room
 * for accounts of a test's own. */
static inline report_scene open_scene(void **state) {
    report_scene scene = {0};
    tf_error error;
    uint8_t root[TF_KEY_SIZE] = {7};
    scene.key = malloc(sizeof *scene.key);
    tf_site_key_of(root, scene.key);
    assert_ok(tf_secret_begin(&error), &error);
    assert_ok(tf_pack_open(NULL, &scene.pack, &error), &error);
    open_access(&scene, temporary_path(state, "t.db"));
    scene.arena = tf_arena_new();
    scene.actors[0] = tf_actor_public();
    execute(scene.db, "INSERT INTO organisation (id, name, kind, contact, created_at) VALUES "
                      "(1, 'Arden Police', 'police', 'data desk, 01632 960001', 0),"
                      "(2, 'Arden Council', 'council', '', 0)");
    execute(scene.db, "INSERT INTO setting VALUES ('lead-organisation', '1')");
    add_account(&scene, ASHA, 1, "Asha Patel", "intake-officer");
    add_account(&scene, TOM, 1, "Tom Hughes", "intake-officer");
    add_account(&scene, PRAVIN, 1, "Pravin Shah", "practitioner");
    add_account(&scene, CERYS, 2, "Cerys Vaughan", "intake-officer");
    add_account(&scene, NIA, 2, "Nia Bowen", "practitioner");
    return scene;
}

static inline void close_scene(report_scene *scene) {
    tf_arena_free(scene->arena);
    tf_access_free(scene->access);
    tf_db_close(scene->db);
    tf_pack_free(scene->pack);
    free(scene->key);
}

/* Both may give to the other, to prevent crime, what both categories have. */
static inline void add_agreement(report_scene *scene) {
    execute(scene->db,
            "INSERT INTO agreement (id, title, drafted_by, lawful_basis, condition, assessment, "
            "retention_days, starts_on, review_on, created_at) VALUES (5, 'Intelligence', 1, "
            "'law-enforcement', '', 'DPIA 7', 365, 0, 99999, 0);"
            "INSERT INTO agreement_party (agreement_id, organisation_id, gives, receives, "
            "signed_at, signed_by) VALUES (5, 1, 1, 1, 1, 'A'), (5, 2, 1, 1, 1, 'B');"
            "INSERT INTO agreement_purpose VALUES (5, 'prevent-crime');"
            "INSERT INTO agreement_field VALUES (5, 'intelligence', 'text'),"
            "(5, 'intelligence', 'grading');"
            "UPDATE policy_version SET version = version + 1");
}

/* ---- sending ---- */

static inline tf_answers new_answers(report_scene *scene) {
    tf_error error;
    tf_answers answers;
    const tf_form_definition *form = tf_pack_form_find(scene->pack, tf_text_of("report"));
    assert_non_null(form);
    assert_ok(tf_answers_new(form, TF_ENGLISH, scene->arena, &answers, &error), &error);
    return answers;
}

static inline void answer(report_scene *scene, tf_answers *answers, const char *question,
                          size_t count, const char *const *texts) {
    int index = tf_form_question(answers->form, question);
    assert_true(index >= 0);
    tf_text *values = tf_arena_alloc(scene->arena, count, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        values[i] = tf_text_of(texts[i]);
    }
    answers->values[index] = (tf_answer_texts){values, count};
}

#define ANSWER(scene, answers, question, ...)                                                      \
    answer(scene, answers, question, sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *), \
           (const char *[]){__VA_ARGS__})

/* What must never lie on the disk in the clear. */
static const char secret_details[] = "the zebra-painted van of Quillfeather unloads at midnight";
static const char secret_name[] = "Wilhelmina Prendergast";
static const char secret_telephone[] = "01632 960987";
static const char secret_place[] = "Gallowglass Passage 17";

static inline tf_answers full_answers(report_scene *scene) {
    tf_answers answers = new_answers(scene);
    ANSWER(scene, &answers, "what", "dealing", "child");
    ANSWER(scene, &answers, "child_danger", "not-now");
    ANSWER(scene, &answers, "details", secret_details);
    ANSWER(scene, &answers, "where", secret_place, "52.0123", "-1.2345", "coarse");
    ANSWER(scene, &answers, "when", "regularly");
    ANSWER(scene, &answers, "safe", "yes");
    ANSWER(scene, &answers, "contact", secret_name, secret_telephone, "wilma@example.org");
    return answers;
}

static inline tf_status submit(report_scene *scene, const tf_answers *answers, const char *once,
                               char code[TF_RECEIPT_SIZE], tf_error *error) {
    tf_actor public = tf_actor_public();
    return tf_response_submit(scene->access, &public, answers, tf_text_of(once), code, &scene->why,
                              error);
}

/* Send a report; gives its id. */
static inline int64_t send_report(report_scene *scene, const tf_answers *answers,
                                  char code[TF_RECEIPT_SIZE]) {
    tf_error error;
    assert_ok(submit(scene, answers, NULL, code, &error), &error);
    return ask_int(scene->db, "SELECT max(id) FROM response");
}

static inline tf_report open_report(report_scene *scene, int account, int64_t id) {
    tf_error error;
    tf_report report;
    assert_ok(tf_triage_open(scene->access, &scene->actors[account], NULL, id, true, scene->arena,
                             &report, &error),
              &error);
    return report;
}

static inline const char *answer_of(const tf_report *report, const char *label) {
    for (size_t i = 0; i < report->answer_count; i++) {
        if (strcmp(report->answers[i].label, label) == 0) {
            return report->answers[i].text;
        }
    }
    return NULL;
}

/* ---- bytes on the disk ---- */

static inline bool file_holds(const char *path, const char *text) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    bool found = memmem(bytes, (size_t)size, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

/* Whether any file of the test's folder (the database, its log, what SQLite leaves) holds it. */
static inline bool disk_holds(void **state, const char *text) {
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    bool found = false;
    size_t files = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_type == DT_REG) {
            char path[512];
            files++;
            snprintf(path, sizeof path, "%.200s/%.255s", (char *)*state, entry->d_name);
            found |= file_holds(path, text);
        }
    }
    closedir(folder);
    assert_true(files > 0);
    return found;
}

#endif

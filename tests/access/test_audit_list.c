/* Who may look at the audit, what they see of it, and that the look is entered. */
#include "audit_chain.h"

#include "access/audit_export.h"

/* A site with the program's own pack, two organisations and twenty days of entries. */
typedef struct audit_scene {
    tf_db *db;
    tf_pack *pack;
    tf_site_key key;
    tf_access *access;
    tf_arena *arena;
} audit_scene;

enum { ENTRIES = 400 };

static void open_scene(void **state, audit_scene *scene) {
    tf_error error;
    uint64_t seed = 77;
    *scene = (audit_scene){.key = chain_key(0), .arena = tf_arena_new()};
    scene->db = chain_open(temporary_path(state, "t.db"), TF_DB_WRITE);
    chain_run(scene->db, "INSERT INTO organisation (id, name, kind, created_at) VALUES "
                         "(1, 'Arden Police', 'police', 0), (2, 'Arden Council', 'council', 0)");
    chain_fill(scene->db, &scene->key, ENTRIES, 2, &seed);
    assert_ok(tf_pack_open(NULL, &scene->pack, &error), &error);
    assert_ok(tf_access_new(scene->db, scene->pack, &scene->key, &scene->access, &error), &error);
}

static void close_scene(audit_scene *scene) {
    assert_int_equal(chain_verify(scene->db, &scene->key).fault, TF_AUDIT_SOUND);
    tf_access_free(scene->access);
    tf_pack_free(scene->pack);
    tf_db_close(scene->db);
    tf_arena_free(scene->arena);
}

static tf_actor actor_of(const audit_scene *scene, const char *role, int64_t organisation_id) {
    const tf_access_rules *rules = tf_access_get_rules(scene->access);
    return (tf_actor){.account_id = 70,
                      .organisation_id = organisation_id,
                      .name = "Ewan Price",
                      .roles = UINT32_C(1) << tf_access_role(rules, role)};
}

/* Of a filter, by plain SQL, up to the entries that there were before anybody looked. */
static int64_t count_by(const audit_scene *scene, const char *condition) {
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM audit_entry WHERE id <= %d AND %s", ENTRIES,
             condition);
    return chain_ask(scene->db, sql);
}

static void every_filter_finds_what_plain_sql_finds_page_by_page(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_actor auditor = actor_of(&scene, "auditor", 0);
    int32_t day = tf_audit_day_of(chain_start);
    const struct {
        tf_audit_filter filter;
        const char *condition;
    } cases[] = {
        {{0}, "1"},
        {{.person_id = 2}, "person_id = 2"},
        {{.account_id = 3}, "account_id = 3"},
        {{.organisation_id = 1}, "organisation_id = 1"},
        {{.category = "concern"}, "category = 'concern'"},
        {{.category = "concern", .object_id = 7}, "category = 'concern' AND object_id = 7"},
        {{.action = "consult", .person_id = 1}, "action = 'consult' AND person_id = 1"},
        {{.outcome = "emergency"}, "outcome = 'emergency'"},
        {{.outcome = "refused", .account_id = 2}, "outcome = 'refused' AND account_id = 2"},
        {{.from_day = day + 3, .to_day = day + 5}, "at / 86400000000 BETWEEN 19675+3 AND 19675+5"},
        {{.to_day = day}, "at / 86400000000 <= 19675"},
        {{.from_day = day + 3, .person_id = 1}, "at / 86400000000 >= 19678 AND person_id = 1"},
        {{.to_day = day - 1}, "0"},
        {{.category = "no such", .to_day = day + 9}, "0"},
    };
    assert_int_equal(day, 19675);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t count = 0, last = INT64_MAX, older_than = ENTRIES + 1;
        do {
            tf_error error;
            tf_audit_page page;
            assert_ok(tf_audit_list(scene.access, &auditor, &cases[i].filter, older_than, 7,
                                    scene.arena, &page, &error),
                      &error);
            assert_true(page.count == 7 || !page.older_than);
            for (size_t entry = 0; entry < page.count; entry++) {
                assert_true(page.entries[entry].id < last);
                last = page.entries[entry].id;
            }
            count += (int64_t)page.count;
            older_than = page.older_than;
        } while (older_than);
        assert_int_equal(count, count_by(&scene, cases[i].condition));
    }
    close_scene(&scene);
}

static void an_entry_is_shown_as_it_was_entered(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_actor auditor = actor_of(&scene, "auditor", 0);
    tf_error error;
    tf_actor actor = {.account_id = 9, .organisation_id = 2, .name = "Asha Patel"};
    tf_audit_note note = {.action = "disclose",
                          .category = "case",
                          .object_id = 1001,
                          .person_id = 4001,
                          .purpose = "safeguard",
                          .agreement_id = 3,
                          .recipients = "Arden School",
                          .outcome = TF_OUTCOME_EMERGENCY,
                          .detail = "a child was at risk"};
    assert_ok(tf_access_begin(scene.access, &error), &error);
    assert_ok(
        tf_access_end(scene.access, tf_access_note(scene.access, &actor, &note, &error), &error),
        &error);
    tf_audit_filter filter = {.person_id = 4001};
    tf_audit_page page;
    assert_ok(tf_audit_list(scene.access, &auditor, &filter, 0, 10, scene.arena, &page, &error),
              &error);
    /* The look itself is the newest. */
    assert_int_equal(page.count, 2);
    assert_string_equal(page.entries[0].category, "audit");
    assert_string_equal(page.entries[0].action, "consult");
    assert_string_equal(page.entries[0].purpose, "oversight");
    assert_int_equal(page.entries[0].account_id, 70);
    assert_int_equal(page.entries[0].person_id, 4001);
    const tf_audit_entry *entry = &page.entries[1];
    assert_int_equal(entry->id, ENTRIES + 1);
    assert_int_equal(entry->account_id, 9);
    assert_int_equal(entry->organisation_id, 2);
    assert_string_equal(entry->organisation, "Arden Council");
    assert_string_equal(entry->actor, "Asha Patel");
    assert_string_equal(entry->action, "disclose");
    assert_string_equal(entry->category, "case");
    assert_int_equal(entry->object_id, 1001);
    assert_string_equal(entry->purpose, "safeguard");
    assert_int_equal(entry->agreement_id, 3);
    assert_string_equal(entry->recipients, "Arden School");
    assert_string_equal(entry->outcome, "emergency");
    assert_string_equal(entry->detail, "a child was at risk");
    close_scene(&scene);
}

static void whoever_may_not_read_the_audit_is_refused_and_that_is_entered(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_error error;
    tf_audit_page page;
    tf_audit_filter all = {0}, own = {.reach = 1}, others = {.reach = 2};
    tf_actor practitioner = actor_of(&scene, "practitioner", 1);
    tf_actor lead = actor_of(&scene, "data-lead", 1);
    assert_int_equal(
        tf_audit_list(scene.access, &practitioner, &all, 0, 5, scene.arena, &page, &error),
        TF_REFUSED);
    assert_int_equal(page.count, 0);
    assert_int_equal(tf_audit_list(scene.access, &lead, &all, 0, 5, scene.arena, &page, &error),
                     TF_REFUSED);
    assert_int_equal(tf_audit_list(scene.access, &lead, &others, 0, 5, scene.arena, &page, &error),
                     TF_REFUSED);
    assert_int_equal(chain_ask(scene.db, "SELECT count(*) FROM audit_entry WHERE id > 400 AND "
                                         "outcome = 'refused' AND category = 'audit'"),
                     3);
    assert_int_equal(tf_audit_reach(scene.access, &practitioner), -1);
    assert_int_equal(tf_audit_reach(scene.access, &lead), 1);
    tf_actor auditor = actor_of(&scene, "auditor", 2);
    assert_int_equal(tf_audit_reach(scene.access, &auditor), 0);
    assert_ok(tf_audit_list(scene.access, &lead, &own, 0, 5, scene.arena, &page, &error), &error);
    assert_int_equal(page.count, 5);
    for (size_t i = 0; i < page.count; i++) {
        assert_int_equal(page.entries[i].organisation_id, 1);
    }
    close_scene(&scene);
}

/* Somebody's reading of one thing. */
static void enter_reading(const audit_scene *scene, int64_t organisation_id, const char *category,
                          int64_t id, tf_outcome outcome) {
    tf_error error;
    tf_actor actor = {.account_id = 90, .organisation_id = organisation_id, .name = "Cerys Morgan"};
    tf_audit_note note = {
        .action = "consult", .category = category, .object_id = id, .outcome = outcome};
    assert_ok(tf_access_begin(scene->access, &error), &error);
    assert_ok(
        tf_access_end(scene->access, tf_access_note(scene->access, &actor, &note, &error), &error),
        &error);
}

static int64_t entries_of(const audit_scene *scene, const tf_actor *actor,
                          const tf_audit_filter *filter) {
    tf_error error;
    tf_audit_page page;
    assert_ok(tf_audit_list(scene->access, actor, filter, 0, 50, scene->arena, &page, &error),
              &error);
    int64_t count = 0;
    for (size_t i = 0; i < page.count; i++) {
        count += page.entries[i].account_id == 90;
    }
    return count;
}

static void whoever_gave_something_learns_who_reads_it(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_actor police = actor_of(&scene, "data-lead", 1);
    tf_actor council = actor_of(&scene, "data-lead", 2);
    chain_run(scene.db,
              "INSERT INTO organisation (id, name, kind, created_at, ended_on, successor_id) "
              "VALUES (3, 'Old Arden Police', 'police', 0, 5, 1);"
              "INSERT INTO account (id, organisation_id, name, email, state, created_at) VALUES "
              "(7001, 1, 'x', 'x@example.org', 'active', 0);"
              "INSERT INTO response (id, form, version, category, organisation_id, received_at, "
              "urgency, urgency_title, retention_days, state) VALUES "
              "(5001, 'x', 1, 'concern', 1, 0, 1, 'x', 1, 'new'),"
              "(5002, 'x', 1, 'case', 2, 0, 1, 'x', 1, 'new');"
              "INSERT INTO intelligence (id, organisation_id, version, state, author_id, "
              "created_at, source, information, handling) VALUES "
              "(6001, 1, 1, 'submitted', 7001, 0, '1', 'A', 'P'),"
              "(6002, 3, 1, 'submitted', 7001, 0, '1', 'A', 'P'),"
              "(6003, 2, 1, 'submitted', 7001, 0, '1', 'A', 'P')");
    const struct {
        const char *category;
        int64_t id;
        bool is_of_police;
    } cases[] = {{"concern", 5001, true},      {"case", 5001, false},
                 {"case", 5002, false},        {"intelligence", 6001, true},
                 {"intelligence", 6002, true}, {"intelligence", 6003, false},
                 {"account", 7001, true},      {"account", 6001, false}};
    tf_audit_filter reach = {.reach = 1}, councils = {.reach = 2};
    int64_t all = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enter_reading(&scene, 2, cases[i].category, cases[i].id, TF_OUTCOME_DONE);
        enter_reading(&scene, 2, cases[i].category, cases[i].id, TF_OUTCOME_REFUSED);
        tf_audit_filter one = {.reach = 1, .category = cases[i].category, .object_id = cases[i].id};
        all += cases[i].is_of_police ? 2 : 0;
        assert_int_equal(entries_of(&scene, &police, &one), cases[i].is_of_police ? 2 : 0);
        assert_int_equal(entries_of(&scene, &police, &reach), all);
    }
    /* The readers' organisation has them too, as what its own people did. */
    assert_int_equal(entries_of(&scene, &council, &councils), 2 * sizeof cases / sizeof *cases);
    close_scene(&scene);
}

static int64_t entries_in_all(const audit_scene *scene) {
    return chain_ask(scene->db, "SELECT count(*) FROM audit_entry");
}

static void who_saw_one_thing_is_told_to_whom_the_rules_let_know(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_error error;
    tf_audit_look seen;
    int64_t id = chain_ask(scene.db, "SELECT object_id FROM audit_entry WHERE category = 'concern' "
                                     "AND object_id > 0 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
    tf_object concern = {
        .category = tf_access_category_of(scene.access, "concern"), .id = id, .organisation_id = 1};
    char condition[80];
    snprintf(condition, sizeof condition, "category = 'concern' AND object_id = %d", (int)id);
    int64_t there = count_by(&scene, condition);
    assert_true(id > 0 && there > 0);
    const struct {
        const char *role;
        int64_t organisation_id;
        bool may;
    } cases[] = {{"auditor", 2, true},        {"data-lead", 1, true},      {"data-lead", 2, false},
                 {"administrator", 1, false}, {"intake-officer", 1, true}, /* who may open it */
                 {"intake-officer", 2, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_actor actor = actor_of(&scene, cases[i].role, cases[i].organisation_id);
        int64_t before = entries_in_all(&scene);
        assert_ok(tf_audit_about(scene.access, &actor, &concern, 50, scene.arena, &seen, &error),
                  &error);
        assert_int_equal(seen.may, cases[i].may);
        assert_int_equal(entries_in_all(&scene) - before, cases[i].may);
        assert_int_equal(seen.entries.count, cases[i].may ? there : 0);
        for (size_t entry = 0; entry < seen.entries.count; entry++) {
            assert_string_equal(seen.entries.entries[entry].category, "concern");
            assert_int_equal(seen.entries.entries[entry].object_id, id);
        }
    }
    close_scene(&scene);
}

static void a_holder_is_told_who_saw_the_own_account_and_no_other(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_error error;
    tf_audit_look seen;
    tf_object account = {
        .category = tf_access_category_of(scene.access, "account"), .id = 70, .organisation_id = 1};
    tf_actor holder = actor_of(&scene, "practitioner", 1);
    tf_actor administrator = actor_of(&scene, "administrator", 1);
    administrator.account_id = 71;
    administrator.name = "Ada Lowe";
    assert_ok(tf_access_begin(scene.access, &error), &error);
    assert_ok(tf_access_end(scene.access,
                            tf_access_enter(scene.access, &administrator, TF_ACTION_CONSULT,
                                            &account, NULL, NULL, NULL, &error),
                            &error),
              &error);
    for (int look = 0; look < 3; look++) { /* the looks themselves are never in the list */
        assert_ok(tf_audit_about(scene.access, &holder, &account, 5, scene.arena, &seen, &error),
                  &error);
        assert_true(seen.may);
        assert_int_equal(seen.entries.count, 1);
        assert_string_equal(seen.entries.entries[0].actor, "Ada Lowe");
    }
    /* The same number of another category is not the account. */
    tf_object concern = {
        .category = tf_access_category_of(scene.access, "concern"), .id = 70, .organisation_id = 1};
    assert_ok(tf_audit_about(scene.access, &holder, &concern, 5, scene.arena, &seen, &error),
              &error);
    assert_false(seen.may);
    account.id = 71;
    assert_ok(tf_audit_about(scene.access, &holder, &account, 5, scene.arena, &seen, &error),
              &error);
    assert_false(seen.may);
    tf_actor nobody = tf_actor_public();
    account.id = 0;
    assert_ok(tf_audit_about(scene.access, &nobody, &account, 5, scene.arena, &seen, &error),
              &error);
    assert_false(seen.may);
    close_scene(&scene);
}

/* ---- exports ---- */

static tf_status keep(void *context, tf_text bytes, tf_error *error) {
    tf_buffer *all = context;
    assert_true(bytes.length < 80 * 1024);
    tf_buffer_append(all, bytes.data, bytes.length);
    return tf_buffer_check(all, error);
}

static int64_t count_lines(const tf_buffer *text) {
    int64_t count = 0;
    for (size_t i = 0; i < text->length; i++) {
        count += text->data[i] == '\n';
    }
    return count;
}

static void an_export_says_whom_it_is_for_before_anything_is_given(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_actor auditor = actor_of(&scene, "auditor", 0);
    tf_actor practitioner = actor_of(&scene, "practitioner", 1);
    tf_error error;
    tf_audit_filter filter = {.person_id = 2};
    tf_buffer text;
    tf_buffer_init(&text);
    assert_int_equal(
        tf_audit_export(scene.access, &auditor, &filter, TF_AUDIT_CSV, " ", keep, &text, &error),
        TF_BAD_INPUT);
    assert_int_equal(tf_audit_export(scene.access, &practitioner, &filter, TF_AUDIT_CSV, "himself",
                                     keep, &text, &error),
                     TF_REFUSED);
    assert_int_equal(text.length, 0);
    assert_ok(tf_audit_export(scene.access, &auditor, &filter, TF_AUDIT_CSV, "the inspector", keep,
                              &text, &error),
              &error);
    /* The header, and besides what was there both the refusal and the export itself. */
    assert_int_equal(count_lines(&text), 1 + count_by(&scene, "person_id = 2") + 2);
    assert_int_equal(chain_ask(scene.db, "SELECT count(*) FROM audit_entry WHERE action = "
                                         "'disclose' AND category = 'audit' AND person_id = 2 AND "
                                         "recipients = 'the inspector' AND outcome = 'done'"),
                     1);
    tf_buffer_deinit(&text);
    close_scene(&scene);
}

static void an_export_is_oldest_first_in_the_form_that_was_asked_for(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_actor auditor = actor_of(&scene, "auditor", 0);
    tf_error error;
    tf_actor actor = {.account_id = 9, .organisation_id = 2, .name = "=Asha \"A\", Patel"};
    tf_audit_note note = {.action = "consult", .category = "case", .person_id = 4001};
    assert_ok(tf_access_begin(scene.access, &error), &error);
    assert_ok(
        tf_access_end(scene.access, tf_access_note(scene.access, &actor, &note, &error), &error),
        &error);
    tf_audit_filter filter = {.person_id = 4001, .action = "consult"};
    tf_buffer text;
    tf_buffer_init(&text);
    assert_ok(
        tf_audit_export(scene.access, &auditor, &filter, TF_AUDIT_CSV, "x", keep, &text, &error),
        &error);
    static const char csv[] =
        "entry,time,account,organisation,actor,action,category,object,person,purpose,agreement,"
        "recipients,outcome,detail,hash\r\n401,";
    assert_memory_equal(text.data, csv, sizeof csv - 1);
    assert_non_null(strstr(text.data, "Z,9,2,\"'=Asha \"\"A\"\", Patel\",\"consult\",\"case\",0,"
                                      "4001,,0,,\"done\",,"));
    text.length = 0;
    assert_ok(
        tf_audit_export(scene.access, &auditor, &filter, TF_AUDIT_JSONL, "x", keep, &text, &error),
        &error);
    assert_non_null(strstr(text.data, "\"account\":9,\"organisation\":2,\"actor\":\"=Asha "
                                      "\\\"A\\\", Patel\",\"action\":\"consult\",\"category\":"
                                      "\"case\",\"object\":0,\"person\":4001,\"purpose\":null,"));
    text.length = 0;
    filter = (tf_audit_filter){0};
    assert_ok(
        tf_audit_export(scene.access, &auditor, &filter, TF_AUDIT_JSONL, "x", keep, &text, &error),
        &error);
    assert_int_equal(count_lines(&text), ENTRIES + 4);
    assert_memory_equal(text.data, "{\"entry\":1,", 11);
    tf_buffer_deinit(&text);
    close_scene(&scene);
}

static tf_status refuse(void *context, tf_text bytes, tf_error *error) {
    (void)context;
    (void)bytes;
    return tf_fail(error, TF_IO, NULL, 0, "the disk is full");
}

static void an_export_that_cannot_be_written_ends_and_stays_entered(void **state) {
    audit_scene scene;
    open_scene(state, &scene);
    tf_actor auditor = actor_of(&scene, "auditor", 0);
    tf_error error;
    tf_audit_filter filter = {0};
    assert_int_equal(
        tf_audit_export(scene.access, &auditor, &filter, TF_AUDIT_CSV, "x", refuse, NULL, &error),
        TF_IO);
    assert_false(tf_db_is_in_transaction(scene.db));
    assert_int_equal(chain_ask(scene.db, "SELECT max(id) FROM audit_entry"), ENTRIES + 1);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(every_filter_finds_what_plain_sql_finds_page_by_page),
        temporary_test(an_entry_is_shown_as_it_was_entered),
        temporary_test(whoever_may_not_read_the_audit_is_refused_and_that_is_entered),
        temporary_test(whoever_gave_something_learns_who_reads_it),
        temporary_test(who_saw_one_thing_is_told_to_whom_the_rules_let_know),
        temporary_test(a_holder_is_told_who_saw_the_own_account_and_no_other),
        temporary_test(an_export_says_whom_it_is_for_before_anything_is_given),
        temporary_test(an_export_is_oldest_first_in_the_form_that_was_asked_for),
        temporary_test(an_export_that_cannot_be_written_ends_and_stays_entered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "emergency.h"

#include "trefoil/base/date.h"

#define COLUMNS                                                                                    \
    "e.id, e.at, e.account_id, e.organisation_id, e.object_id, e.person_id, e.actor, e.category,"  \
    " e.purpose, e.detail"
#define OPEN                                                                                       \
    " FROM audit_entry AS e WHERE e.outcome = 'emergency'"                                         \
    " AND e.id NOT IN (SELECT entry_id FROM emergency_review)"

static tf_status take(tf_statement *statement, tf_arena *arena, tf_emergency *emergency,
                      tf_error *error) {
    *emergency = (tf_emergency){
        .entry_id = tf_column_at_int(statement, 0),
        .at = tf_column_at_int(statement, 1),
        .account_id = tf_column_at_int(statement, 2),
        .organisation_id = tf_column_at_int(statement, 3),
        .object_id = tf_column_at_int(statement, 4),
        .person_id = tf_column_at_int(statement, 5),
    };
    const char **const texts[] = {&emergency->actor, &emergency->category, &emergency->purpose,
                                  &emergency->justification};
    for (int i = 0; i < 4; i++) {
        tf_text text = tf_column_at_text(statement, 6 + i);
        if (text.data) {
            *texts[i] = tf_arena_copy_text(arena, text.data, text.length);
            if (!*texts[i]) {
                return tf_fail_no_memory(error);
            }
        }
    }
    return TF_OK;
}

/* Those of an organisation, or of all (0). */
static tf_status read_open(tf_db *db, int64_t organisation_id, tf_arena *arena,
                           tf_emergency **emergencies_out, size_t *count_out, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "SELECT " COLUMNS ", count(*) OVER ()" OPEN
                                     " AND ?1 IN (0, e.organisation_id) ORDER BY e.id",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, organisation_id);
    }
    tf_emergency *emergencies = NULL;
    bool has_row = !status;
    while (!status && has_row) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        if (!emergencies) {
            size_t room = (size_t)tf_column_at_int(statement, 10);
            emergencies = tf_arena_alloc(arena, room, sizeof *emergencies);
        }
        status = emergencies ? take(statement, arena, &emergencies[(*count_out)++], error)
                             : tf_fail_no_memory(error);
    }
    tf_statement_free(statement);
    *emergencies_out = emergencies;
    return status;
}

tf_status tf_emergency_list(tf_access *access, const tf_actor *actor, tf_arena *arena,
                            tf_emergency **emergencies_out, size_t *count_out, tf_error *error) {
    *emergencies_out = NULL;
    *count_out = 0;
    tf_object object = {.category = tf_access_category_of(access, "audit")};
    tf_audit_note note = {.detail = "emergencies"};
    tf_status status = tf_access_begin(access, error);
    if (!status && !tf_access_ask(access, actor, TF_ACTION_CONSULT, &object, NULL).is_allowed) {
        object.organisation_id = actor->organisation_id;
    }
    if (!status) {
        status =
            tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, &note, NULL, error);
    }
    if (!status) {
        status = read_open(tf_access_db(access), object.organisation_id, arena, emergencies_out,
                           count_out, error);
    }
    return tf_access_end(access, status, error);
}

/* ---- reviewing ---- */

static tf_status read_entry(tf_db *db, int64_t entry_id, tf_emergency *emergency_out,
                            bool *is_reviewed_out, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(
        db,
        "SELECT account_id, organisation_id, EXISTS (SELECT 1 FROM emergency_review"
        " WHERE entry_id = e.id) FROM audit_entry AS e WHERE id = ?1 AND outcome = 'emergency'",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, entry_id);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        emergency_out->account_id = tf_column_at_int(statement, 0);
        emergency_out->organisation_id = tf_column_at_int(statement, 1);
        *is_reviewed_out = tf_column_at_int(statement, 2) != 0;
    } else if (!status) {
        status =
            tf_fail(error, TF_NOT_FOUND, NULL, 0,
                    "entry %lld of the audit is no access in an emergency", (long long)entry_id);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status write_review(tf_db *db, const tf_actor *actor, int64_t entry_id, bool was_right,
                              tf_text finding, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "INSERT INTO emergency_review (entry_id, reviewed_at,"
                                     " account_id, reviewer, was_right, finding)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, entry_id);
        tf_bind_int(statement, 2, tf_instant_now());
        tf_bind_int(statement, 3, actor->account_id);
        tf_bind_text(statement, 4, tf_text_of(actor->name ? actor->name : ""));
        tf_bind_int(statement, 5, was_right);
        tf_bind_text(statement, 6, finding);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_emergency_review(tf_access *access, const tf_actor *actor, int64_t entry_id,
                              bool was_right, const char *finding, tf_error *error) {
    tf_text words = tf_text_trim(tf_text_of(finding));
    if (words.length == 0 || !tf_text_is_utf8(words) || tf_text_width(words) > 2000) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "say what you found, in at most 2,000 characters");
    }
    tf_emergency emergency = {0};
    bool is_reviewed = false;
    tf_object object = {.category = tf_access_category_of(access, "audit"), .id = entry_id};
    tf_audit_note note = {.detail = was_right ? "review: right" : "review: wrong"};
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = read_entry(tf_access_db(access), entry_id, &emergency, &is_reviewed, error);
    }
    object.organisation_id = emergency.organisation_id;
    if (!status) {
        status =
            tf_access_enter(access, actor, TF_ACTION_COLLECT, &object, NULL, &note, NULL, error);
    }
    if (!status && actor->account_id && actor->account_id == emergency.account_id) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "somebody else has to review what you did yourself");
    }
    if (!status && is_reviewed) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "entry %lld has been reviewed already",
                         (long long)entry_id);
    }
    if (!status) {
        status = write_review(tf_access_db(access), actor, entry_id, was_right, words, error);
    }
    return tf_access_end(access, status, error);
}

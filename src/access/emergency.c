#include "emergency.h"

#include "audit_select_internal.h"

#include "trefoil/base/date.h"

/* All of them, with the name of the reader's organisation and the number of the owner's. */
#define SELECT                                                                                     \
    "SELECT audit_entry.id, audit_entry.at, audit_entry.account_id, audit_entry.organisation_id, " \
    "audit_entry.object_id, audit_entry.person_id, coalesce(" TF_AUDIT_OWNER ", 0), "              \
    "EXISTS (SELECT 1 FROM emergency_review WHERE entry_id = audit_entry.id), audit_entry.actor, " \
    "audit_entry.category, audit_entry.purpose, audit_entry.detail, "                              \
    "coalesce((SELECT name FROM organisation AS o WHERE o.id = audit_entry.organisation_id), "     \
    "''), "                                                                                        \
    "count(*) OVER () FROM audit_entry WHERE audit_entry.outcome = 'emergency'"
enum { REVIEWED_COLUMN = 7, FIRST_TEXT_COLUMN = 8, COUNT_COLUMN = 13 };

static tf_status take(tf_statement *statement, tf_arena *arena, tf_emergency *emergency,
                      tf_error *error) {
    *emergency = (tf_emergency){
        .entry_id = tf_column_at_int(statement, 0),
        .at = tf_column_at_int(statement, 1),
        .account_id = tf_column_at_int(statement, 2),
        .organisation_id = tf_column_at_int(statement, 3),
        .object_id = tf_column_at_int(statement, 4),
        .person_id = tf_column_at_int(statement, 5),
        .owner_id = tf_column_at_int(statement, 6),
    };
    const char **const texts[] = {&emergency->actor, &emergency->category, &emergency->purpose,
                                  &emergency->justification, &emergency->organisation};
    for (int i = 0; i < 5; i++) {
        tf_text text = tf_column_at_text(statement, FIRST_TEXT_COLUMN + i);
        if (text.data) {
            *texts[i] = tf_arena_copy_text(arena, text.data, text.length);
            if (!*texts[i]) {
                return tf_fail_no_memory(error);
            }
        }
    }
    return TF_OK;
}

/* Whether the actor is the reader, or of the reader's organisation. */
static bool is_readers_side(tf_access *access, const tf_actor *actor,
                            const tf_emergency *emergency) {
    return (actor->account_id && actor->account_id == emergency->account_id) ||
           tf_access_is_own(access, actor, emergency->organisation_id);
}

/* What takes a name from the policy, and whether the actor is to review it. */
static tf_status add_owner(tf_access *access, const tf_actor *actor, tf_arena *arena,
                           tf_emergency *emergency, tf_error *error) {
    tf_owner owner;
    tf_status status = tf_access_owner(access, emergency->owner_id, &owner, error);
    if (status) {
        return status;
    }
    emergency->owner = tf_arena_copy_text(arena, owner.name, strlen(owner.name));
    tf_object object = tf_audit_object(access, emergency->owner_id, 0);
    emergency->may_review =
        tf_access_ask(access, actor, TF_ACTION_COLLECT, &object, NULL).is_allowed &&
        !is_readers_side(access, actor, emergency);
    return emergency->owner ? TF_OK : tf_fail_no_memory(error);
}

/* Those of an organisation, as reader or as owner, or of all (0). */
static tf_status prepare_open(tf_access *access, int64_t organisation_id, tf_buffer *estate,
                              tf_statement **statement_out, tf_error *error) {
    tf_status status = tf_access_estate(access, organisation_id, estate, error);
    if (!status) {
        status = tf_db_prepare(
            tf_access_db(access),
            SELECT
            " AND audit_entry.id NOT IN (SELECT entry_id FROM emergency_review)"
            " AND (?1 = 0 OR audit_entry.organisation_id IN (SELECT value FROM json_each(?2))"
            " OR " TF_AUDIT_OWNER " IN (SELECT value FROM json_each(?2)))"
            " ORDER BY audit_entry.id",
            statement_out, error);
    }
    if (!status) {
        tf_bind_int(*statement_out, 1, organisation_id);
        tf_bind_text(*statement_out, 2, (tf_text){estate->data, estate->length});
    }
    return status;
}

static tf_status read_open(tf_access *access, const tf_actor *actor, int64_t organisation_id,
                           tf_arena *arena, tf_emergency **emergencies_out, size_t *count_out,
                           tf_error *error) {
    tf_buffer estate;
    tf_buffer_init(&estate);
    tf_statement *statement = NULL;
    tf_status status = prepare_open(access, organisation_id, &estate, &statement, error);
    tf_emergency *emergencies = NULL;
    size_t count = 0;
    bool has_row = !status;
    while (!status && has_row) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        if (!emergencies) {
            size_t room = (size_t)tf_column_at_int(statement, COUNT_COLUMN);
            emergencies = tf_arena_alloc(arena, room, sizeof *emergencies);
        }
        status = emergencies ? take(statement, arena, &emergencies[count++], error)
                             : tf_fail_no_memory(error);
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&estate);
    for (size_t i = 0; !status && i < count; i++) {
        status = add_owner(access, actor, arena, &emergencies[i], error);
    }
    *emergencies_out = emergencies;
    *count_out = count;
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
        status = read_open(access, actor, object.organisation_id, arena, emergencies_out, count_out,
                           error);
    }
    return tf_access_end(access, status, error);
}

/* ---- reviewing ---- */

static tf_status read_entry(tf_db *db, int64_t entry_id, tf_arena *arena,
                            tf_emergency *emergency_out, bool *is_reviewed_out, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, SELECT " AND audit_entry.id = ?1", &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, entry_id);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        status = take(statement, arena, emergency_out, error);
        *is_reviewed_out = tf_column_at_int(statement, REVIEWED_COLUMN) != 0;
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

static tf_status review(tf_access *access, const tf_actor *actor, int64_t entry_id, bool was_right,
                        tf_text finding, tf_arena *arena, tf_error *error) {
    tf_emergency emergency = {0};
    bool is_reviewed = false;
    tf_status status =
        read_entry(tf_access_db(access), entry_id, arena, &emergency, &is_reviewed, error);
    if (status) {
        return status;
    }
    tf_object object = tf_audit_object(access, emergency.owner_id, 0);
    object.id = entry_id;
    tf_audit_note note = {.detail = was_right ? "review: right" : "review: wrong"};
    status = tf_access_enter(access, actor, TF_ACTION_COLLECT, &object, NULL, &note, NULL, error);
    if (!status && is_readers_side(access, actor, &emergency)) {
        status =
            tf_fail(error, TF_REFUSED, NULL, 0,
                    "your own organisation read this, so that somebody else has to review it: "
                    "a data lead of whom it belongs to, or an auditor of another organisation");
    }
    if (!status && is_reviewed) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "entry %lld has been reviewed already",
                         (long long)entry_id);
    }
    return status ? status
                  : write_review(tf_access_db(access), actor, entry_id, was_right, finding, error);
}

tf_status tf_emergency_review(tf_access *access, const tf_actor *actor, int64_t entry_id,
                              bool was_right, const char *finding, tf_error *error) {
    tf_text words = tf_text_trim(tf_text_of(finding));
    if (words.length == 0 || !tf_text_is_utf8(words) || tf_text_width(words) > 2000) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "say what you found, in at most 2,000 characters");
    }
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? tf_access_begin_durable(access, error) : tf_fail_no_memory(error);
    if (!status) {
        status = tf_access_end(
            access, review(access, actor, entry_id, was_right, words, arena, error), error);
    }
    tf_arena_free(arena);
    return status;
}

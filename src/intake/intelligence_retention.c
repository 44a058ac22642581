/* How long intelligence is kept: a review when its time is over, and what a review has ended. */
#include "intelligence_internal.h"
#include "retention.h"

#include "trefoil/base/date.h"

bool tf_intelligence_is_due(const tf_intelligence_line *line, int64_t now) {
    return line->review_at && line->review_at <= now && !line->disposed_at && !line->erased_at;
}

/* ---- a review ---- */

/* Keep it in `group` until the group's time is over again; NULL: to be erased. */
static tf_status write_review(tf_db *db, int64_t id, const tf_retention_group *group, int64_t now,
                              tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        db,
        group ? "UPDATE intelligence SET retention = ?3, review_at = ?4, disposed_at = NULL "
                "WHERE id = ?1 AND ?2 = ?2"
              : "UPDATE intelligence SET disposed_at = ?2 WHERE id = ?1 AND ?3 IS NULL AND ?4 = ?4",
        &statement, error);
    if (!status) {
        int64_t days = group ? group->review_days : 0;
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, now);
        tf_bind_text(statement, 3, group ? tf_text_of(group->name) : (tf_text){0});
        tf_bind_int(statement, 4, now + days * TF_MICROSECONDS_A_DAY);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_intelligence_begin_keeping(tf_access *access, int64_t id, int64_t now,
                                        tf_error *error) {
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(access));
    return write_review(tf_access_db(access), id, &words->retention[0], now, error);
}

/* One review: in a group, or none: not kept. */
typedef struct verdict {
    tf_access *access;
    const tf_actor *actor;
    int64_t id;
    const tf_retention_group *group;
} verdict;

/* Not to keep something is decided as erasing it. */
static tf_status review(const verdict *given, tf_arena *arena, tf_error *error) {
    tf_intelligence_line line;
    tf_text locked;
    tf_status status = tf_intelligence_get(given->access, given->id, arena, &line, &locked, error);
    if (status) {
        return status;
    }
    tf_object object = tf_intelligence_object(given->access, &line);
    tf_audit_note note = {.detail = given->group         ? "review: kept"
                                    : !line.is_submitted ? "draft discarded"
                                                         : "review: not kept"};
    tf_action action = given->group ? TF_ACTION_ALTER : TF_ACTION_ERASE;
    status =
        tf_access_enter(given->access, given->actor, action, &object, NULL, &note, NULL, error);
    if (!status && (line.erased_at || (given->group && !line.is_submitted))) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "report %lld is %s, and there is nothing of it to review",
                         (long long)given->id, line.erased_at ? "erased" : "a draft");
    }
    return status ? status
                  : write_review(tf_access_db(given->access), given->id, given->group,
                                 tf_instant_now(), error);
}

static tf_status give_verdict(const verdict *given, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    tf_status status =
        arena ? tf_access_begin_durable(given->access, error) : tf_fail_no_memory(error);
    if (!status) {
        status = tf_access_end(given->access, review(given, arena, error), error);
    }
    tf_arena_free(arena);
    return status;
}

tf_status tf_intelligence_keep(tf_access *access, const tf_actor *actor, int64_t id,
                               const char *group_name, tf_error *error) {
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(access));
    verdict given = {.access = access, .actor = actor, .id = id};
    for (size_t i = 0; i < words->retention_count && !given.group; i++) {
        given.group =
            strcmp(words->retention[i].name, group_name) == 0 ? &words->retention[i] : NULL;
    }
    if (!given.group) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "choose for how long the report is kept");
    }
    return give_verdict(&given, error);
}

tf_status tf_intelligence_dispose(tf_access *access, const tf_actor *actor, int64_t id,
                                  tf_error *error) {
    const verdict given = {.access = access, .actor = actor, .id = id};
    return give_verdict(&given, error);
}

/* ---- erasing ---- */

/* The next number that a question gives: ?1 the instant, ?2 the number before it, ?3 for how long a
 * draft is kept.  0 where it gives none. */
static tf_status ask_number(tf_access *access, const char *sql, int64_t now, int64_t after,
                            int64_t *number_out, tf_error *error) {
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(access));
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(tf_access_db(access), sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, now);
        tf_bind_int(statement, 2, after);
        tf_bind_int(statement, 3, words->draft_days * TF_MICROSECONDS_A_DAY);
        status = tf_statement_step(statement, &has_row, error);
    }
    *number_out = !status && has_row ? tf_column_at_int(statement, 0) : 0;
    tf_statement_free(statement);
    return status;
}

/* What a review has ended or its author has discarded, and drafts that nobody has submitted in
 * their time. */
#define NEXT_TO_ERASE                                                                              \
    "SELECT min(id) FROM intelligence WHERE (disposed_at IS NOT NULL OR (state = 'draft' "         \
    "AND created_at + ?3 <= ?1)) AND erased_at IS NULL AND id > ?2"

/* A report of which an organisation still has keys whose time is over by the agreement. */
#define NEXT_TO_TAKE_BACK                                                                          \
    "SELECT min(s.intelligence_id) FROM " TF_SHARES " WHERE s.intelligence_id > ?2 "               \
    "AND " TF_SHARE_ENDS " <= ?1 AND ?3 = ?3 AND EXISTS (SELECT 1 FROM sealed_key AS k "           \
    "JOIN account AS a ON a.id = k.account_id WHERE k.kind = 'intelligence' "                      \
    "AND k.object_id = s.intelligence_id AND a.organisation_id = s.organisation_id)"

#define DUE_FOR_REVIEW                                                                             \
    "SELECT count(*) FROM intelligence WHERE review_at <= ?1 AND disposed_at IS NULL "             \
    "AND erased_at IS NULL AND ?2 = ?2 AND ?3 = ?3"

/* Run a statement on one report: ?1 its id, ?2 the instant. */
static tf_status change(tf_db *db, const char *sql, int64_t id, int64_t now, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db, sql, &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, now);
        status = tf_statement_run(statement, error);
        tf_statement_free(statement);
    }
    return status;
}

/* One run of the purge. */
typedef struct purge {
    tf_access *access;
    const tf_actor *actor;
    int64_t now;
    tf_arena *arena; /* of one report */
    int64_t done;
} purge;

static tf_status enter_erasing(const purge *run, const tf_intelligence_line *line,
                               const char *detail, tf_error *error) {
    tf_object object = tf_intelligence_object(run->access, line);
    tf_audit_note note = {.detail = detail};
    return tf_access_enter(run->access, run->actor, TF_ACTION_ERASE, &object, NULL, &note, NULL,
                           error);
}

/* Erase a report, unless it was kept after all in the meantime.  A correction that was erased as a
 * draft leaves room for another. */
static tf_status erase(purge *run, int64_t id, tf_error *error) {
    tf_db *db = tf_access_db(run->access);
    const tf_triage_words *words = tf_pack_triage_words(tf_access_pack(run->access));
    tf_intelligence_line line;
    tf_text locked;
    tf_status status = tf_intelligence_get(run->access, id, run->arena, &line, &locked, error);
    if (status) {
        return status;
    }
    bool is_over = !line.is_submitted &&
                   line.created_at + words->draft_days * TF_MICROSECONDS_A_DAY <= run->now;
    if (line.erased_at || (!line.disposed_at && !is_over)) {
        return TF_OK;
    }
    status = enter_erasing(run, &line, "retention", error);
    if (!status) {
        status = tf_sealed_forget(db, (tf_sealed){TF_SEALED_INTELLIGENCE, id}, error);
    }
    if (!status) {
        status = change(db,
                        "UPDATE intelligence SET content = NULL, erased_at = ?2, corrects_id = "
                        "CASE WHEN state = 'draft' THEN NULL ELSE corrects_id END WHERE id = ?1",
                        id, run->now, error);
    }
    run->done += !status;
    return status;
}

/* Erase the keys of those organisations whose time with a report is over, unless it was shared with
 * them again in the meantime. */
static tf_status take_back(purge *run, int64_t id, tf_error *error) {
    tf_intelligence_line line;
    tf_text locked;
    tf_status status = tf_intelligence_get(run->access, id, run->arena, &line, &locked, error);
    if (!status) {
        status =
            enter_erasing(run, &line, "retention of the agreement: the receivers' keys", error);
    }
    if (!status) {
        status = change(tf_access_db(run->access),
                        "DELETE FROM sealed_key WHERE kind = 'intelligence' AND object_id = ?1 "
                        "AND account_id IN (SELECT a.id FROM account AS a JOIN " TF_SHARES
                        " AND s.organisation_id = a.organisation_id "
                        "WHERE s.intelligence_id = ?1 AND " TF_SHARE_ENDS " <= ?2)",
                        id, run->now, error);
    }
    run->done += !status;
    return status;
}

/* Each that `next` finds, in a transaction of its own. */
static tf_status erase_each(purge *run, const char *next,
                            tf_status (*work)(purge *run, int64_t id, tf_error *error),
                            tf_error *error) {
    int64_t id = 0;
    run->arena = tf_arena_new();
    tf_status status = run->arena ? ask_number(run->access, next, run->now, 0, &id, error)
                                  : tf_fail_no_memory(error);
    while (!status && id) {
        tf_arena_reset(run->arena);
        status = tf_access_begin_durable(run->access, error);
        if (!status) {
            status = tf_access_end(run->access, work(run, id, error), error);
        }
        if (!status) {
            status = ask_number(run->access, next, run->now, id, &id, error);
        }
    }
    tf_arena_free(run->arena);
    return status;
}

tf_status tf_retention_purge_intelligence(tf_access *access, const tf_actor *actor, int64_t now,
                                          int64_t *erased_out, int64_t *due_out, tf_error *error) {
    purge reports = {.access = access, .actor = actor, .now = now};
    purge shares = reports;
    *due_out = 0;
    tf_status status = erase_each(&reports, NEXT_TO_ERASE, erase, error);
    if (!status) {
        status = erase_each(&shares, NEXT_TO_TAKE_BACK, take_back, error);
    }
    *erased_out = reports.done;
    if (!status) {
        status = ask_number(access, DUE_FOR_REVIEW, now, 0, due_out, error);
    }
    if (reports.done || shares.done) {
        tf_status cleared = tf_db_clear_log(tf_access_db(access), status ? NULL : error);
        status = status ? status : cleared;
    }
    return status;
}

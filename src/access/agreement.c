#include "agreement_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

enum { LONGEST_NAME = 200 };

/* ---- whose it is ---- */

/* Whether the actor's organisation is a party, or carries on for one that has ended. */
static bool is_party(tf_access *access, const tf_actor *actor, const tf_agreement *agreement) {
    for (size_t i = 0; i < agreement->terms.party_count; i++) {
        if (tf_access_is_own(access, actor, agreement->terms.parties[i].organisation_id)) {
            return true;
        }
    }
    return false;
}

/* An agreement belongs to each of its parties, and before any of them has signed to whoever drafted
 * it. */
static tf_object object_of(tf_access *access, const tf_actor *actor,
                           const tf_agreement *agreement) {
    bool is_drafters = tf_agreement_is_open(agreement) || agreement->terms.party_count == 0;
    int64_t owner =
        is_drafters ? agreement->drafted_by : agreement->terms.parties[0].organisation_id;
    return (tf_object){
        .category = tf_access_category_of(access, "agreement"),
        .id = agreement->id,
        .organisation_id = is_party(access, actor, agreement) ? actor->organisation_id : owner,
    };
}

bool tf_agreement_may_change(tf_access *access, const tf_actor *actor,
                             const tf_agreement *agreement) {
    tf_object object = object_of(access, actor, agreement);
    return tf_access_ask(access, actor, TF_ACTION_ALTER, &object, NULL).is_allowed;
}

bool tf_agreement_is_open(const tf_agreement *agreement) {
    bool is_open = agreement->state == TF_AGREEMENT_DRAFT;
    for (size_t i = 0; i < agreement->terms.party_count; i++) {
        is_open = is_open && !agreement->terms.parties[i].signed_at;
    }
    return is_open;
}

/* ---- what comes next ---- */

enum { DAYS_BEFORE_END = 60 };

tf_agreement_attention tf_agreement_attention_of(const tf_agreement *agreement,
                                                 int64_t organisation_id, int64_t now) {
    const tf_agreement_terms *terms = &agreement->terms;
    int32_t today = tf_day_of_instant(now);
    for (size_t i = 0; i < terms->party_count && agreement->state == TF_AGREEMENT_DRAFT; i++) {
        if (terms->parties[i].organisation_id == organisation_id && !terms->parties[i].signed_at) {
            return TF_ATTENTION_SIGN;
        }
    }
    if (agreement->state != TF_AGREEMENT_IN_FORCE) {
        return TF_ATTENTION_NONE;
    }
    if (terms->ends_on != TF_DAY_FOREVER && terms->ends_on - today <= DAYS_BEFORE_END) {
        return TF_ATTENTION_ENDS;
    }
    return agreement->is_review_due ? TF_ATTENTION_REVIEW : TF_ATTENTION_NONE;
}

/* By insertion: there are some dozens of them. */
void tf_agreement_sort(tf_agreement *agreements, size_t count, int64_t organisation_id,
                       int64_t now) {
    for (size_t i = 1; i < count; i++) {
        tf_agreement moved = agreements[i];
        tf_agreement_attention attention = tf_agreement_attention_of(&moved, organisation_id, now);
        size_t j = i;
        for (; j > 0 &&
               tf_agreement_attention_of(&agreements[j - 1], organisation_id, now) < attention;
             j--) {
            agreements[j] = agreements[j - 1];
        }
        agreements[j] = moved;
    }
}

tf_agreement_terms tf_agreement_renewal(const tf_agreement *agreement, int32_t today) {
    tf_agreement_terms terms = agreement->terms;
    int32_t start = terms.starts_on;
    terms.starts_on =
        terms.ends_on != TF_DAY_FOREVER && terms.ends_on >= today ? terms.ends_on + 1 : today;
    terms.review_on += terms.starts_on - start;
    terms.ends_on += terms.ends_on == TF_DAY_FOREVER ? 0 : terms.starts_on - start;
    return terms;
}

/* ---- reading ---- */

static tf_status read_one(tf_access *access, int64_t id, tf_arena *arena,
                          tf_agreement *agreement_out, tf_error *error) {
    tf_agreement *found = NULL;
    size_t count = 0;
    tf_status status = tf_agreement_read(tf_access_db(access), tf_access_get_rules(access),
                                         id > 0 ? id : -1, arena, &found, &count, error);
    if (!status && count == 0) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0,
                         "there is no agreement %lld; list the agreements to see their numbers",
                         (long long)id);
    }
    if (!status) {
        *agreement_out = found[0];
    }
    return status;
}

tf_status tf_agreement_get(tf_access *access, const tf_actor *actor, int64_t id, tf_arena *arena,
                           tf_agreement *agreement_out, tf_error *error) {
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = read_one(access, id, arena, agreement_out, error);
    }
    if (!status) {
        tf_object object = object_of(access, actor, agreement_out);
        status =
            tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, NULL, NULL, error);
    }
    status = tf_access_end(access, status, error);
    if (status) {
        *agreement_out = (tf_agreement){0};
    }
    return status;
}

tf_status tf_agreement_list(tf_access *access, const tf_actor *actor, tf_arena *arena,
                            tf_agreement **agreements_out, size_t *count_out, tf_error *error) {
    *count_out = 0;
    tf_object object = {.category = tf_access_category_of(access, "agreement")};
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status =
            tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, NULL, NULL, error);
    }
    if (!status) {
        status = tf_agreement_read(tf_access_db(access), tf_access_get_rules(access), 0, arena,
                                   agreements_out, count_out, error);
    }
    return tf_access_end(access, status, error);
}

/* ---- writing ---- */

static tf_status delete_parts(tf_db *db, int64_t id, tf_error *error) {
    static const char *const sql[] = {
        "DELETE FROM agreement_party WHERE agreement_id = ?1",
        "DELETE FROM agreement_purpose WHERE agreement_id = ?1",
        "DELETE FROM agreement_field WHERE agreement_id = ?1",
    };
    tf_status status = TF_OK;
    for (size_t i = 0; i < sizeof sql / sizeof *sql && !status; i++) {
        tf_statement *statement = NULL;
        status = tf_db_prepare(db, sql[i], &statement, error);
        if (!status) {
            tf_bind_int(statement, 1, id);
            status = tf_statement_run(statement, error);
        }
        tf_statement_free(statement);
    }
    return status;
}

static tf_status write_parties(tf_db *db, int64_t id, const tf_agreement_terms *terms,
                               tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "INSERT INTO agreement_party (agreement_id, organisation_id,"
                                     " gives, receives) SELECT ?1, id, ?3, ?4 FROM organisation"
                                     " WHERE id = ?2",
                                     &statement, error);
    for (size_t i = 0; i < terms->party_count && !status; i++) {
        const tf_agreement_party *party = &terms->parties[i];
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, party->organisation_id);
        tf_bind_int(statement, 3, party->gives);
        tf_bind_int(statement, 4, party->receives);
        status = tf_statement_run(statement, error);
        if (!status && tf_db_changes(db) == 0) {
            status = tf_fail(error, TF_BAD_INPUT, "parties", 0,
                             "there is no organisation %lld; name the parties by their numbers",
                             (long long)party->organisation_id);
        }
    }
    tf_statement_free(statement);
    return status;
}

static tf_status write_purposes(tf_db *db, const tf_access_rules *rules, int64_t id,
                                uint64_t purposes, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(db, "INSERT INTO agreement_purpose (agreement_id, purpose) VALUES (?1, ?2)",
                      &statement, error);
    for (size_t i = 0; i < rules->purpose_count && !status; i++) {
        if (purposes >> i & 1) {
            tf_bind_int(statement, 1, id);
            tf_bind_text(statement, 2, tf_text_of(rules->purposes[i].name));
            status = tf_statement_run(statement, error);
        }
    }
    tf_statement_free(statement);
    return status;
}

static tf_status write_field(tf_statement *statement, int64_t id, const char *category,
                             const char *field, tf_error *error) {
    tf_bind_int(statement, 1, id);
    tf_bind_text(statement, 2, tf_text_of(category));
    tf_bind_text(statement, 3, tf_text_of(field));
    return tf_statement_run(statement, error);
}

static tf_status write_share(tf_statement *statement, int64_t id, const tf_category *category,
                             uint32_t fields, tf_error *error) {
    tf_status status = TF_OK;
    for (size_t i = 0; i < category->field_count && !status; i++) {
        if (fields >> i & 1) {
            status = write_field(statement, id, category->name, category->fields[i].name, error);
        }
    }
    return status || category->field_count ? status
                                           : write_field(statement, id, category->name, "", error);
}

static tf_status write_parts(tf_access *access, int64_t id, const tf_agreement_terms *terms,
                             tf_error *error) {
    tf_db *db = tf_access_db(access);
    const tf_access_rules *rules = tf_access_get_rules(access);
    tf_status status = write_parties(db, id, terms, error);
    if (!status) {
        status = write_purposes(db, rules, id, terms->purposes, error);
    }
    tf_statement *statement = NULL;
    if (!status) {
        status = tf_db_prepare(
            db, "INSERT INTO agreement_field (agreement_id, category, field) VALUES (?1, ?2, ?3)",
            &statement, error);
    }
    for (size_t i = 0; i < terms->share_count && !status; i++) {
        const tf_agreement_share *share = &terms->shares[i];
        status =
            write_share(statement, id, &rules->categories[share->category], share->fields, error);
    }
    tf_statement_free(statement);
    return status;
}

/* Run a statement whose parameters ?1 to ?9 are the number and the terms; who drafted it and when
 * are ?10 and ?11, where `drafted_by` is not 0. */
static tf_status write_terms(tf_access *access, const char *sql, int64_t id,
                             const tf_agreement_terms *terms, int64_t drafted_by, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(tf_access_db(access), sql, &statement, error);
    if (!status) {
        const char *condition = terms->condition ? terms->condition : "";
        tf_bind_int(statement, 1, id);
        tf_bind_text(statement, 2, tf_text_trim(tf_text_of(terms->title)));
        tf_bind_text(statement, 3, tf_text_of(rules->lawful_bases[terms->lawful_basis].name));
        tf_bind_text(statement, 4, tf_text_trim(tf_text_of(condition)));
        tf_bind_text(statement, 5, tf_text_trim(tf_text_of(terms->assessment)));
        tf_bind_int(statement, 6, terms->retention_days);
        tf_bind_int(statement, 7, terms->starts_on);
        tf_bind_int(statement, 8, terms->review_on);
        if (terms->ends_on == TF_DAY_FOREVER) {
            tf_bind_null(statement, 9);
        } else {
            tf_bind_int(statement, 9, terms->ends_on);
        }
        if (drafted_by) {
            tf_bind_int(statement, 10, drafted_by);
            tf_bind_int(statement, 11, tf_instant_now());
        }
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status ? status : write_parts(access, id, terms, error);
}

/* The end of a change: policies are loaded anew, and all of it is committed, or nothing. */
static tf_status end_change(tf_access *access, tf_status status, tf_error *error) {
    if (!status) {
        status = tf_policy_count_change(tf_access_db(access), error);
    }
    return tf_access_end(access, status, error);
}

static tf_status next_id(tf_db *db, int64_t *id_out, tf_error *error) {
    *id_out = 0;
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status =
        tf_db_prepare(db, "SELECT coalesce(max(id), 0) + 1 FROM agreement", &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        *id_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_agreement_create(tf_access *access, const tf_actor *actor,
                              const tf_agreement_terms *terms, int64_t *id_out, tf_error *error) {
    *id_out = 0;
    tf_object object = {.category = tf_access_category_of(access, "agreement"),
                        .organisation_id = actor->organisation_id};
    if (!object.organisation_id && terms->party_count) {
        object.organisation_id = terms->parties[0].organisation_id;
    }
    tf_audit_note note = {.detail = "draft"};
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = next_id(tf_access_db(access), &object.id, error);
    }
    if (!status) {
        status =
            tf_access_enter(access, actor, TF_ACTION_COLLECT, &object, NULL, &note, NULL, error);
    }
    if (!status) {
        status = tf_agreement_check(tf_access_get_rules(access), terms, error);
    }
    if (!status) {
        status =
            write_terms(access,
                        "INSERT INTO agreement (id, title, lawful_basis, condition, assessment,"
                        " retention_days, starts_on, review_on, ends_on, drafted_by, created_at)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                        object.id, terms, object.organisation_id, error);
    }
    status = end_change(access, status, error);
    if (!status) {
        *id_out = object.id;
    }
    return status;
}

/* Read an agreement and decide on changing it for that organisation (0: the actor's own).  The
 * entry tells `what` is done with which revision. */
static tf_status enter_change(tf_access *access, const tf_actor *actor, int64_t id,
                              int64_t organisation_id, const char *what, tf_arena *arena,
                              tf_agreement *agreement_out, tf_error *error) {
    char detail[LONGEST_NAME + 100];
    tf_status status = read_one(access, id, arena, agreement_out, error);
    if (status) {
        return status;
    }
    tf_object object = object_of(access, actor, agreement_out);
    if (organisation_id) {
        object.organisation_id = organisation_id;
    }
    snprintf(detail, sizeof detail, "revision %lld: %s", (long long)agreement_out->revision, what);
    tf_audit_note note = {.detail = detail};
    return tf_access_enter(access, actor, TF_ACTION_ALTER, &object, NULL, &note, NULL, error);
}

tf_status tf_agreement_change(tf_access *access, const tf_actor *actor, int64_t id,
                              const tf_agreement_terms *terms, tf_error *error) {
    tf_agreement before;
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = enter_change(access, actor, id, 0, "terms replaced", arena, &before, error);
    }
    if (!status) {
        status = tf_agreement_is_open(&before)
                     ? tf_agreement_check(tf_access_get_rules(access), terms, error)
                     : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                               "only a draft that nobody has signed can be changed; end this "
                               "agreement and draft another");
    }
    if (!status) {
        status = delete_parts(tf_access_db(access), id, error);
    }
    if (!status) {
        status =
            write_terms(access,
                        "UPDATE agreement SET title = ?2, lawful_basis = ?3, condition = ?4,"
                        " assessment = ?5, retention_days = ?6, starts_on = ?7, review_on = ?8,"
                        " ends_on = ?9, revision = revision + 1 WHERE id = ?1",
                        id, terms, 0, error);
    }
    tf_arena_free(arena);
    return end_change(access, status, error);
}

/* ---- signing and ending ---- */

static tf_status check_signing(const tf_agreement *agreement, int64_t organisation_id,
                               int64_t revision, tf_error *error) {
    const tf_agreement_party *party = NULL;
    for (size_t i = 0; i < agreement->terms.party_count; i++) {
        if (agreement->terms.parties[i].organisation_id == organisation_id) {
            party = &agreement->terms.parties[i];
        }
    }
    if (!party) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the organisation is no party of agreement %lld, and cannot sign it",
                       (long long)agreement->id);
    }
    if (party->signed_at) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s has signed agreement %lld already",
                       party->name, (long long)agreement->id);
    }
    if (revision && revision != agreement->revision) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the terms of agreement %lld were changed since you read them; read them "
                       "again before you sign",
                       (long long)agreement->id);
    }
    if (agreement->state != TF_AGREEMENT_DRAFT) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "agreement %lld has %s and cannot be signed any more; draft another",
                       (long long)agreement->id, tf_agreement_state_name(agreement->state));
    }
    return TF_OK;
}

static tf_status write_signature(tf_db *db, int64_t id, int64_t organisation_id, tf_text signed_by,
                                 const char *entered_by, tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "UPDATE agreement_party SET signed_at = ?3, signed_by = ?4,"
                                     " entered_by = ?5"
                                     " WHERE agreement_id = ?1 AND organisation_id = ?2",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, organisation_id);
        tf_bind_int(statement, 3, tf_instant_now());
        tf_bind_text(statement, 4, signed_by);
        tf_bind_text(statement, 5, tf_text_of(entered_by));
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_agreement_sign(tf_access *access, const tf_actor *actor, int64_t id,
                            int64_t organisation_id, const char *signed_by, int64_t revision,
                            tf_error *error) {
    tf_agreement agreement;
    tf_text signer = tf_text_trim(tf_text_of(signed_by ? signed_by : actor->name));
    if (signer.length == 0 || signer.length > LONGEST_NAME || !tf_text_is_utf8(signer)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "say who signed, in at most %d characters",
                       LONGEST_NAME);
    }
    char what[LONGEST_NAME + 60];
    snprintf(what, sizeof what, "signature of organisation %lld by %.*s",
             (long long)organisation_id, TF_TEXT_ARG(signer));
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = enter_change(access, actor, id, organisation_id, what, arena, &agreement, error);
    }
    if (!status) {
        status = check_signing(&agreement, organisation_id, revision, error);
    }
    if (!status) {
        status = write_signature(tf_access_db(access), id, organisation_id, signer,
                                 actor->name ? actor->name : "", error);
    }
    tf_arena_free(arena);
    return end_change(access, status, error);
}

static tf_status write_end(tf_db *db, int64_t id, const char *ended_by, tf_text reason,
                           tf_error *error) {
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(db,
                                     "UPDATE agreement SET ended_at = ?2, ended_by = ?3,"
                                     " end_reason = ?4 WHERE id = ?1",
                                     &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, id);
        tf_bind_int(statement, 2, tf_instant_now());
        tf_bind_text(statement, 3, tf_text_of(ended_by));
        tf_bind_text(statement, 4, reason);
        status = tf_statement_run(statement, error);
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_agreement_end(tf_access *access, const tf_actor *actor, int64_t id, const char *reason,
                           tf_error *error) {
    tf_agreement agreement;
    tf_text why = tf_text_trim(tf_text_of(reason));
    if (why.length == 0 || !tf_text_is_utf8(why) || tf_text_width(why) > 2000) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "say why the agreement ends, in at most 2,000 characters");
    }
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = enter_change(access, actor, id, 0, "end", arena, &agreement, error);
    }
    if (!status && agreement.state == TF_AGREEMENT_ENDED) {
        status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0, "agreement %lld was ended before", (long long)id);
    }
    if (!status) {
        status = write_end(tf_access_db(access), id, actor->name ? actor->name : "", why, error);
    }
    tf_arena_free(arena);
    return end_change(access, status, error);
}

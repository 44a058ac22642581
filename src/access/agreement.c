#include "agreement_internal.h"

#include "trefoil/base/date.h"

/* ---- whose it is ---- */

static bool is_party(const tf_agreement *agreement, int64_t organisation_id) {
    for (size_t i = 0; i < agreement->terms.party_count; i++) {
        if (agreement->terms.parties[i].organisation_id == organisation_id) {
            return true;
        }
    }
    return false;
}

/* An agreement belongs to each of its parties. */
static tf_object object_of(const tf_access *access, const tf_actor *actor,
                           const tf_agreement *agreement) {
    return (tf_object){
        .category = tf_access_category_of(access, "agreement"),
        .id = agreement->id,
        .organisation_id = is_party(agreement, actor->organisation_id) ? actor->organisation_id
                                                                       : agreement->drafted_by,
    };
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

static tf_status write_terms(tf_access *access, int64_t id, const tf_agreement_terms *terms,
                             int64_t drafted_by, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    tf_statement *statement = NULL;
    tf_status status =
        tf_db_prepare(tf_access_db(access),
                      "INSERT INTO agreement (id, title, lawful_basis, condition, assessment,"
                      " retention_days, starts_on, review_on, ends_on, drafted_by, created_at)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                      &statement, error);
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
        if (terms->ends_on != TF_DAY_FOREVER) {
            tf_bind_int(statement, 9, terms->ends_on);
        }
        tf_bind_int(statement, 10, drafted_by);
        tf_bind_int(statement, 11, tf_instant_now());
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
        status = write_terms(access, object.id, terms, object.organisation_id, error);
    }
    status = end_change(access, status, error);
    if (!status) {
        *id_out = object.id;
    }
    return status;
}

/* Read an agreement and decide on changing it for that organisation (0: the actor's own). */
static tf_status enter_change(tf_access *access, const tf_actor *actor, int64_t id,
                              int64_t organisation_id, const char *detail, tf_arena *arena,
                              tf_agreement *agreement_out, tf_error *error) {
    tf_status status = read_one(access, id, arena, agreement_out, error);
    if (status) {
        return status;
    }
    tf_object object = object_of(access, actor, agreement_out);
    if (organisation_id) {
        object.organisation_id = organisation_id;
    }
    tf_audit_note note = {.detail = detail};
    return tf_access_enter(access, actor, TF_ACTION_ALTER, &object, NULL, &note, NULL, error);
}

/* ---- signing and ending ---- */

static tf_status check_signing(const tf_agreement *agreement, int64_t organisation_id,
                               tf_error *error) {
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
                            int64_t organisation_id, const char *signed_by, tf_error *error) {
    tf_agreement agreement;
    tf_text signer = tf_text_trim(tf_text_of(signed_by ? signed_by : actor->name));
    if (signer.length == 0 || !tf_text_is_utf8(signer) || tf_text_width(signer) > 200) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "say who signed, in at most 200 characters");
    }
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status =
            enter_change(access, actor, id, organisation_id, "signature", arena, &agreement, error);
    }
    if (!status) {
        status = check_signing(&agreement, organisation_id, error);
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

#include "agreement_internal.h"

#include "trefoil/base/date.h"

static const char *const state_names[TF_AGREEMENT_STATE_COUNT] = {
    [TF_AGREEMENT_DRAFT] = "draft",       [TF_AGREEMENT_SIGNED] = "signed",
    [TF_AGREEMENT_IN_FORCE] = "in force", [TF_AGREEMENT_EXPIRED] = "expired",
    [TF_AGREEMENT_ENDED] = "ended",
};

const char *tf_agreement_state_name(tf_agreement_state state) {
    return state_names[state];
}

tf_agreement_state tf_agreement_state_at(const tf_agreement *agreement, int64_t now) {
    const tf_agreement_terms *terms = &agreement->terms;
    if (agreement->ended_at) {
        return TF_AGREEMENT_ENDED;
    }
    if (terms->ends_on != TF_DAY_FOREVER &&
        now >= (terms->ends_on + INT64_C(1)) * TF_MICROSECONDS_A_DAY) {
        return TF_AGREEMENT_EXPIRED;
    }
    for (size_t i = 0; i < terms->party_count; i++) {
        if (!terms->parties[i].signed_at) {
            return TF_AGREEMENT_DRAFT;
        }
    }
    return now >= terms->starts_on * TF_MICROSECONDS_A_DAY ? TF_AGREEMENT_IN_FORCE
                                                           : TF_AGREEMENT_SIGNED;
}

/* ---- reading ---- */

/* Where the tables are read from, and into. */
typedef struct reading {
    tf_db *db;
    const tf_access_rules *rules;
    tf_arena *arena;
    tf_error *error;
} reading;

static tf_status copy_text(const reading *into, tf_text text, const char **copy_out) {
    *copy_out = NULL;
    if (!text.data) {
        return TF_OK;
    }
    *copy_out = tf_arena_copy_text(into->arena, text.data, text.length);
    return *copy_out ? TF_OK : tf_fail_no_memory(into->error);
}

/* The rows of an agreement by a statement whose only parameter is its number. */
static tf_status prepare(const reading *into, const char *sql, int64_t id,
                         tf_statement **statement_out) {
    tf_status status = tf_db_prepare(into->db, sql, statement_out, into->error);
    if (!status) {
        tf_bind_int(*statement_out, 1, id);
    }
    return status;
}

static tf_status read_parties(const reading *into, tf_agreement *agreement, size_t room) {
    tf_agreement_party *parties = tf_arena_alloc(into->arena, room, sizeof *parties);
    agreement->terms.parties = parties;
    if (!parties) {
        return tf_fail_no_memory(into->error);
    }
    tf_statement *statement = NULL;
    tf_status status = prepare(into,
                               "SELECT p.organisation_id, p.gives, p.receives, p.signed_at, o.name,"
                               " p.signed_by, p.entered_by FROM agreement_party AS p"
                               " JOIN organisation AS o ON o.id = p.organisation_id"
                               " WHERE p.agreement_id = ?1 ORDER BY p.organisation_id",
                               agreement->id, &statement);
    bool has_row = !status;
    while (!status && has_row && agreement->terms.party_count < room) {
        status = tf_statement_step(statement, &has_row, into->error);
        if (status || !has_row) {
            break;
        }
        tf_agreement_party *party = &parties[agreement->terms.party_count++];
        *party = (tf_agreement_party){
            .organisation_id = tf_column_at_int(statement, 0),
            .gives = tf_column_at_int(statement, 1) != 0,
            .receives = tf_column_at_int(statement, 2) != 0,
            .signed_at = tf_column_at_int(statement, 3),
        };
        status = copy_text(into, tf_column_at_text(statement, 4), &party->name);
        if (!status) {
            status = copy_text(into, tf_column_at_text(statement, 5), &party->signed_by);
        }
        if (!status) {
            status = copy_text(into, tf_column_at_text(statement, 6), &party->entered_by);
        }
    }
    tf_statement_free(statement);
    return status;
}

/* A name that the pack does not know any more stands for nothing. */
static const char *name_at(const reading *into, tf_statement *statement, int column) {
    const char *name = NULL;
    tf_status status = copy_text(into, tf_column_at_text(statement, column), &name);
    return status || !name ? "" : name;
}

static tf_status read_purposes(const reading *into, tf_agreement *agreement) {
    tf_statement *statement = NULL;
    tf_status status =
        prepare(into, "SELECT purpose FROM agreement_purpose WHERE agreement_id = ?1",
                agreement->id, &statement);
    bool has_row = !status;
    while (!status && has_row) {
        status = tf_statement_step(statement, &has_row, into->error);
        int purpose =
            !status && has_row ? tf_access_purpose(into->rules, name_at(into, statement, 0)) : -1;
        agreement->terms.purposes |= purpose < 0 ? 0 : UINT64_C(1) << purpose;
    }
    tf_statement_free(statement);
    return status;
}

uint32_t tf_agreement_field_mask(const tf_category *category, const char *field) {
    if (!*field) {
        return category->field_count ? 0 : UINT32_MAX;
    }
    int index = tf_access_field(category, field);
    return index < 0 ? 0 : UINT32_C(1) << index;
}

static tf_status read_shares(const reading *into, tf_agreement *agreement, size_t room) {
    tf_agreement_share *shares = tf_arena_alloc(into->arena, room, sizeof *shares);
    agreement->terms.shares = shares;
    if (!shares) {
        return tf_fail_no_memory(into->error);
    }
    tf_statement *statement = NULL;
    size_t count = 0;
    tf_status status = prepare(into,
                               "SELECT category, field FROM agreement_field"
                               " WHERE agreement_id = ?1 ORDER BY category",
                               agreement->id, &statement);
    bool has_row = !status;
    while (!status && has_row) {
        status = tf_statement_step(statement, &has_row, into->error);
        int category =
            !status && has_row ? tf_access_category(into->rules, name_at(into, statement, 0)) : -1;
        if (category < 0) {
            continue;
        }
        if ((!count || shares[count - 1].category != category) && count < room) {
            shares[count++] = (tf_agreement_share){.category = category};
        }
        shares[count - 1].fields |= tf_agreement_field_mask(&into->rules->categories[category],
                                                            name_at(into, statement, 1));
    }
    agreement->terms.share_count = count;
    tf_statement_free(statement);
    return status;
}

#define COLUMNS                                                                                    \
    "a.id, a.drafted_by, a.retention_days, a.starts_on, a.review_on, a.ends_on, a.created_at,"     \
    " a.ended_at, a.title, a.condition, a.assessment, a.ended_by, a.end_reason, a.lawful_basis,"   \
    " (SELECT count(*) FROM agreement_party WHERE agreement_id = a.id),"                           \
    " (SELECT count(DISTINCT category) FROM agreement_field WHERE agreement_id = a.id)"

static tf_status take(const reading *into, tf_statement *statement, tf_agreement *agreement) {
    bool has_end = !tf_column_at_is_null(statement, 5);
    *agreement = (tf_agreement){
        .id = tf_column_at_int(statement, 0),
        .drafted_by = tf_column_at_int(statement, 1),
        .created_at = tf_column_at_int(statement, 6),
        .ended_at = tf_column_at_int(statement, 7),
        .terms = {.retention_days = tf_column_at_int(statement, 2),
                  .starts_on = (int32_t)tf_column_at_int(statement, 3),
                  .review_on = (int32_t)tf_column_at_int(statement, 4),
                  .ends_on = has_end ? (int32_t)tf_column_at_int(statement, 5) : TF_DAY_FOREVER,
                  .lawful_basis =
                      tf_access_lawful_basis(into->rules, name_at(into, statement, 13))},
    };
    const char **const texts[] = {&agreement->terms.title, &agreement->terms.condition,
                                  &agreement->terms.assessment, &agreement->ended_by,
                                  &agreement->end_reason};
    tf_status status = TF_OK;
    for (int i = 0; i < 5 && !status; i++) {
        status = copy_text(into, tf_column_at_text(statement, 8 + i), texts[i]);
    }
    if (!status) {
        status = read_parties(into, agreement, (size_t)tf_column_at_int(statement, 14));
    }
    if (!status) {
        status = read_purposes(into, agreement);
    }
    return status ? status : read_shares(into, agreement, (size_t)tf_column_at_int(statement, 15));
}

static tf_status count_agreements(tf_db *db, size_t *count_out, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(db, "SELECT count(*) FROM agreement", &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    *count_out = !status && has_row ? (size_t)tf_column_at_int(statement, 0) : 0;
    tf_statement_free(statement);
    return status;
}

tf_status tf_agreement_read(tf_db *db, const tf_access_rules *rules, int64_t id, tf_arena *arena,
                            tf_agreement **agreements_out, size_t *count_out, tf_error *error) {
    reading into = {.db = db, .rules = rules, .arena = arena, .error = error};
    *count_out = 0;
    size_t room = 0;
    tf_status status = count_agreements(db, &room, error);
    *agreements_out = status ? NULL : tf_arena_alloc(arena, room, sizeof **agreements_out);
    if (!status && !*agreements_out) {
        status = tf_fail_no_memory(error);
    }
    tf_statement *statement = NULL;
    if (!status) {
        status = prepare(&into,
                         "SELECT " COLUMNS " FROM agreement AS a WHERE ?1 IN (0, a.id)"
                         " ORDER BY a.id",
                         id, &statement);
    }
    int64_t now = tf_instant_now();
    bool has_row = !status;
    while (!status && has_row && *count_out < room) {
        status = tf_statement_step(statement, &has_row, error);
        if (!status && has_row) {
            tf_agreement *agreement = &(*agreements_out)[(*count_out)++];
            status = take(&into, statement, agreement);
            agreement->state = tf_agreement_state_at(agreement, now);
            agreement->is_review_due = agreement->state == TF_AGREEMENT_IN_FORCE &&
                                       now >= agreement->terms.review_on * TF_MICROSECONDS_A_DAY;
        }
    }
    tf_statement_free(statement);
    return status;
}

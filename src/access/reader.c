#include "reader.h"

#include "proof_internal.h"
#include "reader_internal.h"
#include "sign_in_internal.h"

#include "trefoil/base/date.h"

/* ---- accounts with keys ---- */

typedef struct key_holder {
    tf_reader reader;
    bool is_confirmed;
    int64_t confirmed_by;
    int64_t confirmed_at;
} key_holder;

typedef struct holder_list {
    key_holder *items;
    size_t count;
    size_t capacity;
} holder_list;

static tf_status take_holder(tf_access *access, tf_statement *statement, tf_arena *arena,
                             key_holder *holder, tf_error *error) {
    tf_reader *reader = &holder->reader;
    *reader = (tf_reader){
        .account_id = tf_column_at_int(statement, TF_PROVEN_ID),
        .organisation_id = tf_column_at_int(statement, TF_PROVEN_ORGANISATION),
        .roles = tf_account_roles_stored(tf_access_get_rules(access),
                                         tf_column_at_text(statement, TF_PROVEN_ROLES)),
        .key_generation = tf_column_at_int(statement, TF_PROVEN_GENERATION),
    };
    (void)tf_rows_key(statement, TF_PROVEN_PUBLIC_KEY, reader->public_key);
    holder->is_confirmed =
        reader->key_generation > 0 &&
        tf_column_at_int(statement, TF_PROVEN_CONFIRMED_GENERATION) == reader->key_generation;
    holder->confirmed_by = tf_column_at_int(statement, TF_PROVEN_CONFIRMED_BY);
    holder->confirmed_at = tf_column_at_int(statement, TF_PROVEN_CONFIRMED_AT);
    return tf_rows_text(statement, TF_PROVEN_NAME, arena, &reader->name, error);
}

/* The active accounts that have keys; what is not proven is nobody's. */
static tf_status list_holders(tf_access *access, int64_t organisation_id, int64_t account_id,
                              tf_arena *arena, holder_list *list, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    tf_status status = tf_db_prepare(
        tf_access_db(access),
        "SELECT " TF_PROVEN_ACCOUNT " FROM account AS a JOIN organisation AS o"
        " ON o.id = a.organisation_id WHERE a.state = 'active'"
        " AND length(a.public_key) = 32 AND (o.ended_on IS NULL OR o.ended_on >= ?1)"
        " AND (?2 = 0 OR a.organisation_id = ?2) AND (?3 = 0 OR a.id = ?3) ORDER BY a.id",
        &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, tf_instant_now() / TF_MICROSECONDS_A_DAY);
        tf_bind_int(statement, 2, organisation_id);
        tf_bind_int(statement, 3, account_id);
    }
    while (!status && !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        if (!tf_proof_holds(tf_access_key(access), "account", statement, 0,
                            TF_PROVEN_ACCOUNT_COUNT)) {
            continue;
        }
        status =
            tf_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error);
        if (!status) {
            status = take_holder(access, statement, arena, &list->items[list->count++], error);
        }
    }
    tf_statement_free(statement);
    return status;
}

tf_status tf_readers(tf_access *access, int64_t organisation_id, int64_t account_id,
                     tf_arena *arena, tf_reader **readers_out, size_t *count_out, tf_error *error) {
    holder_list list = {.items = NULL};
    *readers_out = NULL;
    *count_out = 0;
    tf_status status = list_holders(access, organisation_id, account_id, arena, &list, error);
    tf_reader *readers = status ? NULL : tf_arena_alloc(arena, list.count + 1, sizeof *readers);
    if (!status && !readers) {
        status = tf_fail_no_memory(error);
    }
    for (size_t i = 0; !status && i < list.count; i++) {
        if (list.items[i].is_confirmed) {
            readers[(*count_out)++] = list.items[i].reader;
        }
    }
    *readers_out = readers;
    tf_free(list.items);
    return status;
}

bool tf_reader_is_meant(const tf_access_rules *rules, uint32_t roles) {
    for (size_t i = 0; i < rules->role_count; i++) {
        for (size_t j = 0; (roles & UINT32_C(1) << i) && j < rules->category_count; j++) {
            if (!rules->roles[i].is_everyones && rules->categories[j].is_content &&
                rules->roles[i].grants[j][TF_ACTION_CONSULT].reach != TF_REACH_NONE) {
                return true;
            }
        }
    }
    return false;
}

/* Whether an account that has keys is to be confirmed before anything is sealed to it. */
static bool is_waiting(const tf_access_rules *rules, const key_holder *holder) {
    return !holder->is_confirmed && tf_reader_is_meant(rules, holder->reader.roles);
}

static bool may_confirm(const tf_access_rules *rules, const key_holder *holder) {
    return holder->is_confirmed && tf_reader_is_meant(rules, holder->reader.roles);
}

/* ---- confirming ---- */

static tf_status put_confirmation(tf_access *access, int64_t id, int64_t by, tf_error *error) {
    int64_t numbers[] = {id, by, tf_instant_now()};
    tf_status status = tf_rows_change(tf_access_db(access),
                                      "UPDATE account SET confirmed_generation = key_generation,"
                                      " confirmed_by = ?2, confirmed_at = ?3 WHERE id = ?1",
                                      numbers, 3, error);
    return status ? status : tf_proof_of_account(access, id, error);
}

tf_status tf_reader_take_first(tf_access *access, const tf_actor *actor, int64_t id,
                               tf_error *error) {
    tf_arena *arena = tf_arena_new();
    holder_list list = {.items = NULL};
    int64_t ever = 0;
    tf_status status =
        arena ? list_holders(access, 0, id, arena, &list, error) : tf_fail_no_memory(error);
    bool is_due = !status && list.count && is_waiting(tf_access_get_rules(access), &list.items[0]);
    if (is_due) { /* one whose account is closed by now, or has another pair, counts too */
        status = tf_rows_number(tf_access_db(access),
                                "SELECT count(*) FROM account WHERE organisation_id = ?1"
                                " AND confirmed_generation > 0",
                                &list.items[0].reader.organisation_id, 1, 0, &ever, error);
    }
    if (is_due && !status && ever == 0) {
        status = put_confirmation(access, id, id, error);
        if (!status) {
            status =
                tf_sign_in_note(access, actor, tf_action_name(TF_ACTION_ALTER), id, TF_OUTCOME_DONE,
                                "keys taken as confirmed: the first reader of the "
                                "organisation",
                                error);
        }
    }
    tf_free(list.items);
    tf_arena_free(arena);
    return status;
}

/* Whether the actor, of the same organisation by the decision, is a reader. */
static tf_status check_confirmer(tf_access *access, const tf_actor *actor, const key_holder *holder,
                                 tf_arena *arena, tf_error *error) {
    const char *name = holder->reader.name;
    holder_list own = {.items = NULL};
    if (actor->account_id == holder->reader.account_id) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "nobody confirms their own keys; ask a colleague who opens reports");
    }
    tf_status status =
        list_holders(access, holder->reader.organisation_id, actor->account_id, arena, &own, error);
    if (!status && (own.count == 0 || !may_confirm(tf_access_get_rules(access), &own.items[0]))) {
        status = tf_fail(error, TF_REFUSED, NULL, 0,
                         "the keys of %s can be confirmed only by a colleague of the same "
                         "organisation whose own keys are confirmed, or at the machine by "
                         "'trefoil user confirm'",
                         name);
    }
    tf_free(own.items);
    return status;
}

static tf_status confirm(tf_access *access, const tf_actor *actor, int64_t id, tf_arena *arena,
                         holder_list *list, tf_error *error) {
    tf_object account = {.category = tf_access_category_of(access, "account"), .id = id};
    tf_status status = list_holders(access, 0, id, arena, list, error);
    const key_holder *holder = list->items;
    account.organisation_id = list->count ? holder->reader.organisation_id : 0;
    if (!status) { /* a reader decides by what they know; the operator may change any account */
        tf_audit_note note = {.detail = "to confirm its keys"};
        status =
            tf_access_enter(access, actor, actor->is_operator ? TF_ACTION_ALTER : TF_ACTION_CONSULT,
                            &account, NULL, &note, NULL, error);
    }
    if (!status && list->count == 0) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                       "account %lld has no keys to confirm: it is active only once its owner has "
                       "followed the link",
                       (long long)id);
    }
    if (!status && !actor->is_operator) {
        status = check_confirmer(access, actor, holder, arena, error);
    }
    if (!status && !is_waiting(tf_access_get_rules(access), holder)) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         holder->is_confirmed ? "the keys of %s are confirmed already"
                                              : "%s has no role that reads what is sealed, so "
                                                "there is nothing to confirm",
                         holder->reader.name);
    }
    if (!status) {
        status = put_confirmation(access, id, actor->account_id, error);
    }
    return status ? status
                  : tf_sign_in_note(access, actor, tf_action_name(TF_ACTION_ALTER), id,
                                    TF_OUTCOME_DONE, "keys confirmed", error);
}

tf_status tf_reader_confirm(tf_access *access, const tf_actor *actor, int64_t account_id,
                            tf_error *error) {
    holder_list list = {.items = NULL};
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_access_begin_durable(access, error);
    if (!status) {
        status = confirm(access, actor, account_id, arena, &list, error);
        status = tf_access_end(access, status, error);
    }
    tf_free(list.items);
    tf_arena_free(arena);
    return status;
}

/* ---- what is to be confirmed ---- */

/* Who made the invitation or the newest link of an account, as the audit has it. */
static tf_status find_maker(tf_access *access, tf_arena *arena, tf_unconfirmed *waiting,
                            tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    waiting->by = "";
    tf_status status =
        tf_db_prepare(tf_access_db(access),
                      "SELECT at, actor FROM audit_entry WHERE category = 'account'"
                      " AND object_id = ?1 AND outcome = 'done'"
                      " AND (action = 'collect' OR detail IN ('link: invitation', 'link: reset'))"
                      " ORDER BY id DESC LIMIT 1",
                      &statement, error);
    if (!status) {
        tf_bind_int(statement, 1, waiting->account_id);
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        waiting->at = tf_column_at_int(statement, 0);
        status = tf_rows_text(statement, 1, arena, &waiting->by, error);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status sort_out(tf_access *access, const tf_actor *actor, const holder_list *list,
                          tf_arena *arena, tf_confirmations *out, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    out->waiting = tf_arena_alloc(arena, list->count + 1, sizeof *out->waiting);
    out->confirmers = tf_arena_alloc(arena, list->count + 1, sizeof *out->confirmers);
    if (!out->waiting || !out->confirmers) {
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    for (size_t i = 0; !status && i < list->count; i++) {
        const key_holder *holder = &list->items[i];
        bool is_own = holder->reader.account_id == actor->account_id;
        if (is_own) {
            out->is_missing = is_waiting(rules, holder);
            out->may = may_confirm(rules, holder);
        } else if (may_confirm(rules, holder)) {
            out->confirmers[out->confirmer_count++] = holder->reader.name;
        } else if (is_waiting(rules, holder)) {
            tf_unconfirmed *waiting = &out->waiting[out->waiting_count++];
            *waiting = (tf_unconfirmed){.account_id = holder->reader.account_id,
                                        .name = holder->reader.name,
                                        .roles = holder->reader.roles,
                                        .is_reset = holder->reader.key_generation > 1};
            status = find_maker(access, arena, waiting, error);
        }
        if (holder->is_confirmed && holder->confirmed_by == holder->reader.account_id) {
            out->first = holder->reader.name;
            out->first_at = holder->confirmed_at;
        }
    }
    return status;
}

tf_status tf_confirmations_get(tf_access *access, const tf_actor *actor, tf_arena *arena,
                               tf_confirmations *confirmations_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    holder_list list = {.items = NULL};
    *confirmations_out = (tf_confirmations){.first = NULL};
    tf_status status = tf_db_begin_reading(db, error);
    if (!status) {
        status = list_holders(access, actor->organisation_id, 0, arena, &list, error);
    }
    if (!status) {
        status = sort_out(access, actor, &list, arena, confirmations_out, error);
    }
    tf_free(list.items);
    tf_db_rollback(db);
    return status;
}

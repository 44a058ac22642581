#include "audit_select_internal.h"

#include "trefoil/base/date.h"

/* ---- the entry that a look makes ---- */

static void say_number(tf_buffer *words, const char *what, int64_t number) {
    if (number) {
        tf_buffer_format(words, "%s%s %lld", words->length ? ", " : "", what, (long long)number);
    }
}

static void say_name(tf_buffer *words, const char *what, const char *name) {
    if (name) {
        tf_buffer_format(words, "%s%s %s", words->length ? ", " : "", what, name);
    }
}

static void say_day(tf_buffer *words, const char *what, int32_t day) {
    if (day) {
        char instant[TF_INSTANT_TEXT_SIZE];
        tf_instant_format(day * TF_MICROSECONDS_A_DAY, instant);
        tf_buffer_format(words, "%s%s %.10s", words->length ? ", " : "", what, instant);
    }
}

/* "category concern, number 12, from 2026-11-01"; the person has a column of its own. */
static void say_filter(const tf_audit_filter *filter, tf_buffer *words) {
    say_number(words, "reach of organisation", filter->reach);
    say_number(words, "organisation", filter->organisation_id);
    say_number(words, "account", filter->account_id);
    say_name(words, "category", filter->category);
    say_number(words, "number", filter->object_id);
    say_name(words, "action", filter->action);
    say_name(words, "outcome", filter->outcome);
    say_day(words, "from", filter->from_day);
    say_day(words, "to", filter->to_day);
}

tf_intent tf_audit_intent(const tf_access *access) {
    return (tf_intent){.purpose = tf_access_purpose(tf_access_get_rules(access), "oversight")};
}

tf_object tf_audit_object(tf_access *access, int64_t organisation_id, int64_t account_id) {
    return (tf_object){.category = tf_access_category_of(access, "audit"),
                       .organisation_id = organisation_id,
                       .assigned_to = account_id};
}

int64_t tf_audit_reach(tf_access *access, const tf_actor *actor) {
    tf_intent intent = tf_audit_intent(access);
    tf_object object = tf_audit_object(access, 0, 0);
    if (tf_access_ask(access, actor, TF_ACTION_CONSULT, &object, &intent).is_allowed) {
        return 0;
    }
    object.organisation_id = actor->organisation_id;
    return actor->organisation_id &&
                   tf_access_ask(access, actor, TF_ACTION_CONSULT, &object, &intent).is_allowed
               ? actor->organisation_id
               : -1;
}

tf_status tf_audit_enter(tf_access *access, const tf_actor *actor, tf_action action,
                         const tf_object *object, const tf_audit_filter *filter,
                         const char *recipients, tf_error *error) {
    tf_intent intent = tf_audit_intent(access);
    tf_buffer words;
    tf_buffer_init(&words);
    say_filter(filter, &words);
    tf_audit_note note = {
        .person_id = filter->person_id, .recipients = recipients, .detail = words.data};
    tf_status status = tf_buffer_check(&words, error);
    if (!status) {
        status = action == TF_ACTION_DISCLOSE ? tf_access_begin_durable(access, error)
                                              : tf_access_begin(access, error);
        if (!status) {
            status = tf_access_enter(access, actor, action, object, &intent, &note, NULL, error);
            status = tf_access_end(access, status, error);
        }
    }
    tf_buffer_deinit(&words);
    return status;
}

/* ---- days as numbers of entries, whose times never go back ---- */

static tf_status read_number(tf_statement *statement, int64_t parameter, int64_t *number_out,
                             tf_error *error) {
    bool has_row = false;
    tf_bind_int(statement, 1, parameter);
    tf_status status = tf_statement_step(statement, &has_row, error);
    *number_out = !status && has_row ? tf_column_at_int(statement, 0) : 0;
    tf_statement_reset(statement);
    return status;
}

/* The number of the first entry at `at` or later; one behind the last if there is none.
 * O(log entries) look-ups. */
static tf_status find_first_since(tf_db *db, int64_t at, int64_t *id_out, tf_error *error) {
    tf_statement *last = NULL, *time = NULL;
    tf_status status =
        tf_db_prepare(db, "SELECT max(id) FROM audit_entry WHERE id > ?1", &last, error);
    if (!status) {
        status = tf_db_prepare(db, "SELECT at FROM audit_entry WHERE id = ?1", &time, error);
    }
    int64_t low = 1, high = 0;
    if (!status) {
        status = read_number(last, 0, &high, error);
    }
    high++;
    while (!status && low < high) {
        int64_t middle = low + (high - low) / 2, middle_at = 0;
        status = read_number(time, middle, &middle_at, error);
        if (middle_at < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *id_out = low;
    tf_statement_free(last);
    tf_statement_free(time);
    return status;
}

/* ---- the query ---- */

enum { CONDITIONS_MOST = 12 };

typedef struct entry_query {
    tf_buffer sql;
    struct {
        tf_text text; /* data NULL: a number */
        int64_t number;
    } values[CONDITIONS_MOST];
    int value_count;
} entry_query;

/* " AND `condition` ?N", N being the next number. */
static void add_number(entry_query *query, const char *condition, int64_t number) {
    query->values[query->value_count++].number = number;
    tf_buffer_format(&query->sql, " AND %s ?%d", condition, query->value_count);
}

static void add_text(entry_query *query, const char *condition, const char *text) {
    query->values[query->value_count++].text = tf_text_of(text);
    tf_buffer_format(&query->sql, " AND %s ?%d", condition, query->value_count);
}

/* What the people of an organisation did, and what was done with what is its own, and with what is
 * of those that it carries on for. */
static tf_status add_reach(entry_query *query, tf_access *access, int64_t reach, tf_error *error) {
    tf_buffer estate;
    tf_buffer_init(&estate);
    tf_status status = tf_access_estate(access, reach, &estate, error);
    if (!status) {
        tf_text numbers = {estate.data + 1, estate.length - 2}; /* without the brackets */
        tf_buffer_format(&query->sql,
                         " AND (organisation_id IN (%.*s) OR " TF_AUDIT_OWNER " IN (%.*s))",
                         TF_TEXT_ARG(numbers), TF_TEXT_ARG(numbers));
    }
    tf_buffer_deinit(&estate);
    return status;
}

/* The conditions are written so that SQLite sees which index serves: the partial ones only by their
 * own words, and a column alone, of which most entries may be, not at all. */
static void add_filter(entry_query *query, const tf_audit_filter *filter) {
    if (filter->organisation_id) {
        add_number(query, "organisation_id =", filter->organisation_id);
    }
    if (filter->account_id) {
        add_number(query, "account_id =", filter->account_id);
    }
    if (filter->person_id) {
        add_number(query, "person_id > 0 AND person_id =", filter->person_id);
    }
    if (filter->category && filter->object_id) {
        add_text(query, "category =", filter->category);
        add_number(query, "object_id =", filter->object_id);
    } else if (filter->category) {
        add_text(query, "+category =", filter->category);
    }
    if (filter->action) {
        add_text(query, "action =", filter->action);
    }
    if (filter->without_refusals) {
        tf_buffer_append_text(&query->sql, " AND outcome <> 'refused'");
    }
    if (filter->outcome && strcmp(filter->outcome, "emergency") == 0) {
        tf_buffer_append_text(&query->sql, " AND outcome = 'emergency'");
    } else if (filter->outcome) {
        add_text(query, "outcome =", filter->outcome);
    }
}

static tf_status add_days(entry_query *query, tf_db *db, const tf_audit_filter *filter,
                          tf_error *error) {
    tf_status status = TF_OK;
    int64_t id = 0;
    if (filter->from_day) {
        status = find_first_since(db, filter->from_day * TF_MICROSECONDS_A_DAY, &id, error);
        add_number(query, "id >=", id);
    }
    if (filter->to_day && !status) {
        status =
            find_first_since(db, (filter->to_day + INT64_C(1)) * TF_MICROSECONDS_A_DAY, &id, error);
        add_number(query, "id <", id);
    }
    return status;
}

tf_status tf_audit_select(tf_access *access, const tf_audit_selection *selection,
                          tf_statement **statement_out, tf_error *error) {
    tf_db *db = tf_access_db(access);
    *statement_out = NULL;
    entry_query query = {0};
    tf_buffer_init(&query.sql);
    tf_buffer_append_text(&query.sql,
                          "SELECT " TF_AUDIT_COLUMNS ", (SELECT name FROM organisation "
                          "WHERE organisation.id = organisation_id) FROM audit_entry WHERE 1");
    add_filter(&query, selection->filter);
    if (selection->older_than) {
        add_number(&query, "id <", selection->older_than);
    }
    tf_status status = add_days(&query, db, selection->filter, error);
    if (!status && selection->filter->reach) {
        status = add_reach(&query, access, selection->filter->reach, error);
    }
    tf_buffer_format(&query.sql, " ORDER BY id%s LIMIT %lld",
                     selection->newest_first ? " DESC" : "", (long long)selection->limit);
    if (!status) {
        status = tf_buffer_check(&query.sql, error);
    }
    if (!status) {
        status = tf_db_prepare(db, query.sql.data, statement_out, error);
    }
    for (int i = 0; i < query.value_count && *statement_out; i++) {
        if (query.values[i].text.data) {
            tf_bind_text(*statement_out, i + 1, query.values[i].text);
        } else {
            tf_bind_int(*statement_out, i + 1, query.values[i].number);
        }
    }
    tf_buffer_deinit(&query.sql);
    return status;
}

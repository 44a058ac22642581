/* Reading and listing. */
#include "intelligence_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/json_read.h"

#define LINE_COLUMNS                                                                               \
    "i.id, i.organisation_id, o.name, i.response_id, i.corrects_id, i.version, i.state, a.name, "  \
    "i.created_at, i.submitted_at, i.source, i.information, i.handling, "                          \
    "(SELECT c.id FROM intelligence AS c WHERE c.corrects_id = i.id AND c.state = 'submitted'), "  \
    "i.retention, i.review_at, i.disposed_at, i.erased_at, i.author_id"
enum { AFTER_LINE = 19 }; /* the column behind them */
#define LINES_FROM                                                                                 \
    "intelligence AS i JOIN organisation AS o ON o.id = i.organisation_id "                        \
    "JOIN account AS a ON a.id = i.author_id "

static const char *copy_column(tf_statement *statement, int column, tf_arena *arena, bool *failed) {
    tf_text text = tf_column_at_text(statement, column);
    const char *copy = tf_arena_copy_text(arena, text.data ? text.data : "", text.length);
    *failed |= !copy;
    return copy;
}

static tf_status take_line(tf_statement *statement, tf_arena *arena, tf_intelligence_line *line_out,
                           tf_error *error) {
    bool failed = false;
    *line_out = (tf_intelligence_line){
        .id = tf_column_at_int(statement, 0),
        .organisation_id = tf_column_at_int(statement, 1),
        .organisation = copy_column(statement, 2, arena, &failed),
        .response_id = tf_column_at_int(statement, 3),
        .corrects_id = tf_column_at_int(statement, 4),
        .version = tf_column_at_int(statement, 5),
        .is_submitted = tf_text_equal(tf_column_at_text(statement, 6), tf_text_of("submitted")),
        .author = copy_column(statement, 7, arena, &failed),
        .created_at = tf_column_at_int(statement, 8),
        .submitted_at = tf_column_at_int(statement, 9),
        .source = copy_column(statement, 10, arena, &failed),
        .information = copy_column(statement, 11, arena, &failed),
        .handling = copy_column(statement, 12, arena, &failed),
        .corrected_by_id = tf_column_at_int(statement, 13),
        .retention = copy_column(statement, 14, arena, &failed),
        .review_at = tf_column_at_int(statement, 15),
        .disposed_at = tf_column_at_int(statement, 16),
        .erased_at = tf_column_at_int(statement, 17),
        .author_id = tf_column_at_int(statement, 18),
    };
    return failed ? tf_fail_no_memory(error) : TF_OK;
}

bool tf_intelligence_shows(const tf_access *access, const char *field, uint32_t fields) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    int index =
        tf_access_field(&rules->categories[tf_access_category_of(access, TF_INTELLIGENCE)], field);
    return index < 0 || fields >> index & 1;
}

/* Who wrote another organisation's report, and of which report of concern, is not told; nor are the
 * grades where the decision's fields do not show them. */
static void hide(tf_access *access, const tf_actor *actor, uint32_t fields,
                 tf_intelligence_line *line) {
    if (!tf_access_is_own(access, actor, line->organisation_id)) {
        line->response_id = 0;
        line->author_id = 0;
        line->author = "";
        line->review_at = line->disposed_at = 0;
    }
    if (!tf_intelligence_shows(access, "grading", fields)) {
        line->source = line->information = line->handling = "";
    }
}

tf_object tf_intelligence_object(const tf_access *access, const tf_intelligence_line *line) {
    return (tf_object){.category = tf_access_category_of(access, TF_INTELLIGENCE),
                       .id = line->id,
                       .organisation_id = line->organisation_id,
                       .assigned_to = line->is_submitted ? 0 : line->author_id};
}

tf_status tf_intelligence_get(tf_access *access, int64_t id, tf_arena *arena,
                              tf_intelligence_line *line_out, tf_text *locked_out,
                              tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        tf_access_db(access),
        "SELECT " LINE_COLUMNS ", i.content FROM " LINES_FROM "WHERE i.id = ?1", &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    tf_bind_int(statement, 1, id);
    status = tf_statement_step(statement, &has_row, error);
    if (!status && !has_row) {
        status = tf_fail(error, TF_NOT_FOUND, NULL, 0, "there is no intelligence report %lld",
                         (long long)id);
    }
    if (!status) {
        status = take_line(statement, arena, line_out, error);
    }
    if (!status) {
        size_t length = 0;
        const void *content = tf_column_at_bytes(statement, AFTER_LINE, &length);
        const char *copy = tf_arena_copy_text(arena, content ? content : "", length);
        *locked_out = (tf_text){copy, length};
        status = copy ? TF_OK : tf_fail_no_memory(error);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- one ---- */

static tf_status take_text(const tf_access *access, const tf_json_value *root, const char *name,
                           const char *field, uint32_t fields, tf_arena *arena, tf_text *text_out,
                           tf_error *error) {
    tf_text text;
    if (!tf_intelligence_shows(access, field, fields) ||
        !tf_json_get_text(tf_json_member(root, name), &text)) {
        return TF_OK;
    }
    *text_out = (tf_text){tf_arena_copy_text(arena, text.data, text.length), text.length};
    return text_out->data ? TF_OK : tf_fail_no_memory(error);
}

static tf_status unlock(tf_access *access, const uint8_t key[TF_KEY_SIZE], tf_text locked,
                        uint32_t fields, tf_arena *arena, tf_intelligence *report,
                        tf_error *error) {
    tf_json_value *root = NULL;
    tf_buffer plain;
    tf_buffer_init(&plain);
    tf_status status = tf_sealed_unlock((tf_sealed){TF_SEALED_INTELLIGENCE, report->line.id},
                                        "report", key, locked, &plain, error);
    if (!status) {
        status = tf_json_parse((tf_text){plain.data, plain.length}, 1, "the report", &root, error);
    }
    if (!status) {
        status = take_text(access, root, "text", "text", fields, arena, &report->text, error);
    }
    if (!status) {
        status = take_text(access, root, "conditions", "grading", fields, arena,
                           &report->conditions, error);
    }
    if (!status) {
        status = take_text(access, root, "provenance", "provenance", fields, arena,
                           &report->provenance, error);
    }
    tf_json_free(root);
    if (plain.data) {
        tf_secret_forget(plain.data, plain.length);
    }
    tf_buffer_deinit(&plain);
    return status;
}

static tf_status read_shares(tf_access *access, int64_t id, tf_arena *arena,
                             tf_intelligence *report, tf_error *error) {
    enum { MOST_SHARES = 200 };
    report->shares = tf_arena_alloc(arena, MOST_SHARES, sizeof *report->shares);
    if (!report->shares) {
        return tf_fail_no_memory(error);
    }
    tf_statement *statement;
    tf_status status = tf_db_prepare(
        tf_access_db(access),
        "SELECT o.name, s.agreement_id, s.purpose, s.at, " TF_SHARE_ENDS " FROM " TF_SHARES
        " JOIN organisation AS o ON o.id = s.organisation_id WHERE s.intelligence_id = ?1 "
        "ORDER BY s.at, o.name LIMIT 200",
        &statement, error);
    if (status) {
        return status;
    }
    tf_bind_int(statement, 1, id);
    bool has_row = false;
    bool failed = false;
    while (!failed && report->share_count < MOST_SHARES &&
           !(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        report->shares[report->share_count++] =
            (tf_intelligence_share_line){.organisation = copy_column(statement, 0, arena, &failed),
                                         .agreement_id = tf_column_at_int(statement, 1),
                                         .purpose = copy_column(statement, 2, arena, &failed),
                                         .at = tf_column_at_int(statement, 3),
                                         .until = tf_column_at_int(statement, 4)};
    }
    tf_statement_free(statement);
    return failed ? tf_fail_no_memory(error) : status;
}

/* What was shared is not opened any more when the agreement's time of retention is over, whoever
 * asks and whyever. */
static tf_status check_retention(tf_access *access, const tf_actor *actor,
                                 const tf_intelligence_line *line, tf_error *error) {
    if (tf_access_is_own(access, actor, line->organisation_id)) {
        return TF_OK;
    }
    tf_statement *statement;
    tf_status status = tf_db_prepare(tf_access_db(access),
                                     "SELECT s.agreement_id, g.retention_days FROM " TF_SHARES
                                     " WHERE s.intelligence_id = ?1 AND s.organisation_id = ?2 "
                                     "AND " TF_SHARE_ENDS " <= ?3",
                                     &statement, error);
    if (status) {
        return status;
    }
    bool has_row = false;
    tf_bind_int(statement, 1, line->id);
    tf_bind_int(statement, 2, actor->organisation_id);
    tf_bind_int(statement, 3, tf_instant_now());
    status = tf_statement_step(statement, &has_row, error);
    if (!status && has_row) {
        status = tf_fail(error, TF_REFUSED, NULL, 0,
                         "report %lld was shared under agreement %lld, by which it is kept for "
                         "%lld days, and these are over; ask %s to share it again",
                         (long long)line->id, (long long)tf_column_at_int(statement, 0),
                         (long long)tf_column_at_int(statement, 1), line->organisation);
    }
    tf_statement_free(statement);
    return status;
}

/* What is seen besides what one may consult: all that a change writes anew, of a draft, or when a
 * report is opened in order to correct it. */
static uint32_t fields_to_change(tf_access *access, const tf_actor *actor,
                                 const tf_intelligence_line *line, bool is_to_change) {
    tf_object object = tf_intelligence_object(access, line);
    if (line->is_submitted && !is_to_change) {
        return 0;
    }
    tf_decision change = tf_access_ask(access, actor, TF_ACTION_ALTER, &object, NULL);
    return change.is_allowed ? change.fields : 0;
}

static tf_status enter(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                       bool is_to_change, tf_intelligence *report, uint32_t *fields_out,
                       tf_error *error) {
    const tf_intelligence_line *line = &report->line;
    tf_object object = tf_intelligence_object(access, line);
    tf_sealed sealed = {TF_SEALED_INTELLIGENCE, line->id};
    bool is_open = line->erased_at || tf_sealed_is_reader(tf_access_db(access), actor, sealed);
    tf_intent asked = intent ? *intent : (tf_intent){.purpose = -1};
    asked.can_justify &= is_open;
    report->opens_for_purpose = is_open;
    report->opens_in_emergency =
        asked.can_justify && tf_access_opens_in_emergency(access, actor, &object, intent);
    tf_decision decision = {0};
    tf_audit_note note = {.detail = line->erased_at      ? "erased before"
                                    : !is_to_change      ? NULL
                                    : line->is_submitted ? "to correct it"
                                                         : "to change it"};
    tf_status status =
        tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, &asked, &note, &decision, error);
    if (!line->erased_at) {
        status = tf_sealed_turn_away(access, actor, sealed, line->organisation_id, &decision,
                                     status, error);
    }
    if (status) {
        return status;
    }
    uint32_t to_change = fields_to_change(access, actor, line, is_to_change);
    if (is_to_change && !to_change) {
        return tf_fail(error, TF_REFUSED, NULL, 0,
                       "your roles do not include writing this report; if they should, ask an "
                       "administrator of the partnership");
    }
    *fields_out = decision.fields | to_change;
    status = check_retention(access, actor, line, error);
    if (status) { /* neither a purpose nor an emergency helps */
        report->opens_for_purpose = report->opens_in_emergency = false;
    }
    return status;
}

static tf_status read_report(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                             bool is_to_change, int64_t id, tf_arena *arena,
                             tf_intelligence *report, tf_error *error) {
    tf_text locked;
    uint8_t key[TF_KEY_SIZE];
    uint32_t fields = 0;
    tf_status status = tf_intelligence_get(access, id, arena, &report->line, &locked, error);
    if (!status) {
        status = enter(access, actor, intent, is_to_change, report, &fields, error);
    }
    if (!status && !report->line.erased_at) {
        status = tf_sealed_take(tf_access_db(access), actor,
                                (tf_sealed){TF_SEALED_INTELLIGENCE, id}, key, error);
        if (!status) {
            status = unlock(access, key, locked, fields, arena, report, error);
        }
        tf_secret_forget(key, sizeof key);
    }
    if (!status && tf_access_is_own(access, actor, report->line.organisation_id)) {
        status = read_shares(access, id, arena, report, error);
    }
    hide(access, actor, fields, &report->line);
    return status;
}

static tf_status open_report(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                             bool is_to_change, int64_t id, tf_arena *arena,
                             tf_intelligence *report_out, tf_error *error) {
    *report_out = (tf_intelligence){0};
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status = tf_access_end(
            access, read_report(access, actor, intent, is_to_change, id, arena, report_out, error),
            error);
    }
    if (status) { /* what stays is what tells whether to ask who was refused for a purpose */
        *report_out = (tf_intelligence){
            .line = {.id = report_out->line.id,
                     .organisation_id = report_out->line.organisation_id},
            .opens_for_purpose = report_out->opens_for_purpose,
            .opens_in_emergency = report_out->opens_in_emergency,
        };
    }
    return status;
}

tf_status tf_intelligence_read(tf_access *access, const tf_actor *actor, const tf_intent *intent,
                               int64_t id, tf_arena *arena, tf_intelligence *report_out,
                               tf_error *error) {
    return open_report(access, actor, intent, false, id, arena, report_out, error);
}

tf_status tf_intelligence_start(tf_access *access, const tf_actor *actor, int64_t id,
                                tf_arena *arena, tf_intelligence *report_out, tf_error *error) {
    return open_report(access, actor, NULL, true, id, arena, report_out, error);
}

/* ---- the list ---- */

/* Whether a line may be told, and with which fields: of what another organisation has shared, only
 * as long as the agreement still covers it for the purpose for which it was shared. */
static bool may_list(tf_access *access, const tf_actor *actor, const tf_intelligence_line *line,
                     const char *purpose, uint32_t *fields_out) {
    tf_object object = tf_intelligence_object(access, line);
    tf_intent intent = {.purpose = tf_access_purpose(tf_access_get_rules(access), purpose)};
    tf_decision decision = tf_access_ask(access, actor, TF_ACTION_CONSULT, &object, &intent);
    *fields_out = decision.fields;
    return decision.is_allowed;
}

static tf_status read_lines(tf_access *access, const tf_actor *actor, int64_t response_id,
                            tf_arena *arena, tf_intelligence_line *lines, size_t most,
                            size_t *count, tf_error *error) {
    tf_statement *statement = NULL;
    tf_buffer estate;
    tf_buffer_init(&estate);
    tf_status status = tf_access_estate(access, actor->organisation_id, &estate, error);
    if (!status) {
        status = tf_db_prepare(tf_access_db(access),
                               "SELECT " LINE_COLUMNS ", s.purpose FROM " LINES_FROM
                               "LEFT JOIN (" TF_SHARES ") ON s.intelligence_id = i.id AND "
                               "s.organisation_id = ?1 AND " TF_SHARE_ENDS " > ?5 "
                               "WHERE (i.organisation_id IN (SELECT value FROM json_each(?4)) AND "
                               "(?2 = 0 OR i.response_id = ?2)) "
                               "OR (?2 = 0 AND s.purpose IS NOT NULL) ORDER BY i.id DESC LIMIT ?3",
                               &statement, error);
    }
    if (status) {
        tf_buffer_deinit(&estate);
        return status;
    }
    tf_bind_text(statement, 4, (tf_text){estate.data, estate.length});
    tf_bind_int(statement, 1, actor->organisation_id);
    tf_bind_int(statement, 2, response_id);
    tf_bind_int(statement, 3, (int64_t)most);
    tf_bind_int(statement, 5, tf_instant_now());
    bool has_row = false;
    bool failed = false;
    while (!status && *count < most && !(status = tf_statement_step(statement, &has_row, error)) &&
           has_row) {
        tf_intelligence_line *line = &lines[*count];
        status = take_line(statement, arena, line, error);
        const char *purpose = copy_column(statement, AFTER_LINE, arena, &failed);
        uint32_t fields = 0;
        if (!status && !failed && may_list(access, actor, line, purpose, &fields)) {
            hide(access, actor, fields, line);
            ++*count;
        }
    }
    tf_statement_free(statement);
    tf_buffer_deinit(&estate);
    return !status && failed ? tf_fail_no_memory(error) : status;
}

tf_status tf_intelligence_list(tf_access *access, const tf_actor *actor, int64_t response_id,
                               tf_arena *arena, tf_intelligence_line **lines_out, size_t *count_out,
                               tf_error *error) {
    enum { MOST_LINES = 500 };
    *count_out = 0;
    *lines_out = tf_arena_alloc(arena, MOST_LINES, sizeof **lines_out);
    if (!*lines_out) {
        return tf_fail_no_memory(error);
    }
    tf_object object = {.category = tf_access_category_of(access, TF_INTELLIGENCE),
                        .organisation_id = actor->organisation_id};
    if (!tf_access_ask(access, actor, TF_ACTION_CONSULT, &object, NULL).is_allowed) {
        object.assigned_to = actor->account_id; /* the own drafts, then */
    }
    tf_status status = tf_access_begin(access, error);
    if (status) {
        return status;
    }
    status = tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, NULL, NULL, error);
    if (!status) {
        status =
            read_lines(access, actor, response_id, arena, *lines_out, MOST_LINES, count_out, error);
    }
    return tf_access_end(access, status, error);
}

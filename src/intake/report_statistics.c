#include "report_statistics.h"

#include "triage_internal.h"

#include "access/organisation.h"
#include "trefoil/stats/disclosure.h"

#include "trefoil/base/date.h"

enum { QUARTER = 3, MOST_MONTHS = 60, MOST_LINES = 64, MOST_TABLES = 12 };

typedef struct making {
    tf_access *access;
    int64_t organisation_id;
    int64_t from; /* instants */
    int64_t to;
    tf_arena *arena;
    tf_report_statistics *statistics; /* of one quarter */
} making;

/* ---- tables ---- */

static tf_status add_table(making *maker, const char *title, const char *head, const char *note,
                           tf_counted_table **table_out, tf_error *error) {
    tf_counted_table *table = &maker->statistics->tables[maker->statistics->table_count++];
    *table =
        (tf_counted_table){.title = title,
                           .head = head,
                           .note = note,
                           .lines = tf_arena_alloc(maker->arena, MOST_LINES, sizeof *table->lines)};
    *table_out = table;
    if (!table->lines) {
        return tf_fail_no_memory(error);
    }
    memset(table->lines, 0, MOST_LINES * sizeof *table->lines);
    return TF_OK;
}

/* Hide what must not be shown. */
static void protect(making *maker, tf_counted_table *table, bool has_total) {
    int64_t counts[MOST_LINES] = {0};
    bool hidden[MOST_LINES] = {false};
    bool total_hidden;
    for (size_t i = 0; i < table->count; i++) {
        counts[i] = table->lines[i].count;
        table->total += counts[i];
    }
    tf_disclosure_suppress(counts, table->count, TF_STATISTICS_THRESHOLD, hidden, &total_hidden);
    for (size_t i = 0; i < table->count; i++) {
        table->lines[i].count = hidden[i] ? -1 : counts[i];
        maker->statistics->hides_any |= hidden[i];
    }
    table->total = total_hidden || !has_total ? -1 : table->total;
    maker->statistics->hides_any |= total_hidden;
}

bool tf_counted_table_is_hidden(const tf_counted_table *table) {
    bool is_hidden = table->total < 0;
    for (size_t i = 0; i < table->count; i++) {
        is_hidden &= table->lines[i].count < 0;
    }
    return is_hidden;
}

/* Run a query of the organisation's reports of these months: ?1 category, ?2 organisation, ?3 and
 * ?4 the instants, ?5 a text.  Each row is the name of a line and a count. */
static tf_status count_lines(making *maker, const char *sql, const char *text,
                             tf_counted_table *table, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(tf_access_db(maker->access), sql, &statement, error);
    if (status) {
        return status;
    }
    tf_bind_text(statement, 1, tf_text_of(TF_CONCERN));
    tf_bind_int(statement, 2, maker->organisation_id);
    tf_bind_int(statement, 3, maker->from);
    tf_bind_int(statement, 4, maker->to);
    tf_bind_text(statement, 5, tf_text_of(text));
    bool has_row = false;
    while (!(status = tf_statement_step(statement, &has_row, error)) && has_row) {
        tf_text name = tf_column_at_text(statement, 0);
        for (size_t i = 0; i < table->count; i++) {
            if (tf_text_equal(name, tf_text_of(table->lines[i].title))) {
                table->lines[i].count += tf_column_at_int(statement, 1);
            }
        }
    }
    tf_statement_free(statement);
    return status;
}

#define THESE                                                                                      \
    "r.category = ?1 AND r.organisation_id = ?2 AND r.received_at >= ?3 AND r.received_at < ?4 "   \
    "AND ?5 = ?5"

static void add_line(tf_counted_table *table, const char *title) {
    if (table->count < MOST_LINES) {
        table->lines[table->count++] = (tf_counted_line){.title = title};
    }
}

/* ---- what is counted ---- */

static tf_status count_months(making *maker, tf_error *error) {
    tf_counted_table *table;
    tf_status status =
        add_table(maker, "Reports by the month they came in", "Month", "", &table, error);
    tf_month last = maker->statistics->last_month;
    for (tf_month month = maker->statistics->first_month; !status && month <= last; month++) {
        char text[TF_MONTH_TEXT_SIZE];
        const char *title =
            tf_arena_copy_text(maker->arena, tf_month_format(month, text), TF_MONTH_TEXT_SIZE - 1);
        status = title ? TF_OK : tf_fail_no_memory(error);
        add_line(table, title);
    }
    if (!status) {
        status = count_lines(maker,
                             "SELECT strftime('%Y-%m', r.received_at / 1000000, 'unixepoch'), "
                             "count(*) FROM response AS r WHERE " THESE " GROUP BY 1",
                             "", table, error);
    }
    if (!status) {
        protect(maker, table, true);
    }
    return status;
}

/* A table of a counted question of a form, whose lines are its options. */
static tf_status count_question(making *maker, const tf_form_definition *form,
                                const tf_question *question, tf_error *error) {
    bool is_single = question->type != TF_QUESTION_SOME_OF;
    const char *label = tf_words_in(&question->label, TF_ENGLISH);
    tf_counted_table *table;
    tf_status status =
        add_table(maker, label ? label : question->name, "Answer",
                  is_single ? "" : "A report may count in several lines.", &table, error);
    for (size_t i = 0; !status && i < question->option_count; i++) {
        add_line(table, question->options[i].value);
    }
    const char *name = tf_arena_format(maker->arena, "%s/%s", form->name, question->name);
    if (!status && !name) {
        status = tf_fail_no_memory(error);
    }
    if (!status) {
        status =
            count_lines(maker,
                        "SELECT c.value, count(*) FROM response AS r JOIN response_counted AS c "
                        "ON c.response_id = r.id WHERE " THESE
                        " AND r.form || '/' || c.question = ?5 GROUP BY 1",
                        name, table, error);
    }
    for (size_t i = 0; !status && i < table->count; i++) {
        const char *title = tf_words_in(&question->options[i].label, TF_ENGLISH);
        table->lines[i].title = title ? title : question->options[i].value;
    }
    if (!status) {
        protect(maker, table, is_single);
    }
    return status;
}

/* Whether everybody is asked.  What only some are asked is not shown: its sum would tell a count of
 * the question that it depends on, which may be hidden. */
static bool is_asked_of_all(const tf_form_definition *form, size_t question) {
    for (size_t p = 0; p < form->page_count; p++) {
        const tf_form_page *page = &form->pages[p];
        if (question >= page->first_question &&
            question < page->first_question + page->question_count && page->when.count) {
            return false;
        }
    }
    return form->questions[question].when.count == 0;
}

static tf_status count_questions(making *maker, tf_error *error) {
    const tf_pack *pack = tf_access_pack(maker->access);
    int category = tf_access_category_of(maker->access, TF_CONCERN);
    tf_status status = TF_OK;
    for (size_t f = 0; f < tf_pack_form_count(pack); f++) {
        const tf_form_definition *form = tf_pack_form_at(pack, f);
        for (size_t q = 0; !status && form->category == category && q < form->question_count; q++) {
            if (form->questions[q].is_counted && is_asked_of_all(form, q) &&
                maker->statistics->table_count + 3 < MOST_TABLES) {
                status = count_question(maker, form, &form->questions[q], error);
            }
        }
    }
    return status;
}

static tf_status count_fixed(making *maker, const char *title, const char *head,
                             const char *const *lines, const char *sql, tf_error *error) {
    tf_counted_table *table;
    tf_status status = add_table(maker, title, head, "", &table, error);
    for (; !status && *lines; lines++) {
        add_line(table, *lines);
    }
    if (!status) {
        status = count_lines(maker, sql, "", table, error);
    }
    if (!status) {
        protect(maker, table, true);
    }
    return status;
}

static tf_status count_urgencies(making *maker, tf_error *error) {
    static const char *const lines[] = {"1, the soonest", "2", "3", "4", NULL};
    return count_fixed(maker, "Urgency", "Level", lines,
                       "SELECT CASE r.urgency WHEN 1 THEN '1, the soonest' ELSE r.urgency || '' "
                       "END, count(*) FROM response AS r WHERE " THESE " GROUP BY 1",
                       error);
}

static tf_status count_looks(making *maker, tf_error *error) {
    static const char *const lines[] = {"Within the time that was due", "Later", "Not yet",
                                        "No time was due", NULL};
    return count_fixed(maker, "When somebody first looked", "When", lines,
                       "SELECT CASE WHEN r.due_at IS NULL THEN 'No time was due' "
                       "WHEN r.first_seen_at IS NULL THEN 'Not yet' "
                       "WHEN r.first_seen_at <= r.due_at THEN 'Within the time that was due' "
                       "ELSE 'Later' END, count(*) FROM response AS r WHERE " THESE " GROUP BY 1",
                       error);
}

static tf_status count_outcomes(making *maker, tf_error *error) {
    const tf_word_list *closing = &tf_pack_triage_words(tf_access_pack(maker->access))->closing;
    tf_counted_table *table;
    tf_status status = add_table(maker, "What became of them", "Reason", "", &table, error);
    for (size_t i = 0; !status && i < closing->count; i++) {
        add_line(table, closing->items[i].name);
    }
    if (!status) {
        add_line(table, "");
        status = count_lines(maker,
                             "SELECT coalesce(r.outcome, ''), count(*) FROM response AS r "
                             "WHERE " THESE " GROUP BY 1",
                             "", table, error);
    }
    for (size_t i = 0; !status && i < table->count; i++) {
        table->lines[i].title = i < closing->count ? closing->items[i].title : "Still open";
    }
    if (!status) {
        protect(maker, table, true);
    }
    return status;
}

/* ---- the whole ---- */

static tf_status find_organisation(making *maker, const char **name_out, tf_error *error) {
    tf_organisation organisation;
    tf_status status = tf_organisation_get(maker->access, maker->organisation_id, maker->arena,
                                           &organisation, error);
    *name_out = status ? NULL : organisation.name;
    return status;
}

static tf_status make_quarter(making *maker, tf_month first, tf_report_statistics *quarter_out,
                              tf_error *error) {
    *quarter_out = (tf_report_statistics){
        .first_month = first,
        .last_month = first + QUARTER - 1,
        .tables = tf_arena_alloc(maker->arena, MOST_TABLES, sizeof *quarter_out->tables),
    };
    if (!quarter_out->tables) {
        return tf_fail_no_memory(error);
    }
    maker->statistics = quarter_out;
    maker->from = tf_month_first_day(first) * TF_MICROSECONDS_A_DAY;
    maker->to = tf_month_first_day(first + QUARTER) * TF_MICROSECONDS_A_DAY;
    tf_status status = count_months(maker, error);
    if (!status) {
        status = count_questions(maker, error);
    }
    if (!status) {
        status = count_urgencies(maker, error);
    }
    if (!status) {
        status = count_looks(maker, error);
    }
    if (!status) {
        status = count_outcomes(maker, error);
    }
    maker->statistics = NULL;
    return status;
}

static int64_t sum(int64_t a, int64_t b) {
    return a < 0 || b < 0 ? -1 : a + b;
}

/* Add a later quarter: its months follow, and what is hidden of it is hidden of the sum. */
static void add_quarter(tf_report_statistics *whole, const tf_report_statistics *quarter) {
    for (size_t t = 0; t < whole->table_count; t++) {
        tf_counted_table *table = &whole->tables[t];
        const tf_counted_table *added = &quarter->tables[t];
        bool is_of_months = t == 0;
        for (size_t i = 0; i < added->count; i++) {
            if (is_of_months) {
                table->lines[table->count++] = added->lines[i];
            } else {
                table->lines[i].count = sum(table->lines[i].count, added->lines[i].count);
            }
        }
        table->total = sum(table->total, added->total);
    }
    whole->hides_any |= quarter->hides_any;
    whole->last_month = quarter->last_month;
}

static tf_status make(making *maker, tf_month first, tf_month last,
                      tf_report_statistics *statistics, tf_error *error) {
    const char *organisation = NULL;
    tf_status status = find_organisation(maker, &organisation, error);
    if (!status) {
        status = make_quarter(maker, first, statistics, error);
    }
    for (tf_month month = first + QUARTER; !status && month <= last; month += QUARTER) {
        tf_report_statistics quarter;
        status = make_quarter(maker, month, &quarter, error);
        if (!status) {
            add_quarter(statistics, &quarter);
        }
    }
    statistics->organisation = organisation;
    return status;
}

/* The first month of its quarter. */
static tf_month quarter_of(tf_month month) {
    return month - month % QUARTER;
}

tf_status tf_report_statistics_make(tf_access *access, const tf_actor *actor,
                                    int64_t organisation_id, tf_month first, tf_month last,
                                    tf_arena *arena, tf_report_statistics *statistics_out,
                                    tf_error *error) {
    *statistics_out = (tf_report_statistics){0};
    tf_month present = quarter_of(tf_month_of_days(tf_day_of_instant(tf_instant_now())));
    if (first > last || first >= present) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "no quarter of these months is over; choose earlier ones");
    }
    if (last - first >= MOST_MONTHS) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "choose at most %d months", MOST_MONTHS);
    }
    first = quarter_of(first);
    last = last < present ? last : present - 1;
    making maker = {.access = access, .organisation_id = organisation_id, .arena = arena};
    tf_object object = {.category = tf_access_category_of(access, "statistics"),
                        .organisation_id = organisation_id};
    tf_status status = tf_access_begin(access, error);
    if (status) {
        return status;
    }
    status = tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, NULL, NULL, error);
    if (!status) {
        status = make(&maker, first, last, statistics_out, error);
    }
    return tf_access_end(access, status, error);
}

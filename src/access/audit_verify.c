#include "audit_verify.h"

#include "audit_internal.h"

#include "trefoil/base/date.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What is to be done where a chain is not sound is always the same. */
#define WHAT_TO_DO                                                                                 \
    "Keep a copy of the database as it is now, for it is evidence, and find out from older "       \
    "backups and heads since when it is so."

typedef struct chain_walk {
    tf_audit_report *report;
    const uint8_t *public_key; /* that heads are to be signed with; NULL: none was met yet */
    bool is_public_key_ours;   /* known from the site's key, not from what was met */
    tf_audit_end end;          /* the last entry read; at first, the origin */
    tf_statement *heads;
    bool has_head; /* the next head of a day */
    bool is_head_whole;
    tf_audit_head head;
    const tf_audit_kept_head **kept; /* by entry */
    size_t kept_count;
    size_t next_kept;
    tf_audit_mark mark;
    const tf_audit_place *proved; /* of the mark, what the chain must come to; NULL: nothing */
    uint8_t first_public_key[TF_KEY_SIZE];
    tf_buffer scratch;
} chain_walk;

/* ---- what was found ---- */

static void find(chain_walk *walk, tf_audit_fault fault, int64_t entry_id, int64_t at,
                 const char *format, ...) TF_PRINTF(5, 6);

static void find(chain_walk *walk, tf_audit_fault fault, int64_t entry_id, int64_t at,
                 const char *format, ...) {
    tf_audit_report *report = walk->report;
    if (report->fault) {
        return;
    }
    report->fault = fault;
    report->fault_entry_id = entry_id;
    report->fault_at = at;
    tf_error error;
    char text[TF_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)tf_fail(&error, TF_BAD_INPUT, NULL, 0, "%s", text); /* makes it printable */
    snprintf(report->message, sizeof report->message, "%s", error.message);
}

typedef struct few_words {
    char text[48];
} few_words;

/* "12 of 2026-11-30T10:00:00Z", to stand behind "entry". */
static few_words entry_words(int64_t entry_id, int64_t at) {
    char instant[TF_INSTANT_TEXT_SIZE];
    few_words words;
    if (entry_id == 0 && at == 0) {
        snprintf(words.text, sizeof words.text, "0, before the first");
    } else {
        snprintf(words.text, sizeof words.text, "%lld of %s", (long long)entry_id,
                 tf_instant_format(at, instant));
    }
    return words;
}

static few_words day_words(int32_t day) {
    few_words words;
    char instant[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(day * TF_MICROSECONDS_A_DAY, instant);
    snprintf(words.text, sizeof words.text, "%.10s", instant);
    return words;
}

/* ---- heads ---- */

static tf_status next_head(chain_walk *walk, tf_error *error) {
    tf_status status = tf_statement_step(walk->heads, &walk->has_head, error);
    walk->is_head_whole = !status && walk->has_head && tf_audit_head_take(walk->heads, &walk->head);
    return status;
}

/* The key of the first head stands for the site's where that is not known: they must all be of
 * one. */
static bool is_signed_by_site(chain_walk *walk, const tf_audit_head *head) {
    if (!walk->public_key) {
        memcpy(walk->first_public_key, head->public_key, TF_KEY_SIZE);
        walk->public_key = walk->first_public_key;
    }
    return memcmp(walk->public_key, head->public_key, TF_KEY_SIZE) == 0;
}

/* The head of the day whose last entry was just read, against the chain. */
static void check_head(chain_walk *walk) {
    const tf_audit_end *end = &walk->end;
    const tf_audit_head *head = &walk->head;
    few_words at = entry_words(end->entry_id, end->at), day = day_words(head->day);
    if (!walk->is_head_whole || !tf_audit_head_is_signed(head)) {
        find(
            walk, TF_AUDIT_HEAD_CHANGED, end->entry_id, end->at,
            "The head of %s, at entry %s, is not what was signed: it has been changed. " WHAT_TO_DO,
            day.text, at.text);
    } else if (!is_signed_by_site(walk, head)) {
        find(walk, TF_AUDIT_HEAD_CHANGED, end->entry_id, end->at,
             "The head of %s, at entry %s, is signed with another key than %s: it has been "
             "replaced. " WHAT_TO_DO,
             day.text, at.text,
             walk->is_public_key_ours ? "the site's"
                                      : "the heads before it or those kept elsewhere");
    } else if (head->entry_id != end->entry_id ||
               memcmp(head->hash, end->hash, TF_HASH_SIZE) != 0) {
        find(walk, TF_AUDIT_REWRITTEN, end->entry_id, end->at,
             "The day %s ends with entry %s, but its signed head names entry %lld with another "
             "content: the chain up to there has been rewritten. " WHAT_TO_DO,
             day.text, at.text, (long long)head->entry_id);
    }
}

/* A day is over: it must have its head, and no day before it may have one that is left over. */
static tf_status end_day(chain_walk *walk, tf_error *error) {
    int32_t day = tf_audit_day_of(walk->end.at);
    few_words at = entry_words(walk->end.entry_id, walk->end.at);
    if (!walk->has_head || walk->head.day > day) {
        find(walk, TF_AUDIT_HEAD_MISSING, walk->end.entry_id, walk->end.at,
             "The day %s is over, but its signed head, at entry %s, is missing: it has been "
             "removed, or the chain has been rewritten. " WHAT_TO_DO,
             day_words(day).text, at.text);
        return TF_OK;
    }
    if (walk->head.day < day) {
        find(walk, TF_AUDIT_REWRITTEN, walk->end.entry_id, walk->end.at,
             "There is a signed head of %s, which names entry %lld, but no entry of that day "
             "before entry %s: the chain has been rewritten. " WHAT_TO_DO,
             day_words(walk->head.day).text, (long long)walk->head.entry_id, at.text);
        return TF_OK;
    }
    check_head(walk);
    if (walk->report->fault) {
        return TF_OK;
    }
    walk->report->head_count++;
    return next_head(walk, error);
}

/* The heads kept elsewhere that name the entry just read. */
static void check_kept(chain_walk *walk) {
    const tf_audit_end *end = &walk->end;
    for (; walk->next_kept < walk->kept_count && !walk->report->fault; walk->next_kept++) {
        const tf_audit_kept_head *kept = walk->kept[walk->next_kept];
        if (kept->head.entry_id > end->entry_id) {
            return;
        }
        if (kept->head.entry_id < end->entry_id ||
            memcmp(kept->head.hash, end->hash, TF_HASH_SIZE) != 0) {
            find(walk, TF_AUDIT_REWRITTEN, end->entry_id, end->at,
                 "Entry %s is not the one that the head in %s was signed for: the chain has been "
                 "rewritten since, there or before. " WHAT_TO_DO,
                 entry_words(end->entry_id, end->at).text, kept->name);
            return;
        }
        walk->report->kept_head_count++;
    }
}

/* The mark, if it names the entry just read. */
static void check_mark(chain_walk *walk) {
    const tf_audit_end *end = &walk->end;
    if (walk->proved && walk->proved->entry_id == end->entry_id &&
        memcmp(walk->proved->hash, end->hash, TF_HASH_SIZE) != 0) {
        find(walk, TF_AUDIT_REWRITTEN, end->entry_id, end->at,
             "Entry %s is not the one that the mark beside the database names: the chain has been "
             "rewritten, there or before. " WHAT_TO_DO,
             entry_words(end->entry_id, end->at).text);
    }
}

/* Heads that cannot be of this site, before anything is read. */
static void check_kept_keys(chain_walk *walk) {
    for (size_t i = 0; i < walk->kept_count; i++) {
        const tf_audit_kept_head *kept = walk->kept[i];
        if (!tf_audit_head_is_signed(&kept->head)) {
            find(walk, TF_AUDIT_HEAD_CHANGED, kept->head.entry_id, 0,
                 "The head in %s is not what was signed: the file has been changed; take another "
                 "copy of it.",
                 kept->name);
        } else if (!is_signed_by_site(walk, &kept->head)) {
            find(walk, TF_AUDIT_HEAD_CHANGED, kept->head.entry_id, 0,
                 "The head in %s is signed with another key than %s: it is of another site, or "
                 "the site's key has been replaced. Name heads of this site; if it is one, keep "
                 "database and key as they are, for they are evidence.",
                 kept->name, walk->is_public_key_ours ? "this site's" : "the other heads");
        }
    }
}

static int compare_kept(const void *a, const void *b) {
    int64_t first = (*(const tf_audit_kept_head *const *)a)->head.entry_id;
    int64_t second = (*(const tf_audit_kept_head *const *)b)->head.entry_id;
    return (first > second) - (first < second);
}

static tf_status sort_kept(chain_walk *walk, const tf_audit_kept_head *kept, size_t count,
                           tf_error *error) {
    walk->kept = tf_alloc(count, sizeof(const tf_audit_kept_head *));
    if (!walk->kept) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        walk->kept[i] = &kept[i];
    }
    walk->kept_count = count;
    qsort(walk->kept, count, sizeof(const tf_audit_kept_head *), compare_kept);
    return TF_OK;
}

/* ---- entries ---- */

/* Of each of TF_AUDIT_COLUMNS; what may be null is TF_COLUMN_NULL besides. */
static const struct {
    tf_column_type type;
    bool may_be_null;
} entry_columns[] = {
    {TF_COLUMN_INT, false},  {TF_COLUMN_INT, false},  {TF_COLUMN_INT, false},
    {TF_COLUMN_INT, false},  {TF_COLUMN_TEXT, false}, {TF_COLUMN_TEXT, false},
    {TF_COLUMN_TEXT, false}, {TF_COLUMN_INT, false},  {TF_COLUMN_INT, false},
    {TF_COLUMN_TEXT, true},  {TF_COLUMN_INT, false},  {TF_COLUMN_TEXT, true},
    {TF_COLUMN_TEXT, false}, {TF_COLUMN_TEXT, true},
};

enum { HASH_COLUMN = sizeof entry_columns / sizeof *entry_columns };

static bool has_right_types(tf_statement *statement) {
    for (int i = 0; i < HASH_COLUMN; i++) {
        tf_column_type type = tf_column_at_type(statement, i);
        if (type != entry_columns[i].type &&
            !(entry_columns[i].may_be_null && type == TF_COLUMN_NULL)) {
            return false;
        }
    }
    return true;
}

/* The number of an entry is the one that follows. */
static void check_number(chain_walk *walk, int64_t id, int64_t at) {
    int64_t expected = walk->end.entry_id + 1;
    few_words after = entry_words(walk->end.entry_id, walk->end.at);
    if (id == expected + 1) {
        find(walk, TF_AUDIT_REMOVED, expected, at,
             "Entry %lld is missing: it has been removed from before entry %s. " WHAT_TO_DO,
             (long long)expected, entry_words(id, at).text);
    } else if (id > expected) {
        find(walk, TF_AUDIT_REMOVED, expected, at,
             "Entries %lld to %lld are missing: they have been removed from before entry "
             "%s. " WHAT_TO_DO,
             (long long)expected, (long long)(id - 1), entry_words(id, at).text);
    } else if (expected == 1) {
        find(walk, TF_AUDIT_ADDED, id, at,
             "There is an entry %s, before the first: Trefoil did not write it. " WHAT_TO_DO,
             entry_words(id, at).text);
    } else {
        find(walk, TF_AUDIT_ADDED, id, at,
             "The number of entry %s stands again behind entry %s: Trefoil did not write it "
             "twice. " WHAT_TO_DO,
             entry_words(id, at).text, after.text);
    }
}

/* Whether memory ran out for a text of the row; it must not pass for a fault of the chain. */
static bool lacks_text(tf_statement *statement, const tf_audit_row *row) {
    const struct {
        int column;
        const char *data;
    } texts[] = {{4, row->actor.data},   {5, row->action.data},      {6, row->category.data},
                 {9, row->purpose.data}, {11, row->recipients.data}, {12, row->outcome.data},
                 {13, row->detail.data}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!texts[i].data && !tf_column_at_is_null(statement, texts[i].column)) {
            return true;
        }
    }
    return false;
}

static void find_changed(chain_walk *walk, int64_t id, int64_t at) {
    find(walk, TF_AUDIT_CHANGED, id, at,
         "Entry %s is not what was entered: it has been changed, or another was put in its "
         "place. " WHAT_TO_DO,
         entry_words(id, at).text);
}

static tf_status check_entry(chain_walk *walk, tf_statement *statement, tf_error *error) {
    tf_audit_row row;
    uint8_t stored[TF_HASH_SIZE], right[TF_HASH_SIZE];
    bool is_whole = has_right_types(statement);
    tf_audit_row_take(statement, &row);
    if (row.id != walk->end.entry_id + 1) {
        check_number(walk, row.id, row.at);
        return TF_OK;
    }
    if (is_whole && lacks_text(statement, &row)) {
        return tf_fail_no_memory(error);
    }
    if (!is_whole || !tf_audit_take_bytes(statement, HASH_COLUMN, stored, sizeof stored)) {
        find_changed(walk, row.id, row.at);
        return TF_OK;
    }
    tf_audit_row_hash(&row, walk->end.hash, &walk->scratch, right);
    tf_status status = tf_buffer_check(&walk->scratch, error);
    if (status) {
        return status;
    }
    /* An entry before its time has the right hash only if somebody made it. */
    if (memcmp(stored, right, sizeof right) != 0 || row.at < walk->end.at) {
        find_changed(walk, row.id, row.at);
        return TF_OK;
    }
    if (walk->end.entry_id && tf_audit_day_of(row.at) != tf_audit_day_of(walk->end.at)) {
        status = end_day(walk, error);
    }
    if (status || walk->report->fault) {
        return status;
    }
    walk->end = (tf_audit_end){.entry_id = row.id, .at = row.at};
    memcpy(walk->end.hash, right, sizeof right);
    tf_audit_report *report = walk->report;
    report->first_at = report->entry_count ? report->first_at : row.at;
    report->last_at = row.at;
    report->entry_count++;
    check_kept(walk);
    check_mark(walk);
    return TF_OK;
}

static tf_status walk_entries(chain_walk *walk, tf_db *db, tf_error *error) {
    tf_statement *statement;
    tf_status status = tf_db_prepare(db, "SELECT " TF_AUDIT_COLUMNS " FROM audit_entry ORDER BY id",
                                     &statement, error);
    bool has_row = true;
    while (!status && !walk->report->fault) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        status = check_entry(walk, statement, error);
    }
    tf_statement_free(statement);
    return status;
}

/* ---- the end ---- */

static void check_end_row(chain_walk *walk, tf_statement *statement, const tf_site_key *key) {
    const tf_audit_end *end = &walk->end;
    few_words last = entry_words(end->entry_id, end->at);
    uint8_t hash[TF_HASH_SIZE], mac[TF_HASH_SIZE], right_mac[TF_HASH_SIZE];
    bool is_whole = tf_column_at_type(statement, 0) == TF_COLUMN_INT &&
                    tf_audit_take_bytes(statement, 1, hash, sizeof hash) &&
                    tf_audit_take_bytes(statement, 2, mac, sizeof mac);
    int64_t entry_id = tf_column_at_int(statement, 0);
    if (is_whole && key) {
        tf_audit_end_mac(key, entry_id, hash, right_mac);
        is_whole = tf_secret_equal(mac, right_mac, sizeof mac);
        walk->report->is_end_checked = is_whole;
    }
    if (!is_whole) {
        find(walk, TF_AUDIT_END, end->entry_id, end->at,
             "The record of the chain's end was not written with the site's key: it has been "
             "changed, or the key is another's. The last entry is entry %s; entries may have been "
             "added, cut off or rewritten. " WHAT_TO_DO,
             last.text);
    } else if (entry_id > end->entry_id) {
        find(walk, TF_AUDIT_CUT_OFF, end->entry_id, end->at,
             "The chain ends with entry %s, but its record of the end names entry %lld: the last "
             "entries have been cut off. " WHAT_TO_DO,
             last.text, (long long)entry_id);
    } else if (entry_id < end->entry_id) {
        find(walk, TF_AUDIT_ADDED, entry_id + 1, end->at,
             "The chain ends with entry %s, but its record of the end names entry %lld: Trefoil "
             "did not write what follows that one. " WHAT_TO_DO,
             last.text, (long long)entry_id);
    } else if (memcmp(hash, end->hash, sizeof hash) != 0) {
        find(walk, TF_AUDIT_REWRITTEN, end->entry_id, end->at,
             "The last entry, entry %s, is not the one that the record of the chain's end names: "
             "the chain has been rewritten, there or before. " WHAT_TO_DO,
             last.text);
    }
}

static tf_status check_end(chain_walk *walk, tf_db *db, const tf_site_key *key, tf_error *error) {
    tf_statement *statement;
    tf_status status =
        tf_db_prepare(db, "SELECT entry_id, hash, mac FROM audit_end", &statement, error);
    bool has_row = false;
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status && has_row) {
        check_end_row(walk, statement, key);
        status = tf_statement_step(statement, &has_row, error);
        if (!status && has_row) {
            find(walk, TF_AUDIT_END, walk->end.entry_id, walk->end.at,
                 "There are several records of the chain's end: Trefoil writes one. " WHAT_TO_DO);
        }
    } else if (!status && walk->end.entry_id) {
        find(walk, TF_AUDIT_END, walk->end.entry_id, walk->end.at,
             "The record of the chain's end is missing: it has been removed. The last entry is "
             "entry %s; entries may have been added, cut off or rewritten. " WHAT_TO_DO,
             entry_words(walk->end.entry_id, walk->end.at).text);
    } else if (!status && key) {
        find(walk, TF_AUDIT_CUT_OFF, 0, 0,
             "The site has a key, but its audit has no entry at all: making the first account "
             "enters the first, so all have been removed. " WHAT_TO_DO);
    }
    tf_statement_free(statement);
    return status;
}

/* What names entries that are not there. */
static void check_left_over(chain_walk *walk) {
    const tf_audit_end *end = &walk->end;
    few_words last = entry_words(end->entry_id, end->at);
    if (walk->has_head) {
        find(walk, TF_AUDIT_CUT_OFF, end->entry_id, end->at,
             "There is a head of %s, at entry %lld, which is signed when a later day has an "
             "entry; but the chain ends with entry %s: entries have been cut off, or the head was "
             "put there. " WHAT_TO_DO,
             walk->is_head_whole ? day_words(walk->head.day).text : "a day",
             (long long)walk->head.entry_id, last.text);
    }
    if (walk->proved && walk->proved->entry_id > end->entry_id) {
        find(walk, TF_AUDIT_CUT_OFF, end->entry_id, end->at,
             "The chain ends with entry %s, but the mark beside the database says that it had come "
             "to entry %lld: entries have been cut off, or an older copy of the database stands in "
             "its place. " WHAT_TO_DO,
             last.text, (long long)walk->proved->entry_id);
    }
    if (walk->next_kept < walk->kept_count) {
        const tf_audit_kept_head *kept = walk->kept[walk->next_kept];
        find(walk, TF_AUDIT_CUT_OFF, end->entry_id, end->at,
             "The head in %s was signed for entry %lld, but the chain ends with entry %s: entries "
             "have been cut off since, or an older copy of the database stands in its "
             "place. " WHAT_TO_DO,
             kept->name, (long long)kept->head.entry_id, last.text);
    }
}

/* Last of all: it tells what the chain alone does not. */
static void check_is_marked(chain_walk *walk, bool is_mark_authentic) {
    tf_audit_report *report = walk->report;
    if (!is_mark_authentic) {
        find(walk, TF_AUDIT_MARK, walk->end.entry_id, walk->end.at,
             "The mark beside the database was not written with the site's key: it is damaged, was "
             "changed, or is of another site. The chain is whole up to entry %s, but entries may "
             "have been cut off. If a head that was kept elsewhere fits, take the mark away; "
             "Trefoil then makes another.",
             entry_words(walk->end.entry_id, walk->end.at).text);
    }
    report->is_mark_checked = walk->proved != NULL;
    if (walk->proved && walk->mark.last.entry_id > walk->end.entry_id) {
        report->lost_count = walk->mark.last.entry_id - walk->end.entry_id;
    }
}

/* The chain is read from the table, but lists of who saw what are read by its indexes. */
static tf_status check_indexes(chain_walk *walk, tf_db *db, tf_error *error) {
    tf_error found;
    tf_status status = tf_db_check_table(db, "audit_entry", &found);
    if (status == TF_BAD_INPUT) {
        find(walk, TF_AUDIT_HIDDEN, walk->end.entry_id, walk->end.at,
             "The chain is whole, but an index of its table is not, so lists may leave entries out "
             "or show them in the wrong place. " WHAT_TO_DO);
        return TF_OK;
    }
    return status ? tf_fail(error, status, found.place, found.line, "%s", found.message) : TF_OK;
}

/* Before the transaction begins, as others move it when they have committed. */
static tf_status read_mark(chain_walk *walk, tf_db *db, const tf_site_key *key,
                           bool *is_authentic_out, tf_error *error) {
    *is_authentic_out = true;
    if (!key || tf_db_is_copy(db)) {
        return TF_OK;
    }
    tf_status status = tf_audit_mark_read(tf_db_path(db), key->mark_key, &walk->mark, error);
    if (!status && walk->mark.is_there) {
        walk->proved = tf_audit_mark_proved(&walk->mark);
    }
    *is_authentic_out = status != TF_BAD_INPUT;
    return status == TF_BAD_INPUT ? TF_OK : status;
}

static tf_status walk_all(chain_walk *walk, tf_db *db, const tf_site_key *key, tf_error *error) {
    tf_status status = tf_db_prepare(
        db, "SELECT " TF_AUDIT_HEAD_COLUMNS " FROM audit_head ORDER BY day", &walk->heads, error);
    if (!status) {
        status = next_head(walk, error);
    }
    if (!status) {
        status = walk_entries(walk, db, error);
    }
    if (!status && !walk->report->fault) {
        status = check_end(walk, db, key, error);
    }
    if (!status) {
        check_left_over(walk);
    }
    if (!status && !walk->report->fault) {
        status = check_indexes(walk, db, error);
    }
    tf_statement_free(walk->heads);
    return status;
}

tf_status tf_audit_verify(tf_db *db, const tf_site_key *key, const tf_audit_kept_head *kept,
                          size_t kept_count, tf_audit_report *report_out, tf_error *error) {
    *report_out = (tf_audit_report){0};
    chain_walk walk = {
        .report = report_out,
        .public_key = key ? key->sign_public : NULL,
        .is_public_key_ours = key != NULL,
    };
    memcpy(walk.end.hash, tf_audit_origin, TF_HASH_SIZE);
    tf_buffer_init(&walk.scratch);
    bool is_own = !tf_db_is_in_transaction(db);
    bool is_mark_authentic = true;
    tf_status status = tf_secret_begin(error);
    if (!status) {
        status = read_mark(&walk, db, key, &is_mark_authentic, error);
    }
    if (!status) {
        status = sort_kept(&walk, kept, kept_count, error);
    }
    if (!status && is_own) {
        status = tf_db_begin_reading(db, error);
    }
    if (!status) {
        check_kept_keys(&walk);
    }
    if (!status && !report_out->fault) {
        status = walk_all(&walk, db, key, error);
    }
    if (!status && !report_out->fault) {
        check_is_marked(&walk, is_mark_authentic);
    }
    if (is_own) {
        tf_db_rollback(db);
    }
    tf_buffer_deinit(&walk.scratch);
    tf_free(walk.kept);
    return status;
}

/* Whatever is changed in the tables of the audit with plain SQL is found, and where.
 *
 * A chain over some days is changed at random, thousands of times, each time within a transaction
 * that is then taken back.  Everything is tried on the tables as they are, and on tables without
 * types, keys and constraints, which somebody may have put in their place. */
#include "audit_chain.h"

#include <stdlib.h>

enum { ENTRIES = 24, LONGEST = 4096 };

typedef struct test_chain {
    tf_db *db;
    tf_site_key key;
    bool is_loose;
    uint64_t seed;
    int64_t last;
    int64_t day_ends[ENTRIES]; /* the last entry of each day, the one that is not over included */
    int64_t days[ENTRIES];
    size_t day_count;
} test_chain;

static const char loosen[] =
    "DROP INDEX audit_entry_by_object; DROP INDEX audit_entry_by_person;"
    "DROP INDEX audit_entry_by_emergency;"
    "ALTER TABLE audit_entry RENAME TO strict_entry;"
    "ALTER TABLE audit_end RENAME TO strict_end;"
    "ALTER TABLE audit_head RENAME TO strict_head;"
    "CREATE TABLE audit_entry (" TF_AUDIT_COLUMNS ");"
    "CREATE TABLE audit_end (only_row, entry_id, hash, mac);"
    "CREATE TABLE audit_head (" TF_AUDIT_HEAD_COLUMNS ");"
    "INSERT INTO audit_entry SELECT " TF_AUDIT_COLUMNS " FROM strict_entry;"
    "INSERT INTO audit_end SELECT only_row, entry_id, hash, mac FROM strict_end;"
    "INSERT INTO audit_head SELECT " TF_AUDIT_HEAD_COLUMNS " FROM strict_head;"
    "DROP TABLE strict_entry; DROP TABLE strict_end; DROP TABLE strict_head;";

static void open_chain(void **state, bool is_loose, uint64_t seed, test_chain *out) {
    *out = (test_chain){.key = chain_key(0), .is_loose = is_loose, .seed = seed, .last = ENTRIES};
    char name[32];
    snprintf(name, sizeof name, "%d-%llu", is_loose, (unsigned long long)seed);
    out->db = chain_open(temporary_path(state, name), TF_DB_WRITE);
    chain_fill(out->db, &out->key, ENTRIES, 10, &out->seed);
    tf_error error;
    tf_statement *statement;
    bool has_row = true;
    assert_ok(tf_db_prepare(out->db, "SELECT at / 86400000000, max(id) FROM audit_entry GROUP BY 1",
                            &statement, &error),
              &error);
    for (;;) {
        assert_ok(tf_statement_step(statement, &has_row, &error), &error);
        if (!has_row) {
            break;
        }
        out->days[out->day_count] = tf_column_at_int(statement, 0);
        out->day_ends[out->day_count++] = tf_column_at_int(statement, 1);
    }
    tf_statement_free(statement);
    assert_true(out->day_count >= 3);
    if (is_loose) {
        chain_run(out->db, loosen);
    }
    assert_int_equal(chain_verify(out->db, &out->key).fault, TF_AUDIT_SOUND);
}

/* ---- a value, and another in its place ---- */

typedef struct cell {
    tf_column_type type;
    int64_t number;
    size_t length;
    char bytes[LONGEST];
} cell;

static void read_value(test_chain *chain, const char *table, const char *column, int64_t rowid,
                       cell *out) {
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE rowid = ?1", column, table);
    tf_error error;
    tf_statement *statement;
    bool has_row;
    assert_ok(tf_db_prepare(chain->db, sql, &statement, &error), &error);
    tf_bind_int(statement, 1, rowid);
    assert_ok(tf_statement_step(statement, &has_row, &error), &error);
    assert_true(has_row);
    out->type = tf_column_at_type(statement, 0);
    out->number = 0;
    out->length = 0;
    if (out->type == TF_COLUMN_INT) {
        out->number = tf_column_at_int(statement, 0);
    } else if (out->type != TF_COLUMN_NULL) {
        const void *bytes = tf_column_at_bytes(statement, 0, &out->length);
        assert_true(out->length < LONGEST);
        memcpy(out->bytes, bytes, out->length);
    }
    tf_statement_free(statement);
}

/* False where the table does not take the value. */
static bool write_value(test_chain *chain, const char *table, const char *column, int64_t rowid,
                        const cell *value) {
    char sql[128];
    snprintf(sql, sizeof sql, "UPDATE %s SET %s = ?2 WHERE rowid = ?1", table, column);
    tf_error error;
    tf_statement *statement;
    assert_ok(tf_db_prepare(chain->db, sql, &statement, &error), &error);
    tf_bind_int(statement, 1, rowid);
    if (value->type == TF_COLUMN_INT) {
        tf_bind_int(statement, 2, value->number);
    } else if (value->type == TF_COLUMN_DOUBLE) {
        tf_bind_double(statement, 2, (double)value->number);
    } else if (value->type == TF_COLUMN_TEXT) {
        tf_bind_text(statement, 2, (tf_text){value->bytes, value->length});
    } else if (value->type == TF_COLUMN_BYTES) {
        tf_bind_bytes(statement, 2, value->bytes, value->length);
    }
    tf_status status = tf_statement_run(statement, &error);
    tf_statement_free(statement);
    return status == TF_OK;
}

static void change_bytes(uint64_t *seed, cell *value) {
    int64_t kind = value->length ? chain_below(seed, 4) : 0;
    size_t at = value->length ? (size_t)chain_below(seed, (int64_t)value->length) : 0;
    if (kind == 0) { /* one more */
        value->bytes[value->length++] = (char)chain_below(seed, 256);
    } else if (kind == 1) { /* one less */
        memmove(value->bytes + at, value->bytes + at + 1, value->length - at - 1);
        value->length--;
    } else { /* one bit */
        value->bytes[at] ^= (char)(1 << chain_below(seed, 8));
    }
}

/* As another type, though it would be read as the same. */
static void change_type(uint64_t *seed, cell *value) {
    if (value->type == TF_COLUMN_INT) {
        bool is_text = chain_below(seed, 2);
        value->length = (size_t)snprintf(value->bytes, LONGEST, "%lld", (long long)value->number);
        value->type = is_text ? TF_COLUMN_TEXT : TF_COLUMN_DOUBLE;
    } else {
        value->type = value->type == TF_COLUMN_TEXT ? TF_COLUMN_BYTES : TF_COLUMN_TEXT;
    }
}

static void change_value(test_chain *chain, cell *value) {
    int64_t kind = chain_below(&chain->seed, 8);
    if (value->type == TF_COLUMN_NULL) {
        value->type = kind % 2 ? TF_COLUMN_TEXT : TF_COLUMN_BYTES;
        value->length = (size_t)(kind / 4);
        value->bytes[0] = 'x';
    } else if (kind == 0) {
        value->type = TF_COLUMN_NULL;
    } else if (kind == 1 && chain->is_loose) {
        change_type(&chain->seed, value);
    } else if (value->type == TF_COLUMN_INT) {
        value->number ^= (int64_t)1 << chain_below(&chain->seed, 63);
    } else {
        change_bytes(&chain->seed, value);
    }
}

/* ---- one change, and where it must be found ---- */

enum { REFUSED = -1 }; /* the table did not take the change */

/* Where it must be found: the number of an entry, 0 for before the first, or REFUSED. */
typedef void change_kind(test_chain *chain, int64_t *where_out);

static int64_t any_entry(test_chain *chain) {
    return 1 + chain_below(&chain->seed, chain->last);
}

static void change_entry(test_chain *chain, int64_t *where_out) {
    static const char *const columns[] = {"id",        "at",      "account_id",   "organisation_id",
                                          "actor",     "action",  "category",     "object_id",
                                          "person_id", "purpose", "agreement_id", "recipients",
                                          "outcome",   "detail",  "hash"};
    const char *column = columns[chain_below(&chain->seed, 15)];
    int64_t id = any_entry(chain);
    cell value;
    read_value(chain, "audit_entry", column, id, &value);
    change_value(chain, &value);
    bool is_done = write_value(chain, "audit_entry", column, id, &value);
    *where_out = is_done ? id : REFUSED;
    if (strcmp(column, "id") == 0 && is_done &&
        (value.type == TF_COLUMN_NULL || (value.type == TF_COLUMN_INT && value.number < id))) {
        /* It stands twice, or before the first. */
        *where_out = value.type == TF_COLUMN_INT && value.number > 0 ? value.number : 0;
    }
}

static void change_end(test_chain *chain, int64_t *where_out) {
    static const char *const columns[] = {"entry_id", "hash", "mac"};
    const char *column = columns[chain_below(&chain->seed, 3)];
    cell value;
    read_value(chain, "audit_end", column, 1, &value);
    change_value(chain, &value);
    *where_out = write_value(chain, "audit_end", column, 1, &value) ? chain->last : REFUSED;
}

static void change_head(test_chain *chain, int64_t *where_out) {
    static const char *const columns[] = {"entry_id", "hash", "public_key", "signature"};
    const char *column = columns[chain_below(&chain->seed, 4)];
    size_t day = (size_t)chain_below(&chain->seed, (int64_t)chain->day_count - 1);
    int64_t rowid = chain->is_loose ? (int64_t)day + 1 : chain->days[day];
    cell value;
    read_value(chain, "audit_head", column, rowid, &value);
    change_value(chain, &value);
    bool is_done = write_value(chain, "audit_head", column, rowid, &value);
    *where_out = is_done ? chain->day_ends[day] : REFUSED;
}

static void run_with(test_chain *chain, const char *sql, int64_t first, int64_t second) {
    tf_error error;
    tf_statement *statement;
    assert_ok(tf_db_prepare(chain->db, sql, &statement, &error), &error);
    tf_bind_int(statement, 1, first);
    if (strstr(sql, "?2")) {
        tf_bind_int(statement, 2, second);
    }
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
}

/* The day of a head becomes another: found where the head is missing, or before, where it is too
 * many. */
static void move_head(test_chain *chain, int64_t *where_out) {
    size_t day = (size_t)chain_below(&chain->seed, (int64_t)chain->day_count - 1);
    int64_t by = 1000 - chain_below(&chain->seed, 2) * 2000;
    run_with(chain, "UPDATE audit_head SET day = day + ?2 WHERE day = ?1", chain->days[day], by);
    *where_out = by < 0 ? chain->day_ends[0] : chain->day_ends[day];
}

static void drop_head(test_chain *chain, int64_t *where_out) {
    size_t day = (size_t)chain_below(&chain->seed, (int64_t)chain->day_count - 1);
    run_with(chain, "DELETE FROM audit_head WHERE day = ?1", chain->days[day], 0);
    *where_out = chain->day_ends[day];
}

/* For the day that is not over, with what the last head was signed with. */
static void add_head(test_chain *chain, int64_t *where_out) {
    run_with(chain,
             "INSERT INTO audit_head SELECT ?1, ?2, hash, public_key, signature FROM audit_head "
             "LIMIT 1",
             chain->days[chain->day_count - 1], chain->last);
    *where_out = chain->last;
}

static void drop_end(test_chain *chain, int64_t *where_out) {
    chain_run(chain->db, "DELETE FROM audit_end");
    *where_out = chain->last;
}

static void drop_entry(test_chain *chain, int64_t *where_out) {
    int64_t id = any_entry(chain);
    run_with(chain, "DELETE FROM audit_entry WHERE id = ?1", id, 0);
    *where_out = id == chain->last ? id - 1 : id;
}

static const char move_up[] = "UPDATE audit_entry SET id = -id WHERE id >= ?1";
static const char move_down[] = "UPDATE audit_entry SET id = -id + ?1 WHERE id < 0";

/* And closes the gap; with hashes made anew or not. */
static void drop_entry_and_number_anew(test_chain *chain, int64_t *where_out) {
    int64_t id = any_entry(chain);
    run_with(chain, "DELETE FROM audit_entry WHERE id = ?1", id, 0);
    run_with(chain, move_up, id + 1, 0);
    run_with(chain, move_down, -1, 0);
    *where_out = id == chain->last ? id - 1 : id;
}

static void swap_entries(test_chain *chain, int64_t *where_out) {
    int64_t a = any_entry(chain), b = any_entry(chain);
    if (a == b) {
        *where_out = REFUSED;
        return;
    }
    run_with(chain, "UPDATE audit_entry SET id = -1 WHERE id = ?1", a, 0);
    run_with(chain, "UPDATE audit_entry SET id = ?2 WHERE id = ?1", b, a);
    run_with(chain, "UPDATE audit_entry SET id = ?1 WHERE id = -1", b, 0);
    *where_out = a < b ? a : b;
}

#define COPY_OF_ENTRY                                                                              \
    "INSERT INTO audit_entry SELECT ?2, at, account_id, organisation_id, actor, action, "          \
    "category, object_id, person_id, purpose, agreement_id, recipients, outcome, detail, hash "    \
    "FROM audit_entry WHERE id = ?1"

/* A copy of an entry is put before another, all that follow being numbered anew. */
static void insert_entry(test_chain *chain, int64_t *where_out) {
    int64_t source = any_entry(chain), place = any_entry(chain);
    run_with(chain, COPY_OF_ENTRY, source, -100);
    run_with(chain, "UPDATE audit_entry SET id = id + 1000 WHERE id >= ?1", place, 0);
    run_with(chain, "UPDATE audit_entry SET id = id - 999 WHERE id >= ?1", 1000, 0);
    run_with(chain, "UPDATE audit_entry SET id = ?1 WHERE id = -100", place, 0);
    /* Before itself it is itself, and the copy is found behind it. */
    *where_out = source == place ? place + 1 : place;
}

/* At the end: with the hash of another. */
static void append_copy(test_chain *chain, int64_t *where_out) {
    run_with(chain, COPY_OF_ENTRY, any_entry(chain), chain->last + 1);
    *where_out = chain->last + 1;
}

static void name_end(test_chain *chain, int64_t entry_id, const uint8_t hash[TF_HASH_SIZE],
                     const uint8_t mac[TF_HASH_SIZE]) {
    tf_error error;
    tf_statement *statement;
    assert_ok(tf_db_prepare(chain->db, "UPDATE audit_end SET entry_id = ?1, hash = ?2, mac = ?3",
                            &statement, &error),
              &error);
    tf_bind_int(statement, 1, entry_id);
    tf_bind_bytes(statement, 2, hash, TF_HASH_SIZE);
    tf_bind_bytes(statement, 3, mac, TF_HASH_SIZE);
    assert_ok(tf_statement_run(statement, &error), &error);
    tf_statement_free(statement);
}

/* Rightly hashed, with the record of the end as it was. */
static void append_hashed(test_chain *chain, int64_t *where_out) {
    static const tf_audit_mark unmarked = {0};
    uint64_t seed = chain->seed;
    tf_audit_end end;
    tf_error error;
    uint8_t hash[TF_HASH_SIZE], mac[TF_HASH_SIZE];
    assert_ok(tf_audit_read_end(chain->db, &chain->key, &unmarked, &end, &error), &error);
    memcpy(hash, end.hash, sizeof hash);
    tf_audit_end_mac(&chain->key, end.entry_id, end.hash, mac);
    chain_append_at(chain->db, &chain->key, end.at, &seed);
    name_end(chain, end.entry_id, hash, mac);
    *where_out = chain->last + 1;
}

/* Rightly hashed, and named in the record of the end, whose code nobody can make. */
static void append_hashed_and_named(test_chain *chain, int64_t *where_out) {
    run_with(chain, COPY_OF_ENTRY, chain->last, chain->last + 1);
    chain_hash_from(chain->db, chain->last + 1);
    *where_out = chain->last + 1;
}

static void drop_all(test_chain *chain, int64_t *where_out) {
    chain_run(chain->db, "DELETE FROM audit_entry; DELETE FROM audit_head; DELETE FROM audit_end");
    *where_out = 0;
}

static void cut_off(test_chain *chain, int64_t *where_out) {
    int64_t kept = chain_below(&chain->seed, chain->last);
    run_with(chain, "DELETE FROM audit_entry WHERE id > ?1", kept, 0);
    *where_out = kept;
}

/* With the record of the end, and at times the heads, changed to what is left. */
static void cut_off_and_named(test_chain *chain, int64_t *where_out) {
    cut_off(chain, where_out);
    if (*where_out) {
        chain_hash_from(chain->db, *where_out);
        if (chain_below(&chain->seed, 2)) {
            run_with(chain, "DELETE FROM audit_head WHERE entry_id >= ?1", *where_out, 0);
        }
    }
}

/* With the record of the end and the heads as they were then, which are authentic still: the mark
 * alone tells. */
static void put_end_back(test_chain *chain, int64_t *where_out) {
    int64_t kept = 1 + chain_below(&chain->seed, chain->last - 1);
    uint8_t hash[TF_HASH_SIZE], mac[TF_HASH_SIZE];
    cell value;
    read_value(chain, "audit_entry", "hash", kept, &value);
    assert_int_equal(value.length, sizeof hash);
    memcpy(hash, value.bytes, sizeof hash);
    tf_audit_end_mac(&chain->key, kept, hash, mac);
    run_with(chain, "DELETE FROM audit_entry WHERE id > ?1", kept, 0);
    run_with(chain, "DELETE FROM audit_head WHERE entry_id >= ?1", kept, 0);
    name_end(chain, kept, hash, mac);
    *where_out = kept;
}

/* All that follows a changed entry is hashed rightly: found where the day ends, or the chain. */
static void rewrite(test_chain *chain, int64_t *where_out) {
    int64_t id = any_entry(chain);
    run_with(chain, "UPDATE audit_entry SET actor = actor || 'x' WHERE id = ?1", id, 0);
    chain_hash_from(chain->db, id);
    size_t day = 0;
    while (chain->day_ends[day] < id) {
        day++;
    }
    *where_out = chain->day_ends[day];
}

/* The same with an entry taken out, numbers closed up. */
static void rewrite_without(test_chain *chain, int64_t *where_out) {
    int64_t id = any_entry(chain);
    run_with(chain, "DELETE FROM audit_entry WHERE id = ?1", id, 0);
    run_with(chain, move_up, id + 1, 0);
    run_with(chain, move_down, -1, 0);
    chain_hash_from(chain->db, id);
    /* At the end of its day, which now has another number; was it all of its day, of the next. */
    size_t day = 0;
    while (chain->day_ends[day] < id) {
        day++;
    }
    bool was_alone = id == chain->day_ends[day] && (day ? chain->day_ends[day - 1] : 0) == id - 1;
    bool is_over = day + 1 < chain->day_count;
    *where_out = chain->day_ends[was_alone && is_over ? day + 1 : day] - 1;
}

static void check_one(test_chain *chain, change_kind *change, const char *name, int64_t round) {
    tf_error error;
    assert_ok(tf_db_begin(chain->db, &error), &error);
    int64_t where = 0;
    change(chain, &where);
    tf_audit_report report = chain_verify(chain->db, &chain->key);
    bool is_right = where == REFUSED ? report.fault == TF_AUDIT_SOUND
                                     : report.fault && report.message[0] &&
                                           (report.fault_entry_id == where ||
                                            (where == 0 && report.fault_entry_id < 0));
    if (!is_right) {
        fprintf(stderr, "%s, round %lld: should be found at %lld, but at %lld: %d %s\n", name,
                (long long)round, (long long)where, (long long)report.fault_entry_id, report.fault,
                report.message);
        fail();
    }
    tf_db_rollback(chain->db);
}

static const struct {
    const char *name;
    change_kind *change;
    int share; /* of all rounds */
} changes[] = {
    {"change_entry", change_entry, 8},
    {"change_end", change_end, 2},
    {"change_head", change_head, 4},
    {"move_head", move_head, 1},
    {"drop_head", drop_head, 1},
    {"add_head", add_head, 1},
    {"drop_end", drop_end, 1},
    {"drop_entry", drop_entry, 1},
    {"drop_entry_and_number_anew", drop_entry_and_number_anew, 1},
    {"swap_entries", swap_entries, 1},
    {"insert_entry", insert_entry, 1},
    {"append_copy", append_copy, 1},
    {"append_hashed", append_hashed, 1},
    {"append_hashed_and_named", append_hashed_and_named, 1},
    {"drop_all", drop_all, 1},
    {"cut_off", cut_off, 1},
    {"cut_off_and_named", cut_off_and_named, 1},
    {"put_end_back", put_end_back, 2},
    {"rewrite", rewrite, 1},
    {"rewrite_without", rewrite_without, 1},
};

static void check_all(void **state, bool is_loose) {
    enum { CHAINS = 10, ROUNDS = 20 };
    for (int i = 0; i < CHAINS; i++) {
        test_chain chain;
        open_chain(state, is_loose, 1000003ULL * (uint64_t)(i + 1), &chain);
        for (size_t kind = 0; kind < sizeof changes / sizeof *changes; kind++) {
            for (int round = 0; round < ROUNDS * changes[kind].share; round++) {
                check_one(&chain, changes[kind].change, changes[kind].name, round);
            }
        }
        assert_int_equal(chain_verify(chain.db, &chain.key).fault, TF_AUDIT_SOUND);
        tf_db_close(chain.db);
    }
}

static void whatever_is_changed_in_the_tables_is_found_and_where(void **state) {
    check_all(state, false);
}

static void whatever_is_changed_in_tables_without_types_is_found_and_where(void **state) {
    check_all(state, true);
}

static void a_row_that_stands_twice_is_found(void **state) {
    test_chain chain;
    open_chain(state, true, 99, &chain);
    tf_error error;
    for (int64_t id = 1; id <= ENTRIES; id++) {
        assert_ok(tf_db_begin(chain.db, &error), &error);
        run_with(&chain, COPY_OF_ENTRY, id, id);
        tf_audit_report report = chain_verify(chain.db, &chain.key);
        assert_int_equal(report.fault, TF_AUDIT_ADDED);
        assert_int_equal(report.fault_entry_id, id);
        tf_db_rollback(chain.db);
    }
    chain_run(chain.db, "INSERT INTO audit_end SELECT * FROM audit_end");
    assert_int_equal(chain_verify(chain.db, &chain.key).fault, TF_AUDIT_END);
    tf_db_close(chain.db);
}

/* A page about a person is read by an index: whoever leaves a look out of that one hides it, and
 * changes no byte of the entries.  Trefoil's own connections refuse to; Python's do not. */
static const char leave_out[] =
    "import sqlite3, sys\n"
    "path, entry = sys.argv[1:]\n"
    "def run(*statements):\n"
    "    database = sqlite3.connect(path, isolation_level=None)\n"
    "    database.execute('PRAGMA writable_schema = ON')\n"
    "    for sql in statements: database.execute(sql)\n"
    "    database.close()\n"
    "change = \"UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}')\" \\\n"
    "         \" WHERE name = 'audit_entry_by_person'\"\n"
    "run(change.format('> 0', '> 0 AND id <> ' + entry))\n"
    "run('REINDEX', change.format(' AND id <> ' + entry, ''))\n";

static void an_entry_that_is_left_out_of_lists_is_found(void **state) {
    static const char count_listed[] = "SELECT count(*) FROM audit_entry INDEXED BY "
                                       "audit_entry_by_person WHERE person_id > 0";
    test_chain chain;
    char path[300], command[2000];
    open_chain(state, false, 7, &chain);
    snprintf(path, sizeof path, "%s", tf_db_path(chain.db));
    snprintf(command, sizeof command, "python3 -c '%s' '%s' %lld",
             "exec(__import__(\"os\").environ"
             "[\"LEAVE_OUT\"])",
             path,
             (long long)chain_ask(chain.db, "SELECT min(id) FROM audit_entry WHERE person_id > 0"));
    int64_t listed = chain_ask(chain.db, count_listed);
    tf_db_close(chain.db);
    setenv("LEAVE_OUT", leave_out, 1);
    assert_int_equal(system(command), 0);
    chain.db = chain_open(path, TF_DB_WRITE);
    assert_int_equal(chain_ask(chain.db, count_listed), listed - 1);
    assert_int_equal(chain_verify(chain.db, &chain.key).fault, TF_AUDIT_HIDDEN);
    tf_db_close(chain.db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(whatever_is_changed_in_the_tables_is_found_and_where),
        temporary_test(whatever_is_changed_in_tables_without_types_is_found_and_where),
        temporary_test(a_row_that_stands_twice_is_found),
        temporary_test(an_entry_that_is_left_out_of_lists_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

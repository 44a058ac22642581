/* trefoil audit list */
#include "cli/audit_filter.h"
#include "cli/json_values.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/workplace.h"

enum { DB = TF_AUDIT_FILTER_COUNT, LIMIT, OLDER_THAN, FORMAT, OPTION_COUNT };

enum { LIMIT_DEFAULT = 50, LIMIT_MOST = 10000 };

static const tf_option options[OPTION_COUNT] = {
    TF_AUDIT_FILTER_OPTIONS,
    [DB] = {"db", "FILE", "the database file, with its key beside it", true},
    [LIMIT] = {"limit", "NUMBER", "how many entries, 50 if nothing is said", false},
    [OLDER_THAN] = {"older-than", "ENTRY", "only entries before this one, to read on", false},
    [FORMAT] = TF_OPTION_FORMAT,
};

/* ---- an entry in words ---- */

static void add(tf_buffer *words, const char *before, const char *text) {
    if (text && *text) {
        tf_buffer_format(words, "%s%s", before, text);
    }
}

static void add_number(tf_buffer *words, const char *before, int64_t number) {
    if (number) {
        tf_buffer_format(words, "%s%lld", before, (long long)number);
    }
}

/* "consult concern 41, person 3, for prevent-crime, under agreement 2". */
static void say_what(const tf_audit_entry *entry, tf_buffer *words) {
    tf_buffer_append_text(words, entry->action);
    add(words, " ", entry->category);
    add_number(words, " ", entry->object_id);
    add_number(words, ", person ", entry->person_id);
    add(words, ", for ", entry->purpose);
    add_number(words, ", under agreement ", entry->agreement_id);
    add(words, ", given to ", entry->recipients);
}

static void say_entry(tf_terminal *page, const tf_audit_entry *entry) {
    char instant[TF_INSTANT_TEXT_SIZE];
    tf_buffer words;
    tf_buffer_init(&words);
    tf_terminal_format(page, TF_INK_STRONG, "%8lld  %s  ", (long long)entry->id,
                       tf_instant_format(entry->at, instant));
    tf_buffer_append_text(&words, *entry->actor ? entry->actor : "no name");
    add_number(&words, ", account ", entry->account_id);
    add_number(&words, ", organisation ", entry->organisation_id);
    tf_terminal_paragraph(page, NULL, 32, words.data ? words.data : "");
    words.length = 0;
    say_what(entry, &words);
    tf_terminal_paragraph(page, "", 10, words.data ? words.data : "");
    bool is_done = strcmp(entry->outcome, "done") == 0;
    if (!is_done || (entry->detail && *entry->detail)) {
        words.length = 0;
        tf_buffer_append_text(&words, is_done ? "" : entry->outcome);
        add(&words, is_done ? "" : ": ", entry->detail);
        tf_terminal_paragraph(page, "", 10, words.data ? words.data : "");
    }
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

static void say_page(const tf_audit_page *found, tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    for (size_t i = 0; i < found->count; i++) {
        say_entry(&page, &found->entries[i]);
    }
    if (found->count == 0) {
        tf_terminal_paragraph(&page, "", 0, "There is no such entry.");
    }
    if (found->older_than) {
        tf_terminal_end_line(&page);
        tf_terminal_format(&page, TF_INK_FAINT, "There are more: --older-than %lld",
                           (long long)found->older_than);
        tf_terminal_end_line(&page);
    }
}

/* ---- for programs ---- */

/* As the export writes it. */
static void write_entry(const tf_audit_entry *entry, tf_json *json) {
    tf_json_open_object(json);
    tf_json_put_int(json, "entry", entry->id);
    tf_json_put_instant(json, "time", entry->at);
    tf_json_put_int(json, "account", entry->account_id);
    tf_json_put_int(json, "organisation", entry->organisation_id);
    tf_json_put_string(json, "actor", entry->actor);
    tf_json_put_string(json, "action", entry->action);
    tf_json_put_string(json, "category", entry->category);
    tf_json_put_int(json, "object", entry->object_id);
    tf_json_put_int(json, "person", entry->person_id);
    tf_json_put_string(json, "purpose", entry->purpose);
    tf_json_put_int(json, "agreement", entry->agreement_id);
    tf_json_put_string(json, "recipients", entry->recipients);
    tf_json_put_string(json, "outcome", entry->outcome);
    tf_json_put_string(json, "detail", entry->detail);
    tf_json_close_object(json);
}

static void write_page(const tf_audit_page *found, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_object(&json);
    tf_json_key(&json, "entries");
    tf_json_open_array(&json);
    for (size_t i = 0; i < found->count; i++) {
        write_entry(&found->entries[i], &json);
    }
    tf_json_close_array(&json);
    tf_json_put_number(&json, "older_than", found->older_than);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

/* ---- the command ---- */

typedef struct wish {
    tf_audit_filter filter;
    int64_t limit;
    int64_t older_than;
} wish;

static tf_status read_wish(const tf_arguments *arguments, wish *wish_out, tf_error *error) {
    *wish_out = (wish){.limit = LIMIT_DEFAULT};
    tf_status status = tf_audit_filter_read(arguments, &wish_out->filter, error);
    if (!status) {
        status = tf_option_whole(arguments->values[LIMIT], "limit", 1, INT64_MAX, &wish_out->limit,
                                 error);
    }
    if (!status && wish_out->limit > LIMIT_MOST) {
        status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0,
                    "--limit takes at most %d; for more there is trefoil audit export", LIMIT_MOST);
    }
    return status ? status
                  : tf_option_whole(arguments->values[OLDER_THAN], "older-than", 1, INT64_MAX,
                                    &wish_out->older_than, error);
}

static tf_exit run(const tf_arguments *arguments) {
    tf_workplace place;
    wish asked;
    bool is_json;
    if (read_wish(arguments, &asked, &place.error) ||
        tf_option_format(arguments->values[FORMAT], &is_json, &place.error)) {
        return tf_report_usage(&tf_command_audit_list, "%s", place.error.message);
    }
    tf_audit_page page;
    tf_status status = tf_workplace_enter(&place, arguments->values[DB]);
    if (!status) {
        status = tf_audit_list(place.access, &place.actor, &asked.filter, asked.older_than,
                               (size_t)asked.limit, place.arena, &page, &place.error);
    }
    if (!status) {
        (is_json ? write_page : say_page)(&page, &place.out);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_audit_list = {
    .name = "audit list",
    .summary = "show who did what with whose data, newest first",
    .details = "All entries, or those of a person, an account, an organisation, a category or one "
               "object of it, an action, an outcome or days. To look is entered too.\n\n"
               "--format json gives one object: entries, with the members of trefoil audit export "
               "except at and hash, and older_than, the number to read on with, which is null on "
               "the last page.",
    .example = "  trefoil audit list --db county.db --person 12\n"
               "  trefoil audit list --db county.db --outcome refused --from 2026-11-01\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run,
};

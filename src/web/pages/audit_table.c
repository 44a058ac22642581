#include "audit_table_internal.h"

#include "trefoil/base/date.h"

/* In UTC, as the days that entries are chosen by. */
const char *tf_page_audit_instant(tf_visit *visit, int64_t at) {
    char text[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(at, text); /* "2026-11-30T10:15:00Z" */
    return tf_page_format(visit, "%s, %.8s", tf_page_day(visit, tf_day_of_instant(at)), text + 11);
}

static const char *who_in_words(tf_visit *visit, const tf_audit_entry *entry) {
    const char *name = *entry->actor ? entry->actor : "No name";
    return entry->organisation ? tf_page_format(visit, "%s, %s", name, entry->organisation) : name;
}

/* What was done, and what somebody tried to do who was refused. */
typedef struct deed_words {
    const char *action;
    const char *category; /* NULL: any */
    const char *did;
    const char *to_do;
    bool is_whole; /* says what it was done with, too */
} deed_words;

static const deed_words deeds[] = {
    {"collect", "intelligence", "Wrote", "write", false},
    {"collect", "concern", "Sent", "send", false},
    {"collect", "audit", "Reviewed", "review", false},
    {"collect", NULL, "Added", "add", false},
    {"consult", NULL, "Read", "read", false},
    {"alter", NULL, "Changed", "change", false},
    {"disclose", NULL, "Shared", "share", false},
    {"combine", NULL, "Linked", "link", false},
    {"erase", NULL, "Erased", "erase", false},
    {"sign-in", NULL, "Signed in to", "sign in to", false},
    {"sign-out", NULL, "Signed out of", "sign out of", false},
    {"backup", NULL, "Made a backup", "make a backup", true},
    {"restore", NULL, "Restored a backup", "restore a backup", true},
};

/* One thing of a category, and all of them. */
static const struct {
    const char *category;
    const char *one;
    const char *all;
} things[] = {
    {"concern", "report of concern", "reports of concern"},
    {"intelligence", "intelligence report", "intelligence reports"},
    {"person", "the record of person", "records of people"},
    {"case", "case", "cases"},
    {"treatment", "treatment record", "treatment records"},
    {"account", "account", "accounts"},
    {"audit", "audit entry", "the audit"},
    {"organisation", "organisation", "organisations"},
    {"agreement", "agreement", "agreements"},
    {"setting", "setting", "settings"},
    {"open-data", "open data", "open data"},
    {"form", "form", "forms"},
    {"statistics", "statistics", "statistics"},
    {"backup", "backup", "backups"},
};

static const deed_words *find_deed(const tf_audit_entry *entry) {
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        if (strcmp(deeds[i].action, entry->action) == 0 &&
            (!deeds[i].category || strcmp(deeds[i].category, entry->category) == 0)) {
            return &deeds[i];
        }
    }
    return NULL;
}

static const char *thing_of(const tf_audit_entry *entry) {
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (strcmp(things[i].category, entry->category) == 0) {
            return entry->object_id ? things[i].one : things[i].all;
        }
    }
    return entry->category;
}

/* "Read report of concern 41, about person 3"; "Tried to read ..." for whoever was refused. */
static const char *what_in_words(tf_visit *visit, const tf_audit_entry *entry) {
    const deed_words *deed = find_deed(entry);
    bool is_refused = strcmp(entry->outcome, "refused") == 0;
    tf_buffer words;
    tf_buffer_init(&words);
    if (deed) {
        tf_buffer_format(&words, "%s%s", is_refused ? "Tried to " : "",
                         is_refused ? deed->to_do : deed->did);
    } else {
        tf_buffer_append_text(&words, tf_page_sentence(visit, entry->action));
    }
    if (!deed || !deed->is_whole) {
        tf_buffer_format(&words, " %s", thing_of(entry));
    }
    if (entry->object_id) {
        tf_buffer_format(&words, " %lld", (long long)entry->object_id);
    }
    if (entry->person_id) {
        tf_buffer_format(&words, ", about person %lld", (long long)entry->person_id);
    }
    if (entry->recipients) {
        tf_buffer_format(&words, " with %s", entry->recipients);
    }
    const char *text = tf_page_words(visit, &words);
    tf_buffer_deinit(&words);
    return text;
}

/* By the pack's title where it has one of that name. */
static const char *why_in_words(tf_visit *visit, const tf_audit_entry *entry) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    const char *purpose = entry->purpose ? entry->purpose : "";
    for (size_t i = 0; i < rules->purpose_count; i++) {
        if (strcmp(rules->purposes[i].name, purpose) == 0) {
            purpose = rules->purposes[i].title;
            break;
        }
    }
    return entry->agreement_id
               ? tf_page_format(visit, "%s%sagreement %lld", purpose, *purpose ? ", " : "",
                                (long long)entry->agreement_id)
               : purpose;
}

static const char *outcome_in_words(tf_visit *visit, const tf_audit_entry *entry) {
    static const char *const words[][2] = {
        {"done", "Done"}, {"refused", "Refused"}, {"emergency", "Done in an emergency"}};
    const char *outcome = entry->outcome;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        outcome = strcmp(entry->outcome, words[i][0]) == 0 ? words[i][1] : outcome;
    }
    return entry->detail && *entry->detail ? tf_page_format(visit, "%s: %s", outcome, entry->detail)
                                           : outcome;
}

static void write_who(tf_visit *visit, const tf_audit_entry *entry, bool links_accounts) {
    const char *who = who_in_words(visit, entry);
    if (!links_accounts || !entry->account_id) {
        tf_page_cell(visit, who);
        return;
    }
    tf_page_cell_begin(visit);
    tf_page_link(visit, tf_page_format(visit, "/audit?account=%lld", (long long)entry->account_id),
                 who);
    tf_page_cell_end(visit);
}

void tf_page_audit_table(tf_visit *visit, const char *caption, const tf_audit_page *entries,
                         bool links_accounts) {
    static const tf_page_column columns[] = {{"Entry", true}, {"When, UTC", false},
                                             {"Who", false},  {"What", false},
                                             {"Why", false},  {"Outcome", false}};
    if (entries->count == 0) {
        tf_page_paragraph(visit, "There is no such entry.");
        return;
    }
    tf_page_records_begin(visit, caption, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < entries->count; i++) {
        const tf_audit_entry *entry = &entries->entries[i];
        tf_page_row_begin(visit);
        tf_page_count(visit, entry->id);
        tf_page_cell(visit, tf_page_audit_instant(visit, entry->at));
        write_who(visit, entry, links_accounts);
        tf_page_cell(visit, what_in_words(visit, entry));
        tf_page_cell(visit, why_in_words(visit, entry));
        tf_page_cell(visit, outcome_in_words(visit, entry));
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

void tf_page_audit_look(tf_visit *visit, const char *title, const tf_audit_look *look) {
    if (!look->may) {
        return;
    }
    tf_page_heading(visit, "seen", title);
    tf_page_audit_table(visit,
                        look->entries.older_than
                            ? tf_page_format(visit,
                                             "The last %d entries of the audit, newest first",
                                             (int)look->entries.count)
                            : "Entries of the audit, newest first",
                        &look->entries, false);
}

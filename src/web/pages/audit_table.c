#include "audit_table_internal.h"

#include "trefoil/base/date.h"

/* In UTC, as the days that entries are chosen by. */
const char *tf_page_audit_instant(tf_visit *visit, int64_t at) {
    char text[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(at, text); /* "2026-11-30T10:15:00Z" */
    return tf_page_format(visit, "%s, %.8s", tf_page_day(visit, (int32_t)(at / 86400000000)),
                          text + 11);
}

static const char *who_in_words(tf_visit *visit, const tf_audit_entry *entry) {
    const char *name = *entry->actor ? entry->actor : "No name";
    return entry->organisation ? tf_page_format(visit, "%s, %s", name, entry->organisation) : name;
}

/* "consult concern 41, person 3". */
static const char *what_in_words(tf_visit *visit, const tf_audit_entry *entry) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_format(&words, "%s %s", entry->action, entry->category);
    if (entry->object_id) {
        tf_buffer_format(&words, " %lld", (long long)entry->object_id);
    }
    if (entry->person_id) {
        tf_buffer_format(&words, ", person %lld", (long long)entry->person_id);
    }
    if (entry->recipients) {
        tf_buffer_format(&words, ", given to %s", entry->recipients);
    }
    const char *text = tf_page_sentence(visit, tf_page_words(visit, &words));
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

void tf_page_audit_table(tf_visit *visit, const char *caption, const tf_audit_page *entries) {
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
        tf_page_cell(visit, who_in_words(visit, entry));
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
                        &look->entries);
}

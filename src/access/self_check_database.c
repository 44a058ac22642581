#include "self_check_internal.h"

#include "audit_mark.h"
#include "audit_verify.h"
#include "backup.h"
#include "backup_key.h"

#include "trefoil/base/date.h"

static void check_pages(tf_self_checker *checker) {
    tf_error error;
    int64_t schema = 0;
    if (tf_db_check(checker->db, true, &error) || tf_db_schema(checker->db, &schema, &error)) {
        tf_finding_add(checker, "database", TF_SEVERITY_DANGER,
                       "What is damaged is lost, and more may follow.",
                       "Stop the server, keep a copy of the files, look at the disk, and restore "
                       "the last backup.",
                       "The database is not whole: %s.", error.message);
    } else {
        tf_finding_fine(checker, "database", "The database is whole, and of schema %lld.",
                        (long long)schema);
    }
}

static void check_chain(tf_self_checker *checker) {
    tf_error error;
    tf_audit_report report;
    if (tf_audit_verify(checker->db, checker->key, NULL, 0, &report, &error)) {
        tf_finding_add(checker, "audit-chain", TF_SEVERITY_DANGER,
                       "What was done with personal data cannot be shown.",
                       "Restore the database from a backup if it is damaged.",
                       "The audit chain cannot be read: %s.", error.message);
    } else if (report.fault != TF_AUDIT_SOUND) {
        tf_finding_add(checker, "audit-chain", TF_SEVERITY_DANGER,
                       "Somebody or something has changed the record of who did what.",
                       "Keep the database as it is for whoever looks into it, compare it with the "
                       "last backup, and tell the data lead.",
                       "The audit chain is broken: %s", report.message);
    } else {
        tf_finding_fine(checker, "audit-chain", "The audit chain is whole: %lld %s.",
                        (long long)report.entry_count,
                        report.entry_count == 1 ? "entry" : "entries");
    }
}

/* A mark that is not authentic is a fault of the chain. */
static void check_mark(tf_self_checker *checker) {
    tf_audit_mark mark;
    tf_error error;
    if (!checker->key ||
        tf_audit_mark_read(checker->subject->db_path, checker->key->mark_key, &mark, &error)) {
        return;
    }
    if (!mark.is_there) {
        tf_finding_add(checker, "audit-mark", TF_SEVERITY_WARNING,
                       "Without it, entries can be cut off unseen by whoever may write to the "
                       "database.",
                       "If nobody of yours has removed it, verify the audit with a head that was "
                       "kept elsewhere ('trefoil audit verify --head'); the next entry makes the "
                       "mark anew.",
                       "There is no mark of the audit beside the database.");
    } else {
        tf_finding_fine(checker, "audit-mark", "The mark says that the audit came to entry %lld.",
                        (long long)mark.last.entry_id);
    }
}

/* A head proves the chain only where somebody else has it. */
static void check_heads(tf_self_checker *checker) {
    enum { MOST_DAYS = 14 };
    static const char why[] = "Whoever holds the database and the site's key could rewrite the "
                              "record of who did what unseen.";
    static const char action[] = "Write one with 'trefoil audit head --now --out FILE', each week, "
                                 "and keep it where nobody of this machine reaches.";
    int64_t at = tf_finding_count(checker, "audit-head",
                                  "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM setting"
                                  " WHERE name = 'audit-head-written'), 0)",
                                  NULL, 0);
    int64_t days = (checker->subject->now - at) / TF_MICROSECONDS_A_DAY;
    char text[TF_INSTANT_TEXT_SIZE];
    if (at == 0) {
        tf_finding_add(checker, "audit-head", TF_SEVERITY_WARNING, why, action,
                       "No head of the audit was ever kept elsewhere.");
    } else if (at > 0 && days >= MOST_DAYS) {
        tf_finding_add(checker, "audit-head", TF_SEVERITY_WARNING, why, action,
                       "The last head of the audit that was taken out is %lld days old.",
                       (long long)days);
    } else if (at > 0) {
        tf_finding_fine(checker, "audit-head", "The last head of the audit was taken out at %s.",
                        tf_instant_format(at, text));
    }
}

static void check_clock(tf_self_checker *checker) {
    enum { TOLERANCE = 60 * 1000 * 1000 }; /* microseconds */
    int64_t last = tf_finding_count(
        checker, "clock",
        "SELECT coalesce((SELECT at FROM audit_entry ORDER BY id DESC LIMIT 1), 0)", NULL, 0);
    char text[TF_INSTANT_TEXT_SIZE];
    if (last > checker->subject->now + TOLERANCE) {
        tf_finding_add(checker, "clock", TF_SEVERITY_WARNING,
                       "Until the clock has caught up, all entries get the same time, and limits "
                       "of sessions and agreements are judged wrongly.",
                       "Set the clock, and let it be kept right ('timedatectl set-ntp true').",
                       "The clock is behind the last entry of the audit, which is of %s.",
                       tf_instant_format(last, text));
    } else if (last >= 0) {
        tf_finding_fine(checker, "clock", "The clock is not behind the last entry of the audit.");
    }
}

static void check_backup_key(tf_self_checker *checker) {
    tf_error error;
    uint8_t public_key[TF_KEY_SIZE];
    if (!checker->key) {
        return; /* told by another finding, and there is nothing to judge by */
    }
    tf_status status = tf_backup_key_get(checker->db, checker->key, public_key, &error);
    if (status == TF_REFUSED) {
        tf_finding_add(checker, "backup-key", TF_SEVERITY_DANGER,
                       "Whoever set it would read every backup, and the site's key in it.",
                       "Find out who changed the database, and set your own key again with "
                       "'trefoil backup use'.",
                       "The key that backups are sealed to was set by something else than "
                       "Trefoil.");
    } else if (!status) {
        tf_finding_fine(checker, "backup-key", "There is a key that backups are sealed to.");
    } else {
        tf_finding_add(checker, "backup-key", TF_SEVERITY_WARNING,
                       "Without it no backup can be made.",
                       "Make one on another machine with 'trefoil backup key', and name its public "
                       "part here with 'trefoil backup use'.",
                       "There is no key that backups are sealed to.");
    }
}

static void check_backups(tf_self_checker *checker) {
    enum { MOST_DAYS = 7 };
    tf_error error;
    int64_t at = 0;
    if (tf_backup_last(checker->db, &at, &error)) {
        tf_finding_unknown(checker, "backup", &error);
        return;
    }
    int64_t days = (checker->subject->now - at) / TF_MICROSECONDS_A_DAY;
    static const char why[] = "What is lost with the disk is lost for good.";
    static const char action[] = "Run 'trefoil backup', and let it be run daily "
                                 "('systemctl enable --now trefoil-backup.timer').";
    if (at == 0) {
        tf_finding_add(checker, "backup", TF_SEVERITY_DANGER, why, action,
                       "There has never been a backup.");
    } else if (days >= MOST_DAYS) {
        tf_finding_add(checker, "backup", TF_SEVERITY_WARNING, why, action,
                       "The last backup is %lld days old.", (long long)days);
    } else {
        char text[TF_INSTANT_TEXT_SIZE];
        tf_finding_fine(checker, "backup", "The last backup is of %s.",
                        tf_instant_format(at, text));
    }
}

void tf_self_check_database(tf_self_checker *checker) {
    check_pages(checker);
    check_chain(checker);
    check_mark(checker);
    check_heads(checker);
    check_clock(checker);
    check_backup_key(checker);
    check_backups(checker);
}

/* trefoil restore */
#include "access/backup.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/kept_head.h"
#include "cli/report.h"
#include "trefoil/base/date.h"

enum { KEY_FILE, DB, HEAD, EVEN_IF_UNSOUND, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    [KEY_FILE] = {"key-file", "FILE", "the secret part of the backup key", true},
    [DB] = {"db", "FILE", "the new database file; neither it nor its key may be there", true},
    [HEAD] = {"head", "FILE",
              "the newest head of the audit that was kept elsewhere before the backup was made",
              false},
    [EVEN_IF_UNSOUND] = {"even-if-unsound", NULL,
                         "restore although entries of the audit were changed or removed", false},
};

static void say_audit(const tf_audit_report *report, bool has_head, tf_buffer *out) {
    if (report->fault) {
        tf_buffer_format(out, "Its audit is not sound, and that is entered: %s\n", report->message);
    } else {
        tf_buffer_format(out, "Its audit is sound, %s.\n",
                         has_head ? "and is the one that the head was signed for"
                                  : "but was held against no head that was kept elsewhere");
    }
}

static void say_restored(const char *db_path, const tf_backup_facts *facts, tf_buffer *out) {
    char made_at[TF_INSTANT_TEXT_SIZE];
    tf_buffer_format(out,
                     "Restored %s and its key %s.key: the state of %s, whose audit ends with "
                     "entry %lld.\n",
                     db_path, db_path, tf_instant_format(facts->made_at, made_at),
                     (long long)facts->entry_id);
}

/* What is as it was then, and may not be meant to be so any more. */
static const char what_to_know[] =
    "What was done after that is not in it. Everybody is signed out, and links that were sent no "
    "longer work. Accounts, roles, suspensions and agreements are those of the backup: suspend "
    "again who was suspended since. Passphrases that were changed since are the earlier ones, and "
    "recovery codes that were used since work again: let their owners make new ones.\n";

static tf_status restore(const tf_arguments *arguments, tf_buffer *out, tf_error *error) {
    const char *const *values = arguments->values;
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor actor = tf_actor_operator(name);
    tf_backup_facts facts;
    tf_audit_report report;
    tf_audit_kept_head head;
    tf_restore_terms terms = {.head = values[HEAD] ? &head : NULL,
                              .even_if_unsound = values[EVEN_IF_UNSOUND] != NULL};
    tf_status status = tf_secret_begin(error);
    if (!status && values[HEAD]) {
        status = tf_cli_read_head(values[HEAD], &head, error);
    }
    if (!status) {
        /* The database and its key come together, or not at all. */
        sigset_t before;
        tf_interrupt_hold(&before);
        status = tf_backup_restore(arguments->operands[0], values[KEY_FILE], values[DB], &terms,
                                   &actor, &facts, &report, error);
        tf_interrupt_release(&before);
    }
    if (!status) {
        say_restored(values[DB], &facts, out);
        say_audit(&report, values[HEAD] != NULL, out);
        tf_buffer_append_text(out, what_to_know);
    }
    return status;
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    tf_buffer out;
    tf_buffer_init(&out);
    return tf_report_end(restore(arguments, &out, &error), &out, &error);
}

const tf_command tf_command_restore = {
    .name = "restore",
    .summary = "make a database and its key from a backup",
    .details =
        "Checks the backup FILE as trefoil backup verify does, and makes of it a database and its "
        "site key, readable by whoever runs the command alone.  Nothing is overwritten, and from a "
        "backup that is damaged, cut off or made for another key nothing is left.  That it was "
        "restored is entered in the database's audit, and everybody signs in anew."
        "\n\n"
        "The public part of the backup key is all it takes to make a backup, so a place that "
        "others write to may hold one that somebody else made.  The audit in it is verified, and "
        "with --head it is proved to be this site's up to that head.  Where it is not sound, "
        "nothing is restored unless --even-if-unsound is given, and then the fault is entered."
        "\n\n"
        "Where the program runs as a user of its own, run it as that user: sudo -u trefoil trefoil "
        "restore ...",
    .example = "  trefoil restore trefoil-2024-03-01T021500Z.backup \\\n"
               "      --key-file partnership-backup.key --db trefoil.db \\\n"
               "      --head /mnt/usb/head-2024-02-26.json\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run,
};

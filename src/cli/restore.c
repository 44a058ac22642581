/* trefoil restore */
#include "access/backup.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/report.h"
#include "trefoil/base/date.h"

enum { KEY_FILE, DB, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    [KEY_FILE] = {"key-file", "FILE", "the secret part of the backup key", true},
    [DB] = {"db", "FILE", "the new database file; neither it nor its key may be there", true},
};

static tf_exit run(const tf_arguments *arguments) {
    const char *db_path = arguments->values[DB];
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor actor = tf_actor_operator(name);
    tf_backup_facts facts;
    tf_error error;
    tf_buffer out;
    tf_buffer_init(&out);
    /* The database and its key come together, or not at all. */
    sigset_t before;
    tf_interrupt_hold(&before);
    tf_status status = tf_backup_restore(arguments->operands[0], arguments->values[KEY_FILE],
                                         db_path, &actor, &facts, &error);
    tf_interrupt_release(&before);
    if (!status) {
        char made_at[TF_INSTANT_TEXT_SIZE];
        tf_buffer_format(&out,
                         "Restored %s and its key %s.key: the state of %s, whose audit ends with "
                         "entry %lld.\nWhat was done after that is not in it.\n",
                         db_path, db_path, tf_instant_format(facts.made_at, made_at),
                         (long long)facts.entry_id);
    }
    return tf_report_end(status, &out, &error);
}

const tf_command tf_command_restore = {
    .name = "restore",
    .summary = "make a database and its key from a backup",
    .details =
        "Checks the backup FILE as trefoil backup verify does, and makes of it a database and its "
        "site key, readable by whoever runs the command alone.  Nothing is overwritten, and from a "
        "backup that is damaged, cut off or made for another key nothing is left.  That it was "
        "restored is entered in the database's audit, and everybody signs in anew.  The public "
        "part "
        "of the backup key is all it takes to make a backup, so verify the audit with a head that "
        "was kept elsewhere (trefoil audit verify) before you trust one from a place that others "
        "write to."
        "\n\n"
        "Where the program runs as a user of its own, run it as that user: sudo -u trefoil trefoil "
        "restore ...",
    .example = "  trefoil restore trefoil-2024-03-01T021500Z.backup \\\n"
               "      --key-file partnership-backup.key --db trefoil.db\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run,
};

/* trefoil backup, backup key, backup use, backup verify */
#include "access/backup.h"
#include "access/backup_key.h"
#include "cli/command.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/workplace.h"
#include "trefoil/base/date.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- backup ---- */

enum { BACKUP_DB, BACKUP_KEEP, BACKUP_OPTION_COUNT };

static const tf_option backup_options[BACKUP_OPTION_COUNT] = {
    [BACKUP_DB] = {"db", "FILE", "the database file", true},
    [BACKUP_KEEP] = {"keep", "N",
                     "where PATH is a folder: keep the newest N backups that were named by this "
                     "command, and remove older ones",
                     false},
};

/* What the command calls a backup in a folder: trefoil-2024-03-01T021500Z.backup. */
static const char name_pattern[] =
    "trefoil-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]Z.backup";

static bool is_folder(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static void name_in_folder(const char *folder, tf_buffer *path) {
    char now[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(tf_instant_now(), now);
    tf_buffer_format(path, "%s/trefoil-", folder);
    for (const char *at = now; *at; at++) {
        if (*at != ':') {
            tf_buffer_append(path, at, 1);
        }
    }
    tf_buffer_append_text(path, ".backup");
}

static int is_backup(const struct dirent *entry) {
    return fnmatch(name_pattern, entry->d_name, 0) == 0;
}

/* Remove all but the newest; their names are in the order of their times. */
static tf_status remove_older(const char *folder, int64_t kept, tf_buffer *out, tf_error *error) {
    struct dirent **entries;
    int count = scandir(folder, &entries, is_backup, alphasort);
    if (count < 0) {
        return tf_fail(error, TF_IO, folder, 0, "the folder cannot be read: %s", strerror(errno));
    }
    tf_status status = TF_OK;
    for (int i = 0; i < count; i++) {
        if (i + kept < count && !status) {
            tf_buffer path;
            tf_buffer_init(&path);
            tf_buffer_format(&path, "%s/%s", folder, entries[i]->d_name);
            status = tf_buffer_check(&path, error);
            if (!status && unlink(path.data) != 0) {
                status = tf_fail(error, TF_IO, path.data, 0,
                                 "the older backup cannot be removed: %s", strerror(errno));
            } else if (!status) {
                tf_buffer_format(out, "Removed the older %s.\n", entries[i]->d_name);
            }
            tf_buffer_deinit(&path);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static void say_facts(const tf_backup_facts *facts, tf_buffer *out) {
    char made_at[TF_INSTANT_TEXT_SIZE];
    tf_buffer_format(out,
                     "It holds the state of %s: a database of %.1f MB, whose audit ends with "
                     "entry %lld.\n",
                     tf_instant_format(facts->made_at, made_at), (double)facts->database_size / 1e6,
                     (long long)facts->entry_id);
}

static tf_status back_up(tf_workplace *place, const tf_arguments *arguments, int64_t kept) {
    const char *target = arguments->operands[0];
    tf_backup_facts facts;
    tf_buffer path;
    tf_buffer_init(&path);
    if (is_folder(target)) {
        name_in_folder(target, &path);
    } else {
        tf_buffer_append_text(&path, target);
    }
    tf_status status = tf_workplace_enter(place, arguments->values[BACKUP_DB]);
    if (!status) {
        status = tf_buffer_check(&path, &place->error);
    }
    if (!status) {
        status = tf_backup_write(place->db, &place->key, &place->actor, path.data, &facts,
                                 &place->error);
    }
    if (!status) {
        tf_buffer_format(&place->out, "The backup is %s, %.1f MB.\n", path.data,
                         (double)facts.file_size / 1e6);
        say_facts(&facts, &place->out);
    }
    if (!status && kept) {
        status = remove_older(target, kept, &place->out, &place->error);
    }
    tf_buffer_deinit(&path);
    return status;
}

static tf_exit run_backup(const tf_arguments *arguments) {
    int64_t kept = 0;
    tf_workplace place;
    if (tf_option_whole(arguments->values[BACKUP_KEEP], "keep", 1, INT64_MAX, &kept,
                        &place.error)) {
        return tf_report_usage(&tf_command_backup, "%s", place.error.message);
    }
    if (kept && !is_folder(arguments->operands[0])) {
        return tf_report_usage(&tf_command_backup, "--keep needs a folder, and %s is none",
                               arguments->operands[0]);
    }
    tf_status status = back_up(&place, arguments, kept);
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_backup = {
    .name = "backup",
    .summary = "write the database and its key to one encrypted file",
    .details =
        "Writes a backup to the new file PATH, or, where PATH is a folder, to a file in it that is "
        "named after the time.  The server may run meanwhile: the backup holds one state of the "
        "database, which is checked before it is kept.  It is there whole or not at all, and is "
        "entered in the audit."
        "\n\n"
        "The backup is sealed to the public part of a backup key (trefoil backup key).  Only the "
        "secret part opens it, which is kept elsewhere: this machine can make backups and cannot "
        "read them.",
    .example = "  trefoil backup /mnt/backups --db trefoil.db --keep 30\n"
               "  trefoil backup before-upgrade.backup --db trefoil.db\n",
    .options = {.options = backup_options,
                .option_count = BACKUP_OPTION_COUNT,
                .operand = "PATH",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_backup,
};

/* ---- backup key, backup use ---- */

enum { KEY_DB, KEY_OPTION_COUNT };

static const tf_option key_options[KEY_OPTION_COUNT] = {
    [KEY_DB] = {"db", "FILE", "seal the backups of this database to the new key", false},
};

static tf_status use(tf_workplace *place, const char *db_path,
                     const uint8_t public_key[TF_KEY_SIZE]) {
    tf_buffer *out = &place->out;
    tf_status status = tf_workplace_open(place, db_path);
    uint8_t earlier[TF_KEY_SIZE];
    bool is_other = !status && !tf_backup_key_get(place->db, &place->key, earlier, NULL) &&
                    memcmp(earlier, public_key, TF_KEY_SIZE) != 0;
    if (!status) {
        status =
            tf_backup_key_set(place->db, &place->key, &place->actor, public_key, &place->error);
    }
    if (!status) {
        tf_buffer_format(out, "The backups of %s are sealed to it from now on.\n", db_path);
    }
    if (!status && is_other) {
        char text[TF_BACKUP_KEY_TEXT_SIZE];
        tf_backup_key_format(earlier, text);
        tf_buffer_format(out,
                         "Earlier backups open with the earlier key alone: keep the one whose "
                         "public part is\n  %s\n",
                         text);
    }
    return status;
}

static tf_exit run_key(const tf_arguments *arguments) {
    const char *path = arguments->operands[0];
    uint8_t public_key[TF_KEY_SIZE];
    char text[TF_BACKUP_KEY_TEXT_SIZE];
    tf_workplace place;
    tf_status status = tf_workplace_prepare(&place);
    if (!status) {
        status = tf_backup_key_create(path, public_key, &place.error);
    }
    if (!status) {
        tf_backup_key_format(public_key, text);
        tf_buffer_format(&place.out,
                         "The secret part is in %s.  It opens every backup that is sealed to the "
                         "key:\nkeep it away from the server, twice, and nowhere else.  Without it "
                         "no backup can\nbe restored.\n\nThe public part, which may be seen:\n  "
                         "%s\n",
                         path, text);
    }
    if (!status && arguments->values[KEY_DB]) {
        tf_buffer_append_text(&place.out, "\n");
        status = use(&place, arguments->values[KEY_DB], public_key);
        if (status) {
            (void)unlink(path); /* nothing is sealed to it */
        }
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_backup_key = {
    .name = "backup key",
    .summary = "make the pair of keys that backups are sealed with",
    .details =
        "Writes the secret part of a new backup key to the file PATH, which must not be there, and "
        "shows the public part.  Best done on another machine than the server, which is then told "
        "the public part by trefoil backup use.  With --db both is done at once; move the file "
        "away afterwards.",
    .example = "  trefoil backup key partnership-backup.key\n",
    .options = {.options = key_options,
                .option_count = KEY_OPTION_COUNT,
                .operand = "PATH",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_key,
};

static const tf_option use_options[KEY_OPTION_COUNT] = {
    [KEY_DB] = {"db", "FILE", "the database file", true},
};

static tf_exit run_use(const tf_arguments *arguments) {
    uint8_t public_key[TF_KEY_SIZE];
    tf_workplace place;
    tf_status status = tf_workplace_prepare(&place);
    if (!status) {
        status = tf_backup_key_parse(tf_text_of(arguments->operands[0]), public_key, &place.error);
    }
    if (!status) {
        status = use(&place, arguments->values[KEY_DB], public_key);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_backup_use = {
    .name = "backup use",
    .summary = "seal the backups of a database to a key from now on",
    .details =
        "KEY is the public part that trefoil backup key showed, 72 digits, of which the last "
        "eight show a slip of the pen.",
    .example = "  trefoil backup use \\\n"
               "      51e1c7d0...9f3a --db trefoil.db\n",
    .options = {.options = use_options,
                .option_count = KEY_OPTION_COUNT,
                .operand = "KEY",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_use,
};

/* ---- backup verify ---- */

enum { VERIFY_KEY_FILE, VERIFY_SCRATCH, VERIFY_OPTION_COUNT };

static const tf_option verify_options[VERIFY_OPTION_COUNT] = {
    [VERIFY_KEY_FILE] = {"key-file", "FILE", "the secret part of the backup key", true},
    [VERIFY_SCRATCH] = {"scratch", "DIR",
                        "where the unpacked database may stand meanwhile, without a name "
                        "(TMPDIR, or /var/tmp if nothing is said)",
                        false},
};

static tf_exit run_verify(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    const char *temporary = getenv("TMPDIR");
    const char *scratch = values[VERIFY_SCRATCH]    ? values[VERIFY_SCRATCH]
                          : temporary && *temporary ? temporary
                                                    : "/var/tmp";
    tf_backup_facts facts;
    tf_error error;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status =
        tf_backup_verify(arguments->operands[0], values[VERIFY_KEY_FILE], scratch, &facts, &error);
    if (!status) {
        tf_buffer_append_text(&out,
                              "The backup is whole, and so are the database and the audit chain "
                              "in it.\n");
        say_facts(&facts, &out);
    }
    return tf_report_end(status, &out, &error);
}

const tf_command tf_command_backup_verify = {
    .name = "backup verify",
    .summary = "check that a backup could be restored",
    .details =
        "Reads the backup FILE to its end, and checks its seal, the database in it, and its audit "
        "chain.  Nothing of it is left on the disk "
        "under any name.  Do it where the secret part of the backup key is kept, not on the "
        "server.",
    .example = "  trefoil backup verify trefoil-2024-03-01T021500Z.backup \\\n"
               "      --key-file partnership-backup.key\n",
    .options = {.options = verify_options,
                .option_count = VERIFY_OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_verify,
};

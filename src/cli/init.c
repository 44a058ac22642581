/* trefoil init */
#include "access/organisation.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/workplace.h"
#include "trefoil/base/date.h"

#include <errno.h>
#include <sys/stat.h>

enum { DB, ORGANISATION, KIND, NAME, EMAIL, SITE, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    [DB] = {"db", "FILE", "the database file; created if absent, and its key beside it", true},
    [ORGANISATION] = {"organisation", "NAME", "the organisation that runs this installation", true},
    [KIND] = {"kind", "KIND",
              "what it is: police-force, council (if nothing is said), treatment-provider, prison, "
              "probation, school, health, charity, governing-body or other",
              false},
    [NAME] = {"name", "NAME", "the first administrator", true},
    [EMAIL] = {"email", "EMAIL", "the administrator's e-mail address, to sign in with", true},
    [SITE] = {"site", "URL",
              "what links start with, as people reach the site; " TF_SITE_DEFAULT
              " if nothing is said",
              false},
};

/* The key of the site, made if there is none, beside a database that is its owner's alone from now
 * on: it held open data, and will hold names. */
static tf_status make_key(const char *path, tf_error *error) {
    tf_db *db = NULL;
    tf_site_key key;
    umask(S_IRWXG | S_IRWXO);
    tf_status status = tf_db_open(path, TF_DB_WRITE, &db, error);
    tf_db_close(db);
    if (!status && chmod(path, S_IRUSR | S_IWUSR)) {
        status = tf_fail(error, TF_IO, path, 0, "the database cannot be made its owner's alone: %s",
                         strerror(errno));
    }
    if (!status) {
        status = tf_site_key_load(path, &key, error);
        status = status == TF_NOT_FOUND ? tf_site_key_create(path, &key, error) : status;
        tf_secret_forget(&key, sizeof key);
    }
    return status;
}

static tf_status check_is_new(tf_cli_access *opened, const char *path, tf_error *error) {
    int64_t lead = 0;
    tf_status status = tf_organisation_lead(opened->access, &lead, error);
    return !status && lead ? tf_fail(error, TF_BAD_INPUT, path, 0,
                                     "this installation has been set up already; trefoil user "
                                     "invite makes further accounts")
                           : status;
}

/* The organisation of that name, made if there is none: what was begun and interrupted is carried
 * on. */
static tf_status make_organisation(tf_cli_access *opened, const tf_arguments *arguments,
                                   tf_arena *arena, int64_t *id_out, tf_error *error) {
    const char *kind = arguments->values[KIND];
    tf_organisation found;
    tf_organisation organisation = {
        .name = arguments->values[ORGANISATION],
        .kind = kind ? kind : "council",
        .started_on = TF_DAY_NONE,
        .ended_on = TF_DAY_NONE,
    };
    tf_status status =
        tf_organisation_find(opened->access, tf_text_of(organisation.name), arena, &found, error);
    if (status == TF_NOT_FOUND) {
        return tf_organisation_add(opened->access, &opened->actor, &organisation, id_out, error);
    }
    *id_out = status ? 0 : found.id;
    return status;
}

static tf_status make_administrator(tf_cli_access *opened, const tf_arguments *arguments,
                                    int64_t organisation_id, tf_arena *arena, char *token_out,
                                    tf_error *error) {
    int64_t now = tf_instant_now();
    int64_t id = 0;
    tf_account found;
    tf_account_link_kind kind;
    tf_invitation invitation = {
        .organisation_id = organisation_id,
        .name = arguments->values[NAME],
        .email = arguments->values[EMAIL],
    };
    tf_status status = tf_account_roles_parse(
        tf_access_get_rules(opened->access), tf_text_of("administrator"), &invitation.roles, error);
    if (!status) {
        status = tf_account_find(opened->access, &opened->actor, tf_text_of(invitation.email),
                                 arena, &found, error);
    }
    if (status == TF_NOT_FOUND) {
        return tf_account_invite(opened->access, &opened->actor, &invitation, now, &id, token_out,
                                 error);
    }
    return status ? status
                  : tf_account_make_link(opened->access, &opened->actor, found.id,
                                         TF_ACCOUNT_LINK_INVITATION, now, &kind, token_out, error);
}

static tf_exit run(const tf_arguments *arguments) {
    const char *path = arguments->values[DB];
    tf_error error;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_cli_access opened = {0};
    tf_arena *arena = tf_arena_new();
    int64_t organisation_id = 0;
    char token[TF_TOKEN_TEXT_SIZE];
    tf_status status = arena ? make_key(path, &error) : tf_fail_no_memory(&error);
    if (!status) {
        status = tf_cli_access_open(path, &opened, &error);
    }
    if (!status) {
        status = check_is_new(&opened, path, &error);
    }
    if (!status) {
        status = make_organisation(&opened, arguments, arena, &organisation_id, &error);
    }
    if (!status) {
        status = make_administrator(&opened, arguments, organisation_id, arena, token, &error);
    }
    if (!status) {
        /* Last, as it is what says that all of it is there. */
        status = tf_organisation_set_lead(opened.access, &opened.actor, organisation_id, &error);
    }
    if (!status) {
        tf_buffer_format(&out, "%s is set up, and its key is in %s.key; keep a copy of the key.\n",
                         path, path);
        tf_say_link(&out, arguments->values[SITE], arguments->values[EMAIL],
                    TF_ACCOUNT_LINK_INVITATION, token);
    }
    tf_arena_free(arena);
    tf_cli_access_close(&opened);
    return tf_report_end(status, &out, &error);
}

const tf_command tf_command_init = {
    .name = "init",
    .summary = "set up an installation and its first administrator",
    .details =
        "Makes the key that stands beside the database and without which nothing that is "
        "locked in it opens, the organisation that runs the installation, and an account for "
        "its first administrator. Prints the link by which the administrator chooses a "
        "passphrase, once. Data that was imported before stays.",
    .example = "  trefoil init --db county.db --organisation 'Northshire Council' \\\n"
               "    --name 'Asha Patel' --email asha@northshire.example \\\n"
               "    --site https://trefoil.northshire.example\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run,
};

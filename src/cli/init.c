/* trefoil init */
#include "access/audit_mark.h"
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
        if (status == TF_NOT_FOUND) {
            status = tf_site_key_create(path, &key, error);
            if (!status) {
                tf_audit_mark_remove(path); /* that of an earlier key says nothing */
            }
        }
        tf_secret_forget(&key, sizeof key);
    }
    return status;
}

static tf_status check_is_new(tf_workplace *place, const char *path) {
    int64_t lead = 0;
    tf_status status = tf_organisation_lead(place->access, &lead, &place->error);
    return !status && lead ? tf_fail(&place->error, TF_BAD_INPUT, path, 0,
                                     "this installation has been set up already; trefoil user "
                                     "invite makes further accounts")
                           : status;
}

/* The organisation of that name, made if there is none: what was begun and interrupted is carried
 * on. */
static tf_status make_organisation(tf_workplace *place, const tf_arguments *arguments,
                                   int64_t *id_out) {
    const char *kind = arguments->values[KIND];
    tf_organisation found;
    tf_organisation organisation = {
        .name = arguments->values[ORGANISATION],
        .kind = kind ? kind : "council",
        .started_on = TF_DAY_NONE,
        .ended_on = TF_DAY_NONE,
    };
    tf_status status = tf_organisation_find(place->access, tf_text_of(organisation.name),
                                            place->arena, &found, &place->error);
    if (status == TF_NOT_FOUND) {
        return tf_organisation_add(place->access, &place->actor, &organisation, id_out,
                                   &place->error);
    }
    *id_out = status ? 0 : found.id;
    return status;
}

static tf_status make_administrator(tf_workplace *place, const tf_arguments *arguments,
                                    int64_t organisation_id, char *token_out) {
    int64_t now = tf_instant_now();
    int64_t id = 0;
    tf_account found;
    tf_account_link_kind kind;
    tf_invitation invitation = {
        .organisation_id = organisation_id,
        .name = arguments->values[NAME],
        .email = arguments->values[EMAIL],
    };
    tf_status status =
        tf_account_roles_parse(tf_access_get_rules(place->access), tf_text_of("administrator"),
                               &invitation.roles, &place->error);
    if (!status) {
        status = tf_account_find(place->access, &place->actor, tf_text_of(invitation.email),
                                 place->arena, &found, &place->error);
    }
    if (status == TF_NOT_FOUND) {
        return tf_account_invite(place->access, &place->actor, &invitation, now, &id, token_out,
                                 &place->error);
    }
    return status ? status
                  : tf_account_make_link(place->access, &place->actor, found.id,
                                         TF_ACCOUNT_LINK_INVITATION, now, &kind, token_out,
                                         &place->error);
}

static tf_exit run(const tf_arguments *arguments) {
    const char *path = arguments->values[DB];
    tf_workplace place;
    int64_t organisation_id = 0;
    char token[TF_TOKEN_TEXT_SIZE];
    tf_status status = tf_workplace_prepare(&place);
    if (!status) {
        status = make_key(path, &place.error);
    }
    if (!status) {
        status = tf_workplace_open(&place, path);
    }
    if (!status) {
        status = check_is_new(&place, path);
    }
    if (!status) {
        status = make_organisation(&place, arguments, &organisation_id);
    }
    if (!status) {
        status = make_administrator(&place, arguments, organisation_id, token);
    }
    if (!status) {
        /* Last, as it is what says that all of it is there. */
        status =
            tf_organisation_set_lead(place.access, &place.actor, organisation_id, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out,
                         "%s is set up, and its key is in %s.key; keep a copy of the key.\n", path,
                         path);
        tf_say_link(&place.out, arguments->values[SITE], arguments->values[EMAIL],
                    TF_ACCOUNT_LINK_INVITATION, token);
    }
    return tf_workplace_leave(&place, status);
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

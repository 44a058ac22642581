/* trefoil user invite, list, roles, suspend, resume, reset, close */
#include "access/organisation.h"
#include "access/reader.h"
#include "cli/command.h"
#include "cli/json_values.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/workplace.h"

#define SITE_OPTION                                                                                \
    {                                                                                              \
        "site", "URL",                                                                             \
            "what the link starts with, as people reach the site; " TF_SITE_DEFAULT                \
            " if nothing is said",                                                                 \
            false                                                                                  \
    }

static tf_status find(tf_workplace *place, const char *user, tf_account *found_out) {
    return tf_account_find(place->access, &place->actor, tf_text_of(user), place->arena, found_out,
                           &place->error);
}

/* "practitioner, analyst" */
static void say_roles(const tf_access_rules *rules, uint32_t roles, tf_buffer *out) {
    const char *between = "";
    for (size_t i = 0; i < rules->role_count; i++) {
        if (roles & UINT32_C(1) << i) {
            tf_buffer_format(out, "%s%s", between, rules->roles[i].name);
            between = ", ";
        }
    }
}

/* ---- invite ---- */

enum { INVITE_DB, INVITE_NAME, INVITE_ORGANISATION, INVITE_ROLES, INVITE_SITE, INVITE_COUNT };

static const tf_option invite_options[INVITE_COUNT] = {
    [INVITE_DB] = TF_WORKPLACE_DB,
    [INVITE_NAME] = {"name", "NAME", "the person's name", true},
    [INVITE_ORGANISATION] = {"organisation", "ORGANISATION",
                             "for which organisation; the one that runs the installation, if "
                             "nothing is said",
                             false},
    [INVITE_ROLES] = {"roles", "ROLES", "roles, separated by commas", true},
    [INVITE_SITE] = SITE_OPTION,
};

static tf_status find_organisation(tf_workplace *place, const char *name, int64_t *id_out) {
    tf_organisation found = {.id = 0};
    tf_status status = name ? tf_organisation_find(place->access, tf_text_of(name), place->arena,
                                                   &found, &place->error)
                            : tf_organisation_lead(place->access, &found.id, &place->error);
    *id_out = found.id;
    return status;
}

static tf_exit run_invite(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t id = 0;
    char token[TF_TOKEN_TEXT_SIZE];
    tf_invitation invitation = {.name = arguments->values[INVITE_NAME],
                                .email = arguments->operands[0]};
    tf_status status = tf_workplace_enter(&place, arguments->values[INVITE_DB]);
    if (!status) {
        status = tf_account_roles_parse(tf_access_get_rules(place.access),
                                        tf_text_of(arguments->values[INVITE_ROLES]),
                                        &invitation.roles, &place.error);
    }
    if (!status) {
        status = find_organisation(&place, arguments->values[INVITE_ORGANISATION],
                                   &invitation.organisation_id);
    }
    if (!status) {
        status = tf_account_invite(place.access, &place.actor, &invitation, tf_instant_now(), &id,
                                   token, &place.error);
    }
    if (!status) {
        tf_say_link(&place.out, arguments->values[INVITE_SITE], invitation.email,
                    TF_ACCOUNT_LINK_INVITATION, token);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_user_invite = {
    .name = "user invite",
    .summary = "make an account and the link for its owner",
    .details =
        "The person follows the link within 7 days, chooses a passphrase and, for every role "
        "that sees personal data, sets up one-time codes. Nothing is sent: give the link to "
        "the person in a way that you trust.",
    .example = "  trefoil user invite ben@harbour.example --db county.db --name 'Ben Okoro' \\\n"
               "    --organisation 'Harbour Recovery' --roles practitioner\n",
    .options = {.options = invite_options,
                .option_count = INVITE_COUNT,
                .operand = "EMAIL",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_invite,
};

/* ---- list ---- */

enum { LIST_DB, LIST_ORGANISATION, LIST_CLOSED, LIST_FORMAT, LIST_COUNT };

static const tf_option list_options[LIST_COUNT] = {
    [LIST_DB] = TF_WORKPLACE_DB,
    [LIST_ORGANISATION] = {"organisation", "ORGANISATION", "only those of one organisation", false},
    [LIST_CLOSED] = {"closed", NULL, "those that are closed too", false},
    [LIST_FORMAT] = TF_OPTION_FORMAT,
};

static void say_account(tf_terminal *page, const tf_access_rules *rules,
                        const tf_account *account) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_terminal_count_right(page, TF_INK_PLAIN, account->id, 5);
    tf_terminal_spaces(page, 2);
    tf_terminal_left(page, TF_INK_STRONG, account->name, 24);
    tf_terminal_left(page, account->state == TF_ACCOUNT_ACTIVE ? TF_INK_PLAIN : TF_INK_MARK,
                     tf_account_state_name(account->state), 11);
    tf_terminal_put(page, TF_INK_PLAIN, account->email);
    tf_terminal_end_line(page);
    tf_buffer_format(&words, "%s: ", account->organisation);
    say_roles(rules, account->roles, &words);
    char instant[TF_INSTANT_TEXT_SIZE];
    if (account->signed_in_at) {
        tf_buffer_format(&words, "; signed in last at %s",
                         tf_instant_format(account->signed_in_at, instant));
    }
    if (account->link_ends_at) {
        tf_buffer_format(&words, "; has a link until %s",
                         tf_instant_format(account->link_ends_at, instant));
    }
    if (account->state == TF_ACCOUNT_ACTIVE && !account->has_codes) {
        tf_buffer_append_text(&words, "; has no one-time codes");
    }
    tf_terminal_paragraph(page, "", 7, words.data ? words.data : "");
    page->out->failed |= words.failed;
    tf_buffer_deinit(&words);
}

static void say_accounts(const tf_access_rules *rules, const tf_account *list, size_t count,
                         tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    for (size_t i = 0; i < count; i++) {
        say_account(&page, rules, &list[i]);
    }
    if (count == 0) {
        tf_terminal_paragraph(&page, "", 0, "There is no account.");
    }
}

static void write_account(const tf_access_rules *rules, const tf_account *account, tf_json *json) {
    tf_json_open_object(json);
    tf_json_put_int(json, "id", account->id);
    tf_json_put_string(json, "name", account->name);
    tf_json_put_string(json, "email", account->email);
    tf_json_put_int(json, "organisation_id", account->organisation_id);
    tf_json_put_string(json, "organisation", account->organisation);
    tf_json_key(json, "roles");
    tf_json_open_array(json);
    for (size_t i = 0; i < rules->role_count; i++) {
        if (account->roles & UINT32_C(1) << i) {
            tf_json_string(json, rules->roles[i].name);
        }
    }
    tf_json_close_array(json);
    tf_json_put_string(json, "state", tf_account_state_name(account->state));
    tf_json_put_bool(json, "has_codes", account->has_codes);
    tf_json_put_int(json, "recovery_codes_left", account->recovery_codes_left);
    tf_json_put_instant(json, "created_at", account->created_at);
    tf_json_put_instant(json, "activated_at", account->activated_at);
    tf_json_put_instant(json, "signed_in_at", account->signed_in_at);
    tf_json_put_instant(json, "link_ends_at", account->link_ends_at);
    tf_json_close_object(json);
}

static void write_accounts(const tf_access_rules *rules, const tf_account *list, size_t count,
                           tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_array(&json);
    for (size_t i = 0; i < count; i++) {
        write_account(rules, &list[i], &json);
    }
    tf_json_close_array(&json);
    tf_buffer_append_text(out, "\n");
}

static tf_exit run_list(const tf_arguments *arguments) {
    tf_workplace place;
    tf_account *list = NULL;
    size_t count = 0;
    int64_t organisation_id = 0;
    bool is_json;
    if (tf_option_format(arguments->values[LIST_FORMAT], &is_json, &place.error)) {
        return tf_report_usage(&tf_command_user_list, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[LIST_DB]);
    if (!status && arguments->values[LIST_ORGANISATION]) {
        status = find_organisation(&place, arguments->values[LIST_ORGANISATION], &organisation_id);
    }
    if (!status) {
        status = tf_account_list(place.access, &place.actor, organisation_id,
                                 arguments->values[LIST_CLOSED] != NULL, place.arena, &list, &count,
                                 &place.error);
    }
    if (!status) {
        (is_json ? write_accounts : say_accounts)(tf_access_get_rules(place.access), list, count,
                                                  &place.out);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_user_list = {
    .name = "user list",
    .summary = "list the accounts, with their roles and states",
    .details = "To look is entered in the audit.\n\n"
               "--format json gives an array of objects: id, name, email, organisation_id, "
               "organisation, roles, state (invited, active, suspended, closed), has_codes, "
               "recovery_codes_left, created_at, activated_at, signed_in_at, link_ends_at.",
    .example = "  trefoil user list --db county.db --organisation 'Harbour Recovery'\n",
    .options = {.options = list_options, .option_count = LIST_COUNT},
    .run = run_list,
};

/* ---- roles ---- */

enum { CHANGE_DB, CHANGE_COUNT };

static const tf_option change_options[CHANGE_COUNT] = {[CHANGE_DB] = TF_WORKPLACE_DB};

static tf_exit run_roles(const tf_arguments *arguments) {
    tf_workplace place;
    tf_account account;
    uint32_t roles = 0;
    tf_status status = tf_workplace_enter(&place, arguments->values[CHANGE_DB]);
    if (!status) {
        status = tf_account_roles_parse(tf_access_get_rules(place.access),
                                        tf_text_of(arguments->operands[1]), &roles, &place.error);
    }
    if (!status) {
        status = find(&place, arguments->operands[0], &account);
    }
    if (!status) {
        status = tf_account_set_roles(place.access, &place.actor, account.id, roles, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out, "%s is ", account.name);
        say_roles(tf_access_get_rules(place.access), roles, &place.out);
        tf_buffer_append_text(&place.out, " from the next request on.\n");
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_user_roles = {
    .name = "user roles",
    .summary = "give an account other roles, in place of those that it has",
    .details = "USER is an e-mail address or the number of an account; ROLES are separated by "
               "commas. The change holds from the next request on.",
    .example = "  trefoil user roles ben@harbour.example practitioner,data-lead --db county.db\n",
    .options = {.options = change_options,
                .option_count = CHANGE_COUNT,
                .operand = "USER ROLES",
                .least_operands = 2,
                .most_operands = 2},
    .run = run_roles,
};

/* ---- confirm, suspend, resume, close ---- */

typedef tf_status change_state(tf_access *access, const tf_actor *actor, int64_t id,
                               tf_error *error);

/* "The account of" somebody "is resumed". */
static tf_exit run_change(const tf_arguments *arguments, change_state *change, const char *what,
                          const char *is) {
    tf_workplace place;
    tf_account account;
    tf_status status = tf_workplace_enter(&place, arguments->values[CHANGE_DB]);
    if (!status) {
        status = find(&place, arguments->operands[0], &account);
    }
    if (!status) {
        status = change(place.access, &place.actor, account.id, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out, "%s %s %s.\n", what, account.name, is);
    }
    return tf_workplace_leave(&place, status);
}

static tf_exit run_confirm(const tf_arguments *arguments) {
    return run_change(arguments, tf_reader_confirm, "The keys of",
                      "are confirmed: what comes in is sealed to them too");
}

static tf_exit run_suspend(const tf_arguments *arguments) {
    return run_change(arguments, tf_account_suspend, "The account of",
                      "is suspended; its sessions have ended");
}

static tf_exit run_resume(const tf_arguments *arguments) {
    return run_change(arguments, tf_account_resume, "The account of", "is resumed");
}

static tf_exit run_close(const tf_arguments *arguments) {
    return run_change(arguments, tf_account_close, "The account of", "is closed");
}

const tf_command tf_command_user_confirm = {
    .name = "user confirm",
    .summary = "confirm that an account belongs to whom it says",
    .details = "Nothing is sealed to an account before that. Colleagues who are readers already do "
               "it at /concerns; this is for an organisation that has none any more. Speak to the "
               "person first. After a reset the account has new keys, which are confirmed anew.",
    .example = "  trefoil user confirm ben@harbour.example --db county.db\n",
    .options = {.options = change_options,
                .option_count = CHANGE_COUNT,
                .operand = "USER",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_confirm,
};

const tf_command tf_command_user_suspend = {
    .name = "user suspend",
    .summary = "let nobody sign in to an account until it is resumed",
    .details = "Its sessions end at once.",
    .example = "  trefoil user suspend ben@harbour.example --db county.db\n",
    .options = {.options = change_options,
                .option_count = CHANGE_COUNT,
                .operand = "USER",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_suspend,
};

const tf_command tf_command_user_resume = {
    .name = "user resume",
    .summary = "let the owner of a suspended account sign in again",
    .details = "Passphrase, codes and roles are what they were.",
    .example = "  trefoil user resume ben@harbour.example --db county.db\n",
    .options = {.options = change_options,
                .option_count = CHANGE_COUNT,
                .operand = "USER",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_resume,
};

const tf_command tf_command_user_close = {
    .name = "user close",
    .summary = "close an account for good",
    .details = "Its keys are destroyed, so that nothing that was sealed to it opens any more. What "
               "the audit tells of it stays. The e-mail address may be invited again, for a new "
               "account.",
    .example = "  trefoil user close ben@harbour.example --db county.db\n",
    .options = {.options = change_options,
                .option_count = CHANGE_COUNT,
                .operand = "USER",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_close,
};

/* ---- reset ---- */

enum { RESET_DB, RESET_CODES, RESET_BROWSER, RESET_SITE, RESET_COUNT };

static const tf_option reset_options[RESET_COUNT] = {
    [RESET_DB] = TF_WORKPLACE_DB,
    [RESET_CODES] = {"codes", NULL,
                     "only take the one-time codes away, which are set up anew at the next sign-in",
                     false},
    [RESET_BROWSER] = {"browser", NULL,
                       "only a link that makes a browser known, for an owner whom strangers' wrong "
                       "passphrases keep out",
                       false},
    [RESET_SITE] = SITE_OPTION,
};

static tf_exit run_reset(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    tf_workplace place;
    tf_account account;
    char token[TF_TOKEN_TEXT_SIZE];
    tf_account_link_kind kind =
        values[RESET_BROWSER] ? TF_ACCOUNT_LINK_DEVICE : TF_ACCOUNT_LINK_RESET;
    if (values[RESET_CODES] && values[RESET_BROWSER]) {
        return tf_report_usage(&tf_command_user_reset, "say either --codes or --browser");
    }
    tf_status status = tf_workplace_enter(&place, values[RESET_DB]);
    if (!status) {
        status = find(&place, arguments->operands[0], &account);
    }
    if (!status && values[RESET_CODES]) {
        status = tf_account_remove_codes(place.access, &place.actor, account.id, &place.error);
    } else if (!status) {
        status = tf_account_make_link(place.access, &place.actor, account.id, kind,
                                      tf_instant_now(), &kind, token, &place.error);
    }
    if (!status && values[RESET_CODES]) {
        tf_buffer_format(&place.out, "%s sets up one-time codes anew at the next sign-in.\n",
                         account.name);
    } else if (!status) {
        tf_say_link(&place.out, values[RESET_SITE], account.email, kind, token);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_user_reset = {
    .name = "user reset",
    .summary = "help somebody who cannot sign in",
    .details =
        "Makes a link to choose a new passphrase, for somebody who has forgotten theirs. The "
        "account gets new keys then: it opens nothing until a colleague confirms them and adds "
        "it to the reports again. "
        "An account that was not activated yet gets a new invitation.",
    .example = "  trefoil user reset ben@harbour.example --db county.db\n"
               "  trefoil user reset ben@harbour.example --db county.db --codes\n",
    .options = {.options = reset_options,
                .option_count = RESET_COUNT,
                .operand = "USER",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_reset,
};

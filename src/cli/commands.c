/* The table of commands, and the way from the words typed to the command that runs. */
#include "cli/command.h"
#include "cli/report.h"

#include <stdio.h>

enum { FIRST_WORD_SIZE = 32 };

const tf_command *const tf_commands[] = {
    &tf_command_import_police,
    &tf_command_import_areas,
    &tf_command_import_population,
    &tf_command_import_lookup,
    &tf_command_sources,
    &tf_command_profile,
    &tf_command_serve,
    &tf_command_audit_verify,
    &tf_command_audit_head,
    &tf_command_audit_key,
    &tf_command_audit_list,
    &tf_command_audit_export,
    &tf_command_init,
    &tf_command_org_add,
    &tf_command_org_change,
    &tf_command_org_end,
    &tf_command_org_list,
    &tf_command_agreement_add,
    &tf_command_agreement_change,
    &tf_command_agreement_renew,
    &tf_command_agreement_sign,
    &tf_command_agreement_end,
    &tf_command_agreement_list,
    &tf_command_agreement_show,
    &tf_command_user_invite,
    &tf_command_user_list,
    &tf_command_user_roles,
    &tf_command_user_confirm,
    &tf_command_user_suspend,
    &tf_command_user_resume,
    &tf_command_user_reset,
    &tf_command_user_close,
    &tf_command_setting_list,
    &tf_command_setting_set,
    &tf_command_reports_statistics,
    &tf_command_reports_purge,
    &tf_command_link_dedupe,
    &tf_command_link_between,
    &tf_command_link_settings,
    &tf_command_link_train,
    &tf_command_link_predict,
    &tf_command_link_lookup,
    &tf_command_link_cluster,
    &tf_command_link_evaluate,
    &tf_command_link_review_draw,
    &tf_command_link_review_read,
    &tf_command_link_explain,
    &tf_command_link_generate,
    &tf_command_backup_key, /* before the command whose name begins theirs */
    &tf_command_backup_use,
    &tf_command_backup_verify,
    &tf_command_backup,
    &tf_command_restore,
    &tf_command_doctor,
    &tf_command_demo_data,
};
const size_t tf_command_count = sizeof tf_commands / sizeof *tf_commands;

/* The words of `name` if the words typed start with them, else 0. */
static size_t matched_words(const char *name, char **words, size_t word_count) {
    size_t count = 0;
    for (const char *at = name; *at; at += *at == ' ') {
        size_t length = strcspn(at, " ");
        if (count == word_count || strlen(words[count]) != length ||
            memcmp(words[count], at, length) != 0) {
            return 0;
        }
        count++;
        at += length;
    }
    return count;
}

/* Whether `word` is the first of a command's two: "import". */
static bool is_family(const char *word) {
    size_t length = strlen(word);
    for (size_t i = 0; i < tf_command_count; i++) {
        const char *name = tf_commands[i]->name;
        if (strncmp(name, word, length) == 0 && name[length] == ' ') {
            return true;
        }
    }
    return false;
}

static bool is_help(const char *word) {
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static tf_exit show(void (*write)(const char *word, tf_buffer *out), const char *word) {
    tf_buffer out;
    tf_buffer_init(&out);
    write(word, &out);
    tf_error error;
    return tf_report_end(TF_OK, &out, &error);
}

static void write_program(const char *word, tf_buffer *out) {
    (void)word;
    tf_help_program(out);
}

static void write_version(const char *word, tf_buffer *out) {
    tf_buffer_format(out, "trefoil %s\n", word);
}

static tf_exit show_command(const tf_command *command) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_help_command(command, &out);
    tf_error error;
    return tf_report_end(TF_OK, &out, &error);
}

/* `word` is no command, nor the first word of some. */
static tf_exit fail_unknown(const char *word) {
    const char *nearest = NULL;
    char firsts[2][FIRST_WORD_SIZE]; /* the nearest one stands in one of them */
    for (size_t i = 0; i < tf_command_count; i++) {
        char *first = firsts[nearest == firsts[0]];
        snprintf(first, FIRST_WORD_SIZE, "%.*s", (int)strcspn(tf_commands[i]->name, " "),
                 tf_commands[i]->name);
        tf_word_nearer(word, first, &nearest);
    }
    return nearest
               ? tf_report_usage(NULL, "there is no command %s; did you mean %s?", word, nearest)
               : tf_report_usage(NULL, "there is no command %s", word);
}

/* `word` is none of the commands of the family before it. */
static tf_exit fail_unknown_of(const char *family, const char *word) {
    const char *nearest = NULL;
    size_t length = strlen(family);
    for (size_t i = 0; i < tf_command_count; i++) {
        const char *name = tf_commands[i]->name;
        if (strncmp(name, family, length) == 0 && name[length] == ' ') {
            tf_word_nearer(word, name + length + 1, &nearest);
        }
    }
    return nearest ? tf_report_usage_of(family, "there is no command %s %s; did you mean %s %s?",
                                        family, word, family, nearest)
                   : tf_report_usage_of(family, "there is no command %s %s", family, word);
}

static tf_exit run_command(const tf_command *command, char **words, size_t word_count) {
    tf_arguments arguments;
    tf_error error;
    if (tf_options_parse(&command->options, words, word_count, &arguments, &error)) {
        return tf_report_usage(command, "%s", error.message);
    }
    return arguments.wants_help ? show_command(command) : command->run(&arguments);
}

tf_exit tf_command_line_run(char **words, size_t word_count) {
    if (word_count == 0) {
        return tf_report_usage(NULL, "say what to do: trefoil COMMAND");
    }
    if (strcmp(words[0], "--version") == 0) {
        return show(write_version, TF_VERSION);
    }
    if (is_help(words[0]) && word_count == 1) {
        return show(write_program, NULL);
    }
    bool asks_help = strcmp(words[0], "help") == 0;
    if (asks_help) {
        words++;
        word_count--;
    }
    for (size_t i = 0; i < tf_command_count; i++) {
        size_t matched = matched_words(tf_commands[i]->name, words, word_count);
        if (matched) {
            return asks_help ? show_command(tf_commands[i])
                             : run_command(tf_commands[i], words + matched, word_count - matched);
        }
    }
    if (is_family(words[0])) {
        if (word_count > 1 && !is_help(words[1])) {
            return fail_unknown_of(words[0], words[1]);
        }
        if (word_count > 1 || asks_help) {
            return show(tf_help_family, words[0]);
        }
        return tf_report_usage_of(words[0], "a word is missing after trefoil %s", words[0]);
    }
    return fail_unknown(words[0]);
}

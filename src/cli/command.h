/* A command of the program: its words, its options, what it does. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

typedef enum tf_exit {
    TF_EXIT_DONE = 0,
    TF_EXIT_BAD_INPUT = 1,   /* something from outside could not be used, or the system refused */
    TF_EXIT_WRONG_USAGE = 2, /* the command line is not one */
    TF_EXIT_INTERNAL = 3,    /* a defect of this program */
} tf_exit;

typedef struct tf_command {
    const char *name;    /* as it is typed: "profile", "import police" */
    const char *summary; /* one line that starts with a verb */
    const char *details; /* paragraphs, separated by an empty line; lines are wrapped */
    const char *example; /* lines as they are typed and shown, with what they do */
    tf_options options;
    tf_exit (*run)(const tf_arguments *arguments);
} tf_command;

extern const tf_command tf_command_agreement_add;
extern const tf_command tf_command_agreement_change;
extern const tf_command tf_command_agreement_renew;
extern const tf_command tf_command_agreement_end;
extern const tf_command tf_command_agreement_list;
extern const tf_command tf_command_agreement_show;
extern const tf_command tf_command_agreement_sign;
extern const tf_command tf_command_audit_export;
extern const tf_command tf_command_audit_head;
extern const tf_command tf_command_audit_key;
extern const tf_command tf_command_audit_list;
extern const tf_command tf_command_audit_verify;
extern const tf_command tf_command_backup;
extern const tf_command tf_command_backup_key;
extern const tf_command tf_command_backup_use;
extern const tf_command tf_command_backup_verify;
extern const tf_command tf_command_demo_data;
extern const tf_command tf_command_doctor;
extern const tf_command tf_command_import_areas;
extern const tf_command tf_command_import_lookup;
extern const tf_command tf_command_import_police;
extern const tf_command tf_command_import_population;
extern const tf_command tf_command_init;
extern const tf_command tf_command_link_between;
extern const tf_command tf_command_link_cluster;
extern const tf_command tf_command_link_dedupe;
extern const tf_command tf_command_link_evaluate;
extern const tf_command tf_command_link_explain;
extern const tf_command tf_command_link_generate;
extern const tf_command tf_command_link_lookup;
extern const tf_command tf_command_link_predict;
extern const tf_command tf_command_link_review_draw;
extern const tf_command tf_command_link_review_read;
extern const tf_command tf_command_link_settings;
extern const tf_command tf_command_link_train;
extern const tf_command tf_command_org_add;
extern const tf_command tf_command_org_change;
extern const tf_command tf_command_org_end;
extern const tf_command tf_command_org_list;
extern const tf_command tf_command_profile;
extern const tf_command tf_command_reports_purge;
extern const tf_command tf_command_reports_statistics;
extern const tf_command tf_command_restore;
extern const tf_command tf_command_serve;
extern const tf_command tf_command_sources;
extern const tf_command tf_command_setting_list;
extern const tf_command tf_command_setting_set;
extern const tf_command tf_command_user_close;
extern const tf_command tf_command_user_confirm;
extern const tf_command tf_command_user_invite;
extern const tf_command tf_command_user_list;
extern const tf_command tf_command_user_reset;
extern const tf_command tf_command_user_resume;
extern const tf_command tf_command_user_roles;
extern const tf_command tf_command_user_suspend;

/* The commands in the order of the help. */
extern const tf_command *const tf_commands[];
extern const size_t tf_command_count;

/* The help of the program, of the commands whose name starts with a word ("import"), and of one
 * command, in 80 columns. */
void tf_help_program(tf_buffer *out);
void tf_help_family(const char *word, tf_buffer *out);
void tf_help_command(const tf_command *command, tf_buffer *out);

/* Find the command that the words name, and run it. */
tf_exit tf_command_line_run(char **words, size_t word_count);

#endif

/* The options by which entries of the audit are chosen, the same for the list and the export. */
#ifndef CLI_AUDIT_FILTER_H
#define CLI_AUDIT_FILTER_H

#include "access/audit_list.h"
#include "cli/command.h"

/* The first options of a command, in this order; its own follow. */
enum {
    TF_AUDIT_FILTER_FROM,
    TF_AUDIT_FILTER_TO,
    TF_AUDIT_FILTER_PERSON,
    TF_AUDIT_FILTER_ACCOUNT,
    TF_AUDIT_FILTER_ORGANISATION,
    TF_AUDIT_FILTER_CATEGORY,
    TF_AUDIT_FILTER_OBJECT,
    TF_AUDIT_FILTER_ACTION,
    TF_AUDIT_FILTER_OUTCOME,
    TF_AUDIT_FILTER_COUNT
};

/* clang-format off */
#define TF_AUDIT_FILTER_OPTIONS                                                                    \
    [TF_AUDIT_FILTER_FROM] = {"from", "DAY", "the first day, as 2026-11-30, in UTC", false},       \
    [TF_AUDIT_FILTER_TO] = {"to", "DAY", "the last day", false},                                   \
    [TF_AUDIT_FILTER_PERSON] = {"person", "NUMBER", "whom the data is about", false},              \
    [TF_AUDIT_FILTER_ACCOUNT] = {"account", "NUMBER", "who did it", false},                        \
    [TF_AUDIT_FILTER_ORGANISATION] = {"organisation", "NUMBER", "whose people did it", false},     \
    [TF_AUDIT_FILTER_CATEGORY] = {"category", "NAME", "of the data, such as concern", false},      \
    [TF_AUDIT_FILTER_OBJECT] = {"object", "NUMBER", "which one of the category", false},           \
    [TF_AUDIT_FILTER_ACTION] = {"action", "NAME",                                                  \
                                "what was done: collect, consult, alter, disclose, combine, "      \
                                "erase, sign-in, sign-out, backup or restore",                     \
                                false},                                                            \
    [TF_AUDIT_FILTER_OUTCOME] = {"outcome", "NAME", "done, refused or emergency", false}
/* clang-format on */

/* Read them; borrowed from the arguments.  Errors: TF_BAD_INPUT, a fault of the command line. */
tf_status tf_audit_filter_read(const tf_arguments *arguments, tf_audit_filter *filter_out,
                               tf_error *error);

#endif

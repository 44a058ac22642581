/* A head of the audit that was kept elsewhere, from the file it was kept in. */
#ifndef CLI_KEPT_HEAD_H
#define CLI_KEPT_HEAD_H

#include "access/audit_verify.h"

/* Errors: TF_NOT_FOUND; TF_IO; those of tf_audit_head_read. */
tf_status tf_cli_read_head(const char *path, tf_audit_kept_head *kept_out, tf_error *error);

#endif

/* What a command says: results on standard output, faults on standard error. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/command.h"
#include "trefoil/base/log.h"

/* Write the whole buffer to standard output.  Errors: TF_NO_MEMORY if the buffer ran out of
 * memory; TF_IO. */
tf_status tf_report_output(const tf_buffer *buffer, tf_error *error);

/* "trefoil: place, line N: message" on standard error, and the exit code that the status stands
 * for; TF_EXIT_DONE and no line for TF_OK. */
tf_exit tf_report_status(tf_status status, const tf_error *error);

/* The same for a command line that cannot be followed, with the way to the help: of
 * the command or, for NULL, of the program; or of the commands whose name starts with a word. */
tf_exit tf_report_usage(const tf_command *command, const char *format, ...) TF_PRINTF(2, 3);
tf_exit tf_report_usage_of(const char *family, const char *format, ...) TF_PRINTF(2, 3);

/* Ends of a command: the buffer is written if the status is TF_OK, and freed. */
tf_exit tf_report_end(tf_status status, tf_buffer *buffer, tf_error *error);

/* The same into the file at `path`, which is there whole or not at all. */
tf_exit tf_report_end_in(tf_status status, const char *path, tf_buffer *buffer, tf_error *error);

/* A log sink that writes to standard error. */
void tf_report_log(void *context, tf_log_level level, const char *line);

#endif

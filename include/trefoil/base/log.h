/* One line for the operator, through the program's only mutable global: the log sink. */
#ifndef TREFOIL_BASE_LOG_H
#define TREFOIL_BASE_LOG_H

#include "trefoil/base/status.h"

typedef enum tf_log_level { TF_LOG_DEBUG, TF_LOG_INFO, TF_LOG_WARNING, TF_LOG_ERROR } tf_log_level;

typedef void tf_log_sink(void *context, tf_log_level level, const char *line);

/* Send lines to `sink` from now on; NULL, the start, discards them.  Call before threads start. */
TF_API void tf_log_set_sink(tf_log_sink *sink, void *context);

/* A line without its line break.  Never holds personal data.  Thread-safe if the sink is. */
TF_API void tf_log(tf_log_level level, const char *format, ...) TF_PRINTF(2, 3);

#endif

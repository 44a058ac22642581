/* The signals that end a program, kept waiting while files are written. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include "trefoil/base/status.h"

#include <signal.h>
#include <stdbool.h>

/* Ctrl-C, TERM and HUP wait from here until tf_interrupt_release, so that what is unfinished can
 * be removed before they end the program.  `*before_out` is what release puts back. */
void tf_interrupt_hold(sigset_t *before_out);

/* Whether one of them waits. */
bool tf_interrupt_is_pending(void);

/* Let them act: where one waits the program ends here, as if it had come now. */
void tf_interrupt_release(const sigset_t *before);

#endif

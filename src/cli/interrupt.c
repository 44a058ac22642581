#include "cli/interrupt.h"

static sigset_t ending_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    return signals;
}

void tf_interrupt_hold(sigset_t *before_out) {
    sigset_t signals = ending_signals();
    pthread_sigmask(SIG_BLOCK, &signals, before_out);
}

bool tf_interrupt_is_pending(void) {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 ||
           sigismember(&pending, SIGHUP) == 1;
}

void tf_interrupt_release(const sigset_t *before) {
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

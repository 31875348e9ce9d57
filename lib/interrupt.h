/*
 * The request to stop, from a signal handler to whatever may take long.
 */
#ifndef LIB_INTERRUPT_H
#define LIB_INTERRUPT_H

#include <signal.h>

/*
 * The signal that is to end watch mode; 0: none.  Whoever reads what may have
 * no end looks at it, also where no call is interrupted, and fails with EINTR.
 * Without it EINTR means to try again.
 */
extern volatile sig_atomic_t interrupted;

#endif

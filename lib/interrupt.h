/*
 * The request to stop: watch mode's signal handler sets it, and everything
 * that may take long reads it.
 */
#ifndef LIB_INTERRUPT_H
#define LIB_INTERRUPT_H

#include <signal.h>

/*
 * The signal that ends watch mode; 0: none arrived.  A loop that reads a file,
 * a directory or a socket checks it after each call, even if the call
 * succeeded, and fails with EINTR if it is set.  If it is 0, the loop repeats
 * a call that failed with EINTR.
 */
extern volatile sig_atomic_t interrupted;

#endif

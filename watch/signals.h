/*
 * The signals of watch mode.
 */
#ifndef WATCH_SIGNALS_H
#define WATCH_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/*
 * Set by the signal handler, as interrupted is; the loop that acts on one
 * clears it.
 */
extern volatile sig_atomic_t signals_stopped; /* ^Z */
extern volatile sig_atomic_t signals_resumed; /* after any kind of stop */
extern volatile sig_atomic_t signals_resized; /* the terminal */

/*
 * Catches signals that are not ignored, as by nohup or in background jobs.
 * Without a screen, only SIGINT.
 */
void signals_catch(bool screen);

/* Blocks these signals.  Returns the previous mask, for ppoll(). */
sigset_t signals_block(void);

/* Performs the default action of a signal; returns if that was a stop. */
void signals_do_default(int sig);

#endif

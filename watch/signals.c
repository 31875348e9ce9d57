/*
 * Catches the signals of watch mode, and leaves what they ask for to its loop.
 */
#include "watch/signals.h"

#include "lib/interrupt.h"

#include <stddef.h>
#include <string.h>

volatile sig_atomic_t signals_stopped, signals_resumed, signals_resized;

static void
on_signal(int sig)
{
	if (sig == SIGTSTP)
		signals_stopped = 1;
	else if (sig == SIGCONT)
		signals_resumed = 1;
	else if (sig == SIGWINCH)
		signals_resized = 1;
	else
		interrupted = sig;
}

static const struct {
	int sig;
	bool screen_only; /* without a screen, use the default action */
	int flags;	  /* for sigaction() */
} handled[] = {
    /* The first four must interrupt a read or write that blocks. */
    {SIGINT, false, 0},
    {SIGTERM, true, 0},
    {SIGHUP, true, 0},
    {SIGQUIT, true, 0},
    {SIGTSTP, true, SA_RESTART},
    {SIGCONT, true, SA_RESTART},
    {SIGWINCH, true, SA_RESTART},
};

enum { NHANDLED = sizeof(handled) / sizeof(handled[0]) };

void
signals_catch(bool screen)
{
	for (size_t i = 0; i < NHANDLED; i++) {
		struct sigaction act, old;

		if (handled[i].screen_only && !screen)
			continue;
		memset(&act, 0, sizeof(act));
		act.sa_handler = on_signal;
		act.sa_flags = handled[i].flags;
		if (sigaction(handled[i].sig, NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(handled[i].sig, &act, NULL);
	}
}

sigset_t
signals_block(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	for (size_t i = 0; i < NHANDLED; i++)
		sigaddset(&set, handled[i].sig);
	sigprocmask(SIG_BLOCK, &set, &old);
	return old;
}

void
signals_do_default(int sig)
{
	struct sigaction act, old;
	sigset_t set, mask;

	memset(&act, 0, sizeof(act));
	act.sa_handler = SIG_DFL;
	sigaction(sig, &act, &old);
	raise(sig);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(sig, &old, NULL);
}

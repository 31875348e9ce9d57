/*
 * Watch mode: time, signals and keys.  Calls back to take a sample at each
 * deadline, to show it, and when a key is pressed; knows nothing of its
 * content.
 */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What a key asks for; of several, the last of these is done. */
enum watch_action {
	WATCH_IGNORE,  /* nothing */
	WATCH_REDRAW,  /* shows the sample again */
	WATCH_REPAINT, /* writes all of it, even what did not change */
	WATCH_SAMPLE,  /* takes a sample out of turn, and shows it */
	WATCH_QUIT,
};

struct watch {
	const int64_t *delay; /* nanoseconds, over 0; key() may change it */
	uint64_t count;	      /* samples to take; 0: until interrupted */
	bool screen;	      /* stdout is a terminal to redraw */
	bool utf8;	      /* which shows UTF-8 */

	/* Takes a sample.  Returns false if there is nothing to show. */
	bool (*sample)(void *ctx);
	/*
	 * Takes a sample out of turn, for a key.  It neither counts nor moves
	 * a deadline.
	 */
	void (*resample)(void *ctx);
	/*
	 * Prints the sample to out, for a screen of that size; 0 is no limit.
	 * May be called several times for a sample.  With a screen, height is
	 * 0 once, at the end: what stays on the normal screen.
	 */
	void (*show)(void *ctx, FILE *out, unsigned width, unsigned height);
	/* Handles a key, on a screen if stdin is a terminal. */
	enum watch_action (*key)(void *ctx, char key);
	void *ctx;

	uint64_t *missed; /* counts deadlines that passed without a sample */
};

/*
 * Takes samples and shows them on stdout, until count samples were taken, ^C
 * or a key that quits was pressed, the reader closed the pipe, the terminal
 * hung up, or the first sample failed.  If the delay changes, the next
 * deadline is that long after the last sample.  Restores the terminal, and
 * prints the last sample on it.  Returns 0, or the errno value of a failed
 * write or allocation.  SIGTERM, SIGHUP and SIGQUIT end the process as usual,
 * after the terminal is restored.
 */
int watch_run(const struct watch *watch);

#endif

/*
 * Time, signals and the terminal.  Asks for a sample at each deadline and
 * has it shown; does not know what is in it.
 */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct watch {
	int64_t delay;	/* nanoseconds between samples, over 0 */
	uint64_t count; /* samples to take; 0: until interrupted */
	bool screen;	/* stdout is a terminal to redraw */

	/* Takes a sample; false if there is nothing new to show. */
	bool (*sample)(void *ctx);
	/*
	 * Writes what is to be shown to out, for a screen of that size; 0 is
	 * no limit.  May be called again for the same sample.
	 */
	void (*show)(void *ctx, FILE *out, unsigned width, unsigned height);
	void *ctx;
};

/*
 * Takes samples and shows them on stdout until there were enough, ^C or q
 * ended it, the pipe was closed, or the first sample failed.  Leaves a
 * terminal as it was, with what was shown last printed on it.  Returns 0, or
 * the errno value of a failed write.  SIGTERM, SIGHUP and SIGQUIT end the
 * process as ever, once the terminal is restored.
 */
int watch_run(const struct watch *watch);

/* Nanoseconds on the monotonic clock. */
int64_t watch_clock(void);

/* The size of the terminal at stdout; 80 x 24 where it does not know. */
void watch_screen_size(unsigned *width, unsigned *height);

#endif

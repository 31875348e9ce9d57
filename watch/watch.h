/*
 * Watch mode: time, signals and the terminal.  Calls back to take a sample at
 * each deadline, and to show it; knows nothing of its content.
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

	/* Takes a sample.  Returns false if there is nothing to show. */
	bool (*sample)(void *ctx);
	/*
	 * Prints the sample to out, for a screen of that size; 0 is no limit.
	 * May be called several times for a sample.
	 */
	void (*show)(void *ctx, FILE *out, unsigned width, unsigned height);
	void *ctx;
};

/*
 * Takes samples and shows them on stdout, until count samples were taken, ^C
 * or q was pressed, the reader closed the pipe, or the first sample failed.
 * Restores the terminal, and prints the last sample on it.  Returns 0, or the
 * errno value of a failed write or allocation.  SIGTERM, SIGHUP and SIGQUIT
 * end the process as usual, after the terminal is restored.
 */
int watch_run(const struct watch *watch);

/* Returns the size of the terminal at stdout; 80 x 24 if it is unknown. */
void watch_screen_size(unsigned *width, unsigned *height);

#endif

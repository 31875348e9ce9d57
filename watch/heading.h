/*
 * The first line of a screen.
 */
#ifndef WATCH_HEADING_H
#define WATCH_HEADING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

struct heading {
	struct timespec time; /* of the sample that is shown */
	int64_t delay;	      /* nanoseconds between samples */
	int64_t watching;     /* nanoseconds since the first sample */
	bool paused;	      /* say so */
	bool help;	      /* it is shown: hint at how to leave it */
	bool ended;	      /* without the hint at keys */
};

/*
 * Prints host, program, time, delay, how long it has been watching, and a
 * hint.  Leaves out what does not fit in width columns, the least important
 * first.
 */
void heading_print(FILE *out, const struct heading *heading, unsigned width);

#endif

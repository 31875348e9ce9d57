/*
 * What states cannot show: connections opened, failed and reset, and what was
 * dropped, from two samples of the kernel's counters.
 */
#ifndef SHOW_FLOWS_H
#define SHOW_FLOWS_H

#include "read/limits.h"

#include <stdio.h>

/* The counters of enum limit, which come first there. */
enum { NCOUNTERS = SOCKSTAT_FIRST };

/*
 * By how much each counter grew.  LISTEN_DROPS is only what is left of it, as
 * the kernel counts LISTEN_OVERFLOWS and REQQ_FULL_DROP there too.
 */
struct flows {
	int64_t interval;	   /* nanoseconds */
	bool known[NCOUNTERS];	   /* in this interval */
	uint64_t grew[NCOUNTERS];  /* in this interval; 0 if not known */
	uint64_t since[NCOUNTERS]; /* since the start */
	uint64_t other_drops;	   /* left of LISTEN_DROPS; as if signed */
};

/*
 * Adds what happened in an interval of nanoseconds between two samples.  flows
 * must be zeroed before the first interval.  A counter that is not known in
 * both samples, or was larger before, is not known in this interval: it
 * wrapped, or is of another namespace.
 */
void flows_add(struct flows *flows, const struct limits *before,
    const struct limits *now, int64_t interval);

/* Resets the counts since the start to those of this interval. */
void flows_reset(struct flows *flows);

/* Returns how many lines flows_print() prints, 0 to 2. */
unsigned flows_lines(const struct flows *flows, unsigned width);

/*
 * Prints a line of rates, if any is known, and one of trouble, if there was
 * any since the start: red if there was some in this interval, else yellow.
 * Leaves out items from the end that do not fit in width columns; 0 is no
 * limit.
 */
void flows_print(
    FILE *out, const struct flows *flows, unsigned width, bool colour);

#endif

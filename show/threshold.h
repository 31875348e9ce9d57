/*
 * What is too many, or too few: ranges as monitoring plugins write them
 * (https://www.monitoring-plugins.org/doc/guidelines.html).
 */
#ifndef SHOW_THRESHOLD_H
#define SHOW_THRESHOLD_H

#include "lib/conn.h"

/* As plugins exit. */
enum level { LEVEL_OK, LEVEL_WARNING, LEVEL_CRITICAL, LEVEL_UNKNOWN, NLEVELS };

/* It alerts outside start to end, both included, or, if inside, there. */
struct range {
	const char *text; /* as it was given; NULL: there is none */
	uint64_t start, end;
	bool inside;
};

/* What there is a range for: the states, by slot, and their sum. */
enum { THRESHOLD_TOTAL = NSTATES, NTHRESHOLDS };

/* Zeroed at first: no range. */
struct thresholds {
	struct range range[NLEVELS][NTHRESHOLDS];
};

/*
 * Takes "STATE=RANGE": a state by any of its names, or TOTAL, and a range,
 * which replaces one that was given before.  Keeps a pointer into text.
 * Returns false where it is none.
 */
bool thresholds_set(
    struct thresholds *thresholds, enum level level, const char *text);

/* What a count means. */
enum level thresholds_judge(
    const struct thresholds *thresholds, unsigned what, uint64_t count);

#endif

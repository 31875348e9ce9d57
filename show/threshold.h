/*
 * Thresholds: ranges of counts in the syntax of monitoring plugins
 * (https://www.monitoring-plugins.org/doc/guidelines.html).
 */
#ifndef SHOW_THRESHOLD_H
#define SHOW_THRESHOLD_H

#include "lib/conn.h"
#include "show/colour.h"

/* The exit statuses of monitoring plugins. */
enum level { LEVEL_OK, LEVEL_WARNING, LEVEL_CRITICAL, LEVEL_UNKNOWN, NLEVELS };

/* A range alerts if a count is outside of it or, with inside, in it. */
struct range {
	const char *text;    /* the argument; NULL: there is no range */
	uint64_t start, end; /* both included */
	bool inside;
};

/* Each state has a range, by slot, and so has their sum. */
enum { THRESHOLD_TOTAL = NSTATES, NTHRESHOLDS };

/* Zero it: then there is no range. */
struct thresholds {
	struct range range[NLEVELS][NTHRESHOLDS];
};

/*
 * Finds a state's slot, or THRESHOLD_TOTAL, by a name of len bytes.  Returns
 * -1 if there is none.
 */
int threshold_find(const char *name, size_t len);

/*
 * Parses "STATE=RANGE", in which STATE is any name of a state, or TOTAL.  The
 * range replaces an earlier one, and points into text, which must outlive it.
 * Returns false if text is invalid.
 */
bool thresholds_set(
    struct thresholds *thresholds, enum level level, const char *text);

/* Returns the colour of a level. */
enum meaning level_meaning(enum level level);

/* Returns the level of a count; what is a slot, or THRESHOLD_TOTAL. */
enum level thresholds_judge(
    const struct thresholds *thresholds, unsigned what, uint64_t count);

#endif

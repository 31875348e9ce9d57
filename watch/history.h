/*
 * What was, for each row of the totals: the last samples, the change, and
 * MIN, AVG and MAX.  Knows neither the clock nor the terminal.
 */
#ifndef WATCH_HISTORY_H
#define WATCH_HISTORY_H

#include "count/tally.h"

#include <stdbool.h>

/*
 * The rows are the states, by slot, and FIELD_TOTAL.  As many samples are kept
 * as a screen may have columns.
 */
enum { HISTORY_FIELDS = FIELD_TOTAL + 1, HISTORY_SAMPLES = 1024 };

struct history_sample {
	int64_t moment; /* clock_now() */
	uint64_t count[HISTORY_FIELDS];
};

/* Empty if zeroed.  It has no memory to free, but is itself 120 KB. */
struct history {
	struct history_sample ring[HISTORY_SAMPLES];
	uint64_t n; /* samples so far; the newest is the (n-1)th */

	/* Since the start, or since history_reset(): */
	int64_t start; /* moment of the first sample */
	uint64_t first[HISTORY_FIELDS], min[HISTORY_FIELDS],
	    max[HISTORY_FIELDS];
	double area[HISTORY_FIELDS]; /* sum of (count - first) * time */
};

/*
 * Adds a sample of counts by field, taken at a moment of clock_now(), which is
 * not before the previous one.
 */
void history_add(struct history *history, int64_t moment,
    const uint64_t count[HISTORY_FIELDS]);

/* Resets MIN, AVG and MAX to the last sample; keeps the samples. */
void history_reset(struct history *history);

/*
 * Return MIN, MAX or AVG of a field; 0 without a sample.  AVG is weighted by
 * time, with the mean of two samples between them, and rounded half up.
 */
uint64_t history_min(const struct history *history, unsigned field);
uint64_t history_max(const struct history *history, unsigned field);
uint64_t history_avg(const struct history *history, unsigned field);

/*
 * Return the change of a field since the previous sample, and the nanoseconds
 * between them; 0 if there is no previous sample.
 */
int64_t history_delta(const struct history *history, unsigned field);
int64_t history_interval(const struct history *history);

/*
 * Writes the last samples of a field as text of width columns, at most
 * HISTORY_SAMPLES, the newest at the right, with blanks where there are none
 * yet.  A cell is one of eight blocks or, unless utf8, of eight characters:
 * the lowest is MIN or less, the highest MAX or more; if these are the same,
 * the lowest.  A count of 0 is a blank.
 */
enum { HISTORY_TEXT = 3 * HISTORY_SAMPLES + 1 };
void history_cells(char text[HISTORY_TEXT], const struct history *history,
    unsigned field, unsigned width, bool utf8);

/*
 * Returns the time in nanoseconds for which so many cells stand, if samples
 * are taken each delay nanoseconds: as measured or, until there are that many
 * samples, as expected; INT64_MAX if that is too long.
 */
int64_t history_span(
    const struct history *history, unsigned width, int64_t delay);

#endif

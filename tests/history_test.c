/*
 * Tests the history of a screen: change, MIN, AVG and MAX, and the cells.
 */
#include "watch/history.c"

#include "tap.h"

enum { SECOND = 1000000000, F = TCP_TIME_WAIT };

static struct history history;
static int64_t moment; /* of the last sample */

static void
clear(void)
{
	memset(&history, 0, sizeof(history));
	moment = 7000 * (int64_t)SECOND;
}

/* Adds a sample of one field, some nanoseconds after the previous one. */
static void
add(int64_t later, uint64_t count)
{
	uint64_t counts[HISTORY_FIELDS] = {[F] = count, [FIELD_TOTAL] = 5};

	moment += later;
	history_add(&history, moment, counts);
}

/* Whether MIN, AVG and MAX are these. */
static bool
are(uint64_t min, uint64_t avg, uint64_t max)
{
	return history_min(&history, F) == min &&
	    history_avg(&history, F) == avg && history_max(&history, F) == max;
}

static bool
cells_are(unsigned width, bool utf8, const char *wanted)
{
	char got[HISTORY_TEXT];
	bool same;

	history_cells(got, &history, F, width, utf8);
	same = strcmp(got, wanted) == 0;
	if (!same)
		printf("# got:    \"%s\"\n# wanted: \"%s\"\n", got, wanted);
	return same;
}

static void
test_values(void)
{
	clear();
	ok(are(0, 0, 0) && history_delta(&history, F) == 0,
	    "without a sample all is 0");
	add(0, 10);
	ok(are(10, 10, 10), "of one sample, each is its count");
	ok(history_delta(&history, F) == 0, "and there is no change");
	add(SECOND, 20);
	ok(are(10, 15, 20), "between two samples is the mean of both");
	add(8 * (int64_t)SECOND, 20);
	ok(are(10, 19, 20), "AVG is weighted by time, and rounded half up");
	add(SECOND, 2);
	ok(are(2, 19, 20), "MIN may be the last one");
	ok(history_min(&history, FIELD_TOTAL) == 5 &&
		history_avg(&history, FIELD_TOTAL) == 5 &&
		history_max(&history, FIELD_TOTAL) == 5,
	    "each field has its own");
	history_reset(&history);
	ok(are(2, 2, 2), "a reset begins with the last sample");
	ok(history_delta(&history, F) == -18, "but keeps the change");
	add(SECOND, 4);
	ok(are(2, 3, 4), "and they go on from there");
}

static void
test_changes(void)
{
	clear();
	add(0, 10);
	ok(history_interval(&history) == 0, "one sample has no interval");
	add(SECOND / 2, 15);
	ok(history_delta(&history, F) == 5 &&
		history_interval(&history) == SECOND / 2,
	    "the change since the previous sample, and the time");
	add(2 * (int64_t)SECOND, 12);
	ok(history_delta(&history, F) == -3 &&
		history_interval(&history) == 2 * (int64_t)SECOND,
	    "it may be negative");
	clear();
	add(0, 10);
	add(0, 30);
	ok(are(10, 30, 30), "if no time passed, AVG is the last count");
}

static void
test_long(void)
{
	const uint64_t many = (uint64_t)1 << 40;

	clear();
	for (unsigned i = 0; i < 200000; i++)
		add(30 * (int64_t)SECOND, many + i % 3);
	ok(are(many, many + 1, many + 2), "months with 2^40 sockets and more");
	clear();
	for (unsigned i = 0; i < 1000000; i++)
		add(SECOND / 10 + i % 7, 54321);
	ok(are(54321, 54321, 54321), "a million samples of one count");
}

static void
test_cells(void)
{
	clear();
	ok(cells_are(3, true, "   "), "without a sample there are blanks");
	for (unsigned i = 1; i <= 8; i++)
		add(SECOND, 100 * i);
	ok(cells_are(8, true, "▁▂▃▄▅▆▇█"),
	    "MIN is the lowest block, and MAX the full one");
	ok(cells_are(8, false, ".:-=+*#@"), "in ASCII too");
	ok(cells_are(10, true, "  ▁▂▃▄▅▆▇█"), "the newest is at the right");
	ok(cells_are(3, true, "▆▇█"), "the oldest go first");
	ok(cells_are(0, true, ""), "no width, no cell");
	add(SECOND, 0);
	ok(cells_are(4, true, "▆▇█ "), "a count of 0 is a blank");
	add(SECOND, 1);
	ok(cells_are(3, true, "█ ▁"), "but 1 is not");
	add(SECOND, 50);
	history_reset(&history);
	ok(cells_are(11, true, "████████ ▁▁"),
	    "after a reset MIN is MAX: the lowest, and above it the full one");
	add(SECOND, 450);
	add(SECOND, 250);
	ok(cells_are(13, true, "▂▄▅▇████ ▁▁█▅"),
	    "samples before it are clamped to MIN and MAX");
	ok(cells_are(2, true, "█▅"), "which need not be on the screen");
	clear();
	for (unsigned i = 0; i < 5; i++)
		add(SECOND, 13);
	ok(cells_are(5, true, "▁▁▁▁▁"), "what never changes is low");
}

static void
test_ring(void)
{
	char wanted[HISTORY_SAMPLES + 3] = "  ";

	clear();
	for (unsigned i = 0; i < 3 * HISTORY_SAMPLES + 5; i++)
		add(SECOND, i == 1 ? 9 : 3);
	memset(wanted + 2, '.', HISTORY_SAMPLES);
	ok(cells_are(HISTORY_SAMPLES + 2, false, wanted),
	    "more columns than samples are kept");
	ok(are(3, 3, 9), "MAX outlasts the samples");
	add(SECOND, 9);
	ok(cells_are(3, false, "..@"), "and the ring goes round");
	ok(history_delta(&history, F) == 6, "so does the change");
}

static void
test_span(void)
{
	const int64_t s = SECOND;

	clear();
	ok(history_span(&history, 60, s) == 60 * s,
	    "the cells stand for as long as they will");
	add(0, 1);
	add(3 * s, 1);
	ok(history_span(&history, 60, s) == 62 * s,
	    "for what passed, and the others for a delay each");
	ok(history_span(&history, 2, s) == 4 * s, "the newest one too");
	ok(history_span(&history, 1, 2 * s) == 2 * s, "one for a delay");
	ok(history_span(&history, 0, s) == 0, "none for none");
	ok(history_span(&history, 5000, s) == (HISTORY_SAMPLES + 2) * s,
	    "no more than are kept");
	ok(history_span(&history, 5000, 31536000 * s) > 0,
	    "a thousand years do not overflow");
}

int
main(void)
{
	test_values();
	test_changes();
	test_long();
	test_cells();
	test_ring();
	test_span();
	return tap_done();
}

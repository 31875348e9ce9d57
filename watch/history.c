/*
 * Keeps the last samples of the totals in a ring, and the sums over all since
 * the start or the last reset.
 */
#include "watch/history.h"

#include <string.h>

/* Returns the age-th sample from the newest, 0, to the oldest that is kept. */
static const struct history_sample *
sample_at(const struct history *h, uint64_t age)
{
	return &h->ring[(h->n - 1 - age) % HISTORY_SAMPLES];
}

/* Begins MIN, AVG and MAX with the newest sample. */
static void
begin(struct history *h)
{
	const struct history_sample *now = sample_at(h, 0);

	h->start = now->moment;
	for (unsigned f = 0; f < HISTORY_FIELDS; f++) {
		h->first[f] = h->min[f] = h->max[f] = now->count[f];
		h->area[f] = 0;
	}
}

/*
 * Returns by how much a sample is over the first one.  Sums of such
 * differences stay exact for much longer than those of counts.
 */
static double
over_first(
    const struct history *h, const struct history_sample *sample, unsigned f)
{
	return (double)(int64_t)(sample->count[f] - h->first[f]);
}

/* Adds the newest sample to MIN, AVG and MAX. */
static void
extend(struct history *h)
{
	const struct history_sample *now = sample_at(h, 0);
	const struct history_sample *before = sample_at(h, 1);
	double passed = (double)(now->moment - before->moment);

	for (unsigned f = 0; f < HISTORY_FIELDS; f++) {
		uint64_t count = now->count[f];

		if (count < h->min[f])
			h->min[f] = count;
		if (count > h->max[f])
			h->max[f] = count;
		h->area[f] += passed *
		    (over_first(h, now, f) + over_first(h, before, f)) / 2;
	}
}

void
history_add(
    struct history *h, int64_t moment, const uint64_t count[HISTORY_FIELDS])
{
	struct history_sample *now = &h->ring[h->n % HISTORY_SAMPLES];

	now->moment = moment;
	memcpy(now->count, count, sizeof(now->count));
	if (h->n++ == 0)
		begin(h);
	else
		extend(h);
}

void
history_reset(struct history *h)
{
	if (h->n > 0)
		begin(h);
}

uint64_t
history_min(const struct history *h, unsigned field)
{
	return h->min[field];
}

uint64_t
history_max(const struct history *h, unsigned field)
{
	return h->max[field];
}

uint64_t
history_avg(const struct history *h, unsigned field)
{
	int64_t passed;

	if (h->n == 0)
		return 0;
	passed = sample_at(h, 0)->moment - h->start;
	if (passed == 0)
		return sample_at(h, 0)->count[field];
	return (uint64_t)((double)h->first[field] +
	    h->area[field] / (double)passed + 0.5);
}

int64_t
history_delta(const struct history *h, unsigned field)
{
	if (h->n < 2)
		return 0;
	return (int64_t)(sample_at(h, 0)->count[field] -
	    sample_at(h, 1)->count[field]);
}

int64_t
history_interval(const struct history *h)
{
	return h->n < 2 ? 0
			: sample_at(h, 0)->moment - sample_at(h, 1)->moment;
}

/* Returns how many samples so many cells show. */
static unsigned
samples_shown(const struct history *h, unsigned width)
{
	uint64_t kept = h->n < HISTORY_SAMPLES ? h->n : HISTORY_SAMPLES;

	return width < kept ? width : (unsigned)kept;
}

/* The heights of a cell, 0 to 7; MIN and MAX have the lowest and highest. */
enum { LEVELS = 8 };

static unsigned
level_of(const struct history *h, unsigned field, uint64_t count)
{
	uint64_t min = h->min[field], range = h->max[field] - min;

	if (count <= min)
		return 0;
	if (count - min >= range)
		return LEVELS - 1;
	/* Rounded to the nearest; no table has 2^60 sockets. */
	return (unsigned)(((count - min) * 2 * (LEVELS - 1) + range) /
	    (2 * range));
}

void
history_cells(char text[HISTORY_TEXT], const struct history *h, unsigned field,
    unsigned width, bool utf8)
{
	static const char blocks[LEVELS][4] = {"\u2581", "\u2582", "\u2583",
	    "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
	static const char characters[] = ".:-=+*#@";
	unsigned shown = samples_shown(h, width);

	memset(text, ' ', width - shown);
	text += width - shown;
	while (shown > 0) {
		uint64_t count = sample_at(h, --shown)->count[field];
		unsigned level = level_of(h, field, count);

		if (count > 0 && utf8)
			text = stpcpy(text, blocks[level]);
		else
			*text++ = count > 0 ? characters[level] : ' ';
	}
	*text = '\0';
}

int64_t
history_span(const struct history *h, unsigned width, int64_t delay)
{
	uint64_t cells = width < HISTORY_SAMPLES ? width : HISTORY_SAMPLES;
	unsigned shown = samples_shown(h, width);
	int64_t measured, expected;

	if (shown == 0)
		shown = 1;
	measured = h->n > 0
	    ? sample_at(h, 0)->moment - sample_at(h, shown - 1)->moment
	    : 0;
	if (delay > INT64_MAX / (2 * HISTORY_SAMPLES))
		return INT64_MAX;
	/* The cells before the first sample, and the newest one. */
	expected = (int64_t)(cells - shown + 1) * delay;
	return measured + expected;
}

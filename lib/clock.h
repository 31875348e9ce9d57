/*
 * The monotonic clock, by which intervals are measured, and rates.
 */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Returns its time in nanoseconds. */
static inline int64_t
clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/*
 * Returns a change in an interval of nanoseconds as one per second, rounded
 * half away from zero; 0 if no time passed.
 */
static inline int64_t
clock_rate(int64_t change, int64_t interval)
{
	double rate;

	if (interval <= 0)
		return 0;
	rate = (double)change * 1e9 / (double)interval;
	return (int64_t)(rate + (rate < 0 ? -0.5 : 0.5));
}

#endif

/*
 * Decimal numbers out of text that may be anything.
 */
#ifndef LIB_DECIMAL_H
#define LIB_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads the digits that p begins with, and that end before end.  Returns what
 * is behind them; NULL where there are none, or the number is over most.
 */
static inline const char *
decimal(const char *p, const char *end, uint64_t most, uint64_t *number)
{
	const char *start = p;
	uint64_t n = 0;

	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return NULL;
	*number = n;
	return p > start && n <= most ? p : NULL;
}

#endif

/*
 * Reads decimal numbers from untrusted text.
 */
#ifndef LIB_DECIMAL_H
#define LIB_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads the decimal number at p, which ends at end at the latest.  Returns a
 * pointer to the first character after its digits, or NULL if there are no
 * digits or the number is above max.
 */
static inline const char *
decimal(const char *p, const char *end, uint64_t max, uint64_t *number)
{
	const char *start = p;
	uint64_t n = 0;

	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return NULL;
	*number = n;
	return p > start && n <= max ? p : NULL;
}

#endif

/*
 * Writes durations as people say them.
 */
#include "lib/duration.h"

#include <inttypes.h>
#include <stdio.h>

enum { SECOND = 1000000000 };

void
duration_text(char to[DURATION_TEXT], int64_t ns)
{
	static const struct {
		int64_t seconds;
		char name;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	int64_t left = ns > 0 ? ns / SECOND : 0;
	size_t i = 0;

	while (i < 3 && left < units[i].seconds)
		i++;
	if (i == 3)
		snprintf(to, DURATION_TEXT, "%" PRId64 "s", left);
	else
		snprintf(to, DURATION_TEXT, "%" PRId64 "%c%02" PRId64 "%c",
		    left / units[i].seconds, units[i].name,
		    left % units[i].seconds / units[i + 1].seconds,
		    units[i + 1].name);
}

void
duration_seconds(char to[DURATION_TEXT], int64_t ns)
{
	int64_t fraction;
	int digits = 9;

	ns = ns > 0 ? ns : 0;
	fraction = ns % SECOND;
	if (fraction == 0) {
		snprintf(to, DURATION_TEXT, "%" PRId64, ns / SECOND);
		return;
	}
	for (; fraction % 10 == 0; digits--)
		fraction /= 10;
	snprintf(to, DURATION_TEXT, "%" PRId64 ".%0*" PRId64, ns / SECOND,
	    digits, fraction);
}

/*
 * Parses the numbers of a command line, within their bounds.
 */
#include "command/values.h"

#include "lib/decimal.h"

#include <string.h>

/* Nanoseconds: from a hundredth of a second to a year. */
#define DELAY_MIN INT64_C(10000000)
#define DELAY_MAX INT64_C(31536000000000000)
#define NUMBER_MAX UINT64_C(1000000000)

bool
parse_number(const char *text, uint64_t *number)
{
	const char *end = text + strlen(text);

	return decimal(text, end, NUMBER_MAX, number) == end && *number >= 1;
}

bool
parse_delay(const char *text, int64_t *delay)
{
	int64_t ns = 0, unit = 1000000000;
	bool digit = false;

	for (; *text >= '0' && *text <= '9' && ns <= DELAY_MAX; text++) {
		ns = ns * 10 + (*text - '0') * unit;
		digit = true;
	}
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++) {
			unit /= 10;
			ns += (*text - '0') * unit;
			digit = true;
		}
	*delay = ns;
	return digit && *text == '\0' && ns >= DELAY_MIN && ns <= DELAY_MAX;
}

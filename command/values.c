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

/* Returns a unit in nanoseconds; 0 if there is none of that name. */
static int64_t
find_unit(const char *name)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {
	    {"", 1000000000},
	    {"s", 1000000000},
	    {"ms", 1000000},
	    {"m", INT64_C(60000000000)},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, name) == 0)
			return units[i].ns;
	return 0;
}

bool
parse_delay(const char *text, int64_t *delay)
{
	int64_t unit = find_unit(text + strspn(text, "0123456789."));
	int64_t ns = 0;
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
	return digit && find_unit(text) > 0 && ns >= DELAY_MIN &&
	    ns <= DELAY_MAX;
}

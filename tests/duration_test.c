/*
 * Tests how durations are written.
 */
#include "lib/duration.c"

#include "tap.h"

#include <string.h>

static void
test(void (*write)(char *, int64_t), int64_t ns, const char *wanted)
{
	char text[DURATION_TEXT];

	write(text, ns);
	ok(strcmp(text, wanted) == 0, "%s", wanted);
}

int
main(void)
{
	static const int64_t s = SECOND;

	test(duration_text, 0, "0s");
	test(duration_text, -s, "0s");
	test(duration_text, 60 * s - 1, "59s");
	test(duration_text, 60 * s, "1m00s");
	test(duration_text, 252 * s, "4m12s");
	test(duration_text, 7380 * s, "2h03m");
	test(duration_text, 86400 * s - 1, "23h59m");
	test(duration_text, (3 * 86400 + 4 * 3600) * s, "3d04h");
	test(duration_text, INT64_MAX, "106751d23h");
	test(duration_seconds, 0, "0");
	test(duration_seconds, 60 * s, "60");
	test(duration_seconds, s / 2, "0.5");
	test(duration_seconds, 10 * s + s / 20, "10.05");
	test(duration_seconds, 1, "0.000000001");
	return tap_done();
}

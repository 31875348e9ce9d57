/*
 * The part of TAP that tests in C need: numbered results, skips and the plan.
 * A test file includes it once.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int tap_count, tap_failed;

/*
 * Prints the result of a test: whether it passed, and its name as a format
 * with arguments.  Returns whether it passed.
 */
#define ok(ok, ...) tap_ok((ok), __FILE__, __LINE__, #ok, __VA_ARGS__)

__attribute__((format(printf, 5, 6), unused)) static bool
tap_ok(bool good, const char *file, int line, const char *what,
    const char *fmt, ...)
{
	__builtin_va_list ap;

	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	__builtin_va_start(ap, fmt);
	vprintf(fmt, ap);
	__builtin_va_end(ap);
	putchar('\n');
	if (!good) {
		tap_failed++;
		printf("# %s:%d: %s\n", file, line, what);
	}
	return good;
}

/*
 * Skips a test that cannot be run here.  The test fails if TCPSTATE_NO_SKIP is
 * set; otherwise its reason is added to the file TCPSTATE_SKIPPED, which make
 * check lists in the end.
 */
#define skip(reason) tap_skip(__FILE__, (reason))

__attribute__((unused)) static void
tap_skip(const char *file, const char *reason)
{
	const char *forbidden = getenv("TCPSTATE_NO_SKIP");
	const char *path = getenv("TCPSTATE_SKIPPED");
	FILE *list;

	if (forbidden != NULL && forbidden[0] != '\0') {
		printf("not ok %d - %s\n", ++tap_count, reason);
		tap_failed++;
		return;
	}
	printf("ok %d # SKIP %s\n", ++tap_count, reason);
	if (path == NULL || path[0] == '\0')
		return;
	list = fopen(path, "a");
	if (list != NULL) {
		fprintf(list, "%s: %s\n", file, reason);
		fclose(list);
	}
}

/* Prints the plan.  Returns the exit status for main. */
__attribute__((unused)) static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif

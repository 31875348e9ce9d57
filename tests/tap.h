/* The little of TAP that a test in C needs. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failed;

/* One test: ok says whether it passed, fmt what it is. */
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

/* To be returned by main. */
__attribute__((unused)) static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif

/*
 * Tests the lists of the filter when memory runs out: calloc() and
 * reallocarray() are replaced by functions that fail on demand.
 */
#include <stdbool.h>
#include <stdlib.h>

static bool no_memory;

static void *
played_calloc(size_t n, size_t size)
{
	return no_memory ? NULL : calloc(n, size);
}

static void *
played_reallocarray(void *array, size_t n, size_t size)
{
	return no_memory ? NULL : reallocarray(array, n, size);
}

#define calloc played_calloc
#define reallocarray played_reallocarray
#include "lib/conn.c"
#include "read/filter.c"
#include "read/hosts.c"
#undef calloc
#undef reallocarray

#include "tap.h"

int
main(void)
{
	struct filter filter;
	size_t len;

	filter_init(&filter);
	ok(!filter_ports(&filter, END_LOCAL, "80,443", &len) &&
		!filter_addrs(&filter, END_LOCAL, "10.0.0.1", &len),
	    "lists of ports and addresses");
	ok(filter_ports(&filter, END_LOCAL, "80,x", &len) && errno != ENOMEM,
	    "a word that is no port");
	ok(filter_addrs(&filter, END_LOCAL, "x", &len) && errno != ENOMEM,
	    "a word that is no address");
	no_memory = true;
	ok(filter_ports(&filter, END_LOCAL, "80", &len) && errno == ENOMEM,
	    "ports without memory for them are not wrong");
	ok(filter_addrs(&filter, END_LOCAL, "10.0.0.1", &len) &&
		errno == ENOMEM,
	    "nor are addresses");
	filter_free(&filter);
	return tap_done();
}

/*
 * Tests the deadlines of watch mode.  clock_gettime() and ppoll() are
 * replaced, so that only this test moves the clock.
 */
#include <poll.h>
#include <signal.h>
#include <time.h>

static int played_clock_gettime(clockid_t id, struct timespec *ts);
static int played_ppoll(struct pollfd *fds, nfds_t n,
    const struct timespec *timeout, const sigset_t *mask);

#define clock_gettime played_clock_gettime
#define ppoll played_ppoll
#include "lib/text.c"
#include "lib/interrupt.c"
#include "watch/watch.c"
#undef clock_gettime
#undef ppoll

#include "tap.h"

enum { MS = 1000000 };

static int64_t clock_ns;
static int64_t sample_time; /* nanoseconds that a sample lasts */
static int64_t stopped_for; /* nanoseconds by which the next wait is late */
static int64_t taken[16];   /* start of each sample, since the first */
static size_t ntaken;

static int
played_clock_gettime(clockid_t id, struct timespec *ts)
{
	*ts = (struct timespec){clock_ns / SECOND, (long)(clock_ns % SECOND)};
	return id == CLOCK_MONOTONIC ? 0 : -1;
}

static int
played_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
    const sigset_t *mask)
{
	(void)fds, (void)n, (void)mask;
	clock_ns += timeout->tv_sec * SECOND + timeout->tv_nsec + stopped_for;
	stopped_for = 0;
	return 0;
}

static int64_t start;

static bool
sample(void *ctx)
{
	(void)ctx;
	if (ntaken == 0)
		start = clock_ns;
	if (ntaken < sizeof(taken) / sizeof(taken[0]))
		taken[ntaken++] = clock_ns - start;
	clock_ns += sample_time;
	return true;
}

static void
show_nothing(void *ctx, FILE *out, unsigned width, unsigned height)
{
	(void)ctx, (void)out, (void)width, (void)height;
}

/* Runs watch mode every 100 ms, and fills in taken. */
static void
watch_samples(uint64_t count)
{
	struct watch w = {
	    .delay = 100 * MS,
	    .count = count,
	    .sample = sample,
	    .show = show_nothing,
	};

	ntaken = 0;
	clock_ns += 12345;
	ok(watch_run(&w) == 0 && ntaken == count, "%d samples", (int)count);
}

int
main(void)
{
	watch_samples(3);
	ok(taken[1] == 100 * MS && taken[2] == 200 * MS,
	    "one at each deadline");

	sample_time = 30 * MS;
	watch_samples(4);
	ok(taken[1] == 100 * MS && taken[3] == 300 * MS,
	    "a sample that takes a while does not shift the next one");

	sample_time = 250 * MS;
	watch_samples(3);
	ok(taken[1] == 300 * MS && taken[2] == 600 * MS,
	    "deadlines that a slow sample missed are dropped");

	sample_time = 0;
	stopped_for = 1050 * MS;
	watch_samples(4);
	ok(taken[1] == 1200 * MS && taken[2] == 1300 * MS &&
		taken[3] == 1400 * MS,
	    "a process that was stopped does not burst");
	return tap_done();
}

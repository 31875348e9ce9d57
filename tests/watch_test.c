/*
 * Tests the deadlines of watch mode, and what keys do to them.  The clock and
 * the terminal are replaced, so that only this test moves the clock, types and
 * reads.
 */
#include <sys/ioctl.h>

#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int played_clock_gettime(clockid_t id, struct timespec *ts);
static int played_ppoll(struct pollfd *fds, nfds_t n,
    const struct timespec *timeout, const sigset_t *mask);
static ssize_t played_read(int fd, void *buf, size_t size);
static ssize_t played_write(int fd, const void *buf, size_t size);

#define clock_gettime played_clock_gettime
#define ppoll played_ppoll
#define read played_read
#define write played_write
#define isatty(fd) ((void)(fd), 1)
#define tcgetattr(fd, termios) ((void)(fd), (void)(termios), -1)
#include "lib/escape.c"
#include "lib/interrupt.c"
#include "lib/text.c"
#include "watch/frame.c"
#include "watch/keys.c"
#include "watch/signals.c"
#include "watch/terminal.c"
#include "watch/watch.c"
#undef clock_gettime
#undef ppoll
#undef read
#undef write
#undef isatty
#undef tcgetattr

#include "tap.h"

enum { MS = 1000000 };

static int64_t clock_ns;
static int64_t sample_time; /* nanoseconds that a sample lasts */
static int64_t stopped_for; /* nanoseconds by which the next wait is late */
static int64_t taken[16];   /* start of each sample, since the first */
static size_t ntaken;
static int64_t start; /* of the first sample */

/* What is typed, each at its time since the first sample. */
static struct typing {
	int64_t at;
	const char *text;
} typing[8];
static size_t ntyped;

static size_t written; /* bytes, to the terminal */

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
	int64_t end = clock_ns + timeout->tv_sec * SECOND + timeout->tv_nsec;
	const struct typing *next = &typing[ntyped];

	(void)n, (void)mask;
	fds[0].revents = fds[1].revents = 0;
	if (fds[0].fd >= 0 && next->text && start + next->at < end) {
		if (clock_ns < start + next->at)
			clock_ns = start + next->at;
		fds[0].revents = POLLIN;
		return 1;
	}
	clock_ns = end + stopped_for;
	stopped_for = 0;
	return 0;
}

static ssize_t
played_read(int fd, void *buf, size_t size)
{
	const char *text = typing[ntyped++].text;

	(void)fd;
	if (strlen(text) > size)
		abort();
	memcpy(buf, text, strlen(text));
	return (ssize_t)strlen(text);
}

static ssize_t
played_write(int fd, const void *buf, size_t size)
{
	(void)fd, (void)buf;
	written += size;
	return (ssize_t)size;
}

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

static size_t nresampled, nshown;

static void
resample(void *ctx)
{
	(void)ctx;
	nresampled++;
}

static void
show_time(void *ctx, FILE *out, unsigned width, unsigned height)
{
	(void)ctx, (void)width;
	fprintf(out, "%ju\n", (uintmax_t)clock_ns);
	nshown += height > 0;
}

static int64_t delay;
static char pressed[64];

static enum watch_action
key(void *ctx, char c)
{
	(void)ctx;
	strncat(pressed, &c, 1);
	switch (c) {
	case '+':
		delay *= 2;
		return WATCH_REDRAW;
	case '-':
		delay /= 2;
		return WATCH_REDRAW;
	case 's':
		return WATCH_SAMPLE;
	case 'q':
		return WATCH_QUIT;
	default:
		return WATCH_IGNORE;
	}
}

static uint64_t missed;

/* Runs watch mode every 100 ms, and fills in what is above. */
static void
watch_samples(uint64_t count, bool screen)
{
	struct watch w = {
	    .delay = &delay,
	    .count = count,
	    .screen = screen,
	    .sample = sample,
	    .resample = resample,
	    .show = show_time,
	    .key = key,
	    .missed = &missed,
	};

	delay = 100 * MS;
	missed = 0;
	ntaken = ntyped = nresampled = nshown = written = 0;
	pressed[0] = '\0';
	clock_ns += 12345;
	ok(watch_run(&w) == 0 && (ntaken == count || count == 0), "%d samples",
	    (int)count);
	memset(typing, 0, sizeof(typing));
}

static void
test_deadlines(void)
{
	watch_samples(3, false);
	ok(taken[1] == 100 * MS && taken[2] == 200 * MS && missed == 0,
	    "one at each deadline");

	sample_time = 30 * MS;
	watch_samples(4, false);
	ok(taken[1] == 100 * MS && taken[3] == 300 * MS && missed == 0,
	    "a sample that takes a while does not shift the next one");

	sample_time = 250 * MS;
	watch_samples(3, false);
	ok(taken[1] == 300 * MS && taken[2] == 600 * MS,
	    "deadlines that a slow sample missed are dropped");
	ok(missed == 4, "and counted");

	sample_time = 0;
	stopped_for = 1050 * MS;
	watch_samples(4, false);
	ok(taken[1] == 1200 * MS && taken[2] == 1300 * MS &&
		taken[3] == 1400 * MS,
	    "a process that was stopped does not burst");
	ok(missed == 11, "and has missed its deadlines");
}

static void
test_keys(void)
{
	typing[0] = (struct typing){50 * MS, "xyz"};
	watch_samples(2, true);
	ok(strcmp(pressed, "xyz") == 0, "each key of one read is handled");
	ok(nshown == 2, "a key without an effect draws nothing");

	typing[0] = (struct typing){-50 * MS, "x+"};
	watch_samples(2, true);
	ok(strcmp(pressed, "x+") == 0 && nshown == 3,
	    "a key pressed before the end of the first sample has its effect");

	typing[0] = (struct typing){20 * MS, "ss"};
	typing[1] = (struct typing){30 * MS, "s"};
	watch_samples(3, true);
	ok(nresampled == 2 && nshown == 5,
	    "a key has a sample taken out of turn, once for one read");
	ok(taken[1] == 100 * MS && taken[2] == 200 * MS,
	    "which leaves the deadlines where they are");

	typing[0] = (struct typing){250 * MS, "xqs"};
	watch_samples(0, true);
	ok(ntaken == 3 && strcmp(pressed, "xq") == 0 && nresampled == 0,
	    "a key that quits is the last one");
}

static void
test_delay(void)
{
	typing[0] = (struct typing){120 * MS, "+"};
	watch_samples(4, true);
	ok(taken[1] == 100 * MS && taken[2] == 300 * MS &&
		taken[3] == 500 * MS && missed == 0,
	    "a longer delay begins with the last sample");
	typing[0] = (struct typing){120 * MS, "-"};
	watch_samples(4, true);
	ok(taken[2] == 150 * MS && taken[3] == 200 * MS && missed == 0,
	    "so does a shorter one");
	typing[0] = (struct typing){190 * MS, "----"};
	watch_samples(4, true);
	ok(taken[2] == 190 * MS && taken[3] - taken[2] == 100 * MS / 16 &&
		missed == 0,
	    "if it has passed since, the next sample is taken at once");
}

static void
test_sequences(void)
{
	static const struct {
		struct typing typing[4];
		const char *wanted, *name;
	} tests[] = {
	    {{{1, "a\033[Ab\033OAc"}}, "abc", "arrow keys are no keys"},
	    {{{1, "\033[15~\033[1;5C\033[[Aa\033O5Pb"}}, "ab",
		"nor are function keys"},
	    {{{1, "\033"}, {2, "["}, {3, "1;"}, {4, "5Cb"}}, "b",
		"nor in four reads"},
	    {{{1, "\033[200~quit"}, {2, "+s\033[201~a"}}, "a",
		"nor is what is pasted"},
	    {{{1, "\033xa"}}, "a", "nor is one with Alt"},
	    {{{1, "\033"}, {2, "a"}}, "a",
		"Escape alone does not take the next key"},
	    {{{1, "\033[1\033[Ba"}}, "a",
		"a sequence that is cut does not either"},
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		memcpy(typing, tests[i].typing, sizeof(tests[i].typing));
		watch_samples(2, true);
		ok(strcmp(pressed, tests[i].wanted) == 0 && nshown == 2, "%s",
		    tests[i].name);
	}
}

int
main(void)
{
	test_deadlines();
	test_keys();
	test_delay();
	test_sequences();
	return tap_done();
}

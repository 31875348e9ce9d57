/*
 * Runs once, in a log or on a screen, with what a sample is and how it looks
 * left to others.
 */
#include "watch/rounds.h"

#include "lib/clock.h"
#include "lib/duration.h"
#include "lib/escape.h"
#include "lib/interrupt.h"
#include "lib/output.h"
#include "lib/print.h"
#include "lib/say.h"
#include "watch/controls.h"
#include "watch/terminal.h"

#include <sys/utsname.h>

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether stdout is a terminal that knows escape sequences. */
static bool
terminal_can_draw(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term != '\0' &&
	    strcmp(term, "dumb") != 0;
}

static bool
wants_colour(const struct options *o)
{
	const char *no_colour = getenv("NO_COLOR");

	if (o->colour != COLOUR_AUTO)
		return o->colour == COLOUR_ALWAYS;
	return terminal_can_draw() && !(no_colour && *no_colour);
}

static void
look_at_terminal(struct rounds *r)
{
	r->colour = wants_colour(r->options);
	if (!isatty(STDOUT_FILENO))
		return;
	setlocale(LC_CTYPE, "");
	r->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Reports that stdout could not be written; error is an errno value or 0. */
static void
check_output(struct rounds *r, int error)
{
	if (error)
		failure(NULL, "standard output: %s", strerror(error));
	r->failed |= error != 0;
}

/* Prints the current sample on stdout. */
static void
print(struct rounds *r, unsigned width)
{
	FILE *out = output_open();

	if (out)
		r->show(r, out, width, 0);
	check_output(r, out ? output_close(out) : errno);
}

static void
print_once(struct rounds *r)
{
	unsigned width = 0, height;

	if (isatty(STDOUT_FILENO))
		terminal_size(&width, &height);
	if (r->sample(r) || r->options->format->plugin)
		print(r, width);
}

/* Takes and counts a sample.  Returns whether it is to be shown now. */
static bool
take(void *ctx)
{
	struct rounds *r = ctx;
	int64_t moment = clock_now();
	bool shown;

	if (r->taken == 0)
		r->started = moment;
	shown = r->sample(r);
	if (!interrupted) {
		r->latest = moment;
		r->taken += !r->failed;
		r->missed += r->failed;
	}
	return shown && !r->paused;
}

static void
resample(void *ctx)
{
	struct rounds *r = ctx;

	r->resample(r);
}

/* Prints how many samples were taken, and in what time. */
static void
print_summary(FILE *out, const struct rounds *r)
{
	int64_t tenths = (r->latest - r->started + 50000000) / 100000000;

	fprintf(out,
	    "%" PRIu64 " sample%s in %" PRId64 ".%" PRId64 " s (%" PRIu64
	    " missed)\n",
	    r->taken, r->taken == 1 ? "" : "s", tenths / 10, tenths % 10,
	    r->missed);
}

static void
show(void *ctx, FILE *out, unsigned width, unsigned height)
{
	struct rounds *r = ctx;

	if (r->help && height > 0) {
		rounds_heading(out, r, width);
		controls_help(out, r, width, height - 1);
		return;
	}
	r->show(r, out, width, height);
	if (r->mode == REPORT_SCREEN && height == 0 && r->taken > 0)
		print_summary(out, r);
}

static enum watch_action
key(void *ctx, char pressed)
{
	return controls_key(ctx, pressed);
}

static void
print_repeatedly(struct rounds *r)
{
	struct watch watch = {
	    .delay = &r->delay,
	    .count = r->count,
	    .screen = r->mode == REPORT_SCREEN,
	    .utf8 = r->utf8,
	    .sample = take,
	    .resample = resample,
	    .show = show,
	    .key = key,
	    .ctx = r,
	    .missed = &r->missed,
	};
	int error;

	r->delay = r->options->delay;
	messages_defer(watch.screen);
	error = watch_run(&watch);
	messages_defer(false);
	check_output(r, error);
	if ((!r->succeeded || error) && r->options->format->plugin)
		print(r, 0);
}

enum report_mode
rounds_mode(const struct options *o)
{
	if (!o->watch)
		return REPORT_ONCE;
	return o->format->screen && terminal_can_draw() ? REPORT_SCREEN
							: REPORT_APPEND;
}

void
rounds_run(struct rounds *r)
{
	look_at_terminal(r);
	if (r->options->watch)
		print_repeatedly(r);
	else
		print_once(r);
}

void
rounds_begin_sample(struct rounds *r)
{
	r->time = (struct timespec){0};
	if (r->options->watch || r->options->format->time)
		clock_gettime(CLOCK_REALTIME, &r->time);
	messages_begin_sample();
}

void
rounds_stream_size(unsigned *width, unsigned *lines)
{
	*width = *lines = 0;
	if (isatty(STDOUT_FILENO))
		terminal_size(width, lines);
}

/* The parts of the heading; those from RIGHT on are at the right. */
enum { HOST, PROGRAM, TIME, EVERY, PAUSED, WATCHING, HINT, NPARTS };
enum { RIGHT = WATCHING };

/* The blanks before a part, if another one is before it. */
static size_t
gap(unsigned part)
{
	return part == HINT ? 3 : 2;
}

/* The columns that parts take; one that is NULL is left out. */
static size_t
parts_width(const char *const parts[NPARTS])
{
	size_t width = 0;

	for (unsigned i = 0; i < NPARTS; i++)
		if (parts[i])
			width += strlen(parts[i]) + (width > 0 ? gap(i) : 0);
	return width;
}

static void
print_parts(FILE *out, const char *const parts[NPARTS], unsigned width)
{
	static const unsigned char least_first[] = {
	    WATCHING, HINT, EVERY, PROGRAM, HOST, PAUSED, TIME};
	const char *fit[NPARTS];
	bool first = true;
	size_t extra;

	memcpy(fit, parts, sizeof(fit));
	for (unsigned i = 0; i < NPARTS && parts_width(fit) > width; i++)
		fit[least_first[i]] = NULL;
	extra = width - parts_width(fit);
	for (unsigned i = 0; i < NPARTS; i++) {
		if (!fit[i])
			continue;
		if (!first)
			print_blanks(out, gap(i) + (i >= RIGHT ? extra : 0));
		print_text(out, fit[i]);
		extra = i >= RIGHT ? 0 : extra;
		first = false;
	}
	fputc('\n', out);
}

void
rounds_heading(FILE *out, const struct rounds *r, unsigned width)
{
	char time[16], every[DURATION_TEXT + 8], watching[DURATION_TEXT + 16];
	char duration[DURATION_TEXT];
	struct utsname name;
	char host[ESCAPED(sizeof(name.nodename))];
	struct tm tm;

	uname(&name);
	escape_text(host, name.nodename, "\\");
	if (!localtime_r(&r->time.tv_sec, &tm) ||
	    strftime(time, sizeof(time), "%H:%M:%S", &tm) == 0)
		strcpy(time, "-");
	duration_seconds(duration, r->delay);
	snprintf(every, sizeof(every), "every %s s", duration);
	duration_text(duration, r->latest - r->started);
	snprintf(watching, sizeof(watching), "watching for %s", duration);
	print_parts(out,
	    (const char *const[NPARTS]){
		[HOST] = host,
		[PROGRAM] = "tcpstate",
		[TIME] = time,
		[EVERY] = every,
		[PAUSED] = r->paused ? "PAUSED" : NULL,
		[WATCHING] = watching,
		[HINT] = isatty(STDIN_FILENO) ? "? help" : "^C quits",
	    },
	    width);
}

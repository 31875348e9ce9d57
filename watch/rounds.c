/*
 * Runs once, in a log or on a screen, with what a sample is and how it looks
 * left to others.
 */
#include "watch/rounds.h"

#include "lib/clock.h"
#include "lib/interrupt.h"
#include "lib/output.h"
#include "lib/say.h"
#include "watch/controls.h"
#include "watch/heading.h"
#include "watch/terminal.h"

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

void
rounds_terminal_size(unsigned *width, unsigned *height)
{
	*width = *height = 0;
	if (isatty(STDOUT_FILENO))
		terminal_size(width, height);
}

static void
print_once(struct rounds *r)
{
	unsigned width, height;

	rounds_terminal_size(&width, &height);
	if (r->sample(r) || r->options->format->plugin)
		print(r, width);
}

/* Has the heading be that of the last good sample. */
static void
set_shown(struct rounds *r)
{
	r->shown_time = r->good_time;
	r->shown_latest = r->good_latest;
}

/* Counts a sample that began at a moment. */
static void
count(struct rounds *r, int64_t moment)
{
	if (interrupted)
		return;
	r->latest = moment;
	r->taken += !r->failed;
	r->missed += r->failed;
	if (r->failed)
		return;
	r->good_time = r->time;
	r->good_latest = moment;
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
	count(r, moment);
	return shown && !r->paused;
}

/*
 * Takes a sample out of turn, which is shown even in a pause, and does not
 * count.
 */
static void
resample(void *ctx)
{
	struct rounds *r = ctx;

	r->resample(r);
	if (r->failed)
		return;
	r->good_time = r->time;
	set_shown(r);
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

	if (!r->paused)
		set_shown(r);
	r->ended = r->mode == REPORT_SCREEN && height == 0;
	if (r->help && height > 0) {
		rounds_heading(out, r, width);
		controls_help(out, r, width, height - 1);
		return;
	}
	r->show(r, out, width, height);
	if (r->ended && r->taken > 0)
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
rounds_heading(FILE *out, const struct rounds *r, unsigned width)
{
	const struct heading heading = {
	    .time = r->shown_time,
	    .delay = r->delay,
	    .watching = r->shown_latest - r->started,
	    .paused = r->paused && !r->ended,
	    .help = r->help,
	    .ended = r->ended,
	};

	heading_print(out, &heading, width);
}

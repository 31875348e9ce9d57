/*
 * Runs once, in a log or on a screen, with what a sample is and how it looks
 * left to others.
 */
#include "watch/rounds.h"

#include "lib/output.h"
#include "lib/say.h"
#include "watch/watch.h"

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

static void
look_at_terminal(struct rounds *r)
{
	const char *no_colour = getenv("NO_COLOR");

	r->colour = terminal_can_draw() && !(no_colour && *no_colour);
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

	if (isatty(STDOUT_FILENO)) {
		look_at_terminal(r);
		watch_screen_size(&width, &height);
	}
	if (r->sample(r) || r->options->format->plugin)
		print(r, width);
}

static void
print_repeatedly(struct rounds *r)
{
	struct watch watch = {
	    .delay = r->options->delay,
	    .count = r->count,
	    .screen = r->mode == REPORT_SCREEN,
	    .sample = r->sample,
	    .show = r->show,
	    .ctx = r,
	};
	int error;

	if (watch.screen)
		look_at_terminal(r);
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
		watch_screen_size(width, lines);
}

void
rounds_heading(FILE *out, const struct rounds *r, unsigned width)
{
	int64_t delay = r->options->delay;
	char time[32], every[64], fraction[16];
	const char *parts[] = {time, every,
	    isatty(STDIN_FILENO) ? "  q to quit" : "  ^C to quit"};
	struct tm tm;
	size_t len;

	if (!localtime_r(&r->time.tv_sec, &tm) ||
	    strftime(time, sizeof(time), "%Y-%m-%d %H:%M:%S", &tm) == 0)
		strcpy(time, "-");
	len = (size_t)snprintf(
	    fraction, sizeof(fraction), ".%09" PRId64, delay % 1000000000);
	while (
	    len > 0 && (fraction[len - 1] == '0' || fraction[len - 1] == '.'))
		fraction[--len] = '\0';
	snprintf(every, sizeof(every), "  every %" PRId64 "%s s",
	    delay / 1000000000, fraction);
	for (unsigned i = 0; i < 3 && strlen(parts[i]) <= width; i++) {
		fputs(parts[i], out);
		width -= (unsigned)strlen(parts[i]);
	}
	fputc('\n', out);
}

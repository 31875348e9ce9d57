/*
 * Takes one sample or many, judges each by the thresholds, and shows it: once,
 * in a log or on a screen.
 */
#include "watch/run.h"

#include "lib/output.h"
#include "lib/say.h"
#include "show/alert.h"
#include "watch/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A run of the program, with its current sample. */
struct run {
	const struct options *options;
	enum report_mode mode;
	struct tally *now;	 /* the last good sample, or NULL */
	struct tally *before;	 /* the good sample before that, or NULL */
	bool failed;		 /* the current sample could not be taken */
	struct timespec time;	 /* of the current sample; 0 if not shown */
	int64_t moment;		 /* of now, watch_clock(); 0 without watch */
	int64_t interval;	 /* nanoseconds from before to now */
	enum level level, worst; /* of the current sample, and of all */
	bool colour, utf8;	 /* the terminal has these */
};

/* Whether stdout is a terminal that knows escape sequences. */
static bool
terminal_can_draw(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term != '\0' &&
	    strcmp(term, "dumb") != 0;
}

static struct report
make_report(const struct run *run)
{
	const struct options *o = run->options;

	/* After a failure, only a screen still shows the last good sample. */
	return (struct report){
	    .now = run->failed && run->mode != REPORT_SCREEN ? NULL : run->now,
	    .time = run->time,
	    .interval = run->interval,
	    .top = o->top,
	    .thresholds = &o->thresholds,
	    .error = sample_error(),
	    .no_header = o->no_header,
	    .all_states = o->all_states,
	    .colour = run->colour,
	    .utf8 = run->utf8,
	};
}

/* Judges a sample; prints its alerts as a notice if the format does not. */
static void
judge(struct run *run)
{
	const struct format *format = run->options->format;
	struct report report = make_report(run);
	char *text;

	if (!run->options->plugin)
		return;
	run->level = alert_judge(&report);
	if (run->level > run->worst)
		run->worst = run->level;
	if (run->level == LEVEL_OK || format->plugin || format->alert_line ||
	    run->failed)
		return;
	text = alert_text(&report);
	notice(NULL, "%s", text ? text : strerror(ENOMEM));
	free(text);
}

/* Prints the alerts of a sample as a line that begins with "!". */
static void
print_alert_line(FILE *out, const struct run *run, const struct report *report)
{
	char *text = alert_text(report), *line = NULL;
	char time[32];

	if (run->mode == REPORT_APPEND) {
		report_log_time(report, time);
		fprintf(out, "%s ", time);
	}
	if (!text || asprintf(&line, "! %s", text) < 0)
		line = NULL;
	report_print_line(out, report, line ? line : strerror(ENOMEM));
	free(text);
	free(line);
}

/* Whether there is something to show even if the sample failed. */
static bool
shows_failure(const struct run *run)
{
	const struct format *format = run->options->format;

	return message_pending() || format->plugin ||
	    (format->alert_line && run->options->plugin);
}

/*
 * Takes a sample, compares it with the last one, and judges it.  Returns
 * whether there is something to show.
 */
static bool
sample(void *ctx)
{
	struct run *run = ctx;
	struct tally *tally;
	const struct options *o = run->options;
	struct timespec now = {0};
	int users_error = 0;
	int64_t moment = o->watch ? watch_clock() : 0;

	if (o->watch || o->format->time)
		clock_gettime(CLOCK_REALTIME, &now);
	messages_begin_sample();
	tally = sample_take(&run->options->request);
	if (tally && tally_compare(tally, run->now, run->options->top) != 0) {
		failure(NULL, "%s", strerror(ENOMEM));
		tally_free(tally);
		tally = NULL;
	}
	/* Alerts may be about any row. */
	if (tally)
		users_error = tally_name_users(
		    tally, run->options->plugin ? 0 : run->options->top);
	if (users_error)
		failure(NULL, "names of users: %s; shown by number",
		    strerror(users_error));
	run->time = now;
	run->failed = !tally;
	if (tally) {
		tally_free(run->before);
		run->before = run->now;
		run->now = tally;
		run->interval = moment - run->moment;
		run->moment = moment;
	}
	judge(run);
	return tally || (run->now && shows_failure(run));
}

/* Prints the time, the delay and a hint, those that fit in width columns. */
static void
print_heading(FILE *out, const struct run *run, unsigned width)
{
	int64_t delay = run->options->delay;
	char time[32], every[64], fraction[16];
	const char *parts[] = {time, every,
	    isatty(STDIN_FILENO) ? "  q to quit" : "  ^C to quit"};
	struct tm tm;
	size_t len;

	if (!localtime_r(&run->time.tv_sec, &tm) ||
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

/*
 * The lines of a screen.  The report gets at least two; if there is room for
 * more, the error comes first, then the alert, then the heading.
 */
struct layout {
	bool error, alert, heading;
	bool gaps;	 /* a blank line between each of them and the report */
	unsigned height; /* lines left for the report */
};

/* The most lines of totals; gaps appear only if all of these fit. */
enum { TOTALS_LINES = 15 };

/* Takes a line, and its gap, from the report.  Returns whether it fits. */

static bool
reserve_lines(struct layout *layout, bool wanted)
{
	unsigned lines = layout->gaps ? 2 : 1;

	if (!wanted || layout->height < 2 + lines)
		return false;
	layout->height -= lines;
	return true;
}

static struct layout
make_layout(unsigned height, bool error, bool alert)
{
	struct layout layout = {.height = height};
	unsigned lines = 1u + error + alert;

	layout.gaps = height >= TOTALS_LINES + 2 * lines;

	layout.error = reserve_lines(&layout, error);
	layout.alert = reserve_lines(&layout, alert);
	layout.heading = reserve_lines(&layout, true);
	return layout;
}

static void
show(void *ctx, FILE *out, unsigned width, unsigned height)
{
	const struct run *run = ctx;
	const struct format *format = run->options->format;
	struct report report = make_report(run);
	bool alert = format->alert_line && run->level > LEVEL_OK &&
	    !(run->failed && message_pending());
	/* Without a screen, messages are on stderr. */
	struct layout layout = {.alert = alert};
	report_printer *print;

	if (height > 0)
		layout = make_layout(height, message_pending() != NULL, alert);
	report.width = width;
	report.height = layout.height;
	if (layout.heading)
		print_heading(out, run, width);
	if (layout.heading && layout.gaps)
		fputc('\n', out);
	print = run->mode == REPORT_APPEND && format->append ? format->append
							     : format->print;
	if (report.now || format->plugin)
		print(out, run->mode, &report);
	if (layout.alert && layout.gaps)
		fputc('\n', out);
	if (layout.alert)
		print_alert_line(out, run, &report);
	if (layout.error && layout.gaps)
		fputc('\n', out);
	if (layout.error)
		report_print_line(out, &report, message_pending());
}

static void
look_at_terminal(struct run *run)
{
	const char *no_colour = getenv("NO_COLOR");

	run->colour = terminal_can_draw() && !(no_colour && *no_colour);
	setlocale(LC_CTYPE, "");
	run->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Reports that stdout could not be written; error is an errno value or 0. */
static void
check_output(struct run *run, int error)
{
	if (error)
		failure(NULL, "standard output: %s", strerror(error));
	run->failed |= error != 0;
}

/* Prints the current sample on stdout. */
static void
print(struct run *run, unsigned width)
{
	FILE *out = output_open();

	if (out)
		show(run, out, width, 0);
	check_output(run, out ? output_close(out) : errno);
}

static void
print_once(struct run *run)
{
	unsigned width = 0, height;

	if (isatty(STDOUT_FILENO)) {
		look_at_terminal(run);
		watch_screen_size(&width, &height);
	}
	if (sample(run) || run->options->format->plugin)
		print(run, width);
}

static void
print_repeatedly(struct run *run)
{
	struct watch watch = {
	    .delay = run->options->delay,
	    .count = run->options->count,
	    .screen = run->mode == REPORT_SCREEN,
	    .sample = sample,
	    .show = show,
	    .ctx = run,
	};
	int error;

	if (watch.screen)
		look_at_terminal(run);
	messages_defer(watch.screen);
	error = watch_run(&watch);
	messages_defer(false);
	check_output(run, error);
	if ((!run->now || error) && run->options->format->plugin)
		print(run, 0);
}

static enum report_mode
choose_mode(const struct options *o)
{
	if (!o->watch)
		return REPORT_ONCE;
	return o->format->screen && terminal_can_draw() ? REPORT_SCREEN
							: REPORT_APPEND;
}

int
run(struct options *options)
{
	struct run run = {.options = options, .mode = choose_mode(options)};

	/* A log identifies a listener by its address and port only. */
	options->request.merge_listeners = options->format->merge_listeners ||
	    (run.mode == REPORT_APPEND && options->format->append);
	if (options->watch)
		print_repeatedly(&run);
	else
		print_once(&run);
	tally_free(run.now);
	tally_free(run.before);
	return (int)run.worst;
}

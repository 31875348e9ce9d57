/*
 * Takes one sample or many, judges each by the thresholds, and shows it: once,
 * in a log or on a screen.
 */
#include "watch/run.h"

#include "lib/clock.h"
#include "lib/say.h"
#include "lib/wrap.h"
#include "show/alert.h"
#include "show/encode.h"
#include "watch/baseline.h"
#include "watch/diagnosis.h"
#include "watch/explanation.h"
#include "watch/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A run that counts, with its current sample. */
struct counting {
	struct rounds rounds;
	struct tally *now;    /* the last good sample, or NULL */
	struct tally *before; /* the good one before, a baseline, or NULL */
	bool first;	      /* now is the first good sample */
	int64_t moment;	      /* of now, clock_now(); 0 without watch */
	int64_t interval;     /* nanoseconds from before to now; 0: unknown */
	enum level level;     /* of the current sample */
	struct report_stream stream;
};

static struct report
make_report(const struct counting *c)
{
	const struct options *o = c->rounds.options;

	/* After a failure, only a screen still shows the last good sample. */
	return (struct report){
	    .now = c->rounds.failed && c->rounds.mode != REPORT_SCREEN
		? NULL
		: c->now,
	    .time = c->rounds.time,
	    .interval = c->interval,
	    .first = c->first,
	    .baseline = o->nbaseline > 0,
	    .top = o->top,
	    .thresholds = &o->thresholds,
	    .error = sample_error(),
	    .no_header = o->no_header,
	    .all_states = o->all_states,
	    .colour = c->rounds.colour,
	    .utf8 = c->rounds.utf8,
	};
}

/* Judges a sample; prints its alerts as a notice if the format does not. */
static void
judge(struct counting *c)
{
	const struct format *format = c->rounds.options->format;
	struct report report = make_report(c);
	char *text;

	if (!c->rounds.options->plugin)
		return;
	c->level = alert_judge(&report);
	if (c->level > c->rounds.worst)
		c->rounds.worst = c->level;
	if (c->level == LEVEL_OK || format->plugin || format->alert_line ||
	    c->rounds.failed)
		return;
	text = alert_text(&report);
	notice(NULL, "%s", text ? text : strerror(ENOMEM));
	free(text);
}

/* Returns the alerts of a sample as a line, which the caller frees; or NULL.
 */
static char *
make_alert_line(const struct counting *c, const struct report *report)
{
	char *text = alert_text(report), *line = NULL;
	char time[LOG_TIME] = "";

	if (c->rounds.mode == REPORT_APPEND) {
		make_log_time(&report->time, time);
		strcat(time, " ");
	}
	if (!text || asprintf(&line, "%s! %s", time, text) < 0)
		line = NULL;
	free(text);
	return line;
}

/* Whether there is something to show even if the sample failed. */
static bool
shows_failure(const struct counting *c)
{
	const struct format *format = c->rounds.options->format;

	return message_pending() || format->plugin ||
	    (format->alert_line && c->rounds.options->plugin);
}

/*
 * Takes a sample, and compares it with the last one, or with the baseline.
 * Returns NULL, after a message, on failure.
 */
static struct tally *
take(struct counting *c)
{
	const struct options *o = c->rounds.options;
	struct tally *tally = sample_take(&o->request);
	bool compare = tally != NULL;

	if (compare && o->nbaseline > 0 && !c->now && !c->before) {
		c->before = baseline_take(o, &tally->context.range);
		compare = c->before;
	}
	if (compare &&
	    tally_compare(
		tally, c->now ? c->now : c->before, &o->order, o->top) == 0)
		return tally;
	if (compare)
		failure(NULL, "%s", strerror(ENOMEM));
	tally_free(tally);
	return NULL;
}

/* Makes a sample the current one; moment is its time, 0 without watch. */
static void
set_now(struct counting *c, struct tally *tally, int64_t moment)
{
	c->first = !c->now;
	if (c->now) {
		tally_free(c->before);
		c->before = c->now;
	}
	c->now = tally;
	c->interval = c->first ? 0 : moment - c->moment;
	c->moment = moment;
}

/*
 * Takes a sample, compares it with the last one, and judges it.  Returns
 * whether there is something to show.
 */
static bool
sample(void *ctx)
{
	struct counting *c = ctx;
	struct tally *tally;
	const struct options *o = c->rounds.options;
	int users_error = 0;
	int64_t moment = o->watch ? clock_now() : 0;

	rounds_begin_sample(&c->rounds);
	tally = take(c);
	/* Alerts may be about any row. */
	if (tally)
		users_error = tally_name_users(tally,
		    c->rounds.options->plugin ? 0 : c->rounds.options->top);
	if (users_error)
		failure(NULL, "names of users: %s; shown by number",
		    strerror(users_error));
	c->rounds.failed = !tally;
	c->rounds.succeeded |= tally != NULL;
	if (tally)
		set_now(c, tally, moment);
	judge(c);
	return tally || (c->now && shows_failure(c));
}

/*
 * The lines of a screen.  The report gets at least two; if there is room for
 * more, the error comes first, then the alert, then the heading.  A text that
 * has no room for all of its lines is left out.
 */
struct layout {
	bool error, alert, heading;
	bool gaps;	 /* a blank line between each of them and the report */
	unsigned height; /* lines left for the report */
};

/* The most lines of totals; gaps appear only if all of these fit. */
enum { TOTALS_LINES = 15 };

/* Takes lines, and their gap, from the report.  Returns whether they fit. */
static bool
reserve_lines(struct layout *layout, unsigned lines)
{
	unsigned taken = lines + layout->gaps;

	if (lines == 0 || layout->height < 2 + taken)
		return false;
	layout->height -= taken;
	return true;
}

/* Lays out a screen; either text may be NULL. */
static struct layout
make_layout(
    unsigned width, unsigned height, const char *error, const char *alert)
{
	struct layout layout = {.height = height};
	unsigned errors = error ? (unsigned)wrap_lines(error, width) : 0;
	unsigned alerts = alert ? (unsigned)wrap_lines(alert, width) : 0;
	unsigned gaps = 1u + (errors > 0) + (alerts > 0);

	layout.gaps = height >= TOTALS_LINES + 1 + errors + alerts + gaps;

	layout.error = reserve_lines(&layout, errors);
	layout.alert = reserve_lines(&layout, alerts);
	layout.heading = reserve_lines(&layout, 1);
	return layout;
}

static void
show(void *ctx, FILE *out, unsigned width, unsigned height)
{
	struct counting *c = ctx;
	const struct format *format = c->rounds.options->format;
	struct report report = make_report(c);
	bool alert = format->alert_line && c->level > LEVEL_OK &&
	    !(c->rounds.failed && message_pending());
	char *line = alert ? make_alert_line(c, &report) : NULL;
	const char *text = !alert ? NULL : line ? line : strerror(ENOMEM);
	/* Without a screen, messages are on stderr. */
	struct layout layout = {.alert = alert};
	report_printer *print;

	if (height > 0)
		layout = make_layout(width, height, message_pending(), text);
	report.width = width;
	report.height = layout.height;
	if (c->rounds.mode == REPORT_APPEND) {
		rounds_stream_size(&report.width, &c->stream.screenful);
		report.stream = &c->stream;
	}
	if (layout.heading)
		rounds_heading(out, &c->rounds, width);
	if (layout.heading && layout.gaps)
		fputc('\n', out);
	print = c->rounds.mode == REPORT_APPEND && format->append
	    ? format->append
	    : format->print;
	if (report.now || format->plugin)
		print(out, c->rounds.mode, &report);
	if (layout.alert && layout.gaps)
		fputc('\n', out);
	if (layout.alert)
		report_print_line(out, &report, text);
	if (layout.error && layout.gaps)
		fputc('\n', out);
	if (layout.error)
		report_print_line(out, &report, message_pending());
	free(line);
}

static int
count(struct options *options)
{
	struct counting c = {.rounds = {
				 .options = options,
				 .mode = rounds_mode(options),
				 .count = options->count,
				 .sample = sample,
				 .show = show,
			     }};

	/* Changes would be wrong if a table of one of the moments failed. */
	options->request.source.whole = options->nbaseline > 0;
	/*
	 * A log identifies a listener by its address and port only; so does a
	 * baseline, after which the program may have been restarted.
	 */
	options->request.merge_listeners = options->format->merge_listeners ||
	    options->nbaseline > 0 ||
	    (c.rounds.mode == REPORT_APPEND && options->format->append);
	rounds_run(&c.rounds);
	tally_free(c.now);
	tally_free(c.before);
	return (int)c.rounds.worst;
}

int
run(struct options *options)
{
	if (options->explain) {
		explanation_run(options);
		return LEVEL_OK;
	}
	return options->diagnose ? diagnosis_run(options) : count(options);
}

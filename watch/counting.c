/*
 * Takes samples of the counts, one after the other, and judges each by the
 * thresholds.
 */
#include "watch/counting.h"

#include "count/compare.h"
#include "lib/clock.h"
#include "lib/say.h"
#include "show/alert.h"
#include "watch/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
counting_init(struct counting *c, const struct options *options)
{
	*c = (struct counting){
	    .rounds =
		{
		    .options = options,
		    .mode = rounds_mode(options),
		    .count = options->count,
		},
	    .request = options->request,
	    .order = options->order,
	    .thresholds = &options->thresholds,
	};
	/* Changes would be wrong if a table of one of the moments failed. */
	c->request.source.whole = options->nbaseline > 0;
	/*
	 * A log identifies a listener by its address and port only; so does a
	 * baseline, after which the program may have been restarted.
	 */
	c->request.merge_listeners = options->format->merge_listeners ||
	    options->nbaseline > 0 ||
	    (c->rounds.mode == REPORT_APPEND && options->format->append);
}

void
counting_free(struct counting *c)
{
	tally_free(c->now);
	tally_free(c->before);
}

struct report
counting_report(const struct counting *c)
{
	const struct options *o = c->rounds.options;

	/* After a failure, only a screen still shows the last good sample. */
	return (struct report){
	    .now = c->rounds.failed && c->rounds.mode != REPORT_SCREEN
		? NULL
		: c->now,
	    .time = c->rounds.time,
	    .interval = c->interval,
	    .saved = source_is_saved(&o->request.source),
	    .first = c->first,
	    .baseline = o->nbaseline > 0,
	    .top = o->top,
	    .thresholds = c->thresholds,
	    .judge_totals = c->judge_totals,
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
	struct report report = counting_report(c);
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

bool
counting_has_alert(const struct counting *c)
{
	return c->rounds.options->format->alert_line && c->level > LEVEL_OK &&
	    !(c->rounds.failed && message_pending());
}

char *
counting_alert(const struct report *report)
{
	char *text = alert_text(report), *line = NULL;

	if (!text || asprintf(&line, "! %s", text) < 0)
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

/* Returns what a sample is compared with; NULL: nothing has its keys. */
static const struct tally *
previous(const struct counting *c, const struct tally *tally)
{
	if (!c->now)
		return c->before;
	return c->now->by == tally->by ? c->now : NULL;
}

void
counting_name_users(const struct counting *c, const struct tally *tally)
{
	const struct options *o = c->rounds.options;
	/* Alerts may be about any row. */
	int error = tally_name_users(tally, o->plugin ? 0 : o->top);

	if (error)
		failure(NULL, "names of users: %s; shown by number",
		    strerror(error));
}

/*
 * Takes a sample, compares it with the last one, or with the baseline, and
 * finds the names of users.  Returns NULL, after a message, on failure.
 */
static struct tally *
take(struct counting *c)
{
	const struct options *o = c->rounds.options;
	struct tally *tally = sample_take(&c->request);
	bool compare = tally != NULL;

	if (compare && o->nbaseline > 0 && !c->now && !c->before) {
		c->before =
		    baseline_take(o, &c->request, &tally->context.range);
		compare = c->before;
	}
	if (compare &&
	    tally_compare(tally, previous(c, tally), &c->order, o->top) != 0) {
		failure(NULL, "%s", strerror(ENOMEM));
		compare = false;
	}
	if (!compare) {
		tally_free(tally);
		return NULL;
	}
	counting_name_users(c, tally);
	return tally;
}

/* Makes a sample the current one; moment is its time, 0 without watch. */
static void
set_now(struct counting *c, struct tally *tally, int64_t moment)
{
	c->first = !c->now;
	if (c->now) {
		if (c->before != c->kept)
			tally_free(c->before);
		c->before = c->now;
	}
	c->now = tally;
	c->interval = c->first ? 0 : moment - c->moment;
	c->moment = moment;
}

bool
counting_sample(struct counting *c)
{
	int64_t moment = c->rounds.options->watch ? clock_now() : 0;
	struct tally *tally;

	rounds_begin_sample(&c->rounds);
	tally = take(c);
	c->rounds.failed = !tally;
	c->rounds.succeeded |= tally != NULL;
	if (tally)
		set_now(c, tally, moment);
	judge(c);
	return tally || (c->now && shows_failure(c));
}

/*
 * Takes snapshots, has them diagnosed, and shows the findings.
 */
#include "watch/diagnosis.h"

#include "explain/observe.h"
#include "lib/say.h"
#include "lib/wrap.h"
#include "read/procfs.h"
#include "show/findings.h"
#include "watch/counting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A run that diagnoses, with its current and previous diagnosis. */
struct diagnosing {
	struct rounds rounds;
	struct observer observer;
	struct sample_request baseline_request;
	struct observer baseline;	/* of what was, if that is a copy */
	bool ready;			/* the observers are */
	bool one_sample;		/* what is observed does not change */
	struct snapshot *snapshot;	/* the last one, or NULL */
	struct diagnosis *now, *before; /* or NULL */
	struct diagnosis *next;		/* not shown yet; or NULL */

	/* If the format shows them: the sockets, and all accept queues. */
	struct counting counts, queues;
	struct key_set listener; /* the key of the queues */
};

static void
free_snapshot(struct snapshot *snapshot)
{
	if (snapshot)
		snapshot_free(snapshot);
	free(snapshot);
}

static void
free_diagnosis(struct diagnosis *diagnosis)
{
	if (diagnosis)
		diagnosis_free(diagnosis);
	free(diagnosis);
}

static enum level
level_of(const struct diagnosis *d)
{
	switch (diagnosis_severity(d)) {
	case CRITICAL:
		return LEVEL_CRITICAL;
	case WARNING:
		return LEVEL_WARNING;
	default:
		return LEVEL_OK;
	}
}

/*
 * Diagnoses a snapshot; reads its details if a finding needs them.  Returns
 * NULL, after a message, if out of memory.
 */
static struct diagnosis *
diagnose_snapshot(const struct diagnosing *run, struct snapshot *now)
{
	struct diagnosis *d = calloc(1, sizeof(*d));

	if (d)
		diagnose(d, run->snapshot, now);
	if (d && d->needs_details) {
		observe_details(&run->observer, now);
		diagnosis_free(d);
		diagnose(d, run->snapshot, now);
	}
	if (d && !d->no_memory)
		return d;
	failure(NULL, "%s", strerror(ENOMEM));
	free_diagnosis(d);
	return NULL;
}

static bool
has_baseline(const struct diagnosing *run)
{
	return run->rounds.options->nbaseline > 0;
}

/* Prepares to observe; false, after a message, on failure. */
static bool
init_observers(struct diagnosing *run)
{
	const struct options *o = run->rounds.options;
	const char *proc = source_proc(&o->request.source);

	if (!observer_init(&run->observer, &o->request))
		return false;
	if (!has_baseline(run))
		return true;
	if (procfs_is_live(proc)) {
		failure(NULL, "%s: not a copy of a proc, as '%s' is", proc,
		    o->baseline[0]);
		return false;
	}
	run->baseline_request = o->request;
	run->baseline_request.source.proc = o->baseline[0];
	return observer_init(&run->baseline, &run->baseline_request);
}

/* Takes the snapshot that the next one is compared with. */
static bool
observe_first(struct diagnosing *run)
{
	free_snapshot(run->snapshot);
	run->snapshot =
	    observe(has_baseline(run) ? &run->baseline : &run->observer, true);
	return run->snapshot;
}

/*
 * Whether a snapshot is later than the previous one, in the same boot.  If
 * not, reports that.
 */
static bool
is_later(const struct diagnosing *run, const struct snapshot *now)
{
	const struct options *o = run->rounds.options;
	const struct snapshot *before = run->snapshot;

	if (!before || now->uptime == 0 || now->uptime >= before->uptime)
		return true;
	failure(NULL,
	    "%s: not later than '%s', or the machine was started again",
	    source_proc(&o->request.source), o->baseline[0]);
	return false;
}

static void
wait_for_delay(const struct diagnosing *run)
{
	int64_t delay = run->rounds.options->delay;
	struct timespec left = {
	    (time_t)(delay / 1000000000), (long)(delay % 1000000000)};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		continue;
}

/* Has the last diagnosis shown from now on, if there is a new one. */
static void
show_next(struct diagnosing *run)
{
	if (!run->next)
		return;
	free_diagnosis(run->before);
	run->before = run->now;
	run->now = run->next;
	run->next = NULL;
}

/* Diagnoses what happened since the last snapshot. */
static bool
diagnose_now(struct diagnosing *run)
{
	struct snapshot *snapshot = observe(&run->observer, false);
	struct diagnosis *d = NULL;

	if (snapshot && is_later(run, snapshot)) {
		observe_processes(&run->observer, snapshot);
		d = diagnose_snapshot(run, snapshot);
	}
	if (!d) {
		free_snapshot(snapshot);
		return false;
	}
	free_diagnosis(run->next);
	run->next = d;
	free_snapshot(run->snapshot);
	run->snapshot = NULL;
	if (run->one_sample)
		free_snapshot(snapshot);
	else
		run->snapshot = snapshot;
	if (level_of(d) > run->rounds.worst)
		run->rounds.worst = level_of(d);
	return true;
}

/* Sets up what is counted with a diagnosis, for a format that shows it. */
static void
init_counts(struct diagnosing *run)
{
	const struct options *options = run->rounds.options;

	counting_init(&run->counts, options);
	counting_init(&run->queues, options);
	key_put_listener(&run->listener);
	run->queues.request.by = &run->listener;
	run->queues.request.filter.states = 1u << TCP_LISTEN;
	run->queues.order = (struct order){0};
}

/*
 * Counts what a format shows with the diagnosis, right after it.  This leaves
 * the namespace that was entered, so that nothing can be observed any more:
 * such a format cannot be watched.
 */
static bool
count(struct diagnosing *run)
{
	return !run->rounds.options->format->counts ||
	    (counting_sample(&run->counts) && counting_sample(&run->queues));
}

/*
 * Takes a sample (see struct watch).  Again and again, the first one is only
 * what the second is compared with; once, it waits for the second.
 */
static bool
sample(void *ctx)
{
	struct diagnosing *run = ctx;
	bool first = !run->one_sample && !run->snapshot;
	bool done;

	rounds_begin_sample(&run->rounds);
	if (!run->ready)
		run->ready = init_observers(run);
	if (!run->ready) {
		done = false;
	} else if (has_baseline(run)) {
		done = observe_first(run) && diagnose_now(run);
	} else if (first && !run->rounds.options->watch) {
		done = observe_first(run);
		if (done) {
			wait_for_delay(run);
			done = diagnose_now(run);
		}
	} else {
		done = first ? observe_first(run) : diagnose_now(run);
	}
	done = done && count(run);
	run->rounds.failed = !done;
	run->rounds.succeeded |= done && !first;
	return done || ((run->now || run->next) && message_pending());
}

/* Adds what was counted to a report, with room for the reports of that. */
static void
add_counts(const struct diagnosing *run, struct findings_report *report,
    struct report *counts, struct report *queues)
{
	*counts = counting_report(&run->counts);
	*queues = counting_report(&run->queues);
	/* All queues, and no change since a baseline. */
	queues->top = 0;
	counts->baseline = queues->baseline = false;
	report->counts = counts;
	report->queues = queues;
}

static void
show(void *ctx, FILE *out, unsigned width, unsigned height)
{
	static const char looking[] = "Looking ...";
	struct diagnosing *run = ctx;
	const struct options *o = run->rounds.options;
	bool plugin = o->format->plugin;
	unsigned lines;
	const char *error = height > 0 ? message_pending() : NULL;
	struct report counts, queues;
	struct findings_report report = {
	    .time = run->rounds.time,
	    .verbose = o->request.verbose,
	    .no_header = o->no_header,
	    .width = width,
	    .height = height,
	    .colour = run->rounds.colour,
	    .error = sample_error(),
	};

	if (!run->rounds.paused)
		show_next(run);
	/* After a failure, only a screen still shows the last diagnosis. */
	if (!run->rounds.failed || run->rounds.mode == REPORT_SCREEN)
		report.now = run->now;
	report.before = run->before;
	if (report.now && o->format->counts)
		add_counts(run, &report, &counts, &queues);
	if (height > 2) {
		rounds_heading(out, &run->rounds, width);
		fputc('\n', out);
		report.height = height - 2;
	}
	/* An error with more lines than there is room for is left out. */
	lines = error ? (unsigned)wrap_lines(error, width) : 0;
	if (lines >= report.height)
		error = NULL;
	else
		report.height -= lines;
	if (report.now || (plugin && run->rounds.failed))
		o->format->findings(out, run->rounds.mode, &report);
	else if (height > 0 && width >= strlen(looking))
		fprintf(out, "%s\n", looking);
	if (error)
		report_print_line(out,
		    &(struct report){.width = width, .height = height}, error);
}

int
diagnosis_run(const struct options *options)
{
	const struct source_request *source = &options->request.source;
	struct diagnosing run = {
	    .rounds =
		{
		    .options = options,
		    .mode = rounds_mode(options),
		    .count = options->count,
		    .sample = sample,
		    .show = show,
		},
	    .one_sample = options->nbaseline > 0 || source_is_saved(source),
	};

	init_counts(&run);
	/* The first snapshot is no diagnosis. */
	if (run.rounds.count > 0 && !run.one_sample)
		run.rounds.count++;
	rounds_run(&run.rounds);
	counting_free(&run.counts);
	counting_free(&run.queues);
	free_snapshot(run.snapshot);
	free_diagnosis(run.next);
	free_diagnosis(run.now);
	free_diagnosis(run.before);
	return (int)run.rounds.worst;
}

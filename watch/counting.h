/*
 * A run that counts: takes samples, compares each with the one before, and
 * judges it by the thresholds.
 */
#ifndef WATCH_COUNTING_H
#define WATCH_COUNTING_H

#include "watch/rounds.h"

/* Begins a struct of how the samples are shown. */
struct counting {
	struct rounds rounds;
	struct sample_request request; /* what to count, and by which keys */
	struct order order;	       /* of the rows */
	const struct thresholds *thresholds;
	bool judge_totals;	  /* not the rows, if there are any */
	struct tally *now;	  /* the last good sample, or NULL */
	struct tally *before;	  /* the one before, a baseline, or NULL */
	const struct tally *kept; /* not to be freed: it is shown; or NULL */
	bool first;		  /* now is the first good sample */
	int64_t moment;		  /* of now, clock_now(); 0 without watch */
	int64_t interval; /* nanoseconds from before to now; 0: unknown */
	enum level level; /* of the current sample */
};

/* Sets up a run as the options ask; counting_free() frees its samples. */
void counting_init(struct counting *counting, const struct options *options);
void counting_free(struct counting *counting);

/*
 * Takes a sample, compares it with the last one, and judges it.  Returns
 * whether there is something to show.
 */
bool counting_sample(struct counting *counting);

/* Looks up the names of the users that are shown.  Reports a failure. */
void counting_name_users(
    const struct counting *counting, const struct tally *tally);

/* Returns the report of the current sample. */
struct report counting_report(const struct counting *counting);

/* Whether the format has a line for the alerts of the sample, if any. */
bool counting_has_alert(const struct counting *counting);

/*
 * Returns the alerts as a line that begins with "!", or why there is none; the
 * caller frees it.  Returns NULL if out of memory.
 */
char *counting_alert(const struct report *report);

#endif

/*
 * What a screen knows of the samples up to one: its totals, the history of
 * counts, and what the kernel counted from sample to sample.
 */
#ifndef WATCH_SCENE_H
#define WATCH_SCENE_H

#include "count/tally.h"
#include "show/flows.h"
#include "watch/history.h"

/* The rows of the totals: of each family, and of both. */
enum { ROW_ALL = NFAMILIES, NTOTALS };

/* Zero it at first. */
struct scene {
	int64_t moment;		    /* of the counters */
	struct row totals[NTOTALS]; /* of the sample */
	struct history history;
	struct limits counters;
	struct flows flows;
};

/* Adds the totals of a sample, taken at a moment of clock_now(). */
void scene_add_totals(
    struct scene *scene, const struct tally *sample, int64_t moment);

/*
 * Adds what the kernel had counted at a sample; the rates are those since the
 * last one added.
 */
void scene_add_counters(
    struct scene *scene, const struct tally *sample, int64_t moment);

/* Returns the flows; NULL if none of the kernel's counters is known. */
const struct flows *scene_flows(const struct scene *scene);

/* Resets MIN, AVG, MAX and the counts since the start. */
void scene_reset(struct scene *scene);

#endif

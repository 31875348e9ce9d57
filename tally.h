/*
 * Counts conns by state: in all, and under keys.  Orders the keys, and
 * subtracts one tally from another.
 */
#ifndef TALLY_H
#define TALLY_H

#include "conn.h"
#include "filter.h"
#include "key.h"
#include "listener.h"
#include "map.h"

#include <stdbool.h>
#include <stddef.h>

/* In the place of a key: the sum of many groups. */
#define GROUP_OTHER SIZE_MAX

/* One row of a breakdown. */
struct group {
	size_t key;	 /* its number among the keys of all groups */
	uint64_t prefix; /* of that key: what sorts it, mostly */
	bool gone;	 /* only the sample before had it */
	bool listed;	 /* it is, or was before, one of the largest */
	bool entered;	 /* it is now, and was there before, but not listed */
	uint64_t count[NSTATES];
	int64_t delta[NSTATES];
	uint64_t total;
	struct backlog {
		uint64_t queue;
		int64_t delta;
		uint64_t limit; /* or LISTENER_NO_LIMIT */
	} backlog;		/* of a listener; else not in use */
};

/* The rows of a breakdown, most sockets first. */
struct groups {
	struct group *group;
	size_t n, size;
	uint32_t *keys; /* packed and settled (see key.h), in whole words */
};

/*
 * Made by tally_new(); set the first three, hand it to sources with
 * tally_visit(), and tally_finish() it once.
 */
struct tally {
	const struct key_set *by;    /* NULL: totals only */
	struct key_context context;  /* of which: the range */
	const struct filter *filter; /* what is counted */

	const char *source; /* the caller's: where it comes from */
	uint64_t count[NFAMILIES][NSTATES];
	uint64_t unknown[4];  /* which numbers STATE_UNKNOWN stands for: a
				 bit each, the lowest first */
	struct groups groups; /* when finished; in order when compared */

	/* After tally_compare(): */
	bool compared; /* there was something to compare with */
	bool relisted; /* some group has entered the list */
	int64_t delta[NFAMILIES][NSTATES];

	/* While counting: */
	bool no_memory;	  /* the breakdown is not complete */
	bool heard;	  /* listeners are all known already */
	struct map cells; /* sockets by key and state */
	struct listeners listeners;
};

/* An empty tally, to be freed with tally_free(); NULL if out of memory. */
struct tally *tally_new(void);

/*
 * Visitors for a source; ctx is the struct tally.  The first counts a conn, if
 * the filter lets it.  The other one only learns of listeners, which the first
 * does as well, unless the other one was told of them all: then heard is set.
 */
conn_visitor tally_visit;
conn_visitor tally_listener;

/*
 * To be called when all listeners are known: makes groups of sockets.  Returns
 * 0, or ENOMEM, upon which the tally's counts must not be used.
 */
int tally_finish(struct tally *tally);

/*
 * Adds a part, which is finished too, by the same keys, and has no group in
 * common with the sum.  Returns 0 or ENOMEM.
 */
int tally_append(struct tally *sum, const struct tally *part);

/*
 * Puts the groups of now, a finished tally, in order.  Fills in its deltas to
 * prev; groups that only prev has join the others, as zeros.  Lists the top
 * groups (0: all) and those that prev has listed.  prev may be NULL: then
 * there are no deltas.  Returns 0 or ENOMEM.
 */
int tally_compare(struct tally *now, const struct tally *prev, size_t top);

/* Of both families: the sockets in a state, the change of that, and all. */
uint64_t tally_count(const struct tally *tally, unsigned slot);
int64_t tally_change(const struct tally *tally, unsigned slot);
uint64_t tally_total(const struct tally *tally);

/* A group's packed key. */
const unsigned char *tally_key(
    const struct tally *tally, const struct group *group);

/* Adds a group to the sum of many. */
void group_add(struct group *sum, const struct group *group);

/* Frees a tally, which may be NULL. */
void tally_free(struct tally *tally);

#endif

/*
 * Counts conns by state: in all, and under keys.  Orders the keys, and
 * subtracts one tally from another.
 */
#ifndef TALLY_H
#define TALLY_H

#include "lib/conn.h"
#include "read/filter.h"
#include "count/group.h"
#include "count/key.h"
#include "count/listener.h"
#include "lib/map.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Made by tally_new(); set what the context needs, hand it to sources with
 * tally_visit(), and tally_finish() it once.
 */
struct tally {
	const struct key_set *by;    /* NULL: totals only */
	struct key_context context;  /* of which: the range */
	const struct filter *filter; /* what is counted */

	const char *source; /* the caller's: where it comes from */
	uint64_t count[NFAMILIES][NSTATES];
	bool unknown_beside; /* some is counted beside listeners alone */
	uint64_t unknown[4]; /* which numbers STATE_UNKNOWN stands for: a
				bit each, the lowest first */
	int users_error; /* why users have no names, an errno value; or 0 */
	struct groups groups; /* when finished; in order when compared */

	/* After tally_compare(): */
	bool compared;	     /* there was something to compare with */
	bool unknown_before; /* prev has it beside listeners */
	bool relisted;	     /* some group has entered the list */
	int64_t delta[NFAMILIES][NSTATES];

	/* While counting: */
	bool no_memory;	  /* the breakdown is not complete */
	bool heard;	  /* listeners are all known already */
	struct map cells; /* sockets by key and state */
	struct listeners listeners;
};

/*
 * An empty tally of what the filter lets pass, by keys or, where by is NULL,
 * of totals only; to be freed with tally_free(), before these are.  NULL where
 * memory ran out.
 */
struct tally *tally_new(const struct key_set *by, const struct filter *filter);

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

/* Whether it speaks of STATE_UNKNOWN: there is any, or was a sample before. */
bool tally_has_unknown(const struct tally *tally);

/* Of both families: the sockets in a state, the change of that, and all. */
uint64_t tally_count(const struct tally *tally, unsigned slot);
int64_t tally_change(const struct tally *tally, unsigned slot);
uint64_t tally_total(const struct tally *tally);

/* A group's packed key, if it is not GROUP_OTHER. */
const unsigned char *tally_key(
    const struct tally *tally, const struct group *group);

/* Frees a tally, which may be NULL. */
void tally_free(struct tally *tally);

#endif

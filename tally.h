/*
 * Counts conns by state: in all, and under a key.  Orders the keys, and
 * subtracts one tally from another.
 */
#ifndef TALLY_H
#define TALLY_H

#include "conn.h"

#include <stdbool.h>
#include <stddef.h>

/* What a breakdown groups by. */
enum tally_key { BY_NOTHING, BY_PORT };

/* The ports that the kernel gives to outgoing connections, both included. */
struct port_range {
	uint16_t low, high;
};

enum direction { DIR_IN, DIR_OUT, DIR_OTHER };

/* One row of a breakdown. */
struct group {
	enum direction dir; /* DIR_OTHER: many rows in one */
	uint16_t port;
	bool listed; /* it is, or was before, one of the largest */
	uint64_t count[NSTATES];
	int64_t delta[NSTATES];
	uint64_t total;
};

/* The rows of a breakdown, most sockets first. */
struct groups {
	struct group *group;
	size_t n, size;
};

/*
 * Made by tally_new(); set the first three, hand it to sources with
 * tally_visit(), and tally_finish() it once.
 */
struct tally {
	enum tally_key by;
	struct port_range range;
	bool skip[NFAMILIES]; /* families that are not counted */

	uint64_t count[NFAMILIES][NSTATES];
	uint64_t unknown[4];  /* which numbers STATE_UNKNOWN stands for: a
				 bit each, the lowest first */
	struct groups groups; /* when finished */

	/* After tally_compare(): */
	bool compared; /* there was something to compare with */
	bool relisted; /* a group was listed that was not before */
	int64_t delta[NFAMILIES][NSTATES];

	/* While counting: */
	bool no_memory;			/* the breakdown is not complete */
	uint64_t listening[65536 / 64]; /* local ports, a bit each */
	uint64_t *cells; /* what cannot be told yet: see tally.c */
	size_t ncells, size;
	uint32_t *index; /* from a service port to its group */
};

/* An empty tally, to be freed with tally_free(); NULL if out of memory. */
struct tally *tally_new(void);

/* Counts a conn; ctx is the struct tally.  The visitor of all sources. */
conn_visitor tally_visit;

/*
 * To be called when all listeners are known: sorts sockets into groups.
 * Returns 0, or ENOMEM, upon which the tally's counts must not be used.
 */
int tally_finish(struct tally *tally);

/*
 * Fills in the deltas of now, a finished tally, to prev; groups that only prev
 * has join the others, as zeros.  Lists the top groups (0: all) and those that
 * prev has listed.  prev may be NULL: then there are no deltas.  Returns 0 or
 * ENOMEM.
 */
int tally_compare(struct tally *now, const struct tally *prev, size_t top);

/* Adds a group to the sum of many. */
void group_add(struct group *sum, const struct group *group);

/* Frees a tally, which may be NULL. */
void tally_free(struct tally *tally);

#endif

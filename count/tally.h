/*
 * Counts sockets by state: in total, and in rows by key.  Sorts the rows, and
 * compares one tally with the one before.
 */
#ifndef COUNT_TALLY_H
#define COUNT_TALLY_H

#include "count/key.h"
#include "count/listener.h"
#include "lib/conn.h"
#include "lib/dict.h"
#include "read/filter.h"

#include <stdbool.h>
#include <stddef.h>

/* In place of the limit of an accept queue that is not known. */
#define NO_LIMIT UINT64_MAX

/* A row of a breakdown, or of the totals. */
struct row {
	const struct row *before; /* what it was; NULL: it is new */
	uint64_t total;
	uint64_t count[NSTATES];
	uint64_t queue; /* of listeners: waiting to be accepted, */
	uint64_t limit; /* and how many may; or NO_LIMIT */
	bool full;	/* a queue has no room for one more */
	bool gone;	/* only the sample before had it */
	bool listed;	/* it is, or was before, one of the largest */
	bool other;	/* it is the sum of many, and has no key */
};

/*
 * Made by tally_new().  Set the context, let sources call tally_visit(), then
 * call tally_finish() once.
 */
struct tally {
	const struct key_set *by;    /* NULL: totals only */
	struct key_context context;  /* of which: the range */
	const struct filter *filter; /* what is counted */

	const char *source;	      /* the caller's: where it comes from */
	struct row family[NFAMILIES]; /* the sockets of each family, */
	struct row all;		      /* and of both */
	uint64_t unknown[4];   /* which numbers STATE_UNKNOWN stands for: a bit
				  each, the lowest first */
	bool unknown_arrivals; /* only what arrived at listeners has some */
	int users_error; /* why users have no names, an errno value; or 0 */

	/* After tally_compare(): */
	const struct tally *before; /* the sample before; NULL: none */
	struct row **row;	    /* all rows, sorted */
	size_t nrows;

	/* While counting: */
	struct dict rows; /* by key */
	struct listeners listeners;
	unsigned char
	    *unsettled; /* keys that wait to be settled, and states */
	size_t nunsettled, unsettled_size;
	bool no_memory;	      /* the rows are not complete */
	bool knows_listeners; /* all were visited before other sockets */
};

/*
 * Makes an empty tally of what the filter lets pass, by keys or, if by is
 * NULL, of totals only; both must outlive it.  To be freed with tally_free().
 * NULL if out of memory.
 */
struct tally *tally_new(const struct key_set *by, const struct filter *filter);

/*
 * Visitors for a source; ctx is the struct tally.  The first counts a conn if
 * the filter lets it pass.  The second only takes note of listeners, which the
 * first does too unless knows_listeners is set.
 */
conn_visitor tally_visit;
conn_visitor tally_visit_listener;

/*
 * Settles all keys, which needs all listeners, and the context's owners if the
 * keys need processes.  Returns 0, or ENOMEM: then the rows must not be used.
 */
int tally_finish(struct tally *tally);

/*
 * Adds a part, which is finished too, by the same keys, and has no row in
 * common with the sum.  Returns 0 or ENOMEM.
 */
int tally_append(struct tally *sum, const struct tally *part);

/*
 * Sorts the rows of a finished tally: most sockets first, then by key.  Rows
 * that only the tally before has join them, without sockets.  Lists the top
 * rows (0: all), and those that were listed before.  before may be NULL, and
 * must outlive the tally.  Returns 0 or ENOMEM.  Looks up the names of users
 * in the rows that are listed; users_error says if that failed.
 */
int tally_compare(struct tally *tally, const struct tally *before, size_t top);

/* Whether it, or the one before, has any of STATE_UNKNOWN. */
bool tally_has_unknown(const struct tally *tally);

/* The packed key of a row that has one. */
const unsigned char *tally_key(
    const struct tally *tally, const struct row *row);

/* Adds the counts of a row to a sum, which has no limit. */
void row_add(struct row *sum, const struct row *row);

/* Frees a tally, which may be NULL. */
void tally_free(struct tally *tally);

#endif

/*
 * Counts sockets by state: in total, by family, and in rows by key.
 */
#ifndef COUNT_TALLY_H
#define COUNT_TALLY_H

#include "count/key.h"
#include "count/listener.h"
#include "lib/conn.h"
#include "lib/dict.h"
#include "read/filter.h"
#include "read/limits.h"

#include <stdbool.h>
#include <stddef.h>

/* The limit of a row whose backlog is unknown. */
#define NO_LIMIT UINT64_MAX

/* The fields of a row: the states, by slot, and these. */
enum { FIELD_TOTAL = NSTATES, FIELD_QUEUE, FIELD_LIMIT, NFIELDS };

/* A row of a breakdown, or of the totals. */
struct row {
	const struct row *before; /* in the previous sample; NULL: none */
	uint64_t total;
	uint64_t count[NSTATES];
	uint64_t queue; /* connections in the listeners' accept queues */
	uint64_t limit; /* sum of their backlogs, or NO_LIMIT */
	bool full;	/* one of these queues is full */
	bool gone;	/* only the previous sample has it */
	bool listed;	/* it is, or was, among the top rows, or full */
	bool other;	/* it is the sum of several rows, and has no key */
};

/*
 * Made by tally_new().  The caller sets the context, has a source call
 * tally_visit(), and calls tally_finish() once.
 */
struct tally {
	const struct key_set *by;    /* NULL: totals only */
	struct key_context context;  /* set by the caller */
	const struct filter *filter; /* sockets to count */

	const char *source;	      /* its name; set by the caller */
	struct limits counters;	      /* set by the caller, if it needs them */
	struct row family[NFAMILIES]; /* totals of each family */
	struct row all;		      /* totals of both */

	/* The numbers counted under STATE_UNKNOWN: a bit each, 0 first. */
	uint64_t unknown[4];
	bool unknown_arrivals; /* some arrivals at listeners are UNKNOWN */

	/* Set by tally_compare() (compare.h) and tally_sort() (sort.h): */
	const struct tally *before; /* the previous sample; NULL: none */
	struct row **row;	    /* all rows, sorted */
	size_t nrows;

	/* For counting: */
	struct dict rows; /* key -> struct row */
	struct listeners listeners;
	unsigned char *unsettled; /* each an unsettled key and a slot */
	size_t nunsettled, unsettled_size;
	bool no_memory;	      /* the rows are incomplete */
	bool knows_listeners; /* the caller visits all listeners first */
};

/*
 * Makes an empty tally that groups by keys or, if by is NULL, has only totals.
 * by and filter must outlive it.  The caller frees it with tally_free().
 * Returns NULL if out of memory.
 */
struct tally *tally_new(const struct key_set *by, const struct filter *filter);

/*
 * Visitors for a source; ctx is the struct tally.  tally_visit() counts a conn
 * that passes the filter.  tally_visit_listener() only records a listener;
 * tally_visit() does that too unless knows_listeners is set.
 */
conn_visitor tally_visit;
conn_visitor tally_visit_listener;

/*
 * Settles all keys and makes the rows, after all sockets were visited.  If the
 * keys need processes, the caller sets the context's owners before.  Returns
 * 0, or ENOMEM: then the rows must not be used.
 */
int tally_finish(struct tally *tally);

/*
 * Adds a finished tally to another one.  Both group by the same keys, and must
 * have no row in common.  Returns 0 or ENOMEM.
 */
int tally_append(struct tally *sum, const struct tally *part);

/*
 * Looks up the names of the users in the top rows (0: in all) and in those
 * that are listed; the names of others are their numbers.  Returns 0, or an
 * errno value if a name could not be looked up.
 */
int tally_name_users(const struct tally *tally, size_t top);

/* Whether it, or the previous tally, has sockets in an unknown state. */
bool tally_has_unknown(const struct tally *tally);

/* Returns the packed key of a row, except of a sum (row->other). */
const unsigned char *tally_key(
    const struct tally *tally, const struct row *row);

/* Adds the counts of a row to a sum, whose limit becomes NO_LIMIT. */
void row_add(struct row *sum, const struct row *row);

/* Frees a tally, which may be NULL. */
void tally_free(struct tally *tally);

#endif

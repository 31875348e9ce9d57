/*
 * What the checks of a diagnosis know about a network namespace at one moment:
 * sockets, counters, limits and processes.  Plain data: nothing is read here.
 */
#ifndef EXPLAIN_SNAPSHOT_H
#define EXPLAIN_SNAPSHOT_H

#include "lib/conn.h"
#include "lib/ports.h"
#include "read/descriptors.h"
#include "read/filter.h"
#include "read/limits.h"
#include "read/owner.h"

struct socket {
	struct conn conn;
	struct owner owner; /* pid 0: none, or not known */
};

struct sockets {
	struct socket *socket;
	size_t n, size;
};

struct snapshot {
	int64_t moment;	    /* monotonic clock, nanoseconds */
	int64_t uptime;	    /* of a copy: the machine's, nanoseconds; or 0 */
	int64_t written;    /* of a copy: the time of its tables; or 0 */
	const char *source; /* sock_diag, proc or file */
	uint64_t rows;	    /* sockets that passed the filter */
	uint64_t count[NSTATES];
	uint64_t incoming[NSTATES]; /* not among sockets: they arrived here */
	uint64_t no_timer;	    /* ESTABLISHED without a timer */
	bool first; /* no check will ask for those that may be outgoing */

	struct sockets listeners; /* all, whatever the filter */

	/*
	 * Sockets that a check may look at one by one: those that may be
	 * outgoing, and those that a state, a timer or a queue makes suspect.
	 */
	struct sockets sockets;

	/* A bit for each local port of a listener, and of a bound socket. */
	uint64_t listening[PORT_WORDS], bound[PORT_WORDS];

	struct limits limits;
	struct descriptors_list processes;

	/* What could not be read, and why not. */
	bool copy;	    /* of a proc */
	bool foreign;	    /* limits are those of another namespace */
	bool no_processes;  /* processes were not read */
	bool has_details;   /* the sockets' owners and what else costs time */
	bool owners_hidden; /* except for processes of other users */
	bool no_memory;	    /* the snapshot is of no use */
	const struct filter *filter;
};

/*
 * Returns the nanoseconds between two snapshots; 0 if they are not known.
 * Copies of a proc are as far apart as their uptimes or, if one has none, as
 * the times at which their tables were written.
 */
int64_t snapshot_interval(
    const struct snapshot *before, const struct snapshot *now);

/* The visitors for a source; ctx is the struct snapshot. */
conn_visitor snapshot_visit;
conn_visitor snapshot_visit_listener;

/* The ephemeral ports; Linux's default range if they are not known. */
struct port_range snapshot_port_range(const struct limits *limits);

/*
 * The number of ports that connect() may choose: those of the range, except
 * for reserved ones and those on which a socket listens or was bound
 * explicitly; 0 if the range is not known.
 */
uint64_t snapshot_usable_ports(const struct snapshot *snapshot);

/*
 * Whether a socket is outgoing: no listener has its local port, which is
 * ephemeral, or its remote port is not.  Only if all sockets of the snapshot
 * were visited.
 */
bool snapshot_is_outgoing(
    const struct snapshot *snapshot, const struct conn *conn);

/*
 * Whether a socket's state, queues or timer may be what a check looks for, so
 * that it is compared with the earlier snapshot.
 */
bool snapshot_is_suspect(const struct conn *conn);

/*
 * Whether the sockets are from sock_diag: /proc and files do not show the
 * backlogs and drops of listeners, and count what was sent again otherwise.
 */
bool snapshot_is_sock_diag(const struct snapshot *snapshot);

/* Forgets all sockets, but keeps limits and the filter. */
void snapshot_clear(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);

#endif

/*
 * Takes snapshots of a network namespace: enters it, and has the other rooms
 * read its sockets, counters, limits and processes.
 */
#ifndef EXPLAIN_OBSERVE_H
#define EXPLAIN_OBSERVE_H

#include "count/sample.h"
#include "explain/snapshot.h"

/* Set up by observer_init(). */
struct observer {
	const struct sample_request *request;
	struct netns ns;
	int enter_error; /* an errno value; 0: ns was entered, or is its own */
};

/*
 * Enters the namespace that a request names, for good.  Returns false, after a
 * message, if there is none of that name.
 */
bool observer_init(
    struct observer *observer, const struct sample_request *request);

/*
 * Takes a snapshot; the first one has only the sockets that a check compares
 * with those of a later one.  Returns NULL, after a message, if the sockets
 * could not be read; else the caller frees it with snapshot_free() and free().
 */
struct snapshot *observe(const struct observer *observer, bool first);

/*
 * Reads the limits and descriptors of the processes in the namespace, which
 * only a diagnosis needs.
 */
void observe_processes(
    const struct observer *observer, struct snapshot *snapshot);

/*
 * Reads which ports are bound but not connected, so that connect() cannot
 * choose them; none if the source or the kernel does not show it.
 */
void observe_bound(struct snapshot *snapshot);

/*
 * Reads what only findings need, and takes time: the owners of the snapshot's
 * sockets, which ports are bound and, if sock_diag shows it, how long sockets
 * in CLOSE_WAIT have been idle.
 */
void observe_details(
    const struct observer *observer, struct snapshot *snapshot);

#endif

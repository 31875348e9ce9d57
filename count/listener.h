/*
 * Listening sockets, and the sockets that arrived through each of them,
 * counted by state.
 */
#ifndef COUNT_LISTENER_H
#define COUNT_LISTENER_H

#include "lib/conn.h"
#include "lib/dict.h"

struct listener {
	struct conn conn;
	bool shown; /* it has a row */
	size_t row; /* number of its row, set before listeners_arrivals() */
};

/* Set up by listeners_init(), freed by listeners_free(). */
struct listeners {
	struct listener *listener;
	size_t n, size;
	struct dict arrivals; /* local end -> counts by state */
};

void listeners_init(struct listeners *listeners);
void listeners_free(struct listeners *listeners);

/* Adds a listening socket.  Returns false if out of memory. */
bool listeners_add(
    struct listeners *listeners, const struct conn *conn, bool shown);

/* Counts a socket that does not listen.  Returns false if out of memory. */
bool listeners_count(struct listeners *listeners, const struct conn *conn);

/*
 * Calls add(ctx, row, count) for each row and each local end of its listeners,
 * with the counts by state of the sockets that arrived there.  A socket
 * arrived at the listener of its family and port with its own local address,
 * or else with the unspecified address.  Returns false if out of memory.
 */
typedef void arrivals_visitor(
    void *ctx, size_t row, const uint64_t count[NSTATES]);
bool listeners_arrivals(
    const struct listeners *listeners, arrivals_visitor *add, void *ctx);

#endif

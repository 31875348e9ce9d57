/*
 * Listening sockets, and the sockets that arrived through each of them.
 */
#ifndef COUNT_LISTENER_H
#define COUNT_LISTENER_H

#include "lib/conn.h"
#include "lib/dict.h"

struct listener {
	struct conn conn;
	bool shown; /* it has a row */
	size_t row; /* the number of that, set before arrivals are added */
};

/* Made by listeners_init(). */
struct listeners {
	struct listener *listener;
	size_t n, size;
	struct dict arrivals; /* a local end to its sockets by state */
};

void listeners_init(struct listeners *listeners);
void listeners_free(struct listeners *listeners);

/* Adds a listening socket.  Returns false if out of memory. */
bool listeners_add(
    struct listeners *listeners, const struct conn *conn, bool shown);

/* Counts a socket that does not listen.  Returns false if out of memory. */
bool listeners_count(struct listeners *listeners, const struct conn *conn);

/*
 * Calls add(ctx, row, count) for each row and each address and port that its
 * listeners have, with the sockets that arrived there by state.  A socket
 * arrived at the listener of its own address, or else at that of any address,
 * of its family and port.  Returns false if out of memory.
 */
typedef void arrivals_visitor(
    void *ctx, size_t row, const uint64_t count[NSTATES]);
bool listeners_arrivals(
    const struct listeners *listeners, arrivals_visitor *add, void *ctx);

#endif

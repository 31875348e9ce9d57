/*
 * Listening sockets, and the sockets that came in by each of them.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include "lib/conn.h"
#include "lib/map.h"

struct listener {
	struct conn conn;
	bool shown;   /* it has a group, */
	size_t group; /* of this number, set before they are dealt */
};

/* Begin with listeners_init(). */
struct listeners {
	struct listener *listener;
	size_t n, size;
	struct map cells; /* other sockets by local end and state */
};

void listeners_init(struct listeners *listeners);
void listeners_free(struct listeners *listeners);

/*
 * Adds a listening socket; counts one that does not listen.  False where
 * memory ran out.
 */
bool listeners_add(
    struct listeners *listeners, const struct conn *conn, bool shown);
bool listeners_count(struct listeners *listeners, const struct conn *conn);

/*
 * When all are known: calls give(ctx, group, slot, n) for each group of a
 * listener by which n sockets in a state came in.  That is one of their own
 * address, or else of any address, of their family and port; if there are
 * more than one, the groups of all of these are given all.  Returns false
 * where memory ran out, or give() did, which ends it.
 */
typedef bool listeners_taker(
    void *ctx, size_t group, unsigned slot, uint64_t n);
bool listeners_deal(
    struct listeners *listeners, listeners_taker *give, void *ctx);

#endif

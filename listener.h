/*
 * Listening sockets, and the sockets that came in by each of them.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include "conn.h"
#include "map.h"

struct listener {
	struct conn conn;
	uint32_t sockets; /* more than 1 where they cannot be told apart */
	uint64_t queue;	  /* as of conn, of all of them */
	uint64_t limit;	  /* the same, or LISTENER_NO_LIMIT */
	size_t next;	  /* of its address and port, its place + 1; 0: none */
};

/* Where the limit of a queue is not known. */
#define LISTENER_NO_LIMIT UINT64_MAX

/* Begin with listeners_init(). */
struct listeners {
	bool merge; /* those of one address and port are one */
	struct listener *listener;
	size_t n, size;
	struct map index; /* an address and port: its first one's place + 1 */
	struct map cells; /* sockets by local end and state */
};

void listeners_init(struct listeners *listeners);

/* Adds a listening socket; false where memory ran out. */
bool listeners_add(struct listeners *listeners, const struct conn *conn);

/* Counts a socket that does not listen; false where memory ran out. */
bool listeners_count(struct listeners *listeners, const struct conn *conn);

/*
 * When all are known: calls give(ctx, i, slot, n) for the listener at place i
 * by which n sockets in a state came in.  That is one of their own address, or
 * else of any address, of their family and port; if there are more than one,
 * all of these are given all.  Returns false where memory ran out, or give()
 * did, which ends it.
 */
bool listeners_deal(struct listeners *listeners,
    bool (*give)(void *ctx, size_t i, unsigned slot, uint32_t n), void *ctx);

void listeners_free(struct listeners *listeners);

#endif

/*
 * The outgoing sockets of a state, and where most of their ports go.
 */
#ifndef EXPLAIN_OUTGOING_H
#define EXPLAIN_OUTGOING_H

#include "explain/snapshot.h"

/* A remote end, and the local address of connections to it; no padding. */
struct path {
	struct in6_addr laddr, raddr;
	uint16_t rport, unused;
};

struct outgoing {
	uint64_t n;	  /* sockets */
	uint64_t most;	  /* ephemeral ports of the path that takes the most */
	struct path path; /* that path, if most > 0 */
};

/*
 * Counts the outgoing sockets of a state, by its slot, and the ephemeral ports
 * that they take.  Of paths with as many ports, it finds the first by address.
 * Returns false if out of memory.
 */
bool count_outgoing(
    struct outgoing *outgoing, const struct snapshot *snapshot, unsigned slot);

#endif

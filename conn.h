/*
 * One TCP socket as every source describes it, and the names of its states.
 */
#ifndef CONN_H
#define CONN_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>

/*
 * The states are the kernel's numbers (include/net/tcp_states.h), which
 * <netinet/tcp.h> has as TCP_ESTABLISHED (1) to TCP_CLOSING (11).  Slot 0,
 * which the kernel does not use, holds whatever is none of the eleven.
 */
enum { STATE_UNKNOWN = 0, NSTATES = 12 };

/* A socket's family, as netstat's Proto column and /proc/net name it. */
enum family { FAMILY_TCP, FAMILY_TCP6, NFAMILIES };

struct conn {
	struct in6_addr laddr; /* network byte order; IPv4 is v4-mapped */
	struct in6_addr raddr;
	uint16_t lport; /* host byte order */
	uint16_t rport;
	uint8_t state; /* as the source gave it, 0 to 255: see state_slot() */
	uint8_t
	    family; /* FAMILY_TCP6 also where the addresses are v4-mapped */
	uint64_t inode; /* of a listener; else 0 */
};

/* Called by a source once for each socket; conn is the source's own. */
typedef void conn_visitor(const struct conn *conn, void *ctx);

struct state_names {
	const char *netstat;
	const char *ss;
};

/* The names of each state, by slot. */
extern const struct state_names state_names[NSTATES];

/* The slots in the order of a connection's life, STATE_UNKNOWN last. */
extern const uint8_t state_order[NSTATES];

/* The slot, 0 to NSTATES - 1, under which a state is counted. */
static inline unsigned
state_slot(uint8_t state)
{
	return state < NSTATES ? state : STATE_UNKNOWN;
}

#endif

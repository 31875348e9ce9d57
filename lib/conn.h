/*
 * One TCP socket as every source describes it, and the names of its states.
 */
#ifndef LIB_CONN_H
#define LIB_CONN_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
	    family;   /* FAMILY_TCP6 also where the addresses are v4-mapped */
	uint32_t uid; /* the owner; 0 also where there is none any more */
	uint64_t inode; /* 0: no process has it (TIME_WAIT, not accepted) */

	/* Of listeners only, 0 or anything for others: */
	uint32_t queue; /* connections that wait to be accepted */
	uint32_t limit; /* it is full when there are more than these */
};

/* The limit of a queue where the source does not know it. */
#define CONN_NO_LIMIT UINT32_MAX

/* Called by a source once for each socket; conn is the source's own. */
typedef void conn_visitor(const struct conn *conn, void *ctx);

struct state_names {
	const char *netstat;
	const char *ss;
	const char *rfc; /* RFC 9293's */
};

/* As netstat has them. */
extern const char *const family_names[NFAMILIES];

/* Whether an address of 16 bytes is IPv4, which is to say, v4-mapped. */
bool conn_is_ipv4(const void *addr);

/* An IPv4 address, in network byte order, v4-mapped. */
static inline struct in6_addr
conn_map_ipv4(uint32_t addr)
{
	uint32_t words[4] = {0, 0, htonl(0xffff), addr};
	struct in6_addr mapped;

	memcpy(&mapped, words, sizeof(mapped));
	return mapped;
}

/*
 * The text of four bytes of IPv4, with its NUL at most 16 bytes long.  As
 * inet_ntop(), which takes much longer, where there are many rows.
 */
void conn_ipv4_text(const unsigned char *bytes, char *text);

/* The names of each state, by slot. */
extern const struct state_names state_names[NSTATES];

/*
 * The slot of a state, not STATE_UNKNOWN, by any of its names, in any case;
 * -1 where there is none.
 */
int state_find(const char *name);

/* The slots in the order of a connection's life, STATE_UNKNOWN last. */
extern const uint8_t state_order[NSTATES];

/* The slot, 0 to NSTATES - 1, under which a state is counted. */
static inline unsigned
state_slot(uint8_t state)
{
	return state < NSTATES ? state : STATE_UNKNOWN;
}

#endif

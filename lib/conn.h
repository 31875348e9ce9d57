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
 * A state is the kernel's number (include/net/tcp_states.h), which
 * <netinet/tcp.h> defines as TCP_ESTABLISHED (1) to TCP_CLOSING (11).  Its
 * slot is the same number.  The kernel does not use 0: that slot counts all
 * other numbers.
 */
enum { STATE_UNKNOWN = 0, NSTATES = 12 };

/* A socket's family, as netstat's Proto column and /proc/net name it. */
enum family { FAMILY_TCP, FAMILY_TCP6, NFAMILIES };

struct conn {
	struct in6_addr laddr; /* network byte order; IPv4 is IPv4-mapped */
	struct in6_addr raddr;
	uint16_t lport; /* host byte order */
	uint16_t rport;
	uint8_t state; /* as the source reports it, 0 to 255 */

	/* FAMILY_TCP6 even if the addresses are IPv4-mapped. */
	uint8_t family;

	/* Valid if the caller asked the source for details; else may be 0. */
	uint8_t timer;	  /* enum conn_timer, or an unknown number */
	uint8_t retrans;  /* times sent again; of probes, those unanswered */
	uint32_t uid;	  /* 0: root, or no owner */
	uint64_t inode;	  /* 0: no process has it (TIME_WAIT, not accepted) */
	uint32_t expires; /* milliseconds until the timer expires */

	/*
	 * As in ss(8): bytes that wait to be read, and bytes that the peer has
	 * not acknowledged.  Of listeners, and of these without details too,
	 * the connections in the accept queue, and the backlog: the queue is
	 * full above it.
	 */
	uint32_t recv_q, send_q;

	/* CONN_UNKNOWN unless the caller asked sock_diag for them. */
	uint32_t drops; /* of a listener: connections that it has dropped */
	uint32_t idle;	/* milliseconds since the last acknowledgment came */
};

/* A value that the source does not report, such as a backlog in /proc. */
#define CONN_UNKNOWN UINT32_MAX

/* What the timer of a socket waits for, by the kernel's number. */
enum conn_timer {
	TIMER_NONE,
	TIMER_ON,	 /* to send again what was not acknowledged */
	TIMER_KEEPALIVE, /* to send a keepalive probe, or to end FIN_WAIT2 */
	TIMER_TIMEWAIT,	 /* to end TIME_WAIT, or an orphaned FIN_WAIT2 */
	TIMER_PERSIST,	 /* to probe a peer whose window is closed */
	NTIMERS
};

/* The names of the timers, in the spelling of ss(8). */
extern const char *const timer_names[NTIMERS];

/*
 * A source calls this once for each socket.  The source owns conn, which is
 * valid until the visitor returns.
 */
typedef void conn_visitor(const struct conn *conn, void *ctx);

struct state_names {
	const char *netstat;
	const char *ss;
	const char *rfc;   /* RFC 9293 */
	const char *brief; /* if there is little room */
};

/* The names of the families, in netstat's spelling. */
extern const char *const family_names[NFAMILIES];

/* Whether an address of 16 bytes is IPv4-mapped. */
bool conn_is_ipv4(const void *addr);

/* Maps an IPv4 address, in network byte order, to IPv6. */
static inline struct in6_addr
conn_map_ipv4(uint32_t addr)
{
	uint32_t words[4] = {0, 0, htonl(0xffff), addr};
	struct in6_addr mapped;

	memcpy(&mapped, words, sizeof(mapped));
	return mapped;
}

/*
 * Widens a local address to the next one on which a listener accepts for it:
 * IPv4 to 0.0.0.0, and any to ::.  Returns false if it is :: already.
 */
bool conn_widen(struct in6_addr *addr);

/*
 * Writes an IPv4 address of 4 bytes as text, which has room for
 * INET_ADDRSTRLEN (16) bytes.  inet_ntop() writes the same, but is too slow
 * for a million rows.
 */
void conn_ipv4_text(const unsigned char *bytes, char *text);

/*
 * Parses an address of either family, and maps IPv4 to IPv6.  Returns false if
 * text is none.
 */
bool conn_parse_addr(const char *text, struct in6_addr *addr);

/* Writes an address as text, an IPv4-mapped one as IPv4. */
void conn_addr_text(const struct in6_addr *addr, char text[INET6_ADDRSTRLEN]);

/* Writes an address and port as text: 10.0.0.9:3306, [2001:db8::1]:443. */
enum { CONN_END_TEXT = INET6_ADDRSTRLEN + sizeof("[]:65535") };
void conn_end_text(
    const struct in6_addr *addr, uint16_t port, char text[CONN_END_TEXT]);

/* The names of each state, by slot. */
extern const struct state_names state_names[NSTATES];

/* Whether two names are the same; case, - and _ are ignored. */
bool conn_same_name(const char *a, const char *b);

/*
 * Returns the slot of a state by any of its names or aliases, as
 * conn_same_name(); -1 if none of the eleven states has that name.
 */
int state_find(const char *name);

/*
 * Returns the i-th spelling by which state_find() knows a state, first those
 * of netstat(8), and the state's slot; NULL after the last.
 */
const char *state_spelling(size_t i, int *slot);

/* The slots in the order of a connection's life, STATE_UNKNOWN last. */
extern const uint8_t state_order[NSTATES];

/* The slot, 0 to NSTATES - 1, under which a state is counted. */
static inline unsigned
state_slot(uint8_t state)
{
	return state < NSTATES ? state : STATE_UNKNOWN;
}

#endif

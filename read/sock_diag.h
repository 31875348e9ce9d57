/*
 * Reads the kernel's sock_diag dump of TCP sockets into conns.  Prints nothing
 * and never exits.
 */
#ifndef READ_SOCK_DIAG_H
#define READ_SOCK_DIAG_H

#include "lib/conn.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * All of the eleven states, as a mask of 1 << state; and sockets that are
 * bound but not connected, which kernels from 6.8 on send, as CLOSE.
 */
enum { SOCK_DIAG_ALL = 0xffe, SOCK_DIAG_BOUND = 1 << 13 };

struct sock_diag_result {
	uint64_t rows; /* conns that were visited */

	/* Why the dump failed, or NULL.  Valid until strerror() is called. */
	const char *reason;
};

/* The sockets that the kernel should send. */
struct sock_diag_request {
	enum family family; /* NFAMILIES: both, in one walk */
	unsigned states;    /* a mask of 1 << state */
	uint16_t lport;	    /* 0: any */
	uint16_t rport;	    /* 0: any; else no listener matches */
	bool needs_drops;   /* conns have drops, which costs time */
	bool needs_idle;    /* conns have idle, which costs more time */
};

/*
 * Requests sockets of the current network namespace, and calls visit(conn,
 * ctx) for each.  Fills in result.  Returns whether the dump is complete; if
 * not, the caller must discard what was visited.
 */
bool sock_diag_read(const struct sock_diag_request *request,
    conn_visitor *visit, void *ctx, struct sock_diag_result *result);

/* A datagram, as recvmsg() returns it. */
struct sock_diag_datagram {
	const void *data;
	size_t len;
	uint32_t sender; /* a netlink port id; 0 is the kernel */
	bool truncated;
	bool attributes; /* decode those that follow sockets */
};

enum sock_diag_step { SOCK_DIAG_MORE, SOCK_DIAG_DONE, SOCK_DIAG_FAILED };

/*
 * Decodes a datagram of the answer to request number seq, and visits its
 * conns.  Skips messages of other senders and to other requests.  Returns
 * SOCK_DIAG_MORE if further datagrams follow, SOCK_DIAG_DONE at the end of the
 * dump, SOCK_DIAG_FAILED with result->reason set.
 */
enum sock_diag_step sock_diag_decode(const struct sock_diag_datagram *datagram,
    uint32_t seq, conn_visitor *visit, void *ctx,
    struct sock_diag_result *result);

#endif

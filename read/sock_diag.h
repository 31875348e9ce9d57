/*
 * The kernel's sock_diag dump of TCP sockets -> conns.  Prints nothing and
 * never exits.
 */
#ifndef READ_SOCK_DIAG_H
#define READ_SOCK_DIAG_H

#include "lib/conn.h"

#include <stdbool.h>
#include <stddef.h>

/* All of the eleven states, as a mask of 1 << state. */
enum { SOCK_DIAG_ALL = 0xffe };

/* How a dump went. */
struct sock_diag_result {
	uint64_t rows;	    /* conns that were visited */
	const char *reason; /* why it failed; NULL if it did not.  May be
			       strerror()'s: valid until it is called */
};

/* What the kernel is asked for; it leaves out all else. */
struct sock_diag_request {
	enum family family; /* NFAMILIES: both, in one walk */
	unsigned states;    /* a mask of 1 << state */
	uint16_t lport;	    /* 0: any */
	uint16_t rport;	    /* 0: any; else there will be no listeners */
};

/*
 * Asks the kernel for sockets of this network namespace, and calls
 * visit(conn, ctx) for each.  Fills in result, and returns whether the dump is
 * whole: if not, what was visited must not be used.
 */
bool sock_diag_read(const struct sock_diag_request *request,
    conn_visitor *visit, void *ctx, struct sock_diag_result *result);

/* What recvmsg() tells of a datagram. */
struct sock_diag_datagram {
	const void *data;
	size_t len;
	uint32_t sender; /* a port id; 0 is the kernel */
	bool truncated;
};

enum sock_diag_step { SOCK_DIAG_MORE, SOCK_DIAG_DONE, SOCK_DIAG_FAILED };

/*
 * Decodes one datagram of the answer to the request numbered seq, and visits
 * its conns.  What others sent, or in answer to something else, is passed
 * over.  Returns whether more is to come, or whether this was the end, or a
 * failure: then result has a reason.
 */
enum sock_diag_step sock_diag_decode(const struct sock_diag_datagram *datagram,
    uint32_t seq, conn_visitor *visit, void *ctx,
    struct sock_diag_result *result);

#endif

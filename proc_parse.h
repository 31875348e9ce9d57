/*
 * Parses rows of /proc/net/tcp and /proc/net/tcp6 into conns, one by one or as
 * a stream, of which it visits each conn once.  Prints nothing, never exits.
 */
#ifndef PROC_PARSE_H
#define PROC_PARSE_H

#include "lib/conn.h"

#include <stdbool.h>
#include <stddef.h>

enum proc_line {
	PROC_ROW,    /* a socket */
	PROC_HEADER, /* the column titles of /proc/net/tcp{,6} */
	PROC_BLANK,  /* nothing but blanks */
	PROC_OTHER,  /* the column titles of a table that is not TCP's */
	PROC_BAD,    /* anything else */
};

/*
 * Parses a line of len bytes, without its newline, and not terminated. Returns
 * what it is; fills in conn for PROC_ROW, and leaves it undefined otherwise.
 *
 * What conn.h calls details is 0 except of listeners, or if details is set,
 * which costs time.  A row must be complete up to the blank after its state; a
 * field that is cut off after that is 0.  Addresses are those of a table of
 * this machine's byte order (see read/byte_order.h).
 */
enum proc_line proc_parse_line(
    const char *line, size_t len, bool details, struct conn *conn);

struct proc_result {
	uint64_t rows;		/* conns that were visited */
	uint64_t headers;	/* header lines */
	uint64_t bad;		/* invalid lines, which were skipped */
	uint64_t first_bad;	/* the first invalid line, from 1; 0: none */
	const char *compressed; /* "gzip", ...: nothing was parsed; or NULL */
};

/*
 * Reads fd from its offset to its end, and calls visit(conn, ctx) for each
 * socket, with its details if details is set.  If fd is on procfs, stops at
 * the end of the table, after which the kernel would repeat rows, and visits
 * repeated rows once.  Fills in result, on failure too.  Returns 0 or an errno
 * value: EINTR if interrupted is set.  Leaves fd open.
 */
int proc_read(int fd, bool details, conn_visitor *visit, void *ctx,
    struct proc_result *result);

/*
 * Reads the range of ephemeral ports, both ends included, from path, a
 * /proc/sys/net/ipv4/ip_local_port_range.  Returns 0 or an errno value: EINVAL
 * if it does not begin with two numbers, or that of regular_open().
 */
int proc_read_port_range(const char *path, uint16_t *low, uint16_t *high);

#endif

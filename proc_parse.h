/*
 * A row of /proc/net/tcp or /proc/net/tcp6 -> struct conn; a stream of such
 * rows -> conns, each once.  Prints nothing and never exits.
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
 * What a line is.  line has len bytes without the newline, and need not be
 * terminated; conn is filled in where the answer is PROC_ROW, and undefined
 * otherwise.  Its uid and inode are 0 unless owners are wanted, which takes
 * time, or it is a listener.  A row needs all up to the blank after its state;
 * what a cut row has lost behind that reads as 0.
 */
enum proc_line proc_parse_line(
    const char *line, size_t len, bool owners, struct conn *conn);

/* What became of a stream. */
struct proc_result {
	uint64_t rows;		/* conns that were visited */
	uint64_t headers;	/* header lines */
	uint64_t bad;		/* lines that were skipped, being no rows */
	uint64_t first_bad;	/* the number of the first of them, from 1 */
	const char *compressed; /* "gzip", ...: nothing was read; else NULL */
};

/*
 * Reads fd from where it stands to its end, and calls visit(conn, ctx) for
 * each socket, with its owner where owners are wanted.  Where fd is on procfs
 * it stops at the end of the table, at which the kernel would begin to repeat
 * rows.  Fills in result.  Returns 0, or an errno value where reading failed:
 * what was visited till then stands in result.  Leaves fd open.
 */
int proc_read(int fd, bool owners, conn_visitor *visit, void *ctx,
    struct proc_result *result);

/*
 * Reads the ports that the kernel gives to outgoing connections, low to high,
 * both included, out of path (/proc/sys/net/ipv4/ip_local_port_range: two
 * numbers).  Returns 0, or an errno value: EINVAL where it says no such thing.
 */
int proc_read_port_range(const char *path, uint16_t *low, uint16_t *high);

#endif

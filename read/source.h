/*
 * Reads the sockets of a network namespace from a source of conns: saved
 * files, sock_diag, or the tables of a proc.
 */
#ifndef READ_SOURCE_H
#define READ_SOURCE_H

#include "read/byte_order.h"
#include "read/filter.h"
#include "read/netns.h"

/* The source of live sockets; auto is sock_diag, or /proc if that fails. */
enum source_choice { SOURCE_AUTO, SOURCE_SOCK_DIAG, SOURCE_PROC };

/* Returns the name of a choice; NULL after the last. */
const char *source_name(size_t i);

struct source_request {
	enum source_choice choice;
	const char **files;    /* paths of saved tables; "-" is stdin */
	const bool *regular;   /* which must be regular; NULL: none */
	size_t nfiles;	       /* 0: read live sockets, or those of a proc */
	const char *proc;      /* a proc other than /proc; NULL: /proc */
	enum byte_order order; /* of saved tables; ORDER_UNKNOWN: find out */
	bool whole;	       /* fail unless all files have only good lines */
	bool needs_ipv6;       /* fail without IPv6 */
	bool skip_gone;	       /* do not report a process that ended */
	bool needs_details;    /* conns must have them (see lib/conn.h) */
	bool needs_listeners;  /* visit listeners that do not pass too */
	bool needs_addresses;  /* their byte order must be right */
	bool needs_drops; /* listeners must have them, if sock_diag does */

	/* Sockets that do not pass need not be visited. */
	const struct filter *filter;
};

/* Returns the proc to read, "/proc" by default. */
static inline const char *
source_proc(const struct source_request *request)
{
	return request->proc ? request->proc : "/proc";
}

/*
 * Whether it reads files or a copy of a proc, which show another moment,
 * always the same.
 */
bool source_is_saved(const struct source_request *request);

/* The receiver of conns. */
struct source_visitor {
	/*
	 * Called before each source is read: discards the conns of an earlier
	 * source, which failed.  If listeners_first, the source visits all
	 * listeners through visit_listener before any socket through visit; if
	 * they have drops, it does not visit them again.  Returns the ctx of
	 * these two, or NULL, after a message, on failure.
	 */
	void *(*start)(void *ctx, bool listeners_first);
	void *ctx; /* of start */
	conn_visitor *visit;
	conn_visitor *visit_listener;
};

struct source_result {
	const char *name;  /* the source: sock_diag, proc or file */
	uint64_t rows;	   /* conns that were visited */
	bool gone;	   /* the process that led to the namespace ended */
	char earlier[128]; /* why sock_diag failed, and "; "; or empty */
};

/*
 * Reads the sockets of a network namespace, from the first source that has all
 * of them.  enter_error is 0 if this process has entered ns, else the errno
 * value that prevented it: then only the tables of a proc can be read.
 * Reports failures.  Returns whether the visitor has a sample: of several
 * files those that could be read, of other sources all sockets.
 */
bool source_read(const struct source_request *request, const struct netns *ns,
    int enter_error, const struct source_visitor *visitor,
    struct source_result *result);

#endif

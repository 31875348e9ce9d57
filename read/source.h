/*
 * Sources of conns: saved files, sock_diag, or the tables of a proc.
 */
#ifndef READ_SOURCE_H
#define READ_SOURCE_H

#include "read/byte_order.h"
#include "read/filter.h"
#include "read/netns.h"

/* Where live sockets are read: auto is sock_diag, and /proc if it fails. */
enum source_choice { SOURCE_AUTO, SOURCE_SOCK_DIAG, SOURCE_PROC };

/* The choice of that name; false if there is none. */
bool source_find(const char *name, enum source_choice *choice);

struct source_request {
	enum source_choice choice;
	const char **files;    /* "-" is stdin */
	size_t nfiles;	       /* 0: live sockets, or those of a proc */
	const char *proc;      /* another one than /proc; NULL: that */
	enum byte_order order; /* of saved tables; ORDER_UNKNOWN: as shown */
	bool needs_ipv6;       /* fail if there is none */
	bool skip_gone;	       /* that a process ended is no failure */
	bool needs_owners;     /* conns must have uid and inode */
	bool needs_listeners;  /* visit all listeners, whatever the filter */
	bool needs_addresses;  /* their byte order matters */
	const struct filter *filter; /* which others need not be visited */
};

/* Who takes the conns. */
struct source_visitor {
	/*
	 * Starts from nothing: if a source fails half-way, what it gave must
	 * be forgotten.  listeners_first says that all listeners go to
	 * visit_listener before any socket goes to visit.  Returns false,
	 * after a message, if it cannot.
	 */
	bool (*begin)(void *ctx, bool listeners_first);
	conn_visitor *visit;
	conn_visitor *visit_listener;
	void *ctx;
};

/* How it went. */
struct source_result {
	const char *name;  /* sock_diag, proc or file */
	uint64_t rows;	   /* conns that were visited */
	bool gone;	   /* the process that led to the namespace ended */
	char earlier[128]; /* why another source failed, and "; " */
};

/*
 * Reads the sockets of a network namespace, which was entered unless
 * enter_error is set, from the first source that gives all of them.  Reports
 * what goes wrong.  Returns whether the visitor has a sample: of several files
 * those that could be read, of other sources everything.
 */
bool source_read(const struct source_request *request, const struct netns *ns,
    int enter_error, const struct source_visitor *visitor,
    struct source_result *result);

#endif

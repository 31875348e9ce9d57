/*
 * One sample: what is to be counted, out of which source.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "read/byte_order.h"
#include "count/tally.h"

/* Where the live tables are read: auto is sock_diag, and /proc if it fails. */
enum sample_source { SOURCE_AUTO, SOURCE_SOCK_DIAG, SOURCE_PROC };

struct sample_request {
	const struct key_set *by; /* NULL: totals only */
	enum sample_source source;
	bool verbose; /* tell of the source, its rows and time */
	struct filter filter;
	bool needs_ipv6; /* it is an error if there is none */
	enum byte_order
	    order;	   /* of saved tables; ORDER_UNKNOWN: as they show */
	const char *proc;  /* another one than /proc; NULL: that */
	const char *netns; /* what netns_find() takes; NULL: the own one */
	bool merge_listeners; /* listeners that read the same are one */
	bool all_netns;	    /* all that some process lives in; by has netns */
	const char **files; /* "-" is stdin */
	size_t nfiles;	    /* 0: the live tables */
};

/* The source of that name; false where there is none. */
bool sample_find_source(const char *name, enum sample_source *source);

/*
 * Counts what is asked for, once.  What goes wrong is told on stderr and in
 * the exit status.  Returns a tally, to be freed with tally_free(), or NULL
 * if there is none: a live table that could not be read whole is not counted,
 * of several files those are that could be read.
 */
struct tally *sample_take(const struct sample_request *request);

#endif

/*
 * Takes a sample: reads the sockets of one or more network namespaces into one
 * finished tally.
 */
#ifndef COUNT_SAMPLE_H
#define COUNT_SAMPLE_H

#include "count/tally.h"
#include "read/source.h"

struct sample_request {
	const struct key_set *by; /* NULL: totals only */
	struct filter filter;
	struct source_request source; /* members that options set */
	/* The ephemeral ports; NULL: those that the source comes with. */
	const struct port_range *range;
	const char *netns;    /* a word for netns_find(); NULL: its own */
	bool all_netns;	      /* all that have a process; by includes netns */
	bool merge_listeners; /* a row for all of one address and port */
	bool verbose;	      /* report the source, its rows and time */
	bool needs_counters;  /* read those of the kernel too */
};

/*
 * Takes a sample.  Reports failures.  If counters are needed, reads those of
 * the namespace into tally->counters, but none for files or for several
 * namespaces.  Returns a finished tally, which the caller frees with
 * tally_free(); NULL on failure.  An incomplete dump or live table is a
 * failure; of several files, those that could be read are counted.
 */
struct tally *sample_take(const struct sample_request *request);

#endif

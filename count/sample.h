/*
 * One sample: namespaces and sources -> one finished tally.
 */
#ifndef COUNT_SAMPLE_H
#define COUNT_SAMPLE_H

#include "count/tally.h"
#include "read/source.h"

struct sample_request {
	const struct key_set *by; /* NULL: totals only */
	struct filter filter;
	struct source_request source; /* what the command line chooses of it */
	const char *netns; /* what netns_find() takes; NULL: this one */
	bool all_netns;	   /* all that some process lives in; by has netns */
	bool merge_listeners; /* if they read the same */
	bool verbose;	      /* report the source, its rows and time */
};

/*
 * Counts once what is requested.  Reports what goes wrong.  Returns a tally,
 * to be freed with tally_free(), or NULL: a live table that could not be read
 * as a whole is not counted, and of several files those that could be read.
 */
struct tally *sample_take(const struct sample_request *request);

#endif

/*
 * What the command line asks for.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "show/format.h"
#include "count/sample.h"

/* Has pointers into itself: it must stay where it is. */
struct options {
	struct sample_request request;
	struct key_set keys; /* that request.by points to, if anywhere */
	const struct format *format;
	struct thresholds thresholds;
	bool plugin; /* its exit status is a monitoring plugin's */
	size_t top;  /* 0: all rows */
	bool no_header, all_states;
	bool watch;
	int64_t delay;
	uint64_t count;
};

/*
 * Parses the command line; to be freed.  Ends the program where that asks for
 * something that is wrong, for help or the version.
 */
void options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif

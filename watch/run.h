/*
 * Runs the program as the command line asks: takes, judges and shows one
 * sample or many.
 */
#ifndef WATCH_RUN_H
#define WATCH_RUN_H

#include "count/sample.h"
#include "show/format.h"

/* The options of the command line, parsed. */
struct options {
	struct sample_request request;
	struct key_set keys; /* request.by points here, or is NULL */
	const struct format *format;
	struct thresholds thresholds;
	bool plugin; /* exit with the status of a monitoring plugin */
	size_t top;  /* rows to show; 0: all */
	bool no_header, all_states;
	bool watch;
	int64_t delay;	/* nanoseconds between samples */
	uint64_t count; /* of samples; 0: until interrupted */
};

/*
 * Runs the program; sets options->request.merge_listeners.  Returns the worst
 * level of all samples, which is the exit status unless say_status() has a
 * failure.
 */
int run(struct options *options);

#endif

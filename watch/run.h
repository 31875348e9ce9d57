/*
 * Taking, judging and showing one sample, or many.
 */
#ifndef WATCH_RUN_H
#define WATCH_RUN_H

#include "count/sample.h"
#include "show/format.h"

/* What the command line asks for. */
struct options {
	struct sample_request request;
	struct key_set keys; /* that request.by points to, if anywhere */
	const struct format *format;
	struct thresholds thresholds;
	bool plugin; /* the exit status is that of a monitoring plugin */
	size_t top;  /* 0: all rows */
	bool no_header, all_states;
	bool watch;
	int64_t delay;	/* nanoseconds between samples */
	uint64_t count; /* of samples; 0: until interrupted */
};

/*
 * Does what the options ask for, which it completes.  Returns the exit status
 * of the program, except for failures that say_status() has.
 */
int run(struct options *options);

#endif

/*
 * The options of a run.
 */
#ifndef WATCH_OPTIONS_H
#define WATCH_OPTIONS_H

#include "count/order.h"
#include "count/sample.h"
#include "show/format.h"

/* When to use colours: if the terminal has them, always, never. */
enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* The options of the command line, parsed. */
struct options {
	struct sample_request request;
	struct key_set keys; /* request.by points here, or is NULL */
	const struct format *format;
	struct thresholds thresholds;
	bool plugin;	    /* exit with the status of a monitoring plugin */
	bool diagnose;	    /* show what the counts mean instead of them */
	bool explain;	    /* explain the states */
	int explain_state;  /* the slot of the only one to explain; -1: all */
	size_t top;	    /* rows to show; 0: all */
	struct order order; /* of the rows */
	enum colour colour;
	const char **baseline; /* paths of what was; see nbaseline */
	size_t nbaseline;
	bool no_header, all_states;
	bool watch;
	int64_t delay;	/* nanoseconds between samples */
	uint64_t count; /* of samples; 0: until interrupted */
};

#endif

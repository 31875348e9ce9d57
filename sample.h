/*
 * One sample: what is to be counted, out of which source.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "tally.h"

struct sample_request {
	enum tally_key by;
	bool only[NFAMILIES]; /* none set: all families */
	const char **files;   /* "-" is stdin */
	size_t nfiles;	      /* 0: the live tables */
};

/*
 * Counts what is asked for, once.  What goes wrong is told on stderr and in
 * the exit status.  Returns a tally, to be freed with tally_free(), or NULL
 * if there is none: a live table that could not be read whole is not counted,
 * of several files those are that could be read.
 */
struct tally *sample_take(const struct sample_request *request);

#endif

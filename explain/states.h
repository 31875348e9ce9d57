/*
 * The words about each state of TCP: what it means, how it begins and ends,
 * what many of them suggest.  The manual's section STATES has the same.
 */
#ifndef EXPLAIN_STATES_H
#define EXPLAIN_STATES_H

#include "lib/conn.h"

enum state_part {
	PART_SUMMARY, /* in a line; all states have it */
	PART_MEANING, /* and which end closed first */
	PART_BEGINS,
	PART_ENDS,   /* how, after how long, by which setting */
	PART_LIMITS, /* NULL: there are none */
	PART_MANY,   /* what many suggest, and when they are harmless */
	PART_BETTER, /* what helps; NULL: nothing is wrong */
	PART_WORSE,  /* what is often advised and does not; or NULL */
	PART_NEXT,   /* commands to type */
	NPARTS
};

/* "Meaning" and so on; PART_SUMMARY has no name. */
extern const char *const part_names[NPARTS];

/*
 * What is said about each state, by slot; of STATE_UNKNOWN, only a summary.
 * Texts have placeholders (see expand.h).
 */
extern const char *const state_words[NSTATES][NPARTS];

#endif

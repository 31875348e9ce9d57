/*
 * What the picture of watch mode shows: a sample, what was before it, and the
 * view that the keys have chosen.
 */
#ifndef WATCH_PICTURE_H
#define WATCH_PICTURE_H

#include "watch/rounds.h"
#include "watch/scene.h"

/* What the keys change. */
struct view {
	bool zeros;	 /* show states without sockets too */
	bool families;	 /* show TCP and TCP6 apart */
	bool per_second; /* show changes per second */
	unsigned skip;	 /* columns to leave out at the left */
};

struct picture {
	const struct rounds *rounds;
	struct report report;	  /* with the rows of the breakdown */
	const char *subheading;	  /* of the breakdown */
	bool asked;		  /* the command line asks for it */
	const struct row *totals; /* NTOTALS rows */
	const struct history *history;
	const struct flows *flows; /* NULL: not known */
	struct view view;
	const char *error, *alert; /* or NULL */
};

#endif

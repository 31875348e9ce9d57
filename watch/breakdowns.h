/*
 * The breakdowns that a screen goes through.
 */
#ifndef WATCH_BREAKDOWNS_H
#define WATCH_BREAKDOWNS_H

#include "watch/options.h"

struct breakdown {
	struct key_set keys; /* none: no breakdown */
	struct order order;
};

enum { BREAKDOWNS_MAX = 6 };

struct breakdowns {
	struct breakdown list[BREAKDOWNS_MAX];
	size_t n, current;
	bool asked; /* the first one is that of the options */
};

/*
 * Lists the breakdowns.  The current one is that of the options, which comes
 * first, or else by port.  Leaves out what files do not have.
 */
void breakdowns_init(
    struct breakdowns *breakdowns, const struct options *options);

/* Returns the current breakdown, which is valid as long as breakdowns. */
const struct breakdown *breakdowns_current(
    const struct breakdowns *breakdowns);

/* Moves on to the next breakdown; the first follows the last. */
void breakdowns_next(struct breakdowns *breakdowns);

#endif

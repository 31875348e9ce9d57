/*
 * Counts on a screen: what the keys change, and what was since the start.
 */
#ifndef WATCH_LIVE_H
#define WATCH_LIVE_H

#include "watch/options.h"

/*
 * Counts again and again, and shows each sample on the terminal.  Returns the
 * worst level of all samples.
 */
int live_run(const struct options *options);

#endif

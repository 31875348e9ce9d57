/*
 * Explains states, with the counts of one snapshot.
 */
#ifndef WATCH_EXPLANATION_H
#define WATCH_EXPLANATION_H

#include "watch/options.h"

/*
 * Explains the states, or one of them, as the options ask.  If the sockets
 * cannot be read, reports that, and explains without counts.
 */
void explanation_run(const struct options *options);

#endif

/*
 * Runs the program as the command line asks: takes, judges and shows one
 * sample or many.
 */
#ifndef WATCH_RUN_H
#define WATCH_RUN_H

#include "watch/rounds.h"

/*
 * Runs the program; sets options->request.merge_listeners.  Returns the worst
 * level of all samples, which is the exit status unless say_status() has a
 * failure.
 */
int run(struct options *options);

#endif

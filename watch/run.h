/*
 * Runs the program as the command line asks: takes, judges and shows one
 * sample or many.
 */
#ifndef WATCH_RUN_H
#define WATCH_RUN_H

#include "watch/options.h"

/*
 * Runs the program.  Returns the worst level of all samples, which is the exit
 * status unless say_status() has a failure.
 */
int run(const struct options *options);

#endif

/*
 * What the options of a command line mean together.
 */
#ifndef COMMAND_CHECK_H
#define COMMAND_CHECK_H

#include "watch/rounds.h"

/* A command line: the options, and what is needed only to check them. */
struct command {
	struct options options;
	bool summary, listeners, ipv4, ipv6, help, version;
	bool thresholds;
	bool ignored; /* set by options that have no effect */
};

/* Exits if options exclude each other; sets those that follow from others. */
void command_check(struct command *command);

#endif

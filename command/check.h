/*
 * What the options of a command line mean together.
 */
#ifndef COMMAND_CHECK_H
#define COMMAND_CHECK_H

#include "command/set.h"

/*
 * Exits if options exclude each other, or need others; sets those that follow
 * from others.
 */
void command_check(struct command *command);

#endif

/*
 * The operands: states, ports, addresses, a delay and a count.
 */
#ifndef COMMAND_OPERANDS_H
#define COMMAND_OPERANDS_H

#include "command/set.h"

/*
 * Sets what the operands mean, after the options; exits after a message if one
 * is wrong.
 */
void operands_read(struct command *command, int argc, char **argv);

#endif

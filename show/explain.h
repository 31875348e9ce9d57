/*
 * Explains the states: the words about them, with the counts and the settings
 * of this machine.
 */
#ifndef SHOW_EXPLAIN_H
#define SHOW_EXPLAIN_H

#include "explain/snapshot.h"

#include <stdio.h>

/*
 * Both print at most 80 columns.  snapshot has all sockets, or is NULL: then
 * counts and settings are unknown.
 */

/* Prints each state with its count, and the diagram of the states. */
void explain_states(FILE *out, const struct snapshot *snapshot);

/* Explains a state by its slot.  Returns false if out of memory. */
bool explain_state(FILE *out, const struct snapshot *snapshot, unsigned slot);

#endif

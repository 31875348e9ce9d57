/*
 * The keys that watch mode has whatever it shows, and the help about all keys.
 */
#ifndef WATCH_CONTROLS_H
#define WATCH_CONTROLS_H

#include "watch/rounds.h"

/* Handles a key, through rounds->key() if not all runs have it. */
enum watch_action controls_key(struct rounds *rounds, char key);

/*
 * Prints a table of these keys and rounds->more.  Leaves out lines that do not
 * fit in width columns, and the last ones if they do not fit in height lines.
 */
void controls_help(
    FILE *out, const struct rounds *rounds, unsigned width, unsigned height);

#endif

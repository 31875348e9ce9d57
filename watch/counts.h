/*
 * The totals of watch mode: a line for each state, with its counts, its change
 * and its history.
 */
#ifndef WATCH_COUNTS_H
#define WATCH_COUNTS_H

#include "watch/picture.h"

/* Returns how many lines the totals take, if they may take room lines. */
unsigned counts_lines(const struct picture *picture, unsigned room);

/*
 * Prints the totals in at most width columns and lines lines, one at least.
 * If there are too few lines, states without sockets are left out, and those
 * with the fewest become one line, "other".  If there are too few columns even
 * for STATE and TOTAL, the lines become narrow; then only the total is left.
 */
void counts_print(
    FILE *out, const struct picture *picture, unsigned width, unsigned lines);

#endif

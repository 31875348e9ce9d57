/*
 * The table of a breakdown.
 */
#ifndef SHOW_BREAKDOWN_H
#define SHOW_BREAKDOWN_H

#include "show/table.h"

/*
 * Prints the rows for which the report's height has lines, and the sum of the
 * others; in a pipe or a file always with the same columns.
 */
void breakdown_print(struct table *table);

#endif

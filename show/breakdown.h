/*
 * The table of a breakdown.
 */
#ifndef SHOW_BREAKDOWN_H
#define SHOW_BREAKDOWN_H

#include "show/layout.h"

/*
 * Prints the rows for which the report's height has lines, and the sum of the
 * others; in a pipe or a file always with the same columns.
 */
void breakdown_print(struct table *table);

/*
 * Returns the fields that have a column, a mask: in a pipe always the same; on
 * a terminal only states that occur or that the report keeps, and of listeners
 * neither LISTEN nor, without a baseline, TOTAL.
 */
unsigned breakdown_fields(const struct report *report);

#endif

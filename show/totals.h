/*
 * The table of totals.
 */
#ifndef SHOW_TOTALS_H
#define SHOW_TOTALS_H

#include "show/layout.h"

/* Prints the states of which sockets are counted, and TOTAL. */
void totals_print(struct table *table);

#endif

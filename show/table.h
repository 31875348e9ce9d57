/*
 * A report as a table for people, with shares and bars where there is room.
 */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include "show/report.h"

/* On a screen, with deltas, and of what there is room for. */
report_printer table_print;

#endif

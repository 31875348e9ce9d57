/*
 * Prints a report as a table for people, with shares and bars if a terminal
 * has room for them.
 */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include "show/report.h"

/* Prints the table; on a screen with deltas, and made to fit. */
report_printer table_print;

#endif

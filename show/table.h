/*
 * Prints a report as a table for people.
 */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include "show/report.h"

/*
 * Prints the table: of the totals, or of the breakdown if the report has one.
 * It shows changes on a screen, or if there is a previous sample, and leaves
 * out on a screen the columns and rows for which there is no room.
 */
report_printer table_print;

#endif

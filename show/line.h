/*
 * Prints an aligned line for each sample, as vmstat(8) does, for those who
 * want the totals to scroll.
 */
#ifndef SHOW_LINE_H
#define SHOW_LINE_H

#include "show/report.h"

/*
 * Prints the time, the eleven states and TOTAL, which has the unknown states
 * too.  Before the first line of a stream there is a header; on a terminal
 * also before each screenful, and after a change of its width.  If the
 * terminal is too narrow for the states' names, they are shortened.
 */
report_printer line_print;

#endif

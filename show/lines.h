/*
 * Prints a report as lines of one count each, for logs and for scripts that
 * parsed netstat or ss.
 */
#ifndef SHOW_LINES_H
#define SHOW_LINES_H

#include "show/report.h"

/*
 * Prints the counts that changed since the previous sample; all of them in the
 * first sample.  Each line begins with the time.
 */
report_printer lines_log;

/* Prints the total, and nothing else. */
report_printer lines_count;

/* Print what an awk one-liner prints after netstat -n, or ss -nat. */
report_printer lines_netstat;
report_printer lines_ss;

#endif

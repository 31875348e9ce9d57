/*
 * A report as lines of one count each.
 */
#ifndef SHOW_LINES_H
#define SHOW_LINES_H

#include "show/report.h"

/*
 * What changed since the sample before, of the first one all: a line begins
 * with the time.
 */
report_printer lines_log;

/* What the awk one-liner behind netstat -n, or ss -nat, prints. */
report_printer lines_netstat;
report_printer lines_ss;

#endif

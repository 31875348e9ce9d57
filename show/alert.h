/*
 * Judges a report by its thresholds, and prints the result as a line of text
 * or as a monitoring plugin's.
 */
#ifndef SHOW_ALERT_H
#define SHOW_ALERT_H

#include "show/report.h"

/*
 * Returns the worst level of any row, or of the totals if there are no groups;
 * LEVEL_UNKNOWN if the report has an error or no tally.
 */
enum level alert_judge(const struct report *report);

/*
 * Returns a line without its newline: the level and the alerts.  The caller
 * frees it.  Returns NULL if out of memory.
 */
char *alert_text(const struct report *report);

/* Prints the status line of a plugin, with performance data. */
report_printer alert_nagios;

#endif

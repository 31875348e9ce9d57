/*
 * What thresholds say of a report, in words, and as monitoring plugins do.
 */
#ifndef SHOW_ALERT_H
#define SHOW_ALERT_H

#include "show/report.h"

/*
 * The worst of what the thresholds say of each row, or of the totals; that
 * the report has any trouble is unknown.
 */
enum level alert_judge(const struct report *report);

/*
 * The same as one line, without its end: the level, and what is wrong.  The
 * caller's to free; NULL where memory ran out.
 */
char *alert_text(const struct report *report);

/* The status line of a plugin, with performance data. */
report_printer alert_nagios;

#endif

/*
 * Prints a finished tally in Prometheus's text exposition format.
 */
#ifndef SHOW_PROMETHEUS_H
#define SHOW_PROMETHEUS_H

#include "show/report.h"

/* Prints the version, the time, and the sockets; of listeners, the queues. */
report_printer prometheus_counts;

/* Prints the accept queues of a tally by listener, and their limits. */
void prometheus_queues(FILE *out, const struct report *report);

#endif

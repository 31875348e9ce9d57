/*
 * Prints a finished tally for other programs: json, csv, and Prometheus's text
 * exposition format.
 */
#ifndef SHOW_EXPORT_H
#define SHOW_EXPORT_H

#include "show/report.h"

report_printer export_json;
report_printer export_csv;
report_printer export_prometheus;

#endif

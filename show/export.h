/*
 * A finished tally for other programs: json, csv, prometheus.
 */
#ifndef SHOW_EXPORT_H
#define SHOW_EXPORT_H

#include "show/report.h"

report_printer export_json;
report_printer export_csv;
report_printer export_prometheus;

#endif

/*
 * Prints a finished tally for other programs: json and csv.
 */
#ifndef SHOW_EXPORT_H
#define SHOW_EXPORT_H

#include "show/report.h"

report_printer export_json;
report_printer export_csv;

#endif

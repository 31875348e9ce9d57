/*
 * An output format: the functions that print it, and the properties by which
 * options are checked and samples taken.
 */
#ifndef SHOW_FORMAT_H
#define SHOW_FORMAT_H

#include "show/findings.h"
#include "show/report.h"

struct format {
	const char *name;
	report_printer *print;
	report_printer *append; /* prints a stream of samples; NULL: print */
	findings_printer *findings; /* prints a diagnosis; NULL: cannot */
	bool counts;  /* shows a diagnosis together with the counts */
	bool groups;  /* can show a breakdown */
	bool sum;     /* shows all sockets as one number, in all namespaces */
	bool changes; /* can show those since a baseline */
	bool alert_line; /* has room for a line of alerts */
	bool screen;	 /* can be redrawn in place */
	bool time;	 /* prints the time even of a single sample */
	bool no_watch;	 /* cannot be repeated in a stream */
	bool plugin;	 /* is a monitoring plugin's: prints failures too */
	bool merge_listeners; /* needs one row for an address and port */
};

/*
 * Finds a format by name, in any case.  Returns NULL if there is none of that
 * name.
 */
const struct format *format_find(const char *name);

/* Returns the name of the i-th format; NULL after the last. */
const char *format_name(size_t i);

#endif

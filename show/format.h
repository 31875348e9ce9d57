/*
 * The one table of the output formats.
 */
#ifndef SHOW_FORMAT_H
#define SHOW_FORMAT_H

#include "show/report.h"

struct format {
	const char *name;
	report_printer *print;
	report_printer *append; /* behind other samples; NULL: as print */
	bool groups;		/* can show a breakdown */
	bool alert_line;	/* has room for a line of alerts */
	bool screen;		/* can be redrawn in place */
	bool time;     /* tells the time also when printed by itself */
	bool no_watch; /* cannot be repeated in one stream */
	bool plugin;   /* is a monitoring plugin's, also where it failed */
	bool merge_listeners; /* cannot show two listeners of one address and
				 port */
};

/* The format of that name; NULL where there is none. */
const struct format *format_find(const char *name);

#endif

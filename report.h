/*
 * A finished tally as text, in one of the output formats.
 */
#ifndef REPORT_H
#define REPORT_H

#include "tally.h"

#include <stdio.h>
#include <time.h>

struct report {
	const struct tally *now; /* compared, if with anything */
	time_t time;		 /* when it was taken */
	size_t top;		 /* the most rows of a breakdown; 0: all */

	/* Of the terminal that shows it; all 0 in a pipe. */
	unsigned width;	 /* columns */
	unsigned height; /* lines; 0: as many as there are */
	bool colour;
	bool utf8;
};

enum report_mode {
	REPORT_ONCE,   /* by itself */
	REPORT_APPEND, /* behind the one before */
	REPORT_SCREEN, /* in place of the one before, with deltas */
};

struct report_format;

/* The format of that name; NULL where there is none. */
const struct report_format *report_find(const char *name);

const char *report_name(const struct report_format *format);

/* Whether the format can show a breakdown; whether it can redraw. */
bool report_has_groups(const struct report_format *format);
bool report_has_screen(const struct report_format *format);

/*
 * Writes the report to out.  Whether out took it is for the caller to see with
 * ferror().
 */
void report_print(const struct report_format *format, enum report_mode mode,
    FILE *out, const struct report *report);

#endif

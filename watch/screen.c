/*
 * Lays the picture out: what gets how many lines, and in which order.
 */
#include "watch/screen.h"

#include "lib/wrap.h"
#include "show/alert.h"
#include "show/table.h"
#include "watch/counts.h"

#include <string.h>

/* The lines of each part; 0: it is left out. */
struct layout {
	unsigned error, alert, heading, totals, flows;
	unsigned rows_gap, subheading, rows;
};

/* A blank line and two of flows. */
enum { FLOWS_LINES = 3 };

/* Returns the least lines of a breakdown: titles, a row, all others. */
static unsigned
rows_least(const struct picture *p)
{
	return p->report.now->nrows > 1 ? 3 : 2;
}

/* Takes lines for a part, if least lines remain.  Returns how many. */
static unsigned
take(unsigned *left, unsigned lines, unsigned least)
{
	if (*left < lines + least)
		return 0;
	*left -= lines;
	return lines;
}

/*
 * Returns how many lines the breakdown has for itself before the totals get
 * theirs: if the command line asks for it, up to a half.
 */
static unsigned
reserve_rows(const struct picture *p, unsigned left)
{
	const struct report *r = &p->report;
	size_t wanted;

	if (!p->asked || !r->now->by || left / 2 < rows_least(p))
		return 0;
	/* The titles, the rows, and that of the others. */
	wanted = 1 +
	    (r->top > 0 && r->top < r->now->nrows ? r->top + 1
						  : r->now->nrows);
	return wanted < left / 2 ? (unsigned)wanted : left / 2;
}

static struct layout
make_layout(const struct picture *p, unsigned width, unsigned height)
{
	struct layout l = {.heading = 0};
	unsigned left = height, least = rows_least(p), reserved;

	/* The totals get two lines at least. */
	if (p->error)
		l.error =
		    take(&left, (unsigned)wrap_lines(p->error, width), 2);
	if (p->alert)
		l.alert =
		    take(&left, (unsigned)wrap_lines(p->alert, width), 2);
	l.heading = take(&left, 1, 2);
	reserved = reserve_rows(p, left);
	l.totals = counts_lines(p, left - reserved);
	left -= l.totals;
	if (p->flows)
		l.flows = take(&left, FLOWS_LINES, reserved);
	if (!p->report.now->by)
		return l;
	l.subheading = take(&left, 1, least + 1);
	/* The flows have a blank line at the end, if there is no trouble. */
	if (l.subheading && !l.flows)
		l.rows_gap = take(&left, 1, least + 1);
	l.rows = left >= least ? left : 0;
	return l;
}

/* Prints a blank line, and the flows; the lines that they do not need last. */
static void
print_flows(FILE *out, const struct picture *p, unsigned width)
{
	fputc('\n', out);
	flows_print(out, p->flows, width, p->report.colour);
	for (unsigned n = 1 + flows_lines(p->flows, width); n < FLOWS_LINES;
	     n++)
		fputc('\n', out);
}

/* Prints the rows of the breakdown, in that many lines. */
static void
print_rows(FILE *out, const struct picture *p, unsigned width, unsigned lines)
{
	struct report report = p->report;

	report.width = width;
	report.height = lines;
	table_print(out, REPORT_SCREEN, &report);
}

void
screen_print(
    FILE *out, const struct picture *p, unsigned width, unsigned height)
{
	struct layout l = make_layout(p, width, height);
	struct report report = p->report;

	report.width = width;
	report.height = height;
	if (l.heading)
		rounds_heading(out, p->rounds, width);
	if (l.error)
		report_print_line(out, &report, p->error);
	if (l.alert)
		report_print_coloured(out, &report, p->alert,
		    level_meaning(alert_judge(&report)));
	counts_print(out, p, width, l.totals);
	if (l.flows)
		print_flows(out, p, width);
	if (l.rows_gap)
		fputc('\n', out);
	if (l.subheading && strlen(p->subheading) <= width)
		fputs(p->subheading, out);
	if (l.subheading)
		fputc('\n', out);
	if (l.rows)
		print_rows(out, p, width, l.rows);
}

/*
 * Prints a diagnosis: its findings, the checks that were skipped, and what was
 * checked in total.
 */
#ifndef SHOW_FINDINGS_H
#define SHOW_FINDINGS_H

#include "explain/diagnose.h"
#include "show/report.h"

struct findings_report {
	const struct diagnosis *now;	/* NULL: there is only an error */
	const struct diagnosis *before; /* the previous one, or NULL */
	struct timespec time;

	/*
	 * The sockets, and the accept queues of all listeners, if the format
	 * shows them too; or NULL.
	 */
	const struct report *counts, *queues;

	bool verbose; /* also print the checks that found nothing */
	bool no_header;
	const char *error; /* the last failure of the sample, or NULL */

	/* The terminal that shows it, as in struct report. */
	unsigned width, height;
	bool colour;
};

/* Room for any text of a finding or a check, escaped. */
typedef char finding_text[ESCAPED(sizeof(((struct finding *)NULL)->remedy))];

/* Prints the report to out.  The caller checks out for errors. */
typedef void findings_printer(
    FILE *out, enum report_mode mode, const struct findings_report *report);

/* Prints a table; a stream is a log. */
findings_printer findings_table;

/*
 * Prints a line for each finding that appeared, changed its severity or went
 * since the previous diagnosis, and for each check that is skipped from now
 * on, or no longer; at first, all findings.
 */
findings_printer findings_log;

/* Print an object on a line, a row for each finding, or gauges. */
findings_printer findings_json;
findings_printer findings_csv;
findings_printer findings_prometheus;

/* Prints the line of a monitoring plugin, even if there is no diagnosis. */
findings_printer findings_nagios;

/* "NOTE", "WARNING", "CRITICAL"; "OK" if there is no finding. */
extern const char *const severity_labels[NSEVERITIES];

/* Whether a check was skipped, at least in part. */
bool findings_skipped(const struct diagnosis *diagnosis, size_t check);

/* Returns the worst severity of a check's findings that are omitted. */
enum severity findings_omitted(
    const struct diagnosis *diagnosis, size_t check);

/*
 * Writes what was checked and how much was found, as "13 checks: 1 critical,
 * 2 warnings".
 */
typedef char findings_line[256];
void findings_conclude(const struct diagnosis *diagnosis, findings_line line);

/* Writes "and 12 more", and the text like after it: 20 bytes at most. */
void findings_more(char text[64], size_t n, const char *like);

/*
 * Prints a text of a finding or a check; escapes the ASCII characters in
 * special, and what escape_text() does.
 */
void findings_print_text(FILE *out, const char *text, const char *special);

#endif

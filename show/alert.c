/*
 * Compares counts with their thresholds, and prints those that are not OK: as
 * a line, or as a monitoring plugin's status and performance data.
 */
#include "show/alert.h"

#include "lib/print.h"
#include "lib/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Alerts printed in the line; the others are only counted. */
enum { ALERTS_MAX = 10 };

static const char *const level_names[NLEVELS] = {
    [LEVEL_OK] = "OK",
    [LEVEL_WARNING] = "WARNING",
    [LEVEL_CRITICAL] = "CRITICAL",
    [LEVEL_UNKNOWN] = "UNKNOWN",
};

/* The i-th threshold: states as in state_order, then the total. */
static unsigned
threshold_at(unsigned i)
{
	return i < NSTATES ? state_order[i] : THRESHOLD_TOTAL;
}

static uint64_t
get_count(const struct row *row, unsigned what)
{
	return what == THRESHOLD_TOTAL ? row->total : row->count[what];
}

/* A count that is not OK, and the place of the next one.  Zero it first. */
struct alert {
	size_t next_row;
	unsigned next_threshold;
	const struct row *row;
	unsigned what; /* a state's slot, or THRESHOLD_TOTAL */
	enum level level;
};

/* Finds the next alert, row by row.  Returns false if there is none. */
static bool
next_alert(const struct report *r, struct alert *alert)
{
	size_t nrows = r->now->by ? r->now->nrows : 1;

	for (; alert->next_row < nrows;
	     alert->next_row++, alert->next_threshold = 0) {
		alert->row =
		    r->now->by ? r->now->row[alert->next_row] : &r->now->all;
		while (
		    !alert->row->gone && alert->next_threshold < NTHRESHOLDS) {
			alert->what = threshold_at(alert->next_threshold++);
			alert->level = thresholds_judge(r->thresholds,
			    alert->what, get_count(alert->row, alert->what));
			if (alert->level != LEVEL_OK)
				return true;
		}
	}
	return false;
}

enum level
alert_judge(const struct report *r)
{
	struct alert alert = {0};
	enum level worst = LEVEL_OK;

	if (r->error || !r->now)
		return LEVEL_UNKNOWN;
	while (worst < LEVEL_CRITICAL && next_alert(r, &alert))
		if (alert.level > worst)
			worst = alert.level;
	return worst;
}

/*
 * Prints the keys of a row, with a blank after each.  Escapes the characters
 * in special, which would end a label, and those that report_get_word() does.
 */
static void
print_keys(FILE *out, const struct report *r, const struct row *row,
    const char *special)
{
	size_t n = r->now->by ? r->now->by->ncolumns : 0;
	char escaped[ESCAPED(sizeof(report_word))];
	report_word word;

	for (size_t i = 0; i < n; i++) {
		report_get_word(r, row, &r->now->by->column[i], word);
		escape_text(escaped, word, special);
		fprintf(out, "%s ", escaped);
	}
}

static void
print_alert(FILE *out, const struct report *r, const struct alert *alert)
{
	const struct range *range =
	    &r->thresholds->range[alert->level][alert->what];
	uint64_t count = get_count(alert->row, alert->what);

	print_keys(out, r, alert->row, "|");
	fprintf(out, "%s %" PRIu64, field_name(alert->what), count);
	if (range->inside)
		fprintf(out, " inside %s", range->text + 1);
	else if (count > range->end)
		fprintf(out, " above %" PRIu64, range->end);
	else
		fprintf(out, " below %" PRIu64, range->start);
}

/*
 * Prints the alerts, the critical ones first, after the text before.  Returns
 * false, and prints nothing, if there are none.
 */
static bool
print_alerts(FILE *out, const struct report *r, const char *before)
{
	unsigned n = 0;

	for (enum level level = LEVEL_CRITICAL; level > LEVEL_OK; level--) {
		struct alert alert = {0};

		while (next_alert(r, &alert)) {
			if (alert.level != level || n++ >= ALERTS_MAX)
				continue;
			fputs(n > 1 ? ", " : before, out);
			print_alert(out, r, &alert);
		}
	}
	if (n > ALERTS_MAX)
		fprintf(out, ", and %u more", n - ALERTS_MAX);
	return n > 0;
}

static void
print_status(FILE *out, const struct report *r)
{
	enum level level = alert_judge(r);

	fprintf(out, "%s - ", level_names[level]);
	if (level == LEVEL_UNKNOWN)
		print_plugin_text(
		    out, r->error ? r->error : "nothing was counted");
	if (r->now && print_alerts(out, r, r->error ? ", " : ""))
		return;
	if (level == LEVEL_OK)
		fprintf(out, "%" PRIu64 " sockets", r->now->all.total);
}

char *
alert_text(const struct report *r)
{
	struct text text;

	if (!text_open(&text))
		return NULL;
	print_status(text.out, r);
	return text_close(&text);
}

/* Prints 'LABEL'=VALUE;WARN;CRIT;MIN of a count. */
static void
print_performance(
    FILE *out, const struct report *r, const struct row *row, unsigned what)
{
	const char *quote = r->now->by ? "'" : "";

	fprintf(out, " %s", quote);
	print_keys(out, r, row, "|'=");
	fprintf(out, "%s%s=%" PRIu64, field_name(what), quote,
	    get_count(row, what));
	for (enum level level = LEVEL_WARNING; level <= LEVEL_CRITICAL;
	     level++) {
		const char *text = r->thresholds->range[level][what].text;

		fprintf(out, ";%s", text ? text : "");
	}
	fputs(";0", out);
}

/*
 * Prints the performance data of the totals: all states; or of a row: states
 * that occur or have a threshold.
 */
static void
print_row(FILE *out, const struct report *r, const struct row *row)
{
	for (unsigned i = 0; i < NTHRESHOLDS; i++) {
		unsigned what = threshold_at(i);
		bool shown = what == THRESHOLD_TOTAL ||
		    (!r->now->by && what != STATE_UNKNOWN) ||
		    get_count(row, what) > 0 ||
		    r->thresholds->range[LEVEL_WARNING][what].text ||
		    r->thresholds->range[LEVEL_CRITICAL][what].text;

		if (shown)
			print_performance(out, r, row, what);
	}
}

void
alert_nagios(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct row *row;
	struct report_rows rows;
	size_t i = 0;

	(void)mode;
	fputs("TCPSTATE ", out);
	print_status(out, r);
	if (r->now && (!r->now->by || r->now->nrows > 0))
		fputs(" |", out);
	if (r->now && r->now->by) {
		report_rows_init(&rows, r);
		while ((row = report_next_row(&rows, &i)))
			print_row(out, r, row);
	} else if (r->now)
		print_row(out, r, &r->now->all);
	fputc('\n', out);
}

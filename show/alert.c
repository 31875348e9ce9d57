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

/* Returns the keys of the rows that are judged; NULL: the totals are. */
static const struct key_set *
judged_by(const struct report *r)
{
	return report_judges_totals(r) ? NULL : r->now->by;
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
	size_t nrows = judged_by(r) ? r->now->nrows : 1;

	for (; alert->next_row < nrows;
	     alert->next_row++, alert->next_threshold = 0) {
		alert->row =
		    judged_by(r) ? r->now->row[alert->next_row] : &r->now->all;
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

/* Prints "java[20690]" for the text of a process, "20690/java". */
static void
print_process(FILE *out, const char *text)
{
	const char *slash = strchr(text, '/');

	if (slash)
		fprintf(out, "%s[%.*s]", slash + 1, (int)(slash - text), text);
	else
		fputs(text, out);
}

/*
 * Prints whose count it is, as a person writes it, and a colon: "in 443: ",
 * "[::]:8080 java[20690]: ".  Prints nothing for the totals.
 */
static void
print_who(FILE *out, const struct report *r, const struct row *row)
{
	size_t n = judged_by(r) ? judged_by(r)->ncolumns : 0;
	char escaped[ESCAPED(sizeof(report_word))];
	report_word word;

	for (size_t i = 0; i < n; i++) {
		const struct key_column *column = &judged_by(r)->column[i];
		/* Of a listener: the next column is its port. */
		bool address = strcmp(column->title, "address") == 0;

		report_get_word(r, row, column, word);
		escape_text(escaped, word, "|");
		if (strcmp(column->title, "process") == 0)
			print_process(out, escaped);
		else if (address && strchr(escaped, ':'))
			fprintf(out, "[%s]", escaped);
		else
			fputs(escaped, out);
		fputs(i + 1 == n ? ": " : address ? ":" : " ", out);
	}
}

/* Prints which counts are in a range, or outside: "<= 10", "not 5 to 100". */
static void
print_range(FILE *out, const struct range *range, bool inside)
{
	if (range->end == UINT64_MAX)
		fprintf(out, "%s %" PRIu64, inside ? ">=" : "<", range->start);
	else if (range->start == 0)
		fprintf(out, "%s %" PRIu64, inside ? "<=" : ">", range->end);
	else
		fprintf(out, "%s%" PRIu64 " to %" PRIu64, inside ? "" : "not ",
		    range->start, range->end);
}

static void
print_alert(FILE *out, const struct report *r, const struct alert *alert)
{
	const struct range *range =
	    &r->thresholds->range[alert->level][alert->what];
	uint64_t count = get_count(alert->row, alert->what);

	print_who(out, r, alert->row);
	fprintf(out, "%s %" PRIu64 " (", field_name(alert->what), count);
	if (range->inside)
		print_range(out, range, true);
	else if (count > range->end)
		fprintf(out, "> %" PRIu64, range->end);
	else
		fprintf(out, "< %" PRIu64, range->start);
	fputc(')', out);
}

/* Returns what separates alerts: a comma, unless a key contains one. */
static const char *
separator(const struct report *r)
{
	size_t n = judged_by(r) ? judged_by(r)->ncolumns : 0;
	struct alert alert = {0};
	report_word word;

	while (n > 0 && next_alert(r, &alert))
		for (size_t i = 0; i < n; i++) {
			report_get_word(
			    r, alert.row, &judged_by(r)->column[i], word);
			if (strchr(word, ','))
				return "; ";
		}
	return ", ";
}

/*
 * Prints the alerts, the critical ones first, after the text before.  Returns
 * false, and prints nothing, if there are none.
 */
static bool
print_alerts(FILE *out, const struct report *r, const char *before)
{
	const char *between = separator(r);
	unsigned n = 0;

	for (enum level level = LEVEL_CRITICAL; level > LEVEL_OK; level--) {
		struct alert alert = {0};

		while (next_alert(r, &alert)) {
			if (alert.level != level || n++ >= ALERTS_MAX)
				continue;
			fputs(n > 1 ? between : before, out);
			print_alert(out, r, &alert);
		}
	}
	if (n > ALERTS_MAX)
		fprintf(out, "%sand %u more", between, n - ALERTS_MAX);
	return n > 0;
}

/* How many rows were judged, and the extremes of one of their counts. */
struct span {
	size_t rows;
	uint64_t low, high; /* 0 if there are no rows */
};

static struct span
find_span(const struct report *r, unsigned what)
{
	struct span span = {0};

	for (size_t i = 0; i < r->now->nrows; i++) {
		uint64_t count = get_count(r->now->row[i], what);

		if (r->now->row[i]->gone)
			continue;
		if (span.rows++ == 0 || count < span.low)
			span.low = count;
		if (count > span.high)
			span.high = count;
	}
	return span;
}

/* Prints the counts that were compared with a range, and what it allows. */
static void
print_checked(FILE *out, const struct report *r, unsigned what,
    const struct range *range)
{
	struct span span = find_span(r, what);

	fprintf(out, "%s ", field_name(what));
	if (!judged_by(r))
		fprintf(out, "%" PRIu64, get_count(&r->now->all, what));
	else if (!range->inside && range->start == 0)
		fprintf(out, "at most %" PRIu64, span.high);
	else if (!range->inside && range->end == UINT64_MAX)
		fprintf(out, "at least %" PRIu64, span.low);
	else
		fprintf(out, "%" PRIu64 " to %" PRIu64, span.low, span.high);
	fputs(" (", out);
	print_range(out, range, !range->inside);
	fputc(')', out);
}

/*
 * Prints what was checked: for each threshold, a critical one only if there is
 * no other, the counts.  Without any, prints how many sockets there are.
 */
static void
print_ok(FILE *out, const struct report *r)
{
	size_t rows = find_span(r, THRESHOLD_TOTAL).rows;
	char heading[40] = "";
	const char *before = heading;

	if (judged_by(r))
		snprintf(heading, sizeof(heading), "%zu row%s: ", rows,
		    rows == 1 ? "" : "s");
	for (unsigned i = 0; i < NTHRESHOLDS && (rows > 0 || !judged_by(r));
	     i++) {
		unsigned what = threshold_at(i);
		const struct range *range =
		    &r->thresholds->range[LEVEL_WARNING][what];

		if (!range->text)
			range = &r->thresholds->range[LEVEL_CRITICAL][what];
		if (!range->text)
			continue;
		fputs(before, out);
		print_checked(out, r, what, range);
		before = ", ";
	}
	if (before == heading)
		fprintf(out, "%" PRIu64 " socket%s", r->now->all.total,
		    r->now->all.total == 1 ? "" : "s");
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
		print_ok(out, r);
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

/*
 * Prints the keys of a row for a label, with a blank after each.  Escapes what
 * would end the label, and what report_get_word() does.
 */
static void
print_keys(FILE *out, const struct report *r, const struct row *row)
{
	size_t n = judged_by(r) ? judged_by(r)->ncolumns : 0;
	char escaped[ESCAPED(sizeof(report_word))];
	report_word word;

	for (size_t i = 0; i < n; i++) {
		report_get_word(r, row, &judged_by(r)->column[i], word);
		escape_text(escaped, word, "|'=");
		fprintf(out, "%s ", escaped);
	}
}

/* Prints 'LABEL'=VALUE;WARN;CRIT;MIN of a count. */
static void
print_performance(
    FILE *out, const struct report *r, const struct row *row, unsigned what)
{
	const char *quote = judged_by(r) ? "'" : "";

	fprintf(out, " %s", quote);
	print_keys(out, r, row);
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
		    (!judged_by(r) && what != STATE_UNKNOWN) ||
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
	if (r->now && (!judged_by(r) || r->now->nrows > 0))
		fputs(" |", out);
	if (r->now && judged_by(r)) {
		report_rows_init(&rows, r);
		while ((row = report_next_row(&rows, &i)))
			print_row(out, r, row);
	} else if (r->now)
		print_row(out, r, &r->now->all);
	fputc('\n', out);
}

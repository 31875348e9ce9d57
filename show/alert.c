/*
 * Counts beside their thresholds.
 */
#include "show/alert.h"

#include "lib/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* More than these are only counted: it is one line. */
enum { ALERTS_TOLD = 10 };

static const char *const level_names[NLEVELS] = {
    [LEVEL_OK] = "OK",
    [LEVEL_WARNING] = "WARNING",
    [LEVEL_CRITICAL] = "CRITICAL",
    [LEVEL_UNKNOWN] = "UNKNOWN",
};

/* A row, or, where that is NULL, everything. */
static uint64_t
get_count(const struct report *r, const struct group *group, unsigned what)
{
	if (what == THRESHOLD_TOTAL)
		return group ? group->total : tally_total(r->now);
	return group ? group->count[what] : tally_count(r->now, what);
}

/* What is judged: the states in the order of a life, and their sum. */
static unsigned
threshold_at(unsigned i)
{
	return i < NSTATES ? state_order[i] : THRESHOLD_TOTAL;
}

static const char *
threshold_name(unsigned what)
{
	return what == THRESHOLD_TOTAL ? "TOTAL" : state_names[what].netstat;
}

typedef void alert_visitor(void *ctx, const struct group *group, unsigned what,
    uint64_t count, enum level level);

/* Calls tell() for each count of a row that has another level than LEVEL_OK.
 */
static void
for_row(const struct report *r, const struct group *group, alert_visitor *tell,
    void *ctx)
{
	for (unsigned i = 0; i < NTHRESHOLDS; i++) {
		unsigned what = threshold_at(i);
		uint64_t count = get_count(r, group, what);
		enum level level =
		    thresholds_judge(r->thresholds, what, count);

		if (level != LEVEL_OK)
			tell(ctx, group, what, count, level);
	}
}

/* The same of all rows, or of the totals. */
static void
for_alerts(const struct report *r, alert_visitor *tell, void *ctx)
{
	if (!r->now->by)
		for_row(r, NULL, tell, ctx);
	for (size_t i = 0; i < r->now->groups.n; i++) {
		struct group group;

		groups_get(&r->now->groups, i, &group);
		if (!group.gone)
			for_row(r, &group, tell, ctx);
	}
}

static void
keep_worst(void *ctx, const struct group *group, unsigned what, uint64_t count,
    enum level level)
{
	enum level *worst = ctx;

	(void)group, (void)what, (void)count;
	if (level > *worst)
		*worst = level;
}

enum level
alert_judge(const struct report *r)
{
	enum level worst = LEVEL_OK;

	if (r->trouble || !r->now)
		return LEVEL_UNKNOWN;
	for_alerts(r, keep_worst, &worst);
	return worst;
}

/*
 * The keys of a row, a blank behind each; what would end them by number, as a
 * character of any word.
 */
static void
print_keys(FILE *out, const struct report *r, const struct group *group,
    const char *special)
{
	size_t n = group ? r->now->by->ncolumns : 0;
	char escaped[ESCAPED(sizeof(report_word))];
	report_word word;

	for (size_t i = 0; i < n; i++) {
		report_get_word(r, group, &r->now->by->column[i], word);
		escape_text(escaped, word, special);
		fprintf(out, "%s ", escaped);
	}
}

/* What is told of one level, after another. */
struct telling {
	FILE *out;
	const struct report *report;
	const char *before;
	enum level level;
	unsigned told, untold;
};

static void
tell(void *ctx, const struct group *group, unsigned what, uint64_t count,
    enum level level)
{
	struct telling *t = ctx;
	const struct range *range = &t->report->thresholds->range[level][what];

	if (level != t->level)
		return;
	if (t->told == ALERTS_TOLD) {
		t->untold++;
		return;
	}
	fputs(t->told++ > 0 ? ", " : t->before, t->out);
	print_keys(t->out, t->report, group, "|");
	fprintf(t->out, "%s %" PRIu64, threshold_name(what), count);
	if (range->inside)
		fprintf(t->out, " inside %s", range->text + 1);
	else if (count > range->end)
		fprintf(t->out, " above %" PRIu64, range->end);
	else
		fprintf(t->out, " below %" PRIu64, range->start);
}

/* What is wrong, the worst first, after some text; false if nothing is. */
static bool
print_alerts(FILE *out, const struct report *r, const char *before)
{
	struct telling t = {.out = out, .report = r, .before = before};

	for (t.level = LEVEL_CRITICAL; t.level > LEVEL_OK; t.level--)
		for_alerts(r, tell, &t);
	if (t.untold > 0)
		fprintf(out, ", and %u more", t.untold);
	return t.told > 0;
}

/* What follows a | would be performance data. */
static void
print_message(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		fprintf(
		    out, *text == '|' ? "\\%03o" : "%c", (unsigned char)*text);
}

static void
print_status(FILE *out, const struct report *r)
{
	enum level level = alert_judge(r);

	fprintf(out, "%s - ", level_names[level]);
	if (level == LEVEL_UNKNOWN)
		print_message(
		    out, r->trouble ? r->trouble : "nothing was counted");
	if (r->now && print_alerts(out, r, r->trouble ? ", " : ""))
		return;
	if (level == LEVEL_OK)
		fprintf(out, "%" PRIu64 " sockets", tally_total(r->now));
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

/* 'LABEL'=VALUE;WARN;CRIT;MIN of a count. */
static void
print_performance(FILE *out, const struct report *r, const struct group *group,
    unsigned what)
{
	const char *quote = group ? "'" : "";

	fprintf(out, " %s", quote);
	print_keys(out, r, group, "|'=");
	fprintf(out, "%s%s=%" PRIu64, threshold_name(what), quote,
	    get_count(r, group, what));
	for (enum level level = LEVEL_WARNING; level <= LEVEL_CRITICAL;
	     level++) {
		const char *text = r->thresholds->range[level][what].text;

		fprintf(out, ";%s", text ? text : "");
	}
	fputs(";0", out);
}

/* Of totals all states; of a row those that occur, or have a threshold. */
static void
print_row(FILE *out, const struct report *r, const struct group *group)
{
	for (unsigned i = 0; i < NTHRESHOLDS; i++) {
		unsigned what = threshold_at(i);
		bool shown = what == THRESHOLD_TOTAL ||
		    (!group && what != STATE_UNKNOWN) ||
		    get_count(r, group, what) > 0 ||
		    r->thresholds->range[LEVEL_WARNING][what].text ||
		    r->thresholds->range[LEVEL_CRITICAL][what].text;

		if (shown)
			print_performance(out, r, group, what);
	}
}

void
alert_nagios(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct group *group;
	struct report_rows rows;
	size_t i = 0;

	(void)mode;
	fputs("TCPSTATE ", out);
	print_status(out, r);
	if (r->now && (!r->now->by || r->now->groups.n > 0))
		fputs(" |", out);
	if (r->now && r->now->by) {
		report_take_rows(&rows, r);
		while ((group = report_next_row(&rows, &i)))
			print_row(out, r, group);
	} else if (r->now)
		print_row(out, r, NULL);
	fputc('\n', out);
}

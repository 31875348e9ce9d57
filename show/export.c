/*
 * Formats for other programs.  Each escapes what comes from outside in its own
 * way; none has an order or a number that depends on where it runs.
 */
#include "show/export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * The time of the sample, in UTC (RFC 3339): of one of many to the
 * millisecond, as there may be some in one second.
 */
static void
print_time(FILE *out, enum report_mode mode, const struct report *r)
{
	char text[32];
	struct tm tm;

	if (!gmtime_r(&r->time.tv_sec, &tm) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		return;
	fputs(text, out);
	if (mode == REPORT_APPEND)
		fprintf(out, ".%03ld", (long)r->time.tv_nsec / 1000000);
	fputc('Z', out);
}

/* What is no UTF-8 becomes the replacement character. */
static void
print_json_string(FILE *out, const char *text)
{
	fputc('"', out);
	while (*text != '\0') {
		uint32_t code = 0;
		size_t len = escape_decode(text, &code);

		if (len == 0)
			fputs("\\ufffd", out);
		else if (code == '"' || code == '\\')
			fprintf(out, "\\%c", *text);
		else if (escape_is_control(code))
			fprintf(out, "\\u%04" PRIx32, code);
		else
			fwrite(text, 1, len, out);
		text += len > 0 ? len : 1;
	}
	fputc('"', out);
}

/* A member of an object, with a comma before all but the first. */
static void
print_json_name(FILE *out, const char *name, bool first)
{
	fprintf(out, first ? "" : ",");
	print_json_string(out, name);
	fputc(':', out);
}

/*
 * An object of all states, in the order of a life.  get() gives the number of
 * one, out of ctx; with_unknown, the states that have no name too.
 */
static void
print_json_states(FILE *out, bool with_unknown,
    int64_t (*get)(const void *ctx, unsigned slot), const void *ctx)
{
	fputc('{', out);
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (s == STATE_UNKNOWN && !with_unknown)
			continue;
		print_json_name(out, state_names[s].netstat, i == 0);
		fprintf(out, "%" PRId64, get(ctx, s));
	}
	fputc('}', out);
}

static int64_t
get_count(const void *ctx, unsigned slot)
{
	return (int64_t)tally_count(ctx, slot);
}

static int64_t
get_tcp(const void *ctx, unsigned slot)
{
	return (int64_t)((const struct tally *)ctx)->count[FAMILY_TCP][slot];
}

static int64_t
get_tcp6(const void *ctx, unsigned slot)
{
	return (int64_t)((const struct tally *)ctx)->count[FAMILY_TCP6][slot];
}

static int64_t
get_change(const void *ctx, unsigned slot)
{
	return tally_change(ctx, slot);
}

static int64_t
get_group(const void *ctx, unsigned slot)
{
	return (int64_t)((const struct group *)ctx)->count[slot];
}

static void
print_json_queue(FILE *out, const struct group *group)
{
	fprintf(out, "\"queue\":%" PRIu64 ",\"limit\":", group->backlog.queue);
	if (group->backlog.limit == BACKLOG_NO_LIMIT)
		fputs("null,", out);
	else
		fprintf(out, "%" PRIu64 ",", group->backlog.limit);
}

static void
print_json_group(FILE *out, const struct report *r, const struct group *group)
{
	const struct key_set *by = r->now->by;
	char text[KEY_TEXT];
	bool named;

	fputs("{\"key\":{", out);
	for (size_t i = 0; i < by->ncolumns; i++) {
		named = report_key_text(r, group, &by->column[i], text);
		print_json_name(out, by->column[i].title, i == 0);
		if (!named && strcmp(text, "-") == 0)
			fputs("null", out);
		else if (named && by->column[i].number)
			fputs(text, out);
		else
			print_json_string(out, text);
	}
	fputs("},", out);
	if (by->listeners)
		print_json_queue(out, group);
	fputs("\"states\":", out);
	print_json_states(out, tally_has_unknown(r->now), get_group, group);
	fprintf(out, ",\"total\":%" PRIu64 "}", group->total);
}

void
export_json(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct tally *t = r->now;
	bool unknown = tally_has_unknown(t);
	const struct group *group;
	struct report_rows rows;
	size_t i = 0;
	bool first = true;

	fputs("{\"time\":\"", out);
	print_time(out, mode, r);
	fprintf(out, "\",\"source\":\"%s\",\"states\":", t->source);
	print_json_states(out, unknown, get_count, t);
	fputs(",\"tcp\":", out);
	print_json_states(out, unknown, get_tcp, t);
	fputs(",\"tcp6\":", out);
	print_json_states(out, unknown, get_tcp6, t);
	fprintf(out, ",\"total\":%" PRIu64, tally_total(t));
	if (t->compared) {
		fprintf(out,
		    ",\"interval\":%" PRId64 ".%09" PRId64 ",\"delta\":",
		    r->interval / 1000000000, r->interval % 1000000000);
		print_json_states(out, unknown, get_change, t);
	}
	if (t->by) {
		fputs(",\"groups\":[", out);
		report_take_rows(&rows, r);
		while ((group = report_next_row(&rows, &i))) {
			fputs(first ? "" : ",", out);
			print_json_group(out, r, group);
			first = false;
		}
		fputc(']', out);
	}
	fputs("}\n", out);
}

/* A field, in quotes where it needs them (RFC 4180). */
static void
print_csv_field(FILE *out, const char *text)
{
	if (text[strcspn(text, "\",\r\n")] == '\0') {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text != '\0'; text++)
		fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
	fputc('"', out);
}

/*
 * Whether there is a column for states without a name.  A log must keep the
 * columns that it began with.
 */
static bool
has_unknown_column(enum report_mode mode, const struct report *r)
{
	return mode == REPORT_APPEND || tally_has_unknown(r->now);
}

static void
print_csv_header(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct key_set *by = r->now->by;

	fputs(mode == REPORT_APPEND ? "time," : "", out);
	for (size_t i = 0; by && i < by->ncolumns; i++)
		fprintf(out, "%s,", by->column[i].title);
	if (by && by->listeners)
		fputs("queue,limit,", out);
	for (unsigned i = 0; i < NSTATES; i++)
		if (state_order[i] != STATE_UNKNOWN ||
		    has_unknown_column(mode, r))
			fprintf(
			    out, "%s,", state_names[state_order[i]].netstat);
	fputs("TOTAL\r\n", out);
}

/* What is not known is empty. */
static void
print_csv_queue(FILE *out, const struct group *group)
{
	fprintf(out, "%" PRIu64 ",", group->backlog.queue);
	if (group->backlog.limit != BACKLOG_NO_LIMIT)
		fprintf(out, "%" PRIu64, group->backlog.limit);
	fputc(',', out);
}

/* A row of all states: of a group, or, where that is NULL, of everything. */
static void
print_csv_row(FILE *out, enum report_mode mode, const struct report *r,
    const struct group *group)
{
	const struct key_set *by = r->now->by;
	report_word text;

	if (mode == REPORT_APPEND) {
		print_time(out, mode, r);
		fputc(',', out);
	}
	for (size_t i = 0; group && i < by->ncolumns; i++) {
		report_get_text(r, group, &by->column[i], text);
		print_csv_field(out, text);
		fputc(',', out);
	}
	if (group && by->listeners)
		print_csv_queue(out, group);
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		uint64_t count =
		    group ? group->count[s] : tally_count(r->now, s);

		if (s != STATE_UNKNOWN || has_unknown_column(mode, r))
			fprintf(out, "%" PRIu64 ",", count);
	}
	fprintf(out, "%" PRIu64 "\r\n",
	    group ? group->total : tally_total(r->now));
}

void
export_csv(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct group *group;
	struct report_rows rows;
	size_t i = 0;

	if (!r->no_header && !r->now->compared)
		print_csv_header(out, mode, r);
	if (!r->now->by) {
		print_csv_row(out, mode, r, NULL);
		return;
	}
	report_take_rows(&rows, r);
	while ((group = report_next_row(&rows, &i)))
		print_csv_row(out, mode, r, group);
}

/* A label, as the text exposition format has it, and a comma behind it. */
static void
print_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value != '\0'; value++)
		fprintf(out, strchr("\"\\", *value) ? "\\%c" : "%c", *value);
	fputs("\",", out);
}

static void
print_gauge(FILE *out, unsigned slot, uint64_t count)
{
	fprintf(out, "state=\"%s\"} %" PRIu64 "\n", state_names[slot].netstat,
	    count);
}

/* The keys of a group; a comma is behind each, where another may follow. */
static void
print_key_labels(FILE *out, const struct report *r, const struct group *group)
{
	const struct key_set *by = r->now->by;
	report_word text;

	for (size_t i = 0; i < by->ncolumns; i++) {
		report_get_text(r, group, &by->column[i], text);
		print_label(out, by->column[i].title, text);
	}
}

static void
print_group_gauges(
    FILE *out, const struct report *r, const struct group *group)
{
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (!report_has_state(r, s))
			continue;
		fputs("tcpstate_sockets{", out);
		print_key_labels(out, r, group);
		print_gauge(out, s, group->count[s]);
	}
}

/* One more gauge of listeners; those without a limit have none. */
static void
print_queue_gauges(FILE *out, const struct report *r, bool limit)
{
	const char *name =
	    limit ? "tcpstate_listen_queue_limit" : "tcpstate_listen_queue";
	const struct group *group;
	struct report_rows rows;
	size_t i = 0;

	fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name,
	    limit ? "The most connections that may wait to be accepted."
		  : "Connections that wait to be accepted.",
	    name);
	report_take_rows(&rows, r);
	while ((group = report_next_row(&rows, &i))) {
		uint64_t n =
		    limit ? group->backlog.limit : group->backlog.queue;

		if (n == BACKLOG_NO_LIMIT)
			continue;
		fprintf(out, "%s{", name);
		print_key_labels(out, r, group);
		fprintf(out, "} %" PRIu64 "\n", n);
	}
}

void
export_prometheus(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct group *group;
	struct report_rows rows;
	size_t i = 0;

	(void)mode;
	fputs("# HELP tcpstate_sockets TCP sockets by state.\n"
	      "# TYPE tcpstate_sockets gauge\n",
	    out);
	if (r->now->by) {
		report_take_rows(&rows, r);
		while ((group = report_next_row(&rows, &i)))
			print_group_gauges(out, r, group);
		for (int limit = 0; r->now->by->listeners && limit < 2;
		     limit++)
			print_queue_gauges(out, r, limit);
		return;
	}
	for (unsigned f = 0; f < NFAMILIES; f++)
		for (unsigned place = 0; place < NSTATES; place++) {
			unsigned s = state_order[place];

			if (!report_has_state(r, s))
				continue;
			fputs("tcpstate_sockets{", out);
			print_label(out, "family", family_names[f]);
			print_gauge(out, s, r->now->count[f][s]);
		}
}

/*
 * The counts in Prometheus's text exposition format.
 */
#include "show/prometheus.h"

#include "lib/print.h"
#include "lib/version.h"
#include "show/encode.h"

#include <inttypes.h>
#include <string.h>

/* Room for a label's name, and a value if each byte of it is escaped. */
enum { LABEL_SIZE = 32 + 2 * sizeof(report_word) };

/* The labels of a row's key. */
typedef char key_labels[KEY_COLUMNS_MAX * LABEL_SIZE];

static void
make_key_labels(
    key_labels labels, const struct report *r, const struct row *row)
{
	const struct key_set *by = r->now->by;
	report_word text;
	char *end = labels;

	for (size_t i = 0; i < by->ncolumns; i++) {
		report_get_text(r, row, &by->column[i], text);
		end = append_label(end, by->column[i].title, text);
	}
}

/* Prints the gauges of a row. */
static void
print_states(FILE *out, const struct report *r, const struct row *row,
    const char *labels)
{
	char start[sizeof(key_labels) + 32];

	strcpy(stpcpy(start, "tcpstate_sockets{"), labels);
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		char end[64], *p;

		if (!report_has_field(r, s))
			continue;
		p = stpcpy(stpcpy(end, "state=\""), field_name(s));
		p = append_number(stpcpy(p, "\"} "), row->count[s]);
		strcpy(p, "\n");
		print_text(out, start);
		print_text(out, end);
	}
}

/* Prints the gauges of all rows or, without grouping, of each family. */
static void
print_sockets(FILE *out, const struct report *r)
{
	const struct row *row;
	struct report_rows rows;
	key_labels labels;
	size_t i = 0;

	print_gauge(out, "tcpstate_sockets", "TCP sockets by state.");
	for (unsigned f = 0; !r->now->by && f < NFAMILIES; f++) {
		append_label(labels, "family", family_names[f]);
		print_states(out, r, &r->now->family[f], labels);
	}
	if (!r->now->by)
		return;
	report_rows_init(&rows, r);
	while ((row = report_next_row(&rows, &i))) {
		make_key_labels(labels, r, row);
		print_states(out, r, row, labels);
	}
}

/* Prints a gauge of each listener, except of unknown values. */
static void
print_queue_gauge(FILE *out, const struct report *r, unsigned field,
    const char *name, const char *help)
{
	const struct row *row;
	struct report_rows rows;
	key_labels labels;
	size_t i = 0;

	print_gauge(out, name, help);
	report_rows_init(&rows, r);
	while ((row = report_next_row(&rows, &i))) {
		struct report_value v = report_value(r, row, field);

		if (v.unknown)
			continue;
		make_key_labels(labels, r, row);
		print_gauge_sample(out, name, labels, v.count);
	}
}

/* Prints when the sockets were counted, in seconds since 1970. */
static void
print_timestamp(FILE *out, const struct timespec *time)
{
	static const char name[] = "tcpstate_sample_timestamp_seconds";

	print_gauge(out, name, "When the sockets were counted.");
	fprintf(out, "%s %jd.%03ld\n", name, (intmax_t)time->tv_sec,
	    (long)time->tv_nsec / 1000000);
}

static void
print_build_info(FILE *out)
{
	static const char name[] = "tcpstate_build_info";
	char labels[128];

	append_label(labels, "version", version);
	print_gauge(out, name, "The version of tcpstate.");
	print_gauge_sample(out, name, labels, 1);
}

void
prometheus_queues(FILE *out, const struct report *r)
{
	print_queue_gauge(out, r, FIELD_QUEUE, "tcpstate_listen_queue",
	    "Connections that wait to be accepted.");
	print_queue_gauge(out, r, FIELD_LIMIT, "tcpstate_listen_queue_limit",
	    "The most connections that may wait to be accepted.");
}

void
prometheus_counts(FILE *out, enum report_mode mode, const struct report *r)
{
	(void)mode;
	print_build_info(out);
	/* The same files make the same output, whenever it is. */
	if (!r->saved)
		print_timestamp(out, &r->time);
	print_sockets(out, r);
	if (r->now->by && r->now->by->listeners)
		prometheus_queues(out, r);
}

/*
 * Formats of one count a line: the log of watch mode, the total, and the
 * output of the awk one-liners after netstat and ss.
 */
#include "show/lines.h"

#include "lib/print.h"
#include "show/encode.h"

struct log {
	FILE *out;
	const struct report *report;
	char time[LOG_TIME];
};

/* Prints a line of the log: time, key, field, count and delta. */
static void
print_change_line(const struct log *log, const struct row *row, unsigned field)
{
	const struct report *r = log->report;
	struct report_value v = report_value(r, row, field);
	report_label label;
	report_word key;

	print_text(log->out, log->time);
	for (size_t i = 0; r->now->by && i < r->now->by->ncolumns; i++) {
		report_get_word(r, row, &r->now->by->column[i], key);
		print_char(log->out, ' ');
		print_text(log->out, key);
	}
	print_char(log->out, ' ');
	print_text(log->out, report_label_field(r, field, label));
	print_char(log->out, ' ');
	print_number(log->out, v.count);
	if (r->now->before) {
		print_char(log->out, ' ');
		print_change(log->out, 0, v.delta);
	}
	if (field == FIELD_QUEUE && row->full)
		print_text(log->out, " FULL");
	print_char(log->out, '\n');
}

static bool
is_logged(unsigned field)
{
	return field != FIELD_TOTAL && field != FIELD_LIMIT;
}

static void
log_totals(const struct log *log)
{
	const struct report *r = log->report;

	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		struct report_value v;

		if (!report_shows_state(r, s))
			continue;
		v = report_value(r, &r->now->all, s);
		if (r->first || v.delta != 0)
			print_change_line(log, &r->now->all, s);
	}
}

/* Returns the fields of a row that are not 0, now or previously: a mask. */
static unsigned
fields_of(const struct report *r, const struct row *row, bool before)
{
	unsigned mask = 0;

	for (unsigned f = 0; f < NFIELDS; f++) {
		struct report_value v = report_value(r, row, f);

		if ((int64_t)v.count - (before ? v.delta : 0) > 0)
			mask |= 1u << f;
	}
	return mask;
}

/* Logs the fields of a row that changed, and all those of a mask. */
static void
log_row(
    const struct log *log, const struct row *row, unsigned mask, bool turned)
{
	const struct report *r = log->report;

	for (unsigned i = 0; i < NFIELDS; i++) {
		unsigned f = field_at(i);

		if (is_logged(f) && report_has_field(r, f) &&
		    (report_value(r, row, f).delta != 0 || mask >> f & 1 ||
			(f == FIELD_QUEUE && turned)))
			print_change_line(log, row, f);
	}
}

/*
 * Logs the rows that changed.  A row that was listed once stays listed while
 * it has sockets: otherwise its last line would be out of date as soon as its
 * sockets count among the others.  When a row becomes listed, logs all its
 * fields and all fields of the others, even those that are now 0.
 */
static void
log_rows(const struct log *log)
{
	const struct report *r = log->report;
	bool relisted = false;
	struct report_sum others;
	unsigned left = 0;

	report_sum_init(&others);
	for (size_t i = 0; i < r->now->nrows; i++) {
		const struct row *row = r->now->row[i];
		bool entered =
		    row->listed && row->before && !row->before->listed;

		if (entered)
			left |= fields_of(r, row, true);
		relisted |= entered;
		if (row->listed)
			log_row(log, row,
			    r->first || entered ? fields_of(r, row, false) : 0,
			    row->before && row->before->full != row->full);
		else
			report_sum_add(&others, row);
	}
	if (r->first || relisted)
		left |= fields_of(r, &others.row, false);
	log_row(log, &others.row, left, others.turned);
}

void
lines_log(FILE *out, enum report_mode mode, const struct report *r)
{
	struct log log = {.out = out, .report = r};

	(void)mode;
	make_log_time(&r->time, log.time);
	if (r->now->by)
		log_rows(&log);
	else
		log_totals(&log);
}

void
lines_count(FILE *out, enum report_mode mode, const struct report *r)
{
	(void)mode;
	print_number(out, r->now->all.total);
	print_char(out, '\n');
}

/* Prints the states that occur, one a line, except those without a name. */
static void
print_block(FILE *out, enum report_mode mode, const struct report *r,
    const char *(*name)(const struct report *, unsigned, report_label))
{
	report_label label;

	if (mode == REPORT_APPEND && r->now->before)
		print_char(out, '\n');
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (r->now->all.count[s] == 0 || !name(r, s, label))
			continue;
		print_text(out, name(r, s, label));
		print_char(out, ' ');
		print_number(out, r->now->all.count[s]);
		print_char(out, '\n');
	}
}

/* netstat -n, without -a, omits listeners. */
static const char *
netstat_name(const struct report *r, unsigned slot, report_label label)
{
	return slot == TCP_LISTEN ? NULL : report_label_field(r, slot, label);
}

void
lines_netstat(FILE *out, enum report_mode mode, const struct report *r)
{
	print_block(out, mode, r, netstat_name);
}

static const char *
ss_name(const struct report *r, unsigned slot, report_label label)
{
	return slot == STATE_UNKNOWN ? report_label_field(r, slot, label)
				     : state_names[slot].ss;
}

void
lines_ss(FILE *out, enum report_mode mode, const struct report *r)
{
	print_block(out, mode, r, ss_name);
}

/*
 * Formats for other programs.  Each escapes untrusted text in its own way.
 * Their output does not depend on the locale.
 */
#include "show/export.h"

#include "lib/print.h"
#include "show/encode.h"

#include <inttypes.h>
#include <string.h>

/* Prints an object of all states of a row, or of their deltas. */
static void
print_json_states(
    FILE *out, const struct report *r, const struct row *row, bool deltas)
{
	char text[NSTATES * 64], *end = text;

	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		int64_t delta = deltas ? report_value(r, row, s).delta : 0;

		if (!report_has_field(r, s))
			continue;
		end = append_json_name(
		    end, end == text ? "{" : ",", field_name(s));
		if (delta < 0)
			*end++ = '-';
		end = append_number(end,
		    !deltas	    ? row->count[s]
			: delta < 0 ? -(uint64_t)delta
				    : (uint64_t)delta);
	}
	strcpy(end, "}");
	print_text(out, text);
}

static void
print_json_key(FILE *out, const struct report *r, const struct row *row)
{
	const struct key_set *by = r->now->by;

	for (size_t i = 0; i < by->ncolumns; i++) {
		const struct key_column *column = &by->column[i];
		char text[KEY_TEXT];
		bool named = report_key_text(r, row, column, text);

		print_json_name(out, i > 0 ? "," : "{", column->title);
		if (!named && strcmp(text, "-") == 0)
			print_text(out, "null");
		else if (named && column->number)
			print_text(out, text);
		else
			print_json_string(out, text);
	}
	print_char(out, '}');
}

static void
print_json_row(FILE *out, const struct report *r, const struct row *row)
{
	print_json_name(out, "{", "key");
	print_json_key(out, r, row);
	/* A name may read like the key of this row. */
	if (row->other) {
		print_json_name(out, ",", "other");
		print_text(out, "true");
	}
	if (r->now->by->listeners) {
		print_json_name(out, ",", "queue");
		print_number(out, row->queue);
		print_json_name(out, ",", "limit");
		if (row->limit == NO_LIMIT)
			print_text(out, "null");
		else
			print_number(out, row->limit);
	}
	print_json_name(out, ",", "states");
	print_json_states(out, r, row, false);
	print_json_name(out, ",", "total");
	print_number(out, row->total);
	if (r->now->before) {
		print_json_name(out, ",", "delta");
		print_json_states(out, r, row, true);
	}
	print_char(out, '}');
}

static void
print_json_rows(FILE *out, const struct report *r)
{
	const char *before = "";
	const struct row *row;
	struct report_rows rows;
	size_t i = 0;

	report_rows_init(&rows, r);
	print_json_name(out, ",", "groups");
	print_char(out, '[');
	while ((row = report_next_row(&rows, &i))) {
		print_text(out, before);
		print_json_row(out, r, row);
		before = ",";
	}
	print_char(out, ']');
}

void
export_json(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct tally *t = r->now;

	print_json_sample(out, mode, &r->time, t->source);
	print_json_name(out, ",", "states");
	print_json_states(out, r, &t->all, false);
	for (unsigned f = 0; f < NFAMILIES; f++) {
		print_json_name(out, ",", family_names[f]);
		print_json_states(out, r, &t->family[f], false);
	}
	print_json_name(out, ",", "total");
	print_number(out, t->all.total);
	if (t->before) {
		if (r->interval != 0) {
			print_json_name(out, ",", "interval");
			print_seconds(out, r->interval);
		}
		print_json_name(out, ",", "delta");
		print_json_states(out, r, &t->all, true);
	}
	if (t->by)
		print_json_rows(out, r);
	print_text(out, "}\n");
}

/* A stream always has UNKNOWN: its columns must not change. */
static bool
has_csv_field(enum report_mode mode, const struct report *r, unsigned field)
{
	return (field == STATE_UNKNOWN && mode == REPORT_APPEND) ||
	    report_has_field(r, field);
}

/* Names a column: states in upper case, queues and keys in lower case. */
static const char *
csv_name(unsigned field)
{
	return field == FIELD_QUEUE ? "queue"
	    : field == FIELD_LIMIT  ? "limit"
				    : field_name(field);
}

/* A limit has no change. */
static bool
has_csv_delta(enum report_mode mode, const struct report *r, unsigned field)
{
	return r->baseline && field != FIELD_LIMIT &&
	    has_csv_field(mode, r, field);
}

static void
print_csv_header(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct key_set *by = r->now->by;
	const char *before = "";

	if (mode == REPORT_APPEND)
		print_text(out, "time,");
	for (size_t i = 0; by && i < by->ncolumns; i++) {
		print_text(out, by->column[i].title);
		print_char(out, ',');
	}
	for (unsigned i = 0; i < NFIELDS; i++)
		if (has_csv_field(mode, r, field_at(i))) {
			print_text(out, before);
			print_text(out, csv_name(field_at(i)));
			before = ",";
		}
	for (unsigned i = 0; i < NFIELDS; i++)
		if (has_csv_delta(mode, r, field_at(i))) {
			print_text(out, ",delta_");
			print_text(out, csv_name(field_at(i)));
		}
	print_text(out, "\r\n");
}

/* Prints the counts of a row; an unknown value is an empty field. */
static void
print_csv_counts(FILE *out, enum report_mode mode, const struct report *r,
    const struct row *row)
{
	const char *before = "";

	for (unsigned i = 0; i < NFIELDS; i++) {
		struct report_value v;

		if (!has_csv_field(mode, r, field_at(i)))
			continue;
		v = report_value(r, row, field_at(i));
		print_text(out, before);
		if (!v.unknown)
			print_number(out, v.count);
		before = ",";
	}
	for (unsigned i = 0; i < NFIELDS; i++)
		if (has_csv_delta(mode, r, field_at(i)))
			fprintf(out, ",%" PRId64,
			    report_value(r, row, field_at(i)).delta);
}

static void
print_csv_row(FILE *out, enum report_mode mode, const struct report *r,
    const struct row *row)
{
	const struct key_set *by = r->now->by;
	report_word text;

	if (mode == REPORT_APPEND) {
		print_time(out, mode, &r->time);
		print_char(out, ',');
	}
	for (size_t i = 0; by && i < by->ncolumns; i++) {
		report_get_text(r, row, &by->column[i], text);
		print_csv_field(out, text);
		print_char(out, ',');
	}
	print_csv_counts(out, mode, r, row);
	print_text(out, "\r\n");
}

void
export_csv(FILE *out, enum report_mode mode, const struct report *r)
{
	const struct row *row;
	struct report_rows rows;
	size_t i = 0;

	if (!r->no_header && r->first)
		print_csv_header(out, mode, r);
	if (!r->now->by) {
		print_csv_row(out, mode, r, &r->now->all);
		return;
	}
	report_rows_init(&rows, r);
	while ((row = report_next_row(&rows, &i)))
		print_csv_row(out, mode, r, row);
}

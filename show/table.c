/*
 * Prints tables: lines of keys and counts.  On a screen it shortens keys and
 * hides columns and rows so that they fit; it never cuts a number.
 */
#include "show/table.h"

#include "lib/print.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A column of counts. */
struct column {
	const char *title;
	unsigned gap;	/* blanks before it */
	unsigned width; /* of the counts */
	unsigned delta; /* width of the deltas; 0: not shown */
	uint64_t sum;	/* of the counts; the smallest is hidden first */
	bool keep;	/* hide it last */
	bool hidden;	/* there is no room for it */
};

/* The share and the bar after a state's counts, if a terminal has room. */
struct bars {
	uint64_t total;
	bool share;
	unsigned length; /* of a bar for the total; 0: no bars */
};

/* A column of a key. */
struct key {
	const struct key_column *column; /* NULL: the states of the totals */
	unsigned width;
};

enum { COLUMNS_MAX = NFIELDS, TABLE_KEYS_MAX = KEY_COLUMNS_MAX };

struct table {
	FILE *out;
	const struct report *report;
	unsigned width; /* of the screen; 0: no limit */
	struct key key[TABLE_KEYS_MAX];
	size_t nkeys, nfirst; /* all keys; those before the counts */
	struct column column[COLUMNS_MAX];
	size_t ncolumns;
	unsigned field[COLUMNS_MAX]; /* of each column of a breakdown */
	bool full;		     /* a line has the mark FULL */
	struct bars bars;
	report_label unknown; /* the title of UNKNOWN's column */
};

struct line {
	report_word key[TABLE_KEYS_MAX];
	struct report_value value[COLUMNS_MAX];
	const char *colour; /* an SGR code, or NULL */
	bool full;
	bool bar; /* print a share and a bar of the last value */
};

/* Fills in the i-th line; ctx is print_table()'s. */
typedef void line_maker(
    const struct table *table, const void *ctx, size_t i, struct line *line);

static unsigned
digits(uint64_t n)
{
	unsigned width = 1;

	for (; n >= 10; n /= 10)
		width++;
	return width;
}

static unsigned
longer(unsigned width, const char *text)
{
	size_t len = strlen(text);

	return len > width ? (unsigned)len : width;
}

/* Cuts a word that is wider than width, and ends it with ~. */
static void
shorten(char *word, unsigned width)
{
	if (strlen(word) > width)
		strcpy(word + width - 1, "~");
}

static void
print_colour(const struct table *t, const char *code)
{
	if (t->report->colour && code) {
		print_text(t->out, "\033[");
		print_text(t->out, code);
		print_char(t->out, 'm');
	}
}

static struct column *
add_column(struct table *t, const char *title, bool deltas, bool keep)
{
	struct column *column = &t->column[t->ncolumns++];

	*column = (struct column){
	    .title = title,
	    .gap = 2,
	    .width = (unsigned)strlen(title),
	    .delta = deltas ? 6 : 0,
	    .keep = keep,
	};
	return column;
}

/* Widens keys and columns for a line, and adds its counts to the sums. */
static void
measure_line(struct table *t, const struct line *line)
{
	for (size_t i = 0; i < t->nkeys; i++)
		t->key[i].width = longer(t->key[i].width, line->key[i]);
	for (size_t i = 0; i < t->ncolumns; i++) {
		struct column *column = &t->column[i];
		const struct report_value *v = &line->value[i];
		unsigned width = v->unknown ? 1 : digits(v->count);
		unsigned delta = 1 + digits((uint64_t)llabs(v->delta));

		if (width > column->width)
			column->width = width;
		if (column->delta > 0 && delta > column->delta)
			column->delta = delta;
		column->sum += v->count;
	}
	t->full |= line->full;
}

static const char full_mark[] = "  FULL";

static unsigned
line_width(const struct table *t)
{
	unsigned sum = t->full ? (unsigned)strlen(full_mark) : 0;

	for (size_t i = 0; i < t->nkeys; i++)
		sum += t->key[i].width + (i > 0 ? 2 : 0);
	for (size_t i = 0; i < t->ncolumns; i++) {
		const struct column *column = &t->column[i];

		if (!column->hidden)
			sum += column->gap + column->width +
			    (column->delta > 0 ? 1 + column->delta : 0);
	}
	return sum;
}

/* Whether a key is a number, such as a port, which must not be shortened. */
static bool
is_number(const struct key *key)
{
	return key->column && key->column->number;
}

/* Keys are shortened to 11 characters at first, to 4 in the end. */
enum { KEY_ENOUGH = 11, KEY_LEAST = 4 };

/* Shortens the widest keys, to least at most, until the line fits. */
static void
shorten_keys(struct table *t, unsigned least)
{
	while (line_width(t) > t->width) {
		struct key *widest = NULL;

		for (size_t i = 0; i < t->nkeys; i++)
			if (!is_number(&t->key[i]) &&
			    t->key[i].width > least &&
			    (!widest || t->key[i].width > widest->width))
				widest = &t->key[i];
		if (!widest)
			return;
		widest->width--;
	}
}

/* Hides columns without keep, the smallest sum first, until the line fits. */
static void
hide_columns(struct table *t)
{
	while (line_width(t) > t->width) {
		struct column *least = NULL;

		for (size_t i = 0; i < t->ncolumns; i++)
			if (!t->column[i].hidden && !t->column[i].keep &&
			    (!least || t->column[i].sum <= least->sum))
				least = &t->column[i];
		if (!least)
			return;
		least->hidden = true;
	}
}

/*
 * Makes the lines fit, step by step: hides columns without keep, shortens
 * keys, hides deltas, shortens keys further, hides columns after the first
 * visible one.  Returns whether they fit now.
 */
static bool
fit_lines(struct table *t)
{
	bool first = true;

	if (t->width == 0)
		return true;
	hide_columns(t);
	shorten_keys(t, KEY_ENOUGH);
	if (line_width(t) > t->width)
		for (size_t i = 0; i < t->ncolumns; i++)
			t->column[i].delta = 0;
	shorten_keys(t, KEY_LEAST);
	for (size_t i = 0; i < t->ncolumns; i++) {
		if (line_width(t) > t->width && !first)
			t->column[i].hidden = true;
		first &= t->column[i].hidden;
	}
	return line_width(t) <= t->width;
}

static bool
has_titles(const struct report *r)
{
	return !r->no_header && r->height != 1;
}

/* Whether there is a line for the names of hidden columns. */
static bool
has_note(const struct report *r)
{
	return r->height == 0 || r->height > 3;
}

static bool
has_hidden_column(const struct table *t)
{
	for (size_t i = 0; i < t->ncolumns; i++)
		if (t->column[i].hidden)
			return true;
	return false;
}

/* Prints the titles of hidden columns, if there is a line for them. */
static void
print_hidden(const struct table *t)
{
	char line[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < t->ncolumns; i++)
		if (t->column[i].hidden && len < sizeof(line))
			len += (size_t)snprintf(line + len, sizeof(line) - len,
			    "%s%s", len > 0 ? ", " : "no room for: ",
			    t->column[i].title);
	if (len > 0 && has_note(t->report))
		report_print_line(t->out, t->report, line);
}

/* Widths of the column "   SHARE", of the gap after it, and of bars. */
enum { SHARE_WIDTH = 8, BAR_GAP = 2, BAR_MIN = 4, BAR_MAX = 50 };

static struct bars
make_bars(const struct report *r, unsigned used, uint64_t total)
{
	struct bars bars = {.total = total > 0 ? total : 1};

	used += SHARE_WIDTH;
	bars.share = used <= r->width;
	used += BAR_GAP;
	if (used + BAR_MIN <= r->width)
		bars.length = r->width - used;
	if (bars.length > BAR_MAX)
		bars.length = BAR_MAX;
	return bars;
}

/* Prints a share, rounded down (only all sockets are 100%), and a bar. */
static void
print_bar(FILE *out, const struct bars *bars, uint64_t count, bool utf8)
{
	static const char *const eighths[] = {"", "\u258f", "\u258e", "\u258d",
	    "\u258c", "\u258b", "\u258a", "\u2589"};
	unsigned tenths = (unsigned)(count * 1000 / bars->total);
	uint64_t length = count * bars->length * 8 / bars->total;

	if (bars->share && tenths == 0 && count > 0)
		fputs("   <0.1%", out);
	else if (bars->share)
		fprintf(out, "  %3u.%u%%", tenths / 10, tenths % 10);
	if (length > 0)
		print_blanks(out, BAR_GAP);
	for (; length >= 8; length -= 8)
		fputs(utf8 ? "\u2588" : "#", out);
	if (utf8)
		fputs(eighths[length], out);
}

/* Prints the keys at from to to - 1; numbers are aligned right. */
static void
print_keys(const struct table *t, struct line *line, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		unsigned width = t->key[i].width;

		shorten(line->key[i], width);
		print_blanks(t->out, i > 0 ? 2 : 0);
		if (is_number(&t->key[i]))
			print_right(t->out, width, line->key[i]);
		else
			print_left(
			    t->out, i < t->nfirst ? width : 0, line->key[i]);
	}
}

static void
print_values(const struct table *t, const struct line *line)
{
	for (size_t i = 0; i < t->ncolumns; i++) {
		const struct column *column = &t->column[i];
		unsigned width = column->gap + column->width;

		if (column->hidden)
			continue;
		if (line->value[i].unknown)
			print_right(t->out, width, "-");
		else
			print_number_right(
			    t->out, width, line->value[i].count);
		if (column->delta == 0)
			continue;
		print_char(t->out, ' ');
		if (line->value[i].delta != 0)
			print_change(
			    t->out, column->delta, line->value[i].delta);
		else
			print_blanks(t->out, column->delta);
	}
}

static void
print_line(const struct table *t, struct line *line)
{
	print_colour(t, line->colour);
	print_keys(t, line, 0, t->nfirst);
	print_values(t, line);
	print_keys(t, line, t->nfirst, t->nkeys);
	if (line->full) {
		print_colour(t, "1;31");
		print_text(t->out, full_mark);
		print_colour(t, "0");
	}
	if (line->bar)
		print_bar(t->out, &t->bars, line->value[t->ncolumns - 1].count,
		    t->report->utf8);
	print_colour(t, line->colour ? "0" : NULL);
	print_char(t->out, '\n');
}

static void
print_titles(const struct table *t)
{
	struct line line;

	for (size_t i = 0; i < t->nkeys; i++) {
		const char *title =
		    t->key[i].column ? t->key[i].column->title : "state";
		size_t len = strlen(title);

		for (size_t c = 0; c <= len; c++)
			line.key[i][c] =
			    (char)toupper((unsigned char)title[c]);
	}
	print_colour(t, "1");
	print_keys(t, &line, 0, t->nfirst);
	for (size_t i = 0; i < t->ncolumns; i++) {
		const struct column *column = &t->column[i];

		if (column->hidden)
			continue;
		print_right(
		    t->out, column->gap + column->width, column->title);
		print_blanks(
		    t->out, column->delta > 0 ? 1 + column->delta : 0);
	}
	print_keys(t, &line, t->nfirst, t->nkeys);
	if (t->bars.share)
		print_right(t->out, SHARE_WIDTH, "SHARE");
	print_colour(t, "0");
	print_char(t->out, '\n');
}

/* Prints n lines, which were measured, or "no room" if they do not fit. */
static void
print_table(struct table *t, line_maker *make, const void *ctx, size_t n)
{
	struct line line;

	if (!fit_lines(t)) {
		report_print_line(t->out, t->report, "no room");
		return;
	}
	if (has_titles(t->report))
		print_titles(t);
	for (size_t i = 0; i < n; i++) {
		make(t, ctx, i, &line);
		print_line(t, &line);
	}
	print_hidden(t);
}

/* The lines of the totals. */
struct totals {
	unsigned state[NSTATES]; /* states with a line of their own */
	size_t n;
	bool folded; /* the other states are summed up in a line */
	struct report_sum others[NFAMILIES + 1]; /* by column */
};

enum { TOTAL_COLUMN = NFAMILIES };

/* Returns the totals that a column shows. */
static const struct row *
column_row(const struct tally *t, unsigned column)
{
	return column == TOTAL_COLUMN ? &t->all : &t->family[column];
}

static uint64_t
state_count(const struct report *r, unsigned s)
{
	return r->now->all.count[s];
}

static void
make_state(const struct table *t, unsigned field, struct line *line)
{
	const struct report *r = t->report;
	report_label label;
	bool total = field == FIELD_TOTAL;

	strcpy(line->key[0], report_label_field(r, field, label));
	for (unsigned i = 0; i <= TOTAL_COLUMN; i++)
		line->value[i] = report_value(r, column_row(r->now, i), field);
	line->full = false;
	line->bar = !total;
	line->colour = total			   ? NULL
	    : line->value[TOTAL_COLUMN].count == 0 ? "2"
						   : "0";
}

/* A line_maker: the states with a line, "other", and TOTAL. */
static void
make_total(const struct table *t, const void *ctx, size_t i, struct line *line)
{
	const struct totals *totals = ctx;

	make_state(t, i < totals->n ? totals->state[i] : FIELD_TOTAL, line);
	if (i != totals->n || !totals->folded)
		return;
	strcpy(line->key[0], "other");
	for (unsigned c = 0; c <= TOTAL_COLUMN; c++)
		line->value[c] = report_value(
		    t->report, &totals->others[c].row, FIELD_TOTAL);
}

/* Adds a state to the others, of which only the total is used. */
static void
fold_state(struct totals *totals, const struct report *r, unsigned s)
{
	for (unsigned c = 0; c <= TOTAL_COLUMN; c++) {
		const struct row *row = column_row(r->now, c);

		totals->others[c].row.total += row->count[s];
		if (row->before)
			totals->others[c].before.total +=
			    row->before->count[s];
	}
}

/* Finds the state with the fewest sockets; of equals the last one. */
static size_t
find_fewest(const struct totals *totals, const struct report *r)
{
	size_t fewest = 0;

	for (size_t i = 0; i < totals->n; i++)
		if (state_count(r, totals->state[i]) <=
		    state_count(r, totals->state[fewest]))
			fewest = i;
	return fewest;
}

/*
 * Chooses states for room lines.  If there are too few lines, omits states
 * without sockets, and then folds those with the fewest into the others.
 */
static void
choose_states(struct totals *totals, const struct report *r, size_t room)
{
	size_t all = 0;

	for (unsigned i = 0; i < NSTATES; i++)
		all += report_has_field(r, state_order[i]);
	totals->n = 0;
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (report_has_field(r, s) &&
		    (all <= room || state_count(r, s) > 0))
			totals->state[totals->n++] = s;
	}
	totals->folded = totals->n > room && room > 0;
	for (unsigned c = 0; c <= TOTAL_COLUMN; c++)
		report_sum_init(&totals->others[c]);
	while (totals->n > 0 && totals->n + totals->folded > room) {
		size_t i = find_fewest(totals, r);

		fold_state(totals, r, totals->state[i]);
		totals->n--;
		memmove(&totals->state[i], &totals->state[i + 1],
		    (totals->n - i) * sizeof(totals->state[0]));
	}
}

/* Returns the lines left for states after titles, TOTAL and a note. */
static size_t
room_for_states(const struct table *t)
{
	const struct report *r = t->report;
	unsigned used =
	    1u + has_titles(r) + (has_hidden_column(t) && has_note(r));

	return r->height == 0  ? NSTATES
	    : r->height > used ? r->height - used
			       : 0;
}

static void
print_totals(struct table *t, bool deltas)
{
	const struct report *r = t->report;
	struct totals totals;
	struct line line;

	t->key[t->nkeys++] =
	    (struct key){.width = (unsigned)strlen("ESTABLISHED")};
	t->nfirst = t->nkeys;
	/* Numbers of up to four digits have two blanks before them. */
	add_column(t, "TCP", deltas, false)->gap = 1;
	t->column[0].width = 4;
	add_column(t, "TCP6", deltas, false);
	add_column(t, "TOTAL", deltas, true);
	for (unsigned f = 0; f <= FIELD_TOTAL; f++)
		if (report_has_field(r, f)) {
			make_state(t, f, &line);
			measure_line(t, &line);
		}
	fit_lines(t);
	choose_states(&totals, r, room_for_states(t));
	if (totals.folded) {
		make_total(t, &totals, totals.n, &line);
		measure_line(t, &line);
	}
	fit_lines(t);
	t->bars = make_bars(r, line_width(t), r->now->all.total);
	print_table(t, make_total, &totals, totals.n + totals.folded + 1);
}

static void
make_row(const struct table *t, const void *ctx, size_t i, struct line *line)
{
	const struct row *row = report_row(ctx, i);

	for (size_t k = 0; k < t->nkeys; k++)
		report_get_word(
		    t->report, row, t->key[k].column, line->key[k]);
	for (size_t c = 0; c < t->ncolumns; c++)
		line->value[c] = report_value(t->report, row, t->field[c]);
	line->full = row->full;
	line->colour = NULL;
	line->bar = false;
}

static void
add_field(struct table *t, unsigned field, bool deltas)
{
	t->field[t->ncolumns] = field;
	add_column(t, report_label_field(t->report, field, t->unknown),
	    deltas && field != FIELD_LIMIT, field >= NSTATES);
}

/* Adds the columns: of listeners a fixed list, else fields that occur. */
static void
add_fields(struct table *t, bool deltas)
{
	static const uint8_t of_listeners[] = {FIELD_QUEUE, FIELD_LIMIT,
	    TCP_SYN_RECV, TCP_ESTABLISHED, TCP_CLOSE_WAIT, TCP_TIME_WAIT};
	const struct report *r = t->report;

	if (r->now->by->listeners && !r->all_states) {
		for (size_t i = 0; i < sizeof(of_listeners); i++)
			add_field(t, of_listeners[i], deltas);
		return;
	}
	for (unsigned i = 0; i < NFIELDS; i++) {
		unsigned f = field_at(i);

		if (report_has_field(r, f) &&
		    (r->all_states || f == FIELD_TOTAL ||
			report_occurs(report_value(r, &r->now->all, f))))
			add_field(t, f, deltas);
	}
}

/* Adds the keys that come before the counts, or those that come after them. */
static void
add_keys(struct table *t, bool last)
{
	const struct key_set *by = t->report->now->by;

	for (size_t i = 0; i < by->ncolumns; i++)
		if (by->column[i].last == last)
			t->key[t->nkeys++] = (struct key){&by->column[i],
			    (unsigned)strlen(by->column[i].title)};
}

static void
print_breakdown(struct table *t, bool deltas)
{
	struct report_rows rows;
	struct line line;

	add_keys(t, false);
	t->nfirst = t->nkeys;
	add_keys(t, true);
	add_fields(t, deltas);
	report_rows_init(&rows, t->report);
	for (size_t i = 0; i < rows.n; i++) {
		make_row(t, &rows, i, &line);
		measure_line(t, &line);
	}
	print_table(t, make_row, &rows, rows.n);
}

void
table_print(FILE *out, enum report_mode mode, const struct report *r)
{
	bool screen = mode == REPORT_SCREEN;
	struct table table = {
	    .out = out,
	    .report = r,
	    .width = screen ? r->width : 0,
	};

	if (r->now->by)
		print_breakdown(&table, screen);
	else
		print_totals(&table, screen);
}

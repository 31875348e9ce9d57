/*
 * Tables: of totals, and of a breakdown.
 */
#include "show/table.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A column of counts. */
struct column {
	const char *title;
	unsigned gap;	/* blanks before it */
	unsigned width; /* of the counts */
	unsigned delta; /* of the deltas; 0: none are shown */
	uint64_t sum;	/* of the counts: what is lost where it is hidden */
	bool keep;	/* show it whatever room there is */
	bool hidden;	/* for lack of room */
};

static unsigned
digits(uint64_t n)
{
	unsigned width = 1;

	for (; n >= 10; n /= 10)
		width++;
	return width;
}

static void
print_pad(FILE *out, size_t n)
{
	for (; n > 0; n--)
		putc_unlocked(' ', out);
}

/*
 * What a table is made of.  fprintf() could do this, but would take longer for
 * many rows, and, when there are few, to get started than all the rest does.
 */
static void
print_left(FILE *out, unsigned width, const char *text)
{
	size_t len = strlen(text);

	fwrite_unlocked(text, 1, len, out);
	print_pad(out, len < width ? width - len : 0);
}

static void
print_right(FILE *out, unsigned width, const char *text)
{
	size_t len = strlen(text);

	print_pad(out, len < width ? width - len : 0);
	fwrite_unlocked(text, 1, len, out);
}

static void
print_number(FILE *out, unsigned width, uint64_t n)
{
	char text[21], *p = text + sizeof(text) - 1;

	*p = '\0';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	print_right(out, width, p);
}

/* Cuts a word, of one column a byte, and marks that. */
static void
shorten(char *word, unsigned width)
{
	if (strlen(word) > width)
		strcpy(word + width - 1, "~");
}

static unsigned
longer(unsigned width, const char *text)
{
	size_t len = strlen(text);

	return len > width ? (unsigned)len : width;
}

static void
print_colour(FILE *out, const struct report *r, const char *code)
{
	if (r->colour)
		fprintf(out, "\033[%sm", code);
}

/* A column of counts with its title, and deltas where they are shown. */
static struct column
make_column(const char *title, bool deltas)
{
	return (struct column){
	    .title = title,
	    .gap = 2,
	    .width = (unsigned)strlen(title),
	    .delta = deltas ? 6 : 0,
	};
}

/* Makes the columns wide enough for a row of values, one for each. */
static void
measure_row(
    struct column *columns, size_t n, const struct report_value *values)
{
	for (size_t i = 0; i < n; i++) {
		struct column *column = &columns[i];
		unsigned width =
		    values[i].unknown ? 1 : digits(values[i].count);
		unsigned delta = 1 + digits((uint64_t)llabs(values[i].delta));

		if (width > column->width)
			column->width = width;
		if (column->delta > 0 && delta > column->delta)
			column->delta = delta;
		column->sum += values[i].count;
	}
}

static unsigned
column_width(const struct column *column)
{
	return column->gap + column->width +
	    (column->delta > 0 ? 1 + column->delta : 0);
}

static void
print_titles(FILE *out, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct column *column = &columns[i];

		if (column->hidden)
			continue;
		print_right(out, column->gap + column->width, column->title);
		if (column->delta > 0)
			print_pad(out, 1 + column->delta);
	}
}

static void
print_row(FILE *out, const struct column *columns, size_t n,
    const struct report_value *values)
{
	for (size_t i = 0; i < n; i++) {
		const struct column *column = &columns[i];

		if (column->hidden)
			continue;
		if (values[i].unknown)
			print_right(out, column->gap + column->width, "-");
		else
			print_number(
			    out, column->gap + column->width, values[i].count);
		if (column->delta > 0 && values[i].delta != 0)
			fprintf(out, " %+-*" PRId64, (int)column->delta,
			    values[i].delta);
		else if (column->delta > 0)
			print_pad(out, 1 + column->delta);
	}
}

/* The columns before and behind the counts. */
struct key_widths {
	unsigned width[2 * KEYS_MOST];
	bool number[2 * KEYS_MOST]; /* what must not be shortened */
	size_t n;
	unsigned extra; /* what else there is in a line */
};

/* A key that is shortened keeps so much, if in need less. */
enum { KEY_ENOUGH = 11, KEY_LEAST = 4 };

static unsigned
line_width(
    const struct column *columns, size_t n, const struct key_widths *keys)
{
	unsigned sum = keys->extra;

	for (size_t i = 0; i < keys->n; i++)
		sum += keys->width[i] + (i > 0 ? 2 : 0);
	for (size_t i = 0; i < n; i++)
		if (!columns[i].hidden)
			sum += column_width(&columns[i]);
	return sum;
}

/* Shortens the widest keys until the line fits, down to least. */
static void
shorten_keys(const struct column *columns, size_t n, struct key_widths *keys,
    unsigned least, unsigned width)
{
	while (line_width(columns, n, keys) > width) {
		unsigned *widest = NULL;

		for (size_t i = 0; i < keys->n; i++)
			if (!keys->number[i] && keys->width[i] > least &&
			    (!widest || keys->width[i] > *widest))
				widest = &keys->width[i];
		if (!widest)
			return;
		--*widest;
	}
}

/* Hides columns that need not be kept, those with the least in them first. */
static void
hide_columns(struct column *columns, size_t n, const struct key_widths *keys,
    unsigned width)
{
	while (line_width(columns, n, keys) > width) {
		struct column *least = NULL;

		for (size_t i = 0; i < n; i++)
			if (!columns[i].hidden && !columns[i].keep &&
			    (!least || columns[i].sum <= least->sum))
				least = &columns[i];
		if (!least)
			return;
		least->hidden = true;
	}
}

/*
 * Makes a line fit into a width, 0 being any: leaves out columns that need not
 * be kept, shortens keys, leaves out deltas, and then all columns but the
 * first that is kept.  No number is cut.  Returns whether it fits.
 */
static bool
fit_line(
    struct column *columns, size_t n, struct key_widths *keys, unsigned width)
{
	bool first = true;

	if (width == 0)
		return true;
	hide_columns(columns, n, keys, width);
	shorten_keys(columns, n, keys, KEY_ENOUGH, width);
	if (line_width(columns, n, keys) > width)
		for (size_t i = 0; i < n; i++)
			columns[i].delta = 0;
	shorten_keys(columns, n, keys, KEY_LEAST, width);
	for (size_t i = 0; i < n; i++) {
		if (line_width(columns, n, keys) > width && !first)
			columns[i].hidden = true;
		first &= columns[i].hidden;
	}
	return line_width(columns, n, keys) <= width;
}

/* In the place of a table of which not even one number fits. */
static const char no_room[] = "no room";

/* Which lines of a low screen are not for rows. */
static bool
has_titles(const struct report *r)
{
	return !r->no_header && r->height != 1;
}

static bool
has_note(const struct report *r)
{
	return r->height == 0 || r->height > 3;
}

static bool
any_hidden(const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (columns[i].hidden)
			return true;
	return false;
}

/* Names what is hidden, if there is a line for that. */
static void
print_hidden(
    FILE *out, const struct report *r, const struct column *columns, size_t n)
{
	char line[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		if (columns[i].hidden && len < sizeof(line))
			len += (size_t)snprintf(line + len, sizeof(line) - len,
			    "%s%s", len > 0 ? ", " : "no room for: ",
			    columns[i].title);
	if (len > 0 && has_note(r))
		report_print_line(out, r, line);
}

/* What follows the counts of a state where a terminal has room for it. */
struct bars {
	uint64_t total;
	bool share;
	unsigned length; /* of a bar for the total; 0: no bars */
};

/* Share and bar need room for "   SHARE" and at least a few cells. */
enum { SHARE_WIDTH = 8, BAR_GAP = 2, BAR_LEAST = 4, BAR_MOST = 50 };

static struct bars
make_bars(const struct report *r, unsigned used, uint64_t total)
{
	struct bars bars = {.total = total > 0 ? total : 1};

	used += SHARE_WIDTH;
	bars.share = used <= r->width;
	used += BAR_GAP;
	if (used + BAR_LEAST <= r->width)
		bars.length = r->width - used;
	if (bars.length > BAR_MOST)
		bars.length = BAR_MOST;
	return bars;
}

/* The share in tenths of a percent, cut off: all but one is not 100%. */
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
		print_pad(out, BAR_GAP);
	for (; length >= 8; length -= 8)
		fputs(utf8 ? "\u2588" : "#", out);
	if (utf8)
		fputs(eighths[length], out);
}

/* The columns and rows of the totals. */
enum { TOTAL_COLUMN = NFAMILIES, NCOLUMNS, TOTAL_ROW = NSTATES, NROWS };

static void
add_value(struct report_value *sum, struct report_value value)
{
	sum->count += value.count;
	sum->delta += value.delta;
}

static void
fill_totals(
    struct report_value values[NROWS][NCOLUMNS], const struct report *r)
{
	memset(values, 0, NROWS * sizeof(values[0]));
	for (unsigned s = 0; s < NSTATES; s++)
		for (unsigned f = 0; f < NFAMILIES; f++) {
			struct report_value v = report_family(r, f, s);

			add_value(&values[s][f], v);
			add_value(&values[s][TOTAL_COLUMN], v);
			add_value(&values[TOTAL_ROW][f], v);
			add_value(&values[TOTAL_ROW][TOTAL_COLUMN], v);
		}
}

/* Which states have a line of their own, and whether others have one. */
struct lines {
	bool shown[NSTATES];
	bool others;
};

/* The number of a state that is shown and has the fewest sockets. */
static unsigned
find_fewest(
    const struct lines *lines, struct report_value values[NROWS][NCOLUMNS])
{
	unsigned fewest = NSTATES;

	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (lines->shown[s] &&
		    (fewest == NSTATES ||
			values[s][TOTAL_COLUMN].count <=
			    values[fewest][TOTAL_COLUMN].count))
			fewest = s;
	}
	return fewest;
}

/*
 * Chooses the states for which there is room: on a low screen those without
 * sockets are left out, and then those with the fewest are added up, in
 * others.
 */
static struct lines
choose_lines(const struct report *r,
    struct report_value values[NROWS][NCOLUMNS], unsigned room,
    struct report_value others[NCOLUMNS])
{
	struct lines lines = {.others = false};
	unsigned all = 0, n = 0;

	for (unsigned s = 0; s < NSTATES; s++)
		all += report_has_state(r, s);
	for (unsigned s = 0; s < NSTATES; s++) {
		lines.shown[s] = report_has_state(r, s) &&
		    (all <= room || values[s][TOTAL_COLUMN].count > 0);
		n += lines.shown[s];
	}
	lines.others = n > room && room > 0;
	for (; n + lines.others > room && n > 0; n--) {
		unsigned fewest = find_fewest(&lines, values);

		lines.shown[fewest] = false;
		for (unsigned i = 0; i < NCOLUMNS; i++)
			add_value(&others[i], values[fewest][i]);
	}
	return lines;
}

/* A line of the totals: a name, and its numbers. */
static void
print_total(FILE *out, const struct column *columns, unsigned width,
    const char *name, const struct report_value *values)
{
	report_label text;

	snprintf(text, sizeof(text), "%s", name);
	shorten(text, width);
	print_left(out, width, text);
	print_row(out, columns, NCOLUMNS, values);
}

/* The lines that are left for states, beside titles, TOTAL and a note. */
static unsigned
room_for_states(const struct report *r, bool note)
{
	unsigned used = 1u + has_titles(r) + (note && has_note(r));

	return r->height == 0  ? NSTATES
	    : r->height > used ? r->height - used
			       : 0;
}

static void
print_totals(FILE *out, const struct report *r, bool deltas)
{
	struct report_value values[NROWS][NCOLUMNS];
	struct report_value others[NCOLUMNS] = {{0}};
	struct column columns[] = {make_column("TCP", deltas),
	    make_column("TCP6", deltas), make_column("TOTAL", deltas)};
	struct key_widths name = {
	    .width = {(unsigned)strlen("ESTABLISHED")}, .n = 1};
	unsigned *width = &name.width[0];
	struct lines lines;
	struct bars bars;
	report_label text;

	if (report_has_state(r, STATE_UNKNOWN))
		*width =
		    longer(*width, report_state_name(r, STATE_UNKNOWN, text));
	columns[TOTAL_COLUMN].keep = true;
	/* Numbers of up to four digits have two blanks before them. */
	columns[0].gap = 1;
	columns[0].width = 4;
	fill_totals(values, r);
	for (unsigned row = 0; row < NROWS; row++)
		measure_row(columns, NCOLUMNS, values[row]);
	fit_line(columns, NCOLUMNS, &name, deltas ? r->width : 0);
	lines = choose_lines(r, values,
	    room_for_states(r, any_hidden(columns, NCOLUMNS)), others);
	measure_row(columns, NCOLUMNS, others);
	if (!fit_line(columns, NCOLUMNS, &name, deltas ? r->width : 0)) {
		report_print_line(out, r, no_room);
		return;
	}
	bars = make_bars(r, line_width(columns, NCOLUMNS, &name),
	    values[TOTAL_ROW][TOTAL_COLUMN].count);

	if (has_titles(r)) {
		print_colour(out, r, "1");
		print_left(out, *width, *width < 5 ? "" : "STATE");
		print_titles(out, columns, NCOLUMNS);
		print_right(out, bars.share ? SHARE_WIDTH : 0,
		    bars.share ? "SHARE" : "");
		print_colour(out, r, "0");
		fputc('\n', out);
	}
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];
		uint64_t count = values[s][TOTAL_COLUMN].count;

		if (!lines.shown[s])
			continue;
		print_colour(out, r, count == 0 ? "2" : "0");
		print_total(out, columns, *width,
		    report_state_name(r, s, text), values[s]);
		print_bar(out, &bars, count, r->utf8);
		print_colour(out, r, "0");
		fputc('\n', out);
	}
	if (lines.others) {
		print_total(out, columns, *width, "other", others);
		fputc('\n', out);
	}
	print_total(out, columns, *width, "TOTAL", values[TOTAL_ROW]);
	fputc('\n', out);
	print_hidden(out, r, columns, NCOLUMNS);
}

/* The columns of a breakdown: keys, fields, and in some cases keys again. */
struct breakdown {
	struct key_column key[2 * KEYS_MOST];
	struct key_widths keys;
	size_t nfirst; /* of the keys, those before the fields */
	unsigned field[NFIELDS];
	struct column column[NFIELDS]; /* of each field */
	size_t n;
	report_label unknown;
};

static void
get_values(const struct breakdown *b, const struct group *group,
    struct report_value values[NFIELDS])
{
	for (size_t i = 0; i < b->n; i++)
		values[i] = report_field(group, b->field[i]);
}

/* Makes the columns wide enough for a row. */
static void
measure_group(
    struct breakdown *b, const struct report *r, const struct group *group)
{
	struct report_value values[NFIELDS];
	report_word text;

	for (size_t i = 0; i < b->keys.n; i++) {
		report_get_word(r, group, &b->key[i], text);
		b->keys.width[i] = longer(b->keys.width[i], text);
	}
	get_values(b, group, values);
	measure_row(b->column, b->n, values);
}

static void
add_field(struct breakdown *b, const struct report *r, unsigned field,
    bool deltas, bool keep)
{
	const char *name = report_field_name(r, field, b->unknown);

	b->field[b->n] = field;
	b->column[b->n] = make_column(name, deltas && field != FIELD_LIMIT);
	b->column[b->n++].keep = keep;
}

/* The states that are shown, and what more there is to tell. */
static void
choose_fields(struct breakdown *b, const struct report *r, bool deltas)
{
	static const uint8_t of_listeners[] = {
	    TCP_SYN_RECV, TCP_ESTABLISHED, TCP_CLOSE_WAIT, TCP_TIME_WAIT};
	bool listeners = r->now->by->listeners;

	if (listeners) {
		add_field(b, r, FIELD_QUEUE, deltas, true);
		add_field(b, r, FIELD_LIMIT, deltas, true);
	}
	if (listeners && !r->all_states) {
		for (size_t i = 0; i < sizeof(of_listeners); i++)
			add_field(b, r, of_listeners[i], deltas, false);
		return;
	}
	/* Rows are of all sockets: what occurs in any occurs in all. */
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (r->all_states ? report_has_state(r, s)
				  : report_occurs(report_state(r, s)))
			add_field(b, r, s, deltas, false);
	}
	add_field(b, r, FIELD_TOTAL, deltas, true);
}

/* The keys, in their order, but for those that come behind the fields. */
static void
choose_keys(struct breakdown *b, const struct report *r)
{
	const struct key_column *columns = r->now->by->column;
	size_t n = r->now->by->ncolumns;

	for (size_t i = 0; i < n; i++)
		if (!columns[i].last)
			b->key[b->keys.n++] = columns[i];
	b->nfirst = b->keys.n;
	for (size_t i = 0; i < n; i++)
		if (columns[i].last)
			b->key[b->keys.n++] = columns[i];
	for (size_t i = 0; i < n; i++) {
		b->keys.width[i] = longer(0, b->key[i].title);
		b->keys.number[i] = b->key[i].number;
	}
}

static const char full_mark[] = "  FULL";

/* Returns whether it fits on the screen. */
static bool
fill_breakdown(struct breakdown *b, const struct report *r,
    struct report_rows *rows, bool deltas)
{
	bool full = false;

	choose_keys(b, r);
	choose_fields(b, r, deltas);
	for (size_t i = 0; i < rows->n; i++) {
		const struct group *group = report_row(rows, i);

		measure_group(b, r, group);
		full |= group->backlog.full;
	}
	b->keys.extra = full ? (unsigned)strlen(full_mark) : 0;
	return fit_line(b->column, b->n, &b->keys, deltas ? r->width : 0);
}

/* A column of a key: numbers to the right, words to the left. */
static void
print_key(FILE *out, const struct breakdown *b, size_t i, char *text)
{
	unsigned width = b->keys.width[i];

	shorten(text, width);
	print_pad(out, i > 0 ? 2 : 0);
	if (b->key[i].number)
		print_right(out, width, text);
	else
		print_left(out, i < b->nfirst ? width : 0, text);
}

/* The title of a key, as tables have it. */
static void
make_title(const struct key_column *key, report_word title)
{
	size_t len = strlen(key->title);

	for (size_t c = 0; c <= len; c++)
		title[c] = (char)toupper((unsigned char)key->title[c]);
}

/* Some columns of keys: of a group, or, where that is NULL, their titles. */
static void
print_keys(FILE *out, const struct breakdown *b, const struct report *r,
    const struct group *group, size_t from, size_t to)
{
	report_word text;

	for (size_t i = from; i < to; i++) {
		if (group)
			report_get_word(r, group, &b->key[i], text);
		else
			make_title(&b->key[i], text);
		print_key(out, b, i, text);
	}
}

static void
print_group(FILE *out, const struct breakdown *b, const struct report *r,
    const struct group *group)
{
	struct report_value values[NFIELDS];

	get_values(b, group, values);
	print_keys(out, b, r, group, 0, b->nfirst);
	print_row(out, b->column, b->n, values);
	print_keys(out, b, r, group, b->nfirst, b->keys.n);
	if (group->backlog.full) {
		print_colour(out, r, "1;31");
		fputs(full_mark, out);
		print_colour(out, r, "0");
	}
	putc_unlocked('\n', out);
}

static void
print_groups(FILE *out, const struct report *r, bool deltas)
{
	struct breakdown b = {0};
	struct report_rows rows;

	report_take_rows(&rows, r);
	if (!fill_breakdown(&b, r, &rows, deltas)) {
		report_print_line(out, r, no_room);
		return;
	}
	if (has_titles(r)) {
		print_colour(out, r, "1");
		print_keys(out, &b, r, NULL, 0, b.nfirst);
		print_titles(out, b.column, b.n);
		print_keys(out, &b, r, NULL, b.nfirst, b.keys.n);
		print_colour(out, r, "0");
		fputc('\n', out);
	}
	for (size_t i = 0; i < rows.n; i++)
		print_group(out, &b, r, report_row(&rows, i));
	print_hidden(out, r, b.column, b.n);
}

void
table_print(FILE *out, enum report_mode mode, const struct report *r)
{
	if (r->now->by)
		print_groups(out, r, mode == REPORT_SCREEN);
	else
		print_totals(out, r, mode == REPORT_SCREEN);
}

/*
 * Prints totals: a line for each state, and their sum, with shares and bars if
 * a terminal has room for them.
 */
#include "show/totals.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { BAR_MIN = 4, BAR_MAX = 50, SHARE_TEXT = 16 };

/* A bar, of which a character takes up to 3 bytes. */
typedef char bar_text[3 * BAR_MAX + 1];

struct line {
	struct grid_cell cell[GRID_COLUMNS_MAX];
	enum meaning meaning;
	report_label label;
	char share[SHARE_TEXT];
	bar_text bar;
};

/* The columns of totals. */
enum {
	TOTALS_STATE,
	TOTALS_FAMILY,
	TOTALS_ALL = TOTALS_FAMILY + NFAMILIES,
	TOTALS_LAST
};

static_assert((int)FIELD_TOTAL == (int)THRESHOLD_TOTAL,
    "a field of the totals is what thresholds judge");

/* The columns after these, if a terminal has room for them. */
struct extras {
	bool share;
	unsigned bar; /* length of one for the total; 0: no bars */
};

/* Returns the totals that a column shows. */
static const struct row *
column_row(const struct tally *t, unsigned column)
{
	return column == TOTALS_ALL ? &t->all
				    : &t->family[column - TOTALS_FAMILY];
}

/* Returns a share, rounded down, so that only all sockets are 100%. */
static struct grid_cell
make_share(uint64_t count, uint64_t total, char text[SHARE_TEXT])
{
	unsigned tenths = total > 0 ? (unsigned)(count * 1000 / total) : 0;

	if (tenths == 0 && count > 0)
		return grid_text("<0.1%");
	snprintf(text, SHARE_TEXT, "%u.%u%%", tenths / 10, tenths % 10);
	return grid_text(text);
}

/* Returns a bar of length columns, if the count is the total. */
static struct grid_cell
make_bar(
    uint64_t count, uint64_t total, unsigned length, bool utf8, bar_text text)
{
	static const char *const eighths[] = {"", "\u258f", "\u258e", "\u258d",
	    "\u258c", "\u258b", "\u258a", "\u2589"};
	uint64_t n = total > 0 ? count * length * 8 / total : 0;
	unsigned columns = (unsigned)(n / 8) + (utf8 && n % 8 > 0);
	char *to = text;

	*to = '\0';
	for (; n >= 8; n -= 8)
		to = stpcpy(to, utf8 ? "\u2588" : "#");
	if (utf8)
		stpcpy(to, eighths[n]);
	return grid_wide_text(text, columns);
}

/* Makes the line of a state, or of the total. */
static void
make_line(const struct table *t, const struct extras *extras, unsigned field,
    struct line *line)
{
	const struct report *r = t->report;
	uint64_t total = r->now->all.total;
	bool last = field == FIELD_TOTAL;
	struct grid_cell *cell = line->cell, none = grid_text("");
	struct report_value v = {0};

	*cell++ = grid_text(report_label_field(r, field, line->label));
	for (unsigned c = TOTALS_FAMILY; c < TOTALS_LAST; c++) {
		v = report_value(r, column_row(r->now, c), field);
		*cell++ = table_cell(v);
	}
	if (t->changes)
		*cell++ = grid_change(v.delta);
	if (extras->share)
		*cell++ =
		    last ? none : make_share(v.count, total, line->share);
	if (extras->bar > 0)
		*cell++ = last ? none
			       : make_bar(v.count, total, extras->bar, r->utf8,
				     line->bar);
	line->meaning = table_judge(r, field, v.count);
	if (line->meaning == MEANING_NONE && v.count == 0 && !last)
		line->meaning = MEANING_ZERO;
}

static void
add_columns(struct table *t)
{
	struct grid_column *state = grid_add(&t->grid, "STATE", NULL);
	struct grid_column *tcp = grid_add(&t->grid, "TCP", NULL);

	state->left = true;
	state->width = (unsigned)strlen("ESTABLISHED");
	/* Numbers of up to four digits have two blanks before them. */
	tcp->gap = 1;
	tcp->width = 4;
	tcp->rank = RANK_FAMILY;
	grid_add(&t->grid, "TCP6", NULL)->rank = RANK_FAMILY;
	grid_add(&t->grid, "TOTAL", NULL);
	if (t->changes)
		table_add_change(t);
}

/* Adds shares and bars, if a terminal has room for them and all else. */
static void
add_extras(struct table *t, struct extras *extras)
{
	enum { SHARE = sizeof("100.0%") - 1, GAP = 2 };
	unsigned used = grid_width(&t->grid) + GAP + SHARE;
	struct grid_column *column;

	extras->share = used <= t->report->width && !grid_omits(&t->grid);
	if (!extras->share)
		return;
	grid_add(&t->grid, "SHARE", NULL)->width = SHARE;
	used += GAP;
	if (used + BAR_MIN > t->report->width)
		return;
	extras->bar = t->report->width - used;
	if (extras->bar > BAR_MAX)
		extras->bar = BAR_MAX;
	column = grid_add(&t->grid, "", NULL);
	column->left = true;
	column->width = extras->bar;
}

/* Lists the fields that have a line: the states, and the total. */
static size_t
list_fields(const struct report *r, unsigned field[NSTATES + 1])
{
	size_t n = 0;

	for (unsigned i = 0; i < NSTATES; i++)
		if (report_shows_state(r, state_order[i]))
			field[n++] = state_order[i];
	field[n++] = FIELD_TOTAL;
	return n;
}

void
totals_print(struct table *t)
{
	unsigned field[NSTATES + 1];
	size_t n = list_fields(t->report, field);
	struct extras extras = {.share = false};
	struct line line;
	bool fits;

	add_columns(t);
	for (size_t i = 0; i < n; i++) {
		make_line(t, &extras, field[i], &line);
		grid_measure(&t->grid, line.cell);
	}
	fits = table_fit(t);
	add_extras(t, &extras);
	if (!table_begin(t, fits))
		return;
	for (size_t i = 0; i < n; i++) {
		make_line(t, &extras, field[i], &line);
		grid_print_line(&t->grid, line.cell, line.meaning);
	}
	table_end(t);
}

/*
 * Prints totals: a line for each state, and their sum, with shares and bars if
 * a terminal has room for them.
 */
#include "show/totals.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { BAR_LEAST = 4, BAR_MOST = 50, SHARE_TEXT = 16 };

/* A bar, of which a character takes up to 3 bytes. */
typedef char bar_text[3 * BAR_MOST + 1];

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

/* The lines of totals. */
struct totals {
	unsigned state[NSTATES]; /* states with a line of their own */
	size_t n;
	bool folded; /* the other states are summed up in a line */
	struct report_sum others[TOTALS_LAST]; /* by column */

	/* The columns after these, if a terminal has room for them. */
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

static uint64_t
state_count(const struct report *r, unsigned s)
{
	return r->now->all.count[s];
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

/* Makes the i-th line: of a state, of the other ones, of the total. */
static void
make_total(const struct table *t, const struct totals *totals, size_t i,
    struct line *line)
{
	const struct report *r = t->report;
	bool folded = totals->folded && i == totals->n;
	unsigned field = i < totals->n ? totals->state[i] : FIELD_TOTAL;
	bool last = field == FIELD_TOTAL && !folded;
	struct grid_cell *cell = line->cell, none = grid_text("");
	struct report_value v = {0};

	*cell++ = grid_text(
	    folded ? "other" : report_label_field(r, field, line->label));
	for (unsigned c = TOTALS_FAMILY; c < TOTALS_LAST; c++) {
		v = report_value(r,
		    folded ? &totals->others[c].row : column_row(r->now, c),
		    field);
		*cell++ = table_cell(v);
	}
	if (t->changes)
		*cell++ = grid_change(v.delta);
	if (totals->share)
		*cell++ = last
		    ? none
		    : make_share(v.count, r->now->all.total, line->share);
	if (totals->bar > 0)
		*cell++ = last ? none
			       : make_bar(v.count, r->now->all.total,
				     totals->bar, r->utf8, line->bar);
	line->meaning = folded ? MEANING_NONE : table_judge(r, field, v.count);
	if (line->meaning == MEANING_NONE && v.count == 0 && !last)
		line->meaning = MEANING_ZERO;
}

/* Adds a state to the others, of which only the total is used. */
static void
fold_state(struct totals *totals, const struct report *r, unsigned s)
{
	for (unsigned c = TOTALS_FAMILY; c < TOTALS_LAST; c++) {
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
		all += report_shows_state(r, state_order[i]);
	totals->n = 0;
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (report_shows_state(r, s) &&
		    (all <= room || state_count(r, s) > 0))
			totals->state[totals->n++] = s;
	}
	totals->folded = totals->n > room && room > 0;
	for (unsigned c = 0; c < TOTALS_LAST; c++)
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
	unsigned used = 1u + table_has_titles(r) + table_note_lines(t);

	return r->height == 0  ? NSTATES
	    : r->height > used ? r->height - used
			       : 0;
}

static void
add_totals_columns(struct table *t)
{
	struct grid_column *state = grid_add(&t->grid, "STATE", NULL);
	struct grid_column *tcp = grid_add(&t->grid, "TCP", NULL);
	struct grid_column *tcp6 = grid_add(&t->grid, "TCP6", NULL);

	state->left = true;
	state->width = (unsigned)strlen("ESTABLISHED");
	/* Numbers of up to four digits have two blanks before them. */
	tcp->gap = 1;
	tcp->width = 4;
	tcp->rank = tcp6->rank = RANK_FAMILY;
	grid_add(&t->grid, "TOTAL", NULL);
	if (t->changes)
		table_add_change(t);
}

/* Adds shares and bars, if a terminal has room for them. */
static void
add_bars(struct table *t, struct totals *totals)
{
	enum { SHARE = sizeof("100.0%") - 1, GAP = 2 };
	unsigned used = grid_width(&t->grid) + GAP + SHARE;
	struct grid_column *column;

	totals->share = used <= t->report->width;
	if (!totals->share)
		return;
	grid_add(&t->grid, "SHARE", NULL)->width = SHARE;
	used += GAP;
	if (used + BAR_LEAST > t->report->width)
		return;
	totals->bar = t->report->width - used;
	if (totals->bar > BAR_MOST)
		totals->bar = BAR_MOST;
	column = grid_add(&t->grid, "", NULL);
	column->left = true;
	column->width = totals->bar;
}

static void
measure_totals(struct table *t, const struct totals *totals)
{
	struct line line;

	for (size_t i = 0; i < totals->n + totals->folded + 1; i++) {
		make_total(t, totals, i, &line);
		grid_measure(&t->grid, line.cell);
	}
}

void
totals_print(struct table *t)
{
	struct totals totals = {.share = false};
	struct line line;
	bool fits;

	add_totals_columns(t);
	choose_states(&totals, t->report, NSTATES);
	measure_totals(t, &totals);
	table_fit(t);
	choose_states(&totals, t->report, room_for_states(t));
	measure_totals(t, &totals);
	fits = table_fit(t);
	if (fits)
		add_bars(t, &totals);
	if (!table_begin(t, fits))
		return;
	for (size_t i = 0; i < totals.n + totals.folded + 1; i++) {
		make_total(t, &totals, i, &line);
		grid_print_line(&t->grid, line.cell, line.meaning);
	}
	table_end(t);
}

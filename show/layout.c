/*
 * What tables of totals and of a breakdown have in common: their colours, and
 * what they do on a terminal that has no room for them.
 */
#include "show/layout.h"

#include "lib/wrap.h"

#include <stdio.h>
#include <string.h>

/* The columns of a change on a screen, so that they seldom move. */
enum { CHANGE_WIDTH = 5 };

void
table_add_change(struct table *t)
{
	struct grid_column *column =
	    grid_add(&t->grid, t->report->per_second ? "+/-/s" : "+/-", NULL);

	column->rank = RANK_CHANGE;
	column->width = t->screen ? CHANGE_WIDTH : 0;
}

struct grid_cell
table_change(const struct report *r, int64_t delta)
{
	int64_t change = report_change(r, delta);

	if (change == 0 && delta != 0)
		return grid_text(delta > 0 ? "+0" : "-0");
	return grid_change(change);
}

struct grid_cell
table_cell(struct report_value value)
{
	return value.unknown ? grid_unknown() : grid_number(value.count);
}

enum meaning
table_judge(const struct report *r, unsigned what, uint64_t count)
{
	return r->thresholds
	    ? level_meaning(thresholds_judge(r->thresholds, what, count))
	    : MEANING_NONE;
}

enum meaning
table_judge_row(const struct report *r, const struct row *row)
{
	enum meaning worst = MEANING_NONE;

	for (unsigned i = 0; i < NTHRESHOLDS; i++) {
		enum meaning meaning = table_judge(
		    r, i, i == THRESHOLD_TOTAL ? row->total : row->count[i]);

		worst = meaning > worst ? meaning : worst;
	}
	return worst;
}

bool
table_fit(struct table *t)
{
	const struct report *r = t->report;
	struct grid whole;

	if (t->screen) {
		bool fits = grid_fit(&t->grid, r->width, r->skip);

		if (r->more)
			*r->more |= t->grid.more;
		return fits;
	}
	if (r->width == 0)
		return true;
	/* Once, what does not fit even so is wrapped by the terminal. */
	grid_shorten(&t->grid, r->width);
	whole = t->grid;
	if (!grid_fit(&t->grid, r->width, 0))
		t->grid = whole;
	return true;
}

/* Whether there is a line of titles. */
static bool
has_titles(const struct report *r)
{
	return !r->no_header && r->height != 1;
}

unsigned
table_note_lines(const struct table *t)
{
	const struct report *r = t->report;
	unsigned lines = 1;
	grid_note note;

	if (!grid_omits(&t->grid))
		return 0;
	grid_get_note(&t->grid, note);
	if (r->height > 0)
		lines = (unsigned)wrap_lines(note, r->width);
	return r->height == 0 || r->height >= 3 + lines ? lines : 0;
}

/* Prints how wide the table is at least, if there is room for that. */
static void
print_no_room(const struct table *t)
{
	char text[64];

	snprintf(text, sizeof(text), "no room: %u columns needed",
	    grid_width(&t->grid));
	if (strlen(text) > t->report->width)
		strcpy(text, "no room");
	if (strlen(text) <= t->report->width)
		report_print_line(t->grid.out, t->report, text);
}

bool
table_begin(const struct table *t, bool fits)
{
	if (!fits)
		print_no_room(t);
	else if (has_titles(t->report))
		grid_print_titles(&t->grid);
	return fits;
}

void
table_end(const struct table *t)
{
	grid_note note;

	if (table_note_lines(t) == 0)
		return;
	grid_get_note(&t->grid, note);
	report_print_line(t->grid.out, t->report, note);
}

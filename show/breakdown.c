/*
 * Prints a breakdown: a row for each key.
 */
#include "show/breakdown.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>

/* What a column shows. */
struct part {
	enum { PART_KEY, PART_FIELD, PART_CHANGE, PART_FULL } kind;
	unsigned field; /* of PART_FIELD and PART_CHANGE */
	const struct key_column *key;
};

struct breakdown {
	struct table *table;
	struct part part[GRID_COLUMNS_MAX];
	char title[KEY_COLUMNS_MAX][KEY_TEXT]; /* of keys, in capitals */
	report_label unknown;		       /* the title of UNKNOWN */
};

struct line {
	struct grid_cell cell[GRID_COLUMNS_MAX];
	enum meaning meaning;
	report_word text[KEY_COLUMNS_MAX];
};

static_assert(KEY_COLUMNS_MAX + NFIELDS + 3 <= GRID_COLUMNS_MAX,
    "a grid has room for all keys, all fields, two changes and FULL");

/* Returns the colour of a row.  No threshold is for a sum or one gone. */
static enum meaning
row_meaning(const struct report *r, const struct row *row)
{
	if (row->full)
		return MEANING_CRITICAL;
	return !r->colour || row->other || row->gone || report_judges_totals(r)
	    ? MEANING_NONE
	    : table_judge_row(r, row);
}

static void
make_row(const struct breakdown *b, const struct row *row, struct line *line)
{
	const struct report *r = b->table->report;
	size_t keys = 0;

	for (size_t i = 0; i < b->table->grid.n; i++) {
		const struct part *part = &b->part[i];
		struct grid_cell *cell = &line->cell[i];

		switch (part->kind) {
		case PART_KEY:
			report_get_word(r, row, part->key, line->text[keys]);
			*cell = grid_text(line->text[keys++]);
			break;
		case PART_FIELD:
			*cell = table_cell(report_value(r, row, part->field));
			break;
		case PART_CHANGE:
			*cell = r->now->before
			    ? table_change(
				  r, report_value(r, row, part->field).delta)
			    : grid_unknown();
			break;
		case PART_FULL:
			*cell = grid_text(row->full ? "yes" : "-");
			break;
		}
	}
	line->meaning = row_meaning(r, row);
}

static struct grid_column *
add_part(struct breakdown *b, struct part part, const char *title,
    const char *brief)
{
	struct grid *grid = &b->table->grid;

	b->part[grid->n] = part;
	return grid_add(grid, title, brief);
}

/* Adds the keys that come before the counts, or those that come after them. */
static void
add_keys(struct breakdown *b, bool last)
{
	const struct key_set *by = b->table->report->now->by;

	for (size_t i = 0; i < by->ncolumns; i++) {
		const struct key_column *key = &by->column[i];
		char *to = b->title[i];

		if (key->last != last)
			continue;
		for (const char *p = key->title; *p != '\0'; p++)
			*to++ = (char)toupper((unsigned char)*p);
		*to = '\0';
		add_part(b, (struct part){PART_KEY, 0, key}, b->title[i], NULL)
		    ->left = !key->number;
	}
}

static void
add_field(struct breakdown *b, unsigned field)
{
	const struct part part = {PART_FIELD, field, NULL};
	struct grid_column *column;
	const char *title = field == STATE_UNKNOWN
	    ? report_label_field(b->table->report, field, b->unknown)
	    : field_title(field);
	bool named = field < NSTATES && field != STATE_UNKNOWN;

	column =
	    add_part(b, part, title, named ? state_names[field].brief : NULL);
	if (field == FIELD_LIMIT)
		column->rank = RANK_BACKLOG;
	if (field < NSTATES) {
		column->rank = RANK_STATE;
		column->alone = true;
	}
}

/* Adds the change of a field. */
static void
add_change(struct breakdown *b, unsigned field)
{
	struct table *t = b->table;

	b->part[t->grid.n] = (struct part){PART_CHANGE, field, NULL};
	table_add_change(t);
}

/* Adds whether the accept queue is full. */
static void
add_full(struct breakdown *b)
{
	struct grid_column *column =
	    add_part(b, (struct part){PART_FULL, 0, NULL}, "FULL", NULL);

	column->left = true;
	column->rank = RANK_FULL;
}

/* Returns the states that occur in a row: a mask. */
static unsigned
states_of(const struct report *r, const struct row *row)
{
	unsigned mask = 0;

	for (unsigned s = 0; s < NSTATES; s++)
		if (report_occurs(report_value(r, row, s)))
			mask |= 1u << s;
	return mask;
}

/* Returns the states that occur in any row, or did in the previous sample. */
static unsigned
find_states(const struct report *r)
{
	unsigned mask = 0;

	/* Rows of listeners do not add up to the totals. */
	if (!r->now->by->listeners)
		return states_of(r, &r->now->all);
	for (size_t i = 0; i < r->now->nrows; i++)
		mask |= states_of(r, r->now->row[i]);
	return mask;
}

unsigned
breakdown_fields(const struct report *r)
{
	const unsigned states = (1u << NSTATES) - 1;
	unsigned mask = (1u << NFIELDS) - 1;

	for (unsigned f = 0; f < NFIELDS; f++)
		if (!report_has_field(r, f))
			mask &= ~(1u << f);
	if (r->width == 0 || r->all_states)
		return mask;
	mask &= ~states | find_states(r) | r->keep;
	if (r->now->by->listeners)
		mask &= ~(1u << TCP_LISTEN);
	if (r->now->by->listeners && !r->baseline)
		mask &= ~(1u << FIELD_TOTAL);
	return mask;
}

/*
 * Whether a field is followed by its change: the total, or of listeners the
 * queue; after a baseline both.
 */
static bool
has_change(const struct report *r, unsigned field)
{
	return field == FIELD_QUEUE ||
	    (field == FIELD_TOTAL && (r->baseline || !r->now->by->listeners));
}

static void
add_fields(struct breakdown *b)
{
	const struct report *r = b->table->report;
	bool listeners = r->now->by->listeners;
	unsigned fields = breakdown_fields(r);

	for (unsigned i = 0; i < NFIELDS; i++) {
		unsigned f = field_at(i);

		if (!(fields >> f & 1))
			continue;
		add_field(b, f);
		if (b->table->changes && has_change(r, f))
			add_change(b, f);
	}
	if (listeners)
		add_full(b);
}

/*
 * Makes the columns, and measures the rows for which there are lines; some
 * lines more are reserved.
 */
static void
lay_out(struct breakdown *b, struct report_rows *rows, unsigned reserved)
{
	struct table *t = b->table;
	struct report smaller = *t->report;
	struct line line;

	t->grid.n = 0;
	t->grid.brief = false;
	add_keys(b, false);
	add_fields(b);
	add_keys(b, true);
	/* Without a limit, there is room for all rows and the note. */
	if (smaller.height > 0)
		smaller.height -= reserved;
	report_rows_init(rows, &smaller);
	for (size_t i = 0; i < rows->n; i++) {
		make_row(b, report_row(rows, i), &line);
		grid_measure(&t->grid, line.cell);
	}
}

void
breakdown_print(struct table *t)
{
	struct breakdown breakdown = {.table = t};
	struct report_rows rows;
	unsigned reserved = 0, note;
	struct line line;
	bool fits;

	/* Fewer rows may need fewer columns, but never more. */
	for (;; reserved = note) {
		lay_out(&breakdown, &rows, reserved);
		fits = table_fit(t);
		note = table_note_lines(t);
		if (note <= reserved)
			break;
	}
	if (!table_begin(t, fits))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		make_row(&breakdown, report_row(&rows, i), &line);
		grid_print_line(&t->grid, line.cell, line.meaning);
	}
	table_end(t);
}

/*
 * Lays out a table of columns, and prints it line by line.
 */
#include "show/grid.h"

#include "lib/print.h"

struct grid_column *
grid_add(struct grid *g, const char *title, const char *brief)
{
	struct grid_column *column = &g->column[g->n++];

	*column = (struct grid_column){
	    .title = title,
	    .brief = brief ? brief : title,
	    .gap = 2,
	};
	column->title_width = (unsigned)strlen(column->title);
	column->brief_width = (unsigned)strlen(column->brief);
	return column;
}

static unsigned
count_digits(uint64_t n)
{
	unsigned width = 1;

	for (; n >= 10; n /= 10)
		width++;
	return width;
}

static unsigned
cell_width(const struct grid_cell *cell)
{
	uint64_t change = (uint64_t)cell->change;

	switch (cell->kind) {
	case GRID_NUMBER:
		return count_digits(cell->number);
	case GRID_CHANGE:
		return cell->change == 0
		    ? 1
		    : 1 + count_digits(cell->change < 0 ? -change : change);
	case GRID_TEXT:
		return cell->columns;
	default:
		return 1;
	}
}

void
grid_measure(struct grid *g, const struct grid_cell *cell)
{
	for (size_t i = 0; i < g->n; i++) {
		struct grid_column *column = &g->column[i];
		unsigned width = cell_width(&cell[i]);

		if (width > column->width)
			column->width = width;
		if (cell[i].kind == GRID_NUMBER)
			column->sum += cell[i].number;
	}
}

static const char *
get_title(const struct grid *g, const struct grid_column *column)
{
	return g->brief ? column->brief : column->title;
}

static unsigned
column_width(const struct grid *g, const struct grid_column *column)
{
	unsigned title = g->brief ? column->brief_width : column->title_width;

	return title > column->width ? title : column->width;
}

unsigned
grid_width(const struct grid *g)
{
	unsigned sum = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct grid_column *column = &g->column[i];

		if (!column->omitted)
			sum += (sum > 0 ? column->gap : 0) +
			    column_width(g, column);
	}
	return sum;
}

void
grid_shorten(struct grid *g, unsigned width)
{
	unsigned full = grid_width(g);

	if (g->brief || full <= width)
		return;
	g->brief = true;
	g->brief = grid_width(g) < full;
}

/* Finds the column to leave out next; NULL if all others must stay. */
static struct grid_column *
find_least(struct grid *g)
{
	struct grid_column *least = NULL;

	for (size_t i = 0; i < g->n; i++) {
		struct grid_column *column = &g->column[i];

		if (column->omitted || column->rank == 0)
			continue;
		if (!least || column->rank > least->rank ||
		    (column->rank == least->rank && column->sum <= least->sum))
			least = column;
	}
	return least;
}

/* Leaves out the first columns that may be. */
static void
skip_columns(struct grid *g, unsigned skip)
{
	for (size_t i = 0; i < g->n && skip > 0; i++)
		if (g->column[i].rank > 0 && !g->column[i].omitted) {
			g->column[i].omitted = true;
			skip--;
		}
}

bool
grid_fit(struct grid *g, unsigned width, unsigned skip)
{
	grid_shorten(g, width);
	if (grid_width(g) > width)
		skip_columns(g, skip);
	while (grid_width(g) > width) {
		struct grid_column *least = find_least(g);

		if (!least)
			return false;
		least->omitted = g->more = true;
		for (size_t i = 0; i < g->n && !least->alone; i++)
			g->column[i].omitted |=
			    g->column[i].rank == least->rank;
	}
	return true;
}

bool
grid_omits(const struct grid *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->column[i].omitted)
			return true;
	return false;
}

void
grid_get_note(const struct grid *g, grid_note note)
{
	char *to = note;

	*to = '\0';
	for (size_t i = 0; i < g->n; i++) {
		const char *title = get_title(g, &g->column[i]);
		size_t left = sizeof(grid_note) - (size_t)(to - note);

		if (!g->column[i].omitted ||
		    strlen("no room for: ") + strlen(title) >= left)
			continue;
		to = stpcpy(to, to == note ? "no room for: " : ", ");
		to = stpcpy(to, title);
	}
}

/* Room for a number of 64 bits with its sign. */
typedef char number_text[24];

/* Returns the text of a cell, which may be in number, and its length. */
static const char *
get_text(const struct grid_cell *cell, number_text number, size_t *len)
{
	uint64_t change = (uint64_t)cell->change;
	char *to = number;

	*len = 1;
	switch (cell->kind) {
	case GRID_NUMBER:
		*len = (size_t)(append_number(to, cell->number) - number);
		return number;
	case GRID_CHANGE:
		if (cell->change == 0)
			return ".";
		*to++ = cell->change < 0 ? '-' : '+';
		to = append_number(to, cell->change < 0 ? -change : change);
		*len = (size_t)(to - number);
		return number;
	case GRID_TEXT:
		*len = strlen(cell->text);
		return cell->text;
	default:
		return "-";
	}
}

static bool
is_zero(const struct grid_cell *cell)
{
	return (cell->kind == GRID_NUMBER && cell->number == 0) ||
	    (cell->kind == GRID_CHANGE && cell->change == 0);
}

/* Returns the colour of a cell if it differs from that of its line. */
static enum meaning
get_meaning(
    const struct grid *g, const struct grid_cell *cell, enum meaning of_line)
{
	if (!g->colour)
		return MEANING_NONE;
	return of_line == MEANING_NONE && is_zero(cell) ? MEANING_ZERO
							: cell->meaning;
}

/* What is printed of a line, in few writes, which take most of the time. */
struct output {
	FILE *out;
	size_t n;
	char text[512];
};

static void
flush(struct output *o)
{
	fwrite_unlocked(o->text, 1, o->n, o->out);
	o->n = 0;
}

static void
put(struct output *o, const char *text, size_t len)
{
	if (len > sizeof(o->text) - o->n)
		flush(o);
	if (len > sizeof(o->text)) {
		fwrite_unlocked(text, 1, len, o->out);
		return;
	}
	memcpy(o->text + o->n, text, len);
	o->n += len;
}

static void
put_text(struct output *o, const char *text)
{
	put(o, text, strlen(text));
}

static void
put_blanks(struct output *o, size_t n)
{
	if (n > sizeof(o->text) - o->n) {
		flush(o);
		print_blanks(o->out, n);
		return;
	}
	memset(o->text + o->n, ' ', n);
	o->n += n;
}

/*
 * Puts a cell after the blanks that are due.  Returns how many are due after
 * it, before another text.
 */
static unsigned
put_cell(struct output *o, const struct grid *g,
    const struct grid_column *column, const struct grid_cell *cell,
    enum meaning of_line, unsigned blanks)
{
	unsigned width = column_width(g, column), used;
	enum meaning own = get_meaning(g, cell, of_line);
	number_text number;
	size_t len;
	const char *text = get_text(cell, number, &len);

	used = cell->kind == GRID_TEXT ? cell->columns : (unsigned)len;
	width = used < width ? width - used : 0;
	if (len == 0)
		return blanks + width;
	put_blanks(o, blanks + (column->left ? 0 : width));
	if (own != MEANING_NONE) {
		put_text(o, colour_end[of_line]);
		put_text(o, colour_begin[own]);
	}
	put(o, text, len);
	if (own != MEANING_NONE) {
		put_text(o, colour_end[own]);
		put_text(o, colour_begin[of_line]);
	}
	return column->left ? width : 0;
}

void
grid_print_line(
    const struct grid *g, const struct grid_cell *cell, enum meaning meaning)
{
	enum meaning of_line = g->colour ? meaning : MEANING_NONE;
	struct output o;
	unsigned blanks = 0;
	bool first = true;

	o.out = g->out;
	o.n = 0;
	put_text(&o, colour_begin[of_line]);
	for (size_t i = 0; i < g->n; i++) {
		const struct grid_column *column = &g->column[i];

		if (column->omitted)
			continue;
		blanks += first ? 0 : column->gap;
		blanks = put_cell(&o, g, column, &cell[i], of_line, blanks);
		first = false;
	}
	put_text(&o, colour_end[of_line]);
	put(&o, "\n", 1);
	flush(&o);
}

void
grid_print_titles(const struct grid *g)
{
	struct grid_cell cell[GRID_COLUMNS_MAX];

	for (size_t i = 0; i < g->n; i++)
		cell[i] = grid_text(get_title(g, &g->column[i]));
	grid_print_line(g, cell, MEANING_TITLE);
}

/*
 * A table of columns: measures lines, leaves out columns for which there is no
 * room, prints titles and lines.  It never cuts a cell, and prints no blanks
 * at the end of a line.
 *
 * Zero a struct grid, set out and colour, and add columns.  Measure all lines,
 * fit the grid to a width, and print titles and lines.  Columns that fill what
 * is left of the width are added after that.
 */
#ifndef SHOW_GRID_H
#define SHOW_GRID_H

#include "show/colour.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { GRID_COLUMNS_MAX = 48 };

struct grid_column {
	/* Set by grid_add(): */
	const char *title, *brief; /* brief is short, or the same */
	unsigned title_width, brief_width;

	/* Set by the caller: */
	bool left;    /* align left, else right */
	unsigned gap; /* blanks before it, unless it is the first */

	/*
	 * The columns of the highest rank are left out first, all of them or,
	 * with alone, only the one with the smallest sum.  0: never.
	 */
	unsigned rank;
	bool alone;

	/* Set by the grid, and to begin with by the caller: */
	unsigned width; /* of the widest cell, titles apart */
	uint64_t sum;	/* of its numbers */
	bool omitted;	/* not printed */
};

struct grid {
	FILE *out;
	bool colour; /* print colours */
	struct grid_column column[GRID_COLUMNS_MAX];
	size_t n;
	bool brief; /* titles are short */
	bool more;  /* grid_fit() left out columns that were not skipped */
};

enum grid_kind {
	GRID_NUMBER,
	GRID_CHANGE,  /* +120, -3, or . for 0 */
	GRID_TEXT,    /* may be empty */
	GRID_UNKNOWN, /* - */
};

struct grid_cell {
	uint8_t kind;	  /* enum grid_kind */
	uint8_t meaning;  /* enum meaning; none: the colour of the line */
	unsigned columns; /* that a text takes */
	union {
		uint64_t number;
		int64_t change;
		const char *text; /* owned by the caller */
	};
};

static inline struct grid_cell
grid_number(uint64_t number)
{
	return (struct grid_cell){.kind = GRID_NUMBER, .number = number};
}

static inline struct grid_cell
grid_change(int64_t change)
{
	return (struct grid_cell){.kind = GRID_CHANGE, .change = change};
}

static inline struct grid_cell
grid_unknown(void)
{
	return (struct grid_cell){.kind = GRID_UNKNOWN};
}

/* A text that takes that many columns, such as one of UTF-8. */
static inline struct grid_cell
grid_wide_text(const char *text, unsigned columns)
{
	return (struct grid_cell){
	    .kind = GRID_TEXT, .columns = columns, .text = text};
}

/* A text of which each byte takes a column. */
static inline struct grid_cell
grid_text(const char *text)
{
	return grid_wide_text(text, (unsigned)strlen(text));
}

/*
 * Adds a column: aligned right, with a gap of two blanks, never left out.  The
 * caller may change that in the result, which is valid as long as the grid.
 * The titles must stay valid, too; brief may be NULL.  The grid must have room
 * for the column.
 */
struct grid_column *grid_add(
    struct grid *grid, const char *title, const char *brief);

/*
 * Widens the columns for a line, of which cell has a cell for each column, and
 * adds its numbers to the sums.
 */
void grid_measure(struct grid *grid, const struct grid_cell *cell);

/* Returns how many columns of the terminal the widest line takes. */
unsigned grid_width(const struct grid *grid);

/* If lines are wider than width, and short titles help, uses these. */
void grid_shorten(struct grid *grid, unsigned width);

/*
 * If lines are wider than width, uses short titles as grid_shorten(); then
 * leaves out columns until they are not: first the skip leftmost ones of those
 * with a rank other than 0, then by rank.  Returns whether the lines fit: if
 * not, all columns with a rank are left out.
 */
bool grid_fit(struct grid *grid, unsigned width, unsigned skip);

/* Whether a column is left out. */
bool grid_omits(const struct grid *grid);

/* Writes "no room for: " and the titles that are left out; "" if none is. */
typedef char grid_note[1024];
void grid_get_note(const struct grid *grid, grid_note note);

/*
 * Print a line: the titles, or a cell for each column, in that colour.  Zeros
 * are dim in a line that has none.
 */
void grid_print_titles(const struct grid *grid);
void grid_print_line(const struct grid *grid, const struct grid_cell *cell,
    enum meaning meaning);

#endif

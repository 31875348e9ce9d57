/*
 * What tables of totals and of a breakdown have in common: their columns,
 * their colours, and what they do on a terminal that has no room for them.
 */
#ifndef SHOW_LAYOUT_H
#define SHOW_LAYOUT_H

#include "show/grid.h"
#include "show/report.h"

/* A table, without columns at first. */
struct table {
	const struct report *report;
	bool screen;  /* leave out what has no room */
	bool changes; /* show them, too */
	struct grid grid;
};

/* Ranks of columns (see show/grid.h): the last are left out first. */
enum {
	RANK_ALWAYS,
	RANK_BACKLOG,
	RANK_FULL,
	RANK_CHANGE,
	RANK_FAMILY,
	RANK_STATE
};

/* Adds the column +/-. */
void table_add_change(struct table *table);

/*
 * Returns the cell of a change; +0 or -0 if it is less than half of one per
 * second.
 */
struct grid_cell table_change(const struct report *report, int64_t delta);

/* Returns the cell of a count, or of an unknown one. */
struct grid_cell table_cell(struct report_value value);

/*
 * Returns the colour of a count by the thresholds; what is a slot, or
 * THRESHOLD_TOTAL.
 */
enum meaning table_judge(
    const struct report *report, unsigned what, uint64_t count);

/* Returns what the worst count of a row means, by the thresholds. */
enum meaning table_judge_row(
    const struct report *report, const struct row *row);

/*
 * Makes the lines fit a terminal.  If it has no room even for the columns that
 * are never left out, leaves out none; on a screen, returns false then.
 */
bool table_fit(struct table *table);

/*
 * Returns how many lines the names of columns take that were left out: 0 if
 * there are none, or these lines would leave too few for others.
 */
unsigned table_note_lines(const struct table *table);

/*
 * Prints the titles, if they are wanted.  On a screen without room, prints how
 * wide the table is at least instead, or nothing, and returns false.
 */
bool table_begin(const struct table *table, bool fits);

/* Prints the names of columns that were left out, if there is room. */
void table_end(const struct table *table);

#endif

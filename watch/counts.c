/*
 * Chooses the states that have a line of their own, and prints their counts.
 */
#include "watch/counts.h"

#include "lib/duration.h"
#include "show/layout.h"

#include <string.h>

/* The lines of the totals. */
struct lines {
	unsigned state[NSTATES]; /* states with a line of their own */
	size_t n;
	unsigned others; /* a mask of those in the line "other"; 0: none */
	bool narrow;	 /* take few columns: short names, no titles */
};

/* The columns; those that fill the line come last. */
enum { STATE, TCP, TCP6, TOTAL, CHANGE, MIN, AVG, MAX, LAST, NCOLUMNS };

/* MIN, AVG and MAX are left out first (see show/grid.h). */
enum { RANK_HISTORY = RANK_STATE };

static bool
has_titles(const struct picture *p, unsigned lines)
{
	return !p->report.no_header && lines > 1;
}

static uint64_t
state_count(const struct picture *p, unsigned state)
{
	return p->totals[ROW_ALL].count[state];
}

/* Whether a state has, or had, sockets; so that its line does not flicker. */
static bool
occurs(const struct picture *p, unsigned state)
{
	return history_max(p->history, state) > 0;
}

/* Lists the states in their order; those that do not occur only if zeros. */
static void
list_states(struct lines *lines, const struct picture *p, bool zeros)
{
	*lines = (struct lines){.n = 0};
	for (unsigned i = 0; i < NSTATES; i++) {
		unsigned s = state_order[i];

		if (report_shows_state(&p->report, s) &&
		    (zeros || occurs(p, s)))
			lines->state[lines->n++] = s;
	}
}

/* Lists those that fit in room lines, or else only those that occur. */
static void
list_fitting(struct lines *lines, const struct picture *p, size_t room)
{
	list_states(lines, p, p->view.zeros);
	if (lines->n > room)
		list_states(lines, p, false);
}

/* Finds the state with the fewest sockets; of equals the last one. */
static size_t
find_fewest(const struct lines *lines, const struct picture *p)
{
	size_t fewest = 0;

	for (size_t i = 0; i < lines->n; i++)
		if (state_count(p, lines->state[i]) <=
		    state_count(p, lines->state[fewest]))
			fewest = i;
	return fewest;
}

/* Chooses the states that have one of room lines. */
static void
choose_states(struct lines *lines, const struct picture *p, size_t room)
{
	list_fitting(lines, p, room);
	while (lines->n > 0 && lines->n + (lines->others != 0) > room) {
		size_t i = find_fewest(lines, p);

		lines->others |= 1u << lines->state[i];
		lines->n--;
		memmove(&lines->state[i], &lines->state[i + 1],
		    (lines->n - i) * sizeof(lines->state[0]));
	}
	/* Without a line for them, they are only in TOTAL. */
	if (room == 0)
		lines->others = 0;
}

/* Returns the cell of a change since the previous sample, if there is one. */
static struct grid_cell
make_change(const struct picture *p, int64_t change)
{
	struct report report = p->report;

	if (p->history->n < 2)
		return grid_unknown();
	/* The rows may be of a later sample. */
	report.interval = history_interval(p->history);
	return table_change(&report, change);
}

/* Makes the cells of a state, or of the total; LAST is empty. */
static void
make_field(
    const struct picture *p, unsigned field, struct grid_cell cell[NCOLUMNS])
{
	for (unsigned i = 0; i < NTOTALS; i++)
		cell[TCP + i] = grid_number(
		    report_value(&p->report, &p->totals[i], field).count);
	cell[CHANGE] = make_change(p, history_delta(p->history, field));
	cell[MIN] = grid_number(history_min(p->history, field));
	cell[AVG] = grid_number(history_avg(p->history, field));
	cell[MAX] = grid_number(history_max(p->history, field));
	cell[LAST] = grid_text("");
}

/* Makes the cells of the states of a mask together. */
static void
make_others(
    const struct picture *p, unsigned mask, struct grid_cell cell[NCOLUMNS])
{
	uint64_t count[NTOTALS] = {0};
	int64_t change = 0;

	for (unsigned s = 0; s < NSTATES; s++) {
		if (!(mask >> s & 1))
			continue;
		for (unsigned i = 0; i < NTOTALS; i++)
			count[i] += p->totals[i].count[s];
		change += history_delta(p->history, s);
	}
	cell[STATE] = grid_text("other");
	for (unsigned i = 0; i < NTOTALS; i++)
		cell[TCP + i] = grid_number(count[i]);
	cell[CHANGE] = make_change(p, change);
	for (unsigned i = MIN; i <= LAST; i++)
		cell[i] = grid_text("");
}

/* The i-th line: a state, "other", or the total. */
static unsigned
line_field(const struct lines *lines, size_t i)
{
	return i < lines->n ? lines->state[i] : FIELD_TOTAL;
}

static bool
is_other(const struct lines *lines, size_t i)
{
	return lines->others != 0 && i == lines->n;
}

static size_t
count_lines(const struct lines *lines)
{
	return lines->n + (lines->others != 0) + 1;
}

/*
 * Makes the cells of the i-th line, except LAST.  The cells may point to
 * label, which the caller owns.
 */
static void
make_line(const struct picture *p, const struct lines *lines, size_t i,
    struct grid_cell cell[NCOLUMNS], report_label label)
{
	unsigned field = line_field(lines, i);

	if (is_other(lines, i)) {
		make_others(p, lines->others, cell);
		return;
	}
	cell[STATE] = grid_text(
	    lines->narrow && field != STATE_UNKNOWN && field < NSTATES
		? state_names[field].brief
		: report_label_field(&p->report, field, label));
	make_field(p, field, cell);
}

static enum meaning
line_meaning(const struct picture *p, const struct lines *lines, size_t i)
{
	unsigned field = line_field(lines, i);
	enum meaning meaning = MEANING_NONE;

	if (is_other(lines, i))
		return MEANING_NONE;
	if (report_judges_totals(&p->report))
		meaning = table_judge(&p->report, field,
		    report_value(&p->report, &p->totals[ROW_ALL], field)
			.count);
	if (meaning == MEANING_NONE && field != FIELD_TOTAL &&
	    state_count(p, field) == 0)
		meaning = MEANING_ZERO;
	return meaning;
}

static void
add_columns(struct grid *g, const struct picture *p, bool narrow)
{
	const struct {
		const char *title;
		unsigned rank;
	} columns[LAST] = {
	    [STATE] = {"STATE", RANK_ALWAYS},
	    [TCP] = {"TCP", RANK_FAMILY},
	    [TCP6] = {"TCP6", RANK_FAMILY},
	    [TOTAL] = {"TOTAL", RANK_ALWAYS},
	    [CHANGE] = {p->view.per_second ? "+/-/s" : "+/-", RANK_CHANGE},
	    [MIN] = {"MIN", RANK_HISTORY},
	    [AVG] = {"AVG", RANK_HISTORY},
	    [MAX] = {"MAX", RANK_HISTORY},
	};

	for (unsigned i = 0; i < LAST; i++) {
		struct grid_column *column =
		    grid_add(g, narrow ? "" : columns[i].title, NULL);

		column->rank = columns[i].rank;
		/* Counts of up to five digits do not move the columns. */
		column->width = narrow ? 0 : 5;
	}
	g->column[STATE].left = true;
	/* Nor do states that come and go. */
	if (!narrow)
		g->column[STATE].width = (unsigned)strlen("ESTABLISHED");
	g->column[TCP].omitted = g->column[TCP6].omitted = !p->view.families;
}

/* Makes the columns as wide as the lines need.  Returns whether they fit. */
static bool
lay_out(struct grid *g, const struct picture *p, const struct lines *lines,
    unsigned width)
{
	struct grid_cell cell[NCOLUMNS];
	report_label label;

	g->n = 0;
	g->more = false;
	add_columns(g, p, lines->narrow);
	for (size_t i = 0; i < count_lines(lines); i++) {
		make_line(p, lines, i, cell, label);
		grid_measure(g, cell);
	}
	return grid_fit(g, width, p->view.skip);
}

/*
 * Has lines that do not fit take fewer columns: first narrow ones, then only
 * the total.  Returns false if neither helped.
 */
static bool
save_columns(struct lines *lines)
{
	if (lines->narrow && lines->n == 0)
		return false;
	if (lines->narrow)
		*lines = (struct lines){.n = 0};
	lines->narrow = true;
	return true;
}

/* Room for "LAST " and a duration. */
typedef char span_title[DURATION_TEXT + 8];

/* Writes the title of that many cells: how long they last. */
static void
make_span_title(span_title title, const struct picture *p, unsigned cells)
{
	const int64_t second = 1000000000;
	int64_t delay = p->rounds->delay;
	int64_t span = history_span(p->history, cells, delay);
	/* Samples that are a little late do not change the title. */
	int64_t unit = delay < second ? second / 10 : second;
	char *to = stpcpy(title, "LAST ");

	if (span < 100 * second) {
		duration_seconds(to, (span + unit / 2) / unit * unit);
		strcat(to, " s");
	} else {
		duration_text(to, span);
	}
}

/*
 * Adds the column of the history, if there is room for its title; returns how
 * many cells it has, or 0.
 */
static unsigned
add_history(
    struct grid *g, const struct picture *p, unsigned width, span_title title)
{
	unsigned used = grid_width(g) + 2;
	unsigned cells = width > used ? width - used : 0;

	if (cells > HISTORY_SAMPLES)
		cells = HISTORY_SAMPLES;
	make_span_title(title, p, cells);
	if (g->column[MAX].omitted || strlen(title) > cells)
		return 0;
	grid_add(g, title, NULL)->left = true;
	return cells;
}

void
counts_print(
    FILE *out, const struct picture *p, unsigned width, unsigned lines)
{
	struct grid g = {.out = out, .colour = p->report.colour};
	struct grid_cell cell[NCOLUMNS];
	bool titles = has_titles(p, lines);
	char text[HISTORY_TEXT];
	span_title last;
	struct lines chosen;
	report_label label;
	unsigned cells;

	choose_states(&chosen, p, lines - titles - 1);
	while (!lay_out(&g, p, &chosen, width))
		if (!save_columns(&chosen))
			return;
	if (p->report.more)
		*p->report.more |= g.more;
	cells = add_history(&g, p, width, last);
	if (titles && !chosen.narrow)
		grid_print_titles(&g);
	for (size_t i = 0; i < count_lines(&chosen); i++) {
		make_line(p, &chosen, i, cell, label);
		if (cells > 0 && !is_other(&chosen, i)) {
			history_cells(text, p->history, line_field(&chosen, i),
			    cells, p->report.utf8);
			if (text[strspn(text, " ")] != '\0')
				cell[LAST] = grid_wide_text(text, cells);
		}
		grid_print_line(&g, cell, line_meaning(p, &chosen, i));
	}
}

unsigned
counts_lines(const struct picture *p, unsigned room)
{
	unsigned fixed = 1 + has_titles(p, room), n;
	struct lines lines;

	list_fitting(&lines, p, room > fixed ? room - fixed : 0);
	n = (unsigned)lines.n + fixed;
	return n < room ? n : room;
}

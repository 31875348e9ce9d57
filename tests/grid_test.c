/*
 * Tests the layout of tables: what is left out, in which order, and that
 * nothing is cut.
 */
#include "lib/print.c"
#include "show/colour.c"
#include "show/grid.c"

#include "tap.h"

static char *text;
static size_t size;

/* Makes a grid as that of a screen: families, change, extremes, a text. */
static struct grid
make_grid(void)
{
	struct grid g = {.out = open_memstream(&text, &size)};
	struct grid_column *column;

	grid_add(&g, "STATE", NULL)->left = true;
	grid_add(&g, "TCP", NULL)->rank = 2;
	grid_add(&g, "TCP6", NULL)->rank = 2;
	grid_add(&g, "TOTAL", NULL);
	grid_add(&g, "+/-", NULL)->rank = 1;
	column = grid_add(&g, "LAST", NULL);
	column->rank = 3;
	column->left = true;
	return g;
}

static const struct grid_cell cells[] = {
    {.kind = GRID_TEXT, .columns = 6, .text = "LISTEN"},
    {.kind = GRID_NUMBER, .number = 0},
    {.kind = GRID_NUMBER, .number = 12345},
    {.kind = GRID_UNKNOWN},
    {.kind = GRID_CHANGE, .change = -3},
    {.kind = GRID_TEXT, .columns = 2, .text = "\u2581\u2588"},
};

/* Returns titles and a line at a width; the caller frees it. */
static char *
print_at(struct grid *g, unsigned width)
{
	grid_measure(g, cells);
	if (!grid_fit(g, width, 0))
		fputs("no room\n", g->out);
	grid_print_titles(g);
	grid_print_line(g, cells, MEANING_NONE);
	fclose(g->out);
	return text;
}

static void
prints(unsigned width, const char *wanted, const char *name)
{
	struct grid g = make_grid();
	char *got = print_at(&g, width);

	if (!ok(strcmp(got, wanted) == 0, "%u columns: %s", width, name))
		printf("# %s", got);
	free(got);
}

static void
test_ranks(void)
{
	prints(41,
	    "STATE   TCP   TCP6  TOTAL  +/-  LAST\n"
	    "LISTEN    0  12345      -   -3  \u2581\u2588\n",
	    "all, without blanks at the end");
	prints(36,
	    "STATE   TCP   TCP6  TOTAL  +/-  LAST\n"
	    "LISTEN    0  12345      -   -3  \u2581\u2588\n",
	    "just all");
	prints(35,
	    "STATE   TCP   TCP6  TOTAL  +/-\n"
	    "LISTEN    0  12345      -   -3\n",
	    "the highest rank is left out first");
	prints(29,
	    "STATE   TOTAL  +/-\n"
	    "LISTEN      -   -3\n",
	    "columns of a rank go together");
	prints(17,
	    "STATE   TOTAL\n"
	    "LISTEN      -\n",
	    "then the next rank");
	prints(12,
	    "no room\n"
	    "STATE   TOTAL\n"
	    "LISTEN      -\n",
	    "and rank 0 stays");
}

static void
test_note(void)
{
	struct grid g = make_grid();
	grid_note note;

	grid_get_note(&g, note);
	ok(!grid_omits(&g) && strcmp(note, "") == 0, "nothing is left out");
	free(print_at(&g, 20));
	grid_get_note(&g, note);
	ok(grid_omits(&g) && strcmp(note, "no room for: TCP, TCP6, LAST") == 0,
	    "what is left out has its names listed");
	ok(grid_width(&g) == 18, "the width is that of what is left");
}

static void
test_states(void)
{
	struct grid g = {.out = stdout};
	static const char *const titles[][2] = {{"ESTABLISHED", "ESTAB"},
	    {"TIME_WAIT", "TIME-W"}, {"CLOSE", NULL}};
	struct grid_cell cell[] = {
	    grid_number(1000000), grid_number(5), grid_number(6)};

	for (size_t i = 0; i < 3; i++) {
		struct grid_column *column =
		    grid_add(&g, titles[i][0], titles[i][1]);

		column->rank = 1;
		column->alone = true;
	}
	grid_measure(&g, cell);
	grid_shorten(&g, 29);
	ok(!g.brief && grid_width(&g) == 29, "long titles, if they fit");
	grid_shorten(&g, 28);
	ok(g.brief && grid_width(&g) == 22, "else short ones, if they help");
	grid_fit(&g, 21, 0);
	ok(!g.column[0].omitted && g.column[1].omitted && !g.column[2].omitted,
	    "of one rank, the smallest sum alone");
	grid_fit(&g, 7, 0);
	ok(!g.column[0].omitted && g.column[2].omitted, "and the next one");
}

static void
test_useless_titles(void)
{
	struct grid g = {.out = stdout};
	struct grid_cell cell = grid_number(UINT64_MAX);

	grid_add(&g, "ESTABLISHED", "ESTAB");
	grid_measure(&g, &cell);
	grid_shorten(&g, 5);
	ok(!g.brief && grid_width(&g) == 20,
	    "titles stay long if numbers are longer");
}

static void
test_colours(void)
{
	struct grid g = make_grid();
	struct grid_cell cell[6];
	char *got;

	memcpy(cell, cells, sizeof(cell));
	cell[5].meaning = MEANING_WARNING;
	g.colour = true;
	grid_measure(&g, cell);
	grid_print_line(&g, cell, MEANING_NONE);
	grid_print_line(&g, cell, MEANING_CRITICAL);
	fclose(g.out);
	got = text;
	ok(strcmp(got,
	       "LISTEN    \033[2m0\033[0m  12345      -   -3  "
	       "\033[1;33m\u2581\u2588\033[0m\n"
	       "\033[1;31mLISTEN    0  12345      -   -3  "
	       "\033[0m\033[1;33m\u2581\u2588\033[0m\033[1;31m\033[0m\n") == 0,
	    "a line has a colour, and so may its cells");
	free(got);
}

/* A cell that is longer than what is written at once. */
static void
test_long(void)
{
	struct grid g = {.out = open_memstream(&text, &size)};
	static char word[5001];
	struct grid_cell cell[2];
	bool good;

	memset(word, 'x', sizeof(word) - 1);
	cell[0] = cell[1] = grid_text(word);
	grid_add(&g, "A", NULL)->left = true;
	grid_add(&g, "B", NULL);
	grid_measure(&g, cell);
	grid_print_titles(&g);
	grid_print_line(&g, cell, MEANING_NONE);
	fclose(g.out);
	good = size == 2 * 10003 && text[0] == 'A' && text[1] == ' ' &&
	    strcmp(text + 10000, " B\n") > 0 && text[10001] == 'B' &&
	    text[10003 + 5000] == ' ' && text[20004] == 'x';
	ok(good, "a cell of any length");
	free(text);
}

int
main(void)
{
	test_ranks();
	test_note();
	test_states();
	test_useless_titles();
	test_colours();
	test_long();
	return tap_done();
}
